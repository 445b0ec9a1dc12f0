"""A job: work too long for a request, done in short batches while somebody may watch."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """HR's jobs are all of HR's to see and to stop; any other is for whoever asked for it alone."""
        own = Q(for_hr=False, asked_by=user.pk)
        return self.filter(own | Q(for_hr=True) if user.is_hr else own)

    def going(self):
        return self.filter(state=Job.State.GOING)

    def unfinished(self):
        return self.filter(state__in=Job.UNFINISHED)

    def of(self, kind, subject):
        return self.filter(kind=kind.name, subject=str(subject))

    def with_file_for(self, user):
        """Those that made a file for ``user``."""
        return self.visible_to(user).filter(asked_by=user.pk).exclude(file_name="")

    def standing_still_with_a_file(self, before):
        """Those that nobody has let go on since ``before``, and that hold a file they work on, a staff list, or parts of one."""
        still = self.filter(Q(content__isnull=False) | Exists(JobPart.objects.filter(job=OuterRef("pk"))))
        still = still.filter(state__in=[Job.State.STOPPED, Job.State.FAILED])
        return still.annotate(since=Coalesce("moved_at", "asked_at")).filter(since__lt=before).only("pk")

    def light(self):
        """Without what only the work itself needs."""
        return self.defer("items", "options", "content")


def erase_what_is_theirs(collector, field, jobs, using):
    """With a person goes what was made for them alone; what they have begun for HR goes on without their name."""
    own = Q(for_hr=False) | ~Q(file_name="")
    models.CASCADE(collector, field, jobs.filter(own), using)
    models.SET_NULL(collector, field, jobs.exclude(own), using)


class Job(models.Model):
    """One piece of work of a kind (batches.py), about one subject, done batch by batch; of both there is one unfinished at most.

    A batch, and that it is done, are one transaction: whatever dies, nothing is done twice and nothing left out. ``items``
    is what there is to do, of which ``done`` are. Stopped or failed, it goes on where it was, or is given up: a kind that
    can take back what it did does so (``takes_back``), of another what is done stays. ``sentence`` and ``lines`` say in
    German what came of it, ``problem`` what kept it from going on; ``tries`` are the runs that have ended with it since its
    last batch. A file that it made (``file_name``) is handed to whoever asked for it; without a name ``content`` is a file
    that it works on.
    """

    class State(models.TextChoices):
        GOING = "going", "läuft"
        STOPPED = "stopped", "angehalten"
        FAILED = "failed", "gescheitert"
        DONE = "done", "fertig"
        GIVEN_UP = "given up", "abgebrochen"

    UNFINISHED = (State.GOING, State.STOPPED, State.FAILED)

    kind = models.CharField("Art", max_length=40)
    subject = models.CharField("Gegenstand", max_length=80)
    title = models.CharField("Titel", max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, erase_what_is_theirs, null=True, related_name="+", verbose_name="angefordert von"
    )
    asked_at = models.DateTimeField("angefordert am", default=timezone.now)
    for_hr = models.BooleanField("für die Personalentwicklung", default=True)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.GOING)
    takes_back = models.BooleanField("nimmt zurück", default=False)
    total = models.PositiveIntegerField("insgesamt", default=0)
    done = models.PositiveIntegerField("davon erledigt", default=0)
    moved_at = models.DateTimeField("zuletzt weitergekommen am", null=True)
    in_hand_until = models.DateTimeField("in Arbeit bis", null=True)
    tries = models.PositiveSmallIntegerField("Versuche seit der letzten Portion", default=0)
    finished_at = models.DateTimeField("beendet am", null=True)
    sentence = models.CharField("Ergebnis", max_length=500, blank=True)
    lines = models.JSONField("im Einzelnen", default=list)
    problem = models.CharField("Problem", max_length=500, blank=True)
    tally = models.JSONField("gezählt", default=dict)
    file_name = models.CharField("Dateiname", max_length=200, blank=True)
    # Last: SQLite reads a row up to the column it is asked for.
    options = models.JSONField("Vorgaben", default=dict)
    items = models.JSONField("zu tun", default=list)
    content = models.BinaryField("Datei", null=True)

    objects = JobQuerySet.as_manager()
    level = "success"  # of the message that a small one ends with
    was_there = False  # whether it was begun before, by somebody who wanted the same

    class Meta:
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["going", "stopped", "failed"]),
                name="one_unfinished_job_of_a_kind_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "given up"], finished_at__isnull=False)
                | Q(state__in=["going", "stopped", "failed"], finished_at=None),
                name="a_finished_job_says_since_when",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_going(self):
        return self.state == self.State.GOING

    @property
    def is_finished(self):
        return self.state not in self.UNFINISHED

    @property
    def progress(self):
        """How far it is, in words."""
        return f"{in_german(self.done)} von {in_german(self.total)}"

    def count(self, name, number=1):
        """Add to what is counted under ``name`` until the end."""
        self.tally[name] = self.tally.get(name, 0) + number

    def end(self, state):
        """It is over; what only the work needed is forgotten. Saves nothing."""
        self.state, self.finished_at, self.items, self.options = state, timezone.now(), [], {}
        self.content = self.content if self.file_name else None


class JobPart(models.Model):
    """One of the files that a job makes where all of them together would be too large to be in memory at once; goes with its job."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="parts", verbose_name="Auftrag")
    name = models.CharField("Dateiname", max_length=200)
    made_at = models.DateTimeField("erstellt am", default=timezone.now)
    content = models.BinaryField("Datei")

    class Meta:
        verbose_name = "Teil eines Auftrags"
        verbose_name_plural = "Teile von Aufträgen"
        ordering = ["pk"]

    def __str__(self):
        return self.name


def in_german(number):
    return f"{number:,}".replace(",", ".")
