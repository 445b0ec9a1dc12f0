"""Giving roles to people and taking them back; a person's roles never overlap."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.refusals import Faster

from .models import RoleHolding

DAY = timedelta(days=1)


def assign_role(*, person, profile, since):
    """Give ``person`` the role from the day ``since`` on; return the holding that says so."""
    return assign_role_to_all(people=[person], profile=profile, since=since)[0]


@transaction.atomic
def assign_role_to_all(*, people, profile, since):
    """Give every one of ``people`` the role from the day ``since`` on, all or none; return a holding for each.

    The role held until then ends the day before; one that began on the same day is replaced. A role
    that begins later stays, and the new one ends the day before it. Neighbouring holdings of the
    same profile become one, so giving a role again changes nothing.
    """
    held = of_people(people).filter(Q(until=None) | Q(until__gte=since)).order_by("since")
    holdings = {person.pk: [] for person in people}
    for holding in held:
        holdings[holding.person_id].append(holding)
    new = {person.pk: RoleHolding(person=person, profile=profile, since=since) for person in people}
    changes = [fit_in(new[pk], holdings[pk]) for pk in sorted(new)]
    RoleHolding.objects.filter(pk__in=[holding.pk for change in changes for holding in change.gone]).delete()
    RoleHolding.objects.bulk_update([change.before for change in changes if change.before], ["until"])
    RoleHolding.objects.bulk_create([change.given for change in changes if change.given.pk is None])
    return [change.given for change in changes]


@dataclass(frozen=True)
class HoldingChange:
    """What becomes of one person's holdings: which go, which earlier one ends anew, which says the role given."""

    gone: list
    before: RoleHolding | None
    given: RoleHolding


def fit_in(new, holdings):
    """Make room for ``new`` among one person's ``holdings``, those that reach its first day or begin later, by day."""
    gone = [holding for holding in holdings if holding.since == new.since and holding.profile_id != new.profile_id]
    before = next((holding for holding in holdings if holding.since <= new.since and holding not in gone), None)
    following = next((holding for holding in holdings if holding.since > new.since), None)
    new.until = following.since - DAY if following else None
    if following and following.profile_id == new.profile_id:
        new.until = following.until
        gone.append(following)
    if before is None:
        return HoldingChange(gone, None, new)
    goes_on = before.profile_id == new.profile_id
    before.until = new.until if goes_on else new.since - DAY
    return HoldingChange(gone, before, before if goes_on else new)


@transaction.atomic
def end_role(*, person, until):
    """End the role that ``person`` holds without an end; ``until`` is its last day.

    Raises RoleHolding.DoesNotExist if there is none, ValueError if it begins after ``until``.
    """
    holding = of_people([person]).get(until=None)
    if until < holding.since:
        raise ValueError("A role cannot end before it begins.")
    holding.until = until
    holding.save(update_fields=["until"])
    return holding


def stamp_of(person):
    """The stamp of the roles that ``person`` has had, has and will have."""
    return stamp(
        list(RoleHolding.objects.filter(person=person).order_by("since").values_list("profile", "since", "until"))
    )


def still_as_read(*, person, read):
    """Raises Faster where the roles of ``person`` are not those of the stamp ``read`` any more; until the transaction ends they stay."""
    of_people([person])
    if read != stamp_of(person):
        raise Faster


def replaced(*, people, profile, since):
    """Those of ``people`` who would lose another role that begins on the very day ``since``."""
    return [
        row.person for row in of_people(people).filter(since=since).exclude(profile=profile).select_related("person")
    ]


@transaction.atomic
def take_back_role(*, holding):
    """Remove a role that has not begun; the one that was to end the day before goes on instead."""
    earlier = of_people([holding.person]).filter(until=holding.since - DAY).first()
    holding.delete()
    if earlier:
        earlier.until = holding.until
        earlier.save(update_fields=["until"])


def of_people(people):
    """These people's holdings; whoever changes them meanwhile has to wait.

    People are locked by id, so that no two writers ever wait for each other.
    """
    keys = [person.pk for person in people]
    # By id, as staff lists lock them; no_key, for rows that point at a person may go on being written.
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    return RoleHolding.objects.filter(person__in=keys)
