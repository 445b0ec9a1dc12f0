"""Whether a person wants to learn with others who have the same goal: theirs alone to say and to take back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kompetenz.catalogue.models import Competency
from kompetenz.lists import id_in
from learningplans.drafting import companions, holding, mentors
from learningplans.models import LearningPlan, MentorOffer

SAID = {
    "ja": "Sie und andere, die mit diesem Ziel gemeinsam lernen möchten, sehen sich jetzt gegenseitig.",
    "nein": "Zurückgenommen. Bei diesem Ziel sehen andere Sie nicht mehr und Sie die anderen nicht.",
}


@require_POST
def seek(request, pk, goal):
    plan = get_object_or_404(LearningPlan.objects.of_person(request.user), pk=pk)
    goal = get_object_or_404(plan.goals, pk=goal)
    answer = "ja" if request.POST.get("gemeinsam") == "ja" else "nein"
    try:
        companions.seek_companions(goal=goal, wanted=answer == "ja")
    except holding.OutOfState:
        messages.warning(request, "Nicht gespeichert: Gemeinsam lernen lässt sich nur mit einem vereinbarten Lernplan.")
        return redirect(plan)
    messages.success(request, SAID[answer])
    return redirect(f"{plan.get_absolute_url()}#gemeinsam")


@require_http_methods(["GET", "POST"])
def mentoring(request):
    """In what I can and may accompany others, and whether I do."""
    if request.method == "POST":
        competency = get_object_or_404(Competency, pk=id_in(request.POST.get("kompetenz", "")))
        if mentors.offer(person=request.user, competency=competency, wanted=request.POST.get("begleiten") == "ja"):
            messages.success(request, "Gespeichert.")
        else:
            messages.warning(request, "Nicht gespeichert: Dafür muss zuletzt die höchste Stufe vereinbart sein.")
        return redirect("learningplans:mentoring")
    may, offers = mentors.may_accompany(request.user), MentorOffer.objects.of_person(request.user)
    offered = {one.competency_id: one for one in offers}
    known = Competency.objects.filter(pk__in={*may, *offered}).select_related("category")
    rows = [(one, offered.get(one.pk)) for one in known]
    return render(request, "learningplans/mentoring.html", {"rows": rows})
