"""The date of the Gespräch: set, moved and called off by the manager, until the result is recorded."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Participation, Round, as_it_is_now, why_over
from assessments.models.accesses import How, What, note
from assessments.telling import letters
from kompetenz.refusals import Refused, TooLate


def may_be_set(participation):
    """Whether the talk of this participation, with its round, still lies ahead."""
    return participation.awaits_talk


@transaction.atomic
def set_talk_date(*, participation, at, place, by):
    """Note when and where the talk will be, or with ``at=None`` that there is no date any more; True if that is new.

    ``at`` has a time zone. The one place where a date of a talk changes: who hears about it hears it from here.
    Raises Refused, also if ``by`` does not manage this person or no longer does.
    """
    managed = Participation.objects.managed_by(by).filter(pk=participation.pk, round__state=Round.State.OPEN)
    # Locked, so that each change is told once, with the date that holds.
    row = managed.select_for_update(of=("self",)).select_related("round", "person__manager").first()
    if row is None or not may_be_set(as_it_is_now(row)):
        why = why_over(participation) or "Das Gespräch ist festgehalten, oder die Teilnahme läuft nicht."
        raise TooLate(f"Der Termin bleibt, wie er ist: {why}")
    if at is not None and at <= timezone.now():
        raise Refused("Der Termin liegt in der Vergangenheit.")
    place = place if at else ""
    if (row.talk_at, row.talk_place) == (at, place):
        return False
    was_at, row.talk_at, row.talk_place = row.talk_at, at, place
    row.save(update_fields=["talk_at", "talk_place"])
    note(by, What.DATES, How.CHANGED, row)
    others = [one for one in letters.the_two(row) if one != by]
    letters.tell_of_talk_date(row, people=others, was_at=was_at)
    return True
