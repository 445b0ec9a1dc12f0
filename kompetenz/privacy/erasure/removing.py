"""Everything about one person is removed: their rows and all that hangs on them, copies, and their name where others have written it (ADR 50)."""

import json
import zlib
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.models import HandOver, Participation
from kompetenz.jobs.models import Job
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.letters.models import Letter
from kompetenz.people.models import FurtherNumber, NameChange, Person, StaffFile, StaffImport
from kompetenz.people.staff.history import FIELDS
from kompetenz.privacy.rules import BY_MODEL
from learningplans.models import Booking, Bundle
from learningplans.training.keeping import note_change

from .spellings import ERASED, Spellings, names_of

# Jobs of somebody for themselves that were stopped or have failed: HR can neither see nor end them, so they are no obstacle and are forgotten.
STANDS_STILL = Q(for_hr=False, state__in=[Job.State.STOPPED, Job.State.FAILED])
MANAGER = FIELDS.index("manager_id")
TEXTS = (models.CharField, models.TextField, models.JSONField)


@dataclass
class Mentions:
    """Where the person is named beside their own rows, found before anything is held: ``{model: {pk}}``, and their sessions."""

    rows: dict = field(default_factory=dict)
    sessions: list = field(default_factory=list)


def spellings_of(person):
    """All names and addresses of this person; of names that others bear or have borne as well nobody can tell who is meant."""
    before = person.name_changes.values_list("from_name", "from_last_name")
    further = [name for whole, last in before for name in (whole, *(names_of(person.first_name, last) if last else ()))]
    names = names_of(person.first_name, person.last_name, further)
    return Spellings(names, [person.email], others=names_of_others(person))


def names_of_others(person):
    """As everybody else is called, or was, in every order; two queries."""
    now = Person.objects.exclude(pk=person.pk).order_by().values_list("first_name", "last_name")
    before = NameChange.objects.exclude(person=person).order_by().values_list("from_name", flat=True)
    return {name for first, last in now for name in names_of(first, last)} | set(before)


def find(person):
    """The Mentions of this person; reads every text of the database once, and writes nothing."""
    spellings = spellings_of(person)
    if not spellings.in_columns:
        return Mentions(sessions=sessions_of(person))
    rows = {model: found for model in apps.get_models() if (found := mentions_in(model, spellings))}
    return Mentions(rows, sessions_of(person))


def text_fields(model):
    """The fields of a model in which a name may stand; those that repeat a choice have none."""
    fields = [one for one in model._meta.local_fields if isinstance(one, TEXTS)]  # noqa: SLF001
    return [one for one in fields if not one.choices and not one.primary_key]


def mentions_in(model, spellings):
    fields = text_fields(model)
    if not fields or model in (Person, Session, StaffFile):
        return set()
    rows, condition = model._base_manager.order_by(), Q()  # noqa: SLF001
    for one in fields:
        lookup = one.name
        if isinstance(one, models.JSONField):
            lookup = f"{one.name}_as_text"
            rows = rows.alias(**{lookup: Cast(one.name, TextField())})
        for spelled in spellings.in_columns:
            condition |= Q(**{f"{lookup}__icontains": spelled})
    return set(rows.filter(condition).values_list("pk", flat=True))


def sessions_of(person):
    running = Session.objects.filter(expire_date__gt=timezone.now())
    return [one.pk for one in running.iterator() if one.get_decoded().get("_auth_user_id") == str(person.pk)]


@transaction.atomic
def remove(*, person, mentions):
    """Remove everything about ``person``; their name is replaced wherever others have signed or written it."""
    spellings = spellings_of(person)
    numbers = [person.personnel_number, *FurtherNumber.objects.filter(person=person).values_list("number", flat=True)]
    Session.objects.filter(pk__in=mentions.sessions).delete()
    forget_copies()
    forget_repairs(person)
    forget_in_imports(person, spellings, [number for number in numbers if number])
    forget_in_tasks(spellings)
    forget_in_calendars(spellings)
    for model, pks in mentions.rows.items():
        replace_in(model, pks, spellings)
    Participation.with_entering.filter(manager=person).update(manager_name=ERASED)
    HandOver.objects.filter(from_person=person).update(from_name=ERASED)
    HandOver.objects.filter(to_person=person).update(to_name=ERASED)
    remove_rows(person)
    enqueue_once(empty_the_log)


def remove_rows(person):
    """The row and all that hangs on it; of what others keep, the hand of this person is blank."""
    theirs = Booking.objects.filter(measure__plan__participation__person=person)
    note_change(set(theirs.order_by().values_list("year", flat=True).distinct()))
    person.delete()


def forget_copies():
    """What was made for handing out names many; it is made anew by whoever needs it. Of uploaded lists nothing is taken over yet."""
    Job.objects.filter(~Q(state__in=Job.UNFINISHED) | STANDS_STILL).delete()
    Bundle.objects.all().delete()
    StaffFile.objects.all().delete()


def forget_repairs(person):
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk)).delete()


def forget_in_imports(person, spellings, numbers):
    """Of what staff lists have changed, what they have changed of this person."""
    for noted in StaffImport.objects.filter(difference__isnull=False).select_for_update():
        difference = json.loads(zlib.decompress(bytes(noted.difference)))
        kept = without_person(difference, person.pk, spellings, numbers)
        if kept != difference:
            noted.difference = zlib.compress(json.dumps(kept).encode())
            noted.save(update_fields=["difference"])


def without_person(difference, pk, spellings, numbers):
    """What a list has changed, without one person, whom nobody gets back as their manager by it, nor their address."""
    kept = dict(difference)
    kept["rows"] = [row for row in difference.get("rows", []) if row[1] not in numbers and not spellings.is_in(row[2])]
    for key in ("before", "after"):
        if key in kept:
            others = {one: values for one, values in difference[key].items() if one != str(pk)}
            kept[key] = {one: of_another(values, pk, spellings) for one, values in others.items()}
    kept["new"] = [one for one in difference.get("new", []) if one != pk and one not in numbers]
    further = difference.get("further", {})
    kept["further"] = {
        name: {one: had for one, had in values.items() if one != str(pk)} for name, values in further.items()
    }
    return replaced_numbers(spellings.replaced(kept), numbers)


def of_another(values, pk, spellings):
    """What is noted of somebody else (history.FIELDS), without this person as their manager, and without an address that was given on."""
    return [
        None if (place == MANAGER and value == pk) or spellings.is_in(value) else value
        for place, value in enumerate(values)
    ]


def replaced_numbers(value, numbers):
    """A JSON value in which none of ``numbers`` is left as a value of its own."""
    if isinstance(value, dict):
        return {key: replaced_numbers(part, numbers) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced_numbers(part, numbers) for part in value]
    return ERASED if isinstance(value, str) and value in numbers else value


def forget_in_tasks(spellings):
    """A task that is done is forgotten; one that waits goes on without this person."""
    done = DBTaskResult.objects.exclude(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    done.delete()
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.READY).select_for_update():
        if spellings.is_in(result.args_kwargs):
            result.args_kwargs = spellings.without(result.args_kwargs)
            result.save(update_fields=["args_kwargs"])


def forget_in_calendars(spellings):
    """Calendar files break their lines, within a name as well; one that was sent is not needed any more."""
    for pk, calendar in Letter.objects.exclude(calendar="").values_list("pk", "calendar"):
        unfolded = calendar.replace("\r\n ", "").replace("\n ", "")
        if spellings.is_in(unfolded):
            Letter.objects.filter(pk=pk).update(calendar=spellings.replaced(unfolded))


def replace_in(model, pks, spellings):
    """Put the replacement where the name stands, as far as it still does."""
    fields = [one.name for one in text_fields(model)]
    for row in model._base_manager.filter(pk__in=pks).values("pk", *fields):  # noqa: SLF001
        changed = {name: spellings.replaced(row[name]) for name in fields if spellings.is_in(row[name])}
        changed = {name: fitted(model, name, value) for name, value in changed.items()}
        if changed:
            model._base_manager.filter(pk=row["pk"]).update(**changed)  # noqa: SLF001


def fitted(model, name, value):
    """Of a text what its column takes: the replacement may be longer than the name."""
    longest = model._meta.get_field(name).max_length  # noqa: SLF001
    return value[:longest] if longest and isinstance(value, str) else value


# Whoever has left -----------------------------------------------------------------------------------


@transaction.atomic
def remove_who_left(person):
    """Remove all that is theirs; the name stays as long as records of others bear their signature, which these need (Art. 17 (3) GDPR)."""
    if not signs_records_of_others(person):
        remove_rows(person)
        return
    theirs = Booking.objects.filter(measure__plan__participation__person=person)
    note_change(set(theirs.order_by().values_list("year", flat=True).distinct()))
    for relation in relations_of(models.CASCADE):
        rows_of(relation, person).delete()
    Job.objects.filter(asked_by=person).delete()
    people = Person._base_manager  # noqa: SLF001 - nobody is told of a new address
    people.filter(manager=person).update(manager=None)
    blank = {"email": None, "personnel_number": None, "unit": None, "manager": None, "last_login": None, "password": ""}
    flags = dict.fromkeys(["is_active", "is_hr", "is_auditor", "is_staff", "is_superuser"], False)
    people.filter(pk=person.pk).update(**blank, **flags, leaving_date=None, signed_out_at=None)


def signs_records_of_others(person):
    """Whether anything that is about somebody else bears this person's hand."""
    relations = [one for one in relations_of(models.SET_NULL) if one.related_model is not Person]
    return any(rows_of(one, person).exclude(**about(one, person)).exists() for one in relations)


def about(relation, person):
    """The condition on rows of a relation that are the person's own and go with them."""
    table = BY_MODEL.get(relation.related_model._meta.label_lower)  # noqa: SLF001
    return {table.person: person.pk} if table and table.person else {"pk": None}


def relations_of(on_delete):
    """The foreign keys to a person that do this when the person is deleted; those of many-to-many tables, too."""
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields  # noqa: SLF001
        if field.is_relation and field.related_model is Person and field.remote_field.on_delete is on_delete
    ]
    return [field.remote_field for field in fields]


def rows_of(relation, person):
    return relation.related_model._base_manager.filter(**{relation.field.name: person.pk})  # noqa: SLF001
