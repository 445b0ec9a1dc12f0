"""The way from the talk to the learning plan."""

from django.urls import reverse
from django.utils import timezone

from assessments.handing_over import on_hand_over
from assessments.late_plans import offer_late_plans
from assessments.models import Participation
from assessments.next_steps import Step, offer

from .models import GoalReview, LearningPlan, Preparation
from .planning import may_be_planned


@offer
def to_the_plan(participation, user):
    """A link to the plan there is, or to drawing one up once the Ist is agreed."""
    plan = LearningPlan.objects.visible_to(user).filter(participation=participation).first()
    if plan:
        return [Step("Zum Lernplan", plan.get_absolute_url())]
    shared = Participation.objects.shared_with(user).filter(pk=participation.pk)
    if may_be_planned(participation) and shared.exists():
        return [Step("Lernplan aufstellen", reverse("learningplans:draw_up", args=[participation.pk]))]
    return []


@offer
def to_the_growth(participation, user):
    """A link to all talks of this person, for the two who share this one, once there is something to see."""
    if not (may_be_planned(participation) and participation.is_shared_with(user)):
        return []
    if participation.person_id == user.pk:
        return [Step("Meine Entwicklung", reverse("learningplans:growth"), is_aside=True)]
    return [
        Step("Entwicklung ansehen", reverse("learningplans:growth_of", args=[participation.person_id]), is_aside=True)
    ]


@offer_late_plans
def overdue_plans(participations):
    late = LearningPlan.objects.overdue().filter(participation__in=participations)
    return set(late.values_list("participation", flat=True))


@on_hand_over
def forget_the_agreement_of_the_former_manager(participations):
    """A draft that they have agreed to, the new manager reads and agrees to themself; an agreed plan stands."""
    drafts = LearningPlan.objects.filter(participation__in=participations, state=LearningPlan.State.DRAFT)
    drafts.exclude(agreed_by_manager_on=None).update(agreed_by_manager_on=None, changed_at=timezone.now())


@on_hand_over
def forget_the_drafts_of_the_former_manager(participations):
    """What they thought before a review and never released is nobody else's; the new manager prepares anew."""
    drafts = Preparation.objects.filter(
        review__plan__participation__in=participations, side=Preparation.Side.MANAGER, released_at=None
    )
    GoalReview.objects.filter(review__in=drafts.values("review")).update(manager_level=None)
    drafts.delete()
