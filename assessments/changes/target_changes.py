"""A Soll that has changed since somebody's start in a running round: what is pending, and what was decided.

A role profile was changed, or somebody has another role. Neither touches a frozen Soll by itself: HR takes
the new levels over, or declines them (deciding.py), and each decision is recorded. Whom it concerns: concerned.py.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from assessments.models import Participation, Target, TargetChange, asked_in_short
from kompetenz.forms.stamp import stamp
from kompetenz.prepared import prepared
from kompetenz.wheel import Scale
from roles.models import Requirement, RoleProfile, hidden_from

from .concerned import pending_in, with_present_profile

NOT_ASKED = "nicht verlangt"


@dataclass(frozen=True)
class Change:
    """One competency's level in the frozen Soll and in the role today; None where nothing is asked of it.

    Both are levels of the round's ``scale``. ``necessity`` is the weight the role gives it today.
    """

    scale: Scale
    competency: object
    old: int | None
    new: int | None
    necessity: str = ""

    @property
    def old_name(self):
        return name_of(self.scale, self.old)

    @property
    def new_name(self):
        return name_of(self.scale, self.new)


def name_of(scale, level):
    return NOT_ASKED if level is None else scale.names[level]


@dataclass(frozen=True)
class Pending:
    """What waits to be decided for one participation; ``cells`` are all that a decision is recorded for.

    For another role these are all competencies, also those whose level is the same; ``changes`` are the others.
    """

    participation: Participation
    profile: RoleProfile
    cells: list
    asked: str = ""  # what the role asks, see asked_in_short

    @property
    def changes(self):
        return [cell for cell in self.cells if cell.old != cell.new]

    @property
    def is_other_role(self):
        return self.profile.pk != self.participation.profile_id

    @property
    def stamp(self):
        return stamp(self.profile.pk, [(cell.competency.id, cell.old, cell.new) for cell in self.cells])


# What is pending ---------------------------------------------------------------------------------


def pending_changes(participations):
    """What is pending as ``{participation id: Pending}``, in the given order; five queries whatever their number.

    ``participations`` come with their round. Whether it is too late to decide, does not count here.
    """
    rows = with_present_profile(Participation.objects.filter(pk__in=[row.pk for row in participations]))
    present = dict(rows.values_list("pk", "present_profile"))
    profiles = RoleProfile.objects.in_bulk(set(present.values()))
    asked = _by_first(Requirement.objects.filter(profile__in=list(profiles)), "profile", "level", "necessity")
    frozen = _by_first(Target.objects.filter(participation__in=list(present)), "participation", "profile_level")
    declined = _last_declined(list(present))
    found = {}
    for row in participations:
        profile = profiles[present[row.pk]]
        cells = _cells(row.round.catalogue, frozen.get(row.pk, {}), asked.get(profile.pk, {}))
        cells = _still_open(row, profile, cells, declined.get(row.pk, {}))
        if cells:
            levels = {competency: level for competency, (level, _) in asked.get(profile.pk, {}).items()}
            found[row.pk] = Pending(row, profile, cells, asked_in_short(row.round.catalogue, profile.pk, levels))
    return found


def _by_first(rows, first, *values):
    """Rows as ``{id: {competency id: tuple of values}}``."""
    found = {}
    for key, competency, *told in rows.values_list(first, "competency", *values):
        found.setdefault(key, {})[competency] = told
    return found


def _last_declined(participations):
    """The last decision on each competency, where it was to decline: ``{participation: {competency: (profile, level)}}``."""
    last = {}
    decisions = TargetChange.objects.filter(participation__in=participations).order_by("pk")
    for row, competency, *decision, taken_over in decisions.values_list(
        "participation", "competency", "profile", "new_level", "taken_over"
    ):
        last.setdefault(row, {})[competency] = None if taken_over else tuple(decision)
    return last


def _cells(catalogue, frozen, asked):
    return [
        Change(
            catalogue.scale, competency, *frozen.get(competency.id, [None]), *_on_scale(catalogue, asked, competency)
        )
        for competency in catalogue.competencies
        if competency.id in frozen or competency.id in asked
    ]


def _on_scale(catalogue, asked, competency):
    """Level and weight that the role asks today, on the scale with which the round began."""
    level, necessity = asked.get(competency.id, [None, ""])
    return level if level is None else catalogue.nearest(level), necessity


def _still_open(participation, profile, cells, declined):
    """Those of ``cells`` that wait for a decision: for another role all or none."""
    waiting = [
        cell for cell in cells if cell.old != cell.new and declined.get(cell.competency.id) != (profile.pk, cell.new)
    ]
    if profile.pk == participation.profile_id:
        return waiting
    asked_before = any(decision and decision[0] == profile.pk for decision in declined.values())
    return cells if waiting or not asked_before else []


def summary(pending):
    """What is pending for many as (Change, how many of them), in the order of competencies."""
    counted = Counter((change.competency.number, change.old, change.new) for one in pending for change in one.changes)
    named = {change.competency.number: change for one in pending for change in one.changes}
    ordered = sorted(counted.items(), key=lambda item: tuple(-1 if part is None else part for part in item[0]))
    return [
        (Change(named[number].scale, named[number].competency, old, new), count)
        for (number, old, new), count in ordered
    ]


# Showing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """A decision that has been taken, for one participation."""

    change: Change
    on: date
    taken_over: bool


def decided_for(participation):
    """The decisions on competencies whose level differed, the latest day first; one query."""
    catalogue = participation.round.catalogue
    by_id = catalogue.by_id
    decisions = [
        Decided(Change(catalogue.scale, by_id[one.competency_id], one.old_level, one.new_level), one.on, one.taken_over)
        for one in decisions_on(participation.pk)
        if one.old_level != one.new_level and one.competency_id in by_id
    ]
    return sorted(decisions, key=lambda one: (-one.on.toordinal(), one.change.competency.number))


@prepared
def decisions_on(participation):
    return TargetChange.objects.filter(participation=participation)


def pending_for(participation):
    """What is pending for one participation, or None; one query if nothing is."""
    if not participation.round.is_open or not participation.takes_part or participation.talk_is_recorded:
        return None
    catalogue = participation.round.catalogue
    if not pending_in(participation.pk, list(catalogue.by_id), catalogue.highest):
        return None
    return pending_changes([participation]).get(participation.pk)


def since_the_start(participation, reader):
    """How the role of today differs from the frozen Soll, whatever was decided on it; for looking back on a plan.

    The changes in the catalogue's order, none where nothing differs; five queries, one more for who waits for a Soll. None,
    and that is not even their number, where ``reader`` may not see yet what one of the two asks for.
    """
    if not participation.shows_target_to(reader):
        return None
    (row,) = with_present_profile(Participation.objects.filter(pk=participation.pk))
    if row.present_profile in hidden_from(reader):
        return None
    asked = _by_first(Requirement.objects.filter(profile=row.present_profile), "profile", "level", "necessity")
    frozen = _by_first(Target.objects.filter(participation=row), "participation", "profile_level")
    cells = _cells(participation.round.catalogue, frozen.get(row.pk, {}), asked.get(row.present_profile, {}))
    return [cell for cell in cells if cell.old != cell.new]
