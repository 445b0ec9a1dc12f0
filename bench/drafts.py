"""Runs inside the app: whose drafts a load test may answer, and what the database holds of them afterwards."""

import json
import sys

import django

django.setup()

from assessments.models import Assessment, Rating  # noqa: E402
from bench.inside import TOKEN, cookie_of  # noqa: E402


def drafts(count):
    """Unreleased self-assessments of the running round, each with the headers its author sends."""
    found = Assessment.objects.filter(kind=Assessment.Kind.SELF, released_at=None, participation__round__state="open")
    people = (
        found.exclude(rater__email=None).select_related("rater", "participation__round").order_by("pk")[: int(count)]
    )
    return [
        {
            "assessment": assessment.pk,
            "was": {pk: "x" if level is None else level for pk, level in assessment.levels().items()},
            "competencies": [c.id for c in assessment.participation.round.catalogue.competencies],
            "headers": {
                "Cookie": cookie_of(assessment.rater),
                "X-CSRFToken": TOKEN,
                "HX-Request": "true",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        }
        for assessment in people
    ]


def stored(*assessments):
    levels = {pk: {} for pk in assessments}
    rows = Rating.objects.filter(assessment__in=assessments).values_list("assessment", "competency", "level")
    for pk, competency, level in rows:
        levels[str(pk)][str(competency)] = level
    return levels


if __name__ == "__main__":
    print(json.dumps({"drafts": drafts, "stored": stored}[sys.argv[1]](*sys.argv[2:])))
