"""How a competency is built: the learning formats, and what an administration has on offer (paper 4.1 and 4.2)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from assessments.models import amounts
from kompetenz.catalogue.models import Category, Competency, KeyManager
from kompetenz.forms.stamp import stamp


class LearningFormatQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Formats ``user`` reads about: those offered, for HR all."""
        return self if user.is_hr else self.filter(is_offered=True)


class LearningFormat(models.Model):
    """A way to build a competency (paper 4.2): on or off the job, and how one learns in it (4.1).

    The seven of the paper are built in. HR fits their words to the administration and takes one out of the choice;
    measures that use it keep it.
    """

    class Job(models.TextChoices):
        ON = "on", "am Arbeitsplatz"
        OFF = "off", "außerhalb des Arbeitsplatzes"
        BOTH = "both", "am Arbeitsplatz oder außerhalb"

    class LearningForm(models.TextChoices):
        CHALLENGE = "challenge", "Lernen aus Herausforderungen"
        INTERACTION = "interaction", "Lernen aus Interaktion"
        CLASSIC = "classic", "klassische Weiterbildung"

    key = models.SlugField("Schlüssel", unique=True)
    name = models.CharField("Name", max_length=80)
    description = models.TextField("Beschreibung", max_length=600)
    job = models.CharField("Bezug zur Arbeit", max_length=5, choices=Job.choices)
    learning_form = models.CharField("Lernform", max_length=12, choices=LearningForm.choices)
    suits = models.ManyToManyField(Category, related_name="+", verbose_name="geeignet für")
    needs = models.CharField("Was es braucht", max_length=300, blank=True)
    needs_consent = models.BooleanField("nur mit Einverständnis der Person", default=False)
    needs_mentor = models.BooleanField("mit namentlicher Begleitung", default=False)
    is_offered = models.BooleanField("steht zur Wahl", default=True)
    order = models.PositiveSmallIntegerField("Reihenfolge")

    objects = KeyManager.from_queryset(LearningFormatQuerySet)()

    class Meta:
        verbose_name = "Lernformat"
        verbose_name_plural = "Lernformate"
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)

    natural_key.dependencies = ["catalogue.category"]

    @property
    def stamp(self):
        """Of what somebody who chooses it has read of it."""
        return stamp(self.name, self.needs_consent, self.needs_mentor)


class Suitability(models.Model):
    """What is said of a format for one competency, where its category does not say it all, and on what ground.

    The paper names formats for groups of competencies (4.2); what HR has found itself is its own estimate.
    """

    class Ground(models.TextChoices):
        PAPER = "paper", "Papier"
        OWN = "own", "eigene Einschätzung"

    format = models.ForeignKey(LearningFormat, models.CASCADE, related_name="suitabilities")
    competency = models.ForeignKey(Competency, models.CASCADE, related_name="+")
    fits = models.BooleanField("geeignet")
    ground = models.CharField("Grundlage", max_length=5, choices=Ground.choices)

    class Meta:
        verbose_name = "Eignung"
        verbose_name_plural = "Eignungen"
        ordering = ["format", "competency"]
        constraints = [
            models.UniqueConstraint(fields=["format", "competency"], name="one_suitability_per_format_and_competency")
        ]

    def __str__(self):
        return f"{'geeignet' if self.fits else 'nicht geeignet'} ({self.get_ground_display()})"


class OfferQuerySet(models.QuerySet):
    def to_choose(self, today):
        """Offers, of formats that are offered, that can still be taken up on ``today``."""
        return self.filter(is_offered=True, format__is_offered=True).exclude(last_day__lt=today)

    def visible_to(self, user, today):
        """Offers ``user`` finds: those to choose on ``today``, for HR all."""
        return self if user.is_hr else self.to_choose(today)


class Offer(models.Model):
    """What the administration has on offer in one of the formats: a course, a mentoring pool, a round of colleagues.

    ``hours`` is working time, ``cost`` is euros a person; unknown is None and not 0. ``seats`` are those of each of its
    dates (OfferDate), of an offer without dates all that there are; None: as many as come. An offer that measures use is
    withdrawn, not deleted.
    """

    format = models.ForeignKey(LearningFormat, models.PROTECT, related_name="offers", verbose_name="Format")
    title = models.CharField("Titel", max_length=160)
    provider = models.CharField("Anbieter oder Ort", max_length=160, blank=True)
    link = models.URLField("Link", max_length=300, blank=True)
    hours = amounts.hours("Zeitbedarf in Stunden")
    cost = amounts.euros("Kosten in Euro")
    first_day = models.DateField("Beginn", null=True, blank=True)
    last_day = models.DateField("Ende", null=True, blank=True)
    competencies = models.ManyToManyField(Competency, related_name="+", blank=True, verbose_name="für die Kompetenzen")
    seats = models.PositiveSmallIntegerField("Plätze", null=True, blank=True, validators=[MinValueValidator(1)])
    is_offered = models.BooleanField("steht zur Wahl", default=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        ordering = ["format", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=models.F("first_day")),
                name="offer_ends_after_start",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("learningplans:offer", args=[self.pk])

    @property
    def stamp(self):
        """Of what somebody who chooses it has read of it, and takes over with it."""
        return stamp(self.title, self.provider, self.link, self.hours, self.cost)

    @property
    def days(self):
        """When it takes place, in words."""
        first, last = (day and date_format(day, "d.m.Y") for day in (self.first_day, self.last_day))
        if first and first == last:
            return f"am {first}"
        known = [f"ab {first}" if first else "", f"bis {last}" if last else ""]
        return " ".join(filter(None, known)) or "jederzeit"
