"""What is kept how long, what is going to be erased, and what was: for HR and auditors, in numbers."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.rounds.overview import left_running
from kompetenz.jobs.queue import last_run
from kompetenz.lists import page_of
from kompetenz.privacy.models import CarriedOut, Erasure, Notice
from kompetenz.privacy.rules import RULES

from .carrying_out import is_late, look
from .troubles import troubles
from .wording import period_of

LATEST = 50  # erasures on request that are shown


@require_GET
def retention(request):
    """The rules with their periods, the pending notices, what was carried out and what was not, and who was erased on
    request: by number.
    """
    if not (request.user.is_hr or request.user.is_auditor):
        raise Http404
    looked_on = last_run(look)
    context = {
        "looked_on": looked_on,
        "nobody_looks": is_late(looked_on),
        "notices": Notice.objects.visible_to(request.user).pending(),
        "troubles": troubles(),
        "left_running": left_running(timezone.localdate()),
        "erasures": Erasure.objects.visible_to(request.user).select_related("by")[:LATEST],
        "listed": period_of(RULES["erasures"], dative=True),
        "rules": [(rule, period_of(rule)) for rule in RULES.values()],
        "page": page_of(request, CarriedOut.objects.visible_to(request.user)),
        "ahead": settings.RETENTION_DAYS["notice"],
    }
    return render(request, "privacy/retention.html", context)
