"""What HR does with some of a running round's participants, and how people come into it late.

What is to be done is confirmed on a page of its own. That page names whom it is about, and the form on it acts on
these alone, whatever the list has become meanwhile.
"""

from dataclasses import replace
from functools import partial, wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.rounds import late_entry, many, progress, running
from assessments.rounds.forms.running import AS_THE_ROUND, EXACTLY, EXTEND, ExtensionForm, LateEntryForm
from assessments.rounds.opening import ENDED
from assessments.rounds.selection import selection_of
from kompetenz.forms.stamp import was_read
from kompetenz.jobs.batches import answer
from kompetenz.lists import id_in
from kompetenz.people.access import for_hr
from kompetenz.refusals import Faster, TooLate

from .monitoring import opened

NOBODY = "Bitte wählen Sie zuerst aus, für wen das gelten soll: einzelne Personen in der Liste oder alle gefundenen."
GONE = "Diese Teilnahmen gibt es nicht mehr. Es wurde nichts geändert."


def in_a_running_round(view, *, or_after_it=False):
    """A page of HR's about an open round; of one that has ended it says so, unless the page is for those, too."""

    @require_http_methods(["GET", "POST"])
    @for_hr
    @wraps(view)
    def page(request, pk):
        found = opened(request, pk)
        try:
            if found.is_open or or_after_it:
                return view(request, found)
        except TooLate:
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
        return _chosen(request, view, round_, selection_of(sent, request.user, round_))

    return page


def _chosen(request, view, round_, chosen):
    if not chosen.count:
        messages.error(request, GONE if request.method == "POST" else NOBODY)
        return redirect(chosen.address)
    return view(request, round_, chosen)


def of_a_selection_in_any_round(view):
    """The same; of a round that has ended about those that outlive it. If there are none, nothing is left to do."""

    @partial(in_a_running_round, or_after_it=True)
    @wraps(view)
    def page(request, round_):
        sent = request.POST if request.method == "POST" else request.GET
        chosen = selection_of(sent, request.user, round_)
        if not round_.is_open:
            outliving = replace(chosen, rows=chosen.rows.outliving_their_round())
            if chosen.count and not outliving.count:
                raise TooLate
            chosen = outliving
        return _chosen(request, view, round_, chosen)

    return page


@of_a_selection_in_any_round
def remind(request, round_, chosen):
    """Letters to whoever has something open; sent twice on one day it writes none."""
    if request.method == "POST":
        job = many.begin_for(many.REMINDING, chosen, by=request.user, title="Erinnern")
        return answer(request, job, otherwise=chosen.address)
    context = {"round": round_, "chosen": chosen, "unreached": chosen.rows.without_address().count()}
    return render(request, "assessments/monitor_remind.html", context)


WAYS = {EXTEND: many.LENGTHEN, EXACTLY: many.EXACTLY, AS_THE_ROUND: many.AS_THE_ROUND}


@of_a_selection
def extend(request, round_, chosen):
    """Other deadlines for those chosen: more time, exactly these days, or the round's again."""
    form = ExtensionForm(request.POST if request.method == "POST" else None, round_=round_)
    read = request.POST.get("read")
    if form.is_bound and form.is_valid():
        about = {"how": WAYS[form.how], "dues": form.dues, "read": read, "by": request.user}
        try:
            return answer(request, many.begin_moving(chosen, **about), otherwise=chosen.address)
        except running.OutOfOrder as problem:
            form.refuse(problem)
        except Faster as problem:
            form.add_error(None, str(problem))
            read = None
    context = {"round": round_, "chosen": chosen, "form": form, "read": read or running.stamp_of_deadlines(chosen.rows)}
    return render(request, "assessments/monitor_extend.html", context)


@of_a_selection_in_any_round
def pause(request, round_, chosen):
    if request.method == "POST":
        job = many.begin_for(many.PAUSING, chosen, by=request.user, title="Ruhen lassen")
        return answer(request, job, otherwise=chosen.address)
    return render(request, "assessments/monitor_pause.html", {"round": round_, "chosen": chosen})


@of_a_selection_in_any_round
def resume(request, round_, chosen):
    """Deadlines do not wait while a participation rests; those that have passed are named."""
    if request.method == "POST":
        job = many.begin_for(many.RESUMING, chosen, by=request.user, title="Weiterlaufen lassen")
        return answer(request, job, otherwise=chosen.address)
    behind = replace(chosen, rows=progress.those_behind(chosen.rows.resting(), timezone.localdate()))
    context = {"round": round_, "chosen": chosen, "behind": behind}
    return render(request, "assessments/monitor_resume.html", context)


@of_a_selection
def remove(request, round_, chosen):
    """What would be lost is agreed to in so many words: the box that is ticked says for how many."""
    not_agreed = False
    if request.method == "POST":
        agreed = id_in(request.POST.get("verlust", ""))
        try:
            about = {"by": request.user, "title": "Aus der Runde entfernen", "agreed": agreed}
            removal = running.removal_of(chosen.rows)
            running.refuse_loss(round_, removal, agreed)
            running.refuse_another(removal, was_read(request, removal.stamp))
            return answer(request, many.begin_for(many.REMOVING, chosen, **about), otherwise=chosen.address)
        except running.LossNotAgreed:
            not_agreed = True
    removal = running.removal_of(chosen.rows)
    context = {"round": round_, "chosen": chosen, "removal": removal, "not_agreed": not_agreed}
    return render(request, "assessments/monitor_remove.html", context)


@in_a_running_round
def admit(request, round_):
    """People who come into the round late; if any of them cannot, nobody does before HR has seen why."""
    form = LateEntryForm(request.POST if request.method == "POST" else None, round_=round_, user=request.user)
    unable = []
    if form.is_bound and not form.only_searches and form.is_valid():
        try:
            about = {"people": form.people, "by": request.user, **form.dues}
            return answer(request, late_entry.begin_admitting(round_=round_, **about))
        except late_entry.NotAble as problem:
            unable = problem.unable
            form = form.without(unable)
    known = {person.pk for person in form.people}
    context = {
        "round": round_,
        "form": form,
        "unable": unable,
        "chosen": late_entry.late_entries(round_, form.people),
        "found": late_entry.late_entries(round_, [person for person in form.found if person.pk not in known]),
    }
    part = "#people" if request.htmx.wants_part else ""
    return render(request, f"assessments/monitor_admit.html{part}", context)
