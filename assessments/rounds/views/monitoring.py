"""HR watches an opened round: everybody in it, by unit, and as a list to take along."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Participation, Round
from assessments.rounds import monitoring
from assessments.rounds.monitoring import Narrowing
from assessments.rounds.workbook import LIST
from kompetenz import hooks
from kompetenz.jobs.batches import handed_out
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Unit
from kompetenz.people.tree import read_tree
from kompetenz.prepared import prepared
from roles.models import RoleProfile

# What the page of units counts: heading and field of RoundProgress.
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
SELECTED = mark_safe(" selected")  # an attribute of ours, between what is escaped


def monitor(request, found):
    """The page of an opened round: how far it has come, and who stands where."""
    today, narrowing = timezone.localdate(), Narrowing.of(request.GET)
    standing = monitoring.progress_of(found, today)
    count = monitoring.number_listed(narrowing, standing)
    page = page_of(request, monitoring.listed(found, narrowing, today), count=count)
    listed = monitoring.rows_on(page, found, narrowing)
    readable = readable_by(request.user, found, listed)
    context = {
        "round": found,
        "is_open": found.is_open,
        "selects": found.is_open or standing.go_on_after,
        "standing": standing,
        "page": page,
        "rows": monitoring.rows_in_words(listed, found, today, readable),
        "narrowing": narrowing,
        "no_unit": monitoring.NO_UNIT,
        "query": narrowing.query,
        "list_and_page": address_of(narrowing, page),
        **filters(narrowing, request.user),
        "outputs": hooks.ask_for_all("round_outputs", found, request.user),
        "to_hand_over": lambda: sum(monitoring.number_to_hand_over(found.pk)),
    }
    part = "#results" if request.htmx.wants_part else ""
    return render(request, f"assessments/monitor.html{part}", context)


def address_of(narrowing, page):
    """What leads back to this page of the list, without the question mark."""
    return "&".join(filter(None, [narrowing.query, f"seite={page.number}" if page.number > 1 else ""]))


def options(choices, chosen):
    """The options of a select."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", name) for value, name in choices),
    )


def filters(narrowing, user):
    """What the list can be narrowed to, as options; read only where they are shown."""
    return {
        "states": options(monitoring.STATES.items(), narrowing.state),
        "roles": lambda: options(roles_for(user), narrowing.role),
    }


@prepared
def roles_for(user):
    return RoleProfile.objects.visible_to(user).values_list("pk", "name")


def readable_by(user, found, rows):
    """The ids of the participations among these that HR may open: none, unless the round shows levels."""
    if not found.shows_levels_to_hr:
        return set()
    shown = [row["pk"] for row in rows]
    return set(Participation.objects.visible_to(user).filter(pk__in=shown).values_list("pk", flat=True))


def opened(request, pk):
    """A round that HR may watch: one in preparation, or only being opened, has nobody in it yet."""
    return get_object_or_404(Round.objects.run_by(request.user).opened(), pk=pk)


@require_GET
@for_hr
def by_unit(request, pk):
    """The same numbers for each Organisationseinheit, with all beneath it; page by page, or of the units found."""
    found, today, asked = opened(request, pk), timezone.localdate(), request.GET.get("q", "").strip()
    columns = {name: field for name, field in COUNTED.items() if found.is_open or field != "overdue"}
    tree = read_tree()
    standing = monitoring.standing_by_unit(found, today, tree)
    page = page_of(request, matching(standing, asked))
    named = {unit.pk: unit for unit in tree.shown([row.unit for row in page if row.unit])}
    context = {
        "round": found,
        "columns": columns,
        "page": page,
        "rows": [(named.get(row.unit), numbers(row.standing, columns)) for row in page],
        "total": numbers(monitoring.total(standing), columns),
        "no_unit": monitoring.NO_UNIT,
        "asked": asked,
        "query": urlencode({"q": asked}) if asked else "",
    }
    part = "#found" if request.htmx.wants_part else ""
    return render(request, f"assessments/monitor_units.html{part}", context)


def matching(standing, asked):
    """Those of these UnitStandings in whose unit's number or name stands what was ``asked`` for; all, if nothing was."""
    if not asked:
        return standing
    units = set(Unit.objects.search(asked).values_list("pk", flat=True))
    return [row for row in standing if row.unit in units]


def numbers(standing, columns):
    """What is counted, as texts: a template takes its time over numbers, and there may be thousands."""
    return [str(getattr(standing, field)) for field in columns.values()]


@require_http_methods(["GET", "POST"])
@for_hr
def spreadsheet(request, pk):
    """The list as the monitor shows it, narrowed in the same way, as a workbook."""
    found = opened(request, pk)
    rows = monitoring.listed(found, Narrowing.of(request.GET), timezone.localdate()).taking_part()
    return handed_out(
        request,
        LIST,
        subject=f"{found.pk} for {request.user.pk}",
        title=f"Teilnahmeliste: {found}",
        items=list(rows.values_list("pk", flat=True)),
        round=found.pk,
        narrowed=request.GET.urlencode(),
    )
