"""The Lernpfad on the plan's page, and as a picture of its own for pages without JavaScript."""

from learningplans.timeline import figure, figure_json, heights, mark_rows, rows, summary, svg

from .learning_path import learning_path


def path_context(plan, contents):
    """What learningplans/_path.html shows."""
    path = learning_path(plan, contents)
    drawn = figure(path.timeline)
    return {
        "path": path,
        "path_json": figure_json(drawn),
        "path_picture": svg(path.timeline),
        "path_heights": heights(drawn),
        "path_label": summary(path.timeline),
        "path_rows": rows(path.timeline),
        "path_marks": mark_rows(path.timeline),
    }
