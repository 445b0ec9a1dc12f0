"""From one Lernplan to the next: its draft starts from what the last final review has left (paper 4.3.3)."""

from django.utils import timezone

from assessments.earlier_notes import Note, offer_note
from kompetenz.catalogue.models import Level

from .contents import agreed_levels
from .freshness import due_refreshes
from .models import FinalCheck, FollowUp, Goal, LearningPlan

SAME_LEVEL = {FollowUp.Kind.DEEPEN: Goal.Aim.DEEPEN, FollowUp.Kind.REFRESH: Goal.Aim.REFRESH}


def carry_on(plan):
    """Give a new draft its first goals: the follow-ups of the last completed plan, then what is due for refreshing.

    Only what the manager of today shares with the person; only competencies of the round with an agreed Ist. They are
    goals like others, without dates and measures: those the two agree anew.
    """
    catalogue = plan.participation.round.catalogue
    actual = agreed_levels(plan.participation)
    wanted = {one.competency_id: (one.kind, one.text) for one in follow_ups_before(plan.participation)}
    for one in refreshes_for(plan.participation):
        wanted.setdefault(one.competency.id, (FollowUp.Kind.REFRESH, ""))
    known = {pk: wish for pk, wish in wanted.items() if pk in catalogue.by_id and actual.get(pk) is not None}
    Goal.objects.bulk_create(
        goal_of(plan, pk, actual[pk], kind, text, priority)
        for priority, (pk, (kind, text)) in enumerate(known.items(), start=1)
    )


def goal_of(plan, competency, actual, kind, text, priority):
    """One level up for theory and responsibility; what is to be deepened or refreshed stays where it is.

    Who is at the highest level deepens; at no level there is nothing to deepen or refresh yet.
    """
    aim = SAME_LEVEL.get(kind, Goal.Aim.DEEPEN if actual == Level.EXPERTE else Goal.Aim.RAISE)
    if actual == Level.NONE:
        aim = Goal.Aim.RAISE
    return Goal(
        plan=plan,
        competency_id=competency,
        from_level=actual,
        to_level=actual + 1 if aim == Goal.Aim.RAISE else actual,
        aim=aim,
        specific=text,
        priority=priority,
    )


def plans_before(participation, reader):
    """Completed plans of the same person's earlier rounds, as far as ``reader`` shares them, the last first."""
    theirs = LearningPlan.objects.shared_with(reader) if reader else LearningPlan.objects.none()
    return theirs.filter(
        participation__person=participation.person_id,
        participation__round__opened_at__lt=participation.round.opened_at,
        state=LearningPlan.State.COMPLETED,
    ).order_by("-completed_on", "-pk")


def follow_ups_before(participation):
    """The follow-ups of the last completed plan that both the person and their manager of today read; one query."""
    last = plans_before(participation, participation.manager).values("pk")[:1]
    return list(FollowUp.objects.filter(plan=last))


def refreshes_for(participation):
    """What is due for refreshing, as far as the manager of today shares when it was confirmed."""
    if participation.manager is None:
        return []
    return due_refreshes(participation.person, timezone.localdate(), participation.manager)


def carried_over(plan, entries):
    """Of the goals of a draft those that go on from the last plan, as (GoalEntry, in what way); one query."""
    kinds = {one.competency_id: one.get_kind_display() for one in follow_ups_before(plan.participation)}
    return [(entry, kinds[entry.goal.competency_id]) for entry in entries if entry.goal.competency_id in kinds]


@offer_note
def note_of_the_last_review(participation, user):
    """What the last final review has noted for the round that follows it; one query."""
    last = plans_before(participation, user).values("pk")[:1]
    check = FinalCheck.objects.filter(review__plan=last).exclude(note_for_next="").select_related("review").first()
    return [Note("Aus dem letzten Abschlussgespräch", check.review.held_on, check.note_for_next)] if check else []
