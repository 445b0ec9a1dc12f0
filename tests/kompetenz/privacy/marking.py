"""Somebody is marked everywhere: in every text about them, and by name in every text about others; and looked for by raw SQL."""

import json
import zlib
from contextlib import suppress

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from kompetenz.people.models import Person
from kompetenz.privacy.rules import BY_MODEL, TABLES
from tests.clock import NOW, TODAY

MARKER = "Zinnober"
BINARY = b"Zinnober-Datei"
NOT_MARKED = {"people.person", "sessions.session", "jobs.job", "jobs.jobpart", "django_tasks_database.dbtaskresult"}


def marked_fields(model):
    """Fields that hold what somebody writes: texts without choices and without a form of their own, JSON, files."""
    for field in model._meta.local_fields:
        if field.primary_key or field.choices or field.unique or field.name in {"key", "path"}:
            continue
        if isinstance(field, models.CharField | models.TextField | models.JSONField | models.BinaryField):
            yield field


def value_for(field, text):
    if isinstance(field, models.BinaryField):
        return BINARY
    if isinstance(field, models.JSONField):
        return [{"subject": text, "before": "", "after": text}]
    return text[: field.max_length] if field.max_length else text


def tables_with_a_person():
    installed = [table for table in TABLES if table.model.split(".")[0] in apps.app_configs]
    return [table for table in installed if table.person and table.personal and table.model not in NOT_MARKED]


def write(model, rows, values):
    """Whether any of the values was written into any of the rows; those that a rule of the table forbids are left out."""
    pks, written = list(rows.values_list("pk", flat=True)), 0
    for name, value in values.items():
        for pk in pks:
            with suppress(IntegrityError), transaction.atomic():
                written += model._base_manager.filter(pk=pk).update(**{name: value})
    return bool(written)


def mark(person):
    """Write the marker into every text about ``person``, and answer the tables in which there was none of them."""
    missing = []
    for table in tables_with_a_person():
        model = apps.get_model(table.model)
        rows = model._base_manager.filter(**{table.person: person.pk})
        if not rows.exists():
            missing.append(table.model)
        write(model, rows, {field.name: value_for(field, MARKER) for field in marked_fields(model)})
    return missing


def name_in_texts_of_others(person, text=None):
    """Let every text about somebody else say the whole name of ``person``, or this ``text``; the tables in which there was one."""
    found, text = [], text or f"Mit {person} besprochen."
    for table in tables_with_a_person():
        model = apps.get_model(table.model)
        rows = model._base_manager.exclude(**{table.person: person.pk})
        fields = [field for field in marked_fields(model) if not isinstance(field, models.BinaryField)]
        fields = [field for field in fields if field.max_length is None or field.max_length > 60]
        values = {field.name: value_for(field, text) for field in fields}
        if write(model, rows, values):
            found.append(table.model)
    return found


def readable(value):
    """All that a column says, as one text."""
    if value is None:
        return ""
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        with suppress(zlib.error):
            content = zlib.decompress(content)
        return content.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def spelled(marks):
    """Each mark as it is, as JSON escapes it and in small letters, as search keys have it."""
    return {form.casefold() for mark in marks for form in (mark, json.dumps(mark)[1:-1])}


def places_of(marks):
    """(table, column) in which any of ``marks`` stands, in every table of the database."""
    wanted, found = spelled(marks), set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = readable(value).casefold()
                    if any(mark in text for mark in wanted):
                        found.add((table, column))
    return found


def make_the_rest(person, other):
    """A row about ``person`` in every table that has none yet, filled with whatever it takes; ``other`` signs."""
    for table in sorted(tables_with_a_person(), key=lambda table: table.person.count("__")):
        model = apps.get_model(table.model)
        if not model._base_manager.filter(**{table.person: person.pk}).exists():
            model._base_manager.create(**values_of(model, table, person, other))


def values_of(model, table, person, other):
    leads = table.person.split("__")[0]
    return {field.name: sample(field, field.name == leads, person, other) for field in needed(model, leads)}


def needed(model, leads):
    for field in model._meta.local_fields:
        if field.name == leads or not (field.primary_key or field.null or field.has_default()):
            yield field


def sample(field, leads, person, other):
    if field.is_relation:
        return related_to(field, leads, person, other)
    if field.choices:
        return field.choices[0][0]
    for kind, value in SAMPLES:
        if isinstance(field, kind):
            return value
    return ""


def related_to(field, leads, person, other):
    model = field.related_model
    if model is Person:
        return person if leads else other
    table = BY_MODEL.get(model._meta.label_lower)
    rows = model._base_manager.all()
    return (rows.filter(**{table.person: person.pk}) if table and table.person else rows).first()


SAMPLES = [
    (models.DateTimeField, NOW),
    (models.DateField, TODAY),
    (models.IntegerField, 1),
    (models.BooleanField, False),
    (models.JSONField, []),
    (models.BinaryField, b"x"),
    (models.URLField, "https://example.org"),
    (models.EmailField, "wer@example.org"),
]
