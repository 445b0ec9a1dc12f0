"""Naming somebody who acts for a manager, ending it, and who has to know of it."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from kompetenz.people import notices
from kompetenz.people.models import Deputy, Person
from kompetenz.people.own_reach import objection_to_deputy
from kompetenz.refusals import Faster, Refused

FEBRUARY_28 = 28


MOVED_ON = "Die Zuordnung hat sich inzwischen geändert. Bitte prüfen Sie die Auswahl."


def managers():
    """People who manage somebody today, and so can have a deputy."""
    return Person.objects.filter(Exists(Person.objects.employed().filter(manager=OuterRef("pk"))))


def people_found(manager, typed):
    """Those of them in whose name all that was ``typed`` stands."""
    return Person.objects.of_manager(manager).called(typed)


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

    The same deputy for the same days is not named a second time: people are added to them by whoever has named them; what another
    adds is an entry of its own, in their name. The deputy and the people are told, and the manager where somebody else has done it.
    Raises Faster if somebody listed is not managed by this manager any more, or is the deputy themself; Refused for whom ``by`` may
    not name.
    """
    if objection := objection_to_deputy(by=by, deputy=person, manager=manager):
        raise Refused(objection)
    Person.objects.select_for_update(no_key=True).get(pk=manager.pk)  # whoever sends the same form twice waits here
    listed = Person.objects.of_manager(manager).exclude(pk=person.pk).filter(pk__in=[one.pk for one in people])
    if len(listed) != len(people):
        raise Faster(MOVED_ON)
    same = {"manager": manager, "person": person, "since": since, "until": until, "ended_at": None}
    known = Deputy.objects.filter(**same)
    added = list(listed.exclude(pk__in=Person.objects.filter(pk__in=known.values("people"))))
    if not added and (twin := known.first()):
        return twin
    deputy, _ = Deputy.objects.get_or_create(**same, named_by=by)
    tell(deputy, added, by)
    deputy.people.add(*added)
    return deputy


def tell(deputy, added, by):
    """The deputy learns it, and whose data they read from now on; the manager, too, where it was not their choice."""
    of_manager = by is not None and by.pk == deputy.manager_id
    if added:
        notices.inform("deputy_named", [deputy.person])
        notices.inform("deputy_for_person", added)
    if added and not of_manager:
        notices.inform("deputy_of_manager", [deputy.manager])


@transaction.atomic
def end_deputy(*, deputy, by):
    """End a deputy's access at once. What has begun stays as a record, what has not is removed.

    Who acted, or would have, is told, and so is the manager where it was not their choice. Ending it twice changes nothing.
    """
    today = timezone.localdate()
    # Locked, so that of two who end it at the same moment the second finds it ended.
    found = Deputy.objects.select_for_update().current_or_coming().filter(pk=deputy.pk).first()
    if found is None:
        return
    notices.inform("deputy_ended", [found.person])
    if by.pk != found.manager_id:
        notices.inform("deputy_of_manager_ended", [found.manager])
    if found.since > today:
        found.delete()
    else:
        found.until, found.ended_at = today, timezone.now()
        found.save(update_fields=["until", "ended_at"])


def acting(user):
    """Those for whom ``user`` acts today, the first to end first."""
    return Deputy.objects.current().filter(person=user.pk).select_related("manager__unit")


def concerning_before(person):
    """Deputies for ``person`` of those who were their manager before: they had access as long as that was so."""
    return named_for(person.pk).filter(since__lte=timezone.localdate()).exclude(manager=person.manager_id)


def concerning_ever(person):
    """Both of them, as two lists; one query."""
    today, named = timezone.localdate(), list(named_for(person.pk))
    present = [one for one in named if one.manager_id == person.manager_id]
    return present, [one for one in named if one not in present and one.since <= today]


def named_for(person):
    """Deputies for a person, by their id: who acts, has acted or will act for their managers, the last to end first."""
    named = Deputy.objects.filter(people=person).exclude(person=person)
    return named.select_related("person", "manager").order_by("-until", "-pk")
