"""A manager's people in the rounds: where each stands and what comes next."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.late_plans import late_plans
from assessments.models import Participation
from kompetenz.people.deputies.naming import acting, people_of


@require_GET
def team(request):
    """Every participation this manager is responsible for, running rounds first."""
    rows = Participation.objects.managed_by(request.user).for_team_page()
    page = Paginator(rows, 50).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "late_plans": late_plans(page.object_list),
        "today": timezone.localdate(),
        "acting": acting(request.user),
        "may_name_deputies": people_of(request.user).exists(),
    }
    return render(request, "assessments/team.html", context)
