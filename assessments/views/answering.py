"""The rating form: 25 competencies, saved answer by answer, checked, released."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assessments import answers, on_behalf, peers
from assessments.forms import ANSWERS, LONGEST_REMARK, answers_of, words_of, written
from assessments.models import Assessment
from kompetenz import wheel as wheels

NO_LEVEL = "Bitte wählen Sie eine der angebotenen Stufen."
NOT_TAKEN = "Diese Einschätzung nimmt keine Antworten mehr an: Sie ist freigegeben oder die Runde ist beendet."
COUNTED = "Danke. Ihre Antworten sind gezählt; welche von Ihnen kamen, ist nirgends mehr gespeichert."


def own_assessment(request, pk):
    own = Assessment.objects.by_rater(request.user)
    return get_object_or_404(own.select_related("participation__round", "participation__person"), pk=pk)


@require_http_methods(["GET", "POST"])
def assessment(request, pk):
    """The form; without JavaScript its one button saves everything that was changed on this page."""
    found = own_assessment(request, pk)
    if request.method == "GET":
        return form_page(request, found)
    levels, remarks = answers_of(request.POST, found)
    remarks = {} if found.kind == peers.PEER else remarks
    try:
        answers.save_answers(pk=pk, by=request.user, levels=levels, remarks=remarks)
    except answers.NotEditable:
        not_taken = words_of(found.participation.round.catalogue, levels, remarks)
        return form_page(request, found, not_taken=not_taken, status=409)
    if request.POST.get("weiter") == "pruefen":
        return redirect("assessments:check", pk)
    messages.success(request, "Ihre Angaben sind gespeichert. Sie können jederzeit weitermachen.")
    return redirect(found)


def form_page(request, found, *, not_taken=(), status=200):
    levels, remarks = found.levels(), found.remark_texts()
    participation = found.participation
    drawing = wheel_of(found, levels, request.user)
    context = {
        "assessment": found,
        "participation": participation,
        "round": participation.round,
        "editable": takes_answers(found, request.user),
        "is_peer": found.kind == peers.PEER,
        "minimum": peers.minimum(),
        "returnable": found.released_at and Assessment.objects.returnable_by(request.user).filter(pk=found.pk).exists(),
        "categories": rows_of(participation.round.catalogue, levels, remarks),
        "answered": len(levels),
        "total": len(participation.round.catalogue.competencies),
        "wheel_json": wheels.figure_json(drawing),
        "not_taken": not_taken,
        "entered": on_behalf.entry_in_words(found),
    }
    return render(request, "assessments/form.html", context, status=status)


def takes_answers(found, user):
    return found.released_at is None and found.participation.round.is_open and peers.may_rate(found, user)


def rows_of(catalogue, levels, remarks):
    """Per category one row for each competency: its words, and what is answered so far.

    Rows are dictionaries of texts, which a template reads twice as fast as objects and numbers:
    the form looks up a thousand of them.
    """
    return [
        (
            category,
            [
                {
                    "id": str(c.id),
                    "number": str(c.number),
                    "name": c.name,
                    "description": c.description,
                    "anchors": c.anchors,
                    "answer": answer_of(levels, c.id),
                    "remark": remarks.get(c.id, ""),
                }
                for c in category.competencies
            ],
        )
        for category in catalogue.categories
    ]


def answer_of(levels, competency_id):
    if competency_id not in levels:
        return ""
    return "x" if levels[competency_id] is None else str(levels[competency_id])


def wheel_of(found, levels, user):
    """The wheel that grows with the answers, over the Soll if that may be seen yet; by a colleague never."""
    participation, catalogue = found.participation, found.participation.round.catalogue
    name = "Kollegium" if found.kind == peers.PEER else found.get_kind_display()
    series = [catalogue.series(name, wheels.Role.FILL, levels)]
    if found.kind != peers.PEER and participation.shows_target_to(user):
        targets = dict(participation.targets.values_list("competency", "level"))
        series.append(catalogue.series("Soll", wheels.Role.OUTLINE, targets))
    return catalogue.wheel(f"{found.get_kind_display()} {participation.person_name}", *series)


@require_POST
def rate(request, pk, competency):
    """Save one answer: HTMX gets the progress and the wheel is told, everyone else gets the page."""
    answer = request.POST.get(f"level-{competency}", "")
    if answer not in ANSWERS:
        return unsaved(request, pk, NO_LEVEL, 400)
    level = ANSWERS[answer]
    try:
        own = answers.save_answers(pk=pk, by=request.user, levels={competency: level})
    except answers.NotAnAnswer:
        return unsaved(request, pk, NO_LEVEL, 400)
    except answers.NotEditable:
        return unsaved(request, pk, NOT_TAKEN, 409)
    number = own.participation.round.catalogue.by_id[competency].number
    event = {"wheel": "rad", "number": number, "level": None if level == answers.CLEARED else level}
    return trigger_client_event(saved(request, own), "wheel:level", event)


@require_POST
def remark(request, pk, competency):
    """Save one remark as soon as it is written."""
    text = written(request.POST, f"remark-{competency}")
    if len(text) > LONGEST_REMARK:
        return unsaved(request, pk, f"Eine Bemerkung hat höchstens {LONGEST_REMARK} Zeichen.", 400)
    try:
        own = answers.save_answers(pk=pk, by=request.user, remarks={competency: text})
    except answers.NotAnAnswer:
        return unsaved(request, pk, NO_LEVEL, 400)
    except answers.NotEditable:
        return unsaved(request, pk, NOT_TAKEN, 409)
    return saved(request, own)


def saved(request, own):
    if not request.htmx:
        return redirect(own)
    total = len(own.participation.round.catalogue.competencies)
    context = {"answered": own.answered, "total": total, "saved_at": timezone.localtime()}
    return render(request, "assessments/_progress.html", context)


def unsaved(request, pk, reason, status):
    """Say why, to whoever's assessment it is; to everybody else there is nothing here."""
    own = get_object_or_404(Assessment.objects.by_rater(request.user), pk=pk)
    if request.htmx:
        return render(request, "assessments/_unsaved.html", {"reason": reason}, status=status)
    messages.error(request, reason)
    return redirect(own)


@require_GET
def check(request, pk):
    """Everything once more before it is released, what is missing first."""
    found = own_assessment(request, pk)
    if not takes_answers(found, request.user):
        return redirect(found)
    levels, remarks = found.levels(), found.remark_texts()
    catalogue = found.participation.round.catalogue
    context = {
        "assessment": found,
        "participation": found.participation,
        "round": found.participation.round,
        "is_peer": found.kind == peers.PEER,
        "minimum": peers.minimum(),
        "categories": rows_of(catalogue, levels, remarks),
        "checked": answers.fingerprint(levels, remarks),
        "missing": [competency for competency in catalogue.competencies if competency.id not in levels],
    }
    return render(request, "assessments/check.html", context)


@require_POST
def release(request, pk):
    found = own_assessment(request, pk)
    try:
        answers.release(pk=pk, by=request.user, checked=request.POST.get("checked"))
    except answers.Incomplete:
        return redirect("assessments:check", pk)
    except answers.Changed:
        messages.warning(request, "In einem anderen Fenster wurde etwas geändert. Bitte prüfen Sie noch einmal.")
        return redirect("assessments:check", pk)
    except answers.NotEditable:
        messages.error(request, NOT_TAKEN)
        return redirect(found)
    if found.kind == peers.PEER:
        messages.success(request, COUNTED)
        return redirect("start")
    messages.success(request, f"Die {found.get_kind_display()} ist freigegeben.")
    return redirect(found.participation)


@require_POST
def take_back(request, pk):
    found = own_assessment(request, pk)
    try:
        answers.take_back(pk=pk, by=request.user)
    except answers.NotEditable:
        messages.error(request, "Die andere Seite hat inzwischen freigegeben. Die Freigabe bleibt bestehen.")
        return redirect(found.participation)
    messages.success(request, "Die Freigabe ist zurückgenommen. Sie können wieder ändern.")
    return redirect(found)


@require_GET
def wheel(request, pk):
    """The same wheel as a picture, for browsers without JavaScript."""
    found = own_assessment(request, pk)
    drawing = wheel_of(found, found.levels(), request.user)
    return HttpResponse(wheels.svg(drawing), content_type="image/svg+xml")
