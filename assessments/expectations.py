"""How a manager's expectations flow into the frozen Soll of one person (paper 4.3.1)."""

from django.db import transaction
from django.utils import timezone

from .models import Participation, Progress, Round


@transaction.atomic
def adjust_target(*, participation, form):
    """Set one competency's Soll from a valid TargetForm; True if it was written.

    Only in an open round and until the self-assessment is released. A level other than the
    profile's needs a reason; going back to the profile's level takes the reason away.
    What is wrong is added to ``form``.
    """
    level, reason = form.cleaned_data["level"], form.cleaned_data["reason"].strip()
    locked = Participation.objects.select_for_update(of=("self",)).filter(
        pk=participation.pk, round__state=Round.State.OPEN, self_state__lt=Progress.RELEASED
    )
    target = participation.targets.filter(
        competency=form.cleaned_data["competency"], participation__in=list(locked)
    ).first()
    if target is None:
        form.add_error(None, "Das Soll steht fest: Die Selbsteinschätzung ist inzwischen freigegeben.")
        return False
    if level != target.profile_level and not reason:
        form.add_error("reason", "Bitte begründen Sie, warum das Soll vom Rollenprofil abweicht.")
        return False
    target.level = level
    target.reason = reason if target.is_adjusted else ""
    target.adjusted_on = timezone.localdate() if target.is_adjusted else None
    target.save()
    return True
