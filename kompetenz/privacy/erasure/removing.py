"""Everything about one person is removed: their rows and all that hangs on them, copies, and their name where others
have written it (ADR 50).
"""

import json
import zlib

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.models import HandOver, Participation
from kompetenz.jobs.models import Job
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.people.models import Person, StaffFile, StaffImport
from kompetenz.people.staff.history import FIELDS
from learningplans.models import Bundle

from .finding import numbers_of, spellings_of, text_fields
from .spellings import ERASED, unfolded

# Jobs of somebody for themselves that were stopped or have failed: HR can neither see nor end them, so they are no obstacle
# and are forgotten.
STANDS_STILL = Q(for_hr=False, state__in=[Job.State.STOPPED, Job.State.FAILED])
NUMBER, MANAGER = FIELDS.index("personnel_number"), FIELDS.index("manager_id")
NAMED_BESIDE = [  # whoever is pointed at stands there by name as well, as they were called then
    (Participation.with_entering, "manager", "manager_name"),
    (HandOver.objects, "from_person", "from_name"),
    (HandOver.objects, "to_person", "to_name"),
]


@transaction.atomic
def remove(*, person, mentions):
    """Remove everything about ``person``; their name is replaced wherever others have signed or written it."""
    spellings = spellings_of(person)
    Session.objects.filter(pk__in=mentions.sessions).delete()
    forget_copies()
    forget_repairs(person)
    forget_in_imports(person, spellings)
    forget_in_tasks(spellings)
    for model, pks in mentions.rows.items():
        replace_in(model, pks, spellings)
    for rows, pointer, name in NAMED_BESIDE:
        rows.filter(**{pointer: person}).update(**{name: ERASED})
    remove_rows(person)
    enqueue_once(empty_the_log)


def remove_rows(person):
    """The row and all that hangs on it; of what others keep, the hand of this person is blank."""
    person.delete()


def forget_copies():
    """What was made for handing out names many; it is made anew by whoever needs it. Of uploaded lists nothing is taken over yet."""
    Job.objects.filter(~Q(state__in=Job.UNFINISHED) | STANDS_STILL).delete()
    Bundle.objects.all().delete()
    StaffFile.objects.all().delete()


def forget_repairs(person):
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk)).delete()


def forget_in_imports(person, spellings):
    """Of what staff lists have changed, what they have changed of this person."""
    numbers = numbers_of(person)
    for noted in StaffImport.objects.filter(difference__isnull=False).select_for_update():
        difference = json.loads(zlib.decompress(bytes(noted.difference)))
        kept = without_person(difference, person.pk, spellings, numbers)
        if kept != difference:
            noted.difference = zlib.compress(json.dumps(kept).encode())
            noted.save(update_fields=["difference"])


def without_person(difference, pk, spellings, numbers):
    """What a list has changed, without one person, whom nobody gets back as their manager by it, nor their address."""
    key, kept = str(pk), dict(difference)
    states = [difference.get(when, {}) for when in ("before", "after")]
    numbers = {*numbers, *(state[key][NUMBER] for state in states if key in state)}
    kept["rows"] = [row for row in difference.get("rows", []) if row[1] not in numbers and not spellings.is_in(row[2])]
    kept["new"] = [one for one in difference.get("new", []) if one != pk and one not in numbers]
    for when in difference.keys() & {"before", "after"}:
        others = {one: values for one, values in difference[when].items() if one != key}
        kept[when] = {one: of_another(values, pk, spellings) for one, values in others.items()}
    kept["further"] = {
        name: {one: had for one, had in values.items() if one != key}
        for name, values in difference.get("further", {}).items()
    }
    if freed := difference.get("freed"):
        kept["freed"] = {one: had for one, had in freed.items() if one != key and not spellings.is_in(had)}
    return replaced_beside_keys(kept, spellings)


def replaced_beside_keys(value, spellings):
    """By keys one finds people, units and columns again: the row of somebody else may be called as this person's number."""
    if isinstance(value, dict):
        return {key: replaced_beside_keys(part, spellings) for key, part in value.items()}
    return spellings.replaced(value)


def of_another(values, pk, spellings):
    """What is noted of somebody else (history.FIELDS), without this person as their manager, and without an address that was given on."""
    return [
        None if (place == MANAGER and value == pk) or spellings.is_in(value) else value
        for place, value in enumerate(values)
    ]


def forget_in_tasks(spellings):
    """A task that is done is forgotten; one that waits goes on without this person."""
    done = DBTaskResult.objects.exclude(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    done.delete()
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.READY).select_for_update():
        if spellings.is_in(result.args_kwargs):
            result.args_kwargs = spellings.without(result.args_kwargs)
            result.save(update_fields=["args_kwargs"])


def replace_in(model, pks, spellings):
    """Put the replacement where the name stands, as far as it still does."""
    names = text_fields(model)
    for row in model._base_manager.filter(pk__in=pks).values("pk", *names):  # noqa: SLF001
        read = {name: unfolded(row[name]) for name in names}
        changed = {name: spellings.replaced(value) for name, value in read.items() if spellings.is_in(value)}
        changed = {name: fitted(model, name, value) for name, value in changed.items()}
        if changed:
            model._base_manager.filter(pk=row["pk"]).update(**changed)  # noqa: SLF001


def fitted(model, name, value):
    """Of a text what its column takes: the replacement may be longer than the name."""
    longest = model._meta.get_field(name).max_length  # noqa: SLF001
    return value[:longest] if longest and isinstance(value, str) else value
