"""All documents of a round, put together in the background."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import Participation, Round
from kompetenz.people.models import Person


class BundleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents put together are HR's alone."""
        return self if user.is_hr else self.none()

    def of(self, round_):
        return self.filter(round=round_)

    def being_made(self):
        return self.filter(finished_at=None)

    def finished(self):
        return self.filter(finished_at__isnull=False)


class Bundle(models.Model):
    """All documents of one round, put together for HR in the background and kept for a few days.

    They say what HR as such may read, whoever has asked for them. A bundle is finished when every document is made
    or has its problem, and takes the place of the one before: of a round there is at most one being made and one finished.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField("angefordert am", default=timezone.now)
    finished_at = models.DateTimeField("fertig am", null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = "Zusammenstellung"
        verbose_name_plural = "Zusammenstellungen"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(finished_at=None), name="one_bundle_of_a_round_being_made"
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(finished_at__isnull=False), name="one_finished_bundle_of_a_round"
            ),
        ]

    def __str__(self):
        return f"Dokumente zu {self.round}"


class BundleDocument(models.Model):
    """One PDF of a bundle: not made yet, made, or with the problem that kept it from being made; never both.

    The PDF lies in the database, the one thing that all workers and servers share.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "Lernplan"
        COMPARISON = "comparison", "Kompetenzvergleich"

    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="documents")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    file_name = models.CharField("Dateiname", max_length=160)
    problem = models.CharField("Problem", max_length=300, blank=True)
    done_at = models.DateTimeField("erledigt am", null=True)
    content = models.BinaryField("PDF", null=True)  # last: SQLite reads a row up to the column it is asked for

    class Meta:
        verbose_name = "Dokument einer Zusammenstellung"
        verbose_name_plural = "Dokumente einer Zusammenstellung"
        ordering = ["file_name"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "file_name"], name="one_file_name_per_bundle"),
            models.UniqueConstraint(
                fields=["bundle", "participation", "kind"], name="one_document_of_a_kind_per_participation"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, content=None, problem="")
                | Q(done_at__isnull=False, content__isnull=False, problem="")
                | Q(done_at__isnull=False, content=None) & ~Q(problem=""),
                name="a_document_is_open_or_made_or_has_its_problem",
            ),
        ]

    def __str__(self):
        return self.file_name
