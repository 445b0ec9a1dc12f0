"""System checks of rounds."""

from django.conf import settings
from django.core.checks import Error, register

from assessments.models import PeerNomination

from .distribution import LEAST


@register
def peer_minimum_makes_sense(app_configs, **kwargs):
    """Of one or two answers everybody knows whose they are; of more than may be asked there is never an answer."""
    if LEAST <= settings.PEER_MINIMUM <= PeerNomination.MOST:
        return []
    return [
        Error(
            f"PEER_MINIMUM ist {settings.PEER_MINIMUM} und muss zwischen {LEAST} und {PeerNomination.MOST} liegen.",
            hint="So viele Antworten aus dem Kollegium sind nötig, damit etwas gezeigt wird; üblich sind 5.",
            id="kompetenz.E001",
        )
    ]
