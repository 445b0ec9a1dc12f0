"""Where a round stands: the counts, the list and its filters, and the units never contradict each other."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from assessments.changes import declining
from assessments.models import Participation, PlanProgress, Progress, Round, TalkProgress
from assessments.rounds import monitoring
from assessments.rounds.closing import close_round
from assessments.rounds.monitoring import Narrowing
from assessments.rounds.progress import RoundProgress, counted, late, percent, progress_of, standing_by_unit, total
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person, Unit
from kompetenz.people.tree import read_tree
from roles.models import RoleHolding, RoleProfile
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY, in_days
from tests.conftest import Stage, plan_round
from tests.markup import tight

HTMX = {"HTTP_HX_REQUEST": "true"}
PAST, SOON = TODAY - timedelta(days=1), TODAY


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


@pytest.fixture
def crowd(stage):
    """One participant more for every possible combination of states: a talk needs both assessments, a plan the talk."""
    for own, manager, talk, plan in product(Progress.values, Progress.values, TalkProgress.values, PlanProgress.values):
        if manager == Progress.ENTERED:
            continue
        if talk and (own, manager) != (Progress.RELEASED, Progress.RELEASED):
            continue
        if plan and talk < TalkProgress.RECORDED:
            continue
        someone = Person.objects.create(first_name=f"{own}{manager}{talk}{plan}", last_name="Stand")
        Participation.objects.create(
            round=stage.round,
            person=someone,
            manager=stage.cast.bernd,
            profile=stage.participation.profile,
            person_name=str(someone),
            sort_key=someone.sort_key,
            self_state=own,
            manager_state=manager,
            talk_state=talk,
            plan_state=plan,
            self_due=SOON,
            manager_due=SOON,
            talk_due=SOON,
        )
    return stage.round


# The numbers --------------------------------------------------------------------------------------


def test_a_round_is_counted_with_one_query(crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        standing = progress_of(crowd, TODAY)

    # 15 combinations, 6 more with a plan, and the two who have not begun
    assert standing == RoundProgress(
        invited=23,
        self_started=3,
        self_released=12,
        manager_released=13,
        talks_recorded=8,
        confirmed=4,
        plans_agreed=4,
    )


@pytest.mark.parametrize("due", [*product([PAST, SOON], [PAST, SOON], [PAST, SOON], [PAST, SOON, None])])
def test_those_counted_as_late_are_those_listed_as_late(crowd, due):
    fields = ("self_due", "manager_due", "talk_due", "plan_due")
    Participation.objects.update(**dict(zip(fields, due, strict=True)))

    found = monitoring.columns_of(monitoring.listed(crowd, Narrowing(), TODAY))
    rows = monitoring.rows_in_words(found, crowd, TODAY, readable=set())
    marked = [row["pk"] for row in rows if row["is_late"]]
    listed = [row.pk for row in monitoring.listed(crowd, Narrowing(state=monitoring.LATE), TODAY)]

    assert marked == listed
    assert progress_of(crowd, TODAY).overdue == len(listed)
    assert (listed == []) is (PAST not in due)


@pytest.mark.parametrize("start", [0, 1, 51])
def test_the_whole_list_page_by_page_is_the_list(crowd, start):
    """A page of nobody begins with the 0th."""
    listed = list(monitoring.columns_of(monitoring.listed(crowd, Narrowing(), TODAY)))

    assert monitoring.first_from(crowd.pk, str(start)) == listed[max(start - 1, 0) :][:50]


def test_who_is_late_depends_on_the_step_that_is_late(crowd):
    Participation.objects.update(self_due=PAST, manager_due=SOON, talk_due=SOON)

    listed = Participation.objects.filter(late(TODAY), round=crowd)

    assert set(listed.values_list("self_state", flat=True)) == {Progress.OPEN, Progress.STARTED, Progress.ENTERED}


def test_without_a_deadline_no_plan_is_late(crowd):
    recorded = crowd.participations.filter(talk_state__gte=TalkProgress.RECORDED)

    recorded.update(plan_due=PAST)
    late_ones = crowd.participations.filter(late(TODAY))
    assert set(late_ones.values_list("plan_state", flat=True)) == {PlanProgress.NONE, PlanProgress.DRAFT}

    recorded.update(plan_due=None)
    assert not late_ones.all().exists()


def test_who_rests_is_never_late(crowd):
    Participation.objects.update(self_due=PAST, manager_due=PAST, talk_due=PAST, plan_due=PAST, paused_on=TODAY)

    assert (progress_of(crowd, TODAY).overdue, progress_of(crowd, TODAY).resting) == (0, 23)


def test_who_has_declined_is_counted_and_listed_nowhere_else(hr, crowd, django_assert_num_queries):
    Participation.objects.update(self_due=PAST, manager_due=PAST, talk_due=PAST)
    dora = crowd.participations.get(person_name="Dora Özgür")
    before = progress_of(crowd, TODAY)
    declining.decline(participation=dora)

    with django_assert_num_queries(1):
        standing = progress_of(crowd, TODAY)
    assert standing == replace(before, invited=22, overdue=before.overdue - 1, declined=1)
    for word in ["", *monitoring.STATES]:
        listed = monitoring.listed(crowd, Narrowing(state=word), TODAY).filter(pk=dora.pk)
        assert listed.exists() is (word == monitoring.DECLINED), word
    everybody, alone = monitor(hr, crowd), monitor(hr, crowd, stand=monitoring.DECLINED)
    assert ("<strong>1</strong> nimmt nicht teil" in " ".join(everybody.split()), "Özgür, Dora" in everybody) == (
        True,
        False,
    )
    assert 'Özgür, Dora <span class="badge">nimmt nicht teil</span>' in " ".join(alone.split())
    assert ("überfällig</span>" in alone, 'name="wahl"' in alone, "vom-papier" in alone) == (False, False, False)
    by_unit = standing_by_unit(crowd, TODAY, read_tree())
    assert (total(by_unit).invited, total(by_unit).declined) == (22, 0)
    assert [one.participants for one in counted(Round.objects.all())] == [22]


def test_nobody_is_late_in_a_round_that_has_ended(crowd):
    Participation.objects.update(self_due=PAST, manager_due=PAST, talk_due=PAST)
    close_round(round_=crowd)
    crowd.refresh_from_db()

    assert progress_of(crowd, TODAY).overdue == 0
    assert not monitoring.listed(crowd, Narrowing(state=monitoring.LATE), TODAY).exists()


@pytest.mark.parametrize("word", monitoring.COUNTED_FILTERS)
def test_what_is_known_of_a_filter_is_how_many_it_lists(crowd, word):
    crowd.participations.filter(pk=crowd.participations.first().pk).update(paused_on=TODAY)
    crowd.participations.filter(self_state=Progress.OPEN).update(self_due=PAST)
    leaver = crowd.participations.filter(self_state=Progress.OPEN).last().person
    Person.objects.filter(pk=leaver.pk).update(leaving_date=TODAY - timedelta(days=1))
    narrowing, standing = monitoring.Narrowing(state=word), progress_of(crowd, TODAY)

    listed = monitoring.listed(crowd, narrowing, TODAY).count()

    assert monitoring.number_listed(narrowing, standing) == listed
    assert monitoring.number_listed(replace(narrowing, name="x"), standing) is None


def test_every_filter_finds_what_its_name_says(crowd):
    Participation.objects.filter(plan_state=PlanProgress.COMPLETED).update(paused_on=TODAY)

    found = {
        word: crowd.participations.filter(condition).count() for word, (_, condition) in monitoring.FILTERS.items()
    }

    assert found == {
        "nicht-begonnen": 5,
        "selbst": 11,
        "selbst-begonnen": 3,
        "papier": 3,
        "selbst-frei": 12,
        "fremd": 10,
        "fremd-frei": 13,
        "gespraech": 2,
        "festgehalten": 8,
        "kenntnis": 4,
        "fertig": 4,
        "ohne-plan": 4,
        "plan": 4,
        "ruht": 2,
    }


def test_every_number_on_the_page_leads_to_as_many_people(hr, crowd):
    Participation.objects.filter(self_state=Progress.OPEN).update(self_due=PAST)
    Participation.objects.filter(plan_state=PlanProgress.COMPLETED).update(paused_on=TODAY)
    counted = progress_of(crowd, TODAY)

    for word, number in {
        "": counted.invited,
        "selbst-frei": counted.self_released,
        "selbst-begonnen": counted.self_started,
        "fremd-frei": counted.manager_released,
        "festgehalten": counted.talks_recorded,
        "fertig": counted.confirmed,
        "plan": counted.plans_agreed,
        "ueberfaellig": counted.overdue,
        "ruht": counted.resting,
    }.items():
        assert number > 0
        assert f'href="?stand={word}"' in monitor(hr, crowd) or not word
        assert f"{number} von 23 Personen" in monitor(hr, crowd, stand=word)


# By unit ------------------------------------------------------------------------------------------


@pytest.fixture
def tree(stage):
    """Hauptamt 10 with anna's and dora's team 10.1, and a participant in neither."""
    Participation.objects.filter(person=stage.cast.dora).update(unit=Unit.objects.get(number="10"))
    someone = Person.objects.create(first_name="Ohne", last_name="Einheit")
    Participation.objects.create(
        round=stage.round, person=someone, manager=stage.cast.bernd, profile=stage.participation.profile,
        person_name="Ohne Einheit", sort_key="einheit, ohne", self_due=SOON, manager_due=SOON, talk_due=SOON,
    )  # fmt: skip
    Unit.objects.create(number="99", name="Niemand")
    return stage.release(stage.own)


def test_a_unit_counts_those_beneath_it(tree):
    rows = standing_by_unit(tree.round, TODAY, read_tree())

    names = {unit.pk: str(unit) for unit in Unit.objects.all()}
    assert [(names.get(row.unit, "None"), row.standing.invited, row.standing.self_released) for row in rows] == [
        ("10 Hauptamt", 2, 1),
        ("10.1 Digitalisierung", 1, 1),
        ("None", 1, 0),
    ]
    assert total(rows) == progress_of(tree.round, TODAY)


def test_each_unit_leads_to_its_people(hr, tree):
    page = hr.get(url("round_units", tree.round)).text
    amt, team = Unit.objects.get(number="10"), Unit.objects.get(number="10.1")

    shown = {}
    for word in (amt.number, team.number, "ohne Einheit"):
        assert f'href="{tree.round.get_absolute_url()}?einheit={word.replace(" ", "%20")}"' in page
        shown[word] = listed(monitor(hr, tree.round, einheit=word))
    assert shown == {"10": ["Anna Ärmel", "Dora Özgür"], "10.1": ["Anna Ärmel"], "ohne Einheit": ["Ohne Einheit"]}
    assert "Niemand" not in page


def test_people_are_counted_where_they_were_when_they_came_in(hr, tree):
    Person.objects.update(unit=None)

    assert listed(monitor(hr, tree.round, einheit=tree.participation.unit.number)) == ["Anna Ärmel"]


def test_a_closed_round_says_nothing_of_being_late(hr, tree):
    running = hr.get(url("round_units", tree.round)).text
    close_round(round_=tree.round)

    assert ("fällig" in running, "fällig" in hr.get(url("round_units", tree.round)).text) == (True, False)


def test_a_round_without_anybody_has_no_units_to_show(hr, stage):
    Participation.objects.all().delete()

    assert "In dieser Runde ist niemand mehr." in hr.get(url("round_units", stage.round)).text
    assert "In dieser Runde ist niemand mehr." in monitor(hr, stage.round)


@pytest.mark.parametrize("more", [1, 60])
def test_units_query_count(hr, stage, more, django_assert_num_queries):
    for number in range(more):
        unit = Unit.objects.create(number=f"5{number:03}", name="Amt", parent=stage.cast.anna.unit)
        someone = Person.objects.create(first_name="P", last_name=f"{number}")
        Participation.objects.create(
            round=stage.round, person=someone, manager=stage.cast.bernd, profile=stage.participation.profile,
            person_name="P", sort_key="p", self_due=SOON, manager_due=SOON, talk_due=SOON, unit=unit,
        )  # fmt: skip

    with django_assert_num_queries(7):  # session, user, round, tree, counts, late ones who left, the page's units
        page = hr.get(url("round_units", stage.round), {"alle": "ja"}).text

    assert page.count('<th scope="row"') == min(more + 2, 50) + 1  # Hauptamt, the team, and all together


def test_the_tree_of_units_is_folded_and_opens_one_branch(hr, tree):
    amt, team = Unit.objects.get(number="10"), Unit.objects.get(number="10.1")
    other = Unit.objects.create(number="20", name="Kämmerei")
    Participation.objects.filter(person_name="Ohne Einheit").update(unit=other)

    def shown(**query):
        page = hr.get(url("round_units", tree.round), query).text
        return [str(one) for one in Unit.objects.all() if f">{one}</a>" in page]

    assert shown() == [str(amt), str(other)]
    assert shown(offen=amt.pk) == shown(offen=team.pk) == shown(alle="ja") == [str(amt), str(team), str(other)]
    for nonsense in ("x", "999999", "-1", ""):
        assert shown(offen=nonsense) == [str(amt), str(other)]


def test_the_tree_says_in_percent_how_many_have_released(hr, tree):
    page = tight(hr.get(url("round_units", tree.round)).text)

    assert '<progress max="2" value="1" aria-hidden="true">' in page
    assert '<td class="kern-table__cell num" data-column="Selbst frei\N{SOFT HYPHEN}gegeben">1 (50 %)</td>' in page


def test_the_units_are_taken_along_as_a_workbook(hr, tree):
    response = hr.get(url("round_units_list", tree.round))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["Einheiten"]
    rows = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
    assert rows[rows.index(["Einheit", "Dezernat", "Amt", "nehmen teil"]) + 1 :] == [
        ["10 Hauptamt", "10 Hauptamt", None, 2],
        ["10.1 Digitalisierung", "10 Hauptamt", "10.1 Digitalisierung", 1],
        ["ohne Einheit", None, None, 1],
        ["alle Einheiten zusammen", None, None, 3],
    ]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "–"), (0, 9, "0 %"), (1, 10_000, "1 %"), (9_999, 10_000, "99 %"), (3, 3, "100 %")],
)
def test_none_and_all_are_the_only_0_and_100_percent(part, whole, said):
    assert percent(part, whole) == said


@pytest.mark.parametrize("order", monitoring.ORDERS)
def test_the_list_is_sorted_both_ways(hr, stage, order):
    stage.release_both()
    Participation.objects.filter(person=stage.cast.dora).update(unit_name="1", role_name="A", manager=stage.cast.clara)
    Participation.objects.filter(person=stage.cast.anna).update(
        talk_state=TalkProgress.RECORDED, plan_state=PlanProgress.DRAFT
    )

    assert listed(monitor(hr, stage.round, sortiert=order)) == ["Dora Özgür", "Anna Ärmel"]
    assert listed(monitor(hr, stage.round, sortiert=f"-{order}")) == ["Anna Ärmel", "Dora Özgür"]
    assert listed(monitor(hr, stage.round, sortiert=f"{order}x")) == ["Anna Ärmel", "Dora Özgür"]


def test_the_list_is_narrowed_to_what_tells_who_needs_something(hr, stage):
    cast = stage.cast
    Person.objects.filter(pk=cast.dora.pk).update(email=None)
    more_time = stage.participation.self_due + timedelta(days=3)
    Participation.objects.filter(person=cast.anna).update(self_due=more_time)

    assert listed(monitor(hr, stage.round, merkmal="ohne-mail")) == ["Dora Özgür"]
    assert listed(monitor(hr, stage.round, merkmal="verlaengert")) == ["Anna Ärmel"]
    assert listed(monitor(hr, stage.round, merkmal="ohne-fuehrungskraft")) == []
    assert "<strong>1</strong> ohne E-Mail" in " ".join(monitor(hr, stage.round).split())
    Person.objects.filter(pk=cast.bernd.pk).update(is_active=False)
    assert listed(monitor(hr, stage.round, merkmal="ohne-fuehrungskraft")) == ["Anna Ärmel", "Dora Özgür"]
    assert listed(monitor(hr, stage.round, merkmal="unsinn")) == ["Anna Ärmel", "Dora Özgür"]


def test_somebody_is_found_by_personnel_number(hr, stage):
    Person.objects.filter(pk=stage.cast.dora.pk).update(personnel_number="PN-4711")

    assert listed(monitor(hr, stage.round, suche="pn-4711")) == ["Dora Özgür"]
    assert listed(monitor(hr, stage.round, leitung=stage.cast.bernd.personnel_number)) == ["Anna Ärmel", "Dora Özgür"]


def test_the_page_of_one_person_says_dates_letters_and_changes_and_no_level(hr, stage):
    stage.release_both(3, 3)
    row = stage.participation
    Participation.objects.filter(pk=row.pk).update(talk_due=row.talk_due + timedelta(days=3), paused_on=TODAY)
    told = {"person": stage.cast.anna, "path": row.get_absolute_url(), "written_at": timezone.now()}
    Letter.objects.create(key=f"round-{stage.round.pk}-reminder-x", kind="reminder", **told)
    Letter.objects.create(key=f"round-{stage.round.pk}-peer-1", kind="peer", **told | {"path": "/"})
    Letter.objects.create(key="round-999999-reminder-x", kind="removal", **told | {"path": "/"})

    page = hr.get(url("round_person", stage.round, row)).text

    assert "Gesendete E-Mails stehen hier 90 Tage lang." in page
    assert f"{row.talk_due + timedelta(days=3):%d.%m.%Y}" in page
    assert f"<li>{TODAY:%d.%m.%Y}: ruht</li>" in page
    assert (page.count("Erinnerung"), "Mitteilung" in page, "Entfernung" in page) == (1, False, False)
    assert "Experte" not in page
    assert hr.get(url("round_person", Stage(stage.cast, title="Andere").round, row)).status_code == 404


def test_units_are_found_by_number_or_name(hr, tree):
    pages = {asked: hr.get(url("round_units", tree.round), {"q": asked}).text for asked in ("10.1", "haupt", "Niemand")}

    shown = {asked: [str(one) for one in Unit.objects.all() if f">{one}</a>" in page] for asked, page in pages.items()}
    assert shown == {"10.1": ["10.1 Digitalisierung"], "haupt": ["10 Hauptamt"], "Niemand": []}
    assert "Keine Einheit mit Beteiligten passt zu dieser Suche." in pages["Niemand"]


def test_a_list_narrowed_by_part_of_a_units_name_has_everybody_beneath(hr, tree):
    assert listed(monitor(hr, tree.round, einheit="haupt")) == ["Anna Ärmel", "Dora Özgür"]
    assert listed(monitor(hr, tree.round, einheit="Niemand")) == []
    assert listed(monitor(hr, tree.round, einheit="gibt es nicht")) == []


def test_a_tree_is_read_in_its_order(cast):
    names = {unit.pk: str(unit) for unit in Unit.objects.all()}

    assert [(names[pk], depth) for pk, depth in read_tree().depths.items()] == [
        ("10 Hauptamt", 0),
        ("10.1 Digitalisierung", 1),
    ]


# The list -----------------------------------------------------------------------------------------


def url(name, *objects):
    return reverse(f"assessments:{name}", args=[thing.pk for thing in objects])


def listed(page):
    """The names in the monitor's table."""
    rows = page.split('<th scope="row"')[1:]
    names = [row.split("</th>")[0].split("<span>")[1].split("<")[0].strip() for row in rows if "<span>" in row]
    return [" ".join(reversed(name.split(", "))) for name in names]


def monitor(client, round_, htmx=False, **query):
    return client.get(round_.get_absolute_url(), query, **(HTMX if htmx else {})).text


def test_the_monitor_shows_states_and_never_a_level(hr, stage):
    stage.release_both(3, 3)

    page = monitor(hr, stage.round)

    assert listed(page) == ["Anna Ärmel", "Dora Özgür"]
    assert page.count('<td class="kern-table__cell" data-column="Selbst">freigegeben</td>') == 1
    assert page.count('<td class="kern-table__cell" data-column="Fremd">freigegeben</td>') == 1
    assert "Experte" not in page
    assert stage.participation.get_absolute_url() not in page


def test_where_the_round_shows_levels_hr_opens_what_is_disclosed(hr, cast):
    stage = Stage(cast, shows_levels_to_hr=True).release_both()
    other = Participation.objects.get(person=cast.dora)

    page = monitor(hr, stage.round)

    opened = [f'href="{row.get_absolute_url()}"' in page for row in (stage.participation, other)]
    assert opened == [True, False]


@pytest.mark.parametrize("text", ["ozgur", "ÖZGÜR", "Dora Özgür", "Özgür, Dora", "  özg  ", "dora\x00"])
def test_a_name_is_found_however_it_is_typed(hr, stage, text):
    assert listed(monitor(hr, stage.round, suche=text)) == ["Dora Özgür"]


@pytest.mark.parametrize("text", ["niemand", "%", "_", "'; --"])
def test_a_name_nobody_has_finds_nobody(hr, stage, text):
    page = monitor(hr, stage.round, suche=text)

    assert "Niemand entspricht dieser Auswahl." in page
    assert "0 von 2 Personen" in page


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("selbst", ["Dora Özgür"]),
        ("fremd", ["Dora Özgür"]),
        ("gespraech", ["Anna Ärmel"]),
        ("kenntnis", []),
        ("fertig", []),
        ("ueberfaellig", []),
        ("unsinn", ["Anna Ärmel", "Dora Özgür"]),
    ],
)
def test_the_monitor_is_narrowed_to_a_state(hr, stage, word, names):
    stage.release_both()

    assert listed(monitor(hr, stage.round, stand=word)) == names


def test_who_is_late_is_listed_while_the_round_runs(hr, stage):
    Participation.objects.update(self_due=TODAY - timedelta(days=1))
    stage.release_both()

    running = listed(monitor(hr, stage.round, stand="ueberfaellig"))
    close_round(round_=stage.round)

    assert running == ["Dora Özgür"]
    assert listed(monitor(hr, stage.round, stand="ueberfaellig")) == []


def test_the_monitor_is_narrowed_to_a_role(hr, cast):
    other = RoleProfile.objects.exclude(key="digitallotse").first()
    RoleHolding.objects.filter(person=cast.dora).update(profile=other)
    stage = Stage(cast)

    assert listed(monitor(hr, stage.round, rolle=other.pk)) == ["Dora Özgür"]


@pytest.mark.parametrize("text", ["sahin", "Žižek", "bernd ŞAHIN"])
def test_the_monitor_is_narrowed_to_a_manager(hr, cast, text):
    cast.dora.manager = cast.clara
    cast.dora.save()
    stage = Stage(cast)

    assert listed(monitor(hr, stage.round, leitung=text)) == ["Anna Ärmel"]
    assert listed(monitor(hr, stage.round, leitung="chefin")) == ["Dora Özgür"]


@pytest.mark.parametrize("query", [{}, {"einheit": "10.1"}])
def test_two_managers_of_the_same_name_are_told_apart_by_their_numbers(hr, cast, query):
    Person.objects.filter(pk=cast.clara.pk).update(first_name=cast.bernd.first_name, last_name=cast.bernd.last_name)
    Person.objects.filter(pk=cast.dora.pk).update(manager=cast.clara)
    stage = Stage(cast)

    page = monitor(hr, stage.round, **query)
    each = hr.get(reverse("assessments:round_person", args=[stage.round.pk, stage.participation.pk])).content.decode()

    assert [f"{cast.bernd} ({number})" in page for number in ("0001", "0002")] == [True, True]
    assert f"{cast.bernd} (0002)" in each


def test_filters_narrow_together(hr, stage):
    stage.release(stage.own)
    unit = stage.cast.anna.unit.number

    both = monitor(hr, stage.round, einheit=unit, stand="selbst", leitung="bernd", rolle=stage.participation.profile_id)

    assert listed(both) == ["Dora Özgür"]
    assert listed(monitor(hr, stage.round, einheit=unit, stand="selbst", suche="anna")) == []


@pytest.mark.parametrize(
    "query",
    [{"einheit": " "}, {"rolle": "²"}, {"rolle": "1;2"}, {"stand": "x"}],
)
def test_a_filter_that_is_none_narrows_nothing(hr, stage, query):
    assert listed(monitor(hr, stage.round, **query)) == ["Anna Ärmel", "Dora Özgür"]


@pytest.mark.parametrize("query", [{"einheit": "999999"}, {"einheit": "x" * 500}, {"rolle": "9" * 18}])
def test_a_unit_or_role_there_is_not_finds_nobody(hr, stage, query):
    assert listed(monitor(hr, stage.round, **query)) == []


def test_the_address_and_the_form_say_what_is_chosen(hr, stage):
    unit, role = stage.cast.anna.unit, stage.participation.profile
    page = monitor(hr, stage.round, einheit=unit.number, rolle=role.pk, stand="selbst", suche="a", leitung="b")

    assert f'value="{unit.number}"' in page
    for chosen in (f'value="{role.pk}" selected', 'value="selbst" selected'):
        assert page.count(chosen) == 1
    assert page.count(" selected>") == 2
    query = f"suche=a&amp;stand=selbst&amp;einheit={unit.number}&amp;rolle={role.pk}&amp;leitung=b"
    assert f'name="liste" value="{query}"' in tight(page)
    assert f'href="{url("round_list", stage.round)}?{query}"' in page


def test_a_narrowing_comes_back_from_its_address():
    narrowing = Narrowing(state="selbst", unit="10.1 Bürger & Co", role=7, manager="Žižek & Co", name="ä")

    assert Narrowing.of(QueryDict(narrowing.query)) == narrowing
    assert Narrowing.of(QueryDict("")).query == ""


def test_htmx_gets_the_list_and_the_count_is_announced(hr, stage):
    fragment = monitor(hr, stage.round, htmx=True, suche="dora")

    assert fragment.strip().startswith('<div id="beteiligte">')
    assert "<html" not in fragment
    assert 'id="status" hx-swap-oob="innerHTML">1 von 2 Personen</p>' in fragment


def test_going_back_gets_the_whole_page(hr, stage):
    page = hr.get(stage.round.get_absolute_url(), **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true").text

    assert "<html" in page


def test_a_large_round_turns_pages_and_keeps_the_search(hr, cast):
    many(cast, 100)
    stage = Stage(cast)

    pages = [monitor(hr, stage.round, suche="viele", seite=page) for page in (1, 3, "x", 99)]

    assert [len(listed(page)) for page in pages] == [30, 30, 30, 10]
    assert 'href="?suche=viele&amp;seite=2"' in pages[0]
    assert 'name="liste" value="suche=viele&amp;seite=3"' in tight(pages[1])
    assert "alle 100 gefundenen auswählen" in pages[0]


def test_an_own_deadline_stands_beside_what_is_still_open(hr, stage):
    own = {"self_due": date(2030, 1, 2), "manager_due": date(2030, 2, 3)}
    Participation.objects.filter(person=stage.cast.anna).update(**own)
    stage.release(stage.own)

    page = monitor(hr, stage.round)

    assert ("bis 03.02.2030" in page, "bis 02.01.2030" in page) == (True, False)


def test_who_rests_or_is_late_says_so(hr, stage):
    Participation.objects.update(self_due=PAST)
    Participation.objects.filter(person=stage.cast.dora).update(paused_on=date(2026, 3, 4))

    page = monitor(hr, stage.round)

    assert page.count("ruht seit 04.03.2026") == 1
    assert page.count('<span class="badge badge--overdue">überfällig</span>') == 1


def test_in_a_closed_round_there_is_nothing_to_choose(hr, stage):
    running = monitor(hr, stage.round)
    close_round(round_=stage.round)
    closed = monitor(hr, stage.round)

    assert ('name="wahl"' in running, 'name="wahl"' in closed) == (True, False)
    assert ("Nachträglich aufnehmen" in running, "Nachträglich aufnehmen" in closed) == (True, False)
    assert "Ärmel, Anna" in closed


def test_what_upper_apps_hand_out_is_offered(hr, stage):
    assert reverse("learningplans:round_measures", args=[stage.round.pk]) in monitor(hr, stage.round)


@pytest.mark.parametrize("more", [0, 25])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 8),  # session, user, round, states counted, participations, those without address, hand-overs, roles
        ({"stand": "selbst", "suche": ",", "leitung": "bernd"}, 9),  # those chosen counted
        ({"einheit": "10.1"}, 10),  # and the unit that is called so
    ],
)
def test_monitor_query_count(hr, cast, more, query, expected, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)
    with django_assert_num_queries(expected):
        page = monitor(hr, stage.round, **query)

    assert len(listed(page)) == 2 + more


def test_a_name_is_a_name_among_the_choices_too(hr, stage):
    RoleProfile.objects.create(name='"></select><script>alert(1)</script>')

    page = monitor(hr, stage.round)

    assert "&quot;&gt;&lt;/select&gt;&lt;script&gt;alert(1)&lt;/script&gt;</option>" in page
    assert "<script>alert" not in page
    assert "</select><" not in page.split('name="einheit"')[1].split("</select>")[0]


def test_what_is_chosen_stays_chosen_and_nothing_else(hr, stage):
    page = monitor(hr, stage.round, stand="selbst")

    assert re.findall(r'<option value="(\w+)" selected>', page) == ["selbst"]


def test_the_page_tells_of_people_who_have_another_manager_by_now(hr, stage):
    before = monitor(hr, stage.round)
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)

    after = monitor(hr, stage.round)

    told = "1 Person hat inzwischen eine andere Führungskraft."
    assert (told in before, told in after) == (False, True)
    close_round(round_=stage.round)
    assert told not in monitor(hr, stage.round)


def test_htmx_asks_for_less(hr, stage, django_assert_num_queries):
    with django_assert_num_queries(6):  # session, user, round, states counted, those chosen counted, participations
        monitor(hr, stage.round, htmx=True, stand="selbst")


def test_somebody_who_left_meanwhile_still_stands_in_the_round(hr, stage):
    Person.objects.filter(pk=stage.cast.dora.pk).update(is_active=False)

    assert listed(monitor(hr, stage.round)) == ["Anna Ärmel", "Dora Özgür"]


def test_a_draft_has_no_units_and_no_list(hr, cast):
    draft = plan_round(cast)

    assert [hr.get(url(name, draft)).status_code for name in ("round_units", "round_list")] == [404, 404]
    assert Round.objects.count() == 1


# Who works here no more ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "late"), [({"is_active": False}, 1), ({"leaving_date": in_days(-1)}, 1), ({"leaving_date": TODAY}, 2)]
)
def test_nobody_is_late_who_works_here_no_more(as_, cast, gone, late, django_assert_num_queries):
    stage = Stage(cast)
    Participation.objects.update(self_due=in_days(-1))
    Person.objects.filter(pk=cast.anna.pk).update(**gone)
    client = as_(cast.paula)

    with django_assert_num_queries(1):
        standing = progress_of(stage.round, TODAY)

    listed = monitoring.listed(stage.round, Narrowing(state=monitoring.LATE), TODAY)
    page = client.get(f"/runden/{stage.round.pk}/").text
    units = total(standing_by_unit(stage.round, TODAY, read_tree()))
    assert (standing.overdue, units.overdue, listed.count(), standing.invited) == (late, late, late, 2)
    assert page.count(">überfällig</span>") == late
