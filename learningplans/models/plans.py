"""From the gaps to the Lernplan and its goals (paper 4.3.1); what is done for them stands in measures.py."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, amounts, goes_on, opened, shared, signature, signer
from kompetenz.catalogue.models import Competency, on_any_scale
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person

from .records import Side


class LearningPlanQuerySet(models.QuerySet):
    def shared_with(self, user):
        """Plans ``user`` reads in full: their own and those of the people they manage."""
        return self.filter(participation__in=Participation.objects.shared_with(user))

    def of(self, participation):
        return self.filter(participation=participation)

    def of_person(self, person):
        return self.filter(participation__person=person)

    def visible_to(self, user):
        """Plans ``user`` may open: in full, or for HR the measures and dates once agreed."""
        reach = shared(user, at="participation__") | self.opened(user)
        if user.is_hr:
            reach |= ~Q(state=LearningPlan.State.DRAFT)
        return self.filter(reach)

    @staticmethod
    def opened(user):
        """The condition on plans of earlier rounds that the person lets their new manager read; never a draft."""
        return opened(user, at="participation__") & ~Q(state=LearningPlan.State.DRAFT)

    def open_to_hr(self):
        """Plans whose measures and dates are for everybody in HR; somebody of HR may lead people, and read more of those."""
        return self.exclude(state=LearningPlan.State.DRAFT)

    def in_full_for(self, user):
        """Plans ``user`` reads with goals and levels; HR where the round shows it levels, and never a draft."""
        reach = shared(user, at="participation__") | self.opened(user)
        if user.is_hr:
            reach |= Q(participation__round__shows_levels_to_hr=True) & ~Q(state=LearningPlan.State.DRAFT)
        return self.filter(reach)

    def editable_by(self, user):
        """A draft is made by the person and their manager together; an agreed plan stands."""
        return self.shared_with(user).filter(state=LearningPlan.State.DRAFT)

    def pursued_by(self, user):
        """Plans not completed yet: their reviews and the state of their measures still change."""
        return self.shared_with(user).exclude(state=LearningPlan.State.COMPLETED)

    def agreed(self):
        return self.filter(state=LearningPlan.State.AGREED)

    def with_measures_in(self, year):
        """Those with measures in the training plan of this year."""
        return self.filter(Exists(self.model.objects.filter(pk=OuterRef("pk"), measures__booking__year=year)))

    def agreed_to_by(self, whose):
        """Those to which the "person" has agreed, or the "manager"."""
        return self.filter(**{f"agreed_by_{whose}_on__isnull": False})

    def overdue(self):
        """Agreed plans whose last goal's date or whose final review's date has passed, and that review is not held.

        Resting ones never are.
        """
        today = timezone.localdate()
        this = self.model.objects.filter(pk=OuterRef("pk"))
        late = Q(Exists(this.filter(reviews__is_final=True, reviews__planned_on__lt=today)))
        goals = Goal.objects.pursued().filter(plan=OuterRef("pk"))
        late |= Q(Exists(goals)) & ~Q(Exists(goals.filter(Q(due_on__gte=today) | Q(due_on=None))))
        held = this.filter(reviews__is_final=True, reviews__held_on__isnull=False)
        return self.agreed().filter(goes_on("participation__"), late).exclude(Exists(held))

    def with_participation(self):
        """Plans with what their pages say about person, role and round, and ``is_overdue`` as in ``overdue``."""
        late = LearningPlan.objects.overdue().filter(pk=OuterRef("pk"))
        people = ("manager_agreed_by", "manager_agreed_for")
        return self.select_related("participation__round", "participation__person", *people).annotate(
            is_overdue=Exists(late)
        )


class LearningPlan(models.Model):
    """The Lernplan of one participation: few goals, the measures for them and the dates to look back.

    Drafted by the person and their manager; agreed when both have said so, and only with a measure
    for every goal and at least one review date. From then on it changes by what one side has written and the other has
    taken note of (PlanChange), with which it may become a draft again before the first review is held. Completed by the
    final review and by nothing else. ``hours_per_month`` (working hours) and ``budget`` (euros) are what may go into it;
    None where nothing was agreed. ``manager_agreed_by`` is who agreed on the manager's side, ``manager_agreed_for`` the
    manager they deputised for.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        AGREED = "agreed", "vereinbart"
        COMPLETED = "completed", "abgeschlossen"

    NOT_AGREED_BY_MANAGER = {"agreed_by_manager_on": None, "manager_agreed_by": None, "manager_agreed_for": None}
    NOT_AGREED = {"agreed_by_person_on": None, **NOT_AGREED_BY_MANAGER}

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="+")
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.DRAFT)
    agreed_by_person_on = models.DateField("von der Person vereinbart am", null=True, blank=True)
    agreed_by_manager_on = models.DateField("von der Führungskraft vereinbart am", null=True, blank=True)
    manager_agreed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    manager_agreed_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    completed_on = models.DateField("abgeschlossen am", null=True, blank=True)
    hours_per_month = amounts.hours("Zeit zum Lernen in Stunden je Monat", max_digits=5)
    budget = amounts.euros("Budget in Euro")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = LearningPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "Lernplan"
        verbose_name_plural = "Lernpläne"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(agreed_by_person_on__isnull=False, agreed_by_manager_on__isnull=False),
                name="an_agreed_plan_is_agreed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_on__isnull=False), name="a_completed_plan_says_since_when"
            ),
        ]

    def __str__(self):
        return f"Lernplan von {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("learningplans:detail", args=[self.pk])

    @property
    def stamp(self):
        """What a page sends back as ``read``: another one after every change."""
        return stamp(self.changed_at.isoformat())

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_agreed(self):
        return self.state == self.State.AGREED

    @property
    def agreed_on(self):
        """The day since which it is agreed: when the second of the two has said so; None before."""
        days = [self.agreed_by_person_on, self.agreed_by_manager_on]
        return max(days) if all(days) else None

    def agreed_on_by(self, user):
        """The day ``user``, being the person or else their manager, agreed to this plan; None if they have not."""
        return self.agreed_by_person_on if user.pk == self.participation.person_id else self.agreed_by_manager_on

    def agreement_of_side(self, user):
        """(who, day) of the agreement that ``user``'s side has given; ``who`` is empty for their own, None without one."""
        day, is_person = self.agreed_on_by(user), user.pk == self.participation.person_id
        is_own = is_person or self.manager_agreed_by_id == user.pk
        return day and ("" if is_own else self.manager_signature, day)

    @property
    def agreed_names(self):
        """Who has agreed so far, by name."""
        return [name for name, _ in self.agreements]

    @property
    def agreements(self):
        """Who has agreed so far and on which day; a deputy with the manager they stood in for."""
        sides = [
            (self.participation.person_name, self.agreed_by_person_on),
            (self.manager_signature, self.agreed_by_manager_on),
        ]
        return [(name, on) for name, on in sides if on]

    @property
    def signs_for_the_manager(self):
        """(name, capacity) of who signs for the manager's side, if somebody of it agrees to the plan as it is; else None."""
        by, deputised_for = self.manager_agreed_by, self.manager_agreed_for
        agrees = self.agreed_by_manager_on
        return signer(self.participation, by, deputised_for, self.completed_on) if agrees else None

    @property
    def manager_signature(self):
        """Who has agreed for the manager's side, in words."""
        by, deputised_for = self.manager_agreed_by, self.manager_agreed_for
        return signature(self.participation, by, deputised_for, Side.MANAGER, self.completed_on)


class GoalQuerySet(models.QuerySet):
    def pursued(self):
        """All but those that were ended before they were reached."""
        return self.filter(ended_on=None)


class Goal(models.Model):
    """One competency to build, put as the paper's SMART formula asks (4.3.1). Levels are those of the round.

    It leads from the agreed level to a higher one; only where what is there is deepened or refreshed may it end where it
    starts. A letter is complete when all that it asks for is written; ``due_on`` is the T. A goal of an agreed plan is never
    removed: one that is given up is ``ended_on`` a day, and another for its competency may follow. ``goes_on_as`` is the
    kind of the FollowUp of the last plan that it was drawn up from.
    """

    class Aim(models.TextChoices):
        RAISE = "raise", "aufbauen"
        DEEPEN = "deepen", "vertiefen"
        REFRESH = "refresh", "auffrischen"

    LETTERS = {
        "S – spezifisch": ["specific"],
        "M – messbar": ["measurable", "seen_by"],
        "A – anspruchsvoll": ["ambitious"],
        "R – realistisch": ["realistic"],
        "T – terminiert": ["due_on"],
    }

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="goals")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    from_level = models.PositiveSmallIntegerField("vereinbartes Ist")
    to_level = models.PositiveSmallIntegerField("Zielstufe")
    aim = models.CharField("Vorhaben", max_length=8, choices=Aim.choices, default=Aim.RAISE)
    priority = models.PositiveSmallIntegerField("Rang", default=1)
    specific = models.TextField("Spezifisch", max_length=500, blank=True)
    measurable = models.TextField("Messbar", max_length=500, blank=True)
    seen_by = models.CharField("wer es feststellt", max_length=170, blank=True)
    ambitious = models.TextField("Anspruchsvoll", max_length=500, blank=True)
    realistic = models.TextField("Realistisch", max_length=500, blank=True)
    due_on = models.DateField("Terminiert", null=True, blank=True)
    seeks_companions = models.BooleanField("sucht Lernpartnerschaften", default=False)
    ended_on = models.DateField("beendet am", null=True, blank=True)
    goes_on_as = models.CharField("aus dem letzten Lernplan, um zu", max_length=14, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = "Ziel"
        verbose_name_plural = "Ziele"
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "competency"],
                condition=Q(ended_on=None),
                name="one_goal_per_competency_and_plan",
                violation_error_message="Zu dieser Kompetenz hat der Plan schon ein Ziel.",
            ),
            models.CheckConstraint(
                condition=on_any_scale("from_level")
                & on_any_scale("to_level")
                & Q(to_level__gte=models.F("from_level"))
                & (~Q(aim="raise") | Q(to_level__gt=models.F("from_level"))),
                name="a_goal_leads_upwards",
            ),
        ]
        indexes = [models.Index(fields=["due_on", "plan"], condition=Q(ended_on=None), name="pursued_goals_by_day")]

    def __str__(self):
        return f"{self.competency}: {self._name_of(self.from_level)} bis {self.to_name}"

    @property
    def to_name(self):
        """The level to reach in the words of the round."""
        return self._name_of(self.to_level)

    def _name_of(self, level):
        return self.plan.participation.round.catalogue.scale.names[level]

    @property
    def open_letters(self):
        """The letters of SMART that nobody has answered yet, in order."""
        return [name[0] for name, fields in self.LETTERS.items() if not all(getattr(self, field) for field in fields)]

    @property
    def answers(self):
        """The letters S, M, A and R with what was written to them; the T is a date."""
        written = {"seen_by": self.seen_by and f"Festgestellt von: {self.seen_by}"}
        texts = {
            name: [written.get(field, getattr(self, field)) for field in fields]
            for name, fields in list(self.LETTERS.items())[:-1]
        }
        return [(name, "\n".join(text for text in answers if text)) for name, answers in texts.items()]
