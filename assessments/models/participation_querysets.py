"""Which participations: the conditions that others ask for, too, and the querysets that are made of them."""

from django.db import models
from django.db.models import Case, Exists, F, Q, When

from kompetenz.lists import PER_PAGE
from kompetenz.people.models import Person, is_employed
from kompetenz.people.models.right_changes import RightChange
from kompetenz.people.names import number_and_unit

from .progress import PlanProgress, Progress, TalkProgress
from .reach import managed, opened, readable, shared
from .rounds import Round
from .sides import Side

SENT_BACK = Q(talk_state=TalkProgress.STARTED, talk__returned_at__isnull=False)
STAYING = Q(talk_state__gte=TalkProgress.RECORDED) | Q(plan_state__gt=PlanProgress.NONE) | SENT_BACK


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
        When(recorded_late(), then=None),
        When(talk_state__lt=TalkProgress.CONFIRMED, then=F("talk_due")),
        When(plan_state__lt=PlanProgress.AGREED, then=F("plan_due")),
        default=None,
        output_field=models.DateField(null=True),
    )


def recorded_late():
    """The condition under which the answer to the record has no day, see Participation.answer_due."""
    return Q(talk_state=TalkProgress.RECORDED, talk__recorded_at__date__gte=F("talk_due"))


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
        return self.declined().filter(asks_back_on__isnull=False).select_related("person", "manager")

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
        return moved.filter(can_take_over("person__manager__")).select_related("manager", "person__manager__unit")

    def to_hand_over_in(self, rounds):
        """The same in these rounds, out of all: whose manager is another one, the database sees in an index of a round."""
        moved = self.model.with_entering.filter(~Q(manager=F("person__manager")), round__in=rounds, declined_on=None)
        return self.filter(pk__in=moved.order_by().values("pk")).to_hand_over()

    def without_manager(self):
        """Those in which nobody can take over: the person has no manager who works here and can sign in."""
        present = self.taking_part().filter(is_employed("person__"))
        return present.exclude(can_take_over("person__manager__")).select_related("manager", "person__manager__unit")

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
