"""What of a participation is handed out on paper, one at a time or for a whole round: the comparison and the empty form."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from assessments.answering.stock_taking import WORDING
from assessments.models import Participation, Round, in_place_of, signer
from assessments.models.accesses import How, What, read
from assessments.talk.comparison import Comparison
from assessments.talk.views.comparison import compared
from kompetenz import wheel as wheels
from kompetenz.documents import printed, render_pdf, side_by_side
from kompetenz.people.access import for_hr

# The papers; all raise PdfUnavailable -------------------------------------------------------------------


def comparison_pdf(participation, user):
    """The comparison; the same rows that the page shows ``user``, who may open it."""
    seen = Comparison(participation, user)
    rows = seen.rows()
    context = {
        "title": "Kompetenzvergleich",
        "facts": side_by_side([*about(participation), *about_comparison(seen)]),
        "comparison": seen,
        "scale": seen.catalogue.scale,
        "rows": rows,
        "adjusted": [row for row in rows if row.target and row.target.is_adjusted] if seen.shows_words else [],
        "reasons": [row for row in rows if row.reason],
        "remarked": [row for row in rows if row.own_remark or row.manager_remark],
        "wheel_svg": wheels.svg(seen.wheel()),
        "signers": both(participation, seen.talk and seen.talk.signs_for_the_manager),
        "agreed": "Beide erhalten eine Ausfertigung. Kenntnisnahme heißt nicht Zustimmung.",
    }
    return render_pdf("documents/comparison.html", head(participation) | context)


def about_comparison(seen):
    """What its facts say of who has rated, and of the talk as far as the reader may know."""
    yield "Frühere Einschätzungen", seen.earlier
    yield "Selbsteinschätzung", seen.entered
    yield "Fremdeinschätzung", seen.released_by
    if seen.talk and seen.talk.held_on and seen.shows_words:
        held = ", ".join(filter(None, [date_format(seen.talk.held_on), seen.talk.place]))
        yield "Gespräch", f"{held}; weitere Beteiligte: {seen.talk.attendees}" if seen.talk.attendees else held


def empty_form_pdf(participation, user, *, is_self):
    """The form to fill in by hand, for the person or else for their manager, as ``user`` prints it."""
    return render_pdf(*empty_form_paper(participation, user, is_self=is_self))


def empty_form_paper(participation, user, *, is_self):
    """Template and context of it, see render_together."""
    targets = targets_on_paper(participation, user) if is_self else {}
    catalogue = participation.round.catalogue
    context = {
        "title": "Selbsteinschätzung" if is_self else "Fremdeinschätzung",
        "facts": side_by_side([*about(participation), *about_form(participation, is_self)]),
        "signers": [both(participation)[0] if is_self else who_fills_in(participation, user)],
        "categories": [
            (
                category,
                [(one, targets.get(one.id, ""), catalogue.levels_as_text[one.id]) for one in category.competencies],
            )
            for category in catalogue.categories
        ],
        "scale": catalogue.scale,
        "is_self": is_self,
        "questions": WORDING.values() if is_self else [],
    }
    return "documents/empty_form.html", head(participation) | context


def who_fills_in(participation, user):
    """Who signs the Fremdeinschätzung that ``user`` prints: a deputy prints it for themself."""
    return signer(participation, user, in_place_of(participation, user))


def about_form(participation, is_self):
    due = participation.self_due if is_self else participation.manager_due
    yield "Abgabe bis", date_format(due)


def targets_on_paper(participation, user):
    """The names of the Soll's levels by competency, where the person is shown it and so is ``user``, who prints it.

    A person who shall rate themself first is not shown it yet; HR is not, unless the round shows it levels.
    """
    seen_by_user = participation.is_shared_with(user) or participation.round.shows_levels_to_hr
    if not (seen_by_user and participation.shows_target_to(participation.person)):
        return {}
    names = participation.round.catalogue.scale.names
    return {target.competency_id: names[target.level] for target in participation.targets.all()}


def head(participation):
    """What stands at the head and foot of every paper of a participation, and of its plan."""
    round_ = participation.round
    about_whom = {"participation": participation, "person": participation.person_name}
    return about_whom | {"round": round_, "subtitle": round_.title, "stand": timezone.localdate()}


def about(participation):
    """The facts that every paper of a participation begins with."""
    return [
        ("Rolle", participation.role_name),
        ("Personalnummer", participation.person.personnel_number),
        ("Einheit", participation.unit_name),
        ("Führungskraft", participation.manager_name),
    ]


def both(participation, manager=None):
    """Who signs what two have recorded, each with their capacity; for the manager's side ``manager``, if somebody has acted there."""
    return [
        (participation.person_name, participation.role_name),
        manager or (participation.manager_name, "Führungskraft"),
    ]


def named(participation):
    """Whom and what a file is about, see file_name; of two who are called alike with their numbers, for both may lie in one folder."""
    person = participation.person
    has_namesake = participation.round.participations.called_like(participation).exists()
    who = f"{person.listed_as} {person.personnel_number or ''}" if has_namesake else person.listed_as
    return who, participation.round.title


# Handed out ------------------------------------------------------------------------------------------------


@require_GET
def comparison(request, pk):
    """The comparison as a tagged A4 PDF; the same rows that the page shows this reader."""
    found = compared(request, pk)
    read(request, What.COMPARISON, found, How.TAKEN)
    make = partial(comparison_pdf, found, request.user)
    return printed(request, make, "Kompetenzvergleich", *named(found), back=found)


@require_GET
def own_form(request, pk):
    """The empty form of whichever side asks; a manager also gets the person's, to hand it to them."""
    rows = Participation.objects.shared_with(request.user).taking_part().select_related("round__responsible", "person")
    found = get_object_or_404(rows, pk=pk)
    is_self = found.person_id == request.user.pk or request.GET.get("bogen") == "selbst"
    return empty_form(request, found, is_self=is_self, back=found)


@require_GET
@for_hr
def handed_out_form(request, pk, participation):
    """The empty Selbsteinschätzung that HR hands to somebody without a workplace computer."""
    round_ = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    found = get_object_or_404(
        round_.participations.taking_part().select_related("round__responsible", "person"), pk=participation
    )
    return empty_form(request, found, is_self=True, back=found.round)


def empty_form(request, found, *, is_self, back):
    read(request, What.FORM, found, How.TAKEN)
    make = partial(empty_form_pdf, found, request.user, is_self=is_self)
    return printed(request, make, "Einschätzungsbogen", *named(found), back=back)
