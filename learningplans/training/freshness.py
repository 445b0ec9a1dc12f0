"""When a competency was last confirmed, and whether it is time to refresh it (paper 4.3.3)."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, Value

from assessments.models import AgreedLevel, Participation, Talk
from kompetenz.catalogue.models import Competency, catalogue_of
from kompetenz.prepared import prepared
from learningplans.models import GoalReview
from roles.models import Requirement, RoleHolding


@dataclass(frozen=True)
class Confirmation:
    """The level the two have last agreed for one competency, in a talk or a review of whose record the other has taken
    note, and on which day.

    It is a level of the round's ``edition``.
    """

    level: int
    on: date
    edition: str = field(default="", compare=False)


@dataclass(frozen=True)
class Refresh:
    """When a competency confirmed on one day is to be refreshed: from ``due_on``, that day included.

    ``competency`` has today's ``name`` and its ``id``; the level is above the lowest.
    """

    competency: Competency
    confirmed: Confirmation
    due_on: date

    @property
    def level_name(self):
        """The level's name in the round in which it was agreed; one query, once in a process."""
        return catalogue_of(self.confirmed.edition).scale.names[self.confirmed.level]


def confirmed(person, reader=None, *, opened=False):
    """The last confirmation of each of the person's competencies by id, as far as ``reader`` shares it; one query.

    In the order of looking_back.standing: on one day what belongs to an earlier talk comes first, and a talk before its
    own reviews. Without ``reader`` all that there is counts; with ``opened`` also what the person lets their new manager read.
    """
    found = _confirmations(person.pk, reader, opened)
    return {competency: last for (_, competency), last in _latest(found).items()}


def confirmed_of(people, competencies):
    """The same of many people in these competencies, ids: {(person, competency): Confirmation}; one query."""
    theirs = Participation.objects.filter(person__in=people)
    return _latest(_agreed(theirs, competency__in=competencies))


def confirmed_to_hr(competency):
    """What was last confirmed of everybody in one competency, an id, in rounds that show HR levels: {person: Confirmation}; one query."""
    found = _agreed(Participation.objects.open_to_hr(), competency=competency)
    return {person: last for (person, _), last in _latest(found).items()}


def _latest(found):
    return {
        (person, competency): Confirmation(level, place[0], edition)
        for *place, person, competency, level, edition in sorted(found)
    }


@prepared
def _confirmations(person, reader, opened):
    theirs = Participation.objects.filter(person=person)
    if reader is None:
        return _agreed(theirs)
    return _agreed(theirs.read_by(reader) if opened else theirs.shared_with(reader))


def _agreed(theirs, **goals):
    talks = AgreedLevel.objects.filter(
        talk__in=Talk.objects.filter(participation__in=theirs).agreed(), level__isnull=False
    ).filter(**goals)
    reviews = GoalReview.objects.agreed().filter(review__plan__participation__in=theirs)
    reviews = reviews.filter(**{f"goal__{name}": value for name, value in goals.items()})
    talk, plan = "talk__participation__", "review__plan__participation__"
    return talks.values_list(
        "talk__held_on", "talk__held_on", f"{talk}pk", Value(0), "talk__held_on", Value(0),
        f"{talk}person", "competency", "level", f"{talk}round__edition",
    ).union(
        reviews.order_by().values_list(
            "review__held_on", f"{plan}talk__held_on", f"{plan}pk", Value(1), "review__planned_on", "review",
            f"{plan}person", "goal__competency", "agreed_level", f"{plan}round__edition",
        ),
        all=True,
    )  # fmt: skip


def due_refreshes(person, today, reader=None, last=None):
    """What the person has to refresh by ``today``, the longest due first; ``reader`` as in ``confirmed``.

    ``last`` is what was confirmed, if it is known already. Two queries, three where anything is due; one fewer with ``last``.
    """
    return refreshes(person, confirmed(person, reader) if last is None else last, by=today)


def refreshes(person, last, by=date.max):
    """When the person has to refresh what they can (level 1 and above), up to the day ``by``, the first due first.

    ``last`` comes from ``confirmed``. Only what their role asks for now or the catalogue of their latest round holds
    is refreshed; two queries at most.
    """
    found = [
        Refresh(one, last[one.id], after_months(last[one.id].on, one.refresh_months))
        for one in _to_refresh(person.pk)
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


@prepared
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
