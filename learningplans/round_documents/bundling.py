"""All documents of a round for HR: asked for once, made one by one in the background, handed out as one ZIP."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.models import Participation, PlanProgress, Round
from assessments.pdf import comparison_pdf
from kompetenz import hooks
from kompetenz.documents import file_name
from kompetenz.documents.names import LONGEST_PART, plain
from kompetenz.jobs.batches import AFTER_LETTERS
from kompetenz.jobs.queue import enqueue_once, task
from kompetenz.jobs.recovery import MOST_WORKERS
from kompetenz.outages import outage_of
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.models import Bundle, BundleDocument, LearningPlan
from learningplans.pdf import plan_pdf

KEPT = timedelta(days=settings.RETENTION_DAYS["bundles"])
SILENCE = timedelta(minutes=1)  # without a new document: perhaps nobody is working

NOT_MADE = "Dieses Dokument ließ sich nicht erstellen."
OTHERWISE = "Während das Dokument entstand, hat sich geändert, was darin steht."

logger = logging.getLogger(__name__)
Kind = BundleDocument.Kind


def plans_to_bundle(round_):
    return LearningPlan.objects.open_to_hr().filter(participation__round=round_)


def comparisons_to_bundle(round_):
    """None, unless the round shows levels to HR; and then those that are disclosed."""
    return Participation.objects.open_to_hr().filter(round=round_)


def how_many(round_):
    """How many documents a bundle made now would have; two queries, of plans by what their participations repeat of them."""
    plans = Participation.objects.filter(round=round_, plan_state__gte=PlanProgress.AGREED)
    return plans.count() + comparisons_to_bundle(round_).count()


@transaction.atomic
def begin_bundle(*, round_, by):
    """Have all documents of a round made, and return the bundle; while one is being made that one is returned.

    Raises Refused if no plan is agreed and no comparison is HR's to read.
    """
    Round.objects.select_for_update().get(pk=round_.pk)  # two who ask at once get one bundle
    making = Bundle.objects.of(round_).being_made().first()
    if making:
        return making
    wanted = wanted_documents(round_)
    if not wanted:
        raise Refused("Es gibt noch nichts zusammenzustellen.")
    bundle = Bundle.objects.create(round=round_, requested_by=by)
    BundleDocument.objects.bulk_create(
        BundleDocument(bundle=bundle, participation=participation, kind=kind, file_name=name)
        for participation, kind, name in wanted
    )
    enqueue_documents.enqueue(bundle.pk)
    enqueue_once(look_after_bundles, after=SILENCE)
    return bundle


def wanted_documents(round_):
    """(participation, kind, file name) of each document, no two names alike on any system; three queries."""
    with_plan = set(plans_to_bundle(round_).values_list("participation", flat=True))
    with_comparison = set(comparisons_to_bundle(round_).values_list("pk", flat=True))
    kinds = [(Kind.PLAN, with_plan), (Kind.COMPARISON, with_comparison)]
    rows = Participation.objects.filter(round=round_).select_related("person").order_by("sort_key", "pk")
    rows = [row for row in rows if row.pk in with_plan | with_comparison]
    return [
        (row, kind, file_name(kind.label, stem, round_.title))
        for row, stem in zip(rows, distinct_stems(map(named, rows)), strict=True)
        for kind, wanted in kinds
        if row.pk in wanted
    ]


def named(participation):
    """Whose document it is, with the number by which namesakes are told apart in a folder."""
    person = participation.person
    if not (number := plain(person.personnel_number or "")):
        return person.listed_as
    return f"{plain(person.listed_as)[: LONGEST_PART - len(number) - 1].rstrip('-')}-{number}"


def distinct_stems(names):
    """A part of file names for each name; those that would be the same are numbered."""
    taken = set()
    for name in names:
        stem = first = plain(name) or "Person"
        number = 1
        while stem.lower() in taken:
            number += 1
            stem = f"{first[: LONGEST_PART - len(str(number)) - 1]}-{number}"
        taken.add(stem.lower())
        yield stem


@task(priority=AFTER_LETTERS)
def enqueue_documents(bundle):
    """One task for each document; of thousands it would take too long while somebody waits for the page."""
    with transaction.atomic():
        for document in BundleDocument.objects.filter(bundle=bundle, done_at=None).values_list("pk", flat=True):
            make_document.enqueue(bundle, document)
    finish(bundle)


@task(priority=AFTER_LETTERS)
def look_after_bundles():
    """Once a minute, while any bundle is being made: what has been lost of a silent one is enqueued once more."""
    making = list(Bundle.objects.being_made())
    if not making:
        return
    enqueue_once(look_after_bundles, after=SILENCE)  # first, or a run that fails would be the last
    for bundle in making:
        if progress_of(bundle).is_silent:
            keep_going(bundle)


def keep_going(bundle):
    """What has been lost with a worker, or with the database for a moment, is enqueued once more.

    It comes after everything that waits already. So it does no harm where nothing was lost. A document with which worker after
    worker has died is not tried again.
    """
    if deadly := [document for document, workers in tries_of(bundle).items() if workers >= MOST_WORKERS]:
        logger.error("Documents %s of bundle %s have ended %s workers each", deadly, bundle.pk, MOST_WORKERS)
        lost = bundle.documents.filter(pk__in=deadly, done_at=None)
        lost.update(problem=NOT_MADE, done_at=timezone.now())
    enqueue_once(enqueue_documents, bundle=bundle.pk)


def tries_of(bundle):
    """How many workers have begun each document of a bundle and not come to an end; one query."""
    begun = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).filter(
        task_path=make_document.module_path, enqueued_at__gte=bundle.requested_at
    )
    tries = Counter()
    for asked, workers in begun.values_list("args_kwargs", "worker_ids"):
        if asked["args"][0] == bundle.pk:
            tries[asked["args"][1]] += len(workers)
    return tries


@task(priority=AFTER_LETTERS)
def make_document(bundle, document):
    """Make one document, unless it is made or gone; the last one finishes the bundle. May run twice, and at once."""
    found = (
        BundleDocument.objects.filter(pk=document, done_at=None)
        .select_related("bundle__requested_by", "participation__round", "participation__person", "participation__talk")
        .first()
    )
    if found:
        about = standing_of(found)
        keep(found, about, *attempt(found))
    finish(bundle)


def standing_of(document):
    """What a document is about: where it is another, what is printed is no record of it any more."""
    if document.kind == Kind.PLAN:
        plan = LearningPlan.objects.filter(participation=document.participation_id)
        return plan.values_list("state", "agreed_by_person_on", "agreed_by_manager_on").first()
    row = Participation.objects.filter(pk=document.participation_id)
    return row.values_list("self_state", "manager_state", "talk_state", "talk__recorded_at").first()


@transaction.atomic
def keep(document, about, content, problem):
    """Keep what was made, unless it is ``about`` something else by now.

    Whoever changes that takes back what lies there, and not what comes after.
    """
    held = LearningPlan if document.kind == Kind.PLAN else Participation
    one = {"participation" if held is LearningPlan else "pk": document.participation_id}
    list(held.objects.select_for_update(no_key=True).filter(**one).values_list("pk"))
    if not problem and standing_of(document) != about:
        content, problem = None, OTHERWISE
    done = {"content": content, "problem": problem, "done_at": timezone.now()}
    BundleDocument.objects.filter(pk=document.pk, done_at=None).update(**done)


def attempt(document):
    """(PDF, no problem) or (None, what kept it from being made): one document never stops the others."""
    try:
        return printed(document), ""
    except Refused as reason:
        return None, str(reason)
    except Exception as error:  # whatever is the matter with this one
        if outage_of(error):  # not the document's fault: the task is tried again
            raise
        logger.exception("%s of bundle %s was not made", document, document.bundle_id)
        return None, NOT_MADE


def printed(document):
    """The PDF, as HR may read it now, made for somebody who still is HR; raises Refused.

    For HR as such, as ``open_to_hr`` says which documents there are: whoever asked for them may lead people, and would read
    more in theirs than is for everybody in HR.
    """
    by, reader = document.bundle.requested_by, Person.hr_as_such()
    if by is None or not (by.is_hr and by.is_employed):
        raise Refused("Wer das angefordert hat, gehört nicht mehr zur Personalentwicklung.")
    if problem := not_to_be_read(document.kind, document.participation_id):
        raise Refused(problem)
    if document.kind == Kind.PLAN:
        return plan_pdf(LearningPlan.objects.with_participation().get(participation=document.participation_id), reader)
    return comparison_pdf(document.participation, reader)


def not_to_be_read(kind, participation):
    """Why HR as such may not read this document now, in words; "" if HR may. One query."""
    if kind == Kind.PLAN:
        may = LearningPlan.objects.open_to_hr().filter(participation=participation).exists()
        return "" if may else "Der Lernplan ist wieder ein Entwurf."
    may = Participation.objects.open_to_hr().filter(pk=participation).exists()
    return "" if may else "Der Vergleich liegt nicht mehr offen."


@transaction.atomic
def finish(bundle):
    """Note that a bundle is finished, once it is; the older one of the round has had its day.

    The lock lets two workers with the last two documents look one after the other.
    """
    found = Bundle.objects.select_for_update(of=("self",)).being_made().filter(pk=bundle).first()
    if found is None or found.documents.filter(done_at=None).exists():
        return
    Bundle.objects.of(found.round_id).finished().delete()
    found.finished_at = timezone.now()
    found.save(update_fields=["finished_at"])


@dataclass(frozen=True)
class BundleProgress:
    """How far a bundle has come; ``made`` are the PDFs, ``size`` is their bytes together once it is finished."""

    total: int
    made: int
    problems: int
    last_done_at: datetime
    size: int | None = None

    @property
    def done(self):
        return self.made + self.problems

    @property
    def is_silent(self):
        """Whether nothing has come for a while."""
        return timezone.now() - self.last_done_at > SILENCE


def progress_of(bundle):
    """Count the documents of ``bundle``; one query."""
    counts = {
        "total": Count("pk"),
        "problems": Count("pk", filter=~Q(problem="")),
        "made": Count("pk", filter=Q(done_at__isnull=False, problem="")),
        "last_done_at": Max("done_at"),
    }
    if bundle.finished_at:
        counts["size"] = Sum(Length("content"))
    counted = bundle.documents.aggregate(**counts)
    return BundleProgress(**counted | {"last_done_at": counted["last_done_at"] or bundle.requested_at})


def problems(bundle):
    """(file name, problem) of what was not made."""
    return bundle.documents.exclude(problem="").values_list("file_name", "problem")


def people_in(bundle):
    """The ids of those of whom there is a document."""
    made = bundle.documents.filter(problem="").order_by()
    return made.values_list("participation__person", flat=True).distinct()


def files(bundle):
    """(name, local time, content) of every document, one in memory at a time; last, in words, what is missing.

    Of each it is asked once more whether it is HR's to read. Raises DoesNotExist when the bundle is deleted meanwhile: a
    broken download is better than one that lacks something.
    """
    missing = list(problems(bundle))
    for document, kind, participation in list(
        bundle.documents.filter(problem="").values_list("pk", "kind", "participation")
    ):
        name, done_at, content = bundle.documents.values_list("file_name", "done_at", "content").get(pk=document)
        if problem := not_to_be_read(kind, participation):
            missing.append((name, problem))
        else:
            yield name, timezone.localtime(done_at), bytes(content)
    if missing:
        text = "".join(f"{name}: {problem}\r\n" for name, problem in missing)
        yield "Nicht-erstellt.txt", timezone.localtime(bundle.finished_at), text.encode("utf-8-sig")


@hooks.register("worker_begins")
def go_on_looking():
    """Those being made are looked after, whatever has become of the run that they were begun with."""
    if Bundle.objects.being_made().exists():
        enqueue_once(look_after_bundles)


@hooks.register("every_day")
def see_to_bundles(today):
    go_on_looking()


@hooks.register("every_day")
def delete_old_bundles(today):
    """Documents do not stay here: neither those that lie ready nor those that nobody has made."""
    old = Bundle.objects.filter(requested_at__lt=timezone.now() - KEPT)
    number = old.count()
    old.delete()
    return f"Zusammenstellungen von Dokumenten gelöscht: {number}." if number else None
