"""HR's pages about people as lists: which were taken over, what each has changed, taking the last one back, everybody as a list."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.jobs.batches import answer, handed_out
from kompetenz.jobs.models import Job
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person, StaffImport
from kompetenz.refusals import Refused

from .exporting import EXPORT
from .history import DIFFERENCE, KEPT
from .long_lists import STAFF, TAKING_OVER
from .taking_back import begin_taking_back, may_be_taken_back


@require_GET
@for_hr
def history(request):
    """The lists that were taken over, the last one first."""
    rows = StaffImport.objects.select_related("taken_over_by", "taken_back_by")
    page = page_of(request, rows.defer("difference"))
    half_done = next((one for one in page if not (one.is_finished or one.taken_back_at)), None)
    at_work = half_done if half_done and Job.objects.unfinished().of(TAKING_OVER, STAFF).exists() else None
    last = StaffImport.objects.filter(taken_back_at=None).first()
    takes_back = last if last and may_be_taken_back(last) else None
    context = {"page": page, "takes_back": takes_back, "at_work": at_work, "kept": KEPT.days}
    return render(request, "people/staff_history.html", context)


@require_http_methods(["GET", "POST"])
@for_hr
def difference(request, pk):
    """What a list has changed, field by field, as a workbook."""
    noted = get_object_or_404(StaffImport, pk=pk)
    if noted.difference is None:
        return redirect("people:staff_history")
    many = list(range(noted.new + noted.changed + noted.left))
    return handed_out(request, DIFFERENCE, subject=pk, title=f"Unterschied: {noted}", items=many)


@require_POST
@for_hr
def take_back(request, pk):
    """Take the last list back, unless something was built on it."""
    noted = get_object_or_404(StaffImport, pk=pk)
    try:
        return answer(request, begin_taking_back(noted, by=request.user))
    except Refused as reason:
        messages.warning(request, str(reason))
        return redirect("people:staff_history")


@require_http_methods(["GET", "POST"])
@for_hr
def export(request):
    """Everybody who works here and has a number, in the columns of the template."""
    people = Person.objects.administered_by(request.user).employed().exclude(personnel_number=None)
    ids = list(people.values_list("pk", flat=True))
    return handed_out(request, EXPORT, subject="people", title="Personalliste", items=ids)
