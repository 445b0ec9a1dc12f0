"""Opening and closing a round: whom it addresses, and what is frozen for each of them."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kompetenz.catalogue.models import Edition
from kompetenz.people.models import Person, Unit
from roles.models import Requirement, RoleHolding

from . import notices
from .deadlines import FIELDS
from .models import Assessment, Participation, Round, Target

BATCH = 500


@dataclass(frozen=True)
class Addressed:
    """The people a round speaks to, as querysets that have read nobody yet.

    ``holdings`` are the roles of those who take part. The others cannot: ``without_manager`` have a role but
    nobody to give the Fremdeinschätzung, ``without_role`` have none. Nobody is in two of them.
    """

    holdings: QuerySet
    without_manager: QuerySet
    without_role: QuerySet

    def numbers(self):
        """How many take part, lack a manager, lack a role; three queries."""
        return self.holdings.count(), self.without_manager.count(), self.without_role.count()


def addressed(round_):
    """Sort the people of the round's units, roles and list; at most four queries to read these.

    Only a round without chosen roles can miss people who have no role.
    """
    people, roles = group_of(round_), RoleHolding.objects.current()
    if profiles := list(round_.profiles.all()):
        roles = roles.filter(profile__in=profiles)
    able = Person.objects.employed().filter(email__isnull=False)  # see also has_manager
    missing = people.none() if profiles else people.exclude(pk__in=roles.values("person"))
    return Addressed(
        holdings=roles.filter(person__in=people, person__manager__in=able)
        .select_related("person__unit", "person__manager", "profile")
        .order_by("person__sort_key", "person"),
        without_manager=people.filter(pk__in=roles.values("person")).exclude(manager__in=able),
        without_role=missing,
    )


def group_of(round_):
    """Everybody who works in the round's units today and stands in its list; either chooses all if it is empty."""
    people = Person.objects.employed()
    if units := list(round_.units.all()):
        people = people.filter(unit__in=Unit.objects.below(units))
    if round_.people.exists():
        people = people.filter(pk__in=round_.people.values("pk"))
    return people


def has_manager(person):
    """Whether somebody can give the Fremdeinschätzung: a manager who works here and can sign in. See also addressed."""
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
    holdings = list(addressed(round_).holdings)
    if not holdings:
        raise NobodyAddressed
    round_.edition = Edition.objects.current()
    round_.state = Round.State.OPEN
    round_.opened_at = timezone.now()
    round_.opened_by = by
    round_.save()
    admit(round_=round_, holdings=holdings)
    return round_


class RoundEnded(Exception):
    """The round is not open any more."""


def hold_open(round_):
    """Keep a round from being closed until the transaction ends; raises RoundEnded if it is not open."""
    if Round.objects.open().select_for_update().filter(pk=round_.pk).first() is None:
        raise RoundEnded


@transaction.atomic
def admit(*, round_, holdings, **dues):
    """Give each holder of a role their participation, their frozen Soll and both assessments; returns those.

    Whoever takes part already is left alone. ``dues`` are days by names of deadlines.FIELDS that differ from the
    round's. Raises RoundEnded.
    """
    hold_open(round_)
    inside = set(round_.participations.values_list("person", flat=True))
    holdings = [holding for holding in holdings if holding.person_id not in inside]
    participations = Participation.objects.bulk_create(
        [participation_of(round_, holding, dues) for holding in holdings], batch_size=BATCH
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
    if participations:
        notices.invite(participations)
    return participations


def participation_of(round_, holding, dues):
    person = holding.person
    return Participation(
        round=round_,
        person=person,
        manager=person.manager,
        profile=holding.profile,
        person_name=str(person),
        sort_key=person.sort_key,
        role_name=holding.profile.name,
        unit=person.unit,
        unit_name=str(person.unit) if person.unit else "",
        manager_name=str(person.manager),
        **{field: getattr(round_, field) for field in FIELDS} | dues,
    )


@transaction.atomic
def close_round(*, round_):
    """End an open round: nothing in it changes any more. Closing it twice changes nothing.

    What former managers have left unreleased at a hand-over is of no use any more and is deleted.
    """
    Round.objects.open().filter(pk=round_.pk).update(state=Round.State.CLOSED, closed_at=timezone.now())
    Assessment.objects.filter(kind=Assessment.Kind.FORMER, participation__round=round_).delete()
