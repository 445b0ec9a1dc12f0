"""The Gespräch: agreeing the Ist competency by competency, and both sides' Kenntnisnahme."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assessments import agreement
from assessments.comparison import Comparison
from assessments.earlier_notes import earlier_notes
from assessments.forms import AcknowledgementForm, StatementForm, TalkForm, written
from assessments.models import Acknowledgement, Participation, Talk
from assessments.next_steps import next_steps
from kompetenz import wheel as wheels
from kompetenz.catalogue.models import Level

from .stock_taking import read_by

LEVELS = {str(level): int(level) for level in Level.values}


def shared(request, pk):
    rows = Participation.objects.shared_with(request.user).ready_for_talk()
    return get_object_or_404(rows.select_related("round", "talk", "person"), pk=pk)


@require_http_methods(["GET", "POST"])
def talk(request, pk):
    """The record of the talk; whatever part of it is sent is saved, one level or all of it."""
    participation = shared(request, pk)
    if request.method == "GET":
        return talk_page(request, participation)
    managed = get_object_or_404(Participation.objects.managed_by(request.user).ready_for_talk(), pk=pk)
    levels, reasons = agreed_in(request.POST, participation.round.catalogue)
    try:
        record = agreement.begin_talk(participation=managed)
        agreed = agreement.agree_levels(talk=record, levels=levels, reasons=reasons)
        form = TalkForm(request.POST, instance=record) if "place" in request.POST else None
        if form and (form.is_valid() or form.cleaned_data):
            agreement.note_frame(talk=record, **form.cleaned_data)
    except agreement.NotPossible as problem:
        return refused(request, participation, problem)
    if form and form.errors:
        return invalid(request, pk, form)
    if request.htmx:
        return one_saved(request, participation, levels, agreed)
    return redirect("assessments:talk_record" if "festhalten" in request.POST else "assessments:talk", pk)


def invalid(request, pk, form):
    """Date or place were wrong; what was right, and the levels sent with them, is saved all the same."""
    if request.htmx:
        reasons = " ".join(error for errors in form.errors.values() for error in errors)
        return render(request, "assessments/_unsaved.html", {"reason": reasons}, status=400)
    return talk_page(request, shared(request, pk), form=form)


def agreed_in(post, catalogue):
    """The agreed levels and the reasons in ``post``, by competency id, that were changed on the page it came from."""
    levels, reasons = {}, {}
    for competency in catalogue.competencies:
        answer = post.get(f"agreed-{competency.id}")
        if answer in LEVELS and answer != post.get(f"agreed-was-{competency.id}"):
            levels[competency.id] = LEVELS[answer]
        reason = written(post, f"reason-{competency.id}")[:300]
        if reason != written(post, f"reason-was-{competency.id}"):
            reasons[competency.id] = reason
    return levels, reasons


def one_saved(request, participation, levels, agreed):
    catalogue = participation.round.catalogue
    context = {"answered": agreed, "total": len(catalogue.competencies), "saved_at": timezone.localtime()}
    response = render(request, "assessments/_progress.html", {**context, "verb": "vereinbart"})
    for competency, level in levels.items():
        event = {"wheel": "rad", "number": catalogue.by_id[competency].number, "level": level}
        trigger_client_event(response, "wheel:level", event)
    return response


def refused(request, participation, problem):
    if request.htmx:
        return render(request, "assessments/_unsaved.html", {"reason": str(problem)}, status=409)
    messages.error(request, str(problem))
    return redirect("assessments:talk", participation.pk)


def talk_page(request, participation, *, form=None, answer=None, statement=None):
    comparison = Comparison(participation, request.user)
    record = comparison.talk
    answers = {a.side: a for a in record.acknowledgements.select_related("by")} if record else {}
    side = Acknowledgement.Side.PERSON if participation.person_id == request.user.pk else Acknowledgement.Side.MANAGER
    editable = Talk.objects.editable_by(request.user).filter(participation=participation).exists()
    context = {
        "participation": participation,
        "round": participation.round,
        "comparison": comparison,
        "talk": record,
        "editable": editable,
        "is_person": side == Acknowledgement.Side.PERSON,
        "form": form or (TalkForm(instance=record) if editable else None),
        "groups": in_order_of_difference(comparison),
        **agreed_so_far(comparison),
        "wheel_json": wheels.figure_json(comparison.wheel()) if record else "",
        "answers": list(answers.values()),
        "may_answer": comparison.is_agreed and side not in answers and participation.round.is_open,
        "answer_form": answer or AcknowledgementForm(),
        "statement_form": statement or StatementForm(instance=record),
        "steps": next_steps(participation, request.user) if comparison.is_agreed else [],
        **told_before(participation, request.user),
    }
    return render(request, "assessments/talk.html", context)


def told_before(participation, user):
    """What was written for the talk or before it, as far as ``user`` may read it."""
    return {"earlier_notes": earlier_notes(participation, user), **read_by(participation, user)}


def agreed_so_far(comparison):
    return {"answered": len(comparison.agreed), "total": len(comparison.catalogue.competencies)}


def in_order_of_difference(comparison):
    """What to talk about first: views two or more levels apart, then one, then the rest."""
    first = (
        "Zwei oder mehr Stufen Unterschied"
        if comparison.is_agreed
        else "Zuerst besprechen: zwei oder mehr Stufen Unterschied"
    )
    groups = [
        (first, []),
        ("Eine Stufe Unterschied", []),
        ("Übrige", []),
    ]
    for row in comparison.rows():
        groups[max(0, 2 - row.difference.distance)][1].append(row)
    return [(title, rows) for title, rows in groups if rows]


def managed_talk(request, pk):
    managed = Participation.objects.managed_by(request.user).ready_for_talk().select_related("round")
    participation = get_object_or_404(managed, pk=pk)
    return get_object_or_404(Talk.objects.select_related("participation__round"), participation=participation)


@require_POST
def adopt(request, pk):
    """Agree at once on every open competency that both sides see alike; what else was sent is saved too."""
    record = managed_talk(request, pk)
    comparison = Comparison(record.participation, request.user)
    levels, reasons = agreed_in(request.POST, comparison.catalogue)
    alike = {
        row.competency.id: row.own
        for row in comparison.rows()
        if row.agreed is None and row.own is not None and row.own == row.manager and row.competency.id not in levels
    }
    try:
        agreement.agree_levels(talk=record, levels=levels | alike, reasons=reasons)
    except agreement.NotPossible as problem:
        return refused(request, record.participation, problem)
    messages.success(request, f"{len(alike)} übereinstimmende Stufen sind übernommen.")
    return redirect("assessments:talk", pk)


@require_http_methods(["GET", "POST"])
def record(request, pk):
    """Look at the result once more, then put it before both sides."""
    found = managed_talk(request, pk)
    if request.method == "GET":
        comparison = Comparison(found.participation, request.user)
        context = {
            "participation": found.participation,
            "talk": found,
            "comparison": comparison,
            "rows": comparison.rows(),
            "missing": [row.competency for row in comparison.rows() if row.agreed is None],
        }
        return render(request, "assessments/talk_record.html", context)
    try:
        agreement.record_talk(talk=found)
    except agreement.NotPossible as problem:
        return refused(request, found.participation, problem)
    messages.success(request, "Das Ergebnis ist festgehalten. Beide Seiten können es jetzt zur Kenntnis nehmen.")
    return redirect("assessments:talk", pk)


@require_POST
def reopen(request, pk):
    found = managed_talk(request, pk)
    try:
        agreement.reopen_talk(talk=found)
    except agreement.NotPossible as problem:
        return refused(request, found.participation, problem)
    messages.success(request, "Das Ergebnis ist wieder offen und kann geändert werden.")
    return redirect("assessments:talk", pk)


@require_POST
def statement(request, pk):
    """The person's own words beside the agreed profile."""
    participation = get_object_or_404(
        Participation.objects.filter(person=request.user).select_related("round", "talk"), pk=pk, talk__isnull=False
    )
    form = StatementForm(request.POST, instance=participation.talk)
    if not form.is_valid():
        return talk_page(request, participation, statement=form)
    try:
        agreement.state_own_view(talk=participation.talk, text=form.cleaned_data["person_statement"])
    except agreement.NotPossible as problem:
        return refused(request, participation, problem)
    messages.success(request, "Ihre Stellungnahme ist gespeichert.")
    return redirect("assessments:talk", pk)


@require_POST
def acknowledge(request, pk):
    """Kenntnis genommen, or declined with a statement; the person's own statement comes along."""
    participation = shared(request, pk)
    record = get_object_or_404(Talk.objects.select_related("participation__round"), participation=participation)
    form, own = AcknowledgementForm(request.POST), None
    if participation.person_id == request.user.pk and "person_statement" in request.POST:
        own = StatementForm(request.POST, instance=record)
    if not all([form.is_valid(), own is None or own.is_valid()]):
        return talk_page(request, participation, answer=form, statement=own)
    own_view = own and own.cleaned_data["person_statement"]
    try:
        agreement.acknowledge(talk=record, by=request.user, **form.cleaned_data, own_view=own_view)
    except agreement.NotPossible as problem:
        return refused(request, participation, problem)
    messages.success(request, "Ihre Antwort ist festgehalten.")
    return redirect("assessments:talk", pk)
