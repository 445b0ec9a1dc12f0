"""Deadlines in a running round: moved for everybody, or extended for some; and what its calendars tell."""

from django.db import transaction
from django.utils import timezone

FIELDS = ("self_due", "manager_due", "talk_due", "plan_due")


@transaction.atomic
def move_deadlines(*, round_, before):
    """Save the round's new deadlines, and give them to every participation that had the old ones.

    ``before`` maps names of FIELDS to what the round had. Deadlines extended for somebody alone stay.
    """
    round_.save(update_fields=[*FIELDS, "peer_due"])
    for field in FIELDS:
        if before[field] != getattr(round_, field):
            round_.participations.filter(**{field: before[field]}).update(**{field: getattr(round_, field)})


def tell_in_calendars(*, round_):
    """Save what entries in calendars say from now on, and since when: everybody who takes part reads it with the round."""
    round_.calendar_changed_on = timezone.localdate()
    round_.save(update_fields=["calendar_tells", "calendar_changed_on"])
