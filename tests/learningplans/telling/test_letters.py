"""Letters about the dates of reviews."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import AgreedLevel, Participation, PlanProgress, Round
from assessments.rounds import running
from assessments.rounds.closing import close_round
from assessments.telling import open_steps
from assessments.telling.open_steps import remind
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to, said_in
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Deputy, Person
from learningplans import tasks
from learningplans.drafting import agreeing
from learningplans.following import changing, recording, steps
from learningplans.models import LearningPlan, PlanChange, Review
from learningplans.telling import letters
from learningplans.training.freshness import after_months
from learningplans.training.refresh_letters import tell_of_refreshes
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session
from tests.learningplans.making import participation_of, plan_of

DONE = "Das ist inzwischen erledigt."


@pytest.fixture
def plan(cast):
    plan = plan_of(participation_of(cast.anna))
    LearningPlan.objects.filter(pk=plan.pk).update(
        state="agreed", agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY
    )
    plan.reviews.all().delete()
    return plan


@pytest.mark.parametrize(("days", "written"), [(8, 0), (7, 2), (2, 2), (1, 2), (0, 2), (-1, 0)])
def test_both_hear_of_a_review_seven_days_before_it_at_the_earliest(plan, days, written):
    plan.reviews.create(planned_on=TODAY + timedelta(days=days))

    letters.remind_of_reviews(TODAY)

    assert Letter.objects.count() == written


def test_a_review_is_told_of_twice_and_a_moved_one_anew(plan):
    review = plan.reviews.create(planned_on=TODAY + timedelta(days=7))
    for day in range(9):
        letters.remind_of_reviews(TODAY + timedelta(days=day))
    assert Letter.objects.count() == 4

    review.planned_on = TODAY + timedelta(days=30)
    review.save()
    letters.remind_of_reviews(TODAY + timedelta(days=24))

    assert Letter.objects.count() == 6


def test_the_letter_has_a_calendar_file_and_tells_nothing(plan):
    plan.reviews.create(planned_on=TODAY + timedelta(days=1))

    letters.remind_of_reviews(TODAY)

    letter = Letter.objects.filter(kind="review").first()
    assert "CLASS:PRIVATE" in letter.calendar
    assert "Anna" not in letter.calendar
    assert letter.path == plan.get_absolute_url()


def test_a_review_that_was_held_or_of_a_draft_is_not_told_of(plan):
    plan.reviews.create(planned_on=TODAY, held_on=TODAY)
    draft = plan.reviews.create(planned_on=TODAY + timedelta(days=1))
    LearningPlan.objects.filter(pk=draft.plan_id).update(
        state="draft", agreed_by_person_on=None, agreed_by_manager_on=None
    )

    assert letters.remind_of_reviews(TODAY) is None


def test_without_days_in_the_settings_nobody_is_told(plan, settings):
    settings.REMINDER_DAYS = []
    plan.reviews.create(planned_on=TODAY)

    assert letters.remind_of_reviews(TODAY) is None


# To who acts today --------------------------------------------------------------------------------


def told():
    """(first name, where the letter leads, why it is not sent) of all that wait and move no date, by name."""
    waiting = Letter.objects.waiting().exclude(key__startswith="reviews-off").exclude(key__contains="-reviews-")
    found = waiting.select_related("person").order_by("person__first_name", "pk")
    return [(one.person.first_name, one.path, obstacle_to(one)) for one in found]


@pytest.mark.parametrize("ended", [False, True])
def test_the_manager_of_today_hears_of_a_review_and_the_former_one_does_not(cast, plan, ended):
    plan.reviews.create(planned_on=in_days(3))
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    if ended:
        Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())

    letters.remind_of_reviews(TODAY)

    assert told() == [("Anna", plan.get_absolute_url(), ""), ("Clara", "/", "")]
    letter = Letter.objects.filter(person=cast.clara).last()
    assert plan.get_absolute_url() not in letter.calendar  # an entry leads where its owner may go
    (task,) = tasks.tasks_of(of_a_session(cast.clara), [], tasks.plans_of(cast.clara))
    assert (task.title, task.due) == ("Review-Gespräch: Anna Ärmel", in_days(3))
    assert "Bernd Şahin-Žižek" in task.note


def test_a_review_letter_that_waits_is_dropped_for_who_is_no_longer_the_manager(cast, plan):
    plan.reviews.create(planned_on=in_days(3))
    letters.remind_of_reviews(TODAY)

    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    assert [(name, reason) for name, _, reason in told()] == [
        ("Anna", ""),
        ("Bernd", "Inzwischen ist jemand anderes zuständig."),
    ]


def changed(plan, by):
    """A change that ``by`` has written; the other side is asked for an answer."""
    Letter.objects.all().delete()
    wanted, stored = LearningPlan.objects.get(pk=plan.pk), LearningPlan.objects.get(pk=plan.pk)
    wanted.hours_per_month = 4
    wish = steps.of_plan(stored, wanted)
    return changing.write_change(plan=stored, wish=wish, by=by, reason="Weil.", read=stored.stamp)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda change, by: None, ""),
        (
            lambda change, by: changing.answer_change(
                change=change, by=by, answer="noted", statement="", read=change.stamp
            ),
            DONE,
        ),
        (lambda change, by: changing.send_change_back(change=change, by=by, why="Nein.", read=change.stamp), DONE),
        (lambda change, by: PlanChange.objects.all().delete(), "Den Lernplan gibt es nicht mehr."),
    ],
    ids=["waits", "answered", "sent back", "taken back"],
)
def test_nobody_is_asked_for_an_answer_that_is_given(cast, plan, happens, reason):
    change = changed(plan, cast.bernd)

    happens(PlanChange.objects.get(pk=change.pk), cast.anna)

    assert [one for one in told() if one[0] == "Anna"] == [("Anna", changing.page_of(change), reason)]


@pytest.mark.parametrize(("sent_back", "reason"), [(False, ""), (True, DONE)])
def test_nor_for_one_to_a_record_that_is_being_corrected(cast, plan, sent_back, reason):
    review = plan.reviews.create(planned_on=TODAY)
    review.held_on = TODAY
    Letter.objects.all().delete()
    recording.record_review(review=review, agreed={}, read="", by=cast.bernd)
    if sent_back:
        stored = Review.objects.get(pk=review.pk)
        recording.send_review_back(review=stored, by=cast.anna, why="Nein.", read=stored.stamp)

    assert [reason for name, _, reason in told() if name == "Anna"] == [reason]


@pytest.mark.parametrize(("who", "still"), [("anna", "Bernd"), ("bernd", "Anna")])
def test_who_has_agreed_to_a_draft_is_not_reminded_of_it(cast, who, still):
    """The other side is; a letter that waits for the one who has agreed since is dropped."""
    plan = plan_of(participation_of(cast.anna))
    rows = Participation.objects.filter(pk=plan.participation_id)
    rows.update(plan_due=TODAY, plan_state=PlanProgress.DRAFT, admitted_on=in_days(-40))
    yesterday = rows.get().plan_due - timedelta(days=1)
    open_steps.remind_of_deadlines(yesterday)
    before = sorted(told())
    plan.refresh_from_db()
    agreeing.agree_plan(plan=plan, by=getattr(cast, who), read=plan.stamp)
    waiting = {name: reason for name, _, reason in told()}
    Letter.objects.all().delete()

    open_steps.remind_of_deadlines(TODAY + timedelta(days=1))
    by_hand = remind(participations=rows, by=cast.paula)

    assert [reason for *_, reason in before] == ["", ""]
    assert waiting == {still: "", str(getattr(cast, who).first_name): DONE}
    assert {name for name, *_ in told()} == {still}
    assert by_hand == 1


@pytest.mark.parametrize("kind", ["change", "review"])
def test_nobody_is_asked_for_a_correction_that_is_made(cast, plan, kind, clock):
    if kind == "change":
        record = changed(plan, cast.bernd)
        changing.send_change_back(change=record, by=cast.anna, why="Nein.", read=record.stamp)
    else:
        review = plan.reviews.create(planned_on=TODAY)
        review.held_on = TODAY
        recording.record_review(review=review, agreed={}, read="", by=cast.bernd)
        record = Review.objects.get(pk=review.pk)
        recording.send_review_back(review=record, by=cast.anna, why="Nein.", read=record.stamp)
    letter = Letter.objects.filter(person=cast.bernd).order_by("pk").last()
    before = obstacle_to(letter)
    clock.shift(60)
    if kind == "change":
        changing.withdraw_change(change=record, by=cast.bernd)
    else:
        stored = Review.objects.get(pk=record.pk)
        stored.notes, read = "Anders.", recording.stamp_of_record(stored)
        recording.record_review(review=stored, agreed={}, read=read, by=cast.bernd)

    assert ("sent-back" in letter.key, before, obstacle_to(letter)) == (True, "", DONE)


def test_who_cannot_open_the_plan_any_more_is_led_to_it_by_no_letter_were_they_of_hr(cast, plan):
    Person.objects.filter(pk=cast.bernd.pk).update(is_hr=True)
    for manager in (cast.bernd, cast.clara):
        name_deputy(manager=manager, person=cast.fremd, people=[], since=TODAY, until=in_days(3), by=manager)
    Deputy.objects.get(manager=cast.bernd).people.add(cast.anna)
    change = changed(plan, cast.anna)
    before = told()
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    Deputy.objects.get(manager=cast.clara).people.add(cast.anna)

    assert before == [("Bernd", changing.page_of(change), ""), ("Frieda", changing.page_of(change), "")]
    assert {reason for _, address, reason in told() if address == changing.page_of(change)} == {
        "Inzwischen ist jemand anderes zuständig."
    }


def test_todays_deputy_hears_of_a_review_too(cast, plan):
    plan.reviews.create(planned_on=in_days(3))
    for days in ((0, 3), (1, 3)):
        who = cast.fremd if days[0] == 0 else cast.dora
        since, until = in_days(days[0]), in_days(days[1])
        name_deputy(manager=cast.bernd, person=who, people=[cast.anna], since=since, until=until, by=cast.paula)

    letters.remind_of_reviews(TODAY)

    assert [name for name, _, _ in told()] == ["Anna", "Bernd", "Frieda"]


@pytest.mark.parametrize("more", [0, 3])
def test_who_is_to_be_told_is_read_at_once(cast, plan, more, django_assert_num_queries):
    for number in range(more):
        participation_of(cast.anna, title=f"Runde {number}")
    rows = list(Participation.objects.select_related("person__manager"))

    with django_assert_num_queries(1):
        letters.both_sides(rows)


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_of_who_rests_or_has_left_nobody_hears(cast, plan, who):
    plan.reviews.create(planned_on=in_days(3))
    letters.remind_of_reviews(TODAY)
    if who == "anna":
        Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-1))
    else:
        Participation.objects.update(paused_on=TODAY)

    assert {reason for _, _, reason in told()} == {"Die Teilnahme ruht, oder die Person arbeitet nicht mehr hier."}
    Letter.objects.all().delete()
    assert letters.remind_of_reviews(TODAY) is None


def test_a_reminder_of_a_review_held_or_moved_meanwhile_is_dropped(plan):
    first = plan.reviews.create(planned_on=in_days(3))
    letters.remind_of_reviews(TODAY)
    first.planned_on = in_days(5)
    first.save()
    moved = {reason for _, _, reason in told()}

    first.planned_on, first.held_on = in_days(3), TODAY
    first.save()

    assert (moved, {reason for _, _, reason in told()}) == (
        {"Den Termin gibt es nicht mehr."},
        {"Das ist inzwischen erledigt."},
    )


# The calendar -------------------------------------------------------------------------------------


def entries(letter):
    calendar = icalendar.Calendar.from_ical(letter.calendar)
    found = [(str(one["UID"]), int(one["SEQUENCE"]), one.decoded("DTSTART")) for one in calendar.walk("VEVENT")]
    return str(calendar["METHOD"]), found


def last():
    return Letter.objects.order_by("pk").last()


@pytest.fixture
def followed(plan):
    """An agreed plan of a round with a review to come, of which both have been told."""
    Participation.objects.update(plan_state=PlanProgress.AGREED)
    review = plan.reviews.create(planned_on=in_days(20))
    plan.refresh_from_db()
    letters.invite_to_reviews(plan, [review])
    return review


def test_a_moved_review_moves_its_entry(followed, clock):
    method, [(uid, sequence, _)] = entries(last())
    clock.shift(timedelta(minutes=1))
    followed.planned_on = in_days(25)

    followed.save()
    letters.invite_to_reviews(followed.plan, [followed])

    again, [(same, later, day)] = entries(last())
    assert (method, again, same, day) == ("PUBLISH", "PUBLISH", uid, in_days(25))
    assert later > sequence


def test_an_invitation_sent_late_has_the_dates_that_hold(followed):
    letter = last()
    followed.planned_on = in_days(30)
    followed.save()

    assert obstacle_to(letter) == ""
    assert [day for _, _, day in entries(letter)[1]] == [in_days(30)]


def to_whom():
    """(name, method, page) of every letter with a file, which are deleted."""
    found = [
        (one.person.first_name, entries(one)[0], one.path)
        for one in Letter.objects.exclude(calendar="").select_related("person")
    ]
    Letter.objects.all().delete()
    return sorted(found)


@pytest.mark.parametrize("ended", [True, False])
def test_another_manager_takes_the_reviews_from_one_calendar_into_the_other(cast, followed, ended):
    if ended:
        Round.objects.update(state="closed", closed_at=timezone.now())
    name_deputy(manager=cast.bernd, person=cast.dora, people=[cast.anna], since=TODAY, until=in_days(5), by=cast.bernd)
    Letter.objects.all().delete()

    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    assert to_whom() == [("Bernd", "CANCEL", "/"), ("Clara", "PUBLISH", "/"), ("Dora", "CANCEL", "/")]


@pytest.mark.parametrize(("days", "names"), [(19, ["Anna", "Bernd"]), (20, [])])
def test_who_leaves_before_a_review_has_it_taken_from_both_calendars(cast, followed, days, names):
    Letter.objects.all().delete()
    cast.anna.leaving_date = in_days(days)
    cast.anna.save()
    left = [(name, method) for name, method, _ in to_whom()]

    cast.anna.leaving_date = in_days(20)
    cast.anna.save()

    assert left == [(name, "CANCEL") for name in names]
    assert [(name, method) for name, method, _ in to_whom()] == [(name, "PUBLISH") for name in names]


def test_dates_of_a_plan_that_is_a_draft_again_go_from_the_calendars(followed, clock):
    _, [(uid, sequence, _)] = entries(last())
    Letter.objects.all().delete()
    clock.shift(timedelta(minutes=1))

    agreeing.reopen_plan(plan=followed.plan)

    found = list(Letter.objects.order_by("person__first_name").select_related("person"))
    assert [letter.person.first_name for letter in found] == ["Anna", "Bernd"]
    for letter in found:
        method, [(same, later, _)] = entries(letter)
        assert (method, same, later > sequence, obstacle_to(letter)) == ("CANCEL", uid, True, "")


def test_a_plans_dates_rest_with_the_participation_and_come_back(followed, clock):
    row = followed.plan.participation
    Letter.objects.all().delete()
    running.pause(round_=row.round, participations=[row])
    method, [(uid, sequence, _)] = entries(last())
    clock.shift(timedelta(minutes=1))

    running.resume(round_=row.round, participations=[row])

    back, [(same, later, _)] = entries(last())
    assert (method, back, same, later > sequence) == ("CANCEL", "PUBLISH", uid, True)


# What rests, what is late, what is left after the end ---------------------------------------------


@pytest.fixture
def overdue(plan):
    """An agreed plan whose final review is past, in an open round."""
    Participation.objects.update(plan_state=PlanProgress.AGREED)
    plan.reviews.create(planned_on=in_days(-3), is_final=True)
    plan.refresh_from_db()
    return plan


@pytest.mark.parametrize("ended", [False, True])
def test_of_a_plan_that_rests_nothing_is_asked_and_nothing_is_late(as_, cast, overdue, ended):
    row = overdue.participation
    pages = ["/", reverse("assessments:team")]
    before = [
        as_(who).get(page).text.count("überfällig") for who, page in zip((cast.anna, cast.bernd), pages, strict=True)
    ]
    if ended:
        close_round(round_=row.round)

    running.pause(round_=row.round, participations=[row])

    assert min(before) > 0
    assert [tasks.tasks_of(who, [], tasks.plans_of(who)) for who in (cast.anna, cast.bernd)] == [[], []]
    for who in (cast.anna, cast.bernd):
        assert "überfällig" not in as_(who).get("/").text
    assert "überfällig" not in as_(cast.bernd).get(reverse("assessments:team")).text
    assert "ruht zurzeit" in as_(cast.anna).get("/").text
    assert as_(cast.paula).get(f"{row.round.get_absolute_url()}?stand=plan-faellig").text.count("<tr ") == 0
    assert remind(participations=Participation.objects.all(), by=cast.paula) == 0

    running.resume(round_=row.round, participations=[row])
    assert len(tasks.tasks_of(cast.bernd, [], tasks.plans_of(cast.bernd))) == 1


def test_of_who_has_left_the_manager_has_no_task_and_nothing_is_late(as_, cast, overdue):
    Person.objects.filter(pk=cast.anna.pk).update(is_active=False)

    assert tasks.tasks_of(cast.bernd, [], tasks.plans_of(cast.bernd)) == []
    page = as_(cast.bernd).get(reverse("assessments:team")).text
    assert ("überfällig" in page, "arbeitet nicht mehr hier" in page) == (False, True)


def test_after_the_end_hr_reminds_of_plans_that_are_due(as_, cast, overdue):
    row, client = overdue.participation, as_(cast.paula)
    close_round(round_=row.round)
    page = client.get(f"{row.round.get_absolute_url()}?stand=plan-faellig").text
    assert f'name="wahl" value="{row.pk}"' in page
    assert "Erinnern" in page
    assert "Entfernen" not in page

    said = client.post(reverse("assessments:round_remind", args=[row.round.pk]), {"wahl": row.pk}, follow=True).text

    assert "2 Erinnerungen geschrieben." in said
    assert [(name, reason) for name, _, reason in told()] == [("Anna", ""), ("Bernd", "")]
    LearningPlan.objects.update(state="completed", completed_on=TODAY)
    assert {reason for _, _, reason in told()} == {"Das ist inzwischen erledigt."}


def test_after_the_end_hr_reminds_of_plans_that_are_missing(as_, cast):
    row = participation_of(cast.anna)
    close_round(round_=row.round)

    assert remind(participations=Participation.objects.all(), by=cast.paula) == 2
    assert remind(participations=Participation.objects.all(), by=cast.paula) == 0


# --- what is late, and who has agreed -----------------------------------------------------------------------


def subjects():
    """(first name, what the subject says after the round) of every letter that holds."""
    return sorted(
        (one.person.first_name, said_in(one).subject.partition(": ")[2])
        for one in Letter.objects.all()
        if not obstacle_to(one)
    )


def test_both_are_told_once_that_a_review_is_overdue_until_it_is_moved(plan):
    review = plan.reviews.create(planned_on=in_days(-1))
    for _ in range(2):
        letters.remind_of_what_is_late(TODAY)
    late = subjects()
    Review.objects.filter(pk=review.pk).update(planned_on=in_days(5))

    day = date_format(TODAY)
    assert late == [
        ("Anna", f"Review-Gespräch mit Bernd Şahin-Žižek, überfällig seit {day}"),
        ("Bernd", f"Review-Gespräch mit Anna Ärmel, überfällig seit {day}"),
    ]
    assert subjects() == []


def test_the_person_is_told_of_measures_whose_day_has_passed_until_they_are_done(plan):
    plan.measures.update(due_on=in_days(9))
    measure = plan.measures.first()
    plan.measures.filter(pk=measure.pk).update(due_on=in_days(-2))
    for _ in range(2):
        letters.remind_of_what_is_late(TODAY)
    late = subjects()
    plan.measures.filter(pk=measure.pk).update(state="dropped")

    assert late == [("Anna", f"Maßnahme, überfällig seit {date_format(in_days(-1))}")]
    assert measure.title not in said_in(Letter.objects.get()).sentence
    assert subjects() == []


def test_what_is_late_for_a_month_is_for_people_to_talk_about(plan):
    plan.measures.update(due_on=in_days(-31))
    plan.reviews.create(planned_on=in_days(-31))

    assert letters.remind_of_what_is_late(TODAY) is None


def test_whoever_has_not_agreed_is_told_that_the_other_side_has(cast):
    draft = plan_of(participation_of(cast.anna))
    Letter.objects.all().delete()
    agreeing.agree_plan(plan=draft, by=cast.anna, read=draft.stamp)
    asked = subjects()
    agreeing.agree_plan(plan=draft, by=cast.bernd, read=draft.stamp)

    assert asked == [("Bernd", "Lernplan mit Anna Ärmel wartet auf Ihre Zustimmung")]
    assert asked[0] not in subjects()


def test_a_competency_that_becomes_due_for_refreshing_is_told_once_and_not_named(cast):
    recorded = participation_of(cast.anna)
    held, competency = (
        recorded.talk.held_on,
        AgreedLevel.objects.filter(talk=recorded.talk, level__gt=0).first().competency,
    )
    type(competency).objects.update(refresh_months=None)
    type(competency).objects.filter(pk=competency.pk).update(refresh_months=12)
    Letter.objects.all().delete()
    day = after_months(held, 12)
    before = tell_of_refreshes(day - timedelta(days=1))
    for n in range(3):
        tell_of_refreshes(day + timedelta(days=n))

    letter = Letter.objects.get()
    assert (before, letter.person, letter.kind) == (None, cast.anna, "reminder")
    assert said_in(letter).subject == f"Kompetenz auffrischen, seit {date_format(day)}"
    assert competency.name not in said_in(letter).sentence
