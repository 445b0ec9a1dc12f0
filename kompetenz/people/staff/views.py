"""HR's pages for importing a staff list: upload, preview, confirmation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.documents.spreadsheet import XLSX
from kompetenz.people.access import for_hr

from . import template
from .columns import KNOWN_AND_NOT_KEPT, columns
from .comparing import compare
from .forms import ConfirmForm, PreviewFilter, UploadForm
from .table import Table
from .taking_over import NotAsPreviewed, take_over
from .uploading import file_of, keep

PER_PAGE = 50
OFFERED = 500  # missing people with a box of their own; a form holds no more than 1,000 fields
GONE = (
    "Es gibt keine Liste mehr, die auf Ihre Bestätigung wartet: Sie ist übernommen, verworfen oder älter als einen Tag."
)
CHANGED_MEANWHILE = (
    "Seit der Vorschau haben sich Personen oder Einheiten geändert. Es ist nichts übernommen. "
    "Dies ist die neue Vorschau; bitte prüfen Sie sie noch einmal."
)
TEMPLATES = {"xlsx": (template.as_workbook, XLSX), "csv": (template.as_csv, "text/csv; charset=utf-8")}


@for_hr
@require_http_methods(["GET", "POST"])
def upload(request):
    """Take a list and show what it would do; until it is confirmed nothing of it counts."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        keep(table=form.table, name=form.cleaned_data["file"].name, by=request.user)
        return redirect("people:staff_preview")
    context = {
        "form": form,
        "waiting": file_of(request.user),
        "columns": columns(),
        "not_kept": list(KNOWN_AND_NOT_KEPT),
    }
    return render(request, "people/staff_upload.html", context)


@for_hr
@require_http_methods(["GET", "POST"])
def preview(request):
    """What the list would do as of now; confirmed, it is done, unless it would be something else by then."""
    uploaded = file_of(request.user)
    if uploaded is None:
        if request.method == "POST":
            messages.warning(request, GONE)
        return redirect("people:staff_import")
    table, form = Table.unpacked(uploaded.content), ConfirmForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return shown(request, uploaded, compare(table), form)
    confirmed = {"fingerprint": form.cleaned_data["fingerprint"], "leavers": form.chosen_leavers()}
    try:
        taken = take_over(table=table, uploaded=uploaded, **confirmed)
    except NotAsPreviewed:
        messages.warning(request, CHANGED_MEANWHILE if file_of(request.user) else GONE)  # sent twice: done already
        return redirect("people:staff_preview")
    messages.success(request, f"Die Personalliste ist übernommen: {taken}.")
    return redirect("people:list")


def shown(request, uploaded, previewed, form):
    """The page of a preview, or for htmx its rows alone."""
    narrowed = PreviewFilter(request.GET, previewed)
    query = request.GET.copy()
    query.pop("seite", None)
    context = {
        "uploaded": uploaded,
        "preview": previewed,
        "filter": narrowed,
        "page": Paginator(narrowed.rows(), PER_PAGE).get_page(request.GET.get("seite")),
        "query": query.urlencode(),
        "read": [(previewed.table.letters[c.key], c.title) for c in columns() if c.key in previewed.table.letters],
        "form": form,
        "offered": previewed.missing[:OFFERED],
        "ticked": form.cleaned_data.get("leavers", ()) if form.is_bound else (),
    }
    partial = request.htmx and not request.htmx.history_restore_request
    return render(request, "people/staff_preview.html#rows" if partial else "people/staff_preview.html", context)


@for_hr
@require_POST
def discard(request):
    uploaded = file_of(request.user)
    if uploaded:
        uploaded.delete()
        messages.success(request, "Die Personalliste ist verworfen. Es ist nichts übernommen.")
    return redirect("people:staff_import")


@for_hr
@require_GET
def download_template(request, kind):
    make, content_type = TEMPLATES[kind]
    response = HttpResponse(make(), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="personalliste-vorlage.{kind}"'
    return response
