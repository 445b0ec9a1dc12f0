"""Taking back the last list, as long as nothing was built on it: who was changed is as before, who was new is gone.

Bit by bit, as it was taken over. Whoever was changed by somebody else since stays as they are and is named. Nobody lets themselves in by
it (ADR 33): what another list has taken from whoever takes it back, and their own data, they do not give themselves again.
"""

from copy import copy
from datetime import date

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import FurtherNumber, ListAnswer, Person, StaffImport, Unit
from kompetenz.people.names import sort_key
from kompetenz.people.own_reach import OwnReach
from kompetenz.people.renaming import note_changes, note_units
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused

from .columns import further
from .history import FIELDS, KEPT, difference_of, values_of
from .long_lists import locked, note_skipped
from .taking_over import save

PERSON, NEW = "person", "new"
NOT_THE_LAST = f"Nur die zuletzt übernommene Liste lässt sich zurücknehmen, und nur {KEPT.days} Tage lang."
BUILT_ON = "Diese Liste lässt sich nicht mehr zurücknehmen, denn seitdem wurde damit weitergearbeitet: {}."
IN_USE = "{} von den neuen Personen kommen schon anderswo vor, zum Beispiel in einer Runde"
CHANGED_SINCE = "{} seitdem geändert"
TAKEN = "Das geht so nicht mehr, denn inzwischen hat jemand dieselbe Personalnummer oder Adresse."


def may_be_taken_back(noted):
    """Whether it is the last one, and what it has changed is still known."""
    last = StaffImport.objects.filter(taken_back_at=None).first()
    return noted == last and noted.is_finished and noted.difference is not None


def begin_taking_back(noted, *, by):
    """Begin the job that takes a list back; raises Refused where something was built on it."""
    if not may_be_taken_back(noted):
        raise Refused(NOT_THE_LAST)
    difference = difference_of(noted)
    refuse_what_was_built_on(difference)
    items = [[PERSON, int(pk)] for pk in difference["before"]] + [[NEW, pk] for pk in difference["new"]]
    return begin(TAKING_BACK, subject=noted.pk, title=f"Personalliste zurücknehmen: {noted}", items=items, by=by)


def refuse_what_was_built_on(difference):
    after = {int(pk): values for pk, values in difference["after"].items()}
    stored = Person.objects.in_bulk(list(after))
    changed = [pk for pk, values in after.items() if pk not in stored or values_of(stored[pk]) != values]
    if changed:
        who = "1 Person wurde" if len(changed) == 1 else f"{len(changed)} Personen wurden"
        raise Refused(BUILT_ON.format(CHANGED_SINCE.format(who)))
    if used := used_elsewhere(difference["new"], set(after)):
        raise Refused(BUILT_ON.format(IN_USE.format(len(used))))


def used_elsewhere(new, of_the_list):
    """Which of these new people stand in any row that the list has not made, or have signed in; not that somebody has looked at theirs."""
    made_by_the_list = {column.kept_in for column in further()} | {
        one._meta.label  # noqa: SLF001 - Django documents it
        for one in (Access, FurtherNumber, ListAnswer)
    }
    used = set(Person.objects.filter(pk__in=new, last_login__isnull=False).values_list("pk", flat=True))
    for relation in Person._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django documents it
        if not (relation.auto_created and not relation.concrete) or relation.field.model._meta.auto_created:  # noqa: SLF001
            continue
        name, model = relation.field.name, relation.field.model
        rows = model._base_manager.filter(**{f"{name}__in": new})  # noqa: SLF001 - all rows, whoever may see them
        if model is Person:
            rows = rows.exclude(pk__in=of_the_list)
        if model._meta.label not in made_by_the_list:  # noqa: SLF001
            used |= set(rows.values_list(name, flat=True))
    return used


def take_some_back(job, items):
    noted = StaffImport.objects.get(pk=job.subject)
    difference = difference_of(noted)
    try:
        restore(job, [pk for kind, pk in items if kind == PERSON], difference, noted)
        delete_new(job, [pk for kind, pk in items if kind == NEW], difference)
    except IntegrityError as problem:
        raise Refused(TAKEN) from problem


def restore(job, people, difference, noted):
    reach, stored = OwnReach(job.asked_by), locked(people)
    managers = Person.objects.in_bulk([difference["before"][str(pk)][FIELDS.index("manager_id")] for pk in stored])
    taken = addresses_of_others(difference, job.asked_by_id)
    pairs = []
    for pk, person in stored.items():
        before = copy(person)
        set_values(person, difference["before"][str(pk)])
        lets_in = reach.objection_to(manager=managers.get(person.manager_id), person=before)
        stays = lets_in or pk == job.asked_by_id or person.email in taken or is_for_the_administration(before, person)
        if stays or not is_as_written(before, difference["after"].get(str(pk))):
            note_skipped(job, [before.with_number])
        else:
            pairs.append((before, person))
    given = [now.email for before, now in pairs if now.email and now.email != before.email]
    Person.objects.filter(email__in=given).update(email=None)
    save(pairs)
    note_changes(pairs)
    changed = [now.pk for _, now in pairs]
    accesses.note(job.asked_by, Access.What.MASTER_DATA, Access.How.CHANGED, changed, role=Access.Role.HR)
    restore_further(job, pairs, difference, noted)


def addresses_of_others(difference, by):
    """Addresses that somebody had before the list and that are by now another's, whom it has not left so, or ``by``'s: they keep them."""
    had = {values[FIELDS.index("email")] for values in difference["before"].values()} - {None}
    owners = Person.objects.filter(email__in=had)
    after = difference["after"]
    return {one.email for one in owners if one.pk == by or not is_as_written(one, after.get(str(one.pk)))}


def is_for_the_administration(before, now):
    """Whether somebody has access to the technical administration by now, and with it alone changes their address and last day."""
    return before.is_staff and (before.email, before.leaving_date) != (now.email, now.leaving_date)


def set_values(person, values):
    for field, value in zip(FIELDS, values, strict=True):
        setattr(person, field, date.fromisoformat(value) if field == "leaving_date" and value else value)
    person.sort_key = sort_key(person.listed_as)


def is_as_written(person, after):
    """Whether somebody is stored as the list has left them; an address that is free for the moment is still theirs."""
    stored, address = values_of(person), FIELDS.index("email")
    return after is not None and (
        stored == after
        or (person.email is None and stored[:address] + stored[address + 1 :] == after[:address] + after[address + 1 :])
    )


def restore_further(job, pairs, difference, noted):
    """Give columns of apps above what they had, or take away what the list has given."""
    people = {now.pk: now for _, now in pairs}
    for column in further():
        had = difference["further"].get(column.column.key, {})
        mine = {people[int(pk)]: text for pk, text in had.items() if int(pk) in people}
        if mine:
            column.take_back(mine, timezone.localdate(noted.taken_over_at))


def delete_new(job, people, difference):
    of_the_list = {int(pk) for pk in difference["after"]}
    kept = used_elsewhere(people, of_the_list) if people else set()
    after = difference["after"]
    for pk, person in locked(people).items():
        if pk in kept or not is_as_written(person, after[str(pk)]):
            note_skipped(job, [person.with_number])
        else:
            Person.objects.filter(manager=pk).update(manager=None)
            person.delete()


def give_addresses_back(freed):
    """Who was left alone by the list has the address again that it has given to somebody else, as far as it is free now."""
    for pk, address in freed.items():
        if not Person.objects.filter(email=address).exists():
            Person.objects.filter(pk=pk, email=None).update(email=address)


def take_units_back(job):
    noted = StaffImport.objects.get(pk=job.subject)
    difference = difference_of(noted)
    give_addresses_back(difference.get("freed", {}))
    units = {unit.number: unit for unit in Unit.objects.select_for_update(no_key=True).order_by("pk")}
    restored = []
    for number, (name, parent) in difference["units"].items():
        unit = units.get(number)
        if unit and [unit.name, unit.parent_id] == difference["units_after"].get(number):
            unit.name, unit.parent_id = name, parent
            unit.save()
            restored.append(unit)
    note_units(restored)
    for number in reversed(difference["new_units"]):
        unit = units.get(number)
        if unit and not is_used(unit):
            unit.delete()
    noted.taken_back_at, noted.taken_back_by = timezone.now(), job.asked_by
    noted.save()
    job.sentence = f"Die Personalliste ist zurückgenommen: {noted}."
    if skipped := job.options.get("skipped"):
        job.lines = [f"Inzwischen anders oder in Gebrauch und deshalb geblieben: {', '.join(skipped)}."]


def note_half_of_it(job):
    """Given up after a beginning: some of it is taken back, and never all."""
    if job.done:
        half = {"taken_back_at": timezone.now(), "taken_back_by": job.asked_by, "is_finished": False}
        StaffImport.objects.filter(pk=job.subject).update(**half)


def is_used(unit):
    relations = [one for one in Unit._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]  # noqa: SLF001
    return any(one.field.model._base_manager.filter(**{one.field.name: unit}).exists() for one in relations)  # noqa: SLF001


def page_of_history(job):
    return reverse("people:staff_history")


TAKING_BACK = JobKind(
    "taking back a staff list",
    batch=take_some_back,
    finish=take_units_back,
    leads_to=page_of_history,
    given_up=note_half_of_it,
    is_signed=True,
    size=15,
)
