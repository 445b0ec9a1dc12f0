"""The talk's record: begun, agreed competency by competency, put before the person, answered or sent back (paper 4.3.1)."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import (
    RETURNED_OFTEN_ENOUGH,
    Acknowledgement,
    AgreedLevel,
    Participation,
    Round,
    Side,
    Talk,
    TalkProgress,
    as_it_is_now,
    in_place_of,
    why_over,
)
from assessments.models.accesses import How, What, note
from assessments.telling import letters
from kompetenz import hooks
from kompetenz.forms.fields import check_printed
from kompetenz.forms.stamp import overtaken, stamp
from kompetenz.refusals import HANDED_OVER, Faster, Refused, TooLate


def _locked_for_talk(participation, keeper=None):
    """The participation of an open round, locked against a second writer.

    ``keeper`` is who keeps the record, None is not asked: they may have waited here while it was handed over to somebody else.
    """
    # of: the round is only read along. A talk has no row until it begins, so its participation is what is locked.
    row = (
        Participation.objects.select_related("round")
        .select_for_update(of=("self",))
        .ready_for_talk()
        .filter(pk=participation.pk, round__state=Round.State.OPEN)
        .first()
    )
    if row is None or not as_it_is_now(row).round.is_open:
        raise Refused(why_over(participation) or "Eine Einschätzung ist nicht freigegeben.")
    if keeper and not Participation.objects.managed_by(keeper).filter(pk=row.pk).exists():
        raise TooLate(HANDED_OVER)
    return row


def _move(participation, state):
    participation.talk_state = state
    participation.save(update_fields=["talk_state"])


@transaction.atomic
def begin_talk(*, participation, by=None):
    """Open the record of the talk; a second time changes nothing. Raises Refused.

    It begins with day and place of the appointment, unless that is still to come.
    """
    participation = _locked_for_talk(participation, by)
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
def agree_levels(*, talk, levels, reasons, seen=None, by=None):
    """Note agreed levels and reasons by competency id; what is not named stays. Returns how many are agreed.

    A reason may come before its level. ``seen`` is what the page has shown (forms.stamp.seen_in): what has been changed
    since is left as it is, and ``talk.overtaken`` tells what is stored. Raises TooLate once the record stands, Unprinted,
    ValueError for a level that the round does not know.
    """
    participation = _unrecorded(talk, by)
    catalogue = participation.round.catalogue
    if not all(map(catalogue.has_level, levels.values())):
        raise ValueError("The round has no such level.")
    check_printed(reasons.values())
    before = {agreed.competency_id: agreed for agreed in talk.agreed_levels.all()}
    talk.overtaken = left = _overtaken(before, levels, reasons, seen or {})
    levels = {pk: level for pk, level in levels.items() if f"agreed-{pk}" not in left}
    reasons = {pk: text for pk, text in reasons.items() if f"reason-{pk}" not in left}
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
        note(by, What.TALK, How.CHANGED, participation)
    return len(talk.levels())


def _overtaken(before, levels, reasons, seen):
    stored = {f"agreed-{pk}": as_text(one.level) for pk, one in before.items()}
    return overtaken(
        stored=stored | {f"reason-{pk}": one.reason for pk, one in before.items()},
        new={f"agreed-{pk}": str(level) for pk, level in levels.items()}
        | {f"reason-{pk}": text for pk, text in reasons.items()},
        seen=seen,
    )


def as_text(value):
    return "" if value is None else str(value)


@transaction.atomic
def note_frame(*, talk, seen=None, by=None, **frame):
    """Note ``held_on``, ``place`` or ``attendees``, as far as given and not changed since it was ``seen`` (agree_levels).

    Answers what is stored instead. Raises TooLate once the record stands.
    """
    participation = _unrecorded(talk, by)
    seen, now = seen or {}, Talk.objects.get(pk=talk.pk)
    new = {name: as_text(value) for name, value in frame.items() if seen.get(name) != as_text(value)}
    left = overtaken(stored={name: as_text(getattr(now, name)) for name in new}, new=new, seen=seen)
    given = {name: frame[name] for name in new if name not in left}
    for field, value in given.items():
        setattr(talk, field, value)
    if given:
        talk.save(update_fields=list(given))
        note(by, What.TALK, How.CHANGED, participation)
    return left


def _unrecorded(talk, by):
    participation = _locked_for_talk(talk.participation, by)
    if participation.talk_state != TalkProgress.STARTED:
        raise TooLate("Das Ergebnis ist schon festgehalten.")
    return participation


FRAME = ["held_on", "place", "attendees"]


def stamp_of(talk):
    """The stamp of all that is recorded under a name: day, place and attendees, the agreed levels and their reasons."""
    agreed = talk.agreed_levels.order_by("competency").values_list("competency", "level", "reason")
    return stamp(*(getattr(talk, name) for name in FRAME), list(agreed))


@transaction.atomic
def record_talk(*, talk, by, read=None):
    """Put the record, as written by ``by``, before the person: every competency has its level and the talk its date.

    ``read`` is the stamp_of what a page has shown ``by``; None is what is stored. Raises Refused with what is missing,
    and for what the person has sent back just as it is; Faster where something else was noted since.
    """
    participation = _unrecorded(talk, by)
    talk.refresh_from_db(fields=[*FRAME, "returned_as"])
    if read not in (None, stamp_of(talk)):
        raise Faster(
            "Nicht festgehalten: Die Niederschrift ist inzwischen eine andere. Bitte lesen Sie sie noch einmal."
        )
    agreed = set(talk.levels())
    missing = [c.name for c in participation.round.catalogue.competencies if c.id not in agreed]
    if missing:
        raise Refused(f"Noch ohne vereinbarte Stufe: {', '.join(missing)}.")
    if talk.held_on is None:
        raise Refused("Bitte tragen Sie ein, wann das Gespräch geführt wurde.")
    if talk.returned_as == stamp_of(talk):
        raise Refused(
            f"Sie haben seit der Rückgabe nichts geändert. Ändern Sie, was {participation.person_name} geschrieben hat, "
            "oder begründen Sie bei der Stufe, warum sie bleibt."
        )
    note(by, What.TALK, How.CHANGED, participation)
    talk.recorded_at, talk.recorded_by = timezone.now(), by
    talk.recorded_for = in_place_of(participation, by)
    talk.save(update_fields=RECORD)
    if _is_planned_later(participation):  # but it has been held
        letters.tell_that_talks_are_off([participation])
    _move(participation, TalkProgress.RECORDED)
    letters.tell_of_record(talk)


RECORD = ["recorded_at", "recorded_by", "recorded_for"]
RETURN = ["returned_at", "returned_by", "return_reason", "returned_as", "times_returned"]


def _unanswered(talk):
    """The participation of a record that waits for the person's answer, locked. Raises Refused, TooLate once it has come."""
    participation = _locked_for_talk(talk.participation)
    if participation.talk_state != TalkProgress.RECORDED:
        raise TooLate(
            f"{participation.person_name} hat schon geantwortet. Die Niederschrift bleibt, wie sie ist."
            if participation.talk_is_answered
            else "Das Ergebnis ist noch nicht festgehalten."
        )
    return participation


@transaction.atomic
def reopen_talk(*, talk, by=None, read=None):
    """Take the record back for a correction, as long as the person has not answered it.

    ``read`` is the stamp of the record that the page has shown: a deputy may have recorded another one since. Raises
    Refused, TooLate once it is answered or open again, Faster if it is another by now.
    """
    participation = _locked_for_talk(talk.participation, by)
    if not participation.talk_is_answered:
        _as_read(participation, talk, read)
    participation = _unanswered(talk)
    note(by, What.TALK, How.CHANGED, participation)
    talk.recorded_at = talk.recorded_by = talk.recorded_for = None
    talk.save(update_fields=RECORD)
    _open_again(participation)


def _open_again(participation):
    """The record is in the making: nothing of it is handed out, and a talk to come stands in the calendars again."""
    _move(participation, TalkProgress.STARTED)
    hooks.ask("open_again", participation, "Das Ergebnis des Gesprächs ist wieder offen.")
    if _is_planned_later(participation):
        letters.tell_that_talks_are_on_again([participation])


def _is_planned_later(participation):
    """Whether a talk stands in calendars on a day after today; what stands there today is the day on which it was held."""
    at = participation.talk_at
    return participation.goes_on and at is not None and timezone.localdate(at) > timezone.localdate()


def stamp_of_record(talk):
    """What a page sends back of the record that it shows: another one after every correction."""
    return stamp(stamp_of(talk), talk.recorded_at and talk.recorded_at.isoformat())


def _as_read(participation, talk, read):
    """Raise unless the record is still the one that was ``read``: TooLate if it is open again, Faster if it is another."""
    if not participation.talk_is_recorded and read:
        raise TooLate("Nicht gespeichert: Die Niederschrift ist inzwischen wieder offen und wird geändert.")
    if not participation.talk_is_recorded:
        raise Refused("Das Ergebnis ist noch nicht festgehalten.")
    if read is None:
        return
    stored = Talk.objects.select_related("recorded_by").get(pk=talk.pk)
    if read != stamp_of_record(stored):
        writer = stored.recorded_by or participation.manager_name
        raise Faster(
            f"Nicht gespeichert: {writer} hat die Niederschrift inzwischen geändert. Bitte lesen Sie sie noch einmal."
        )


@transaction.atomic
def send_back(*, talk, by, reason, read=None):
    """The person ``by`` gives the record back with what is to be changed in it; whoever leads them is told.

    ``read`` is the stamp of the record that they were shown. The same sent twice does no harm. Raises Refused once they
    have given it back often enough, TooLate once they have answered it, or it is open again, Faster if it is another by now.
    """
    participation = _locked_for_talk(talk.participation)
    if Talk.objects.filter(pk=talk.pk, recorded_at=None, returned_by=by, return_reason=reason).exists():
        return
    if not participation.talk_is_answered:
        _as_read(participation, talk, read)
    participation = _unanswered(talk)
    talk.refresh_from_db(fields=[*FRAME, "times_returned"])
    if not talk.may_be_returned:
        raise Refused(RETURNED_OFTEN_ENOUGH)
    talk.recorded_at = talk.recorded_by = talk.recorded_for = None
    talk.returned_at, talk.returned_by, talk.return_reason = timezone.now(), by, reason
    talk.returned_as, talk.times_returned = stamp_of(talk), talk.times_returned + 1
    talk.save(update_fields=[*RECORD, *RETURN])
    _open_again(participation)
    letters.tell_of_return(talk)


@transaction.atomic
def acknowledge(*, talk, by, declined, statement, own_view=None, read=None):
    """Note the person's answer to the record; from then on the agreed profile stands for good.

    ``own_view`` is the person's own statement, which stands from then on; None leaves what was saved. ``read`` is the
    stamp of the record that they were shown. The same answer sent twice does no harm. Raises TooLate for another one, or
    if the record is open again, Faster if it is another by now, Refused before it is put before them, or if it is not
    ``by``'s to answer.
    """
    participation = _locked_for_talk(talk.participation)
    if by.pk != participation.person_id:
        raise Refused(f"Auf die Niederschrift antwortet {participation.person_name}.")
    answer = {"declined": declined, "statement": statement}
    if given := Acknowledgement.objects.select_related("talk").filter(talk=talk, side=Side.PERSON).first():
        if _is_the_same(given, own_view=own_view, **answer):
            return
        on = date_format(timezone.localdate(given.at))
        raise TooLate(f"Nicht gespeichert: Sie haben schon am {on} geantwortet. Ihre Antwort bleibt, wie sie ist.")
    _as_read(participation, talk, read)
    if own_view is not None:
        _state(talk, own_view)
    given = Acknowledgement.objects.create(talk=talk, side=Side.PERSON, by=by, **answer)
    Talk.objects.filter(pk=talk.pk).update(returned_at=None, returned_by=None, return_reason="", returned_as="")
    _move(participation, TalkProgress.CONFIRMED)
    letters.tell_of_answer(given)


def _is_the_same(given, *, declined, statement, own_view):
    said = (given.declined, given.statement) == (declined, statement)
    return said and own_view in (None, given.talk.person_statement)


@transaction.atomic
def state_own_view(*, talk, text):
    """Save the person's own statement; it stands from their Kenntnisnahme on."""
    _locked_for_talk(talk.participation)
    _state(talk, text)


def _state(talk, text):
    """Save the statement unless it stands; the same sent twice does no harm."""
    stored = Talk.objects.get(pk=talk.pk)
    if text == stored.person_statement:
        return
    if talk.acknowledgements.filter(side=Side.PERSON).exists():
        raise TooLate("Sie haben das Ergebnis schon beantwortet. Ihre Stellungnahme bleibt, wie sie ist.")
    stored.person_statement = text
    stored.save(update_fields=["person_statement"])
