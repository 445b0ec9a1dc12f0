"""The list of who was erased, signed and without a name, kept beside the database: after a backup was restored, they are erased again.

A line of it is one Erasure as JSON. Backups of the database do not contain the file, and it contains nobody: only keyed digests.
"""

import json
import os
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

from .removing import find, remove

SALT = "kompetenz.privacy.erasure"


class BrokenList(ValueError):
    """A line of the list was changed, or is signed with a SECRET_KEY that is not among ours."""


def keys():
    """SECRET_KEY and those from before it: a line stays as it was written."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def digest(*values, key=None):
    return salted_hmac(SALT, json.dumps(values), secret=key, algorithm="sha256").hexdigest()


def marks_of(person, key=None):
    """By what this person would be recognised: the row, and each of their numbers and the address."""
    numbers = [person.personnel_number, *FurtherNumber.objects.filter(person=person).values_list("number", flat=True)]
    known = [("number", number) for number in numbers if number]
    known += [("email", person.email)] if person.email else []
    return [digest("row", person.pk, key=key), *(digest(*one, key=key) for one in known)]


def is_meant(person, marks, key=None):
    """Whether these are the marks of this person: the row is theirs, and a number or the address as well.

    A row alone proves nothing: after a backup was restored, somebody new may get its number.
    """
    row, *known = marks_of(person, key)
    first, *others = marks
    return row == first and (not others or not known or bool(set(known) & set(others)))


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
    if signed_with(found) is None:
        raise BrokenList(f"Zeile {number} ist verändert oder mit einem anderen SECRET_KEY unterschrieben.")
    return found


def signed_with(erasure):
    """The key under which a line was written, or None."""
    line = as_line(erasure)
    return next(
        (key for key in keys() if constant_time_compare(digest("line", *line, key=key), erasure.signature)), None
    )


def export():
    """Write all that the database and the file know, but what is too old, for its owner alone; the old file stays until the new one is whole."""
    oldest = timezone.localdate() - timedelta(days=settings.RETENTION_DAYS["erasures"])
    known = {one.key: one for one in [*read(), *Erasure.objects.all()] if one.erased_on >= oldest}
    if not known and not path().exists():
        return 0
    path().parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps([*as_line(one), one.signature]) for one in sorted(known.values(), key=lambda one: one.erased_on)
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


def replay():
    """Erase again whoever of the list is there; answers how many. May run again, and after it was broken off. Raises BrokenList."""
    listed, erased = read(), 0
    by_row = {one.marks[0]: one for one in listed}
    for pk in list(Person.objects.values_list("pk", flat=True)):
        found = next((by_row[row] for key in keys() if (row := digest("row", pk, key=key)) in by_row), None)
        person = found and Person.objects.get(pk=pk)
        if person and is_meant(person, found.marks, signed_with(found)):
            mentions = find(person)
            with transaction.atomic():
                remove(person=person, mentions=mentions)
                Erasure.objects.get_or_create(
                    key=found.key,
                    defaults={"erased_on": found.erased_on, "marks": found.marks, "signature": found.signature},
                )
            erased += 1
    for one in listed:
        Erasure.objects.get_or_create(
            key=one.key, defaults={"erased_on": one.erased_on, "marks": one.marks, "signature": one.signature}
        )
    return erased


def forget_old(today):
    """No backup is kept as long; of who was erased then, not even that is known."""
    Erasure.objects.filter(erased_on__lt=today - timedelta(days=settings.RETENTION_DAYS["erasures"])).delete()
