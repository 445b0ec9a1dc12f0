"""Bookings follow the measures of plans: made with the agreement, and the same as these ever after."""

from secrets import token_hex

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kompetenz import hooks
from learningplans.models import Booking, BookingMove, Measure, TrainingYear

from . import standing

BATCH = 500
AS_BOOKED = ["booked_title", "booked_provider", "booked_from", "booked_until", "differs"]
COPIED = [
    *("state", "said", "date", "waits_since", "year", "quarter", "begins_on"),
    *("unit", "format", "offer", "hours", "cost", "shows_goals"),
    *AS_BOOKED,
]
COLUMNS = [Booking._meta.get_field(name).attname for name in COPIED]  # noqa: SLF001


@transaction.atomic(savepoint=False)
def keep_in_step(plans):
    """Let the bookings of these plans, ids, say what their measures say; makes those that are missing, but of drafts.

    Three queries, and the writing. Answers the bookings, new ones included.
    """
    # Held before they are read: what HR books at this moment would be written over with what was before.
    list(
        Booking.objects.filter(measure__plan__in=plans).select_for_update(of=("self",)).order_by("pk").values_list("pk")
    )
    found, new, changed, moves, years = [], [], [], [], set()
    rows = Measure.objects.filter(plan__in=plans).select_related(
        "booking__date", "offer", "plan__participation__person", "plan__participation__round"
    )
    for measure in rows.order_by("pk"):
        booking = getattr(measure, "booking", None) or Booking(measure=measure)
        if booking.pk is None and measure.plan.is_draft:
            continue
        before = [getattr(booking, name) for name in COLUMNS]
        moves += follow(booking, measure)
        if booking.pk is None:
            new.append(booking)
        elif before != [getattr(booking, name) for name in COLUMNS]:
            changed.append(booking)
            years.add(before[COLUMNS.index("year")])
        found.append(booking)
    Booking.objects.bulk_create(new, batch_size=BATCH)
    Booking.objects.bulk_update(changed, COPIED, batch_size=BATCH)
    BookingMove.objects.bulk_create(moves, batch_size=BATCH)
    note_change(years | {one.year for one in [*new, *changed]})
    return found


def note_change(years):
    """Bookings of these years are written in this transaction: what was added up of them holds no more."""
    for year in sorted(years):
        TrainingYear.objects.update_or_create(year=year, defaults={"token": token_hex(8)})


def follow(booking, measure):
    """Copy what the booking repeats; does not save. Answers the step that is taken with it, where another offer was agreed."""
    plan, offer = measure.plan, measure.offer
    person = plan.participation.person
    moves = [] if measure.offer_id == booking.offer_id or booking.pk is None else let_go(booking, measure)
    booking.format_id, booking.offer_id = measure.format_id, measure.offer_id
    booking.hours = measure.hours if measure.hours is not None else offer and offer.hours
    booking.cost = measure.cost if measure.cost is not None else offer and offer.cost
    booking.shows_goals = plan.participation.round.shows_levels_to_hr
    if booking.pk is None or booking.state not in (Booking.State.DONE, Booking.State.CANCELLED):
        booking.unit_id = person.unit_id
    booking.state = standing.state_of(booking.said, measure.state, plan.state, has_left=not person.is_employed)
    booking.differs = says_something_else(measure, booking)
    place_in_time(booking, measure)
    return moves


def remember(booking, measure):
    """What is booked from now on is what the plan says now; where HR has not booked it, nothing is. Does not save."""
    is_booked = booking.said == Booking.State.BOOKED
    booking.booked_title, booking.booked_provider = (measure.title, measure.provider) if is_booked else ("", "")
    booking.booked_from, booking.booked_until = (measure.starts_on, measure.due_on) if is_booked else (None, None)
    booking.differs = False


def says_something_else(measure, booking):
    """Whether the measure is not what was booked; its own days count where it is on no date. What is done is what it is."""
    if booking.booked_until is None or measure.is_done:
        return False
    same_days = (booking.booked_from, booking.booked_until) == (measure.starts_on, measure.due_on)
    same = (booking.booked_title, booking.booked_provider) == (measure.title, measure.provider)
    return not (same and (booking.date_id or same_days))


def place_in_time(booking, measure):
    """When it begins: on its date, else as it was booked, else as the plan says. Does not save."""
    first, last = measure.starts_on, measure.due_on
    if booking.holds_as_booked:
        first, last = booking.booked_from, booking.booked_until
    day = booking.date.starts_on if booking.date_id else first or last
    booking.begins_on, booking.year, booking.quarter = day, day.year, standing.quarter_of(day.month)


def let_go(booking, measure):
    """What was applied for or booked was another offer: it is only proposed again. Does not save."""
    booking.date = booking.waits_since = None
    if booking.said not in (Booking.State.APPLIED, Booking.State.BOOKED):
        return []
    now = timezone.now()
    move = BookingMove(booking=booking, before=booking.said, after=Booking.State.PROPOSED, at=now)
    booking.said, booking.moved_by, booking.moved_at = Booking.State.PROPOSED, None, now
    remember(booking, measure)
    Booking.objects.filter(pk=booking.pk).update(moved_by=None, moved_at=now)
    return [move]


@hooks.register("people_changed")
def follow_into_another_unit(pairs):
    """What is still to come is paid by the unit in which the person works now."""
    moved = {now.pk: now.unit_id for before, now in pairs if before.unit_id != now.unit_id}
    over = [Booking.State.DONE, Booking.State.CANCELLED]
    of_theirs = Booking.objects.filter(measure__plan__participation__person__in=moved).exclude(state__in=over)
    note_change(set(of_theirs.values_list("year", flat=True).distinct()))
    by_unit = {}  # as many updates as units in which somebody has one, however many a staff list moves
    for booking, person in of_theirs.values_list("pk", "measure__plan__participation__person"):
        by_unit.setdefault(moved[person], []).append(booking)
    for unit, bookings in by_unit.items():
        Booking.objects.filter(pk__in=bookings).update(unit=unit)


@hooks.register("people_moved_on")
def let_fall_what_nobody_takes_part_in(pairs):
    """With the person goes what was only proposed or applied for, and comes back with them."""
    people = [now.pk for before, now in pairs if before.is_employed != now.is_employed]
    if people:
        theirs = Booking.objects.filter(measure__plan__participation__person__in=people)
        keep_in_step(list(theirs.values_list("measure__plan", flat=True).distinct()))
        # What is booked stays as it is, and yet HR has to decide about it now.
        note_change(set(theirs.order_by().values_list("year", flat=True).distinct()))


@hooks.register("every_day")
def let_fall_what_leavers_had_before_them(today):
    """Somebody's last day has passed: nobody has written anything, and yet it holds no more."""
    left = Booking.objects.not_begun().of_who_left().values_list("measure__plan", flat=True).distinct()
    plans = list(left.order_by(F("measure__plan")))
    for first in range(0, len(plans), BATCH):
        keep_in_step(plans[first : first + BATCH])
    which = "eines Lernplans" if len(plans) == 1 else f"von {len(plans)} Lernplänen"
    return f"Fortbildungsplanung: Maßnahmen {which} entfallen." if plans else None
