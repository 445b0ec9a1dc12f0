"""The letters of a round as people will read them, for HR to look at before and to send to themselves."""

from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.letters.models import Letter

from . import calendar
from .letters import KINDS
from .open_steps import AFTER, STEPS

PERSON, MANAGER = "an die Beteiligten", "an Führungskräfte"
ASKED = {"person": PERSON, "manager": MANAGER}
REMINDERS = [("7-tage", "vor der Frist"), (AFTER, "nach der Frist")]


# What has no day of its own in the round: what it is, its name in words.py, to whom.
OTHERS = [
    ("Ihr Papierbogen ist eingegeben", "entry", ["person"]),
    ("Eine Einschätzung ist freigegeben", "release", ["person", "manager"]),
    ("Verteilung aus dem Kollegium", "distribution", ["person", "manager"]),
    ("Termin des Gesprächs, und am Tag davor", "talk", ["person", "manager"]),
    ("Das Ergebnis des Gesprächs ist festgehalten", "record", ["person"]),
    ("Das Ergebnis kam zurück", "returned", ["manager"]),
    ("Das Ergebnis ist zur Kenntnis genommen", "answer", ["manager"]),
    ("Die Kenntnisnahme ist abgelehnt", "declined", ["manager"]),
    ("Ein geändertes Soll", "targets", ["person", "manager"]),
    ("Andere Fristen", "days", ["person", "manager"]),
    ("Nach einer Pause", "resumed", ["person", "manager"]),
    ("Eine neue Führungskraft", "hand-over", ["person", "manager"]),
    ("Doch noch dabei", "again", ["person", "manager"]),
    ("Aus der Runde entfernt", "removed", ["person", "manager"]),
    ("Ende mit offenem Entwurf", "closed", ["person", "manager"]),
]


def samples(round_, reader):
    """(name, title, letters of one message) of each kind of letter in the round, and of several in one.

    None is stored; ``reader`` is greeted in them. What is about one participation is about an invented one. Of a deadline that
    is over no letter before it is shown: none will come.
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
    for title, name, sides in OTHERS:
        if name != "distribution" or round_.has_peers:
            found += [
                (f"{name}-{whose}", f"{title}, {ASKED[whose]}", KINDS.NOTICE, f"sample-{name}-{whose}")
                for whose in sides
            ]
    found += [(name, title, KINDS.NOTICE, end) for name, title, end in hooks.ask_for_all("letter_samples")]
    single = [
        (name, title, [Letter(person=reader, kind=kind, key=start + end, path=path)])
        for name, title, kind, end in found
    ]
    return single + [gathered(whose, single) for whose in ASKED]


def in_groups(found):
    """The samples by when they come, as (heading, samples); each begins with its name, and those of a heading stand together."""
    of_events = {f"{name}-{whose}" for _, name, sides in OTHERS for whose in sides}

    def heading(sample):
        name = sample[0]
        if name.startswith("several-"):
            return "Mehreres an einem Tag"
        if name.startswith("plan-"):
            return "Zum Lernplan"
        return "Wenn etwas geschehen ist" if name in of_events else "Beginn und Erinnerungen"

    return [(words, list(some)) for words, some in groupby(found, key=heading)]


def gathered(whose, single):
    """What a side reads where all its next reminders come on one day; colleagues are asked on both sides."""
    next_ones = {}
    for name, _, (letter,) in single:
        step, _, stage = name.partition(f"-{whose}-")
        if name == "peer" or stage:
            next_ones.setdefault(step, letter)
    these = list(next_ones.values())
    return f"several-{whose}", f"Mehreres an einem Tag, {ASKED[whose]}", these
