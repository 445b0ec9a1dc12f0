"""Whose role asks something else today than their frozen Soll, and who has not been decided on; what it asks: target_changes.

A round has thousands: each question begins with the few in whom anything can have changed.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Aggregate, BigIntegerField, CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Least

from assessments.models import Participation, TalkProgress, Target, TargetChange, asked_in_short
from kompetenz import hooks
from kompetenz.catalogue.models import catalogue_of
from kompetenz.prepared import prepared
from roles.models import Requirement, RoleHolding, hidden_from


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


@prepared
def pending_in(participation, competencies, highest):
    """The participation, if its role asks other levels today than its frozen Soll."""
    this = with_present_profile(Participation.objects.filter(pk=participation))
    return this.filter(_differs(competencies, highest, "present_profile")).values_list("pk")
