"""HR's pages for importing a staff list: upload, preview, confirmation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.documents import file_name
from kompetenz.documents.spreadsheet import XLSX
from kompetenz.forms.stamp import stamp, was_read
from kompetenz.jobs.batches import answer, handed_out
from kompetenz.people.access import for_hr
from kompetenz.people.succession import passing_on
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Faster, Refused

from . import deciding, reading_on
from .causes import ANSWERS
from .choosing import of_sheet, remember
from .columns import KNOWN_AND_NOT_KEPT, columns
from .comparing import part_without_problems
from .forms import ConfirmForm, DecisionForm, InsteadForm, MappingForm, PreviewFilter, UploadForm
from .long_lists import SHORT, begin_taking_over
from .previews import shown_of, whose_is_shown
from .table import StaffList
from .taking_over import take_over
from .template import as_csv
from .template_workbook import as_workbook
from .uploading import file_of, keep, keep_raw, raw_of, renew
from .with_errors import WITH_ERRORS

ANOTHER_LIST = (
    "Inzwischen ist eine andere Liste oder ein anderes Blatt zu sehen. Dies sind die Spalten; bitte sehen Sie sie "
    "noch einmal an."
)
ANOTHER_FILE = "Nicht verworfen: Inzwischen haben Sie eine andere Liste hochgeladen. Sie wartet auf Ihre Bestätigung."
GONE = (
    "Es gibt keine Liste mehr, die auf Ihre Bestätigung wartet: Sie ist übernommen, verworfen oder älter als einen Tag."
)
CHANGED_MEANWHILE = (
    "Seit der Vorschau haben sich Personen oder Einheiten geändert. Es ist nichts übernommen. "
    "Dies ist die neue Vorschau; bitte prüfen Sie sie noch einmal."
)
TEMPLATES = {"xlsx": (as_workbook, XLSX), "csv": (as_csv, "text/csv; charset=utf-8")}


@require_http_methods(["GET", "POST"])
@for_hr
def upload(request):
    """Take a list and show what it would do, or first its columns; until it is confirmed nothing of it counts."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        return read(request, form)
    context = {
        "form": form,
        "waiting": file_of(request.user),
        "being_read": reading_on.read_by(request.user),
        "columns": columns(),
        "not_kept": list(KNOWN_AND_NOT_KEPT),
    }
    return render(request, "people/staff_upload.html", context)


def read(request, form):
    """Keep what was sent; a large list is read beside the requests."""
    about = {"name": form.cleaned_data["file"].name, "by": request.user}
    if form.content:
        return answer(request, reading_on.begin_reading(content=form.content, **about))
    reading_on.stop_reading(request.user)
    about |= {"raw": form.raw, "choices": form.choices}
    if form.table:
        keep(table=form.table, **about)
        return redirect("people:staff_preview")
    keep_raw(**about)
    return redirect("people:staff_mapping")


def nothing_to(request, uploaded):
    """There is no list, or none whose columns anybody has looked at."""
    if request.method == "POST" and uploaded is None:
        messages.warning(request, GONE)
    return redirect("people:staff_mapping" if uploaded else "people:staff_import")


@require_http_methods(["GET", "POST"])
@for_hr
def mapping(request):
    """What the columns of the list are read as; remembered for the next one whose columns are called so."""
    uploaded = file_of(request.user)
    if uploaded is None or uploaded.raw is None:
        return nothing_to(request, None)
    raw, choices = raw_of(uploaded)
    form = MappingForm(request.POST if request.method == "POST" else None, raw, choices, stamp(uploaded.uploaded_at))
    if form.is_bound and form.is_of_another_list:
        messages.warning(request, ANOTHER_LIST)
        return redirect("people:staff_mapping")
    about = {"raw": raw, "name": uploaded.name, "by": request.user}
    if form.is_bound and form.reads_anew:
        raw.read_as(form.cleaned_data.get("charset", raw.charset))
        keep_raw(choices=of_sheet(raw, form.cleaned_data.get("sheet", choices.sheet)), **about)
        return redirect("people:staff_mapping")
    if form.is_valid():
        remember(raw, form.choices)
        if len(form.table.rows) > reading_on.MANY:
            return answer(request, reading_on.begin_comparing(choices=form.choices, **about))
        keep(table=form.table, choices=form.choices, **about)
        return redirect("people:staff_preview")
    return render(request, "people/staff_mapping.html", {"uploaded": uploaded, "form": form, "sheet": form.list})


@require_http_methods(["GET", "POST"])
@for_hr
def preview(request):
    """What the list would do as of now; confirmed, it is done, unless it would be something else by then."""
    uploaded = file_of(request.user)
    if uploaded is None or not uploaded.is_read:
        return nothing_to(request, uploaded)
    is_part = request.method == "GET" and request.htmx.wants_part
    found = shown_of(uploaded, request.GET.get("stand", "") if is_part else "")
    form = ConfirmForm(request.POST if request.method == "POST" else None, found.told)
    if not form.is_valid():
        return shown(request, uploaded, found, form)
    try:
        return confirmed(request, uploaded, form)
    except Faster:
        waiting = file_of(request.user)
        if waiting:
            renew(waiting)
        messages.warning(request, CHANGED_MEANWHILE if waiting else GONE)  # sent twice: done already
        return redirect("people:staff_preview")
    except Refused as reason:
        form.add_error(None, str(reason))
        return shown(request, uploaded, found, form)


def confirmed(request, uploaded, form):
    """Do what was confirmed, at once or as a job; raises Faster and Refused as take_over."""
    said = form.cleaned_data
    table = StaffList.unpacked(uploaded.content)
    if said["only_good"] and form.has_errors:
        table, _ = part_without_problems(table, request.user)
        if table is None:
            raise Faster
    about = {"table": table, "read": said["read"], "uploaded": uploaded}
    about |= {"leavers": form.chosen_leavers(), "allowed": frozenset(said["allow"])}
    if len(table.rows) > SHORT:
        return answer(request, begin_taking_over(**about))
    messages.success(request, f"Die Personalliste ist übernommen: {take_over(**about)}.")
    if about["leavers"] and (number := passing_on.number_left_alone(about["leavers"].last_day)):
        messages.warning(request, passing_on.left_alone(number))
        return redirect("people:vacancies")
    return redirect("people:list")


def shown(request, uploaded, found, form):
    """The page of a preview, or for htmx its rows alone; beside what the list says stands what is stored, which is noted as read."""
    narrowed = PreviewFilter(request.GET, found)
    page = narrowed.page(request)
    accesses.shown_to_hr(request, Access.What.MASTER_DATA, whose_is_shown(found.told, page))
    query = request.GET.copy()
    query.pop("seite", None)
    query["stand"] = found.stand
    context = {
        "uploaded": uploaded,
        "preview": found.told,
        "causes": list(with_fields(found.told["causes"])),
        "filter": narrowed,
        "page": page,
        "query": query.urlencode(),
        "stand": found.stand,
        "form": form,
        "ticked": form.cleaned_data.get("leavers", ()) if form.is_bound else (),
        "allowed": form.cleaned_data.get("allow", ()) if form.is_bound else (),
    }
    part = "#rows" if request.htmx.wants_part else ""
    return render(request, f"people/staff_preview.html{part}", context)


def with_fields(causes):
    """Each cause with the field for what counts instead, where something can."""
    for place, cause in enumerate(causes, start=1):
        yield cause, InsteadForm(cause["example"]["key"], place) if cause["takes_another"] else None


@require_POST
@for_hr
def decide(request):
    """One answer to all problems of a cause; the preview is another one from then on."""
    uploaded = file_of(request.user)
    if uploaded and uploaded.is_read and "neu_fragen" in request.POST:
        return compared_with(request, uploaded, deciding.ask_anew(uploaded))
    form = DecisionForm(request.POST)
    if uploaded is None or not uploaded.is_read or not form.is_valid():
        return redirect("people:staff_preview")
    try:
        many, table = deciding.decide(uploaded, **form.cleaned_data)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("people:staff_preview")
    if not many:
        messages.warning(request, CHANGED_MEANWHILE)
        return redirect("people:staff_preview")
    noted = f"{ANSWERS[form.cleaned_data['how']]}: für {many} {'Zeile' if many == 1 else 'Zeilen'} vermerkt."
    messages.success(request, noted)
    return compared_with(request, uploaded, table)


def compared_with(request, uploaded, table):
    """On to the preview of the list as it is decided by now; a long one is compared beside the requests."""
    if len(table.rows) > reading_on.MANY:
        return answer(request, reading_on.begin_comparing_decided(uploaded=uploaded, table=table))
    deciding.keep_decided(uploaded, table)
    return redirect("people:staff_preview")


@require_http_methods(["GET", "POST"])
@for_hr
def errors(request):
    """The list as it was sent, with what is wrong beside each row, to be mended and sent again."""
    uploaded = file_of(request.user)
    if uploaded is None or not uploaded.is_read or uploaded.raw is None:
        return nothing_to(request, uploaded)
    rows = uploaded.shown["length"]
    return handed_out(
        request,
        WITH_ERRORS,
        subject=uploaded.pk,
        title="Personalliste mit den Fehlern",
        for_hr=False,
        items=list(range(rows)),
    )


@require_POST
@for_hr
def discard(request):
    reading_on.stop_reading(request.user)
    uploaded = file_of(request.user)
    if uploaded and not was_read(request, uploaded.stamp):
        messages.warning(request, ANOTHER_FILE)
    elif uploaded:
        uploaded.delete()
        messages.success(request, "Die Personalliste ist verworfen. Es ist nichts übernommen.")
    return redirect("people:staff_import")


@require_GET
@for_hr
def download_template(request, kind):
    make, content_type = TEMPLATES[kind]
    response = HttpResponse(make(), content_type=content_type)
    name = file_name("Personalliste", "Vorlage", suffix=f".{kind}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
