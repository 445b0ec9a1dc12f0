"""HR's page with the letters of a round."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Round
from assessments.telling.samples import in_groups, samples
from kompetenz.letters.models import gets_mail
from kompetenz.letters.trying import send_trial
from kompetenz.letters.wording import message_of
from kompetenz.people.access import for_hr


@require_http_methods(["GET", "POST"])
@for_hr
def letters(request, pk):
    """What each kind of letter says; one is sent to whoever looks, as a trial."""
    round_ = get_object_or_404(Round.objects.run_by(request.user).settled(), pk=pk)
    found = samples(round_, request.user)
    if request.method == "POST":
        for name, title, these in found:
            if name == request.POST.get("brief") and gets_mail(request.user):
                send_trial.enqueue(request.user.pk, [[one.kind, one.key, one.path] for one in these])
                messages.success(request, f"Probe unterwegs an {request.user.email}: {title}")
        return redirect("assessments:round_letters", pk)
    read = [(name, title, message_of(*these)) for name, title, these in found]
    context = {"round": round_, "groups": in_groups(read), "a_week": settings.LETTERS_A_WEEK}
    return render(request, "assessments/round_letters.html", context)
