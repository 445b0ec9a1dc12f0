"""Looking back on a Lernplan: reviews, what they change and what follows (paper 4.3.3)."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from assessments.models import Participation
from kompetenz.catalogue.models import Competency, Level
from kompetenz.people.models import Person

from .plans import Goal, LearningPlan


class ReviewQuerySet(models.QuerySet):
    def held(self):
        """Those that were held, in this order."""
        return self.filter(held_on__isnull=False).order_by("held_on", "planned_on", "pk")

    def with_preparations(self):
        """With ``person_is_ready`` and ``manager_is_ready``: whether the side has released its preparation."""
        released = Preparation.objects.filter(review=OuterRef("pk"), released_at__isnull=False)
        return self.annotate(
            person_is_ready=Exists(released.filter(side=Preparation.Side.PERSON)),
            manager_is_ready=Exists(released.filter(side=Preparation.Side.MANAGER)),
        )


class Review(models.Model):
    """A talk about the plan whose date is fixed beforehand (paper 4.3.3); the final one completes the plan."""

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="reviews")
    planned_on = models.DateField("Termin")
    is_final = models.BooleanField("Abschlussgespräch", default=False)
    held_on = models.DateField("geführt am", null=True, blank=True)
    notes = models.TextField("Ergebnis", max_length=2000, blank=True)

    objects = ReviewQuerySet.as_manager()

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

    @property
    def kind_name(self):
        return "Abschlussgespräch" if self.is_final else "Review-Gespräch"


class PreparationQuerySet(models.QuerySet):
    def of_side(self, user):
        """What ``user`` prepares: as the person, or as their manager or who deputises for them."""
        managed = Participation.objects.managed_by(user)
        return self.filter(
            Q(side=Preparation.Side.PERSON, review__plan__participation__person=user.pk)
            | Q(side=Preparation.Side.MANAGER, review__plan__participation__in=managed)
        )

    def disclosed(self):
        """Released ones that lie open: the other side has released, too, or the review is held."""
        other = Preparation.objects.filter(review=OuterRef("review"), released_at__isnull=False)
        return self.filter(
            Q(review__held_on__isnull=False) | Exists(other.exclude(pk=OuterRef("pk"))), released_at__isnull=False
        )

    def visible_to(self, user):
        """Preparations ``user`` may read: their own side's, and the other's once disclosed."""
        own, open_ = Preparation.objects.of_side(user), Preparation.objects.disclosed()
        return self.filter(
            Q(pk__in=own.values("pk"))
            | Q(pk__in=open_.values("pk"), review__plan__in=LearningPlan.objects.shared_with(user))
        )


class Preparation(models.Model):
    """What one side thinks before a review, with its levels in GoalReview; its own until it is released.

    Neither side sees the other's before both have released, or the review is held; one that was never released
    stays its own.
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

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = "Vorbereitung"
        verbose_name_plural = "Vorbereitungen"
        constraints = [models.UniqueConstraint(fields=["review", "side"], name="one_preparation_per_side")]

    def __str__(self):
        return f"{self.get_side_display()}: {self.review}"


class GoalReviewQuerySet(models.QuerySet):
    def with_levels_of(self, preparations):
        """With ``seen_self`` and ``seen_manager``: each side's level where its preparation is one of these, else None.

        What the row itself holds of both sides is not read.
        """

        def level(side, field):
            readable = preparations.filter(review=OuterRef("review"), side=side)
            return Case(When(Exists(readable), then=F(field)))

        sides = Preparation.Side
        return self.defer("self_level", "manager_level").annotate(
            seen_self=level(sides.PERSON, "self_level"), seen_manager=level(sides.MANAGER, "manager_level")
        )

    def latest_levels(self, reviews):
        """The level last agreed in these reviews as ``{goal id: 0-3}``; goals never talked about are missing."""
        agreed = self.filter(review__in=reviews, review__held_on__isnull=False, agreed_level__isnull=False)
        in_order = agreed.order_by("review__held_on", "review__planned_on", "review")
        return dict(in_order.values_list("goal", "agreed_level"))


class GoalReview(models.Model):
    """Where one goal stands at a review: each side's level, the one agreed (0-3 or None), and what helped."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="goal_reviews")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_reviews")
    self_level = models.PositiveSmallIntegerField("Selbst", choices=Level.choices, null=True, blank=True)
    manager_level = models.PositiveSmallIntegerField("Fremd", choices=Level.choices, null=True, blank=True)
    agreed_level = models.PositiveSmallIntegerField("vereinbartes Ist", choices=Level.choices, null=True, blank=True)
    helped = models.TextField("Was hat geholfen?", max_length=500, blank=True)

    objects = GoalReviewQuerySet.as_manager()

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

    @property
    def letters(self):
        """The five letters with what was answered, in words."""
        fields = ["specific", "measurable", "ambitious", "realistic", "timed"]
        return [
            (self._meta.get_field(name).verbose_name, self._get_FIELD_display(self._meta.get_field(name)))
            for name in fields
        ]


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
