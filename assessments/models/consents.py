"""The person lets a new manager read the rounds that ended with another one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kompetenz.people.models import Person, is_employed


class EarlierRoundsConsentQuerySet(models.QuerySet):
    def holding(self):
        """Those that are given, of people who work here and whose manager of today they name."""
        is_theirs = Q(person__manager=models.F("manager"))
        return self.filter(is_theirs, is_employed("person__"), is_employed("manager__"), agrees=True)

    def outlived(self):
        """Those, also where the answer was no, of which the manager is not the person's any more, or one of the two has left."""
        is_theirs = Q(person__manager=models.F("manager"))
        return self.exclude(is_theirs & is_employed("person__") & is_employed("manager__"))


class EarlierRoundsConsent(models.Model):
    """What a person has answered to whether ``manager`` may read their rounds that ended with another manager.

    Also a no is kept, so that nobody is asked twice. Either holds as long as ``manager`` is the person's and both work here,
    and is then deleted: at once by whoever writes that, or the night after a last day.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    manager = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Führungskraft")
    agrees = models.BooleanField("zugestimmt")
    answered_on = models.DateField("beantwortet am", default=timezone.localdate)

    objects = EarlierRoundsConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "Zustimmung zu früheren Runden"
        verbose_name_plural = "Zustimmungen zu früheren Runden"
        constraints = [
            models.UniqueConstraint(fields=["person", "manager"], name="one_consent_per_person_and_manager"),
        ]

    def __str__(self):
        return f"{self.person} und {self.manager}"
