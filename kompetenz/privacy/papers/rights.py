"""The concept of rights as data: what there is to read or do, who may, and under which condition (DESIGN 4; paper 4.3.1).

The code itself asks querysets (``visible_to``, ``editable_by``). This says the same in words that are printed, and
tests/kompetenz/privacy/papers/test_rights.py compares both: every address of the app belongs to exactly one right, and whoever reaches
one of its addresses is named here, and nobody else is. No Django in here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

YES = "ja"
OWN = "eigene"
OWN_PEOPLE = "eigene Leute"
AS_MANAGER = "als Führungskraft: eigene Leute"

PERSON, MANAGER, HR, AUDITOR, OTHERS = "person", "manager", "hr", "auditor", "others"
READERS = {
    PERSON: "Die Person selbst",
    MANAGER: "Führungskraft und Vertretung",
    HR: "Personal\xadentwicklung",
    AUDITOR: "Personalrat und Datenschutz",
    OTHERS: "Übrige",
}


@dataclass(frozen=True)
class Right:
    """Something to read or to do, at ``addresses`` (names, or patterns of them).

    For each reader the condition, empty where they may not.
    """

    what: str
    addresses: tuple[str, ...]
    person: str = ""
    manager: str = ""
    hr: str = ""
    auditor: str = ""
    others: str = ""

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What each of READERS is called and the condition, in their order."""
        return [(name, getattr(self, reader)) for reader, name in READERS.items()]

    def covers(self, address: str) -> bool:
        return any(fnmatchcase(address, pattern) for pattern in self.addresses)


@dataclass(frozen=True)
class Area:
    name: str
    rights: tuple[Right, ...]


def for_hr(what: str, *addresses: str) -> Right:
    return Right(what, addresses, hr=YES)


def for_everybody(what: str, *addresses: str, condition: str = OWN) -> Right:
    return Right(what, addresses, **dict.fromkeys(READERS, condition))


def for_both(what: str, *addresses: str, since: str = YES) -> Right:
    return Right(what, addresses, person=since, manager=since)


BOTH_RELEASED = "wenn beide freigegeben haben (oder wie die Runde es sagt)"
AGREED = "wenn vereinbart"
LEVELS_SHOWN = "wenn die Runde sie der Personalentwicklung zeigt"

AREAS = (
    Area(
        "Eigenes",
        (
            for_everybody(
                "Meine Aufgaben, Meine Daten, Auskunft, eigener Kalender, eigene Aufträge im Hintergrund, Abmelden",
                "start",
                "my_data",
                "privacy:subject_access",
                "calendar_address",
                "end_calendar_address",
                "calendar",
                "jobs:*",
                "stay_signed_in",
                "sign_out_everywhere",
                "letters:mute",
                "introduction",
            ),
            for_everybody(
                "Eigene Entwicklung über alle Runden",
                *(f"learningplans:growth{of}" for of in ("", "_workbook", "_pdf")),
            ),
            for_everybody(
                "Zugriffsprotokoll: wer etwas von einem gelesen, bearbeitet oder mitgenommen hat", "audit:mine"
            ),
            for_everybody(
                "Sich als Mentorin oder Mentor anbieten, jederzeit zurücknehmen; solange lesen alle, die in dieser "
                "Kompetenz ein Ziel haben, Name und Einheit und damit, dass die höchste Stufe erreicht ist",
                "learningplans:mentoring",
            ),
        ),
    ),
    Area(
        "Für alle lesbar",
        (
            for_everybody("Kompetenzen, Stufen und Verhaltensanker", "catalogue:list", condition=YES),
            for_everybody(
                "Rollenprofile mit Soll",
                "roles:list",
                "roles:detail",
                "roles:wheel",
                condition="ja; das der eigenen Rolle nicht, solange eine Runde es verbirgt",
            ),
            for_everybody("Lernformate und Angebote", "learningplans:formats", condition=YES),
            for_everybody(
                "Diese Unterlagen",
                "papers:papers",
                "papers:paper",
                "papers:paper_pdf",
                "papers:paper_text",
                condition=YES,
            ),
            Right(
                "Steckbrief einer Runde",
                ("papers:fact_sheet", "papers:fact_sheet_pdf"),
                person="wenn eröffnet",
                manager="wenn eröffnet",
                hr=YES,
                auditor=YES,
                others="wenn eröffnet",
            ),
        ),
    ),
    Area(
        "Prüfen, Unterlagen, Löschen",
        (
            Right(
                "Prüfung: dass zugegriffen wurde (nie worauf), wer Rechte hat, Vertretungen, Übergaben",
                tuple(
                    f"audit:{name}"
                    for name in (
                        "overview",
                        "accesses",
                        "workbook",
                        "rights",
                        "right_changes",
                        "deputies",
                        "hand_overs",
                        "listed",
                    )
                ),
                auditor=YES,
            ),
            Right(
                "Prüfung: was in einer Runde eingestellt ist, wer es wann geändert hat",
                ("audit:rounds", "audit:round"),
                auditor=YES,
            ),
            Right("Frühere Fassungen der Unterlagen", ("papers:paper_versions",), hr=YES, auditor=YES),
            Right(
                "Zum Steckbrief Stellung nehmen, solange die Runde vorbereitet wird",
                ("papers:fact_sheet_comment",),
                auditor=YES,
            ),
            for_hr("Eine Person auf Antrag löschen", "privacy:erase", "privacy:erase_confirm"),
            Right(
                "Aufbewahrung: Fristen, was gelöscht wird und wurde oder noch nicht ist, in Zahlen",
                ("privacy:retention",),
                hr=YES,
                auditor=YES,
            ),
            for_hr("Den Steckbrief Personalrat und Datenschutz zeigen", "papers:fact_sheet_show"),
            for_hr("Folie für eine Versammlung", "help_slide"),
        ),
    ),
    Area(
        "Einschätzungen",
        (
            Right(
                "Selbsteinschätzung und Fremdeinschätzung schreiben, prüfen, freigeben, zurückholen",
                (
                    *(
                        f"assessments:{name}"
                        for name in ("assessment", "rate", "remark", "check", "release", "take_back")
                    ),
                ),
                person="eigene Selbsteinschätzung",
                manager="eigene Fremdeinschätzung",
            ),
            Right(
                "Eine Selbsteinschätzung vom Papier übertragen; sie zählt erst, wenn die Person sie bestätigt oder der "
                "unterschriebene Bogen geprüft ist",
                ("assessments:enter_from_paper",),
                manager=OWN_PEOPLE,
                hr="nur übertragen, danach nicht lesen",
            ),
            Right(
                "Den unterschriebenen Bogen einer Person ohne E-Mail-Adresse prüfen: noch einmal übertragen, ohne die erste "
                "Eintragung zu sehen",
                ("assessments:check_paper",),
                hr="nur, wer ihn nicht eingetragen hat; danach nicht lesen",
            ),
            Right(
                "Eine übertragene Einschätzung bestätigen oder ablehnen",
                ("assessments:confirm_entry", "assessments:reject_entry"),
                person=YES,
            ),
            Right(
                "Bestandsaufnahme (private Vorbereitung)",
                ("assessments:stock_taking",),
                person=YES,
                manager="lesen, wenn die Person sie teilt",
            ),
            Right(
                "Kolleginnen und Kollegen um eine Einschätzung bitten; Bitten beantworten oder ablehnen",
                ("assessments:colleague*", "assessments:peer_decline"),
                person="wenn die Runde es vorsieht",
            ),
            for_everybody("Bitten an mich um eine Einschätzung", "assessments:peer_requests"),
            Right(
                "An einer freiwilligen Runde nicht teilnehmen, doch teilnehmen",
                ("assessments:decline", "assessments:ask_back"),
                person=YES,
            ),
            for_both("Leerer Bogen mit Name und Rolle", "assessments:form_pdf"),
            for_hr("Leere Bögen einer Runde drucken", "assessments:round_form_pdf"),
        ),
    ),
    Area(
        "Vergleich und Gespräch",
        (
            Right(
                "Vergleich von Soll, Selbst- und Fremdeinschätzung, auch als PDF",
                ("assessments:participation", "assessments:participation_pdf"),
                person=BOTH_RELEASED,
                manager=BOTH_RELEASED,
                hr=f"nur Stufen, {LEVELS_SHOWN}",
            ),
            Right(
                "Eigene Stellungnahme zur Fremdeinschätzung schreiben", ("assessments:statement",), person=BOTH_RELEASED
            ),
            Right(
                "Soll an die Aufgaben der Person anpassen, vor ihrer Freigabe",
                ("assessments:targets",),
                manager=OWN_PEOPLE,
            ),
            Right("Termin des Gesprächs festlegen", ("assessments:talk_date",), manager=OWN_PEOPLE),
            for_both("Termin des Gesprächs als Kalenderdatei", "assessments:talk_calendar"),
            Right(
                "Gespräch: vereinbarte Stufen schreiben, festhalten, wieder öffnen",
                ("assessments:talk", "assessments:talk_adopt", "assessments:talk_record", "assessments:talk_reopen"),
                person="lesen",
                manager="schreiben",
            ),
            Right(
                "Ergebnis des Gesprächs zur Kenntnis nehmen oder zurückgeben, Stellung nehmen",
                ("assessments:talk_statement", "assessments:talk_acknowledge", "assessments:talk_send_back"),
                person=YES,
            ),
            Right(
                "Einen Lernplan nach der Runde der neuen Führungskraft übergeben", ("assessments:entrust",), person=YES
            ),
            for_everybody(
                "Die neue Führungskraft frühere Runden lesen lassen (nur lesen, nicht ihre Vertretung), jederzeit beenden",
                "assessments:earlier_rounds",
            ),
        ),
    ),
    Area(
        "Lernplan",
        (
            for_both(
                "Lernplan entwerfen: Ziele, Maßnahmen, Reviews, zustimmen",
                *(
                    f"learningplans:{name}"
                    for name in (
                        "draw_up",
                        "frame",
                        "choose_goals",
                        "goal",
                        "goal_remove",
                        "measure_add",
                        "measure",
                        "measure_remove",
                        "measure_state",
                        "review_add",
                        "review_remove",
                        "agree",
                        "summary_pdf",
                    )
                ),
            ),
            Right(
                "Vereinbarten Lernplan lesen, auch als PDF",
                ("learningplans:detail", "learningplans:pdf"),
                person=YES,
                manager=YES,
                hr=f"Maßnahmen und Termine; Ziele mit Stufen, ohne die Texte der beiden, {LEVELS_SHOWN}",
            ),
            Right(
                "Qualifizierungsbedarf aus einem vereinbarten Lernplan: nur die Maßnahmen",
                ("learningplans:needs_pdf",),
                person=YES,
                manager=YES,
                hr=YES,
            ),
            for_both(
                "Reviews vorbereiten, festhalten, beantworten; Änderungen vorschlagen und beantworten",
                *(
                    f"learningplans:{name}"
                    for name in (
                        "review",
                        "review_*",
                        "change_*",
                        "add_*_later",
                        "reopen",
                        "end_goal",
                        "plan_change",
                        "answer_change",
                        "withdraw_change",
                    )
                ),
                since=AGREED,
            ),
            Right(
                "Andere mit demselben Ziel suchen (Name und Einheit lesen nur die, die das auch tun); zu einer "
                "vorgeschlagenen Gruppe ja oder nein sagen",
                ("learningplans:seek_companions", "learningplans:group_place"),
                person=YES,
            ),
            for_both(
                "Entwicklung einer Person über ihre Runden",
                "learningplans:growth_of",
                "learningplans:growth_*_wheel",
                since="Runden, in denen die beiden einander gegenüberstehen; frühere, wenn die Person zustimmt",
            ),
        ),
    ),
    Area(
        "Führung",
        (
            for_everybody(
                "Team: Stand und Fristen der Personen, die man führt",
                "assessments:team",
                condition="wer Personen führt: diese",
            ),
            Right(
                "Bedarf des Teams: wer mit welcher Stufe unter dem Soll ist, gemeinsame Ziele; nichts, was man nicht auch einzeln liest",
                ("learningplans:team_needs",),
                manager=OWN_PEOPLE,
                others=AS_MANAGER,
            ),
            Right(
                "Eigene Vertretung benennen und beenden",
                ("assessments:deputies", "assessments:deputy_end"),
                manager=OWN_PEOPLE,
                others=AS_MANAGER,
            ),
        ),
    ),
    Area(
        "Runden",
        (
            for_hr(
                "Runden vorbereiten, eröffnen, beobachten (Stand, nie Stufen, außer die Runde erlaubt es), erinnern, ändern, beenden",
                "assessments:round",
                "assessments:rounds",
                "assessments:round_*",
            ),
            for_hr(
                "Vereinbarte Unterlagen einer Runde gesammelt; Maßnahmen als Liste",
                "learningplans:round_*",
            ),
        ),
    ),
    Area(
        "Fortbildung",
        (
            for_hr(
                "Fortbildungsplanung: Maßnahmen, Buchungen, Budgets, Angebote, Formate; Gruppen aus Zahlen ab der Mindestzahl",
                "learningplans:training*",
                "learningplans:offer*",
                "learningplans:format",
                "learningplans:suitability",
                "learningplans:shared_goals",
                "learningplans:take_stock",
                "learningplans:propose_group",
                "learningplans:group",
                "learningplans:end_group",
                "catalogue:refreshing",
                "learningplans:refreshes*",
                "learningplans:reckon_refreshes",
            ),
        ),
    ),
    Area(
        "Auswertung",
        (
            Right(
                "Festgestellte Stände lesen, auch als Tabelle, PDF und JSON",
                (
                    "results:publications",
                    "results:publication",
                    "results:competency",
                    "results:workbook",
                    "results:pdf",
                    "results:json",
                ),
                person="wenn für alle freigegeben",
                manager="die Verwaltung, Einheiten der eigenen Leute",
                hr="alle Gruppen ab der Mindestzahl",
                auditor="alle Gruppen ab der Mindestzahl",
                others="wenn für alle freigegeben",
            ),
            Right(
                "Bericht",
                ("results:report_pdf",),
                **dict.fromkeys((PERSON, MANAGER, OTHERS), "wenn für alle freigegeben"),
                hr=YES,
                auditor=YES,
            ),
            for_hr(
                "Einen Stand feststellen, die Einleitung des Berichts schreiben", "results:publish", "results:report"
            ),
        ),
    ),
    Area(
        "Verwaltung der Anwendung",
        (
            for_hr("Rollenprofile bearbeiten, Rollen zuweisen; Namen der Stufen", "roles:*", "catalogue:level_names"),
            for_hr(
                "Personen, Einheiten, Personallisten, Vertretungen, Nachfolge, Einladungen, Sperren, Briefkopf",
                "people:*",
            ),
            for_hr("E-Mails, die warten oder nicht ankamen (nie ihr Inhalt)", "letters:*"),
        ),
    ),
)


def right_to(address: str, areas: Iterable[Area] = AREAS) -> Right | None:
    """The right to which an address belongs: the first that covers it."""
    return next((right for area in areas for right in area.rights if right.covers(address)), None)
