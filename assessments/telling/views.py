"""A manager's people in the rounds: where each stands and what comes next."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments.models import Participation
from kompetenz import hooks
from kompetenz.lists import page_of
from kompetenz.people.deputies.naming import acting, people_of

from . import next_step


@require_GET
def team(request):
    """Every participation this manager is responsible for, running rounds first."""
    rows = Participation.objects.managed_by(request.user).for_team_page()
    page = page_of(request, rows)
    for row in page.object_list:
        row.next_step = next_step.for_manager(row)
    context = {
        "page": page,
        "late_plans": hooks.ask_for_all("late_plans", [row.pk for row in page.object_list]),
        "acting": acting(request.user),
        "may_name_deputies": people_of(request.user).exists(),
    }
    return render(request, "assessments/team.html", context)
