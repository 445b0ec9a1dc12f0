"""How far each Organisationseinheit of a round is: as a tree that is folded, searched, or as a workbook."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.rounds import progress
from assessments.rounds.monitoring import NO_UNIT
from assessments.rounds.workbook import units_list
from kompetenz.documents import file_name, spreadsheet_response
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Unit
from kompetenz.people.tree import read_tree

from .monitoring import opened

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
WITH_SHARE = {"self_released", "manager_released", "talks_recorded", "plans_agreed"}


@require_GET
@for_hr
def by_unit(request, pk):
    """The same numbers for each Organisationseinheit, with all beneath it: a tree that is folded, or the units found."""
    found, today, asked = opened(request, pk), timezone.localdate(), request.GET.get("q", "").strip()
    tree, columns = read_tree(), columns_of(found)
    standing = progress.standing_by_unit(found, today, tree)
    wanted = {name: request.GET[name] for name in ("q", "offen", "alle") if request.GET.get(name, "").strip()}
    unfolded = unfolded_in(tree, standing, id_in(request.GET.get("offen", "")))
    page = page_of(request, shown_of(standing, tree, asked, unfolded, everything="alle" in wanted))
    context = {
        "round": found,
        "columns": columns,
        "page": page,
        "rows": rows_of(page, tree, columns, unfolded if not asked and "alle" not in wanted else None),
        "total": numbers(progress.total(standing), columns).items(),
        "no_unit": NO_UNIT,
        "asked": asked,
        "everything": "alle" in wanted,
        "query": urlencode(wanted),
    }
    part = "#found" if request.htmx.wants_part else ""
    return render(request, f"assessments/monitor_units.html{part}", context)


def columns_of(found):
    """The columns of the page of units: their names and fields of RoundProgress."""
    return {name: field for name, field in COUNTED.items() if found.is_open or field != "overdue"}


def unfolded_in(tree, standing, asked):
    """The units whose children are shown: ``asked`` for and those above it; where a tree begins with one unit, that one, too."""
    tops = [row.unit for row in standing if row.is_top and row.unit]
    unfolded = set(tops) if len(tops) == 1 else set()
    while asked in tree.parents:
        unfolded.add(asked)
        asked = tree.parents[asked]
    return unfolded


def shown_of(standing, tree, asked, unfolded, *, everything):
    """Of these UnitStandings those found, or all, or those at the top and beneath what is unfolded."""
    if asked or everything:
        return matching(standing, asked)
    return [row for row in standing if row.is_top or tree.parents[row.unit] in unfolded]


def rows_of(page, tree, columns, unfolded):
    """The units of a page: (unit, percent, numbers, where its fold leads, whether it is open); no fold for one without units beneath."""
    named = {unit.pk: unit for unit in tree.shown([row.unit for row in page if row.unit])}
    with_children = set(tree.parents.values())
    found = []
    for row in page:
        fold = ""
        if unfolded is not None and row.unit in with_children:
            fold = tree.parents[row.unit] or "zu" if row.unit in unfolded else row.unit
        texts = numbers(row.standing, columns)
        found.append((named.get(row.unit), row.standing, texts, fold, row.unit in (unfolded or ())))
    return found


def matching(standing, asked):
    """Those of these UnitStandings in whose unit's number or name stands what was ``asked`` for; all, if nothing was."""
    if not asked:
        return standing
    units = set(Unit.objects.search(asked).values_list("pk", flat=True))
    return [row for row in standing if row.unit in units]


def numbers(standing, columns):
    """What is counted in each of ``columns``, as texts: a template takes its time over numbers, and there may be thousands."""
    return {
        name: f"{getattr(standing, field)} ({standing.percent(field)})"
        if field in WITH_SHARE
        else str(getattr(standing, field))
        for name, field in columns.items()
    }


@require_GET
@for_hr
def spreadsheet(request, pk):
    """The page of units as a workbook, all of them, with the numbers of those above beside them."""
    found, today = opened(request, pk), timezone.localdate()
    name = file_name("Stand nach Organisationseinheiten", found.title, today, suffix=".xlsx")
    return spreadsheet_response(units_list(found, columns_of(found), today), name)
