"""The letters of a round as people will read them, for HR to look at before and to send to themselves."""

from django.urls import reverse

from kompetenz.letters.models import Letter

from . import calendar
from .letters import KINDS
from .open_steps import AFTER, STEPS

PERSON, MANAGER = "an die Beteiligten", "an Führungskräfte"
ASKED = {"person": PERSON, "manager": MANAGER}


def samples(round_, reader):
    """(name, title, letters of one message) of each kind whose words depend on the round alone, and of several in one.

    None is stored; ``reader`` is greeted in them.
    """
    start, path = f"round-{round_.pk}-", reverse("start")
    found = [
        ("invitation-" + whose, f"Beginn, {ASKED[whose]}", KINDS.INVITATION, f"invitation-{whose}") for whose in ASKED
    ]
    for step in STEPS:
        if due := getattr(round_, step.due):
            on = f"{step.name}-{due:%Y%m%d}"
            for stage, when in (("7-tage", "vor der Frist"), (AFTER, "nach der Frist")):
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
    """What a side reads where all its reminders before a deadline come on one day; colleagues are asked on both sides."""
    these = [
        letter
        for name, _, letters in single
        for letter in letters
        if name == "peer" or name.endswith(f"-{whose}-7-tage")
    ]
    return f"several-{whose}", f"Mehreres an einem Tag, {ASKED[whose]}", these
