"""HR erases one person on request: first what hangs on it is said, then it is confirmed by name and number."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kompetenz.jobs.batches import answer
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person
from kompetenz.people.once import once
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused

from .erasing import begin_erasing
from .forms import EraseForm
from .hanging import hanging_on


def whom(request, pk):
    """The person; that HR reads what there is of them is noted: they may be looked at and never erased."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    accesses.shown_to_hr(request, Access.What.MASTER_DATA, [person.pk])
    return person


@require_GET
@for_hr
def erase(request, pk):
    """What hangs on the person, what will be gone, and what has to be settled first."""
    person = whom(request, pk)
    return render(request, "privacy/erase.html", {"person": person, "hanging": hanging_on(person, request.user)})


@require_http_methods(["GET", "POST"])
@once
@for_hr
def confirm(request, pk):
    """Name and number, and it is done in the background."""
    person = whom(request, pk)
    if hanging_on(person, request.user).obstacles:
        return redirect("privacy:erase", pk)
    form = EraseForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            return answer(request, begin_erasing(person=person, by=request.user))
        except Refused as problem:
            form.add_error(None, str(problem))
    return render(request, "privacy/erase_confirm.html", {"person": person, "form": form})
