"""The pages that look at all apps: what I have to do, what is stored about me, how the app looks."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from assessments import duties
from assessments.comparison import Comparison
from assessments.models import Participation
from kompetenz import wheel as wheels
from kompetenz.people.tasks import in_order
from learningplans import planning
from learningplans.models import LearningPlan

A_YEAR = 365 * 24 * 60 * 60  # seconds


@require_GET
def tasks(request):
    """Meine Aufgaben: everything that waits for me, by date, and my wheel."""
    waiting = in_order([*duties.tasks_of(request.user), *planning.tasks_of(request.user)])
    latest = Participation.objects.latest_of(request.user)
    comparison = Comparison(latest, request.user) if latest else None
    today = timezone.localdate()
    context = {
        "tasks": [(task, task.is_overdue(today)) for task in waiting],
        "participation": latest,
        "comparison": comparison,
        "wheel_json": wheels.figure_json(comparison.wheel()) if comparison else "",
        "plans": LearningPlan.objects.filter(participation__person=request.user).select_related("participation__round"),
    }
    return render(request, "start.html", context)


@require_GET
def my_data(request):
    """What is stored about me, and who may see what of it."""
    mine = Participation.objects.filter(person=request.user).select_related("round").order_by("-round__opened_at")
    plans = LearningPlan.objects.filter(participation__person=request.user).select_related("participation__round")
    return render(request, "my_data.html", {"participations": mine, "plans": plans})


@login_not_required
@require_POST
def theme(request):
    """Light, dark, or as the device says; kept in a cookie that holds nothing else."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("darstellung")) in {"light", "dark"}:
        response.set_cookie("darstellung", chosen, A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie("darstellung")
    return response
