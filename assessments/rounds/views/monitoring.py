"""HR watches an opened round: everybody in it, by unit, and as a list to take along."""

from dataclasses import replace

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.answering.paper_entry import is_for_paper, own_word
from assessments.models import Participation, Round
from assessments.rounds import course, monitoring
from assessments.rounds.monitoring import SHARES, Narrowing, shares
from assessments.rounds.progress import progress_of
from assessments.rounds.workbook import LIST
from kompetenz import hooks
from kompetenz.forms.drawing import options
from kompetenz.jobs.batches import handed_out
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.prepared import prepared
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from roles.models import RoleProfile


def monitor(request, found):
    """The page of an opened round: how far it has come, and who stands where."""
    today, narrowing = timezone.localdate(), Narrowing.of(request.GET)
    standing = progress_of(found, today)
    page = page_listed(request, found, narrowing, standing)
    listed = monitoring.rows_on(page, found, narrowing)
    context = {
        "round": found,
        "is_open": found.is_open,
        "selects": found.is_open or standing.go_on_after,
        "standing": standing,
        "page": page,
        "rows": monitoring.rows_in_words(listed, found, today, readable_by(request.user, found, listed)),
        "narrowing": narrowing,
        **numbers_of(standing, found),
        "no_unit": monitoring.NO_UNIT,
        "query": narrowing.query,
        "list_and_page": address_of(narrowing, page),
        **filters(narrowing, request.user),
        "outputs": hooks.ask_for_all("round_outputs", found, request.user),
        "to_hand_over": lambda: sum(monitoring.number_to_hand_over(found.pk)),
    }
    part = "#results" if request.htmx.wants_part else ""
    return render(request, f"assessments/monitor.html{part}", context)


def page_listed(request, found, narrowing, standing):
    """The page of the list that is asked for; where nothing is narrowed, rows_on asks for its rows."""
    rows = monitoring.listed(found, narrowing, timezone.localdate()) if narrowing.query else ()
    count = monitoring.number_listed(narrowing, standing)
    return page_of(request, rows, count=count, size=monitoring.ROWS)


def numbers_of(standing, found):
    """The tiles: shares of those who take part, and what is only counted; the last are read only where they are shown."""
    everybody = ("", "100 %" if standing.invited else "–", standing.invited, "nehmen teil")
    counted = [("stand", monitoring.LATE, standing.overdue, "überfällig")] if found.is_open else []
    counted.append(("stand", "ruht", standing.resting, "ruhen"))
    if standing.declined:
        words = "nimmt nicht teil" if standing.declined == 1 else "nehmen nicht teil"
        counted.append(("stand", monitoring.DECLINED, standing.declined, words))
    return {"tiles": [everybody, *shares(standing, SHARES)], "counted": lambda: [*counted, unreached(found)]}


def unreached(found):
    number = sum(monitoring.number_without_address(found.pk))
    return "merkmal", monitoring.NO_ADDRESS, number, "ohne E-Mail"


SORTED_BY = {"Person": ""} | dict(zip(monitoring.SHOWN, monitoring.ORDERS, strict=True))


def headings(narrowing):
    """The headings of the list: name, what its link asks for, and how the list is sorted by it, if it is."""
    found = []
    for name, word in SORTED_BY.items():
        is_sorted = narrowing.order.removeprefix("-") == word
        turned = f"-{word}" if word and narrowing.order == word else word
        direction = "descending" if narrowing.order.startswith("-") else "ascending"
        found.append((name, replace(narrowing, order=turned).query, direction if is_sorted else ""))
    return found


def address_of(narrowing, page):
    """What leads back to this page of the list, without the question mark."""
    return "&".join(filter(None, [narrowing.query, f"seite={page.number}" if page.number > 1 else ""]))


def filters(narrowing, user):
    """What the list can be narrowed to, as options, read only where they are shown; and how it can be sorted."""
    return {
        "headings": headings(narrowing),
        "states": options(monitoring.STATES.items(), narrowing.state),
        "features": options(monitoring.FEATURES.items(), narrowing.feature),
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
def one_person(request, pk, participation):
    """One participant's way through the round: dates, letters, changes; never a level."""
    found = opened(request, pk)
    rows = found.participations.with_who_left().select_related("manager", "person__manager__unit", "person__unit")
    row = get_object_or_404(rows, pk=participation)
    accesses.shown_to_hr(request, Access.What.COURSE, [row.person_id], round_id=found.pk)
    paper = {"is_for_paper": is_for_paper(row), "is_to_check": row.self_is_entered and not own_word(row)}
    kept = settings.RETENTION_DAYS["letters"]
    context = {"round": found, "row": row, "kept": kept, **paper, **course.course_of(row)}
    return render(request, "assessments/monitor_person.html", context)


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
