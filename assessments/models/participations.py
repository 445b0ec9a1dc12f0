"""One person in one round: what was frozen when they entered, and how far they have come."""

from collections import defaultdict

from django.db import models
from django.db.models import Case, Exists, F, Q, When
from django.urls import reverse
from django.utils import timezone

from kompetenz.lists import PER_PAGE
from kompetenz.people.models import Person, Unit, is_employed
from kompetenz.people.models.right_changes import RightChange
from kompetenz.people.names import number_and_unit
from roles.models import RoleProfile, lines_of

from .progress import PLAN_PROGRESS_NAMES, PROGRESS_NAMES, TALK_PROGRESS_NAMES, PlanProgress, Progress, TalkProgress
from .reach import managed, opened, readable, shared
from .rounds import Round
from .sides import Side

SENT_BACK = Q(talk_state=TalkProgress.STARTED, talk__returned_at__isnull=False)
STAYING = Q(talk_state__gte=TalkProgress.RECORDED) | Q(plan_state__gt=PlanProgress.NONE) | SENT_BACK
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


def can_take_over(at):
    """The condition on managers who can give a Fremdeinschätzung; ``at`` leads to the manager ("person__manager__")."""
    return is_employed(at) & Q(**{f"{at}email__isnull": False})


def open_to_hr(at=""):
    """The condition on participations whose levels HR as such may read: what is disclosed where a round shows HR levels."""
    in_talk = {f"{at}round__disclosure": Round.Disclosure.TALK}
    disclosed = ~Q(**in_talk) | Q(**{f"{at}talk_state__gte": TalkProgress.RECORDED})
    released = {f"{at}self_state": Progress.RELEASED, f"{at}manager_state": Progress.RELEASED}
    return Q(**{f"{at}round__shows_levels_to_hr": True}, **released) & disclosed


def visible(user, at=""):
    """The condition on participations whose comparison ``user`` may open.

    HR is let in only if the round shows levels to HR, and then only to what is disclosed.
    """
    return readable(user, at) | open_to_hr(at) if user.is_hr else readable(user, at)


def why_over(participation):
    """What has become of it since it was read, in words, for who wrote in it and comes too late; "" as long as it goes on. A query."""
    now = Participation.objects.select_related("round").filter(pk=participation.pk).first()
    if now is None:
        return "Die Teilnahme ist inzwischen aus der Runde entfernt."
    if not now.takes_part:
        return f"{now.person_name} nimmt an dieser Runde inzwischen nicht teil."
    return "" if now.round.is_open else "Die Runde ist inzwischen beendet."


def goes_on(at=""):
    """The condition on participations in which anything is asked of anybody: the person takes part, works here, does not rest.

    ``at`` leads to the participation ("participation__"). See also Round.is_open.
    """
    return is_employed(f"{at}person__") & Q(**{f"{at}paused_on": None, f"{at}declined_on": None})


def due_next():
    """Until when the step that comes next is to be done, by whichever of the two; null where nothing is. See next_step."""
    return Case(
        When(~(goes_on() & Q(round__state=Round.State.OPEN)), then=None),
        When(manager_state__lt=Progress.RELEASED, then=F("manager_due")),
        When(self_state__lt=Progress.RELEASED, then=F("self_due")),
        When(talk_state__lt=TalkProgress.CONFIRMED, then=F("talk_due")),
        When(plan_state__lt=PlanProgress.AGREED, then=F("plan_due")),
        default=None,
        output_field=models.DateField(null=True),
    )


def people_whom_nobody_leads():
    """People without a manager who works here and can sign in, see can_take_over. By these managers: they are few."""
    unable = Person.objects.filter(Q(pk__in=Person.objects.left().values("pk")) | Q(email=None))
    return Person.objects.filter(Q(manager=None) | Q(manager__in=unable.order_by().values("pk")))


class ParticipationQuerySet(models.QuerySet):
    def shared_with(self, user):
        """Participations whose content is this person's or their manager's concern, see ``shared``.

        What of the content may be seen yet is for AssessmentQuerySet.visible_to and Participation.shows_target_to.
        """
        return self.filter(shared(user))

    def read_by(self, user):
        """The same, and those of earlier rounds that the person has opened to ``user``, their new manager."""
        return self.filter(readable(user))

    def opened_to(self, user):
        """Those of earlier rounds with somebody else alone; nothing is ever changed in them."""
        return self.filter(opened(user)).exclude(manager=user.pk)

    def managed_by(self, user):
        """Participations in which ``user`` gives the Fremdeinschätzung."""
        return self.filter(managed(user))

    def of_side(self, user, whose):
        """Those in which ``user`` is the "person", or acts today as the "manager"; "" is either."""
        if whose == "person":
            return self.filter(person=user.pk)
        return self.filter(managed(user) if whose == "manager" else shared(user))

    def of_person(self, person):
        return self.filter(person=person)

    def hiding_target_from(self, user):
        """Their own in open rounds that hide the Soll, as long as they have not released; see Participation.shows_target_to."""
        hiding = self.of_person(user).filter(round__state=Round.State.OPEN, round__hides_target=True)
        return hiding.exclude(self_state=Progress.RELEASED)

    def entering(self):
        """Those of a round that is being opened; of ``with_entering``, for everybody else there are none."""
        return self.filter(admitted_on=None)

    def of_others(self, user):
        """What is ``user``'s to decide on at all: nobody decides on their own. All, for the command line (None).

        Who is new in HR may be a colleague in it, and decides on none of theirs.
        """
        if user is None:
            return self
        is_new = Exists(RightChange.objects.new_in_hr().filter(person=user.pk))
        return self.exclude(person=user.pk).exclude(is_new, person__is_hr=True)

    def taking_part(self):
        """All but those who have declined: whatever counts, lists, reminds or changes participations begins with these."""
        return self.filter(declined_on=None)

    def declined(self):
        return self.filter(declined_on__isnull=False)

    def asking_back(self):
        """Those who have declined and ask to take part after all."""
        return self.declined().filter(asks_back_on__isnull=False).select_related("person")

    def visible_to(self, user):
        """Participations whose comparison ``user`` may open."""
        return self.filter(visible(user))

    def open_to_hr(self):
        """Those whose comparison is for everybody in HR; somebody of HR may lead people, and read more of those."""
        return self.filter(open_to_hr())

    def watched_by(self, user):
        """Participations whose state, never whose levels, ``user`` follows: all, for HR."""
        return self.filter(round__in=Round.objects.run_by(user))

    def for_team_page(self):
        """With the talk, the manager's assessment as ``manager_assessment_id`` and ``has_left``: running rounds first,
        in each what is due first.
        """
        of_manager = models.FilteredRelation("assessments", condition=Q(assessments__kind="manager"))
        return (
            self.with_who_left()
            .select_related("round", "talk")
            .annotate(of_manager=of_manager, manager_assessment_id=F("of_manager__pk"), due_next=due_next())
            .order_by(
                F("round__closed_at").desc(nulls_first=True),
                "-round",
                F("due_next").asc(nulls_last=True),
                "sort_key",
                "pk",
            )
        )

    def of_papers_for(self, user):
        """Participations whose Selbsteinschätzung ``user`` may be handed on paper: for HR all, for a manager their people's.

        When it may be typed in is for paper_entry.obstacle.
        """
        reach = managed(user) | Q(round__in=Round.objects.run_by(user))
        return self.taking_part().filter(reach).exclude(person=user.pk)

    def with_who_left(self):
        """With ``has_left``: whether the person works here no more."""
        return self.annotate(has_left=Case(When(is_employed("person__"), then=False), default=True))

    def of_all_who_left(self):
        """Those of people who do not work here any more. By a list of these few, not by asking each."""
        return self.filter(person__in=Person.objects.left().values("pk"))

    def to_hand_over(self):
        """Those of people who work for somebody else by now, who can give a Fremdeinschätzung."""
        moved = self.taking_part().filter(~Q(manager=F("person__manager")), is_employed("person__"))
        return moved.filter(can_take_over("person__manager__")).select_related("person__manager__unit")

    def to_hand_over_in(self, rounds):
        """The same in these rounds, out of all: whose manager is another one, the database sees in an index of a round."""
        moved = self.model.with_entering.filter(~Q(manager=F("person__manager")), round__in=rounds, declined_on=None)
        return self.filter(pk__in=moved.order_by().values("pk")).to_hand_over()

    def without_manager(self):
        """Those in which nobody can take over: the person has no manager who works here and can sign in."""
        present = self.taking_part().filter(is_employed("person__"))
        return present.exclude(can_take_over("person__manager__")).select_related("person__manager__unit")

    def whose_person_has_none(self):
        """Of these without a manager who can act, those of people who have none at all."""
        return self.filter(person__manager=None)

    def without_manager_in(self, rounds):
        """The same in these rounds, out of all, by those people: they are few."""
        people = people_whom_nobody_leads().order_by().values("pk")
        theirs = self.model.with_entering.filter(round__in=rounds, person__in=people)
        return self.filter(pk__in=theirs.order_by().values("pk")).without_manager()

    def without_address(self):
        """Those of people who work here and have no e-mail address: no letter reaches them. By these people, for they are few."""
        return self.filter(person__in=Person.objects.employed().filter(email=None).order_by().values("pk"))

    def with_rejected_paper(self):
        """Those in which the person has rejected what was typed in from their paper, and has not begun since.

        By the papers that were rejected, for they are few.
        """
        rejected = {"assessments__kind": "self", "assessments__rejected_on__isnull": False}
        theirs = self.model.with_entering.filter(**rejected).order_by().values("pk")
        return self.filter(self_state=Progress.OPEN, pk__in=theirs)

    def with_paper_to_check(self):
        """Those in which somebody of HR compares a signed paper with what was typed in: nobody could ask its person.

        By these people, for they are few. See also paper_entry.own_word.
        """
        typed_in = {"self_state": Progress.ENTERED, "assessments__kind": "self", "assessments__asked_on": None}
        unasked = Person.objects.filter(email=None, last_login=None).order_by().values("pk")
        return self.filter(**typed_in, person__in=unasked)

    def resting(self):
        return self.filter(paused_on__isnull=False)

    def called_like(self, participation):
        """Those of others of the same name."""
        return self.filter(sort_key=participation.sort_key).exclude(person=participation.person_id)

    def outliving_their_round(self):
        """See Participation.outlives_its_round."""
        return self.filter(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.COMPLETED)

    def staying_in_their_round(self):
        """Those that cannot be removed from it: their talk is recorded, also where it was sent back for a correction,
        or there is a plan.
        """
        return self.filter(STAYING)

    def sent_back(self):
        """See Participation.talk_is_sent_back."""
        return self.filter(SENT_BACK)

    def leaving_their_round(self):
        return self.exclude(STAYING)

    def first_names(self):
        """As many people as a page shows, in their order: their names, and what tells namesakes apart."""
        found = self.values_list("person_name", "person__personnel_number", "unit_name")
        return [(name, number_and_unit(number, unit)) for name, number, unit in found[:PER_PAGE]]

    def of_people_who_left(self):
        """Those of people who do not work here any more; not those that rest already."""
        return self.taking_part().of_all_who_left().filter(paused_on=None).select_related("person")

    def of_people_who_left_in(self, rounds):
        """The same in these rounds, out of all, by those people: they are few."""
        theirs = self.model.with_entering.filter(round__in=rounds).of_all_who_left()
        return self.filter(pk__in=theirs.order_by().values("pk")).of_people_who_left()

    def ready_for_talk(self):
        return self.filter(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)

    def with_agreed_levels(self):
        """Those in which the person has taken note of the talk's record; see also TalkQuerySet.agreed.

        By joins, for a round has thousands.
        """
        noted = {"talk__acknowledgements__side": Side.PERSON, "talk__acknowledgements__declined": False}
        return self.filter(talk_state=TalkProgress.CONFIRMED, **noted)

    def with_talk(self):
        """Those whose talk has been begun, with it."""
        return self.filter(talk__isnull=False).select_related("talk")


class AdmittedManager(models.Manager.from_queryset(ParticipationQuerySet)):
    """What everybody asks: those who are in, not those of a round that is only being opened."""

    def get_queryset(self):
        return super().get_queryset().filter(admitted_on__isnull=False)


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
    Where one side had read the other before, or the person a hidden Soll, both rate anew knowing it, and ``lay_open_until``
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
    lay_open_until = models.DateField("frühere Einschätzungen lagen offen bis", null=True, editable=False)
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
