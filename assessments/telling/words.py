"""What the letters of a round say: which step of which round, until when, why, and whom to ask. No names but of whom to ask, no level.

A letter is worded when it is sent, so a date that has moved is the one that holds. Each costs two queries.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from assessments.models import HandOver, Participation, Round, goes_on
from kompetenz.letters.occasions import Said

from . import calendar
from .open_steps import AFTER, STEPS

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
HOW_LONG = {
    "person": "Es dauert etwa 20 Minuten, mit Pausen, wie Sie möchten. Ihren Entwurf sehen nur Sie.",
    "manager": "Es dauert etwa eine Viertelstunde für jede Person, mit Pausen, wie Sie möchten. Ihren Entwurf sehen nur Sie.",
}
VOLUNTARY = "Die Teilnahme ist freiwillig: Ablehnen geht mit einem Klick und ohne Grund."
WHAT = (
    "Worum es geht: Einschätzung, Gespräch und Lernplan zu dem, was man für die Digitalisierung kann. Das ist keine dienstliche "
    "Beurteilung."
)
TALK = "Worum es geht: Sie beide vergleichen, wie Sie eingeschätzt haben, und halten fest, was gilt. Das ist keine dienstliche Beurteilung."
COLLEAGUES = (
    "Worum es geht: was jemand, mit dem Sie arbeiten, für die Digitalisierung kann. Das ist keine dienstliche Beurteilung.",
    "Ihre Antworten werden nur als Verteilung gezeigt, zusammen mit denen anderer. Sie können auch ablehnen.",
)
CALLED = {  # a step, for whom it is, within a sentence
    ("selbst", "person"): "Ihre Selbsteinschätzung",
    ("fremd", "manager"): "Ihre Fremdeinschätzung",
    ("gespraech", "manager"): "das Gespräch",
    ("antwort", "person"): "Ihre Antwort auf das Ergebnis des Gesprächs",
    ("lernplan", "person"): "der Lernplan",
    ("lernplan", "manager"): "der Lernplan",
}
FIRST = {  # what is first for each side, until when, and the words for it
    "person": ("Selbsteinschätzung", "self_due", "Bitte schätzen Sie sich selbst"),
    "manager": ("Fremdeinschätzung", "manager_due", "Bitte schätzen Sie Ihre Leute"),
}


def day(on):
    return date_format(on)


def day_after(due):
    """Since when it is late: on the day itself there was time."""
    return day(due + timedelta(days=1))


def by(due):
    return f"überfällig seit {day_after(due)}" if due < timezone.localdate() else f"bis {day(due)}"


def invitation(letter, pk, whose):
    """The first step of each side, with the earliest day of all that are theirs."""
    round_, first = Round.objects.select_related("responsible").get(pk=pk), FIRST[whose]
    theirs = Participation.objects.filter(round=pk).of_side(letter.person, whose).aggregate(due=Min(first[1]))["due"]
    due = theirs or getattr(round_, first[1])
    is_late, on = due < timezone.localdate(), day(due)
    asked = f"{first[2]} noch ein; vorgesehen war das bis {on}." if is_late else f"{first[2]} bis {on} ein."
    return Said(
        f"{round_.title}: {first[0]} {by(due)}",
        f"die Runde „{round_.title}“ hat begonnen. {asked}",
        about(round_, whose),
    )


def about(round_, whose):
    """Why, in one sentence; how long it takes and whether one has to; HR's own words; whom to ask."""
    is_free = round_.is_voluntary and whose == "person"
    effort = f"{HOW_LONG[whose]} {VOLUNTARY}" if is_free else HOW_LONG[whose]
    return tuple(filter(None, [WHY[whose], effort, round_.purpose.strip(), *whom_to_ask(round_)]))


def deadline(letter, pk, name, due, whose):
    """One step and its day; what is late by now is called so."""
    round_, due = Round.objects.select_related("responsible").get(pk=pk), date.fromisoformat(due)
    subject, sentence = outstanding(name, whose, due, is_late=f"-{AFTER}-" in letter.key)
    return Said(
        f"{round_.title}: {subject}",
        sentence.format(f" in der Runde „{round_.title}“"),
        (WHY[whose], *whom_to_ask(round_)),
        due,
    )


def outstanding(name, whose, due, *, is_late=False):
    """A step that is not done, and its day, for a subject and as a sentence with ``{}`` behind what the step is called."""
    on, called = day(due), CALLED[name, whose]
    is_late = is_late or due < timezone.localdate()
    if is_late and name == "antwort":  # what was recorded after its day could not be answered before
        return calendar.STEPS[name], f"{called}{{}} steht noch aus. Vorgesehen war sie bis {on}."
    if is_late:
        late = f"überfällig seit {day_after(due)}"
        return f"{calendar.STEPS[name]}, {late}", f"{called}{{}} war am {on} fällig und steht noch aus."
    return f"{calendar.STEPS[name]}, bis {on}", f"{called}{{}} steht noch aus. Zeit ist bis {on}."


def reminder_by_hand(letter, pk, whose):
    """HR asks for what is open: the earliest step that is this person's, or what is in their plan."""
    rows = Participation.objects.filter(goes_on(), round=pk).of_side(letter.person, whose)
    round_ = Round.objects.select_related("responsible").get(pk=pk)
    subject, sentence, due = "Lernplan", "im Lernplan steht noch etwas aus.", None
    for step in STEPS:
        on = step.whose == whose and rows.filter(step.is_open).aggregate(due=Min(step.due))["due"]
        if on:
            (subject, sentence), due = outstanding(step.name, whose, on), on
            break
    return Said(
        f"{round_.title}: {subject}",
        f"die Personalentwicklung erinnert an die Runde „{round_.title}“: {capfirst(sentence.format(''))}",
        (WHY[whose], *whom_to_ask(round_)),
        due,
    )


def request(letter, pk):
    """Nothing of who asks."""
    round_ = Round.objects.select_related("responsible").get(pk=pk)
    until = f" Zeit ist bis {day(round_.peer_due)}." if round_.peer_due else ""
    subject = f"{round_.title}: Einschätzung aus dem Kollegium" + (
        f", bis {day(round_.peer_due)}" if round_.peer_due else ""
    )
    return Said(
        subject, f"in der Runde „{round_.title}“ bittet Sie jemand um Ihre Sicht.{until}",
        (*COLLEAGUES, *whom_to_ask(round_)),
        round_.peer_due,
    )  # fmt: skip


def request_reminder(letter, pk, due):
    """The same again: what comes after the deadline is not counted."""
    asked = request(letter, pk)
    round_ = Round.objects.get(pk=pk)
    return Said(
        asked.subject,
        f"in der Runde „{round_.title}“ wartet noch jemand auf Ihre Sicht. Zeit ist bis {day(round_.peer_due)}; danach "
        "zählt sie nicht mehr.",
        asked.more,
        round_.peer_due,
    )


def talk_date(letter, pk, *_day):
    row = Participation.objects.select_related("round__responsible", "person__manager", "manager").get(pk=pk)
    return talk_on(row, letter.person)


def name_of_partner(row, reader):
    """With whom ``reader`` has to do, where the round lets calendars name people; of two who are called alike it says who is meant."""
    name = calendar.partner(row, reader) if row.round.calendar_names_people else ""
    return row.name_told_apart if name and reader.pk != row.person_id else name


def talk_on(row, reader):
    at = timezone.localtime(row.talk_at)
    name = name_of_partner(row, reader)
    with_whom, when = f" mit {name}" if name else "", f"am {day(at)} um {at:%H:%M} Uhr"
    return Said(
        f"Gespräch{with_whom} {when}",
        f"Ihr Gespräch{with_whom} in der Runde „{row.round.title}“ ist {when}.",
        (TALK, *whom_to_ask(row.round)),
        at.date(),
    )


def whom_to_ask(round_):
    return (f"Ansprechperson: {round_.responsible}",) if round_.responsible else ()


@dataclass(frozen=True)
class OfOne:
    """Words for what concerns one participation: ``rest`` is what is so in its round; ``then`` is the name of the STEP that comes next.

    Whoever leads the person reads whom it is about where the round lets calendars say so. ``is_asked`` if the subject is that step.
    """

    subject: str
    rest: str
    then: str = ""
    is_asked: bool = False

    def __call__(self, letter, pk, *_more):
        return self.about(Participation.objects.select_related("round__responsible", "talk").get(pk=pk), letter.person)

    def about(self, row, reader):
        round_, step = row.round, next((step for step in STEPS if step.name == self.then), None)
        on = step and (row.answer_due if step.name == "antwort" else getattr(row, step.due))
        name = name_of_partner(row, reader) if reader.pk != row.person_id else ""
        about = f": {name}" if name else ""
        until = f"{calendar.STEPS[self.then]} {by(on)}" if on else ""
        return Said(
            f"{round_.title}: {self.subject}{about}{until and f', {by(on) if self.is_asked else until}'}",
            f"in der Runde „{round_.title}“{name and f' ({name})'} {self.rest}",
            (*([f"Als Nächstes: {until}."] if until else []), WHAT, *whom_to_ask(round_)),
            on,
        )


release = OfOne(
    "Eine Einschätzung ist freigegeben", "können Sie jetzt die freigegebene Einschätzung lesen.", then="gespraech"
)
entry = OfOne(
    "Ihr Papierbogen wartet auf Ihre Bestätigung",
    "ist Ihr Papierbogen eingegeben. Er gilt, sobald Sie ihn bestätigen; ablehnen können Sie ihn auch.",
    then="selbst",
)
answer_to_entry = OfOne(
    "Antwort auf einen übertragenen Papierbogen", "ist der Papierbogen beantwortet, den Sie übertragen haben."
)
record = OfOne(
    "Ergebnis Ihres Gesprächs wartet auf Ihre Antwort",
    "ist das Ergebnis Ihres Gesprächs festgehalten. Bitte nehmen Sie es zur Kenntnis, lehnen Sie das ab oder geben Sie es zurück.",
    then="antwort",
    is_asked=True,
)
returned = OfOne(
    "Gesprächsergebnis mit einem Änderungswunsch", "kam das Gesprächsergebnis mit einem Änderungswunsch zurück."
)
answer = OfOne(
    "Gesprächsergebnis zur Kenntnis genommen", "ist ein Gesprächsergebnis zur Kenntnis genommen.", then="lernplan"
)
declined = OfOne(
    "Gesprächsergebnis abgelehnt", "ist ein Gesprächsergebnis abgelehnt. Die Stellungnahme dazu können Sie lesen."
)
distribution = OfOne(
    "Einschätzungen aus dem Kollegium sind zu sehen",
    "können Sie jetzt lesen, wie Kolleginnen und Kollegen einschätzen.",
)


def of_round(sentences):
    """Words about a round for each side, by ``{whose: (subject, sentence)}``; both name the first step that is open, and its day."""

    def said(letter, pk, whose):
        round_ = Round.objects.select_related("responsible").filter(pk=pk).first()
        if round_ is None:
            return None
        subject, sentence = sentences[whose]
        step, asked = next_step(letter, round_, whose)
        return Said(
            f"{round_.title}: {subject}{step and f', {step}'}",
            sentence.format(f"„{round_.title}“"),
            (*filter(None, [asked]), WHY[whose], *whom_to_ask(round_)),
        )

    return said


def next_step(letter, round_, whose):
    """The first step that is open for this side, and its day, for a subject and as a paragraph; both empty where there is none."""
    rows = Participation.objects.filter(round=round_).of_side(letter.person, whose)
    for step in STEPS if round_.is_open else ():
        due = step.whose == whose and rows.filter(step.is_open).aggregate(due=Min(step.due))["due"]
        if due:
            called, asked = outstanding(step.name, whose, due)
            if due >= timezone.localdate():
                asked = f"Als Nächstes: {capfirst(CALLED[step.name, whose])}, bis {day(due)}."
            return called.replace(", ", " ", 1), capfirst(asked.format(""))
    return "", ""


taken_again = of_round(
    {
        "person": (
            "Sie nehmen teil",
            "Sie nehmen an der Runde {} nun doch teil. Ihre Schritte zeigt die Seite der Runde.",
        ),
        "manager": ("Eine Person nimmt doch teil", "an der Runde {} nimmt jemand aus Ihrem Team nun doch teil."),
    }
)
removal = of_round(
    {
        "person": (
            "Ihre Teilnahme ist entfernt",
            "Ihre Teilnahme an der Runde {} ist entfernt, mit allem, was dazu gespeichert war. Zu tun ist nichts.",
        ),
        "manager": (
            "Eine Teilnahme ist entfernt",
            "in der Runde {} ist die Teilnahme einer Person aus Ihrem Team entfernt, mit allem, was dazu gespeichert war.",
        ),
    }
)
new_targets = of_round(
    {
        "person": (
            "Ihr Soll hat sich geändert",
            "in der Runde {} gilt für Sie ein geändertes Soll. Was neu ist, zeigt die Seite der Runde.",
        ),
        "manager": (
            "Ein Soll hat sich geändert",
            "in der Runde {} gilt für jemanden aus Ihrem Team ein geändertes Soll. Was neu ist, steht unter „Team“ bei der Person.",
        ),
    }
)
other_days = of_round(
    {
        "person": ("Ihre Fristen haben sich geändert", "in der Runde {} gelten für Sie andere Fristen als bisher."),
        "manager": (
            "Fristen haben sich geändert",
            "in der Runde {} gelten in Ihrem Team andere Fristen als bisher.",
        ),
    }
)
goes_on_again = of_round(
    {
        "person": ("Ihre Teilnahme geht weiter", "Ihre Teilnahme an der Runde {} hat geruht und geht jetzt weiter."),
        "manager": (
            "Eine Teilnahme geht weiter",
            "in der Runde {} geht eine Teilnahme aus Ihrem Team, die geruht hat, jetzt weiter.",
        ),
    }
)
handed_over = of_round(
    {
        "person": (
            "Ihre Führungskraft hat gewechselt",
            "in der Runde {} geht es mit Ihrer neuen Führungskraft weiter. Ihre eigenen Angaben bleiben, wie sie sind.",
        ),
        "manager": (
            "Sie übernehmen",
            "in der Runde {} übernehmen Sie als Führungskraft. Wen, und was ansteht, zeigt die Seite „Team“.",
        ),
    }
)
end_of_round = of_round(
    {
        "person": (
            "Beendet mit offenem Entwurf",
            "die Runde {} ist beendet. Ihre begonnene Einschätzung ist nicht freigegeben; niemand sonst liest sie.",
        ),
        "manager": (
            "Beendet mit offenen Entwürfen",
            "die Runde {} ist beendet. Begonnene Fremdeinschätzungen sind nicht freigegeben; niemand sonst liest sie.",
        ),
    }
)


def taken_in_again(letter, pk, whose):
    return taken_again(letter, Participation.objects.values_list("round", flat=True).get(pk=pk), whose)


def hand_over(letter, pk, whose):
    round_ = HandOver.objects.filter(pk=pk).values_list("participation__round", flat=True).first()
    return handed_over(letter, round_, whose)


def people_without_manager(letter, pk):
    round_, number = Round.objects.get(pk=pk), Participation.objects.without_manager_in([pk]).count()
    who = "eine Person" if number == 1 else f"{number} Personen"
    return Said(
        f"{round_.title}: {who} ohne Führungskraft, Fremdeinschätzung {by(round_.manager_due)}",
        f"in der Runde „{round_.title}“ {'hat' if number == 1 else 'haben'} {who} keine Führungskraft, die sich anmelden kann. "
        "Solange gibt niemand die Fremdeinschätzung ab. Bitte tragen Sie eine ein oder lassen Sie die Teilnahme ruhen.",
    )


# As HR looks at them before: nobody has any of these to read ------------------------------------------------

SOMEBODY = "Mara Muster"
OF_ONE = {
    "release": release.about, "entry": entry.about, "talk": talk_on, "record": record.about, "returned": returned.about,
    "answer": answer.about, "declined": declined.about, "distribution": distribution.about,
}  # fmt: skip
OF_ROUND = {
    "targets": new_targets, "days": other_days, "resumed": goes_on_again, "hand-over": handed_over, "closed": end_of_round,
    "removed": removal, "again": taken_again,
}  # fmt: skip


def sample(letter, pk, name, whose):
    """What the reader would read if it were about them, or about somebody of theirs; nothing of it is stored."""
    if name in OF_ROUND:
        return OF_ROUND[name](letter, pk, whose)
    return OF_ONE[name](sample_row(pk, letter.person, whose), letter.person)


def sample_row(pk, reader, whose):
    """An invented participation in this round: the reader's own, or one of somebody whom they lead."""
    round_ = Round.objects.select_related("responsible").get(pk=pk)
    row = Participation(round=round_, person_name=SOMEBODY, manager_name=SOMEBODY, manager_id=reader.manager_id)
    row.person_id = reader.pk if whose == "person" else None
    row.talk_at = datetime.combine(round_.talk_due, time(10), timezone.get_current_timezone())
    for step in STEPS:
        setattr(row, step.due, getattr(round_, step.due))
    return row
