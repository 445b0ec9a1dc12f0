"""Runs inside the app: asks for the documents of a round, and says what has become of them."""

import json
import os
import sys

import django

django.setup()

from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessments.models import Round  # noqa: E402
from bench.inside import cookie_of, request  # noqa: E402
from kompetenz.demo.accounts import BY_KEY  # noqa: E402
from kompetenz.people.models import Person  # noqa: E402
from learningplans.models import Bundle, BundleDocument  # noqa: E402
from learningplans.round_documents import bundling  # noqa: E402


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
    found = bundling.progress_of(bundle)
    seconds = (bundle.finished_at - bundle.requested_at).total_seconds() if bundle.finished_at else None
    return {"seconds": seconds, "made": found.made, "problems": found.problems, "size": found.size}


def pretend(size):
    """Documents that are made already, each of so many bytes; gives the request for their ZIP."""
    round_, hr = Round.objects.get(state=Round.State.CLOSED), Person.objects.get(email=BY_KEY["hr"].email)
    bundle = bundling.begin_bundle(round_=round_, by=hr)
    for document in bundle.documents.all():
        document.content, document.done_at = os.urandom(int(size)), timezone.now()
        document.save()
    Bundle.objects.filter(pk=bundle.pk).update(finished_at=timezone.now())
    return request(reverse("learningplans:round_documents_zip", args=[round_.pk]), cookie_of(hr))


if __name__ == "__main__":
    print(json.dumps({"ask": ask, "standing": standing, "pretend": pretend}[sys.argv[1]](*sys.argv[2:])))
