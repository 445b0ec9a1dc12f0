"""What has to be refreshed, for HR: the list, reckoned anew on demand, and as a workbook."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.jobs.batches import answer, handed_out
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from learningplans.models import RefreshDate
from learningplans.training import outputs, refreshing
from learningplans.training.forms import RefreshFilter


@require_GET
@for_hr
def refreshes(request):
    """Who has to refresh what by when, the longest due first, and whether a measure is planned for it."""
    known, today = refreshing.competencies_to_refresh(), timezone.localdate()
    form = RefreshFilter(request.GET, competencies=known, today=today)
    page = page_of(request, form.narrow(RefreshDate.objects.visible_to(request.user)))
    rows = refreshing.listed(page.object_list)
    accesses.shown_to_hr(request, Access.What.REFRESHES, [row.person_id for row in rows])
    query = request.GET.copy()
    query.pop("seite", None)
    context = {
        "filter": form,
        "page": page,
        "rows": rows,
        "query": query.urlencode(),
        "today": today,
        "are_any": bool(known),
    }
    return render(request, "learningplans/refreshes.html", context)


@require_POST
@for_hr
def reckon(request):
    return answer(request, refreshing.begin_reckoning(request.user))


@require_http_methods(["GET", "POST"])
@for_hr
def workbook(request):
    """The list as it is narrowed, with personnel numbers; a long one in the background."""
    known = refreshing.competencies_to_refresh()
    form = RefreshFilter(request.GET, competencies=known, today=timezone.localdate())
    rows = form.narrow(RefreshDate.objects.visible_to(request.user))
    return handed_out(
        request,
        outputs.REFRESHES,
        subject=request.user.pk,
        title="Fällige Auffrischungen",
        items=list(rows.values_list("pk", flat=True)),
    )
