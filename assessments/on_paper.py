"""What of a participation is handed out on paper, one at a time or for a whole round. All raise PdfUnavailable."""

from django.utils import timezone

from kompetenz import wheel as wheels
from kompetenz.documents import render_pdf

from .comparison import Comparison
from .stock_taking import WORDING


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


def empty_form_pdf(participation, user, *, is_self):
    """The form to fill in by hand, for the person or else for their manager, as ``user`` prints it."""
    targets = targets_on_paper(participation, user) if is_self else {}
    context = {
        "title": "Selbsteinschätzung" if is_self else "Fremdeinschätzung",
        "categories": [
            (category, [(competency, targets.get(competency.id, "")) for competency in category.competencies])
            for category in participation.round.catalogue.categories
        ],
        "is_self": is_self,
        "questions": WORDING.values() if is_self else [],
    }
    return render_pdf("documents/empty_form.html", framed(participation) | context)


def targets_on_paper(participation, user):
    """The names of the Soll's levels by competency, where the person is shown it and so is ``user``, who prints it.

    A person who shall rate themself first is not shown it yet; HR is not, unless the round shows it levels.
    """
    seen_by_user = participation.is_shared_with(user) or participation.round.shows_levels_to_hr
    if not (seen_by_user and participation.shows_target_to(participation.person)):
        return {}
    return {target.competency_id: target.get_level_display() for target in participation.targets.all()}


def framed(participation):
    """What stands on every paper of a participation."""
    round_ = participation.round
    return {"participation": participation, "round": round_, "subtitle": round_.title, "stand": timezone.localdate()}
