"""Where a round hides the Soll, the person does not find it in their role's profile either, until they have released."""

from assessments.models import Participation
from kompetenz import hooks
from roles.models import RoleHolding


@hooks.register("hidden_profiles")
def hidden_from(user):
    """The profile they take part with, and those they have today or will, which HR may yet take over.

    See Participation.shows_target_to.
    """
    profiles = list(Participation.objects.hiding_target_from(user).values_list("profile", flat=True))
    theirs = RoleHolding.objects.current_or_coming().of_person(user)
    return [*profiles, *theirs.values_list("profile", flat=True)] if profiles else []
