"""Colleagues' answers as one reader may see them: a distribution per competency, or nothing."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import PeerNomination, PeerTally
from assessments.peers.asking import is_running, minimum
from assessments.peers.distribution import distributions
from kompetenz.prepared import prepared


@dataclass(frozen=True)
class FromColleagues:
    """What one reader may see of colleagues' answers; ``running`` while they may still be asked.

    ``rows`` is (competency, Distribution or None) for each competency; empty while it ``waits``, where the reader
    ``took_part`` as a colleague, and where nothing may be shown at all.
    """

    due: date
    running: bool
    waits: bool
    took_part: bool
    minimum: int
    rows: list


@prepared
def has_answered(participation, colleague):
    return PeerNomination.objects.filter(participation=participation, peer=colleague, answered=True).values_list("pk")


@prepared
def tallies_of(participation):
    return PeerTally.objects.filter(participation=participation).values_list("competency", "level", "count")


def seen_by(participation, user):
    """The colleagues' answers as ``user`` may see them; None where they are not ``user``'s concern, as for HR."""
    round_ = participation.round
    if not round_.has_peers or not participation.is_shared_with(user):
        return None
    waits = round_.peer_due >= timezone.localdate() or not participation.both_released
    took_part = not waits and bool(has_answered(participation.pk, user.pk))
    tallies = [] if waits or took_part else tallies_of(participation.pk)
    shown = distributions(tallies, minimum(), round_.catalogue.scale)
    rows = [(c, shown.get(c.id)) for c in round_.catalogue.competencies] if shown else []
    return FromColleagues(round_.peer_due, is_running(round_), waits, took_part, minimum(), rows)
