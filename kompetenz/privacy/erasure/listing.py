"""The list of who was erased, signed and without a name, kept beside the database: after a backup was restored, they are erased again.

A line of it is one Erasure as JSON. Backups of the database do not contain the file, and it contains nobody: only keyed digests.
"""

import json
import os
from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from kompetenz.people.models import FurtherNumber, Person
from kompetenz.privacy.models import Erasure

from .finding import find
from .removing import remove

SALT = "kompetenz.privacy.erasure"


class BrokenList(ValueError):
    """A line of the list was changed, or is signed with a SECRET_KEY that is not among ours."""


def keys():
    """With which lines may be signed: today's key, and those that were SECRET_KEY before."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def digest(*values, key=None):
    return salted_hmac(SALT, json.dumps(values), secret=key, algorithm="sha256").hexdigest()


def marks_of(person, key=None):
    """By what this person would be recognised: the row, and each of their numbers, the address and names."""
    numbers = [person.personnel_number, *FurtherNumber.objects.filter(person=person).values_list("number", flat=True)]
    names = [str(person), *person.name_changes.values_list("from_name", flat=True)]
    told = [("number", numbers), ("email", [person.email]), ("name", names)]
    known = [(kind, value) for kind, values in told for value in values if value]
    return [digest("row", person.pk, key=key), *(digest(*one, key=key) for one in known)]


def is_meant(person, marks):
    """Whether these are the marks of this person: the row is theirs, and a number, the address or a name as well.

    A row alone proves nothing: after a backup was restored, somebody new may get its number.
    """
    first, *others = marks
    theirs = [marks_of(person, key) for key in keys()]
    return any(row == first and set(known) & set(others) for row, *known in theirs)


def as_line(erasure):
    return [str(erasure.key), erasure.erased_on.isoformat(), erasure.marks]


def sign(erasure):
    erasure.signature = digest("line", *as_line(erasure))


def note(person, by):
    """Write down that ``person`` is erased; in the transaction in which it is done."""
    erasure = Erasure(by=by if by and by.pk != person.pk else None, marks=marks_of(person))
    sign(erasure)
    erasure.save()
    return erasure


# The file -----------------------------------------------------------------------------------------


def path():
    return Path(settings.ERASURE_LIST)


def read():
    """The lines of the file as unsaved Erasures; none where there is no file. Raises BrokenList."""
    if not path().exists():
        return []
    return [parsed(line, number) for number, line in enumerate(path().read_text("utf-8").splitlines(), start=1)]


def parsed(line, number):
    try:
        key, day, marks, signature = json.loads(line)
        found = Erasure(key=UUID(key), erased_on=date.fromisoformat(day), marks=marks, signature=signature)
    except (ValueError, TypeError) as error:
        raise BrokenList(f"Zeile {number} ist keine Zeile dieser Liste.") from error
    if not any(constant_time_compare(digest("line", *as_line(found), key=key), found.signature) for key in keys()):
        raise BrokenList(f"Zeile {number} ist verändert oder mit einem anderen SECRET_KEY unterschrieben.")
    return found


def export():
    """Write all that the database and the file know, but what is too old, signed with today's key, for its owner alone.

    The old file stays until the new one is whole.
    """
    known = {one.key: one for one in [*read(), *Erasure.objects.all()] if one.erased_on >= oldest()}
    if not known and not path().exists():
        return 0
    path().parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps([*as_line(one), digest("line", *as_line(one))])
        for one in sorted(known.values(), key=lambda one: one.erased_on)
    ]
    with NamedTemporaryFile("w", encoding="utf-8", dir=path().parent, delete=False) as file:  # 0600
        try:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path())
        except OSError:
            with suppress(OSError):
                Path(file.name).unlink()
            raise
    return len(known)


def has_more():
    """Whether the file has lines, not too old, that the database does not know."""
    listed = {one.key for one in read() if one.erased_on >= oldest()}
    return bool(listed - set(Erasure.objects.values_list("key", flat=True)))


def oldest():
    """The first day that is still kept."""
    return timezone.localdate() - timedelta(days=settings.RETENTION_DAYS["erasures"])


def replay():
    """Erase again whoever of the list is there: answers how many, and of whom only the row fits, (its number, the line).

    May run again, and after it was broken off. Raises BrokenList.
    """
    listed, erased, doubtful = read(), 0, []
    for pk, lines in by_row(listed):
        person = Person.objects.get(pk=pk)
        found = next((one for one in lines if is_meant(person, one.marks)), None)
        if found is None:
            doubtful.append((pk, lines[-1]))
        else:
            mentions = find(person)
            with transaction.atomic():
                remove(person=person, mentions=mentions)
                note_again(found)
            erased += 1
    for one in listed:
        note_again(one)
    return erased, doubtful


def by_row(listed):
    """(number, lines) of each row that is there and that lines of the list name; two who had the same number have two lines."""
    lines = defaultdict(list)
    for one in listed:
        lines[one.marks[0]].append(one)
    for pk in list(Person.objects.order_by("pk").values_list("pk", flat=True)):
        if found := [one for key in keys() for one in lines.get(digest("row", pk, key=key), [])]:
            yield pk, found


def note_again(one):
    told = {"erased_on": one.erased_on, "marks": one.marks, "signature": one.signature}
    Erasure.objects.get_or_create(key=one.key, defaults=told)


def forget_old(today):
    """No backup is kept as long; of who was erased then, not even that is known."""
    Erasure.objects.filter(erased_on__lt=today - timedelta(days=settings.RETENTION_DAYS["erasures"])).delete()
