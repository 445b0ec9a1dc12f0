"""Which articles the help has, for whom, and to which one each page leads. Plain data: no Django in here.

An article is a row here and a text in templates/help/texts/ under its word. Nothing in it is private: whoever cannot sign in
reads all of them.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache


class Audience(Enum):
    """For whom an article is, as the help's first page lists them."""

    PERSON = "Für Beschäftigte"
    MANAGER = "Für Führungskräfte"
    HR = "Für die Personalentwicklung"
    AUDITOR = "Für Personalrat und Datenschutz"
    IT = "Für die IT"


EVERYBODY = tuple(Audience)
BOTH = (Audience.PERSON, Audience.MANAGER)
PERSON, MANAGER, HR, AUDITOR, IT = ((reader,) for reader in Audience)


@dataclass(frozen=True)
class Article:
    """One page of the help; ``word`` is that of its address and its text, ``pages`` the names of addresses that lead to it.

    Also what a page's forms are sent to leads there: a refused form is a page, too. A name that ends with ``*`` is every name
    that begins so and stands in no row itself.
    """

    word: str
    title: str
    about: str
    readers: tuple[Audience, ...]
    pages: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"help/texts/{self.word}.html"


def of(app: str, names: str) -> tuple[str, ...]:
    return tuple(f"{app}:{name}" for name in names.split())


ARTICLES = (
    Article(
        "erste-schritte",
        "Das Kompetenzrad in fünf Minuten",
        "Was das ist, wer etwas davon sieht und wie lange es dauert.",
        EVERYBODY,
        ("start", "calendar", "calendar_address", "end_calendar_address", "introduction"),
    ),
    Article(
        "anmelden",
        "Anmelden",
        "Das erste Passwort, ein vergessenes, die Anmeldung in zwei Schritten, gesperrt.",
        EVERYBODY,
        ("account_*", "mfa_*", "openid_connect_*", "stay_signed_in", "sign_out_everywhere"),
    ),
    Article(
        "einschaetzen",
        "Einschätzen",
        "25 Kompetenzen, vier Stufen: ausfüllen, prüfen, freigeben, zurücknehmen.",
        BOTH,
        of(
            "assessments",
            "assessment rate remark check release take_back confirm_entry reject_entry stock_taking form_pdf",
        ),
    ),
    Article(
        "teilnehmen",
        "Teilnehmen oder nicht",
        "Wann Sie ablehnen können, was dann gelöscht wird und wer davon liest.",
        PERSON,
        of("assessments", "decline ask_back"),
    ),
    Article(
        "kollegium",
        "Kolleginnen und Kollegen fragen",
        "Wen Sie fragen, was die Gefragten tun und was Sie davon zu sehen bekommen.",
        PERSON,
        of("assessments", "colleague* peer_*"),
    ),
    Article(
        "papier",
        "Auf Papier",
        "Den Bogen drucken, ausfüllen, eintragen und bestätigen.",
        (Audience.PERSON, Audience.MANAGER, Audience.HR),
        of("assessments", "enter_from_paper check_paper round_form*"),
    ),
    Article(
        "stufen",
        "Kompetenzen, Stufen und Soll",
        "Was Kenner, Könner und Experte heißt, und woher das Soll kommt.",
        EVERYBODY,
        ("roles:list", "roles:detail", "roles:wheel", "catalogue:list"),
    ),
    Article(
        "vergleich",
        "Den Vergleich lesen",
        "Das Rad, die Unterschiede und die Tabelle.",
        BOTH,
        of("assessments", "participation participation_pdf entrust statement"),
    ),
    Article(
        "gespraech",
        "Das Gespräch führen",
        "Ein Leitfaden von der Vorbereitung bis zur Niederschrift, auch zum Drucken.",
        BOTH,
        of("assessments", "talk*"),
    ),
    Article(
        "lernplan",
        "Der Lernplan",
        "Ziele wählen, Maßnahmen planen, zustimmen, später ändern.",
        BOTH,
        of(
            "learningplans",
            "draw_up detail frame choose_goals seek_companions measure* agree reopen add_measure_later change_measure "
            "change_frame plan_change answer_change withdraw_change goal_remove end_goal pdf summary_pdf needs_pdf format*",
        ),
    ),
    Article(
        "ziele",
        "Gute Ziele: Beispiele",
        "Zu jeder der vier Kategorien fertige Beispiele, und was sie SMART macht.",
        BOTH,
        of("learningplans", "goal change_goal add_goal_later"),
    ),
    Article(
        "review",
        "Review-Gespräche und Abschluss",
        "Vorbereiten, festhalten, antworten, den Plan abschließen.",
        BOTH,
        of("learningplans", "review*"),
    ),
    Article(
        "entwicklung",
        "Meine Entwicklung",
        "Alle Gespräche im Verlauf, auffrischen, andere begleiten, gemeinsam lernen.",
        PERSON,
        of("learningplans", "growth* mentoring group_place"),
    ),
    Article(
        "wer-sieht-was",
        "Wer sieht meine Angaben?",
        "Vom Entwurf bis zur Auswertung: wer was zu sehen bekommt, und Ihre Rechte.",
        EVERYBODY,
        ("my_data", "privacy", "privacy:*", "audit:mine*", "letters:mute", "assessments:earlier_rounds"),
    ),
    Article(
        "team",
        "Mein Team",
        "Wo Ihre Leute stehen, das Soll anpassen, eine Vertretung benennen.",
        MANAGER,
        (*of("assessments", "team deput* targets"), "learningplans:team_needs"),
    ),
    Article(
        "runde-vorbereiten",
        "Eine Runde vorbereiten",
        "Von der Personalliste in fünf Schritten bis zum Eröffnen.",
        HR,
        of(
            "assessments",
            "rounds round_create round_purpose round_people round_dates round_visibility round_preview round_open "
            "round_delete",
        ),
    ),
    Article(
        "einfuehren",
        "Kompetenzrad einführen",
        "Vom ersten Montag bis zum zweiten Jahr: Entscheidungen, Personalrat, Pilot, Aufwand, Texte.",
        HR,
    ),
    Article(
        "ankuendigen",
        "Eine Runde ankündigen",
        "Die Folie für die Versammlung, Texte fürs Intranet, Mustertexte für den Zweck.",
        HR,
        ("help_slide",),
    ),
    Article(
        "runde-begleiten",
        "Eine Runde begleiten",
        "Den Stand lesen, erinnern, Fristen ändern, übergeben, beenden.",
        HR,
        ("assessments:round*", "learningplans:round_*", "letters:*"),
    ),
    Article(
        "auftraege",
        "Wenn etwas länger dauert",
        "Aufträge, die im Hintergrund laufen: ansehen, anhalten, fortsetzen, abholen.",
        (Audience.PERSON, Audience.MANAGER, Audience.HR),
        ("jobs:*",),
    ),
    Article(
        "personen",
        "Personen, Einladungen, Nachfolge",
        "Personen anlegen und einladen, Rechte, Vertretungen, eine andere Führungskraft.",
        HR,
        ("people:*",),
    ),
    Article(
        "personalliste",
        "Die Personalliste einlesen",
        "Welche Spalten gebraucht werden, zuordnen, prüfen, übernehmen, zurücknehmen.",
        HR,
        ("people:staff_*",),
    ),
    Article(
        "rollenprofile",
        "Rollenprofile pflegen",
        "Eine Vorlage kopieren, das Soll festlegen, Rollen zuweisen.",
        HR,
        ("roles:*", "catalogue:*"),
    ),
    Article(
        "fortbildung",
        "Fortbildung planen",
        "Angebote, Termine, Buchungen, Budget und gemeinsame Ziele.",
        HR,
        of(
            "learningplans",
            "training* offer* suitability shared_goals take_stock propose_group group end_group refresh* reckon*",
        ),
    ),
    Article(
        "auswertung",
        "Die Auswertung lesen",
        "Was die Zahlen sagen, warum manche fehlen, und wie sie veröffentlicht werden.",
        (Audience.PERSON, Audience.MANAGER, Audience.HR, Audience.AUDITOR),
        ("results:*",),
    ),
    Article(
        "pruefen",
        "Für Personalrat und Datenschutz",
        "Was Sie sehen, was nicht, und was in die Dienstvereinbarung gehört.",
        AUDITOR,
        ("audit:*",),
    ),
    Article(
        "unterlagen",
        "Unterlagen und Steckbrief einer Runde",
        "Dienstvereinbarung, Rechte, Daten, Löschen, Berichte: gedruckt aus dem, was eingestellt ist.",
        EVERYBODY,
        ("papers:*",),
    ),
    Article(
        "aufbewahrung",
        "Wie lange etwas gespeichert bleibt",
        "Die Fristen, was vorher angekündigt wird und was dann geschieht.",
        (Audience.HR, Audience.AUDITOR),
        ("privacy:retention*", "privacy:eras*"),
    ),
    Article(
        "it",
        "Für die IT",
        "Was läuft, was es braucht, woran Sie merken, dass etwas fehlt.",
        IT,
    ),
    Article(
        "bedienen",
        "Bedienen: Tastatur, Vergrößern, Drucken",
        "Ohne Maus, mit Vorleseprogramm, auf dem Telefon, auf Papier.",
        EVERYBODY,
        ("accessibility", "imprint", "theme", "help", "help_article"),
    ),
)

# What people type who do not know our words: searched, and shown nowhere.
OTHER_WORDS = {
    "erste-schritte": "Outlook Kalender abonnieren Support Start Anfang Kontakt Ansprechpartner Ansprechpartnerin "
    "Telefonnummer anrufen Hotline Beschwerde beschweren Zeitaufwand Dauer Bewertung Beurteilung "
    "Zweck Nutzen",
    "anmelden": "Login einloggen Zugang Konto Account Handy Smartphone Telefon verloren gestohlen neues Code "
    "PIN ausgesperrt Benutzername Spam Junk E-Mail kommt Link funktioniert abgelaufen Homeoffice "
    "VPN Internet ausloggen Authenticator Authentifizierung zweiter Faktor Einmalcode TOTP",
    "einschaetzen": "Fragebogen Fragen Bogen ausfüllen Test zwischenspeichern unterbrechen Pause Fehler gemacht "
    "verklickt vertippt falsch angeklickt rückgängig korrigieren überspringen unsicher absenden "
    "abschicken Frist verpasst versäumt spät Fristverlängerung Verlängerung",
    "teilnehmen": "Pflicht Zwang freiwillig verweigern krank Krankheit Elternzeit Mutterschutz schwanger "
    "Schwangerschaft Urlaub abwesend Pause Sabbatical mitmachen Einwilligung Widerruf widerrufen "
    "Widerspruch absagen",
    "kollegium": "360 Grad Feedback Rückmeldung anonym Kollege Kollegin Kollegen",
    "stufen": "falsche Rolle Stelle Rolle Anforderung Einstufung",
    "vergleich": "Chef Chefin Vorgesetzte Vorgesetzter Unterschied andere Meinung Streit Ergebnis neuer neue "
    "Abteilung Versetzung versetzt Umsetzung Ämterwechsel Abordnung Bewertung",
    "gespraech": "Mitarbeitergespräch Jahresgespräch Chef Chefin Vorgesetzte Vorgesetzter absagen verschieben "
    "Termin Gesprächstermin zurückgeben Konflikt Mobbing Widerspruch einverstanden Stellungnahme Beschwerde",
    "lernplan": "Schulung Kurs Seminar Weiterbildung Fortbildung Lernzeit Arbeitszeit buchen Lehrgang Dienstreise",
    "review": "Zwischengespräch Outlook",
    "entwicklung": "Ergebnis Ergebnisse Verlauf Historie früher Mentor",
    "wer-sieht-was": "Chef Chefin Vorgesetzte Vorgesetzter anonym vertraulich geheim Zeugnis Personalakte Note "
    "Beurteilung Bewertung Beförderung E-Mails Mails abbestellen abschalten Heirat Name Adresse "
    "geändert ändern falsch DSGVO liest lesen Einsicht Gehalt Bezahlung Überwachung Kontrolle "
    "Kündigung gekündigt kündigen Ausscheiden Rente Ruhestand Konto löschen gelöscht Widerspruch "
    "Einwilligung Daten passiert Auskunft Datenauskunft",
    "papier": "Computer PC Ausdruck ausdrucken drucken Drucker Formular offline Bauhof Unterschrift",
    "bedienen": "Screenreader blind Sehbehinderung Schwerbehinderung Behinderung Barrierefreiheit Smartphone "
    "Handy App Tablet PC Schrift größer Browser Sprache Englisch Übersetzung leichte Legasthenie",
    "team": "Mitarbeiter Mitarbeitende Beschäftigte Abwesenheit Urlaub Urlaubsvertretung",
    "personen": "Mitarbeiter Heirat Name geändert ausgeschieden Austritt Eintritt neu kündigen Kündigung Rente",
    "personalliste": "Import importieren CSV",
    "runde-begleiten": "Fristverlängerung Verlängerung",
    "rollenprofile": "Stelle Stellenbeschreibung Tätigkeit",
    "pruefen": "Betriebsrat Mitbestimmung Gleichstellung Schwerbehindertenvertretung DSGVO",
    "unterlagen": "Dienstvereinbarung Betriebsvereinbarung Betriebsrat Verarbeitungsverzeichnis DSFA",
    "aufbewahrung": "Speicherdauer Backup Löschung Löschfrist ausgeschieden",
    "it": "Backup Support Installation Update Technik Administrator",
    "einfuehren": "Betriebsrat Projekt Probezeit Azubi Ausbildung Auszubildende Teilzeit befristet Befristung",
}
BY_WORD = {article.word: article for article in ARTICLES}
FIRST = ARTICLES[0]
LEADS_TO = {page: article for article in ARTICLES for page in article.pages}


@cache
def article_for(page: str) -> Article | None:
    """The article about the page with this name of an address, ``app:name``; None if no row means it."""
    if page in LEADS_TO:
        return LEADS_TO[page]
    beginnings = [name for name in LEADS_TO if name.endswith("*") and page.startswith(name[:-1])]
    return LEADS_TO[max(beginnings, key=len)] if beginnings else None


def by_reader() -> list[tuple[str, list[Article]]]:
    """All articles under headings: what is for everybody, then what else each reader may want."""
    for_all = [article for article in ARTICLES if article.readers == EVERYBODY]
    rest = [article for article in ARTICLES if article not in for_all]
    return [
        ("Für alle", for_all),
        *((reader.value, [one for one in rest if reader in one.readers]) for reader in Audience),
    ]
