"""The pages of the auditor (Datenschutz, Personalrat): that something was done, by whom and as what; to others they do not exist."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kompetenz.documents import file_name, spreadsheet_response
from kompetenz.jobs.batches import handed_out
from kompetenz.lists import id_in, page_of
from kompetenz.people.models import Person
from kompetenz.privacy.access_log import accesses as log
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.audit import records, workbooks
from kompetenz.privacy.audit.readers import for_auditors


@require_GET
@for_auditors
def overview(request):
    return render(request, "audit/overview.html", {"kept": settings.RETENTION_DAYS["log"]})


@require_GET
@for_auditors
def accesses(request):
    """Who has had to do with one person's data: the person is looked for by name, and that somebody has looked is noted."""
    asked, person = request.GET.get("q", "").strip(), None
    if wanted := request.GET.get("person"):
        person = about(request, wanted, Access.How.READ)
    page = page_of(request, records.traces_about(person)) if person else None
    context = {
        "asked": asked,
        "found": Person.objects.suggested(asked) if asked else [],
        "person": person,
        "page": page,
        "traces": [records.trace_of(row) for row in page] if page else [],
        "kept": settings.RETENTION_DAYS["log"],
        "query": urlencode({"person": person.pk}) if person else "",
    }
    return render(request, "audit/accesses.html", context)


def about(request, wanted, how):
    """The person whose log is read; they see in it that it was."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=id_in(wanted))
    log.note(request.user, Access.What.LOG, how, [person.pk], role=Access.Role.AUDITOR)
    return person


@require_GET
@for_auditors
def workbook(request, pk):
    """The same of one person as a workbook."""
    person, today = about(request, str(pk), Access.How.TAKEN), timezone.localdate()
    name = file_name("Zugriffe", person.listed_as, today, suffix=".xlsx")
    return spreadsheet_response(workbooks.traces_of(person, today), name)


@require_http_methods(["GET", "POST"])
@for_auditors
def listed(request, which):
    """One of the lists as a workbook; whoever is in it sees in the access log that it was taken along."""
    if which not in workbooks.LISTS:
        raise Http404
    found = workbooks.LISTS[which]
    return handed_out(
        request,
        workbooks.LIST,
        subject=f"{which} for {request.user.pk}",
        title=found.title,
        items=list(found.found(request.user).order_by().values_list("pk", flat=True)),
        for_hr=False,
    )


@require_GET
@for_auditors
def rights(request):
    """Who has rights over others today, since when and by whom."""
    page = page_of(request, records.with_rights())
    rows = records.rights_of(list(page), request.user)
    return list_page(request, "rights", "rechte", "Wer Rechte über andere hat", page, rows=rows)


@require_GET
@for_auditors
def right_changes(request):
    """Every right that was given or taken, former ones, too."""
    page = page_of(request, records.right_changes(request.user))
    return list_page(request, "right_changes", "verlauf-der-rechte", "Verlauf der Rechte", page)


@require_GET
@for_auditors
def deputies(request):
    """Who acts or acted for whom, from when to when, and who has named them."""
    page = page_of(request, records.deputies())
    return list_page(request, "deputies", "vertretungen", "Vertretungen", page)


@require_GET
@for_auditors
def hand_overs(request):
    """Whose participation has got another manager, and by whom."""
    page = page_of(request, records.hand_overs())
    return list_page(request, "hand_overs", "uebergaben", "Übergaben", page)


def list_page(request, template, which, title, page, **more):
    """A page of one of the lists; ``which`` is its workbook's word in the address, see listed."""
    return render(request, f"audit/{template}.html", {"which": which, "title": title, "page": page, **more})
