"""Naming somebody who acts for a manager, ending it, and who has to know of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kompetenz.people.models import Deputy, Person

DAY = timedelta(days=1)
FEBRUARY_28 = 28


class NotTheirPeople(Exception):
    """Somebody listed is not managed by this manager any more, or is the deputy themself."""


def managers():
    """People who manage somebody today, and so can have a deputy."""
    return Person.objects.filter(pk__in=Person.objects.employed().exclude(manager=None).values("manager"))


def people_of(manager):
    """The people for whom ``manager`` can name a deputy: their own, never those they deputise for themselves."""
    return Person.objects.employed().filter(manager=manager.pk)


def able_to_act():
    """People who can be named as a deputy at all: they work here and can sign in."""
    return Person.objects.employed().exclude(email=None)


def latest_end(since):
    """The last possible day of a deputy who begins on ``since``: twelve months later."""
    try:
        return since.replace(year=since.year + 1)
    except ValueError:  # 29 February
        return since.replace(year=since.year + 1, day=FEBRUARY_28)


@transaction.atomic
def name_deputy(*, manager, person, people, since, until, by):
    """Let ``person`` act for ``manager`` from ``since`` to ``until``, for these people and nobody else.

    The same deputy for the same days is not named a second time; people are added to them. Raises NotTheirPeople.
    """
    Person.objects.select_for_update(no_key=True).get(pk=manager.pk)  # whoever sends the same form twice waits here
    listed = people_of(manager).exclude(pk=person.pk).filter(pk__in=[one.pk for one in people])
    if len(listed) != len(people):
        raise NotTheirPeople
    deputy, _ = Deputy.objects.get_or_create(
        manager=manager, person=person, since=since, until=until, defaults={"named_by": by}
    )
    deputy.people.add(*listed)
    return deputy


@transaction.atomic
def end_deputy(*, deputy):
    """End a deputy's access at once. What has lasted a day stays as a record, what has not is removed.

    Ending it twice changes nothing.
    """
    today = timezone.localdate()
    found = Deputy.objects.select_for_update().filter(pk=deputy.pk, until__gte=today).first()
    if found is None:
        return
    if found.since >= today:
        found.delete()
    else:
        found.until = today - DAY
        found.save(update_fields=["until"])


def acting(user):
    """Those for whom ``user`` acts today, the first to end first."""
    return Deputy.objects.current().filter(person=user.pk).select_related("manager")


def concerning(person):
    """Deputies for ``person``: who acts, has acted or will act for their present manager, the last to end first."""
    named = Deputy.objects.filter(people=person.pk, manager=person.manager_id).exclude(person=person.pk)
    return named.select_related("person", "manager").order_by("-until", "-pk")
