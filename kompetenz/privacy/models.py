"""What this leaves behind of its own work: that something is going to be erased, and was. Numbers and days, and nobody's name."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone

from kompetenz.people.models import Person

from .rules import RULES


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """HR and auditors read beforehand what is going to be erased: how many of what kind."""
        return self if user.is_hr or user.is_auditor else self.none()

    def pending(self):
        """Those of which something is still to be erased."""
        return self.filter(settled_on=None)

    def due(self, day):
        """Those whose day has come."""
        return self.pending().filter(due_on__lte=day)


class Notice(models.Model):
    """That so many records of each kind are going to be erased: told to HR and auditors on one day, carried out from another on.

    Nothing of the kinds that are announced is erased before its notice is due. ``counts`` says how many of which rule
    (rules.py), ``items`` which rows, by their ids; they are forgotten once the notice is ``settled_on`` a day: all of it is
    erased, or its time has not come after all.
    """

    told_on = models.DateField("angekündigt am", default=timezone.localdate)
    due_on = models.DateField("frühestens am")
    counts = models.JSONField("wie viele", default=dict)
    items = models.JSONField("welche", default=dict)
    settled_on = models.DateField("erledigt am", null=True)

    EVERY = timedelta(days=7)  # between two notices: it names what has its last day until then
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "Ankündigung"
        verbose_name_plural = "Ankündigungen"
        ordering = ["-told_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(due_on__gt=models.F("told_on")), name="a_notice_comes_beforehand")
        ]

    def __str__(self):
        return f"zum {self.due_on:%d.%m.%Y}"

    @property
    def lines(self):
        """(kind, how many) in the order of the rules."""
        return [(rule.name, self.counts[key]) for key, rule in RULES.items() if self.counts.get(key)]

    @property
    def is_overdue(self):
        """Whether all of it should be erased by now, and something is not."""
        return self.settled_on is None and self.due_on + self.EVERY < timezone.localdate()


class CarriedOutQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_hr or user.is_auditor else self.none()

    def note(self, rule, number):
        """Add to what was erased of this rule today; in the transaction in which it is."""
        of_today = {"on": timezone.localdate(), "rule": rule}
        if number and not self.filter(**of_today).update(number=models.F("number") + number):
            self.create(number=number, **of_today)


class CarriedOut(models.Model):
    """That on a day so many records were erased because the time of their rule had come."""

    on = models.DateField("am", default=timezone.localdate)
    rule = models.CharField("Regel", max_length=20)
    number = models.PositiveIntegerField("wie viele")

    objects = CarriedOutQuerySet.as_manager()

    class Meta:
        verbose_name = "ausgeführte Löschung"
        verbose_name_plural = "ausgeführte Löschungen"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.number} am {self.on:%d.%m.%Y}: {self.name}"

    @property
    def name(self):
        rule = RULES.get(self.rule)
        return rule.name if rule else self.rule


class ErasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_hr or user.is_auditor else self.none()


class Erasure(models.Model):
    """That somebody was erased on request, on a day, and nothing of whom: the protocol, and what a restored backup is asked for.

    ``marks`` are keyed digests: the first of the row that the person had, the others of their numbers and address (erasure/listing.py).
    With them somebody who is there again can be recognised, and nobody can be read out of them. ``signature`` is the digest of all of it.
    Who of HR has asked for it is in ``by``.
    """

    key = models.UUIDField("Nummer", default=uuid4, unique=True, editable=False)
    erased_on = models.DateField("gelöscht am", default=timezone.localdate)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="veranlasst von")
    marks = models.JSONField("Prüfsummen", default=list)
    signature = models.CharField("Unterschrift", max_length=64)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = "Löschung einer Person"
        verbose_name_plural = "Löschungen von Personen"
        ordering = ["-erased_on", "-pk"]

    def __str__(self):
        return f"{self.key} am {self.erased_on:%d.%m.%Y}"
