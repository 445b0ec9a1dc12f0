"""The training plan: every measure of a year, added up in groups or one by one, as a list from which bookings are moved."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kompetenz.amounts import euros, hours
from kompetenz.forms.drawing import options
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.templatetags.components import cells
from learningplans.models import Booking, Offer
from learningplans.training import adding_up, budgeting, grouping, listing
from learningplans.training.adding_up import FoundInYear
from learningplans.training.many import BUTTONS
from learningplans.training.narrowing import (
    MOST_FOUND,
    ROMAN,
    STATES,
    TO_LOOK_AT,
    WITHOUT,
    WORDS,
    YearNarrowing,
    competencies_to_find,
    formats_to_find,
)

LIST = "massnahme"
VIEWS = grouping.GROUPS | {LIST: "Maßnahme"}
State = Booking.State


@require_GET
@for_hr
def plan(request):
    """A year's measures by offer, format, competency, quarter or unit, or one by one."""
    narrowing = YearNarrowing.of(request.GET, timezone.localdate())
    found = FoundInYear(narrowing, request.user)
    totals, by = adding_up.totals(found), request.GET.get("nach", "")
    by = by if by in VIEWS else "angebot"
    if by == LIST:
        page = page_of(request, found.ids(), count=totals.number)
        seen = found.stamp_of(page.paginator.count)
        shown = {
            "rows": read_by(request, page.object_list),
            "moves": BUTTONS,
            "list_is_shown": True,
            "seen": seen,
        }
    else:
        page = page_of(request, grouping.grouped(found, by))
        shown = {"groups": [facts_of(one, by, narrowing) for one in page], "has_sums": by != "kompetenz"}
    states = [(word, State(state).label, totals.states[state]) for state, word in WORDS.items()]
    numbers = {"totals": totals, "states": states, "undecided": found.undecided(timezone.localdate())}
    context = {**frame(request, narrowing, by), **numbers, "page": page, **shown}
    context["too_many"] = MOST_FOUND if found.meant.too_many else 0
    if narrowing.is_whole_year:
        context["budget"] = budgeting.whole_of(found, totals)
    return render(request, "learningplans/training_plan.html", context)


def read_by(request, ids):
    """The bookings with these ids in words, and that they were read."""
    rows = listing.listed(ids)
    accesses.shown_to_hr(request, Access.What.MEASURES, [row["person"] for row in rows])
    return rows


def frame(request, narrowing, by):
    """What stands around the list: years, ways to look at it, what it is narrowed to."""
    query, today = f"nach={by}&{narrowing.query}", timezone.localdate()
    states = [*((word, name) for word, (name, _) in STATES.items()), (TO_LOOK_AT, "zu prüfen")]
    return {
        "narrowing": narrowing,
        "quarter": narrowing.roman,
        "next_quarter": YearNarrowing.of_next_quarter(today),
        "years": [(year, narrowing.but(year=year)) for year in adding_up.years(today.year)],
        "views": [(name, title, f"nach={name}&{narrowing.query}") for name, title in VIEWS.items()],
        "by": by,
        "by_title": VIEWS[by],
        "query": query,
        "selects": [
            ("quartal", "Quartal", options(ROMAN.items(), narrowing.quarter)),
            ("stand", "Stand", options(states, narrowing.state)),
            ("format", "Format", options(formats_to_find(), narrowing.format)),
            ("kompetenz", "Kompetenz", options(competencies_to_find(), narrowing.competency)),
        ],
        "offer": narrowing.offer and Offer.objects.visible_to(request.user, today).filter(pk=narrowing.offer).first(),
    }


def facts_of(group, by, narrowing):
    """What learningplans/_training_group.html shows of a GroupOfYear; ``address`` is that of the list of its measures."""
    offer = group.key[0] if by == "angebot" else None
    numbers = {
        "Maßnahmen": str(group.number),
        "gebucht oder durchgeführt": str(group.booked),
        "Warteliste": str(group.waiting or "–"),
        "Stunden": hours(group.hours),
        "Kosten": cost_of(group),
        "entfallen": str(group.fell_away or "–"),
    }
    return {
        "depth": str(group.depth),
        "address": f"nach={LIST}&{narrowing.but(**NARROWED[by](group))}",
        "name": group.name,
        "small": group.small,
        "offer": reverse("learningplans:training_offer", args=[offer]) if offer else "",
        "numbers": cells(numbers, "num"),
    }


def cost_of(group):
    """0 € is said of what costs nothing, and not of what nobody has said a price of."""
    told = "" if group.known_cost is None else euros(group.known_cost)
    unknown = f"{group.without_cost} ohne Angabe" if group.without_cost else ""
    return ", ".join(filter(None, [told, unknown])) or "–"


def to_an_offer(group):
    offer, format_ = group.key
    return {"offer": offer} if offer else {"offer": WITHOUT, "format": format_}


NARROWED = {
    "angebot": to_an_offer,
    "format": lambda group: {"format": group.key[0]},
    "kompetenz": lambda group: {"competency": group.key[0]},
    "quartal": lambda group: {"quarter": group.key[0]},
    "amt": lambda group: {"unit": group.name},
}
