"""Writing the access log: one statement for any number of people, and none for what this process knows to stand there already."""

from django.db import transaction
from django.utils import timezone

from .models import Access

MOST_KNOWN = 20_000  # entries of today that a process remembers


class KnownToday:
    """What this process has written today and knows to be saved: a page opened again costs nothing."""

    def __init__(self):
        self.day, self.entries = None, set()

    def of(self, day):
        """The entries known of this day; those of another are forgotten."""
        if self.day != day or len(self.entries) > MOST_KNOWN:
            self.day, self.entries = day, set()
        return self.entries


known = KnownToday()


def note(reader, what, how, people, *, role, round_id=0, instead_of=None):
    """Note that ``reader`` has read, changed or taken along (``how``) something of each of ``people``, ids; of their own nothing.

    In the caller's transaction, so what was changed and that it was are saved together. ``instead_of`` is the id of the manager
    for whom a deputy acts.
    """
    note_all(reader, ((pk, what, how, round_id, role, instead_of) for pk in people))


def note_all(reader, entries):
    """The same of many: (person, what, how, round, role, instead of whom)."""
    day = timezone.localdate()
    remembered = known.of(day)
    keys = {(reader.pk, *entry) for entry in entries if entry[0] != reader.pk} - remembered
    if not keys:
        return
    # In one order: two who note the same people wait for each other, and neither for the other.
    in_order = sorted(keys, key=lambda key: (*key[:6], key[6] or 0))
    Access.objects.bulk_create([row_of(day, *key) for key in in_order], ignore_conflicts=True)
    transaction.on_commit(lambda: known.of(day).update(keys))


def row_of(day, reader, about, what, how, round_id, role, instead_of):
    names = {"about_id": about, "reader_id": reader, "instead_of_id": instead_of}
    return Access(what=what, how=how, round_id=round_id, role=role, on=day, **names)


def shown_to_hr(request, what, people, *, how=Access.How.READ, round_id=0):
    """Note what a page of HR shows of ``people``, ids, also where a form comes back; that it was changed is noted where it is."""
    note(request.user, what, how, people, role=Access.Role.HR, round_id=round_id)
