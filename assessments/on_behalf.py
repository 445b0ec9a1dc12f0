"""The paper path: somebody types in the Selbsteinschätzung that a person has filled in by hand."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from kompetenz.catalogue.models import Level

from .answers import Incomplete, NotAnAnswer, let_stand, locked, save_ratings
from .models import Assessment, Progress, Rating, Remark
from .notices import tell_of_entry

SELF = Assessment.Kind.SELF
ENDED = "Die Runde ist beendet."
RELEASED = "Die Selbsteinschätzung ist schon freigegeben."
BEGUN = "Die Person hat ihre Selbsteinschätzung selbst begonnen. Sie füllt sie auch selbst weiter aus."
OWN_VIEW_FIRST = (
    "Geben Sie zuerst Ihre Fremdeinschätzung frei. So schätzt niemand ein und kennt dabei schon die Sicht der Person."
)
ASKED = "Sie sind selbst um eine Einschätzung dieser Person gebeten. Jemand anderes muss den Bogen eintragen."


class NotNow(Exception):
    """The paper cannot be typed in (any more); says why."""


def is_for_paper(participation):
    """Whether the person has not begun, so that their paper may still come."""
    return participation.round.is_open and participation.self_state == Progress.OPEN


def obstacle(participation, by):
    """Why ``by``, who is handed the paper, cannot type it in now; "" if they can.

    Nobody sees the person's view before they have given their own: a manager, even one who is HR too, has released
    theirs, and a colleague who was asked has answered.
    """
    if not participation.round.is_open:
        return ENDED
    if participation.self_state == Progress.RELEASED:
        return RELEASED
    if has_own_answers(participation):
        return BEGUN
    if participation.manager_state != Progress.RELEASED and participation.is_managed_by(by):
        return OWN_VIEW_FIRST
    return ASKED if participation.assessments.filter(kind=Assessment.Kind.PEER, rater=by).exists() else ""


def has_own_answers(participation):
    own = {"assessment__participation": participation, "assessment__kind": SELF}
    return Rating.objects.filter(**own).exists() or Remark.objects.filter(**own).exists()


@transaction.atomic
def enter(*, participation, by, levels):
    """Save the whole Selbsteinschätzung as ``by`` reads it off the paper and release it; the person is told.

    ``levels`` maps every competency's id to 0-3. Raises NotNow, Incomplete or NotAnAnswer; then nothing is saved.
    """
    own = participation.assessments.get(kind=SELF)
    assessment = locked(Assessment.objects.filter(kind=SELF), own.pk)
    if problem := obstacle(assessment.participation, by):
        raise NotNow(problem)
    catalogue = assessment.participation.round.catalogue
    if missing := [competency for competency in catalogue.competencies if competency.id not in levels]:
        raise Incomplete(missing)
    if levels.keys() - catalogue.by_id.keys() or set(levels.values()) - set(Level.values):
        raise NotAnAnswer
    save_ratings(assessment, levels)
    assessment.entered_by, assessment.entered_on = by, timezone.localdate()
    let_stand(assessment)
    tell_of_entry(assessment)
    return assessment


@transaction.atomic
def confirm_entry(*, pk, by):
    """Note that the person has found what was typed in to be what they wrote; answers whether that is noted now.

    Raises NotEditable if it is not ``by``'s own.
    """
    assessment = locked(Assessment.objects.by_rater(by).filter(kind=SELF), pk)
    if Assessment.objects.awaiting_confirmation_by(by).filter(pk=pk).exists():
        assessment.confirmed_on = timezone.localdate()
        assessment.save(update_fields=["confirmed_on"])
    return assessment.confirmed_on is not None


def entry_in_words(assessment):
    """When and by whom this assessment was typed in from paper, and since when it is confirmed; "" if it was not."""
    if assessment is None or assessment.entered_on is None:
        return ""
    text = f"vom Papier eingetragen am {date_format(assessment.entered_on, 'j. F Y')}"
    if assessment.entered_by:
        text += f" von {assessment.entered_by}"
    if assessment.confirmed_on:
        text += f", von der Person bestätigt am {date_format(assessment.confirmed_on, 'j. F Y')}"
    return text
