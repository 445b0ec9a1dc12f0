"""A manager's people in the rounds: where each stands and what comes next."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.models import Participation


@require_GET
def team(request):
    """Every participation this manager is responsible for, running rounds first."""
    rows = Participation.objects.managed_by(request.user).for_team_page()
    page = Paginator(rows, 50).get_page(request.GET.get("seite"))
    return render(request, "assessments/team.html", {"page": page, "today": timezone.localdate()})
