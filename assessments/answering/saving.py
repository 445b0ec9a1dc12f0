"""Saving, releasing and taking back an assessment: every write to answers happens here."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Participation, Progress, Rating, Remark, as_it_is_now, in_place_of, why_over
from assessments.models.accesses import How, What, note
from assessments.models.assessments import levels_of
from assessments.peers import asking, counting
from assessments.telling import letters
from kompetenz import hooks
from kompetenz.forms.fields import check_printed
from kompetenz.forms.stamp import overtaken, stamp
from kompetenz.prepared import prepared
from kompetenz.refusals import Faster, Refused, TooLate

CLEARED = "cleared"  # the rater has taken an answer away: back to "not yet answered"


NO_LEVEL = "Bitte wählen Sie eine der angebotenen Stufen."
NOT_TAKEN = "Diese Einschätzung nimmt keine Antworten mehr an"


ANOTHER_RELEASE = (
    "Nicht zurückgenommen: Inzwischen ist neu freigegeben. Bitte sehen Sie sich die Antworten noch einmal an."
)
BY_ANOTHER = "Nicht freigegeben: Das hat {} inzwischen getan. Bitte lesen Sie, was dort steht."
ENTERED_FOR_YOU = "Jemand hat Ihren Bogen eingetragen. Bitte bestätigen Sie die Eintragung, oder weisen Sie sie zurück."


class Incomplete(Refused):
    """A release was asked for although competencies are unanswered; ``missing`` lists them."""

    def __init__(self, missing):
        super().__init__("Es fehlen noch Antworten.")
        self.missing = missing


def locked(queryset, pk):
    """The assessment of ``queryset`` with its participation and round.

    Assessment and participation are locked together and always in this order: both sides' writers
    wait for each other, and no two of them can each hold what the other one wants. Raises TooLate.
    """
    return not_too_late(to_lock(queryset).filter(pk=pk).first(), pk)


def to_lock(queryset):
    # of: the round is only read along, or all of its people would save one after the other.
    return queryset.select_related("participation__round").select_for_update(of=("self", "participation"))


@prepared
def draft_to_lock(by, pk):
    return to_lock(Assessment.objects.editable_by(by)).filter(pk=pk)


def not_too_late(assessment, pk):
    if assessment is None:
        raise TooLate(f"{NOT_TAKEN}: {why_closed(pk)}")
    as_it_is_now(assessment.participation)
    return assessment


def why_ended(assessment, by):
    """Why nobody's answers are taken any more, or those of ``by`` as a colleague, in words; "" where they are."""
    return asking.closed_because(assessment, by) if assessment.participation.round.is_open else "Die Runde ist beendet."


def why_closed(pk):
    """Why answers to this assessment are not taken any more, in words; for its rater alone."""
    assessment = Assessment.objects.select_related("participation__round").filter(pk=pk).first()
    if assessment is None:
        return "Es gibt sie nicht mehr."
    if not (assessment.rules.is_counted or assessment.participation.takes_part):
        return why_over(assessment.participation)
    if assessment.released_at is not None:
        return "Sie ist freigegeben."
    if not assessment.participation.round.is_open:
        return "Die Runde ist beendet."
    if assessment.is_self and assessment.participation.self_is_entered:
        return ENTERED_FOR_YOU
    late = asking.closed_because(assessment, assessment.rater) if assessment.rater else ""
    return late or "Inzwischen ist jemand anderes zuständig."


class NotReleased(Refused):
    """There is no release to take back: it was taken back already, or never given."""

    def __init__(self):
        super().__init__("Diese Einschätzung ist nicht freigegeben. Es gibt nichts zurückzunehmen.")


class NotAnAnswer(Refused):
    """The round has no such competency or level, or this side may not answer so: colleagues write no words."""

    def __init__(self):
        super().__init__(NO_LEVEL)


def in_text(levels, competency):
    """An answer as forms send it: a level, "x" for "kann ich nicht beurteilen", "" for none."""
    if competency not in levels:
        return ""
    return "x" if levels[competency] is None else str(levels[competency])


@transaction.atomic
def save_answers(*, pk, by, levels=None, remarks=None, seen=None):
    """Save the given answers of ``by``'s draft and return it, with ``answered``: how many competencies are now.

    ``seen`` is what the page has shown (forms.stamp.seen_in): an answer that somebody has changed since is left as it is,
    and ``overtaken`` tells what is stored.

    ``levels`` maps competency ids to levels of the round, None for "kann ich nicht beurteilen" (only about others) or
    CLEARED; ``remarks`` maps them to texts, an empty one removes the remark. Answers not named stay.
    Raises TooLate, NotAnAnswer or Unprinted; then nothing is saved.
    """
    levels, remarks = levels or {}, remarks or {}
    assessment = not_too_late(draft_to_lock.first(by, pk), pk)
    if problem := why_ended(assessment, by):
        raise TooLate(f"{NOT_TAKEN}: {problem}")
    catalogue = assessment.participation.round.catalogue
    unknown = (levels.keys() | remarks.keys()) - catalogue.by_id.keys()
    unknown |= {level for level in levels.values() if level not in (None, CLEARED) and not catalogue.has_level(level)}
    rules = assessment.rules
    if unknown or (None in levels.values() and not rules.rates_another) or (remarks and not rules.takes_remarks):
        raise NotAnAnswer
    check_printed(remarks.values())
    assessment.overtaken = left = _overtaken(assessment, levels, remarks, seen)
    levels = {pk: level for pk, level in levels.items() if f"level-{pk}" not in left}
    remarks = {pk: text for pk, text in remarks.items() if f"remark-{pk}" not in left}
    save_ratings(assessment, levels)
    _save_remarks(assessment, remarks)
    if rules.is_side and (levels or remarks):  # whoever has sent nothing has begun nothing
        _note_start(assessment)
        note(by, What.ASSESSMENT, How.CHANGED, assessment.participation)
    assessment.answered = len(levels_of(pk))
    return assessment


def _overtaken(assessment, levels, remarks, seen):
    if not seen:
        return {}
    now, words = assessment.levels(), assessment.remark_texts() if remarks else {}
    new = {f"level-{pk}": "" if level == CLEARED else in_text(levels, pk) for pk, level in levels.items()}
    stored = {f"level-{pk}": in_text(now, pk) for pk in levels}
    return overtaken(
        stored=stored | {f"remark-{pk}": words.get(pk, "") for pk in remarks},
        new=new | {f"remark-{pk}": text for pk, text in remarks.items()},
        seen=seen,
    )


def _note_start(assessment):
    if getattr(assessment.participation, assessment.rules.state_field) == Progress.OPEN:
        note_progress(assessment, Progress.STARTED)


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


def stamp_of_answers(levels, remarks):
    return stamp(sorted(levels.items()), sorted(remarks.items()))


@transaction.atomic
def release(*, pk, by, read=None):
    """Release ``by``'s draft: from now on it stands.

    Releasing twice changes nothing; TooLate where a deputy was faster, or whom one stands in for.
    A colleague's is counted and is no more: TooLate the second time.

    ``read`` is the stamp of the answers that were looked at before. Raises Faster if they
    are others by now, Incomplete while a competency is unanswered, TooLate if it is not
    ``by``'s to release.
    """
    assessment = locked(Assessment.objects.by_rater(by), pk)
    if assessment.released_at is not None and assessment.rater_id in (None, by.pk):
        return
    if assessment.released_at is not None:
        raise TooLate(BY_ANOTHER.format(assessment.participation.name_of(assessment.rater)))
    if assessment.is_self and assessment.participation.self_is_entered:
        raise TooLate(ENTERED_FOR_YOU)
    if problem := why_ended(assessment, by):
        raise TooLate(f"{NOT_TAKEN}: {problem}")
    levels, remarks = assessment.levels(), assessment.remark_texts()
    missing = [c for c in assessment.participation.round.catalogue.competencies if c.id not in levels]
    if missing:
        raise Incomplete(missing)
    if read is not None and read != stamp_of_answers(levels, remarks):
        raise Faster("In einem anderen Fenster wurde etwas geändert. Bitte prüfen Sie noch einmal.")
    if assessment.rules.is_counted:
        counting.count(assessment=assessment, by=by)
        return
    assessment.rater = by  # for a manager perhaps their deputy
    assessment.released_for = in_place_of(assessment.participation, by) if assessment.rules.is_side else None
    note(by, What.ASSESSMENT, How.CHANGED, assessment.participation)
    let_stand(assessment)


def let_stand(assessment):
    """Save that this locked draft is released now; if it is one of the two sides, the other one is told.

    That somebody had typed in another before, which the person has rejected, is of no interest any more.
    """
    assessment.released_at = timezone.now()
    if assessment.rejected_on:
        assessment.entered_by = assessment.entered_on = assessment.asked_on = assessment.rejected_on = None
    assessment.save(update_fields=["released_at", "rater", "released_for", *Assessment.OF_PAPER])
    if assessment.rules.is_side:
        note_progress(assessment, Progress.RELEASED)
        letters.tell_of_release(assessment)


def note_progress(assessment, progress):
    """Repeat on the participation how far this side has come."""
    field = assessment.rules.state_field
    Participation.objects.filter(pk=assessment.participation_id).update(**{field: progress})


def partner_in(assessment):
    """The name of whoever gives the other of the two assessments; whoever has released it, also a deputy or a former manager; one query."""
    row = assessment.participation
    if not assessment.is_self:
        return row.person_name
    other = of_the_manager.first(row.pk) if row.manager_is_released else None
    if other and other.rater is None and other.of_former_manager:
        return "Eine frühere Führungskraft"
    return row.name_of(other.rater) if other and other.rater else row.manager_name


@prepared
def of_the_manager(participation):
    return Assessment.objects.filter(participation=participation, kind=Assessment.Kind.MANAGER).select_related("rater")


def other_release(assessment, word="schon"):
    """That the other of the two assessments is released, in words: by whom, unless others have released it for the person; two queries."""
    row = assessment.participation
    spoken_for = row.assessments.of_themselves().filter(checked_on__isnull=False)
    if not assessment.is_self and spoken_for.exists():
        return f"Die Selbsteinschätzung von {row.person_name} ist {word} freigegeben"
    return f"{partner_in(assessment)} hat {word} freigegeben"


def _why_it_stands(assessment):
    """Why this released assessment cannot be taken back."""
    row = assessment.participation
    if not row.round.is_open:
        return "Die Runde ist beendet."
    if row.both_released:
        return f"{other_release(assessment, 'auch')}."
    if not assessment.is_self and row.assessments.filter(disowned_at__isnull=False).exists():
        return (
            f"Als {row.person_name} zurücknahm, was vom Papier eingetragen war, waren beide Einschätzungen freigegeben."
        )
    if not assessment.is_self:
        return f"Der Bogen von {partner_in(assessment)} wurde inzwischen vom Papier eingetragen."
    return "In dieser Runde sehen Sie nach der Freigabe das Soll; deshalb lässt sie sich nicht zurücknehmen."


@transaction.atomic
def take_back(*, pk, by, read=None):
    """Turn a release back into a draft, which is the rater's own from now on even if it was typed in from paper.

    ``read`` is the release_stamp that a page has shown, None is not asked: a deputy may have released other answers since.
    What others have released for the person says for ever that it was taken back, and they are told. Raises NotReleased where
    there is none, TooLate once both have released, or where it has shown the person the Soll, Faster where it is another release.
    """
    assessment = locked(Assessment.objects.by_rater(by), pk)
    if assessment.released_at is None:
        raise NotReleased
    if not Assessment.objects.returnable_by(by).filter(pk=pk).exists():  # asked only now that nobody else can release
        raise TooLate(f"{_why_it_stands(assessment)} Die Freigabe bleibt bestehen.")
    if read not in (None, assessment.release_stamp):
        raise Faster(ANOTHER_RELEASE)
    spoke_for_them = assessment.checked_on and [assessment.entered_by, assessment.checked_by]
    if spoke_for_them:
        assessment.disowned_at = timezone.now()
    assessment.released_at = None
    for field in Assessment.OF_PAPER:
        setattr(assessment, field, None)
    assessment.released_for, assessment.of_former_manager = None, False
    note(by, What.ASSESSMENT, How.CHANGED, assessment.participation)
    taken_back = ["released_at", "released_for", "of_former_manager", "disowned_at"]
    assessment.save(update_fields=[*taken_back, *Assessment.OF_PAPER])
    note_progress(assessment, Progress.STARTED)
    if assessment.participation.both_released:
        hooks.ask("open_again", assessment.participation, "Eine Einschätzung ist wieder offen.")
    if spoke_for_them:
        letters.forget_releases(
            assessment.participation, assessment.kind
        )  # or the other would not hear of what they say themself
        letters.tell_who_entered(assessment, spoke_for_them)
