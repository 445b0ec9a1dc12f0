"""Whether a person wants to learn with others who have the same goal: theirs alone to say and to take back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from learningplans.drafting import companions, holding
from learningplans.models import LearningPlan

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
