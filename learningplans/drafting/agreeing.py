"""What has to be settled before a plan is agreed, agreeing it, and making it a draft again (paper 4.3.2)."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from assessments.models import in_place_of
from kompetenz.refusals import Faster
from kompetenz.text import quoted
from learningplans.contents.plan import agreed_levels
from learningplans.drafting.drawing_up import may_be_planned
from learningplans.drafting.holding import OutOfState, held, keep_names, tell_participation
from learningplans.models import BundleDocument, LearningPlan, Measure
from learningplans.telling import letters

OPEN_AGAIN = "Der Lernplan war inzwischen wieder ein Entwurf."
LOOKED_BACK = "Nicht gespeichert: Ein Gespräch ist schon geführt. Einzelne Ziele und Maßnahmen lassen sich ändern."


def missing_from(plan):
    """What has to be settled before the plan can be agreed, as (text, address where it is done); four queries."""
    serving = Measure.objects.filter(goals=OuterRef("pk")).kept()
    goals = list(plan.goals.pursued().annotate(has_measure=Exists(serving)))
    missing = [*missing_from_talk(plan.participation), *missing_from_goals(plan, goals), *missing_from_measures(plan)]
    if not goals:
        missing.append(("mindestens ein Ziel", reverse("learningplans:choose_goals", args=[plan.pk])))
    if not plan.reviews.exists():
        missing.append(("mindestens ein Review-Termin", reverse("learningplans:review_add", args=[plan.pk])))
    return missing


def missing_from_talk(participation):
    """A plan rests on an Ist that no longer changes: the record is answered, or the round has ended."""
    stands = participation.talk_is_answered
    if not stands and (participation.round.is_open or not may_be_planned(participation)):
        talk = reverse("assessments:talk", args=[participation.pk])
        yield f"die Antwort von {participation.person_name} auf das Ergebnis des Gesprächs", talk


def missing_from_goals(plan, goals):
    """What each goal lacks. The Ist may have been corrected since it was chosen: a goal starts from the one that holds."""
    catalogue = plan.participation.round.catalogue
    actual = agreed_levels(plan.participation)
    for goal in goals:
        name = catalogue.by_id[goal.competency_id].name
        page = reverse("learningplans:goal", args=[plan.pk, goal.pk])
        if not goal.specific:
            yield f"was beim Ziel „{name}“ gelingen soll (S)", f"{page}#id_specific"
        if not (goal.measurable and goal.seen_by):
            yield f"woran das Ziel „{name}“ zu erkennen ist und wer es feststellt (M)", f"{page}#id_measurable"
        if goal.due_on is None:
            yield f"Termin für das Ziel „{name}“", f"{page}#id_due_on"
        if goal.from_level != actual.get(goal.competency_id):
            yield f"ein neues Ziel für „{name}“: Das Ist hat sich geändert", page
        if not goal.has_measure:
            add = reverse("learningplans:measure_add", args=[plan.pk])
            yield f"eine Maßnahme für das Ziel „{name}“", f"{add}?ziel={goal.pk}"


def missing_from_measures(plan):
    """What the formats of the measures need and these do not have; one query."""
    for measure in plan.measures.kept().lacking().select_related("format"):
        page = reverse("learningplans:measure", args=[plan.pk, measure.pk])
        if measure.lacks_consent:
            yield (
                f"das Einverständnis der Person mit der Maßnahme {quoted(measure.title)} ({measure.format_name})",
                page,
            )
        if measure.lacks_mentor:
            yield f"wer die Maßnahme {quoted(measure.title)} begleitet ({measure.format_name})", page


@transaction.atomic
def agree_plan(*, plan, by, read):
    """Note that one side agrees; with both the plan is agreed. Answers whether it is now. Who has agreed first, stays.

    ``read`` is the plan's stamp as the reader saw it: whoever agrees must have read what they
    agree to, else Faster. Raises OutOfState for anything but a draft that lacks nothing.
    """
    draft = held(plan, LearningPlan.State.DRAFT)
    if draft.agreed_on_by(by):
        return False
    if draft.stamp != read:
        raise Faster("Der Entwurf hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal.")
    if missing_from(draft):
        raise OutOfState
    today = timezone.localdate()
    if by.pk == draft.participation.person_id:
        draft.agreed_by_person_on = today
    else:
        draft.agreed_by_manager_on = today
        draft.manager_agreed_by, draft.manager_agreed_for = by, in_place_of(draft.participation, by)
    if draft.agreed_by_person_on and draft.agreed_by_manager_on:
        draft.state = LearningPlan.State.AGREED
    agreement = ["agreed_by_person_on", "agreed_by_manager_on", "manager_agreed_by", "manager_agreed_for"]
    draft.save(update_fields=[*agreement, "state"])
    tell_participation(draft)
    keep_names(draft)
    if draft.is_agreed:
        letters.invite_to_reviews(draft, draft.reviews.filter(held_on=None, planned_on__gte=today))
    else:
        letters.ask_for_agreement(draft)
    return draft.is_agreed


@transaction.atomic
def reopen_plan(*, plan):
    """Make an agreed plan a draft again, which both sides have to agree to anew.

    Raises OutOfState for a plan that is not agreed, or in which a review has been held: what was
    looked back on stays.
    """
    agreed = held(plan, LearningPlan.State.AGREED)
    if agreed.reviews.filter(held_on__isnull=False).exists():
        raise OutOfState(LOOKED_BACK)
    agreed.state = LearningPlan.State.DRAFT
    for name, nothing in LearningPlan.NOT_AGREED.items():
        setattr(agreed, name, nothing)
    agreed.save()
    printed = BundleDocument.objects.filter(participation=agreed.participation_id, kind=BundleDocument.Kind.PLAN)
    printed.filter(content__isnull=False).update(content=None, problem=OPEN_AGAIN)
    tell_participation(agreed)
