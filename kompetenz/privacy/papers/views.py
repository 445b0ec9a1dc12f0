"""The papers on the screen, as PDF and to edit; their versions; the fact sheet of a round."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Round
from kompetenz.documents import file_name, printed, render_pdf
from kompetenz.people.once import once
from kompetenz.refusals import Refused

from . import fact_sheets
from .forms import CommentForm, VariantForm
from .models import PaperVersion, ShownFactSheet
from .papers import PAPERS, chosen
from .text_file import as_text_file
from .versions import differences, version_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def papers(request):
    """Everything that an introduction needs, for everybody who works here."""
    return render(request, "papers/papers.html", {"papers": PAPERS.values()})


@require_safe
def paper(request, slug):
    found, body = asked_for(request, slug)
    context = {"paper": found, "body": body, "version": version_of(found)}
    if found.has_variants:
        context |= {"variants": VariantForm(request.GET), "query": variant_in_address(request)}
    return render(request, "papers/paper.html", context)


def variant_in_address(request):
    return urlencode({name: "ja" if is_so else "nein" for name, is_so in chosen(request.GET).items()})


def asked_for(request, slug):
    """The paper and its text, in the variant that the address names."""
    if slug not in PAPERS:
        raise Http404
    found = PAPERS[slug]
    return found, found.html(variant=chosen(request.GET))


@require_safe
def paper_pdf(request, slug):
    found, body = asked_for(request, slug)
    version = version_of(found)
    subtitle = f"Fassung vom {version:%d.%m.%Y}" if version else "Fassung noch nicht festgehalten"
    make = lambda: as_pdf(found.title, body, subtitle)  # noqa: E731
    return printed(request, make, found.title, timezone.localdate(), back="papers:papers")


def as_pdf(title, body, subtitle=""):
    context = {"title": title, "subtitle": subtitle, "body": body, "stand": timezone.localdate()}
    return render_pdf("documents/paper.html", context)


@require_safe
def paper_text(request, slug):
    """The same to be edited in a word processor."""
    found, body = asked_for(request, slug)
    filename = file_name(found.title, timezone.localdate(), suffix=".docx")
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
    return HttpResponse(as_text_file(found.title, body), content_type=DOCX, headers=headers)


@require_safe
def paper_versions(request, slug):
    """Earlier versions with what changed, for auditors and HR."""
    if slug not in PAPERS or not (request.user.is_auditor or request.user.is_hr):
        raise Http404
    kept = list(PaperVersion.objects.of(slug))
    earlier = [PaperVersion(lines=[]), *kept]
    changes = [
        (version, differences(before.lines, version.lines) if before.lines else None)
        for before, version in zip(earlier, kept, strict=False)
    ]
    return render(request, "papers/versions.html", {"paper": PAPERS[slug], "changes": changes[::-1]})


# The fact sheet of a round ------------------------------------------------------------------------


@require_safe
def fact_sheet(request, pk):
    found = get_object_or_404(fact_sheets.rounds_told_to(request.user), pk=pk)
    return fact_sheet_page(request, found, CommentForm())


def fact_sheet_page(request, round_, form):
    shown, read = (
        ShownFactSheet.objects.of(round_),
        fact_sheets.stamp_of(round_),
    )  # before the text: then it is refused, not missed
    context = {
        "round": round_,
        "read": read,
        "body": fact_sheets.html(round_),
        "shown": shown,
        "shown_as_another": shown is not None and shown.as_read not in ("", read),
        "comments": fact_sheets.comments_for(request.user, round_),
        "may_show": request.user.is_hr and round_.is_draft,
        "form": form if form.is_bound or fact_sheets.commented_by(request.user).filter(pk=round_.pk).exists() else None,
    }
    return render(request, "papers/fact_sheet.html", context)


def read_in(request):
    """The stamp of the fact sheet that the page has shown; one of our pages that has lost it has shown nothing."""
    return request.POST.get("read", "" if "once" in request.POST else None)


@require_safe
def fact_sheet_pdf(request, pk):
    found = get_object_or_404(fact_sheets.rounds_told_to(request.user), pk=pk)
    make = lambda: as_pdf("Steckbrief", fact_sheets.html(found), subtitle=found.title)  # noqa: E731
    return printed(request, make, "Steckbrief", found.title, back=fact_sheets.address_of(found))


@require_POST
@once
def fact_sheet_show(request, pk):
    """HR shows it to staff council and data protection."""
    found = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    try:
        told = fact_sheets.show(round_=found, by=request.user, read=read_in(request))
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Der Steckbrief ist gezeigt. E-Mails an Personalrat und Datenschutz: {told}.")
    return redirect("papers:fact_sheet", pk)


@require_http_methods(["POST"])
@once
def fact_sheet_comment(request, pk):
    """An auditor says something about it; HR is told. What comes too late comes back with what was typed."""
    if not request.user.is_auditor:
        raise Http404
    found, form = get_object_or_404(fact_sheets.rounds_told_to(request.user), pk=pk), CommentForm(request.POST)
    if form.is_valid():
        try:
            fact_sheets.comment(round_=found, by=request.user, text=form.cleaned_data["text"], read=read_in(request))
        except Refused as problem:
            form.add_error(None, str(problem))
    if form.errors:
        return fact_sheet_page(request, found, form)
    messages.success(request, "Ihre Stellungnahme ist gespeichert. Die Personalentwicklung erfährt davon.")
    return redirect("papers:fact_sheet", pk)
