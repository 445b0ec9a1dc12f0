"""The reviews of a plan: fixing their dates, preparing them, and recording what they bring."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.documents import PdfUnavailable, calendar_response, file_name, pdf_response
from kompetenz.wheel import svg
from learningplans import changing_plans, closing, dates, planning, reviewing
from learningplans.forms.changes import ReviewMoveForm
from learningplans.forms.reviews import PreparationForm, RecordForms, ReviewDateForm
from learningplans.models import LearningPlan, Measure, Preparation, Review
from learningplans.on_paper import record_pdf

from .changes import takes_agreed
from .plans import wheel_context
from .taking import changed, takes_draft, takes_pursued

SUPERSEDED = "Inzwischen ist ein späteres Gespräch festgehalten. Dieses ändert sich nicht mehr."
CHANGED = (
    "Nicht gespeichert: Hier wurde inzwischen etwas anderes gespeichert. Was Sie eingegeben haben, steht noch da. "
    "Speichern Sie noch einmal, dann gilt Ihre Fassung."
)
RELEASED = "Nicht gespeichert: Die Vorbereitung ist freigegeben und ändert sich nicht mehr."


@takes_pursued
def add_review(request, plan):
    return schedule(request, plan, Review(plan=plan))


@takes_pursued
def edit_review(request, plan, review):
    """A draft's review has a date; once the plan is agreed it is recorded, or moved while it is not held."""
    review = get_object_or_404(plan.reviews, pk=review)
    moving = request.method == "POST" and "planned_on" in request.POST
    if plan.is_draft:
        return schedule(request, plan, review)
    if moving and not review.held_on:
        return move(request, plan, review)
    if not reviewing.is_open(review):
        messages.warning(request, SUPERSEDED)
        return to_result(review)
    return record(request, plan, review)


def schedule(request, plan, review):
    form = ReviewDateForm(request.POST or None, instance=review)
    if form.is_valid():
        if review.pk and not form.has_changed():
            return redirect(plan)
        planning.schedule_review(review=form.instance)
        return changed(request, plan, f"Gespräch am {review.planned_on:%d.%m.%Y} eingetragen.")
    return render(request, "learningplans/review_date.html", {"plan": plan, "review": review, "form": form})


def move(request, plan, review):
    """Another day for a review of an agreed plan, with the reason."""
    before, form = review.planned_on, ReviewMoveForm(request.POST, instance=review)
    if form.is_valid():
        changing_plans.move_review(
            review=form.instance, before=before, by=request.user, reason=form.cleaned_data["reason"]
        )
        return changed(request, plan, f"Gespräch am {review.planned_on:%d.%m.%Y} eingetragen.")
    return render(request, "learningplans/review_date.html", {"plan": plan, "review": review, "form": form})


def record(request, plan, review):
    standings = reviewing.standings(review, Preparation.objects.disclosed())
    forms = RecordForms(request.POST or None, review=review, standings=standings)
    read = request.POST.get("read", "") if request.method == "POST" else reviewing.stamp_of_record(review)
    if forms.is_valid():
        try:
            save_record(forms, read)
        except reviewing.Superseded:
            messages.warning(request, SUPERSEDED)
            return to_result(review)
        except reviewing.Changed:
            messages.warning(request, CHANGED)
            read = reviewing.stamp_of_record(plan.reviews.get(pk=review.pk))
        else:
            say_recorded(request, forms)
            return to_result(review)
    date_form = None if review.held_on else ReviewMoveForm(instance=review)
    context = {"plan": plan, "review": review, "forms": forms, "read": read, "date_form": date_form}
    if review.is_final:
        context["still_planned"] = plan.measures.filter(state=Measure.State.PLANNED)
    return render(request, "learningplans/review.html", context | preparing_context(review, request.user))


def save_record(forms, read):
    """Hold the review, and the final one with its look back, all of it or nothing."""
    form, hold = forms.record, planning.hold_review
    if forms.check is not None:
        hold = partial(closing.record_final, check=forms.check.instance, follow_ups=forms.follow_ups.chosen)
    reviewing.record(review=form.instance, agreed=form.agreed, read=read, hold=hold)


def say_recorded(request, forms):
    form = forms.record
    is_final = form.instance.is_final
    text = "Abschlussgespräch festgehalten. Der Lernplan ist abgeschlossen." if is_final else "Gespräch festgehalten."
    messages.success(request, text)
    left = [
        row.standing.entry.competency.name for row in form.rows if form.agreed[row.standing.entry.goal.pk][0] is None
    ]
    if left:
        messages.info(request, f"Ohne vereinbarte Stufe: {', '.join(left)}.")


def preparing_context(review, user):
    """Who is ready for this review, and what lies open of it."""
    ready = Review.objects.with_preparations().get(pk=review.pk)
    is_person = reviewing.side_of(review.plan, user) == Preparation.Side.PERSON
    sides = (ready.person_is_ready, ready.manager_is_ready)
    mine, theirs = sides if is_person else sides[::-1]
    return {"i_am_ready": mine, "they_are_ready": theirs, "preparations": reviewing.disclosed(review)}


def to_result(review):
    return redirect("learningplans:review_result", review.plan_id, review.pk)


@takes_draft
def remove_review(request, plan, review):
    review = get_object_or_404(plan.reviews, pk=review)
    if request.method == "POST":
        with planning.changing(plan):
            review.delete()
        return changed(request, plan, "Gespräch entfernt.")
    return render(
        request, "learningplans/remove.html", {"plan": plan, "what": f"Gespräch am {review.planned_on:%d.%m.%Y}"}
    )


@require_http_methods(["GET", "POST"])
@takes_agreed
def prepare(request, plan, review):
    """What the user's side thinks before the review: a draft of its own until it is released."""
    review = get_object_or_404(plan.reviews, pk=review)
    if review.held_on:
        messages.info(request, "Dieses Gespräch ist schon festgehalten.")
        return to_result(review)
    side = reviewing.side_of(plan, request.user)
    preparation, levels = reviewing.preparation_of(review, side), reviewing.own_levels(review, side)
    standings = reviewing.standings(review, Preparation.objects.visible_to(request.user))
    stamp = reviewing.stamp_of_preparation(preparation, levels)
    form = PreparationForm(request.POST or None, instance=preparation, standings=standings, levels=levels)
    read = request.POST.get("read", "") if request.method == "POST" else stamp
    if form.is_valid():
        answer, read = prepared(request, form, read), stamp
        if answer:
            return answer
    context = {"plan": plan, "review": review, "form": form, "read": read, "standings": standings}
    context["is_person"] = side == Preparation.Side.PERSON
    return render(request, "learningplans/review_prepare.html", context | preparing_context(review, request.user))


def prepared(request, form, read):
    """Save the preparation and lead on; None, with a word about it, if something else has been saved meanwhile."""
    try:
        reviewing.save_preparation(preparation=form.instance, levels=form.levels, read=read, release=form.releases)
    except reviewing.AlreadyReleased:
        messages.warning(request, RELEASED)
    except reviewing.Changed:
        messages.warning(request, CHANGED)
        return None
    else:
        messages.success(request, "Vorbereitung freigegeben." if form.releases else "Entwurf gespeichert.")
    return to_preparation(form.instance.review)


def to_preparation(review):
    return redirect("learningplans:review_prepare", review.plan_id, review.pk)


@require_POST
@takes_agreed
def take_back(request, plan, review):
    """A released preparation becomes a draft again."""
    review = get_object_or_404(plan.reviews, pk=review)
    try:
        reviewing.take_back(review=review, side=reviewing.side_of(plan, request.user))
    except reviewing.NotReturnable:
        messages.warning(request, "Nicht zurückgenommen: Die andere Seite hat inzwischen auch freigegeben.")
    else:
        messages.success(request, "Freigabe zurückgenommen. Die Vorbereitung ist wieder ein Entwurf.")
    return to_preparation(review)


def held_review(user, pk, review):
    """A review that was held, of a plan ``user`` shares, completed or not; for everybody else there is nothing."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(user).with_participation(), pk=pk)
    return get_object_or_404(plan.reviews.held(), pk=review)


@require_GET
def result(request, pk, review):
    """What a review has brought: each goal's standing, before and after, in words."""
    review = held_review(request.user, pk, review)
    found = reviewing.result_of(review)
    context = {"plan": review.plan, "review": review, "result": found, "participation": review.plan.participation}
    context["correctable"] = review.plan.is_agreed and reviewing.is_open(review)
    return render(request, "learningplans/review_result.html", context | wheel_context(found.wheel))


@require_GET
def wheel(request, pk, review):
    review = held_review(request.user, pk, review)
    return HttpResponse(svg(reviewing.wheel_of(review)), content_type="image/svg+xml")


@require_GET
def pdf(request, pk, review):
    """The review's record on paper, for those who share the plan."""
    review = held_review(request.user, pk, review)
    name = file_name(review.kind_name, review.plan.participation.person.last_name, f"{review.held_on}")
    try:
        return pdf_response(record_pdf(review), name)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return to_result(review)


@require_GET
def review_calendar(request, pk, review):
    """The date of a review still to be held, for a calendar."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).agreed(), pk=pk)
    found = get_object_or_404(plan.reviews.filter(held_on=None), pk=review)
    return calendar_response([dates.review_event(found)], "Gespraech.ics")
