"""Pages about role profiles: read by everybody, fitted and given to people by HR."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from kompetenz.catalogue.models import current_catalogue
from kompetenz.forms.stamp import held, holds
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person
from kompetenz.people.once import once
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Faster
from kompetenz.text import quoted
from kompetenz.wheel import Style, on_page, small_svg, svg

from .fitting import fit_profile
from .forms import (
    AssignForm,
    CopyForm,
    EndForm,
    HoldersForm,
    NewProfileForm,
    ProfileFitting,
    TakeBackForm,
    requirement_form,
)
from .holding import assign_role, assign_role_to_all, end_role, stamp_of, still_as_read, take_back_role
from .models import RoleHolding, RoleProfile, copy_profile, create_profile, hidden_from

WHEEL_ID = "profil-rad"


def drawing(profile, catalogue, levels):
    return catalogue.wheel(profile.name, catalogue.series("Soll", Style.FILL, levels))


def wheel_parts(profile, catalogue, levels):
    """What _partials/wheel.html wants."""
    return {
        "wheel_id": WHEEL_ID,
        "wheel": on_page(drawing(profile, catalogue, levels)),
        "wheel_label": f"Kompetenzrad des Rollenprofils {profile}. Dieselben Werte stehen als Text auf dieser Seite.",
    }


@require_GET
def profiles(request):
    visible = RoleProfile.objects.visible_to(request.user)
    page = page_of(request, visible)
    return render(request, "roles/list.html", {"page": page, "hidden": hidden_from(request.user)})


@require_GET
def detail(request, pk):
    profile = get_object_or_404(RoleProfile.objects.visible_to(request.user), pk=pk)
    shows_levels = profile.pk not in hidden_from(request.user)
    catalogue = current_catalogue()
    found = profile.requirements.all() if shows_levels else []
    requirements = {requirement.competency_id: requirement for requirement in found}
    levels = {competency: requirement.level for competency, requirement in requirements.items()}
    context = {
        "profile": profile,
        "shows_levels": shows_levels,
        "scale": catalogue.scale,
        "definitions": catalogue.levels,
        "categories": [
            (category, [(competency, requirements.get(competency.id)) for competency in category.competencies])
            for category in catalogue.categories
        ],
        "editable": shows_levels and RoleProfile.objects.editable_by(request.user).filter(pk=pk).exists(),
        "holders": profile.holdings.current().count() if request.user.is_hr else None,
        **(wheel_parts(profile, catalogue, levels) if shows_levels else {}),
    }
    return render(request, "roles/detail.html", context)


@require_GET
def wheel(request, pk):
    """The profile's wheel as a picture; no personal data, so the browser may keep it for a while."""
    profile = get_object_or_404(RoleProfile.objects.showing_levels_to(request.user), pk=pk)
    draw = small_svg if "kompakt" in request.GET else svg
    picture = draw(drawing(profile, current_catalogue(), profile.levels()))
    kept = {"Cache-Control": "private, max-age=3600"} if "stand" in request.GET else {}
    return HttpResponse(picture, content_type="image/svg+xml", headers=kept)


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create(request):
    """A profile that is no copy; its levels are set on the page this leads to."""
    form = NewProfileForm(request.POST or None)
    if form.is_valid():
        profile = create_profile(**form.cleaned_data)
        messages.success(request, f"{quoted(profile)} ist angelegt. Legen Sie jetzt die geforderten Stufen fest.")
        return redirect("roles:edit", profile.pk)
    return render(request, "roles/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@once
@for_hr
def copy(request, pk):
    profile = get_object_or_404(
        RoleProfile.objects.administered_by(request.user).showing_levels_to(request.user), pk=pk
    )
    form = CopyForm(request.POST or None, initial={"name": f"{profile.name} (eigene Fassung)"[:80]})
    if form.is_valid():
        own = copy_profile(profile=profile, name=form.cleaned_data["name"])
        messages.success(request, f"{quoted(own)} ist angelegt. Passen Sie das Profil jetzt an Ihre Verwaltung an.")
        return redirect("roles:edit", own.pk)
    return render(request, "roles/copy.html", {"form": form, "profile": profile})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit(request, pk):
    profiles = RoleProfile.objects.editable_by(request.user).showing_levels_to(request.user)
    profile = get_object_or_404(held(request, profiles), pk=pk)
    catalogue = current_catalogue()
    fitting = ProfileFitting(request.POST or None, profile=profile, catalogue=catalogue)
    if request.method == "POST" and fitting.is_valid():
        fitting.save(by=request.user)
        messages.success(request, f"{quoted(profile)} ist gespeichert.")
        return redirect(profile)
    context = {
        "form": fitting.form,
        "profile": profile,
        "catalogue": catalogue,
        "categories": fitting.categories,
        **wheel_parts(profile, catalogue, fitting.saved_levels),
    }
    return render(request, "roles/edit.html", context)


@require_POST
@for_hr
@holds
def require(request, pk, competency):
    """Save one requirement: HTMX gets a note and the wheel is told, everyone else gets the page."""
    profiles = RoleProfile.objects.editable_by(request.user).showing_levels_to(request.user)
    profile = get_object_or_404(held(request, profiles), pk=pk)
    catalogue = current_catalogue()
    subject = catalogue.by_id.get(competency)
    if subject is None:
        raise Http404
    row = requirement_form(request.POST, profile=profile, competency=subject, catalogue=catalogue)
    if row.is_valid() and row.has_changed() and not row.is_outdated():
        fit_profile(profile=profile, by=request.user, requirements=[row.instance])
        row.is_saved()
    if not request.htmx:
        for problem in row.problems:
            messages.error(request, problem)
        return redirect("roles:edit", profile.pk)
    response = render(
        request, "roles/edit.html#saved", {"row": row, "level_name": catalogue.scale.names[row.instance.level]}
    )
    event = {"wheel": WHEEL_ID, "number": subject.number, "level": row.instance.level}
    return response if row.errors else trigger_client_event(response, "wheel:level", event)


@require_POST
@for_hr
def retire(request, pk):
    """Keep the profile from new use; whoever holds it keeps it."""
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user).usable(), pk=pk)
    profile.retired_at = timezone.now()
    profile.save(update_fields=["retired_at"])
    count = profile.holdings.current().count()
    held = f" {people(count)} {'hat' if count == 1 else 'haben'} diese Rolle und {'behält' if count == 1 else 'behalten'} sie."
    messages.success(request, f"{quoted(profile)} ist zurückgezogen.{held if count else ''}")
    return redirect(profile)


@require_POST
@for_hr
def restore(request, pk):
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user), pk=pk)
    profile.retired_at = None
    profile.save(update_fields=["retired_at"])
    messages.success(request, f"{quoted(profile)} kann wieder verwendet werden.")
    return redirect(profile)


@require_http_methods(["GET", "POST"])
@once
@for_hr
def holders(request, pk):
    """Who holds the role, and a form to give it to more people."""
    profile = get_object_or_404(RoleProfile.objects.administered_by(request.user), pk=pk)
    form = HoldersForm(request.POST or None, profile=profile)
    if not profile.retired_at and form.is_valid():
        given = assign_role_to_all(profile=profile, **form.cleaned_data)
        note_change(request, form.cleaned_data["people"])
        messages.success(
            request, f"{people(len(given))} mit der Rolle {quoted(profile)} ab {form.cleaned_data['since']:%d.%m.%Y}."
        )
        return redirect("roles:holders", profile.pk)
    holdings = profile.holdings.current_or_coming().select_related("person__unit").order_by("person__sort_key", "pk")
    page = page_of(request, holdings)
    context = {"profile": profile, "form": form, "page": page, "today": timezone.localdate()}
    return render(request, "roles/holders.html", context)


def whose_roles(request, pk):
    """The person; that HR reads their roles is noted."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    accesses.shown_to_hr(request, Access.What.ROLES, [person.pk])
    return person


@require_http_methods(["GET", "POST"])
@once
@for_hr
def person_roles(request, person):
    """One person's roles so far; what is sent gives one, ends it or takes a coming one back."""
    person = whose_roles(request, person)
    held = RoleHolding.objects.of_person(person)
    last = held.current().open_ended().select_related("profile").first()
    action = request.POST.get("action")
    assign = AssignForm(request.POST if action == "assign" else None)
    end = EndForm(request.POST if action == "end" else None, holding=last) if last else None
    try:
        if done := change_role(request, person, assign, end):
            messages.success(request, done)
            return redirect("roles:person", person.pk)
    except Faster as problem:
        messages.error(request, str(problem))
    context = {
        "person": person,
        "read": stamp_of(person),
        "holdings": held.select_related("profile"),
        "form": end if action == "end" else assign,
        "assign": assign,
        "end": end,
        "last": last,
        "today": timezone.localdate(),
    }
    return render(request, "roles/person.html", context)


def note_change(request, given_to):
    """Note that HR has given or taken these people's roles."""
    changed = [person.pk for person in given_to]
    accesses.note(request.user, Access.What.ROLES, Access.How.CHANGED, changed, role=Access.Role.HR)


def change_role(request, person, assign, end):
    """Do what was sent and tell it; None if nothing valid was. Raises Faster."""
    if "read" in request.POST:
        still_as_read(person=person, read=request.POST["read"])
    done = change_role_as_sent(request, person, assign, end)
    if done:
        note_change(request, [person])
    return done


def change_role_as_sent(request, person, assign, end):
    if assign.is_valid():
        holding = assign_role(person=person, **assign.cleaned_data)
        return f"{person} hat die Rolle {quoted(holding.profile)} ab dem {holding.since:%d.%m.%Y}."
    if end and end.is_valid():
        end_role(person=person, **end.cleaned_data)
        return f"Die Rolle {quoted(end.holding.profile)} endet am {end.cleaned_data['until']:%d.%m.%Y}."
    if request.POST.get("action") == "take_back":
        form = TakeBackForm(request.POST, person=person)
        if not form.is_valid():
            raise Http404
        holding = form.cleaned_data["holding"]
        take_back_role(holding=holding)
        return f"Die Rolle {quoted(holding.profile)} ab {holding.since:%d.%m.%Y} ist zurückgenommen."
    return None


def people(count):
    return "1 Person" if count == 1 else f"{count} Personen"
