"""What happens to managers of the demo district while the round runs: one person gets another, one manager is away."""

from datetime import timedelta

from django.utils import timezone

from assessments.changes.handing_over import hand_over
from assessments.models import HandOver, Progress, TalkProgress
from assessments.rounds.schedule import working_day_until
from kompetenz.letters.models import Letter
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Person

from .rounds import account, moment

HANDED_OVER_BEFORE = timedelta(days=6)
AWAY_SINCE, AWAY_UNTIL = timedelta(days=3), timedelta(days=18)
DEPUTISED = 4  # people


def hand_one_over(people, courses):
    """Somebody whose manager has only begun goes on with the manager's manager, the manager account if possible."""
    manager = account(people, "manager")
    able = [course for course in courses if may_be_handed_over(course)]
    course = min(
        able, default=None, key=lambda one: (above(one) != manager, one.stage.manager == Progress.OPEN)
    )  # of several the first
    if course is None:
        return
    participation, on = course.participation, working_day_until(timezone.localdate() - HANDED_OVER_BEFORE)
    participation.person.manager = above(course)
    participation.person.save(update_fields=["manager"])
    written = hand_over(participations=[participation], by=account(people, "hr"))
    HandOver.objects.filter(pk__in=[row.pk for row in written]).update(on=on)
    Letter.objects.filter(state=Letter.State.WAITING).update(
        state=Letter.State.SENT, written_at=moment(on), claimed_at=moment(on), sent_on=on
    )


def may_be_handed_over(course):
    """Not the accounts' own, whose states are promised; nor who has been rated or cannot be told."""
    return bool(
        course.stage.manager < Progress.RELEASED
        and course.stage.talk == TalkProgress.OPEN
        and course.participation.person.email
        and above(course)
        and above(course).email
    )


def above(course):
    return course.participation.manager.manager


def name_one_deputy(people):
    """The manager account is away for some weeks; its section head acts for a few people of the team."""
    manager = account(people, "manager")
    deputy = next(person for someone, person in people if someone.leads and person.manager_id == manager.pk)
    team = Person.objects.of_manager(manager).exclude(pk=deputy.pk).exclude(pk=account(people, "employee").pk)
    today = timezone.localdate()
    name_deputy(
        manager=manager,
        person=deputy,
        people=list(team.order_by("sort_key", "pk")[:DEPUTISED]),
        since=today - AWAY_SINCE,
        until=today + AWAY_UNTIL,
        by=manager,
    )
