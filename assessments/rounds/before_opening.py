"""What HR should know before a round opens: who is in another one already, who has many to rate, whom no letter reaches."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from assessments.models import Participation, Round
from kompetenz.people.names import listed_as, number_and_unit

from . import schedule

NAMED = 20  # managers, and people


@dataclass(frozen=True)
class Foresight:
    """``overlaps`` are (running round, how many of its people).

    ``loads`` are (manager, number and unit, how many people), those with most first.
    ``without_address`` are so many; the first of them are named.
    """

    overlaps: list[tuple[str, int]]
    loads: list[tuple[str, str, int]]
    without_address: int
    names: list[tuple[str, str]]

    @property
    def beyond(self):
        return self.without_address - len(self.names)


def foresight(holdings):
    """The Foresight of a round that would begin with these; four queries at most, whatever their number."""
    unreached = holdings.filter(person__email=None)
    number = unreached.count()
    named = unreached.select_related("person__unit")[:NAMED] if number else []
    return Foresight(
        overlaps_of(holdings),
        loads_of(holdings),
        number,
        [(one.person.listed_as, one.person.number_and_unit) for one in named],
    )


def overlaps_of(holdings):
    inside = Participation.objects.filter(
        round__state=Round.State.OPEN, person__in=holdings.order_by().values("person")
    ).taking_part()
    return list(inside.order_by().values_list("round__title").annotate(Count("pk")).order_by("-round"))


def loads_of(holdings):
    """Managers of MANY_REPORTS of them or more."""
    manager = "person__manager"
    of_manager = [f"{manager}__{name}" for name in ("first_name", "last_name", "personnel_number", "unit__name")]
    counted = holdings.order_by().values_list(manager, *of_manager).annotate(number=Count("pk"))
    many = counted.filter(number__gte=schedule.MANY_REPORTS).order_by("-number", f"{manager}__sort_key")[:NAMED]
    return [(listed_as(first, last), number_and_unit(own, unit), number) for _, first, last, own, unit, number in many]


def most_reports(holdings):
    """How many people the manager with most of them has in it; one query."""
    counted = holdings.order_by().values("person__manager").annotate(number=Count("pk"))
    return counted.order_by("-number").values_list("number", flat=True).first() or 0


def suggestion_for(holdings, today):
    """Deadlines for a round of these that opens ``today``: later ones for managers where somebody has MANY_REPORTS."""
    most = most_reports(holdings)
    more = schedule.later_for(most) if most >= schedule.MANY_REPORTS else schedule.DAY * 0
    return schedule.suggested(today, settings.LAND, more), most
