"""Whatever HR sets of a round is on record: what it was, what it is, who has set it and when."""

from contextlib import contextmanager
from datetime import date

from assessments.models.round_changes import ADDRESSED, NAMES, SETTINGS, STATE, RoundChange
from assessments.models.rounds import Round

NOTHING = "–"


@contextmanager
def recorded(round_, *, by):
    """What is stored of the settings of ``round_`` otherwise after the block than before is noted as set by ``by``; in one transaction."""
    before = stored_settings(round_.pk)
    yield
    after = stored_settings(round_.pk)
    RoundChange.objects.bulk_create(
        RoundChange(round_id=round_.pk, by=by, field=field, before=in_words(old), after=in_words(new, old))
        for field, old, new in ((field, before[field], after[field]) for field in SETTINGS)
        if old != new
    )


def note_beginning(round_, *, by):
    """That a round is being prepared from today."""
    note_state(round_, "", by=by)


def note_state(round_, before, *, by):
    """That ``round_`` has its state from now on, ``before`` in words."""
    RoundChange.objects.create(round=round_, by=by, field=STATE, before=before, after=Round.State(round_.state).label)


def stored_settings(pk):
    """The settings of a round by field as they are stored now: values, ids and names of what it addresses; four queries."""
    round_ = Round.objects.select_related("responsible").get(pk=pk)
    return {field: setting(round_, field) for field in SETTINGS}


def setting(round_, field):
    if field == "people":
        return frozenset(round_.people.values_list("pk", flat=True))
    if field in ADDRESSED:
        return tuple(str(one) for one in getattr(round_, field).all())
    if field in {"disclosure", "calendar_tells"}:
        return getattr(round_, f"get_{field}_display")()
    return getattr(round_, field)


def settings_of(round_):
    """(what it is called, what it is) for every setting, as pages say it; four queries."""
    return [(NAMES[field], in_words(value)) for field, value in stored_settings(round_.pk).items()]


def in_words(value, before=None):
    """A setting as it is read; people are counted, and of others than ``before`` it is said how many."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, frozenset):
        return counted(value, before)
    if isinstance(value, tuple):
        return "; ".join(value) or "alle"
    return str(value or NOTHING)


def counted(people, before):
    if not people:
        return "alle"
    said = f"{len(people)} ausgewählte {'Person' if len(people) == 1 else 'Personen'}"
    if not before:
        return said
    return f"{said} ({len(people - before)} dazu, {len(before - people)} weg)"
