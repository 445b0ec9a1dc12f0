"""Fitting a role profile to one's own administration."""

from django.db import transaction
from django.utils import timezone

from .models import Requirement


@transaction.atomic
def fit_profile(*, profile, requirements):
    """Save the profile with those of its ``requirements`` that have changed; these rest on HR's own decision now."""
    for requirement in requirements:
        requirement.profile, requirement.ground = profile, Requirement.Ground.OWN
    Requirement.objects.bulk_create(
        requirements,
        update_conflicts=True,
        unique_fields=["profile", "competency"],
        update_fields=["level", "necessity", "ground"],
    )
    profile.changed_at = timezone.now()
    profile.save()
    return profile
