"""The date of the Gespräch: set, moved, called off, and taken into calendars."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.changes.handing_over import hand_over
from assessments.models import Participation, Round
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.talk.appointment import set_talk_date
from assessments.talk.views.appointment import AppointmentForm, hints
from kompetenz.letters.models import Letter
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import Refused
from tests.clock import BERLIN, TODAY, in_days

TOO_LATE = "Der Termin bleibt, wie er ist"


def at_ten(days):
    return datetime.combine(in_days(days), time(10), BERLIN)


def the_date(stage):
    return Participation.objects.values_list("talk_at", "talk_place").get(pk=stage.participation.pk)


def set_by(stage, who, at, place=""):
    return set_talk_date(participation=stage.participation, at=at, place=place, by=who)


def address(name, stage):
    return reverse(f"assessments:{name}", args=[stage.participation.pk])


def send(client, stage, **fields):
    return client.post(address("talk_date", stage), fields)


# --- the rule ---------------------------------------------------------------------------------------------------


def test_the_manager_sets_moves_and_calls_off_the_date(stage):
    bernd = stage.cast.bernd

    dates = []
    for at, place in [(at_ten(3), "Raum 2"), (at_ten(4), "Raum 2"), (None, "Raum 2")]:
        dates.append((set_by(stage, bernd, at, place), the_date(stage), (at, place)))

    assert [(is_new, found == wanted) for is_new, found, wanted in dates] == [(True, True), (True, True), (True, False)]
    assert the_date(stage) == (None, "")


def test_the_same_date_again_is_nothing_new(stage):
    at = at_ten(3)

    assert [set_by(stage, stage.cast.bernd, at, "hier") for _ in range(2)] == [True, False]


def test_each_change_is_told_also_back_to_an_earlier_date_or_to_another_place(stage):
    first, second = at_ten(3), at_ten(4)
    told = []

    for at, place in [(first, "hier"), (second, "hier"), (first, "hier"), (first, "dort")]:
        set_by(stage, stage.cast.bernd, at, place)
        told.append(Letter.objects.filter(person=stage.cast.anna, kind=Letter.Kind.TALK).count())

    assert told == [1, 2, 3, 4]


def test_a_deputy_sets_the_date_too(stage):
    cast, today = stage.cast, TODAY
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.dora, since=today, until=today)
    deputy.people.add(cast.anna)
    at = at_ten(3)

    set_by(stage, cast.dora, at)

    assert the_date(stage) == (at, "")


@pytest.mark.parametrize("who", ["anna", "clara", "dora", "paula", "fremd"])
def test_nobody_else_sets_it(stage, who):
    with pytest.raises(Refused, match=TOO_LATE):
        set_by(stage, getattr(stage.cast, who), at_ten(3))

    assert the_date(stage) == (None, "")


def test_a_former_manager_sets_it_no_longer(stage):
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()

    with pytest.raises(Refused):
        set_by(stage, stage.cast.bernd, at_ten(3))


def test_the_date_lies_ahead(stage):
    with pytest.raises(Refused, match="Vergangenheit"):
        set_by(stage, stage.cast.bernd, timezone.now())


def test_a_talk_that_has_begun_may_be_continued_another_day(stage):
    stage.release_both().talk()

    assert set_by(stage, stage.cast.bernd, at_ten(1)) is True


@pytest.mark.parametrize("ended", ["recorded", "closed", "resting"])
def test_no_date_once_the_talk_does_not_lie_ahead(stage, ended):
    at = at_ten(3)
    set_by(stage, stage.cast.bernd, at)
    if ended == "recorded":
        stage.release_both().record()
    elif ended == "closed":
        Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    else:
        Participation.objects.update(paused_on=TODAY)

    for changed in (at_ten(5), None):
        with pytest.raises(Refused, match=TOO_LATE):
            set_by(stage, stage.cast.bernd, changed)
    assert the_date(stage) == (at, "")


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_date_is_said_on_both_pages_and_the_start_page(as_, stage):
    day = TODAY + timedelta(days=10)
    response = send(as_(stage.cast.bernd), stage, day=day.isoformat(), time="09:30", place="Raum 2.14")
    assert response.headers["Location"] == stage.participation.get_absolute_url()
    assert timezone.localtime(the_date(stage)[0]).time() == time(9, 30)

    client = as_(stage.cast.anna)
    own = client.get(stage.participation.get_absolute_url()).text

    assert "09:30 Uhr</strong>, Raum 2.14" in own
    assert address("talk_calendar", stage) in own
    assert address("talk_date", stage) not in own


def test_the_manager_is_led_to_the_page_from_participation_and_talk(as_, stage):
    stage.release_both()
    client = as_(stage.cast.bernd)

    pages = [client.get(address(name, stage)).text for name in ("participation", "talk")]

    assert [address("talk_date", stage) in page for page in pages] == [True, True]


def test_the_form_begins_with_the_date_there_is(as_, stage):
    day = TODAY + timedelta(days=10)
    client = as_(stage.cast.bernd)
    send(client, stage, day=day.isoformat(), time="09:30", place="Raum 2.14")

    text = client.get(address("talk_date", stage)).text

    assert [value in text for value in (f'value="{day}"', 'value="09:30"', 'value="Raum 2.14"', "absagen")] == [
        True
    ] * 4


def test_the_date_is_called_off_by_a_button(as_, stage):
    set_by(stage, stage.cast.bernd, at_ten(3), "hier")

    page = as_(stage.cast.bernd).post(address("talk_date", stage), {"absagen": "ja"}, follow=True)

    assert "Termin abgesagt" in page.text
    assert the_date(stage) == (None, "")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"place": ""}, "Bitte geben Sie bei „Datum“ einen Tag an."),
        ({"day": "2026-02-30", "time": "09:00"}, "Bitte ein gültiges Datum eingeben."),
        ({"day": "2020-01-01", "time": "09:00"}, "Der Termin liegt in der Vergangenheit."),
        ({"day": "2027-01-01", "time": "25:00"}, "Bitte eine gültige Uhrzeit eingeben."),
        ({"day": "2027-01-01", "time": "09:00", "place": "x" * 121}, "höchstens 120 Zeichen"),
        ({"day": "9999-12-31", "time": "23:59"}, "Dieses Jahr kann nicht stimmen."),
        ({"day": "2099-12-31", "time": "23:59"}, "Der Termin liegt mehr als zwei Jahre voraus."),
        ({"day": "0001-01-01", "time": "00:00"}, "Dieses Jahr kann nicht stimmen."),
    ],
)
def test_what_is_no_date_to_come_is_said_beside_its_field(as_, stage, fields, error):
    response = send(as_(stage.cast.bernd), stage, **fields)

    assert (response.status_code, error in response.text) == (200, True)
    assert the_date(stage) == (None, "")


@pytest.mark.parametrize(
    ("day", "at", "taken"),
    [
        (date(2026, 3, 29), time(2, 30), False),  # left out
        (date(2026, 3, 29), time(1, 59), True),
        (date(2026, 3, 29), time(3, 0), True),
        (date(2026, 10, 25), time(2, 30), False),  # comes twice
        (date(2026, 10, 25), time(3, 0), True),
    ],
)
def test_an_hour_that_berlins_clocks_do_not_show_once_is_refused(stage, monkeypatch, day, at, taken):
    monkeypatch.setattr("assessments.talk.views.appointment.timezone.now", lambda: datetime(2026, 1, 1, tzinfo=UTC))

    form = AppointmentForm(stage.participation, {"day": day, "time": at})

    assert form.is_valid() is taken
    if not taken:
        assert list(form.errors) == ["time"]


WEEKEND, LATE = (
    "Der Termin liegt am Wochenende.",
    "Der Termin liegt nach der Frist für das Gespräch (30.\xa0Juni 2026).",
)
HOLIDAYS = "Der Termin liegt zwischen den Jahren: Viele sind dann nicht im Dienst."


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 6, 30), []),
        (date(2026, 7, 1), [LATE]),
        (date(2026, 6, 27), [WEEKEND]),
        (date(2026, 12, 26), [LATE, WEEKEND, HOLIDAYS]),
    ],
)
def test_what_speaks_against_the_day_is_said(stage, day, wanted):
    stage.participation.talk_due = date(2026, 6, 30)

    assert hints(stage.participation, datetime.combine(day, time(10), tzinfo=UTC)) == wanted


def test_a_late_day_is_taken_with_a_hint_and_calling_it_off_has_none(as_, stage):
    client, due = as_(stage.cast.bernd), stage.participation.talk_due
    late = (due + timedelta(days=1)).isoformat()

    set_ = client.post(address("talk_date", stage), {"day": late, "time": "09:30"}, follow=True).text
    at = the_date(stage)[0]
    off = client.post(address("talk_date", stage), {"absagen": "ja"}, follow=True).text

    assert ("nach der Frist für das Gespräch" in set_, timezone.localtime(at).date().isoformat()) == (True, late)
    assert "Der Termin liegt" not in off


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("recorded", "Das Ergebnis des Gesprächs ist schon festgehalten."),
        ("rests", "Die Teilnahme ruht."),
        ("closed", "Die Runde ist inzwischen beendet."),
    ],
)
def test_where_no_date_can_be_set_the_page_leads_back_and_says_why(as_, stage, what, why):
    stage.release_both()
    if what == "recorded":
        stage.record()
    if what == "rests":
        Participation.objects.update(paused_on=TODAY)
    if what == "closed":
        close_round(round_=stage.round)
    client = as_(stage.cast.bernd)

    for method in (client.get, client.post):
        page = method(address("talk_date", stage), follow=True)
        assert f"Es lässt sich kein Termin festlegen: {why}" in page.text


# --- the calendar -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "partner"), [("anna", "Bernd Şahin-Žižek"), ("bernd", "Anna Ärmel")])
def test_both_take_the_date_into_their_calendars_with_the_name_of_the_other(as_, stage, who, partner):
    at = at_ten(3)
    set_by(stage, stage.cast.bernd, at, "Raum 2")

    response = as_(getattr(stage.cast, who)).get(address("talk_calendar", stage))

    (entry,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Gespraech-Aermel-Anna-Runde-2026.ics"'
    assert (entry.start, str(entry["summary"]), str(entry["class"])) == (at, f"Gespräch mit {partner}", "PRIVATE")


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_where_the_round_wants_it_nobody_is_named_there(as_, stage, who):
    set_by(stage, stage.cast.bernd, at_ten(3), "Raum 2")
    Round.objects.update(calendar_tells="date")

    response = as_(getattr(stage.cast, who)).get(address("talk_calendar", stage))

    assert "SUMMARY:Termin\r\n" in response.text
    for named in ("Anna", "Ärmel", "Bernd", "Žižek", stage.round.title):
        assert named not in response.text


def test_a_moved_date_keeps_its_name(as_, stage):
    entries = []
    for days in (3, 4):
        set_by(stage, stage.cast.bernd, at_ten(days))
        response = as_(stage.cast.anna).get(address("talk_calendar", stage))
        entries += icalendar.Calendar.from_ical(response.content).walk("VEVENT")

    assert entries[0]["uid"] == entries[1]["uid"]
    assert entries[1].start - entries[0].start >= timedelta(days=1)


# --- another manager, or none any more --------------------------------------------------------------------------------


def entries():
    """Of each letter with a file since the last look: to whom, and whether it enters the date or takes it out."""
    found = []
    for letter in Letter.objects.exclude(calendar="").order_by("pk").select_related("person"):
        calendar = icalendar.Calendar.from_ical(letter.calendar)
        (event,) = calendar.walk("VEVENT")
        found.append((letter.person.first_name, str(calendar["METHOD"]), str(event["UID"]).split("@")[0]))
    Letter.objects.all().delete()
    return sorted(found)


@pytest.fixture
def dated(stage):
    """The talk has a date, and everybody has it in the calendar."""
    set_by(stage, stage.cast.bernd, at_ten(10))
    Letter.objects.all().delete()
    return stage


def test_another_manager_takes_the_date_from_one_calendar_into_the_other(dated):
    cast, uid = dated.cast, f"gespraech-{dated.participation.pk}"
    cast.anna.manager = cast.clara
    cast.anna.save()
    changed = entries()

    hand_over(participations=[dated.participation], by=cast.paula)

    assert changed == [("Bernd", "CANCEL", uid)]
    assert entries() == [("Clara", "PUBLISH", uid)]


def test_a_former_manager_who_comes_back_has_the_date_again(dated):
    cast, uid = dated.cast, f"gespraech-{dated.participation.pk}"
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    Letter.objects.all().delete()

    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd)

    assert entries() == [("Bernd", "PUBLISH", uid)]


@pytest.mark.parametrize(("days", "off"), [(9, True), (10, False)])
def test_who_leaves_before_the_talk_has_it_taken_from_both_calendars(dated, days, off):
    cast, uid = dated.cast, f"gespraech-{dated.participation.pk}"
    cast.anna.leaving_date = in_days(days)
    cast.anna.save()
    left = entries()

    cast.anna.leaving_date = None
    cast.anna.save()

    both = ["Anna", "Bernd"] if off else []
    assert left == [(name, "CANCEL", uid) for name in both]
    assert entries() == [(name, "PUBLISH", uid) for name in both]


@pytest.mark.parametrize("back", ["opened", "sent back"])
def test_a_talk_that_was_held_earlier_leaves_the_calendars_and_open_again_it_returns(dated, back):
    both, uid = ["Anna", "Bernd"], f"gespraech-{dated.participation.pk}"
    dated.release_both().record()
    held, talk = entries(), dated.participation.talk

    if back == "opened":
        recording.reopen_talk(talk=talk)
    else:
        recording.send_back(talk=talk, by=dated.cast.anna, reason="Das Gespräch kommt erst noch.")

    assert held == [(name, "CANCEL", uid) for name in both]
    assert entries() == [(name, "PUBLISH", uid) for name in both]


def test_of_who_rests_no_calendar_hears_anything(dated):
    dated.release_both().talk()
    Participation.objects.update(paused_on=TODAY)

    recording.record_talk(talk=dated.participation.talk, by=dated.cast.bernd)
    recording.reopen_talk(talk=dated.participation.talk)

    assert entries() == []


@pytest.mark.parametrize("change", [{"paused_on": TODAY}, {"talk_at": at_ten(-1)}])
def test_a_date_that_is_past_or_called_off_already_is_not_called_off_again(dated, change):
    Participation.objects.update(**change)
    Person.objects.filter(pk=dated.cast.anna.pk).update(manager=dated.cast.clara)

    assert entries() == []
