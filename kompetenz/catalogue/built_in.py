"""Bringing built-in data into an installation, each row once: what HR has made of it since stays as it is."""

import json

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers import deserialize
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction

from .models import BuiltIn

FIXTURES = ("catalogue", "roles", "formats")  # each before those that name its rows


@transaction.atomic
def load_missing():
    """Load the rows of the fixtures that this installation has never had, and return them.

    A row that was loaded once is never loaded again: it may have been changed, or deleted on purpose. What is there by
    its natural key stays as it is and counts as loaded. A row is left out, and tried again next time, if what it belongs
    to was deleted or if it contradicts what HR has made, e.g. by a level of the same value. A new row finds its place
    behind the one that comes before it in the fixture.
    """
    known = set(BuiltIn.objects.values_list("model", "key"))
    entries = [entry for name in FIXTURES for entry in read(name)]
    loaded, had = [], []
    for entry in entries:
        name = (entry["model"], key_of(entry))
        row = None if name in known else row_of(entry)
        if row is None:
            continue
        if row.object.pk is None:
            if not is_saved(row):
                continue
            loaded.append(row.object)
        had.append(BuiltIn(model=name[0], key=name[1]))
    BuiltIn.objects.bulk_create(had, ignore_conflicts=True)
    for model in {type(row) for row in loaded if hasattr(row, "order")}:
        line_up(model, [entry["fields"]["key"] for entry in entries if apps.get_model(entry["model"]) is model], loaded)
    return loaded


def read(name):
    (directory,) = settings.FIXTURE_DIRS
    return json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))


def key_of(entry):
    """What tells a row from the others of its model, as text: its key, or the fields that are unique together."""
    fields = entry["fields"]
    if "key" in fields:
        return fields["key"]
    unique = apps.get_model(entry["model"])._meta.total_unique_constraints[0]  # noqa: SLF001 - Django documents it
    return json.dumps([fields[name] for name in unique.fields], ensure_ascii=False)


def row_of(entry):
    """The row to save, with a primary key if it is there already; None if something it belongs to is not."""
    try:
        (row,) = deserialize("python", [entry])
    except DeserializationError as problem:
        if isinstance(problem.__cause__ or problem.__context__, ObjectDoesNotExist):
            return None
        raise
    return row


def is_saved(row):
    """Whether the row could be saved beside what is there."""
    try:
        with transaction.atomic():  # a refused row must not end the transaction of all others
            row.save()
    except IntegrityError:
        return False
    return True


def line_up(model, keys, loaded):
    """Put each of ``loaded`` behind the one that comes before it among ``keys``, and number all rows anew."""
    new = {row.key: row for row in loaded if type(row) is model}
    line = [row for row in model.objects.all() if row.key not in new]
    for at, key in enumerate(keys):
        if key in new:
            place = {row.key: place for place, row in enumerate(line, start=1)}
            before = next((place[earlier] for earlier in reversed(keys[:at]) if earlier in place), 0)
            line.insert(before, new[key])
    for order, row in enumerate(line, start=1):
        row.order = order
    model.objects.bulk_update(line, ["order"])
