"""Who deputises for whom: named by HR for everybody, by a manager for themself."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.forms import matches
from kompetenz.people.models import Deputy, Person
from kompetenz.people.once import once
from kompetenz.refusals import Faster

from .forms import DeputisedForm, DeputyForm
from .naming import able_to_act, end_deputy, managers, name_deputy


@require_GET
@for_hr
def deputies(request):
    """Those of today and those to come; on request the ended ones, too."""
    administered = Deputy.objects.administered_by(request.user)
    ended = "beendete" in request.GET
    rows = administered.current_or_coming()
    if ended:
        rows = administered.exclude(pk__in=rows).order_by("-until", "-pk")
    page = page_of(request, listed(rows))
    context = {"page": page, "ended": ended, "query": "beendete=ja" if ended else "", "today": timezone.localdate()}
    return render(request, "people/deputies.html", context)


def listed(rows):
    """Deputies with the names a list shows, and the units that tell namesakes apart."""
    people = Prefetch("people", Person.objects.select_related("unit"))
    return rows.select_related("manager__unit", "person__unit", "named_by").prefetch_related(people)


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create(request):
    """First the manager, in the address, then who acts for them, for whom and when."""
    if request.htmx and request.method == "GET":
        return suggestions(request, managers())
    chosen = DeputisedForm(request.GET if "manager" in request.GET else None)
    if not chosen.is_valid():
        return render(request, "people/deputies_form.html", {"form": chosen})
    manager = chosen.cleaned_data["manager"]
    form = form_of(request, manager)
    if request.method == "POST" and save(request, form):
        return redirect("people:deputies")
    return render(request, "people/deputies_form.html", {"form": form, "manager": manager})


@require_http_methods(["GET", "POST"])
@once
def own(request):
    """A manager names their own deputies; to whoever manages nobody the page does not exist."""
    if not Person.objects.of_manager(request.user).exists():
        raise Http404
    if request.htmx and request.method == "GET":
        return suggestions(request)
    form = form_of(request, request.user)
    if request.method == "POST" and save(request, form):
        return redirect(request.path)
    page = page_of(request, listed(Deputy.objects.of_manager(request.user)).order_by("-until", "-pk"))
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render(request, "people/deputies_own.html", context)


def suggestions(request, possible_managers=None):
    """Names that match what stands in the field that was typed into."""
    if possible_managers is None:
        found, field = able_to_act().suggested(request.GET.get("person", "")), "person_choice"
    elif "person" in request.GET:
        found, field = matches(able_to_act(), request.GET["person"]), "person_choice"
    else:
        found, field = matches(possible_managers, request.GET.get("manager", "")), "manager_choice"
    return render(request, "people/_deputy_somebody.html#matches", {"matches": found, "choice": field})


def form_of(request, manager):
    if "suchen" in request.POST:
        return DeputyForm.searching(manager, request.user, request.POST)
    return DeputyForm(manager, request.user, request.POST or None)


def save(request, form):
    """Whether the deputy is named now; what keeps it from being so stands in ``form``."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deputy = name_deputy(**form.values())
    except Faster as problem:
        form.add_error("people", str(problem))
        return False
    messages.success(
        request, f"{deputy.person} vertritt {deputy.manager} vom {deputy.since:%d.%m.%Y} bis {deputy.until:%d.%m.%Y}."
    )
    return True


@require_POST
@for_hr
def end(request, pk):
    return ended(request, Deputy.objects.administered_by(request.user), pk)


@require_POST
def end_own(request, pk):
    return ended(request, Deputy.objects.of_manager(request.user), pk)


def ended(request, rows, pk):
    """End it, and back to the list on which that was asked."""
    deputy = get_object_or_404(rows.select_related("person"), pk=pk)
    end_deputy(deputy=deputy, by=request.user)
    messages.success(request, f"Die Vertretung durch {deputy.person} ist beendet. Der Zugang endet sofort.")
    return redirect("../../")
