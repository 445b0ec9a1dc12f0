"""A Soll that has changed since somebody's start in a running round: what is pending, and deciding on it.

A role profile was changed, or somebody has another role. Neither touches a frozen Soll by itself: HR takes
the new levels over, or declines them, and each decision is recorded.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from kompetenz.catalogue.models import Level
from kompetenz.people.models import Person
from roles.models import Requirement, RoleHolding, RoleProfile

from .models import Participation, Round, TalkProgress, Target, TargetChange
from .opening import BATCH

NOT_ASKED = "nicht verlangt"
LEVEL_NAMES = {**dict(Level.choices), None: NOT_ASKED}


@dataclass(frozen=True)
class Change:
    """One competency's level in the frozen Soll and in the role today, 0-3; None where nothing is asked of it.

    ``necessity`` is the weight the role gives it today.
    """

    competency: object
    old: int | None
    new: int | None
    necessity: str = ""

    @property
    def old_name(self):
        return LEVEL_NAMES[self.old]

    @property
    def new_name(self):
        return LEVEL_NAMES[self.new]


@dataclass(frozen=True)
class Pending:
    """What waits to be decided for one participation; ``cells`` are all that a decision is recorded for.

    For another role these are all competencies, also those whose level is the same; ``changes`` are the others.
    """

    participation: Participation
    profile: RoleProfile
    cells: list

    @property
    def changes(self):
        return [cell for cell in self.cells if cell.old != cell.new]

    @property
    def is_other_role(self):
        return self.profile.pk != self.participation.profile_id

    @property
    def checked(self):
        """A short text that differs as soon as something else is pending."""
        told = repr((self.profile.pk, [(cell.competency.id, cell.old, cell.new) for cell in self.cells]))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


# Which participations ----------------------------------------------------------------------------


def with_present_profile(participations):
    """With ``present_profile``, the id of the role the person has today; without one, that of the participation."""
    held = RoleHolding.objects.current().filter(person=OuterRef("person")).order_by("-since")
    present = Coalesce(Subquery(held.values("profile")[:1]), F("profile_id"), output_field=BigIntegerField())
    return participations.annotate(present_profile=present)


def with_changed_profile(round_):
    """Participations whose role asks other levels today than their frozen Soll, unless that was declined."""
    return _of(round_).filter(_differs(round_, "profile"), present_profile=F("profile"))


def with_other_role(round_):
    """Participations of people who have another role today, unless its Soll was declined."""
    asked_before = TargetChange.objects.filter(
        participation=OuterRef("pk"), profile=OuterRef("present_profile"), taken_over=False
    )
    moved = _of(round_).exclude(present_profile=F("profile"))
    return moved.filter(_differs(round_, "present_profile") | ~Exists(asked_before))


def undecided(participations):
    """Those still to be decided on: from the talk's record on, what was agreed stands with its Soll."""
    return participations.filter(talk_state__lt=TalkProgress.RECORDED)


def _of(round_):
    return with_present_profile(round_.participations.filter(person__in=Person.objects.employed()))


def _differs(round_, profile):
    """The condition that a level of the role is not the frozen one, and was not declined last.

    ``profile`` names what of the participation says the role; a plain column is many times quicker.
    """
    competencies = [competency.id for competency in round_.catalogue.competencies]
    frozen = Target.objects.filter(participation=OuterRef(OuterRef("pk")), competency=OuterRef("competency"))
    asked = Requirement.objects.filter(profile=OuterRef(profile), competency__in=competencies)
    asked_otherwise = asked.exclude(Exists(frozen.filter(profile_level=OuterRef("level"))))
    still_asked = Requirement.objects.filter(profile=OuterRef(OuterRef(profile)), competency=OuterRef("competency"))
    dropped = Target.objects.filter(participation=OuterRef("pk"), competency__in=competencies)
    no_longer_asked = dropped.exclude(Exists(still_asked))
    return Exists(asked_otherwise.exclude(_declined(profile, new_level=OuterRef("level")))) | Exists(
        no_longer_asked.exclude(_declined(profile, new_level=None))
    )


def _declined(profile, **new_level):
    """Whether the last decision on this competency was to decline this very level of this role."""
    later = TargetChange.objects.filter(
        participation=OuterRef("participation"), competency=OuterRef("competency"), pk__gt=OuterRef("pk")
    )
    decisions = TargetChange.objects.filter(
        participation=OuterRef(OuterRef("pk")),
        profile=OuterRef(OuterRef(profile)),
        competency=OuterRef("competency"),
        taken_over=False,
        **new_level,
    )
    return Exists(decisions.exclude(Exists(later)))


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
            found[row.pk] = Pending(row, profile, cells)
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
        Change(competency, *frozen.get(competency.id, [None]), *asked.get(competency.id, [None, ""]))
        for competency in catalogue.competencies
        if competency.id in frozen or competency.id in asked
    ]


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
    named = {change.competency.number: change.competency for one in pending for change in one.changes}
    ordered = sorted(counted.items(), key=lambda item: tuple(-1 if part is None else part for part in item[0]))
    return [(Change(named[number], old, new), count) for (number, old, new), count in ordered]


# Deciding ----------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, participations, take_over, by, checked=None):
    """Take the pending levels over into the frozen Soll, or decline them; returns what was decided, as Pending.

    Only in an open round and until the talk is recorded. ``checked`` maps ids of participations to what was
    looked at before (Pending.checked); where something else is pending by now, nothing is decided. A second
    call finds nothing pending.
    """
    found = list(pending_changes(_locked(participations)).values())
    if checked is not None:
        found = [one for one in found if checked.get(one.participation.pk) == one.checked]
    decisions = [_decision(one, cell, taken_over=take_over, by=by) for one in found for cell in one.cells]
    TargetChange.objects.bulk_create(decisions, BATCH)
    if take_over:
        _take_over(found)
    return found


def _locked(participations):
    """Those of open rounds that can still be decided on, with their round, locked by id."""
    rows = Participation.objects.filter(pk__in=[row.pk for row in participations], round__state=Round.State.OPEN)
    return list(undecided(rows).select_related("round").select_for_update(of=("self",)).order_by("pk"))


def _decision(pending, cell, *, taken_over, by):
    return TargetChange(
        participation=pending.participation,
        competency_id=cell.competency.id,
        profile=pending.profile,
        old_level=cell.old,
        new_level=cell.new,
        taken_over=taken_over,
        by=by,
    )


def _take_over(found):
    """Write what was decided into Soll and role, the same for many at once."""
    alike = {}
    for one in found:
        for cell in one.cells:
            alike.setdefault((cell.competency.id, cell.old is None, cell.new, cell.necessity), []).append(one)
    for (competency, is_new, level, necessity), rows in alike.items():
        participations = [one.participation.pk for one in rows]
        targets = Target.objects.filter(competency=competency, participation__in=participations)
        if level is None:
            targets.delete()
        elif is_new:
            new = {"competency_id": competency, "profile_level": level, "level": level, "necessity": necessity}
            Target.objects.bulk_create([Target(participation_id=pk, **new) for pk in participations], BATCH)
        else:
            _renew(targets, level, necessity)
    _give_roles([one for one in found if one.is_other_role])


def _renew(targets, level, necessity):
    """A level that the manager has adjusted holds, with its reason, unless the role asks the same by now."""
    adjusted = ~Q(level=F("profile_level")) & ~Q(level=level)
    targets.filter(adjusted).update(profile_level=level, necessity=necessity)
    targets.exclude(adjusted).update(profile_level=level, level=level, necessity=necessity, reason="", adjusted_on=None)


def _give_roles(found):
    roles = {}
    for one in found:
        roles.setdefault(one.profile, []).append(one.participation.pk)
    for profile, participations in roles.items():
        Participation.objects.filter(pk__in=participations).update(profile=profile, role_name=profile.name)


# Showing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """A decision that has been taken, for one participation."""

    change: Change
    on: date
    taken_over: bool


def decided_for(participation):
    """The decisions on competencies whose level differed, the latest day first; one query."""
    by_id = participation.round.catalogue.by_id
    decisions = [
        Decided(Change(by_id[one.competency_id], one.old_level, one.new_level), one.on, one.taken_over)
        for one in participation.target_changes.all()
        if one.old_level != one.new_level and one.competency_id in by_id
    ]
    return sorted(decisions, key=lambda one: (-one.on.toordinal(), one.change.competency.number))


def pending_for(participation):
    """What is pending for one participation, or None; one query if nothing is."""
    if not participation.round.is_open or participation.talk_state >= TalkProgress.RECORDED:
        return None
    mine = with_present_profile(Participation.objects.filter(pk=participation.pk))
    if not mine.filter(_differs(participation.round, "present_profile")).exists():
        return None
    return pending_changes([participation]).get(participation.pk)
