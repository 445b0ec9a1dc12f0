"""The learning formats and what is on offer in them: read by everybody, kept by HR."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kompetenz.forms.stamp import held, holds, was_read
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.once import once
from kompetenz.text import quoted
from learningplans.models import LearningFormat, Offer
from learningplans.training.forms import FormatForm, OfferFilter, OfferForm, SuitabilityForm
from learningplans.training.offering import remove_offer, say_what_suits

ANOTHER = "Nicht entfernt: Das Angebot ist inzwischen ein anderes. Hier steht es, wie es jetzt ist."


@require_GET
def formats(request):
    """What each format is and the offers to choose; HR sees those out of the choice, too. Who searches finds offers alone."""
    today = timezone.localdate()
    known = LearningFormat.objects.visible_to(request.user)
    form = OfferFilter(request.GET, formats=known)
    found = (
        form.narrow(Offer.objects.visible_to(request.user, today))
        .select_related("format")
        .prefetch_related("competencies")
    )
    query = request.GET.copy()
    query.pop("seite", None)
    context = {
        "groups": [] if request.GET else grouped(known, today),
        "filter": form,
        "page": page_of(request, found),
        "query": query.urlencode(),
        "today": today,
    }
    return render(request, "learningplans/formats.html", context)


def grouped(formats, today):
    """Formats by their nearness to the job, each with ``open_offers``, how many can be chosen today; two queries."""
    open_offers = Count("offers", filter=Q(offers__in=Offer.objects.to_choose(today)))
    groups = {label: [] for label in LearningFormat.Job.labels}
    # A query that counts leaves out the order of its model.
    in_order = formats.annotate(open_offers=open_offers).order_by("order", "pk")
    for format_ in in_order.prefetch_related("suits"):
        groups[format_.get_job_display()].append(format_)
    return [(job, rows) for job, rows in groups.items() if rows]


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit_format(request, pk):
    format_ = get_object_or_404(held(request, LearningFormat.objects.visible_to(request.user)), pk=pk)
    form = FormatForm(request.POST or None, instance=format_)
    if form.is_valid() and not form.is_outdated():
        form.save()
        messages.success(request, f"{quoted(format_)} ist gespeichert.")
        return redirect("learningplans:formats")
    name = form.initial["name"]
    return render(request, "learningplans/format.html", {"form": form, "format": format_, "name": name})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def suitability(request, pk):
    """For which competencies a format suits, and on what ground."""
    format_ = get_object_or_404(held(request, LearningFormat.objects.visible_to(request.user)), pk=pk)
    form = SuitabilityForm(request.POST or None, format_=format_, stored=format_.suitabilities.all())
    if form.is_valid() and not form.is_outdated():
        say_what_suits(format_=format_, said=form.said)
        messages.success(request, f"Eignung von {quoted(format_)} gespeichert.")
        return redirect("learningplans:formats")
    return render(request, "learningplans/suitability.html", {"form": form, "format": format_})


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create_offer(request):
    """A new offer; ``?format=`` names the format it begins with."""
    form = OfferForm(request.POST or None, initial={"format": request.GET.get("format")})
    return offer_page(request, form)


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit_offer(request, pk):
    return offer_page(request, OfferForm(request.POST or None, instance=known_offer(request, pk)))


def known_offer(request, pk):
    return get_object_or_404(held(request, Offer.objects.visible_to(request.user, timezone.localdate())), pk=pk)


def offer_page(request, form):
    if form.is_valid() and not form.is_outdated():
        offer = form.save()
        messages.success(request, f"Angebot {quoted(offer)} gespeichert.")
        return redirect("learningplans:formats")
    return render(request, "learningplans/offer.html", {"form": form, "offer": form.instance})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def delete_offer(request, pk):
    """Ask first; an offer that measures use is withdrawn instead."""
    offer = known_offer(request, pk)
    is_used, read = offer.measures.exists(), OfferForm(instance=offer).stored
    if request.method == "POST" and not was_read(request, read):
        messages.warning(request, ANOTHER)
    elif request.method == "POST":
        try:
            deleted = remove_offer(offer=offer)
        except Offer.DoesNotExist as gone:
            raise Http404 from gone
        done = "gelöscht" if deleted else "zurückgezogen; Maßnahmen, die es verwenden, behalten es"
        messages.success(request, f"Angebot {quoted(offer)} {done}.")
        return redirect("learningplans:formats")
    return render(request, "learningplans/offer_delete.html", {"offer": offer, "is_used": is_used, "read": read})
