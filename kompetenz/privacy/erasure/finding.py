"""Where somebody is named in what others have written: every text of the database is looked through, and nothing is held or written."""

import re
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from kompetenz.people.models import FurtherNumber, NameChange, Person, StaffFile, Unit
from kompetenz.people.names import is_title
from kompetenz.privacy.rules import TABLES

from .spellings import Spellings, comparable, names_of, numbered, parts_of, politely, shortened, squeezed, unfolded

TEXTS = (models.CharField, models.TextField, models.JSONField)
NOT_SEARCHED = (Person, Session, StaffFile)  # the person's own row, what is found otherwise, what goes as a whole


WRITTEN_IN = ("assessments", "learningplans")  # apps in which people write about one another


@dataclass
class Mentions:
    """Where the person is named beside their own rows: ``{model: {pk}}``, and their sessions.

    ``alone`` are the rows of others in which a first or last name that may be theirs stands by itself, or the whole in a spelling that
    may be somebody else's: nobody can tell, so it stays.
    """

    rows: dict = field(default_factory=dict)
    sessions: list = field(default_factory=list)
    alone: dict = field(default_factory=dict)


def find(person):
    """The Mentions of this person; reads every text of the database once."""
    spellings = spellings_of(person)
    rows = {model: found for model in apps.get_models() if (found := mentions_in(model, spellings))}
    by_itself = alone(words_of(person), spellings.names)
    return Mentions(rows, sessions_of(person), standing_alone(by_itself, person, or_alike=spellings))


def spellings_of(person):
    """All names, addresses and numbers of this person; of names that others bear or have borne as well nobody can tell who is meant."""
    before = list(person.name_changes.values_list("from_name", "from_last_name"))
    further = [name for whole, last in before for name in (whole, *(names_of(person.first_name, last) if last else ()))]
    lasts = {person.last_name, *(last for _, last in before)} - {""}
    names = names_of(person.first_name, person.last_name, further)
    numbers = numbers_of(person)
    with_number = [f"{name} ({number})" for name in names for number in numbers]  # as previews of lists have it
    others = others_like(person, lasts)
    short = [
        *(name for last in sorted(lasts) for name in shortened(person.first_name, last)),
        *politely(lasts, [last for _, _, last in others]),
        *numbered(own_alone(numbers, Unit.objects.order_by().values_list("number", flat=True))),
    ]
    addresses = [person.email, mailbox_of(person)]
    theirs = {name for whole, first, last in others for name in (whole, *all_names(first, last))}
    return Spellings([*names, *with_number], addresses, others=theirs, short=short)


def all_names(first, last):
    return [*names_of(first, last), *shortened(first, last)] if first and last else []


def numbers_of(person):
    further = FurtherNumber.objects.filter(person=person).values_list("number", flat=True)
    return [number for number in (person.personnel_number, *further) if number]


def own_alone(numbers, of_units):
    """Those of these numbers that are no unit's as well."""
    return sorted(set(numbers) - set(of_units))


def mailbox_of(person):
    """What stands before the @, as far as it cannot be a word; None where others have the same elsewhere."""
    mailbox = (person.email or "").partition("@")[0]
    if not re.search(r"\w[._-]\w", mailbox):
        return None
    others = Person.objects.exclude(pk=person.pk).filter(email__istartswith=f"{mailbox}@")
    return None if others.exists() else mailbox


def others_like(person, lasts):
    """(whole name, first, last) of everybody else in whose name, of today or before, one of these last names may be read; two queries."""
    parts = {squeezed(part) for last in lasts for part in (last, *parts_of(last))}
    now = Person.objects.exclude(pk=person.pk).order_by().values_list("first_name", "last_name")
    before = NameChange.objects.exclude(person=person).order_by().values_list("from_name", "from_last_name")
    known = [(f"{first} {last}", first, last) for first, last in now] + [(whole, "", last) for whole, last in before]
    return [one for one in known if any(part in squeezed(f"{one[0]} {one[2]}") for part in parts)]


def words_of(person):
    """What may stand for the person alone: each first name, the last, each half of it."""
    called = [word for word in person.first_name.split() if not is_title(word)]
    return [*called, person.last_name, *parts_of(person.last_name)]


def alone(words, whole=()):
    """These words where they are part of no ``whole`` name, nor of anybody's."""
    return Spellings(words, [], others=[*whole, *whole_names_with(words)])


def standing_alone(spellings, person=None, or_alike=None):
    """``{model: [pk]}`` of what is about others than ``person`` and has one of these, or what may be one ``or_alike``."""
    has = [spellings.is_in, *([or_alike.may_be_in] if or_alike else [])]
    found = {}
    for table in TABLES:
        if table.model.startswith(WRITTEN_IN) and table.person and table.personal:
            model = apps.get_model(table.model)
            of_others = model._base_manager.exclude(**{table.person: person and person.pk})  # noqa: SLF001
            if pks := mentions_in(model, spellings, of_others, has):
                found[model] = sorted(pks)
    return found


def whole_names_with(words):
    """Everybody's whole names, of today and before, in which one of these words is; two queries."""
    parts = set(map(comparable, words))
    now = Person.objects.order_by().values_list("first_name", "last_name")
    before = NameChange.objects.order_by().values_list("from_name", flat=True)
    theirs = {
        name
        for first, last in now
        if parts & set(comparable(f"{first} {last}").split())
        for name in all_names(first, last)
    }
    return theirs | {name for name in before if parts & set(comparable(name).split())}


def text_fields(model):
    """The names of a model's fields in which a name may stand; those that repeat a choice have none."""
    fields = [one for one in model._meta.local_fields if isinstance(one, TEXTS)]  # noqa: SLF001
    return [one.name for one in fields if not one.choices and not one.primary_key]


def mentions_in(model, spellings, rows=None, has=()):
    """Which ``rows``, else of all, name the person, or of which one text ``has`` what is asked for.

    The database narrows them by the letters of which the name is longest the same however it is spelled; of Ö Ö there are none, and
    all are read.
    """
    names = text_fields(model)
    if not names or not (spellings.names or spellings.addresses) or model in NOT_SEARCHED:
        return set()
    rows, condition = (model._base_manager if rows is None else rows).order_by(), Q()  # noqa: SLF001
    for name in names:
        rows = rows.alias(**{f"{name}_as_text": Cast(name, TextField())})
        condition |= Q(**{f"{name}_as_text__regex": spellings.stored})
    if "calendar" in names:  # its lines may be broken within that part
        condition |= ~Q(calendar="")
    found = rows.filter(condition).values_list("pk", *names)
    asked = has or [spellings.is_in]
    return {
        pk for pk, *values in found.iterator() if any(one(value) for value in map(unfolded, values) for one in asked)
    }


def sessions_of(person):
    running = Session.objects.filter(expire_date__gt=timezone.now())
    return [one.pk for one in running.iterator() if one.get_decoded().get("_auth_user_id") == str(person.pk)]
