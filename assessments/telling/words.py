"""What the letters of a round say: which step of which round, until when, why, and whom to ask. No names but of whom to ask, no level.

A letter is worded when it is sent, so a date that has moved is the one that holds. Each costs two queries.
"""

from datetime import date

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Participation, Round
from kompetenz.letters.occasions import Said

from .letters import AFTER, STEPS

WHY = {
    "person": (
        "Worum es geht: Sie und Ihre Führungskraft schätzen ein, was Sie für die Digitalisierung können, sprechen darüber und vereinbaren, "
        "was Sie lernen möchten. Das ist keine dienstliche Beurteilung."
    ),
    "manager": (
        "Worum es geht: Sie schätzen ein, was Ihre Leute für die Digitalisierung können, sprechen mit ihnen darüber und vereinbaren, was "
        "sie lernen möchten. Das ist keine dienstliche Beurteilung."
    ),
}
CALLED = {  # a step, for whom it is
    ("selbst", "person"): "Ihre Selbsteinschätzung",
    ("fremd", "manager"): "Ihre Fremdeinschätzung",
    ("gespraech", "manager"): "Das Gespräch",
    ("lernplan", "person"): "Der Lernplan",
    ("lernplan", "manager"): "Der Lernplan",
}
FIRST = {"person": ("Ihre Selbsteinschätzung", "self_due"), "manager": ("Ihre Fremdeinschätzung", "manager_due")}


def day(on):
    return date_format(on, "j. F Y")


def invitation(letter, pk, whose):
    """The first step of each side, with the earliest day of all that are theirs."""
    round_, first = Round.objects.select_related("responsible").get(pk=pk), FIRST[whose]
    theirs = Participation.objects.filter(round=pk).of_side(letter.person, whose).aggregate(due=Min(first[1]))["due"]
    due = day(theirs or getattr(round_, first[1]))
    subject = f"{round_.title}: {first[0].removeprefix('Ihre ')} bis {due}"
    return Said(
        subject,
        f"die Runde „{round_.title}“ hat begonnen. {first[0]} ist bis {due} an der Reihe.",
        about(round_, whose),
    )


def about(round_, whose):
    """Why, in one sentence; HR's own words; whether one has to; whom to ask."""
    voluntary = (
        "Die Teilnahme ist freiwillig: Ablehnen geht mit einem Klick und ohne Grund." if round_.is_voluntary else ""
    )
    asked = f"Ansprechperson: {round_.responsible}" if round_.responsible else ""
    return tuple(filter(None, [WHY[whose], round_.purpose.strip(), voluntary if whose == "person" else "", asked]))


def deadline(letter, pk, name, due, whose):
    """One step and its day; what is late is called so."""
    round_, on = Round.objects.get(pk=pk), day(date.fromisoformat(due))
    step = CALLED[name, whose]
    if f"-{AFTER}-" in letter.key:
        subject, sentence = f"überfällig seit {on}", f"war am {on} fällig und steht noch aus."
    else:
        subject, sentence = f"bis {on}", f"steht noch aus. Zeit ist bis {on}."
    return Said(
        f"{round_.title}: {step.removeprefix('Ihre ').removeprefix('Das ').removeprefix('Der ')}, {subject}",
        f"{step[0].lower()}{step[1:]} in der Runde „{round_.title}“ {sentence}",
    )


def reminder_by_hand(letter, pk, whose):
    """HR asks for what is open: the earliest step that is this person's."""
    rows = Participation.objects.filter(round=pk).of_side(letter.person, whose)
    round_ = Round.objects.get(pk=pk)
    for step in STEPS:
        due = step.whose == whose and rows.filter(step.is_open).aggregate(due=Min(step.due))["due"]
        if due:
            called = CALLED[step.name, whose]
            return Said(
                f"{round_.title}: {called.removeprefix('Ihre ').removeprefix('Das ').removeprefix('Der ')}, bis {day(due)}",
                f"die Personalentwicklung erinnert an die Runde „{round_.title}“: {called} steht noch aus, bis {day(due)}.",
            )
    return None


def request(letter, pk):
    """Nothing of who asks."""
    round_ = Round.objects.get(pk=pk)
    until = f" Zeit ist bis {day(round_.peer_due)}." if round_.peer_due else ""
    subject = f"{round_.title}: Einschätzung aus dem Kollegium" + (
        f", bis {day(round_.peer_due)}" if round_.peer_due else ""
    )
    return Said(
        subject, f"in der Runde „{round_.title}“ bittet Sie jemand um Ihre Sicht.{until}",
        ("Ihre Antworten werden nur als Verteilung gezeigt, zusammen mit denen anderer. Sie können auch ablehnen.",),
    )  # fmt: skip


def talk_date(letter, pk):
    at = timezone.localtime(Participation.objects.values_list("talk_at", flat=True).get(pk=pk))
    when = f"am {day(at)} um {at:%H:%M} Uhr"
    return Said(f"Gespräch {when}", f"Ihr Gespräch im Kompetenzrad ist {when}.")


def of_participation(subject, sentence):
    """Words for what concerns one participation, after which its round is named."""

    def said(letter, pk, *_more):
        title = Participation.objects.values_list("round__title", flat=True).get(pk=pk)
        return Said(f"{title}: {subject}", f"{sentence} in der Runde „{title}“.")

    return said


release = of_participation("Eine Einschätzung ist freigegeben", "jetzt können Sie die freigegebene Einschätzung lesen")
entry = of_participation(
    "Ihr Papierbogen wartet auf Ihre Bestätigung",
    "Ihr Papierbogen ist eingegeben. Bitte bestätigen Sie ihn oder lehnen Sie ihn ab,",
)
record = of_participation(
    "Ergebnis Ihres Gesprächs",
    "das Ergebnis Ihres Gesprächs steht fest. Bitte nehmen Sie es zur Kenntnis oder lehnen Sie es ab,",
)
returned = of_participation(
    "Gesprächsergebnis mit einem Änderungswunsch", "das Gesprächsergebnis kam mit einem Änderungswunsch zurück,"
)
