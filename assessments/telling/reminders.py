"""Letters of a round that no act of anybody writes, but the day: of appointments, requests, what can be read now, and who is missing.

`manage.py daily` asks for them; of deadlines open_steps.py reminds.
"""

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    Participation,
    PeerNomination,
    PeerTally,
    Progress,
    Round,
    TalkProgress,
    goes_on,
)
from assessments.peers.asking import minimum
from assessments.peers.distribution import distributions
from kompetenz import hooks
from kompetenz.letters.gathering import told_by
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person

from .letters import KINDS, leading, the_two
from .open_steps import A_STAGE, SINCE_BOTH

DAY = timedelta(days=1)
A_WEEK_AHEAD = timedelta(days=8)  # no row of days without an office is longer
LATELY = timedelta(days=2)  # who was asked then needs no reminder yet


@hooks.register("every_day")
def remind_of_talks(today):
    """Both sides of each talk with a date to come, on the last day before it on which they read it; not who has just been told."""
    coming = Participation.objects.filter(
        goes_on(),
        round__state=Round.State.OPEN,
        talk_state__lt=TalkProgress.RECORDED,
        talk_at__gt=timezone.now(),
        talk_at__date__gt=today,
        talk_at__date__lte=today + A_WEEK_AHEAD,
    )
    written = 0
    for row in coming.select_related("round", "person__manager"):
        day = timezone.localdate(row.talk_at)
        if told_by(day - DAY) > today:
            continue
        just_told = Letter.objects.filter(
            key__startswith=f"participation-{row.pk}-talk-", kind=KINDS.TALK, written_at__date=today
        ).values_list("person", flat=True)
        written += write_letters(
            kind=KINDS.REMINDER,
            key=f"participation-{row.pk}-talk-{day:%Y%m%d}-morgen",
            path=row.get_absolute_url(),
            people=[one for one in the_two(row) if one.pk not in set(just_told)],
        )
    return f"Hinweise auf Gespräche geschrieben: {written}." if written else None


@hooks.register("every_day")
def remind_of_requests(today):
    """Colleagues who have not answered yet, before the deadline: what comes after it is not counted any more."""
    written = 0
    for round_ in Round.objects.open().filter(has_peers=True, peer_due__gte=today):
        due = round_.peer_due
        reached = [days for days in settings.REMINDER_DAYS if told_by(due - timedelta(days=days)) <= today]
        if not reached:
            continue
        drafts = Assessment.objects.filter(
            goes_on("participation__"), kind=Assessment.Kind.PEER, released_at=None, participation__round=round_
        )
        requests = Letter.objects.filter(kind=KINDS.PEER, key__startswith=f"round-{round_.pk}-peer-")
        just_asked = requests.filter(written_at__gte=timezone.now() - LATELY).exclude(key__endswith="-tage")
        written += write_letters(
            kind=KINDS.PEER,  # as with the request, the row tells nobody whom they assess
            key=f"round-{round_.pk}-peer-{due:%Y%m%d}-{min(reached)}-tage",
            path=reverse("start"),
            people=Person.objects.filter(pk__in=drafts.values("rater")).exclude(pk__in=just_asked.values("person")),
        )
    return f"Erinnerungen an Einschätzungen im Kollegium geschrieben: {written}." if written else None


@hooks.register("every_day")
def tell_of_distributions(today):
    """Both sides, once, that they can read what colleagues have said: both have released, the deadline has passed, enough have answered."""
    lately = Q(round__peer_due__gte=today - A_STAGE) | Q(since__gte=today - A_STAGE)
    rows = Participation.objects.annotate(since=SINCE_BOTH).filter(
        goes_on(), lately, round__state=Round.State.OPEN, round__has_peers=True, round__peer_due__lt=today,
        self_state=Progress.RELEASED, manager_state=Progress.RELEASED,
    )  # fmt: skip
    tallies = PeerTally.objects.filter(participation__in=rows.order_by().values("pk")).order_by("participation")
    answers = tallies.values_list("participation", "competency", "level", "count")
    given = {pk: [row[1:] for row in found] for pk, found in groupby(answers, key=lambda row: row[0])}
    written = 0
    for row in rows.filter(pk__in=given).select_related("round", "person"):
        if distributions(given[row.pk], minimum(), row.round.catalogue.scale):
            written += _tell_of_distribution(row)
    return f"Hinweise auf Einschätzungen aus dem Kollegium geschrieben: {written}." if written else None


def _tell_of_distribution(row):
    """Who has answered as a colleague reads none of it and is told nothing."""
    took_part = PeerNomination.objects.filter(participation=row.pk, answered=True).values("peer")
    leaders = leading(Participation.objects.filter(pk=row.pk)).exclude(pk__in=took_part)
    return sum(
        write_letters(
            kind=KINDS.NOTICE,
            key=f"participation-{row.pk}-colleagues-{whose}",
            path=row.get_absolute_url(),
            people=people,
        )
        for whose, people in (("person", [row.person]), ("manager", leaders))
    )


@hooks.register("every_day")
def tell_of_people_without_manager(today):
    """HR, once a week while there are any: nobody gives their Fremdeinschätzung, and nobody is reminded of it."""
    monday, written = today - today.weekday() * DAY, 0
    for round_ in Round.objects.open():
        if Participation.objects.without_manager_in([round_.pk]).exists():
            written += write_letters(
                kind=KINDS.NOTICE,
                key=f"round-{round_.pk}-without-manager-{monday:%Y%m%d}",
                path=reverse("assessments:round_changes", args=[round_.pk]),
                people=Person.objects.employed().filter(is_hr=True),
            )
    return f"Hinweise auf Personen ohne Führungskraft geschrieben: {written}." if written else None
