"""The Bestandsaufnahme with which a person prepares (paper 4.3.1)."""

from django.db import models
from django.db.models import Q

from . import amounts
from .participations import Participation
from .reach import managed, opened


class StockTakingQuerySet(models.QuerySet):
    def readable_by(self, user):
        """The user's own, and what was shared with their manager, by those they lead; of earlier rounds if these are opened."""
        own = Q(participation__person=user.pk)
        theirs = managed(user, at="participation__") | opened(user, at="participation__")
        return self.filter(own | Q(theirs, shared_at__isnull=False))


class StockTaking(models.Model):
    """The person's answers to the five questions of the Bestandsaufnahme (paper 4.3.1); theirs alone until shared.

    ``hours_per_month`` (working hours) and ``budget`` (euros) are what they think possible; None is no answer.
    It changes while the round is open and is kept for later reviews.
    """

    QUESTIONS = ["tasks", "existing", "hidden", "to_build", "conditions"]

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="stock_taking")
    tasks = models.TextField("Aufgaben heute", max_length=2000, blank=True)
    existing = models.TextField("Was ich daraus schon kann", max_length=2000, blank=True)
    hidden = models.TextField("Was ich kann und kaum einsetze", max_length=2000, blank=True)
    to_build = models.TextField("Was ich ausbauen möchte", max_length=2000, blank=True)
    conditions = models.TextField("Was es dafür braucht", max_length=2000, blank=True)
    hours_per_month = amounts.hours("Zeit zum Lernen in Stunden je Monat", max_digits=5)
    budget = amounts.euros("Budget in Euro")
    shared_at = models.DateTimeField("geteilt am", null=True, editable=False)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = StockTakingQuerySet.as_manager()

    class Meta:
        verbose_name = "Bestandsaufnahme"
        verbose_name_plural = "Bestandsaufnahmen"

    def __str__(self):
        return f"Bestandsaufnahme von {self.participation.person_name}"
