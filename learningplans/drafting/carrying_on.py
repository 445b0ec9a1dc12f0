"""From one Lernplan to the next: its draft starts from what the last final review has left (paper 4.3.3)."""

from django.utils import timezone

from assessments.from_above import EarlierNote
from assessments.models import Participation
from kompetenz import hooks
from kompetenz.prepared import prepared
from learningplans.contents.plan import agreed_levels
from learningplans.models import FinalCheck, FollowUp, Goal, LearningPlan, Review
from learningplans.training.freshness import due_refreshes

SAME_LEVEL = {FollowUp.Kind.DEEPEN: Goal.Aim.DEEPEN, FollowUp.Kind.REFRESH: Goal.Aim.REFRESH}


def carry_on(plan):
    """Give a new draft its first goals: the agreed follow-ups of the last completed plan, then what is due for refreshing.

    Only what the manager of today shares with the person; only competencies of the round with an agreed Ist. They are
    goals like others, without dates and measures: those the two agree anew.
    """
    catalogue = plan.participation.round.catalogue
    actual = agreed_levels(plan.participation)
    _, follow_ups = follow_ups_before(plan.participation, agreed=True)
    wanted = {one.competency_id: (one.kind, one.text, one.kind) for one in follow_ups}
    for one in refreshes_for(plan.participation):
        wanted.setdefault(one.competency.id, (FollowUp.Kind.REFRESH, "", ""))
    known = {pk: wish for pk, wish in wanted.items() if pk in catalogue.by_id and actual.get(pk) is not None}
    Goal.objects.bulk_create(
        goal_of(plan, pk, actual[pk], catalogue.highest, kind, text, priority, goes_on_as)
        for priority, (pk, (kind, text, goes_on_as)) in enumerate(known.items(), start=1)
    )


def goal_of(plan, competency, actual, highest, kind, text, priority, goes_on_as):
    """One level up for theory and responsibility; what is to be deepened or refreshed stays where it is.

    Who is at the highest level deepens; at no level there is nothing to deepen or refresh yet.
    """
    aim = SAME_LEVEL.get(kind, Goal.Aim.DEEPEN if actual == highest else Goal.Aim.RAISE)
    if not actual:
        aim = Goal.Aim.RAISE
    return Goal(
        plan=plan,
        competency_id=competency,
        from_level=actual,
        to_level=actual + 1 if aim == Goal.Aim.RAISE else actual,
        aim=aim,
        specific=text,
        priority=priority,
        goes_on_as=goes_on_as,
    )


def plans_before(participation, reader):
    """Completed plans of the same person's earlier rounds, as far as ``reader`` shares them, the last first."""
    return completed_plans(reader).filter(
        participation__person=participation.person_id,
        participation__round__opened_at__lt=participation.round.opened_at,
    )


def completed_plans(reader):
    theirs = LearningPlan.objects.shared_with(reader) if reader else LearningPlan.objects.none()
    return theirs.filter(state=LearningPlan.State.COMPLETED).order_by("-completed_on", "-pk")


def follow_ups_before(participation, *, agreed):
    """The follow-ups of the last completed plan that both the person and their manager of today read, and its final review.

    Only where the record of that review is ``agreed``, or only where it is not; None and none elsewhere. Two queries at most.
    """
    last = plans_before(participation, participation.manager).values("pk")[:1]
    final = Review.objects.with_names().select_related("plan__participation__round").filter(plan=last, is_final=True)
    final = final.first()
    if final is None or final.is_agreed != agreed:
        return None, []
    return final, list(final.plan.follow_ups.all())


def refreshes_for(participation):
    """What is due for refreshing, as far as the manager of today shares when it was confirmed."""
    if participation.manager is None:
        return []
    return due_refreshes(participation.person, timezone.localdate(), participation.manager)


def carried_over(entries):
    """Of the goals of a draft those that it was drawn up with from the last plan, as (GoalEntry, in what way)."""
    return [(entry, FollowUp.Kind(entry.goal.goes_on_as).label) for entry in entries if entry.goal.goes_on_as]


def offered(plan):
    """What one side has proposed in the last final review and the other has not taken note of: (review, pairs).

    The pairs are of FollowUp and competency of the round; the two choose themselves what becomes a goal.
    """
    by_id = plan.participation.round.catalogue.by_id
    final, follow_ups = follow_ups_before(plan.participation, agreed=False)
    return final, [(one, by_id[one.competency_id]) for one in follow_ups if one.competency_id in by_id]


@prepared
def last_check(participation, user):
    """The final check of the last completed plan before this participation, if it notes anything."""
    this = Participation.objects.filter(pk=participation)
    last = completed_plans(user).filter(
        participation__person=this.values("person")[:1],
        participation__round__opened_at__lt=this.values("round__opened_at")[:1],
    )
    checks = FinalCheck.objects.filter(review__plan=last.values("pk")[:1])
    people = [f"review__written_{how}" for how in ("by", "for")]
    return checks.exclude(note_for_next="").select_related("review__plan__participation__round", *people)


@hooks.register("earlier_notes")
def note_of_the_last_review(participation, user):
    """What the last final review has noted for the round that follows it; one query."""
    check = last_check.first(participation.pk, user)
    if check is None:
        return []
    title = ", ".join(filter(None, ["Aus dem letzten Abschlussgespräch", check.review.not_agreed]))
    return [EarlierNote(title, check.review.held_on, check.note_for_next)]
