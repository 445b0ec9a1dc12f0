"""The running rounds as HR's start page shows them: how far each is, and what waits; the same few queries for any number.

Before the first one the way there.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from urllib.parse import urlencode

from django.db.models import CharField, Count, Value
from django.urls import reverse

from assessments.models import Participation, Round
from kompetenz import hooks
from kompetenz.people.models import Person
from kompetenz.prepared import prepared
from roles.models import RoleHolding

from .monitoring import NO_ADDRESS, REJECTED, TO_CHECK, shares
from .preparing import deadlines_of
from .progress import STEPS, RoundProgress, add_up, alike

SHOWN = 20  # rounds, those opened last; nobody runs as many
LEFT_RUNNING = timedelta(weeks=8)  # after the last deadline: as long as a round runs, no period of retention begins


@dataclass(frozen=True)
class Decision:
    """So many of something in a round wait for HR, and where to settle it."""

    number: int
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class RunningRound:
    """A running round, its RoundProgress today, and its Decisions."""

    round: Round
    standing: RoundProgress
    decisions: list[Decision]

    @property
    def bars(self):
        """How far each step is, see shares."""
        return shares(self.standing, ["selbst-frei", "fremd-frei", "festgehalten", "plan"])


# What waits: the kind's word, one, several, why it matters.
CHANGES = {
    "fuehrungskraft": (
        "Übergabe an eine neue Führungskraft",
        "Übergaben an neue Führungskräfte",
        "Die bisherige hat keinen Zugang mehr.",
    ),
    "ohne-fuehrungskraft": (
        "Person ohne Führungskraft",
        "Personen ohne Führungskraft",
        "Niemand kann die Fremdeinschätzung geben.",
    ),
    "rolle": (
        "Person mit anderer Rolle",
        "Personen mit anderer Rolle",
        "Gilt für sie das Soll der neuen Rolle?",
    ),
    "profil": (
        "Person mit geändertem Rollenprofil",
        "Personen mit geändertem Rollenprofil",
        "Gilt für sie das geänderte Soll?",
    ),
    "ausgeschieden": (
        "ausgeschiedene Person",
        "ausgeschiedene Personen",
        "Die Teilnahme ruhen lassen oder entfernen.",
    ),
    "doch": ("Person möchte doch teilnehmen", "Personen möchten doch teilnehmen", "Vorher war abgesagt."),
}
LISTS = {
    NO_ADDRESS: (
        "merkmal",
        "Person ohne E-Mail-Adresse",
        "Personen ohne E-Mail-Adresse",
        "Einladung und Erinnerungen erreichen sie nicht, nur Papier.",
    ),
    REJECTED: (
        "stand",
        "Bogen vom Papier, den die Person ablehnt",
        "Bögen vom Papier, die die Person ablehnt",
        "Bitte klären und neu eintragen.",
    ),
    TO_CHECK: (
        "stand",
        "unterschriebener Bogen zu prüfen",
        "unterschriebene Bögen zu prüfen",
        "Das tut jemand, der ihn nicht selbst eingetragen hat.",
    ),
}


def running_rounds(user, today):
    """The RunningRounds that ``user`` looks after, the one opened last first; six queries, for HR alone."""
    rounds = open_rounds(user) if user.is_hr else []
    if not rounds:
        return []
    keys = [one.pk for one in rounds]
    groups, waiting = by_round(keys), {}
    targets = hooks.ask_for_all("targets_to_decide", user, rounds)
    for kind, round_, number in chain(waiting_in(keys), targets):
        waiting[round_, kind] = number
    return [
        RunningRound(
            one,
            add_up(groups.get(one.pk, []), today, running=True),
            decisions_of(one, waiting, weeks_left_running(one, groups.get(one.pk, []), today)),
        )
        for one in rounds
    ]


def decisions_of(round_, waiting, weeks):
    changes, monitor = reverse("assessments:round_changes", args=[round_.pk]), round_.get_absolute_url()
    found = []
    for kind, (one, several, note) in CHANGES.items():
        if number := waiting.get((round_.pk, kind)):
            found.append(
                Decision(number, one if number == 1 else several, note, f"{changes}?{urlencode({'art': kind})}")
            )
    for kind, (filter_, one, several, note) in LISTS.items():
        if number := waiting.get((round_.pk, kind)):
            found.append(
                Decision(number, one if number == 1 else several, note, f"{monitor}?{urlencode({filter_: kind})}")
            )
    if weeks:
        title, note = (
            "Wochen seit der letzten Frist: Runde beenden?",
            "Solange sie läuft, wird nichts aus ihr gelöscht.",
        )
        found.append(Decision(weeks, title, note, reverse("assessments:round_close", args=[round_.pk])))
    return found


def weeks_left_running(round_, groups, today):
    """How many weeks ago the last deadline of an open round was, once it is time to end it; else 0.

    Somebody may have a later one of their own, in ``groups`` of all its participations; who rests or has declined has none.
    """
    goes_on = [group for group in groups if not (group["paused_on"] or group["declined_on"])]
    days = [*deadlines_of(round_).values(), *(group[due] for group in goes_on for *_, due in STEPS)]
    since = today - max(day for day in days if day)
    return since.days // 7 if since >= LEFT_RUNNING else 0


def left_running(today):
    """(round, weeks) of the open rounds that it is time to end; two queries."""
    rounds = list(Round.objects.open().order_by("opened_at", "pk"))
    groups = by_round([one.pk for one in rounds])
    return [(one, weeks) for one in rounds if (weeks := weeks_left_running(one, groups.get(one.pk, []), today))]


def by_round(keys):
    """{round: groups of its participations}, see alike; one query."""
    groups = {}
    for group in groups_in(keys) if keys else ():
        groups.setdefault(group["round"], []).append(group)
    return groups


@prepared
def open_rounds(user):
    return Round.objects.run_by(user).open().order_by("-opened_at", "-pk")[:SHOWN]


@prepared
def groups_in(rounds):
    return alike(rounds, "round")


@prepared
def waiting_in(rounds):
    """(kind, round, how many) of all that waits in these rounds; one query."""
    inside = Participation.objects.filter(round__in=rounds)
    kinds = {
        "fuehrungskraft": Participation.objects.to_hand_over_in(rounds),
        "ohne-fuehrungskraft": Participation.objects.without_manager_in(rounds),
        "ausgeschieden": Participation.objects.of_people_who_left_in(rounds),
        "doch": inside.asking_back(),
        NO_ADDRESS: inside.taking_part().without_address(),
        REJECTED: inside.taking_part().with_rejected_paper(),
        TO_CHECK: inside.taking_part().with_paper_to_check(),
    }
    first, *others = [
        rows.select_related(None)
        .order_by()
        .values("round")
        .annotate(kind=Value(kind, output_field=CharField()), number=Count("pk"))
        .values_list("kind", "round", "number")
        for kind, rows in kinds.items()
    ]
    return first.union(*others, all=True)


def first_steps(user):
    """For HR, as long as no round was opened, the way to the first one: (what, where, more, whether it is done)."""
    if not user.is_hr or Round.objects.opened().exists():
        return []
    people = Person.objects.employed().exclude(pk=user.pk)
    return [
        ("Personalliste einlesen", reverse("people:staff_import"), "Oder Personen einzeln anlegen.", people.exists()),
        (
            "Führungskräfte zuordnen",
            reverse("people:list"),
            "Ohne Führungskraft nimmt niemand teil.",
            people.exclude(manager=None).exists(),
        ),
        (
            "Rollen geben",
            reverse("roles:list"),
            "Was jede Rolle können soll, ist vorbereitet und lässt sich ändern.",
            RoleHolding.objects.exists(),
        ),
        (
            "Runde vorbereiten",
            reverse("assessments:round_create"),
            "Wer teilnimmt, bis wann, und wer was sieht.",
            Round.objects.exists(),
        ),
        ("Runde eröffnen", reverse("assessments:rounds"), "Erst das lädt ein.", False),
    ]
