"""Not taking part in a voluntary round, and taking part after all: both are the person's to say, and nobody asks why."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.models import (
    Assessment,
    Participation,
    PeerTally,
    PlanProgress,
    Progress,
    Rating,
    Remark,
    Statement,
    StockTaking,
    Talk,
    TalkProgress,
    why_over,
)
from assessments.rounds.deadlines import FIELDS
from assessments.rounds.late_entry import suggested_deadlines
from assessments.rounds.opening import hold_open
from assessments.rounds.running import hold_assessments
from assessments.telling import letters
from kompetenz import hooks
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.refusals import Refused, TooLate

BINDING = "Die Teilnahme an dieser Runde ist verbindlich."
SENT_BACK = (
    "Das geht nicht mehr: Das Ergebnis Ihres Gesprächs war festgehalten, und Sie haben es zurückgegeben. Es bleibt, bis es "
    "berichtigt ist; dann können Sie es ablehnen und schreiben, warum."
)
TOO_LATE = "Das geht nicht mehr: Die Runde ist beendet, oder das Ergebnis Ihres Gesprächs ist festgehalten."


@transaction.atomic
def decline(*, participation):
    """Note that the person does not take part; whatever anybody has written in this participation is deleted.

    A draft of a plan goes with it. A second time changes nothing. Raises Refused where the round is binding, TooLate once they
    are removed, it has ended or the talk is recorded; sending its record back does not undo that.
    """
    hooks.ask("hold", [participation.pk])  # first, as a hand-over does: neither waits for what the other holds
    hold_assessments([participation])
    rows = Participation.objects.select_related("round").select_for_update(of=("self",))
    row = rows.filter(pk=participation.pk).first()
    if row is None:  # removed by HR while this has waited
        raise TooLate(why_over(participation))
    if not row.takes_part:
        return
    if why := why_not(row):
        raise TooLate(why) if row.round.is_voluntary else Refused(why)
    if has_lain_open(row):
        row.known_until = timezone.localdate()
    forget(row)
    hooks.ask("forget", row)  # what apps above keep of it
    letters.forget_releases(row)
    letters.tell_that_talks_are_off([row])
    row.declined_on, row.paused_on, row.talk_at, row.talk_place = timezone.localdate(), None, None, ""
    row.self_state = row.manager_state = Progress.OPEN
    row.talk_state, row.plan_state = TalkProgress.OPEN, PlanProgress.NONE
    row.save()
    enqueue_once(empty_the_log)


def why_not(row):
    """Why the person, who takes part, cannot say that they do not, in words; "" where they can."""
    if row.may_decline:
        return ""
    if not row.round.is_voluntary:
        return BINDING
    return SENT_BACK if row.round.is_open and row.talk_is_sent_back else TOO_LATE


def has_lain_open(participation):
    """Whether one side can have read what the other has said, or the Soll that waits for a release, so that who rates anew knows it."""
    sides = participation.assessments.of_both_sides()
    own = sides.select_related("entered_by").get(kind=Assessment.Kind.SELF)
    if own.released_at and participation.round.hides_target:
        return True  # the person, who may not take this release back for the same reason
    if own.disowned_at or (own.entered_by and participation.is_managed_by(own.entered_by)):
        return True  # it lay open before it was taken back, or whoever rates them has typed it in
    others = {participation.person: Assessment.Kind.MANAGER, participation.manager: Assessment.Kind.SELF}
    return any(sides.visible_to(who).filter(kind=kind).exists() for who, kind in others.items() if who)


def forget(participation):
    """Delete both sides' answers and words, drafts and released ones, those of colleagues, and a talk in the making."""
    own = {"assessment__participation": participation}
    for model in (Rating, Remark, Statement):
        model.objects.filter(**own).delete()
    assessments = participation.assessments
    assessments.exclude(kind__in=Assessment.SIDES).delete()
    assessments.update(
        released_at=None,
        released_for=None,
        **dict.fromkeys(Assessment.OF_PAPER),
        disowned_at=None,
        of_former_manager=False,
    )
    assessments.filter(kind=Assessment.Kind.MANAGER).update(rater=participation.manager_id)
    participation.peer_nominations.all().delete()
    participation.hand_overs.update(talk_held_on=None)
    for model in (PeerTally, StockTaking, Talk):
        model.objects.filter(participation=participation).delete()
    participation.targets.exclude(level=F("profile_level"), reason="").update(
        level=F("profile_level"), reason="", adjusted_on=None, adjusted_by=None, adjusted_for=None, adjusted_from=None
    )


@transaction.atomic
def ask_back(*, participation):
    """Note that the person would like to take part after all: HR is asked. A second time changes nothing. Raises TooLate."""
    hold_open(participation.round)
    asking = Participation.objects.declined().filter(pk=participation.pk, asks_back_on=None)
    asking.update(asks_back_on=timezone.localdate())


@transaction.atomic
def take_in_again(*, participation):
    """Let somebody take part who has asked for it, with time enough; False if they have not asked. Raises TooLate.

    They begin anew, and they and whoever leads them are told.
    """
    round_ = participation.round
    hold_open(round_)
    asking = Participation.objects.asking_back().filter(pk=participation.pk, round=round_)
    row = asking.select_for_update(of=("self",)).first()
    if row is None:
        return False
    today = timezone.localdate()
    fair = suggested_deadlines(round_, today)
    for field in FIELDS:
        if getattr(row, field) and fair[field]:
            setattr(row, field, max(getattr(row, field), fair[field]))
    row.declined_on = row.asks_back_on = None
    row.admitted_on = today
    row.save()
    letters.invite_again(row)
    return True
