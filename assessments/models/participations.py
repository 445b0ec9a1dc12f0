"""One person in one round: what was frozen when they entered, and how far they have come."""

from collections import defaultdict

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kompetenz.people.models import Person, Unit
from kompetenz.people.names import number_and_unit, with_number
from roles.models import RoleProfile, lines_of

from .participation_querysets import AdmittedManager, ParticipationQuerySet
from .progress import PLAN_PROGRESS_NAMES, PROGRESS_NAMES, TALK_PROGRESS_NAMES, PlanProgress, Progress, TalkProgress
from .rounds import Round

NO_STATES = ("–",) * 4  # of who does not take part


def tell_apart(rows):
    """Give each of these ``apart``: what tells its person from another of them who is called alike, "" where nobody is.

    A query for each namesake whose person is not fetched.
    """
    bearing = defaultdict(set)
    for row in rows:
        bearing[row.person_name].add(row.person_id)
    for row in rows:
        row.apart = row.number_and_unit if len(bearing[row.person_name]) > 1 else ""


def why_over(participation):
    """What has become of it since it was read, in words, for who wrote in it and comes too late; "" as long as it goes on. A query."""
    now = Participation.objects.select_related("round").filter(pk=participation.pk).first()
    if now is None:
        return "Die Teilnahme ist inzwischen aus der Runde entfernt."
    if not now.takes_part:
        return f"{now.person_name} nimmt an dieser Runde inzwischen nicht teil."
    return "" if now.round.is_open else "Die Runde ist inzwischen beendet."


class Participation(models.Model):
    """One person's part in a round, with role, the role's tasks and manager as they were on the day of entry.

    Names and unit follow the people (changes/following.py): in a running round and while the plan goes on all of them, in
    one that has ended a corrected first name.

    ``self_state``, ``manager_state``, ``talk_state`` and ``plan_state`` repeat what the assessments, the talk and the
    learning plan say, written in the same transaction, so that a round of thousands is counted from one index.
    ``role_asked`` tells in short what ``profile`` asked (targets.asked_in_short) when the Soll was last the same or a
    decision was taken on what differs; "" where nobody knows. The deadlines are this person's own. While a participation
    rests (``paused_on``) nothing is asked, nobody is reminded and nothing is late, of its learning plan neither; why is
    nowhere stored. The same holds once the person works here no more. After a rest (``resumed_on``) nobody hears of days
    before. Whoever has declined a voluntary round (``declined_on``) is in no count and no list but that of who does not take
    part, and nothing anybody has written is kept; they take part again only if they ask (``asks_back_on``) and HR agrees.
    Where one side had read the other before, or the person a hidden Soll, both rate anew knowing it, and ``known_until``
    says so for ever.
    Once their time has come the assessments of both sides are erased (``assessments_erased_on``,
    kompetenz/privacy/rules.py), and the states still tell of them.

    While a round is being opened its participations have no ``admitted_on``: ``objects`` knows none of them, so that nobody
    sees, counts or writes to half of a round. All get their day in the moment in which it opens.
    """

    apart = ""  # what tells it from another of those it is shown with, see tell_apart

    round = models.ForeignKey(Round, models.CASCADE, related_name="participations", db_index=False)  # see Meta.indexes
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    manager = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="+")
    person_name = models.CharField("Person", max_length=170)
    sort_key = models.CharField(max_length=170)
    role_name = models.CharField("Rolle", max_length=80)
    role_tasks = models.TextField("Aufgaben der Rolle", blank=True)
    role_asked = models.CharField(max_length=16, blank=True, editable=False)
    unit_name = models.CharField("Organisationseinheit", max_length=150, blank=True)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+")
    manager_name = models.CharField("Führungskraft", max_length=170)
    admitted_on = models.DateField("dabei seit", null=True, default=timezone.localdate)
    self_due = models.DateField("Selbsteinschätzung bis")
    manager_due = models.DateField("Fremdeinschätzung bis")
    talk_due = models.DateField("Gespräch bis")
    plan_due = models.DateField("Lernplan bis", null=True)
    paused_on = models.DateField("ruht seit", null=True)
    resumed_on = models.DateField("läuft weiter seit", null=True)
    declined_on = models.DateField("nimmt nicht teil seit", null=True)
    asks_back_on = models.DateField("möchte doch teilnehmen seit", null=True)
    known_until = models.DateField("frühere Einschätzungen oder das Soll schon bekannt bis", null=True, editable=False)
    assessments_erased_on = models.DateField("Einschätzungen gelöscht am", null=True, editable=False)
    talk_at = models.DateTimeField("Termin des Gesprächs", null=True)
    talk_place = models.CharField("Ort des Gesprächs", max_length=120, blank=True)
    self_state = models.PositiveSmallIntegerField(choices=Progress.choices, default=Progress.OPEN)
    manager_state = models.PositiveSmallIntegerField(choices=Progress.choices, default=Progress.OPEN)
    talk_state = models.PositiveSmallIntegerField(choices=TalkProgress.choices, default=TalkProgress.OPEN)
    plan_state = models.PositiveSmallIntegerField(choices=PlanProgress.choices, default=PlanProgress.NONE)

    objects = AdmittedManager()
    with_entering = ParticipationQuerySet.as_manager()  # those of rounds that are being opened, too

    class Meta:
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="one_participation_per_person_and_round"),
            models.CheckConstraint(
                condition=Q(talk_state=TalkProgress.OPEN)
                | Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED),
                name="a_talk_needs_both_assessments",
            ),
            models.CheckConstraint(
                condition=~Q(manager_state=Progress.ENTERED), name="only_the_persons_own_is_typed_in_for_them"
            ),
            models.CheckConstraint(
                condition=Q(declined_on=None)
                | Q(
                    self_state=Progress.OPEN,
                    manager_state=Progress.OPEN,
                    talk_state=TalkProgress.OPEN,
                    plan_state=PlanProgress.NONE,
                ),
                name="of_who_has_declined_nothing_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(asks_back_on=None) | Q(declined_on__isnull=False), name="only_who_has_declined_asks_back"
            ),
        ]
        indexes = [
            models.Index(
                fields=[
                    "round",
                    "declined_on",
                    "paused_on",
                    "self_state",
                    "manager_state",
                    "talk_state",
                    "plan_state",
                    "self_due",
                    "manager_due",
                    "talk_due",
                    "plan_due",
                    "unit",
                    "admitted_on",
                ],
                name="participation_states",
            ),
            models.Index(
                fields=["round", "sort_key", "declined_on", "admitted_on", "person"], name="participation_listing"
            ),
            models.Index(
                fields=["round", "declined_on", "person", "manager", "profile", "admitted_on", "talk_state"],
                name="participation_people",
            ),
            models.Index(
                fields=["round", "role_asked", "profile", "talk_state", "admitted_on"], name="participation_role_asked"
            ),
        ]

    def __str__(self):
        return f"{self.person_name} in {self.round}"

    def get_absolute_url(self):
        return reverse("assessments:participation", args=[self.pk])

    @property
    def is_followed(self):
        """Whether it bears the names of today: the round runs, or the learning plan goes on (changes/following.py)."""
        return self.round.is_under_way or self.plan_state in {PlanProgress.DRAFT, PlanProgress.AGREED}

    def name_of(self, who, until=None):
        """What ``who``, somebody who has done something here, is called here.

        By today's name as long as it is followed; then by the one they had when the round ended, or on the day ``until`` which
        the plan did, with a corrected first name (§ 13 SBGG). A query for who is neither of the two, once it has ended.
        """
        if self.is_followed:
            return str(who)
        if who.pk == self.person_id:
            return self.person_name
        if who.pk == self.manager_id:
            return self.manager_name
        return who.name_on(max(filter(None, [timezone.localdate(self.round.closed_at), until])))

    @property
    def task_list(self):
        """What the role was there for when the Soll was frozen, or last taken over, one task each."""
        return lines_of(self.role_tasks)

    @property
    def number_and_unit(self):
        """What tells namesakes apart, for HR; the person is fetched beforehand."""
        return number_and_unit(self.person.personnel_number, self.unit_name)

    @property
    def manager_with_number(self):
        """The manager in a line, for HR; fetched beforehand. Whose name alone is left has no number."""
        return with_number(self.manager_name, self.manager and self.manager.personnel_number)

    @property
    def name_told_apart(self):
        """The person's name for whoever leads them; with number and unit where these lead somebody else who is called alike. A query."""
        theirs = Participation.objects.filter(manager=self.manager_id, person_name=self.person_name)
        is_one_of_two = self.pk and theirs.exclude(person=self.person_id).exists()
        return f"{self.person_name}, {self.number_and_unit}" if is_one_of_two else self.person_name

    @property
    def looked_for(self):
        """What finds this one alone in the list of the round."""
        return self.person.personnel_number or self.person_name

    @property
    def state_names(self):
        """Self, manager, talk and plan state in words; looked up plainly, for lists ask it fifty times."""
        if not self.takes_part:
            return NO_STATES
        return (
            PROGRESS_NAMES[self.self_state],
            PROGRESS_NAMES[self.manager_state],
            TALK_PROGRESS_NAMES[self.talk_state],
            PLAN_PROGRESS_NAMES[self.plan_state],
        )

    @property
    def self_is_released(self):
        return self.self_state == Progress.RELEASED

    @property
    def self_is_entered(self):
        """Whether somebody has typed in the Selbsteinschätzung from paper, and the person has not said yet that it is theirs."""
        return self.self_state == Progress.ENTERED

    @property
    def manager_is_released(self):
        return self.manager_state == Progress.RELEASED

    @property
    def both_released(self):
        return self.self_is_released and self.manager_is_released

    @property
    def talk_is_recorded(self):
        """Whether the agreed levels stand; from here on the Soll does not change, and a shared Bestandsaufnahme stays shared."""
        return self.talk_state >= TalkProgress.RECORDED

    @property
    def talk_is_answered(self):
        """Whether both sides have answered to the record."""
        return self.talk_state == TalkProgress.CONFIRMED

    @property
    def answer_due(self):
        """Until when the person answers to the record; None where it was written on the last day for that, or later."""
        recorded_at = hasattr(self, "talk") and self.talk.recorded_at
        is_late = recorded_at and timezone.localdate(recorded_at) >= self.talk_due
        return None if is_late else self.talk_due

    @property
    def awaits_answer(self):
        """Whether the record of the talk is before the person, who has not answered and still can."""
        return self.round.is_open and self.talk_state == TalkProgress.RECORDED

    @property
    def goes_on(self):
        """Whether anything is asked of anybody: the round is open, and the person takes part and does not rest."""
        return self.round.is_open and self.takes_part and not self.rests

    @property
    def takes_part(self):
        return self.declined_on is None

    @property
    def may_decline(self):
        """Whether the person can say now that they do not take part; what was recorded of a talk stays, also sent back."""
        is_free = self.round.is_open and self.round.is_voluntary and self.takes_part
        return is_free and not self.talk_is_recorded and not self.talk_is_sent_back

    @property
    def talk_is_sent_back(self):
        """Whether the record of the talk has been sent back for a correction, and is not recorded anew."""
        return self.talk_state == TalkProgress.STARTED and self.talk.returned_at is not None

    @property
    def awaits_self(self):
        return self.goes_on and not self.self_is_released

    @property
    def awaits_manager(self):
        return self.goes_on and not self.manager_is_released

    @property
    def awaits_talk(self):
        return self.goes_on and not self.talk_is_recorded

    @property
    def outlives_its_round(self):
        """Whether there is something to do after the round has ended: a plan to draw up, or one to follow."""
        return self.talk_is_recorded and self.plan_state < PlanProgress.COMPLETED

    @property
    def rests(self):
        return self.paused_on is not None

    def is_shared_with(self, user):
        """Whether ``user`` is the person or acts as their manager; see also ParticipationQuerySet.shared_with."""
        return user.pk == self.person_id or self.is_managed_by(user)

    def is_opened_to(self, user):
        """Whether ``user`` reads it as the person's new manager; a query for nobody else."""
        is_new = user.pk == self.person.manager_id != self.manager_id
        return is_new and type(self).objects.opened_to(user).filter(pk=self.pk).exists()

    def is_read_by(self, user):
        """Whether its words are ``user``'s to read; see also ParticipationQuerySet.read_by."""
        return self.is_shared_with(user) or self.is_opened_to(user)

    @property
    def has_lost_its_manager(self):
        """Whether the person has another manager by now, or none: on that side nobody acts until it is handed over."""
        return self.manager_id != self.person.manager_id

    @property
    def manager_today(self):
        """The manager in a sentence for the person about what is to come: by name only as long as they still lead them."""
        return "Ihre Führungskraft" if self.has_lost_its_manager else self.manager_name

    def partner_of(self, user):
        """The name of the other of the two: for the person their manager, for whoever acts as the manager the person."""
        return self.manager_name if user.pk == self.person_id else self.person_name

    def is_managed_by(self, user):
        """Whether ``user`` is the manager of this participation, or deputises for them; for deputies one query."""
        if user.pk == self.person_id:
            return False
        if user.pk == self.manager_id == self.person.manager_id:
            return True
        return type(self).objects.managed_by(user).filter(pk=self.pk).exists()

    def shows_target_to(self, user):
        """Whether ``user`` may see the Soll already: the person perhaps only after releasing."""
        waits = self.round.hides_target and not self.self_is_released
        return not (waits and user.pk == self.person_id)
