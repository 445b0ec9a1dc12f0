"""Letters about reviews, with a file for the calendar: both sides hear of a date when it is fixed and before it.

On the manager's side that is who acts today for the person, whoever it was when the round was opened: in a round that
has ended nobody hands anything over. They are led to the plan if they share it, and else to their tasks.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from assessments.models import Participation, goes_on
from assessments.telling.absence import absence, is_asked_later
from kompetenz import hooks
from kompetenz.letters.attaching import calendar_of
from kompetenz.letters.gathering import told_by, told_from
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import moment_in_key, write_letters
from kompetenz.people.models import Deputy, Person
from learningplans.models import LearningPlan, Measure, Review, Side

from .calendar import review_event

DAY, A_STAGE = timedelta(days=1), timedelta(days=30)  # what is late for longer is for people to talk about
DAYS_OFF = timedelta(days=7)  # no row of days without an office is longer
TASKS = reverse_lazy("start")  # of who is told of a date and may not open the plan


def invite_to_reviews(plan, reviews):
    """Tell both sides of dates of an agreed plan that are new: it was agreed, or one was added or moved."""
    reviews = list(reviews)
    if reviews and Participation.objects.filter(goes_on(), pk=plan.participation_id).exists():
        write_to_both(plan, reviews, key=f"plan-{plan.pk}-reviews-{moment_in_key()}")


def call_off_reviews(plan, reviews):
    """Take the dates to come of these reviews, which are not to be held, out of the calendars of both sides."""
    coming = [review for review in reviews if review.held_on is None and review.planned_on >= timezone.localdate()]
    if coming:
        write_to_both(plan, coming, key=f"reviews-off-{plan.pk}-{moment_in_key()}", is_off=True)


@hooks.register("people_moved_on")
def move_reviews(pairs):
    """Reviews to come go from the calendars of who does not act for the person any more, and of all if the person leaves before.

    They come to those in whose calendars they belong by now.
    """
    people = {now.pk: (before, now) for before, now in pairs}
    plans = LearningPlan.objects.agreed().filter(participation__person__in=people, participation__paused_on=None)
    for plan in plans.select_related("participation__person__manager", "participation__round"):
        before, now = people[plan.participation.person_id]
        gone, new = {}, {}
        for review in plan.reviews.to_hold().filter(planned_on__gte=timezone.localdate()):
            had, has = set(holders(review, before)), set(holders(review, now))
            for one in had - has:
                gone.setdefault(one, []).append(review)
            for one in has - had:
                new.setdefault(one, []).append(review)
        for one, reviews in gone.items():
            write_to_both(plan, reviews, key=f"reviews-off-{plan.pk}-{moment_in_key()}", people=[one], is_off=True)
        for one, reviews in new.items():
            write_to_both(plan, reviews, key=f"plan-{plan.pk}-reviews-{moment_in_key()}", people=[one])


def holders(review, person):
    """In whose calendars the review belongs, as ``person``, whose it is, works here and for a manager and their deputies."""
    if not person.works_here_on(review.planned_on):
        return []
    deputies = Deputy.objects.current().filter(people=person.pk, manager=person.manager_id).exclude(person=person.pk)
    return [one for one in (person, person.manager) if one] + [row.person for row in deputies.select_related("person")]


def both_sides(participations):
    """{participation id: the person and who acts for them on the manager's side today}, of those with their people read.

    Two kinds act: the person's manager of today, and deputies named for the person. One query.
    """
    found = {row.pk: [one for one in (row.person, row.person.manager) if one] for row in participations}
    deputies = {}
    for row in Deputy.acting_for([row.person_id for row in participations]).select_related("deputy__person"):
        deputies.setdefault(row.person_id, []).append(row.deputy.person)
    for row in participations:
        found[row.pk] += deputies.get(row.person_id, [])
    return found


def acting(participation, side):
    """Who is asked on this side today, None where nobody can sign in.

    The person; or who still is their manager, and where they cannot sign in whoever deputises for them, which costs a query.
    """
    if side == Side.PERSON:
        people = [participation.person]
    elif participation.manager_id != participation.person.manager_id:
        people = []
    elif participation.manager and participation.manager.can_sign_in:
        people = [participation.manager]
    else:
        people = sorted(both_sides([participation])[participation.pk][2:], key=lambda one: one.pk)
    return next((one for one in people if one.can_sign_in), None)


def other_today(participation, user):
    """Who reads and answers today what ``user`` writes, as the subject of a sentence: nobody who has gone or has no say any more.

    A query only where the manager cannot act.
    """
    if user.pk != participation.person_id:
        return participation.person_name
    who = acting(participation, Side.MANAGER)
    if who is None:
        return "Ihre Führungskraft"
    name = participation.manager_name
    return name if who.pk == participation.manager_id else f"{who} in Vertretung für {name}"


def nobody_acts(participation, side):
    """That nobody is asked on this side today and why, or that a deputy is, in words; empty where it is whose name stands there."""
    if who := acting(participation, side):
        asked = participation.person_name if side == Side.PERSON else participation.manager_name
        if participation.rests:
            return is_asked_later(asked)
        is_deputy = side == Side.MANAGER and who.pk != participation.manager_id
        return f"Zurzeit antwortet {who} in Vertretung für {asked}." if is_deputy else ""
    return f"Zurzeit ist niemand da, der antworten kann: {why_nobody_acts(participation, side)}"


def nobody_corrects(participation, side):
    """That nobody can correct today what is sent back to this side and why, in words; empty where somebody can."""
    if acting(participation, side):
        return ""
    return f"Zurzeit ist niemand da, der es berichtigen kann: {why_nobody_acts(participation, side)}"


def why_nobody_acts(participation, side):
    person, manager = participation.person_name, participation.manager_name
    if side == Side.PERSON:
        return absence(participation.person, person)
    if participation.manager_id is None or participation.manager_id == participation.person.manager_id:
        return absence(participation.manager, manager or "Die Führungskraft")
    left = f"{manager} ist nicht mehr die Führungskraft von {person}."
    if participation.round.is_open:
        return f"{left} Die Personalentwicklung kann die Teilnahme an die jetzige Führungskraft übergeben."
    return f"{left} {to_whom(participation.person.manager)}"


def to_whom(manager):
    """Whom the person, after the round, can give the plan to, in a sentence for them; assessments' entrust."""
    if manager and manager.can_sign_in:
        return f"Wenn Sie möchten, geben Sie den Lernplan an {manager}."
    return (
        "Sobald eine neue Führungskraft eingetragen ist und sich anmelden kann, können Sie den Lernplan an sie geben."
    )


def tell(plan, side, *, about, key):
    """A letter to who may act on this side: there is something for them ``about`` this page."""
    participation = plan.participation
    person, *others = both_sides([participation])[participation.pk]
    leads = participation.manager_id == participation.person.manager_id
    people = [person] if side == Side.PERSON else others if leads else []
    write_letters(kind=Letter.Kind.NOTICE, key=f"{key}-{moment_in_key()}", path=about, people=people)


def tell_of_free_seat(booking):
    """A letter to everybody of HR: what was booked is given up in the plan, and the provider does not know of it."""
    page = f"{reverse_lazy('learningplans:training')}?nach=massnahme&jahr={booking.year}&stand=zu-pruefen"
    people = Person.objects.employed().filter(is_hr=True)
    write_letters(kind=Letter.Kind.NOTICE, key=f"seat-free-{booking.pk}-{moment_in_key()}", path=page, people=people)


def ask_for_agreement(plan):
    """Tell the side that has not agreed to a draft yet that the other one has."""
    side = Side.MANAGER if plan.agreed_by_person_on else Side.PERSON
    tell(plan, side, about=plan.get_absolute_url(), key=f"plan-{plan.pk}-agreed")


def ask_for_answer(review, *, about, again=False):
    """The letter by which the other side is asked to answer the record of a review, ``again`` if it was before."""
    what = "told" if again else "record"
    tell(review.plan, review.other_side, about=about, key=f"review-{review.pk}-{what}")


def remind_of_answer(review, last, today):
    """Who was asked to answer the record with which the plan ends hears of its last day before that ends it in silence."""
    mornings = {days: told_by(last - timedelta(days=days)) for days in settings.REMINDER_DAYS}
    if reached := [days for days, morning in mornings.items() if review.told_on < morning <= today]:
        write_letters(
            kind=Letter.Kind.REMINDER,
            key=f"review-{review.pk}-until-{last:%Y%m%d}-{min(reached)}-tage",
            path=reverse("learningplans:review_result", args=[review.plan_id, review.pk]),
            people=[review.told],
        )


def asked_by(review):
    """The last letter by which ``review.told`` was asked for an answer; None where they wanted none. One query."""
    asks = Q(key__startswith=f"review-{review.pk}-record-") | Q(key__startswith=f"review-{review.pk}-told-")
    return Letter.objects.filter(asks, person=review.told_id).order_by("pk").last()


def has_told_of(page):
    """Whether a letter has led to this page, which is not there any more; known as long as letters are kept."""
    return Letter.objects.filter(path=page).exists()


def events_for(reader, page, reviews):
    """The reviews in the calendar of ``reader``, who is led to this page: their entries do not lead further."""
    return [review_event(review, reader, path=page if page == TASKS else "") for review in reviews]


def write_to_both(plan, reviews, *, key, people=None, is_off=False):
    """One letter with all of these dates to each of ``people``, or of both sides; how many are new."""
    participation = plan.participation
    sides = both_sides([participation])[participation.pk]
    is_theirs = participation.manager_id == participation.person.manager_id

    def page(reader):
        shares = reader in sides if is_theirs else reader.pk == participation.person_id
        return plan.get_absolute_url() if shares else TASKS

    def file(reader):
        return calendar_of(events_for(reader, page(reader), reviews), is_off=is_off)

    return write_letters(
        kind=Letter.Kind.NOTICE if is_off else Letter.Kind.REVIEW,
        key=key,
        path=page,
        people=people or sides,
        calendar=file,
    )


@hooks.register("every_day")
def remind_of_reviews(today):
    """Write to person and manager of each review that comes up, once for each of the days the settings name."""
    reviews = list(coming(today))
    people = both_sides([review.plan.participation for review in reviews])
    written = sum(remind_of_review(review, today, people[review.plan.participation_id]) for review in reviews)
    return f"Hinweise auf Review-Gespräche geschrieben: {written}." if written else None


def coming(today):
    """Reviews of agreed plans within the longest of the reminders' times, and the longest row of days without an office."""
    if not settings.REMINDER_DAYS:
        return Review.objects.none()
    until = today + timedelta(days=max(settings.REMINDER_DAYS)) + DAYS_OFF
    return reviews_between(today, until)


def reviews_between(first, last):
    planned = Review.objects.filter(
        goes_on("plan__participation__"),
        plan__state=LearningPlan.State.AGREED,
        held_on=None,
        planned_on__range=(first, last),
    )
    return planned.select_related("plan__participation__person__manager", "plan__participation__round")


def remind_of_review(review, today, people):
    reached = [days for days in settings.REMINDER_DAYS if told_by(review.planned_on - timedelta(days=days)) <= today]
    if not reached:
        return 0
    key = f"review-{review.pk}-{review.planned_on:%Y%m%d}-{min(reached)}-tage"
    return write_to_both(review.plan, [review], key=key, people=people)


@hooks.register("every_day")
def remind_of_what_is_late(today):
    """Both sides of a review whose day has passed, and the person of measures that are not reported as done; once each."""
    if not settings.REMINDER_AFTER:
        return None
    reviews = [
        review
        for review in reviews_between(today - A_STAGE, today - DAY)
        if told_from(review.planned_on + DAY) <= today
    ]
    people = both_sides([review.plan.participation for review in reviews])
    written = sum(remind_of_late_review(review, people[review.plan.participation_id]) for review in reviews)
    written += sum(remind_of_late_measures(plan) for plan in with_late_measures(today))
    return f"Hinweise auf Überfälliges in Lernplänen geschrieben: {written}." if written else None


def remind_of_late_review(review, people):
    """Without a calendar file: the entry of the day that has passed stays as it is."""
    participation = review.plan.participation
    is_theirs = participation.manager_id == participation.person.manager_id
    page = reverse("learningplans:review", args=[review.plan_id, review.pk])
    return write_letters(
        kind=Letter.Kind.REMINDER,
        key=f"review-{review.pk}-{review.planned_on:%Y%m%d}-danach",
        path=lambda one: page if is_theirs or one.pk == participation.person_id else TASKS,
        people=people,
    )


def with_late_measures(today):
    """Agreed plans with measures that were due within the last thirty days, with the last such day as ``late_on``."""
    late = Q(measures__state=Measure.State.PLANNED, measures__due_on__range=(today - A_STAGE, today - DAY))
    plans = LearningPlan.objects.agreed().filter(goes_on("participation__"))
    plans = plans.annotate(late_on=Max("measures__due_on", filter=late)).filter(late_on__isnull=False)
    return [plan for plan in plans.select_related("participation__person") if told_from(plan.late_on + DAY) <= today]


def remind_of_late_measures(plan):
    return write_letters(
        kind=Letter.Kind.REMINDER,
        key=f"plan-{plan.pk}-measures-{plan.late_on:%Y%m%d}",
        path=plan.get_absolute_url(),
        people=[plan.participation.person],
    )
