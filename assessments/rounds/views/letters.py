"""HR's page with the letters of a round."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Round
from assessments.telling.samples import samples
from kompetenz.letters.models import gets_mail
from kompetenz.letters.trying import send_trial
from kompetenz.letters.wording import message_of
from kompetenz.people.access import for_hr


@require_http_methods(["GET", "POST"])
@for_hr
def letters(request, pk):
    """The letters of a round, one of them as it is read; it is sent to whoever looks, as a trial."""
    round_ = get_object_or_404(Round.objects.run_by(request.user).settled(), pk=pk)
    found = samples(round_, request.user)
    chosen = next((one for one in found if one.name == (request.POST or request.GET).get("brief")), None)
    if request.method == "POST":
        if chosen and gets_mail(request.user):
            send_trial.enqueue(request.user.pk, [[one.kind, one.key, one.path] for one in chosen.letters])
            messages.success(request, f"Probe unterwegs an {request.user.email}: {chosen.title}")
        return redirect(f"{request.path}?brief={chosen.name}#brief" if chosen else request.path)
    context = {"round": round_, "samples": found, "chosen": chosen, "a_week": settings.LETTERS_A_WEEK}
    if chosen:
        context["message"] = message_of(*chosen.letters)
    return render(request, "assessments/round_letters.html", context)
