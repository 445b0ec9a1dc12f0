"""Erasing one person on request, as a job: what is to be found is found first, what is written is one short transaction (ADR 50)."""

import logging

from django.urls import reverse

from kompetenz import hooks
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import Person
from kompetenz.refusals import Refused

from . import listing
from .hanging import obstacles_to
from .removing import find, remove

GONE = "Die Person gibt es nicht mehr."
DONE = "Die Person ist gelöscht. Im Protokoll steht die Löschung unter der Nummer {}, ohne Namen."

logger = logging.getLogger(__name__)


def begin_erasing(*, person, by):
    """Have ``person`` erased and answer the job. Raises Refused as long as something has to be settled first."""
    refuse(person, by)
    return begin(ERASING, subject=person.pk, title="Löschung einer Person", items=[person.pk], by=by)


def refuse(person, by, own_job=None):
    if obstacles := obstacles_to(person, by, own_job):
        raise Refused(" ".join(obstacles))


def look(job, items):
    return find(Person.objects.get(pk=items[0]))


def erase(job, items, mentions):
    person = Person.objects.select_for_update(of=("self",)).filter(pk=items[0]).first()
    if person is None:
        raise Refused(GONE)
    refuse(person, job.asked_by, job.pk)
    job.tally["key"] = str(listing.note(person, job.asked_by).key)
    remove(person=person, mentions=mentions)


def finish(job):
    job.sentence = DONE.format(job.tally.get("key", ""))
    listing.export()


def page_of_people(job):
    return reverse("people:list")


ERASING = JobKind("erasing a person", make=look, batch=erase, finish=finish, leads_to=page_of_people, size=1, at_once=0)


@hooks.register("every_day")
def keep_the_list(today):
    """The file has what the database has, whatever became of the run that should have written it; what is too old goes from both."""
    listing.forget_old(today)
    listing.export()
