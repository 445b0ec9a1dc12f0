"""Many bookings moved at once: a job, batch by batch."""

from django.urls import reverse

from kompetenz.jobs.batches import JobKind, begin
from kompetenz.refusals import Refused
from learningplans.models import Booking, OfferDate

from . import booking

State = Booking.State
MOVES = {
    State.BOOKED: "Buchen",
    State.APPLIED: "Beantragt",
    booking.WAIT: "Auf die Warteliste",
    State.DONE: "Durchgeführt",
    State.CANCELLED: "Entfällt",
    State.PROPOSED: "Wieder vorgeschlagen",
}
BUTTONS = [{"state": state, "label": label} for state, label in MOVES.items()]
COUNTED = ("done", "waiting", "outdated", "same")


def move_some(job, items):
    date = job.options["date"] and OfferDate.objects.filter(pk=job.options["date"]).first()
    if job.options["date"] and date is None:
        raise Refused(booking.DATE_IS_GONE)
    if date and date.stamp != job.options["date_read"]:
        raise Refused(booking.ANOTHER_DAY)
    moved = booking.move(
        chosen=dict(map(tuple, items)),
        to=job.options["to"],
        by=job.asked_by,
        date=date,
        rest_waits=job.options["rest"],
    )
    for name in COUNTED:
        job.count(name, getattr(moved, name))


def say_how_many_moved(job):
    done, waiting, outdated, same = (job.tally.get(name, 0) for name in COUNTED)
    job.sentence = f"{measures(done)} geändert." if done else "Nichts ist geändert."
    job.level = "success" if done else "info"
    lines = [
        waiting and f"Davon auf der Warteliste: {waiting}.",
        same and f"Schon so war es bei {same}.",
        outdated
        and f"Nicht geändert, weil sie inzwischen in einem anderen Stand sind: {outdated}. Bitte sehen Sie sie noch einmal an.",
    ]
    job.lines = [line for line in lines if line]


def measures(count):
    return "1 Buchung" if count == 1 else f"{count} Buchungen"


def page_of_the_list(job):
    return job.options.get("back") or reverse("learningplans:training")


MOVING = JobKind(
    "moving bookings",
    batch=move_some,
    finish=say_how_many_moved,
    leads_to=page_of_the_list,
    is_signed=True,
    size=100,
    at_once=200,
)


def begin_moving(chosen, *, to, date, rest_waits, by, back):
    """Begin to move these, [id, stamp that was read or None] each; raises what ``booking.move`` raises where they are few."""
    about = {"subject": by.pk, "title": f"Buchungen: {MOVES[to]}", "items": chosen, "by": by}
    on = {"date": date and date.pk, "date_read": date and date.stamp}
    return begin(MOVING, **about, **on, to=to, rest=rest_waits, back=back)
