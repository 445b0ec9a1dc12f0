"""What somebody says about the competencies of a participant: self, manager, colleague (paper 4.3.1)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from kompetenz.catalogue.models import Competency, on_any_scale
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Deputy, Person
from kompetenz.prepared import prepared

from .hand_overs import HandOver
from .kinds import RULES, Kind, given_by, in_time, rules_of
from .participation_querysets import goes_on, visible
from .participations import Participation
from .progress import Progress, TalkProgress
from .rounds import Round

TAKING_PART = Q(participation__declined_on=None)
INSIDE = Q(participation__admitted_on__isnull=False)  # not in a round that is only being opened


class AssessmentQuerySet(models.QuerySet):
    def of(self, participation):
        """Those of one participation."""
        return self.filter(participation=participation)

    def by_rater(self, user):
        """Assessments ``user`` gives: their own, as manager or deputy for their people, as a colleague who was asked.

        Which these are, the rules of each kind say. Where the person has declined the round, or it is only being opened,
        there is none to give.
        """
        return self.filter(given_by(user), TAKING_PART, INSIDE)

    def of_themselves(self):
        """Selbsteinschätzungen."""
        return self.filter(kind=Assessment.Kind.SELF)

    def of_both_sides(self):
        """The person's and the manager's: the two that are compared and talked about."""
        return self.filter(kind__in=Assessment.SIDES)

    def visible_to(self, user):
        """Assessments whose content ``user`` may read: their own, and the other side's once disclosed.

        All of it is said of the row itself: for a list of ids a database may look at the assessments of everybody, to show one.
        """
        both = Q(participation__self_state=Progress.RELEASED, participation__manager_state=Progress.RELEASED)
        disclosed = Q(participation__round__disclosure=Round.Disclosure.EACH, released_at__isnull=False) | both & (
            ~Q(participation__round__disclosure=Round.Disclosure.TALK)
            | Q(participation__talk_state__gte=TalkProgress.STARTED)
        )
        others = Q(disclosed, visible(user, at="participation__"), kind__in=Assessment.SIDES)
        return self.filter(given_by(user) & TAKING_PART | others, INSIDE)

    def editable_by(self, user):
        """Drafts of an open round are changed by their rater alone; a released one by nobody.

        What colleagues say is taken until the round's deadline for it, its last day included.
        """
        editable = {"released_at": None, "participation__round__state": Round.State.OPEN}
        typed_in = Q(
            kind=Assessment.Kind.SELF, participation__self_state=Progress.ENTERED
        )  # to confirm or to reject first
        return self.by_rater(user).filter(~typed_in, in_time(timezone.localdate()), **editable)

    def asked_of(self, user):
        """What ``user`` can answer as a colleague now: not of somebody who rests, nor of those they manage or deputise
        for, or did in this round.
        """
        led = Participation.objects.managed_by(user)
        return (
            self.editable_by(user)
            .filter(
                goes_on("participation__"), kind=Assessment.Kind.PEER, rater=user.pk
            )  # by whose index they are found
            .exclude(participation__in=led)
            .exclude(once_led_by(user))
        )

    def awaiting_confirmation_by(self, user):
        """The user's own Selbsteinschätzungen of open rounds that somebody typed in and they have not confirmed."""
        return self.filter(
            kind=Assessment.Kind.SELF,
            participation__person=user.pk,
            participation__round__state=Round.State.OPEN,
            participation__self_state=Progress.ENTERED,
        )

    def to_state_on(self, user):
        """Released Fremdeinschätzungen about ``user`` that they may read: they may say something to them (Statement)."""
        about = {"kind": Assessment.Kind.MANAGER, "participation__person": user.pk, "released_at__isnull": False}
        return self.visible_to(user).filter(**about)

    def returnable_by(self, user):
        """Released assessments their rater may still take back: until the other side has released, or is typed in from paper.

        For whoever has typed it in has read it, and would rate again, knowing it, also once the person has rejected it; and so has
        whoever had released when the person took back what others had released for them, also where that is a draft by now.
        The person's own not where its release has shown them the Soll: they would rate themselves again, knowing it. But what others
        have released for them from a signed paper they may disown, whatever anybody has released, until the talk begins.
        """
        shows_target = Q(kind=Assessment.Kind.SELF, participation__round__hides_target=True)
        other = Assessment.objects.filter(
            Q(released_at__isnull=False) | Q(entered_on__isnull=False) | Q(disowned_at__gte=OuterRef("released_at")),
            kind__in=Assessment.SIDES,
            participation=OuterRef("participation"),
        )
        spoken_for = Q(checked_on__isnull=False, participation__talk_state=TalkProgress.OPEN)
        return self.by_rater(user).filter(
            ~Exists(other.exclude(pk=OuterRef("pk"))) & ~shows_target | spoken_for,
            kind__in=Assessment.SIDES,
            released_at__isnull=False,
            participation__round__state=Round.State.OPEN,
        )


def once_led_by(user):
    """The condition on assessments of people whom ``user`` has led in their round, or could have as a deputy.

    They may have read the other side.
    Of the few rows that are looked at each one is asked. See also peers.asking.who_has_led.
    """
    this, gave = {"participation": OuterRef("participation")}, Q(rater=user.pk) | Q(released_for=user.pk)
    rated = Assessment.objects.filter(gave, **this, kind=Kind.MANAGER, released_at__isnull=False)
    opened_at = models.ExpressionWrapper(OuterRef("participation__round__opened_at"), models.DateTimeField())
    named = Deputy.people.through.objects.filter(
        person=OuterRef("participation__person"),
        deputy__person=user.pk,
        deputy__since__lte=timezone.localdate(),
        deputy__until__gte=TruncDate(opened_at),
    )
    return Q(Exists(rated) | Exists(named) | Exists(HandOver.objects.filter(**this, from_person=user.pk)))


class Assessment(models.Model):
    """Somebody's view of one participant's competencies: their own, the manager's, or a colleague's.

    A draft is its rater's alone. Once released it does not change, unless its rater takes the release back before the other
    side has released too (and unless it has shown the person the Soll). A colleague's is counted and deleted the moment it
    is released (PeerTally). A draft the former manager has left at a hand-over is FORMER: nobody reads it, and it counts
    again only if the same manager comes back. What they had released stays and is ``of_former_manager``. Where a deputy has
    released it, the manager they stood in for is in ``released_for``. A Selbsteinschätzung written on paper is
    ``entered_on`` the day somebody typed it in for the person; it is nobody's word and read by nobody else until the person
    confirms it, which releases it, or rejects it (``rejected_on``), which deletes what was typed. Of somebody without an
    address somebody else of HR types in the signed paper once more (``checked_on``); whether the person had an address and
    was asked themself, ``asked_on`` says, whatever becomes of address and letter. Taking it back ends all of these; that it
    was taken back where others had released it stays (``disowned_at``).
    """

    Kind = Kind
    SIDES = tuple(kind for kind, rules in RULES.items() if rules.is_side)  # the two that are compared and talked about
    OF_PAPER = ("entered_by", "entered_on", "asked_on", "confirmed_on", "rejected_on", "checked_by", "checked_on")

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="assessments")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    rater = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField("freigegeben am", null=True)
    released_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    of_former_manager = models.BooleanField("vor einer Übergabe freigegeben", default=False)
    entered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_on = models.DateField("vom Papier eingetragen am", null=True, blank=True)
    asked_on = models.DateField("um Bestätigung gebeten am", null=True, blank=True)
    confirmed_on = models.DateField("von der Person bestätigt am", null=True, blank=True)
    rejected_on = models.DateField("von der Person zurückgewiesen am", null=True, blank=True)
    checked_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_on = models.DateField("mit dem unterschriebenen Bogen verglichen am", null=True, blank=True)
    disowned_at = models.DateTimeField("Freigabe anderer zurückgenommen am", null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "Einschätzung"
        verbose_name_plural = "Einschätzungen"
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "kind"],
                condition=Q(kind__in=["self", "manager"]),
                name="one_assessment_per_side",
            ),
            models.UniqueConstraint(fields=["participation", "kind", "rater"], name="one_assessment_per_rater"),
            models.CheckConstraint(
                condition=Q(entered_on=None, asked_on=None, confirmed_on=None, rejected_on=None, checked_on=None)
                | Q(entered_on__isnull=False, kind="self"),
                name="only_what_was_on_paper_is_entered_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(rejected_on=None), name="an_entry_is_confirmed_or_rejected"
            ),
            models.CheckConstraint(
                condition=Q(checked_on=None) | Q(confirmed_on=None, rejected_on=None),
                name="who_answers_for_themself_is_not_checked",
            ),
            models.CheckConstraint(
                condition=Q(disowned_at=None) | Q(kind="self"), name="only_what_others_released_is_disowned"
            ),
            models.CheckConstraint(
                condition=Q(of_former_manager=False) | Q(kind="manager", released_at__isnull=False),
                name="only_what_was_released_is_of_a_former_manager",
            ),
        ]
        indexes = [  # these are few
            models.Index(fields=["participation"], name="rejected_papers", condition=Q(rejected_on__isnull=False)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} für {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("assessments:assessment", args=[self.pk])

    @property
    def rules(self):
        """What holds for its kind."""
        return rules_of(self.kind)

    @property
    def is_self(self):
        return self.kind == self.Kind.SELF

    @property
    def release_shows_target(self):
        """Whether the person sees the Soll with this release; then it cannot be taken back."""
        return self.is_self and self.participation.round.hides_target

    @property
    def release_stamp(self):
        """What a page sends back when a release is taken back: another one after each release."""
        return stamp(self.released_at and self.released_at.isoformat())

    @property
    def due(self):
        """The last day to release without being late; for a colleague's it is the last day at all."""
        return self.rules.due_of(self.participation)

    def levels(self):
        """The answers as ``{competency id: level, or None for "kann ich nicht beurteilen"}``; one query."""
        return dict(levels_of(self.pk))

    def remark_texts(self):
        """The remarks as ``{competency id: text}``; one query."""
        return dict(remarks_of(self.pk))


@prepared
def levels_of(assessment):
    return Rating.objects.filter(assessment=assessment).values_list("competency", "level")


@prepared
def remarks_of(assessment):
    return Remark.objects.filter(assessment=assessment).values_list("competency", "text")


class Rating(models.Model):
    """One answer: a level of the round's scale, or None for "kann ich nicht beurteilen". Not yet answered is no row."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("Stufe", null=True)

    class Meta:
        verbose_name = "Einstufung"
        verbose_name_plural = "Einstufungen"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "competency"], name="one_rating_per_competency"),
            models.CheckConstraint(condition=Q(level=None) | on_any_scale("level"), name="rating_level_on_any_scale"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"


class Remark(models.Model):
    """What a rater adds to one competency in their own words; it may come before the rating."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="remarks")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    text = models.CharField("Bemerkung", max_length=600)

    class Meta:
        verbose_name = "Bemerkung"
        verbose_name_plural = "Bemerkungen"
        constraints = [models.UniqueConstraint(fields=["assessment", "competency"], name="one_remark_per_competency")]

    def __str__(self):
        return self.text
