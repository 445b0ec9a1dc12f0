"""What is done for the goals of a Lernplan (paper 4.3.2)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import amounts, in_place_of, signature
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person

from .formats import LearningFormat, Offer
from .plans import Goal, LearningPlan


class MeasureQuerySet(models.QuerySet):
    def planned(self):
        """Those neither done nor dropped."""
        return self.filter(state=Measure.State.PLANNED)

    def kept(self):
        """All but the dropped ones."""
        return self.exclude(state=Measure.State.DROPPED)

    def agreed_in(self, round_):
        """Those of its agreed and completed plans that are planned or done."""
        agreed = ~Q(plan__state=LearningPlan.State.DRAFT)
        return self.kept().filter(agreed, plan__participation__round=round_).order_by()

    def for_competency(self, competency):
        """Those that serve a goal for it that is pursued; one that serves two such goals is there twice."""
        return self.filter(goals__competency=competency, goals__ended_on=None)

    def at_work_for(self):
        """Those that HR has applied for, booked, or said to be carried out."""
        return self.filter(booking__said__in=["applied", "booked", "done"])

    def lacking(self):
        """Those without the consent or the mentor that their format needs."""
        return self.filter(Q(format__needs_consent=True, consented_on=None) | Q(format__needs_mentor=True, mentor=""))


class Measure(models.Model):
    """Something the person does for one or more goals, in one of the learning formats.

    ``hours`` is working time, ``cost`` is euros; unknown is None and not 0. ``consented_on`` is the day the person themself
    agreed to a format that needs it; ``mentor`` names who accompanies them. ``helps``, ``aids`` and ``practice`` (paper
    4.3.2 and 4.1) are words of the two. In an agreed plan ``state_by`` says who has reported how far it is, a deputy
    ``state_for`` whom. It keeps what format and offer were called when they were chosen, and the offer's link
    (``format_then``, ``offer_then``, ``link_then``), whatever HR makes of them: the two agree and consent to what they have
    read.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "geplant"
        DONE = "done", "durchgeführt"
        DROPPED = "dropped", "entfallen"

    is_another_since = False  # than what was reported; noted where a plan's contents are read
    REPORTED = ("title", "format", "offer", "hours", "starts_on", "due_on")  # what a report that it is done is about

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="measures")
    goals = models.ManyToManyField(Goal, related_name="measures", verbose_name="für die Ziele")
    format = models.ForeignKey(LearningFormat, models.PROTECT, related_name="+", verbose_name="Format")
    offer = models.ForeignKey(
        Offer, models.SET_NULL, null=True, blank=True, related_name="measures", verbose_name="Angebot"
    )
    title = models.CharField("Maßnahme", max_length=160)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    due_on = models.DateField("bis")
    provider = models.CharField("Anbieter oder Ort", max_length=160, blank=True)
    responsible = models.CharField("verantwortlich", max_length=170)
    mentor = models.CharField("begleitet von", max_length=170, blank=True)
    consented_on = models.DateField("Einverständnis der Person am", null=True, blank=True)
    hours = amounts.hours("Zeitbedarf in Stunden")
    cost = amounts.euros("Kosten in Euro")
    helps = models.TextField("Wie hilft die Maßnahme?", max_length=500, blank=True)
    aids = models.CharField("Hilfsmittel", max_length=300, blank=True)
    practice = models.CharField("Üben danach", max_length=300, blank=True)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.PLANNED)
    state_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    state_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    state_at = models.DateTimeField("Stand gemeldet am", null=True, blank=True)
    format_then = models.CharField("Format wie vereinbart", max_length=80, blank=True, editable=False)
    offer_then = models.CharField("Angebot wie vereinbart", max_length=160, blank=True, editable=False)
    link_then = models.CharField("Link wie vereinbart", max_length=300, blank=True, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "Maßnahme"
        verbose_name_plural = "Maßnahmen"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on__gte=models.F("starts_on")), name="measure_ends_after_start"
            )
        ]

    def __str__(self):
        return self.title

    @property
    def stamp(self):
        """What a page sends back as ``read`` with a report: another one as soon as what is reported is."""
        return stamp(self.title, self.format_name, self.offer_name, self.hours, self.starts_on, self.due_on)

    @property
    def is_done(self):
        return self.state == self.State.DONE

    @property
    def lacks_consent(self):
        return self.format.needs_consent and self.consented_on is None

    @property
    def asks_consent(self):
        """Whether it is still to be given: once a plan is agreed, HR asks for no more than was asked then."""
        return self.plan.is_draft and self.lacks_consent

    @property
    def lacks_mentor(self):
        return self.format.needs_mentor and not self.mentor

    @property
    def format_name(self):
        return self.format_then or self.format.name

    @property
    def offer_name(self):
        """What the offer is called; empty where there is none."""
        return self.offer_then or (self.offer.title if self.offer else "")

    @property
    def offer_link(self):
        """Where the offer is described; empty where that is nowhere."""
        return self.link_then if self.offer_then else (self.offer.link if self.offer else "")

    def keep_names(self):
        """Note what is not noted yet: what format and offer are called now, and where the offer is described."""
        self.format_then, self.link_then, self.offer_then = self.format_name, self.offer_link, self.offer_name

    def forget_names(self, fields):
        """What is noted of these ``fields`` is not chosen any more."""
        if "format" in fields:
            self.format_then = ""
        if "offer" in fields:
            self.offer_then = self.link_then = ""

    def note_reporter(self, by):
        """Note that ``by`` has reported today how far it is, nobody in a draft. Does not save."""
        self.state_by, self.state_at = by, timezone.now() if by else None
        self.state_for = by and in_place_of(self.plan.participation, by)

    def forget_report(self):
        """Nobody has reported that this is done: it is planned again. Does not save."""
        self.note_reporter(None)
        if self.is_done:
            self.state = self.State.PLANNED

    @property
    def reporter(self):
        """Who has reported how far it is, by name."""
        return signature(self.plan.participation, self.state_by, self.state_for, "", self.plan.completed_on)

    @property
    def begins_later(self):
        return self.starts_on is not None and self.starts_on > timezone.localdate()

    @property
    def is_overdue(self):
        return self.state == self.State.PLANNED and self.due_on < timezone.localdate()
