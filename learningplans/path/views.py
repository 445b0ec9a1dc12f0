"""The Lernpfad on the plan's page, and as a picture of its own for pages without JavaScript."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from learningplans.contents.plan import contents_for
from learningplans.models import LearningPlan
from learningplans.timeline import figure_json, heights, mark_rows, rows, summary, svg

from .learning_path import learning_path


def path_context(plan, contents):
    """What learningplans/_path.html shows."""
    path = learning_path(plan, contents)
    return {
        "path": path,
        "path_json": figure_json(path.timeline),
        "path_picture": svg(path.timeline),
        "path_heights": heights(path.timeline),
        "path_label": summary(path.timeline),
        "path_rows": rows(path.timeline),
        "path_marks": mark_rows(path.timeline),
    }


@require_GET
def picture(request, pk):
    plan = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    path = learning_path(plan, contents_for(plan, request.user))
    return HttpResponse(svg(path.timeline), content_type="image/svg+xml")
