"""A record of two: one side writes it, the other side answers; the talk's here, a review's in the app above."""

from django.db import models
from django.utils import timezone

from kompetenz.people.models import Person
from kompetenz.refusals import HANDED_OVER, TooLate


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


class Record(models.Model):
    """What one side has written about something the two did together; who wrote it, for whom as a deputy, and when stands on it.

    The other side is told and answers (Answer). Until then the writer can open it again for a correction, and the other
    side can send it back with a reason; the last one is kept until they answer, with the stamp of what they sent back
    (``returned_as``): the same is not put before them again.
    """

    recorded_at = models.DateTimeField("festgehalten am", null=True, editable=False)
    recorded_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    recorded_for = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    returned_at = models.DateTimeField("zurückgegeben am", null=True, editable=False)
    returned_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    return_reason = models.TextField("Was ist zu ändern?", max_length=2000, blank=True)
    returned_as = models.CharField("Stempel des Zurückgegebenen", max_length=16, blank=True, editable=False)

    class Meta:
        abstract = True


class Answer(models.Model):
    """The other side's answer to a record: taken note of, which is not agreement, or declined with a statement.

    It is given once and never changes; from then on nor does the record.
    """

    Side = Side

    side = models.CharField("Seite", max_length=10, choices=Side.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    declined = models.BooleanField("abgelehnt", default=False)
    statement = models.TextField("Stellungnahme", max_length=2000, blank=True)
    at = models.DateTimeField("am", default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.get_side_display()}: {'abgelehnt' if self.declined else 'zur Kenntnis genommen'}"
