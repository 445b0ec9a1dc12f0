"""Deadlines in a running round: moved for everybody, or extended for some; and what its calendars tell."""

from django.db import transaction
from django.utils import timezone

from assessments.telling.open_steps import tell_all_of_days
from kompetenz.letters.writing import moment_in_key

FIELDS = ("self_due", "manager_due", "talk_due", "plan_due")


@transaction.atomic
def move_deadlines(*, round_, before):
    """Save the round's new deadlines, and give them to every participation that had the old ones.

    ``before`` maps names of FIELDS to what the round had. Deadlines extended for somebody alone stay. A worker tells whose
    next step ends on another day.
    """
    round_.save(update_fields=[*FIELDS, "peer_due"])
    dues = {field: getattr(round_, field) for field in FIELDS if before[field] != getattr(round_, field)}
    for field, day in dues.items():
        round_.participations.filter(**{field: before[field]}).update(**{field: day})
    if dues:
        tell_all_of_days.enqueue(
            round_.pk, {field: day.isoformat() for field, day in dues.items() if day}, moment_in_key()
        )


def tell_in_calendars(*, round_):
    """Save what entries in calendars say from now on, and since when: everybody who takes part reads it with the round."""
    round_.calendar_changed_on = timezone.localdate()
    round_.save(update_fields=["calendar_tells", "calendar_changed_on"])
