"""What the demo district offers its people to learn: the courses, workshops and programmes of texts.py."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from assessments.rounds.schedule import working_day_until
from kompetenz.catalogue.models import Competency
from learningplans.models import LearningFormat, Offer

from . import texts

DATED = {"seminare-schulungen", "vortraege-workshops"}  # formats whose offers take place on certain days
WEEKS_APART = 2
HOURS_A_DAY = 8


def publish():
    """Every idea that is open to all as an offer; those with a date lie some weeks apart from today on."""
    competencies = {competency.key: competency for competency in Competency.objects.all()}
    formats = {found.key: found for found in LearningFormat.objects.all()}
    day = timezone.localdate()
    for key, aim in texts.AIMS.items():
        for idea in aim.ideas:
            if not idea.offered_as:
                continue
            begins = working_day_until(day := day + timedelta(weeks=WEEKS_APART)) if idea.format in DATED else None
            offer = Offer.objects.create(
                format=formats[idea.format],
                title=idea.offered_as,
                provider=idea.provider,
                hours=None if idea.hours is None else Decimal(idea.hours),
                cost=None if idea.cost is None else Decimal(idea.cost),
                first_day=begins,
                last_day=begins and working_day_until(begins + timedelta(days=(idea.hours - 1) // HOURS_A_DAY)),
            )
            offer.competencies.add(*(competencies[one] for one in (key, *idea.also)))
