"""The pages that look at all apps: what I have to do, what is stored about me, how the app looks."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from assessments import dates, duties
from assessments.comparison import Comparison
from assessments.models import Participation, Progress, Round
from kompetenz import wheel as wheels
from kompetenz.documents import calendar_response
from kompetenz.letters import duties as letter_duties
from kompetenz.people.deputies.naming import concerning
from kompetenz.people.tasks import in_order
from learningplans import dates as plan_dates
from learningplans import planning
from learningplans.models import LearningPlan

A_YEAR = 365 * 24 * 60 * 60  # seconds


@require_GET
def tasks(request):
    """Meine Aufgaben: everything that waits for me, by date, where my rounds stand, and my wheel.

    HR of a new installation with nothing to do yet reads how to get to a first round.
    """
    user, today = request.user, timezone.localdate()
    participations, plans = duties.participations_of(user), planning.plans_of(user)
    steps = [*duties.tasks_of(user, participations), *planning.tasks_of(user, participations, plans)]
    waiting = in_order([*steps, *letter_duties.tasks_of(user)])
    own = [row for row in participations if row.person_id == user.pk]
    shown = with_the_fullest_wheel(own)
    comparison = Comparison(shown, user) if shown else None
    my_plans = [plan for plan in plans if plan.participation.person_id == user.pk]
    context = {
        "tasks": [(task, task.is_overdue(today)) for task in waiting],
        "rounds": standing(own, my_plans, user),
        "waits": any(row.round.is_open for row in own),
        "participation": shown,
        "comparison": comparison,
        "wheel_json": wheels.figure_json(comparison.wheel()) if comparison else "",
        "plans": my_plans,
        "begins": user.is_hr and not waiting and not participations and not Round.objects.exists(),
    }
    return render(request, "start.html", context)


@require_GET
def calendar(request):
    """All my deadlines, talks and reviews to come as one calendar file; an empty one no calendar takes."""
    participations, plans = duties.participations_of(request.user), planning.plans_of(request.user)
    events = [*dates.events_of(request.user, participations), *plan_dates.events_of(plans)]
    if not events:
        messages.info(request, "Für Sie steht gerade kein Termin an, der in den Kalender gehört.")
        return redirect("start")
    return calendar_response(events, "Kompetenzrad.ics")


def with_the_fullest_wheel(own):
    """Of the user's participations, newest first, the first whose wheel has anything filled; else the first, or None."""
    filled = (row for row in own if row.self_state != Progress.OPEN)
    return next(filled, own[0] if own else None)


def standing(own, plans, user):
    """Each running round of the user's, and the one ended last, with what comes next: (participation, words)."""
    plan_of = {plan.participation_id: plan for plan in plans}
    ended = [row for row in own if not row.round.is_open]
    last = max(ended, key=lambda row: row.round.closed_at, default=None)
    return [
        (row, planning.next_step_of(plan_of[row.pk], user) if row.pk in plan_of else duties.next_step_of(row))
        for row in own
        if row.round.is_open or row is last
    ]


@require_GET
def my_data(request):
    """What is stored about me, and who may see what of it."""
    mine = Participation.objects.filter(person=request.user).select_related("round", "stock_taking")
    plans = LearningPlan.objects.filter(participation__person=request.user).select_related("participation__round")
    context = {
        "participations": mine.order_by("-round__opened_at"),
        "plans": plans,
        "deputies": concerning(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "my_data.html", context)


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
