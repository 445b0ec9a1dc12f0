"""Examples of good goals, for each category of the built-in catalogue: what stands beside the form and in the help.

They are to be read, not taken over: a goal is two people's own. No Django in here.
"""

from dataclasses import dataclass

from kompetenz.catalogue.frozen import Catalogue


@dataclass(frozen=True)
class GoalExample:
    """A goal in somebody's own words, letter by letter, with the step it stands for."""

    competency: str
    way: str
    specific: str
    measurable: str
    ambitious: str
    realistic: str
    timed: str

    @property
    def letters(self) -> list[tuple[str, str]]:
        """Each letter of SMART with what it asks for, and what answers it here."""
        return [
            ("S – spezifisch", self.specific),
            ("M – messbar", self.measurable),
            ("A – anspruchsvoll", self.ambitious),
            ("R – realistisch", self.realistic),
            ("T – terminiert", self.timed),
        ]


# By the category's key (fixtures/catalogue.json): its name, and examples.
BY_CATEGORY = {
    "digital": (
        "Digitale Fachkompetenzen",
        (
            GoalExample(
                "Datenkompetenz",
                "von Kenner zu Könner",
                "Ich werte die Fallzahlen unseres Sachgebiets jeden Monat selbst aus, statt sie bei der IT anzufragen.",
                "Drei Monate hintereinander liegt die Übersicht bis zum 5. vor, und die Sachgebietsleitung findet darin keine Fehler.",
                "Bisher lese ich fertige Tabellen. Neu ist, Daten selbst zu verbinden, zu prüfen und darzustellen.",
                "Zwei Stunden in der Woche sind frei. Herr Adler aus der IT zeigt den Zugang und hilft bei der ersten Auswertung.",
                "Erste Auswertung in acht Wochen, das Ziel ist in sechs Monaten erreicht.",
            ),
            GoalExample(
                "Informationssicherheit und Datenschutz",
                "von keine zu Kenner",
                "Ich erkenne gefälschte E-Mails und weiß, was ich dann tue und was nicht.",
                "Bei der Übung der IT melde ich mindestens vier von fünf Testmails, und ich kann den Meldeweg erklären.",
                "Bisher frage ich jedes Mal die Kollegin. Neu ist, selbst zu entscheiden.",
                "Ein Kurs von 90 Minuten im Haus und ein Merkblatt am Arbeitsplatz. Kostet nichts.",
                "Kurs im nächsten Monat, Übung der IT in vier Monaten.",
            ),
        ),
    ),
    "methoden": (
        "Methodenkompetenzen",
        (
            GoalExample(
                "Ganzheitliche Prozessgestaltung",
                "von Kenner zu Könner",
                "Ich nehme den Ablauf „Wohngeld beantragen“ mit allen Beteiligten auf und schlage einen kürzeren vor.",
                "Es gibt ein Bild vom Ablauf heute und eines von morgen, mit mindestens zwei Schritten weniger. Das Fachamt stimmt zu.",
                "Bisher kenne ich nur unseren Teil. Neu ist, das ganze Verfahren vom Antrag bis zur Zahlung zu sehen.",
                "Vier halbe Tage, eine Vorlage vom Organisationsamt. Die Urlaubszeit ist ausgespart.",
                "Bild von heute in drei Monaten, Vorschlag in fünf Monaten.",
            ),
            GoalExample(
                "Projektmanagement",
                "von keine zu Kenner",
                "Ich plane die Einführung der digitalen Akte in unserem Sachgebiet mit Schritten, Zuständigen und Terminen.",
                "Der Plan passt auf zwei Seiten, die Amtsleitung gibt ihn frei, und zwei Monate später ist noch jeder Schritt zugeordnet.",
                "Ich habe an Projekten mitgearbeitet, aber noch keines geplant.",
                "Ein zweitägiges Seminar (400 Euro), danach eine Stunde im Monat mit Frau Boateng, die so etwas schon geleitet hat.",
                "Seminar im Frühjahr, Plan bis zum Beginn der Sommerferien.",
            ),
        ),
    ),
    "sozial": (
        "Sozialkompetenzen",
        (
            GoalExample(
                "Kommunikationsfähigkeit",
                "von Kenner zu Könner",
                "Ich schreibe die Bescheide unseres Sachgebiets so um, dass man sie beim ersten Lesen versteht.",
                "Fünf Menschen aus anderen Ämtern lesen sie und sagen richtig, was zu tun ist. Rückfragen am Telefon werden weniger.",
                "Ich schreibe bisher mit Textbausteinen. Neu ist, vom Leser her zu denken.",
                "Es sind acht Bescheide, einer in der Woche. Das Rechtsamt liest mit.",
                "Die ersten vier in zwei Monaten, alle acht in vier Monaten.",
            ),
            GoalExample(
                "(Laterale) Führungskompetenz",
                "von keine zu Kenner",
                "Ich leite die Arbeitsgruppe „Online-Termine“, ohne jemandes Führungskraft zu sein.",
                "Jede Sitzung hat eine Tagesordnung und endet mit Aufgaben und Namen. Nach der vierten sagt die "
                "Gruppe, was hilft und was nicht.",
                "Bisher nehme ich nur teil. Neu ist, Menschen zu gewinnen, denen ich nichts zu sagen habe.",
                "Sechs Sitzungen zu 90 Minuten. Meine Führungskraft ist bei der ersten dabei und bespricht sie mit mir nach.",
                "Erste Sitzung im nächsten Monat, Rückmeldung der Gruppe in fünf Monaten.",
            ),
        ),
    ),
    "personal": (
        "Personale Kompetenzen",
        (
            GoalExample(
                "Selbstführung",
                "von Kenner zu Könner",
                "Ich plane meine Woche am Freitag davor und halte zwei Vormittage für Arbeit frei, die Ruhe braucht.",
                "An acht von zehn Wochen gab es beide Vormittage. Ich schreibe jeden Freitag zwei Sätze dazu auf.",
                "Bisher bestimmt das Postfach den Tag. Neu ist, selbst zu entscheiden, was zuerst kommt.",
                "Das Team weiß Bescheid, das Telefon übernimmt Frau Celik, ich im Tausch ihre Vormittage.",
                "Beginn nächste Woche, Rückblick nach zehn Wochen im Review-Gespräch.",
            ),
            GoalExample(
                "Veränderungskompetenz",
                "von keine zu Kenner",
                "Ich probiere das neue Fachverfahren als eine der Ersten aus und sage, was im Alltag nicht passt.",
                "Zwanzig echte Fälle sind darin bearbeitet, und es gibt eine Liste mit dem, was gut geht und was fehlt.",
                "Ich warte sonst, bis alle anderen umgestiegen sind.",
                "Für die Probe fallen in vier Wochen zwei von zehn Fällen täglich an jemand anderen. Die Hotline des Herstellers hilft.",
                "Die Probe dauert vier Wochen, die Liste liegt eine Woche danach vor.",
            ),
        ),
    ),
}


def examples_near(catalogue: Catalogue, competency: int) -> tuple[GoalExample, ...]:
    """Those of the category in which the competency with this id stands; none for a category of an administration's own."""
    keys = (one.key for one in catalogue.categories if any(each.id == competency for each in one.competencies))
    return BY_CATEGORY.get(next(keys, ""), ("", ()))[1]
