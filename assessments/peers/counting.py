"""A colleague's answers become counts that lead to nobody; what may not be shown is deleted for good."""

from django.db.models import Case, F, Max, Q, Sum, When

from assessments.models import Assessment, PeerTally, Round
from assessments.peers.asking import PEER, _note_reaction, minimum
from kompetenz import hooks
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once

BATCH = 200  # participations at once; each has a hundred tallies


def count(*, assessment, by):
    """Add a complete draft to the tallies and delete it, within the transaction that holds its lock.

    All tallies of the participation are created with the first answer and written anew with each:
    neither their order nor the database's own marks lead to one colleague. What is deleted is overwritten soon after.
    """
    participation = assessment.participation
    given = Q(pk=None)
    for competency, level in assessment.levels().items():
        if level is not None:
            given |= Q(competency=competency, level=level)
    catalogue = participation.round.catalogue
    rows = [
        PeerTally(participation=participation, competency_id=competency.id, level=level.value)
        for competency in catalogue.competencies
        for level in catalogue.levels
    ]
    PeerTally.objects.bulk_create(rows, ignore_conflicts=True)
    participation.peer_tallies.update(count=F("count") + Case(When(given, then=1), default=0))
    _note_reaction(participation, by, "answered")
    assessment.delete()
    enqueue_once(empty_the_log)


@hooks.register("every_day")
def tidy_peers(today):
    """Delete for good what may not be shown once the deadline has passed, and drafts that came too late."""
    past = Q(participation__round__has_peers=True, participation__round__peer_due__lt=today)
    ended = Q(participation__round__state=Round.State.CLOSED)
    drafts = Assessment.objects.filter(past | ended, kind=PEER)
    late = drafts.delete()[1].get("assessments.Assessment", 0)
    people = _delete_what_may_not_be_shown(PeerTally.objects.filter(past))
    if not late and not people:
        return None
    enqueue_once(empty_the_log)
    return (
        f"Kollegium: {late} nicht freigegebene Einschätzungen gelöscht; "
        f"zu wenige oder gleiche Antworten gelöscht bei {people} Teilnahmen."
    )


def _delete_what_may_not_be_shown(tallies):
    """Returns of how many participations something was deleted.

    The rule is that of distribution.may_be_shown, asked of the database: hundreds of thousands of tallies lie there.
    """
    counted = tallies.values("participation", "competency").annotate(answers=Sum("count"), most=Max("count"))
    hidden = counted.filter(Q(answers__lt=minimum()) | Q(most=F("answers"))).order_by("participation")
    pairs = set(hidden.values_list("participation", "competency"))
    people = sorted({participation for participation, _ in pairs})
    for start in range(0, len(people), BATCH):
        of_these = PeerTally.objects.filter(participation__in=people[start : start + BATCH])
        rows = of_these.values_list("pk", "participation", "competency")
        PeerTally.objects.filter(pk__in=[pk for pk, *pair in rows if tuple(pair) in pairs]).delete()
    return len(people)
