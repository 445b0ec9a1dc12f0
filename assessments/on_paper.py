"""What of a participation is handed out on paper, one at a time or for a whole round. All raise PdfUnavailable."""

from django.utils import timezone

from kompetenz import wheel as wheels
from kompetenz.documents import render_pdf

from .comparison import Comparison


def comparison_pdf(participation, user):
    """The comparison; the same rows that the page shows ``user``, who may open it."""
    seen = Comparison(participation, user)
    rows = seen.rows()
    context = {
        "title": "Kompetenzvergleich",
        "comparison": seen,
        "rows": rows,
        "reasons": [row for row in rows if row.reason],
        "wheel_svg": wheels.svg(seen.wheel()),
        "acknowledgements": seen.talk.acknowledgements.select_related("by").order_by("-side")
        if seen.talk and seen.shows_words
        else [],
    }
    return render_pdf("documents/comparison.html", framed(participation) | context)


def empty_form_pdf(participation, *, is_self):
    """The form to fill in by hand, for the person or else for their manager."""
    context = {
        "title": "Selbsteinschätzung" if is_self else "Fremdeinschätzung",
        "categories": participation.round.catalogue.categories,
        "is_self": is_self,
    }
    return render_pdf("documents/empty_form.html", framed(participation) | context)


def framed(participation):
    """What stands on every paper of a participation."""
    round_ = participation.round
    return {"participation": participation, "round": round_, "subtitle": round_.title, "stand": timezone.localdate()}
