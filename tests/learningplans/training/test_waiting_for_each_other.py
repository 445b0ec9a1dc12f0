"""Two who write the same bookings wait for each other, and never each for the other: plans first, then bookings, then years."""

import threading
import time

import pytest
from django.db import connection, transaction

from kompetenz.people import renaming
from kompetenz.people.models import Person, Unit
from kompetenz.privacy.retention import carrying_out
from learningplans.drafting import holding
from learningplans.models import Booking, LearningPlan, TrainingYear
from learningplans.training import dates, keeping
from learningplans.training.forms import OfferDateForm
from tests.clock import in_days
from tests.learningplans.training.bookings import DAY, bookings_of, course, plan_with

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]


def delete_plan(plan, other):
    LearningPlan.objects.get(pk=plan.pk).delete()


def delete_person(plan, other):
    Person.objects.get(pk=plan.participation.person_id).delete()


def erase_both(plan, other):
    """In one batch; the other's goes first, and with it the year is written."""
    both = [other.participation_id, plan.participation_id]
    carrying_out.hold("records", both)
    for pk in both:
        carrying_out.records([pk])


def move_person(plan, other):
    person = Person.objects.get(pk=plan.participation.person_id)
    before = Person.objects.get(pk=person.pk)
    person.unit = Unit.objects.create(name="Anderswo", number="990")
    person.save()
    renaming.note_changes([(before, person)])


def move_date(plan, other):
    date = plan.measures.get().offer.dates.get()
    day = in_days(50)
    form = OfferDateForm({"starts_on": day, "ends_on": day, "place": "Saal 3", "state": date.stamp}, instance=date)
    assert form.is_valid(), form.errors
    dates.save_date(form=form)


@pytest.mark.parametrize("they", [delete_plan, delete_person, erase_both, move_person, move_date])
@pytest.mark.parametrize("holds", ["bookings", "plan"])
def test_nobody_holds_a_year_and_waits_for_a_booking(cast, they, holds):
    offer = course(dates=[DAY])
    other, plan = plan_with(cast.fremd, None), plan_with(cast.anna, offer)
    Booking.objects.filter(pk=bookings_of(plan)[0].pk).update(date=offer.dates.get())
    went_wrong = []

    def write():
        try:
            with transaction.atomic():
                they(plan, other)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says so
            went_wrong.append(error)
        connection.close()

    somebody = threading.Thread(target=write)
    with transaction.atomic():
        if holds == "plan":
            holding.held(plan, LearningPlan.State.AGREED)
        else:  # as keep_in_step begins
            list(Booking.objects.filter(measure__plan=plan).select_for_update().order_by("pk"))
        somebody.start()
        time.sleep(0.5)  # by then they wait
        keeping.keep_in_step([plan.pk])
    somebody.join()

    assert went_wrong == []
    assert TrainingYear.objects.filter(year=DAY.year).exists()
