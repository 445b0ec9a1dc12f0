"""Bookings follow the measures of plans, whatever becomes of these and of the people."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.utils.formats import date_format

from kompetenz.letters.models import Letter
from kompetenz.people import renaming
from kompetenz.people.models import Person, Unit
from learningplans.drafting import agreeing, holding
from learningplans.models import Booking, BookingMove, LearningPlan, Measure
from learningplans.training import booking, keeping
from tests.clock import TODAY
from tests.learningplans.making import measure_in
from tests.learningplans.training.bookings import DAY, booking_of, bookings_of, chosen, course, plan_with

State = Booking.State
YEAR = timedelta(days=365)


def again(one):
    return Booking.objects.get(pk=one.pk)


def test_every_measure_of_an_agreed_plan_has_a_booking_that_says_the_same(cast):
    offer = course(hours=16, cost=900)

    with_figures, without = bookings_of(plan_with(cast.anna, None, offer))
    Measure.objects.filter(pk=without.measure_id).update(hours=None, cost=None, starts_on=None)
    holding.tell_participation(without.measure.plan)
    without = again(without)

    assert (with_figures.state, with_figures.begins_on, with_figures.year, with_figures.unit) == (
        State.PROPOSED, DAY, DAY.year, cast.anna.unit,
    )  # fmt: skip
    assert (with_figures.hours, with_figures.cost, with_figures.offer) == (Decimal(8), Decimal(100), None)
    assert (without.hours, without.cost, without.offer, without.begins_on) == (Decimal(16), Decimal(900), offer, DAY)


def test_a_draft_has_none_and_one_that_is_opened_again_shows_hr_none(cast):
    draft = plan_with(cast.dora, None, state=LearningPlan.State.DRAFT)
    plan = plan_with(cast.anna, None)
    before = [one.state for one in Booking.objects.visible_to(cast.paula)]

    agreeing.reopen_plan(plan=plan)

    assert (bookings_of(draft), before) == ([], [State.PROPOSED])
    assert list(Booking.objects.visible_to(cast.paula)) == []
    assert bookings_of(plan)[0].said == State.PROPOSED


def test_only_hr_sees_the_training_plan(cast):
    plan_with(cast.anna, None)

    seen = {
        name: Booking.objects.visible_to(getattr(cast, name)).count() for name in ("anna", "bernd", "paula", "audit")
    }

    assert seen == {"anna": 0, "bernd": 0, "paula": 1, "audit": 0}


def test_what_the_two_report_moves_it(as_, cast):
    plan = plan_with(cast.anna, None)
    measure = plan.measures.get()
    Measure.objects.filter(pk=measure.pk).update(starts_on=TODAY)

    as_(cast.anna).post(f"/lernplaene/{plan.pk}/massnahmen/{measure.pk}/stand/", {"state": "done"})

    assert (bookings_of(plan)[0].state, bookings_of(plan)[0].said) == (State.DONE, State.PROPOSED)


@pytest.mark.parametrize(("to", "is_kept"), [(State.DONE, True), (State.BOOKED, False)])
def test_what_was_carried_out_has_cost_what_the_offer_cost_then(cast, to, is_kept):
    offer = course(hours=16, cost=900)
    one = booking_of(cast.anna, offer, hours=None, cost=None)
    booking.move(chosen=chosen(one), to=to, by=cast.paula)
    type(offer).objects.update(hours=24, cost=1200)

    holding.tell_participation(one.measure.plan)

    now = (Decimal(16), Decimal(900)) if is_kept else (Decimal(24), Decimal(1200))
    assert (again(one).hours, again(one).cost) == now


@pytest.mark.parametrize("who", ["hr", "the two"])
def test_what_the_offer_costs_by_the_time_it_is_carried_out_counts(cast, who):
    """HR learns the price after the plans are agreed, and nobody has moved the booking in between."""
    offer = course()
    one = booking_of(cast.anna, offer, hours=None, cost=None)
    type(offer).objects.update(hours=16, cost=900)

    if who == "hr":
        booking.move(chosen=chosen(one), to=State.DONE, by=cast.paula)
    else:
        Measure.objects.filter(pk=one.measure_id).update(state=Measure.State.DONE)
        holding.tell_participation(one.measure.plan)

    now = again(one)
    assert (now.state, now.hours, now.cost) == (State.DONE, Decimal(16), Decimal(900))


@pytest.mark.parametrize("is_agreed_again", [False, True])
def test_what_was_carried_out_has_cost_what_it_cost_then_though_its_plan_is_a_draft_again(cast, is_agreed_again):
    offer = course(hours=16, cost=900)
    one = booking_of(cast.anna, offer, hours=None, cost=None)
    booking.move(chosen=chosen(one), to=State.DONE, by=cast.paula)
    type(offer).objects.update(hours=24, cost=1200)
    plan, agreed = one.measure.plan, LearningPlan.objects.values("state", *LearningPlan.NOT_AGREED).get()

    agreeing.reopen_plan(plan=plan)
    if is_agreed_again:
        LearningPlan.objects.update(**agreed)
        keeping.keep_in_step([plan.pk])

    assert (again(one).hours, again(one).cost) == (Decimal(16), Decimal(900))


@pytest.mark.parametrize("who", ["hr", "the two"])
def test_of_what_is_carried_out_in_its_place_nothing_is_said_of_what_was_carried_out_before(cast, who):
    """What one course took is not what the next has taken, of which the plan says no hours."""
    one = booking_of(cast.anna)
    booking.move(chosen=chosen(one), to=State.DONE, by=cast.paula)
    change(one, title="Etwas anderes", hours=None, cost=None)
    kept = again(one).hours, again(one).cost

    if who == "hr":
        booking.move(chosen=chosen(again(one)), to=State.DONE, by=cast.paula)
    else:
        change(one, state=Measure.State.DONE)

    now = again(one)
    assert kept == (Decimal(8), Decimal(100))
    assert (now.differs, now.hours, now.cost) == (False, None, None)


def test_another_offer_lets_go_of_what_was_booked(cast):
    old, new = course("Alt", dates=[DAY]), course("Neu")
    one = booking_of(cast.anna, old)
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    Measure.objects.filter(pk=one.measure_id).update(offer=new)

    holding.tell_participation(one.measure.plan)

    one = again(one)
    assert (one.said, one.state, one.date, one.offer) == (State.PROPOSED, State.PROPOSED, None, new)
    assert [(move.before, move.after, move.by) for move in one.moves.all()] == [
        (State.PROPOSED, State.BOOKED, cast.paula),
        (State.BOOKED, State.PROPOSED, None),
    ]


def test_hr_hears_of_a_booked_seat_that_is_given_up_and_sees_it_until_they_say_what_holds(
    as_, cast, run_jobs, mailoutbox
):
    old, new = course("Alt", dates=[DAY]), course("Neu")
    one, other = booking_of(cast.anna, old), booking_of(cast.dora, course("Nur beantragt"))
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    booking.move(chosen=chosen(other), to=State.APPLIED, by=cast.paula)
    run_jobs()
    mailoutbox.clear()

    for each in (one, other):
        change(again(each), offer=new)
    run_jobs()
    page = as_(cast.paula).get(Letter.objects.get(key__startswith="seat-free").path)
    booking.move(chosen=chosen(again(one)), to=State.PROPOSED, by=cast.paula)

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        [cast.paula.email],
        f"Ein gebuchter Platz ist frei geworden, Beginn am {date_format(DAY)}",
    )
    assert not [name for name in ("Anna", "Ärmel", "Alt", "Neu") if name in mail.body]
    days = DAY.strftime("%d.%m.%Y")
    assert [row["to_look_at"] for row in page.context["rows"]] == [f"gebuchter Platz aufgegeben: Maßnahme 1, {days}"]
    assert page.context["undecided"] == 1
    assert again(one).moves.last().by == cast.paula
    assert as_(cast.paula).get(page.request["PATH_INFO"], {"jahr": DAY.year}).context["undecided"] == 0


def test_a_letter_about_a_seat_is_not_sent_once_hr_has_said_what_holds(cast, run_jobs, mailoutbox):
    one = booking_of(cast.anna, course("Alt"))
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    run_jobs()
    mailoutbox.clear()
    change(again(one), offer=course("Neu"))

    booking.move(chosen=chosen(again(one)), to=State.APPLIED, by=cast.paula)
    run_jobs()

    assert [mail.to for mail in mailoutbox] == []


@pytest.mark.parametrize("said", [State.CANCELLED, State.DONE])
def test_of_another_offer_hr_has_said_nothing(cast, said):
    one = booking_of(cast.anna, course("Alt", dates=[DAY]))
    booking.move(chosen=chosen(one), to=said, by=cast.paula)

    one = change(again(one), offer=course("Neu"))

    assert (one.said, one.state, one.date, one.moved_by) == (State.PROPOSED, State.PROPOSED, None, None)
    assert [(move.before, move.after, move.by) for move in one.moves.all()][1:] == [(said, State.PROPOSED, None)]


@pytest.mark.parametrize("values", [{"title": "Kurs B"}, {"starts_on": DAY + YEAR, "due_on": DAY + YEAR}])
def test_what_falls_away_and_is_planned_anew_is_proposed_again(as_, cast, values):
    one = booking_of(cast.anna, title="Kurs A")
    booking.move(chosen=chosen(one), to=State.CANCELLED, by=cast.paula)
    same = change(again(one), hours=3)

    one = change(same, **values)

    assert (same.said, one.said, one.state) == (State.CANCELLED, State.PROPOSED, State.PROPOSED)
    assert "Die Personalentwicklung hat eingetragen, dass sie entfällt" not in as_(cast.anna).get("/").text


def test_what_fell_away_with_its_measure_is_proposed_once_that_is_planned_again(cast):
    one = booking_of(cast.anna, title="Kurs A")
    one = change(one, state=Measure.State.DROPPED)
    booking.move(chosen=chosen(one), to=State.CANCELLED, by=cast.paula)
    dropped = change(again(one), hours=3)

    one = change(dropped, state=Measure.State.PLANNED)

    assert (dropped.said, one.said, one.state) == (State.CANCELLED, State.PROPOSED, State.PROPOSED)


def test_what_hr_has_said_to_be_carried_out_is_not_said_of_another_measure(cast):
    one = booking_of(cast.anna, title="Kurs A")
    booking.move(chosen=chosen(one), to=State.DONE, by=cast.paula)

    changed = change(again(one), title="Kurs B")
    booking.move(chosen=chosen(changed), to=State.DONE, by=cast.paula)

    assert (changed.state, changed.differs, changed.begins_on) == (State.DONE, True, DAY)
    assert "durchgeführt ist noch, was vorher im Lernplan stand („Kurs A“, " in changed.in_words
    assert (again(one).differs, again(one).in_words) == (False, "durchgeführt")


def change(one, **values):
    """As a recorded change does; answers the booking of the measure."""
    Measure.objects.filter(pk=one.measure_id).update(**values)
    holding.tell_participation(one.measure.plan)
    return again(one)


@pytest.mark.parametrize(
    "values",
    [{"title": "Kurs B"}, {"provider": "Institut B"}, {"starts_on": DAY + YEAR, "due_on": DAY + YEAR}],
    ids=["title", "provider", "days"],
)
def test_what_is_booked_without_an_offer_stays_what_was_booked_until_hr_says_anew(cast, values):
    one = booking_of(cast.anna, title="Kurs A", provider="Institut A")
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)

    changed = change(again(one), **values)
    kept = changed.booked_title, changed.booked_provider, changed.booked_from, changed.begins_on
    booking.move(chosen=chosen(changed), to=State.BOOKED, by=cast.paula)
    anew = again(one)

    assert (changed.said, changed.state, changed.differs) == (State.BOOKED, State.BOOKED, True)
    assert kept == ("Kurs A", "Institut A", DAY, DAY)
    assert "ist noch, was vorher im Lernplan stand („Kurs A“, Institut A, " in changed.in_words
    assert (anew.said, anew.differs, anew.in_words) == (State.BOOKED, False, "gebucht")
    assert (anew.booked_title, anew.booked_provider, anew.begins_on) == (
        values.get("title", "Kurs A"), values.get("provider", "Institut A"), values.get("starts_on", DAY),
    )  # fmt: skip


def test_what_is_carried_out_is_what_the_plan_says(cast):
    one = booking_of(cast.anna, title="Kurs A")
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)

    one = change(again(one), title="Kurs B", starts_on=TODAY, state=Measure.State.DONE)

    assert (one.state, one.differs, one.in_words, one.begins_on) == (State.DONE, False, "gebucht", TODAY)


def test_what_is_only_proposed_says_what_the_plan_says(cast):
    one = change(booking_of(cast.anna, title="Kurs A"), title="Kurs B", starts_on=DAY + YEAR, due_on=DAY + YEAR)

    assert (one.state, one.differs, one.booked_title, one.begins_on) == (State.PROPOSED, False, "", DAY + YEAR)


def test_what_was_booked_and_is_taken_back_is_forgotten(cast):
    one = booking_of(cast.anna, title="Kurs A")
    for to in (State.BOOKED, State.PROPOSED):
        booking.move(chosen=chosen(again(one)), to=to, by=cast.paula)

    one = change(again(one), title="Kurs B")

    assert (one.differs, one.booked_title, one.booked_until) == (False, "", None)


def test_the_days_of_a_plan_do_not_matter_for_what_is_booked_on_a_date(cast):
    one = booking_of(cast.anna, course(dates=[DAY]))
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)

    one = change(again(one), due_on=DAY + YEAR)

    assert (one.differs, one.begins_on) == (False, DAY)


def test_with_a_person_who_leaves_goes_what_is_not_booked_and_comes_back_with_them(cast):
    applied, booked = bookings_of(plan_with(cast.anna, None, None))
    booking.move(chosen=chosen(booked), to=State.BOOKED, by=cast.paula)

    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY - timedelta(days=1))
    gone = [again(one).state for one in (applied, booked)]
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=None)

    assert gone == [State.CANCELLED, State.BOOKED]
    assert [again(one).state for one in (applied, booked)] == [State.PROPOSED, State.BOOKED]


def test_the_day_after_somebodys_last_day_nothing_is_proposed_any_more(cast):
    one = booking_of(cast.anna)
    # Nobody writes anything on that day.
    QuerySet.update(Person.objects.filter(pk=cast.anna.pk), leaving_date=TODAY - timedelta(days=1))
    before = again(one).state

    said = [keeping.let_fall_what_leavers_had_before_them(TODAY) for _ in range(2)]

    assert (before, again(one).state) == (State.PROPOSED, State.CANCELLED)
    assert said == ["Fortbildungsplanung: Maßnahmen eines Lernplans entfallen.", None]


def test_who_works_in_another_unit_is_paid_for_there_from_now_on(cast):
    done, to_come = bookings_of(plan_with(cast.anna, None, None))
    booking.move(chosen=chosen(done), to=State.DONE, by=cast.paula)
    before, amt = cast.anna.unit, Unit.objects.get(number="10")
    was = Person.objects.get(pk=cast.anna.pk)
    cast.anna.unit = amt
    cast.anna.save()

    renaming.note_changes([(was, cast.anna)])

    assert [again(one).unit for one in (done, to_come)] == [before, amt]


def test_a_measure_of_a_change_in_force_is_in_the_plan(cast):
    plan = plan_with(cast.anna, None)
    measure_in(plan, *plan.goals.all(), title="Neu", starts_on=DAY)

    holding.tell_participation(plan)

    assert [one.measure.title for one in bookings_of(plan)] == ["Maßnahme 1", "Neu"]
    assert BookingMove.objects.count() == 0
