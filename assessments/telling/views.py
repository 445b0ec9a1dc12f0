"""A manager's people in the rounds: where each stands and what comes next."""

from dataclasses import replace
from datetime import date

from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments.models import Participation, tell_apart
from kompetenz import hooks
from kompetenz.lists import page_of
from kompetenz.people.deputies.naming import acting
from kompetenz.people.models import Person

from . import next_step
from .tasks import on_behalf

STATES = ("Selbst", "Fremd", "Gespräch", "Lernplan")


@require_GET
def team(request):
    """Every participation this manager is responsible for, running rounds first, in each what is due first."""
    page = page_of(request, Participation.objects.managed_by(request.user).for_team_page())
    plans = hooks.ask_for_all("plan_dates", [row.pk for row in page.object_list])
    next_reviews = {pk: day for pk, day, *_ in plans if day}
    agreed_to = {pk for pk, *_, has_agreed in plans if has_agreed}
    tell_apart(page.object_list)
    for row in page.object_list:
        row.beside = " · ".join(filter(None, [row.apart, on_behalf(row, request.user)]))
        row.next_step = next_step.for_manager(row, has_agreed=row.pk in agreed_to)
        row.named_states = list(zip(STATES, row.state_names, strict=True))
        if row.pk in next_reviews:
            row.next_step = replace(row.next_step, due=next_reviews[row.pk])
    context = {
        "page": page,
        "rounds": by_round(page.object_list),
        "late_plans": {pk for pk, _, is_late, _ in plans if is_late},
        "acting": acting(request.user),
        "opened": opened_to(request.user),
        "may_name_deputies": Person.objects.of_manager(request.user).exists(),
        "pages": hooks.ask_for_all("team_pages", request.user) if request.user.leads_people else [],
    }
    return render(request, "assessments/team.html", context)


def opened_to(user):
    """People who let ``user`` read rounds that ended with another manager, each with these; one query, for who leads people."""
    if user.manages is False:  # known only of who was read with_reach
        return []
    found = {}
    for row in Participation.objects.opened_to(user).select_related("round", "person"):
        found.setdefault(row.person, []).append(row)
    return list(found.items())


def by_round(rows):
    """(round, its rows, what is due first before all others); reviews of plans the database has not sorted by."""
    found = {}
    for row in rows:
        found.setdefault(row.round, []).append(row)
    return [(round_, sorted(of_it, key=lambda row: row.next_step.due or date.max)) for round_, of_it in found.items()]
