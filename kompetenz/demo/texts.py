"""What people in the demo district write: goals, measures, remarks, statements; all invented."""

from dataclasses import dataclass

OFFERED = {"seminare-schulungen", "vortraege-workshops", "selbstlernen"}  # formats, by key


@dataclass(frozen=True)
class Idea:
    """A measure as it might be planned; ``hours`` are working time, ``cost`` is euros, None where unknown.

    ``also`` are the keys of further competencies that it serves: of no others is it ever planned or offered.
    """

    format: str
    title: str
    provider: str
    hours: int | None
    cost: int | None
    also: tuple[str, ...] = ()

    @property
    def offered_as(self) -> str | None:
        """The title under which everybody finds it, None for what is made for one person."""
        return self.title if self.format in OFFERED and self.provider != "am Arbeitsplatz" else None


@dataclass(frozen=True)
class Aim:
    """How a goal for one competency is put, and two measures that lead there."""

    specific: str
    measurable: str
    ideas: tuple[Idea, Idea]


AIMS = {
    "it-anwendung": Aim(
        "Serienbriefe, Vorlagen und Wiedervorlagen der E-Akte ohne Hilfe einrichten.",
        "Drei häufige Schreiben des Sachgebiets liegen als Vorlage in der E-Akte und werden vom Team benutzt.",
        (
            Idea("selbstlernen", "Lernpfad „E-Akte für Geübte“ bearbeiten", "Lernplattform des Landkreises", 8, 0),
            Idea("training", "Vorlagen mit der Anwendungsbetreuung bauen", "Amt für Digitalisierung und IT", 12, 0),
        ),
    ),
    "digitale-medien": Aim(
        "Besprechungen mit Teilnehmenden vor Ort und am Bildschirm vorbereiten und leiten.",
        "Vier solche Besprechungen sind geleitet; eine kurze Umfrage danach fällt überwiegend gut aus.",
        (
            Idea(
                "seminare-schulungen",
                "Seminar „Hybride Besprechungen leiten“",
                "Studieninstitut Musterland",
                8,
                240,
                also=("kommunikation",),
            ),
            Idea("kollegialer-austausch", "Zwei Besprechungen gemeinsam moderieren", "Amt für Kommunikation", 6, 0),
        ),
    ),
    "technik": Aim(
        "Eine Schnittstelle zwischen Onlineantrag und Fachverfahren fachlich beschreiben können.",
        "Die Beschreibung für ein Verfahren liegt vor, und die IT kann ohne Rückfragen damit arbeiten.",
        (
            Idea(
                "vortraege-workshops",
                "Workshop „Schnittstellen verstehen“",
                "Amt für Digitalisierung und IT",
                4,
                0,
                also=("digitale-loesungen",),
            ),
            Idea("kollegialer-austausch", "Zwei Tage im Rechenzentrum hospitieren", "Kommunales Rechenzentrum", 16, 0),
        ),
    ),
    "sicherheit-datenschutz": Aim(
        "Für ein neues Verfahren das Verzeichnis der Verarbeitungstätigkeiten ausfüllen und Risiken benennen.",
        "Der Eintrag ist vom Datenschutz ohne größere Änderung übernommen.",
        (
            Idea(
                "seminare-schulungen",
                "Schulung „Datenschutz in Projekten“",
                "Studieninstitut Musterland",
                8,
                290,
                also=("projektmanagement",),
            ),
            Idea(
                "selbstlernen", "Kurs „Informationssicherheit am Arbeitsplatz“", "Lernplattform des Landkreises", 3, 0
            ),
        ),
    ),
    "daten": Aim(
        "Die Bearbeitungszeiten des Sachgebiets aus dem Fachverfahren auswerten und verständlich darstellen.",
        "Ein Bericht je Quartal liegt vor und wird in der Dienstbesprechung besprochen.",
        (
            Idea(
                "seminare-schulungen",
                "Seminar „Daten auswerten und darstellen“",
                "Studieninstitut Musterland",
                16,
                480,
                also=("analyse",),
            ),
            Idea("selbstlernen", "Auswertung mit eigenen Zahlen aufbauen", "am Arbeitsplatz", 20, 0),
        ),
    ),
    "digitale-loesungen": Aim(
        "Für eine Aufgabe des Amtes prüfen, ob ein Sprachmodell beim Entwerfen von Bescheiden helfen kann.",
        "Ein Erfahrungsbericht mit Nutzen, Aufwand und Grenzen liegt der Amtsleitung vor.",
        (
            Idea(
                "vortraege-workshops",
                "Vortragsreihe „KI in der Kreisverwaltung“",
                "Kommunales Rechenzentrum",
                6,
                90,
                also=("innovation",),
            ),
            Idea(
                "kollegialer-austausch", "Besuch beim Nachbarkreis mit laufendem Versuch", "Landkreis Beispielau", 8, 40
            ),
        ),
    ),
    "prozessgestaltung": Aim(
        "Einen Ablauf vom Antrag bis zum Bescheid aufnehmen und einen kürzeren vorschlagen.",
        "Der neue Ablauf kommt mit mindestens einer Übergabe weniger aus und ist im Amt beschlossen.",
        (
            Idea(
                "seminare-schulungen",
                "Grundkurs Prozessaufnahme",
                "Studieninstitut Musterland",
                16,
                520,
                also=("vernetztes-denken",),
            ),
            Idea("training", "Einen Ablauf mit der Organisation aufnehmen", "Haupt- und Personalamt", 24, 0),
        ),
    ),
    "projektmanagement": Aim(
        "Ein Teilprojekt mit Zeitplan, Aufgabenliste und Statusbericht selbst steuern.",
        "Alle vereinbarten Meilensteine sind erreicht oder rechtzeitig neu verhandelt.",
        (
            Idea(
                "seminare-schulungen",
                "Lehrgang „Projekte in der Verwaltung“",
                "Studieninstitut Musterland",
                24,
                890,
                also=("stakeholder",),
            ),
            Idea("mentoring", "Begleitung durch eine erfahrene Projektleitung", "Stabsstelle Digitalisierung", 15, 0),
        ),
    ),
    "analyse": Aim(
        "Den Bedarf der Fachbereiche für ein neues Terminbuchungsverfahren erheben und gewichten.",
        "Gespräche mit fünf Ämtern sind ausgewertet; der Vorschlag nennt Gründe und Gegengründe.",
        (
            Idea("vortraege-workshops", "Workshop „Anforderungen erheben“", "Kommunales Rechenzentrum", 8, 180),
            Idea(
                "training",
                "Interviews vorbereiten, führen und auswerten",
                "am Arbeitsplatz",
                20,
                0,
                also=("kommunikation",),
            ),
        ),
    ),
    "stakeholder": Aim(
        "Für ein Vorhaben festhalten, wer betroffen ist, und alle vor der Entscheidung ansprechen.",
        "Eine Übersicht der Beteiligten besteht; niemand hat von der Einführung erst hinterher erfahren.",
        (
            Idea("mentoring", "Gespräche über Gremien und Gemeinden", "Stabsstelle Digitalisierung", 8, 0),
            Idea(
                "seminare-schulungen",
                "Seminar „Interessen klären“",
                "Studieninstitut Musterland",
                8,
                260,
                also=("konflikt",),
            ),
        ),
    ),
    "partizipation": Aim(
        "Eine Beteiligung des Kollegiums zum neuen Intranet planen und durchführen.",
        "Mindestens dreißig Rückmeldungen sind eingegangen und beantwortet.",
        (
            Idea(
                "vortraege-workshops",
                "Werkstatt „Beteiligung planen“",
                "Kommunalverband Musterland",
                7,
                120,
                also=("stakeholder",),
            ),
            Idea(
                "kollegialer-austausch", "Erfahrungen mit den Gemeinden austauschen", "Runder Tisch Beteiligung", 6, 0
            ),
        ),
    ),
    "change": Aim(
        "Die Umstellung auf die neue E-Akte im eigenen Amt begleiten.",
        "Alle wissen vier Wochen vorher, was sich ändert; offene Fragen sind gesammelt und beantwortet.",
        (
            Idea(
                "training",
                "Umstellung mit Begleitung vorbereiten und auswerten",
                "Haupt- und Personalamt",
                18,
                0,
                also=("kommunikation",),
            ),
            Idea(
                "seminare-schulungen",
                "Seminar „Veränderungen begleiten“",
                "Studieninstitut Musterland",
                16,
                560,
                also=("veraenderung",),
            ),
        ),
    ),
    "kommunikation": Aim(
        "Ein digitales Vorhaben im Fachausschuss in zehn Minuten verständlich vorstellen.",
        "Der Vortrag ist gehalten; zwei Personen ohne Vorwissen konnten ihn vorher wiedergeben.",
        (
            Idea("training", "Vortrag üben, halten und auswerten", "Amt für Kommunikation und Beteiligung", 12, 0),
            Idea(
                "seminare-schulungen",
                "Seminar „Einfach und klar schreiben“",
                "Studieninstitut Musterland",
                8,
                230,
                also=("service",),
            ),
        ),
    ),
    "team": Aim(
        "In einer Arbeitsgruppe über Amtsgrenzen hinweg eine feste Aufgabe übernehmen.",
        "Zusagen sind eingehalten; die Gruppe bestätigt das in ihrer Rückschau.",
        (
            Idea(
                "kollegialer-austausch",
                "Mitarbeit im Arbeitskreis Onlinedienste",
                "Amt für Digitalisierung und IT",
                24,
                0,
                also=("netzwerk",),
            ),
            Idea("training", "Rückschau der Arbeitsgruppe moderieren", "am Arbeitsplatz", 6, 0),
        ),
    ),
    "fuehrung": Aim(
        "Ziele mit dem Team so vereinbaren, dass jede Person ihren Teil kennt und frei gestalten kann.",
        "Die Ziele stehen schriftlich; im Halbjahresgespräch kann jede Person ihre nennen.",
        (
            Idea("coaching", "Coaching zur eigenen Führungsrolle", "freie Coachin, Rahmenvertrag", 10, 1200),
            Idea(
                "kollegialer-austausch",
                "Kollegiale Beratung zum Führen mit und ohne Weisung",
                "Haupt- und Personalamt",
                12,
                0,
            ),
        ),
    ),
    "netzwerk": Aim(
        "Einen festen Kontakt in zwei Gemeinden und einem Nachbarkreis zum eigenen Thema aufbauen.",
        "Es gab mindestens drei Treffen, aus denen etwas für das eigene Amt übernommen wurde.",
        (
            Idea(
                "kollegialer-austausch",
                "Netzwerktreffen zur digitalen Verwaltung besuchen",
                "Kommunalverband Musterland",
                12,
                60,
            ),
            Idea("mentoring", "Einführung in bestehende Arbeitskreise", "Stabsstelle Digitalisierung", 5, 0),
        ),
    ),
    "konflikt": Aim(
        "Schwierige Gespräche ruhig beginnen und zu einer Lösung in der Sache führen.",
        "Zwei Gespräche sind mit der Führungskraft nachbesprochen; das Vorgehen war erkennbar.",
        (
            Idea(
                "seminare-schulungen",
                "Deeskalationstraining",
                "Studieninstitut Musterland",
                16,
                410,
                also=("kommunikation",),
            ),
            Idea("coaching", "Fallbesprechung nach belastenden Gesprächen", "freier Coach, Rahmenvertrag", 6, 720),
        ),
    ),
    "personalentwicklung": Aim(
        "Mit drei Personen aus dem Kollegium über ihren Lernbedarf sprechen und passende Angebote finden.",
        "Für alle drei ist ein Lernziel vereinbart und ein Termin für die Rückschau gesetzt.",
        (
            Idea("training", "Lerngespräche vorbereiten, führen und auswerten", "Haupt- und Personalamt", 10, 0),
            Idea(
                "kollegialer-austausch", "Austausch mit anderen, die Lernende begleiten", "Haupt- und Personalamt", 8, 0
            ),
        ),
    ),
    "service": Aim(
        "Den Onlineantrag aus Sicht der Antragstellenden prüfen und Hürden beseitigen.",
        "Fünf Personen von außerhalb haben ihn ausprobiert; die drei häufigsten Hürden sind behoben.",
        (
            Idea("kollegialer-austausch", "Beobachtungstag im Bürgerservice", "Bürgerservice", 8, 0),
            Idea("seminare-schulungen", "Seminar „Verständliche Onlinedienste“", "Studieninstitut Musterland", 8, 270),
        ),
    ),
    "vernetztes-denken": Aim(
        "Vor Entscheidungen die Folgen für andere Ämter und die Gemeinden erfragen und festhalten.",
        "Zwei Vorlagen enthalten einen Abschnitt zu den Folgen, abgestimmt mit den Betroffenen.",
        (
            Idea("kollegialer-austausch", "Hospitation in einem Amt mit gemeinsamen Fällen", "Sozialamt", 16, 0),
            Idea("coaching", "Entscheidungen gemeinsam durchdenken", "freie Coachin, Rahmenvertrag", 6, 720),
        ),
    ),
    "innovation": Aim(
        "Eine Verbesserungsidee aus dem Team in kleinem Rahmen erproben.",
        "Der Versuch ist nach acht Wochen ausgewertet; über Fortführung oder Ende ist entschieden.",
        (
            Idea(
                "training",
                "Versuch planen, durchführen und auswerten",
                "am Arbeitsplatz",
                30,
                0,
                also=("problemloesung",),
            ),
            Idea("kollegialer-austausch", "Besuch im Verwaltungslabor der Hochschule", "Hochschule Musterland", 8, 35),
        ),
    ),
    "lernen": Aim(
        "Jede Woche eine feste Stunde zum Lernen nutzen und das Gelernte im Team weitergeben.",
        "Vier kurze Beiträge in der Dienstbesprechung sind gehalten.",
        (
            Idea("coaching", "Eigenen Lernweg klären", "Haupt- und Personalamt", 4, 0),
            Idea("kollegialer-austausch", "Lernrunde mit zwei Kolleginnen und Kollegen", "am Arbeitsplatz", 20, 0),
        ),
    ),
    "veraenderung": Aim(
        "Das neue Fachverfahren vom ersten Tag an benutzen und Schwierigkeiten sachlich melden.",
        "Nach drei Monaten werden alle neuen Fälle im neuen Verfahren geführt.",
        (
            Idea(
                "training",
                "Testbetrieb begleiten und Fälle übertragen",
                "Amt für Digitalisierung und IT",
                20,
                0,
                also=("it-anwendung",),
            ),
            Idea(
                "seminare-schulungen",
                "Schulung zum neuen Fachverfahren",
                "Anbieter des Fachverfahrens",
                12,
                350,
                also=("it-anwendung",),
            ),
        ),
    ),
    "selbstfuehrung": Aim(
        "Aufgaben nach Wichtigkeit ordnen und Fristen in der Wiedervorlage führen.",
        "In drei aufeinanderfolgenden Monaten ist keine zugesagte Frist ohne Absprache verstrichen.",
        (
            Idea("coaching", "Arbeitsweise überdenken und neu ordnen", "freier Coach, Rahmenvertrag", 5, 600),
            Idea("seminare-schulungen", "Seminar „Den Arbeitstag gestalten“", "Studieninstitut Musterland", 8, 220),
        ),
    ),
    "problemloesung": Aim(
        "Wiederkehrende Störungen bei Onlineanträgen auf ihre Ursache zurückführen.",
        "Für zwei Störungen sind Ursache und Lösung beschrieben und umgesetzt.",
        (
            Idea(
                "training", "Störungen mit der Anwendungsbetreuung aufarbeiten", "Amt für Digitalisierung und IT", 14, 0
            ),
            Idea("kollegialer-austausch", "Kollegiale Fallberatung", "am Arbeitsplatz", 8, 0),
        ),
    ),
}

# By the level the goal starts from.
AMBITIOUS = [
    "Das Thema ist neu; am Ende lässt sich das Wissen bei der eigenen Arbeit anwenden.",
    "Das Wissen ist vor allem theoretisch; künftig kommt eigene Erfahrung dazu.",
    "Der eigene Bereich läuft schon; künftig wird vorausgeplant, und andere lernen davon.",
]

REALISTIC = [
    "Ein halber Tag je Woche ist dafür freigehalten.",
    "Das Team übernimmt in der Lernzeit die Vertretung am Telefon.",
    "Die Aufgabe steht ohnehin an und wird als Lerngelegenheit genutzt.",
    "Mittel für die Fortbildung sind im Budget des Amtes eingeplant.",
    "Nach dem Jahresabschluss ist genug Zeit, vorher ruht das Ziel.",
]

OWN_REMARKS = [
    "Das mache ich täglich, aber immer dieselben Fälle.",
    "Seit der Einführung der E-Akte fühle ich mich hier sicherer.",
    "Hier fehlt mir bisher die Gelegenheit zum Üben.",
    "Im letzten Jahr habe ich dazu zwei Kolleginnen eingearbeitet.",
    "Das Wissen habe ich, die Erfahrung kommt erst noch.",
    "Das war in meiner früheren Stelle mein Schwerpunkt.",
    "Dazu würde ich gern mehr lernen.",
]

MANAGER_REMARKS = [
    "Das war bei der Einführung des Onlineantrags gut zu sehen.",
    "Dabei sucht die Person noch oft Rückversicherung, die sie nicht braucht.",
    "Kolleginnen und Kollegen aus anderen Ämtern fragen hier nach Rat.",
    "In Projekten gelingt das, im Tagesgeschäft kommt es zu kurz.",
    "Hier möchte ich im Gespräch hören, wie es gesehen wird.",
    "Das konnte ich nur aus der Ferne beobachten.",
]

REASONS = [
    "Wir haben an zwei Beispielen geklärt, woran wir die Stufe erkennen.",
    "Die Erfahrung aus dem Projekt war der Führungskraft nicht bekannt.",
    "Im Alltag gelingt es, unter Zeitdruck noch nicht verlässlich.",
    "Gemeint war das Fachverfahren, nicht die Büroanwendung.",
]

# Answers to the five questions of the Bestandsaufnahme, by their field.
STOCK_TAKING = {
    "tasks": [
        "Anträge von der Annahme bis zum Bescheid, Auskünfte am Telefon, Vertretung in der Terminvergabe.",
        "Haushaltsmittel des Amtes bewirtschaften, Berichte an die Leitung, Pflege der Aktenpläne.",
        "Das Team leiten, Fachverfahren abstimmen, Gemeinden beraten.",
    ],
    "existing": [
        "Das Fachverfahren kenne ich gut und erkläre es neuen Kolleginnen und Kollegen.",
        "Abläufe ordnen und so aufschreiben, dass andere danach arbeiten können.",
        "Mit Beschwerden ruhig umgehen und Lösungen aushandeln.",
    ],
    "hidden": [
        "Im Sportverein betreue ich die Internetseite und die Mitgliederdatenbank.",
        "Ich habe früher Schulungen für Office-Programme gegeben.",
        "Ich bearbeite in meiner Freizeit Videos und könnte Anleitungen aufnehmen.",
    ],
    "to_build": [
        "Daten aus dem Fachverfahren selbst auswerten, statt darum bitten zu müssen.",
        "Besprechungen am Bildschirm sicher leiten.",
        "Einen Ablauf so beschreiben, dass er als Onlineantrag gebaut werden kann.",
    ],
    "conditions": [
        "Einen festen Vormittag im Monat und eine Vertretung dafür.",
        "Zugang zum Testsystem und eine Person, die ich fragen kann.",
        "Lernen in kleinen Schritten; ein Kurs am Stück passt schlecht zu meiner Teilzeit.",
    ],
}

STATEMENTS = [
    "Das Gespräch war offen. Ich wünsche mir, dass die Lernzeit auch bei Krankheitsvertretung bleibt.",
    "Mit dem Ergebnis bin ich einverstanden. Bei der Datenkompetenz sehe ich mich etwas weiter.",
    "Mir ist wichtig, dass die Projektarbeit neben der Fachaufgabe Platz hat.",
]

REFUSAL = (
    "Die Stufe bei Projektmanagement beruht auf einem Vorhaben, an dem ich nur am Rande beteiligt war. "
    "Das wurde im Gespräch angesprochen, aber nicht festgehalten."
)

TARGET_OF = "change"
TARGET_REASON = "Begleitet im kommenden Jahr die Einführung der E-Akte im eigenen Amt."

PLACES = ["Besprechungsraum 2.14", "Büro der Führungskraft", "Videokonferenz", "Kreishaus, Raum 0.08"]
# How a measure helps, what it needs, and where one practises afterwards, by the key of its format.
HELPS = {
    "selbstlernen": "Die Grundlagen im eigenen Tempo, jedes Kapitel gleich an einem Fall aus dem Amt.",
    "kollegialer-austausch": "Zusehen, wie andere es machen, und die eigenen Fragen mitbringen.",
    "coaching": "Die eigene Rolle sortieren und schwierige Lagen durchspielen.",
    "mentoring": "Jemand mit Erfahrung schaut mit auf die ersten eigenen Fälle.",
    "vortraege-workshops": "Ein Überblick, mit dem sich entscheiden lässt, was für das Amt passt.",
    "seminare-schulungen": "Das Handwerk von Grund auf, mit Übungen am eigenen Beispiel.",
    "training": "Wiederholen, bis es ohne Nachschlagen geht.",
}
AIDS = {
    "selbstlernen": "Lernplattform des Landkreises und zwei ungestörte Stunden je Woche.",
    "training": "Ein Testzugang zum Fachverfahren.",
}
PRACTICE = {"seminare-schulungen": "Beim nächsten Vorgang im eigenen Amt, gemeinsam mit der Führungskraft ausgewählt."}
MENTOR = "Renate Feldkirch-Aumann"
ATTENDEES = ["Vertrauensperson des Personalrats", "Schwerbehindertenvertretung auf Wunsch der Person"]

REVIEW_NOTES = [
    "Der Einstieg ist geschafft und hat sofort geholfen. Der nächste Schritt beginnt später als geplant.",
    "Gut vorangekommen. Der Termin bleibt, der Umfang der Übung wird etwas kleiner.",
    "Wegen der Umstellung des Fachverfahrens blieb wenig Zeit. Die Lernzeit ist jetzt im Dienstplan eingetragen.",
    "Das Gelernte wird schon im Team weitergegeben. Am Ziel ändert sich nichts.",
]

FINAL_NOTES = [
    "Die Ziele sind erreicht und die Ergebnisse im Alltag zu sehen. Für die nächste Runde bleibt das Anleiten anderer.",
    "Das Wichtigste ist erreicht; was offen geblieben ist, geht in die nächste Runde ein.",
]

HELPED = [
    "Der feste Lernvormittag im Dienstplan",
    "Die Begleitung durch eine erfahrene Kollegin",
    "Das Üben am eigenen Vorgang statt am Beispiel",
    "Die Rückmeldung gleich nach der Besprechung",
]

HINDERED = [
    "In den Wochen der Umstellung fehlte die Zeit.",
    "Der Zugang zum Testsystem kam spät.",
    "Eine Vertretung für die Lernzeit war nicht geregelt.",
]

WISHES = [
    "Die nächste Maßnahme etwas später beginnen.",
    "Mehr eigene Fälle übernehmen.",
    "Öfter eine kurze Rückmeldung zwischendurch.",
]

MOVED = [
    "Der Kurs war ausgebucht, der nächste beginnt später.",
    "Die Umstellung des Fachverfahrens ging vor.",
    "Die Vertretung für die Lernzeit steht erst jetzt fest.",
]

DROPPED = [
    "Der Anbieter hat abgesagt; das Ziel tragen die anderen Maßnahmen.",
    "Das Gelernte kam schneller als gedacht, die Maßnahme ist nicht mehr nötig.",
]

ONE_MORE_TALK = "Bis zum Abschluss ist es lang; dazwischen möchte ich noch einmal darauf schauen."
ROLE_CHANGED = "Die Aufgabe ist an das Nachbarteam gegangen; so viel wird hier nicht mehr gebraucht."

FINAL_REMARKS = [
    "Weniger auf einmal hätte gereicht. Die festen Lernzeiten behalten wir bei.",
    "Die Ziele waren greifbar; die Termine lagen zu dicht am Jahresabschluss.",
    "",
]

NOTES_FOR_NEXT = [
    "Das Anleiten anderer ist gut angelaufen und verdient in der nächsten Runde einen eigenen Blick.",
    "Nach der Einführung der E-Akte noch einmal auf das Prozessdenken schauen.",
]

FOLLOW_UPS = {
    "deepen": ["Zwei weitere Vorgänge im eigenen Sachgebiet übernehmen", "Das Gelernte im Team weitergeben"],
    "theory": ["Den Aufbaukurs beim Studieninstitut besuchen"],
    "responsibility": ["Ein Teilprojekt selbst leiten", "Die Vertretung in der Arbeitsgruppe übernehmen"],
    "refresh": ["Die jährliche Unterweisung auffrischen"],
}

PURPOSE_PILOT = (
    "Mit dieser ersten Runde erproben zwei Dezernate, wie wir Digitalisierungskompetenzen gemeinsam ansehen und "
    "gezielt aufbauen. Die Ergebnisse dienen allein der Entwicklung. Sie sind keine dienstliche Beurteilung und "
    "haben keinen Einfluss auf Besoldung, Eingruppierung oder Stellenbesetzung."
)

PURPOSE = (
    "Alle Beschäftigten mit einer Rolle in der Digitalisierung schätzen ihre Kompetenzen ein und sprechen mit der "
    "Führungskraft darüber. Daraus entstehen wenige Lernziele mit passenden Maßnahmen. Die Runde ist keine dienstliche "
    "Beurteilung. Grundlage ist die Dienstvereinbarung zur Personalentwicklung."
)

PURPOSE_DRAFT = (
    "Führungskräfte schätzen die Kompetenzen ein, die sie brauchen, um ihre Bereiche durch den digitalen Wandel zu "
    "führen. Die Runde dient der Entwicklung und ist keine dienstliche Beurteilung."
)
