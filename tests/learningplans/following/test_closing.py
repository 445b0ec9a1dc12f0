"""The final review's record completes the plan with the other side's answer, or with a fortnight of silence."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Participation
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to, said_in
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.contents.plan import goal_entries
from learningplans.drafting import holding
from learningplans.following import closing, recording
from learningplans.following.forms.closing import FinalCheckForm, FollowUpForms
from learningplans.models import FinalCheck, FollowUp, LearningPlan, Review
from tests.clock import TODAY
from tests.learningplans.making import competency, plan_of

LETTERS = {"specific": "yes", "measurable": "partly", "ambitious": "yes", "realistic": "no", "timed": "partly"}
REMARK, NOTE, TEXT = "Weniger Ziele wären besser gewesen.", "Auf das Moderieren achten.", "Eine Besprechung leiten"


@pytest.fixture
def agreed(participation):
    """On the day of its final review."""
    plan = plan_of(participation, state=LearningPlan.State.AGREED)
    plan.reviews.filter(is_final=True).update(planned_on=TODAY)
    return plan


def check_of(**fields):
    return FinalCheck(**LETTERS | {"remark": REMARK, "note_for_next": NOTE} | fields)


def final_of(plan):
    return plan.reviews.get(is_final=True)


def record(plan, by, *, posted=True, **fields):
    review = final_of(plan)
    read = recording.stamp_of_record(review)
    review.held_on, review.notes = TODAY, "Zwei Ziele sind erreicht."
    follow_ups = [FollowUp(competency=competency(5), kind="deepen", text=TEXT)]
    recording.record_review(
        **{"review": review, "agreed": {}, "read": read, "by": by, "check": check_of(), "follow_ups": follow_ups}
        | fields
    )
    if posted:
        post()


def post():
    """Every letter that waits is sent."""
    for letter in Letter.objects.waiting():
        Letter.claim([letter])
        Letter.settle([letter], Letter.State.SENT)


def reply(plan, by, answer="noted", statement=""):
    review = final_of(plan)
    recording.answer_review(review=review, by=by, answer=answer, statement=statement, read=review.stamp)


def sent(**fields):
    return {f"smart-{name}": value for name, value in (LETTERS | {"confirmed": "on"} | fields).items()}


@pytest.mark.parametrize(("answers_on", "told"), [(99, [7, 13]), (8, [7]), (1, [])])
def test_who_is_asked_hears_of_the_last_day_before_silence_ends_the_plan(
    cast, agreed, clock, settings, answers_on, told
):
    settings.LETTERS_A_WEEK = 0  # on whichever day of the week
    record(agreed, cast.bernd)
    days = []
    for day in range(1, 15):
        clock.shift(timedelta(days=1))
        if day == answers_on:
            reply(agreed, cast.anna)
        closing.complete_where_nobody_answers(TODAY + timedelta(days=day))
        closing.complete_where_nobody_answers(TODAY + timedelta(days=day))
        for letter in Letter.objects.waiting().filter(person=cast.anna):
            assert obstacle_to(letter) == ""
            assert said_in(letter).subject.endswith(f"bis {date_format(TODAY + timedelta(days=14))}")
            days.append(day)
        post()

    assert days == told
    assert Letter.objects.filter(key__contains="-until-", person=cast.bernd).count() == 0


def test_a_reminder_of_the_last_day_is_dropped_once_it_is_answered(cast, agreed, clock, settings):
    settings.LETTERS_A_WEEK = 0
    record(agreed, cast.bernd)
    clock.shift(timedelta(days=7))
    closing.complete_where_nobody_answers(TODAY + timedelta(days=7))
    letter = Letter.objects.get(key__contains="-until-")
    before = obstacle_to(letter)
    reply(agreed, cast.anna)

    assert (before, obstacle_to(letter)) == ("", "Das ist inzwischen erledigt.")


def test_the_letter_that_asks_for_the_last_answer_says_what_silence_does(cast, agreed):
    record(agreed, cast.bernd, posted=False)
    final = said_in(Letter.objects.get(person=cast.anna))
    review = agreed.reviews.exclude(is_final=True).first()
    other = said_in(Letter(person=cast.anna, key=f"review-{review.pk}-record-1", kind="notice", path="/"))

    assert "wartet 14 Tage auf Ihre Antwort" in final.subject
    assert "innerhalb von 14 Tagen" in final.sentence
    assert "endet der Lernplan auch ohne Ihre Antwort" in final.sentence
    assert ("wartet auf Ihre Antwort" in other.subject, "14 Tage" in other.sentence) == (True, False)


def follow_up_form(plan, data=None):
    return FollowUpForms(data, entries=goal_entries(plan))


@pytest.mark.parametrize(("answer", "statement"), [("noted", ""), ("declined", "So war es nicht.")])
@pytest.mark.parametrize(("who", "other"), [("anna", "bernd"), ("bernd", "anna")])
def test_the_answer_of_the_other_side_completes_the_plan(cast, agreed, who, other, answer, statement):
    record(agreed, getattr(cast, who))
    alone = LearningPlan.objects.get(pk=agreed.pk).state
    reply(agreed, getattr(cast, other), answer, statement)

    plan = LearningPlan.objects.select_related("participation").get(pk=agreed.pk)
    check = FinalCheck.objects.get(review__plan=plan)
    assert (alone, plan.state, plan.completed_on, plan.participation.plan_state) == ("agreed", "completed", TODAY, 3)
    assert check.letters == [
        ("S – spezifisch", "ja"),
        ("M – messbar", "zum Teil"),
        ("A – anspruchsvoll", "ja"),
        ("R – realistisch", "nein"),
        ("T – terminiert", "zum Teil"),
    ]
    assert list(plan.follow_ups.values_list("competency", "kind", "text")) == [(competency(5).pk, "deepen", TEXT)]
    assert final_of(plan).is_agreed == (answer == "noted")


def test_a_record_that_waits_when_the_plan_ends_does_not_wait_for_ever(client, cast, agreed):
    earlier = agreed.reviews.create(planned_on=TODAY - timedelta(days=9))
    earlier.held_on = TODAY
    recording.record_review(review=earlier, agreed={}, read="", by=cast.bernd)
    waiting = agreed.reviews.get(pk=earlier.pk).answer_in_words
    record(agreed, cast.anna)
    reply(agreed, cast.bernd)
    client.force_login(cast.anna)

    found = Review.objects.select_related("plan__participation").get(pk=earlier.pk)
    page = client.get(reverse("learningplans:review_result", args=[agreed.pk, earlier.pk])).text

    assert (waiting, found.answer_in_words) == (
        "noch nicht beantwortet",
        "bis zum Abschluss des Lernplans nicht beantwortet",
    )
    assert found.not_agreed == f"festgehalten von {cast.bernd}, keine Antwort"
    assert "noch nicht beantwortet" not in page


def test_a_correction_replaces_look_back_and_follow_ups(cast, agreed, clock):
    record(agreed, cast.anna)
    clock.shift(60)
    record(agreed, cast.anna, check=check_of(remark="Doch gut."), follow_ups=[])

    assert FinalCheck.objects.get().remark == "Doch gut."
    assert FollowUp.objects.count() == 0


def test_the_other_side_cannot_write_over_a_record(cast, agreed):
    record(agreed, cast.anna)

    with pytest.raises(recording.WrittenByTheOther):
        record(agreed, cast.bernd, check=check_of(remark="Doch gut."))

    assert FinalCheck.objects.get().remark == REMARK


@pytest.mark.parametrize("final", [True, False])
def test_the_look_back_belongs_to_the_final_review_alone(cast, agreed, final):
    review = agreed.reviews.get(is_final=final)
    review.held_on = TODAY

    with pytest.raises(holding.OutOfState):
        record(agreed, cast.anna, review=review, check=None if final else check_of(), follow_ups=[])

    assert not Review.objects.held().exists()


def test_a_draft_is_not_recorded(cast, participation):
    with pytest.raises(holding.OutOfState):
        record(plan_of(participation), cast.anna)

    assert FinalCheck.objects.count() == 0


def test_nothing_of_a_final_review_that_fails_half_way_is_kept(cast, agreed):
    twice = [FollowUp(competency=competency(5), kind=kind) for kind in ("deepen", "theory")]

    with pytest.raises(IntegrityError):
        record(agreed, cast.anna, follow_ups=twice)

    assert not Review.objects.held().exists()
    assert (FinalCheck.objects.count(), FollowUp.objects.count()) == (0, 0)


# --- silence -------------------------------------------------------------------------------------------------------


BERLIN = ZoneInfo("Europe/Berlin")


def at(days, hour, minute):
    """So many days after the record, by the clock on the wall."""
    return datetime.combine(TODAY + timedelta(days=days), time(hour, minute), BERLIN)


def daily(*, posted=True):
    said = closing.complete_where_nobody_answers(timezone.localdate(timezone.now()))
    if posted:
        post()
    return said


def test_silence_completes_the_plan_at_midnight_after_a_fortnight_and_is_shown_for_ever(
    client, cast, agreed, clock, monkeypatch
):
    monkeypatch.setattr("learningplans.pdf.render_pdf", lambda name, context: render_to_string(name, context).encode())
    record(agreed, cast.bernd)
    clock.move_to(at(14, 23, 59))
    early = daily(), LearningPlan.objects.get(pk=agreed.pk).state
    clock.move_to(at(15, 0, 1))

    said = daily()

    plan, last_day = LearningPlan.objects.get(pk=agreed.pk), TODAY + timedelta(days=14)
    assert early == (None, "agreed")
    assert (said, daily()) == ("Lernpläne ohne Antwort abgeschlossen: 1.", None)
    assert (plan.state, plan.completed_on) == ("completed", last_day)
    assert not final_of(plan).is_agreed
    client.force_login(cast.anna)
    for page in ("pdf", "detail"):
        text = client.get(reverse(f"learningplans:{page}", args=[plan.pk])).text
        assert f"keine Antwort bis zum {last_day:%d.%m.%Y}" in text
    for page in ("review_result", "review_pdf"):
        text = client.get(reverse(f"learningplans:{page}", args=[plan.pk, final_of(plan).pk])).text
        assert f"keine Antwort bis zum {last_day:%d.%m.%Y}" in text


@pytest.mark.parametrize("answer", ["", "declined"])
def test_one_side_and_silence_never_end_a_plan_before_its_final_day(cast, agreed, clock, answer):
    """Of a record from before its day was asked for."""
    record(agreed, cast.anna)
    agreed.reviews.filter(is_final=True).update(planned_on=TODAY + timedelta(days=40))
    clock.move_to(at(40, 23, 0))
    if answer:
        clock.move_to(at(39, 23, 0))
        with pytest.raises(Refused, match="Das Abschlussgespräch ist erst für den"):
            reply(agreed, cast.bernd, answer, "Gab es nicht.")
    early = daily(), LearningPlan.objects.get(pk=agreed.pk).state
    clock.move_to(at(41, 0, 1))

    assert (early, daily()) == ((None, "agreed"), "Lernpläne ohne Antwort abgeschlossen: 1.")
    assert LearningPlan.objects.get(pk=agreed.pk).completed_on == TODAY + timedelta(days=40)


@pytest.mark.parametrize("days", [-1, 0])
def test_the_day_of_a_record_is_asked_for_by_the_write_itself(cast, agreed, days):
    review = final_of(agreed)
    agreed.reviews.filter(is_final=True).update(planned_on=TODAY + timedelta(days=1 + days))
    review.held_on = TODAY + timedelta(days=days)

    with pytest.raises(Refused):
        recording.record_review(review=review, agreed={}, read="", by=cast.anna, check=check_of())


def test_an_answer_after_midnight_comes_too_late_even_if_the_daily_job_has_not_run(client, cast, agreed, clock):
    record(agreed, cast.bernd)
    review = final_of(agreed)
    clock.move_to(at(15, 0, 1))
    client.force_login(cast.anna)

    page = client.post(
        reverse("learningplans:review_answer", args=[agreed.pk, review.pk]),
        {"answer": "declined", "statement": "Nein", "read": review.stamp},
        follow=True,
    )

    assert "Nicht gespeichert: Der Lernplan ist inzwischen abgeschlossen." in page.text
    assert (final_of(agreed).answer, LearningPlan.objects.get(pk=agreed.pk).state) == ("silent", "completed")


def test_a_correction_begins_the_fortnight_anew_and_what_was_sent_back_is_not_silence(cast, agreed, clock):
    record(agreed, cast.bernd)
    review = final_of(agreed)
    recording.send_review_back(review=review, by=cast.anna, why="Bitte prüfen.", read=review.stamp)
    clock.move_to(at(20, 8, 0))
    sent_back = daily()
    record(agreed, cast.bernd, check=check_of(remark="Geprüft."))
    clock.move_to(at(34, 23, 0))
    waits = daily()
    clock.move_to(at(35, 1, 0))

    assert (sent_back, waits, daily()) == (None, None, "Lernpläne ohne Antwort abgeschlossen: 1.")


def test_a_new_manager_is_told_and_has_a_fortnight_of_their_own(cast, agreed, clock):
    record(agreed, cast.anna)
    cast.anna.manager = cast.clara
    cast.anna.save()
    type(agreed.participation).objects.filter(pk=agreed.participation_id).update(manager=cast.clara)
    clock.move_to(at(15, 1, 0))
    first = daily()
    told = Letter.objects.filter(person=cast.clara, calendar="").count()
    clock.move_to(at(29, 23, 0))
    waits = daily()
    clock.move_to(at(30, 1, 0))

    assert (first, told, waits, daily()) == (None, 1, None, "Lernpläne ohne Antwort abgeschlossen: 1.")


def test_nobody_is_silent_who_was_not_told_or_rests(cast, agreed, clock):
    record(agreed, cast.anna)
    cast.anna.manager = None
    cast.anna.save()
    clock.move_to(at(40, 1, 0))
    nobody = daily()
    cast.anna.manager = cast.bernd
    cast.anna.save()
    type(agreed.participation).objects.filter(pk=agreed.participation_id).update(paused_on=TODAY)
    clock.move_to(at(80, 1, 0))
    resting = daily()
    type(agreed.participation).objects.filter(pk=agreed.participation_id).update(paused_on=None)
    clock.move_to(at(81, 1, 0))
    again = daily()
    clock.move_to(at(96, 1, 0))

    assert (nobody, resting, again, daily()) == (None, None, None, "Lernpläne ohne Antwort abgeschlossen: 1.")


@pytest.mark.parametrize("what", ["asked", "not sent yet", "rests", "another leads"])
def test_a_last_day_is_named_only_while_the_days_run(client, cast, agreed, what):
    record(agreed, cast.anna, posted=what != "not sent yet")
    row = Participation.objects.filter(pk=agreed.participation_id)
    if what == "rests":
        row.update(paused_on=TODAY)
    if what == "another leads":
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
        row.update(manager=cast.clara)
    client.force_login(cast.anna)

    page = " ".join(client.get(recording.page_of(final_of(agreed))).text.split())

    assert ("Kommt bis zum" in page, "hat noch nicht begonnen oder ruht" in page) == (
        (True, False) if what == "asked" else (False, True)
    )


@pytest.mark.parametrize("empties", ["before", "after"])
def test_nobody_is_silent_who_cannot_sign_in(client, cast, agreed, clock, empties):
    if empties == "after":
        record(agreed, cast.bernd, posted=False)
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(email=None)
    if empties == "before":
        record(agreed, cast.bernd, posted=False)
    clock.move_to(at(16, 1, 0))

    said = daily()

    client.force_login(cast.bernd)
    page = client.get(reverse("learningplans:review_result", args=[agreed.pk, final_of(agreed).pk])).text
    assert (said, final_of(agreed).told, final_of(agreed).told_on) == (None, None, None)
    assert LearningPlan.objects.get(pk=agreed.pk).state == "agreed"
    assert "Anna Ärmel hat keine E-Mail-Adresse und kann sich nicht anmelden." in page
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(email="anna@test.example")
    again = daily()
    clock.move_to(at(31, 1, 0))
    assert (again, daily()) == (None, "Lernpläne ohne Antwort abgeschlossen: 1.")


def test_a_question_that_is_thrown_away_is_asked_again_and_the_fortnight_begins_when_it_is_sent(
    client, cast, agreed, clock
):
    record(agreed, cast.bernd, posted=False)
    client.force_login(cast.paula)
    letter = Letter.objects.get(key__startswith=f"review-{final_of(agreed).pk}-record-")
    client.post(reverse("letters:discard"), {"brief": letter.pk})
    clock.move_to(at(15, 1, 0))

    thrown_away = daily(posted=False)

    states = list(Letter.objects.filter(person=cast.anna).order_by("pk").values_list("state", flat=True))
    assert (thrown_away, states) == (None, ["discarded", "waiting"])
    clock.move_to(at(30, 1, 0))
    waiting = daily(posted=False)
    assert (waiting, Letter.objects.filter(person=cast.anna).count()) == (None, 2)
    assert final_of(agreed).told_on == TODAY + timedelta(days=30)
    post()
    clock.move_to(at(45, 1, 0))
    assert daily() == "Lernpläne ohne Antwort abgeschlossen: 1."


def test_who_wants_no_letters_is_asked_by_their_tasks(cast, agreed, clock):
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(wants_mail=False)
    record(agreed, cast.bernd)
    clock.move_to(at(15, 1, 0))

    assert not Letter.objects.filter(person=cast.anna).exists()
    assert daily() == "Lernpläne ohne Antwort abgeschlossen: 1."


# --- forms and pages -----------------------------------------------------------------------------------------------


def test_every_letter_is_asked_and_texts_are_free():
    form = FinalCheckForm({"smart-specific": "maybe"})

    assert sorted(form.errors) == sorted([*LETTERS, "confirmed"])
    assert FinalCheckForm(sent()).is_valid()


def test_nothing_closes_a_plan_without_a_word_that_it_ends():
    form = FinalCheckForm(sent(confirmed=""))

    assert form.errors == {"confirmed": ["Bitte bestätigen Sie, dass der Lernplan mit diesem Gespräch endet."]}


def test_goals_go_on_or_not(agreed):
    first, _, third = (goal.pk for goal in agreed.goals.all())
    form = follow_up_form(
        agreed, {f"weiter-kind-{first}": "theory", f"weiter-text-{first}": TEXT, f"weiter-kind-{third}": ""}
    )

    assert form.is_valid()
    assert [(one.competency_id, one.kind, one.text) for one in form.chosen] == [(competency(5).pk, "theory", TEXT)]


@pytest.mark.parametrize(
    ("field", "value", "wrong"), [("text", TEXT, "kind"), ("kind", "nochmal", "kind"), ("text", "x" * 301, "text")]
)
def test_what_is_wrong_about_a_follow_up_is_said_beside_it(agreed, field, value, wrong):
    goal = agreed.goals.first().pk

    form = follow_up_form(agreed, {f"weiter-{field}-{goal}": value})

    assert next(iter(form.errors)) == f"{wrong}-{goal}"


def test_both_forms_stand_in_one_with_what_was_entered(agreed):
    goal = agreed.goals.first().pk
    data = sent(remark=REMARK) | {f"weiter-text-{goal}": TEXT}
    check, follow_ups = FinalCheckForm(data), follow_up_form(agreed, data)

    html = render_to_string("learningplans/_final_check.html", {"check_form": check, "follow_up_form": follow_ups})

    assert (REMARK in html, TEXT in html, html.count("checked")) == (True, True, 5)
    assert "Bitte wählen Sie, wie es weitergeht, oder leeren Sie den Text." in html


@pytest.mark.parametrize("levels", [False, True])
def test_page_and_paper_show_the_two_alone_how_it_went_and_goes_on(client, cast, agreed, levels, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", lambda name, context: render_to_string(name, context).encode())
    type(agreed.participation.round).objects.update(shows_levels_to_hr=levels)
    record(agreed, cast.bernd)
    reply(agreed, cast.anna)

    def counted(who):
        client.force_login(who)
        pages = [
            client.get(agreed.get_absolute_url()).text,
            client.get(reverse("learningplans:pdf", args=[agreed.pk])).text,
        ]
        words = [REMARK, NOTE, TEXT, "Entwurf für den nächsten Lernplan"]
        return [page.count(word) for page in pages for word in words]

    assert (counted(cast.anna), counted(cast.bernd), counted(cast.paula)) == ([1] * 8, [1] * 8, [0] * 8)
