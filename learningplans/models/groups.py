"""Learning together: how many people have the same goal, groups that HR proposes to them, and who offers to be a mentor (paper 4.3.2)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import amounts
from kompetenz.catalogue.models import Competency, current_catalogue, on_any_scale
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person, is_employed

from .changes import PlanChange
from .formats import LearningFormat, Offer
from .measures import Measure
from .plans import Goal

MOST_SEATS = 500


class GoalTallyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For HR alone."""
        return self if user.is_hr else self.none()


class GoalTally(models.Model):
    """How many people had the same way to go at one moment: what HR sees of goals. It never changes, and names nobody.

    ``ways`` are (competency, from, to, people) of at least ``k`` people; ``people`` is of how many goals were counted.
    ``marks`` say who had which goals, by marks that only ``key`` makes, so that the next one can be judged beside all before
    it (counting.py); they go after a year.
    """

    at = models.DateTimeField("gezählt am", default=timezone.now)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    k = models.PositiveSmallIntegerField("mindestens so viele Personen")
    people = models.PositiveIntegerField("Personen mit Zielen")
    ways = models.JSONField("gemeinsame Ziele", default=list)
    key = models.CharField(max_length=64)
    marks = models.JSONField(default=list)

    objects = GoalTallyQuerySet.as_manager()

    class Meta:
        verbose_name = "Stand der gemeinsamen Ziele"
        verbose_name_plural = "Stände der gemeinsamen Ziele"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{timezone.localdate(self.at):%d.%m.%Y}"


def takes_seat(at=""):
    """The condition on places whose yes holds: what it has written down waits for an answer, or its measure is in the plan and goes on.

    Of who no longer works here the seat is free.
    """
    waiting = {"change__answer": "", "change__withdrawn_at": None, "change__took_effect_on": None}
    waiting |= {"change__isnull": False, "change__plan__state": "agreed"}
    in_plan = {"change__took_effect_on__isnull": False, "measure__state__in": ["planned", "done"]}
    either = [Q(**{f"{at}{name}": value for name, value in of.items()}) for of in (waiting, in_plan)]
    holds = Q(either[0] | either[1], **{f"{at}answer": "accepted"})
    return holds & is_employed(f"{at}goal__plan__participation__person__")


class LearningGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For HR alone; who is asked sees their GroupPlace."""
        return self if user.is_hr else self.none()

    def open(self):
        """Those to which somebody can still say yes."""
        return self.filter(ended_on=None, answer_by__gte=timezone.localdate())

    def with_accepted(self):
        return self.annotate(accepted=models.Count("places", filter=takes_seat("places__")))


class LearningGroup(models.Model):
    """A group that HR proposes to everybody who has the same way to go; whom it is proposed to nobody sees (ADR 44).

    ``told`` is how many the tally said they were. Who accepts gets the measure it stands for as a change of their plan. ``hours`` is
    working time of each, ``cost`` euros of all together, shared out over the ``seats``.
    """

    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    from_level = models.PositiveSmallIntegerField("von Stufe")
    to_level = models.PositiveSmallIntegerField("bis Stufe")
    told = models.PositiveIntegerField("Personen laut Stand")
    title = models.CharField("Titel", max_length=160)
    format = models.ForeignKey(LearningFormat, models.PROTECT, related_name="+", verbose_name="Format")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Angebot")
    provider = models.CharField("Anbieter oder Ort", max_length=160, blank=True)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    due_on = models.DateField("bis")
    seats = models.PositiveSmallIntegerField(
        "Plätze", default=16, validators=[MinValueValidator(2), MaxValueValidator(MOST_SEATS)]
    )
    hours = amounts.hours("Zeitbedarf in Stunden")
    cost = amounts.euros("Kosten in Euro")
    answer_by = models.DateField("Antwort bis")
    proposed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField("vorgeschlagen am", auto_now_add=True)
    ended_on = models.DateField("Anfrage beendet am", null=True, blank=True)

    objects = LearningGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "Lerngruppe"
        verbose_name_plural = "Lerngruppen"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=on_any_scale("from_level") & on_any_scale("to_level") & Q(to_level__gte=F("from_level")),
                name="a_group_leads_upwards",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on__gte=F("starts_on")), name="group_ends_after_start"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("learningplans:group", args=[self.pk])

    @property
    def is_open(self):
        return self.ended_on is None and self.answer_by >= timezone.localdate()

    @property
    def way(self):
        """From which level to which, in words."""
        names = current_catalogue().scale.names
        return f"von {names[self.from_level]} zu {names[self.to_level]}"

    @property
    def cost_each(self):
        return None if self.cost is None else round(self.cost / self.seats, 2)

    def cost_of_free_seats(self, accepted):
        """What stands in nobody's plan, where so many have said yes; None where it costs nothing that is known."""
        free = max(0, self.seats - accepted)
        return self.cost and free and round(self.cost * free / self.seats, 2)


class GroupPlaceQuerySet(models.QuerySet):
    def of_person(self, user):
        """Those of the user's own goals: nobody else ever reads one that is not accepted."""
        return self.filter(goal__plan__participation__person=user)

    def accepted(self):
        """Those that take a seat: the person's yes holds, and the other side has not declined the measure."""
        return self.filter(takes_seat())

    def to_answer(self):
        """Those of open groups that nobody has said anything to, of goals that are still pursued."""
        today = timezone.localdate()
        return self.filter(
            answer="", group__ended_on=None, group__answer_by__gte=today,
            goal__ended_on=None, goal__plan__state="agreed", goal__plan__participation__paused_on=None,
        )  # fmt: skip


class GroupPlace(models.Model):
    """That somebody is asked whether they join a group for one of their goals, and their answer.

    HR sees those that are ``accepted``; of the others nobody but the person knows. Accepting it has written ``change`` into the plan:
    whoever takes that back there has taken back the yes. ``measure`` is what has become of it in the plan: with it goes the yes.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "zugesagt"
        DECLINED = "declined", "abgesagt"

    group = models.ForeignKey(LearningGroup, models.CASCADE, related_name="places")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")
    answer = models.CharField("Antwort", max_length=8, choices=Answer.choices, blank=True)
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    change = models.ForeignKey(PlanChange, models.SET_NULL, null=True, blank=True, related_name="+")
    measure = models.ForeignKey(Measure, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = GroupPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "Platz in einer Lerngruppe"
        verbose_name_plural = "Plätze in Lerngruppen"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["group", "goal"], name="one_place_per_goal_and_group")]

    def __str__(self):
        return f"{self.group_id}: {self.get_answer_display() or 'gefragt'}"

    def get_absolute_url(self):
        return reverse("learningplans:group_place", args=[self.pk])

    @property
    def is_accepted(self):
        """Whether the yes holds, see takes_seat."""
        waits = self.change is not None and self.change.waits and self.change.plan.is_agreed
        return self.answer == self.Answer.ACCEPTED and (waits or self.is_in_plan)

    @property
    def is_declined(self):
        """Whether the person has said no, or taken back the yes in the plan, the other side has declined the measure,
        or it is there no more.
        """
        return bool(self.answer) and not self.is_accepted

    @property
    def answer_in_words(self):
        if self.answer != self.Answer.ACCEPTED or self.is_accepted:
            return self.get_answer_display()
        if self.change is None or self.change.withdrawn_at:
            return "Zusage zurückgenommen"
        is_gone = "ist abgelehnt" if self.change.is_declined else "steht nicht im Lernplan"
        return f"zugesagt, die Maßnahme {is_gone}"

    @property
    def stamp(self):
        """Of what HR calls format and offer, which the page shows to who says yes and consents."""
        return stamp(self.group.format.stamp, self.group.offer and self.group.offer.stamp)

    @property
    def is_in_plan(self):
        in_force = self.change is not None and self.change.is_in_force
        return in_force and self.measure is not None and self.measure.state != Measure.State.DROPPED


class MentorOfferQuerySet(models.QuerySet):
    def of_person(self, user):
        return self.filter(person=user)

    def for_learners(self, user):
        """Those of others who work here."""
        return self.filter(person__in=Person.objects.employed()).exclude(person=user)


class MentorOffer(models.Model):
    """That somebody who has reached the highest level of a competency accompanies others in it.

    Said by themselves, until they take it back.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    competency = models.ForeignKey(Competency, models.CASCADE, related_name="+")
    offered_on = models.DateField("angeboten am", default=timezone.localdate)

    objects = MentorOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "Angebot als Mentorin oder Mentor"
        verbose_name_plural = "Angebote als Mentorin oder Mentor"
        ordering = ["offered_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "competency"], name="one_mentor_offer_per_competency")]

    def __str__(self):
        return f"{self.person}: {self.competency}"
