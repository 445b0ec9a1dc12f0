"""Bookings follow the measures of plans: made with the agreement, and the same as these ever after."""

from secrets import token_hex

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kompetenz import hooks
from learningplans.models import Booking, BookingMove, Measure, TrainingYear
from learningplans.telling import letters

from . import standing

BATCH = 500
AS_BOOKED = ["booked_title", "booked_provider", "booked_from", "booked_until", "differs"]
COPIED = [
    *("state", "said", "date", "waits_since", "year", "quarter", "begins_on"),
    *("unit", "format", "offer", "hours", "cost", "shows_goals"),
    *AS_BOOKED,
]
STANDS = (Booking.State.BOOKED, Booking.State.DONE)  # takes a seat
KEPT = (*STANDS, Booking.State.CANCELLED)  # of which it is kept of what HR has said it
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
    for booking in {move.booking for move in moves if move.before == Booking.State.BOOKED}:
        letters.tell_of_free_seat(booking)
    # Of all, for what a list says of a measure may be another although its booking is not.
    note_change(years | {one.year for one in found})
    return found


def note_change(years):
    """Bookings of these years are written in this transaction: what was added up of them holds no more.

    Last, when the bookings are held: who holds a year and waits for a booking may wait for somebody who waits for the year.
    """
    for year in sorted(years):
        TrainingYear.objects.update_or_create(year=year, defaults={"token": token_hex(8)})


def follow(booking, measure):
    """Copy what the booking repeats; does not save. Answers the step that is taken with it, where HR has said it of something else."""
    plan = measure.plan
    person = plan.participation.person
    if plan.is_draft:  # what stands in it HR neither reads nor pays; what was booked is paid for as it was
        booking.state = standing.NO_PLACE
        return []
    was_over = is_over(booking) and not (booking.differs and measure.is_done)
    moves = let_go(booking) if booking.pk and is_another(booking, measure) else []
    booking.offer_id = measure.offer_id
    booking.shows_goals = plan.participation.round.shows_levels_to_hr
    if booking.pk is None or booking.state not in (Booking.State.DONE, Booking.State.CANCELLED):
        booking.unit_id = person.unit_id
    booking.state = standing.state_of(booking.said, measure.state, plan.state, has_left=not person.is_employed)
    booking.differs = booking.said in STANDS and says_something_else(measure, booking)
    if not booking.differs:  # else it has those of what was booked
        take_terms(booking, measure, was_over=was_over)
    place_in_time(booking, measure)
    return moves


def is_over(booking):
    """Whether it is stored with what it took to carry it out, if it is carried out; of what is in a draft again that is not known."""
    return booking.pk is not None and booking.state in (Booking.State.DONE, standing.NO_PLACE)


def take_terms(booking, measure, *, was_over):
    """The format, and what it takes: the measure's, else the offer's, as it was when it was carried out. Does not save.

    It ``was_over`` where this very measure may have been carried out before.
    """
    is_done = booking.said == Booking.State.DONE or measure.is_done
    was_then = booking if was_over and is_done else measure.offer
    booking.format_id = measure.format_id
    booking.hours = measure.hours if measure.hours is not None else was_then and was_then.hours
    booking.cost = measure.cost if measure.cost is not None else was_then and was_then.cost


def remember(booking, measure, *, was_over):
    """What HR has said from now on is said of what the plan says now; what is proposed or applied for, of nothing. Does not save.

    It ``was_over`` where it was carried out before HR said it anew.
    """
    is_kept = booking.said in KEPT
    # What falls away because it has in the plan, too, is said of no measure: of one that is planned again it does not hold.
    is_gone = booking.said == Booking.State.CANCELLED and measure.state == Measure.State.DROPPED
    about = ("", "") if is_gone or not is_kept else (measure.title, measure.provider)
    booking.booked_title, booking.booked_provider = about
    booking.booked_from, booking.booked_until = (measure.starts_on, measure.due_on) if is_kept else (None, None)
    was_over = was_over and not booking.differs
    booking.differs = False
    take_terms(booking, measure, was_over=was_over)


def is_another(booking, measure):
    """Whether HR has said it of something else: of another offer; that it falls away, of what the two have planned anew since."""
    falls_away = booking.said == Booking.State.CANCELLED and measure.state == Measure.State.PLANNED
    return measure.offer_id != booking.offer_id or (falls_away and says_something_else(measure, booking))


def says_something_else(measure, booking):
    """Whether the measure is not what HR has said it of; its own days count where it is on no date. What is done is what it is."""
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


def let_go(booking):
    """What HR has said, was said of something else: it is only proposed again. Does not save.

    Which seat is free with it, stays in ``booked_title`` and its days until HR says what holds: the provider still keeps it.
    """
    had, date = booking.said, booking.date
    if had == Booking.State.PROPOSED:
        return []
    now = timezone.now()
    move = BookingMove(booking=booking, before=had, after=Booking.State.PROPOSED, date=date, at=now)
    booking.date = booking.waits_since = None
    booking.said, booking.moved_by, booking.moved_at = Booking.State.PROPOSED, None, now
    if had not in STANDS:
        booking.booked_title, booking.booked_provider, booking.booked_from, booking.booked_until = "", "", None, None
    elif date:
        booking.booked_from, booking.booked_until = date.starts_on, date.ends_on or date.starts_on
    Booking.objects.filter(pk=booking.pk).update(moved_by=None, moved_at=now)
    return [move]


@hooks.register("people_changed")
def follow_into_another_unit(pairs):
    """What is still to come is paid by the unit in which the person works now."""
    moved = {now.pk: now.unit_id for before, now in pairs if before.unit_id != now.unit_id}
    over = [Booking.State.DONE, Booking.State.CANCELLED]
    of_theirs = Booking.objects.filter(measure__plan__participation__person__in=moved).exclude(state__in=over)
    by_unit, years = {}, set()  # as many updates as units in which somebody has one, however many a staff list moves
    held = of_theirs.select_for_update(of=("self",)).order_by("pk")
    for booking, person, year in held.values_list("pk", "measure__plan__participation__person", "year"):
        by_unit.setdefault(moved[person], []).append(booking)
        years.add(year)
    for unit, bookings in by_unit.items():
        Booking.objects.filter(pk__in=bookings).update(unit=unit)
    note_change(years)


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
