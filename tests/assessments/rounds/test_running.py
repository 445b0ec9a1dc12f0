"""What HR does with some of a running round's participants: remind, extend, let rest, remove; and taking people in late."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Assessment, Participation, Rating, Target
from assessments.peers import asking
from assessments.rounds import late_entry, running, schedule, spans
from assessments.rounds.closing import close_round
from assessments.rounds.opening import admit
from assessments.talk import recording
from assessments.telling import tasks
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import TooLate
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from roles.models import RoleHolding, RoleProfile
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY
from tests.conftest import Stage, person, plan_round
from tests.markup import tight

YESTERDAY, LATER = TODAY - timedelta(days=1), TODAY + timedelta(weeks=20)
ENDED = "Diese Runde ist inzwischen beendet. Es wurde nichts geändert."
ACTIONS = ["round_remind", "round_extend", "round_pause", "round_resume", "round_remove"]


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def url(name, round_):
    return reverse(f"assessments:{name}", args=[round_.pk])


def of(somebody):
    return Participation.objects.get(person=somebody)


def sent(*participations, **more):
    """What the form on an action's page sends."""
    return {"wahl": ",".join(str(row.pk) for row in participations), "liste": "", **more}


# Choosing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS)
def test_the_page_names_those_ticked(hr, stage, action):
    page = hr.get(url(action, stage.round), {"wahl": [stage.participation.pk], "liste": "stand=selbst"}).text

    assert "<strong>Anna Ärmel</strong>" in page
    assert f'name="wahl" value="{stage.participation.pk}"' in page
    assert f'href="{stage.round.get_absolute_url()}?stand=selbst"' in page
    assert "Dora" not in page


@pytest.mark.parametrize("action", ACTIONS)
def test_a_selection_spans_pages(hr, cast, action):
    many(cast, 60)
    stage = Stage(cast)

    page = hr.get(url(action, stage.round), {"alle": "1", "liste": "suche=viele&seite=2"}).text

    assert "60 Personen" in page
    keys = spans.read([page.split('name="wahl" value="')[1].split('"')[0]])
    named = keys.among(Participation.objects.values_list("pk", flat=True))
    assert named == set(
        Participation.objects.exclude(person=cast.anna).exclude(person=cast.dora).values_list("pk", flat=True)
    )
    assert "Anna Ärmel" not in page


def test_the_form_acts_on_those_shown_whatever_the_list_has_become(hr, stage):
    """Anna no longer lacks her self-assessment when HR confirms, and Dora was never shown."""
    shown = sent(stage.participation, liste="stand=selbst")
    stage.release(stage.own)

    hr.post(url("round_pause", stage.round), shown)

    assert (of(stage.cast.anna).paused_on, of(stage.cast.dora).paused_on) == (TODAY, None)


def test_after_it_the_list_is_the_one_before(hr, stage):
    response = hr.post(url("round_pause", stage.round), sent(stage.participation, liste="stand=selbst&seite=1"))

    assert response.headers["Location"] == f"{stage.round.get_absolute_url()}?stand=selbst&seite=1"


@pytest.mark.parametrize("lists", ["//fremd.example/", "https://fremd.example", "a\r\nSet-Cookie: b=c", "\x00"])
def test_a_forged_list_leads_nowhere_else(hr, stage, lists):
    response = hr.post(url("round_pause", stage.round), sent(stage.participation, liste=lists))

    assert response.headers["Location"].partition("?")[0] == stage.round.get_absolute_url()
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("wahl", ["", "x", "0,,;", "9" * 40, "-5", "²"])
def test_who_chooses_nobody_is_told(hr, stage, action, wahl):
    page = hr.get(url(action, stage.round), {"wahl": wahl}, follow=True).text

    assert "Bitte wählen Sie zuerst aus" in page


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_participants_of_another_round_are_left_alone(hr, stage, action, method):
    other = plan_round(stage.cast, title="Andere")
    elsewhere = Participation.objects.get(pk=stage.participation.pk)
    elsewhere.pk, elsewhere.round = None, other
    elsewhere.save()
    data = {"wahl": str(elsewhere.pk), "self_due": str(LATER), "verlust": "9"}

    response = getattr(hr, method)(url(action, stage.round), data)

    before = dict(vars(elsewhere))
    elsewhere.refresh_from_db()
    assert response.status_code == 302
    assert (elsewhere.paused_on, elsewhere.self_due) == (before["paused_on"], before["self_due"])


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_but_hr_does_any_of_this(as_, stage, action, method):
    cast, data = stage.cast, {"wahl": str(stage.participation.pk), "self_due": str(LATER), "verlust": "9"}
    others = [cast.anna, cast.bernd, cast.clara, cast.audit, cast.fremd]

    answers = [getattr(as_(who), method)(url(action, stage.round), data).status_code for who in others]

    assert answers == [404] * 5
    assert Participation.objects.filter(self_due=stage.round.self_due, paused_on=None).count() == 2


@pytest.mark.parametrize("action", [*ACTIONS, "round_admit"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_in_a_round_that_has_ended_nothing_changes_and_it_says_so(hr, stage, action, method):
    close_round(round_=stage.round)
    data = {"wahl": str(stage.participation.pk), "self_due": str(LATER), "verlust": "9"}

    page = getattr(hr, method)(url(action, stage.round), data, follow=True).text

    assert ENDED in page
    assert Participation.objects.filter(self_due=stage.round.self_due, paused_on=None).count() == 2


@pytest.mark.parametrize("action", [*ACTIONS, "round_admit"])
def test_a_round_in_preparation_has_nobody_to_act_on(hr, cast, action):
    assert hr.get(url(action, plan_round(cast)), {"wahl": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["pause", "resume", "remove", "extend_deadlines"])
def test_a_round_closed_at_the_same_moment_stays_as_it_is(stage, name):
    rows = [stage.participation]
    close_round(round_=stage.round)

    with pytest.raises(TooLate):
        getattr(running, name)(round_=stage.round, participations=rows)

    assert Participation.objects.filter(paused_on=None).count() == 2


def test_a_round_closed_while_the_page_was_sent_is_said(hr, stage, monkeypatch):
    def ended(**_):
        raise TooLate

    monkeypatch.setattr(running, "pause", ended)

    assert ENDED in hr.post(url("round_pause", stage.round), sent(stage.participation), follow=True).text


@pytest.mark.parametrize("more", [0, 120])
@pytest.mark.parametrize(("action", "expected"), list(zip(ACTIONS, [6, 6, 5, 7, 6], strict=True)))
def test_a_selections_page_costs_the_same_for_few_and_many(hr, cast, more, action, expected, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)
    Participation.objects.update(paused_on=TODAY, self_due=YESTERDAY)

    # session, user, round, ids, the first names; their deadlines; to resume the same of those behind, to remove how far they are
    with django_assert_num_queries(expected):
        page = hr.get(url(action, stage.round), {"alle": "1"}).text

    assert f"{more + 2} Personen" in page


@pytest.mark.parametrize("action", ACTIONS)
def test_a_page_names_the_first_of_many_and_leads_to_all(hr, cast, action):
    many(cast, 120)
    stage = Stage(cast)
    Participation.objects.update(paused_on=TODAY, self_due=YESTERDAY, talk_state=0)

    page = hr.get(url(action, stage.round), {"alle": "1", "liste": "suche=viele"}).text

    named = page.count("Viele") // (2 if action == "round_resume" else 1)  # those who were late at once are named, too
    assert (named, "und 70 weitere" in page) == (50, True)
    assert f'<a href="{stage.round.get_absolute_url()}?suche=viele">Liste der Runde</a>' in page


def test_of_many_who_stay_the_first_are_named(hr, cast, run_jobs):
    many(cast, 60)
    stage = Stage(cast)
    everybody = Participation.objects.filter(person_name__contains="Viele")
    everybody.update(self_state=3, manager_state=3, talk_state=2)

    job = hr.post(url("round_remove", stage.round), sent(*everybody)).url
    run_jobs()
    told = hr.get(job).text

    assert (told.count("Viele") >= 50, "und 10 weitere." in told) == (True, True)
    assert everybody.count() == 60


# Reminding ----------------------------------------------------------------------------------------


def test_a_reminder_goes_to_whoever_has_something_open(hr, stage):
    stage.release(stage.own)
    Letter.objects.all().delete()

    page = hr.post(url("round_remind", stage.round), sent(stage.participation, of(stage.cast.dora)), follow=True).text

    # dora for her own, bernd once for both
    assert "2 Erinnerungen geschrieben." in page
    assert {letter.person for letter in Letter.objects.filter(kind=Letter.Kind.REMINDER)} == {
        stage.cast.dora,
        stage.cast.bernd,
    }


def test_the_same_reminder_sent_twice_is_written_once(hr, stage):
    hr.post(url("round_remind", stage.round), sent(stage.participation))
    page = hr.post(url("round_remind", stage.round), sent(stage.participation), follow=True).text

    assert "Es war niemand zu erinnern" in page
    assert Letter.objects.filter(kind=Letter.Kind.REMINDER).count() == 2


def test_who_rests_is_not_reminded(hr, stage):
    Participation.objects.update(paused_on=TODAY)

    page = hr.post(url("round_remind", stage.round), sent(stage.participation), follow=True).text

    assert "die Teilnahme ruht, oder die Person ist ausgeschieden" in page
    assert not Letter.objects.filter(kind=Letter.Kind.REMINDER).exists()


# More time ----------------------------------------------------------------------------------------


def test_those_chosen_get_more_time_and_nobody_else(hr, stage):
    day = stage.round.talk_due

    page = hr.post(url("round_extend", stage.round), sent(stage.participation, self_due=str(day)), follow=True).text

    anna, dora = of(stage.cast.anna), of(stage.cast.dora)
    assert "Fristen verlängert: 1 Teilnahme." in page
    assert (anna.self_due, anna.manager_due, anna.talk_due) == (day, stage.round.manager_due, stage.round.talk_due)
    assert dora.self_due == stage.round.self_due


def test_who_has_a_later_deadline_keeps_it(hr, stage):
    later = stage.round.self_due + timedelta(days=20)
    Participation.objects.filter(person=stage.cast.dora).update(self_due=later)
    day = stage.round.self_due + timedelta(days=5)

    rows = sent(stage.participation, of(stage.cast.dora), self_due=str(day))
    page = hr.post(url("round_extend", stage.round), rows, follow=True).text

    assert "Fristen verlängert: 1 Teilnahme. Bei 1 lag die Frist schon später." in page
    assert (of(stage.cast.anna).self_due, of(stage.cast.dora).self_due) == (day, later)


def test_extending_twice_changes_nothing(stage):
    rows, day = [stage.participation], stage.round.self_due + timedelta(days=5)

    counts = [running.extend_deadlines(round_=stage.round, participations=rows, self_due=day) for _ in range(2)]

    assert counts == [1, 0]


@pytest.mark.parametrize(
    ("dues", "field", "message"),
    [
        ({}, None, "Bitte geben Sie mindestens ein neues Datum ein."),
        ({"self_due": str(YESTERDAY)}, "self_due", "Dieses Datum liegt in der Vergangenheit."),
        ({"self_due": "1999-12-31"}, "self_due", "Dieses Datum liegt in der Vergangenheit."),
        ({"talk_due": "2099-12-31"}, "talk_due", "Dieses Datum liegt mehr als fünf Jahre voraus."),
        ({"self_due": "31.02.2027"}, "self_due", "Bitte ein gültiges Datum eingeben."),
        (
            {"self_due": str(LATER)},
            "talk_due",
            "Bei Anna Ärmel (0003 · 10.1 Digitalisierung) läge das Gespräch dann vor den Einschätzungen.",
        ),
        (
            {"manager_due": str(LATER)},
            "talk_due",
            "Bei Anna Ärmel (0003 · 10.1 Digitalisierung) läge das Gespräch dann vor den Einschätzungen.",
        ),
        (
            {"talk_due": str(LATER)},
            "plan_due",
            "Bei Anna Ärmel (0003 · 10.1 Digitalisierung) läge der Lernplan dann vor dem Gespräch.",
        ),
    ],
)
def test_deadlines_out_of_order_are_refused_beside_their_field(hr, cast, dues, field, message):
    stage = Stage(cast, plan_due=TODAY + timedelta(weeks=8))
    before = Participation.objects.values_list("self_due", "manager_due", "talk_due", "plan_due")
    unchanged = list(before)

    page = hr.post(url("round_extend", stage.round), sent(stage.participation, **dues)).text

    place = page.split(f'id="id_{field}_error"')[1].split("</div>")[0] if field else page
    assert message in place
    assert f'name="wahl" value="{stage.participation.pk}"' in page
    assert list(before.all()) == unchanged


def test_all_deadlines_move_together(hr, cast):
    stage = Stage(cast, plan_due=TODAY + timedelta(weeks=8))
    dues = {"self_due": LATER, "manager_due": LATER, "talk_due": LATER, "plan_due": LATER}

    hr.post(url("round_extend", stage.round), sent(stage.participation, **{f: str(d) for f, d in dues.items()}))

    row = of(cast.anna)
    assert {field: getattr(row, field) for field in dues} == dues


def test_a_round_without_a_plans_deadline_asks_for_none(hr, stage):
    row = sent(stage.participation, plan_due=str(LATER), self_due=str(stage.round.talk_due))

    page = hr.get(url("round_extend", stage.round), row).text
    hr.post(url("round_extend", stage.round), row)

    assert "id_plan_due" not in page
    assert (of(stage.cast.anna).plan_due, of(stage.cast.anna).self_due) == (None, stage.round.talk_due)


def test_many_in_the_wrong_order_are_not_all_named(hr, cast):
    many(cast, 10)
    stage = Stage(cast)
    rows = sent(*stage.round.participations.all(), self_due=str(LATER))

    page = hr.post(url("round_extend", stage.round), rows).text

    named = [f"{one.person_name} ({one.person.number_and_unit})" for one in stage.round.participations.all()[:3]]
    assert f"Bei {', '.join(named)} und 9 weiteren läge das Gespräch dann" in page


@pytest.mark.parametrize("art", ["genau", "runde"])
def test_a_deadline_set_too_late_is_taken_back(hr, stage, art):
    Participation.objects.filter(pk=stage.participation.pk).update(self_due=LATER, manager_due=LATER, talk_due=LATER)
    back = stage.round.self_due
    days = {"self_due": str(back)} if art == "genau" else {}

    page = hr.post(url("round_extend", stage.round), sent(stage.participation, art=art, **days), follow=True).text

    row = of(stage.cast.anna)
    expected = (back, LATER, LATER) if art == "genau" else (back, back, stage.round.talk_due)
    assert "Fristen geändert: 1 Teilnahme." in page
    assert (row.self_due, row.manager_due, row.talk_due) == expected


def test_a_deadline_may_be_earlier_than_the_rounds(hr, stage):
    hr.post(url("round_extend", stage.round), sent(stage.participation, art="genau", self_due=str(TODAY)))

    assert (of(stage.cast.anna).self_due, of(stage.cast.dora).self_due) == (TODAY, stage.round.self_due)


def test_going_back_to_the_round_keeps_the_days_of_the_others_and_says_who_had_them(hr, stage):
    rows = sent(stage.participation, of(stage.cast.dora), art="runde")
    Participation.objects.filter(pk=stage.participation.pk).update(talk_due=LATER)

    page = hr.post(url("round_extend", stage.round), rows, follow=True).text

    assert "Fristen geändert: 1 Teilnahme. Bei 1 galt das schon." in page
    assert set(Participation.objects.values_list("talk_due", flat=True)) == {stage.round.talk_due}


@pytest.mark.parametrize(("art", "stays"), [("genau", True), ("runde", True), ("verlaengern", False)])
def test_days_that_somebody_sets_while_many_are_given_others_stay(hr, stage, settings, run_jobs, art, stays):
    settings.JOBS_AT_ONCE = 0
    Participation.objects.update(self_due=stage.round.self_due + timedelta(days=1))
    own, wanted = stage.round.self_due - timedelta(days=1), stage.round.self_due + timedelta(days=3)
    rows = sent(
        stage.participation, of(stage.cast.dora), art=art, **({} if art == "runde" else {"self_due": str(wanted)})
    )

    hr.post(url("round_extend", stage.round), rows)
    Participation.objects.filter(person=stage.cast.dora).update(self_due=own)
    run_jobs()

    anna = stage.round.self_due if art == "runde" else wanted
    assert (of(stage.cast.anna).self_due, of(stage.cast.dora).self_due) == (anna, own if stays else wanted)
    said = ["Nicht geändert, weil dort inzwischen andere Fristen gelten: 1 Teilnahme."] if stays else []
    assert Job.objects.get().lines == said


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_the_round_is_held_before_days_are_compared(hr, stage):
    rows = sent(stage.participation, art="genau", self_due=str(TODAY))

    with CaptureQueriesContext(connection) as queries:
        hr.post(url("round_extend", stage.round), rows)

    held = next(
        place for place, one in enumerate(queries) if "FOR UPDATE" in one["sql"] and "assessments_round" in one["sql"]
    )
    compared = next(place for place, one in enumerate(queries) if "SUM(" in one["sql"])
    assert held < compared


def test_earlier_days_in_the_wrong_order_are_refused_too(hr, stage):
    rows = sent(stage.participation, art="genau", talk_due=str(TODAY))

    page = hr.post(url("round_extend", stage.round), rows).text

    assert "Bei Anna Ärmel (0003 · 10.1 Digitalisierung) läge das Gespräch dann vor den Einschätzungen." in page
    assert of(stage.cast.anna).talk_due == stage.round.talk_due


def test_something_else_than_the_three_ways_is_refused(hr, stage):
    page = hr.post(url("round_extend", stage.round), sent(stage.participation, art="immer", self_due=str(LATER))).text

    assert 'id="id_art_error"' in page
    assert of(stage.cast.anna).self_due == stage.round.self_due


# Resting ------------------------------------------------------------------------------------------


def test_who_rests_has_no_task_and_is_told_since_when(hr, as_, stage):
    page = hr.post(url("round_pause", stage.round), sent(stage.participation), follow=True).text

    assert "1 Teilnahme ruht ab heute." in page
    for who in (stage.cast.anna, stage.cast.bernd):
        rows = tasks.participations_of(who)
        assert [
            task.title for task in tasks.tasks_of(who, rows) if "Anna" in task.title or who == stage.cast.anna
        ] == []
        assert "ruht seit" in as_(who).get(stage.participation.get_absolute_url()).text
    assert as_(stage.cast.bernd).get(reverse("assessments:team")).text.count("ruht seit") == 1


def test_resting_keeps_what_is_there_and_goes_on_from_it(hr, stage):
    stage.answer(stage.own)

    hr.post(url("round_pause", stage.round), sent(stage.participation))
    page = hr.post(url("round_resume", stage.round), sent(stage.participation), follow=True).text

    assert "1 Teilnahme läuft weiter." in page
    assert of(stage.cast.anna).paused_on is None
    assert len(stage.own.levels()) == len(stage.competencies)


def test_resting_begins_once(stage):
    Participation.objects.filter(pk=stage.participation.pk).update(paused_on=date(2026, 1, 2))
    rows = [stage.participation, of(stage.cast.dora)]

    count = running.pause(round_=stage.round, participations=rows)

    assert (count, of(stage.cast.anna).paused_on, of(stage.cast.dora).paused_on) == (1, date(2026, 1, 2), TODAY)


def test_going_on_twice_changes_nothing(stage):
    running.pause(round_=stage.round, participations=[stage.participation])

    counts = [running.resume(round_=stage.round, participations=[stage.participation]) for _ in range(2)]

    assert counts == [1, 0]


def test_before_going_on_those_are_named_who_would_be_late_at_once(hr, stage):
    Participation.objects.update(self_due=YESTERDAY)
    running.pause(round_=stage.round, participations=[stage.participation])
    rows = {"wahl": [stage.participation.pk, of(stage.cast.dora).pk]}

    page = hr.get(url("round_resume", stage.round), rows).text

    assert "1 Teilnahme wäre sofort überfällig." in page


def test_why_somebody_rests_is_nowhere_asked(hr, stage):
    page = hr.get(url("round_pause", stage.round), {"wahl": stage.participation.pk}).text

    assert "Ein Grund wird nicht gespeichert." in page
    assert "<textarea" not in page
    assert 'type="text"' not in page


# Leaving ------------------------------------------------------------------------------------------


def test_removing_takes_everything_of_it_and_nothing_else(hr, stage):
    stage.release(stage.own)
    Stage.answer(stage, of(stage.cast.dora).assessments.get(kind="self"))

    page = hr.post(url("round_remove", stage.round), sent(stage.participation, verlust="1"), follow=True).text

    assert "Entfernt: 1 Teilnahme." in page
    assert [row.person for row in Participation.objects.all()] == [stage.cast.dora]
    assert set(Target.objects.values_list("participation__person", flat=True)) == {stage.cast.dora.pk}
    assert set(Rating.objects.values_list("assessment__participation__person", flat=True)) == {stage.cast.dora.pk}
    assert Assessment.objects.count() == 2


def test_what_would_be_lost_is_said_before(hr, stage):
    stage.release(stage.own).answer(stage.manager)

    page = hr.get(url("round_remove", stage.round), {"alle": "1"}).text

    assert "Bei 1 von 2 gehen Angaben verloren:" in page
    assert "<li>1 Selbsteinschätzung freigegeben</li>" in page
    assert "<li>1 Fremdeinschätzung begonnen</li>" in page
    assert 'name="verlust" value="1"' in page


def test_a_record_that_was_sent_back_is_not_removed_either(hr, stage):
    stage.release_both().record()
    recording.send_back(talk=stage.participation.talk, by=stage.cast.anna, reason="So war es nicht.")
    of_dora = of(stage.cast.dora)
    stage.release(of_dora.assessments.get(kind="self")).release(of_dora.assessments.get(kind="manager"))
    recording.begin_talk(participation=of_dora)

    page = tight(hr.get(url("round_remove", stage.round), {"alle": "1"}).text)
    hr.post(url("round_remove", stage.round), sent(*Participation.objects.all(), verlust="1"))

    assert "1 davon bleibt in der Runde." in page
    assert "Bei 1 von 1 gehen Angaben verloren:" in page
    assert [f"<li>1 {what}</li>" in page for what in ("Selbsteinschätzung freigegeben", "Gespräch begonnen")] == [
        True
    ] * 2
    assert [row.person for row in Participation.objects.all()] == [stage.cast.anna]


def test_who_has_answered_nothing_goes_without_a_tick(hr, stage):
    page = hr.get(url("round_remove", stage.round), {"alle": "1"}).text
    hr.post(url("round_remove", stage.round), sent(*Participation.objects.all()))

    assert "Von diesen Personen ist noch nichts eingeschätzt." in page
    assert 'name="verlust"' not in page
    assert not Participation.objects.exists()


@pytest.mark.parametrize("tick", [{}, {"verlust": ""}, {"verlust": "0"}, {"verlust": "on"}])
def test_without_the_tick_nobody_is_removed(hr, stage, tick):
    stage.answer(stage.own)

    page = hr.post(url("round_remove", stage.round), sent(*Participation.objects.all(), **tick)).text

    assert "Es wurde niemand entfernt." in page
    assert 'name="verlust" value="1"' in page
    assert Participation.objects.count() == 2


def test_who_begins_while_hr_reads_is_not_lost_unseen(hr, stage):
    """The tick was for one; by now two have begun."""
    stage.answer(stage.own)
    stage.answer(of(stage.cast.dora).assessments.get(kind="self"))

    page = hr.post(url("round_remove", stage.round), sent(*Participation.objects.all(), verlust="1")).text

    assert "Es wurde niemand entfernt." in page
    assert 'name="verlust" value="2"' in page
    assert Participation.objects.count() == 2


def test_what_has_become_more_while_hr_reads_is_not_lost_unseen(hr, stage):
    """The tick was for one who had begun; by now both have released, and their talk is begun."""
    stage.answer(stage.own)
    page = hr.get(url("round_remove", stage.round), {"wahl": stage.participation.pk}).text
    shown = {"once": f"{stage.cast.paula.pk}-x", "read": re.search(r'name="read" value="(\w+)"', page)[1]}
    stage.release_both()
    recording.begin_talk(participation=of(stage.cast.anna))

    told = hr.post(url("round_remove", stage.round), sent(stage.participation, verlust="1", **shown)).text

    assert "Es wurde niemand entfernt." in told
    assert "<li>1 Gespräch begonnen</li>" in told
    assert Participation.objects.count() == 2


def test_who_was_removed_finds_it_in_their_access_log(hr, stage):
    stage.release(stage.own)

    hr.post(url("round_remove", stage.round), sent(stage.participation, verlust="1"))

    noted = Access.objects.filter(how="changed").values_list("about", "reader", "what", "role", "round_id")
    assert list(noted) == [(stage.cast.anna.pk, stage.cast.paula.pk, "course", "hr", stage.round.pk)]


@pytest.mark.parametrize("has_plan", [False, True])
def test_who_has_a_recorded_talk_or_a_plan_stays(hr, stage, has_plan):
    stage.release_both().record()
    if has_plan:
        drawing_up.draw_up_plan(participation=stage.participation)
    rows = list(Participation.objects.all())

    page = hr.get(url("round_remove", stage.round), {"alle": "1"}).text
    told = hr.post(url("round_remove", stage.round), sent(*rows), follow=True).text

    assert "1 davon bleibt in der Runde." in page
    assert (
        "Nicht entfernt, weil das Gespräch festgehalten ist oder es einen Lernplan gibt: Anna Ärmel (0003 · 10.1 Digitalisierung)."
        in told
    )
    assert [row.person for row in Participation.objects.all()] == [stage.cast.anna]
    assert LearningPlan.objects.exists() is has_plan


def test_a_plan_keeps_its_participation_when_the_talk_is_open_again(stage):
    stage.release_both().record()
    drawing_up.draw_up_plan(participation=stage.participation)
    Participation.objects.filter(pk=stage.participation.pk).update(talk_state=1)

    removal = running.remove(round_=stage.round, participations=[stage.participation], agreed_loss=5)

    assert (removal.names_of_kept, removal.removed) == ([("Anna Ärmel", "0003 · 10.1 Digitalisierung")], 0)
    assert LearningPlan.objects.count() == 1


def test_if_all_of_them_stay_there_is_nothing_to_confirm(hr, stage):
    stage.release_both().record()

    page = hr.get(url("round_remove", stage.round), {"wahl": stage.participation.pk}).text

    assert "Zurück zur Liste" in page
    assert "entfernen</span></button>" not in page


def test_whether_colleagues_have_answered_is_no_matter_of_hrs(hr, cast):
    """Their answers go too, but the page reads the same whether there are any or not."""
    stage = Stage(cast, has_peers=True, peer_due=TODAY + timedelta(days=7))
    nobody_asked = hr.get(url("round_remove", stage.round), {"wahl": stage.participation.pk}).text
    asking.nominate(participation=stage.participation, colleague=cast.fremd)
    asked = hr.get(url("round_remove", stage.round), {"wahl": stage.participation.pk}).text

    refused = hr.post(url("round_remove", stage.round), sent(stage.participation)).text
    hr.post(url("round_remove", stage.round), sent(stage.participation, verlust="0"))

    assert body(asked) == body(nobody_asked)
    assert "Es wurde niemand entfernt." in refused
    assert not Participation.objects.filter(person=cast.anna).exists()


def body(page):
    """A page without what differs with every answer."""
    return (
        page.split("<h1>")[1].split('name="csrfmiddlewaretoken"')[0] + page.split('name="liste"')[1].split("<footer")[0]
    )


def test_removing_twice_says_that_they_are_gone(hr, stage):
    row = sent(stage.participation)
    hr.post(url("round_remove", stage.round), row)

    page = hr.post(url("round_remove", stage.round), row, follow=True).text

    assert "Diese Teilnahmen gibt es nicht mehr." in page
    assert Participation.objects.count() == 1


# Coming late --------------------------------------------------------------------------------------


@pytest.fixture
def late(stage):
    """Emil, who has come after the start, with anna's role and manager."""
    emil = person("Emil", "Spät", manager=stage.cast.bernd, unit=stage.cast.anna.unit, personnel_number="0010")
    give_role(emil)
    return emil


def give_role(somebody):
    profile = RoleProfile.objects.get(key="digitallotse")
    return RoleHolding.objects.create(person=somebody, profile=profile, since=TODAY)


def dues(round_, **changes):
    suggested = late_entry.suggested_deadlines(round_, TODAY)
    return {field: str(day) for field, day in {**suggested, **changes}.items() if day}


def test_somebody_is_found_by_name_and_taken_in(hr, stage, late):
    found = hr.post(url("round_admit", stage.round), {"suche": "spät", "suchen": "1"}).text
    response = hr.post(url("round_admit", stage.round), {"person": [late.pk], **dues(stage.round)})

    row = of(late)
    assert f'name="person" value="{late.pk}"' in found
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert (row.manager, row.profile, row.admitted_on) == (stage.cast.bernd, stage.participation.profile, TODAY)
    assert set(row.assessments.values_list("kind", "rater")) == {("self", late.pk), ("manager", stage.cast.bernd.pk)}
    assert row.targets.count() == stage.participation.targets.count()
    assert Letter.objects.filter(person=late).exists()


def letters_since(done):
    """To whom which letters ``done`` adds to those that are kept."""
    known = list(Letter.objects.values_list("pk", flat=True))
    done()
    return sorted(Letter.objects.exclude(pk__in=known).values_list("person__first_name", "kind"))


def take_in(stage, somebody):
    late_entry.begin_admitting(round_=stage.round, people=[somebody])


def test_the_manager_is_told_of_each_who_enters_late(stage, late):
    written = letters_since(lambda: take_in(stage, late))

    assert written == [("Bernd", "invitation"), ("Emil", "invitation")]


def test_who_was_removed_is_told_and_told_again_when_they_are_admitted_again(stage):
    stage.release_both()

    removed = letters_since(
        lambda: running.remove(round_=stage.round, participations=[stage.participation], agreed_loss=1)
    )
    again = letters_since(lambda: take_in(stage, stage.cast.anna))

    assert removed == [("Anna", "removal"), ("Bernd", "removal")]
    assert again == [("Anna", "invitation"), ("Bernd", "invitation")]


def test_several_are_named_by_number(hr, stage, late):
    response = hr.post(
        url("round_admit", stage.round), {"personen": "0010\r\n0010\r\nemil.spat@test.example\r\n", **dues(stage.round)}
    )

    assert response.status_code == 302
    assert Participation.objects.filter(person=late).count() == 1


def test_an_unknown_number_is_named_with_its_line(hr, stage, late):
    page = hr.post(url("round_admit", stage.round), {"personen": "0010\r\n4711", **dues(stage.round)}).text

    assert "Zeile 2: Zu „4711“ gibt es keine aktive Person." in page
    assert not Participation.objects.filter(person=late).exists()


def test_who_cannot_take_part_is_shown_with_the_reason(hr, stage, late):
    alone, blocked = person("Alma", "Allein"), person("Bela", "Blockiert", manager=stage.cast.bernd)
    give_role(alone)
    unseen = Person.objects.create(first_name="Ohne", last_name="Mail")
    lost = person("Carl", "Leitung", manager=unseen)
    give_role(lost)
    numbers = "\n".join(p.email for p in (late, alone, blocked, lost))

    page = hr.post(url("round_admit", stage.round), {"personen": numbers, **dues(stage.round)}).text
    words = " ".join(strip_tags(page).split())

    assert "3 Personen können nicht teilnehmen." in words
    assert "Allein, Alma hat keine Führungskraft" in words
    assert "Blockiert, Bela hat keine Rolle" in words
    assert "Leitung, Carl hat eine Führungskraft, die sich nicht anmelden kann: Ohne Mail" in words
    assert f'value="{late.pk}" id="person-{late.pk}" checked' in tight(page)
    assert f'id="person-{alone.pk}"' not in page
    assert not Participation.objects.filter(person=late).exists()


def test_the_others_are_taken_in_on_the_second_attempt(hr, stage, late):
    alone = person("Alma", "Allein")
    page = hr.post(
        url("round_admit", stage.round), {"personen": f"{late.email}\n{alone.email}", **dues(stage.round)}
    ).text
    ticked = [value.split('"')[0] for value in page.split('name="person" value="')[1:]]

    hr.post(url("round_admit", stage.round), {"person": ticked, "personen": "", **dues(stage.round)})

    assert {row.person for row in Participation.objects.all()} == {stage.cast.anna, stage.cast.dora, late}


def test_whoever_is_in_already_is_left_alone(hr, stage, late):
    data = {"person": [late.pk, stage.cast.anna.pk], **dues(stage.round)}
    hr.post(url("round_admit", stage.round), data)
    first = of(late)

    page = hr.post(url("round_admit", stage.round), data, follow=True).text

    assert "Alle Genannten nehmen schon teil." in page
    assert Participation.objects.count() == 3
    assert of(late).pk == first.pk
    assert of(stage.cast.anna).self_due == stage.round.self_due


def test_who_is_in_already_says_so_in_the_search(hr, stage):
    page = hr.post(url("round_admit", stage.round), {"suche": "Ärmel", "suchen": "1"}).text

    assert "nimmt schon teil" in page
    assert 'name="person"' not in page


def test_deadlines_of_their_own_are_kept(hr, stage, late):
    own = dues(stage.round, self_due=LATER, manager_due=LATER, talk_due=LATER)

    hr.post(url("round_admit", stage.round), {"person": [late.pk], **own})

    assert (of(late).self_due, of(late).talk_due, of(late).plan_due) == (LATER, LATER, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"self_due": YESTERDAY}, "self_due"),
        ({"self_due": ""}, "self_due"),
        ({"talk_due": TODAY}, "talk_due"),
        ({"plan_due": TODAY}, "plan_due"),
        ({"talk_due": "9999-12-31"}, "talk_due"),
    ],
)
def test_wrong_deadlines_take_nobody_in(hr, cast, changes, field):
    stage = Stage(cast, plan_due=TODAY + timedelta(weeks=8))
    give_role(cast.fremd)
    Person.objects.filter(pk=cast.fremd.pk).update(manager=cast.bernd)
    data = {**dues(stage.round), **{name: str(day) for name, day in changes.items()}}

    page = hr.post(url("round_admit", stage.round), {"person": [cast.fremd.pk], **data}).text

    assert f'id="id_{field}_error"' in page
    assert f'value="{cast.fremd.pk}" id="person-{cast.fremd.pk}" checked' in page
    assert Participation.objects.count() == 2


def test_who_names_nobody_is_asked_to(hr, stage):
    page = hr.post(url("round_admit", stage.round), dues(stage.round)).text

    assert "Bitte suchen Sie nach einer Person" in page


def test_searching_complains_of_nothing_and_keeps_what_was_picked(hr, stage, late):
    data = {"suche": "niemand", "suchen": "1", "person": [late.pk], "self_due": "", "personen": "0010"}

    page = hr.post(url("round_admit", stage.round), data).text

    assert 'id="fehler"' not in page
    assert f'value="{late.pk}" id="person-{late.pk}" checked' in tight(page)
    assert "0010</textarea>" in page


def test_htmx_gets_the_people_and_their_number(hr, stage, late):
    data = {"suche": "spät", "suchen": "1"}

    part = hr.post(url("round_admit", stage.round), data, headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert 'id="status" hx-swap-oob="innerHTML">1 weitere Person gefunden, 0 ausgewählt</p>' in part


@pytest.mark.parametrize("who", ["x", "999999", "0"])
def test_somebody_there_is_not_is_refused(hr, stage, who):
    response = hr.post(url("round_admit", stage.round), {"person": [who], **dues(stage.round)})

    assert response.status_code == 200
    assert Participation.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_but_hr_takes_anybody_in(as_, stage, late, method):
    cast, data = stage.cast, {"person": [late.pk], **dues(stage.round)}

    answers = [
        getattr(as_(who), method)(url("round_admit", stage.round), data).status_code
        for who in (cast.anna, cast.bernd, late)
    ]

    assert answers == [404] * 3
    assert Participation.objects.count() == 2


@pytest.mark.parametrize("more", [1, 15])
def test_searching_costs_the_same_for_few_and_many(hr, cast, more, django_assert_num_queries):
    stage = Stage(cast)
    many(cast, more)

    # session, user, round, found, the same with unit and manager, their roles, who of them takes part
    with django_assert_num_queries(7):
        page = hr.post(url("round_admit", stage.round), {"suche": "viele", "suchen": "1"}).text

    assert page.count('<th scope="row"') == more


def test_a_closed_round_admits_nobody(stage, late):
    close_round(round_=stage.round)

    with pytest.raises(TooLate):
        admit(round_=stage.round, holdings=list(RoleHolding.objects.filter(person=late)))
    with pytest.raises(TooLate):
        late_entry.begin_admitting(round_=stage.round, people=[late])

    assert Participation.objects.count() == 2


def test_admitting_twice_changes_nothing(stage, late):
    holdings = list(RoleHolding.objects.filter(person__in=[late, stage.cast.anna]))

    counts = [len(admit(round_=stage.round, holdings=holdings, self_due=LATER)) for _ in range(2)]

    assert counts == [1, 0]
    assert (of(late).self_due, of(late).talk_due) == (LATER, stage.round.talk_due)
    assert of(stage.cast.anna).self_due == stage.round.self_due


# Suggested deadlines


def test_the_rounds_own_deadlines_are_kept_where_they_leave_time(cast):
    round_ = plan_round(cast, self_due=TODAY + timedelta(weeks=5), plan_due=TODAY + timedelta(weeks=8))

    suggested = late_entry.suggested_deadlines(round_, TODAY)

    assert suggested["self_due"] == round_.self_due
    assert suggested["manager_due"] >= TODAY + timedelta(weeks=2)
    assert (suggested["talk_due"], suggested["plan_due"]) == (round_.talk_due, round_.plan_due)


def test_shortly_before_the_end_there_are_two_weeks_for_everything(cast):
    soon = TODAY + timedelta(days=2)
    round_ = plan_round(cast, self_due=soon, manager_due=soon, talk_due=soon, plan_due=soon)

    suggested = late_entry.suggested_deadlines(round_, TODAY)

    fair = schedule.working_day(TODAY + schedule.FAIR)
    assert suggested["self_due"] == suggested["manager_due"] == fair
    assert suggested["talk_due"] == schedule.working_day(fair + schedule.FAIR)
    assert suggested["plan_due"] == schedule.working_day(suggested["talk_due"] + schedule.FAIR)


def test_the_stamp_of_deadlines_tells_who_has_which(cast, django_assert_num_queries):
    """Two who exchange their days are as many with the same days as before."""
    many(cast, 3)
    first, second, third = Stage(cast).round.participations.order_by("pk").values_list("pk", flat=True)[:3]
    rows = Participation.objects.filter(pk__in=[first, second, third])
    rows.filter(pk=first).update(self_due=LATER)

    stamps = []
    for other in (first, second, third):
        rows.update(self_due=YESTERDAY)
        rows.filter(pk=other).update(self_due=LATER)
        with django_assert_num_queries(1):
            stamps.append(running.stamp_of_deadlines(rows))
    rows.filter(pk=first).update(talk_due=LATER)

    assert len({*stamps, running.stamp_of_deadlines(rows)}) == 4
    assert running.stamp_of_deadlines(rows) == running.stamp_of_deadlines(rows.order_by("-person_name"))
