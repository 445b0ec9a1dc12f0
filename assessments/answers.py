"""Saving, releasing and taking back an assessment: every write to answers happens here."""

import hashlib

from django.db import transaction
from django.utils import timezone

from . import notices, peers
from .models import Assessment, Participation, Progress, Rating, Remark

CLEARED = "cleared"  # the rater has taken an answer away: back to "not yet answered"


class NotEditable(Exception):
    """The assessment takes no answers any more: released, the round closed, another manager, or too late for a colleague."""


class Incomplete(Exception):
    """A release was asked for although competencies are unanswered; ``missing`` lists them."""

    def __init__(self, missing):
        super().__init__(missing)
        self.missing = missing


STATE_FIELDS = {Assessment.Kind.SELF: "self_state", Assessment.Kind.MANAGER: "manager_state"}


def _state_field(assessment):
    """Where the participation repeats this side's progress."""
    return STATE_FIELDS[assessment.kind]


def locked(queryset, pk):
    """The assessment of ``queryset`` with its participation and round.

    Assessment and participation are locked together and always in this order: both sides' writers
    wait for each other, and no two of them can each hold what the other one wants.
    """
    rows = queryset.select_related("participation__round").select_for_update(of=("self", "participation"))
    assessment = rows.filter(pk=pk).first()
    if assessment is None:
        raise NotEditable
    return assessment


class NotAnAnswer(Exception):
    """The round has no such competency, or this side may not answer so: colleagues write no words."""


@transaction.atomic
def save_answers(*, pk, by, levels=None, remarks=None):
    """Save the given answers of ``by``'s draft and return it, with ``answered``: how many competencies are now.

    ``levels`` maps competency ids to 0-3, None for "kann ich nicht beurteilen" (only about others) or
    CLEARED; ``remarks`` maps them to texts, an empty one removes the remark. Answers not named stay.
    Raises NotEditable or NotAnAnswer; then nothing is saved.
    """
    levels, remarks = levels or {}, remarks or {}
    assessment = locked(Assessment.objects.editable_by(by), pk)
    if not peers.may_rate(assessment, by):
        raise NotEditable
    unknown = (levels.keys() | remarks.keys()) - assessment.participation.round.catalogue.by_id.keys()
    if unknown or (assessment.is_self and None in levels.values()) or (assessment.kind == peers.PEER and remarks):
        raise NotAnAnswer
    save_ratings(assessment, levels)
    _save_remarks(assessment, remarks)
    if assessment.kind in Assessment.SIDES:
        _note_start(assessment)
    assessment.answered = assessment.ratings.count()
    return assessment


def _note_start(assessment):
    field = _state_field(assessment)
    if getattr(assessment.participation, field) == Progress.OPEN:
        Participation.objects.filter(pk=assessment.participation_id).update(**{field: Progress.STARTED})


def save_ratings(assessment, levels):
    """Write these answers of a locked draft; see save_answers."""
    cleared = [competency for competency, level in levels.items() if level == CLEARED]
    given = [
        Rating(assessment=assessment, competency_id=competency, level=level)
        for competency, level in levels.items()
        if level != CLEARED
    ]
    if cleared:
        assessment.ratings.filter(competency__in=cleared).delete()
    if given:
        Rating.objects.bulk_create(
            given, update_conflicts=True, unique_fields=["assessment", "competency"], update_fields=["level"]
        )


def _save_remarks(assessment, remarks):
    removed = [competency for competency, text in remarks.items() if not text]
    given = [
        Remark(assessment=assessment, competency_id=competency, text=text)
        for competency, text in remarks.items()
        if text
    ]
    if removed:
        assessment.remarks.filter(competency__in=removed).delete()
    if given:
        Remark.objects.bulk_create(
            given, update_conflicts=True, unique_fields=["assessment", "competency"], update_fields=["text"]
        )


class Changed(Exception):
    """The answers are not the ones that were checked before releasing."""


def fingerprint(levels, remarks):
    """A short text that differs as soon as one answer or remark does."""
    return hashlib.sha256(repr((sorted(levels.items()), sorted(remarks.items()))).encode()).hexdigest()[:16]


@transaction.atomic
def release(*, pk, by, checked=None):
    """Release ``by``'s draft: from now on it stands. Releasing twice changes nothing.

    A colleague's is counted and is no more: NotEditable the second time.

    ``checked`` is the fingerprint of the answers that were looked at before. Raises Changed if they
    are others by now, Incomplete while a competency is unanswered, NotEditable if it is not
    ``by``'s to release.
    """
    assessment = locked(Assessment.objects.by_rater(by), pk)
    if assessment.released_at is not None:
        return
    if not assessment.participation.round.is_open or not peers.may_rate(assessment, by):
        raise NotEditable
    levels, remarks = assessment.levels(), assessment.remark_texts()
    missing = [c for c in assessment.participation.round.catalogue.competencies if c.id not in levels]
    if missing:
        raise Incomplete(missing)
    if checked is not None and checked != fingerprint(levels, remarks):
        raise Changed
    if assessment.kind == peers.PEER:
        peers.count(assessment=assessment, by=by)
        return
    assessment.rater = by  # for a manager perhaps their deputy
    let_stand(assessment)


def let_stand(assessment):
    """Save that this locked draft is released now, and tell the other side."""
    assessment.released_at = timezone.now()
    assessment.save(update_fields=["released_at", "rater", "entered_by", "entered_on"])
    Participation.objects.filter(pk=assessment.participation_id).update(**{_state_field(assessment): Progress.RELEASED})
    notices.tell_of_release(assessment)


@transaction.atomic
def take_back(*, pk, by):
    """Turn a release back into a draft, which is the rater's own from now on even if it was typed in from paper.

    Raises NotEditable once the other side has released too.
    """
    assessment = locked(Assessment.objects.by_rater(by), pk)
    if not Assessment.objects.returnable_by(by).filter(pk=pk).exists():  # asked only now that nobody else can release
        raise NotEditable
    assessment.released_at = assessment.entered_by = assessment.entered_on = assessment.confirmed_on = None
    assessment.of_former_manager = False
    assessment.save(update_fields=["released_at", "of_former_manager", "entered_by", "entered_on", "confirmed_on"])
    Participation.objects.filter(pk=assessment.participation_id).update(**{_state_field(assessment): Progress.STARTED})
