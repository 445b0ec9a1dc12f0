"""Pages about role profiles: read by everybody, fitted and given to people by HR."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kompetenz.catalogue.models import Edition, catalogue_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person
from kompetenz.wheel import Role, figure_json, svg

from .fitting import fit_profile
from .forms import AssignForm, CopyForm, EndForm, HoldersForm, ProfileFitting, TakeBackForm, requirement_form
from .holding import assign_role, assign_role_to_all, end_role, take_back_role
from .models import RoleHolding, RoleProfile, copy_profile

PER_PAGE = 50
WHEEL_ID = "profil-rad"


def current_catalogue():
    return catalogue_of(Edition.objects.current().digest)


def drawing(profile, catalogue, levels):
    return catalogue.wheel(profile.name, catalogue.series("Soll", Role.FILL, levels))


def wheel_parts(profile, catalogue, levels):
    """What _partials/wheel.html wants."""
    return {
        "wheel_id": WHEEL_ID,
        "wheel_json": mark_safe(figure_json(drawing(profile, catalogue, levels))),
        "wheel_label": f"Kompetenzrad des Rollenprofils {profile}. Dieselben Werte stehen als Text auf dieser Seite.",
        "wheel_svg": reverse("roles:wheel", args=[profile.pk]),
    }


def profiles(request):
    visible = RoleProfile.objects.visible_to(request.user)
    page = Paginator(visible, PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "roles/list.html", {"page": page})


def detail(request, pk):
    profile = get_object_or_404(RoleProfile.objects.visible_to(request.user), pk=pk)
    catalogue = current_catalogue()
    requirements = {requirement.competency_id: requirement for requirement in profile.requirements.all()}
    levels = {competency: requirement.level for competency, requirement in requirements.items()}
    context = {
        "profile": profile,
        "categories": [
            (category, [(competency, requirements.get(competency.id)) for competency in category.competencies])
            for category in catalogue.categories
        ],
        "editable": RoleProfile.objects.editable_by(request.user).filter(pk=pk).exists(),
        "holders": profile.holdings.current().count() if request.user.is_hr else None,
        **wheel_parts(profile, catalogue, levels),
    }
    return render(request, "roles/detail.html", context)


def wheel(request, pk):
    """The profile's wheel as a picture; no personal data, so the browser may keep it for a while."""
    profile = get_object_or_404(RoleProfile.objects.visible_to(request.user), pk=pk)
    picture = svg(drawing(profile, current_catalogue(), profile.levels()), compact="kompakt" in request.GET)
    kept = {"Cache-Control": "private, max-age=3600"} if "stand" in request.GET else {}
    return HttpResponse(picture, content_type="image/svg+xml", headers=kept)


@for_hr
def copy(request, pk):
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user), pk=pk)
    form = CopyForm(request.POST or None, initial={"name": f"{profile.name} (eigene Fassung)"[:80]})
    if form.is_valid():
        own = copy_profile(profile=profile, name=form.cleaned_data["name"])
        messages.success(request, f"„{own}“ ist angelegt. Passen Sie das Profil jetzt an Ihre Verwaltung an.")
        return redirect("roles:edit", own.pk)
    return render(request, "roles/copy.html", {"form": form, "profile": profile})


@for_hr
def edit(request, pk):
    profile = get_object_or_404(RoleProfile.objects.editable_by(request.user), pk=pk)
    catalogue = current_catalogue()
    fitting = ProfileFitting(request.POST or None, profile=profile, catalogue=catalogue)
    if request.method == "POST" and fitting.is_valid():
        try:
            fitting.save(by=request.user)
        except RoleProfile.DoesNotExist as retired:
            raise Http404 from retired
        messages.success(request, f"„{profile}“ ist gespeichert.")
        return redirect(profile)
    context = {
        "form": fitting.form,
        "profile": profile,
        "categories": fitting.categories,
        **wheel_parts(profile, catalogue, fitting.saved_levels),
    }
    return render(request, "roles/edit.html", context)


@for_hr
@require_POST
def require(request, pk, competency):
    """Save one requirement: HTMX gets a note and the wheel is told, everyone else gets the page."""
    profile = get_object_or_404(RoleProfile.objects.editable_by(request.user), pk=pk)
    subject = current_catalogue().by_id.get(competency)
    if subject is None:
        raise Http404
    row = requirement_form(request.POST, profile=profile, competency=subject)
    if row.is_valid() and row.has_changed():
        try:
            fit_profile(profile=profile, by=request.user, requirements=[row.instance])
        except RoleProfile.DoesNotExist as retired:
            raise Http404 from retired
    if not request.htmx:
        for problem in row.problems:
            messages.error(request, problem)
        return redirect("roles:edit", profile.pk)
    response = render(request, "roles/edit.html#saved", {"row": row})
    event = {"wheel": WHEEL_ID, "number": subject.number, "level": row.instance.level}
    return response if row.errors else trigger_client_event(response, "wheel:level", event)


@for_hr
@require_POST
def retire(request, pk):
    """Keep the profile from new use; whoever holds it keeps it."""
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user).usable(), pk=pk)
    profile.retired_at = timezone.now()
    profile.save(update_fields=["retired_at"])
    count = profile.holdings.current().count()
    held = f" {people(count)} {'hat' if count == 1 else 'haben'} diese Rolle und {'behält' if count == 1 else 'behalten'} sie."
    messages.success(request, f"„{profile}“ ist zurückgezogen.{held if count else ''}")
    return redirect(profile)


@for_hr
@require_POST
def restore(request, pk):
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user), pk=pk)
    profile.retired_at = None
    profile.save(update_fields=["retired_at"])
    messages.success(request, f"„{profile}“ kann wieder verwendet werden.")
    return redirect(profile)


@for_hr
def holders(request, pk):
    """Who holds the role, and a form to give it to more people."""
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user), pk=pk)
    form = HoldersForm(request.POST or None)
    if not profile.retired_at and form.is_valid():
        given = assign_role_to_all(profile=profile, **form.cleaned_data)
        messages.success(
            request, f"{people(len(given))} mit der Rolle „{profile}“ ab {form.cleaned_data['since']:%d.%m.%Y}."
        )
        return redirect("roles:holders", profile.pk)
    holdings = profile.holdings.current_or_coming().select_related("person__unit").order_by("person__sort_key", "pk")
    page = Paginator(holdings, PER_PAGE).get_page(request.GET.get("seite"))
    context = {"profile": profile, "form": form, "page": page, "today": timezone.localdate()}
    return render(request, "roles/holders.html", context)


@for_hr
def person_roles(request, person):
    """One person's roles so far; what is sent gives one, ends it or takes a coming one back."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=person)
    held = RoleHolding.objects.filter(person=person)
    last = held.current().filter(until=None).select_related("profile").first()
    action = request.POST.get("action")
    assign = AssignForm(request.POST if action == "assign" else None)
    end = EndForm(request.POST if action == "end" else None, holding=last) if last else None
    if done := change_role(request, person, assign, end):
        messages.success(request, done)
        return redirect("roles:person", person.pk)
    context = {
        "person": person,
        "holdings": held.select_related("profile"),
        "form": end if action == "end" else assign,
        "assign": assign,
        "end": end,
        "last": last,
        "today": timezone.localdate(),
    }
    return render(request, "roles/person.html", context)


def change_role(request, person, assign, end):
    """Do what was sent and tell it; None if nothing valid was."""
    if assign.is_valid():
        holding = assign_role(person=person, **assign.cleaned_data)
        return f"{person} hat die Rolle „{holding.profile}“ ab dem {holding.since:%d.%m.%Y}."
    if end and end.is_valid():
        end_role(person=person, **end.cleaned_data)
        return f"Die Rolle „{end.holding.profile}“ endet am {end.cleaned_data['until']:%d.%m.%Y}."
    if request.POST.get("action") == "take_back":
        form = TakeBackForm(request.POST, person=person)
        if not form.is_valid():
            raise Http404
        holding = form.cleaned_data["holding"]
        take_back_role(holding=holding)
        return f"Die Rolle „{holding.profile}“ ab {holding.since:%d.%m.%Y} ist zurückgenommen."
    return None


def people(count):
    return "1 Person" if count == 1 else f"{count} Personen"
