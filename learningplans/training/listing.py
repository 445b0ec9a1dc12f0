"""Bookings one by one: in which order they stand, and what a row says of itself."""

from django.db.models import Case, F, When
from django.urls import reverse

from kompetenz.amounts import euros, hours
from kompetenz.people.models import is_employed
from kompetenz.prepared import prepared
from learningplans.models import Booking
from learningplans.models.bookings import in_days, stamp_of

from . import standing
from .keeping import AS_BOOKED

State = Booking.State
PARTICIPATION = "measure__plan__participation__"
LISTED = {
    "person": F(f"{PARTICIPATION}person_id"),
    "person_name": F(f"{PARTICIPATION}person_name"),
    "person_number": F(f"{PARTICIPATION}person__personnel_number"),
    "unit_name": F(f"{PARTICIPATION}unit_name"),
    "plan": F("measure__plan"),
    "title": F("measure__title"),
    "format_then": F("measure__format_then"),
    "format_now": F("format__name"),
    "offer_then": F("measure__offer_then"),
    "offer_now": F("offer__title"),
    "provider": F("measure__provider"),
    "starts_on": F("measure__starts_on"),
    "due_on": F("measure__due_on"),
    "reported": F("measure__state"),
    "date_starts_on": F("date__starts_on"),
    "date_ends_on": F("date__ends_on"),
}
OWN = (
    *("pk", "said", "state", "date", "moved_at", "waits_since", "begins_on"),
    *("hours", "cost", "offer", "format", *AS_BOOKED),
)
SHOWN = (
    "title",
    "provider",
    "starts_on",
    "due_on",
    "offer",
    "format",
    "hours",
    "cost",
)  # in the order of Booking.stamp


def in_order(rows):
    return rows.order_by("begins_on", "pk")


def waiting_first(rows):
    """Who waits at the head, the longest first; then what is to come, by day; last what is over, the latest first."""
    is_over = Case(When(state__in=[State.DONE, State.CANCELLED], then=F("begins_on")))
    return rows.order_by(F("waits_since").asc(nulls_last=True), is_over.desc(nulls_first=True), "begins_on", "pk")


def listed(ids):
    """The bookings with these ids, a page of them, as dicts of what the list says of each and nothing else, for each fact costs; a
    query, and one for ids that are none yet.

    By their ids: else the database would join all that are found before it puts them in order, and takes a page of them. They are
    read first, for PostgreSQL joins eight tables at most in the order that it likes: a page of ids that it is still to find comes last.
    """
    ids = list(ids)
    found = {row["pk"]: row for row in listed_by_id(ids)}
    # Once, for each of fifty would be a tenth of the page.
    before, _, after = reverse("learningplans:detail", args=[0]).rpartition("0")
    return [in_words(found[pk]) | {"address": f"{before}{found[pk]['plan']}{after}"} for pk in ids if pk in found]


@prepared
def listed_by_id(ids):
    works_here = Case(When(is_employed(f"{PARTICIPATION}person__"), then=True), default=False)
    return Booking.objects.filter(pk__in=ids).order_by().values(*OWN, **LISTED, is_employed=works_here)


def stamps_of(rows):
    """[id, Booking.stamp] of these bookings, however many, in their order; one query."""
    read = {name: LISTED[name] for name in (*SHOWN, "date_starts_on", "date_ends_on") if name in LISTED}
    return [[row["pk"], stamp_in(row)] for row in in_order(rows).values(*OWN, **read)]


def stamp_in(row):
    """Booking.stamp of a booking that was read as a row."""
    shown = *(row[name] for name in SHOWN), row["date_starts_on"], row["date_ends_on"]
    return stamp_of(row["said"], row["state"], row["date"], row["moved_at"], shown)


def in_words(row):
    """What a row says of itself: whose it is, what, when, how it stands, and what HR has to look at."""
    title, provider, days = row["title"], "", (row["starts_on"], row["due_on"])
    plan_says, format_, offer = "", row["format_then"] or row["format_now"], row["offer_then"] or row["offer_now"]
    given_up = row["said"] == State.PROPOSED and row["booked_until"]
    given_up = f"{row['booked_title']}, {in_days(row['booked_from'], row['booked_until'])}" if given_up else ""
    if row["differs"] and row["state"] in (State.BOOKED, State.DONE):
        plan_says = ", ".join(filter(None, [title, row["provider"], "" if row["date"] else in_days(*days)]))
        title, provider, days = row["booked_title"], row["booked_provider"], (row["booked_from"], row["booked_until"])
        format_ = row["format_now"]
    if row["date"]:
        days = row["date_starts_on"], row["date_ends_on"]
    return {
        "person": row["person"],
        "person_name": row["person_name"],
        "person_number": row["person_number"],
        "unit_name": row["unit_name"],
        "title": title,
        "plan_says": plan_says,
        "key": f"{row['pk']}-{stamp_in(row)}",
        "days": in_days(*days),
        "about": ", ".join(filter(None, [format_, offer, provider])),
        "hours_said": "–" if row["hours"] is None else hours(row["hours"]),
        "cost_said": "–" if row["cost"] is None else euros(row["cost"]),
        "state_name": State(row["state"]).label,
        "waits": "Warteliste" if row["waits_since"] else "",
        "to_look_at": standing.to_look_at(
            row["state"],
            row["reported"],
            has_left=not row["is_employed"],
            differs=row["differs"],
            given_up=given_up,
        ),
    }
