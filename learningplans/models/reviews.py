"""Looking back on a Lernplan: reviews, what they change and what follows (paper 4.3.3)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kompetenz.catalogue.models import Competency, Level
from kompetenz.people.models import Person

from .plans import Goal, LearningPlan


class Review(models.Model):
    """A talk about the plan whose date is fixed beforehand (paper 4.3.3); the final one completes the plan."""

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="reviews")
    planned_on = models.DateField("Termin")
    is_final = models.BooleanField("Abschlussgespräch", default=False)
    held_on = models.DateField("geführt am", null=True, blank=True)
    notes = models.TextField("Ergebnis", max_length=2000, blank=True)

    class Meta:
        verbose_name = "Review-Gespräch"
        verbose_name_plural = "Review-Gespräche"
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(is_final=True), name="one_final_review_per_plan")
        ]

    def __str__(self):
        return f"Review-Gespräch am {self.planned_on:%d.%m.%Y}"

    @property
    def is_overdue(self):
        return self.held_on is None and self.planned_on < timezone.localdate()


class Preparation(models.Model):
    """What one side thinks before a review, with its levels in GoalReview; its own until it is released.

    Neither side sees the other's before both have released, or the review is held.
    """

    class Side(models.TextChoices):
        PERSON = "person", "Person"
        MANAGER = "manager", "Führungskraft"

    review = models.ForeignKey(Review, models.CASCADE, related_name="preparations")
    side = models.CharField("Seite", max_length=7, choices=Side.choices)
    helped = models.TextField("Was hat geholfen?", max_length=1000, blank=True)
    hindered = models.TextField("Was hat gefehlt?", max_length=1000, blank=True)
    wishes = models.TextField("Was soll sich ändern?", max_length=1000, blank=True)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True)

    class Meta:
        verbose_name = "Vorbereitung"
        verbose_name_plural = "Vorbereitungen"
        constraints = [models.UniqueConstraint(fields=["review", "side"], name="one_preparation_per_side")]

    def __str__(self):
        return f"{self.get_side_display()}: {self.review}"


class GoalReview(models.Model):
    """Where one goal stands at a review: each side's level, the one agreed (0-3 or None), and what helped."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="goal_reviews")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_reviews")
    self_level = models.PositiveSmallIntegerField("Selbst", choices=Level.choices, null=True, blank=True)
    manager_level = models.PositiveSmallIntegerField("Fremd", choices=Level.choices, null=True, blank=True)
    agreed_level = models.PositiveSmallIntegerField("vereinbartes Ist", choices=Level.choices, null=True, blank=True)
    helped = models.TextField("Was hat geholfen?", max_length=500, blank=True)

    class Meta:
        verbose_name = "Stand eines Ziels"
        verbose_name_plural = "Stände der Ziele"
        ordering = ["goal__priority", "goal"]
        constraints = [models.UniqueConstraint(fields=["review", "goal"], name="one_standing_per_goal_and_review")]

    def __str__(self):
        return f"{self.goal_id}: {self.agreed_level}"


class PlanChange(models.Model):
    """One thing changed in an agreed plan: what it was, what it is now, when, by whom and why. Never changed itself."""

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="changes")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="changes")
    changed_on = models.DateField("geändert am", default=timezone.localdate)
    changed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField("was", max_length=250)
    before = models.CharField("vorher", max_length=250, blank=True)
    after = models.CharField("nachher", max_length=250, blank=True)
    reason = models.CharField("Grund", max_length=500)

    class Meta:
        verbose_name = "Änderung am Lernplan"
        verbose_name_plural = "Änderungen am Lernplan"
        ordering = ["changed_on", "pk"]

    def __str__(self):
        return f"{self.subject}: {self.before} → {self.after}"


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


class FollowUp(models.Model):
    """How one competency goes on after the plan: the draft of the next Lernplan, made in the final review."""

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
