"""The pages that look at all apps: what I have to do, what is stored about me, how the app looks."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from assessments.changes import earlier_rounds
from assessments.models import HandOver, Participation, Progress
from assessments.models.accesses import How, What, note_of_team
from assessments.rounds.overview import first_steps, running_rounds
from assessments.talk.comparison import Comparison
from assessments.telling import calendar as round_calendar
from assessments.telling import next_step
from assessments.telling import tasks as round_tasks
from kompetenz import wheel as wheels
from kompetenz.documents import calendar_response, file_name, subscription_response
from kompetenz.in_vain import refusal
from kompetenz.jobs.models import Job
from kompetenz.letters import duties as letter_duties
from kompetenz.people.deputies.naming import concerning_ever
from kompetenz.people.models import CalendarAddress, Person
from kompetenz.people.subscribing import addresses
from kompetenz.people.succession import passing_on
from kompetenz.people.tasks import Task, by_urgency
from kompetenz.privacy.papers import fact_sheets
from kompetenz.privacy.retention import letters as retention
from kompetenz.privacy.retention import troubles
from kompetenz.privacy.retention import wording as periods
from learningplans import tasks as plan_tasks
from learningplans.models import LearningPlan
from learningplans.telling import calendar as plan_calendar
from learningplans.training import freshness

JOBS_NAMED = 20
NO_CALENDAR = (
    "Sie ist beendet, durch eine neue ersetzt oder nicht vollständig. Eine neue legen Sie unter „Meine Daten“, „Kalender abonnieren“ "
    "an. Bitte entfernen Sie danach den alten Kalender in Ihrem Kalenderprogramm: Er wird nicht mehr aktualisiert."
)
A_YEAR = 365 * 24 * 60 * 60  # seconds


@require_GET
def tasks(request):
    """Meine Aufgaben: what waits for me, what is late first, my rounds, my wheel; for HR first the running rounds, or how to get there."""
    user, today = request.user, timezone.localdate()
    running = running_rounds(user, today)
    participations, plans = round_tasks.participations_of(user), plan_tasks.plans_of(user)
    own = [row for row in participations if row.person_id == user.pk]
    shown = with_the_fullest_wheel(own)
    last = last_agreed(user, shown)
    waiting = waiting_for(user, participations, plans, last)
    my_plans = [plan for plan in plans if plan.participation.person_id == user.pk]
    context = {
        "is_introduced": is_introduced(user, participations),
        "task_groups": by_urgency(waiting, today),
        "rounds": rounds_of(own, my_plans, user),
        "waits": any(row.round.is_open and row.takes_part for row in own),
        "participation": shown,
        **my_wheel(shown, user, last),
        "plans": my_plans,
        "has_dates": bool(waiting or own or my_plans),
        "running": running,
        "first_steps": [] if running else first_steps(user),
    }
    return render(request, "start.html", context)


def is_introduced(user, participations):
    """Whether the cards for newcomers are shown: to who is in a running round, as either side, and has never begun anything.

    Whoever has asked for the cards, or put them away, has said so.
    """
    if user.wants_introduction is not None:
        return user.wants_introduction
    begun = (row.self_state if row.person_id == user.pk else row.manager_state for row in participations)
    invited = any(row.round.is_open and row.takes_part for row in participations)
    return invited and all(state == Progress.OPEN for state in begun)


def waiting_for(user, participations, plans, last):
    """What waits for ``user`` in all apps, in no particular order."""
    of_rounds = [*round_tasks.tasks_of(user, participations), *earlier_rounds.tasks_of(user, participations)]
    of_plans = plan_tasks.tasks_of(user, participations, plans, last)
    of_auditors = fact_sheets.tasks_of(user)
    of_hr = [*letter_duties.tasks_of(user), *passing_on.tasks_of(user), *retention.tasks_of(user)]
    return [*of_rounds, *of_plans, *of_hr, *of_auditors, *unfinished_jobs(user)]


def unfinished_jobs(user):
    """For HR what is being done in the background, or has stopped on its way, unless it is said as a trouble; one query.

    The first of many.
    """
    if not user.is_hr:
        return []
    jobs = troubles.not_said_here(Job.objects.visible_to(user).unfinished()).light()
    jobs = list(jobs[: JOBS_NAMED + 1])
    more = [Task("Weitere Aufträge", reverse("jobs:jobs"))] if len(jobs) > JOBS_NAMED else []
    named = jobs[:JOBS_NAMED]
    return [
        *(Task(job.title, job.get_absolute_url(), note=f"{job.get_state_display()}, {job.progress}") for job in named),
        *more,
    ]


def my_wheel(shown, user, last):
    """What the page needs to draw the user's wheel of ``shown``, a participation or None."""
    comparison = Comparison(shown, user) if shown else None
    drawn = wheels.on_page(comparison.wheel(levels_of(last))) if comparison else None
    return {"comparison": comparison, "wheel": drawn}


@require_GET
def calendar(request):
    """All my deadlines, talks and reviews to come as one calendar file; an empty one no calendar takes."""
    events = events_of(request.user)
    if not events:
        messages.info(request, "Für Sie steht gerade kein Termin an, der in den Kalender gehört.")
        return redirect("start")
    return calendar_response(events, file_name("Kompetenzrad", timezone.localdate(), suffix=".ics"))


def events_of(user):
    """What belongs into somebody's calendar, from all apps; that they take along dates of others, too, is noted."""
    participations, plans = round_tasks.participations_of(user), plan_tasks.plans_of(user)
    talks = [row for row in participations if row.goes_on and round_calendar.is_dated(row)]
    reviews = [plan.participation for plan in plans if plan.is_agreed and plan.next_review]
    note_of_team(user, What.DATES, [*talks, *reviews], How.TAKEN)
    return [*round_calendar.events_of(user, participations), *plan_calendar.events_of(user, plans)]


@login_not_required
@require_GET
def subscribed_calendar(request, secret):
    """The same for the calendar program of whoever has made this address; it has no session, and the secret is enough.

    That it was fetched is written down, once a day: the person sees on their page when their address was last used.
    """
    address = addresses.address_with(secret)
    if addresses.is_asked_too_often(request, address):
        answer = refusal(
            "Zu oft abgerufen", "Bitte rufen Sie diesen Kalender seltener ab.", HTTPStatus.TOO_MANY_REQUESTS
        )
        answer.headers["Retry-After"] = str(addresses.WAIT)
    elif address is None:
        answer = refusal("Diese Kalenderadresse gilt nicht", NO_CALENDAR, HTTPStatus.NOT_FOUND)
    else:
        addresses.note_use(address)
        return subscription_response(events_of(Person.objects.with_reach().get(pk=address.person_id)))
    answer._has_been_logged = True  # noqa: SLF001 - with its address
    return answer


def last_agreed(user, shown):
    """What was last agreed of each of the user's competencies, in talks and reviews, if ``shown`` shows an agreed Ist; one query."""
    return freshness.confirmed(user) if shown and shown.talk_is_recorded else None


def levels_of(last):
    return {pk: one.level for pk, one in last.items()} if last else None


def with_the_fullest_wheel(own):
    """Of those the user takes part in, newest first, the first whose wheel has anything filled; else the first, or None."""
    theirs = [row for row in own if row.takes_part]
    filled = (row for row in theirs if row.self_state != Progress.OPEN)
    return next(filled, theirs[0] if theirs else None)


def rounds_of(own, plans, user):
    """Each running round of the user's, and the one ended last, with what comes next: (participation, words)."""
    plan_of = {plan.participation_id: plan for plan in plans}
    ended = [row for row in own if not row.round.is_open]
    last = max(ended, key=lambda row: row.round.closed_at, default=None)
    return [
        (row, plan_tasks.step_in_words(plan_of[row.pk], user) if row.pk in plan_of else next_step.for_person(row))
        for row in own
        if row.round.is_open or row is last
    ]


@require_GET
def my_data(request):
    """What is stored about me, and who may see what of it."""
    mine = Participation.objects.of_person(request.user).select_related("round", "stock_taking")
    participations = periods.with_ends(request.user, mine.order_by("-round__opened_at"))
    plans = LearningPlan.objects.of_person(request.user).select_related("participation__round")
    deputies, former_deputies = concerning_ever(request.user)
    context = {
        "participations": participations,
        "periods": periods.for_everybody(),
        "plans": plans,
        "earlier_rounds": earlier_rounds.of_person(request.user, participations),
        "deputies": deputies,
        "former_deputies": former_deputies,
        "hand_overs": HandOver.objects.of_person(request.user),
        "calendar_address": CalendarAddress.objects.of_person(request.user).first(),
        "today": timezone.localdate(),
    }
    return render(request, "my_data.html", context)


@login_not_required
@require_POST
def theme(request):
    """Light, dark, or as the device says; kept in a cookie that holds nothing else."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("darstellung")) in {"light", "dark"}:
        response.set_cookie("darstellung", chosen, A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie("darstellung")
    return response
