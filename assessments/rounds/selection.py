"""Some participations of a round, chosen in the monitor for something to be done with all of them."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Min, QuerySet
from django.http import QueryDict
from django.utils import timezone

from assessments.models import Participation, Round

from . import spans
from .monitoring import Narrowing, listed


@dataclass(frozen=True)
class Selection:
    """Participations of a round by name, and the list they were chosen in: its address, without the question mark.

    They may be thousands: a page names the first of them.
    """

    round: Round
    rows: QuerySet
    query: str

    @property
    def address(self):
        return self.round.get_absolute_url() + (f"?{self.query}" if self.query else "")

    @property
    def ids(self):
        return sorted(self.rows.order_by().values_list("pk", flat=True))

    @cached_property
    def spans(self):
        """Their ids as (first, last), ascending; where none is left out the database tells the ends alone."""
        ends = self.rows.order_by().aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
        if not ends["count"]:
            return ()
        if ends["last"] - ends["first"] + 1 == ends["count"]:
            return ((ends["first"], ends["last"]),)
        return spans.merged((one, one) for one in self.ids)

    @property
    def count(self):
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def keys(self):
        """Their ids as a form hands them on: what was shown is what something is done with."""
        return spans.written(self.spans)

    @cached_property
    def names(self):
        """Those of the first, in their order."""
        return self.rows.first_names()

    @property
    def beyond(self):
        """How many are not named."""
        return self.count - len(self.names)


def selection_of(sent, user, round_):
    """The participations named in the form ``sent``, or with ``alle`` everybody on the list it was sent from.

    ``liste`` is that list's address without the question mark. Whoever is not in ``round_`` (any more) or has declined is
    left out: HR does nothing with them.
    """
    address = QueryDict(sent.get("liste", ""))
    if sent.get("alle"):
        rows = listed(round_, Narrowing.of(address), timezone.localdate()).taking_part()
    else:
        within = Participation.objects.watched_by(user).taking_part().filter(round=round_)
        named = spans.read(sent.getlist("wahl"))
        ids = named.among(within.values_list("pk", flat=True)) if named.spans else named.single
        rows = within.filter(pk__in=ids).order_by("sort_key", "pk")
    return Selection(round_, rows, address.urlencode())
