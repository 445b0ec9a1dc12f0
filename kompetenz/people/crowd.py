"""How many people there are at least in what is told of many, in results and in goals alike."""

from django.conf import settings

LEAST = 5  # below which no set is ever shown, whatever an installation sets


def minimum():
    return max(settings.RESULTS_MINIMUM, LEAST)
