"""What an auditor reads: that something was done to somebody's data, who has which right, who acts for whom.

Never what anybody has said.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from assessments.models import HandOver, RoundChange
from kompetenz.people.models import Deputy, Person, RightChange
from kompetenz.people.rights import PersonRight
from kompetenz.privacy.access_log.models import Access

from .in_words import NOBODY_ANY_MORE


@dataclass(frozen=True)
class Trace:
    """That somebody has had to do with a person's data on a day, in a role: gelesen, bearbeitet or mitgenommen, and not what."""

    on: date
    reader: str
    role: str
    how: str


def with_rights():
    """Everybody who has rights over others, by name."""
    return Person.objects.with_rights().with_who_left().select_related("unit")


def rights_of(people, user):
    """(person, [(right, RightChange that gave it, or None if that was before any was kept)]) for these; one query."""
    kept = RightChange.objects.visible_to(user).filter(person__in=people, given=True).select_related("by")
    last = {(one.person_id, one.right): one for one in kept.order_by("pk")}
    had = [[right for right in PersonRight if getattr(person, right.value)] for person in people]
    return [
        (person, [(right.label, last.get((person.pk, right.value))) for right in rights])
        for person, rights in zip(people, had, strict=True)
    ]


def right_changes(user):
    """Each right that was given or taken, the last first."""
    return RightChange.objects.visible_to(user).with_names()


def deputies():
    """Who acts, acted or will act for whom, the last to end first, with how many people that concerns."""
    named = Deputy.objects.select_related("manager__unit", "person__unit", "named_by__unit").annotate(
        number=Count("people")
    )
    return named.order_by("-until", "-pk")


def hand_overs():
    """Whose participation has passed from whom to whom, and who has done it, the latest first."""
    return HandOver.objects.select_related("participation__round", "from_person__unit", "to_person__unit", "by__unit")


def changes_of(rounds):
    """``{round id: how often something of it was changed, and when last}``; one query."""
    made = RoundChange.objects.filter(round__in=rounds).order_by().values("round")
    return {row["round"]: row for row in made.annotate(number=Count("pk"), last=Max("on"))}


def traces_about(person):
    """Of the access log about somebody what an auditor reads, as rows without repetition, the last day first."""
    names = ("on", "reader", "reader__first_name", "reader__last_name", "role")
    instead = ("instead_of__first_name", "instead_of__last_name", "how")
    rows = Access.objects.about(person).order_by("-on", "reader__sort_key", "reader", "role", "instead_of", "how")
    return rows.values(*names, *instead, "reader__sort_key", "instead_of").distinct()


def trace_of(row):
    """One of ``traces_about`` in words."""
    role = Access.Role(row["role"]).label
    if row["instead_of"]:
        role = f"{role} von {row['instead_of__first_name']} {row['instead_of__last_name']}"
    reader = f"{row['reader__first_name']} {row['reader__last_name']}" if row["reader"] else NOBODY_ANY_MORE
    return Trace(row["on"], reader, role, Access.How(row["how"]).label)
