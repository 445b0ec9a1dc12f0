"""System checks of results."""

from django.conf import settings
from django.core.checks import Error, register

from kompetenz.people.crowd import LEAST


@register
def results_minimum_makes_sense(app_configs, **kwargs):
    """Of fewer people anybody who knows them guesses whose number is whose."""
    if settings.RESULTS_MINIMUM >= LEAST:
        return []
    return [
        Error(
            f"RESULTS_MINIMUM ist {settings.RESULTS_MINIMUM} und muss mindestens {LEAST} sein.",
            hint="So viele vereinbarte Gespräche braucht eine Gruppe, damit eine Auswertung Zahlen von ihr zeigt.",
            id="kompetenz.E003",
        )
    ]
