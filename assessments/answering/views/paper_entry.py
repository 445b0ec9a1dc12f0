"""The paper path: typing in somebody's Selbsteinschätzung, and what they say to that."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assessments.answering import paper_entry, saving
from assessments.answering.forms import ANSWERS
from assessments.models import Assessment, Participation
from assessments.telling.absence import is_not_asked
from kompetenz.people.access import for_hr
from kompetenz.refusals import Faster, Refused

from .rating import rows_of

NO_LEVEL = "Bitte wählen Sie die Stufe, die auf dem Bogen angekreuzt ist."
NOT_SIGNED = (
    "Nicht gespeichert: Bestätigen Sie unten, dass der Bogen unterschrieben ist. Ohne Unterschrift gilt er nicht."
)


@require_http_methods(["GET", "POST"])
def enter(request, pk):
    """All competencies on one form, for whoever is handed the paper; where it cannot be typed in, why not."""
    handed = Participation.objects.of_papers_for(request.user).select_related("round", "person")
    found = get_object_or_404(handed, pk=pk)
    if request.method == "GET":
        return page(request, found, problem=paper_entry.obstacle(found, request.user))
    levels = levels_in(request.POST, found.round.catalogue)
    read = request.POST.get("read", "" if "once" in request.POST else None)
    try:
        paper_entry.enter(participation=found, by=request.user, levels=levels, read=read)
    except saving.Incomplete as incomplete:
        return page(request, found, levels=levels, missing=incomplete.missing, read=read)
    except Faster as problem:
        messages.warning(request, f"Nicht gespeichert: {problem}")
        return page(request, found, levels=levels)
    except Refused as problem:
        return page(request, found, levels=levels, problem=str(problem), status=409)
    messages.success(request, f"Eingetragen. {what_is_next(found)}")
    return redirect(found if found.is_managed_by(request.user) else found.round)


def what_is_next(found):
    if found.person.email:
        return is_not_asked(found) or f"{found.person_name} wird jetzt gebeten, die Eintragung zu bestätigen."
    if problem := paper_entry.own_word(found):
        return problem
    return "Geben Sie den Bogen jemand anderem in der Personalentwicklung. Wer ihn noch einmal eingibt, findet das unter „Meine Aufgaben“."


@require_http_methods(["GET", "POST"])
@for_hr
def check(request, pk):
    """The same form once more, for somebody else of HR, who has the signed paper of somebody without an address."""
    handed = Participation.objects.of_papers_for(request.user).select_related("round", "person")
    found = get_object_or_404(handed, pk=pk)
    if request.method == "GET":
        return page(request, found, problem=paper_entry.obstacle_to_checking(found, request.user), checks=True)
    levels = levels_in(request.POST, found.round.catalogue)
    read = request.POST.get("read", "" if "once" in request.POST else None)
    if "signed" not in request.POST:
        messages.warning(request, NOT_SIGNED)
        return page(request, found, levels=levels, read=read, checks=True)
    try:
        compared = paper_entry.check_entry(participation=found, by=request.user, levels=levels, read=read)
    except saving.Incomplete as incomplete:
        return page(request, found, levels=levels, missing=incomplete.missing, read=read, checks=True)
    except Faster as problem:
        messages.warning(request, f"Nicht gespeichert: {problem}")
        return page(request, found, levels=levels, checks=True)
    except Refused as problem:
        return page(request, found, levels=levels, problem=str(problem), status=409, checks=True)
    say_whether_it_is_the_same(request, found, compared)
    return redirect(found.round)


def say_whether_it_is_the_same(request, found, compared):
    if compared.holds:
        messages.success(
            request, f"Beide Eintragungen stimmen überein. Die Selbsteinschätzung von {found.person_name} gilt."
        )
        return
    differ = compared.differ
    was = (
        f"An {differ} Stelle{'n' if differ > 1 else ''} stand etwas anderes da." if differ else "Es stand dasselbe da."
    )
    asks = f" Ist er unklar, fragen Sie {found.person_name}." if differ else ""
    messages.warning(
        request,
        f"Noch nicht bestätigt: {was} Jetzt steht da, was Sie eingetragen haben. Jemand anderes gibt den Bogen noch einmal ein.{asks}",
    )


def levels_in(post, catalogue):
    """The levels that were sent, by competency id; nobody says of themself that they cannot judge."""
    sent = {competency.id: ANSWERS.get(post.get(f"level-{competency.id}")) for competency in catalogue.competencies}
    return {pk: level for pk, level in sent.items() if level is not None and catalogue.has_level(level)}


def page(request, found, *, levels=None, missing=(), problem="", status=200, read=None, checks=False):
    """The form with what was chosen; with a ``problem`` instead of the form that, and what was chosen in words.

    ``checks`` is for whoever types in the signed paper once more: nothing of what stands there is shown.
    """
    context = {
        "participation": found,
        "round": found.round,
        "is_manager": found.is_managed_by(request.user),
        "categories": categories_of(found, levels, missing),
        "scale": found.round.catalogue.scale,
        "missing": missing,
        "read": paper_entry.stamp_of_paper(found) if read is None else read,
        "problem": problem,
        "entry": paper_entry.entry_of(found),
        **who_answers(found),
        "begins_anew": checks and not problem and begins_anew(found),
        "was_sent": levels is not None,
        "was_signed": "signed" in request.POST,
        "own_view_first": problem == paper_entry.OWN_VIEW_FIRST,
        "checks": checks,
        "step": "Bogen prüfen" if checks else "Vom Papier eintragen",
        "may_check": problem == paper_entry.TO_CHECK and may_check(found, request.user),
    }
    return render(request, "assessments/enter_from_paper.html", context, status=status)


def who_answers(found):
    """That only the person's own word counts, and why they are not asked for it today, in words."""
    return {
        "own_word": paper_entry.own_word(found),
        "not_asked": is_not_asked(found) if found.person.email else "",
    }


def may_check(found, user):
    return user.is_hr and not paper_entry.obstacle_to_checking(found, user)


def begins_anew(found):
    """Why a second typing is only the first of two, in words."""
    own = found.assessments.of_themselves().select_related("entered_by").get()
    own.participation = found
    return paper_entry.typed_by_new(own)


def categories_of(found, levels, missing):
    """What was chosen, by category, with an error where nothing was."""
    categories = rows_of(found.round.catalogue, levels or {}, {})
    without = {str(competency.id) for competency in missing}
    for _, rows in categories:
        for row in rows:
            row["error"] = NO_LEVEL if row["id"] in without else ""
    return categories


@require_POST
def confirm(request, pk):
    """The person has compared what was typed in with their paper."""
    own = get_object_or_404(Assessment.objects.by_rater(request.user).of_themselves(), pk=pk)
    try:
        done = paper_entry.confirm_entry(pk=own.pk, by=request.user, read=request.POST.get("read", ""))
    except Refused as problem:
        messages.warning(request, str(problem))
        return redirect(own)
    if done:
        messages.success(request, "Danke. Ihre Selbsteinschätzung ist bestätigt und freigegeben.")
    else:
        messages.error(request, "Hier ist nichts zu bestätigen.")
    return redirect(own)


@require_POST
def reject(request, pk):
    """What was typed in is not theirs."""
    own = get_object_or_404(Assessment.objects.by_rater(request.user).of_themselves(), pk=pk)
    try:
        done = paper_entry.reject_entry(pk=own.pk, by=request.user, read=request.POST.get("read", ""))
    except Refused as problem:
        messages.warning(request, str(problem))
        return redirect(own)
    if done:
        messages.success(
            request, "Zurückgewiesen. Was eingetragen war, ist gelöscht. Sie füllen Ihren Bogen selbst aus."
        )
    else:
        messages.error(request, "Hier ist nichts zurückzuweisen.")
    return redirect(own)
