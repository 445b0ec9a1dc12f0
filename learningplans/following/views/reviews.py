"""The reviews of a plan: fixing their dates, preparing them, and recording what they bring."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.changes import target_changes
from assessments.models.accesses import How, What, read
from assessments.pdf import named
from kompetenz.documents import calendar_response, file_name, printed
from kompetenz.forms.stamp import tell_beside
from kompetenz.in_vain import saved_nowhere
from kompetenz.people.once import once
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.contents import review as contents_of_reviews
from learningplans.drafting import holding, reviews
from learningplans.drafting.views.plans import wheel_context
from learningplans.drafting.views.taking import (
    changed,
    not_taken,
    removes,
    shared_plan,
    takes,
    takes_draft,
    takes_pursued,
)
from learningplans.following import answering, changing, closing, preparing, recording
from learningplans.following.forms.reviews import PreparationForm, RecordForms, ReviewDateForm, ReviewSeriesForm
from learningplans.models import TIME_TO_ANSWER, LearningPlan, Preparation, Review, Side, side_of
from learningplans.pdf import record_pdf
from learningplans.telling import calendar, letters

from . import changes
from .answers import answer_form, answered
from .changes import agreed_of, takes_agreed

CONFIRMS = (
    "Der Lernplan endet, sobald {other} antwortet, ohne Antwort {days} Tage, nachdem {other} davon erfahren hat. "
    "Danach ändert niemand mehr etwas daran."
)
WITHDRAWN = "Das Ergebnis ist zurückgenommen. Das Gespräch ist wieder zu führen."
ANSWERS = {
    "noted": "Ich nehme das Ergebnis zur Kenntnis. Damit gelten die Stufen als vereinbart.",
    "declined": "Ich lehne das Ergebnis ab. Die Stufen gelten dann nicht als vereinbart.",
}


@require_http_methods(["GET", "POST"])
@once
@takes_pursued
def add_review(request, plan):
    return schedule(request, plan, Review(plan=plan)) if plan.is_draft else changes.add_review(request, plan)


@require_http_methods(["GET", "POST"])
@takes_pursued
def edit_review(request, plan, review):
    """A draft's review has a date; once the plan is agreed it is recorded, and corrected by the side that wrote it."""
    review = get_object_or_404(plan.reviews.with_names(), pk=review)
    if request.method == "POST" and plan.is_draft != ("planned_on" in request.POST):
        raise holding.OutOfState  # sent from the page of the other state
    if plan.is_draft:
        return schedule(request, plan, review)
    if request.method == "GET" and not recording.may_record(review, request.user):
        return to_result(review)
    return record_page(request, plan, review)


def schedule(request, plan, review):
    form = (ReviewDateForm if review.pk else ReviewSeriesForm)(request.POST or None, instance=review)
    if form.is_valid() and not form.is_outdated():
        if review.pk and not form.has_changed():
            return redirect(plan)
        days = [form.instance.planned_on] if review.pk else form.days
        reviews.schedule_reviews(review=form.instance, days=days)
        told = " und ".join([", ".join(f"{day:%d.%m.%Y}" for day in days[:-1]), f"{days[-1]:%d.%m.%Y}"]).removeprefix(
            " und "
        )
        return changed(
            request, plan, f"{'Gespräch' if len(days) == 1 else 'Gespräche'} am {told} eingetragen.", at="reviews"
        )
    return render(request, "learningplans/review_date.html", {"plan": plan, "review": review, "form": form})


def record_page(request, plan, review):
    standings = contents_of_reviews.standings(review, Preparation.objects.disclosed())
    other, nobody = letters.other_today(plan.participation, request.user), answering.nobody_answers(plan, request.user)
    confirms = f"{CONFIRMS.format(other=other, days=TIME_TO_ANSWER.days)} {nobody}".strip()
    forms = RecordForms(request.POST or None, review=review, standings=standings, confirms=confirms)
    forms.refuse_words_of(request.POST)
    read = request.POST.get("read", "") if request.method == "POST" else recording.stamp_of_record(review)
    if forms.is_valid() and forms.keep_all_of(request.POST):
        try:
            save_record(forms, read, request.user)
        except Refused as problem:
            messages.warning(request, str(problem))
            if isinstance(problem, Faster):
                read = recording.stamp_of_record(plan.reviews.get(pk=review.pk))
                forms.tell_what_is_stored(RecordForms(None, review=review, standings=standings, confirms=confirms))
        else:
            say_recorded(request, forms, nobody or f"{other} ist jetzt um Antwort gebeten.")
            return to_result(review)
    context = record_context(plan, plan.reviews.with_names().get(pk=review.pk), request.user)
    context |= {"forms": forms, "read": read, "other": other, "nobody_answers": nobody}
    return render(request, "learningplans/review.html", context)


def record_context(plan, review, user):
    """What the page of a record says beside its forms."""
    return preparing_context(review, user) | {
        "plan": plan,
        "review": review,
        "may_record": recording.may_record(review, user),
        "still_planned": review.is_final and plan.measures.planned(),
    }


def save_record(forms, read, user):
    """Hold the review, and the final one with its look back, all of it or nothing."""
    form = forms.record
    own = {} if forms.check is None else {"check": forms.check.instance, "follow_ups": forms.follow_ups.chosen}
    recording.record_review(review=form.instance, agreed=form.agreed, read=read, by=user, **own)


def say_recorded(request, forms, asked):
    form = forms.record
    messages.success(request, f"{form.instance.kind_name} festgehalten. {asked}")
    left = [
        row.standing.entry.competency.name for row in form.rows if form.agreed[row.standing.entry.goal.pk][0] is None
    ]
    if left:
        messages.info(request, f"Ohne Stufe: {', '.join(left)}.")


def preparing_context(review, user):
    """Who is ready for this review, what lies open of it, what has become of the role, and the scale of its levels."""
    participation = review.plan.participation
    released = {one.side: one for one in review.preparations.released().with_authors()}
    side = side_of(participation, user)
    mine = released.pop(side, None)
    return {
        "i_am_ready": mine,
        "they_are_ready": next(iter(released.values()), None),
        "is_by_me": mine and mine.released_by_id in (None, user.pk),
        "other": letters.other_today(participation, user),
        "preparations": contents_of_reviews.disclosed(review),
        "role_changes": target_changes.since_the_start(participation, user),
        "participation": participation,
        "scale": participation.round.catalogue.scale,
    }


def to_result(review):
    return redirect("learningplans:review_result", review.plan_id, review.pk)


@require_http_methods(["GET", "POST"])
@takes_draft
def remove_review(request, plan, review):
    review = get_object_or_404(plan.reviews, pk=review)
    if removes(request, plan):
        with holding.changing(plan):
            review.delete()
        return changed(request, plan, "Gespräch entfernt.", at="reviews")
    return render(
        request, "learningplans/remove.html", {"plan": plan, "what": f"Gespräch am {review.planned_on:%d.%m.%Y}"}
    )


@require_http_methods(["GET", "POST"])
@takes_agreed
def prepare(request, plan, review):
    """What the user's side thinks before the review: a draft of its own until it is released."""
    review = get_object_or_404(plan.reviews, pk=review)
    if review.held_on and request.method == "POST":
        raise holding.OutOfState(changes.HELD)
    if review.held_on:
        messages.info(request, "Dieses Gespräch ist schon festgehalten.")
        return to_result(review)
    side = side_of(plan.participation, request.user)
    preparation, levels = preparing.preparation_of(review, side), preparing.own_levels(review, side)
    standings = contents_of_reviews.standings(review, Preparation.objects.visible_to(request.user))
    stamp = preparing.stamp_of_preparation(preparation, levels)
    form = PreparationForm(request.POST or None, instance=preparation, standings=standings, levels=levels)
    read = request.POST.get("read", "") if request.method == "POST" else stamp
    if form.is_valid():
        answer, read = prepared(request, form, read), stamp
        if answer:
            return answer
    context = {"plan": plan, "review": review, "form": form, "read": read, "standings": standings}
    context["is_person"] = side == Side.PERSON
    return render(request, "learningplans/review_prepare.html", context | preparing_context(review, request.user))


def prepared(request, form, read):
    """Save the preparation and lead on; None, with a word about it, if something else has been saved meanwhile."""
    try:
        preparing.save_preparation(
            preparation=form.instance, levels=form.levels, read=read, release=form.releases, by=request.user
        )
    except TooLate as problem:
        return saved_nowhere(request, str(problem), page_of_preparation(form.instance.review))
    except Faster as problem:
        messages.warning(request, str(problem))
        review, side, standings = form.instance.review, form.instance.side, form.standings
        stored, levels = preparing.preparation_of(review, side), preparing.own_levels(review, side)
        tell_beside(form, PreparationForm(None, instance=stored, standings=standings, levels=levels))
        return None
    else:
        messages.success(request, "Vorbereitung freigegeben." if form.releases else "Entwurf gespeichert.")
    return to_preparation(form.instance.review)


def page_of_preparation(review):
    return reverse("learningplans:review_prepare", args=[review.plan_id, review.pk])


def to_preparation(review):
    return redirect(page_of_preparation(review))


@require_POST
@takes_agreed
def take_back(request, plan, review):
    """A released preparation becomes a draft again."""
    review = get_object_or_404(plan.reviews, pk=review)
    try:
        read = request.POST.get("read", "" if "once" in request.POST else None)
        preparing.take_back(review=review, by=request.user, read=read)
    except Refused as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "Freigabe zurückgenommen. Die Vorbereitung ist wieder ein Entwurf.")
    return to_preparation(review)


def held_review(user, pk, review):
    """A review that was held, of a plan ``user`` shares, completed or not; for everybody else there is nothing."""
    plan = shared_plan.get_or_404(user, pk)
    return get_object_or_404(plan.reviews.with_names().held(), pk=review)


@require_GET
def result(request, pk, review):
    """What a review has brought: each goal's standing, before and after, in words, and how far it is answered.

    A letter may lead to one taken back since.
    """
    plan = shared_plan.get_or_404(request.user, pk)
    found = get_object_or_404(plan.reviews.with_names(), pk=review)
    if found.held_on:
        read(request, What.REVIEW, plan.participation)
        return result_page(request, found)
    if not letters.has_told_of(request.path):
        raise Http404
    return taken_back(request, found)


def taken_back(request, review):
    messages.info(request, f"{review}: Es ist kein Ergebnis festgehalten, oder es ist zurückgenommen.")
    return redirect(review.plan)


@require_POST
@takes_agreed
def withdraw_review(request, plan, review):
    """What was recorded and sent back, because it was not so or never took place, is to be held again."""
    side = side_of(plan.participation, request.user)
    review = get_object_or_404(plan.reviews.of_side_or_to_hold(side), pk=review)
    if not review.held_on:  # taken back in another window
        return taken_back(request, review)
    try:
        recording.withdraw_record(review=review, by=request.user, read=answering.read_of(request, review))
    except (Faster, TooLate) as problem:
        messages.warning(request, str(problem))
        return to_result(review)
    messages.success(request, WITHDRAWN)
    return redirect(plan)


def result_page(request, review, form=None):
    plan = review.plan
    mine = review.written_side == side_of(plan.participation, request.user)
    waits = review.waits and plan.is_agreed
    # Before the rest is read: what is changed in between is then refused, not missed.
    read = review.stamp if waits and (not mine or review.sent_back_at) else ""
    found = contents_of_reviews.result_of(review)
    context = {"plan": plan, "review": review, "result": found, "participation": plan.participation, "read": read}
    context |= {"scale": found.wheel.scale, "other": letters.other_today(plan.participation, request.user)}
    context["role_changes"] = target_changes.since_the_start(plan.participation, request.user)
    context["takes_changes"] = waits and changing.review_of_today(plan) == review
    context["ends_plan"] = waits and review.is_final and not review.sent_back_at
    context["days_to_answer"] = TIME_TO_ANSWER.days
    context["ends_by"] = closing.ends_by(review) if context["ends_plan"] else None
    context["unreleased"] = contents_of_reviews.unreleased(review, request.user)
    context |= {"may_correct": waits and mine, "may_withdraw": waits and mine and review.sent_back_at}
    context["nobody_answers"] = answering.nobody_answers(plan, request.user) if waits and mine else ""
    if form or (waits and not mine):
        limit = {"is_last": review.is_sent_back_often_enough}
        context["form"] = form or answer_form(review, request.user, ANSWERS, **limit)
    return render(request, "learningplans/review_result.html", context | wheel_context(found.wheel))


def review_was_answered(request, plan, review):
    return answering.was_answered(plan.reviews, request, review)


@require_POST
@takes(agreed_of, was_taken=review_was_answered)
def answer_review(request, plan, review):
    """The answer of the side that has not written the record; to the final one it completes the plan."""
    rows = plan.reviews.with_names()
    review = get_object_or_404(rows.written(), pk=review)
    if review.is_final and closing.settle(plan):
        return not_taken(request, plan.pk)
    answer, send_back = (partial(way, review=review) for way in (recording.answer_review, recording.send_review_back))
    _, refusal = answered(request, rows, review, ANSWERS, answer=answer, send_back=send_back, page=result_page)
    return refusal or to_result(review)


@require_GET
def pdf(request, pk, review):
    """The review's record on paper, for those who share the plan."""
    review = held_review(request.user, pk, review)
    read(request, What.REVIEW, review.plan.participation, How.TAKEN)
    about, back = named(review.plan.participation), reverse("learningplans:review_result", args=[pk, review.pk])
    return printed(request, partial(record_pdf, review), review.kind_name, *about, review.held_on, back=back)


@require_GET
def review_calendar(request, pk, review):
    """The date of a review still to be held, for a calendar."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).agreed().with_participation(), pk=pk)
    found = get_object_or_404(plan.reviews.to_hold(), pk=review)
    read(request, What.DATES, plan.participation, How.TAKEN)
    name = file_name(found.kind_name, *named(plan.participation), found.planned_on, suffix=".ics")
    return calendar_response([calendar.review_event(found, request.user)], name)
