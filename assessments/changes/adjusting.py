"""How a manager's expectations flow into the frozen Soll of one person (paper 4.3.1)."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Participation, Progress, Round, as_it_is_now, in_place_of, why_over
from assessments.models.accesses import How, What, note
from kompetenz.refusals import HANDED_OVER, Refused, TooLate


class NeedsReason(Refused):
    """Levels of ``competencies`` (ids) are others than the role profile's, and nobody has said why."""

    def __init__(self, competencies):
        self.competencies = competencies
        super().__init__("Bitte begründen Sie, warum das Soll vom Rollenprofil abweicht.")


@transaction.atomic
def adjust_targets(*, participation, changes, by):
    """Set the Soll of competencies, ``{id: (level, reason)}``, as ``by`` expects it: all of it or nothing.

    Only in an open round and until the self-assessment is released or typed in from paper, else TooLate. A level other than the profile's
    needs a reason, else NeedsReason, which names the competencies; going back to the profile's takes the reason away. What stands
    there just so already, perhaps by a deputy, keeps its name and day.
    """
    # Locked, so that a release or an entry in the same moment either sees the new Soll or refuses it.
    locked = (
        Participation.objects.taking_part()
        .select_for_update(of=("self",))
        .select_related("round")
        .filter(pk=participation.pk, round__state=Round.State.OPEN, self_state__lt=Progress.ENTERED)
    )
    open_ = [row for row in locked if as_it_is_now(row).round.is_open]
    if any(not row.is_managed_by(by) for row in open_):  # handed over while this has waited
        raise TooLate(HANDED_OVER)
    targets = list(participation.targets.filter(competency__in=changes, participation__in=open_))
    if len(targets) != len(changes):
        why = why_over(participation) or "Die Selbsteinschätzung ist inzwischen eingetragen oder freigegeben."
        raise TooLate(f"Das Soll steht fest: {why}")
    targets = [target for target in targets if changes[target.competency_id] != (target.level, target.reason)]
    for target in targets:
        target.level, reason = changes[target.competency_id]
        target.reason = reason if target.is_adjusted else ""
        target.adjusted_on = timezone.localdate() if target.is_adjusted else None
        target.adjusted_from = target.profile_level if target.is_adjusted else None
        target.adjusted_by = by if target.is_adjusted else None
        target.adjusted_for = in_place_of(participation, by) if target.is_adjusted else None
    lacking = [target.competency_id for target in targets if target.is_adjusted and not target.reason]
    if lacking:
        raise NeedsReason(lacking)
    noted = ["adjusted_on", "adjusted_by", "adjusted_for", "adjusted_from"]
    participation.targets.bulk_update(targets, ["level", "reason", *noted])
    if targets:
        note(by, What.TARGETS, How.CHANGED, participation)
