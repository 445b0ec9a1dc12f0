"""The reviews of a plan: fixing their dates and recording what they bring."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from kompetenz.documents import calendar_response
from learningplans import dates, planning
from learningplans.forms.reviews import ReviewDateForm, ReviewRecordForm
from learningplans.models import LearningPlan, Review

from .taking import changed, takes_draft, takes_pursued


@takes_pursued
def add_review(request, plan):
    return schedule(request, plan, Review(plan=plan))


@takes_pursued
def edit_review(request, plan, review):
    """A draft's review has a date; once the plan is agreed it is recorded, or moved while it is not held."""
    review = get_object_or_404(plan.reviews, pk=review)
    moving = request.method == "POST" and "planned_on" in request.POST
    if plan.is_draft or (moving and not review.held_on):
        return schedule(request, plan, review)
    return record(request, plan, review)


def schedule(request, plan, review):
    form = ReviewDateForm(request.POST or None, instance=review)
    if form.is_valid():
        if review.pk and not form.has_changed():
            return redirect(plan)
        planning.schedule_review(review=form.instance)
        return changed(request, plan, f"Gespräch am {review.planned_on:%d.%m.%Y} eingetragen.")
    return render(request, "learningplans/review_date.html", {"plan": plan, "review": review, "form": form})


def record(request, plan, review):
    form = ReviewRecordForm(request.POST or None, instance=review)
    if form.is_valid():
        planning.hold_review(review=form.instance)
        text = "Abschlussgespräch festgehalten. Der Lernplan ist abgeschlossen."
        return changed(request, plan, text if review.is_final else "Gespräch festgehalten.")
    context = {"plan": plan, "review": review, "form": form}
    if not review.held_on:
        context["date_form"] = ReviewDateForm(instance=review)
    return render(request, "learningplans/review.html", context)


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


@require_GET
def review_calendar(request, pk, review):
    """The date of a review still to be held, for a calendar."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).agreed(), pk=pk)
    found = get_object_or_404(plan.reviews.filter(held_on=None), pk=review)
    return calendar_response([dates.review_event(found)], "Gespraech.ics")
