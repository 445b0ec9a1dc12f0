"""Deleting a great deal without keeping anybody from saving: some of it at a time, each in a transaction of its own, with a breath between.

Otherwise SQLite, which has one writer at a time, would let nobody else write for as long as the whole of it takes.
"""

import time

from django.db import transaction
from django.db.models import QuerySet

PIECE = 500  # rows


def in_pieces(entry):
    """An entry of the hook "every_day" that is in no transaction as a whole; where it ends early, the next day goes on."""
    entry.in_pieces = True
    return entry


def delete(rows, how=QuerySet.delete):
    """Delete all of these and answer how many they were, as ``how`` does for a piece."""
    number = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:PIECE]):
        began = time.monotonic()
        with transaction.atomic():
            deleted = how(rows.filter(pk__in=ids))
        number += deleted if isinstance(deleted, int) else deleted[0]
        if not deleted or deleted == (0, {}):
            break  # another was faster
        time.sleep(time.monotonic() - began)
    return number
