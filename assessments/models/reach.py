"""Whose participations are whose concern: the root of every rule about who may see what in a round.

Each ``visible_to``, ``editable_by`` and ``shared_with`` of this app and of those above it begins with one of these. What
changes anything begins with the first two.
"""

from django.db.models import F, Q

from kompetenz.people.models import Person, may_deputise

from .consents import EarlierRoundsConsent
from .progress import Progress
from .rounds import Round


def managed(user, at=""):
    """The condition on participations in which ``user`` is the Führungskraft, or deputises for them.

    The Führungskraft is the one of the participation, and only as long as they still are the
    person's: access ends the day the relation ends. ``at`` leads to the participation ("participation__").
    """
    if may_deputise(user):
        own = {f"{at}manager": F(f"{at}person__manager"), f"{at}person__in": Person.objects.led_by(user)}
    else:
        own = {f"{at}manager": user.pk, f"{at}person__manager": user.pk}
    return Q(**own)


def shared(user, at=""):
    """The condition on participations whose content is ``user``'s concern: the person's and the manager's.

    ``at`` as in ``managed``. See also Participation.is_shared_with.
    """
    return Q(**{f"{at}person": user.pk}) | managed(user, at)


def opened(user, at=""):
    """The condition on participations that ``user`` reads because the person lets their new manager do so (ADR 58).

    Those of ended rounds in which both sides have released; for reading alone, and for nobody who deputises. ``at`` as in ``managed``.
    """
    if user.manages is False:  # known only of who was read with_reach
        return Q(pk__in=[])
    given = EarlierRoundsConsent.objects.holding().filter(manager=user.pk)
    ended = {
        f"{at}round__state": Round.State.CLOSED,
        f"{at}self_state": Progress.RELEASED,
        f"{at}manager_state": Progress.RELEASED,
    }
    return Q(**{f"{at}person__in": given.values("person")}, **ended)


def readable(user, at=""):
    """The condition on participations whose content ``user`` reads: what is their concern, and what is opened to them."""
    return shared(user, at) | opened(user, at)
