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
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Assessment, Participation, PeerNomination, Rating, Round, as_it_is_now, why_over
from assessments.models.assessments import once_led_by
from assessments.peers.distribution import LEAST
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import Refused, TooLate

from .letters import tell_of_request

PEER = Assessment.Kind.PEER
TOO_LATE = "Die Frist für Einschätzungen aus dem Kollegium ist vorbei oder die Runde ist beendet."


def minimum():
    """How many colleagues must have given a competency a level before it is shown."""
    return max(settings.PEER_MINIMUM, LEAST)


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
    """Whether ``user`` may still answer as a colleague; on the two sides' assessments this says nothing."""
    return not closed_because(assessment, user)


def closed_because(assessment, user):
    """Why ``user`` cannot answer as a colleague any more, in words; "" where they can, and of the two sides' assessments.

    Whoever has become the person's manager since, or deputises, reads what colleagues must not have seen.
    """
    if not assessment.rules.is_counted:
        return ""
    row = assessment.participation
    if too_late := _too_late(row.round):
        return too_late
    if row.rests:
        return f"Die Teilnahme von {row.person_name} ruht zurzeit."
    if not row.person.is_employed:
        return f"{row.person_name} arbeitet nicht mehr hier."
    return _other_part_in(assessment, row, user)


def _other_part_in(assessment, row, user):
    if row.is_managed_by(user):
        return f"Sie sind inzwischen Führungskraft von {row.person_name} oder vertreten sie."
    if Assessment.objects.filter(once_led_by(user), pk=assessment.pk).exists():
        return f"Sie waren in dieser Runde Führungskraft von {row.person_name} oder haben sie vertreten."
    return ""


def _too_late(round_):
    if not round_.is_open:
        return "Die Runde ist beendet."
    if is_running(round_):
        return ""
    return f"Die Frist für Einschätzungen aus dem Kollegium ist am {date_format(round_.peer_due)} abgelaufen."


def asking(user):
    """Participations in which ``user`` asks colleagues: their own, where the round has them."""
    theirs = Participation.objects.taking_part().filter(person=user.pk, round__has_peers=True)
    return theirs.exclude(round__state=Round.State.DRAFT)


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


def who_may_be_asked(participation):
    """People who may be asked: they work here and can sign in, and do not give the Fremdeinschätzung, nor deputise, nor
    did in this round.
    """
    managers = [pk for pk in (participation.manager_id, participation.person.manager_id) if pk]
    deputies = Deputy.objects.current_or_coming().filter(manager__in=managers)
    led = reduce(or_, (Q(pk__in=people) for people in who_has_led(participation)))
    return (
        Person.objects.employed()
        .exclude(email=None)
        .exclude(pk__in=[participation.person_id, *managers])
        .exclude(pk__in=deputies.values("person"))
        .exclude(led)
    )


def who_has_led(participation):
    """The ids, not read yet, of those who have led the person in this round or deputised, and may have read the other
    side; see also once_led_by.
    """
    released = participation.assessments.filter(kind=Assessment.Kind.MANAGER, released_at__isnull=False)
    named = Deputy.objects.filter(people=participation.person_id, since__lte=timezone.localdate())
    deputised = named.lasting_until(timezone.localdate(participation.round.opened_at))
    handed_over = participation.hand_overs.order_by()
    found = (
        (released, "rater"),
        (released, "released_for"),
        (deputised.order_by(), "person"),
        (handed_over, "from_person"),
    )
    return [rows.exclude(**{name: None}).values(name) for rows, name in found]


def suggestions(participation, text):
    """The first few who may be asked and have not been, by name or address."""
    found = who_may_be_asked(participation).exclude(pk__in=participation.peer_nominations.values("peer"))
    return list(found.suggested(text, by_address=True))


@dataclass(frozen=True)
class AskedSoFar:
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


def asked_so_far(participation):
    counts = participation.peer_nominations.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered=True)),
        declined=Count("pk", filter=Q(declined=True)),
    )
    return AskedSoFar(**counts)


def _locked_in_time(participation, *, is_own=True):
    """The participation, locked against a second writer, as long as colleagues may be asked and answer.

    What else has become of it only they are told whose it ``is_own``.
    """
    # of: round and person are only read along; everybody in the round would wait for them.
    row = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("round", "person")
        .filter(pk=participation.pk)
        .first()
    )
    if row is None or not row.takes_part or not is_running(as_it_is_now(row).round):
        raise TooLate((is_own and why_over(participation)) or TOO_LATE)
    return row


@transaction.atomic
def nominate(*, participation, colleague):
    """Ask ``colleague`` for their view; asking them twice changes nothing. Raises Refused."""
    participation = _locked_in_time(participation)
    if participation.peer_nominations.filter(peer=colleague).exists():
        return
    if asked_so_far(participation).is_full:
        raise Refused(f"Sie haben schon {PeerNomination.MOST} Personen gebeten. Mehr sind nicht möglich.")
    if not who_may_be_asked(participation).filter(pk=colleague.pk).exists():
        raise Refused(f"{colleague} kann keine Einschätzung aus dem Kollegium geben.")
    participation.assessments.create(kind=PEER, rater=colleague)
    tell_of_request(participation.peer_nominations.create(peer=colleague))


def _locked_draft(drafts):
    """The one draft and its participation, locked in the order in which answering/saving.py does; None if it is gone."""
    rows = drafts.select_related("participation__round").select_for_update(of=("self", "participation"))
    return rows.first()


@transaction.atomic
def withdraw(*, participation, nomination):
    """Take back one request, and with it its draft; ``nomination`` is its id. Twice changes nothing. Raises Refused."""
    request = participation.peer_nominations.filter(pk=nomination).first()
    if request is None:
        return
    draft = _locked_draft(participation.assessments.filter(kind=PEER, rater=request.peer_id))
    if not asked_so_far(_locked_in_time(participation)).may_withdraw:
        raise TooLate(
            "Inzwischen hat jemand geantwortet oder abgelehnt. Jetzt lässt sich keine Bitte mehr zurücknehmen: "
            "Sonst wäre zu erkennen, von wem die Antwort kommt."
        )
    if draft:
        draft.delete()
    request.delete()


@transaction.atomic
def decline(*, pk, by):
    """Refuse to give a view: the draft is deleted, the person learns only that one more has refused. Raises Refused."""
    draft = _locked_draft(drafts_of(by).filter(pk=pk))
    if draft is None:
        raise TooLate("Diese Bitte gibt es nicht mehr, oder Sie haben sie schon beantwortet.")
    participation = _locked_in_time(draft.participation, is_own=False)
    draft.delete()
    _note_reaction(participation, by, "declined")


def _note_reaction(participation, by, what):
    """Set a flag for ``by`` by writing all rows: which of them was written last tells nobody's answer from another's."""
    flag = Case(When(peer=by, then=True), default=F(what))
    participation.peer_nominations.update(**{what: flag})
