"""What HR decides about letters that were not sent."""

from django.db import transaction
from django.db.models import Q

from kompetenz.jobs.queue import enqueue_once
from kompetenz.jobs.recovery import recover_stuck_tasks

from .delivering import deliver, doubt_what_was_left
from .models import Letter


@transaction.atomic
def send_now():
    """All that wait are sent without waiting for the next attempt, and what a dead worker has left is taken up."""
    recover_stuck_tasks()
    doubt_what_was_left()
    enqueue_once(deliver)


@transaction.atomic
def send_again(*, letters):
    """Those on hold wait again and are sent at once; returns how many."""
    on_hold = letters.on_hold()
    again = on_hold.count()
    Letter.objects.on_hold().sent_together_with(on_hold).update(
        state=Letter.State.WAITING, attempts=0, problem="", not_before=None
    )
    if again:
        enqueue_once(deliver)
    return again


def discard(*, letters):
    """Those not sent and not just being sent are done with, and not written again; returns how many.

    What somebody would find nowhere else, that they were removed from a round with all they had written, waits until it can be sent.
    """
    waiting = Q(state=Letter.State.WAITING) & ~Q(kind__in=Letter.NOWHERE_ELSE)
    unsettled = letters.filter(waiting | Q(state__in=Letter.ON_HOLD))
    return unsettled.update(state=Letter.State.DISCARDED)
