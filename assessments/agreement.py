"""The talk's record: begun, agreed competency by competency, put before both, confirmed (paper 4.3.1)."""

from django.db import transaction
from django.utils import timezone

from . import notices
from .models import Acknowledgement, AgreedLevel, Participation, Round, Talk, TalkProgress


class NotPossible(Exception):
    """The record does not allow this step any more (or not yet); the message says why, in German."""


def _locked(participation):
    """The participation of an open round, locked against a second writer."""
    row = (
        Participation.objects.select_for_update(of=("self",))
        .ready_for_talk()
        .filter(pk=participation.pk, round__state=Round.State.OPEN)
        .first()
    )
    if row is None:
        raise NotPossible("Die Runde ist beendet oder eine Einschätzung ist nicht freigegeben.")
    return row


def _move(participation, state):
    participation.talk_state = state
    participation.save(update_fields=["talk_state"])


@transaction.atomic
def begin_talk(*, participation):
    """Open the record of the talk; a second time changes nothing. Raises NotPossible.

    It begins with day and place of the appointment, unless that is still to come.
    """
    participation = _locked(participation)
    talk, created = Talk.objects.get_or_create(participation=participation, defaults=_as_arranged(participation))
    if created:
        _move(participation, TalkProgress.STARTED)
    return talk


def _as_arranged(participation):
    day = participation.talk_at and timezone.localdate(participation.talk_at)
    if day is None or day > timezone.localdate():
        return {}
    return {"held_on": day, "place": participation.talk_place}


@transaction.atomic
def agree_levels(*, talk, levels, reasons):
    """Note agreed levels (0-3) and reasons by competency id; what is not named stays. Returns how many are agreed.

    A reason may come before its level. Raises NotPossible once the record stands.
    """
    _unrecorded(talk)
    before = {agreed.competency_id: agreed for agreed in talk.agreed_levels.all()}
    rows = []
    written = {competency for competency, reason in reasons.items() if reason or competency in before}
    for competency in levels.keys() | written:
        known = before.get(competency)
        level = levels.get(competency, known.level if known else None)
        reason = reasons.get(competency, known.reason if known else "")
        rows.append(AgreedLevel(talk=talk, competency_id=competency, level=level, reason=reason))
    if rows:
        AgreedLevel.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["talk", "competency"], update_fields=["level", "reason"]
        )
    return len(talk.levels())


@transaction.atomic
def note_frame(*, talk, **frame):
    """Note ``held_on``, ``place`` or ``attendees``, as far as given. Raises NotPossible once the record stands."""
    _unrecorded(talk)
    for field, value in frame.items():
        setattr(talk, field, value)
    talk.save(update_fields=list(frame))


def _unrecorded(talk):
    participation = _locked(talk.participation)
    if participation.talk_state != TalkProgress.STARTED:
        raise NotPossible("Das Ergebnis ist schon festgehalten.")
    return participation


@transaction.atomic
def record_talk(*, talk):
    """Put the record before both sides: every competency has its level and the talk its date.

    Raises NotPossible with what is missing.
    """
    participation = _unrecorded(talk)
    agreed = set(talk.levels())
    missing = [c.name for c in participation.round.catalogue.competencies if c.id not in agreed]
    if missing:
        raise NotPossible(f"Noch ohne vereinbarte Stufe: {', '.join(missing)}.")
    talk.refresh_from_db(fields=["held_on"])
    if talk.held_on is None:
        raise NotPossible("Bitte tragen Sie ein, wann das Gespräch geführt wurde.")
    talk.recorded_at = timezone.now()
    talk.save(update_fields=["recorded_at"])
    _move(participation, TalkProgress.RECORDED)
    notices.tell_of_record(talk)


@transaction.atomic
def reopen_talk(*, talk):
    """Take the record back for a correction, as long as neither side has answered it."""
    participation = _locked(talk.participation)
    if talk.acknowledgements.exists() or participation.talk_state != TalkProgress.RECORDED:
        raise NotPossible("Eine Seite hat schon geantwortet. Das Ergebnis bleibt, wie es ist.")
    talk.recorded_at = None
    talk.save(update_fields=["recorded_at"])
    _move(participation, TalkProgress.STARTED)


@transaction.atomic
def acknowledge(*, talk, by, declined, statement, own_view=None):
    """Note one side's answer to the record; with both, the agreed profile is frozen for good.

    ``own_view`` is the person's own statement, which stands from then on; None leaves what was saved. Answering again
    changes nothing. Raises NotPossible before the record is put before them.
    """
    participation = _locked(talk.participation)
    if participation.talk_state < TalkProgress.RECORDED:
        raise NotPossible("Das Ergebnis ist noch nicht festgehalten.")
    sides = Acknowledgement.Side
    side = sides.PERSON if by.pk == participation.person_id else sides.MANAGER
    if own_view is not None and side == sides.PERSON:
        _state(talk, own_view)
    Acknowledgement.objects.get_or_create(
        talk=talk, side=side, defaults={"by": by, "declined": declined, "statement": statement}
    )
    if talk.acknowledgements.count() == len(sides):
        _move(participation, TalkProgress.CONFIRMED)


@transaction.atomic
def state_own_view(*, talk, text):
    """Save the person's own statement; it stands from their Kenntnisnahme on."""
    _locked(talk.participation)
    _state(talk, text)


def _state(talk, text):
    """Save the statement unless it stands; the same sent twice does no harm."""
    stored = Talk.objects.get(pk=talk.pk)
    if text == stored.person_statement:
        return
    if talk.acknowledgements.filter(side=Acknowledgement.Side.PERSON).exists():
        raise NotPossible("Sie haben das Ergebnis schon beantwortet. Ihre Stellungnahme bleibt, wie sie ist.")
    stored.person_statement = text
    stored.save(update_fields=["person_statement"])
