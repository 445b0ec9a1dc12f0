"""The Bestandsaufnahme: the person writes it for themself and decides whether their manager reads it (paper 4.3.1)."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Participation, Round, StockTaking, as_it_is_now, why_over
from kompetenz.prepared import prepared
from kompetenz.refusals import TooLate

# The paper's five questions, by field.
WORDING = {
    "tasks": "Welche Aufgaben haben Sie zurzeit?",
    "existing": "Was können Sie schon, weil Ihre Aufgaben es verlangen?",
    "hidden": "Was können Sie außerdem, das bei der Arbeit bisher kaum gefragt war?",
    "to_build": "Was möchten Sie ausbauen, auffrischen oder neu lernen?",
    "conditions": "Was brauchen Sie dafür, und wer kann Sie unterstützen?",
}
WHAT_WENT_IN = [*StockTaking.QUESTIONS, "hours_per_month", "budget"]


STAYS = "Nicht gespeichert: Das Ergebnis des Gesprächs ist festgehalten, deshalb bleibt die Bestandsaufnahme geteilt."


def readable(participation, user):
    """The Bestandsaufnahme of this participation if ``user`` may read it, else None; one query."""
    return readable_by.first(user, participation.pk)


@prepared
def readable_by(user, participation):
    return StockTaking.objects.readable_by(user).filter(participation=participation)


def answers_in(stock_taking):
    """The five questions with what was written to each, "" where nothing was."""
    return [(question, getattr(stock_taking, field)) for field, question in WORDING.items()]


def last_before(participation, user):
    """The person's Bestandsaufnahme of the round before this one, if ``user`` may read it, else None; one query."""
    theirs = StockTaking.objects.readable_by(user).filter(participation__person=participation.person_id)
    earlier = theirs.filter(participation__round__opened_at__lt=participation.round.opened_at)
    return earlier.select_related("participation__round").order_by("-participation__round__opened_at").first()


def may_stop_sharing(participation):
    """Whether the person may still take the Bestandsaufnahme back from their manager."""
    return participation.round.is_open and not participation.talk_is_recorded


@transaction.atomic
def save_stock_taking(*, participation, answers, shares=None):
    """Save the person's answers, given by field; ``shares`` begins (True) or ends (False) sharing, None leaves it.

    Raises TooLate once the round has ended, or for an end of the sharing once the talk is recorded: what was shared for
    it can be read on.
    """
    # of: the round is only read along.
    rows = Participation.objects.taking_part().select_for_update(of=("self",)).select_related("round")
    held = rows.filter(pk=participation.pk, round__state=Round.State.OPEN).first()
    if held is None or not as_it_is_now(held).round.is_open:
        raise TooLate(f"Nicht gespeichert: {why_over(participation)}")
    found, is_new = StockTaking.objects.get_or_create(participation=held)
    if shares is False and found.shared_at and not may_stop_sharing(held):
        raise TooLate(STAYS)
    changed = [field for field in WHAT_WENT_IN if getattr(found, field) != answers[field]]
    for field in changed:
        setattr(found, field, answers[field])
    if shares is not None:
        found.shared_at = (found.shared_at or timezone.now()) if shares else None
    # What is only shared, or saved as it was, keeps its day.
    found.save(update_fields=[*changed, "shared_at", *(["changed_at"] if changed or is_new else [])])
    return found


def shared_frame(participation):
    """Hours per month and budget as the person has shared them for the plan, by field; empty if they have not."""
    shared = StockTaking.objects.filter(participation=participation, shared_at__isnull=False)
    return shared.values("hours_per_month", "budget").first() or {}
