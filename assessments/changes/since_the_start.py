"""What has changed for one participation since its round was opened, as its page tells the person and the manager."""

from django.utils import timezone

from kompetenz.people.deputies.naming import concerning_before, named_for
from kompetenz.prepared import prepared

from . import handing_over, target_changes


def since_start(participation, comparison):
    """What of all this the person and the manager read, as far as the Soll may be seen by this reader."""
    sees_target = comparison.shows_target
    hand_overs = handing_over.hand_overs_of(participation.pk)
    awaits_hand_over = participation.round.is_open and handing_over.is_due(participation)
    deputies = deputies_of(participation) if participation.round.is_open else []
    may_entrust = participation.person_id == comparison.user.pk and handing_over.may_be_entrusted(participation)
    return {
        "hand_overs": hand_overs,
        "awaits_hand_over": awaits_hand_over,
        "deputies": deputies,
        "former_deputies": former_deputies_of(participation, hand_overs) if participation.round.is_open else [],
        "may_entrust": may_entrust,
        "tells_of_managers": bool(hand_overs or awaits_hand_over or deputies or may_entrust),
        "decided": target_changes.decided_for(participation) if sees_target else [],
        "pending": target_changes.pending_for(participation) if sees_target else None,
    }


def deputies_of(participation):
    """Who has acted for the manager of this participation since its round was opened, does or will, the last to end first.

    Nobody, once the person has another manager.
    """
    if participation.manager_id != participation.person.manager_id:
        return []
    since = timezone.localdate(participation.round.opened_at)
    return acting_in(participation.person_id, participation.manager_id, since)


@prepared
def acting_in(person, manager, since):
    return named_for(person).of_managers([manager]).lasting_until(since)


def former_deputies_of(participation, hand_overs):
    """Who has acted in it for managers whom the person does not have any more; a query where there are any."""
    managers = {participation.manager_id, *(one.from_person_id for one in hand_overs)}
    former = managers - {participation.person.manager_id, None}
    if not former:
        return []
    named = concerning_before(participation.person).of_managers(former)
    return list(named.lasting_until(timezone.localdate(participation.round.opened_at)))
