"""What can be assessed: categories, competencies and how each level shows (paper, chapter 2 and 4.3.1)."""

import hashlib
import json

from django.db import models

from .frozen import Catalogue


class Level(models.IntegerChoices):
    """The scale of the paper (4.3.1) with "keine" below it; nothing in between, nothing above."""

    NONE = 0, "keine"
    KENNER = 1, "Kenner"
    KOENNER = 2, "Könner"
    EXPERTE = 3, "Experte"


class KeyManager(models.Manager):
    """Finds a row by its ``key``, so that fixtures can be loaded again and again."""

    def get_by_natural_key(self, key):
        return self.get(key=key)


class Category(models.Model):
    """One of the coloured blocks of the Kompetenzrad; the order is the wheel's, clockwise from the top."""

    key = models.SlugField("Schlüssel", unique=True)
    name = models.CharField("Name", max_length=80)
    order = models.PositiveSmallIntegerField("Reihenfolge", unique=True)

    objects = KeyManager()

    class Meta:
        verbose_name = "Kategorie"
        verbose_name_plural = "Kategorien"
        ordering = ["order"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)


class Competency(models.Model):
    """Something a person can do for the digital transformation (paper, chapter 2).

    Its ``order`` is its number on the wheel. A competency that has been assessed is never deleted.
    After ``refresh_months`` without being confirmed it is due for refreshing (4.3.3); None is never.
    """

    key = models.SlugField("Schlüssel", unique=True)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="Kategorie", related_name="competencies")
    order = models.PositiveSmallIntegerField("Nummer im Rad", unique=True)
    name = models.CharField("Name", max_length=80)
    wheel_label = models.CharField("Beschriftung im Rad", max_length=26)
    description = models.CharField("Beschreibung", max_length=250)
    section = models.CharField("Abschnitt im Konzeptpapier", max_length=10, blank=True)
    refresh_months = models.PositiveSmallIntegerField("auffrischen nach Monaten", null=True, blank=True)

    objects = KeyManager()

    class Meta:
        verbose_name = "Kompetenz"
        verbose_name_plural = "Kompetenzen"
        ordering = ["order"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)

    natural_key.dependencies = ["catalogue.category"]


class LevelAnchorManager(models.Manager):
    def get_by_natural_key(self, competency_key, level):
        return self.get(competency__key=competency_key, level=level)


class LevelAnchor(models.Model):
    """How a level of one competency shows at work: one observable sentence (Verhaltensanker)."""

    competency = models.ForeignKey(Competency, models.CASCADE, verbose_name="Kompetenz", related_name="anchors")
    level = models.PositiveSmallIntegerField("Stufe", choices=[choice for choice in Level.choices if choice[0]])
    text = models.CharField("Text", max_length=200)

    objects = LevelAnchorManager()

    class Meta:
        verbose_name = "Verhaltensanker"
        verbose_name_plural = "Verhaltensanker"
        ordering = ["competency", "level"]
        constraints = [
            models.UniqueConstraint(fields=["competency", "level"], name="one_anchor_per_competency_and_level"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="anchor_level_1_to_3"),
        ]

    def __str__(self):
        return self.text

    def natural_key(self):
        return (self.competency.key, self.level)

    natural_key.dependencies = ["catalogue.competency"]


class EditionManager(models.Manager):
    def current(self):
        """The edition with today's texts; it is written down the first time somebody needs it.

        Every competency has three anchors there, by level; a missing one is empty.
        """
        competencies = Competency.objects.select_related("category").prefetch_related("anchors")
        categories = {competency.category: [] for competency in competencies}
        for competency in competencies:
            texts = {anchor.level: anchor.text for anchor in competency.anchors.all()}
            categories[competency.category].append(
                {
                    "id": competency.pk,
                    "key": competency.key,
                    "number": competency.order,
                    "name": competency.name,
                    "label": competency.wheel_label,
                    "description": competency.description,
                    "anchors": [texts.get(level, "") for level in (1, 2, 3)],
                }
            )
        content = [
            {"key": category.key, "name": category.name, "competencies": listed}
            for category, listed in categories.items()
        ]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
        return self.get_or_create(digest=digest, defaults={"content": content})[0]


class Edition(models.Model):
    """The catalogue's texts as they were on one day, so that a round keeps the words it began with.

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


_read = {}


def catalogue_of(digest):
    """The catalogue as frozen in the edition ``digest``; read once per process, for it never changes.

    Raises Edition.DoesNotExist for an unknown digest.
    """
    if digest not in _read:
        _read[digest] = Catalogue.from_json(Edition.objects.get(pk=digest).content)
    return _read[digest]
