"""Some participations of a round, chosen in the monitor for something to be done with all of them."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from .models import Participation, Round
from .monitoring import Narrowing, id_in, listed


@dataclass(frozen=True)
class Selection:
    """Participations of a round by name, and the list they were chosen in: its address, without the question mark."""

    round: Round
    rows: list
    query: str

    @property
    def address(self):
        return self.round.get_absolute_url() + (f"?{self.query}" if self.query else "")

    @property
    def keys(self):
        """Their ids as a form hands them on: what was shown is what something is done with."""
        return ",".join(str(row.pk) for row in self.rows)

    @property
    def names(self):
        return [row.person_name for row in self.rows]


def selection_of(sent, user, round_):
    """The participations named in the form ``sent``, or with ``alle`` everybody on the list it was sent from.

    ``liste`` is that list's address without the question mark. Whoever is not in ``round_`` (any more) is left out.
    """
    address = QueryDict(sent.get("liste", ""))
    if sent.get("alle"):
        rows = listed(round_, Narrowing.of(address), timezone.localdate())
    else:
        ids = {id_in(text) for value in sent.getlist("wahl") for text in value.split(",")} - {None}
        rows = Participation.objects.watched_by(user).filter(round=round_, pk__in=ids).order_by("sort_key", "pk")
    return Selection(round_, list(rows), address.urlencode())
