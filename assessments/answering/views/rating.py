"""The rating form: 25 competencies, saved answer by answer, checked, released."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assessments.answering import paper_entry, saving
from assessments.answering.forms import ANSWERS, LONGEST_REMARK, answers_of, seen_by, stored_in_words, words_of
from assessments.models import Assessment
from assessments.models.accesses import What, read
from assessments.models.targets import target_levels_of
from assessments.peers import asking
from kompetenz import wheel as wheels
from kompetenz.forms.fields import Unprinted, written
from kompetenz.forms.stamp import seen_in
from kompetenz.prepared import prepared
from kompetenz.refusals import Faster, TooLate

KNOWN = ANSWERS | {"": saving.CLEARED}
OVERTAKEN = (
    "Inzwischen ist hier etwas anderes gespeichert, in einem anderen Fenster oder von jemandem, der Sie vertritt."
)
COUNTED = (
    "Danke. Ihre Antworten sind gezählt. Im Kompetenzrad stehen nur noch die Zahlen und nicht mehr, welche von Ihnen kamen; in "
    "Datensicherungen von vorher kann es noch stehen."
)


def own_assessment(request, pk):
    return given_by.get_or_404(request.user, pk)


def note_read(request, found):
    """Of a colleague's nothing is noted: the person would learn from it who has answered."""
    if found.rules.is_side:
        read(request, What.ASSESSMENT, found.participation)


@prepared
def given_by(user, pk):
    own = Assessment.objects.by_rater(user).filter(pk=pk)
    return own.select_related("participation__round", "participation__person")


@require_http_methods(["GET", "POST"])
def assessment(request, pk):
    """The form; without JavaScript its one button saves everything that was changed on this page."""
    found = own_assessment(request, pk)
    if request.method == "GET":
        return form_page(request, found)
    levels, remarks = answers_of(request.POST, found)
    remarks = remarks if found.rules.takes_remarks else {}
    catalogue = found.participation.round.catalogue
    try:
        own = saving.save_answers(
            pk=pk, by=request.user, levels=levels, remarks=remarks, seen=seen_by(request.POST, catalogue)
        )
    except (TooLate, Unprinted) as problem:
        if request.htmx:
            return unsaved(request, pk, str(problem), 409)
        why = str(problem) if isinstance(problem, Unprinted) else saving.why_closed(pk)
        return form_page(request, found, not_taken=words_of(catalogue, levels, remarks), problem=why, status=409)
    return all_saved(request, own)


def all_saved(request, own):
    """The way on; where somebody has changed an answer meanwhile, the form with what was sent and what is stored."""
    if request.htmx:
        return overtaken(request, own) if own.overtaken else saved(request, own)
    if own.overtaken:
        return form_page(request, own, left=own.overtaken, status=409)
    if request.POST.get("weiter") == "pruefen":
        return redirect(reverse("assessments:check", args=[own.pk]) + to_the_answer(request.GET.get("pruefen", "")))
    messages.success(request, "Ihre Angaben sind gespeichert. Sie können jederzeit weitermachen.")
    return redirect(own)


def to_the_answer(number):
    """Where on the check page the answer stands from which somebody came to change it."""
    return f"#antwort-{number}" if number.isdecimal() else ""


def overtaken(request, own):
    """Where somebody has changed an answer since the page has shown it, HTMX hears what is stored now."""
    response = render(request, "assessments/_unsaved.html", {"reason": OVERTAKEN}, status=409)
    stored = stored_in_words(own.participation.round.catalogue, own.overtaken)
    return trigger_client_event(response, "answer:stored", stored)


def form_page(request, found, *, not_taken=(), problem="", left=(), status=200):
    """The form with what is stored; of ``left``, what was overtaken, with what was sent, too."""
    note_read(request, found)
    participation = found.participation
    catalogue, levels = participation.round.catalogue, found.levels()
    rows = rows_of(catalogue, levels, found.remark_texts())
    context = {
        "assessment": found,
        "participation": participation,
        "round": participation.round,
        "minimum": asking.minimum(),
        "categories": rows,
        "overtaken": put_back(rows, request.POST, left and stored_in_words(catalogue, left)),
        "scale": catalogue.scale,
        "answered": len(levels),
        "next_open": next((one.number for one in catalogue.competencies if one.id not in levels), None),
        "total": len(catalogue.competencies),
        "wheel": wheels.on_page(wheel_of(found, levels, request.user)),
        "not_taken": not_taken,
        "problem": problem,
        "is_checking": "pruefen" in request.GET,
        "other_name": saving.partner_in(found),
        **standing_of(found, request.user),
    }
    return render(request, "assessments/form.html", context, status=status)


def standing_of(found, user):
    """What the page says of how far the assessment has come, and what ``user`` can do with it."""
    awaits_confirmation = found.is_self and found.participation.self_is_entered
    return {
        "editable": takes_answers(found, user),
        "is_peer": found.rules.is_counted,
        "closed_because": asking.closed_because(found, user),
        "returnable": found.released_at and Assessment.objects.returnable_by(user).filter(pk=found.pk).exists(),
        "entered": paper_entry.entry_in_words(found),
        "awaits_confirmation": awaits_confirmation,
        "entry_read": awaits_confirmation and paper_entry.stamp_of_entry(found),
    }


def takes_answers(found, user):
    if found.is_self and found.participation.self_is_entered:
        return False
    return found.released_at is None and found.participation.round.is_open and asking.may_rate(found, user)


def rows_of(catalogue, levels, remarks):
    """Per category one row for each competency; see row_of."""
    return [
        (category, [row_of(catalogue, c, levels, remarks) for c in category.competencies])
        for category in catalogue.categories
    ]


def row_of(catalogue, competency, levels, remarks):
    """A competency's words, and what is answered so far: texts, which a template reads twice as fast as objects and numbers."""
    answer, remark = saving.in_text(levels, competency.id), remarks.get(competency.id, "")
    return {
        "competency": competency,
        "id": str(competency.id),
        "number": str(competency.number),
        "name": competency.name,
        "description": competency.description,
        "levels": catalogue.levels_as_text[competency.id],
        "answer": answer,
        "stored_answer": answer,
        "remark": remark,
        "stored_remark": remark,
    }


def put_back(categories, post, left):
    """Put what was sent but ``left`` (stored_in_words) into its rows again; answers these rows."""
    rows = {row["id"]: row for _, rows in categories for row in rows} if left else {}
    for name, stored in left.items() if left else ():
        kind, pk = name.split("-")
        rows[pk]["answer" if kind == "level" else "remark"] = written(post, name)
        rows[pk].setdefault("stored", []).append(stored["words"])
    return [row for row in rows.values() if "stored" in row]


def wheel_of(found, levels, user):
    """The wheel that grows with the answers, over the Soll if that may be seen yet; by a colleague never."""
    participation, catalogue = found.participation, found.participation.round.catalogue
    name = "Kollegium" if found.rules.is_counted else found.get_kind_display()
    series = [catalogue.series(name, wheels.Style.FILL, levels)]
    if found.rules.sees_target and participation.shows_target_to(user):
        targets = dict(target_levels_of(participation.pk))
        series.append(catalogue.series("Soll", wheels.Style.OUTLINE, targets))
    return catalogue.wheel(f"{found.get_kind_display()} {participation.person_name}", *series)


@require_POST
def rate(request, pk, competency):
    """Save one answer, or take it away if an empty one is sent: HTMX gets the progress and the wheel is told."""
    answer = request.POST.get(f"level-{competency}")
    if answer not in KNOWN:
        return unsaved(request, pk, saving.NO_LEVEL, 400)
    level = KNOWN[answer]
    own, refusal = save_one(request, pk, f"level-{competency}", levels={competency: level})
    if refusal:
        return refusal
    number = own.participation.round.catalogue.by_id[competency].number
    event = {"wheel": "rad", "number": number, "level": None if level == saving.CLEARED else level}
    return trigger_client_event(saved(request, own), "wheel:level", event)


@require_POST
def remark(request, pk, competency):
    """Save one remark as soon as it is written."""
    text = written(request.POST, f"remark-{competency}")
    if len(text) > LONGEST_REMARK:
        return unsaved(request, pk, f"Eine Bemerkung hat höchstens {LONGEST_REMARK} Zeichen.", 400)
    own, refusal = save_one(request, pk, f"remark-{competency}", remarks={competency: text})
    return refusal or saved(request, own)


def save_one(request, pk, name, **answer):
    """(assessment, None) with the one field ``name`` saved; where it is not, (None, what says why).

    A page that does not say what it has shown of the field has shown nothing.
    """
    try:
        own = saving.save_answers(pk=pk, by=request.user, seen={name: ""} | seen_in(request.POST), **answer)
    except (saving.NotAnAnswer, Unprinted) as problem:
        return None, unsaved(request, pk, str(problem), 400)
    except TooLate as problem:
        return None, unsaved(request, pk, str(problem), 409)
    if own.overtaken:
        return None, overtaken(request, own) if request.htmx else unsaved(request, pk, OVERTAKEN, 409)
    return own, None


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
    """Everything once more before it is released, with a way to change each answer that leads back here."""
    found = own_assessment(request, pk)
    if not takes_answers(found, request.user):
        return redirect(found)
    note_read(request, found)
    levels, remarks = found.levels(), found.remark_texts()
    catalogue = found.participation.round.catalogue
    context = {
        "assessment": found,
        "participation": found.participation,
        "round": found.participation.round,
        "is_peer": found.rules.is_counted,
        "minimum": asking.minimum(),
        "other_name": saving.partner_in(found),
        "final_after": is_final(found) and saving.other_release(found),
        "release_shows_target": found.release_shows_target,
        "categories": rows_of(catalogue, levels, remarks),
        "scale": catalogue.scale,
        "wheel": wheels.on_page(wheel_of(found, levels, request.user)),
        "read": saving.stamp_of_answers(levels, remarks),
        "missing": [competency for competency in catalogue.competencies if competency.id not in levels],
    }
    return render(request, "assessments/check.html", context)


def is_final(found):
    """Whether releasing this one can no longer be taken back, for the other of the two is released already."""
    participation = found.participation
    return participation.manager_is_released if found.is_self else participation.self_is_released


@require_POST
def release(request, pk):
    found = own_assessment(request, pk)
    try:
        saving.release(pk=pk, by=request.user, read=request.POST.get("read", ""))
    except saving.Incomplete:
        return redirect("assessments:check", pk)
    except Faster as problem:
        messages.warning(request, str(problem))
        return redirect("assessments:check", pk)
    except TooLate as problem:
        messages.error(request, str(problem))
        return redirect(found)
    if found.rules.is_counted:
        messages.success(request, COUNTED)
        return redirect("start")
    messages.success(request, f"Die {found.get_kind_display()} ist freigegeben.")
    return redirect(found.participation if found.rules.is_side else found)


@require_POST
def take_back(request, pk):
    found = own_assessment(request, pk)
    try:
        saving.take_back(pk=pk, by=request.user, read=request.POST.get("read", "" if "once" in request.POST else None))
    except (saving.NotReleased, Faster) as problem:
        messages.warning(request, str(problem))
        return redirect(found)
    except TooLate as problem:
        messages.error(request, str(problem))
        return redirect(found.participation if found.rules.is_side else found)
    messages.success(request, "Die Freigabe ist zurückgenommen. Sie können wieder ändern.")
    return redirect(found)
