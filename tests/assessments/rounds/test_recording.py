"""Whatever is set of a round is on record: what it was and is, who has set it, on which day."""

import pytest
from django.urls import reverse

from assessments.models import Round, RoundChange
from assessments.models.round_changes import SETTINGS
from assessments.rounds.closing import begin_closing, close_round
from assessments.rounds.preparing import copy_round, start_round
from kompetenz.people.models import Unit
from roles.models import RoleProfile
from tests.clock import TODAY, in_days
from tests.conftest import plan_round

DECIDES_NOTHING = {"id", "state", "calendar_changed_on", "edition", "created_by", "opened_by", "opened_at", "closed_at"}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


@pytest.fixture
def draft(cast):
    return plan_round(cast)


def at(name, round_):
    return reverse(f"assessments:round_{name}", args=[round_.pk])


def noted(round_):
    rows = RoundChange.objects.filter(round=round_).order_by("pk")
    return {one.field: (one.before, one.after) for one in rows if one.by}


def days(**changes):
    after = {"self_due": 20, "manager_due": 22, "talk_due": 43, "plan_due": 50}
    return {field: str(in_days(number)) for field, number in (after | changes).items()}


def test_every_setting_that_is_changed_while_a_round_is_prepared_is_noted(hr, cast, draft):
    unit, profile = Unit.objects.get(number="10"), RoleProfile.objects.get(key="digitallotse")
    texts = {"title": "Neu", "purpose": "Wozu.", "procedure": "Wie.", "responsible": cast.paula.pk}
    rules = {"disclosure": "each", "shows_levels_to_hr": "on", "has_peers": "on", "calendar_tells": "date"}

    hr.post(at("purpose", draft), texts)
    hr.post(at("people", draft), {"units": [unit.pk], "profiles": [profile.pk], "people": cast.anna.email})
    hr.post(at("dates", draft), days())
    hr.post(at("visibility", draft), rules | {"peer_due": str(in_days(21))})

    assert noted(draft) == {
        "title": ("Runde 2026", "Neu"),
        "purpose": ("Damit alle wissen, wo sie stehen.", "Wozu."),
        "procedure": ("–", "Wie."),
        "is_voluntary": ("ja", "nein"),
        "responsible": ("–", "Paula Personal"),
        "units": ("alle", str(unit)),
        "profiles": ("alle", str(profile)),
        "people": ("alle", "1 ausgewählte Person"),
        "self_due": (f"{in_days(14):%d.%m.%Y}", f"{in_days(20):%d.%m.%Y}"),
        "manager_due": (f"{in_days(14):%d.%m.%Y}", f"{in_days(22):%d.%m.%Y}"),
        "talk_due": (f"{in_days(42):%d.%m.%Y}", f"{in_days(43):%d.%m.%Y}"),
        "plan_due": ("–", f"{in_days(50):%d.%m.%Y}"),
        "peer_due": ("–", f"{in_days(21):%d.%m.%Y}"),
        "disclosure": (Round.Disclosure.BOTH.label, Round.Disclosure.EACH.label),
        "hides_target": ("ja", "nein"),
        "shows_levels_to_hr": ("nein", "ja"),
        "has_peers": ("nein", "ja"),
        "calendar_tells": (Round.CalendarTells.PEOPLE.label, Round.CalendarTells.DATE.label),
    }
    assert set(noted(draft)) == set(SETTINGS)
    assert set(RoundChange.objects.values_list("by", "on")) == {(cast.paula.pk, TODAY)}


def test_every_field_of_a_round_is_a_setting_or_decides_nothing():
    fields = {field.name for field in (*Round._meta.concrete_fields, *Round._meta.many_to_many)}

    assert fields == set(SETTINGS) | DECIDES_NOTHING


def test_other_people_are_a_change_even_if_they_are_as_many(hr, cast, draft):
    draft.people.set([cast.anna])
    hr.post(at("people", draft), {"people": cast.bernd.email}, **HTMX)

    assert noted(draft) == {"people": ("1 ausgewählte Person", "1 ausgewählte Person (1 dazu, 1 weg)")}


@pytest.mark.parametrize("changes", [{}, {"talk_due": 1}])
def test_what_is_not_saved_is_not_noted(hr, draft, changes):
    now = {name: str(getattr(draft, name)) for name in ("self_due", "manager_due", "talk_due")}
    hr.post(at("dates", draft), days(**changes) if changes else now)

    assert noted(draft) == {}


def test_deadlines_and_calendars_of_a_running_round_are_noted(hr, stage):
    RoundChange._base_manager.all().delete()
    hr.post(at("deadlines", stage.round), days() | {"calendar_tells": "date"})

    assert set(noted(stage.round)) == {"self_due", "manager_due", "talk_due", "plan_due", "calendar_tells"}


def test_beginning_opening_and_ending_are_noted(cast, stage):
    begin_closing(round_=stage.round, by=cast.paula, at_once=True)

    states = RoundChange.objects.filter(field="state", by=cast.paula).order_by("pk")
    assert list(states.values_list("before", "after")) == [("in Vorbereitung", "läuft"), ("läuft", "beendet")]


def test_a_round_is_begun_by_somebody_empty_or_as_a_copy(cast):
    begun = start_round(by=cast.paula)
    copy = copy_round(source=begun, by=cast.paula, with_people=False)

    assert [noted(one) for one in (begun, copy)] == [{"state": ("", "in Vorbereitung")}] * 2


def test_ended_at_the_command_line_it_is_noted_without_a_name(stage):
    close_round(round_=stage.round)

    last = RoundChange.objects.filter(round=stage.round).first()
    assert (last.after, last.by) == ("beendet", None)


def test_the_record_goes_with_a_preparation_that_is_thrown_away_and_never_else(cast, draft):
    one = RoundChange.objects.create(round=draft, by=cast.paula, field="purpose", before="a", after="b")

    for change in (one.save, one.delete, RoundChange.objects.all().delete):
        with pytest.raises(TypeError, match="nur fortgeschrieben"):
            change()
    draft.delete()
    assert not RoundChange.objects.exists()
