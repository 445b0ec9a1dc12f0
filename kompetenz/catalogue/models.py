"""What can be assessed and on which scale: categories, competencies, levels, and how each shows (paper, 2 and 4.3.1)."""

import hashlib
import json
from itertools import count

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.signals import pre_save
from django.dispatch import receiver

from kompetenz.prepared import prepared

from .frozen import Catalogue
from .syllables import Name

HIGHEST_POSSIBLE = 9  # a scale has at most ten levels


class KeyManager(models.Manager):
    """Finds a row by its ``key``, so that fixtures can be loaded again and again."""

    def get_by_natural_key(self, key):
        return self.get(key=key)


class Level(models.Model):
    """One level of the scale on which every competency is rated (paper, 4.3.1).

    The scale are the values from 0 on without a gap: 0 is the lowest and means that there is nothing yet, each further
    level holds more. What a round has frozen keeps the scale it began with (Edition). A database takes the values of any
    scale, 0 to HIGHEST_POSSIBLE; which of them a round knows is checked where levels are written.
    """

    NONE, KENNER, KOENNER, EXPERTE = range(4)  # those that are built in

    value = models.PositiveSmallIntegerField("Stufe", unique=True)
    key = models.SlugField("Schlüssel", unique=True)
    name = models.CharField("Name", max_length=20)
    definition = models.CharField("Bedeutung", max_length=200)

    objects = KeyManager()

    class Meta:
        verbose_name = "Stufe"
        verbose_name_plural = "Stufen"
        ordering = ["value"]
        constraints = [models.CheckConstraint(condition=Q(value__lte=HIGHEST_POSSIBLE), name="at_most_ten_levels")]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)

    def clean(self):
        """Refuse a gap: a level follows the one below it."""
        below = Level.objects.filter(value__lt=self.value or 0).exclude(pk=self.pk).count()
        if self.value is not None and below != self.value:
            raise ValidationError({"value": "Stufen haben die Werte 0, 1, 2 und so weiter ohne Lücke."})


def on_any_scale(field):
    """The condition that ``field`` holds a level that some scale may have, for a constraint."""
    return Q(**{f"{field}__range": (Level.NONE, HIGHEST_POSSIBLE)})


def none_or_on_any_scale(*fields):
    """The condition that each of ``fields`` holds such a level, or none at all."""
    return Q(*(Q(**{field: None}) | on_any_scale(field) for field in fields))


class Category(models.Model):
    """One of the coloured blocks of the Kompetenzrad, clockwise from the top in their ``order``."""

    key = models.SlugField("Schlüssel", unique=True)
    name = models.CharField("Name", max_length=80)
    order = models.PositiveSmallIntegerField("Reihenfolge")

    objects = KeyManager()

    class Meta:
        verbose_name = "Kategorie"
        verbose_name_plural = "Kategorien"
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)


class Competency(models.Model):
    """Something a person can do for the digital transformation (paper, chapter 2).

    Within its category it stands by its ``order``, which need not be without gaps or different from all others: the
    number people read is its place on the wheel. A competency that has been assessed is never deleted.
    After ``refresh_months`` without being confirmed it is due for refreshing (4.3.3); None is never.
    """

    key = models.SlugField("Schlüssel", unique=True)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="Kategorie", related_name="competencies")
    order = models.PositiveSmallIntegerField("Reihenfolge in der Kategorie")
    name = models.CharField("Name", max_length=80)
    wheel_label = models.CharField("Beschriftung im Rad", max_length=26)
    description = models.CharField("Beschreibung", max_length=250)
    section = models.CharField("Abschnitt im Konzeptpapier", max_length=10, blank=True)
    refresh_months = models.PositiveSmallIntegerField("auffrischen nach Monaten", null=True, blank=True)

    objects = KeyManager()

    class Meta:
        verbose_name = "Kompetenz"
        verbose_name_plural = "Kompetenzen"
        ordering = ["category", "order", "pk"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)

    natural_key.dependencies = ["catalogue.category"]

    @property
    def in_syllables(self):
        """The name as pages show it: its long words have soft hyphens."""
        return Name(self.name)


@receiver(pre_save, sender=Competency)
def keep_what_hr_says(instance, raw, **kwargs):
    """When fixtures are loaded over a row (``raw``), after how many months it is refreshed stays HR's decision."""
    if raw and (stored := Competency.objects.filter(pk=instance.pk).first()):
        instance.refresh_months = stored.refresh_months


class LevelAnchorManager(models.Manager):
    def get_by_natural_key(self, competency_key, level):
        return self.get(competency__key=competency_key, level=level)


class LevelAnchor(models.Model):
    """How a level of one competency shows at work: one observable sentence (Verhaltensanker)."""

    competency = models.ForeignKey(Competency, models.CASCADE, verbose_name="Kompetenz", related_name="anchors")
    level = models.PositiveSmallIntegerField("Stufe")
    text = models.CharField("Text", max_length=200)

    objects = LevelAnchorManager()

    class Meta:
        verbose_name = "Verhaltensanker"
        verbose_name_plural = "Verhaltensanker"
        ordering = ["competency", "level"]
        constraints = [
            models.UniqueConstraint(fields=["competency", "level"], name="one_anchor_per_competency_and_level"),
            models.CheckConstraint(
                condition=on_any_scale("level") & Q(level__gt=Level.NONE), name="anchor_level_above_none"
            ),
        ]

    def __str__(self):
        return self.text

    def natural_key(self):
        return (self.competency.key, self.level)

    natural_key.dependencies = ["catalogue.competency"]


@prepared
def anchors():
    """(competency's id, level, text)"""
    return LevelAnchor.objects.order_by().values_list("competency", "level", "text")


@prepared
def competencies():
    """As an edition keeps them, but for their anchors; with their category."""
    return Competency.objects.values(
        "id", "key", "name", "description", "category__key", "category__name", label=F("wheel_label")
    )


def todays_content():
    """Today's scale and texts as plain JSON values, as an edition keeps them; three queries.

    Every competency has an anchor for each level but the lowest, by level; a missing one is empty.
    """
    levels = [level for level, value in zip(Level.objects.all(), count()) if level.value == value]
    texts = {(competency, level): text for competency, level, text in anchors()}
    categories = {}
    for competency in competencies():
        category = competency.pop("category__key"), competency.pop("category__name")
        anchored = [texts.get((competency["id"], level.value), "") for level in levels[1:]]
        categories.setdefault(category, []).append(competency | {"anchors": anchored})
    return {
        "levels": [{"key": level.key, "name": level.name, "definition": level.definition} for level in levels],
        "categories": [
            {"key": key, "name": name, "competencies": listed} for (key, name), listed in categories.items()
        ],
    }


def digest_of(content):
    """The name of the edition with this content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


class BuiltIn(models.Model):
    """A row of the fixtures that this installation has had: it is never loaded a second time.

    ``key`` tells it from the others of its ``model``, whatever has become of it.
    """

    model = models.CharField("Art", max_length=50)
    key = models.CharField("Schlüssel", max_length=120)

    class Meta:
        verbose_name = "mitgelieferter Eintrag"
        verbose_name_plural = "mitgelieferte Einträge"
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="a_built_in_row_is_loaded_once")]

    def __str__(self):
        return f"{self.model} {self.key}"


class EditionManager(models.Manager):
    def current(self):
        """The edition with today's texts, written down now if nobody has needed it before; four queries."""
        content = todays_content()
        return self.get_or_create(digest=digest_of(content), defaults={"content": content})[0]


class Edition(models.Model):
    """The catalogue's texts and scale as they were on one day, so that a round keeps what it began with.

    Named by the digest of its content: the same texts are the same edition, and it never changes.
    """

    digest = models.CharField("Prüfsumme", max_length=32, primary_key=True)
    content = models.JSONField("Inhalt")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = EditionManager()

    class Meta:
        verbose_name = "Fassung des Katalogs"
        verbose_name_plural = "Fassungen des Katalogs"

    def __str__(self):
        return self.digest


_read, _today = {}, {}


def catalogue_of(digest):
    """The catalogue as frozen in the edition ``digest``; read once per process, for it never changes.

    Raises Edition.DoesNotExist for an unknown digest.
    """
    if digest not in _read:
        _read[digest] = Catalogue.from_json(Edition.objects.get(pk=digest).content)
    return _read[digest]


def current_catalogue():
    """The catalogue with today's texts, for pages about nobody's round: it is read, and nothing is written; three queries."""
    content = todays_content()
    digest = digest_of(content)
    if digest not in _today:
        _today.clear()
        _today[digest] = Catalogue.from_json(content)
    return _today[digest]
