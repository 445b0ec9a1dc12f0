"""Where a round hides the Soll, the person does not find it in their role's profile either, until they have released."""

from assessments.models import Participation, Progress, Round
from kompetenz import hooks
from roles.models import RoleHolding


@hooks.register("hidden_profiles")
def hidden_from(user):
    """The profile they take part with, and the one of the role they have today; see Participation.shows_target_to."""
    waiting = Participation.objects.of_person(user).filter(round__in=Round.objects.open().filter(hides_target=True))
    profiles = list(waiting.exclude(self_state=Progress.RELEASED).values_list("profile", flat=True))
    today = RoleHolding.objects.current().of_person(user).values_list("profile", flat=True) if profiles else []
    return [*profiles, *today]
