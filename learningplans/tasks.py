"""What learning plans ask of somebody today, for "Meine Aufgaben", and where their own plan stands."""

from datetime import timedelta

from django.db.models import Exists, Min, OuterRef, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.changes.handing_over import may_be_entrusted
from assessments.models import Round, goes_on, tell_apart
from assessments.telling.tasks import of_round, on_behalf
from kompetenz.people.models import is_employed
from kompetenz.people.tasks import Task, bundled
from kompetenz.prepared import prepared
from learningplans.drafting.drawing_up import may_be_planned
from learningplans.models import Booking, Goal, GroupPlace, LearningPlan, Measure, PlanChange, Review, side_of
from learningplans.training.freshness import due_refreshes

SOON = timedelta(days=30)  # before its date a measure or review becomes somebody's task
TO_PREPARE = timedelta(days=14)  # before its date a review is to be prepared


@prepared
def plans_of(user):
    """The user's own plans and those of their people that are not completed or belong to a running round; one query.

    Not those of people who work here no more. ``next_review`` is the day of the next review not yet held, or None;
    ``final_is_held`` whether the record of the final one waits for its answer.
    """
    wanted = Q(participation__person=user.pk) | ~Q(state=LearningPlan.State.COMPLETED)
    return (
        LearningPlan.objects.shared_with(user)
        .filter(is_employed("participation__person__"), wanted | Q(participation__round__state=Round.State.OPEN))
        .with_participation()
        .annotate(next_review=Min("reviews__planned_on", filter=Q(reviews__held_on=None)))
        .annotate(final_is_held=Exists(Review.objects.held().filter(plan=OuterRef("pk"), is_final=True)))
        .order_by("-created_at", "-pk")
    )


def tasks_of(user, participations, plans, last=None):
    """What ``user`` has to do about learning plans, in no particular order; eleven queries at most. Of what rests: nothing.

    ``participations`` are the user's own and their people's of running rounds, ``plans`` come from ``plans_of(user)``,
    ``last`` is what was last confirmed of each of the user's own competencies, if that is known already.
    """
    tell_apart([plan.participation for plan in plans])
    going = [plan for plan in plans if not plan.participation.rests]
    agreed = [plan for plan in going if plan.is_agreed]
    return [
        *_plans_to_draw_up(user, participations, plans),
        *_plans_to_agree(user, going),
        *_plans_to_entrust(user, [plan for plan in going if plan.participation.person_id == user.pk]),
        *_measures_to_do(user, [plan for plan in agreed if plan.participation.person_id == user.pk]),
        *_reviews_to_come(user, agreed),
        *_records_to_answer(user, agreed),
        *_groups_to_answer(user, [plan for plan in agreed if plan.participation.person_id == user.pk]),
        *_competencies_to_refresh(user, participations, plans, last),
    ]


def _plans_to_draw_up(user, participations, plans):
    planned = {plan.participation_id for plan in plans}
    ready = [row for row in participations if row.goes_on and may_be_planned(row) and row.pk not in planned]
    prefetch_related_objects([row.talk for row in ready], "acknowledgements")

    def one(row):
        note = f"{_frame(row, user)} · {row.talk.actual_is}"
        address = reverse("learningplans:draw_up", args=[row.pk])
        return Task(_titled("Lernplan aufstellen", row, user), address, row.plan_due, note, posts=True)

    def several(rows):
        return Task(f"{len(rows)} Lernpläne aufstellen", reverse("assessments:team"), note=rows[0].frame_of_many)

    own = [one(row) for row in ready if row.person_id == user.pk]
    managed = [row for row in ready if row.person_id != user.pk]
    return own + bundled(managed, by=of_round, one=one, several=several)


def _plans_to_agree(user, plans):
    return [
        Task(
            _titled(f"Lernplan {'vereinbaren' if plan.agreed_names else 'ausarbeiten'}", plan.participation, user),
            plan.get_absolute_url(),
            plan.participation.plan_due,
            _frame(
                plan.participation, user, f"Zugestimmt hat schon: {plan.agreed_names[0]}." if plan.agreed_names else ""
            ),
        )
        for plan in plans
        if plan.is_draft and plan.agreed_on_by(user) is None
    ]


def _plans_to_entrust(user, own):
    """Those of one's own in which nobody acts for the manager any more: theirs to say whether the one of today does."""
    return [
        Task(
            f"Lernplan an {plan.participation.person.manager} geben",
            reverse("assessments:entrust", args=[plan.participation_id]),
            note=_frame(
                plan.participation, user, f"{plan.participation.manager_name} ist nicht mehr Ihre Führungskraft"
            ),
        )
        for plan in own
        if not plan.completed_on and may_be_entrusted(plan.participation)
    ]


def _measures_to_do(user, own):
    """Those of one's own plans that are due, and those that fall away; a manager hears about them in letters and reviews."""
    plans = {plan.pk: plan for plan in own}
    for measure in _due_measures(list(plans)):
        address = plans[measure.plan_id].get_absolute_url() + "#massnahmen"
        participation, booking = plans[measure.plan_id].participation, getattr(measure, "booking", None)
        if booking and booking.said == Booking.State.CANCELLED:
            note = (
                "Die Personalentwicklung hat eingetragen, dass sie entfällt. Bitte vereinbaren Sie, wie es weitergeht."
            )
            yield Task(f"Maßnahme entfällt: {measure.title}", address, note=_frame(participation, user, note))
        else:
            told = f"Buchung: {booking.in_words}" if booking and booking.is_told else ""
            yield Task(f"Maßnahme: {measure.title}", address, measure.due_on, _frame(participation, user, told))


@prepared
def _due_measures(plans):
    due = Q(due_on__lte=timezone.localdate() + SOON) | Q(booking__said=Booking.State.CANCELLED)
    return Measure.objects.filter(due, plan__in=plans, state=Measure.State.PLANNED).select_related("booking__date")


def _reviews_to_come(user, agreed):
    """Reviews to hold, and those that ``user`` has still to prepare."""
    participations = {plan.pk: plan.participation for plan in agreed}
    for review in _due_reviews(user, list(participations)):
        if review.plan_id not in participations:
            yield _review_of_an_earlier_manager(review)
            continue
        participation = participations[review.plan_id]
        page = [review.plan_id, review.pk]
        note = _frame(participation, user, "Das Ergebnis ist noch nicht festgehalten." if review.is_overdue else "")
        address = reverse("learningplans:review", args=page)
        yield Task(_titled(review.kind_name, participation, user), address, review.planned_on, note, is_on=True)
        if _has_to_prepare(user, participation, review):
            address = reverse("learningplans:review_prepare", args=page)
            title = _titled(f"{review.kind_name} vorbereiten", participation, user)
            yield Task(title, address, review.planned_on, _frame(participation, user))


@prepared
def _due_reviews(user, agreed):
    due = timezone.localdate() + SOON
    reviews = Review.objects.filter(held_on=None, planned_on__lte=due).with_preparations()
    return reviews.filter(_of_these_or_of_an_earlier_manager(user, agreed)).select_related("plan__participation")


def _of_these_or_of_an_earlier_manager(user, agreed):
    """Reviews of these plans; and those of the user's people whose plan was agreed with another manager."""
    if user.manages is False:  # known only of who was read with_reach
        return Q(plan__in=agreed)
    # As ids on both sides of the "or": a database finds either by an index, and need not look at everybody's reviews.
    theirs = LearningPlan.objects.filter(
        goes_on("participation__"), state=LearningPlan.State.AGREED, participation__person__manager=user.pk
    ).exclude(participation__manager=user.pk)
    return Q(plan__in=agreed) | Q(plan__in=theirs.values("pk"))


def _review_of_an_earlier_manager(review):
    """The date is told of to whoever is the manager today; what was agreed without them they do not read."""
    row = review.plan.participation
    whose = row.manager_name or "einer früheren Führungskraft"
    note = f"Der Lernplan ist mit {whose} vereinbart. Ihnen liegt er vor, sobald {row.person_name} ihn Ihnen gibt."
    title = f"{review.kind_name}: {row.person_name}"
    return Task(title, reverse("assessments:team"), review.planned_on, note, is_on=True)


def _records_to_answer(user, agreed):
    """What the other side has written and waits for an answer, and one's own that were sent back; two queries."""
    plans = {plan.pk: plan for plan in agreed}
    if not plans:
        return
    for kind, page in ((Review, "review_result"), (PlanChange, "plan_change")):
        for record in _waiting(kind, list(plans)):
            record.plan = plans[record.plan_id]
            participation = record.plan.participation
            mine, address = record.written_side == side_of(participation, user), [record.plan_id, record.pk]
            what = "Änderung des Lernplans" if kind is PlanChange else _held(record)
            link = reverse(f"learningplans:{page}", args=address)
            if mine and record.sent_back_at:
                note = _frame(participation, user, f"Zurückgegeben von {record.sender_back}.")
                yield Task(_titled(f"{what} berichtigen", participation, user), link, note=note)
            elif not mine and not record.sent_back_at:
                due = record.answer_by if kind is Review and record.is_final else None
                note = _frame(participation, user, f"Geschrieben von {record.writer}.")
                yield Task(_titled(f"{what} beantworten", participation, user), link, due, note)


@prepared
def _waiting(kind, plans):
    return kind.objects.waiting().filter(plan__in=plans).with_names()


def _has_to_prepare(user, participation, review):
    """Whether ``review`` is near and the side of ``user`` has not released what it thinks."""
    today = timezone.localdate()
    is_ready = review.person_is_ready if user.pk == participation.person_id else review.manager_is_ready
    return not is_ready and today <= review.planned_on <= today + TO_PREPARE


def _groups_to_answer(user, own):
    """Groups that the user is asked to join for goals of their own plans; one query."""
    return [
        Task(
            f"Lerngruppe: {place.group.title}",
            place.get_absolute_url(),
            place.group.answer_by,
            "für Sie selbst · zusagen oder absagen",
        )
        for place in (_asked(user) if own else [])
    ]


@prepared
def _asked(user):
    return GroupPlace.objects.to_answer().of_person(user).select_related("group")


def _competencies_to_refresh(user, participations, plans, last):
    """One's own that are due and in no plan that is still followed; whoever rests is asked for nothing."""
    mine = [row for row in participations if row.person_id == user.pk]
    if any(row.rests for row in mine) or not any(map(may_be_planned, mine)):
        return []
    due = due_refreshes(user, timezone.localdate(), last=last)
    own = [plan for plan in plans if plan.participation.person_id == user.pk and not plan.completed_on]
    planned = set(Goal.objects.pursued().filter(plan__in=own).values_list("competency", flat=True)) if due else set()
    return [
        Task(
            f"Kompetenz auffrischen: {one.competency}",
            reverse("learningplans:growth"),
            note=f"{one.level_name}, zuletzt bestätigt am {date_format(one.confirmed.on)}",
        )
        for one in due
        if one.competency.id not in planned
    ]


def _held(review):
    return f"{review.kind_name} vom {date_format(review.held_on, 'd.m.Y')}"


def _titled(what, participation, user):
    """What is to be done, and in whose plan: one's own has no name."""
    if user.pk == participation.person_id:
        return what
    acting = on_behalf(participation, user)
    return f"{what}: {participation.person_name}" + (f" ({acting})" if acting else "")


def _frame(participation, user, more=""):
    """Whether it is one's own, the round, and what ``more`` there is to say."""
    own = "für Sie selbst" if user.pk == participation.person_id else ""
    return " · ".join(filter(None, [own, str(participation.round), participation.apart, more]))


def step_in_words(plan, user):
    """What comes next in the plan, or on whom it waits, in words for the person themselves; ``plan`` is of ``plans_of``."""
    if plan.participation.rests and not plan.completed_on:
        return "ruht zurzeit"
    if plan.is_draft:
        return _draft_in_words(plan, user)
    return _agreed_in_words(plan) if plan.is_agreed else "abgeschlossen"


def _draft_in_words(plan, user):
    if plan.agreed_on_by(user):
        return "Lernplan wartet auf die Zustimmung Ihrer Führungskraft"
    return "Lernplan vereinbaren" if plan.agreed_names else "Lernplan ausarbeiten"


def _agreed_in_words(plan):
    if plan.is_overdue:
        return "Lernplan überfällig: Das Abschlussgespräch steht aus"
    if plan.final_is_held:
        return "Abschlussgespräch festgehalten, die Antwort darauf steht aus"
    if plan.next_review is None:
        return "Lernplan vereinbart; es fehlt ein Termin für das Abschlussgespräch"
    return f"Lernplan vereinbart, nächstes Gespräch am {date_format(plan.next_review)}"
