"""The Lernplan on paper, one at a time or for a whole round."""

from django.utils import timezone

from kompetenz.documents import render_pdf
from kompetenz.wheel import svg

from .contents import contents_for


def plan_pdf(plan, user):
    """The plan as a PDF with what ``user``, who may open it, may see of it; raises PdfUnavailable."""
    contents = contents_for(plan, user)
    context = {
        "title": "Lernplan",
        "subtitle": plan.participation.round.title,
        "stand": timezone.localdate(),
        "plan": plan,
        "participation": plan.participation,
        "contents": contents,
        "drawing": svg(contents.wheel) if contents.wheel else "",
    }
    return render_pdf("documents/learning_plan.html", context)
