"""Landkreis Musterland: an invented administration to try everything out in.

The same size gives the same names, roles and levels every time; dates are relative to the day of seeding.
"""

import gc
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from kompetenz.catalogue.built_in import load_missing
from kompetenz.people.models import Person
from learningplans.training import refreshing

from . import colleagues, managers, offers, people, plans, rounds, together, training
from .accounts import BY_KEY

SMALLEST, USUAL, LARGEST = 40, 60, 10_000


def is_there():
    """Whether this database holds the demo district."""
    return Person.objects.filter(email=BY_KEY["hr"].email).exists()


def size():
    """How many people of the district there are; those whom somebody has added meanwhile do not count."""
    first, last = people.FIRST_NUMBER, people.FIRST_NUMBER + LARGEST - 1
    return Person.objects.filter(personnel_number__range=(f"{first:07}", f"{last:07}")).count()


@contextmanager
def uncollected():
    """Without Python's search for cycles: hundreds of thousands of rows have none, and looking costs a third."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@uncollected()
@transaction.atomic
def seed(number_of_people):
    """Write the district with its rounds and plans into a database without people; all or nothing."""
    load_missing()
    settled = people.settle(number_of_people)
    offers.publish()
    ended, courses = rounds.hold_last_years(settled)
    reached = plans.follow_up(settled, ended, courses)
    rounds.publish_last_years(ended, settled)
    people.let_leave(settled)
    running, courses = rounds.hold_this_years(settled, reached)
    colleagues.ask(settled, courses)
    plans.draw_up(running, courses)
    rounds.publish_so_far(running, settled)
    together.propose(settled)
    managers.hand_one_over(settled, courses)
    managers.name_one_deputy(settled)
    rounds.prepare_next(settled)
    training.plan()
    refreshing.reckon_what_is_due(timezone.localdate())
