"""Each record of two is answered by the side that has not written it: taken note of, declined, or sent back (paper 4.3.3)."""

from contextlib import contextmanager

from django.db import transaction

from assessments.models import RETURNED_OFTEN_ENOUGH
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.drafting.holding import held, still_there
from learningplans.models import LearningPlan, PlanChange, Review, side_of
from learningplans.telling import letters

CORRECTED = "Nicht gespeichert: {} hat den Eintrag inzwischen geändert. Bitte lesen Sie ihn noch einmal."
OWN = "Nicht gespeichert: Das ist Ihr eigener Eintrag. Darauf antwortet {}."
OF_YOUR_SIDE = "Nicht gespeichert: Das hat {} geschrieben. Darauf antwortet {}."
OTHERS = "Nicht gespeichert: Das hat {} geschrieben. Sie können darauf antworten, aber nichts daran ändern."
SO_ALREADY = "Nicht gespeichert: Genau das hat {} schon geschrieben. Es steht unter diesem Namen da."
ANSWERED = "Nicht gespeichert: Der Eintrag ist schon beantwortet."
WITHDRAWN = "Nicht gespeichert: {} hat den Eintrag inzwischen zurückgenommen."
RETURNED = "Nicht gespeichert: {} hat den Eintrag inzwischen zurückgegeben. Bitte lesen Sie zuerst, warum."
OTHERWISE = {  # what belongs to a record and is read with it, by the record's class
    Review: "Nicht gespeichert: Eine Änderung, die zu diesem Gespräch gehört, ist inzwischen eine andere. Bitte lesen Sie sie noch einmal.",
    PlanChange: "Nicht gespeichert: Inzwischen ist gemeldet, wie weit die Maßnahme ist. Bitte lesen Sie noch einmal.",
}


def refuse_anothers(record, by):
    """Raise Refused where the very same was written by somebody else of the side of ``by``: it stands under their name."""
    if record.written_by_id not in (None, by.pk):
        raise Refused(SO_ALREADY.format(record.writer))


class Unchanged(Refused):
    """What was sent back is written down again as it was."""

    def __init__(self, record):
        super().__init__(
            f"Nicht gespeichert: So hat {record.sender_back} den Eintrag zurückgegeben. "
            "Wenn er so bleiben soll, schreiben Sie dazu, warum."
        )


def nobody_answers(plan, by):
    """That nobody can be asked today for an answer to what ``by`` writes, in words; empty where somebody can."""
    return letters.nobody_acts(plan.participation, side_of(plan.participation, by).other)


@contextmanager
def unanswered(record, by, read):
    """Hold the plan and the record as it is stored, for an answer of the other side to what it has ``read``.

    Raises OutOfState unless the plan is agreed, TooLate once it is answered, Refused for one's own, Faster if it was
    corrected or sent back since, or what belongs to it is another.
    """
    with transaction.atomic():
        plan = held(record.plan, LearningPlan.State.AGREED)
        still_there(record)
        stored = type(record).objects.get(pk=record.pk)
        stored.plan = plan
        if not stored.waits:
            raise TooLate(why_not_waiting(stored))
        if stored.other_side != side_of(plan.participation, by):
            other, is_own = letters.other_today(plan.participation, by), stored.written_by_id == by.pk
            raise Refused(OWN.format(other) if is_own else OF_YOUR_SIDE.format(stored.writer, other))
        refuse_unread(stored, read)
        yield stored


def say_if_corrected(form, record, read):
    """Say on a form that comes back for another reason that it shows another record than the one its reader had ``read``."""
    if record.waits and record.stamp != read:
        form.add_error(None, what_is_new(record, read))


def refuse_unread(record, read):
    """Raise Faster where the record is another one than the one that was ``read``."""
    if record.stamp != read:
        raise Faster(what_is_new(record, read))


def read_of(request, record):
    """The stamp of the record that the page has shown from which this is sent; one of our pages that has lost it has shown nothing."""
    return request.POST.get("read", "" if "once" in request.POST else record.stamp)


def what_is_new(record, read):
    """What has become of the record since its reader had ``read`` it, in words."""
    parts = zip(record.stamp.split("-"), (read or "").split("-"), strict=False)
    first = next((place for place, (now, then) in enumerate(parts) if now != then), 0)
    return {
        0: CORRECTED.format(record.writer),
        1: RETURNED.format(record.sender_back) if record.sent_back_at else CORRECTED.format(record.writer),
        2: OTHERWISE[type(record)],
    }[first]


def why_not_waiting(record):
    """Why this record does not wait for an answer any more: it has one, or it is a change that was taken back."""
    return WITHDRAWN.format(record.withdrawer) if getattr(record, "withdrawn_at", None) else ANSWERED


def is_answered_so(record, by, answer, statement):
    """Whether this very answer is stored already: the same sent twice does no harm."""
    stored = type(record).objects.filter(pk=record.pk, answer=answer, statement=statement).first()
    return stored is not None and stored.answered_by_id == by.pk


def was_answered(records, request, pk):
    """Whether what is sent is stored already as the answer to one of ``records``."""
    said, text = request.POST.get("answer", ""), request.POST.get("statement", "").strip()
    return any(is_answered_so(one, request.user, said, text) for one in records.filter(pk=pk))


def send_back(*, record, by, why, read, stamp_of, tell):
    """Ask the side that wrote it for a correction, which then waits for an answer anew; ``tell(stored)`` writes to them.

    ``stamp_of(stored)`` is what it says: as long as it waits, the same is not put before the other side again.

    The same sent twice does no harm; what a deputy has sent back with another reason is read first. Refused once it was sent
    back often enough.
    """
    sent_back = {"sent_back_by": by, "sent_back_why": why, "sent_back_at__isnull": False}
    if type(record).objects.filter(pk=record.pk, **sent_back).exists():
        return
    with unanswered(record, by, read) as stored:
        if stored.is_sent_back_often_enough:
            raise Refused(RETURNED_OFTEN_ENOUGH)
        stored.send_back(stored.plan.participation, by, why, stamp_of(stored))
        stored.save()
        tell(stored)
