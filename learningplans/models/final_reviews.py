"""What the final review asks beside the goals: whether the plan was SMART, and how each competency goes on (paper 4.3.3)."""

from django.db import models

from kompetenz.catalogue.models import Competency

from .plans import LearningPlan
from .reviews import Review


class FinalCheck(models.Model):
    """Whether the plan was SMART in practice, letter by letter, and a note for the next round (paper 4.3.3)."""

    class Answer(models.TextChoices):
        YES = "yes", "ja"
        PARTLY = "partly", "zum Teil"
        NO = "no", "nein"

    review = models.OneToOneField(Review, models.CASCADE, related_name="final_check")
    specific = models.CharField("S – spezifisch", max_length=6, choices=Answer.choices)
    measurable = models.CharField("M – messbar", max_length=6, choices=Answer.choices)
    ambitious = models.CharField("A – anspruchsvoll", max_length=6, choices=Answer.choices)
    realistic = models.CharField("R – realistisch", max_length=6, choices=Answer.choices)
    timed = models.CharField("T – terminiert", max_length=6, choices=Answer.choices)
    remark = models.TextField("Anmerkung", max_length=1000, blank=True)
    note_for_next = models.TextField("Für die nächste Runde", max_length=1000, blank=True)

    class Meta:
        verbose_name = "Rückblick auf SMART"
        verbose_name_plural = "Rückblicke auf SMART"

    def __str__(self):
        return f"SMART im Rückblick: {self.review}"

    @property
    def letters(self):
        """The five letters with what was answered, in words."""
        fields = ["specific", "measurable", "ambitious", "realistic", "timed"]
        return [
            (self._meta.get_field(name).verbose_name, self._get_FIELD_display(self._meta.get_field(name)))
            for name in fields
        ]


class FollowUp(models.Model):
    """How one competency goes on after the plan, as recorded in the final review.

    The draft of the next Lernplan begins with it if the other side has taken note of that record; else it is offered there.
    """

    class Kind(models.TextChoices):
        DEEPEN = "deepen", "am Arbeitsplatz vertiefen"
        THEORY = "theory", "mehr Theorie"
        RESPONSIBILITY = "responsibility", "mehr Eigenverantwortung"
        REFRESH = "refresh", "auffrischen"

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="follow_ups")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    kind = models.CharField("Wie es weitergeht", max_length=14, choices=Kind.choices)
    text = models.CharField("Vorschlag", max_length=300, blank=True)

    class Meta:
        verbose_name = "Fortsetzung"
        verbose_name_plural = "Fortsetzungen"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "competency"], name="one_follow_up_per_competency")]

    def __str__(self):
        return f"{self.competency}: {self.get_kind_display()}"
