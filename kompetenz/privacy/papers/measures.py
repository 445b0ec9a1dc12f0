"""Technical and organisational measures, each with how it stands in this installation (Art. 32 DSGVO; DESIGN 9)."""

from django.conf import settings
from django.db import connection

from assessments.peers.asking import minimum
from kompetenz.people import crowd
from kompetenz.people.installation import directory

ON, OFF = "ja", "nein"
BY_WHO_RUNS_IT = "[ergänzt der Betrieb]"


def measures():
    """(protection goal, [(measure, how it stands here)]) for the printed list; read from the running settings, no query."""
    return [
        ("Wer hineinkommt", way_in()),
        ("Wer was lesen und ändern darf", rights()),
        ("Unterwegs und gespeichert", encryption()),
        ("Nachvollziehen", traces()),
        ("Verfügbar bleiben", availability()),
        ("Prüfen", checking()),
    ]


def way_in():
    name = directory()
    return [
        ("Anmelden mit dem Verzeichnis der Verwaltung", f"ja, „{name}“" if name else OFF),
        ("Zweiter Schritt für Personalentwicklung, Prüfende und technische Verwaltung", said(settings.SECOND_FACTOR)),
        ("Passwörter setzt nur die Person selbst, über einen Link, der einmal gilt", ON),
        ("Grenzen für Anmeldeversuche je Konto und je Herkunft, ohne andere auszusperren", ON),
        ("Eine Sitzung endet nach", f"{settings.SESSION_COOKIE_AGE // 3600} Stunden und mit dem Browser"),
        ("Wer ausscheidet, kommt mit dem Tag nach dem letzten Arbeitstag nicht mehr hinein", ON),
    ]


def rights():
    return [
        ("Jede Seite fragt, was diese Person sehen darf; geprüft für jede Adresse und jede Rolle", ON),
        ("Unerlaubtes und Unbekanntes antworten gleich (404)", ON),
        ("Niemand macht sich selbst zur Führungskraft, Vertretung oder Personalentwicklung", ON),
        ("Auswertungen ab so vielen Personen", str(crowd.minimum())),
        ("Antworten aus dem Kollegium ab", str(minimum())),
    ]


def encryption():
    return [
        ("Verschlüsselte Verbindung (HTTPS, HSTS)", said(settings.HTTPS)),
        ("Schutz vor fremden Inhalten (Content-Security-Policy), keine fremden Dienste", ON),
        ("Seiten mit persönlichen Daten bleiben in keinem Zwischenspeicher", ON),
        (
            "Gelöschtes wird in der Datenbank überschrieben",
            said(connection.vendor == "sqlite", other="PostgreSQL: [VACUUM, Betrieb]"),
        ),
        ("Verschlüsselung der Datenträger und Sicherungen", BY_WHO_RUNS_IT),
    ]


def traces():
    return [
        ("Zugriffe auf Inhalte anderer: Tag, Rolle, Art; nie der Inhalt; für die Person lesbar", ON),
        ("Niemand sieht Anmeldungen, Dauer oder Uhrzeiten anderer", ON),
        ("Was zwei vereinbart haben, trägt Namen und Tag und wird nur mit beiden geändert", ON),
        ("In den Betriebsprotokollen stehen keine Passwörter, Links und Inhalte", ON),
    ]


def availability():
    return [
        ("Datenbank", connection.vendor),
        ("Was bestätigt wurde, übersteht einen Stromausfall", ON),
        ("Sicherung, Aufbewahrung der Sicherungen, Probe der Wiederherstellung", BY_WHO_RUNS_IT),
        ("Langsame oder abgebrochene Verbindungen halten andere nicht auf", ON),
    ]


def checking():
    return [
        ("Bei jeder Änderung laufen alle Prüfungen der Anwendung auf zwei Datenbanken", ON),
        ("Aktualisierungen eingespielt innerhalb von", BY_WHO_RUNS_IT),
        ("Zugang zu Server und Datenbank haben", BY_WHO_RUNS_IT),
    ]


def said(is_so, other=OFF):
    return ON if is_so else other
