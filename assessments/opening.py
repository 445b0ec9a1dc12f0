"""Opening and closing a round: whom it addresses, and what is frozen for each of them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kompetenz.catalogue.models import Edition
from kompetenz.people.models import Person, Unit
from roles.models import Requirement, RoleHolding

from .models import Assessment, Participation, Round, Target

BATCH = 500


@dataclass(frozen=True)
class Addressed:
    """The people a round speaks to: who takes part, and who cannot because a role or a manager is missing."""

    holdings: list
    without_manager: list
    without_role: list


def addressed(round_):
    """Sort the people of the round's units and roles; costs a handful of queries whatever their number.

    Only a round without chosen roles can miss people who have no role.
    """
    people = Person.objects.employed()
    units, profiles = list(round_.units.all()), list(round_.profiles.all())
    if units:
        people = people.filter(unit__in=Unit.objects.below(units))
    holdings = (
        RoleHolding.objects.current()
        .filter(person__in=people)
        .select_related("person__unit", "person__manager", "profile")
        .order_by("person__sort_key")
    )
    if profiles:
        holdings = holdings.filter(profile__in=profiles)
    found = list(holdings)
    without_role = [] if profiles else list(people.exclude(pk__in=RoleHolding.objects.current().values("person")))
    return Addressed(
        holdings=[holding for holding in found if has_manager(holding.person)],
        without_manager=[holding.person for holding in found if not has_manager(holding.person)],
        without_role=without_role,
    )


def has_manager(person):
    """Whether somebody can give the Fremdeinschätzung: a manager who works here and can sign in."""
    manager = person.manager
    return manager is not None and manager.is_employed and bool(manager.email)


class NobodyAddressed(Exception):
    """The round's units and roles hold nobody with a role and a manager."""


@transaction.atomic
def open_round(*, round_, by):
    """Open a round in preparation: freeze the catalogue and each participant's Soll, role and manager.

    Opening it a second time changes nothing. Raises NobodyAddressed.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if not round_.is_draft:
        return round_
    holdings = addressed(round_).holdings
    if not holdings:
        raise NobodyAddressed
    round_.edition = Edition.objects.current()
    round_.state = Round.State.OPEN
    round_.opened_at = timezone.now()
    round_.opened_by = by
    round_.save()
    admit(round_=round_, holdings=holdings)
    return round_


@transaction.atomic
def admit(*, round_, holdings):
    """Give each holder of a role their participation, their frozen Soll and both assessments."""
    participations = Participation.objects.bulk_create(
        [participation_of(round_, holding) for holding in holdings], batch_size=BATCH
    )
    required = {}
    for requirement in Requirement.objects.filter(profile__in={holding.profile_id for holding in holdings}):
        required.setdefault(requirement.profile_id, []).append(requirement)
    Target.objects.bulk_create(
        [
            Target(
                participation=participation,
                competency_id=requirement.competency_id,
                profile_level=requirement.level,
                level=requirement.level,
                necessity=requirement.necessity,
            )
            for participation in participations
            for requirement in required.get(participation.profile_id, [])
        ],
        batch_size=BATCH,
    )
    Assessment.objects.bulk_create(
        [
            Assessment(participation=participation, kind=kind, rater_id=rater)
            for participation in participations
            for kind, rater in [
                (Assessment.Kind.SELF, participation.person_id),
                (Assessment.Kind.MANAGER, participation.manager_id),
            ]
        ],
        batch_size=BATCH,
    )
    return participations


def participation_of(round_, holding):
    person = holding.person
    return Participation(
        round=round_,
        person=person,
        manager=person.manager,
        profile=holding.profile,
        person_name=str(person),
        sort_key=person.sort_key,
        role_name=holding.profile.name,
        unit_name=str(person.unit) if person.unit else "",
        manager_name=str(person.manager),
    )


def close_round(*, round_):
    """End an open round: nothing in it changes any more. Closing it twice changes nothing."""
    Round.objects.open().filter(pk=round_.pk).update(state=Round.State.CLOSED, closed_at=timezone.now())
