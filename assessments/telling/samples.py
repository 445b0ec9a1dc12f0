"""The letters of a round as people will read them, for HR to look at before and to send to themselves."""

from django.urls import reverse
from django.utils import timezone

from kompetenz.letters.models import Letter

from . import calendar
from .letters import KINDS
from .open_steps import AFTER, STEPS

PERSON, MANAGER = "an die Beteiligten", "an Führungskräfte"
ASKED = {"person": PERSON, "manager": MANAGER}
REMINDERS = [("7-tage", "vor der Frist"), (AFTER, "nach der Frist")]


def samples(round_, reader):
    """(name, title, letters of one message) of each kind whose words depend on the round alone, and of several in one.

    None is stored; ``reader`` is greeted in them. Of a deadline that is over no letter before it is shown: none will come.
    """
    start, path = f"round-{round_.pk}-", reverse("start")
    found = [
        ("invitation-" + whose, f"Beginn, {ASKED[whose]}", KINDS.INVITATION, f"invitation-{whose}") for whose in ASKED
    ]
    for step in STEPS:
        if due := getattr(round_, step.due):
            on = f"{step.name}-{due:%Y%m%d}"
            for stage, when in REMINDERS[due < timezone.localdate() :]:
                name = f"{step.name}-{step.whose}-{stage}"
                title = f"Erinnerung {when}: {calendar.STEPS[step.name]}, {ASKED[step.whose]}"
                found.append((name, title, KINDS.REMINDER, f"{on}-{stage}-{step.whose}"))
    if round_.has_peers:
        found.append(("peer", "Bitte an Kolleginnen und Kollegen", KINDS.PEER, "peer"))
    single = [
        (name, title, [Letter(person=reader, kind=kind, key=start + end, path=path)])
        for name, title, kind, end in found
    ]
    return single + [gathered(whose, single) for whose in ASKED]


def gathered(whose, single):
    """What a side reads where all its next reminders come on one day; colleagues are asked on both sides."""
    next_ones = {}
    for name, _, (letter,) in single:
        step, _, stage = name.partition(f"-{whose}-")
        if name == "peer" or stage:
            next_ones.setdefault(step, letter)
    these = list(next_ones.values())
    return f"several-{whose}", f"Mehreres an einem Tag, {ASKED[whose]}", these
