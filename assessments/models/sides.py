"""The two sides of a participation, and by whom something was said on one of them."""

from django.db import models

from kompetenz.refusals import HANDED_OVER, TooLate

MOST_RETURNS = 2  # so often one side sends a record back; then it answers, and what both say stands side by side
RETURNED_OFTEN_ENOUGH = (
    f"Es ist schon {MOST_RETURNS} Mal zurückgegeben worden, noch einmal geht das nicht. Sind Sie weiter anderer Ansicht, lehnen Sie ab "
    "und schreiben Sie, warum: Beides steht dann nebeneinander."
)


class Side(models.TextChoices):
    PERSON = "person", "Person"
    MANAGER = "manager", "Führungskraft"

    @property
    def other(self):
        return Side.MANAGER if self is Side.PERSON else Side.PERSON


def in_place_of(participation, user):
    """The manager for whom ``user`` acts as a deputy, or None; a query for deputies alone.

    Raises TooLate for who acts for nobody here any more: what they sent may have waited while it was handed over, and who
    manages the person since has not asked them to act.
    """
    if user.pk in (participation.person_id, participation.manager_id):
        return None
    if not participation.is_managed_by(user):
        raise TooLate(HANDED_OVER)
    return participation.manager


def signature(participation, who, deputised_for, side, until=None):
    """By whom something was said in this participation, in words, for whom they stood in included; see Participation.name_of."""
    if who is None:
        return Side(side).label if side else "unbekannt"
    name = participation.name_of(who, until)
    return f"{name} in Vertretung für {participation.name_of(deputised_for, until)}" if deputised_for else name


def signer(participation, who, deputised_for, until=None):
    """(name, capacity) of who has acted on the manager's side, for a line to sign on; as ``signature`` names them.

    Without a name where nobody knows any more who that was: who leads the person today has not done what another has.
    """
    stood_in = deputised_for and f"in Vertretung für {participation.name_of(deputised_for, until)}"
    if who is None:
        name = "" if stood_in or participation.hand_overs.exists() else participation.manager_name
    else:
        name = participation.name_of(who, until)
    return name, stood_in or "Führungskraft"
