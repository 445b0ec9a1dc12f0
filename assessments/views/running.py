"""What HR does with some of a running round's participants, and how people come into it late.

What is to be done is confirmed on a page of its own. That page names whom it is about, and the form on it acts on
these alone, whatever the list has become meanwhile.
"""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import late_entry, monitoring, notices, running
from assessments.models import Participation
from assessments.opening import RoundEnded
from assessments.running_forms import ExtensionForm, LateEntryForm
from assessments.selection import selection_of
from kompetenz.people.access import for_hr

from .monitoring import opened

ENDED = "Diese Runde ist inzwischen beendet. Es wurde nichts geändert."
NOBODY = "Bitte wählen Sie zuerst aus, für wen das gelten soll: einzelne Personen in der Liste oder alle gefundenen."
GONE = "Diese Teilnahmen gibt es nicht mehr. Es wurde nichts geändert."


def participations(count):
    return "1 Teilnahme" if count == 1 else f"{count} Teilnahmen"


def in_a_running_round(view):
    """A page of HR's about an open round; of one that has ended it says so."""

    @require_http_methods(["GET", "POST"])
    @for_hr
    @wraps(view)
    def page(request, pk):
        found = opened(request, pk)
        try:
            if found.is_open:
                return view(request, found)
        except RoundEnded:
            pass
        messages.error(request, ENDED)
        return redirect(found)

    return page


def of_a_selection(view):
    """A page about the chosen participations of an open round."""

    @in_a_running_round
    @wraps(view)
    def page(request, round_):
        sent = request.POST if request.method == "POST" else request.GET
        chosen = selection_of(sent, request.user, round_)
        if not chosen.rows:
            messages.error(request, GONE if request.method == "POST" else NOBODY)
            return redirect(chosen.address)
        return view(request, round_, chosen)

    return page


@of_a_selection
def remind(request, round_, chosen):
    """Letters to whoever has something open; sent twice on one day it writes none."""
    if request.method == "POST":
        rows = Participation.objects.watched_by(request.user).filter(pk__in=[row.pk for row in chosen.rows])
        written = notices.remind(participations=rows, by=request.user)
        if written:
            messages.success(request, f"{written} Erinnerung{'en' if written > 1 else ''} geschrieben.")
        else:
            messages.info(request, "Es war niemand zu erinnern: Nichts ist offen, oder heute ging schon eine hinaus.")
        return redirect(chosen.address)
    return render(request, "assessments/monitor_remind.html", {"round": round_, "chosen": chosen})


@of_a_selection
def extend(request, round_, chosen):
    """More time for those chosen; nobody gets less."""
    form = ExtensionForm(request.POST if request.method == "POST" else None, round_=round_)
    if form.is_bound and form.is_valid():
        try:
            changed = running.extend_deadlines(round_=round_, participations=chosen.rows, **form.dues)
        except running.OutOfOrder as problem:
            form.refuse(problem)
        else:
            later = len(chosen.rows) - changed
            rest = f" Bei {later} lag die Frist schon später." if later else ""
            messages.success(request, f"Fristen verlängert: {participations(changed)}.{rest}")
            return redirect(chosen.address)
    return render(request, "assessments/monitor_extend.html", {"round": round_, "chosen": chosen, "form": form})


@of_a_selection
def pause(request, round_, chosen):
    if request.method == "POST":
        count = running.pause(round_=round_, participations=chosen.rows)
        messages.success(request, f"{participations(count)} {'ruht' if count == 1 else 'ruhen'} ab heute.")
        return redirect(chosen.address)
    return render(request, "assessments/monitor_pause.html", {"round": round_, "chosen": chosen})


@of_a_selection
def resume(request, round_, chosen):
    """Deadlines do not wait while a participation rests; those that have passed are named."""
    if request.method == "POST":
        count = running.resume(round_=round_, participations=chosen.rows)
        messages.success(request, f"{participations(count)} {'läuft' if count == 1 else 'laufen'} weiter.")
        return redirect(chosen.address)
    today = timezone.localdate()
    behind = round_.participations.filter(monitoring.behind(today), pk__in=[row.pk for row in chosen.rows if row.rests])
    context = {"round": round_, "chosen": chosen, "behind": behind}
    return render(request, "assessments/monitor_resume.html", context)


@of_a_selection
def remove(request, round_, chosen):
    """What would be lost is agreed to in so many words: the box that is ticked says for how many."""
    not_agreed = False
    if request.method == "POST":
        agreed = monitoring.id_in(request.POST.get("verlust", ""))
        try:
            removal = running.remove(round_=round_, participations=chosen.rows, agreed_loss=agreed)
        except running.LossNotAgreed:
            not_agreed = True
        else:
            tell_of_removal(request, removal)
            return redirect(chosen.address)
    removal = running.removal_of(chosen.rows)
    context = {"round": round_, "chosen": chosen, "removal": removal, "not_agreed": not_agreed}
    return render(request, "assessments/monitor_remove.html", context)


def tell_of_removal(request, removal):
    if removal.removed:
        messages.success(request, f"Entfernt: {participations(len(removal.removed))}.")
    if removal.kept:
        names = ", ".join(row.person_name for row in removal.kept)
        messages.info(
            request, f"Nicht entfernt, weil das Gespräch festgehalten ist oder es einen Lernplan gibt: {names}."
        )


@in_a_running_round
def admit(request, round_):
    """People who come into the round late; if any of them cannot, nobody does before HR has seen why."""
    form = LateEntryForm(request.POST if request.method == "POST" else None, round_=round_, user=request.user)
    unable = []
    if form.is_bound and not form.only_searches and form.is_valid():
        try:
            new = late_entry.admit_late(round_=round_, people=form.people, **form.dues)
        except late_entry.NotAble as problem:
            unable = problem.unable
            form = form.without(unable)
        else:
            tell_of_admission(request, new)
            return redirect(round_)
    known = {person.pk for person in form.people}
    context = {
        "round": round_,
        "form": form,
        "unable": unable,
        "chosen": late_entry.candidates(round_, form.people),
        "found": late_entry.candidates(round_, [person for person in form.found if person.pk not in known]),
    }
    part = "#people" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"assessments/monitor_admit.html{part}", context)


def tell_of_admission(request, new):
    if new:
        messages.success(request, f"Nachträglich aufgenommen: {participations(len(new))}.")
    else:
        messages.info(request, "Alle Genannten nehmen schon teil.")
