"""A changed name or unit: kept with its day, and told to whoever has copied it.

Each way in which a person's master data are written (HR's form, the staff list, the technical administration) comes by here.
"""

from django.db import transaction

from kompetenz import hooks

from .models import NameChange


@transaction.atomic(savepoint=False)
def note_changes(pairs):
    """Note what has changed in people just written; ``pairs`` are each of them before and now.

    Others have the names and units in copies of their own: they hear of it in the same transaction.
    """
    renamed = [(before, now) for before, now in pairs if str(before) != str(now)]
    moved = [(before, now) for before, now in pairs if before.unit_id != now.unit_id and str(before) == str(now)]
    NameChange.objects.bulk_create(
        NameChange(person=now, from_name=str(before), from_last_name=before.last_name, to_name=str(now))
        for before, now in renamed
    )
    if renamed or moved:
        hooks.ask("people_changed", [*renamed, *moved])


def note_units(units):
    """Tell that these units, just written in the same transaction, may have another number or name."""
    if units:
        hooks.ask("units_changed", units)
