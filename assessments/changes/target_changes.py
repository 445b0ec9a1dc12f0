"""A Soll that has changed since somebody's start in a running round: what is pending, and what was decided.

A role profile was changed, or somebody has another role. Neither touches a frozen Soll by itself: HR takes
the new levels over, or declines them (deciding.py), and each decision is recorded.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Aggregate, BigIntegerField, CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Least

from assessments.models import Participation, TalkProgress, Target, TargetChange, asked_in_short
from kompetenz import hooks
from kompetenz.catalogue.models import catalogue_of
from kompetenz.forms.stamp import stamp
from kompetenz.prepared import prepared
from kompetenz.wheel import Scale
from roles.models import Requirement, RoleHolding, RoleProfile, hidden_from

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


# Which participations ----------------------------------------------------------------------------


def with_present_profile(participations):
    """With ``present_profile``, the id of the role the person has today; without one, that of the participation."""
    held = RoleHolding.objects.current().filter(person=OuterRef("person")).order_by("-since")
    present = Coalesce(Subquery(held.values("profile")[:1]), F("profile_id"), output_field=BigIntegerField())
    return participations.annotate(present_profile=present)


class InOneText(Aggregate):
    """The texts of many rows in one, so that the database need not hand over each."""

    function, template, output_field = "GROUP_CONCAT", "%(function)s(%(expressions)s, ',')", CharField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, function="STRING_AGG")


@prepared
def asked_today(profiles):
    """(role, what it asks today as "competency:level,...") of each of these that asks anything."""
    level = Concat(Cast("competency", CharField()), Value(":"), Cast("level", CharField()), output_field=CharField())
    found = Requirement.objects.filter(profile__in=profiles).order_by()
    return found.values_list("profile").annotate(asked=InOneText(level))


@lru_cache(maxsize=5_000)
def in_short(edition, profile, asked):
    """asked_in_short of what ``asked_today`` says of a role, worked out once for each catalogue."""
    levels = dict(tuple(map(int, one.split(":"))) for one in asked.split(",") if one)
    return asked_in_short(catalogue_of(edition), profile, levels)


def with_changed_profile(round_):
    """Participations whose role asks other levels today than their frozen Soll, unless that was declined.

    Only where the role asks something else than when that was last known is the Soll itself looked at.
    """
    everybody = Participation.with_entering.filter(
        round=round_
    ).order_by()  # one index knows them, and not who is in yet
    unsettled = not_asked_any_more(everybody.values_list("round__edition", "profile", "role_asked").distinct())
    if not unsettled:
        return with_present_profile(Participation.objects.none())
    rows = _among(everybody.filter(role_asked__in=unsettled))
    return rows.filter(_differs_in(round_, "profile"), present_profile=F("profile"))


def with_other_role(round_):
    """Participations of people who have another role today, unless its Soll was declined."""
    held = RoleHolding.objects.current().filter(person=OuterRef("person"))
    changed = Participation.with_entering.filter(Exists(held.exclude(profile=OuterRef("profile"))))
    changed = changed.filter(round=round_, declined_on=None).order_by()
    if not changed.exists():
        return with_present_profile(Participation.objects.none())
    asked_before = TargetChange.objects.filter(
        participation=OuterRef("pk"), profile=OuterRef("present_profile"), taken_over=False
    )
    return _among(changed).filter(_differs_in(round_, "present_profile") | ~Exists(asked_before))


KINDS = {"rolle": with_other_role, "profil": with_changed_profile}


@dataclass(frozen=True)
class Waiting:
    """A participation whose role asks something else today: its id, the role's, how far its talk is, the frozen role's id."""

    pk: int
    profile: int
    talk_state: int
    frozen: int

    @property
    def is_late(self):
        return self.talk_state >= TalkProgress.RECORDED


def waiting(word, round_, user, hidden):
    """Those of one kind that are ``user``'s to decide on: of others, and of no role ``hidden`` from themselves."""
    rows = KINDS[word](round_).of_others(user).values_list("pk", "present_profile", "talk_state", "profile")
    return [row for row in (Waiting(*row) for row in rows) if hidden.isdisjoint({row.profile, row.frozen})]


@hooks.register("targets_to_decide")
def targets_to_decide(user, rounds):
    """Three queries as long as nothing has changed; then a few for each round in which something has."""
    keys, hidden = [one.pk for one in rounds], None
    unsettled = not_asked_any_more(asked_when_frozen(keys))
    changed = {"rolle": set(rounds_with_another_role(keys)), "profil": rounds_in_which_it_was_asked(keys, unsettled)}
    for one in rounds:
        for word in KINDS:
            if one.pk in changed[word]:
                hidden = hidden_from(user) if hidden is None else hidden
                if number := sum(not row.is_late for row in waiting(word, one, user, hidden)):
                    yield word, one.pk, number


@prepared
def asked_when_frozen(rounds):
    """(catalogue, role, what it asked), however many people and rounds have all three."""
    found = Participation.objects.filter(round__in=rounds, talk_state__lt=TalkProgress.RECORDED).order_by()
    return found.values_list("round__edition", "profile", "role_asked").distinct()


def rounds_in_which_it_was_asked(rounds, unsettled):
    if not unsettled:
        return set()
    found = Participation.objects.filter(round__in=rounds, role_asked__in=unsettled).order_by()
    return set(found.filter(talk_state__lt=TalkProgress.RECORDED).values_list("round", flat=True).distinct())


def not_asked_any_more(frozen):
    """What of (catalogue, role, what it asked) the role does not ask any more."""
    frozen = list(frozen)
    asked = dict(asked_today(sorted({profile for _, profile, _ in frozen})) if frozen else [])
    return {said for edition, profile, said in frozen if said != in_short(edition, profile, asked.get(profile, ""))}


@prepared
def rounds_with_another_role(rounds):
    held = RoleHolding.objects.current().filter(person=OuterRef("person")).exclude(profile=OuterRef("profile"))
    found = Participation.objects.filter(Exists(held), round__in=rounds, declined_on=None).order_by()
    return found.filter(talk_state__lt=TalkProgress.RECORDED).values_list("round", flat=True).distinct()


def undecided(participations):
    """Those still to be decided on: from the talk's record on, what was agreed stands with its Soll."""
    return participations.filter(talk_state__lt=TalkProgress.RECORDED)


def _among(rows):
    """Those of these few rows who take part and work here, see with_present_profile."""
    left = (
        Participation.objects.filter(pk__in=rows.values("pk")).of_all_who_left().order_by()
    )  # few; the others are many
    found = Participation.objects.taking_part().filter(pk__in=rows.values("pk"))
    return with_present_profile(found.exclude(pk__in=left.values("pk")))


def _differs_in(round_, profile):
    return _differs(list(round_.catalogue.by_id), round_.catalogue.highest, profile)


def _differs(competencies, highest, profile):
    """The condition that a level of the role is not the frozen one, and was not declined last.

    ``competencies`` and ``highest`` are those of the round's catalogue; ``profile`` names what of the participation says the
    role; a plain column is many times quicker.
    """
    frozen = Target.objects.filter(participation=OuterRef(OuterRef("pk")), competency=OuterRef("competency"))
    asked = Requirement.objects.filter(profile=OuterRef(profile), competency__in=competencies)
    asked = asked.annotate(nearest=Least("level", Value(highest)))  # as Catalogue.nearest
    asked_otherwise = asked.exclude(Exists(frozen.filter(profile_level=OuterRef("nearest"))))
    still_asked = Requirement.objects.filter(profile=OuterRef(OuterRef(profile)), competency=OuterRef("competency"))
    dropped = Target.objects.filter(participation=OuterRef("pk"), competency__in=competencies)
    no_longer_asked = dropped.exclude(Exists(still_asked))
    return Exists(asked_otherwise.exclude(_declined(profile, new_level=OuterRef("nearest")))) | Exists(
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


@prepared
def pending_in(participation, competencies, highest):
    """The participation, if its role asks other levels today than its frozen Soll."""
    this = with_present_profile(Participation.objects.filter(pk=participation))
    return this.filter(_differs(competencies, highest, "present_profile")).values_list("pk")


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
