"""Shared goals and groups: counts for HR, a question for each person who is asked, and their answer."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.catalogue.models import Competency, current_catalogue
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.people.crowd import minimum
from kompetenz.people.once import once
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.drafting.holding import OutOfState
from learningplans.following.answering import nobody_answers
from learningplans.models import GoalTally, GroupPlace, LearningGroup
from learningplans.telling.letters import other_today

from . import counting, joining, proposing
from .clusters import Cluster, prospects
from .forms import LearningGroupForm, TermsForm

ACCEPTED = "Zugesagt. Die Maßnahme steht als Änderung in Ihrem Lernplan. {next}"
ANSWERS = "{} nimmt sie zur Kenntnis oder lehnt sie ab."
DECLINED = "Nicht dabei. Das erfährt niemand."


@require_GET
@for_hr
def shared_goals(request):
    """Which goals many have, from k people on, those first that a group would serve most of; and the groups proposed so far."""
    form = TermsForm(request.GET)
    tally = GoalTally.objects.visible_to(request.user).first()
    found = reckoned(tally, form.terms) if tally else []
    page = page_of(request, found)
    groups = LearningGroup.objects.visible_to(request.user).with_accepted()
    context = {
        "tally": tally,
        "form": form,
        "page": page,
        "first": page.object_list[0] if page.number == 1 and page.object_list else None,
        "rows": named(page),
        "groups": groups.select_related("competency")[:50],
        "k": minimum(),
        "query": request.GET.urlencode(),
    }
    return render(request, "learningplans/shared_goals.html", context)


def reckoned(tally, terms):
    known = current_catalogue()
    found = [Cluster(*way) for way in tally.ways if way[0] in known.by_id and way[2] <= known.highest]
    return prospects(found, proposing.single_offers(timezone.localdate()), terms)


def named(prospects):
    """Prospects in words: (itself, competency, from, to)."""
    known = current_catalogue()
    names = known.scale.names
    clusters = [(one, one.cluster) for one in prospects]
    return [(one, known.by_id[of.competency], names[of.from_level], names[of.to_level]) for one, of in clusters]


@require_POST
@for_hr
def take_stock(request):
    try:
        tally = counting.take_stock(by=request.user)
    except Refused as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, f"Gezählt: {tally.people} Personen haben Ziele; gemeinsame Ziele: {len(tally.ways)}.")
    return redirect("learningplans:shared_goals")


@require_http_methods(["GET", "POST"])
@once
@for_hr
def propose(request, competency, low, high):
    """What a group for these people is to be; sent, all of them are asked."""
    tally = GoalTally.objects.visible_to(request.user).first()
    found = reckoned(tally, TermsForm(request.GET).terms) if tally else []
    way = competency, low, high
    prospect = next(
        (one for one in found if (one.cluster.competency, one.cluster.from_level, one.cluster.to_level) == way), None
    )
    if prospect is None:
        raise Http404
    about = get_object_or_404(Competency, pk=competency)
    group = LearningGroup(competency=about, from_level=low, to_level=high, title=f"Lerngruppe {about.name}")
    form = LearningGroupForm(request.POST or None, instance=group, competency=about, today=timezone.localdate())
    if form.is_valid():
        made = proposing.propose(group=form.save(commit=False), by=request.user)
        messages.success(request, f"{quoted(made)} ist vorgeschlagen. Wer das Ziel hat, ist gefragt.")
        return redirect(made)
    return render(
        request, "learningplans/propose_group.html", {"form": form, "row": named([prospect])[0], "tally": tally}
    )


@require_GET
@for_hr
def group(request, pk):
    """How many have said yes, and who: nobody else."""
    rows = LearningGroup.objects.visible_to(request.user).select_related("competency", "format", "offer")
    found = get_object_or_404(rows, pk=pk)
    accepted = found.places.accepted().select_related("goal__plan__participation__person__unit", "change", "measure")
    page = page_of(request, accepted.order_by("goal__plan__participation__person__sort_key", "pk"))
    people = [place.goal.plan.participation.person_id for place in page]
    accesses.shown_to_hr(request, Access.What.MEASURES, people)
    context = {"group": found, "page": page, "free_cost": found.cost_of_free_seats(page.paginator.count)}
    return render(request, "learningplans/group.html", context)


@require_POST
@for_hr
def end_group(request, pk):
    found = get_object_or_404(LearningGroup.objects.visible_to(request.user), pk=pk)
    proposing.end(group=found)
    messages.success(request, "Die Anfrage ist beendet. Wer zugesagt hat, behält die Maßnahme im Lernplan.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def group_place(request, pk):
    """The question to the person, and their answer."""
    places = GroupPlace.objects.of_person(request.user)
    place = get_object_or_404(places.select_related(*OF_A_PLACE), pk=pk)
    if request.method == "POST":
        return answered(request, place)
    context = {
        "place": place,
        "group": place.group,
        "plan": place.goal.plan,
        "participation": place.goal.plan.participation,
        "nobody_answers": nobody_answers(place.goal.plan, request.user),
    }
    return render(request, "learningplans/group_place.html", context)


OF_A_PLACE = (
    "group__competency",
    "group__format",
    "group__offer",
    "goal__plan__participation__round",
    "change__plan",
    "measure",
)


def answered(request, place):
    """What was sent, done; what is neither yes nor no is asked again."""
    read = request.POST.get("read", "" if "once" in request.POST else None)
    wanted = {"ja": partial(joining.accept, read=read), "nein": joining.decline}.get(request.POST.get("antwort"))
    if wanted is None:
        messages.error(request, "Bitte sagen Sie zu oder ab.")
        return redirect(place)
    try:
        wanted(place=place, by=request.user)
    except (Refused, OutOfState) as problem:
        messages.error(request, str(problem))
        return redirect(place)
    plan = place.goal.plan
    who = nobody_answers(plan, request.user) or ANSWERS.format(other_today(plan.participation, request.user))
    messages.success(request, DECLINED if wanted is joining.decline else ACCEPTED.format(next=who))
    return redirect(place)
