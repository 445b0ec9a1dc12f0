"""Colleagues: who was asked, and what they say as a count that leads to nobody."""

from django.db import models
from django.db.models import Q

from kompetenz.catalogue.models import Competency, on_any_scale
from kompetenz.people.models import Person

from .participations import Participation


class PeerNomination(models.Model):
    """A colleague whom the person has asked for their view; known to these two and to nobody else.

    Says only whether they have answered: neither when, nor what.
    """

    MOST = 8  # colleagues a person may ask

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="peer_nominations")
    peer = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Kollegin oder Kollege")
    answered = models.BooleanField("hat geantwortet", default=False)
    declined = models.BooleanField("möchte nicht", default=False)

    class Meta:
        verbose_name = "Bitte um eine Einschätzung"
        verbose_name_plural = "Bitten um eine Einschätzung"
        constraints = [
            models.UniqueConstraint(fields=["participation", "peer"], name="one_nomination_per_colleague"),
            models.CheckConstraint(condition=~Q(answered=True, declined=True), name="no_answer_from_who_declined"),
        ]

    def __str__(self):
        return str(self.peer)


class PeerTally(models.Model):
    """How many colleagues have given one competency one level; nothing leads from here to who did.

    "Kann ich nicht beurteilen" is not counted at all.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="peer_tallies")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("Stufe")
    count = models.PositiveSmallIntegerField("Anzahl", default=0)

    class Meta:
        verbose_name = "Auszählung aus dem Kollegium"
        verbose_name_plural = "Auszählungen aus dem Kollegium"
        constraints = [
            models.UniqueConstraint(fields=["participation", "competency", "level"], name="one_tally_per_level"),
            models.CheckConstraint(condition=on_any_scale("level"), name="tally_level_on_any_scale"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.count} mal {self.level}"
