"""Looking back on a Lernplan: reviews, what each side prepares, and where each goal stands (paper 4.3.3)."""

from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from assessments.models import managed, shared, signature, signer
from kompetenz.catalogue.models import none_or_on_any_scale
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person

from .plans import Goal, LearningPlan
from .records import RecordOfTwo, RecordOfTwoQuerySet, Side, in_iso


class ReviewQuerySet(RecordOfTwoQuerySet):
    def to_hold(self):
        """Those not held yet."""
        return self.filter(held_on=None)

    def of_side_or_to_hold(self, side):
        """Those that this side has written down, and those of which nobody has written anything."""
        return self.filter(Q(written_side=side) | Q(held_on=None))

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


class Review(RecordOfTwo):
    """A talk about the plan whose date is fixed beforehand (paper 4.3.3), and the record of it once it was held.

    What the record says counts as agreed from the other side's Kenntnisnahme on. The final review completes the plan: with
    the other side's answer, or when they stay silent.
    """

    class TasksChanged(models.TextChoices):
        NO = "no", "nein"
        YES = "yes", "ja"

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="reviews")
    planned_on = models.DateField("Termin")
    starts_at = models.TimeField("Uhrzeit", null=True, blank=True)
    place = models.CharField("Ort", max_length=120, blank=True)
    is_final = models.BooleanField("Abschlussgespräch", default=False)
    held_on = models.DateField("geführt am", null=True, blank=True)
    notes = models.TextField("Ergebnis", max_length=2000, blank=True)
    tasks_changed = models.CharField(
        "Haben sich die Aufgaben der Rolle geändert?", max_length=3, choices=TasksChanged.choices, blank=True
    )
    changed_tasks = models.TextField("Was ist anders?", max_length=1000, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "Review-Gespräch"
        verbose_name_plural = "Review-Gespräche"
        ordering = ["planned_on", "pk"]
        constraints = [
            *RecordOfTwo.Meta.constraints,
            models.UniqueConstraint(fields=["plan"], condition=Q(is_final=True), name="one_final_review_per_plan"),
        ]
        indexes = [
            models.Index(fields=["planned_on", "plan"], condition=Q(held_on=None), name="reviews_to_hold_by_day")
        ]

    def __str__(self):
        return f"Review-Gespräch am {self.planned_on:%d.%m.%Y}"

    @property
    def said(self):
        """As of every record, and the changes that stand in it; one query."""
        changes = self.changes.order_by("pk").values_list("pk", "written_at", "withdrawn_at")
        return [*super().said, [(pk, *map(in_iso, moments)) for pk, *moments in changes]]

    @property
    def is_overdue(self):
        return self.held_on is None and self.planned_on < timezone.localdate()

    @property
    def start(self):
        """The moment at which it begins, if a time of day is fixed; on a night that skips it, the hour after."""
        naive = self.starts_at and datetime.combine(self.planned_on, self.starts_at)
        return timezone.make_aware(naive) if naive else None

    @property
    def kind_name(self):
        return "Abschlussgespräch" if self.is_final else "Review-Gespräch"

    def out_of_order(self, others):
        """Why it cannot be on its day among the plan's ``others``, in words; empty where it can: the final one is the last."""
        if self.is_final and any(other.planned_on > self.planned_on for other in others):
            return "Das Abschlussgespräch ist das letzte: Ein anderes Gespräch liegt danach."
        if any(other.is_final and other.planned_on < self.planned_on for other in others):
            return "Dieser Tag liegt nach dem Abschlussgespräch."
        return ""

    def why_not_held_on(self, day):
        """Why it cannot have been held on this day, in words; empty if it can. The final one is never held before its date."""
        if day > timezone.localdate():
            return "Dieser Tag liegt in der Zukunft. Festgehalten wird nach dem Gespräch."
        if self.plan.agreed_on and day < self.plan.agreed_on:
            return f"Der Lernplan ist erst seit dem {self.plan.agreed_on:%d.%m.%Y} vereinbart."
        if self.is_final and day < self.planned_on:
            return (
                f"Das Abschlussgespräch ist für den {self.planned_on:%d.%m.%Y} vereinbart. Soll es früher sein, verschieben "
                "Sie zuerst den Termin; das gilt, sobald es zur Kenntnis genommen ist."
            )
        return ""

    @property
    def answer_by(self):
        """As of every record; silence about the final one ends nothing before its date."""
        last = super().answer_by
        return max(last, self.planned_on) if last and self.is_final else last

    @property
    def is_sent_back_often_enough(self):
        """As of every record; never of the final one before its date, for that cannot be declined yet."""
        return super().is_sent_back_often_enough and not (self.is_final and timezone.localdate() < self.planned_on)

    @property
    def is_agreed(self):
        """Whether its levels count: the other side has taken note, or it was held before records were answered."""
        return self.held_on is not None and (self.is_noted or self.written_at is None)

    @property
    def stays_open(self):
        """Whether nobody can answer it any more: the plan was completed before anybody had."""
        return self.waits and self.plan.completed_on is not None

    @property
    def answer_in_words(self):
        """As of every record; of one that still waited when the plan was completed, that it does so no more."""
        if not self.stays_open:
            return super().answer_in_words
        sent_back = f"{super().answer_in_words}, " if self.sent_back_at else ""
        return f"{sent_back}bis zum Abschluss des Lernplans nicht beantwortet"

    @property
    def not_agreed(self):
        """By whom it was recorded and what has been answered, in words, where it does not count as agreed; else empty."""
        if self.is_agreed:
            return ""
        silent = self.is_silent or self.stays_open
        answer = "abgelehnt" if self.is_declined else "keine Antwort" if silent else "noch nicht beantwortet"
        return f"festgehalten von {self.writer}, {answer}"

    @property
    def signs_for_the_manager(self):
        """(name, capacity) of whose signature belongs on its paper beside the person's: who has written or answered it there.

        None where nobody has.
        """
        mine = self.written_side == Side.MANAGER
        by, stood_in = (self.written_by, self.written_for) if mine else (self.answered_by, self.answered_for)
        acted = self.written_side and (mine or self.is_noted or self.is_declined)
        return signer(self.plan.participation, by, stood_in, self.plan.completed_on) if acted else None

    @property
    def levels_are(self):
        """What its levels are to be called, so that nobody is said to have agreed who has not."""
        if self.is_agreed:
            return "Vereinbart"
        return f"Festgehalten von {self.writer}"


PARTICIPATION = "review__plan__participation__"  # from a preparation


def prepared_by(user):
    """The condition on preparations that are ``user``'s to write, see of_side."""
    own = Q(**{f"{PARTICIPATION}person": user.pk}, side=Side.PERSON)
    return own | Q(managed(user, at=PARTICIPATION), side=Side.MANAGER)


def lies_open():
    """The condition on preparations that both sides read, see disclosed."""
    other = Preparation.objects.filter(review=OuterRef("review"), released_at__isnull=False)
    is_answered = Q(review__held_on__isnull=False) & (~Q(review__answer="") | Q(review__written_at=None))
    return Q(is_answered | Q(Exists(other.exclude(pk=OuterRef("pk")))), released_at__isnull=False)


class PreparationQuerySet(models.QuerySet):
    def of_side(self, user):
        """What ``user`` prepares: as the person, or as their manager or who deputises for them."""
        return self.filter(prepared_by(user))

    def released(self):
        return self.filter(released_at__isnull=False)

    def unreleased(self):
        """Drafts, with anything in them or not."""
        return self.filter(released_at=None)

    def with_authors(self):
        return self.select_related("released_by", "released_for", "review__plan__participation__round")

    def disclosed(self):
        """Released ones that lie open: the other side has released, too, or the record of the review is answered.

        One side alone records a review, and opens nothing of the other's with it.
        """
        return self.filter(lies_open())

    def visible_to(self, user):
        """Preparations ``user`` may read: their own side's, and the other's once disclosed."""
        return self.filter(prepared_by(user) | lies_open() & shared(user, at=PARTICIPATION))


class Preparation(models.Model):
    """What one side thinks before a review, with its levels in GoalReview; its own until it is released.

    Neither side sees the other's before both have released, or the record of the review is answered; one that was
    never released stays its own. It is the word of who has released it, a deputy with the manager they stood in for, also
    after a hand-over; older rows do not know who that was.
    """

    Side = Side

    review = models.ForeignKey(Review, models.CASCADE, related_name="preparations")
    side = models.CharField("Seite", max_length=7, choices=Side.choices)
    helped = models.TextField("Was hat geholfen?", max_length=1000, blank=True)
    hindered = models.TextField("Was hat gefehlt?", max_length=1000, blank=True)
    wishes = models.TextField("Was soll sich ändern?", max_length=1000, blank=True)
    changed_tasks = models.TextField("Haben sich die Aufgaben der Rolle geändert?", max_length=1000, blank=True)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True)
    released_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    released_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = "Vorbereitung"
        verbose_name_plural = "Vorbereitungen"
        constraints = [models.UniqueConstraint(fields=["review", "side"], name="one_preparation_per_side")]

    def __str__(self):
        return f"{self.get_side_display()}: {self.review}"

    @property
    def author(self):
        """Whose word it is, by name."""
        participation = self.review.plan.participation
        if self.released_by is None:
            known, _ = signer(participation, None, self.released_for)
            return participation.person_name if self.side == Side.PERSON else known or Side.MANAGER.label
        until = self.review.plan.completed_on
        return signature(participation, self.released_by, self.released_for, self.side, until)

    @property
    def release_stamp(self):
        """What a page sends back when a release is taken back: another one after each release."""
        return stamp(self.released_at and self.released_at.isoformat())

    @property
    def is_of_former_manager(self):
        whose = self.released_for_id or self.released_by_id
        return self.side == Side.MANAGER and whose not in (None, self.review.plan.participation.manager_id)

    @property
    def answers(self):
        """Each question that was answered, with the answer."""
        asked = ["helped", "hindered", "wishes", "changed_tasks"]
        questions = [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in asked]
        return [(question, text) for question, text in questions if text]

    @property
    def has_words(self):
        return bool(self.helped or self.hindered or self.wishes or self.changed_tasks)


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

    def agreed(self):
        """Levels of held reviews whose record the other side has taken note of, or that is older than such answers."""
        answered = Q(review__answer=RecordOfTwo.Answer.NOTED) | Q(review__written_at=None)
        return self.filter(answered, review__held_on__isnull=False, agreed_level__isnull=False)

    def latest_levels(self, reviews):
        """The level last agreed in these reviews as ``{goal id: level}``; goals never talked about are missing."""
        return dict(self.levels_in_order(reviews))

    def levels_in_order(self, reviews):
        """The levels agreed in these reviews as (goal id, level), the latest last."""
        agreed = self.agreed().filter(review__in=reviews)
        in_order = agreed.order_by("review__held_on", "review__planned_on", "review")
        return in_order.values_list("goal", "agreed_level")


OF_A_SIDE = {Side.PERSON: "self_level", Side.MANAGER: "manager_level"}  # which of its levels in a GoalReview


class GoalReview(models.Model):
    """Where one goal stands at a review: each side's level, the one of the record (None where none was), and what helped.

    ``to_level`` is the level the goal led to when the record was written, for the goal may change afterwards.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="goal_reviews")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_reviews")
    self_level = models.PositiveSmallIntegerField("Selbst", null=True, blank=True)
    manager_level = models.PositiveSmallIntegerField("Fremd", null=True, blank=True)
    agreed_level = models.PositiveSmallIntegerField("vereinbartes Ist", null=True, blank=True)
    helped = models.TextField("Was hat geholfen?", max_length=500, blank=True)
    to_level = models.PositiveSmallIntegerField("Zielstufe damals", null=True)

    objects = GoalReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "Stand eines Ziels"
        verbose_name_plural = "Stände der Ziele"
        ordering = ["goal__priority", "goal"]
        constraints = [
            models.UniqueConstraint(fields=["review", "goal"], name="one_standing_per_goal_and_review"),
            models.CheckConstraint(
                condition=none_or_on_any_scale("self_level", "manager_level", "agreed_level", "to_level"),
                name="levels_of_a_standing_on_any_scale",
            ),
        ]

    def __str__(self):
        return f"{self.goal_id}: {self.agreed_level}"
