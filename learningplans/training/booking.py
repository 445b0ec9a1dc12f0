"""Moving bookings: applied for, booked on a date as long as there are seats, carried out, fallen away; or waiting for a seat."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kompetenz.letters.models import Letter
from kompetenz.letters.writing import moment_in_key, write_letters
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.models import Booking, BookingMove, Offer
from learningplans.telling.letters import both_sides

from . import keeping, standing

State = Booking.State
WAIT = "wait"  # beside the states: on the waiting list, which is applied for
DATE_IS_GONE = "Diesen Termin gibt es nicht mehr. Nichts ist geändert; bitte sehen Sie sich das Angebot noch einmal an."
ANOTHER_DAY = (
    "Der Termin ist inzwischen ein anderer. Nichts ist geändert; bitte sehen Sie sich das Angebot noch einmal an."
)
WHICH_DATE = "{} hat mehrere Termine. Bitte buchen Sie auf der Seite des Angebots und wählen Sie dort den Termin. Nichts ist geändert."


@dataclass
class Moved:
    """What became of those that were chosen: how many moved, how many of them wait, how many were left alone."""

    done: int = 0
    waiting: int = 0
    outdated: int = 0
    same: int = 0


class Full(Refused):
    """There are fewer seats than are to be booked; ``free`` of them."""

    def __init__(self, offer, date, wanted, free):
        place = f"{quoted(offer.title)} am {date}" if date else quoted(offer.title)
        left = "kein Platz" if free == 0 else "nur noch ein Platz" if free == 1 else f"nur noch {free} Plätze"
        super().__init__(
            f"Nicht gebucht: Bei {place} {'sind' if free > 1 else 'ist'} {left} frei, gewählt {'sind' if wanted > 1 else 'ist'} "
            f"{wanted}. Sie können so viele buchen, wie Plätze frei sind, und die übrigen auf die Warteliste setzen."
        )
        self.free = free


@transaction.atomic
def move(*, chosen, to, by, date=None, rest_waits=False):
    """Move these bookings (``{id: the stamp that was read, or None}``) to a state or on the waiting list, and tell the people.

    ``date`` is one of the offer's. Those that are no longer as they were read are left alone and counted. Raises Full where
    there are fewer seats, unless the rest waits; Refused where it is not known on which date.
    """
    numbers = list(chosen)
    # Seats are counted by one at a time; no_key, for a plan may take the offer meanwhile, which counts none.
    wanted = Booking.objects.filter(pk__in=numbers).order_by().values("offer")
    offers = {one.pk: one for one in Offer.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")}
    rows = to_move(numbers)
    outcome = Moved(outdated=len(numbers) - len(rows))
    aims = [(row, *aim) for row in rows if (aim := aim_of(row, to, date, offers))]
    outcome.same = len(rows) - len(aims)
    steps = [one for one in aims if chosen[one[0].pk] in (None, one[0].stamp)]
    outcome.outdated += len(aims) - len(steps)
    if to == State.BOOKED:
        steps = with_seats(steps, offers, rest_waits=rest_waits)
    now, years = timezone.now(), {row.year for row, *_ in steps}
    moves = [step(row, after, day, waits=waits, by=by, now=now) for row, after, day, waits in steps]
    save([row for row, *_ in steps], moves, years)
    note(by, [row for row, *_ in steps])
    tell([row for row, after, _, waits in steps if after in (State.BOOKED, State.CANCELLED)])
    outcome.done, outcome.waiting = len(steps), sum(waits for *_, waits in steps)
    return outcome


def to_move(numbers):
    """The bookings of these ids that HR may know, who has waited longest first; locked in the order of everybody who locks bookings."""
    known = Booking.objects.open_to_hr().filter(pk__in=numbers).order_by("pk")
    # Held before they are read: the measure joined to a row that one has to wait for would be as it was before.
    list(known.select_for_update(of=("self",)).values_list("pk"))
    return sorted(
        known.with_people(),
        key=lambda row: (row.waits_since is None, row.waits_since or row.begins_on, row.begins_on, row.pk),
    )


def aim_of(row, to, date, offers):
    """(state, date, whether it waits) to which this one is to be moved; None where that is how it is."""
    if to in (State.BOOKED, WAIT):
        day = date_for(row, date, offers)
        aim = (State.APPLIED, day, True) if to == WAIT else (to, day, False)
    else:
        aim = to, None if to == State.PROPOSED else row.date, False
    is_so = (row.said, row.date, row.waits_since is not None) == aim and row.state == row.said
    return None if is_so and not (row.differs or row.has_given_up_a_seat) else aim


def date_for(row, date, offers):
    """On which date of its offer; None where the offer has none.

    Raises Refused where there are several to choose from, or the one that was is gone.
    """
    offer = offers.get(row.offer_id)
    if offer is None:
        return None
    if not hasattr(offer, "its_dates"):
        offer.its_dates = list(offer.dates.all())
    if date is not None and date.offer_id == offer.pk:
        return still_there(date, offer)
    if row.date in offer.its_dates:
        return row.date
    coming = [one for one in offer.its_dates if one.starts_on >= timezone.localdate()] or offer.its_dates
    if len(coming) > 1:
        raise Refused(WHICH_DATE.format(quoted(offer.title)))
    return coming[0] if coming else None


def still_there(date, offer):
    """The date as it is now that the offer is held. Raises Refused where somebody has removed it meanwhile or moved it to another day."""
    for one in offer.its_dates:
        if one == date and one.stamp != date.stamp:
            raise Refused(ANOTHER_DAY)
        if one == date:
            return one
    raise Refused(DATE_IS_GONE)


def with_seats(steps, offers, *, rest_waits):
    """The steps as far as there are seats; the others on the waiting list if they may, else Full."""
    found, groups = [], {}
    for one in steps:
        groups.setdefault((one[0].offer_id, one[2]), []).append(one)
    for (offer, date), wanted in groups.items():
        free = free_seats(offers.get(offer), date)
        # Who is booked there already, and only said to be anew, needs no other seat.
        sits = [one for one in wanted if one[0].date == date and one[0].state in (State.BOOKED, State.DONE)]
        others = [one for one in wanted if one not in sits]
        room = len(others) if free is None else max(free, 0)
        if len(others) > room and not rest_waits:
            raise Full(offers[offer], date, len(others), room)
        rest = [(row, State.APPLIED, date, True) for row, *_ in others[room:]]
        found += [*sits, *others[:room], *[one for one in rest if one[0].waits_since is None or one[0].date != date]]
    return found


def free_seats(offer, date):
    """How many seats are free on this date, or of an offer without dates; None where any number may come."""
    if offer is None or offer.seats is None:
        return None
    return offer.seats - Booking.objects.taking_a_seat().filter(offer=offer, date=date).count()


def step(row, after, date, *, waits, by, now):
    """Move one; answers the record of it. Does not save."""
    was_over = keeping.is_over(row)
    record = BookingMove(booking=row, before=row.state, after=after, date=date, waits=waits, by=by, at=now)
    row.said, row.date, row.moved_by, row.moved_at = after, date, by, now
    row.waits_since = (row.waits_since or now) if waits else None
    measure = row.measure
    has_left = not measure.plan.participation.person.is_employed
    row.state = standing.state_of(row.said, measure.state, measure.plan.state, has_left=has_left)
    keeping.remember(row, measure, was_over=was_over)
    keeping.place_in_time(row, measure)
    return record


def save(rows, moves, years):
    """``years`` are those in which they were before."""
    fields = ["said", "state", "date", "waits_since", "moved_by", "moved_at", "begins_on", "year", "quarter"]
    fields += [*keeping.AS_BOOKED, "format", "hours", "cost"]
    Booking.objects.bulk_update(rows, fields, batch_size=keeping.BATCH)
    BookingMove.objects.bulk_create(moves, batch_size=keeping.BATCH)
    keeping.note_change(years | {row.year for row in rows})


def note_and_tell(rows, by):
    """Tell those whose bookings are on another day by now; that ``by`` of HR has moved it, their access logs say."""
    rows = list(rows.with_people())
    if by:
        note(by, rows)
    tell(rows)


def note(by, rows):
    people = {row.measure.plan.participation.person_id for row in rows}
    accesses.note(by, Access.What.MEASURES, Access.How.CHANGED, people, role=Access.Role.HR)


def tell(rows):
    """One letter a plan: to the person, and where something falls away to the manager's side too, for it is to be replanned."""
    plans = {}
    for row in rows:
        plans.setdefault(row.measure.plan, []).append(row)
    people = both_sides([plan.participation for plan in plans])
    for plan, moved in plans.items():
        participation = plan.participation
        person, *others = people[participation.pk]
        leads = participation.manager_id == participation.person.manager_id
        falls_away = any(row.said == State.CANCELLED for row in moved)
        write_letters(
            kind=Letter.Kind.NOTICE,
            key=f"plan-{plan.pk}-booking-{moment_in_key()}",
            path=plan.get_absolute_url(),
            people=[person, *others] if leads and falls_away else [person],
        )
