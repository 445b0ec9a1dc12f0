"""The catalogue: what each competency means, for everybody to read."""

from django.shortcuts import render
from django.utils.safestring import mark_safe

from kompetenz.wheel import svg

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
