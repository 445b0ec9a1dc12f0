"""Runs inside the app: asks for the documents of a round, and says what has become of them."""

import json
import sys

import django

django.setup()

from assessments.models import Round  # noqa: E402
from kompetenz.demo.accounts import BY_KEY  # noqa: E402
from kompetenz.people.models import Person  # noqa: E402
from learningplans import bundling  # noqa: E402
from learningplans.models import Bundle, BundleDocument  # noqa: E402


def ask(count):
    """Ask for so many plans of the round that has ended, in full: with goals, levels and the wheel."""
    round_ = Round.objects.get(state=Round.State.CLOSED)
    Round.objects.filter(pk=round_.pk).update(shows_levels_to_hr=True)
    bundle = bundling.begin_bundle(round_=round_, by=Person.objects.get(email=BY_KEY["hr"].email))
    plans = bundle.documents.filter(kind=BundleDocument.Kind.PLAN).values("pk")[: int(count)]
    bundle.documents.exclude(pk__in=list(plans.values_list("pk", flat=True))).delete()
    return bundle.documents.count()


def standing():
    """Seconds from the question to the last document (None before), documents made, problems, and bytes together."""
    bundle = Bundle.objects.get()
    found = bundling.standing(bundle)
    seconds = (bundle.finished_at - bundle.requested_at).total_seconds() if bundle.finished_at else None
    return {"seconds": seconds, "made": found.made, "problems": found.problems, "size": found.size}


if __name__ == "__main__":
    print(json.dumps({"ask": ask, "standing": standing}[sys.argv[1]](*sys.argv[2:])))
