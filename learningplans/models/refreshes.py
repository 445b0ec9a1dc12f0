"""When competencies have to be refreshed, as far as HR may know (paper 4.3.3)."""

from django.db import models

from kompetenz.catalogue.models import Competency
from kompetenz.people.models import Person


class RefreshDateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For HR alone; what is due for themselves people read in Meine Aufgaben, managers in their team's needs."""
        return self if user.is_hr else self.none()

    def about(self, competency):
        return self.filter(competency=competency)

    def due_by(self, day):
        return self.filter(due_on__lte=day)

    def in_units(self, units):
        return self.filter(person__in=Person.objects.filter(unit__in=units).order_by().values("pk"))

    def of_people_called(self, name):
        return self.filter(person__in=Person.objects.called(name).order_by().values("pk"))

    def without_unit(self):
        return self.filter(person__in=Person.objects.filter(unit=None).order_by().values("pk"))


class RefreshDate(models.Model):
    """The day from which somebody who works here has to refresh one competency; written by training/refreshing.py alone.

    On ``last_on`` a level above the lowest ``was_agreed`` in a round that shows HR levels. Where no such round is known it is the last
    day of a measure that was carried out and whose offer names the competency: what HR reads anyway. Which level it is, is not kept.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    competency = models.ForeignKey(Competency, models.CASCADE, related_name="+")
    was_agreed = models.BooleanField("im Gespräch oder Review vereinbart")
    last_on = models.DateField("zuletzt am")
    due_on = models.DateField("fällig ab")

    objects = RefreshDateQuerySet.as_manager()

    class Meta:
        verbose_name = "fällige Auffrischung"
        verbose_name_plural = "fällige Auffrischungen"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "competency"], name="one_refresh_date_per_person_and_competency"),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="refreshes_by_day"),
            models.Index(fields=["competency", "due_on", "id"], name="refreshes_of_a_competency"),
        ]

    def __str__(self):
        return f"{self.competency_id} ab {self.due_on:%d.%m.%Y}"
