"""Sending what waits: by a worker, one person after the other, nothing twice, nothing lost."""

import logging
import time
from datetime import timedelta

from django.db.models import Min, Q
from django.utils import timezone

from kompetenz.jobs.queue import enqueue_once, stand_in, task
from kompetenz.outages import outage_of

from . import smtp
from .gathering import has_to_wait, true_ones
from .models import Letter, gets_mail
from .wording import message_of

A_RUN = timedelta(seconds=20)  # then others get their turn, and a worker can stop
OTHERS_FIRST = timedelta(
    seconds=1
)  # so long it is not due: what else waits comes after letters, and is not to wait for all of them
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # after so many runs in vain; the last for ever
AT_ONCE = 20
BROKEN = timedelta(hours=1)  # so long a letter of which something cannot be said waits, and keeps no other back

NO_ADDRESS = "Die Person hat keine E-Mail-Adresse mehr."

logger = logging.getLogger(__name__)


@task()
def deliver(failures=0):
    """Send all letters that wait. However it ends, there is another run as long as any are left."""
    doubt_what_was_left()
    if not Letter.objects.on_their_way().exists():
        return
    began, unfinished = timezone.now(), False
    try:
        with stand_in(deliver, failures=failures):
            unfinished = send_waiting(began)
    finally:
        if unfinished:
            enqueue_once(deliver, after=OTHERS_FIRST)
        elif Letter.objects.ripe().exists():
            enqueue_once(deliver, after=PAUSES[min(failures, len(PAUSES) - 1)], failures=failures + 1)
        elif moment := Letter.objects.waiting().aggregate(first=Min("not_before"))["first"]:
            enqueue_once(deliver, at=moment)


def doubt_what_was_left():
    """A letter whose worker died between claiming and sending it may have been sent; returns how many there were."""
    problem = "Der Versand wurde abgebrochen, vielleicht kam die E-Mail noch an."
    return Letter.objects.left_in_sending().update(state=Letter.State.UNCERTAIN, problem=problem)


def send_waiting(began):
    """Try every letter once, but only for the length of a run; true if that ended it, false if there is no more to do now."""
    mail, until = smtp.connection(), time.monotonic() + A_RUN.total_seconds()
    try:
        for pk in untried_since(began):
            attend_to(pk, mail)
            if time.monotonic() > until:
                return True
    except smtp.NobodyThere:
        return False
    finally:
        mail.close()
    return False


def untried_since(began):
    """Letters no run has tried since; several workers take from the same heap, and the often failed come last.

    None twice, even where the clock has been put back since.
    """
    tried = set()
    while found := [pk for pk in first_of(untried(began)) if pk not in tried]:
        tried.update(found)
        yield from found


def first_of(letters):
    return letters.order_by("attempts", "pk").values_list("pk", flat=True)[:AT_ONCE]


def untried(began):
    return Letter.objects.ripe().filter(Q(claimed_at=None) | Q(claimed_at__lt=began))


def attend_to(pk, mail):
    """Send this letter, and what waits for the same person with it, as far as it still waits, is still wanted and still true.

    Raises NobodyThere.
    """
    letters, message = made_of(pk)
    if not letters or not Letter.claim(letters):
        return
    try:
        smtp.hand_over(mail, message)
    except smtp.NotSent as problem:
        Letter.settle(letters, problem.state, str(problem))
        if isinstance(problem, smtp.NobodyThere):
            raise
    else:
        Letter.settle(letters, Letter.State.SENT)


def made_of(pk):
    """``to_send`` of this letter; where a mistake of ours lets nobody say what is in it, that is in the log, and the others go out."""
    try:
        return to_send(pk)
    except Exception as error:
        if outage_of(error):
            raise
        logger.exception("Letter %s cannot be written", pk)
        Letter.objects.waiting().filter(pk=pk).update(not_before=timezone.now() + BROKEN)
        return [], None


def leave_unsent(letter):
    """Whoever wants no mail, or works here no more, is not written to.

    Whose address was taken away was still to be asked: that stays known.
    """
    if letter.person.email:
        Letter.objects.waiting().filter(pk=letter.pk).delete()
    else:
        letter.drop(NO_ADDRESS)


def to_send(pk):
    """(letters, message) of which this letter is one; none, if it is not to be sent now."""
    letter = Letter.objects.ripe().select_related("person").filter(pk=pk).first()
    if letter is None:
        return [], None
    if not gets_mail(letter.person):
        leave_unsent(letter)
        return [], None
    letters = true_ones(letter)
    if not letters or has_to_wait(letters):
        return [], None
    return letters, message_of(*letters)
