"""Who has written and who has answered what in the plans of the demo district: mostly both, and a few that wait."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from learningplans.models import RecordOfTwo, Side

from .rounds import moment

BY_THE_PERSON = 0.3  # the share of records that the person writes
DECLINED = 0.03
SILENT = 0.1  # the share of completed plans whose final record nobody has answered
WAITING = 0.3  # the share of plans whose last record is not answered yet
STATEMENT = "Das hatten wir anders besprochen: Die Stufe war noch nicht erreicht."


def sign_reviews(sketches):
    """Give the held reviews their writer and the answer; a completed plan ends with it."""
    rng = Random("Landkreis Musterland: Antworten")
    for sketch in sketches:
        held = [review for review in sketch.reviews if review.held_on]
        for review in held:
            write(review, sketch, review.held_on, rng)
            if review.is_final:
                end(sketch, review, rng)
            elif review is not held[-1] or rng.random() > WAITING:
                answer(review, sketch, rng)


def write(record, sketch, day, rng):
    participation = sketch.course.participation
    sides = [(Side.PERSON, participation.person_id), (Side.MANAGER, participation.manager_id)]
    writer, reader = sides if rng.random() < BY_THE_PERSON else sides[::-1]
    record.written_side, record.written_by_id = writer
    record.told_id, record.told_on = reader[1], day
    record.written_at = moment(day, 15)


def answer(record, sketch, rng):
    """By the other side within some days, but never in the future."""
    participation = sketch.course.participation
    declines = rng.random() < DECLINED
    record.answer = RecordOfTwo.Answer.DECLINED if declines else RecordOfTwo.Answer.NOTED
    record.statement = STATEMENT if declines else ""
    by_person = record.written_side == Side.MANAGER
    record.answered_by_id = participation.person_id if by_person else participation.manager_id
    day = min(timezone.localdate(record.written_at) + timedelta(days=rng.randint(1, 5)), yesterday())
    record.answered_at = max(moment(day, 17), record.written_at)


def end(sketch, review, rng):
    """The plan is completed by the answer, or now and then by a fortnight without one."""
    if rng.random() < SILENT:
        review.answer, review.answered_at = RecordOfTwo.Answer.SILENT, moment(review.answer_by + timedelta(days=1), 1)
        sketch.plan.completed_on = review.answer_by
        return
    answer(review, sketch, rng)
    sketch.plan.completed_on = timezone.localdate(review.answered_at)


def yesterday():
    return timezone.localdate() - timedelta(days=1)
