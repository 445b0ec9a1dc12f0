"""When a competency was last confirmed, and whether it is time to refresh it (paper 4.3.3)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Value

from assessments.models import AgreedLevel, Participation, TalkProgress
from kompetenz.catalogue.models import Competency, Level
from roles.models import Requirement, RoleHolding

from .models import GoalReview


@dataclass(frozen=True)
class Confirmation:
    """The level (0-3) the two have last agreed for one competency, in a talk or a review, and on which day."""

    level: int
    on: date


@dataclass(frozen=True)
class Refresh:
    """When a competency confirmed on one day is to be refreshed: from ``due_on``, that day included.

    ``competency`` has today's ``name`` and its ``id``; ``level`` is 1-3.
    """

    competency: Competency
    confirmed_on: date
    due_on: date
    level: int

    @property
    def level_name(self):
        return Level(self.level).label


def confirmed(person, reader=None):
    """The last confirmation of each of the person's competencies by id, as far as ``reader`` shares it; one query.

    A held review comes after a talk of the same day. Without ``reader`` all that there is counts.
    """
    theirs = Participation.objects.filter(person=person)
    if reader is not None:
        theirs = theirs.shared_with(reader)
    talks = AgreedLevel.objects.filter(
        talk__participation__in=theirs, talk__participation__talk_state__gte=TalkProgress.RECORDED, level__isnull=False
    )
    reviews = GoalReview.objects.filter(
        review__plan__participation__in=theirs, review__held_on__isnull=False, agreed_level__isnull=False
    )
    found = talks.values_list("talk__held_on", Value(0), "competency", "level").union(
        reviews.order_by().values_list("review__held_on", Value(1), "goal__competency", "agreed_level")
    )
    return {competency: Confirmation(level, on) for on, _, competency, level in sorted(found)}


def due_refreshes(person, today, reader=None):
    """What the person has to refresh by ``today``, the longest due first; ``reader`` as in ``confirmed``.

    Two queries, three where anything is due.
    """
    return refreshes(person, confirmed(person, reader), by=today)


def refreshes(person, last, by=date.max):
    """When the person has to refresh what they can (level 1 and above), up to the day ``by``, the first due first.

    ``last`` comes from ``confirmed``. Only what their role asks for now or the catalogue of their latest round holds
    is refreshed; two queries at most.
    """
    found = [
        Refresh(one, last[one.id].on, after_months(last[one.id].on, one.refresh_months), last[one.id].level)
        for one in _to_refresh(person)
        if one.id in last and last[one.id].level
    ]
    due = sorted((one for one in found if one.due_on <= by), key=lambda one: one.due_on)
    known = _latest_catalogue(person) if due else {}
    return [one for one in due if one.competency.is_asked or one.competency.id in known]


def _latest_catalogue(person):
    """The competencies of the person's latest round by id."""
    latest = Participation.objects.filter(person=person, round__edition__isnull=False).select_related("round")
    latest = latest.order_by("-round__opened_at", "-pk").first()
    return latest.round.catalogue.by_id if latest else {}


def _to_refresh(person):
    """Competencies that have to be refreshed, each with ``is_asked``: whether the person's role asks for it now."""
    holdings = RoleHolding.objects.current().filter(person=person)
    asking = Requirement.objects.filter(
        Q(level__gt=0), competency=OuterRef("pk"), profile__in=holdings.values("profile")
    )
    return Competency.objects.filter(refresh_months__isnull=False).annotate(is_asked=Exists(asking))


def after_months(day, months):
    """The same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
