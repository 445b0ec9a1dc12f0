"""The catalogue: what each competency means, for everybody to read."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kompetenz.forms.stamp import holds
from kompetenz.wheel import on_page

from . import level_names
from .forms import LevelNamesForm, RefreshingForm
from .models import Competency, current_catalogue


@require_safe
def catalogue(request):
    frozen, rows = current_catalogue(), Competency.objects.in_bulk()
    context = {
        "catalogue": frozen,
        "categories": [(category, rows_of(frozen, category, rows)) for category in frozen.categories],
        "wheel": on_page(frozen.wheel("Alle Kompetenzen")) if frozen.competencies else None,
    }
    return render(request, "catalogue/list.html", context)


def rows_of(frozen, category, rows):
    """Each competency of the category with its row and the anchors of its levels."""
    return [(one, rows[one.id], frozen.anchors_of(one)) for one in category.competencies]


@require_http_methods(["GET", "HEAD", "POST"])
@holds
def refreshing(request):
    """HR alone says how long each competency lasts before it is refreshed."""
    if not request.user.is_hr:
        raise Http404
    form = RefreshingForm(request.POST or None, holds=request.method == "POST")
    if form.is_valid() and not form.is_outdated():
        changed = form.save()
        messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
        return redirect("catalogue:refreshing")
    return render(request, "catalogue/refreshing.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@holds
def names_of_levels(request):
    """HR alone says what the levels are called; rounds that are open or ended keep their names."""
    if not request.user.is_hr:
        raise Http404
    form = LevelNamesForm(request.POST or None, holds=request.method == "POST")
    if form.is_valid() and not form.is_outdated():
        changed = level_names.choose(form.cleaned_data["names"])
        messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
        return redirect("catalogue:level_names")
    return render(request, "catalogue/level_names.html", {"form": form})
