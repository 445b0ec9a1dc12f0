"""What is the person's own to decide: who goes on with them, who reads earlier rounds, whether they take part."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.changes import declining, earlier_rounds, handing_over
from assessments.models import Participation
from kompetenz.forms.stamp import was_read
from kompetenz.lists import id_in
from kompetenz.refusals import Refused, TooLate

ANSWERS = {
    "ja": "{} liest jetzt Ihre früheren Runden. Sie können das hier jederzeit beenden.",
    "nein": "{} liest Ihre früheren Runden nicht. Sie können das hier jederzeit ändern.",
}


@require_http_methods(["GET", "POST"])
def entrust(request, pk):
    """The person gives a plan that outlives its round to their manager of today: a page that says what that means."""
    own = Participation.objects.of_person(request.user).select_related("round", "person__manager")
    found = get_object_or_404(own, pk=pk)
    manager = found.person.manager
    if request.method == "GET" and handing_over.may_be_entrusted(found):
        return render(request, "assessments/entrust.html", {"participation": found, "manager": manager})
    try:
        handing_over.entrust(participation=found, manager=id_in(request.POST.get("an", "")))
    except TooLate as problem:
        is_done = manager and found.manager_id == manager.pk
        messages.warning(request, f"{manager} führt dies schon mit Ihnen weiter." if is_done else str(problem))
    else:
        messages.success(request, f"Übergeben. {manager} bekommt eine Nachricht und führt dies mit Ihnen weiter.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def open_earlier_rounds(request):
    """The person says whether their manager of today may read the rounds that ended with another one; they can say otherwise later."""
    own = Participation.objects.of_person(request.user).select_related("round").order_by("-round__opened_at")
    found, said = earlier_rounds.of_person(request.user, own), request.POST.get("antwort")
    if found is None:
        messages.info(request, "Es gibt keine früheren Runden, über die Sie hier entscheiden könnten.")
        return redirect("my_data")
    if said not in ANSWERS:
        return render(request, "assessments/earlier_rounds.html", {"earlier_rounds": found})
    if said == "ja" and not was_read(request, found.stamp):
        messages.warning(request, earlier_rounds.MORE)
        return redirect("assessments:earlier_rounds")
    try:
        manager = id_in(request.POST.get("an", ""))
        earlier_rounds.answer(person=request.user, manager=manager, agrees=said == "ja", shown=found.stamp)
    except TooLate as problem:
        messages.warning(request, str(problem))
        return redirect("assessments:earlier_rounds")
    messages.success(request, ANSWERS[said].format(found.manager))
    return redirect(f"{reverse('my_data')}#fruehere-runden")


# Not taking part ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def decline(request, pk):
    """The person does not take part: a page that says what that means, and one button."""
    own = Participation.objects.of_person(request.user).select_related("round")
    found = get_object_or_404(own if request.method == "POST" else own.taking_part(), pk=pk)
    if request.method == "GET" and found.may_decline:
        return render(request, "assessments/decline.html", {"participation": found, "round": found.round})
    if request.method == "GET":
        messages.error(request, declining.why_not(found))
        return redirect(found)
    try:
        declining.decline(participation=found)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Sie nehmen an dieser Runde nicht teil.")
    return redirect(found)


@require_POST
def ask_back(request, pk):
    """The person would like to take part after all; HR reads that they ask, and nothing else."""
    own = Participation.objects.of_person(request.user).select_related("round")
    found = get_object_or_404(own, pk=pk)
    if found.takes_part:
        messages.info(request, "Sie nehmen an dieser Runde teil.")
        return redirect(found)
    try:
        declining.ask_back(participation=found)
    except TooLate as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Die Personalentwicklung liest, dass Sie doch teilnehmen möchten.")
    return redirect(found)
