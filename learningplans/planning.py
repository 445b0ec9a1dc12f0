"""Drawing up, agreeing, following and completing a Lernplan (paper 4.3.2 and 4.3.3)."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.duties import of_round, on_behalf
from assessments.gaps import find_gaps
from assessments.models import Participation, PlanProgress, Round, TalkProgress
from assessments.stock_taking import shared_frame
from kompetenz.catalogue.models import Level
from kompetenz.people.tasks import Task, bundled
from roles.models import Necessity

from . import notices
from .carrying_on import carry_on
from .contents import agreed_levels
from .freshness import due_refreshes
from .models import Goal, LearningPlan, Measure, Review

HANDFUL = 5  # goals; more are possible and get a warning
KEPT_UP = {Goal.Aim.DEEPEN: "vertiefen oder auffrischen", Goal.Aim.REFRESH: "auffrischen"}
NUMBERS = {1: "eine", 2: "zwei", 3: "drei"}
SOON = timedelta(days=30)  # before its date a measure or review becomes somebody's task
TO_PREPARE = timedelta(days=14)  # before its date a review is to be prepared


class OutOfState(Exception):
    """The plan is no longer in the state this change needs: somebody else was faster."""


class DraftChanged(Exception):
    """The draft is not the one that was read before agreeing."""


def still_there(row):
    """Refuse to bring back a goal, measure or review that the other side has removed meanwhile: OutOfState."""
    if row is not None and row.pk and not type(row).objects.filter(pk=row.pk).exists():
        raise OutOfState


@contextmanager
def changing(plan, row=None):
    """Hold the draft while it, or one ``row`` of it, changes; an agreement given before ends.

    For it was given to something else. Raises OutOfState when the plan is no draft any more or the
    row is gone. ``plan`` itself keeps the old agreements, so that the page can say whose has ended.
    """
    drafts = LearningPlan.objects.filter(pk=plan.pk, state=LearningPlan.State.DRAFT)
    with transaction.atomic():
        if not drafts.update(agreed_by_person_on=None, agreed_by_manager_on=None, changed_at=timezone.now()):
            raise OutOfState
        still_there(row)
        yield


def held(plan, state):
    """The plan, locked until the transaction ends; raises OutOfState unless it is in this state."""
    found = LearningPlan.objects.select_for_update().filter(pk=plan.pk, state=state).first()
    if found is None:
        raise OutOfState
    return found


@contextmanager
def pursuing(plan, row=None):
    """Hold a plan that is not completed: as a change of the draft, or while it is carried out."""
    if plan.is_draft:
        with changing(plan, row):
            yield
        return
    with transaction.atomic():
        held(plan, LearningPlan.State.AGREED)
        still_there(row)
        yield


def schedule_review(*, review):
    """Save the date of a review; of an agreed plan both sides are invited to it, if it is a new one.

    Raises OutOfState if the other side has just added the final one, too, or recorded this one.
    """
    with pursuing(review.plan, review):
        stored = Review.objects.filter(pk=review.pk).first()
        if review.is_final and review.plan.reviews.filter(is_final=True).exclude(pk=review.pk).exists():
            raise OutOfState
        if stored and stored.held_on:
            raise OutOfState
        review.save()
        if review.plan.is_agreed and not (stored and stored.planned_on == review.planned_on):
            notices.invite_to_reviews(review.plan, [review])


def may_be_planned(participation):
    """Whether there are agreed levels to plan from: the record of the talk is written."""
    return participation.talk_state >= TalkProgress.RECORDED


@transaction.atomic
def draw_up_plan(*, participation):
    """The draft for this participation, made now with what goes on from the last plan, unless there is one.

    Raises OutOfState before the record.
    """
    if not may_be_planned(participation):
        raise OutOfState
    frame = shared_frame(participation)
    plan, drawn_up_now = LearningPlan.objects.get_or_create(participation=participation, defaults=frame)
    if drawn_up_now:
        carry_on(plan)
        tell_participation(plan)
    return plan


def tell_participation(plan):
    """The participation repeats how far its plan has come, so that a round is counted from one index."""
    progress = PlanProgress[plan.state.upper()]
    Participation.objects.filter(pk=plan.participation_id).update(plan_state=progress)


@dataclass(frozen=True)
class Candidate:
    """A competency that may become a goal; ``target`` is None where the role asks nothing, ``required`` where no gap is.

    ``is_suggested`` are the few that come first; the two choose themselves.
    """

    competency: object
    actual: int
    target: int | None
    required: bool | None
    is_suggested: bool = False

    @property
    def levels(self):
        """The levels a goal may lead to, as choices; what reaches the Soll may also be kept up where it is."""
        higher = [(level.value, level.label) for level in Level if level > self.actual]
        keeps = self.required is None and self.actual > Level.NONE
        return [
            *higher,
            *([(self.actual, f"{self.actual_name}: {KEPT_UP[self.aim_at(self.actual)]}")] if keeps else []),
        ]

    def aim_at(self, level):
        """What a goal for this level means to do; the goal's own page changes it."""
        if level > self.actual:
            return Goal.Aim.RAISE
        return Goal.Aim.REFRESH if level == Level.EXPERTE else Goal.Aim.DEEPEN

    @property
    def proposal(self):
        """One level up, however far the Soll is, for two levels in one plan seldom succeed; never above the highest."""
        return min(self.actual + 1, Level.EXPERTE.value)

    @property
    def reason(self):
        """Why it is suggested, in words."""
        count = self.target - self.actual
        return f"für die Rolle erforderlich, {NUMBERS[count]} {'Stufe' if count == 1 else 'Stufen'} unter dem Soll"

    @property
    def is_far(self):
        """Whether the Soll lies more than one level above the Ist."""
        return (self.target or 0) > self.proposal

    @property
    def actual_name(self):
        return Level(self.actual).label

    @property
    def target_name(self):
        return "" if self.target is None else Level(self.target).label


def candidates(plan):
    """The plan's gaps and its other competencies with an agreed Ist, both without those already goals.

    Gaps come erforderlich first, then the larger first; the others in the wheel's order. Of the erforderliche so many
    are suggested that the plan has a handful of goals. Costs four queries.
    """
    competencies = plan.participation.round.catalogue.competencies
    actual = agreed_levels(plan.participation)
    asked = {target.competency_id: target for target in plan.participation.targets.all()}
    required = {pk for pk, target in asked.items() if target.necessity == Necessity.REQUIRED}
    targets = {pk: target.level for pk, target in asked.items()}
    taken = set(plan.goals.values_list("competency", flat=True))
    gaps = [gap for gap in find_gaps(competencies, targets, actual, required) if gap.competency.id not in taken]
    known = taken | {gap.competency.id for gap in gaps}
    wishes = [
        Candidate(competency, actual[competency.id], targets.get(competency.id), None)
        for competency in competencies
        if competency.id not in known and actual.get(competency.id) is not None
    ]
    return [
        Candidate(gap.competency, gap.actual, gap.target, gap.required, gap.required and place < HANDFUL - len(taken))
        for place, gap in enumerate(gaps)
    ], wishes


def choose_goals(*, plan, chosen):
    """Append goals in the given order; ``chosen`` are (candidate, level to reach) pairs.

    A competency that the other side has made a goal at the same moment stays as they chose it.
    """
    with changing(plan):
        first = plan.goals.count() + 1
        goals = [
            Goal(
                plan=plan,
                competency_id=candidate.competency.id,
                from_level=candidate.actual,
                to_level=level,
                aim=candidate.aim_at(level),
                priority=priority,
            )
            for priority, (candidate, level) in enumerate(chosen, start=first)
        ]
        Goal.objects.bulk_create(goals, ignore_conflicts=True)


def change_goal(*, goal):
    """Save a goal and give every goal of the plan its rank anew: this one at ``goal.priority``, the others around it."""
    with changing(goal.plan, goal):
        ranked = list(goal.plan.goals.exclude(pk=goal.pk))
        ranked.insert(goal.priority - 1, goal)
        goal.save()
        rank(ranked)


def ends_before_its_measures(goal):
    """Says so if the goal is to be reached before even the first of its measures ends; one query."""
    first = goal.measures.exclude(state=Measure.State.DROPPED).aggregate(day=Min("due_on"))["day"]
    if not goal.due_on or not first or goal.due_on >= first:
        return ""
    return f"Der Termin liegt vor dem Ende der ersten Maßnahme für dieses Ziel am {date_format(first, 'j. F Y')}."


def remove_goal(*, goal):
    """Remove a goal and the measures that serve no other goal."""
    with changing(goal.plan):
        orphans_of(goal).delete()
        goal.delete()
        rank(goal.plan.goals.all())


def rank(goals):
    """Number goals 1, 2, 3 ... in the given order."""
    goals = list(goals)
    for priority, goal in enumerate(goals, start=1):
        goal.priority = priority
    Goal.objects.bulk_update(goals, ["priority"])


def orphans_of(goal):
    """The measures that serve ``goal`` and no other."""
    others = goal.plan.goals.exclude(pk=goal.pk)
    return goal.plan.measures.filter(goals=goal).exclude(goals__in=others)


@transaction.atomic
def hold_review(*, review):
    """Record a review of an agreed plan; the final one completes it on the day it was held."""
    plan = held(review.plan, LearningPlan.State.AGREED)
    still_there(review)
    review.save(update_fields=["held_on", "notes"])
    if review.is_final:
        plan.state = LearningPlan.State.COMPLETED
        plan.completed_on = review.held_on
        plan.save()
        tell_participation(plan)


def missing_from(plan):
    """What has to be settled before the plan can be agreed, as (text, address where it is done); four queries."""
    serving = Measure.objects.filter(goals=OuterRef("pk")).exclude(state=Measure.State.DROPPED)
    goals = list(plan.goals.annotate(has_measure=Exists(serving)))
    missing = [*missing_from_talk(plan.participation), *missing_from_goals(plan, goals), *missing_from_measures(plan)]
    if not goals:
        missing.append(("mindestens ein Ziel", reverse("learningplans:choose_goals", args=[plan.pk])))
    if not plan.reviews.exists():
        missing.append(("mindestens ein Review-Termin", reverse("learningplans:review_add", args=[plan.pk])))
    return missing


def missing_from_talk(participation):
    """A plan rests on an Ist that no longer changes: both sides have answered the record, or the round has ended."""
    stands = participation.talk_state == TalkProgress.CONFIRMED
    if not stands and (participation.round.is_open or not may_be_planned(participation)):
        talk = reverse("assessments:talk", args=[participation.pk])
        yield "die Kenntnisnahme des Gesprächsergebnisses durch beide Seiten", talk


def missing_from_goals(plan, goals):
    """What each goal lacks. The Ist may have been corrected since it was chosen: a goal starts from the one that holds."""
    catalogue = plan.participation.round.catalogue
    actual = agreed_levels(plan.participation)
    for goal in goals:
        name = catalogue.by_id[goal.competency_id].name
        page = reverse("learningplans:goal", args=[plan.pk, goal.pk])
        if goal.due_on is None:
            yield f"Termin für das Ziel „{name}“", f"{page}#id_due_on"
        if goal.from_level != actual.get(goal.competency_id):
            yield f"ein neues Ziel für „{name}“: Das vereinbarte Ist hat sich geändert", page
        if not goal.has_measure:
            add = reverse("learningplans:measure_add", args=[plan.pk])
            yield f"eine Maßnahme für das Ziel „{name}“", f"{add}?ziel={goal.pk}"


def missing_from_measures(plan):
    """What the formats of the measures need and these do not have; one query."""
    for measure in plan.measures.exclude(state=Measure.State.DROPPED).lacking().select_related("format"):
        page = reverse("learningplans:measure", args=[plan.pk, measure.pk])
        if measure.lacks_consent:
            yield f"das Einverständnis der Person mit der Maßnahme „{measure.title}“ ({measure.format})", page
        if measure.lacks_mentor:
            yield f"wer die Maßnahme „{measure.title}“ begleitet ({measure.format})", page


@transaction.atomic
def agree_plan(*, plan, by, read):
    """Note that one side agrees; with both the plan is agreed. Answers whether it is now.

    ``read`` is the plan's ``changed_at`` in ISO format as the reader saw it: whoever agrees must have read what they
    agree to, else DraftChanged. Raises OutOfState for anything but a draft that lacks nothing.
    """
    draft = held(plan, LearningPlan.State.DRAFT)
    if draft.changed_at.isoformat() != read:
        raise DraftChanged
    if missing_from(draft):
        raise OutOfState
    today = timezone.localdate()
    if by.pk == draft.participation.person_id:
        draft.agreed_by_person_on = today
    else:
        draft.agreed_by_manager_on = today
    if draft.agreed_by_person_on and draft.agreed_by_manager_on:
        draft.state = LearningPlan.State.AGREED
    draft.save(update_fields=["agreed_by_person_on", "agreed_by_manager_on", "state"])
    tell_participation(draft)
    if draft.is_agreed:
        notices.invite_to_reviews(draft, draft.reviews.filter(held_on=None, planned_on__gte=today))
    return draft.is_agreed


@transaction.atomic
def reopen_plan(*, plan):
    """Make an agreed plan a draft again, which both sides have to agree to anew.

    Raises OutOfState for a plan that is not agreed, or in which a review has been held: what was
    looked back on stays.
    """
    agreed = held(plan, LearningPlan.State.AGREED)
    if agreed.reviews.filter(held_on__isnull=False).exists():
        raise OutOfState
    agreed.state = LearningPlan.State.DRAFT
    agreed.agreed_by_person_on = agreed.agreed_by_manager_on = None
    agreed.save()
    tell_participation(agreed)


def plans_of(user):
    """The user's own plans and those of their people that are not completed or belong to a running round; one query.

    ``next_review`` is the day of the next review not yet held, or None.
    """
    wanted = Q(participation__person=user.pk) | ~Q(state=LearningPlan.State.COMPLETED)
    return list(
        LearningPlan.objects.shared_with(user)
        .filter(wanted | Q(participation__round__state=Round.State.OPEN))
        .with_participation()
        .annotate(next_review=Min("reviews__planned_on", filter=Q(reviews__held_on=None)))
        .order_by("-created_at", "-pk")
    )


def tasks_of(user, participations, plans):
    """What ``user`` has to do about learning plans, in no particular order; six queries at most.

    ``participations`` are the user's own and their people's of running rounds, ``plans`` come from ``plans_of(user)``.
    """
    agreed = [plan for plan in plans if plan.is_agreed]
    return [
        *_plans_to_draw_up(user, participations, plans),
        *_plans_to_agree(user, plans),
        *_measures_to_do([plan for plan in agreed if plan.participation.person_id == user.pk]),
        *_reviews_to_come(user, agreed),
        *_competencies_to_refresh(user, participations, plans),
    ]


def _plans_to_draw_up(user, participations, plans):
    planned = {plan.participation_id for plan in plans}
    ready = [row for row in participations if row.round.is_open and may_be_planned(row) and row.pk not in planned]

    def one(row):
        note = f"{row.round} · Das Ist ist vereinbart."
        return Task(
            f"Lernplan aufstellen: {_whose(row, user)}", reverse("learningplans:draw_up", args=[row.pk]), note=note
        )

    def several(rows):
        return Task(f"{len(rows)} Lernpläne aufstellen", reverse("assessments:team"), note=rows[0].frame)

    own = [one(row) for row in ready if row.person_id == user.pk]
    managed = [row for row in ready if row.person_id != user.pk]
    return own + bundled(managed, by=of_round, one=one, several=several)


def _plans_to_agree(user, plans):
    return [
        Task(
            f"Lernplan {'vereinbaren' if plan.agreed_names else 'ausarbeiten'}: {_whose(plan.participation, user)}",
            plan.get_absolute_url(),
            note=f"Zugestimmt hat schon: {plan.agreed_names[0]}." if plan.agreed_names else "",
        )
        for plan in plans
        if plan.is_draft and plan.agreed_on_by(user) is None
    ]


def _measures_to_do(own):
    """Those of one's own plans; a manager hears about them in the reviews."""
    due = timezone.localdate() + SOON
    measures = Measure.objects.filter(plan__in=own, state=Measure.State.PLANNED, due_on__lte=due)
    return [
        Task(f"Maßnahme: {measure.title}", measure.plan.get_absolute_url() + "#massnahmen", measure.due_on)
        for measure in measures.select_related("plan")
    ]


def _reviews_to_come(user, agreed):
    """Reviews to hold, and those that ``user`` has still to prepare."""
    participations = {plan.pk: plan.participation for plan in agreed}
    due = timezone.localdate() + SOON
    for review in Review.objects.filter(plan__in=agreed, held_on=None, planned_on__lte=due).with_preparations():
        participation = participations[review.plan_id]
        whose, page = _whose(participation, user), [review.plan_id, review.pk]
        note = "Das Ergebnis ist noch nicht festgehalten." if review.is_overdue else ""
        address = reverse("learningplans:review", args=page)
        yield Task(f"{review.kind_name}: {whose}", address, review.planned_on, note)
        if _has_to_prepare(user, participation, review):
            address = reverse("learningplans:review_prepare", args=page)
            yield Task(f"{review.kind_name} vorbereiten: {whose}", address, review.planned_on)


def _has_to_prepare(user, participation, review):
    """Whether ``review`` is near and the side of ``user`` has not released what it thinks."""
    today = timezone.localdate()
    is_ready = review.person_is_ready if user.pk == participation.person_id else review.manager_is_ready
    return not is_ready and today <= review.planned_on <= today + TO_PREPARE


def _competencies_to_refresh(user, participations, plans):
    """One's own that are due and in no plan that is still followed; whoever rests is asked for nothing."""
    mine = [row for row in participations if row.person_id == user.pk]
    if any(row.rests and row.round.is_open for row in mine) or not any(map(may_be_planned, mine)):
        return []
    due = due_refreshes(user, timezone.localdate())
    own = [plan for plan in plans if plan.participation.person_id == user.pk and not plan.completed_on]
    planned = set(Goal.objects.filter(plan__in=own).values_list("competency", flat=True)) if due else set()
    return [
        Task(
            f"Kompetenz auffrischen: {one.competency}",
            reverse("learningplans:growth"),
            note=f"{one.level_name}, zuletzt bestätigt am {date_format(one.confirmed_on, 'j. F Y')}",
        )
        for one in due
        if one.competency.id not in planned
    ]


def _whose(participation, user):
    """Whose plan it is, and for whom ``user`` acts in it if they are a deputy."""
    if user.pk == participation.person_id:
        return "für Sie selbst"
    acting = on_behalf(participation, user)
    return f"{participation.person_name} ({acting})" if acting else participation.person_name


def next_step_of(plan, user):
    """What comes next in the plan, or on whom it waits, in words for the person themselves; ``plan`` is of ``plans_of``."""
    if plan.is_draft:
        if plan.agreed_on_by(user):
            return "Lernplan wartet auf die Zustimmung Ihrer Führungskraft"
        return "Lernplan vereinbaren" if plan.agreed_names else "Lernplan ausarbeiten"
    if plan.is_agreed:
        if plan.is_overdue:
            return "Lernplan überfällig: Das Abschlussgespräch steht aus"
        if plan.next_review is None:
            return "Lernplan vereinbart; es fehlt ein Termin für das Abschlussgespräch"
        return f"Lernplan vereinbart, nächstes Gespräch am {date_format(plan.next_review, 'j. F Y')}"
    return "abgeschlossen"
