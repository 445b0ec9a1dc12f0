"""What comes next in a participation, for the person and for whoever manages them; decided here and nowhere else.

It follows from the states that the participation repeats, and costs no query. The team page, Meine Aufgaben and the person's
list of rounds say it each in its own way: a list says where things stand, a task what is to be done. What comes next in a
learning plan, the app above says (learningplans/tasks.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import PlanProgress, Progress, TalkProgress


class Ahead(Enum):
    """What comes next, seen from one of the two sides."""

    NOTHING_ANY_MORE = auto()  # the round has ended, and there is no plan to follow
    DECLINED = auto()
    REST = auto()
    OWN_ASSESSMENT = auto()
    OTHER_ASSESSMENT = auto()  # the own one is released
    TALK = auto()
    ANSWER = auto()  # the person's to the record of the talk
    PLAN = auto()
    DRAFT_PLAN = auto()
    AGREED_PLAN = auto()
    COMPLETED_PLAN = auto()


WITH_A_PLAN = {
    PlanProgress.NONE: Ahead.PLAN,
    PlanProgress.DRAFT: Ahead.DRAFT_PLAN,
    PlanProgress.AGREED: Ahead.AGREED_PLAN,
    PlanProgress.COMPLETED: Ahead.COMPLETED_PLAN,
}


def ahead_of(participation, *, is_person):
    """What comes next for the person, or else for whoever manages them; ``participation`` comes with its round."""
    row = participation
    if not row.takes_part:
        return Ahead.DECLINED
    follows_a_plan = row.plan_state == PlanProgress.AGREED  # it goes on after the round
    if not (row.round.is_open or follows_a_plan):
        return Ahead.NOTHING_ANY_MORE
    if row.rests:
        return Ahead.REST
    own, other = row.self_state, row.manager_state
    if not is_person:
        own, other = other, own
    open_steps = [
        (Ahead.OWN_ASSESSMENT, own < Progress.RELEASED),
        (Ahead.OTHER_ASSESSMENT, other < Progress.RELEASED),
        (Ahead.TALK, row.talk_state < TalkProgress.RECORDED),
        (Ahead.ANSWER, row.talk_state == TalkProgress.RECORDED),
    ]
    first = next((step for step, is_open in open_steps if is_open), None)
    return WITH_A_PLAN[row.plan_state] if follows_a_plan or first is None else first


# --- for a manager's list ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextStep:
    """What comes next about one of a manager's people, in words, and until when; without ``url`` it waits for somebody else."""

    words: str
    url: str = ""
    due: date | None = None
    is_rest: bool = False

    @property
    def is_late(self):
        return self.due is not None and self.due < timezone.localdate()

    @property
    def late_since(self):
        """The first day on which it is late."""
        return self.due and self.due + timedelta(days=1)


OF_THE_PLAN = {
    Ahead.PLAN: "Lernplan aufstellen",
    Ahead.DRAFT_PLAN: "Lernplan ausarbeiten",
    Ahead.AGREED_PLAN: "Lernplan begleiten",
    Ahead.COMPLETED_PLAN: "ansehen",
}


def for_manager(participation, *, has_agreed=False):
    """The next step of whoever manages the person, for a row of ``for_team_page()``.

    ``has_agreed`` says whether they, or who acts for them, have agreed to the draft of the learning plan.
    """
    row, ahead = participation, ahead_of(participation, is_person=False)
    if row.has_left:
        return NextStep("arbeitet nicht mehr hier", is_rest=True)
    if ahead is Ahead.DECLINED:
        return NextStep("nimmt nicht teil", is_rest=True)
    if ahead is Ahead.REST:
        return NextStep(f"ruht seit {day_in_words(row.paused_on)}", is_rest=True)
    if ahead is Ahead.OWN_ASSESSMENT:
        address = reverse("assessments:assessment", args=[row.manager_assessment_id])
        return NextStep("Fremdeinschätzung", address, row.manager_due)
    if ahead in OF_THE_PLAN and not (ahead is Ahead.DRAFT_PLAN and has_agreed):
        due = row.plan_due if row.plan_state < PlanProgress.AGREED else None
        return NextStep(OF_THE_PLAN[ahead], row.get_absolute_url(), due)
    talk = reverse("assessments:talk", args=[row.pk])
    waiting = f"die Bestätigung des Bogens von {row.person_name}" if row.self_is_entered else "die Selbsteinschätzung"
    return {
        Ahead.NOTHING_ANY_MORE: NextStep("–"),
        Ahead.OTHER_ASSESSMENT: NextStep(f"wartet auf {waiting}", due=row.self_due),
        Ahead.TALK: NextStep(
            "Niederschrift ändern" if row.talk_is_sent_back else "Gespräch führen", talk, row.talk_due
        ),
        Ahead.ANSWER: NextStep(f"wartet auf die Antwort von {row.person_name}", due=row.answer_due),
        Ahead.DRAFT_PLAN: NextStep(f"wartet auf die Zustimmung von {row.person_name}", due=row.plan_due),
    }[ahead]


# --- for the person's list ---------------------------------------------------------------------------------


def for_person(participation):
    """What comes next for the person, or on whom it waits, in words; up to the agreed Ist, before there is a plan.

    ``participation`` comes from ``tasks.participations_of`` the person.
    """
    row, ahead = participation, ahead_of(participation, is_person=True)
    if ahead is Ahead.DECLINED:
        return "Sie möchten doch teilnehmen" if row.asks_back_on else "Sie nehmen nicht teil"
    if ahead is Ahead.NOTHING_ANY_MORE:
        return "abgeschlossen" if row.talk_is_recorded else "beendet ohne vereinbartes Ist"
    if ahead is Ahead.TALK:
        return _talk_in_words(row)
    if ahead is Ahead.OWN_ASSESSMENT and row.self_is_entered:
        return f"vom Papier übertragen: bitte bestätigen bis {day_in_words(row.self_due)}"
    return {
        Ahead.REST: "ruht zurzeit",
        Ahead.OWN_ASSESSMENT: f"Selbsteinschätzung bis {day_in_words(row.self_due)}",
        Ahead.OTHER_ASSESSMENT: f"wartet auf die Fremdeinschätzung bis {day_in_words(row.manager_due)}",
        Ahead.ANSWER: "auf das Ergebnis des Gesprächs antworten",
        Ahead.PLAN: "Gespräch beantwortet: Lernplan aufstellen",
    }[ahead]


def _talk_in_words(row):
    if row.talk_state == TalkProgress.STARTED:
        return "Gespräch begonnen: Ihre Führungskraft hält das Ergebnis fest"
    if row.talk_at:
        at = timezone.localtime(row.talk_at)
        return f"Gespräch am {day_in_words(at)} um {date_format(at, 'H:i')} Uhr"
    return f"Gespräch bis {day_in_words(row.talk_due)}: Ihre Führungskraft lädt ein"


def day_in_words(day):
    return date_format(day)
