"""What a year may cost: budgets of the administration and of units, and what of them is used."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.forms.stamp import held, holds, was_read
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.once import once
from learningplans.models import TrainingBudget
from learningplans.training import adding_up, budgeting
from learningplans.training.forms import BudgetForm
from learningplans.training.narrowing import YearNarrowing

ANOTHER = "Nicht entfernt: Das Budget ist inzwischen ein anderes. Bitte sehen Sie es noch einmal an."


@require_GET
@for_hr
def budgets(request):
    """Each budget of a year with what is spent, booked, applied for and proposed."""
    today = timezone.localdate()
    year = YearNarrowing.of(request.GET, today).year
    whole, *lines = budgeting.lines_of(year, request.user)
    context = {
        "year": year,
        "years": adding_up.years(today.year),
        "whole": whole,
        "page": page_of(request, lines or [whole]),
        "query": f"jahr={year}",
        "add": f"{reverse('learningplans:training_budget_add')}?jahr={year}",
    }
    return render(request, "learningplans/training_budgets.html", context)


@require_http_methods(["GET", "POST"])
@once
@for_hr
def add_budget(request):
    year = YearNarrowing.of(request.GET, timezone.localdate()).year
    return budget_page(request, BudgetForm(request.POST or None, instance=TrainingBudget(year=year)))


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit_budget(request, pk):
    found = get_object_or_404(held(request, TrainingBudget.objects.visible_to(request.user)), pk=pk)
    return budget_page(request, BudgetForm(request.POST or None, instance=found))


def budget_page(request, form):
    if form.is_valid() and not form.is_outdated():
        found = form.save()
        messages.success(request, f"Budget {found} gespeichert.")
        return redirect(address_of(found))
    return render(request, "learningplans/training_budget.html", {"form": form, "budget": form.instance})


def address_of(budget):
    return f"{reverse('learningplans:training_budgets')}?jahr={budget.year}"


@require_POST
@for_hr
@holds
def remove_budget(request, pk):
    """What it paid, the unit above pays, or all others."""
    found = get_object_or_404(held(request, TrainingBudget.objects.visible_to(request.user)), pk=pk)
    if not was_read(request, BudgetForm(instance=found).stored):
        messages.warning(request, ANOTHER)
        return redirect("learningplans:training_budget", pk)
    found.delete()
    messages.success(request, f"Budget {found} entfernt.")
    return redirect(address_of(found))
