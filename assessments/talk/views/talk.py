"""The Gespräch: agreeing the Ist competency by competency, and its record."""

from copy import copy
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assessments.answering.forms import stored_in_words
from assessments.answering.views.rating import OVERTAKEN
from assessments.answering.views.stock_taking import read_by
from assessments.from_above import earlier_notes
from assessments.models import Participation, Talk
from assessments.models.accesses import How, What, note
from assessments.talk import recording
from assessments.talk.comparison import Comparison, ComparisonRow
from assessments.talk.forms import ReturnForm, StatementForm, TalkAnswerForm, TalkForm
from assessments.talk.ways_on import WaysOn
from assessments.telling.absence import is_not_asked, nobody_leads, who_corrects
from kompetenz import hooks
from kompetenz import wheel as wheels
from kompetenz.forms.fields import written
from kompetenz.forms.stamp import seen_in
from kompetenz.refusals import Faster, Refused

# What somebody writes here in their own words, by the names of the fields.
WORDS = {
    "held_on": "Datum",
    "place": "Ort",
    "attendees": "weitere Beteiligte",
    "person_statement": "Stellungnahme",
    "return_reason": "Was soll an der Niederschrift geändert werden?",
}


def shared(request, pk):
    rows = Participation.objects.shared_with(request.user).ready_for_talk()
    return get_object_or_404(
        rows.select_related(
            "round", "talk__recorded_by", "talk__recorded_for", "talk__returned_by", "person", "manager"
        ),
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
def talk(request, pk):
    """The record of the talk; whatever part of it is sent is saved, one level or all of it."""
    participation = shared(request, pk)
    if request.method == "GET":
        return talk_page(request, participation)
    managed = get_object_or_404(Participation.objects.managed_by(request.user).ready_for_talk(), pk=pk)
    levels, reasons = agreed_in(request.POST, participation.round.catalogue)
    try:
        record = recording.begin_talk(participation=managed, by=request.user)
        agreed, form = save_sent(request, record, levels, reasons)
    except Refused as problem:
        return refused(request, participation, problem, agreed_in_words(participation, levels, reasons))
    if record.overtaken:
        return overtaken(request, pk, record.overtaken)
    if form and form.errors:
        return invalid(request, pk, form)
    if request.htmx:
        return one_saved(request, participation, levels, agreed)
    return redirect("assessments:talk_record" if "festhalten" in request.POST else "assessments:talk", pk)


def save_sent(request, record, levels, reasons):
    """Save levels, reasons, and date and place if they were sent; how many are agreed, and the form. Raises Refused."""
    seen = seen_by(request.POST, record.participation.round.catalogue)
    agreed = recording.agree_levels(talk=record, levels=levels, reasons=reasons, seen=seen, by=request.user)
    form = TalkForm(request.POST, instance=record) if "place" in request.POST else None
    if form and (form.is_valid() or form.cleaned_data):
        record.overtaken |= recording.note_frame(talk=record, seen=seen, by=request.user, **form.cleaned_data)
    return agreed, form


def seen_by(post, catalogue):
    """What the page has shown before; of what it says nothing about, that there was nothing."""
    names = [f"{name}-{one.id}" for one in catalogue.competencies for name in ("agreed", "reason")]
    return dict.fromkeys([*names, *recording.FRAME], "") | seen_in(post)


def overtaken(request, pk, left):
    """Of ``left`` something else was saved since the page has shown it; all the rest that was sent is saved."""
    participation = shared(request, pk)
    stored = stored_in_words(participation.round.catalogue, left)
    if request.htmx:
        response = render(request, "assessments/_unsaved.html", {"reason": OVERTAKEN}, status=409)
        return trigger_client_event(response, "answer:stored", stored)
    form = TalkForm(request.POST, instance=copy(participation.talk))  # what is stored stays as it is
    was = seen_of(form, participation.talk, request.POST, told=left)
    for name in left.keys() & form.fields:
        form.add_error(name, f"Jetzt gespeichert: {stored[name]['words']}.")
    return talk_page(request, participation, form=form, was=was, left=stored)


def seen_of(form, record, post, told=()):
    """What the frame's fields of a form that comes back send along as shown, as (name, text).

    What is stored, where that is ``told`` beside the field or it was saved just now; else what its page had shown, which may be older.
    """
    form.full_clean()
    seen, right = seen_in(post), form.cleaned_data
    known = {*told, *(name for name in right if seen.get(name) != recording.as_text(right[name]))}
    return [
        (name, recording.as_text(getattr(record, name)) if name in known else seen.get(name, ""))
        for name in TalkForm.Meta.fields
    ]


def invalid(request, pk, form):
    """Date or place were wrong; what was right, and the levels sent with them, is saved all the same."""
    if request.htmx:
        reasons = " ".join(error for errors in form.errors.values() for error in errors)
        return render(request, "assessments/_unsaved.html", {"reason": reasons}, status=400)
    participation = shared(request, pk)
    return talk_page(request, participation, form=form, was=seen_of(form, participation.talk, request.POST))


def agreed_in(post, catalogue):
    """The agreed levels and the reasons in ``post``, by competency id, that were changed on the page it came from."""
    levels, reasons = {}, {}
    offered = {str(value): value for value, _ in catalogue.choices}
    for competency in catalogue.competencies:
        answer = post.get(f"agreed-{competency.id}")
        if answer in offered and answer != post.get(f"agreed-was-{competency.id}"):
            levels[competency.id] = offered[answer]
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


def agreed_in_words(participation, levels, reasons):
    catalogue = participation.round.catalogue
    names, known = dict(catalogue.choices), catalogue.by_id
    return [(known[pk].name, names[level]) for pk, level in levels.items()] + [
        (f"{known[pk].name}, Begründung", text) for pk, text in reasons.items() if text
    ]


def refused(request, participation, problem, not_taken=()):
    """Why nothing was saved, and on the page what was sent, ``not_taken`` included."""
    if request.htmx:
        return render(request, "assessments/_unsaved.html", {"reason": str(problem)}, status=409)
    seen, sent = seen_in(request.POST), {name: written(request.POST, name) for name in WORDS}
    not_taken = [*not_taken, *((WORDS[name], text) for name, text in sent.items() if text and text != seen.get(name))]
    if not not_taken:
        messages.error(request, str(problem))
        return redirect("assessments:talk", participation.pk)
    found, statement = shared(request, participation.pk), None
    if "person_statement" in request.POST:
        statement = StatementForm(request.POST, instance=Talk.objects.of(found).first())
    refusal = {"problem": str(problem), "not_taken": not_taken}
    return talk_page(request, found, statement_form=statement, status=409, **refusal)


def talk_page(request, participation, *, left=None, read="", status=200, **entered):
    """The record, with the forms that were sent, ``entered`` by their names in the template, and why they were not taken."""
    note(request.user, What.TALK, How.READ, participation)
    comparison = Comparison(participation, request.user)
    context = {
        "participation": participation,
        "round": participation.round,
        "comparison": comparison,
        "scale": comparison.catalogue.scale,
        "talk": comparison.talk,
        "groups": comparison.groups() if comparison.talk else [],
        "wheel": wheels.on_page(comparison.wheel()) if comparison.talk else None,
        "answers": comparison.answers,
        **open_to(request.user, comparison, read),
        **forms_of(request.user, participation, comparison.talk),
        **told_before(participation, request.user),
        **{name: value for name, value in entered.items() if value is not None},
    }
    if context["editable"]:
        context |= agreed_so_far(comparison, request.POST, left or {})
    if context["statement_form"].is_bound:  # it is saved first, and answered then
        context |= {"may_state": True, "may_answer": False}
    context["sent_forms"] = [context[name] for name in ("answer_form", "return_form", "statement_form")]
    context["ways"] = ways_from(participation, request.user, waits=context["may_answer"])
    return render(request, "assessments/talk.html", context, status=status)


def ways_from(participation, user, *, waits):
    """What comes after the record; while it ``waits`` for this reader's answer that comes first."""
    pages = hooks.ask_for_all("further_pages", participation, user) if participation.talk_is_recorded else []
    return WaysOn(None, pages) if waits else WaysOn.of(pages)


def forms_of(user, participation, record):
    """The forms as they begin, that of the frame for whoever keeps the record."""
    editable = Talk.objects.editable_by(user).of(participation).exists()
    return {
        "editable": editable,
        "form": TalkForm(instance=record) if editable else None,
        "was": [(name, recording.as_text(getattr(record, name))) for name in TalkForm.Meta.fields] if editable else [],
        "answer_form": TalkAnswerForm(instance=record),
        "statement_form": StatementForm(instance=record),
        "return_form": ReturnForm(),
    }


def open_to(user, comparison, read):
    """What this reader can still do with the record: the person answers it, whoever wrote it can correct it until then.

    A page that comes back for another reason has ``read`` no newer one.
    """
    record, participation = comparison.talk, comparison.participation
    is_open, is_person = participation.round.is_open, participation.person_id == user.pk
    awaits_answer = comparison.is_recorded and not participation.talk_is_answered
    may_answer, may_reopen = is_open and is_person and awaits_answer, is_open and not is_person and awaits_answer
    return {
        "is_person": is_person,
        "nobody_leads": nobody_leads(participation) if is_person else "",
        "who_corrects": who_corrects(participation) if may_answer else "",
        "not_asked": is_not_asked(participation) if may_reopen else "",
        "may_answer": may_answer,
        "record_read": (may_answer or may_reopen) and (read or recording.stamp_of_record(record)),
        "may_reopen": may_reopen,
        "may_begin": is_open and not is_person and record is None,
        "may_state": is_open and is_person and record and not record.recorded_at,
        "shows_statement": comparison.person_statement and not may_answer,
    }


def told_before(participation, user):
    """What was written for the talk or before it, as far as ``user`` may read it."""
    return {"earlier_notes": earlier_notes(participation, user), **read_by(participation, user)}


def agreed_so_far(comparison, post, left):
    """The competencies in the order in which to talk about them, and how many are agreed.

    Of what was sent but ``left`` (stored_in_words), what was sent stands beside what is stored.
    """
    groups = [
        (title, [Entered.of(row, post, left) for row in rows]) for title, rows in in_order_of_difference(comparison)
    ]
    rows = [entered.row for _, entered_rows in groups for entered in entered_rows]
    still_open = [row for row in rows if row.agreed is None]
    return {
        "talk_groups": groups,
        "overtaken": [row for _, entered_rows in groups for row in entered_rows if row.stored],
        "alike_open": sum(row.own is not None and row.own == row.manager for row in still_open),
        "next_open": still_open[0].competency.number if still_open else None,
        "answered": len(comparison.agreed),
        "total": len(comparison.catalogue.competencies),
    }


@dataclass(frozen=True)
class Entered:
    """A row of the comparison with what its form shows: what is stored, or what was sent and not taken, and then why."""

    row: ComparisonRow
    level: str
    reason: str
    stored: str

    @classmethod
    def of(cls, row, post, left):
        level, reason = f"agreed-{row.competency.id}", f"reason-{row.competency.id}"
        return cls(
            row,
            post[level] if level in left else row.agreed_answer,
            written(post, reason) if reason in left else row.reason,
            " und ".join(left[name]["words"] for name in (level, reason) if name in left),
        )


def in_order_of_difference(comparison):
    """What to talk about first: views two or more levels apart, then one, then the rest."""
    groups = [
        ("Zuerst besprechen: zwei oder mehr Stufen Unterschied", []),
        ("Eine Stufe Unterschied", []),
        ("Übrige", []),
    ]
    for row in comparison.rows():
        groups[max(0, 2 - row.difference.distance)][1].append(row)
    return [(title, rows) for title, rows in groups if rows]


def managed_talk(request, pk):
    managed = Participation.objects.managed_by(request.user).ready_for_talk().select_related("round")
    participation = get_object_or_404(managed, pk=pk)
    return get_object_or_404(
        Talk.objects.of(participation).select_related("participation__round", "participation__person")
    )


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
        _, form = save_sent(request, record, levels | alike, reasons)
    except Refused as problem:
        return refused(request, record.participation, problem, agreed_in_words(record.participation, levels, reasons))
    if record.overtaken:
        return overtaken(request, pk, record.overtaken)
    if form and form.errors:
        return invalid(request, pk, form)
    messages.success(request, f"{len(alike)} übereinstimmende Stufen sind übernommen.")
    return redirect("assessments:talk", pk)


@require_http_methods(["GET", "POST"])
def record(request, pk):
    """Look at the result once more, then put it before the person."""
    found = managed_talk(request, pk)
    if request.method == "GET":
        note(request.user, What.TALK, How.READ, found.participation)
        return record_page(request, found)
    try:
        recording.record_talk(talk=found, by=request.user, read=request.POST.get("read", ""))
    except Faster as problem:
        messages.error(request, str(problem))
        return redirect("assessments:talk_record", pk)
    except Refused as problem:
        return refused(request, found.participation, problem)
    asked = f"{found.participation.person_name} wird um eine Antwort darauf gebeten."
    messages.success(request, f"Das Ergebnis ist festgehalten. {is_not_asked(found.participation) or asked}")
    return redirect("assessments:talk", pk)


def record_page(request, found):
    """All that the reader is about to put their name to, and its stamp."""
    read = recording.stamp_of(found)  # before the rest is loaded: what is noted in between is then refused, not missed
    comparison = Comparison(found.participation, request.user)
    rows = comparison.rows()
    missing = [row.competency for row in rows if row.agreed is None]
    context = {
        "participation": found.participation,
        "talk": found,
        "read": read,
        "not_asked": is_not_asked(found.participation),
        "comparison": comparison,
        "scale": comparison.catalogue.scale,
        "rows": rows,
        "missing": missing,
        "is_complete": found.held_on and not missing,
        "wheel": wheels.on_page(comparison.wheel()),
    }
    return render(request, "assessments/talk_record.html", context)


@require_POST
def reopen(request, pk):
    found = managed_talk(request, pk)
    try:
        recording.reopen_talk(talk=found, by=request.user, read=request.POST.get("record_read", ""))
    except Faster as problem:
        messages.warning(request, str(problem))
        return redirect("assessments:talk", pk)
    except Refused as problem:
        return refused(request, found.participation, problem)
    messages.success(request, "Das Ergebnis ist wieder offen und kann geändert werden.")
    return redirect("assessments:talk", pk)
