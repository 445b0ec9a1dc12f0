"""One participation: where it stands, and Soll, Selbst, Fremd and vereinbart side by side."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.answering import saving
from assessments.answering.stock_taking import readable
from assessments.changes.adjusting import NeedsReason, adjust_targets
from assessments.changes.forms import TargetsForm
from assessments.changes.since_the_start import since_start
from assessments.from_above import earlier_notes
from assessments.models import Assessment, Participation, PlanProgress
from assessments.models.accesses import What, read
from assessments.talk.comparison import Comparison, own_side_of
from assessments.talk.ways_on import may_adjust, ways_on
from assessments.telling import next_step
from assessments.telling.absence import nobody_leads
from kompetenz import hooks
from kompetenz import wheel as wheels
from kompetenz.forms.stamp import held, holds
from kompetenz.in_vain import saved_nowhere
from kompetenz.prepared import prepared
from kompetenz.refusals import TooLate

ADJUSTED = "Das Soll ist angepasst. Die Person sieht beide Stufen nebeneinander."
AS_IN_THE_PROFILE = "Gespeichert. Wo Sie etwas geändert haben, gilt wieder das Soll des Rollenprofils."


def visible(request, pk):
    return visible_to.get_or_404(request.user, pk)


@prepared
def visible_to(user, pk):
    acts = ("talk__recorded_by", "talk__recorded_for", "talk__returned_by")
    return Participation.objects.visible_to(user).filter(pk=pk).select_related("round", "person", "manager", *acts)


def compared(request, pk):
    """One whose comparison there is: of who does not take part nothing is drawn or printed."""
    participation = visible(request, pk)
    if not participation.takes_part:
        raise Http404
    return participation


@require_GET
def participation(request, pk):
    """State and next step; the comparison as far as this reader may see it."""
    found = visible(request, pk)
    if not found.takes_part:
        return declined(request, found)
    read(request, What.COMPARISON, found)
    comparison = Comparison(found, request.user)
    context = {
        "participation": found,
        "round": found.round,
        "comparison": comparison,
        "scale": comparison.catalogue.scale,
        "groups": comparison.groups(),
        "wheel": wheels.on_page(comparison.wheel()),
        **of_the_reader(found, request.user, comparison),
        "earlier_notes": earlier_notes(found, request.user),
        "today": timezone.localdate(),
        "nobody_leads": nobody_leads(found) if found.person_id == request.user.pk else "",
        **since_start(found, comparison),
    }
    return render(request, "assessments/participation.html", context)


def declined(request, participation):
    """All there is of who does not take part: that they do not, and for them the way back."""
    is_person = participation.person_id == request.user.pk
    context = {"participation": participation, "round": participation.round, "is_person": is_person}
    return render(request, "assessments/participation_declined.html", context)


def of_the_reader(participation, user, comparison):
    """Who looks at the page, and what they can do from here."""
    own, stock_taking = own_side_of.first(user, participation.pk), readable(participation, user)
    is_manager = participation.is_managed_by(user)
    return {
        "is_person": participation.person_id == user.pk,
        "is_manager": is_manager,
        "is_of_team": is_manager or participation.is_opened_to(user),
        "own_assessment": own,
        "other_rounds": other_rounds(participation, user),
        "returnable": returnable(participation, own, user),
        "ways": ways_on(participation, user, own=own, comparison=comparison, stock_taking=stock_taking),
    }


def other_rounds(participation, user):
    """For who leads the person their other rounds, with what comes next in each; one query, two with drafts of plans."""
    if not participation.is_managed_by(user):
        return []
    rows = Participation.objects.managed_by(user).of_person(participation.person_id).exclude(pk=participation.pk)
    found = list(rows.for_team_page())
    drafts = [row.pk for row in found if row.plan_state == PlanProgress.DRAFT]
    plans = hooks.ask_for_all("plan_dates", drafts) if drafts else []
    agreed_to = {pk for pk, *_, has_agreed in plans if has_agreed}
    for row in found:
        row.next_step = next_step.for_manager(row, has_agreed=row.pk in agreed_to)
    return found


def returnable(participation, own, user):
    """Until whose release the user can take their own back, a name; empty if they cannot. No query once both have released.

    What others have released for somebody from a signed paper is theirs to take back after that, too.
    """
    if own is None or own.released_at is None or (participation.both_released and not own.checked_on):
        return ""
    own.participation = participation
    found = Assessment.objects.returnable_by(user).filter(pk=own.pk)
    return saving.partner_in(own) if found.exists() else ""


@require_http_methods(["GET", "POST"])
@holds
def targets(request, pk):
    """The manager's expectations of this person's role, before the person releases or their paper is typed in (paper 4.3.1)."""
    managed = Participation.objects.managed_by(request.user).taking_part().select_related("round", "person")
    found = get_object_or_404(held(request, managed), pk=pk)
    if not may_adjust(found, request.user):
        told = (
            "Das Soll steht fest: Die Selbsteinschätzung ist eingetragen oder freigegeben, oder die Runde ist beendet."
        )
        return saved_nowhere(request, told, found.get_absolute_url())
    read(request, What.TARGETS, found)
    catalogue, targets = found.round.catalogue, found.targets.select_related("adjusted_by", "adjusted_for")
    form = TargetsForm(request.POST or None, targets=targets, catalogue=catalogue)
    if form.is_valid() and adjusted(found, form, request.user):
        told = ADJUSTED if form.adjusts else AS_IN_THE_PROFILE
        messages.success(request, told if form.changes else "Es hat sich nichts geändert.")
        return redirect("assessments:targets", pk)
    context = {
        "participation": found,
        "round": found.round,
        "rows": [(category, form.rows_of(category.competencies)) for category in catalogue.categories],
        "form": form,
        "scale": catalogue.scale,
    }
    return render(request, "assessments/targets.html", context)


def adjusted(participation, form, by):
    """Whether what the valid ``form`` says is the Soll now; else the form says why not."""
    try:
        adjust_targets(participation=participation, changes=form.changes, by=by)
    except NeedsReason as problem:
        for competency in problem.competencies:
            form.refuse(competency, problem)
    except TooLate as problem:
        form.add_error(None, str(problem))
    return form.is_valid()
