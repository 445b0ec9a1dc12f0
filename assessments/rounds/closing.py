"""Closing a round: what stays, what is deleted, and who hears of it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from assessments.models import Assessment, EarlierRoundsConsent, HandOver, Progress, Rating, Round
from assessments.telling import letters
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.refusals import Refused

from .opening import page_of_the_round
from .recording import note_state


class LossNotAgreed(Refused):
    """More would be lost than HR has agreed to lose."""

    def __init__(self):
        super().__init__("Es ginge mehr verloren, als bestätigt ist. Es ist nichts geändert.")


@dataclass(frozen=True)
class Loss:
    """What is deleted as a round ends, by numbers: entries from paper that nobody has confirmed, drafts of former managers."""

    entries: int
    drafts: int

    def exceeds(self, agreed):
        return self.entries > agreed.entries or self.drafts > agreed.drafts

    @property
    def in_words(self):
        """One text for each kind of which there is any."""
        texts = {
            "noch nicht bestätigte Eintragungen vom Papier": self.entries,
            "nicht freigegebene Fremdeinschätzungen früherer Führungskräfte": self.drafts,
        }
        return [f"{what}: {number}" for what, number in texts.items() if number]


def unconfirmed_in(round_):
    return round_.participations.filter(self_state=Progress.ENTERED)


def drafts_left_in(round_):
    """Those of former managers. By what was ever handed over, for it is little, and only then by the round, which has thousands."""
    handed_over = HandOver.objects.order_by().values("participation")
    drafts = Assessment.objects.filter(kind=Assessment.Kind.FORMER, participation__in=handed_over)
    return drafts.filter(Exists(round_.participations.filter(pk=OuterRef("participation"))))


def loss_of(round_, entries=None):
    """What would be deleted if the round ended now; a query, and one for the ``entries`` where these are not counted yet."""
    entries = unconfirmed_in(round_).count() if entries is None else entries
    return Loss(entries, drafts_left_in(round_).count())


@transaction.atomic
def close_round(*, round_):
    """End an open round, all of it in this transaction; returns the Loss. See begin_closing."""
    loss = loss_of(round_)
    begin_closing(round_=round_, by=None, at_once=True)
    return loss


@transaction.atomic
def begin_closing(*, round_, by, agreed_loss=None, at_once=False):
    """End an open round: from now on nothing in it changes any more; returns the job that clears up, or None if it is not open.

    What former managers have left unreleased at a hand-over is of no use any more and is deleted; so is what somebody
    has typed in from paper and the person has not confirmed. Talks to come go from the calendars. ``agreed_loss`` is what HR
    was shown of that, None if nobody was asked. Raises LossNotAgreed.
    """
    # Held, so that nothing more comes in between what is counted and what is deleted.
    round_ = Round.objects.open().select_for_update().filter(pk=round_.pk).first()
    if round_ is None:
        return None
    wait_for_who_writes(round_)
    loss = loss_of(round_)
    if agreed_loss is not None and loss.exceeds(agreed_loss):
        raise LossNotAgreed
    left = drafts_left_in(round_).values_list("participation", flat=True)
    concerned = {
        *left,
        *(
            pk
            for rows in (unconfirmed_in(round_), coming_in(round_), begun_in(round_))
            for pk in rows.values_list("pk", flat=True)
        ),
    }
    Round.objects.filter(pk=round_.pk).update(state=Round.State.CLOSED, closed_at=timezone.now())
    round_.state = Round.State.CLOSED
    end_consents_to_fewer_rounds(round_)
    note_state(round_, Round.State.OPEN.label, by=by)
    about = {"subject": round_.pk, "title": f"Runde beenden: {round_}", "by": by, "at_once": at_once}
    return begin(CLEARING, items=sorted(concerned), loss=loss.in_words, **about)


def wait_for_who_writes(round_):
    """Whoever holds a participation of it is done first, and so counts; whoever comes then waits, and finds the round ended."""
    # The assessments that are about to be cleared first, as answering/saving.py locks them; their participations with all others,
    # or whoever holds one and waits for theirs would be waited for.
    typed_in = Assessment.objects.of_themselves().filter(participation__in=unconfirmed_in(round_))
    list(typed_in.select_for_update().order_by("participation_id").values_list("pk"))
    # no_key: nobody waits who only writes a row that belongs to one.
    list(round_.participations.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def end_consents_to_fewer_rounds(round_):
    """Whoever has let their new manager read earlier rounds is asked anew: this one, which ends with another, was not among them."""
    others = round_.participations.ready_for_talk().exclude(manager=F("person__manager"))
    EarlierRoundsConsent.objects.filter(agrees=True, person__in=others.order_by().values("person")).delete()


def begun_in(round_):
    """Those in which somebody has not released what they had begun."""
    return round_.participations.filter(Q(self_state=Progress.STARTED) | Q(manager_state=Progress.STARTED))


def coming_in(round_):
    return round_.participations.filter(talk_at__gt=timezone.now(), paused_on=None)


def clear_some(job, participations):
    round_ = Round.objects.get(pk=job.subject)
    coming = coming_in(round_).filter(pk__in=participations)
    letters.tell_that_talks_are_off(coming.select_related("person__manager", "round"))
    letters.tell_of_end(begun_in(round_).filter(pk__in=participations))
    drafts_left_in(round_).filter(participation__in=participations).delete()
    unconfirmed = unconfirmed_in(round_).filter(pk__in=participations)
    typed_in = Assessment.objects.of_themselves().filter(participation__in=unconfirmed)
    Rating.objects.filter(assessment__in=typed_in).delete()
    typed_in.update(**dict.fromkeys(Assessment.OF_PAPER))
    unconfirmed.update(self_state=Progress.OPEN)


def say_what_is_deleted(job):
    deleted = job.options["loss"]
    rest = f"Gelöscht sind {' und '.join(deleted)}. Alles andere bleibt." if deleted else "Alles Gespeicherte bleibt."
    job.sentence = f"Die Runde ist beendet. {rest}"


CLEARING = JobKind("clearing up", batch=clear_some, finish=say_what_is_deleted, leads_to=page_of_the_round)
