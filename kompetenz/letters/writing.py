"""Writing letters: the apps above say to whom, on what occasion and where it leads."""

from django.db import transaction
from django.utils import timezone

from kompetenz.jobs.queue import enqueue_once

from .delivering import deliver
from .gathering import pause_before
from .models import Letter, gets_mail
from .occasions import occasion_of


def moment_in_key(moment=None):
    """How a moment, without one this very one, stands in the key of a letter about what may happen again."""
    return f"{moment or timezone.now():%Y%m%d%H%M%S%f}"


@transaction.atomic
def write_letters(*, kind, key, path, people, calendar=""):
    """One letter to each of ``people`` who gets mail, unless they have one with this key; returns how many are new.

    ``path`` and ``calendar`` are the same for all, or functions of the person. They are sent after the transaction,
    invitations at once, others as gathering.py says, as far as they are still true then (occasions.py); raises NoOccasion
    for a key of which nobody could say it. The key is known for 90 days, so nothing older than that may be written again.
    """
    occasion_of(key)
    people = list(people)
    written = set(Letter.objects.filter(key=key, person__in=people).values_list("person", flat=True))
    new = {person.pk: person for person in people if person.pk not in written and gets_mail(person)}
    pause = pause_before(kind)
    common = {"key": key, "kind": kind, "not_before": timezone.now() + pause if pause else None}
    letters = [
        Letter(person=person, path=_for(path, person), calendar=_for(calendar, person), **common)
        for person in new.values()
    ]
    if letters:
        Letter.objects.bulk_create(letters, ignore_conflicts=True)
        enqueue_once(deliver, after=pause)
    return len(letters)


def _for(value, person):
    return value(person) if callable(value) else value
