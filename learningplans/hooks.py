"""What this app answers when assessments asks: the way to the plan and to a round's documents, and what a hand-over ends."""

from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.from_above import FurtherPage, RoundOutput
from assessments.models import Participation, goes_on
from kompetenz import hooks
from kompetenz.prepared import prepared
from learningplans.drafting.drawing_up import may_be_planned

from .models import BundleDocument, Goal, GoalReview, LearningPlan, Preparation, Review
from .telling import letters


@hooks.register("further_pages")
def to_the_plan(participation, user):
    """A link to the plan there is, or to drawing one up once the Ist is agreed."""
    plan = plan_of.first(user, participation.pk)
    if plan:
        return [FurtherPage("Zum Lernplan", plan.get_absolute_url())]
    shared = Participation.objects.shared_with(user).filter(pk=participation.pk)
    if may_be_planned(participation) and shared.exists():
        return [
            FurtherPage("Lernplan aufstellen", reverse("learningplans:draw_up", args=[participation.pk]), posts=True)
        ]
    return []


@prepared
def plan_of(user, participation):
    return LearningPlan.objects.visible_to(user).filter(participation=participation)


@hooks.register("further_pages")
def to_the_growth(participation, user):
    """A link to all talks of this person, for who reads this one in full, once there is something to see."""
    if not (may_be_planned(participation) and participation.is_read_by(user)):
        return []
    if participation.person_id == user.pk:
        return [FurtherPage("Meine Entwicklung", reverse("learningplans:growth"), is_aside=True)]
    return [
        FurtherPage(
            "Entwicklung ansehen", reverse("learningplans:growth_of", args=[participation.person_id]), is_aside=True
        )
    ]


@hooks.register("team_pages")
def to_the_needs(user):
    return [FurtherPage("Bedarf des Teams", reverse("learningplans:team_needs"))]


@hooks.register("due_plans")
def plans_with_something_due(participations):
    """Looked for by the days that have passed, which are few beside all plans: a final review's is among the reviews'."""
    today = timezone.localdate()
    agreed = Q(plan__state=LearningPlan.State.AGREED)
    reviews = Review.objects.to_hold().filter(agreed, goes_on("plan__participation__"), planned_on__lt=today).order_by()
    goals = Goal.objects.pursued().filter(agreed, due_on__lt=today).order_by().values("plan")
    late = LearningPlan.objects.overdue().filter(pk__in=goals).order_by().values_list("participation", flat=True)
    due = {*reviews.values_list("plan__participation", flat=True), *late}
    return set(participations.filter(pk__in=due).values_list("pk", flat=True))


@hooks.register("agreed_drafts")
def drafts_agreed_to_by(whose):
    agreed = LearningPlan.objects.agreed_to_by(whose).filter(state=LearningPlan.State.DRAFT)
    return agreed.values("participation")


@hooks.register("plan_dates")
def dates_of_plans(participations):
    late = LearningPlan.objects.overdue().filter(pk=OuterRef("pk"))
    waiting = Q(state=LearningPlan.State.DRAFT, agreed_by_manager_on__isnull=False)
    plans = LearningPlan.objects.filter(Q(state=LearningPlan.State.AGREED) | waiting, goes_on("participation__"))
    dated = plans.annotate(next=Min("reviews__planned_on", filter=Q(reviews__held_on=None)), is_late=Exists(late))
    found = dated.filter(participation__in=participations).values_list("participation", "state", "next", "is_late")
    return [
        (row, None, False, True) if state == LearningPlan.State.DRAFT else (row, day, is_late, False)
        for row, state, day, is_late in found
    ]


@hooks.register("rest")
def dates_of_reviews(participations, rests):
    """Reviews to come of agreed plans go from the calendars of both sides while they rest, and come back."""
    plans = LearningPlan.objects.agreed().filter(participation__in=participations)
    for plan in plans.select_related("participation__person__manager", "participation__round"):
        reviews = plan.reviews.to_hold().filter(planned_on__gte=timezone.localdate())
        if rests:
            letters.call_off_reviews(plan, reviews)
        else:
            letters.invite_to_reviews(plan, reviews)


@hooks.register("forget")
def forget_documents(participation):
    """Of somebody who does not take part no document waits to be handed out."""
    BundleDocument.objects.filter(participation=participation).delete()


@hooks.register("open_again")
def take_comparisons_back(participation, why):
    """What was printed for HR of a record or an assessment that is open again is not handed out: its levels may become others."""
    made = BundleDocument.objects.filter(participation=participation, kind=BundleDocument.Kind.COMPARISON)
    made.filter(content__isnull=False).update(content=None, problem=why)


@hooks.register("hold")
def wait_for_who_writes(participations):
    """Whoever writes in a plan holds it, and is done first; whoever comes then waits, and finds it handed over or gone."""
    plans = LearningPlan.objects.filter(participation__in=participations)
    list(plans.select_for_update(no_key=True).order_by("pk").values_list("pk"))


@hooks.register("before_hand_over")
def forget_the_agreement_of_the_former_manager(participations):
    """A draft that they have agreed to, the new manager reads and agrees to themself; an agreed plan stands."""
    drafts = LearningPlan.objects.filter(participation__in=participations, state=LearningPlan.State.DRAFT)
    drafts.exclude(agreed_by_manager_on=None).update(**LearningPlan.NOT_AGREED_BY_MANAGER, changed_at=timezone.now())


@hooks.register("before_hand_over")
def forget_the_drafts_of_the_former_manager(participations):
    """What they thought before a review and never released is nobody else's; the new manager prepares anew."""
    drafts = Preparation.objects.filter(
        review__plan__participation__in=participations, side=Preparation.Side.MANAGER, released_at=None
    )
    GoalReview.objects.filter(review__in=drafts.values("review")).update(manager_level=None)
    drafts.delete()


@hooks.register("forget")
def forget_the_draft(participation):
    """Of who has declined a round nothing is kept; their plan is a draft at most, for a record that may still change."""
    LearningPlan.objects.of(participation).delete()


@hooks.register("round_outputs")
def all_documents(round_, user):
    if not user.is_hr:
        return []
    return [RoundOutput("Alle Dokumente (ZIP)", reverse("learningplans:round_documents", args=[round_.pk]))]


@hooks.register("round_outputs")
def measures_and_confirmations(round_, user):
    if not user.is_hr:
        return []
    return [
        RoundOutput("Maßnahmen und Bestätigungen (Excel)", reverse("learningplans:round_measures", args=[round_.pk]))
    ]
