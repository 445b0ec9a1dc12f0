"""HR watches an opened round: everybody in it, by unit, and as a list to take along."""

from html import escape

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from assessments import handing_over, monitoring
from assessments.models import Participation, Round
from assessments.monitoring import Narrowing
from assessments.round_outputs import outputs_of
from assessments.spreadsheets import participation_list
from kompetenz.documents import file_name, spreadsheet_response
from kompetenz.people.access import for_hr
from kompetenz.people.tree import named_units
from roles.models import RoleProfile

PER_PAGE = 50
# What the page of units counts: heading and field of Standing.
COUNTED = {
    "nehmen teil": "invited",
    "Selbst begonnen": "self_started",
    "Selbst frei\N{SOFT HYPHEN}gegeben": "self_released",
    "Fremd frei\N{SOFT HYPHEN}gegeben": "manager_released",
    "Gespräch fest\N{SOFT HYPHEN}gehalten": "talks_recorded",
    "Lernplan verein\N{SOFT HYPHEN}bart": "plans_agreed",
    "über\N{SOFT HYPHEN}fällig": "overdue",
    "ruhen": "resting",
}
NOWHERE = (monitoring.NO_UNIT, "ohne Einheit")


def monitor(request, found):
    """The page of an opened round: how far it has come, and who stands where."""
    today, narrowing = timezone.localdate(), Narrowing.of(request.GET)
    standing = monitoring.standing(found, today)
    paginator = Paginator(monitoring.listed(found, narrowing, today), PER_PAGE)
    if not narrowing.query:
        paginator.count = standing.invited  # counted already; spares a query
    page = paginator.get_page(request.GET.get("seite"))
    rows = monitoring.in_words(page.object_list, found, today)
    context = {
        "round": found,
        "is_open": found.is_open,
        "standing": standing,
        "page": page,
        "rows": rows,
        "readable": readable(request.user, found, rows),
        "narrowing": narrowing,
        "query": narrowing.query,
        **filters(narrowing, request.user),
        "outputs": outputs_of(found, request.user),
        "to_hand_over": handing_over.to_hand_over(found).count,
    }
    part = "#results" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"assessments/monitor.html{part}", context)


def options(choices, chosen):
    """The options of a select; hundreds of units take a template longer than all the rest of the page."""
    return mark_safe(
        "".join(
            f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(name)}</option>'
            for value, name in choices
        )
    )


def filters(narrowing, user):
    """What the list can be narrowed to, as options; read only where they are shown."""
    roles = RoleProfile.objects.visible_to(user)
    return {
        "states": options(monitoring.STATES.items(), narrowing.state),
        "units": lambda: options([NOWHERE, *named_units()], narrowing.unit),
        "roles": lambda: options(roles.values_list("pk", "name"), narrowing.role),
    }


def readable(user, found, rows):
    """The ids of the participations among these that HR may open: none, unless the round shows levels."""
    if not found.shows_levels_to_hr:
        return set()
    shown = [row["pk"] for row in rows]
    return set(Participation.objects.visible_to(user).filter(pk__in=shown).values_list("pk", flat=True))


def opened(request, pk):
    """A round that HR may watch: one in preparation has nobody in it yet."""
    found = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    if found.is_draft:
        raise Http404
    return found


@require_GET
@for_hr
def by_unit(request, pk):
    """The same numbers for each Organisationseinheit, with all beneath it."""
    found, today = opened(request, pk), timezone.localdate()
    columns = {name: field for name, field in COUNTED.items() if found.is_open or field != "overdue"}
    rows = monitoring.standing_by_unit(found, today)
    context = {
        "round": found,
        "columns": columns,
        "rows": [(row.unit, numbers(row.standing, columns)) for row in rows],
        "total": numbers(monitoring.total(rows), columns),
        "no_unit": monitoring.NO_UNIT,
    }
    return render(request, "assessments/monitor_units.html", context)


def numbers(standing, columns):
    """What is counted, as texts: a template takes its time over numbers, and there may be thousands."""
    return [str(getattr(standing, field)) for field in columns.values()]


@require_GET
@for_hr
def spreadsheet(request, pk):
    """The list as the monitor shows it, narrowed in the same way, as a workbook."""
    found, today = opened(request, pk), timezone.localdate()
    content = participation_list(found, Narrowing.of(request.GET), today)
    return spreadsheet_response(content, file_name("Teilnahmeliste", found.title, f"{today}", suffix=".xlsx"))
