"""What colleagues say about somebody (Einschätzungen aus dem Kollegium): asked for, counted, shown as a distribution.

Who knows what:

- Whom somebody asks, only the two of them know: neither the manager nor HR. The person sees how many have
  answered or declined, never who. So that the list does not tell either, nothing is withdrawn any more once
  anybody has answered or declined, and nothing else ever takes a name off it.
- The colleague rates without seeing anything but name, role and unit, and writes no words: a style is a name.
- A draft is its rater's. With the release its levels are added to PeerTally and the draft is deleted: from
  then on nothing leads from a level to whoever gave it. No time is stored.
- What is shown is a distribution per competency, from PEER_MINIMUM levels on and unless all are the same, to
  the person and whoever acts as their manager, once both sides have released and the round's deadline for
  colleagues has passed. Nothing is added, withdrawn or asked for after the deadline, so it is shown once and
  stays. Whatever may not be shown is then deleted for good. HR sees none of it, whatever the round says. Nor
  does a manager who has answered as a colleague before: they could take their own answer off the sum.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kompetenz.catalogue.models import Level
from kompetenz.jobs.daily import every_day
from kompetenz.people.models import Deputy, Person
from kompetenz.people.names import fold

from . import notices
from .distribution import LEAST, distributions
from .models import Assessment, Participation, PeerNomination, PeerTally, Rating, Round

PEER = Assessment.Kind.PEER
SUGGESTED = 8  # names at once
BATCH = 200  # participations at once; each has a hundred tallies
TOO_LATE = "Die Frist für Einschätzungen aus dem Kollegium ist vorbei oder die Runde ist beendet."


class NotPossible(Exception):
    """It is too late for this step, or it was never possible; the message says why, in German."""


def minimum():
    """How many colleagues must have given a competency a level before it is shown."""
    return max(settings.PEER_MINIMUM, LEAST)


# When ---------------------------------------------------------------------------------------------


def is_running(round_):
    """Whether colleagues may be asked and may answer; the deadline's day is the last one."""
    return round_.has_peers and round_.is_open and round_.peer_due >= timezone.localdate()


def deadline_is_fixed(round_):
    """Whether the deadline of an opened round has passed, as the database has it: then it never moves again.

    Otherwise answers could follow those that are shown already, and what was added would be known.
    """
    past = Round.objects.filter(pk=round_.pk, has_peers=True, peer_due__lt=timezone.localdate())
    return past.exclude(state=Round.State.DRAFT).exists()


def may_rate(assessment, user):
    """Whether ``user`` may still answer as a colleague; on the two sides' assessments this says nothing.

    Whoever has become the person's manager since, or deputises, reads what colleagues must not have seen.
    """
    if assessment.kind != PEER:
        return True
    return is_running(assessment.participation.round) and not assessment.participation.is_managed_by(user)


# Who ----------------------------------------------------------------------------------------------


def asking(user):
    """Participations in which ``user`` asks colleagues: their own, where the round has them."""
    return Participation.objects.filter(person=user.pk, round__has_peers=True).exclude(round__state=Round.State.DRAFT)


def drafts_of(user):
    """The assessments ``user`` was asked for as a colleague and has not released yet, also when it is too late."""
    return Assessment.objects.by_rater(user).filter(kind=PEER)


def requests_to(user):
    """Those that wait for ``user`` now, nearest deadline first; with ``answered``, how many competencies are."""
    ratings = Rating.objects.filter(assessment=OuterRef("pk")).order_by().values("assessment")
    return (
        Assessment.objects.asked_of(user)
        .select_related("participation__round")
        .annotate(answered=Coalesce(Subquery(ratings.annotate(n=Count("pk")).values("n")), 0))
        .order_by("participation__round__peer_due", "participation__sort_key", "pk")
    )


def candidates(participation):
    """People who may be asked: they work here and can sign in, and do not give the Fremdeinschätzung, nor deputise."""
    managers = [pk for pk in (participation.manager_id, participation.person.manager_id) if pk]
    deputies = Deputy.objects.current_or_coming().filter(manager__in=managers)
    return (
        Person.objects.employed()
        .exclude(email=None)
        .exclude(pk__in=[participation.person_id, *managers])
        .exclude(pk__in=deputies.values("person"))
    )


def suggestions(participation, text):
    """The first candidates whose name has every word of ``text``, from two letters on, or whose address it is.

    Not PersonQuerySet.search: whoever asks is not HR and shall not learn whose a personnel number is.
    """
    words = fold(text).split()
    if len("".join(words)) < 2:  # noqa: PLR2004  (one letter matches nearly everybody)
        return []
    named = Q(*[Q(sort_key__contains=word) for word in words])
    found = candidates(participation).exclude(pk__in=participation.peer_nominations.values("peer"))
    return list(found.filter(named | Q(email=text.strip().lower())).select_related("unit")[:SUGGESTED])


# Asking -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How far the asking has come, in numbers: nobody is told more."""

    asked: int
    answered: int
    declined: int

    @property
    def may_withdraw(self):
        """Whether nobody has answered or declined yet: later, what can be withdrawn would say who has not."""
        return not self.answered and not self.declined

    @property
    def expected(self):
        """How many answers there can be at most, of those asked so far."""
        return self.asked - self.declined

    @property
    def is_full(self):
        return self.expected >= PeerNomination.MOST

    @property
    def falls_short(self):
        """Whether too few are asked for anything to be shown, even if all of them answer."""
        return self.expected < minimum()


def standing(participation):
    counts = participation.peer_nominations.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered=True)),
        declined=Count("pk", filter=Q(declined=True)),
    )
    return Standing(**counts)


def _locked(participation):
    """The participation, locked against a second writer, as long as colleagues may be asked and answer."""
    row = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("round", "person")
        .filter(pk=participation.pk)
        .first()
    )
    if row is None or not is_running(row.round):
        raise NotPossible(TOO_LATE)
    return row


@transaction.atomic
def nominate(*, participation, colleague):
    """Ask ``colleague`` for their view; asking them twice changes nothing. Raises NotPossible."""
    participation = _locked(participation)
    if participation.peer_nominations.filter(peer=colleague).exists():
        return
    if standing(participation).is_full:
        raise NotPossible(f"Sie haben schon {PeerNomination.MOST} Personen gebeten. Mehr sind nicht möglich.")
    if not candidates(participation).filter(pk=colleague.pk).exists():
        raise NotPossible(f"{colleague} kann keine Einschätzung aus dem Kollegium geben.")
    participation.assessments.create(kind=PEER, rater=colleague)
    notices.tell_of_request(participation.peer_nominations.create(peer=colleague))


def _locked_draft(drafts):
    """The one draft and its participation, locked in the order in which answers.py does; None if it is gone."""
    rows = drafts.select_related("participation__round").select_for_update(of=("self", "participation"))
    return rows.first()


@transaction.atomic
def withdraw(*, participation, nomination):
    """Take back one request, and with it its draft; ``nomination`` is its id. Twice changes nothing. Raises NotPossible."""
    request = participation.peer_nominations.filter(pk=nomination).first()
    if request is None:
        return
    draft = _locked_draft(participation.assessments.filter(kind=PEER, rater=request.peer_id))
    if not standing(_locked(participation)).may_withdraw:
        raise NotPossible(
            "Inzwischen hat jemand geantwortet oder abgelehnt. Jetzt lässt sich keine Bitte mehr zurücknehmen: "
            "Sonst wäre zu erkennen, von wem die Antwort kommt."
        )
    if draft:
        draft.delete()
    request.delete()


@transaction.atomic
def decline(*, pk, by):
    """Refuse to give a view: the draft is deleted, the person learns only that one more has refused. Raises NotPossible."""
    draft = _locked_draft(drafts_of(by).filter(pk=pk))
    if draft is None:
        raise NotPossible("Diese Einschätzung haben Sie schon freigegeben oder abgelehnt.")
    participation = _locked(draft.participation)
    draft.delete()
    _note_reaction(participation, by, "declined")


def _note_reaction(participation, by, what):
    """Set a flag for ``by`` by writing all rows: which of them was written last tells nobody's answer from another's."""
    flag = Case(When(peer=by, then=True), default=F(what))
    participation.peer_nominations.update(**{what: flag})


# Answering: everything else of an assessment is saved in answers.py -------------------------------


def count(*, assessment, by):
    """Add a complete draft to the tallies and delete it, within the transaction that holds its lock.

    All tallies of the participation are created with the first answer and written anew with each:
    neither their order nor the database's own marks lead to one colleague.
    """
    participation = assessment.participation
    given = Q(pk=None)
    for competency, level in assessment.levels().items():
        if level is not None:
            given |= Q(competency=competency, level=level)
    competencies = participation.round.catalogue.competencies
    rows = [
        PeerTally(participation=participation, competency_id=competency.id, level=level)
        for competency in competencies
        for level in Level.values
    ]
    PeerTally.objects.bulk_create(rows, ignore_conflicts=True)
    participation.peer_tallies.update(count=F("count") + Case(When(given, then=1), default=0))
    _note_reaction(participation, by, "answered")
    assessment.delete()


# Showing ------------------------------------------------------------------------------------------


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


def seen_by(participation, user):
    """The colleagues' answers as ``user`` may see them; None where they are not ``user``'s concern, as for HR."""
    round_ = participation.round
    if not round_.has_peers or not participation.is_shared_with(user):
        return None
    waits = round_.peer_due >= timezone.localdate() or not participation.both_released
    took_part = not waits and participation.peer_nominations.filter(peer=user.pk, answered=True).exists()
    tallies = [] if waits or took_part else participation.peer_tallies.values_list("competency", "level", "count")
    shown = distributions(tallies, minimum())
    rows = [(c, shown.get(c.id)) for c in round_.catalogue.competencies] if shown else []
    return FromColleagues(round_.peer_due, is_running(round_), waits, took_part, minimum(), rows)


# Every day ----------------------------------------------------------------------------------------


@every_day
def tidy_peers(today):
    """Delete for good what may not be shown once the deadline has passed, and drafts that came too late."""
    past = Q(participation__round__has_peers=True, participation__round__peer_due__lt=today)
    ended = Q(participation__round__state=Round.State.CLOSED)
    drafts = Assessment.objects.filter(past | ended, kind=PEER)
    late = drafts.delete()[1].get("assessments.Assessment", 0)
    people = _delete_what_may_not_be_shown(PeerTally.objects.filter(past))
    if not late and not people:
        return None
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
