"""Everybody asks for everything about themselves."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kompetenz.jobs.batches import answer
from kompetenz.jobs.models import Job
from kompetenz.people.once import once
from kompetenz.privacy.rules import TABLES

from .gathering import DAYS_ALONE
from .handing_out import AUSKUNFT, ask


@require_http_methods(["GET", "POST"])
@once
def subject_access(request):
    """What it is, the ones of the last days, and the button that has one made."""
    if request.method == "POST":
        return answer(request, ask(request.user))
    made = Job.objects.visible_to(request.user).of(AUSKUNFT, request.user.pk).light()
    left_out = [*((table.name, table.withheld_whole) for table in TABLES if table.withheld_whole), DAYS_ALONE]
    return render(request, "privacy/subject_access.html", {"made": made, "left_out": left_out})
