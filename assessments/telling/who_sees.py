"""Who sees what of a participation, in words, from the rules of its round: for whoever takes part, and for HR who chooses them.

The rules themselves are the querysets of the models (visible_to), Participation.shows_target_to and peers.showing.seen_by.
What stands here only says them; tests/assessments/telling/test_who_sees.py holds each line against them.
"""

from dataclasses import dataclass

from assessments.models import Round
from assessments.peers.asking import minimum
from kompetenz.people import crowd


class Since:
    """From when on somebody sees something, as the end of a sentence."""

    START = "von Anfang an"
    SELF_RELEASED = "sobald die Selbsteinschätzung freigegeben ist"
    MANAGER_RELEASED = "sobald die Fremdeinschätzung freigegeben ist"
    BOTH_RELEASED = "sobald Person und Führungskraft freigegeben haben"
    TALK_STARTED = "sobald das Gespräch begonnen hat"
    RECORDED = "sobald das Ergebnis des Gesprächs festgehalten ist"
    SHARED = "sobald die Person sie teilt"
    PEERS_CLOSED = "sobald Person und Führungskraft freigegeben haben und die Frist des Kollegiums vorbei ist"


OWN_DRAFT, MANAGER_DRAFT = "die eigene Selbsteinschätzung", "die eigene Fremdeinschätzung"
SELF, MANAGER, TARGET, LEVELS = "Selbsteinschätzung", "Fremdeinschätzung", "Soll", "einzelne Stufen"
RESULT, STATE, PEERS = "Ergebnis des Gesprächs und Lernplan", "Stand jedes Schrittes", "Rückmeldung aus dem Kollegium"
STOCK_TAKING = "Bestandsaufnahme"
MEASURES = "Maßnahmen und Termine eines vereinbarten Lernplans"


@dataclass(frozen=True)
class Sight:
    """Something that somebody gets to see, and from when on (Since; empty: as soon as it is there)."""

    what: str
    since: str = ""

    def __str__(self):
        return self.what


@dataclass(frozen=True)
class Reader:
    """Somebody, what they get to see, and what else has to be said of them."""

    who: str
    sees: list[Sight]
    note: str = ""

    @property
    def note_in_short(self):
        """The first sentence of the note."""
        first, dot, _ = self.note.partition(". ")
        return first + dot.rstrip()


def who_sees(round_):
    """Every reader of a participation in ``round_``, those who see most first."""
    asked = [colleagues()] if round_.has_peers else []
    rest = "Höhere Führungskräfte, übriges Kollegium, IT" if asked else "Höhere Führungskräfte, Kollegium, IT"
    return [
        Reader(
            "Die Person selbst",
            of_the_person(round_),
            "Den Entwurf sieht sonst niemand. Was jemand für die Person vom Papier überträgt, gilt und lesen andere erst, "
            "wenn sie es bestätigt hat oder, ohne E-Mail-Adresse, ihr unterschriebener Bogen geprüft ist.",
        ),
        Reader(
            "Führungskraft",
            of_the_manager(round_),
            "Wechselt sie, endet der Zugang der bisherigen am selben Tag. Die neue liest beendete Runden nur, wenn die Person zustimmt.",
        ),
        Reader(
            "Vertretung der Führungskraft",
            [],
            "Sieht dasselbe wie die Führungskraft, auch deren Entwurf: für einzelne, benannte Personen und nur an den "
            "Tagen der Vertretung.",
        ),
        Reader("Personalentwicklung", of_hr(round_), hr_never(round_)),
        *asked,
        Reader(
            "Personalrat und Datenschutz",
            [],
            "Sehen von niemandem Einschätzungen, Ergebnisse oder Lernpläne. Mit Namen lesen sie, wer auf Angaben einer "
            "Person zugegriffen hat (nie worauf), wer Rechte hat, wer wen vertritt und welche Teilnahme übergeben "
            "wurde.",
        ),
        readers_of_results(),
        Reader(
            rest, [], "Sehen in der Anwendung nichts davon; wer den Server betreibt, kommt technisch an die Datenbank."
        ),
    ]


def others_since(round_, each):
    """From when on the two sides see each other's assessment; ``each`` is when the other one is released."""
    kinds = Round.Disclosure
    return {kinds.BOTH: Since.BOTH_RELEASED, kinds.EACH: each, kinds.TALK: Since.TALK_STARTED}[round_.disclosure]


def of_the_person(round_):
    return [
        Sight(OWN_DRAFT, Since.START),
        Sight(STOCK_TAKING, Since.START),
        Sight(MANAGER, others_since(round_, Since.MANAGER_RELEASED)),
        Sight(TARGET, Since.SELF_RELEASED if round_.hides_target else Since.START),
        Sight(RESULT),
        *from_colleagues(round_),
    ]


def of_the_manager(round_):
    return [
        Sight(MANAGER_DRAFT, Since.START),
        Sight(SELF, others_since(round_, Since.SELF_RELEASED)),
        Sight(STOCK_TAKING, Since.SHARED),
        Sight(TARGET, Since.START),
        Sight(RESULT),
        *from_colleagues(round_),
    ]


def from_colleagues(round_):
    return [Sight(PEERS, Since.PEERS_CLOSED)] if round_.has_peers else []


def of_hr(round_):
    since = Since.RECORDED if round_.disclosure == Round.Disclosure.TALK else Since.BOTH_RELEASED
    levels = [Sight(LEVELS, since)] if round_.shows_levels_to_hr else []
    return [Sight(STATE, Since.START), Sight(MEASURES), *levels]


def hr_never(round_):
    never = "Keine Bemerkungen, Begründungen und Bestandsaufnahmen."
    if not round_.shows_levels_to_hr:
        never = "Keine einzelnen Stufen, Bemerkungen, Begründungen und Bestandsaufnahmen."
    return f"{never} Nichts aus dem Kollegium." if round_.has_peers else never


def readers_of_results():
    """Those who read what many agreed levels say together (kompetenz/results); never whose they are."""
    return Reader(
        "Wer die Auswertung liest",
        [Sight(f"Anteile in Gruppen ab {crowd.minimum()} Personen, in groben Schritten")],
        "Wie viele unter, auf und über dem Soll sind, welche Stufen und, nach dem Ende der Runde, für wie viele eine Maßnahme vereinbart "
        "ist. Personalentwicklung, Personalrat und Datenschutz lesen alle Gruppen, Führungskräfte die ganze Verwaltung und die Einheiten "
        "ihrer Leute; alle Beschäftigten nur, was die Personalentwicklung für alle freigibt. Gezählt wird, wer das Protokoll des "
        "Gesprächs zur Kenntnis genommen hat.",
    )


def colleagues():
    """Those whom the person asks."""
    return Reader(
        "Gebetene Kolleginnen und Kollegen",
        [],
        f"Schreiben ihre eigene Einschätzung und sehen sonst nichts. Wer gebeten wurde, erfahren Führungskraft und "
        f"Personalentwicklung nicht. Gezeigt wird nur, wie oft eine Stufe gewählt wurde, und das erst ab {minimum()} "
        f"Antworten.",
    )
