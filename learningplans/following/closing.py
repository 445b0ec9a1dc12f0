"""The end of a plan: the final review's record was answered, or the other side has stayed silent (paper 4.3.3)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from learningplans.drafting.holding import keep_names, tell_participation
from learningplans.models import LearningPlan, RecordOfTwo, Review
from learningplans.telling import letters


def complete_plan(plan, on):
    """The plan, which the caller holds, is completed on this day."""
    plan.state, plan.completed_on = LearningPlan.State.COMPLETED, on
    plan.save(update_fields=["state", "completed_on", "changed_at"])
    keep_names(plan)
    tell_participation(plan)


def is_over(review, today):
    """Whether the other side was told of this final record, can still answer it, and has let its last day pass.

    The last day is never before the day the review is planned for, and ends at midnight (Europe/Berlin), whenever the daily
    job runs.
    """
    last = ends_by(review)
    return last is not None and today > last


def ends_by(review):
    """The day with which the plan ends if nobody answers this final record; None where no days run, see tell_again."""
    runs = (
        review.is_final
        and review.waits
        and review.sent_back_at is None
        and review.answer_by is not None
        and not review.plan.participation.rests
        and review.told == letters.acting(review.plan.participation, review.other_side)
        and was_asked(letters.asked_by(review))
    )
    return review.answer_by if runs else None


def was_asked(letter):
    """Whether the letter has left us; who wants no letters reads it in their tasks."""
    return letter is None or letter.state == letter.State.SENT


@transaction.atomic
def close_in_silence(review, today):
    """Complete the plan on the last day for an answer, unless there was one; answers whether it is done now."""
    # Whoever answers or corrects holds the plan, too: one of them comes first, and the other finds what has become of it.
    plan = LearningPlan.objects.select_for_update().filter(pk=review.plan_id, state=LearningPlan.State.AGREED).first()
    stored = with_people().get(pk=review.pk)
    if plan is None or not is_over(stored, today):
        return False
    stored.answer, stored.answered_at = RecordOfTwo.Answer.SILENT, timezone.now()
    stored.save(update_fields=["answer", "answered_at"])
    complete_plan(plan, stored.answer_by)
    page = reverse("learningplans:review_result", args=[plan.pk, stored.pk])
    letters.tell(plan, stored.written_side, about=page, key=f"review-{stored.pk}-silent")
    return True


def settle(plan):
    """Complete the plan now if the time to answer its final record has passed and the daily job has not run since."""
    final = with_people().filter(plan=plan, is_final=True).first()
    return final is not None and is_over(final, timezone.localdate()) and close_in_silence(final, timezone.localdate())


def with_people():
    return Review.objects.select_related("told", "plan__participation__person", "plan__participation__manager")


def tell_again(review):
    """Begin to wait anew where another acts on the other side than was told, or asking had to stop: they are told today.

    Nobody is asked of a participation that rests, nor where nobody acts; and as long as the letter that asks has not left,
    each day is the first. Thrown away, it is written once more.
    """
    participation = review.plan.participation
    who = None if participation.rests else letters.acting(participation, review.other_side)
    letter = letters.asked_by(review)
    if who == review.told and was_asked(letter):
        return
    is_on_its_way = who == review.told and letter.state != letter.State.DISCARDED
    review.told, review.told_on = who, timezone.localdate() if who else None
    review.save(update_fields=["told", "told_on"])
    if who and not is_on_its_way:
        page = reverse("learningplans:review_result", args=[review.plan_id, review.pk])
        letters.ask_for_answer(review, about=page, again=True)


@hooks.register("every_day")
def complete_where_nobody_answers(today):
    """Plans whose final record was not answered in time are completed."""
    closed = 0
    for review in with_people().waiting().filter(is_final=True, plan__state=LearningPlan.State.AGREED):
        if close_in_silence(review, today):
            closed += 1
        elif last := ends_by(review):
            letters.remind_of_answer(review, last, today)
        else:
            tell_again(review)
    return f"Lernpläne ohne Antwort abgeschlossen: {closed}." if closed else None
