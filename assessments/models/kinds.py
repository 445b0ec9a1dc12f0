"""The kinds of assessment, and what holds for each: every question about a kind is asked here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from django.db import models
from django.db.models import F, Q

from kompetenz.people.models import Person

from .reach import managed


class Kind(models.TextChoices):
    SELF = "self", "Selbsteinschätzung"
    MANAGER = "manager", "Fremdeinschätzung"
    PEER = "peer", "Einschätzung aus dem Kollegium"
    FORMER = "former", "abgelöste Fremdeinschätzung"


@dataclass(frozen=True)
class Rules:
    """What holds for a kind of assessment. What is not said is no: without rules it is nobody's to see or to change.

    ``rater`` is the condition on assessments that a person gives; nobody, where it is not said.
    ``due`` leads from the participation to the last day to release without being late, with ``ends_when_due`` the last
    day at all.
    """

    rater: Callable[[Person], Q] | None = None
    due: str = ""
    ends_when_due: bool = False
    state_field: str = ""  # where the participation repeats how far it has come: it is one of the two sides
    rates_another: bool = False  # the rater looks at somebody else, and so may say that they cannot judge
    takes_remarks: bool = False
    sees_target: bool = False  # the Soll is drawn beside the answers, as soon as the rater may see it
    is_counted: bool = False  # counted and deleted the moment it is released (PeerTally)

    @property
    def is_side(self):
        """Whether it is one of the two that are compared and talked about."""
        return bool(self.state_field)

    def due_of(self, participation):
        return reduce(getattr, self.due.split("__"), participation)


def of_the_person(user):
    return Q(participation__person=user.pk)


def of_the_manager(user):
    """What was released for a former manager, by them or a deputy, is not the new one's nor their deputy's to open or to take back.

    That holds for a deputy of both, too: else the new one would get it as their own draft. They read it with everybody else, once it is
    disclosed.
    """
    for_present = Q(released_for=F("participation__manager")) | Q(released_for=None, rater=F("participation__manager"))
    present = Q(of_former_manager=False) | for_present
    return managed(user, at="participation__") & present


def of_the_rater(user):
    return Q(rater=user.pk)


NO_RULES = Rules()
RULES = {
    Kind.SELF: Rules(
        rater=of_the_person, due="self_due", state_field="self_state", takes_remarks=True, sees_target=True
    ),
    Kind.MANAGER: Rules(
        rater=of_the_manager,
        due="manager_due",
        state_field="manager_state",
        rates_another=True,
        takes_remarks=True,
        sees_target=True,
    ),
    Kind.PEER: Rules(
        rater=of_the_rater, due="round__peer_due", ends_when_due=True, rates_another=True, is_counted=True
    ),
    Kind.FORMER: NO_RULES,
}


def rules_of(kind):
    """What holds for this kind; for an unknown one nothing is allowed."""
    return RULES.get(kind, NO_RULES)


def given_by(user):
    """The condition on assessments that ``user`` gives."""
    own = [Q(rules.rater(user), kind=kind) for kind, rules in RULES.items() if rules.rater]
    return reduce(Q.__or__, own, Q(pk__in=[]))


def in_time(today):
    """The condition on assessments that are not too late on ``today``; most kinds never are."""
    late = [kind for kind, rules in RULES.items() if rules.ends_when_due]
    open_ = [Q(**{"kind": kind, f"participation__{RULES[kind].due}__gte": today}) for kind in late]
    return reduce(Q.__or__, open_, Q(kind__in=[kind for kind in RULES if kind not in late]))
