"""Where somebody is named in what others have written: every text of the database is looked through, and nothing is held or written."""

from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from kompetenz.people.models import FurtherNumber, NameChange, Person, StaffFile

from .spellings import Spellings, names_of, politely, unfolded

TEXTS = (models.CharField, models.TextField, models.JSONField)
NOT_SEARCHED = (Person, Session, StaffFile)  # the person's own row, what is found otherwise, what goes as a whole


@dataclass
class Mentions:
    """Where the person is named beside their own rows: ``{model: {pk}}``, and their sessions."""

    rows: dict = field(default_factory=dict)
    sessions: list = field(default_factory=list)


def find(person):
    """The Mentions of this person; reads every text of the database once."""
    spellings = spellings_of(person)
    rows = {model: found for model in apps.get_models() if (found := mentions_in(model, spellings))}
    return Mentions(rows, sessions_of(person))


def spellings_of(person):
    """All names and addresses of this person; of names that others bear or have borne as well nobody can tell who is meant."""
    before = list(person.name_changes.values_list("from_name", "from_last_name"))
    further = [name for whole, last in before for name in (whole, *(names_of(person.first_name, last) if last else ()))]
    names = names_of(person.first_name, person.last_name, further)
    with_number = [
        f"{name} ({number})" for name in names for number in numbers_of(person)
    ]  # as previews of lists have it
    polite = politely({person.last_name, *(last for _, last in before)} - {""}, last_names_of_others(person))
    return Spellings([*names, *with_number, *polite], [person.email], others=names_of_others(person))


def numbers_of(person):
    further = FurtherNumber.objects.filter(person=person).values_list("number", flat=True)
    return [number for number in (person.personnel_number, *further) if number]


def names_of_others(person):
    """As everybody else is called, or was, in every order; two queries."""
    now = Person.objects.exclude(pk=person.pk).order_by().values_list("first_name", "last_name")
    before = NameChange.objects.exclude(person=person).order_by().values_list("from_name", flat=True)
    return {name for first, last in now for name in names_of(first, last)} | set(before)


def last_names_of_others(person):
    """The same of their last names; two queries."""
    now = Person.objects.exclude(pk=person.pk).order_by().values_list("last_name", flat=True)
    before = NameChange.objects.exclude(person=person).order_by().values_list("from_last_name", flat=True)
    return {*now, *before}


def text_fields(model):
    """The names of a model's fields in which a name may stand; those that repeat a choice have none."""
    fields = [one for one in model._meta.local_fields if isinstance(one, TEXTS)]  # noqa: SLF001
    return [one.name for one in fields if not one.choices and not one.primary_key]


def mentions_in(model, spellings):
    """Which rows name the person. The database narrows them by a part of the name, as it tells capital letters apart beyond a to z."""
    names = text_fields(model)
    if not names or not spellings.parts or model in NOT_SEARCHED:
        return set()
    rows, condition = model._base_manager.order_by(), Q()  # noqa: SLF001
    for name in names:
        rows = rows.alias(**{f"{name}_as_text": Cast(name, TextField())})
        for part in spellings.parts:
            condition |= Q(**{f"{name}_as_text__icontains": part})
    if "calendar" in names:  # its lines may be broken within that part
        condition |= ~Q(calendar="")
    found = rows.filter(condition).values_list("pk", *names)
    return {pk for pk, *values in found.iterator() if any(map(spellings.is_in, map(unfolded, values)))}


def sessions_of(person):
    running = Session.objects.filter(expire_date__gt=timezone.now())
    return [one.pk for one in running.iterator() if one.get_decoded().get("_auth_user_id") == str(person.pk)]
