"""Giving roles to people and taking them back; a person's roles never overlap."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kompetenz.people.models import Person

from .models import RoleHolding

DAY = timedelta(days=1)


@transaction.atomic
def assign_role(*, person, profile, since):
    """Give ``person`` the role from the day ``since`` on; return the holding that says so.

    The role held until then ends the day before; one that began on the same day is replaced. A role
    that begins later stays, and the new one ends the day before it. Neighbouring holdings of the
    same profile become one, so giving a role again changes nothing.
    """
    holdings = of_person(person)
    holdings.filter(since=since).exclude(profile=profile).delete()
    following = holdings.filter(since__gt=since).order_by("since").first()
    before = holdings.filter(Q(until=None) | Q(until__gte=since), since__lte=since).first()
    if following and following.profile_id == profile.pk:
        until = following.until
        following.delete()
    else:
        until = following.since - DAY if following else None
    if before and before.profile_id == profile.pk:
        before.until = until
        before.save(update_fields=["until"])
        return before
    if before:
        before.until = since - DAY
        before.save(update_fields=["until"])
    return RoleHolding.objects.create(person=person, profile=profile, since=since, until=until)


@transaction.atomic
def assign_role_to_all(*, people, profile, since):
    """Give every one of ``people`` the role from the day ``since`` on; all or none."""
    return [assign_role(person=person, profile=profile, since=since) for person in people]


@transaction.atomic
def end_role(*, person, until):
    """End the role that ``person`` holds without an end; ``until`` is its last day.

    Raises RoleHolding.DoesNotExist if there is none, ValueError if it begins after ``until``.
    """
    holding = of_person(person).get(until=None)
    if until < holding.since:
        raise ValueError("A role cannot end before it begins.")
    holding.until = until
    holding.save(update_fields=["until"])
    return holding


@transaction.atomic
def take_back_role(*, holding):
    """Remove a role that has not begun; the one that was to end the day before goes on instead."""
    earlier = of_person(holding.person).filter(until=holding.since - DAY).first()
    holding.delete()
    if earlier:
        earlier.until = holding.until
        earlier.save(update_fields=["until"])


def of_person(person):
    """The person's holdings; whoever changes them meanwhile has to wait."""
    Person.objects.select_for_update().filter(pk=person.pk).first()
    return RoleHolding.objects.filter(person=person)
