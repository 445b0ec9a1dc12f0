"""Another manager in a running round."""

from django.db import models
from django.utils import timezone

from kompetenz.people.models import Person

from .participations import Participation


class HandOverQuerySet(models.QuerySet):
    def of_person(self, person):
        """Those of this person's own participations, the latest first."""
        return self.filter(participation__person=person).select_related("participation__round", "by")


class HandOver(models.Model):
    """A participation passed on to another manager in a running round; shown to the person.

    ``talk_held_on`` is the day of the talk as the former one had noted it: whoever takes over may write down another, but
    not in their name.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="hand_overs")
    from_person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    to_person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    from_name = models.CharField("bisherige Führungskraft", max_length=170)
    to_name = models.CharField("neue Führungskraft", max_length=170)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)
    talk_held_on = models.DateField("Gespräch bis dahin geführt am", null=True, editable=False)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = "Übergabe"
        verbose_name_plural = "Übergaben"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.from_name} an {self.to_name}"
