"""The Lernplan on paper, one at a time or for a whole round; beside it a summary for the person, and for HR what is needed."""

from functools import partial

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from assessments.models.accesses import How, What, read
from assessments.pdf import about, both, head, named
from kompetenz.amounts import euros
from kompetenz.documents import lines_in, printed, render_pdf, side_by_side, takes_room
from kompetenz.wheel import Style, svg
from learningplans.contents.plan import Totals, contents_for
from learningplans.contents.review import result_of
from learningplans.path.learning_path import learning_path

from .models import LearningPlan, Measure
from .timeline import svg_parts

LINES_BESIDE_THE_WHEEL = 10  # of facts and goals, for which the first page has room above a wheel

# The papers; all raise PdfUnavailable -------------------------------------------------------------------


def plan_pdf(plan, user):
    """The plan as a PDF with what ``user``, who may open it, may see of it."""
    contents = contents_for(plan, user)
    path = learning_path(plan, contents)
    facts = side_by_side([*about(plan.participation), *about_plan(plan, contents)])
    context = {
        "title": "Lernplan",
        "facts": facts,
        "wheel_first": lines_in(facts) + len(contents.goals) <= LINES_BESIDE_THE_WHEEL,
        "long": {one.goal.pk for one in contents.goals if takes_room("".join(text for _, text in one.goal.answers))},
        "long_measures": {
            one.measure.pk for one in contents.measures if takes_room(told_of(one.measure), in_a_line=45)
        },
        "signers": both(plan.participation, plan.signs_for_the_manager),
        "agreed": ""
        if plan.is_draft
        else "Wir haben diesen Lernplan gemeinsam vereinbart. Beide erhalten eine Ausfertigung.",
        "contents": contents,
        "drawing": svg(contents.wheel) if contents.wheel else "",
        "path": path,
        "svg_parts": svg_parts(path.timeline) if contents.measures else [],
    }
    return render_pdf("documents/learning_plan.html", of_plan(plan) | context)


def told_of(measure):
    """What stands in its row."""
    texts = measure.title, measure.provider, measure.offer_link, measure.helps, measure.aids, measure.practice
    return "\n".join(filter(None, texts))


def about_plan(plan, contents):
    """What its facts say of how it came about and of what it may take."""
    yield "Stand des Plans", state_of(plan)
    if not plan.is_draft:
        yield "Vereinbart", agreed_in_words(plan, contents)
    if contents.is_on_what_one_side_wrote:
        yield "Ist aus dem Gespräch", plan.participation.talk.levels_are
    if contents.words:
        yield "Zeit zum Lernen", hours_in_words(plan.hours_per_month) or "noch offen"
        yield "Budget", euros_in_words(plan.budget) or "noch offen"


def state_of(plan):
    on = f" am {date_format(plan.completed_on, 'd.m.Y')}" if plan.completed_on else ""
    return f"{plan.get_state_display()}{on}"


def agreed_in_words(plan, contents):
    """Who has agreed and when, and what has become of it since."""
    told = ", ".join(f"von {name} am {date_format(day, 'd.m.Y')}" for name, day in plan.agreements)
    if contents.changed_on:
        told += f"; zuletzt geändert am {date_format(contents.changed_on, 'd.m.Y')}"
    if contents.waiting:
        many = len(contents.waiting)
        told += f"; noch nicht gültig, weil noch nicht beantwortet: {many} Änderung{'en' if many > 1 else ''}"
    return told


def hours_in_words(hours):
    return "" if hours is None else f"{floatformat(hours, '-1g')} Stunden je Monat"


def euros_in_words(amount):
    return "" if amount is None else euros(amount)


def record_pdf(review):
    """The record of a review that was held, as both sides may read it."""
    result, participation = result_of(review), review.plan.participation
    context = {
        "title": "Protokoll des Abschlussgesprächs" if review.is_final else "Protokoll des Review-Gesprächs",
        "facts": side_by_side([*about(participation), *about_review(review)]),
        "signers": both(participation, review.signs_for_the_manager),
        "agreed": "Beide erhalten eine Ausfertigung.",
        "review": review,
        "result": result,
        "scale": result.wheel.scale,
        "drawing": svg(result.wheel),
    }
    return render_pdf("documents/review_record.html", head(participation) | context)


def about_review(review):
    """When it was held, who has written its record and what was answered."""
    yield "Geführt am", date_format(review.held_on)
    if not review.written_at:
        return
    yield "Festgehalten", f"von {review.writer} am {date_format(timezone.localdate(review.written_at))}"
    yield "Antwort", review.answer_in_words
    yield "Stellungnahme", review.statement
    if review.sent_back_why:
        earlier = "" if review.sent_back_at else f"Eine frühere Fassung hat {review.sender_back} zurückgegeben. "
        yield "Zurückgegeben", f"{earlier}Was fehlt oder nicht stimmt: {review.sent_back_why}"


def summary_pdf(plan, user):
    """What the person takes along, in plain words; ``user`` shares the plan."""
    contents = contents_for(plan, user)
    context = {
        "title": "Zusammenfassung",
        "contents": contents,
        "measures": [entry.measure for entry in contents.measures if entry.measure.state != Measure.State.DROPPED],
        "above": above_target(contents.wheel),
        "drawing": svg(contents.wheel),
        "responsible": plan.participation.round.responsible,
        "contact": settings.CONTACT_EMAIL,
    }
    return render_pdf("documents/plan_summary.html", of_plan(plan) | context)


def above_target(wheel):
    """The names of the competencies whose agreed Ist is above their Soll, in the wheel's order."""
    actual, target = wheel.in_style(Style.FILL).levels, wheel.in_style(Style.OUTLINE).levels
    return [
        sector.name
        for sector, ist, soll in zip(wheel.sectors, actual, target, strict=True)
        if ist is not None and soll is not None and ist > soll
    ]


def needs_pdf(plan):
    """The measures alone, without goals and levels, as HR plans and pays for them."""
    measures = plan.measures.kept().select_related("format")
    participation = plan.participation
    frame = ", ".join(filter(None, [hours_in_words(plan.hours_per_month), euros_in_words(plan.budget)]))
    facts = [
        *about(participation),
        ("Lernplan", "Entwurf, noch nicht vereinbart" if plan.is_draft else state_of(plan)),
        ("Rahmen", frame),
    ]
    context = {
        "title": "Qualifizierungsbedarf",
        "facts": side_by_side(facts),
        "measures": measures,
        "long_measures": {one.pk for one in measures if takes_room(f"{one.title} {one.provider}", in_a_line=30)},
        "totals": Totals.of(measures),
        "signers": [(participation.manager_name, "Führungskraft"), ("", "Genehmigt für die Personalentwicklung")],
    }
    return render_pdf("documents/training_needs.html", of_plan(plan) | context)


def of_plan(plan):
    """What stands on every paper of a plan."""
    return head(plan.participation) | {"plan": plan}


# Handed out ------------------------------------------------------------------------------------------------


@require_GET
def plan(request, pk):
    """The plan with what this reader may see of it."""
    found = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return paper(request, found, "Lernplan", partial(plan_pdf, found, request.user))


@require_GET
def summary(request, pk):
    """For the person; only for the two who share the plan."""
    found = get_object_or_404(LearningPlan.objects.shared_with(request.user).with_participation(), pk=pk)
    return paper(request, found, "Zusammenfassung", partial(summary_pdf, found, request.user))


@require_GET
def needs(request, pk):
    """The measures alone, the same for everybody who may open the plan; HR gets it once agreed."""
    found = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return paper(request, found, "Qualifizierungsbedarf", partial(needs_pdf, found))


def paper(request, plan, title, make):
    read(request, What.PLAN, plan.participation, How.TAKEN)
    return printed(request, make, title, *named(plan.participation), back=plan)
