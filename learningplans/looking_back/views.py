"""Meine Entwicklung: what was agreed in every talk and review, side by side, for the person and who manages them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Participation
from assessments.models.accesses import What, note_history, note_of_team
from kompetenz.documents import file_name, spreadsheet_response
from kompetenz.jobs.batches import handed_out
from kompetenz.lists import id_in
from kompetenz.refusals import Refused
from kompetenz.wheel import on_page, rows, small_svg
from learningplans.models import Review

from .growth import growth_of, recorded, steps_of
from .team import SOON, team_of
from .workbook import PDF, growth_workbook


@require_GET
def own(request):
    return page(request, request.user)


@require_GET
def about(request, person):
    """Only for who shares a participation of this person now, or reads one with their consent; nobody else, HR included, sees a history."""
    theirs = Participation.objects.read_by(request.user).of_person(id_in(str(person)))
    shared = theirs.select_related("person").first()
    if shared is None:
        raise Http404
    note_history(request.user, shared)
    return page(request, shared.person)


def page(request, person):
    context = {
        "person": person,
        "is_own": person == request.user,
        "growth": growth_of(person, request.user),
        "today": timezone.localdate(),
    }
    return render(request, "learningplans/growth.html", context)


@require_GET
def talk_wheel(request, participation):
    """The wheel of one talk as a small picture."""
    found = get_object_or_404(recorded(request.user).select_related("person"), pk=participation)
    note_history(request.user, found)
    return picture(request.user, found.person_id, lambda step: not step.review and step.participation.pk == found.pk)


@require_GET
def review_wheel(request, review):
    """The wheel of one held review as a small picture."""
    of_review = Review.objects.filter(pk=review).values("plan__participation")
    found = get_object_or_404(recorded(request.user).select_related("person"), pk__in=of_review)
    note_history(request.user, found)
    return picture(request.user, found.person_id, lambda step: step.review and step.review.pk == review)


def picture(reader, person, is_meant):
    """The step that is meant, out of all that ``reader`` shares of this person's, as a compact wheel."""
    for step in filter(is_meant, steps_of(recorded(reader).of_person(person))):
        return HttpResponse(small_svg(step.wheel()), content_type="image/svg+xml")
    raise Http404


@require_GET
def workbook(request):
    today = timezone.localdate()
    content = growth_workbook(request.user, growth_of(request.user, request.user), today)
    return spreadsheet_response(content, file_name("Entwicklung", request.user.listed_as, today, suffix=".xlsx"))


@require_http_methods(["GET", "POST"])
def pdf(request):
    """Of a few talks at once, of more as a job; where no PDF can be made, a message on the page."""
    talks = list(recorded(request.user).of_person(request.user).values_list("pk", flat=True))
    about = {"subject": request.user.pk, "title": "Meine Entwicklung als PDF", "items": talks, "for_hr": False}
    try:
        return handed_out(request, PDF, **about)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("learningplans:growth")


@require_GET
def team_needs(request):
    """For whoever leads people: what these need, as a spread and by name."""
    if not request.user.leads_people:
        raise Http404
    team = team_of(request.user)
    note_of_team(request.user, What.NEEDS, team.people)
    context = {"team": team}
    if team.people:
        wheel = team.wheel()
        context |= {
            "categories": team.rows(),
            "scale": team.catalogue.scale,
            "wheel": on_page(wheel),
            "wheel_rows": rows(wheel),
            "wheel_columns": [series.name for series in wheel.series],
            "due": team.due(),
            "soon": SOON.days,
            "together": team.together(),
        }
    return render(request, "learningplans/team_needs.html", context)
