"""System checks of rounds."""

from django.conf import settings
from django.core.checks import Error, register

from kompetenz.public_holidays import LANDS


@register
def land_is_one(app_configs, **kwargs):
    """Of no Land that there is, no holidays are known."""
    if settings.LAND in {"", *LANDS}:
        return []
    return [
        Error(
            f"LAND ist {settings.LAND!r} und kein Bundesland.",
            hint=f"Möglich sind {', '.join(LANDS)}, oder nichts: Dann zählen nur bundesweite Feiertage.",
            id="kompetenz.E048",
        )
    ]
