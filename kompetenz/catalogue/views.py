"""The catalogue: what each competency means, for everybody to read."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from kompetenz.wheel import svg

from .forms import RefreshingForm
from .models import Category, Edition, Level, catalogue_of

LEVEL_MEANINGS = [
    (Level.KENNER, "hat vor allem theoretisches Wissen und kann es bei Bedarf anwenden."),
    (Level.KOENNER, "hat durch Übung eigene Erfahrung und kommt auch mit Neuem zurecht."),
    (
        Level.EXPERTE,
        "sieht Schwierigkeiten kommen, plant voraus, führt Neues selbstständig ein und gibt das Können weiter.",
    ),
]


def catalogue(request):
    frozen = catalogue_of(Edition.objects.current().digest)
    context = {
        "categories": Category.objects.prefetch_related("competencies__anchors"),
        "count": len(frozen.competencies),
        "levels": LEVEL_MEANINGS,
        "wheel": mark_safe(svg(frozen.wheel("Alle Kompetenzen"), compact=True)) if frozen.competencies else "",
    }
    return render(request, "catalogue/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def refreshing(request):
    """HR alone says how long each competency lasts before it is refreshed."""
    if not request.user.is_hr:
        raise Http404
    form = RefreshingForm(request.POST or None)
    if form.is_valid():
        changed = form.save()
        messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
        return redirect("catalogue:refreshing")
    return render(request, "catalogue/refreshing.html", {"form": form})
