"""The letters of a round as people will read them, for HR to look at before and to send to themselves."""

from typing import NamedTuple

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
DATES, EVENTS, PLAN, SEVERAL = (
    "Beginn und Erinnerungen",
    "Wenn etwas geschehen ist",
    "Zum Lernplan",
    "Mehreres an einem Tag",
)


class Sample(NamedTuple):
    """One message as its reader will have it; ``heading`` says when it comes, and those of a heading stand together."""

    name: str
    title: str
    letters: list[Letter]
    heading: str

    @property
    def what(self):
        """Its title without to whom it goes, and without what its heading says."""
        return self.title.removesuffix(f", {self.to_whom}").removeprefix("Lernplan: ")

    @property
    def to_whom(self):
        return next((whom for whom in ASKED.values() if self.title.endswith(whom)), "")


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
    """The Sample of each kind of letter in the round, and of several in one message.

    None is stored; ``reader`` is greeted in them. What is about one participation is about an invented one. Of a deadline that
    is over no letter before it is shown: none will come.
    """
    start, path = f"round-{round_.pk}-", reverse("start")

    def sample(name, title, kind, end, heading):
        return Sample(name, title, [Letter(person=reader, kind=kind, key=start + end, path=path)], heading)

    dated = [
        sample(f"invitation-{whose}", f"Beginn, {ASKED[whose]}", KINDS.INVITATION, f"invitation-{whose}", DATES)
        for whose in ASKED
    ]
    for step in STEPS:
        if due := getattr(round_, step.due):
            on = f"{step.name}-{due:%Y%m%d}"
            for stage, when in REMINDERS[due < timezone.localdate() :]:
                name = f"{step.name}-{step.whose}-{stage}"
                title = f"Erinnerung {when}: {calendar.STEPS[step.name]}, {ASKED[step.whose]}"
                dated.append(sample(name, title, KINDS.REMINDER, f"{on}-{stage}-{step.whose}", DATES))
    if round_.has_peers:
        dated.append(sample("peer", "Bitte an Kolleginnen und Kollegen", KINDS.PEER, "peer", DATES))
    happened = [
        sample(f"{name}-{whose}", f"{title}, {ASKED[whose]}", KINDS.NOTICE, f"sample-{name}-{whose}", EVENTS)
        for title, name, sides in OTHERS
        if name != "distribution" or round_.has_peers
        for whose in sides
    ]
    of_plans = [
        sample(name, title, KINDS.NOTICE, end, PLAN) for name, title, end in hooks.ask_for_all("letter_samples")
    ]
    return [*dated, *happened, *of_plans, *(gathered(whose, dated) for whose in ASKED)]


def gathered(whose, dated):
    """What a side reads where all its next reminders come on one day; colleagues are asked on both sides."""
    next_ones = {}
    for sample in dated:
        step, _, stage = sample.name.partition(f"-{whose}-")
        if sample.name == "peer" or stage:
            next_ones.setdefault(step, sample.letters[0])
    return Sample(f"several-{whose}", f"{SEVERAL}, {ASKED[whose]}", list(next_ones.values()), SEVERAL)
