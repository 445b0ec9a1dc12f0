"""The date of the Gespräch: set, moved and called off by the manager, until the result is recorded."""

from django.db import transaction
from django.utils import timezone

from . import notices
from .models import Participation, Round, TalkProgress


class NoDateNow(Exception):
    """The date cannot be set (any more); the message says why, in German."""


def may_be_set(participation):
    """Whether the talk of this participation, with its round, still lies ahead."""
    return participation.round.is_open and not participation.rests and participation.talk_state < TalkProgress.RECORDED


@transaction.atomic
def set_talk_date(*, participation, at, place, by):
    """Note when and where the talk will be, or with ``at=None`` that there is no date any more; True if that is new.

    ``at`` has a time zone. The one place where a date of a talk changes: who hears about it hears it from here.
    Raises NoDateNow, also if ``by`` does not manage this person or no longer does.
    """
    managed = Participation.objects.managed_by(by).filter(pk=participation.pk, round__state=Round.State.OPEN)
    row = managed.select_for_update(of=("self",)).select_related("round").first()
    if row is None or not may_be_set(row):
        raise NoDateNow("Der Termin bleibt, wie er ist: Das Gespräch ist festgehalten, oder die Teilnahme läuft nicht.")
    if at is not None and at <= timezone.now():
        raise NoDateNow("Der Termin liegt in der Vergangenheit.")
    place = place if at else ""
    if (row.talk_at, row.talk_place) == (at, place):
        return False
    row.talk_at, row.talk_place = at, place
    row.save(update_fields=["talk_at", "talk_place"])
    notices.tell_of_talk_date(row)
    return True
