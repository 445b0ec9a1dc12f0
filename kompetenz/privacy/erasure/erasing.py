"""Erasing one person on request, as a job: what is to be found is found first, what is written is one short transaction (ADR 50)."""

import logging

from django.urls import reverse

from kompetenz import hooks
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.jobs.queue import enqueue_once, task
from kompetenz.people.models import Person
from kompetenz.privacy.rules import BY_MODEL
from kompetenz.refusals import Refused

from . import listing
from .finding import find
from .hanging import OF_ONE_PERSON, obstacles_to
from .removing import remove

GONE = "Die Person gibt es nicht mehr."
DONE = "Die Person ist gelöscht. Unter „Aufbewahrung“ steht die Löschung mit der Nummer {}, ohne Namen."
LIST_IS_BROKEN = (
    "Die Liste der Löschungen (ERASURE_LIST) ist nicht lesbar. Bitte geben Sie Ihrer IT Bescheid: Bis sie es wieder ist, brächte eine "
    "zurückgespielte Sicherung die Person zurück."
)

ALONE = (
    "Stellen in Texten anderer, an denen ein Vorname oder Nachname allein steht, der dieser Person gehören kann: {} ({}). Er bleibt "
    "stehen: Es kann ein Wort oder jemand anderes sein."
)
WHAT_TO_DO = (
    "Ist die Person dort gemeint, ändert es, wer den Text geschrieben hat, solange er sich ändern lässt; sonst Ihre IT auf schriftliche "
    "Weisung, mit manage.py name_in_texts."
)

logger = logging.getLogger(__name__)


def begin_erasing(*, person, by):
    """Have ``person`` erased and answer the job. Raises Refused as long as something has to be settled first."""
    refuse(person, by)
    return begin(ERASING, subject=person.pk, title="Löschung einer Person", items=[person.pk], by=by)


def refuse(person, by):
    if obstacles := obstacles_to(person, by):
        raise Refused(" ".join(obstacles))


def look(job, items):
    return find(Person.objects.get(pk=items[0]))


def erase(job, items, mentions):
    person = held(items[0])
    if person is None:
        raise Refused(GONE)
    refuse(person, job.asked_by)
    job.tally["key"] = str(listing.note(person, job.asked_by).key)
    job.tally["alone"] = {BY_MODEL[model._meta.label_lower].name: len(pks) for model, pks in mentions.alone.items()}  # noqa: SLF001
    remove(person=person, mentions=mentions)


def held(pk):
    """The person as they are now, or None."""
    return Person.objects.filter(pk=pk).select_for_update(of=("self",)).first()


def finish(job):
    job.sentence, alone = DONE.format(job.tally.get("key", "")), job.tally.get("alone")
    if alone:
        where = ", ".join(f"{name}: {number}" for name, number in alone.items())
        job.lines = [ALONE.format(sum(alone.values()), where), WHAT_TO_DO]
    try:
        listing.export()
    except listing.BrokenList:
        logger.exception("The list of erasures cannot be read")
        job.lines = [*job.lines, LIST_IS_BROKEN]


def page_of_people(job):
    return reverse("people:list")


ERASING = JobKind(
    OF_ONE_PERSON, make=look, batch=erase, finish=finish, leads_to=page_of_people, is_signed=True, size=1, at_once=0
)


@task()
def erase_again():
    """As `manage.py replay_erasures` does."""
    erased, doubtful = listing.replay()
    logger.warning("Erased again after a backup was restored: %s; to be looked at: %s", erased, len(doubtful))


@hooks.register("every_day")
def keep_the_list(today):
    """The file has what the database has, whatever became of the run that should have written it; what is too old goes from both.

    What the database does not know any more is of a backup: whoever it has brought back is erased again.
    """
    listing.forget_old(today)
    is_restored = listing.has_more()
    if is_restored:
        enqueue_once(erase_again)
    listing.export()
    return "Nach einer zurückgespielten Sicherung werden Personen noch einmal gelöscht." if is_restored else None
