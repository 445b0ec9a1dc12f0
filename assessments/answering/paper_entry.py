"""The paper path: somebody types in the Selbsteinschätzung that a person has filled in by hand."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Assessment, Participation, Progress, Rating, Remark
from assessments.models.accesses import How, What, note
from assessments.telling.letters import tell_of_entry, tell_who_entered
from kompetenz.forms.stamp import stamp
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.people.models.right_changes import NEW
from kompetenz.people.own_reach import is_new_in_hr
from kompetenz.refusals import HANDED_OVER, Faster, Refused, TooLate

from .saving import Incomplete, NotAnAnswer, let_stand, locked, note_progress, save_ratings

SELF = Assessment.Kind.SELF
ENDED = "Die Runde ist beendet."
DECLINED = "Die Person nimmt an dieser Runde nicht teil."
RELEASED = "Die Selbsteinschätzung ist schon freigegeben."
ENTERED = "Der Bogen ist schon eingetragen. Nun bestätigt ihn die Person, oder sie weist die Eintragung zurück."
BEGUN = "Die Person hat ihre Selbsteinschätzung selbst begonnen. Sie füllt sie auch selbst weiter aus."
DISOWNED = "Die Person hat zurückgenommen, was vom Papier freigegeben war. Sie füllt ihre Selbsteinschätzung selbst weiter aus."
OWN_VIEW_FIRST = (
    "Geben Sie zuerst Ihre Fremdeinschätzung frei. So schätzt niemand ein und kennt dabei schon die Sicht der Person."
)
TO_CHECK = "Der Bogen ist schon eingetragen. Nun prüft ihn jemand anderes aus der Personalentwicklung."
NOTHING_TO_CHECK = "Der Bogen ist noch nicht eingetragen. Prüfen kann ihn danach jemand anderes."
OWN_ENTRY = "Sie haben den Bogen selbst eingetragen. Prüfen muss ihn jemand anderes aus der Personalentwicklung."
TOO_NEW = "Sie gehören seit weniger als {} Tagen zur Personalentwicklung. So lange prüft jemand anderes aus ihr."
TYPED_BY_NEW = "{} hat den Bogen eingetragen und gehört seit weniger als {} Tagen zur Personalentwicklung."
TYPED_MEANWHILE = "{} hat den Bogen eingetragen und gehörte nur kurz zur Personalentwicklung."
OWN_WORD = "{} hat eine E-Mail-Adresse und bestätigt die Eintragung selbst."
OWN_WORD_ONCE = "{} hatte eine E-Mail-Adresse und bestätigt die Eintragung selbst, sobald wieder eine eingetragen ist."
ANOTHER = "Es wurde nichts geändert: Die Eintragung ist inzwischen eine andere. Bitte vergleichen Sie sie noch einmal mit Ihrem Bogen."
REJECTED = (
    "Inzwischen hat {} eine Eintragung zurückgewiesen. Fragen Sie nach, was auf dem Bogen steht, bevor Sie ihn noch "
    "einmal eintragen."
)
OTHERWISE = "Inzwischen ist etwas anderes eingetragen. Ihre Angaben stehen noch da: Schicken Sie sie noch einmal ab."
ASKED = "Sie sind selbst um eine Einschätzung dieser Person gebeten. Jemand anderes muss den Bogen eintragen."


def is_for_paper(participation):
    """Whether the person has not begun, so that their paper may still come."""
    return participation.round.is_open and participation.takes_part and participation.self_state == Progress.OPEN


def obstacle(participation, by):
    """Why ``by``, who is handed the paper, cannot type it in now; "" if they can.

    Nobody sees the person's view before they have given their own: a manager, even one who is HR too, has released
    theirs, and a colleague who was asked has answered.
    """
    if problem := too_late(participation):
        return problem
    if participation.self_is_entered:
        return ENTERED if own_word(participation) else TO_CHECK
    if has_own_answers(participation):
        disowned = participation.assessments.filter(kind=SELF, disowned_at__isnull=False)
        return DISOWNED if disowned.exists() else BEGUN
    return must_not_read(participation, by)


def obstacle_to_checking(participation, by):
    """Why ``by``, who is handed the signed paper of somebody without an address, cannot check what was typed in; "" if they can."""
    if problem := too_late(participation):
        return problem
    if not participation.self_is_entered:
        return NOTHING_TO_CHECK
    if problem := own_word(participation):
        return problem
    typed_in = participation.assessments.select_related("entered_by").get(kind=SELF)
    if typed_in.entered_by_id == by.pk:
        return OWN_ENTRY
    if is_new_in_hr(by):
        return TOO_NEW.format(NEW.days)
    return must_not_read(participation, by)


def typed_by_new(typed_in):
    """That who has typed it in is no second pair of eyes, in words; "" if they are.

    Whoever gives the right of HR may be who uses it, also if they take it away again. Then a second typing is the first
    of two.
    """
    typist = typed_in.entered_by
    if typist is None or not is_new_in_hr(typist):
        return ""
    words = TYPED_BY_NEW if typist.is_hr else TYPED_MEANWHILE
    return words.format(typed_in.participation.name_of(typist), NEW.days)


def own_word(participation):
    """That only the person's own word counts, in words; "" if nobody could ask for it: who has signed in before, or was asked, answers.

    Else whoever of HR takes an address away could have others answer in its place.
    """
    person = participation.person
    if person.email:
        return OWN_WORD.format(participation.person_name)
    asked = participation.assessments.filter(kind=SELF, asked_on__isnull=False)
    return OWN_WORD_ONCE.format(participation.person_name) if person.last_login or asked.exists() else ""


def too_late(participation):
    """Why nothing is read off a paper of this participation any more; "" if it still is."""
    known = {
        ENDED: not participation.round.is_open,
        DECLINED: not participation.takes_part,
        RELEASED: participation.self_is_released,
    }
    return next((text for text, holds in known.items() if holds), "")


def must_not_read(participation, by):
    """Why ``by`` must not know yet what the person says; "" if they may be handed the paper."""
    if not participation.manager_is_released and participation.is_managed_by(by):
        return OWN_VIEW_FIRST
    return ASKED if participation.assessments.filter(kind=Assessment.Kind.PEER, rater=by).exists() else ""


def has_own_answers(participation):
    own = {"assessment__participation": participation, "assessment__kind": SELF}
    return Rating.objects.filter(**own).exists() or Remark.objects.filter(**own).exists()


def stamp_of_paper(participation):
    """What a page sends back on which a paper is typed in: another one once somebody has, and the person has rejected it."""
    return stamp(*participation.assessments.filter(kind=SELF).values_list("entered_on", "entered_by", "rejected_on"))


@transaction.atomic
def enter(*, participation, by, levels, read=None):
    """Save the whole Selbsteinschätzung as ``by`` reads it off the paper; the person is asked whether it is theirs.

    Until they confirm it, it is not released and nobody else reads it. ``levels`` maps every competency's id to a level of
    the round, ``read`` is the stamp_of_paper that ``by`` was shown, None is not asked. Raises Refused, Incomplete or
    NotAnAnswer, and Faster where the person has rejected an entry since; then nothing is saved.
    """
    own = participation.assessments.get(kind=SELF)
    assessment = locked(Assessment.objects.filter(kind=SELF), own.pk)
    if problem := obstacle(assessment.participation, by):
        raise Refused(problem)
    if not Participation.objects.of_papers_for(by).filter(pk=assessment.participation_id).exists():
        raise TooLate(HANDED_OVER)  # handed over while this has waited
    if read not in (None, stamp_of_paper(assessment.participation)):
        raise Faster(REJECTED.format(assessment.participation.person_name))
    _all_answered(assessment.participation.round.catalogue, levels)
    _type_in(assessment, by, levels)
    if assessment.participation.person.email:  # or it is the signature that counts, see check_entry
        assessment.asked_on = timezone.localdate()
        assessment.save(update_fields=["asked_on"])
    note_progress(assessment, Progress.ENTERED)
    tell_of_entry(assessment)
    return assessment


def _all_answered(catalogue, levels):
    if missing := [competency for competency in catalogue.competencies if competency.id not in levels]:
        raise Incomplete(missing)
    if levels.keys() - catalogue.by_id.keys() or not all(map(catalogue.has_level, levels.values())):
        raise NotAnAnswer


def _type_in(assessment, by, levels):
    """Save what ``by`` has read off the paper, and that they have."""
    save_ratings(assessment, levels)
    assessment.entered_by, assessment.entered_on, assessment.rejected_on = by, timezone.localdate(), None
    assessment.save(update_fields=["entered_by", "entered_on", "rejected_on"])
    note(by, What.SELF, How.CHANGED, assessment.participation)


@dataclass(frozen=True)
class Compared:
    """What came of a second typing: how many answers differed, and whether the paper holds now."""

    differ: int
    holds: bool


@transaction.atomic
def check_entry(*, participation, by, levels, read=None):
    """Somebody else of HR types in the signed paper of somebody without an address; returns what came of it (Compared).

    Where no answer differs it is the person's word and released from now on. Else, and where the first was typed in by somebody
    too new in HR, what ``by`` has typed in stands there instead, and again waits for somebody else: which answers differ nobody
    is told, or whoever has no paper could find out by trying. Raises
    Refused, Incomplete, NotAnAnswer, and Faster where ``by`` was shown that another entry stands there; then nothing is saved.
    """
    own = participation.assessments.get(kind=SELF)
    assessment = locked(Assessment.objects.filter(kind=SELF), own.pk)
    if problem := obstacle_to_checking(assessment.participation, by):
        raise Refused(problem)
    if read not in (None, stamp_of_paper(assessment.participation)):
        raise Faster(OTHERWISE)
    _all_answered(assessment.participation.round.catalogue, levels)
    stored = assessment.levels()
    differ = sum(stored.get(competency) != level for competency, level in levels.items())
    if differ or typed_by_new(assessment):
        _type_in(assessment, by, levels)
        return Compared(differ, holds=False)
    assessment.checked_by, assessment.checked_on = by, timezone.localdate()
    note(by, What.SELF, How.CHANGED, assessment.participation)
    let_stand(assessment)
    return Compared(0, holds=True)


def stamp_of_entry(assessment):
    """What a page sends back of the entry that it shows: another one once it was rejected and typed in otherwise."""
    return stamp(sorted(assessment.levels().items()), str(assessment.entered_on), assessment.entered_by_id)


def _as_read(assessment, read):
    if read is not None and read != stamp_of_entry(assessment):
        raise Faster(ANOTHER)


@transaction.atomic
def confirm_entry(*, pk, by, read=None):
    """What was typed in is what the person wrote: it is theirs and released from now on; False if there was nothing to confirm.

    ``read`` is the stamp of the entry that they were shown. Confirming twice does no harm. Raises TooLate if it is not
    ``by``'s own, Faster if it is another entry by now.
    """
    assessment = locked(Assessment.objects.by_rater(by).filter(kind=SELF), pk)
    if not Assessment.objects.awaiting_confirmation_by(by).filter(pk=pk).exists():
        return assessment.confirmed_on is not None
    _as_read(assessment, read)
    assessment.confirmed_on = timezone.localdate()
    assessment.save(update_fields=["confirmed_on"])
    let_stand(assessment)
    tell_who_entered(assessment)
    return True


@transaction.atomic
def reject_entry(*, pk, by, read=None):
    """What was typed in is not the person's: it is deleted, whatever anybody has released; False if there was nothing to reject.

    They begin their own, or the paper is typed in anew. ``read`` is the stamp of the entry that they were shown. Rejecting
    twice does no harm. Raises TooLate if it is not ``by``'s own, Faster if it is another entry by now.
    """
    assessment = locked(Assessment.objects.by_rater(by).filter(kind=SELF), pk)
    if not Assessment.objects.awaiting_confirmation_by(by).filter(pk=pk).exists():
        return assessment.rejected_on is not None
    _as_read(assessment, read)
    forget_entry(assessment)
    assessment.rejected_on = timezone.localdate()
    assessment.save(update_fields=["rejected_on"])
    tell_who_entered(assessment)
    return True


def forget_entry(assessment):
    """Delete what was typed in of a locked assessment: it was never the person's word."""
    assessment.ratings.all().delete()
    note_progress(assessment, Progress.OPEN)
    enqueue_once(empty_the_log)


def entry_in_words(assessment):
    """When and by whom this assessment was typed in from paper, and whose word it is since; and what of that the person
    has taken back. "" without either.
    """
    if assessment is None:
        return ""
    return "; ".join(filter(None, [_entry_that_stands(assessment), _what_was_disowned(assessment)]))


def _what_was_disowned(assessment):
    if not assessment.disowned_at:
        return ""
    on, name = timezone.localdate(assessment.disowned_at), assessment.participation.person_name
    day = date_format(on)
    return f"eine Fassung, die andere vom Papier eingetragen und verglichen hatten, hat {name} am {day} zurückgenommen"


def _entry_that_stands(assessment):
    if assessment.entered_on is None:
        return ""
    text = "vom Papier übertragen"
    if assessment.entered_by:
        text += f" von {assessment.participation.name_of(assessment.entered_by)}"
    text += f" am {date_format(assessment.entered_on)}"
    if assessment.checked_on:
        text += ", mit dem unterschriebenen Bogen verglichen"
        if assessment.checked_by:
            text += f" von {assessment.participation.name_of(assessment.checked_by)}"
        return f"{text} am {date_format(assessment.checked_on)}"
    name = assessment.participation.person_name
    if assessment.confirmed_on:
        return f"{text}, von {name} bestätigt am {date_format(assessment.confirmed_on)}"
    if assessment.rejected_on:
        return f"{text}, von {name} zurückgewiesen am {date_format(assessment.rejected_on)}"
    if own_word(assessment.participation):
        return f"{text}, von {name} noch nicht bestätigt"
    return f"{text}, noch nicht mit dem unterschriebenen Bogen verglichen"


def entry_of(participation):
    """In words that somebody has typed in the Selbsteinschätzung, and what became of that; one query."""
    was_typed_in = Q(entered_on__isnull=False) | Q(disowned_at__isnull=False)
    own = participation.assessments.filter(was_typed_in, kind=SELF)
    return entry_in_words(own.select_related("entered_by", "checked_by", "participation__person").first())
