"""HR prepares a round in five steps and opens it."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from assessments.rounds import before_opening, opening, schedule
from assessments.rounds.closing import close_round
from assessments.rounds.forms import preparing as preparing_forms
from assessments.rounds.opening import addressed
from assessments.rounds.preparing import copy_round, lacks, next_title
from assessments.rounds.views.preparing import STEPS
from kompetenz.people.models import Person, Unit
from kompetenz.privacy.access_log.models import Access
from roles.models import RoleHolding, RoleProfile
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY
from tests.conftest import Stage, person, plan_round
from tests.markup import tight

HTMX = {"HTTP_HX_REQUEST": "true"}
IN_THE_PAST = "Dieses Datum liegt in der Vergangenheit."
TOO_FAR = "Dieses Datum liegt mehr als fünf Jahre voraus. Bitte prüfen Sie das Jahr."
KEPT = "Bitte prüfen Sie Ihre Eingaben. Es ist nichts verloren gegangen."


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


@pytest.fixture
def draft(cast):
    return plan_round(cast)


def url(name, *objects):
    return reverse(f"assessments:{name}", args=[thing.pk for thing in objects])


def names(page):
    """Who stands in the list of a page."""
    cells = page.split("<tbody")[1].split("</tbody>")[0].split('<th scope="row"')[1:] if "<tbody" in page else []
    return [cell.split("</label>" if "</label>" in cell else "</a>")[0].rsplit(">", 1)[1] for cell in cells]


def beside(page, field):
    """The errors that stand at a field."""
    return page.split(f'id="id_{field}_error"')[1].split("</div>")[0]


def holdings_of(somebody):
    return [(holding.profile, holding.since) for holding in RoleHolding.objects.filter(person=somebody)]


def bare(cast, first, **fields):
    """Somebody new without a role."""
    return person(first, "Neu", **{"manager": cast.bernd, "unit": cast.anna.unit, **fields})


# Beginning ----------------------------------------------------------------------------------------


def test_without_an_earlier_round_nothing_has_to_be_chosen(hr):
    page = hr.get(url("round_create")).text

    assert "Vorbereitung beginnen" in page
    assert "Vorlage" not in page


def test_a_round_begun_empty_has_a_name_and_deadlines_and_is_somebodys(hr, cast):
    response = hr.post(url("round_create"))

    begun = Round.objects.get()
    assert response.headers["Location"] == url("round_purpose", begun)
    assert (begun.title, begun.state, begun.purpose) == (f"Kompetenzrunde {TODAY.year}", Round.State.DRAFT, "")
    assert (begun.created_by, begun.responsible) == (cast.paula, cast.paula)
    assert {field: getattr(begun, field) for field in schedule.SUGGESTED} == schedule.suggested(TODAY)


def earlier(cast, **fields):
    """A round of 2024, opened on a Monday and ended, with everything that can be chosen."""
    days = {"self_due": "2024-04-08", "manager_due": "2024-04-15", "peer_due": "2024-04-10", "talk_due": "2024-05-06"}
    texts = {"title": "Runde 2024", "purpose": "Wozu.", "procedure": "Wie.", "is_voluntary": False}
    rules = {"disclosure": "talk", "hides_target": False, "shows_levels_to_hr": True, "has_peers": True}
    stage = Stage(cast, **{**texts, **rules, **days, "plan_due": "2024-06-03", **fields})
    found = stage.round
    Round.objects.filter(pk=found.pk).update(opened_at=datetime(2024, 3, 4, 9, tzinfo=timezone.get_default_timezone()))
    found.units.add(Unit.objects.get(number="10"))
    found.profiles.add(RoleProfile.objects.get(key="digitallotse"))
    found.people.add(cast.anna, cast.dora)
    close_round(round_=found)
    found.refresh_from_db()
    return found


def test_a_copy_brings_texts_rules_and_target_group_and_no_list_of_people_unasked(hr, cast):
    source = earlier(cast)

    hr.post(url("round_create"), {"source": source.pk})

    copy = Round.objects.get(state=Round.State.DRAFT)
    assert (copy.title, copy.purpose, copy.procedure) == (f"Runde {TODAY.year}", "Wozu.", "Wie.")
    assert (copy.is_voluntary, copy.disclosure, copy.hides_target) == (False, "talk", False)
    assert (copy.shows_levels_to_hr, copy.has_peers, copy.edition_id, copy.opened_at) == (True, True, None, None)
    assert list(copy.units.all()) == list(source.units.all())
    assert list(copy.profiles.all()) == list(source.profiles.all())
    assert (copy.created_by, copy.responsible, copy.people.count()) == (cast.paula, cast.paula, 0)


def test_a_copy_brings_the_list_of_people_if_asked_but_nobody_who_has_left(hr, cast):
    source = earlier(cast)
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=TODAY - timedelta(days=1))

    hr.post(url("round_create"), {"source": source.pk, "with_people": "on"})

    assert list(Round.objects.get(state=Round.State.DRAFT).people.all()) == [cast.anna]


def test_a_copys_deadlines_keep_their_distance_from_the_opening(cast):
    copy = copy_round(source=earlier(cast), by=cast.paula, with_people=False)

    assert [copy.self_due, copy.manager_due, copy.peer_due, copy.talk_due, copy.plan_due] == [
        schedule.working_day(TODAY + timedelta(days=days)) for days in (35, 42, 37, 63, 91)
    ]


def test_a_copy_of_a_draft_begins_four_weeks_before_its_first_deadline(cast):
    source = plan_round(cast, self_due="2024-03-11", manager_due="2024-03-04", talk_due="2024-04-29")
    source.refresh_from_db()

    copy = copy_round(source=source, by=cast.paula, with_people=False)

    assert [copy.manager_due, copy.self_due, copy.talk_due, copy.plan_due, copy.peer_due] == [
        *[schedule.working_day(TODAY + timedelta(weeks=weeks)) for weeks in (4, 5, 12)],
        None,
        None,
    ]


def test_a_round_that_was_due_before_it_opened_lends_no_deadlines(cast):
    source = earlier(cast, self_due="2024-03-01")

    copy = copy_round(source=source, by=cast.paula, with_people=False)

    suggestion = schedule.suggested(TODAY)
    assert {field: getattr(copy, field) for field in suggestion} == suggestion
    assert copy.peer_due == suggestion["self_due"]


def test_the_contact_of_an_earlier_round_stays_as_long_as_they_are_hrs(cast):
    petra = person("Petra", "Personal", is_hr=True)
    source = plan_round(cast, responsible=petra)

    first = copy_round(source=source, by=cast.paula, with_people=False)
    Person.objects.filter(pk=petra.pk).update(is_hr=False)
    second = copy_round(source=source, by=cast.paula, with_people=False)

    assert (first.responsible, second.responsible) == (petra, cast.paula)


@pytest.mark.parametrize(
    ("title", "years", "expected"),
    [
        ("Runde 2025", 1, "Runde 2026"),
        ("Runde 2025/26", 1, "Runde 2026/27"),
        ("Runde 2099/00", 1, "Runde 2100/01"),
        ("2025 bis 2026", 2, "2027 bis 2028"),
        ("Runde 2025/2026", 1, "Runde 2026/2027"),
        ("Amt 20", 1, "Amt 20 (Kopie)"),
        ("Erlass 20251", 1, "Erlass 20251 (Kopie)"),
        ("Runde 2026", 0, "Runde 2026 (Kopie)"),
        ("x" * 120, 1, "x" * 112 + " (Kopie)"),
    ],
)
def test_a_title_moves_on_with_the_years_in_it(title, years, expected):
    assert next_title(title, years) == expected


def test_a_round_that_is_none_is_no_source(hr):
    page = hr.post(url("round_create"), {"source": "4711"}).text

    assert KEPT in page
    assert not Round.objects.exists()


# Every step ---------------------------------------------------------------------------------------


def texts(**changes):
    return {"title": "Runde 2027", "purpose": "Wozu.", "procedure": "Wie.", "is_voluntary": "on", **changes}


def days(**changes):
    """Deadlines as the form sends them."""
    after = {"self_due": 20, "manager_due": 22, "talk_due": 40, "plan_due": 50}
    return {**{field: str(TODAY + timedelta(days=number)) for field, number in after.items()}, **changes}


SENT = {
    "zweck": texts(),
    "beteiligte": {},
    "fristen": days(),
    "sichtbarkeit": {"disclosure": "each"},
}


@pytest.mark.parametrize(("at", "word"), list(enumerate(SENT)))
def test_going_on_saves_and_leads_to_the_next_step_and_to_any_other(hr, draft, at, word):
    here, words = url(STEPS[word][0].split(":")[1], draft), list(STEPS)

    led = {target: hr.post(here, {**SENT[word], "weiter": target}).headers["Location"] for target in ["", *words]}

    assert led == {
        "": url(STEPS[words[at + 1]][0].split(":")[1], draft),
        **{target: url(STEPS[target][0].split(":")[1], draft) for target in words},
    }


def test_a_preparation_is_left_and_taken_up_again(hr, draft):
    left = hr.post(url("round_purpose", draft), {**texts(), "weiter": "spaeter"}, follow=True)
    again = hr.get(draft.get_absolute_url(), follow=True)

    assert left.redirect_chain[-1][0] == url("rounds")
    assert "Die Beteiligten sehen die Runde noch nicht." in left.text
    assert again.redirect_chain[-1][0] == url("round_preview", draft)
    assert "Runde 2027" in again.text


@pytest.mark.parametrize("word", STEPS)
def test_a_step_says_which_it_is(hr, draft, word):
    page = hr.get(url(STEPS[word][0].split(":")[1], draft)).text

    assert page.count('aria-current="step"') == 1
    number = list(STEPS).index(word) + 1
    assert f'aria-current="step">{number}. {STEPS[word][1]}<' in page


@pytest.mark.parametrize("name", [name.split(":")[1] for name, _ in STEPS.values()])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_round_that_runs_or_has_ended_has_no_steps(hr, stage, name, method):
    running = getattr(hr, method)(url(name, stage.round)).status_code
    close_round(round_=stage.round)

    assert [running, getattr(hr, method)(url(name, stage.round)).status_code] == (
        [405, 405] if (name, method) == ("round_preview", "post") else [404, 404]
    )


@pytest.mark.parametrize("who", ["anna", "bernd", "audit"])
def test_nobody_but_hr_prepares(as_, cast, draft, who):
    client = as_(getattr(cast, who))

    sent = [client.post(url(STEPS[word][0].split(":")[1], draft), data).status_code for word, data in SENT.items()]
    mended = client.post(url("round_people", draft), {"ergaenzen": "rolle", "everybody": "5"}).status_code

    draft.refresh_from_db()
    assert (sent, mended, client.post(url("round_create")).status_code) == ([404] * 4, 404, 404)
    assert (draft.title, draft.disclosure, Round.objects.count()) == ("Runde 2026", "both", 1)


# 1: what for --------------------------------------------------------------------------------------


def test_the_texts_are_saved(hr, cast, draft):
    hr.post(url("round_purpose", draft), texts(title="Neu", responsible=cast.paula.pk))

    draft.refresh_from_db()
    assert (draft.title, draft.purpose, draft.procedure) == ("Neu", "Wozu.", "Wie.")
    assert (draft.is_voluntary, draft.responsible) == (True, cast.paula)


@pytest.mark.parametrize("field", ["title", "purpose"])
def test_a_text_that_is_missing_keeps_the_others(hr, draft, field):
    page = hr.post(url("round_purpose", draft), texts(**{field: ""})).text

    assert KEPT in page
    assert ">\nWie.</textarea>" in page
    assert ('value="Runde 2027"' in page) is (field != "title")
    draft.refresh_from_db()
    assert (draft.title, draft.procedure) == ("Runde 2026", "")


def test_whoever_pauses_may_leave_the_purpose_for_later(hr, draft):
    left = hr.post(url("round_purpose", draft), texts(purpose="", weiter="spaeter"))

    draft.refresh_from_db()
    assert (left.status_code, draft.title, draft.purpose) == (302, "Runde 2027", "")


def test_only_somebody_of_hr_who_works_here_is_the_contact(hr, cast, draft):
    gone = person("Gerd", "Gegangen", is_hr=True, leaving_date=TODAY - timedelta(days=1))

    refused = [hr.post(url("round_purpose", draft), texts(responsible=who.pk)).status_code for who in (cast.anna, gone)]

    draft.refresh_from_db()
    assert (refused, draft.responsible) == ([200, 200], None)


# 2: who -------------------------------------------------------------------------------------------


def test_units_roles_and_a_list_of_people_are_saved_and_shown_again(hr, cast, draft):
    unit, profile = Unit.objects.get(number="10.1"), RoleProfile.objects.get(key="digitallotse")
    sent = {"units": [unit.pk], "profiles": [profile.pk], "people": " 0003 \r\n\r\nFRIEDA.fremd@test.example\r\n0003"}

    hr.post(url("round_people", draft), sent)

    assert (list(draft.units.all()), list(draft.profiles.all())) == ([unit], [profile])
    assert set(draft.people.all()) == {cast.anna, cast.fremd}
    page = hr.get(url("round_people", draft)).text
    assert ">\n0003\n0007</textarea>" in page
    assert [f'value="{pk}" ' in page.split("id_people")[0] for pk in (unit.pk, profile.pk)] == [True, True]
    assert page.split('id="gruppe"')[0].count(" checked") == 2


def test_units_stand_as_a_tree(hr, draft):
    page = hr.get(url("round_people", draft)).text

    assert 'class="depth depth--0"' in page.split("10 Hauptamt")[0]
    assert 'class="depth depth--1"' in page.split("10.1 Digitalisierung")[0].split("10 Hauptamt")[1]
    assert '10.1 Digitalisierung<span class="sr-only"> (Ebene 2)</span>' in page


@pytest.fixture
def many_units(cast):
    return Unit.objects.bulk_create(Unit(number=f"7{n:03}", name=f"Schule {n}") for n in range(60))


def units_shown(page):
    """The numbers of those a page shows, and whether they are ticked."""
    boxes = re.findall(r'name="units"\s+value="(\d+)"\s+id="\w+"\s*(checked)?', page)
    numbers = dict(Unit.objects.values_list("pk", "number"))
    return {numbers[int(pk)]: bool(ticked) for pk, ticked in boxes}


def test_of_many_units_those_chosen_are_shown_and_others_searched_for(hr, draft, many_units):
    draft.units.add(Unit.objects.get(number="10"))
    page = hr.get(url("round_people", draft)).text
    sent = {"units": [Unit.objects.get(number="7005").pk], "unit_search": "schule 1", "suchen": "1"}

    without_script = hr.post(url("round_people", draft), sent).text
    part = hr.post(url("round_people", draft), sent, headers={"HX-Request": "true"}).text

    found = {one.number for one in many_units if "1" in one.number}
    assert units_shown(page) == {"10": True}
    assert units_shown(part) == units_shown(without_script) == {"7005": True} | dict.fromkeys(found, False)
    assert 'value="schule 1"' in without_script
    assert "16 Einheiten gewählt oder gefunden" in part
    assert list(draft.units.values_list("number", flat=True)) == ["10"]  # searching saves nothing


def test_units_that_were_searched_for_are_saved(hr, draft, many_units):
    hr.post(url("round_people", draft), {"units": [many_units[3].pk], "unit_search": "gibt es nicht"})

    assert list(draft.units.all()) == [many_units[3]]


def test_units_that_are_none_are_refused_however_many_there_are(hr, draft, many_units):
    page = hr.post(url("round_people", draft), {"units": ["999999", "x"], "unit_search": "", "suchen": "1"}).text

    assert (units_shown(page), "Noch ist keine Einheit gewählt." in page) == ({}, True)


def test_a_number_nobody_has_is_named_and_nothing_is_lost_or_saved(hr, cast, draft):
    draft.people.add(cast.anna)
    unit = Unit.objects.get(number="10")

    page = hr.post(url("round_people", draft), {"units": [unit.pk], "people": "0004\n4711\n0002"}).text

    assert "Zeile 2: Zu „4711“ gibt es keine aktive Person." in beside(page, "people")
    assert ">\n0004\n4711\n0002</textarea>" in page
    assert (list(draft.people.all()), draft.units.count()) == ([cast.anna], 0)


def test_emptying_the_list_addresses_everybody_again(hr, cast, draft):
    draft.people.add(cast.anna)

    hr.post(url("round_people", draft), {"people": ""})

    assert (draft.people.count(), addressed(draft).numbers()[0]) == (0, 2)


def test_htmx_saves_a_choice_and_announces_who_takes_part(hr, cast, draft):
    fragment = hr.post(url("round_people", draft), {"people": "0003"}, **HTMX).text

    assert fragment.strip().startswith('<section id="gruppe"')
    assert "<html" not in fragment
    announced = fragment.split('id="status" hx-swap-oob="innerHTML">')[1].split("</p>")[0]
    assert announced.split() == "1 Person nimmt teil (0 ohne Führungskraft, 0 ohne Rolle)".split()
    assert list(draft.people.all()) == [cast.anna]


def test_htmx_hears_of_a_number_nobody_has_and_nothing_is_saved(hr, draft):
    fragment = hr.post(url("round_people", draft), {"people": "4711"}, **HTMX).text

    assert "Zeile 1: Zu „4711“ gibt es keine aktive Person." in fragment
    assert "Die Auswahl ist noch nicht übernommen." in fragment.split('id="status"')[1].split("</p>")[0]
    assert draft.people.count() == 0


def listed(client, draft, which="", **query):
    return names(client.get(url("round_people", draft), {"liste": which, **query}).text)


def test_everybody_stands_in_the_one_list_that_says_what_is_the_matter(hr, cast, draft):
    cast.dora.manager = None
    cast.dora.save()

    assert {which: listed(hr, draft, which) for which in ("dabei", "fuehrungskraft", "rolle")} == {
        "dabei": ["Ärmel, Anna"],
        "fuehrungskraft": ["Özgür, Dora"],
        "rolle": ["Chefin, Clara", "Datenschutz, Audit", "Fremd, Frieda", "Personal, Paula", "Şahin-Žižek, Bernd"],
    }


def test_the_first_list_is_what_needs_mending(hr, cast, draft):
    first = listed(hr, draft)
    RoleHolding.objects.bulk_create(
        RoleHolding(person=who, profile=RoleProfile.objects.first(), since=TODAY)
        for who in (cast.clara, cast.bernd, cast.paula, cast.audit, cast.fremd)
    )
    second = listed(hr, draft)
    Person.objects.exclude(pk=cast.clara.pk).update(manager=cast.clara)
    Person.objects.filter(pk=cast.clara.pk).update(manager=cast.paula)

    assert (first[0], len(first)) == ("Chefin, Clara", 5)
    assert second == ["Chefin, Clara", "Datenschutz, Audit", "Fremd, Frieda", "Personal, Paula"]
    assert len(listed(hr, draft)) == 7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": None}, "ohne E-Mail"),
        ({"is_active": False}, "ausgeschieden"),
        ({"leaving_date": TODAY - timedelta(days=1)}, "ausgeschieden"),
    ],
)
def test_a_manager_who_cannot_sign_in_is_named_with_the_reason(hr, cast, draft, change, said):
    Person.objects.filter(pk=cast.bernd.pk).update(**change)

    page = hr.get(url("round_people", draft), {"liste": "fuehrungskraft"}).text

    assert names(page) == ["Ärmel, Anna", "Özgür, Dora"]
    assert page.count(f'Şahin-Žižek, Bernd (0002) <span class="badge">{said}</span>') == 2
    assert (reverse("people:edit", args=[cast.bernd.pk]) in page) is (said == "ohne E-Mail")


def test_a_round_that_addresses_nobody_says_what_to_do(hr, draft):
    draft.units.add(Unit.objects.create(number="99", name="Leer"))

    page = hr.get(url("round_people", draft)).text

    assert "Zu dieser Auswahl gehört niemand." in page
    assert "Noch nimmt niemand teil" in page


# 2: mending ---------------------------------------------------------------------------------------


def mend(client, draft, which, *chosen, htmx=False, **sent):
    data = {"ergaenzen": which, "chosen": [who.pk for who in chosen], **sent}
    return client.post(f"{url('round_people', draft)}?liste={which}", data, **(HTMX if htmx else {}))


@pytest.fixture
def lotse(db):
    return RoleProfile.objects.get(key="digitallotse")


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_a_role_is_given_to_those_ticked_and_they_take_part(hr, cast, draft, lotse, htmx):
    nora, nils = bare(cast, "Nora"), bare(cast, "Nils")

    response = mend(hr, draft, "rolle", nora, nils, profile=lotse.pk, htmx=htmx)

    assert [holdings_of(who) for who in (nora, nils, cast.fremd)] == [[(lotse, TODAY)], [(lotse, TODAY)], []]
    page = response if htmx else hr.get(response.headers["Location"])
    assert "2 Personen haben jetzt die Rolle „Digitallotse / Digitallotsin“." in page.text
    assert "4 Personen nehmen teil" in page.text
    assert len(names(page.text)) == 5
    assert htmx or response.headers["Location"] == f"{url('round_people', draft)}?liste=rolle"


def test_a_role_is_given_to_all_without_one_on_every_page(hr, cast, draft, lotse):
    others = [bare(cast, f"N{number}") for number in range(60)]
    RoleHolding.objects.create(person=cast.clara, profile=RoleProfile.objects.exclude(pk=lotse.pk).first())

    mend(hr, draft, "rolle", profile=lotse.pk, everybody="64")

    held = RoleHolding.objects.filter(person__in=others, profile=lotse, since=TODAY, until=None).count()
    assert (held, addressed(draft).without_role.count()) == (60, 0)
    assert holdings_of(cast.clara)[0][0] != lotse


def test_nobody_gives_a_role_to_more_people_than_they_have_seen(hr, cast, draft, lotse):
    page = mend(hr, draft, "rolle", profile=lotse.pk, everybody="4").text  # meanwhile there are five

    assert "Diese Liste hat sich inzwischen geändert." in beside(page, "profile")
    assert RoleHolding.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"profile": ""}, "profile", "Bitte wählen Sie eine Rolle."),
        ({"profile": "4711"}, "profile", "gültige"),
        ({"chosen": []}, "chosen", "Bitte wählen Sie unten mindestens eine Person aus."),
    ],
)
def test_a_role_that_is_not_given_keeps_what_was_ticked(hr, cast, draft, lotse, sent, field, message):
    data = {"ergaenzen": "rolle", "chosen": [cast.fremd.pk], "profile": lotse.pk, **sent}

    page = hr.post(f"{url('round_people', draft)}?liste=rolle", data).text

    assert message in beside(page, field)
    assert KEPT in page
    assert tight(page).split("<title>")[1].startswith("Fehler: ")
    assert (f'id="wahl-{cast.fremd.pk}" checked' in page) is (field != "chosen")
    assert RoleHolding.objects.count() == 2


@pytest.mark.parametrize(
    ("which", "what"), [("rolle", "roles"), ("fuehrungskraft", "master_data")], ids=["role", "manager"]
)
def test_who_gets_a_role_or_a_manager_finds_it_in_their_access_log(hr, cast, draft, lotse, which, what):
    emil = bare(cast, "Emil", **({} if which == "rolle" else {"manager": None}))
    RoleHolding.objects.create(person=emil, profile=lotse, since=TODAY) if which != "rolle" else None
    given = {"profile": lotse.pk} if which == "rolle" else {"manager": "0002"}

    mend(hr, draft, which, emil, **given)

    noted = Access.objects.filter(how="changed").values_list("about", "reader", "what", "role")
    assert list(noted) == [(emil.pk, cast.paula.pk, what, "hr")]


@pytest.mark.parametrize(("which", "everybody"), [("rolle", False), ("rolle", True), ("fuehrungskraft", False)])
def test_what_somebody_else_gives_at_this_moment_stays(hr, cast, draft, lotse, monkeypatch, which, everybody):
    """It is there by the time in which the people are held."""
    emil = bare(cast, "Emil", **({} if which == "rolle" else {"manager": None}))
    other = RoleProfile.objects.exclude(pk=lotse.pk).first()
    RoleHolding.objects.create(person=emil, profile=lotse, since=TODAY) if which != "rolle" else None
    given = {"profile": lotse.pk} if which == "rolle" else {"manager": "0002"}
    real, number = preparing_forms.still_among, addressed(draft).without_role.count()

    def somebody_is_faster(*about):
        if which == "rolle":
            RoleHolding.objects.create(person=emil, profile=other, since=TODAY)
        else:
            Person.objects.filter(pk=emil.pk).update(manager=cast.clara)
        return real(*about)

    monkeypatch.setattr(preparing_forms, "still_among", somebody_is_faster)
    chosen, all_of_them = ([], {"everybody": str(number)}) if everybody else ([emil], {})
    response = mend(hr, draft, which, *chosen, **all_of_them, **given)

    emil.refresh_from_db()
    assert preparing_forms.CHANGED_MEANWHILE in response.text
    if which == "rolle":
        assert holdings_of(emil) == [(other, TODAY)]
    else:
        assert emil.manager == cast.clara


def test_a_retired_role_is_given_to_nobody(hr, cast, draft, lotse):
    RoleProfile.objects.filter(pk=lotse.pk).update(retired_at=timezone.now())

    mend(hr, draft, "rolle", cast.fremd, profile=lotse.pk)

    assert holdings_of(cast.fremd) == []


def test_only_who_stands_in_the_list_can_be_chosen_from_it(hr, cast, draft, lotse):
    other = RoleProfile.objects.exclude(pk=lotse.pk).first()
    draft.units.add(cast.anna.unit)

    answers = [
        mend(hr, draft, "rolle", who, profile=other.pk).text
        for who in (cast.anna, cast.fremd)  # has a role; is of another unit
    ]

    assert ["Diese Liste hat sich inzwischen geändert." in page for page in answers] == [True, True]
    assert (holdings_of(cast.anna), holdings_of(cast.fremd)) == ([(lotse, TODAY)], [])


def unmanaged(cast, *others):
    Person.objects.filter(pk__in=[who.pk for who in others]).update(manager=None)


@pytest.mark.parametrize("typed", ["0002", "bernd.sahin-zizek@test.example"])
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_a_manager_is_set_for_those_ticked_and_they_take_part(hr, cast, draft, typed, htmx):
    unmanaged(cast, cast.anna, cast.dora)

    response = mend(hr, draft, "fuehrungskraft", cast.anna, manager=typed, htmx=htmx)

    page = (response if htmx else hr.get(response.headers["Location"])).text
    assert "Anna Ärmel hat jetzt Bernd Şahin-Žižek als Führungskraft." in page
    assert names(page) == ["Özgür, Dora"]
    assert [Person.objects.get(pk=who.pk).manager for who in (cast.anna, cast.dora)] == [cast.bernd, None]


def test_a_manager_is_picked_from_the_suggestions(hr, cast, draft):
    unmanaged(cast, cast.anna)

    mend(hr, draft, "fuehrungskraft", cast.anna, manager="Bernd", manager_choice=cast.bernd.pk)

    assert Person.objects.get(pk=cast.anna.pk).manager == cast.bernd


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Bitte geben Sie eine Person an."),
        ("4711", "Zu „4711“ gibt es keine Person."),
        ("0003", "Eine Person kann nicht ihre eigene Führungskraft sein."),
        ("0004", "Das ergäbe einen Kreis: Dora Özgür ist Anna Ärmel, auch über andere, selbst unterstellt."),
        ("0008", "Gerd Gegangen ist nicht mehr aktiv."),
        ("0009", "Ohne Adresse hat keine E-Mail-Adresse und kann sich nicht anmelden."),
    ],
)
def test_a_manager_who_cannot_be_is_refused_and_what_was_typed_stays(hr, cast, draft, typed, message):
    unmanaged(cast, cast.anna)
    Person.objects.filter(pk=cast.dora.pk).update(manager=cast.anna)
    person("Gerd", "Gegangen", personnel_number="0008", is_active=False)
    Person.objects.create(first_name="Ohne", last_name="Adresse", personnel_number="0009")

    page = mend(hr, draft, "fuehrungskraft", cast.anna, manager=typed).text

    assert message in beside(page, "manager")
    assert f'id="wahl-{cast.anna.pk}" checked' in page
    assert not typed or f'name="manager" value="{typed}"' in page
    assert Person.objects.get(pk=cast.anna.pk).manager is None


def test_a_list_of_sixty_turns_pages_and_keeps_its_place_after_mending(hr, cast, draft, lotse):
    for number in range(60):
        bare(cast, f"N{number:02}")

    second = hr.get(url("round_people", draft), {"liste": "rolle", "seite": "2"}).text
    last = Person.objects.get(first_name="N59")
    response = hr.post(
        f"{url('round_people', draft)}?liste=rolle&seite=2",
        {"ergaenzen": "rolle", "chosen": [last.pk], "profile": lotse.pk},
    )

    assert len(names(second)) == 15
    assert "liste=rolle&amp;seite=1" in second
    assert response.headers["Location"].endswith("?liste=rolle&seite=2")
    assert len(names(hr.get(response.headers["Location"]).text)) == 14


@pytest.mark.parametrize("value", ["x", "99", "-1"])
def test_a_page_that_is_none_is_the_nearest(hr, draft, value):
    assert len(listed(hr, draft, "rolle", seite=value)) == 5


# 3: until when ------------------------------------------------------------------------------------


def test_deadlines_are_saved_and_the_plans_may_be_left_out(hr, draft):
    hr.post(url("round_dates", draft), days(plan_due=""))

    draft.refresh_from_db()
    after = [(getattr(draft, field) - TODAY).days for field in ("self_due", "manager_due", "talk_due")]
    assert (after, draft.plan_due) == ([20, 22, 40], None)


@pytest.mark.parametrize(
    ("field", "after", "message"),
    [
        ("self_due", -1, IN_THE_PAST),
        ("self_due", 366 * 5, TOO_FAR),
        ("plan_due", 366 * 5, TOO_FAR),
        ("manager_due", -1, IN_THE_PAST),
        ("talk_due", -1, IN_THE_PAST),
        ("plan_due", -1, IN_THE_PAST),
        ("talk_due", 21, "Das Gespräch muss nach den Einschätzungen liegen. Bitte wählen Sie ein späteres Datum."),
        ("plan_due", 39, "Der Lernplan folgt auf das Gespräch. Bitte wählen Sie ein späteres Datum."),
    ],
)
def test_deadlines_out_of_order_are_refused_beside_their_field(hr, draft, field, after, message):
    day = TODAY + timedelta(days=after)

    page = hr.post(url("round_dates", draft), days(**{field: str(day)})).text

    assert message in beside(page, field)
    assert f'name="{field}" value="{day}"' in page
    before = draft.talk_due
    draft.refresh_from_db()
    assert draft.talk_due == before


@pytest.mark.parametrize("field", ["self_due", "manager_due", "talk_due", "plan_due"])
def test_a_deadline_of_a_strange_year_is_refused_beside_its_field(hr, draft, field):
    page = hr.post(url("round_dates", draft), days(**{field: "9999-12-31"})).text

    assert "Dieses Jahr kann nicht stimmen." in beside(page, field)
    assert f'name="{field}" value="9999-12-31"' in page


def test_an_old_deadline_has_to_be_changed_before_going_on(hr, cast):
    old = plan_round(cast, self_due=TODAY - timedelta(days=1))

    page = hr.post(url("round_dates", old), days(self_due=str(old.self_due))).text

    assert IN_THE_PAST in beside(page, "self_due")


@pytest.mark.parametrize("field", ["self_due", "manager_due", "talk_due", "plan_due"])
@pytest.mark.parametrize(("day", "text"), [("1999-12-31", IN_THE_PAST), ("2099-12-31", TOO_FAR)])
def test_a_year_that_nobody_means_is_no_deadline(hr, draft, stage, field, day, text):
    moved = hr.post(url("round_deadlines", stage.round), days(**{field: day})).text
    page = hr.post(url("round_dates", draft), days(**{field: day})).text

    assert [text in beside(one, field) for one in (moved, page)] == [True, True]
    assert Round.objects.filter(**{field: day}).count() == 0


def test_a_date_that_is_none_is_refused_in_german(hr, draft):
    page = hr.post(url("round_dates", draft), days(talk_due="32.13.2026")).text

    assert "Bitte ein gültiges Datum eingeben." in beside(page, "talk_due")


def test_the_same_day_for_everything_is_in_order(hr, draft):
    same = dict.fromkeys(days(), str(TODAY))

    assert hr.post(url("round_dates", draft), same).status_code == 302


def test_a_suggestion_is_filled_in_and_not_saved_yet(hr, draft):
    before = draft.self_due

    page = hr.post(url("round_dates", draft), {**days(), "vorschlag": "ja"}).text

    draft.refresh_from_db()
    suggestion = schedule.suggested(TODAY)
    assert [f'name="{field}" value="{day}"' in page for field, day in suggestion.items()] == [True] * 4
    assert draft.self_due == before


def sunday(after):
    day = TODAY + timedelta(days=after)
    return day + timedelta(days=6 - day.weekday())


def test_a_doubtful_day_is_named_and_taken_all_the_same(hr, draft):
    soon, weekend = TODAY + timedelta(days=3), sunday(60)
    sent = days(self_due=str(soon), talk_due=str(weekend), plan_due="")

    fragment = hr.post(url("round_dates", draft), sent, **HTMX).text
    taken = hr.post(url("round_dates", draft), sent)

    assert fragment.strip().startswith('<div id="hinweise">')
    assert schedule.TOO_SOON in fragment
    assert f"Sonntag, {weekend.day}.\xa0" in fragment
    assert "zu den Fristen</p>" in tight(fragment).split('id="status" hx-swap-oob="innerHTML">')[1]
    assert taken.status_code == 302
    assert schedule.AT_WEEKEND in hr.get(url("round_dates", draft)).text
    assert schedule.AT_WEEKEND in hr.get(url("round_preview", draft)).text


def test_htmx_asks_about_days_without_saving_them(hr, draft):
    before = draft.self_due

    fragment = hr.post(url("round_dates", draft), days(self_due="kein Tag"), **HTMX)

    draft.refresh_from_db()
    assert (fragment.status_code, draft.self_due) == (200, before)


# 4: who sees what ---------------------------------------------------------------------------------


def test_the_rules_are_saved(hr, draft):
    due = TODAY + timedelta(days=20)

    hr.post(
        url("round_visibility", draft),
        {"disclosure": "talk", "shows_levels_to_hr": "on", "has_peers": "on", "peer_due": str(due)},
    )

    draft.refresh_from_db()
    assert (draft.disclosure, draft.hides_target, draft.shows_levels_to_hr) == ("talk", False, True)
    assert (draft.has_peers, draft.peer_due) == (True, due)


@pytest.mark.parametrize("typed", ["2020-01-01", "kein Tag", ""])
def test_without_colleagues_their_deadline_does_not_matter(hr, cast, typed):
    draft = plan_round(cast, has_peers=True, peer_due=TODAY)

    hr.post(url("round_visibility", draft), {"disclosure": "both", "peer_due": typed})

    draft.refresh_from_db()
    assert (draft.has_peers, draft.peer_due) == (False, None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Bitte wählen Sie, bis wann das Kollegium antworten kann."),
        (str(TODAY - timedelta(days=1)), IN_THE_PAST),
        ("1999-12-31", IN_THE_PAST),
        ("2099-12-31", TOO_FAR),
        ("kein Tag", "Bitte ein gültiges Datum eingeben."),
    ],
)
def test_asking_colleagues_wants_a_deadline(hr, draft, typed, message):
    sent = {"disclosure": "each", "has_peers": "on", "peer_due": typed}

    page = hr.post(url("round_visibility", draft), sent).text

    assert message in beside(page, "peer_due")
    assert page.count("kern-error") == 1 + page.count("kern-form-input--error") - 1
    draft.refresh_from_db()
    assert (draft.has_peers, draft.disclosure) == (False, "both")


def test_a_disclosure_that_is_none_is_refused(hr, draft):
    page = hr.post(url("round_visibility", draft), {"disclosure": "alle"}).text

    assert KEPT in page
    draft.refresh_from_db()
    assert draft.disclosure == "both"


def test_the_text_about_readers_follows_the_choice_before_it_is_saved(hr, draft):
    sent = {"disclosure": "talk", "shows_levels_to_hr": "on", "has_peers": "on", "peer_due": ""}

    fragment = hr.post(url("round_visibility", draft), sent, **HTMX).text

    assert fragment.strip().startswith('<div id="leser">')
    assert "Fremdeinschätzung, sobald das Gespräch begonnen hat" in fragment
    assert "Einzelne Stufen, sobald das Ergebnis des Gesprächs festgehalten ist" in fragment
    assert "Gebetene Kolleginnen und Kollegen" in fragment
    assert "ist angepasst" in fragment.split('id="status" hx-swap-oob="innerHTML">')[1]
    draft.refresh_from_db()
    assert (draft.disclosure, draft.has_peers) == ("both", False)


def test_colleagues_who_answer_after_the_talk_are_doubted(hr, draft):
    sent = {"disclosure": "each", "has_peers": "on", "peer_due": str(draft.talk_due + timedelta(days=1))}

    fragment = hr.post(url("round_visibility", draft), sent, **HTMX).text
    taken = hr.post(url("round_visibility", draft), sent)

    assert schedule.PEERS_AFTER_TALK in fragment
    assert taken.status_code == 302
    assert schedule.PEERS_AFTER_TALK in hr.get(url("round_visibility", draft)).text


# 5: what they will read ---------------------------------------------------------------------------


def words_of(page, start, end):
    """The text of a part of a page, without its tags."""
    part = tight(page).split(start)[1].split(end)[0]
    return " ".join(" ".join(piece.split(">", 1)[-1] for piece in part.split("<")).split())


@pytest.mark.parametrize("voluntary", [True, False])
def test_the_preview_is_what_a_participant_reads(hr, as_, cast, voluntary):
    draft = plan_round(
        cast, procedure="Sprechstunde dienstags.", is_voluntary=voluntary, responsible=cast.paula, has_peers=True,
        peer_due=TODAY + timedelta(days=9), plan_due=TODAY + timedelta(weeks=8),
    )  # fmt: skip
    preview = hr.get(url("round_preview", draft)).text
    hr.post(url("round_open", draft))

    page = as_(cast.anna).get(Participation.objects.get(person=cast.anna).get_absolute_url()).text

    rules = words_of(preview, "Leistungsentgelt ein.</span></p>", "<details")
    assert rules == words_of(page, "Zweck, Ablauf und Fristen</strong></summary>", "</details>")
    readers = words_of(preview, "Wer sieht meine Angaben?</strong>", "</details>")
    assert readers == words_of(page, "Wer sieht meine Angaben?</strong>", "</details>")
    assert "Keine dienstliche Beurteilung." in preview
    wanted = ["Damit alle wissen, wo sie stehen.", "Sprechstunde dienstags.", "Paula Personal", cast.paula.email]
    wanted += ["Die Teilnahme ist freiwillig." if voluntary else "Die Teilnahme ist verbindlich."]
    assert [text for text in wanted if text not in rules] == []
    assert rules.count("bis ") == 5


@pytest.mark.parametrize(
    ("voluntary", "text"), [(True, "Die Teilnahme ist freiwillig."), (False, "Die Teilnahme ist verbindlich.")]
)
def test_whoever_rates_themselves_reads_whether_they_must(as_, cast, voluntary, text):
    stage = Stage(cast, is_voluntary=voluntary)

    own = as_(cast.anna).get(stage.own.get_absolute_url()).text
    managers = as_(cast.bernd).get(stage.manager.get_absolute_url()).text

    assert (text in own, text in managers) == (True, False)


def test_a_participation_shows_its_own_deadlines(as_, stage):
    later = date(2031, 5, 5)
    Participation.objects.filter(pk=stage.participation.pk).update(talk_due=later)

    page = as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text

    assert "bis 5. Mai 2031" in words_of(page, "Zweck, Ablauf und Fristen</strong></summary>", "</details>")


def test_a_contact_who_has_left_is_not_named(hr, cast):
    gone = person("Gerd", "Gegangen", is_hr=True, leaving_date=TODAY - timedelta(days=1))

    page = hr.get(url("round_preview", plan_round(cast, responsible=gone))).text

    assert "Gerd Gegangen" not in page
    assert "personalentwicklung@" in words_of(page, "Fragen?", "</dl>")


def test_the_preview_tells_the_numbers_and_what_is_lacking(hr, cast):
    draft = plan_round(cast, purpose="", self_due=TODAY - timedelta(days=1))
    cast.dora.manager = None
    cast.dora.save()

    page = hr.get(url("round_preview", draft)).text

    tiles = words_of(page, '<ul class="tiles">', "</ul>")
    assert tiles == "1 nehmen teil 1 nicht dabei: ohne Führungskraft, die sich anmelden kann 5 nicht dabei: ohne Rolle"
    assert "Der Zweck fehlt." in page
    assert "„Selbsteinschätzung bis“ liegt in der Vergangenheit." in page
    assert url("round_open", draft) not in page


def test_a_lack_names_the_step_that_mends_it(cast):
    past = TODAY - timedelta(days=1)
    draft = plan_round(
        cast, purpose=" ", self_due=past, manager_due=past, talk_due=past, plan_due=past, has_peers=True, peer_due=past
    )

    assert [lack.step for lack in lacks(draft, 0)] == [
        "zweck", "beteiligte", "fristen", "fristen", "sichtbarkeit", "fristen", "fristen",
    ]  # fmt: skip
    assert lacks(plan_round(cast, peer_due=past), 1) == []  # nobody asks colleagues


def test_nothing_is_lacking_on_the_day_of_a_deadline(cast):
    assert lacks(plan_round(cast, self_due=TODAY, manager_due=TODAY, talk_due=TODAY), 1) == []


# Opening and throwing away ------------------------------------------------------------------------


def test_opening_says_first_who_takes_part_and_what_follows(hr, cast, draft):
    page = hr.get(url("round_open", draft)).text

    assert "nehmen 2 Personen teil." in page
    assert "Nicht dabei: 5 ohne Rolle." in page
    assert "bekommen eine E-Mail, wenn sie eine Adresse hinterlegt haben: gleich, oder am nächsten Arbeitstag" in tight(
        page
    )
    draft.refresh_from_db()
    assert draft.is_draft


def test_opening_takes_everybody_in(hr, cast, draft):
    page = hr.post(url("round_open", draft), follow=True).text

    assert "Die Runde läuft." in page
    assert Participation.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("fields", [{"purpose": ""}, {"self_due": TODAY - timedelta(days=1)}])
def test_a_round_that_lacks_something_is_not_opened(hr, cast, fields, method):
    draft = plan_round(cast, **fields)

    refused = getattr(hr, method)(url("round_open", draft), follow=True)

    assert "Diese Runde kann noch nicht beginnen." in refused.text
    assert refused.redirect_chain[-1][0] == url("round_preview", draft)
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_round_that_addresses_nobody_is_not_opened(hr, draft):
    RoleHolding.objects.all().delete()

    refused = hr.post(url("round_open", draft), follow=True).text

    assert "Noch nimmt niemand teil." in refused
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_somebody_saves_at_the_moment_of_opening_is_seen_first(hr, draft, monkeypatch):
    """Between the look at what was sent and the lock; what is frozen could never be changed again."""
    real = opening.begin_opening

    def somebody_is_faster(**about):
        Round.objects.filter(pk=draft.pk).update(shows_levels_to_hr=True)
        return real(**about)

    monkeypatch.setattr(opening, "begin_opening", somebody_is_faster)
    response = hr.post(url("round_open", draft), follow=True)

    draft.refresh_from_db()
    assert draft.state == Round.State.DRAFT
    assert "Nicht eröffnet: Die Vorbereitung ist inzwischen eine andere." in response.text


def test_a_round_is_not_opened_for_more_people_than_the_page_has_counted(hr, cast, draft, lotse):
    page = hr.get(url("round_open", draft)).text
    shown = {"once": f"{cast.paula.pk}-x", "read": re.search(r'name="read" value="(\w+)"', page)[1]}
    RoleHolding.objects.create(person=bare(cast, "Emil"), profile=lotse, since=TODAY)

    response = hr.post(url("round_open", draft), shown, follow=True)

    draft.refresh_from_db()
    assert draft.state == Round.State.DRAFT
    assert "Nicht eröffnet: Die Vorbereitung ist inzwischen eine andere." in response.text


def test_opening_twice_leads_to_the_round_that_runs(hr, stage):
    answers = [getattr(hr, method)(url("round_open", stage.round)) for method in ("get", "post")]

    assert [answer.headers["Location"] for answer in answers] == [stage.round.get_absolute_url()] * 2
    assert Participation.objects.count() == 2


def test_a_round_that_has_ended_cannot_be_opened_again(hr, stage):
    close_round(round_=stage.round)

    response = hr.post(url("round_open", stage.round))

    stage.round.refresh_from_db()
    assert (response.status_code, stage.round.state) == (404, Round.State.CLOSED)


def test_only_a_draft_is_thrown_away(hr, stage):
    draft = plan_round(stage.cast, title="Verworfen")

    response = hr.post(url("round_delete", draft))

    assert response.headers["Location"] == url("rounds")
    assert hr.post(url("round_delete", stage.round)).status_code == 404
    assert list(Round.objects.all()) == [stage.round]


# How much it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 120])
@pytest.mark.parametrize(
    ("which", "expected"),
    [
        # session, user, round; for the form how many units, those shown, roles, those chosen, listed people; for the numbers chosen
        # units and roles, whether people are listed, three counts; those of the page
        ("dabei", 16),
        ("rolle", 17),  # roles to give
        ("fuehrungskraft", 16),
    ],
)
def test_the_page_of_participants_costs_the_same_for_few_and_for_many(
    hr, cast, draft, django_assert_num_queries, which, expected, more
):
    many(cast, more)
    bare(cast, "Nora")
    for number in range(more):
        bare(cast, f"N{number}")
        RoleHolding.objects.create(person=bare(cast, f"M{number}", manager=None), profile=RoleProfile.objects.first())
    Person.objects.filter(pk=cast.dora.pk).update(manager=None)

    with django_assert_num_queries(expected):
        page = hr.get(url("round_people", draft), {"liste": which}).text

    assert len(names(page)) == {"dabei": min(1 + more, 50), "rolle": min(6 + more, 50)}.get(which, min(1 + more, 50))


@pytest.mark.parametrize("name", ["round_preview", "round_open"])
def test_before_opening_hr_reads_who_is_in_another_round_has_many_people_or_no_address(hr, cast, name, monkeypatch):
    Stage(cast, title="Läuft <noch>")
    draft = plan_round(cast)
    Person.objects.filter(pk=cast.dora.pk).update(email=None)
    monkeypatch.setattr(schedule, "MANY_REPORTS", 2)

    page = words_of(hr.get(url(name, draft)).text, "<h1>", "<footer")

    assert "2 Personen in „Läuft &lt;noch&gt;“, die noch läuft" in page
    assert f"Şahin-Žižek, Bernd {cast.bernd.personnel_number}" in page
    assert "1 Person ohne E-Mail-Adresse" in page
    assert "Özgür, Dora" in page


def test_who_has_many_people_to_rate_moves_the_suggested_deadlines(hr, cast, draft, monkeypatch):
    usual = schedule.suggested(TODAY)
    monkeypatch.setattr(schedule, "MANY_REPORTS", 2)
    monkeypatch.setattr(schedule, "ENOUGH_TO_RATE", 0)

    suggestion, most = before_opening.suggestion_for(addressed(draft).holdings, TODAY)

    assert most == 2
    assert suggestion["self_due"] == usual["self_due"]
    assert suggestion == schedule.suggested(TODAY, later=timedelta(weeks=1)) | {"self_due": usual["self_due"]}
    assert "denn eine Führungskraft hat 2 Personen" in words_of(
        hr.get(url("round_dates", draft)).text, "<h1>", "<footer"
    )


@pytest.mark.parametrize("more", [0, 120])
@pytest.mark.parametrize("name", ["round_preview", "round_open"])
def test_the_preview_reads_nobody(hr, cast, draft, more, name):
    many(cast, more)

    with CaptureQueriesContext(connection) as captured:
        page = hr.get(url(name, draft)).text

    # session, user, round; chosen roles, chosen units, whether people are listed, three counts; overlaps, managers with
    # many, people without address counted, and the first of them; what of all that is sent along, to be opened as it was read
    # (before it, whether the fact sheet was shown)
    assert len(captured) == 12 + bool(more) + {"round_preview": 1, "round_open": 3}[name]
    assert f"{2 + more} " in words_of(page, "<h1>", "<footer")
    read = [query["sql"] for query in captured if "first_name" in query["sql"]]
    assert [" LIMIT 20" in sql for sql in read] == [
        False,
        True,
        *[True] * bool(more),
    ]  # whoever is signed in, and the first of some
