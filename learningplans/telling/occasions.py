"""What the letters about plans are about: whether one is still true when it is sent, and still this person's concern."""

from datetime import date

from django.utils import timezone

from assessments.models import Participation, goes_on
from assessments.telling.occasions import RESTS, called_off
from kompetenz import hooks
from kompetenz.letters.attaching import calendar_of
from kompetenz.letters.occasions import DONE, ELSEWHERE, Occasion
from learningplans.models import Booking, GroupPlace, LearningPlan, Measure, PlanChange, Review, side_of

from . import words
from .letters import TASKS, both_sides, events_for

GONE = "Den Lernplan gibt es nicht mehr."
MOVED = "Den Termin gibt es nicht mehr."


def of_plan(letter, plan):
    """Anything about a plan: as long as it is there, the participation goes on, and the reader is one of its two sides.

    Who is led to the plan can open it; who is only told of a date acts for the person.
    """
    row = Participation.objects.filter(goes_on()).select_related("person__manager")
    row = row.filter(pk__in=LearningPlan.objects.filter(pk=plan).values("participation")).first()
    if row is None:
        return RESTS if LearningPlan.objects.filter(pk=plan).exists() else GONE
    if letter.path == TASKS:
        return "" if letter.person in both_sides([row])[row.pk] else ELSEWHERE
    return "" if Participation.objects.shared_with(letter.person).filter(pk=row.pk).exists() else ELSEWHERE


def coming(plan):
    """The reviews of the plan that are to be held, if it is agreed."""
    reviews = Review.objects.filter(plan=plan, plan__state=LearningPlan.State.AGREED, held_on=None)
    return reviews.filter(planned_on__gte=timezone.localdate())


def review_dates(letter, plan):
    return of_plan(letter, plan) or ("" if coming(plan).exists() else MOVED)


def review_files(letter, plan):
    """All dates of the plan that hold now, whichever the letter was written about."""
    return file_of(letter, coming(plan))


def review_reminder(letter, review, day):
    found = Review.objects.filter(pk=review).first()
    if found is None:
        return MOVED
    if found.held_on is not None:
        return DONE
    if found.planned_on != date.fromisoformat(day) or found.planned_on < timezone.localdate():
        return MOVED
    return of_plan(letter, found.plan_id) or ("" if coming(found.plan_id).filter(pk=review).exists() else MOVED)


def review_file(letter, review, day):
    return file_of(letter, Review.objects.filter(pk=review))


def file_of(letter, reviews):
    reviews = reviews.select_related("plan__participation__round")
    return calendar_of(events_for(letter.person, letter.path, reviews))


def change(letter, pk):
    """What is said of one change of a plan; of what is told of a change by its number."""
    plan = LearningPlan.objects.filter(changes=pk).values_list("pk", flat=True).first()
    return of_plan(letter, plan) if plan else GONE


def to_answer(letter, record):
    """A record by whose answer the reader is asked: as long as it waits for their side's."""
    if record is None:
        return GONE
    side = side_of(record.plan.participation, letter.person)
    waits = record.waits and record.sent_back_at is None and record.other_side == side
    return of_plan(letter, record.plan_id) or ("" if waits else DONE)


def change_to_answer(letter, pk):
    return to_answer(letter, PlanChange.objects.select_related("plan__participation").filter(pk=pk).first())


def review_to_answer(letter, pk):
    return to_answer(letter, Review.objects.select_related("plan__participation").filter(pk=pk).first())


def to_correct(letter, record):
    """A record that the reader's side has written and that was sent back: as long as it waits for a correction."""
    if record is None:
        return GONE
    side = side_of(record.plan.participation, letter.person)
    waits = record.waits and record.sent_back_at is not None and record.written_side == side
    return of_plan(letter, record.plan_id) or ("" if waits else DONE)


def change_to_correct(letter, pk):
    return to_correct(letter, PlanChange.objects.select_related("plan__participation").filter(pk=pk).first())


def review_to_correct(letter, pk):
    return to_correct(letter, Review.objects.select_related("plan__participation").filter(pk=pk).first())


def final_to_answer(letter, pk, last):
    """Until the day with which the plan ends in silence, which is another one once somebody is asked anew."""
    found = Review.objects.filter(pk=pk).first()
    is_same = found is not None and found.answer_by == date.fromisoformat(last) and found.told == letter.person
    return review_to_answer(letter, pk) if is_same and found.answer_by >= timezone.localdate() else DONE


def of_review(letter, pk):
    plan = Review.objects.filter(pk=pk).values_list("plan", flat=True).first()
    return of_plan(letter, plan) if plan else GONE


def free_seat(letter, booking):
    """A seat that was booked and is given up in the plan: as long as HR has not said what holds."""
    if not letter.person.is_hr:
        return ELSEWHERE
    waits = Booking.objects.filter(pk=booking, said=Booking.State.PROPOSED, booked_until__isnull=False)
    return "" if waits.exists() else DONE


def group_to_answer(letter, pk):
    """The question whether somebody joins a group: as long as they can still answer it."""
    places = GroupPlace.objects.to_answer().of_person(letter.person)
    return "" if places.filter(group=pk).exists() else DONE


def late_review(letter, review, day):
    """As long as it is not held and no other day is set for it."""
    found = Review.objects.filter(pk=review).first()
    if found is None or found.planned_on != date.fromisoformat(day):
        return MOVED
    return of_plan(letter, found.plan_id) or ("" if found.held_on is None and found.plan.is_agreed else DONE)


def late_measures(letter, plan, _day):
    late = Measure.objects.planned().filter(
        plan=plan, plan__state=LearningPlan.State.AGREED, due_on__lt=timezone.localdate()
    )
    return of_plan(letter, plan) or ("" if late.exists() else DONE)


def to_agree(letter, pk):
    """A draft to which the other side has agreed, and this one not yet."""
    plan = LearningPlan.objects.select_related("participation").filter(pk=pk).first()
    if plan is None:
        return GONE
    own, other = plan.agreed_by_person_on, plan.agreed_by_manager_on
    if letter.person_id != plan.participation.person_id:
        own, other = other, own
    waits = plan.state == LearningPlan.State.DRAFT and other and not own
    return of_plan(letter, pk) or ("" if waits else DONE)


@hooks.register("letter_occasions")
def occasions():
    return [
        Occasion(r"round-(\d+)-plan-sample-([a-z-]+)-(person|manager)", lambda *_: DONE, said=words.sample),
        Occasion(r"learning-group-(\d+)", group_to_answer, said=words.group),
        Occasion(r"seat-free-(\d+)-\d+", free_seat, said=words.free_seat),
        Occasion(r"plan-(\d+)-reviews-\d+", review_dates, review_files, words.review_dates),
        Occasion(r"review-(\d+)-(\d{8})-\d+-tage", review_reminder, review_file, words.review_reminder),
        Occasion(r"review-(\d+)-(\d{8})-danach", late_review, said=words.late_review),
        Occasion(r"reviews-off-.+", called_off),
        Occasion(r"plan-change-(\d+)-\d+", change_to_answer, said=words.change_to_answer),
        Occasion(r"plan-change-(\d+)-sent-back-\d+", change_to_correct, said=words.change_to_correct),
        Occasion(r"plan-change-(\d+)-answer-\d+", change, said=words.change_answered),
        Occasion(r"plan-change-(\d+)(?:-.+)?", change, said=words.change_of_a_plan),
        Occasion(r"plan-(\d+)-agreed-\d+", to_agree, said=words.to_agree),
        Occasion(r"plan-(\d+)-measures-(\d{8})", late_measures, said=words.late_measures),
        Occasion(r"plan-(\d+)-booking-\d+", of_plan, said=words.booking),
        Occasion(r"plan-(\d+)-.+", of_plan, said=words.about_a_plan),
        Occasion(r"review-(\d+)-(?:record|told)-\d+", review_to_answer, said=words.review_to_answer),
        Occasion(r"review-(\d+)-until-(\d{8})-\d+-tage", final_to_answer, said=words.answer_reminder),
        Occasion(r"review-(\d+)-sent-back-\d+", review_to_correct, said=words.review_to_correct),
        Occasion(r"review-(\d+)-answer-\d+", of_review, said=words.review_answered),
        Occasion(r"review-(\d+)-silent-\d+", of_review, said=words.review_silent),
        Occasion(r"review-(\d+)-.+", of_review, said=words.review_withdrawn),
    ]
