"""The tree of the administration."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from kompetenz import text

CIRCLE_OF_UNITS = "Das ergäbe einen Kreis: Diese Einheit ist der bearbeiteten selbst untergeordnet."


class UnitQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Units that ``user`` may create and change: all, for HR alone."""
        return self if user.is_hr else self.none()

    def named(self, typed):
        """The unit that is called so: its number, its name or both; None if it is none, or several bear that name."""
        both = Concat("number", Value(" "), "name")
        found = list(self.alias(both=both).filter(Q(number=typed) | Q(both=typed) | Q(name__iexact=typed)))
        exact = [unit for unit in found if typed in {unit.number, str(unit)}]
        return next(iter(exact or found)) if len(exact or found) == 1 else None

    def search(self, typed):
        """Units in whose number or name every one of these words stands, in small letters or capitals."""
        found = self
        for word in text.words(typed):
            # SQLite knows capitals of A to Z only: an umlaut is looked for as it is written, small and capital.
            spelled = {word, word.lower(), word.upper(), word.capitalize()}
            found = found.filter(
                reduce(or_, (Q(name__icontains=one) | Q(number__icontains=one) for one in sorted(spelled)))
            )
        return found

    def meant(self, typed):
        """The unit that is called so, or all in which that stands, and everything beneath."""
        one = self.named(typed)
        return self.below([one] if one else self.search(typed))

    def below(self, units):
        """``units`` and everything beneath them in the tree."""
        roots = [unit.pk for unit in units]
        if not roots:
            return self.none()
        return self.filter(pk__in=RawSQL(BENEATH.format(", ".join(["%s"] * len(roots))), roots))  # noqa: S611 - numbers only

    def above(self, units):
        """The units of these ids and everything above them in the tree."""
        ids = list(units)
        if not ids:
            return self.none()
        return self.filter(pk__in=RawSQL(ABOVE.format(", ".join(["%s"] * len(ids))), ids))  # noqa: S611 - numbers only


BENEATH = (
    "WITH RECURSIVE beneath(id) AS (SELECT id FROM people_unit WHERE id IN ({}) UNION "
    "SELECT unit.id FROM people_unit unit JOIN beneath ON unit.parent_id = beneath.id) SELECT id FROM beneath"
)

ABOVE = (
    "WITH RECURSIVE above(id, parent) AS (SELECT id, parent_id FROM people_unit WHERE id IN ({}) UNION "
    "SELECT unit.id, unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.parent) SELECT id FROM above"
)


class Unit(models.Model):
    """A part of the administration (Organisationseinheit); units form a tree."""

    number = models.CharField("Nummer", max_length=20, unique=True)
    name = models.CharField("Bezeichnung", max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="übergeordnete Einheit", related_name="children"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "Organisationseinheit"
        verbose_name_plural = "Organisationseinheiten"
        ordering = ["number"]

    def __str__(self):
        return f"{self.number} {self.name}"

    def clean(self):
        """Refuse what nobody could read or find, and a place beneath itself, whoever enters it."""
        super().clean()
        self.number, self.name = text.number(self.number or ""), text.line(self.name or "").strip()
        problems = {
            "number": text.objection_to_number(self.number) or self.look_alike(),
            "name": text.objection_to_name(self.name) if self.name else "",
            "parent": CIRCLE_OF_UNITS if self.is_above(self.parent) else "",
        }
        if problems := {field: problem for field, problem in problems.items() if problem}:
            raise ValidationError(problems)

    def look_alike(self):
        """Whose number differs from this one in zeros, case or blanks only, in a sentence; "" if none's, or it is an old one."""
        if Unit.objects.filter(pk=self.pk, number=self.number).exists():
            return ""
        for other in Unit.objects.exclude(pk=self.pk).exclude(number=self.number):
            if text.likeness(other.number) == text.likeness(self.number):
                return f"{self.number} ist nur anders geschrieben als {other.number} ({other.name})."
        return ""

    def is_above(self, unit):
        """Whether ``unit`` is this one or stands beneath it."""
        return bool(self.pk and unit) and Unit.objects.below([self]).filter(pk=unit.pk).exists()
