"""Recording a review of an agreed plan, and answering the record (paper 4.3.3)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kompetenz.forms.stamp import stamp
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.drafting.holding import OutOfState, held, still_there
from learningplans.following import answering, closing
from learningplans.following.preparing import save_standings
from learningplans.models import FinalCheck, FollowUp, GoalReview, LearningPlan, Review, side_of
from learningplans.telling import letters

NOT_YET = (
    "Nicht gespeichert: Das Abschlussgespräch ist erst für den {} vereinbart. Hat es noch nicht stattgefunden, geben Sie das "
    "Ergebnis mit diesem Grund zurück."
)
SENT_BACK = "Nicht gespeichert: {} hat das Ergebnis zurückgegeben. Ablehnen können Sie es, wenn {} es berichtigt hat."
NOT_SENT_BACK = "Nicht zurückgenommen: Das geht nur, solange das Ergebnis zurückgegeben und nicht berichtigt ist."
STANDS = "Das Ergebnis ist beantwortet und ändert sich nicht mehr."


class WrittenByTheOther(TooLate):
    """The other side has recorded this review: it is theirs to correct, and one's own to answer."""

    def __init__(self, review):
        super().__init__(
            f"Nicht gespeichert: {review.writer} hat dieses Gespräch inzwischen festgehalten. Ihre Eingaben stehen noch "
            "hier; was fehlt, können Sie in Ihrer Antwort schreiben."
        )


def may_record(review, user):
    """Whether ``user``, who shares the plan, records this review or corrects an own record not answered yet."""
    if review.held_on is None:
        return True
    return review.waits and review.written_side == side_of(review.plan.participation, user)


def stamp_of_record(review):
    """What a page sends back from which it is recorded or corrected: another one also once it is sent back, for why is to be read first.

    Empty before the review is held.
    """
    said = stamp_of_what_it_says(review)
    return said and stamp(said, review.sent_back_at and review.sent_back_at.isoformat())


def stamp_of_what_it_says(review):
    """The stamp of what has been recorded; empty before the review is held."""
    if review.held_on is None:
        return ""
    agreed = review.goal_reviews.order_by("goal").values_list("goal", "agreed_level", "helped")
    check = FinalCheck.objects.filter(review=review).first()
    return _stamp_of(review, agreed, check, review.plan.follow_ups.all() if check else [])


def _stamp_of(review, agreed, check, follow_ups):
    said = sorted(row for row in agreed if row[1] is not None or row[2])
    looked_back = check and [check.letters, check.remark, check.note_for_next]
    goes_on = sorted((one.competency_id, one.kind, one.text) for one in follow_ups)
    return stamp(review.held_on, review.notes, review.tasks_changed, review.changed_tasks, said, looked_back, goes_on)


@transaction.atomic
def record_review(*, review, agreed, read, by, check=None, follow_ups=()):
    """Hold a review, or correct an own record of it that is not answered yet; the other side is told and answers.

    ``review`` has the new ``held_on``, ``notes`` and what it says about the role's tasks, ``agreed`` is ``{goal id: (level
    or None, what helped)}``; goals not pursued any more are ignored. ``check`` and ``follow_ups`` are rows not yet saved
    that know neither review nor plan, of the final review alone, which cannot do without. ``read`` is the stamp_of_record
    when it was opened. Raises TooLate once it is answered, WrittenByTheOther, Faster, Unchanged where it was
    sent back, OutOfState for a plan that is not agreed, and Refused for a day on which it cannot have been held. The same
    sent twice does no harm.
    """
    plan = held(review.plan, LearningPlan.State.AGREED)
    still_there(review)
    if review.is_final != (check is not None):
        raise OutOfState("Nicht gespeichert: Welches das Abschlussgespräch ist, hat sich inzwischen geändert.")
    stored = Review.objects.with_names().get(pk=review.pk)
    stored.plan = plan
    if stored.held_on and not stored.waits:
        raise TooLate(f"Nicht gespeichert: {STANDS}")
    if stored.held_on and stored.written_side != side_of(plan.participation, by):
        raise WrittenByTheOther(stored)
    new = _stamp_of(review, [(goal, *said) for goal, said in agreed.items()], check, follow_ups)
    if new == stored.sent_back_as and not stored.was_sent_back_by(side_of(plan.participation, by)):
        raise answering.Unchanged(stored)
    if stamp_of_what_it_says(stored) == new:
        answering.refuse_anothers(stored, by)
        return
    if stamp_of_record(stored) != read:
        raise Faster(answering.RETURNED.format(stored.sender_back)) if stored.sent_back_at else Faster
    if problem := stored.why_not_held_on(review.held_on):
        raise Refused(f"Nicht gespeichert: {problem}")
    in_calendars(plan, stored, letters.call_off_reviews)
    for name in ("held_on", "notes", "tasks_changed", "changed_tasks"):
        setattr(stored, name, getattr(review, name))
    stored.write(plan.participation, by, None)
    stored.told = letters.acting(plan.participation, stored.other_side)
    stored.told_on = timezone.localdate() if stored.told else None
    stored.save()
    write_levels(plan, stored, agreed)
    if check:
        look_back(plan, stored, check, follow_ups)
    letters.ask_for_answer(stored, about=page_of(stored))


def in_calendars(plan, review, write):
    """Let ``write`` tell the calendars what becomes of a later day of a review that is not held, or not any more."""
    if review.held_on is None and review.planned_on > timezone.localdate():
        write(plan, [review])


def write_levels(plan, review, agreed):
    aims = dict(plan.goals.values_list("pk", "to_level"))
    rows = [
        GoalReview(goal_id=goal, agreed_level=level, helped=helped, to_level=aims.get(goal))
        for goal, (level, helped) in agreed.items()
    ]
    save_standings(review, rows, ["agreed_level", "helped", "to_level"])


def look_back(plan, review, check, follow_ups):
    """The final review's own part; a correction replaces it."""
    FinalCheck.objects.filter(review=review).delete()
    check.pk, check.review = None, review
    check.save()
    plan.follow_ups.all().delete()
    for follow_up in follow_ups:
        follow_up.plan = plan
    FollowUp.objects.bulk_create(follow_ups)


def page_of(review):
    return reverse("learningplans:review_result", args=[review.plan_id, review.pk])


def answer_review(*, review, by, answer, statement, read):
    """The other side's answer to the record: with it the levels count (taken note of) or do not (declined).

    Either completes the plan if the review is the final one. Declined before its date, or while it is sent back, it would
    end the plan by the word of one side: Refused. The same sent twice does no harm. Raises what ``answering.unanswered`` raises.
    """
    if answering.is_answered_so(review, by, answer, statement):
        return
    with answering.unanswered(review, by, read) as stored:
        if stored.is_final and answer == Review.Answer.DECLINED:
            refuse_to_end(stored)
        stored.take_answer(stored.plan.participation, by, answer, statement)
        stored.save()
        if stored.is_final:
            closing.complete_plan(stored.plan, timezone.localdate())
        letters.tell(stored.plan, stored.written_side, about=page_of(stored), key=f"review-{stored.pk}-answer")


def refuse_to_end(final):
    """Raises Refused where declining this record would end the plan by the word of one side alone."""
    if timezone.localdate() < final.planned_on:
        raise Refused(NOT_YET.format(f"{final.planned_on:%d.%m.%Y}"))
    if final.sent_back_at:
        raise Refused(SENT_BACK.format(final.sender_back, final.writer))


def send_review_back(*, review, by, why, read):
    def tell(stored):
        letters.tell(stored.plan, stored.written_side, about=page_of(stored), key=f"review-{stored.pk}-sent-back")

    answering.send_back(record=review, by=by, why=why, read=read, stamp_of=stamp_of_what_it_says, tell=tell)


@transaction.atomic
def withdraw_record(*, review, by, read=None):
    """Take an own record back that was sent back: the review is to be held again, and what each side has prepared stays.

    Why it was sent back stays, too, and as it was sent back it is not recorded again.
    ``read`` is the stamp of the record as a page has shown it, None is not asked. Raises OutOfState for a plan that is not agreed,
    TooLate for anything but an own record that was sent back, and Faster for another one.
    """
    plan = held(review.plan, LearningPlan.State.AGREED)
    still_there(review)
    stored = Review.objects.with_names().get(pk=review.pk)
    stored.plan = plan
    if stored.sent_back_at is None or stored.written_side != side_of(plan.participation, by):
        raise TooLate(NOT_SENT_BACK)
    if read is not None:
        answering.refuse_unread(stored, read)
    other = stored.other_side
    stored.held_on, stored.notes, stored.tasks_changed, stored.changed_tasks = None, "", "", ""
    stored.unwrite()
    stored.save()
    stored.goal_reviews.update(agreed_level=None, helped="", to_level=None)
    stored.changes.update(review=None)
    if stored.is_final:
        FinalCheck.objects.filter(review=stored).delete()
        plan.follow_ups.all().delete()
    in_calendars(plan, stored, letters.invite_to_reviews)
    letters.tell(plan, other, about=plan.get_absolute_url(), key=f"review-{stored.pk}-withdrawn")
