"""HR prepares a round step by step, sees what its participants will read, and opens it."""

from dataclasses import dataclass, replace
from functools import partial, wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Round
from assessments.rounds import before_opening, opening, preparing, sample_texts, schedule
from assessments.rounds.forms.preparing import (
    DraftDeadlinesForm,
    GroupForm,
    ManagerForm,
    PurposeForm,
    RoleForm,
    StartForm,
    UnitChoices,
    VisibilityForm,
)
from assessments.rounds.recording import recorded
from kompetenz import hooks
from kompetenz.forms.stamp import stamp, was_read
from kompetenz.jobs.batches import answer
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person
from kompetenz.people.once import once
from kompetenz.refusals import Refused
from kompetenz.text import quoted

PEOPLE = Person.objects.select_related("unit", "manager")
READ = {"rolle": PEOPLE, "fuehrungskraft": PEOPLE}  # of those on a page
LATER = "spaeter"  # what the button sends that leaves the preparation

# The steps in their order: the address's word, the page's name, what the step is called.
STEPS = {
    "zweck": ("assessments:round_purpose", "Zweck und Texte"),
    "beteiligte": ("assessments:round_people", "Wer nimmt teil?"),
    "fristen": ("assessments:round_dates", "Fristen"),
    "sichtbarkeit": ("assessments:round_visibility", "Wer sieht was?"),
    "vorschau": ("assessments:round_preview", "Vorschau und Eröffnen"),
}


@dataclass(frozen=True)
class PreparingStep:
    """One step as the pages of the preparation show it, numbered from 1."""

    number: int
    word: str
    title: str
    url: str
    is_done: bool = False


def steps_of(draft):
    return {
        word: PreparingStep(number, word, title, reverse(name, args=[draft.pk]))
        for number, (word, (name, title)) in enumerate(STEPS.items(), start=1)
    }


def frame(draft, here, participants=1):
    """What every step's page wants; where nobody has counted the ``participants``, there are taken to be some."""
    steps = steps_of(draft)
    around = {step.number: step for step in steps.values()}
    at, lacking = steps[here].number, {lack.step for lack in preparing.lacks(draft, participants)}
    shown = [replace(step, is_done=step.number < at and step.word not in lacking) for step in steps.values()]
    return {"round": draft, "steps": shown, "step": steps[here], "before": around.get(at - 1)}


def of_a_draft(view):
    """A step's page; what is sent is saved before somebody else can open the round, and what it changes is on record."""

    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def page(request, pk):
        drafts = Round.objects.drafts_of(request.user)
        if request.method == "GET":
            return view(request, get_object_or_404(drafts, pk=pk))
        with transaction.atomic():
            draft = get_object_or_404(drafts.select_for_update(), pk=pk)
            with recorded(draft, by=request.user):
                return view(request, draft)

    return page


def sent(request):
    return request.POST if request.method == "POST" else None


def go_on(request, form, here):
    """Save a step and lead to the one asked for, or the next; None if there is nothing to save or it is not valid."""
    if not (form.is_bound and form.is_valid()) or form.is_outdated():
        return None
    draft, target, words = form.save(), request.POST.get("weiter"), list(STEPS)
    if target == LATER:
        messages.success(request, f"{quoted(draft)} ist gespeichert. Die Beteiligten sehen die Runde noch nicht.")
        return redirect("assessments:rounds")
    word = target if target in STEPS else words[words.index(here) + 1]
    return redirect(STEPS[word][0], draft.pk)


# Beginning ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create(request):
    """A new round begins as a draft: empty, or as a copy of an earlier one."""
    form = StartForm(sent(request), user=request.user)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        draft = (
            preparing.copy_round(by=request.user, **chosen)
            if chosen["source"]
            else preparing.start_round(by=request.user)
        )
        return redirect("assessments:round_purpose", draft.pk)
    return render(request, "assessments/round_start.html", {"form": form})


# Steps 1 to 4 -------------------------------------------------------------------------------------


@of_a_draft
def purpose(request, draft):
    """What the round is for. A sample text that is asked for comes into the form, and nothing is saved yet."""
    asked, typed = request.POST.get("muster"), sent(request)
    if asked:
        typed = with_asked_sample(request.POST, asked)
    form = PurposeForm(typed, instance=draft, pauses=bool(asked) or request.POST.get("weiter") == LATER)
    page = {**frame(draft, "zweck"), "form": form, "samples": sample_texts.SAMPLES}
    answer = None if asked else go_on(request, form, "zweck")
    return answer or render(request, "assessments/round_purpose.html", page)


def with_asked_sample(sent_fields, asked):
    """The fields as they were sent, with the sample text that a button names: ``purpose-0`` is the first for the purpose."""
    field, _, number = asked.partition("-")
    typed = sent_fields.copy()
    samples = sample_texts.SAMPLES.get(field, ())
    if (place := id_in(number)) is not None and place < len(samples):
        typed[field] = sample_texts.with_sample(typed.get(field, ""), samples[place].text)
    return typed


@of_a_draft
def people(request, draft):
    """Whom the round addresses. HTMX saves each choice at once, for the lists beside it are of what is saved."""
    if "ergaenzen" in request.POST:
        return mend(request, draft)
    form = GroupForm(sent(request), instance=draft)
    if "suchen" in request.POST:
        return units_found(request, draft, form)
    if not request.htmx.wants_part:
        answer = go_on(request, form, "beteiligte")
        return answer or render(request, "assessments/round_people.html", group_page(request, draft, form))
    if form.is_bound and form.is_valid() and not form.is_outdated():
        form = GroupForm(instance=form.save())
    return render(request, "assessments/round_people.html#group", group_page(request, draft, form))


def units_found(request, draft, form):
    """The units that were searched for among those ticked; nothing is saved by searching."""
    if request.htmx.wants_part:
        units = form.fields["units"].choices
        context = {"choices": form["units"].as_widget(UnitChoices(choices=units)), "units": units}
        return render(request, "assessments/_units_found.html", context)
    return render(request, "assessments/round_people.html", group_page(request, draft, form))


def mend(request, draft):
    """Give a role or a manager to people who cannot take part without; the page stays where it is."""
    found = opening.addressed(draft)
    if request.POST["ergaenzen"] == "fuehrungskraft":
        form = ManagerForm(request.POST, people=found.without_manager, by=request.user)
    else:
        form = RoleForm(request.POST, people=found.without_role, by=request.user)
    done = form.save() if form.is_valid() else ""
    if done and not request.htmx.wants_part:
        messages.success(request, done)
        return redirect(request.get_full_path())
    template = "assessments/round_people.html#group" if request.htmx.wants_part else "assessments/round_people.html"
    page = group_page(request, draft, GroupForm(instance=draft), done=done, refused=None if done else form)
    return render(request, template, page)


def group_page(request, draft, form, *, done="", refused=None):
    """The numbers of a draft and one of its lists; ``refused`` is a form to mend that was not taken."""
    found = opening.addressed(draft)
    taking_part, without_manager, without_role = numbers = found.numbers()
    lists = {
        "rolle": (found.without_role, without_role),
        "fuehrungskraft": (found.without_manager, without_manager),
        "dabei": (found.holdings, taking_part),
    }
    first = next((word for word, (_, count) in lists.items() if count), "dabei")
    shown = request.GET.get("liste") if request.GET.get("liste") in lists else first
    rows, count = lists[shown]
    form_class = {"rolle": RoleForm, "fuehrungskraft": ManagerForm}.get(shown)
    fresh = form_class and partial(form_class, by=request.user)
    return {
        **frame(draft, "beteiligte"),
        "form": form,
        "numbers": numbers,
        "shown": shown,
        "page": page_of(request, rows, count=count, read=READ.get(shown)),
        "query": urlencode({"liste": shown}),
        "mend": refused or (fresh and fresh(people=rows)),
        "ticked": set(refused.data.getlist("chosen")) if refused else set(),
        "done": done,
    }


@of_a_draft
def dates(request, draft):
    """The deadlines, with what speaks against them; a suggestion is filled in and saved with the step."""
    today = timezone.localdate()
    suggestion, most = before_opening.suggestion_for(opening.addressed(draft).holdings, today)
    if "vorschlag" in request.POST:
        form = DraftDeadlinesForm(instance=draft, initial=suggestion)
        form.stored = request.POST.get("read", form.stored)  # what the page has shown before
    else:
        form = DraftDeadlinesForm(sent(request), instance=draft)
    if not request.htmx.wants_part and (answer := go_on(request, form, "fristen")):
        return answer
    days = {**preparing.deadlines_of(draft), **days_in(form)}
    page = {**frame(draft, "fristen"), "form": form, "suggestion": suggestion, "doubts": doubts(days, today)}
    page["most"] = most if most >= schedule.MANY_REPORTS else 0
    template = "assessments/round_dates.html#doubts" if request.htmx.wants_part else "assessments/round_dates.html"
    return render(request, template, page)


def days_in(form):
    """The days a form holds, as far as they are days: those entered, or those it begins with."""
    if form.is_bound:
        form.is_valid()
        return {name: form.cleaned_data.get(name) for name in form.fields}
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def doubts(days, today):
    return [(preparing.DEADLINES[doubt.field], doubt) for doubt in schedule.doubts(days, today, settings.LAND)]


@of_a_draft
def visibility(request, draft):
    """The rules, and beside them what they mean for everybody who could look; HTMX asks for that before it is saved."""
    form = VisibilityForm(sent(request), instance=draft)
    if not request.htmx.wants_part and (answer := go_on(request, form, "sichtbarkeit")):
        return answer
    form.is_valid()  # what is valid of it stands in the draft now, saved or not
    about_peers = [
        row for row in doubts(preparing.deadlines_of(draft), timezone.localdate()) if row[1].field == "peer_due"
    ]
    page = {**frame(draft, "sichtbarkeit"), "form": form, "doubts": about_peers}
    part = "#readers" if request.htmx.wants_part else ""
    return render(request, f"assessments/round_visibility.html{part}", page)


# Step 5 and opening -------------------------------------------------------------------------------


@require_GET
def preview(request, pk):
    """All that a participant will read, how many they are, and what is still lacking."""
    draft = get_object_or_404(Round.objects.drafts_of(request.user), pk=pk)
    today = timezone.localdate()
    addressed = opening.addressed(draft)
    numbers = addressed.numbers()
    lacks = [(steps_of(draft)[lack.step], lack.text) for lack in preparing.lacks(draft, numbers[0])]
    page = {"numbers": numbers, "lacks": lacks, "doubts": doubts(preparing.deadlines_of(draft), today)}
    page["foresight"] = before_opening.foresight(addressed.holdings)
    page["papers"] = hooks.ask_for_all("round_papers", draft, request.user)
    page["left_open"] = sample_texts.left_open(draft.purpose, draft.procedure)
    return render(request, "assessments/round_preview.html", {**frame(draft, "vorschau", numbers[0]), **page})


@require_http_methods(["GET", "POST"])
def open_(request, pk):
    """Opening freezes and cannot be undone; the page before says so. A second click finds the round open."""
    found = get_object_or_404(Round.objects.run_by(request.user).not_closed(), pk=pk)
    if not found.is_draft:
        return redirect(found)
    addressed = opening.addressed(found)
    numbers = addressed.numbers()
    as_prepared = preparing.stamp_of(found)
    read = stamp(as_prepared, numbers)
    if problem := why_not_opened(request, preparing.lacks(found, numbers[0]), read):
        messages.error(request, problem)
        return redirect("assessments:round_preview", found.pk)
    if request.method == "GET":
        page = {"round": found, "numbers": numbers, "foresight": before_opening.foresight(addressed.holdings)}
        return render(request, "assessments/round_open.html", page | {"read": read})
    try:
        job = opening.begin_opening(round_=found, by=request.user, read=as_prepared)
    except Refused as problem:  # the last of them has lost their role just now, or somebody has saved something
        messages.error(request, str(problem))
        return redirect("assessments:round_preview", found.pk)
    return answer(request, job) if job else redirect(found)


def why_not_opened(request, lacks, read):
    """What is missing, or that the page has shown another preparation, in words; "" if it can be opened."""
    if lacks:
        return " ".join(["Diese Runde kann noch nicht beginnen.", *[lack.text for lack in lacks]])
    return "" if request.method == "GET" or was_read(request, read) else preparing.ANOTHER.format("eröffnet")


@require_http_methods(["GET", "POST"])
@transaction.atomic
def delete(request, pk):
    """Only a round nobody has seen yet can be thrown away; locked, for somebody may be opening it."""
    draft = get_object_or_404(Round.objects.drafts_of(request.user).select_for_update(), pk=pk)
    read = preparing.stamp_of(draft)
    if request.method == "GET":
        return render(request, "assessments/round_delete.html", {"round": draft, "read": read})
    if not was_read(request, read):
        messages.warning(request, preparing.ANOTHER.format("gelöscht"))
        return redirect("assessments:round_preview", draft.pk)
    draft.delete()
    messages.success(request, "Die vorbereitete Runde ist gelöscht.")
    return redirect("assessments:rounds")
