"""Who reads what of a publication; page, workbook and JSON say the same."""

import copy
import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Participation, Progress, Round
from kompetenz.catalogue.models import Edition, digest_of
from kompetenz.people.models import Person
from kompetenz.results import outputs, publishing
from kompetenz.results.models import Publication, PublishedGroup
from tests.clock import TODAY
from tests.conftest import of_a_session
from tests.kompetenz.results.agreed_rounds import agree, end, unit
from tests.kompetenz.results.test_publishing import plan, publish, publish_with_measures
from tests.pdf_text import pages_of


def seen(user, publication):
    return [group.name for group in PublishedGroup.objects.visible_to(of_a_session(user)).of(publication)]


def test_hr_and_auditors_see_every_group_and_managers_the_whole_and_their_peoples_units(district):
    cast = district.cast
    agree(district.round, 8, unit=unit("III", "Schulen"), profile=district.clerk)
    Person.objects.filter(unit=district.first).update(manager=cast.clara)
    publication = publish(district)
    everything = [group.name for group in publication.groups.all()]

    assert len(everything) == 6
    assert (seen(cast.paula, publication), seen(cast.audit, publication)) == (everything, everything)
    assert seen(cast.clara, publication) == ["Alle", "II Dezernat", "32 Ordnung"]
    assert seen(cast.bernd, publication) == ["Alle"]  # his people's unit is none of those
    assert seen(cast.fremd, publication) == []
    assert not Publication.objects.visible_to(of_a_session(cast.fremd)).exists()


def test_everybody_sees_what_is_for_all(district):
    publication = publish(district, is_for_all=True)

    assert seen(district.cast.fremd, publication) == [group.name for group in publication.groups.all()]


@pytest.mark.parametrize("name", ["publication", "competency", "workbook", "json", "pdf", "report_pdf", "report"])
def test_whoever_may_not_read_it_finds_nothing(as_, district, name):
    publication = publish(district)
    of_one = [district.stage.competencies[0].id] if name == "competency" else []
    address = reverse(f"results:{name}", args=[publication.pk, *of_one])

    reader = district.cast.paula if name == "report" else district.cast.audit
    assert [as_(who).get(address).status_code for who in (reader, district.cast.fremd)] == [200, 404]


def test_a_manager_takes_along_what_they_see_and_no_more(as_, district):
    publication = publish(district)
    told = as_(district.cast.bernd).get(reverse("results:json", args=[publication.pk])).json()

    assert [group["name"] for group in told["groups"]] == ["Alle"]


def test_page_workbook_and_json_say_the_same(as_, district):
    publication = publish_with_measures(district)
    first = district.stage.competencies[0]
    client = as_(district.cast.paula)

    told = client.get(reverse("results:json", args=[publication.pk])).json()
    book = client.get(reverse("results:workbook", args=[publication.pk])).content
    page = client.get(reverse("results:competency", args=[publication.pk, first.id]))
    heat = client.get(reverse("results:publication", args=[publication.pk]), {"zeigt": "auf"})

    rows = [row for row in load_workbook(BytesIO(book)).active.iter_rows(values_only=True) if row[5] == first.name]
    of_json = [
        (
            *(group["name"], group["people"], *one["target"].values()),
            *(*one["below_target"].values(), *(level["share"] for level in one["levels"])),
        )
        for group in told["groups"]
        for one in group["competencies"]
        if one["key"] == first.key
    ]
    of_page = [(row.group.name, row.group.people, *row.views, *row.levels) for row, _ in page.context["rows"]]
    assert of_json[0] == (
        *("Alle", 30, "40 %", "50 %", "10 %", "fast niemand", "40 %"),
        *("10 %", "30 %", "50 %", "10 %"),
    )
    assert [(row[1], row[2], *row[6:]) for row in rows] == of_json == of_page
    assert heat.context["categories"][0][2][0][1] == [("50 %", 2, ""), ("⅓", 1, ""), ("⅓", 1, ""), ("60 %", 3, "")]


def test_where_nothing_is_told_of_measures_no_output_has_them_and_the_page_says_why(as_, district):
    publication = publish(district)
    client = as_(district.cast.paula)

    told = client.get(reverse("results:json", args=[publication.pk])).json()
    book = client.get(reverse("results:workbook", args=[publication.pk])).content
    page = client.get(reverse("results:publication", args=[publication.pk]), {"zeigt": "mit"})
    competency = client.get(reverse("results:competency", args=[publication.pk, district.stage.competencies[0].id]))

    nothing = {"with_measure": None, "without_measure": None}
    below = [one["below_target"] for group in told["groups"] for one in group["competencies"]]
    assert below == [nothing] * len(below) != []
    *_, last = load_workbook(BytesIO(book)).active.iter_rows(values_only=True)
    assert last[9:11] == ("–", "–")
    assert (page.context["chosen"], [name for name, _ in page.context["views"]]) == ("unter", ["unter", "auf", "ueber"])
    assert "nennt erst der Endstand" in page.text
    assert "mit Maßnahme" not in page.text + competency.text


def test_one_part_may_tell_nothing_of_measures_beside_others_that_do(as_, district):
    """Of the office it is not told: there only four have some."""
    plan(Participation.objects.filter(unit=district.second)[:6], district.stage.competencies[0].id)
    plan(
        Participation.objects.filter(unit=district.first, profile=district.clerk)[:4], district.stage.competencies[0].id
    )
    end(district.round)
    publication = publish(district)

    page = as_(district.cast.audit).get(reverse("results:publication", args=[publication.pk]), {"zeigt": "ohne"})

    _, cells, _ = page.context["categories"][0]
    assert [(group.name, share, shade) for group, (share, shade, _) in zip(page.context["columns"], cells, strict=True)] == [
        ("Alle", "40 %", 2), ("32 Ordnung", "–", 0), ("Leitung", "–", 0), ("Sachbearbeitung", "40 %", 2),
    ]  # fmt: skip


def test_levels_that_are_called_alike_are_two(as_, district):
    """Or one of them like what is told of the Soll: nothing is looked up by what it is called."""
    content = district.round.edition.content
    for level, name in zip(content["levels"], ["keine", "Können", "Können", "auf Soll"], strict=True):
        level["name"] = name
    district.round.edition = Edition.objects.create(digest=digest_of(content), content=content)
    district.round.save()
    publication = publish(district)
    client = as_(district.cast.paula)

    page = client.get(reverse("results:competency", args=[publication.pk, district.stage.competencies[0].id]))
    told = client.get(reverse("results:json", args=[publication.pk])).json()["groups"][0]["competencies"][0]["levels"]

    row = re.search(r"<tr.*?Alle.*?</tr>", page.text.split("<tbody>")[1], re.DOTALL)[0]
    shares = re.findall(r'num" data-column="([^"]+)">([^<]+)<', row)
    assert [one for one in shares if one[0] != "Personen"][:5] == [
        ("keine", "10 %"), ("Können", "30 %"), ("Können", "50 %"), ("auf Soll", "10 %"), ("unter Soll", "40 %"),
    ]  # fmt: skip
    assert [(one["level"], one["share"]) for one in told] == [(0, "10 %"), (1, "30 %"), (2, "50 %"), (3, "10 %")]


def test_of_many_groups_the_workbook_is_made_in_the_background(as_, district, run_jobs):
    publication = publish(district)
    PublishedGroup.objects.bulk_create(
        PublishedGroup(
            publication=publication,
            place=number,
            kind="unit",
            name="Amt",
            people=30,
            cells=publication.groups.all()[0].cells,
        )
        for number in range(10, 50)
    )
    client = as_(district.cast.audit)
    address = reverse("results:workbook", args=[publication.pk])

    asked = client.get(address)
    begun = client.post(address)
    run_jobs()
    book = client.get(f"{begun.headers['Location']}datei/")

    assert "44" in asked.text
    assert load_workbook(BytesIO(book.content)).active.max_row == 5 + 44 * 25
    assert as_(district.cast.paula).get(f"{begun.headers['Location']}datei/").status_code == 404


def test_a_share_is_compared_with_the_round_before_where_both_have_told_it(as_, district):
    """Last year all were below their Soll, in a round of 30 of whom nine led; the other role was too small for tenths."""
    before = next_round(district.round, "Runde 2025")
    agree(before, 9, unit=district.first, profile=district.lead, levels=(1,))
    agree(before, 15, unit=district.first, profile=district.clerk, levels=(1,))
    publishing.begin_publishing(round_=before, by=district.cast.paula, is_for_all=False)
    Publication.objects.update(at=timezone.now() - timedelta(days=365))

    page = as_(district.cast.paula).get(publish(district).get_absolute_url())

    assert page.context["earlier"].round == before
    assert [group.name for group in page.context["columns"]] == ["Alle", "32 Ordnung", "Leitung", "Sachbearbeitung"]
    shares = [("40 %", 2, "weniger"), ("⅔", 3, ""), ("⅓", 1, "weniger"), ("40 %", 2, "")]
    _, of_category, [(_, first), *_] = page.context["categories"][0]
    assert (of_category, first) == (shares, shares)
    assert page.text.count("weniger als zuvor") == 2 * (25 + 4)
    assert "▲" not in re.sub("▲ mehr", "", page.text)


def test_nobody_compares_with_what_they_may_not_read(as_, district):
    before = next_round(district.round, "Runde 2025")
    agree(before, 9, unit=district.first, profile=district.lead)
    publishing.begin_publishing(round_=before, by=district.cast.paula, is_for_all=False)
    Publication.objects.update(at=timezone.now() - timedelta(days=365))

    page = as_(district.cast.fremd).get(publish(district, is_for_all=True).get_absolute_url())

    assert page.context["earlier"] is None


def with_fewer_levels(content):
    content["levels"] = content["levels"][:-1]


def with_other_competencies(content):
    for category in content["categories"]:
        for one in category["competencies"]:
            one["id"] += 1000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_fewer_levels, "Dort gab es eine andere Zahl von Stufen."),
        (with_other_competencies, "Dort ging es um andere Kompetenzen."),
    ],
)
def test_what_was_measured_otherwise_is_not_compared(as_, district, change, words):
    """Neither on the page nor in the report: below the Soll is something else where there are other levels."""
    before = next_round(district.round, "Runde 2025")
    agree(before, 30, unit=district.first, profile=district.lead, levels=(1,))
    publishing.begin_publishing(round_=before, by=district.cast.paula, is_for_all=False)
    Publication.objects.update(at=timezone.now() - timedelta(days=365))
    content = copy.deepcopy(before.edition.content)
    change(content)
    Round.objects.filter(pk=before.pk).update(
        edition=Edition.objects.create(content=content, digest=digest_of(content))
    )
    found = publish(district)

    page = as_(district.cast.paula).get(found.get_absolute_url())
    pdf = as_(district.cast.paula).get(reverse("results:report_pdf", args=[found.pk])).content

    sentence, report = (
        f"Mit „Runde 2025“ lässt sich nicht vergleichen: {words}",
        " ".join(" ".join(pages_of(pdf)).split()),
    )
    assert (sentence in page.text, "als zuvor" in page.text) == (True, False)
    assert (sentence in report, "zuletzt" in report) == (True, False)


def test_only_hr_reads_which_small_units_have_agreed_talks(as_, district):
    """A unit of three without numbers is named where somebody in it has one, and not where nobody has."""
    publication = publish(district, is_for_all=True)

    pages = [as_(who).get(publication.get_absolute_url()).text for who in (district.cast.paula, district.cast.fremd)]

    assert ["63 Bau" in page for page in pages] == [True, False]
    assert all("Was hier nicht steht" in page for page in pages)


def next_round(like, title):
    return Round.objects.create(
        title=title, state=Round.State.OPEN, edition=like.edition, opened_at=like.opened_at, self_due=like.self_due,
        manager_due=like.manager_due, talk_due=like.talk_due,
    )  # fmt: skip


def test_groups_stand_side_by_side_only_so_many_and_the_whole_always(as_, district):
    for number in range(9):
        agree(district.round, 6, unit=unit(f"4{number}"), profile=district.clerk)
    publication = publish(district)

    pages = [
        as_(district.cast.paula).get(reverse("results:publication", args=[publication.pk]), {"seite": number})
        for number in (1, 2)
    ]

    assert [[len(page.context["columns"]), page.context["columns"][0].name] for page in pages] == [
        [9, "Alle"],
        [6, "Alle"],
    ]


@pytest.mark.parametrize("more", [0, 9])
def test_query_count(as_, district, django_assert_num_queries, more):
    for number in range(more):
        agree(district.round, 6, unit=unit(f"4{number}"), profile=district.clerk)
    publication = publish(district)
    client = as_(district.cast.paula)

    # session, user; the publication with its round; the groups counted, the whole, a page of the others; the one before; the report
    with django_assert_num_queries(8):
        client.get(reverse("results:publication", args=[publication.pk]))


def test_a_round_leads_hr_to_a_publication_and_that_back_to_the_list(as_, district):
    client = as_(district.cast.paula)
    address = reverse("results:publish", args=[district.round.pk])

    assert f'href="{address}"' in client.get(district.round.get_absolute_url()).text
    before = client.get(address)
    sent = client.post(address, {"is_for_all": "on"}, follow=True)

    assert "zurzeit <strong>30</strong>" in " ".join(before.text.split())
    assert "Der Stand ist festgestellt: 30 Personen in 4 Gruppen." in sent.text
    assert Publication.objects.get().is_for_all
    assert "kein vereinbartes Gespräch dazugekommen" in client.get(address).text


def test_where_there_is_too_little_hr_is_told_so(as_, stage):
    address = reverse("results:publish", args=[stage.round.pk])
    client = as_(stage.cast.paula)

    assert "Bisher sind es 0." in client.get(address).text
    assert "Bisher sind es 0." in client.post(address, follow=True).text
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("who", "words"), [("paula", "Noch ist kein Stand festgestellt."), ("anna", "die Sie lesen dürfen")]
)
def test_where_nothing_is_published_it_says_so(as_, cast, who, words):
    assert words in as_(getattr(cast, who)).get(reverse("results:publications")).text


@pytest.mark.parametrize("who", ["anna", "bernd", "paula", "audit"])
def test_whose_own_soll_is_hidden_reads_no_results_until_they_have_released(as_, district, who):
    """Of a role in which all have the same Soll, the levels beside below, at and above tell which it is."""
    reader = getattr(district.cast, who)
    own = Participation.objects.filter(pk=district.stage.participation.pk)
    own.update(person=reader, manager=district.cast.clara)
    Round.objects.update(hides_target=True)
    ended = next_round(district.round, "Runde 2025")
    agree(ended, 9, unit=district.first, profile=district.lead)
    publication = publish(district, is_for_all=True)
    publishing.begin_publishing(round_=ended, by=district.cast.paula, is_for_all=True)
    client, pks = as_(reader), list(Publication.objects.order_by("round").values_list("pk", flat=True))
    pages = [
        reverse(f"results:{name}", args=[pk])
        for name in ("publication", "workbook", "json", "pdf", "report_pdf")
        for pk in pks
    ]
    pages += [reverse("results:competency", args=[pk, district.stage.competencies[0].id]) for pk in pks]
    overview = reverse("results:publications")

    assert {client.get(page).status_code for page in pages} == {404}
    assert seen(reader, publication) == []
    assert not outputs.may_have(SimpleNamespace(subject=f"{publication.pk} for {reader.pk}"), of_a_session(reader))
    assert "sobald Sie Ihre Selbsteinschätzung freigegeben haben" in client.get(overview).text
    own.update(self_state=Progress.RELEASED)
    assert {client.get(page).status_code for page in pages} == {200}
    assert len(seen(reader, publication)) == publication.groups.count()
    assert "Selbsteinschätzung freigegeben" not in client.get(overview).text
    own.update(self_state=Progress.OPEN, declined_on=TODAY)  # they may still come back, and would know it
    assert {client.get(page).status_code for page in pages} == {404}
    assert "Das gilt auch, wenn Sie nicht teilnehmen" in client.get(overview).text
    own.update(self_state=Progress.STARTED, declined_on=None)
    assert "Das gilt auch, wenn Sie nicht teilnehmen" not in client.get(overview).text
    for fields in (
        {"hides_target": False},
        {"hides_target": True, "state": Round.State.CLOSED, "closed_at": timezone.now()},
    ):
        Round.objects.filter(pk=district.round.pk).update(**fields)
        assert len(client.get(overview).context["page"].object_list) == 2
