"""Moving bookings: seats, the waiting list, what is recorded, who is told, and what was read before."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kompetenz.jobs import batches
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused
from learningplans.models import Booking, LearningFormat, Measure, Offer, OfferDate
from learningplans.training import booking, dates, keeping, listing, many
from learningplans.training.forms import OfferDateForm
from learningplans.training.seats import seats_of
from tests.clock import in_days
from tests.learningplans.training.bookings import DAY, booking_of, chosen, course

State = Booking.State


@pytest.fixture
def people(cast):
    return [cast.anna, cast.dora, cast.fremd]


def move(*bookings, to, by, **options):
    return booking.move(chosen=chosen(*bookings), to=to, by=by, **options)


def again(*bookings):
    return [Booking.objects.get(pk=one.pk) for one in bookings]


@pytest.mark.parametrize(
    "field",
    [
        {"title": "Etwas anderes"},
        {"provider": "vhs"},
        {"hours": 80},
        {"cost": 900},
        {"due_on": DAY + timedelta(9)},
        {"starts_on": None},
        "offer",
        "format",
    ],
)
def test_hr_books_the_measure_that_its_page_has_shown(cast, field):
    """The two may have agreed on another since; the page has to be read again."""
    one = booking_of(cast.anna)
    if isinstance(field, str):
        field = {field: course() if field == "offer" else LearningFormat.objects.exclude(pk=one.format_id).first()}
    read = chosen(*again(one))
    (row,) = listing.listed([one.pk])
    Measure.objects.filter(pk=one.measure_id).update(**field)
    keeping.keep_in_step([one.measure.plan_id])

    moved = booking.move(chosen=read, to=State.BOOKED, by=cast.paula)

    assert row["key"] == f"{one.pk}-{read[one.pk]}"
    assert (moved.done, moved.outdated, again(one)[0].said) == (0, 1, State.PROPOSED)


def test_a_page_of_a_list_is_found_before_anything_is_joined(people):
    """PostgreSQL joined a whole year and took a page of it: eight tables at most it joins in the order that it likes."""
    found = [booking_of(person) for person in people]

    with CaptureQueriesContext(connection) as asked:
        rows = listing.listed(listing.in_order(Booking.objects.all()).values_list("pk", flat=True)[:2])

    page, joined = (query["sql"].upper() for query in asked)
    assert ("JOIN" in page, "LIMIT" in page, joined.count("SELECT"), "JOIN" in joined) == (False, True, 1, True)
    assert [row["key"].partition("-")[0] for row in rows] == [str(one.pk) for one in found[:2]]


def test_each_step_is_kept_with_its_moment_and_taken_back_by_another(cast):
    one = booking_of(cast.anna)

    for to in (State.APPLIED, State.BOOKED, State.CANCELLED, State.BOOKED, State.DONE):
        move(*again(one), to=to, by=cast.paula)

    (one,) = again(one)
    assert (one.said, one.state, one.moved_by) == (State.DONE, State.DONE, cast.paula)
    assert [(step.before, step.after) for step in one.moves.all()] == [
        ("proposed", "applied"), ("applied", "booked"), ("booked", "cancelled"), ("cancelled", "booked"), ("booked", "done"),
    ]  # fmt: skip


def test_what_is_no_longer_as_it_was_read_is_left_alone(cast):
    one = booking_of(cast.anna)
    read = chosen(one)
    move(one, to=State.APPLIED, by=cast.paula)

    moved = booking.move(chosen=read, to=State.CANCELLED, by=cast.paula)

    assert (moved.done, moved.outdated, again(one)[0].said) == (0, 1, State.APPLIED)


def test_the_same_twice_does_no_harm(cast):
    one = booking_of(cast.anna)
    read = chosen(one)

    results = [booking.move(chosen=read, to=State.BOOKED, by=cast.paula) for _ in range(2)]

    assert [(one.done, one.same, one.outdated) for one in results] == [(1, 0, 0), (0, 1, 0)]
    assert again(one)[0].moves.count() == 1


def test_an_offer_with_one_date_to_come_is_booked_on_it_and_counts_in_its_year(cast):
    one = booking_of(cast.anna, course(dates=[in_days(-400), in_days(500)]))

    move(one, to=State.BOOKED, by=cast.paula)

    (one,) = again(one)
    assert (one.date.starts_on, one.begins_on, one.year) == (in_days(500), in_days(500), in_days(500).year)


def test_of_several_dates_one_is_to_be_chosen(cast):
    offer = course(dates=[DAY, in_days(80)])
    one = booking_of(cast.anna, offer)
    later = offer.dates.last()

    with pytest.raises(Refused, match="hat mehrere Termine"):
        move(one, to=State.BOOKED, by=cast.paula)
    move(one, to=State.BOOKED, by=cast.paula, date=later)

    assert again(one)[0].date == later


def test_a_date_of_another_offer_is_none_of_this_one(cast):
    other = course("Anderer", dates=[DAY]).dates.get()
    one = booking_of(cast.anna, course())

    move(one, to=State.BOOKED, by=cast.paula, date=other)

    assert again(one)[0].date is None


def test_a_date_that_is_removed_at_this_moment_is_none_any_more(cast):
    offer = course(dates=[DAY, in_days(60)])
    one, date = booking_of(cast.anna, offer), offer.dates.first()
    dates.remove_date(date=offer.dates.first())

    with pytest.raises(Refused, match="gibt es nicht mehr"):
        move(one, to=State.BOOKED, by=cast.paula, date=date)


def test_nobody_is_booked_on_a_date_that_is_another_day_at_this_moment(cast):
    offer = course(dates=[DAY, in_days(60)])
    one, date = booking_of(cast.anna, offer), offer.dates.first()
    offer.dates.filter(pk=date.pk).update(starts_on=in_days(50), ends_on=in_days(50))

    with pytest.raises(Refused, match="ist inzwischen ein anderer"):
        move(one, to=State.BOOKED, by=cast.paula, date=date)

    assert again(one)[0].date is None


@pytest.mark.parametrize("change", ["moved", "removed"])
def test_a_job_books_nobody_more_on_a_date_that_is_another_by_now(cast, people, monkeypatch, run_jobs, change):
    monkeypatch.setitem(batches.KINDS, many.MOVING.name, many.MOVING)
    monkeypatch.setattr(many, "MOVING", replace(many.MOVING, size=1, at_once=0))
    offer = course(dates=[DAY, in_days(60)])
    rows, date = [booking_of(person, offer) for person in people], offer.dates.first()
    items = [[one.pk, one.stamp] for one in rows]
    about = {"to": State.BOOKED, "date": date, "rest_waits": False, "by": cast.paula, "back": "/"}
    job = many.begin_moving(items, **about)
    batches.step(job.pk)
    Job.objects.filter(pk=job.pk).update(in_hand_until=None)
    changed = offer.dates.filter(pk=date.pk)
    changed.update(starts_on=in_days(50), ends_on=in_days(50)) if change == "moved" else changed.delete()
    run_jobs()

    job.refresh_from_db()
    assert job.problem == (booking.ANOTHER_DAY if change == "moved" else booking.DATE_IS_GONE)
    assert [one.said for one in again(*rows)] == ["booked", "proposed", "proposed"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_booking_is_held_before_it_is_read(cast):
    """Else what HR books while somebody reports on the plan would be written over with what was before."""
    one = booking_of(cast.anna, course())

    with CaptureQueriesContext(connection) as queries:
        keeping.keep_in_step([one.measure.plan_id])

    reads = [query["sql"] for query in queries if '"learningplans_booking"' in query["sql"]]
    assert "FOR UPDATE" in reads[0]


def test_more_than_there_are_seats_are_not_booked(cast, people):
    offer = course(dates=[DAY], seats=2)
    rows = [booking_of(person, offer) for person in people]

    with pytest.raises(booking.Full) as full:
        move(*rows, to=State.BOOKED, by=cast.paula)

    assert full.value.free == 2
    assert f"„Kurs“ am {DAY:%d.%m.%Y} sind nur noch 2 Plätze frei, gewählt sind 3." in str(full.value)
    assert [one.state for one in again(*rows)] == [State.PROPOSED] * 3


def test_the_rest_waits_in_order_and_a_seat_that_is_free_again_is_shown(cast, people):
    offer = course(dates=[DAY], seats=1)
    rows = [booking_of(person, offer) for person in people]

    moved = move(*rows, to=State.BOOKED, by=cast.paula, rest_waits=True)
    first, second, third = again(*rows)

    assert (moved.done, moved.waiting) == (3, 2)
    assert [one.state for one in (first, second, third)] == [State.BOOKED, State.APPLIED, State.APPLIED]
    assert list(Booking.objects.waiting()) == [second, third]
    assert [(one.taken, one.free, one.waiting, one.could_take) for one in seats_of(offer)] == [(1, 0, 2, 0)]
    move(first, to=State.CANCELLED, by=cast.paula)
    assert [(one.taken, one.free, one.waiting, one.could_take) for one in seats_of(offer)] == [(0, 1, 2, 1)]
    move(third, second, to=State.BOOKED, by=cast.paula, rest_waits=True)
    assert [one.state for one in again(second, third)] == [State.BOOKED, State.APPLIED]


def test_an_offer_without_dates_has_its_seats_too(cast, people):
    offer = course(seats=1)
    rows = [booking_of(person, offer) for person in people[:2]]
    move(rows[0], to=State.BOOKED, by=cast.paula)

    with pytest.raises(booking.Full, match="ist kein Platz frei, gewählt ist 1"):
        move(rows[1], to=State.BOOKED, by=cast.paula)


def test_who_is_booked_hears_of_it_and_of_what_falls_away_the_manager_too(cast):
    one = booking_of(cast.anna)

    told = []
    for to in (State.APPLIED, State.BOOKED, State.CANCELLED):
        Letter.objects.all().delete()
        move(*again(one), to=to, by=cast.paula)
        told.append(sorted(letter.person.first_name for letter in Letter.objects.all()))

    assert told == [[], ["Anna"], ["Anna", "Bernd"]]
    assert Letter.objects.first().path == one.measure.plan.get_absolute_url()


def test_several_at_once_are_one_letter(cast):
    rows = [booking_of(cast.anna)]
    plan = rows[0].measure.plan
    rows.append(booking_of(cast.dora))

    move(*rows, to=State.BOOKED, by=cast.paula)

    assert Letter.objects.filter(person=cast.anna, path=plan.get_absolute_url()).count() == 1
    assert Letter.objects.count() == 2


def test_a_date_of_an_offer_that_is_gone_is_not_saved(db):
    offer = course()
    form = OfferDateForm({"starts_on": f"{in_days(30)}"}, instance=OfferDate(offer=offer))
    assert form.is_valid(), form.errors
    Offer.objects.filter(pk=offer.pk).delete()

    with pytest.raises(Refused, match="inzwischen entfernt"):
        dates.save_date(form=form)


def test_a_date_that_is_moved_takes_its_bookings_along_and_tells_them(cast):
    offer = course(dates=[DAY])
    one = booking_of(cast.anna, offer)
    move(one, to=State.BOOKED, by=cast.paula)
    Letter.objects.all().delete()
    date, day = offer.dates.get(), in_days(420)
    form = OfferDateForm({"starts_on": day, "ends_on": day, "place": "Saal 2"}, instance=date)

    dates.save_date(form=form)

    assert (again(one)[0].begins_on, again(one)[0].year) == (day, day.year)
    assert [letter.person for letter in Letter.objects.all()] == [cast.anna]


def test_who_was_on_a_day_that_hr_has_moved_finds_it_in_their_access_log(cast, as_):
    offer = course(dates=[DAY])
    move(booking_of(cast.anna, offer), to=State.BOOKED, by=cast.paula)
    Access.objects.all().forget()
    accesses.known.day = None
    date, day = offer.dates.get(), f"{in_days(50)}"
    address = reverse("learningplans:training_date", args=[offer.pk, date.pk])

    as_(cast.paula).post(address, {"starts_on": day, "ends_on": day, "place": "Saal 2"})

    assert list(Access.objects.values_list("about", "reader", "what", "how")) == [
        (cast.anna.pk, cast.paula.pk, "measures", "changed")
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_hr_books_is_held_before_it_is_read(cast):
    """Else HR would book, at the moment in which the two agree on another measure, what it was before."""
    one = booking_of(cast.anna, course())

    with CaptureQueriesContext(connection) as queries:
        move(one, to=State.BOOKED, by=cast.paula)

    reads = [query["sql"] for query in queries if 'FROM "learningplans_booking"' in query["sql"]]
    held = next(place for place, sql in enumerate(reads) if "FOR UPDATE" in sql)
    read = next(place for place, sql in enumerate(reads) if '"learningplans_measure"."title"' in sql)
    assert held < read


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["hr", "the two"])
def test_two_at_the_same_moment_do_not_write_over_each_other(cast, who):
    """While one is about to write, HR books what the page has shown: it finds what stands there once it is its turn."""
    one = booking_of(cast.anna)
    read, moved = chosen(*again(one)), []

    def book():
        moved.append(move_read(read, State.BOOKED, cast))
        connection.close()

    other = threading.Thread(target=book)
    with transaction.atomic():
        if who == "hr":
            move_read(read, State.APPLIED, cast)
        else:
            Measure.objects.filter(pk=one.measure_id).update(title="Etwas anderes")
            keeping.keep_in_step([one.measure.plan_id])
        other.start()
        time.sleep(1)  # by then it waits
    other.join()

    said = State.APPLIED if who == "hr" else State.PROPOSED
    assert (moved[0].done, moved[0].outdated, again(one)[0].said) == (0, 1, said)


def move_read(read, to, cast):
    return booking.move(chosen=read, to=to, by=cast.paula)


def test_a_date_with_somebody_on_it_stays(cast):
    offer = course(dates=[DAY])
    one = booking_of(cast.anna, offer)
    move(one, to=booking.WAIT, by=cast.paula)

    with pytest.raises(Refused, match="stehen noch Buchungen"):
        dates.remove_date(date=offer.dates.get())
    move(*again(one), to=State.PROPOSED, by=cast.paula)
    dates.remove_date(date=offer.dates.get())

    assert list(offer.dates.all()) == []
