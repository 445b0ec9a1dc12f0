"""Colleagues: whom the person asks, and what was asked of somebody as a colleague."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import PeerNomination
from kompetenz.forms.fields import written
from kompetenz.lists import page_of
from kompetenz.people.once import once
from kompetenz.refusals import Refused

from . import asking
from .forms import ColleagueForm


def own(request, pk):
    return get_object_or_404(asking.asking(request.user).select_related("round", "person"), pk=pk)


@require_http_methods(["GET", "POST"])
@once
def colleagues(request, pk):
    """Whom the person has asked, which nobody else sees, and asking one more."""
    found = own(request, pk)
    form = ColleagueForm(found, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return colleagues_page(request, found, form)
    colleague = form.cleaned_data["colleague"]
    try:
        asking.nominate(participation=found, colleague=colleague)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{colleague} findet Ihre Bitte unter „Meine Aufgaben“.")
    return redirect("assessments:colleagues", pk)


def colleagues_page(request, found, form, matches=()):
    context = {
        "participation": found,
        "round": found.round,
        "form": form,
        "matches": form.matches or matches,
        "nominations": found.peer_nominations.select_related("peer__unit").order_by("peer__sort_key", "peer"),
        "standing": asking.asked_so_far(found),
        "running": asking.is_running(found.round),
        "minimum": asking.minimum(),
        "most": PeerNomination.MOST,
    }
    return render(request, "assessments/peer_colleagues.html", context)


@require_POST
def search(request, pk):
    """Names that match; sent as a form, for an address would tell whoever reads it who is thought of."""
    found = own(request, pk)
    name = written(request.POST, "name")[:100]
    matches = asking.suggestions(found, name)
    if request.htmx:
        return render(request, "assessments/peer_colleagues.html#matches", {"matches": matches, "name": name})
    return colleagues_page(request, found, ColleagueForm(found, initial={"name": name}), matches)


@require_POST
def withdraw(request, pk, nomination):
    found = own(request, pk)
    try:
        asking.withdraw(participation=found, nomination=nomination)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Die Bitte ist zurückgenommen.")
    return redirect("assessments:colleagues", pk)


@require_GET
def requests(request):
    """What colleagues have asked this user for, nearest deadline first."""
    page = page_of(request, asking.requests_to(request.user))
    return render(request, "assessments/peer_requests.html", {"page": page})


@require_http_methods(["GET", "POST"])
def decline(request, pk):
    """Ich möchte nicht: asked once more, for the answers so far go too."""
    found = get_object_or_404(asking.drafts_of(request.user).select_related("participation__round"), pk=pk)
    if request.method == "GET":
        context = {"assessment": found, "participation": found.participation, "round": found.participation.round}
        return render(request, "assessments/peer_decline.html", context)
    try:
        asking.decline(pk=pk, by=request.user)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Sie haben abgelehnt. Wer gefragt hat, erfährt nur, dass jemand nicht möchte.")
    return redirect("start")
