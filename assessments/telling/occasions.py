"""What a round's letters are about: whether one is still true when it is sent, and still this person's concern.

Each answer costs one or two queries while the letter holds, and a few more to say why not.
"""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from assessments.models import Assessment, Participation, Progress, Round, TalkProgress, goes_on
from assessments.peers import asking
from kompetenz import hooks
from kompetenz.letters.occasions import DONE, ELSEWHERE, Occasion

from . import words
from .letters import talk_calendar
from .open_steps import AFTER, STEPS, has_agreed, is_arranged, open_to

GONE = "Die Teilnahme gibt es nicht mehr."
RESTS = "Die Teilnahme ruht, oder die Person arbeitet nicht mehr hier."
ENDED = "Die Runde ist beendet."
WHOSE = "(person|manager)"


def told(reader, whose, rows, *conditions):
    """Return "" if one of ``rows`` fulfils all ``conditions``, pairs of Q and reason, and is the reader's as ``whose`` says.

    That is as the person, or as who acts today on the manager's side; "" is either. Else the first reason that holds of
    all that is theirs.
    """
    found = rows.of_side(reader, whose)
    if found.filter(*[condition for condition, _ in conditions]).exists():
        return ""
    if not found.exists():
        return ELSEWHERE if rows.exists() else GONE
    for condition, reason in conditions:
        found = found.filter(condition)
        if not found.exists():
            return reason
    return DONE


def asked():
    """What holds of a participation in which anything is asked of anybody today."""
    return (Q(round__state=Round.State.OPEN), ENDED), (goes_on(), RESTS)


def of_round(pk):
    return Participation.objects.filter(round=pk)


def of_participation(pk):
    return Participation.objects.filter(pk=pk)


# --- the answers -------------------------------------------------------------------------------------------


def invitation(letter, round_, whose):
    return told(letter.person, whose, of_round(round_), *asked())


def deadline(letter, round_, name, due, whose):
    """A step that is open until the day the letter was written for."""
    step = next(step for step in STEPS if (step.name, step.whose) == (name, whose))
    if date.fromisoformat(due) < timezone.localdate() and f"-{AFTER}-" not in letter.key and settings.REMINDER_AFTER:
        return "Die Frist ist vorbei; daran erinnert eine eigene E-Mail."
    still = step.is_open & Q(**{step.due: date.fromisoformat(due)}) & ~has_agreed(whose) & ~is_arranged(name)
    return told(letter.person, whose, of_round(round_), *asked(), (still, DONE))


def reminder_by_hand(letter, round_, whose):
    running = Round.objects.open().filter(pk=round_).exists()
    due = Q(pk__in=open_to(of_round(round_), whose, running).values("pk"))
    return told(letter.person, whose, of_round(round_), (goes_on(), RESTS), (due, DONE))


def release(letter, participation, kind):
    released, whose = {"self": ("self_state", "manager"), "manager": ("manager_state", "person")}[kind]
    stands = (Q(**{released: Progress.RELEASED}), "Die Freigabe ist zurückgenommen.")
    return told(letter.person, whose, of_participation(participation), *asked(), stands)


def entry(letter, participation):
    waits = Q(pk__in=Assessment.objects.awaiting_confirmation_by(letter.person).values("participation"))
    return told(letter.person, "person", of_participation(participation), *asked(), (waits, DONE))


def record(letter, participation):
    waits = Q(talk_state=TalkProgress.RECORDED)
    return told(letter.person, "person", of_participation(participation), *asked(), (waits, DONE))


def returned(letter, participation):
    """The record of a talk that was sent back: as long as nobody has put another before the person."""
    back = Q(talk_state=TalkProgress.STARTED, talk__returned_at__isnull=False)
    return told(letter.person, "manager", of_participation(participation), *asked(), (back, DONE))


def talk_date(letter, participation):
    """The date that holds, whichever the letter was written about."""
    awaited, coming = Q(talk_state__lt=TalkProgress.RECORDED), Q(talk_at__gt=timezone.now())
    rows = of_participation(participation)
    return told(letter.person, "", rows, *asked(), (awaited, DONE), (coming, "Den Termin gibt es nicht mehr."))


def talk_file(letter, participation):
    return talk_calendar([Participation.objects.select_related("round").get(pk=participation)], letter.person)


def removal(letter, _round, _whose):
    """What is removed is so."""
    return ""


def called_off(letter):
    """What is no more is so, and has to go from a calendar, whatever has become of the rest."""
    return ""


def talk_reminder(letter, participation, day):
    """The date that the letter was written for, as long as it holds and lies ahead."""
    rows = of_participation(participation)
    same = Q(talk_at__date=date.fromisoformat(day), talk_at__gt=timezone.now(), talk_state__lt=TalkProgress.RECORDED)
    return told(letter.person, "", rows, *asked(), (same, "Den Termin gibt es nicht mehr."))


def end_of_round(letter, round_, whose):
    ended = (Q(round__state=Round.State.CLOSED), DONE)
    return told(letter.person, whose, of_round(round_), ended, (goes_on(), RESTS))


def as_long_as_it_goes_on(letter, participation, whose):
    return told(letter.person, whose, of_participation(participation), *asked())


def people_without_manager(letter, round_):
    """For everybody of HR, as long as there are any."""
    if not letter.person.is_hr:
        return ELSEWHERE
    found = Round.objects.open().filter(pk=round_).first()
    if found is None:
        return ENDED
    return "" if Participation.objects.without_manager_in([found.pk]).exists() else DONE


def request_reminder(letter, round_, due):
    round_ = Round.objects.filter(pk=round_, peer_due=date.fromisoformat(due)).first()
    return request(letter, round_.pk) if round_ else DONE


def hand_over(letter, _pk, whose):
    """Of a running round; or of one that has ended, whose plan the person has given to their manager of today."""
    handed, lasting = Q(hand_overs__isnull=False), Participation.objects.outliving_their_round().values("pk")
    lasts = Q(round__state=Round.State.OPEN) | Q(round__state=Round.State.CLOSED, pk__in=lasting)
    rows = Participation.objects.all()
    return told(letter.person, whose, rows, (lasts, ENDED), (goes_on(), RESTS), (handed, DONE))


def request(letter, round_):
    """Whether anybody in the round still waits for this colleague; the reason tells nothing of what became of it."""
    waits = asking.requests_to(letter.person).filter(participation__round=round_)
    return "" if waits.exists() else DONE


def answer_to_entry(letter, participation):
    """What the person has said to what somebody has typed in for them, who may still be handed their paper."""
    rows = of_participation(participation)
    if rows.of_papers_for(letter.person).exists():
        return ""
    return ELSEWHERE if rows.exists() else GONE


def concern(letter, participation):
    """Anything else about one participation: for the two whose it is."""
    return told(letter.person, "", of_participation(participation))


@hooks.register("letter_occasions")
def occasions():
    steps = "|".join(dict.fromkeys(step.name for step in STEPS))
    return [
        Occasion(rf"round-(\d+)-invitation-(?:\d+-)?{WHOSE}", invitation, said=words.invitation),
        Occasion(rf"round-(\d+)-({steps})-(\d{{8}})-(?:halb|\d+-tage|danach)-{WHOSE}", deadline, said=words.deadline),
        Occasion(rf"round-(\d+)-reminder-\d{{8}}-{WHOSE}", reminder_by_hand, said=words.reminder_by_hand),
        Occasion(rf"round-(\d+)-sample-([a-z-]+)-{WHOSE}", lambda *_: DONE, said=words.sample),
        Occasion(r"round-(\d+)-peer(?:-\d+)?", request, said=words.request),
        Occasion(r"round-(\d+)-peer-(\d{8})-\d+-tage", request_reminder, said=words.request_reminder),
        Occasion(rf"round-(\d+)-closed-{WHOSE}", end_of_round, said=words.end_of_round),
        Occasion(r"round-(\d+)-without-manager-\d{8}", people_without_manager, said=words.people_without_manager),
        Occasion(r"participation-(\d+)-release-(self|manager)(?:-\d+)?", release, said=words.release),
        Occasion(r"participation-(\d+)-entered-\d+", entry, said=words.entry),
        Occasion(r"participation-(\d+)-record-\d+", record, said=words.record),
        Occasion(r"participation-(\d+)-record-returned-\d+", returned, said=words.returned),
        Occasion(rf"participation-(\d+)-again-\d+-{WHOSE}", as_long_as_it_goes_on, said=words.taken_in_again),
        Occasion(r"participation-(\d+)-record-answer", concern, said=words.answer),
        Occasion(r"participation-(\d+)-record-declined", concern, said=words.declined),
        Occasion(rf"participation-(\d+)-colleagues-{WHOSE}", as_long_as_it_goes_on, said=words.distribution),
        Occasion(r"participation-(\d+)-talk-(\d{8})-morgen", talk_reminder, said=words.talk_date),
        Occasion(r"participation-(\d+)-talk-\d+", talk_date, talk_file, words.talk_date),
        Occasion(r"talks?-off-.+", called_off),
        Occasion(rf"removed-(\d+)-\d+-{WHOSE}", removal, said=words.removal),
        Occasion(r"removed-.+", called_off),
        Occasion(rf"targets-(\d+)-\d+-{WHOSE}", invitation, said=words.new_targets),
        Occasion(rf"days-(\d+)-\d+-{WHOSE}", invitation, said=words.other_days),
        Occasion(rf"resumed-(\d+)-\d+-{WHOSE}", invitation, said=words.goes_on_again),
        Occasion(rf"hand-over-(\d+)-{WHOSE}", hand_over, said=words.hand_over),
        Occasion(r"participation-(\d+)-entry-\d+", answer_to_entry, said=words.answer_to_entry),
        Occasion(r"participation-(\d+)-.+", concern),
    ]
