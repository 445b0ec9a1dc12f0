"""Fitting a role profile to one's own administration."""

from django.db import transaction
from django.utils import timezone

from .models import Requirement, RoleProfile

WORDS = ["name", "description", "tasks"]


@transaction.atomic
def fit_profile(*, profile, by, requirements, words=()):
    """Save those of the profile's ``requirements`` that have changed; these rest on HR's own decision now.

    ``words`` names the fields that ``profile`` brings along (see WORDS); the others stay as they are in the
    database. Raises RoleProfile.DoesNotExist if the profile is not ``by``'s to change, or not any more.
    """
    # Locked, so that a round that opens now copies the requirements before or after, never in between.
    RoleProfile.objects.editable_by(by).select_for_update().get(pk=profile.pk)
    for requirement in requirements:
        requirement.profile, requirement.ground = profile, Requirement.Ground.OWN
    Requirement.objects.bulk_create(
        requirements,
        update_conflicts=True,
        unique_fields=["profile", "competency"],
        update_fields=["level", "necessity", "ground"],
    )
    profile.changed_at = timezone.now()
    profile.save(update_fields=[*words, "changed_at"])
    return profile
