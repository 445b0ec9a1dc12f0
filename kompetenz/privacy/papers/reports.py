"""Which files the app hands out, and what stands in them: the catalogue of reports, as an agreement names them (no Django in here).

tests/test_access.py holds that an address which answers with anything but a page is listed here; who gets it is said by rights.py.
"""

from dataclasses import dataclass

from .rights import AREAS, READERS, YES, right_to


@dataclass(frozen=True)
class Report:
    """A file of this ``form``, handed out at ``addresses``; ``about_somebody`` if it names people."""

    name: str
    form: str
    contains: str
    about_somebody: bool
    addresses: tuple[str, ...]

    @property
    def readers(self) -> str:
        """Who gets it, in words."""
        right = right_to(self.addresses[0], AREAS)
        if right is None:
            return ""
        alike: dict[str, list[str]] = {}
        for reader, condition in right.conditions:
            alike.setdefault(condition, []).append(reader)
        return "; ".join(in_words(readers, condition) for condition, readers in alike.items() if condition)


def in_words(readers: list[str], condition: str) -> str:
    """These readers, who all get something under the same condition."""
    named = "alle" if len(readers) == len(READERS) else ", ".join(readers)
    return named if condition == YES else f"{named} ({condition})"


def report(name: str, form: str, contains: str, *addresses: str, about_somebody: bool = True) -> Report:
    return Report(name, form, contains, about_somebody, addresses)


REPORTS = (
    report(
        "Bogen",
        "PDF",
        "Kompetenzen und Verhaltensanker zum Ausfüllen auf Papier, Name, Personalnummer, Einheit, Rolle",
        "assessments:form_pdf",
    ),
    report(
        "Bögen einer Runde",
        "PDF, ZIP",
        "dasselbe, für Personen ohne Zugang am Bildschirm; bei vielen mit einem Begleitblatt je Amt: Name, Personalnummer, Einheit und "
        "Frist derer, deren Bögen darunter liegen",
        "assessments:round_form_pdf",
    ),
    report(
        "Vergleich",
        "PDF",
        "Soll, Selbst- und Fremdeinschätzung, Verteilung aus dem Kollegium, vereinbarte Stufen, Bemerkungen, Stellungnahmen; für die "
        "Personalentwicklung, wo sie ihn bekommt, nur Stufen",
        "assessments:participation_pdf",
    ),
    report(
        "Lernplan",
        "PDF",
        "Ziele mit Stufen, Maßnahmen, Reviews; für die Personalentwicklung, was sie lesen darf",
        "learningplans:pdf",
    ),
    report("Lernplan in Kürze", "PDF", "eine Seite für das Review-Gespräch", "learningplans:summary_pdf"),
    report(
        "Zugriffe auf die Angaben einer Person",
        "XLSX",
        "für Personalrat und Datenschutz: wer an welchem Tag in welcher Rolle, ohne das Was",
        "audit:workbook",
    ),
    report(
        "Rechte, ihr Verlauf, Vertretungen, Übergaben",
        "XLSX",
        "für Personalrat und Datenschutz: wer welches Recht hat oder hatte, wer für wen handelt, wer eine Teilnahme übernommen hat",
        "audit:listed",
    ),
    report(
        "Qualifizierungsbedarf",
        "PDF",
        "Maßnahmen mit Stunden, Kosten, Freistellung; keine Stufen",
        "learningplans:needs_pdf",
    ),
    report(
        "Protokoll eines Review-Gesprächs", "PDF", "Ergebnis je Ziel, Änderungen, Antwort", "learningplans:review_pdf"
    ),
    report(
        "Meine Entwicklung",
        "PDF, XLSX, Bild",
        "vereinbarte Stufen der eigenen Runden und Reviews",
        "learningplans:growth_pdf",
        "learningplans:growth_workbook",
    ),
    report(
        "Bild der eigenen Entwicklung",
        "SVG",
        "ein Kompetenzrad",
        "learningplans:growth_talk_wheel",
        "learningplans:growth_review_wheel",
    ),
    report(
        "Kalender",
        "ICS",
        "eigene Fristen, Gespräche und Reviews, als privat gekennzeichnet; keine Stufen und Ziele",
        "calendar",
    ),
    report(
        "Termin eines Gesprächs",
        "ICS",
        "Tag, Uhrzeit, Ort, mit wem; auch als Anhang einer E-Mail",
        "assessments:talk_calendar",
    ),
    report(
        "Termin eines Reviews",
        "ICS",
        "Tag, Uhrzeit, Ort, mit wem; auch als Anhang einer E-Mail",
        "learningplans:review_calendar",
    ),
    report(
        "Teilnahmeliste einer Runde",
        "XLSX",
        "Person, Personalnummer, E-Mail, Organisationseinheit, Dezernat, Amt, Rolle, Führungskraft mit Personalnummer, "
        "Stand und Frist jedes Schrittes, überfällig, ruht seit, dabei seit; keine Stufen, niemand, der nicht teilnimmt",
        "assessments:round_list",
    ),
    report(
        "Rücklauf nach Einheiten",
        "XLSX",
        "Zahlen je Organisationseinheit; in kleinen betreffen sie einzelne Personen",
        "assessments:round_units_list",
    ),
    report(
        "Unterlagen einer Runde",
        "ZIP mit PDF",
        "Lernpläne und Vergleiche einer Runde, soweit die Personalentwicklung sie lesen darf",
        "learningplans:round_documents_zip",
    ),
    report(
        "Maßnahmen einer Runde oder eines Jahres, mit Nachweisen",
        "XLSX, CSV",
        "Maßnahmen, Termine, Stunden, Kosten, Buchungen je Person; keine Stufen",
        "learningplans:round_measures",
        "learningplans:training_workbook",
        "learningplans:training_csv",
    ),
    report("Rad eines Rollenprofils", "SVG", "das Soll einer Rolle", "roles:wheel", about_somebody=False),
    report(
        "Fällige Auffrischungen",
        "XLSX",
        "Name, Personalnummer, Einheit, Kompetenz, letzter Tag und geplante Maßnahmen: aus Runden, die der Personalentwicklung Stufen "
        "zeigen, und aus durchgeführten Maßnahmen; keine Stufen",
        "learningplans:refreshes_workbook",
    ),
    report("Seminarliste", "XLSX", "Namen und Termine für den Anbieter", "learningplans:training_guests"),
    report(
        "Haushaltsblatt",
        "XLSX",
        "Summen je Jahr, Einheit und Angebot; in kleinen Einheiten betreffen sie einzelne Personen",
        "learningplans:training_budget_workbook",
    ),
    report(
        "Auswertung",
        "XLSX, PDF, JSON",
        "grobe Anteile in Gruppen ab der Mindestzahl",
        "results:workbook",
        "results:pdf",
        "results:json",
        about_somebody=False,
    ),
    report(
        "Bericht",
        "PDF",
        "Bedarf, Rücklauf, Fortbildungen und Kosten, Vergleich, Methode",
        "results:report_pdf",
        about_somebody=False,
    ),
    report(
        "Personalliste: Vorlage, Ausgabe, Fehler, Änderungen einer Übernahme",
        "XLSX, CSV",
        "Stammdaten: Name, Personalnummer, E-Mail, Einheit, Führungskraft, Rolle, letzter Arbeitstag",
        "people:staff_export",
        "people:staff_errors",
        "people:staff_difference",
        "people:staff_template",
        "people:staff_template_csv",
    ),
    report(
        "Unterlagen zur Einführung",
        "PDF, DOCX",
        "diese Unterlagen",
        "papers:paper_pdf",
        "papers:paper_text",
        about_somebody=False,
    ),
    report(
        "Steckbrief einer Runde",
        "PDF",
        "Zweck, wie viele teilnehmen, Fristen, Sichtbarkeit, Name der verantwortlichen Person",
        "papers:fact_sheet_pdf",
    ),
    report(
        "Folie für eine Versammlung",
        "PDF",
        "was das Kompetenzrad ist, wer etwas sieht, wie lange es dauert",
        "help_slide",
        about_somebody=False,
    ),
    report(
        "Auskunft einer Person über sich selbst",
        "ZIP mit PDF und JSON",
        "alles, was über sie gespeichert ist und sie lesen darf; nur sie bekommt es, ohne eigenen Zugang ausgehändigt von der IT, was dann "
        "im Zugriffsprotokoll steht",
        "jobs:download",
    ),
    report(
        "Ergebnis eines Auftrags im Hintergrund",
        "je nach Auftrag",
        "eine der hier genannten Dateien, wenn sie länger braucht",
        "jobs:download",
    ),
)


def reported() -> set[str]:
    """The addresses of all reports."""
    return {address for one in REPORTS for address in one.addresses}
