"""What stays of printed papers: their earlier versions, and who has been shown a round's fact sheet and said what."""

from django.db import models
from django.utils import timezone

from assessments.models import Round
from kompetenz.people.models import Person


class PaperVersionQuerySet(models.QuerySet):
    def of(self, slug):
        """Those of one paper, the earliest first."""
        return self.filter(slug=slug)

    def changed_on(self, day):
        """The slugs of papers that read differently from this day on than before."""
        new = self.filter(from_day=day).values("slug")
        return self.filter(slug__in=new, from_day__lt=day).order_by("slug").values_list("slug", flat=True).distinct()


class PaperVersion(models.Model):
    """How a paper read from ``from_day`` (Europe/Berlin) until the next version: its text in ``lines``; never changed."""

    slug = models.SlugField("Unterlage")
    from_day = models.DateField("gilt ab")
    lines = models.JSONField("Text")

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung einer Unterlage"
        verbose_name_plural = "Fassungen von Unterlagen"
        ordering = ["slug", "from_day"]
        constraints = [models.UniqueConstraint(fields=["slug", "from_day"], name="one_version_of_a_paper_a_day")]

    def __str__(self):
        return f"{self.slug} ({self.from_day:%d.%m.%Y})"


class ShownFactSheetQuerySet(models.QuerySet):
    def of(self, round_):
        """When and by whom that of this round was shown, or None."""
        return self.filter(round=round_).select_related("shown_by").first()


class ShownFactSheet(models.Model):
    """That HR has shown the fact sheet of a round to staff council and data protection before it opens, as it was then.

    ``as_read`` tells whether it is another by now (fact_sheets.stamp_of); then it can be shown once more.
    """

    round = models.OneToOneField(Round, models.CASCADE, related_name="+")
    shown_on = models.DateField("gezeigt am", default=timezone.localdate)
    shown_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    as_read = models.CharField("Stempel des Steckbriefs", max_length=16, blank=True, editable=False)

    objects = ShownFactSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "gezeigter Steckbrief"
        verbose_name_plural = "gezeigte Steckbriefe"

    def __str__(self):
        return f"{self.round} ({self.shown_on:%d.%m.%Y})"


class FactSheetComment(models.Model):
    """What an auditor says of a round's fact sheet as they have read it, under their name; HR and the other auditors read it.

    It is never changed; whether the fact sheet is another by now, ``as_read`` tells (fact_sheets.stamp_of).
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)
    text = models.TextField("Stellungnahme", max_length=2000)
    as_read = models.CharField("Stempel des Steckbriefs", max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = "Stellungnahme zu einem Steckbrief"
        verbose_name_plural = "Stellungnahmen zu Steckbriefen"
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.round} ({self.on:%d.%m.%Y})"
