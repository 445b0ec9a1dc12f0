"""The Gespräch, the Ist agreed in it, and what the person answers to its record (paper 4.3.1)."""

from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from kompetenz.catalogue.models import Competency, on_any_scale
from kompetenz.people.models import Person
from kompetenz.prepared import prepared

from .participations import Participation
from .progress import TalkProgress
from .rounds import Round
from .sides import MOST_RETURNS, RETURNED_OFTEN_ENOUGH, Side, signature, signer


class TalkQuerySet(models.QuerySet):
    def of(self, participation):
        return self.filter(participation=participation)

    def visible_to(self, user):
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def editable_by(self, user):
        """The manager keeps the record until it is put before the person."""
        managed = Participation.objects.managed_by(user).ready_for_talk()
        return self.filter(participation__in=managed, participation__round__state=Round.State.OPEN, recorded_at=None)

    def agreed(self):
        """Those whose levels count as agreed: the person has taken note of the record. See also Talk.is_agreed."""
        noted = Acknowledgement.objects.filter(talk=OuterRef("pk"), side=Side.PERSON, declined=False)
        return self.filter(Exists(noted), participation__talk_state=TalkProgress.CONFIRMED)


class Talk(models.Model):
    """The Gespräch in which person and manager agree the Ist (paper 4.3.1).

    The manager, or who deputises, keeps the record; who has recorded it, for whom as a deputy, and when stands on it. Once
    recorded its levels stand still, and the person answers: having taken note, which is not agreement, or declining with a
    statement. Until then the writer can open it again for a correction, and the person can send it back with a reason, which is
    kept until they answer, with the stamp of what they sent back (``returned_as``): the same is not put before them again. That
    has an end (``may_be_returned``): then they take note or decline, and what both say stands side by side. A record that was
    answered never changes. Its levels count as agreed once they have taken note; before, when they decline or
    do not answer, they are what one side has recorded. Until that answer ``person_statement`` is the person's alone to read.
    """

    recorded_at = models.DateTimeField("festgehalten am", null=True, editable=False)
    recorded_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    recorded_for = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    returned_at = models.DateTimeField("zurückgegeben am", null=True, editable=False)
    returned_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    return_reason = models.TextField("Was ist zu ändern?", max_length=2000, blank=True)
    returned_as = models.CharField("Stempel des Zurückgegebenen", max_length=16, blank=True, editable=False)
    times_returned = models.PositiveSmallIntegerField("so oft zurückgegeben", default=0, editable=False)
    participation = models.OneToOneField(Participation, models.CASCADE, related_name="talk")
    held_on = models.DateField("Datum", null=True, blank=True)
    place = models.CharField("Ort", max_length=120, blank=True)
    attendees = models.CharField("weitere Beteiligte", max_length=300, blank=True)
    person_statement = models.TextField("eigene Stellungnahme", max_length=2000, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = "Gespräch"
        verbose_name_plural = "Gespräche"
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at=None) | Q(held_on__isnull=False), name="a_recorded_talk_has_its_date"
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | ~Q(return_reason=""), name="a_talk_sent_back_says_why"
            ),
        ]

    def __str__(self):
        return f"Gespräch mit {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("assessments:talk", args=[self.participation_id])

    MOST_RETURNS, RETURNED_OFTEN_ENOUGH = MOST_RETURNS, RETURNED_OFTEN_ENOUGH  # for templates

    @property
    def may_be_returned(self):
        """Whether the person can still send a record back: not for ever, or there would never be one."""
        return self.times_returned < MOST_RETURNS

    def levels(self):
        """The agreed Ist so far as ``{competency id: level}``; costs one query."""
        return dict(levels_of(self.pk))

    @property
    def writer(self):
        """Who has recorded it, in words; their side, where nobody knows any more who it was; "" as long as it is not recorded."""
        by = self.recorded_by
        return signature(self.participation, by, self.recorded_for, Side.MANAGER) if self.recorded_at else ""

    @property
    def signs_for_the_manager(self):
        """(name, capacity) of whose signature belongs on its paper beside the person's; None as long as it is not recorded."""
        return signer(self.participation, self.recorded_by, self.recorded_for) if self.recorded_at else None

    @property
    def held_by(self):
        """Whose talk with the person it was, by name, also where another has written it down after a hand-over; "" as
        long as nobody knows.

        A former manager's only where they have noted its day or recorded it themself: whoever takes over may name any
        day. A query.
        """
        whose = self.recorded_for or self.recorded_by if self.recorded_at else None
        handed_over = (
            self.participation.hand_overs.filter(on__gte=self.held_on).order_by("on", "pk") if self.held_on else []
        )
        later = list(handed_over)
        if noted := next((one for one in later if one.talk_held_on == self.held_on), None):
            return noted.from_name if noted.from_person_id else Side.MANAGER.label
        if later and (whose is None or whose.pk != later[0].from_person_id):
            return Side.MANAGER.label
        if not self.recorded_at:
            return ""
        name, _ = signer(self.participation, whose, None)
        return name or Side.MANAGER.label

    @property
    def sender_back(self):
        """Who has sent it back, in words; "" if nobody has, or they are not known any more."""
        return signature(self.participation, self.returned_by, None, Side.PERSON) if self.returned_by else ""

    @cached_property
    def answer(self):
        """The person's answer to the record, None as long as there is none; one query where there is one."""
        if not self.participation.talk_is_answered:
            return None
        return next((one for one in self.acknowledgements.all() if one.side == Side.PERSON), None)

    @property
    def is_agreed(self):
        """Whether its levels count as agreed; see also TalkQuerySet.agreed."""
        return self.answer is not None and not self.answer.declined

    @property
    def levels_are(self):
        """What its levels are to be called, so that nobody is said to have agreed who has not."""
        if self.is_agreed:
            return "vereinbart"
        is_open = self.participation.round.is_open
        if not self.participation.talk_is_recorded:
            return "noch nicht festgehalten" if is_open else "nicht festgehalten"
        answer = "abgelehnt" if self.answer else "noch keine Antwort" if is_open else "keine Antwort"
        return f"festgehalten, {answer}"

    @property
    def actual_is(self):
        """What the Ist of its levels is to be called, on its own."""
        return "Vereinbartes Ist" if self.is_agreed else f"Ist ({self.levels_are})"


@prepared
def levels_of(talk):
    return AgreedLevel.objects.filter(talk=talk).exclude(level=None).values_list("competency", "level")


class AgreedLevel(models.Model):
    """The Ist of one competency as agreed in the talk, with a reason where one was given.

    None while only the reason is written; a recorded talk has a level for every competency.
    """

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="agreed_levels")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("vereinbartes Ist", null=True)
    reason = models.CharField("Begründung", max_length=300, blank=True)

    class Meta:
        verbose_name = "vereinbarte Stufe"
        verbose_name_plural = "vereinbarte Stufen"
        constraints = [
            models.UniqueConstraint(fields=["talk", "competency"], name="one_agreed_level_per_competency"),
            models.CheckConstraint(condition=Q(level=None) | on_any_scale("level"), name="agreed_level_on_any_scale"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"


class Acknowledgement(models.Model):
    """The person's answer to the record of a talk: taken note of, which is not agreement, or declined with a statement.

    It is given once and never changes. Older records may have one of the manager's side, too.
    """

    Side = Side

    side = models.CharField("Seite", max_length=10, choices=Side.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    declined = models.BooleanField("abgelehnt", default=False)
    statement = models.TextField("Stellungnahme", max_length=2000, blank=True)
    at = models.DateTimeField("am", default=timezone.now)
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="acknowledgements")

    class Meta:
        verbose_name = "Kenntnisnahme"
        verbose_name_plural = "Kenntnisnahmen"
        constraints = [
            models.UniqueConstraint(fields=["talk", "side"], name="one_acknowledgement_per_side"),
            models.CheckConstraint(condition=Q(declined=False) | ~Q(statement=""), name="a_refusal_has_a_statement"),
        ]

    def __str__(self):
        return f"{self.get_side_display()}: {'abgelehnt' if self.declined else 'zur Kenntnis genommen'}"

    @property
    def name(self):
        return signature(self.talk.participation, self.by, None, self.side)

    @property
    def deputy(self):
        """Who has answered in the manager's place, if somebody has."""
        stood_in = self.side == self.Side.MANAGER and self.by_id != self.talk.participation.manager_id
        return self.by if stood_in else None
