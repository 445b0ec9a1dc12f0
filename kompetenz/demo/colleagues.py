"""What colleagues in the demo district have said of a few people, as a count that leads to nobody."""

from collections import Counter
from random import Random

from assessments.models import PeerNomination, PeerTally, Progress
from assessments.peers.asking import minimum
from assessments.peers.distribution import may_be_shown

from .levels import clamp
from .rounds import account

SHOWN, WAITING = 3, 1  # people besides the account that is ready for its talk, whatever the size of the district
MORE_THAN_ENOUGH = 2  # answers above the minimum, for not everybody can judge everything
CANNOT_JUDGE = 0.08  # the share of a colleague's answers


def ask(people, courses):
    """A few people have asked; their round's deadline for colleagues has passed, so the distribution stands.

    Enough have answered for it to be shown where both sides have released, and later to who still waits for that;
    one of those asked has declined.
    """
    rng = Random("Landkreis Musterland: Kollegium")
    ready = account(people, "ready").pk
    others = [course for course in courses if course.participation.person_id != ready]
    chosen = [course for course in courses if course.participation.person_id == ready]
    chosen += [course for course in others if course.stage.own == course.stage.manager == Progress.RELEASED][:SHOWN]
    chosen += [course for course in others if course.stage.own == Progress.STARTED][:WAITING]
    able = [person for someone, person in people if person.email and not someone.leads and not someone.leaves]
    nominations, tallies = [], []
    for course in chosen:
        participation = course.participation
        colleagues = [one for one in able if one.pk not in (participation.person_id, participation.manager_id)]
        answering = min(minimum() + MORE_THAN_ENOUGH, PeerNomination.MOST)
        *answered, declined = rng.sample(colleagues, answering + 1)
        nominations += [PeerNomination(participation=participation, peer=one, answered=True) for one in answered]
        nominations.append(PeerNomination(participation=participation, peer=declined, declined=True))
        tallies += tallies_of(course, answering, rng)
    PeerNomination.objects.bulk_create(nominations)
    PeerTally.objects.bulk_create(tallies)


def tallies_of(course, answering, rng):
    """The count of every level of each competency; what may not be shown is gone once the deadline has passed."""
    highest = course.participation.round.catalogue.highest
    rows = []
    for competency, own in course.own.items():
        seen = own if course.manager[competency] is None else course.manager[competency]
        given = [clamp(seen + rng.gauss(0.1, 0.6), highest) for _ in range(answering) if rng.random() > CANNOT_JUDGE]
        counts = Counter(given)
        if may_be_shown(len(given), max(counts.values(), default=0), minimum()):
            rows += [
                PeerTally(
                    participation=course.participation, competency_id=competency, level=level, count=counts[level]
                )
                for level in range(highest + 1)
            ]
    return rows
