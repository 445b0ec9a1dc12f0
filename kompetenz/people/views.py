"""HR's pages about people and units."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .access import for_hr
from .forms import FirstPasswordForm, PeopleFilter, PersonForm, UnitForm, matches
from .models import Person, Unit

PER_PAGE = 50


@for_hr
def people(request):
    """Find people; a field that looks for one person asks here for the names that match."""
    administered = Person.objects.administered_by(request.user)
    if request.htmx and "manager" in request.GET:
        return render(request, "people/form.html#matches", {"matches": matches(administered, request.GET["manager"])})
    form = PeopleFilter(request.GET)
    found = form.narrow(administered).select_related("unit", "manager")
    query = request.GET.copy()
    query.pop("seite", None)
    context = {
        "filter": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("seite")),
        "total": administered.count(),
        "query": query.urlencode(),
    }
    partial = request.htmx and not request.htmx.history_restore_request
    return render(request, "people/list.html#found" if partial else "people/list.html", context)


@for_hr
def create(request):
    form = PersonForm(request.POST or None)
    if form.is_valid():
        person = form.save(commit=False)
        person.set_unusable_password()
        person.save()
        messages.success(request, f"{person} ist angelegt.")
        return redirect("people:edit", person.pk)
    return render(request, "people/form.html", {"form": form})


@for_hr
def edit(request, pk):
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    form = PersonForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, f"Die Angaben zu {person} sind gespeichert.")
        gave_up_hr = person == request.user and not person.is_hr
        return redirect("start") if gave_up_hr else redirect("people:edit", person.pk)
    return render(request, "people/form.html", {"form": form, "person": form.before})


@for_hr
@sensitive_post_parameters("password1", "password2")
def set_password(request, pk):
    """Let HR open an account; once its owner has signed in, only they change the password."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    form = FirstPasswordForm(person, request.POST or None)
    if person.awaits_first_password and form.is_valid():
        form.save()
        messages.success(
            request, f"Das erste Passwort für {person} ist gesetzt. Bitte geben Sie es vertraulich weiter."
        )
        return redirect("people:edit", person.pk)
    return render(request, "people/set_password.html", {"form": form, "person": person})


@for_hr
@require_POST
def deactivate(request, pk):
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    if person == request.user:
        messages.error(request, "Sie können sich nicht selbst deaktivieren. Bitten Sie eine andere Person darum.")
    elif person.is_staff:
        messages.error(request, f"{person} hat Zugang zur technischen Verwaltung und kann nur dort deaktiviert werden.")
    else:
        person.is_active = False
        person.save(update_fields=["is_active"])
        messages.success(request, f"{person} ist deaktiviert und kann sich nicht mehr anmelden.")
    return redirect("people:edit", person.pk)


@for_hr
@require_POST
def activate(request, pk):
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    person.is_active = True
    person.save(update_fields=["is_active"])
    if person.is_employed:
        messages.success(request, f"{person} ist wieder aktiv.")
    else:
        messages.warning(
            request, f"{person} ist erst wieder aktiv, wenn Sie den letzten Arbeitstag ändern oder leeren."
        )
    return redirect("people:edit", person.pk)


@for_hr
def units(request):
    today = timezone.localdate()
    employed = Q(people__is_active=True) & (Q(people__leaving_date=None) | Q(people__leaving_date__gte=today))
    counted = (
        Unit.objects.administered_by(request.user).annotate(own=Count("people", filter=employed)).order_by("number")
    )
    tree = counted.in_tree_order()
    totals = {unit.pk: unit.own for unit in tree}
    for unit in reversed(tree):
        unit.total = totals[unit.pk]
        if unit.parent_id:
            totals[unit.parent_id] += unit.total
    return render(request, "people/units.html", {"units": tree})


@for_hr
def create_unit(request):
    form = UnitForm(request.POST or None)
    if form.is_valid():
        messages.success(request, f"{form.save()} ist angelegt.")
        return redirect("people:units")
    return render(request, "people/unit_form.html", {"form": form})


@for_hr
def edit_unit(request, pk):
    unit = get_object_or_404(Unit.objects.administered_by(request.user), pk=pk)
    form = UnitForm(request.POST or None, instance=unit)
    if form.is_valid():
        messages.success(request, f"{form.save()} ist gespeichert.")
        return redirect("people:units")
    return render(request, "people/unit_form.html", {"form": form, "unit": unit})
