"""HR's rounds: planned, opened, watched, closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from assessments.opening import close_round
from kompetenz.people.models import Person, Unit
from roles.models import RoleHolding, RoleProfile
from tests.assessments.test_opening import many
from tests.conftest import Stage, plan_round

HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = timezone.localdate()
IN_THE_PAST = "Dieses Datum liegt in der Vergangenheit."


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def form(**changes):
    """A round as the form sends it."""
    sent = {
        "title": "Runde 2027",
        "purpose": "Damit alle wissen, wo sie stehen.",
        "self_due": str(TODAY + timedelta(days=10)),
        "manager_due": str(TODAY + timedelta(days=12)),
        "talk_due": str(TODAY + timedelta(days=20)),
        "disclosure": "both",
        "hides_target": "on",
    }
    return {**sent, **changes}


def url(name, *objects):
    return reverse(f"assessments:{name}", args=[thing.pk for thing in objects])


def test_a_new_round_suggests_deadlines(hr):
    page = hr.get(url("round_create")).text

    assert page.count(f'value="{TODAY + timedelta(weeks=3)}"') == 2
    assert page.count(f'value="{TODAY + timedelta(weeks=7)}"') == 1


def test_a_round_is_saved_as_a_draft_of_whoever_planned_it(hr, cast):
    unit, profile = Unit.objects.get(number="10"), RoleProfile.objects.first()

    response = hr.post(url("round_create"), form(units=[unit.pk], profiles=[profile.pk], disclosure="talk"))

    saved = Round.objects.get()
    assert response.headers["Location"] == saved.get_absolute_url()
    assert (saved.title, saved.state, saved.created_by) == ("Runde 2027", Round.State.DRAFT, cast.paula)
    assert (list(saved.units.all()), list(saved.profiles.all())) == ([unit], [profile])
    assert (saved.disclosure, saved.hides_target, saved.shows_levels_to_hr) == ("talk", True, False)


@pytest.mark.parametrize(
    ("field", "days", "message"),
    [
        ("self_due", -1, IN_THE_PAST),
        ("manager_due", -1, IN_THE_PAST),
        ("talk_due", -1, IN_THE_PAST),
        ("talk_due", 11, "Das Gespräch liegt nach den Einschätzungen. Bitte wählen Sie ein späteres Datum."),
    ],
)
def test_deadlines_out_of_order_are_refused_beside_their_field(hr, field, days, message):
    page = hr.post(url("round_create"), form(**{field: str(TODAY + timedelta(days=days))})).text

    assert message in page.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert 'value="Runde 2027"' in page
    assert f'value="{TODAY + timedelta(days=days)}"' in page
    assert not Round.objects.exists()


@pytest.mark.parametrize("field", ["title", "purpose", "self_due", "manager_due", "talk_due", "disclosure"])
def test_a_round_without_something_it_needs_keeps_the_rest(hr, field):
    page = hr.post(url("round_create"), form(**{field: ""})).text

    assert "Bitte prüfen Sie Ihre Eingaben. Es ist nichts verloren gegangen." in page
    assert ('value="Runde 2027"' in page) is (field != "title")
    assert not Round.objects.exists()


def test_a_date_that_is_none_is_refused_in_german(hr):
    page = hr.post(url("round_create"), form(talk_due="32.13.2026")).text

    assert "Bitte ein gültiges Datum eingeben." in page


def test_the_same_day_for_everything_is_in_order(hr):
    day = str(TODAY)

    hr.post(url("round_create"), form(self_due=day, manager_due=day, talk_due=day))

    assert Round.objects.count() == 1


def test_a_draft_is_changed_with_old_deadlines_left_alone(hr, cast):
    draft = plan_round(cast, self_due=TODAY - timedelta(days=3))
    sent = form(title="Neuer Titel", self_due=str(draft.self_due))

    response = hr.post(url("round_edit", draft), sent)

    draft.refresh_from_db()
    assert response.headers["Location"] == draft.get_absolute_url()
    assert draft.title == "Neuer Titel"


def test_a_draft_shows_whom_it_would_address(hr, cast):
    cast.dora.manager = None
    cast.dora.save()

    page = hr.get(plan_round(cast).get_absolute_url()).text

    assert "Diese 1 Person" in page
    assert "Ärmel, Anna" in page
    assert "Özgür, Dora" in page.split("Ohne Führungskraft")[1]
    assert "Fremd, Frieda" in page.split("Ohne Rolle")[1]


def test_a_draft_that_addresses_nobody_says_so_and_cannot_be_opened(hr, cast):
    RoleHolding.objects.all().delete()
    draft = plan_round(cast)

    page = hr.get(draft.get_absolute_url()).text
    refused = hr.post(url("round_open", draft), follow=True)

    assert "Diese Runde spricht noch niemanden an." in page
    assert "Diese Runde spricht noch niemanden mit Rolle und Führungskraft an." in refused.text
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_long_draft_lists_a_hundred_and_says_how_many_more(hr, cast):
    many(cast, 120)

    page = hr.get(plan_round(cast).get_absolute_url()).text

    assert page.count("<li>Viele, ") == 98  # Anna and Dora come first
    assert "… und 22 weitere." in page


def test_opening_takes_everybody_in(hr, cast):
    draft = plan_round(cast)

    page = hr.post(url("round_open", draft), follow=True).text

    assert "Die Runde läuft." in page
    assert "2 von 2 Personen" in page
    assert Participation.objects.count() == 2


def test_a_round_that_has_ended_cannot_be_opened_again(hr, stage):
    close_round(round_=stage.round)

    response = hr.post(url("round_open", stage.round))

    stage.round.refresh_from_db()
    assert (response.status_code, stage.round.state) == (404, Round.State.CLOSED)


def test_an_open_round_moves_its_deadlines_and_nothing_else(hr, stage):
    sent = form(title="Anderer Titel", shows_levels_to_hr="on")

    response = hr.post(url("round_deadlines", stage.round), sent)

    stage.round.refresh_from_db()
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert str(stage.round.talk_due) == sent["talk_due"]
    assert (stage.round.title, stage.round.shows_levels_to_hr) == ("Runde 2026", False)


def test_deadlines_are_checked_in_an_open_round_too(hr, stage):
    page = hr.post(url("round_deadlines", stage.round), form(self_due=str(TODAY - timedelta(days=1)))).text

    assert IN_THE_PAST in page.split('id="id_self_due_error"')[1].split("</div>")[0]


def test_closing_says_first_what_it_ends(hr, stage):
    stage.release(stage.own)

    page = hr.get(url("round_close", stage.round)).text
    closed = hr.post(url("round_close", stage.round), follow=True).text

    assert "1 von 2 Selbsteinschätzungen sind freigegeben." in page
    assert "Die Runde ist beendet." in closed
    stage.round.refresh_from_db()
    assert stage.round.state == Round.State.CLOSED


def test_a_closed_round_moves_no_deadline_and_closes_no_more(hr, stage):
    close_round(round_=stage.round)

    names = ["round_deadlines", "round_close", "round_edit"]
    assert [hr.get(url(name, stage.round)).status_code for name in names] == [404, 404, 404]


def test_only_a_draft_is_thrown_away(hr, stage):
    draft = plan_round(stage.cast, title="Verworfen")

    response = hr.post(url("round_delete", draft))

    assert response.headers["Location"] == url("rounds")
    assert hr.post(url("round_delete", stage.round)).status_code == 404
    assert list(Round.objects.all()) == [stage.round]


def test_without_rounds_the_page_says_what_one_is(hr):
    assert "Noch gibt es keine Runde." in hr.get(url("rounds")).text


@pytest.mark.parametrize("more", [1, 60])
def test_rounds_query_count(hr, cast, more, django_assert_num_queries):
    for number in range(more):
        plan_round(cast, title=f"Runde {number}")

    with django_assert_num_queries(5):  # session, user, count, rounds with their counts, leads people
        page = hr.get(url("rounds")).text

    assert page.count('<th scope="row"') == min(more, 50)


# The monitor --------------------------------------------------------------------------------------


def listed(page):
    """The names in the monitor's table."""
    return [cell.split(">")[-1] for cell in page.split("</th><td")[:-1]]


def monitor(client, round_, htmx=False, **query):
    return client.get(round_.get_absolute_url(), query, **(HTMX if htmx else {})).text


def test_the_monitor_shows_states_and_never_a_level(hr, stage):
    stage.release_both(3, 3)

    page = monitor(hr, stage.round)

    assert listed(page) == ["Anna Ärmel", "Dora Özgür"]
    assert page.count('<td class="kern-table__cell">freigegeben</td>') == 2
    assert "Experte" not in page


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
    Round.objects.update(self_due=TODAY - timedelta(days=1))
    stage.release_both()

    running = listed(monitor(hr, stage.round, stand="ueberfaellig"))
    close_round(round_=stage.round)

    assert running == ["Dora Özgür"]
    assert listed(monitor(hr, stage.round, stand="ueberfaellig")) == []


def test_htmx_gets_the_list_and_the_count_is_announced(hr, stage):
    fragment = monitor(hr, stage.round, htmx=True, suche="dora")

    assert fragment.strip().startswith('<div id="beteiligte">')
    assert "<html" not in fragment
    assert 'role="status" id="status" hx-swap-oob="true">1 von 2 Personen</p>' in fragment


def test_a_large_round_turns_pages_and_keeps_the_search(hr, cast):
    many(cast, 120)
    stage = Stage(cast)

    pages = [monitor(hr, stage.round, suche="viele", seite=page) for page in (1, 3, "x", 99)]

    assert [len(listed(page)) for page in pages] == [50, 20, 50, 20]
    assert 'href="?suche=viele&amp;seite=2"' in pages[0]


@pytest.mark.parametrize("more", [0, 40])
@pytest.mark.parametrize(("query", "expected"), [({}, 6), ({"stand": "selbst", "suche": ","}, 7)])
def test_monitor_query_count(hr, cast, more, query, expected, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)

    # session, user, round, states counted, (those chosen counted,) participations; paula leads nobody: leads people
    with django_assert_num_queries(expected):
        page = monitor(hr, stage.round, **query)

    assert len(listed(page)) == 2 + more


def test_somebody_who_left_meanwhile_still_stands_in_the_round(hr, stage):
    Person.objects.filter(pk=stage.cast.dora.pk).update(is_active=False)

    assert listed(monitor(hr, stage.round)) == ["Anna Ärmel", "Dora Özgür"]
