"""What was published, for whoever may read it; and HR's way to publish."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Participation, Round
from kompetenz.forms.stamp import held, holds
from kompetenz.jobs.batches import answer, handed_out
from kompetenz.lists import PER_PAGE, page_of
from kompetenz.people.access import for_hr
from kompetenz.refusals import Refused

from . import outputs, publishing, tables
from .forms import IntroductionForm, PublishForm
from .models import Publication, PublishedGroup

COLUMNS = 8  # groups side by side, beside the whole


@require_GET
def publications(request):
    """Everything published that the user may read; HR sees of which rounds more can be."""
    rows = Publication.objects.visible_to(request.user).defer("memberships").select_related("round")
    rounds = Round.objects.run_by(request.user).opened().exclude(pk__in=Publication.objects.final().values("round"))
    page = page_of(request, rows)
    hiding = [] if page.object_list else list(Participation.objects.hiding_target_from(request.user))
    context = {
        "page": page,
        "rounds": rounds[:PER_PAGE],
        "k": publishing.minimum(),
        "hides_target": bool(hiding),
        "has_declined": any(not row.takes_part for row in hiding),
        "reads_parts": request.user.leads_people and not (request.user.is_hr or request.user.is_auditor),
    }
    return render(request, "results/publications.html", context)


@require_http_methods(["GET", "POST"])
@for_hr
def publish(request, pk):
    """What publishing does, and doing it; where there cannot be a publication now, why."""
    round_ = get_object_or_404(Round.objects.run_by(request.user).opened(), pk=pk)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return answer(request, publishing.begin_publishing(round_=round_, by=request.user, **form.cleaned_data))
        except Refused as problem:
            messages.error(request, str(problem))
            return redirect("results:publish", pk)
    people = publishing.number_counted(round_)
    context = {"round": round_, "form": form, "people": people, "k": publishing.minimum()}
    return render(request, "results/publish.html", context | {"obstacle": publishing.obstacle(round_, people)})


def published(request, pk):
    """A publication that the user may read, and the groups in it that they may."""
    rows = Publication.objects.visible_to(request.user).defer("memberships").select_related("round")
    found = get_object_or_404(rows, pk=pk)
    return found, PublishedGroup.objects.visible_to(request.user).of(found)


def earlier_than(request, publication, groups):
    """The last publication of another round before it, or None, and what these groups were in it; as far as the user may read.

    Nothing of what cannot be compared.
    """
    rows = Publication.objects.visible_to(request.user).before(publication).defer("memberships").select_related("round")
    found = rows.first()
    if found is None or tables.incomparable(publication.round.catalogue, found.round.catalogue):
        return found, {}
    then = PublishedGroup.objects.visible_to(request.user).of(found).like(groups)
    return found, {group.of: group for group in then}


@require_GET
def publication(request, pk):
    """One relation to the Soll, of every competency, for the whole and some groups beside it."""
    found, groups = published(request, pk)
    page = Paginator(groups.parts(), COLUMNS).get_page(request.GET.get("seite"))
    columns = [*groups.whole(), *page]
    views, chosen = tables.views_of(columns), request.GET.get("zeigt")
    chosen = chosen if chosen in views else "unter"
    earlier, then = earlier_than(request, found, columns)
    context = {
        "publication": found,
        "earlier": earlier,
        "incomparable": earlier and tables.incomparable(found.round.catalogue, earlier.round.catalogue),
        "views": views.items(),
        "tells_measures": len(views) == len(tables.VIEWS),
        "chosen": chosen,
        "columns": columns,
        "categories": tables.heat_map(found.round.catalogue, columns, list(tables.VIEWS).index(chosen), then),
        "page": page,
        "query": f"zeigt={chosen}",
        "sees_all": Publication.objects.told_whole_to(request.user).filter(pk=pk).exists(),
    }
    return render(request, "results/publication.html", context)


@require_GET
def competency(request, pk, competency):
    """One competency in every group, with its levels."""
    found, groups = published(request, pk)
    catalogue = found.round.catalogue
    if competency not in catalogue.by_id:
        raise Http404
    chosen = catalogue.by_id[competency]
    page = page_of(request, groups)
    views = tables.views_of(page)
    columns = [*catalogue.scale.names, *views.values()]  # two levels may be called alike
    found_of = [tables.told(group, chosen) for group in page]
    context = {
        "publication": found,
        "competency": chosen,
        "scale": catalogue.scale,
        "page": page,
        "columns": columns,
        "rows": [(one, list(zip(columns, [*one.levels, *one.views[: len(views)]], strict=True))) for one in found_of],
    }
    return render(request, "results/competency.html", context)


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def introduce(request, pk):
    """What HR says at the beginning of the report; who it was and when stands there."""
    rows = Publication.objects.written_by(request.user).defer("memberships").select_related("round")
    found = get_object_or_404(held(request, rows), pk=pk)
    form = IntroductionForm(request.POST or None, instance=found)
    if form.is_valid() and not form.is_outdated():
        if form.has_changed():
            found.introduction_by, found.introduction_on = request.user, timezone.localdate()
            found.save(update_fields=["introduction", "introduction_by", "introduction_on"])
        messages.success(request, "Die Einleitung ist gespeichert.")
        return redirect("results:report", pk)
    return render(request, "results/report.html", {"form": form, "publication": found})


@require_http_methods(["GET", "POST"])
def workbook(request, pk):
    """Of many groups a file that is made in the background."""
    found, groups = published(request, pk)
    return handed_out(
        request,
        outputs.WORKBOOK,
        subject=f"{pk} for {request.user.pk}",
        title=f"Auswertung: {found.round}",
        items=list(groups.values_list("pk", flat=True)),
        for_hr=False,
        publication=pk,
    )


@require_GET
def as_json(request, pk):
    found, groups = published(request, pk)
    return JsonResponse(outputs.as_json(found, groups), json_dumps_params={"ensure_ascii": False})
