"""Technical and organisational measures, each with how it stands in this installation (Art. 32 DSGVO; DESIGN 9)."""

from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.db import connection

from assessments.peers.asking import minimum
from kompetenz.people import attempts, crowd, unsafe_settings
from kompetenz.people.installation import directory
from kompetenz.privacy.retention.wording import period_of
from kompetenz.privacy.rules import RULES

ON, OFF = "ja", "nein"
BY_WHO_RUNS_IT = "[ergänzt der Betrieb]"


def measures():
    """(protection goal, [(measure, how it stands here)]) for the printed list; read from the running settings, no query."""
    return [
        ("Wer hineinkommt", way_in()),
        ("Wer was lesen und ändern darf", rights()),
        ("So wenig Personenbezug wie möglich, nur für diesen Zweck", pseudonyms()),
        ("Unterwegs und gespeichert", encryption()),
        ("Nachvollziehen", traces()),
        ("Verfügbar bleiben und wiederherstellen", availability()),
        ("Rechte der Betroffenen", interventions()),
        ("Prüfen und beauftragen", checking()),
    ]


def way_in():
    name = directory()
    return [
        ("Anmelden mit dem Verzeichnis der Verwaltung", f"ja, „{name}“" if name else OFF),
        *([("Das Passwort des Verzeichnisses, und der Weg dorthin", password_of_directory())] if name else []),
        ("Zweiter Schritt für Personalentwicklung, Prüfende und technische Verwaltung", second_step()),
        (
            "Ein eigenes Passwort haben",
            f"{len(settings.LOCAL_ACCOUNTS)} einzelne Konten und die technische Verwaltung" if name else "alle",
        ),
        (
            "Passwörter: ab 12 Zeichen, keine bekannten; das erste und ein vergessenes über einen Link, der einmal gilt",
            ON,
        ),
        ("Passwörter sind nur als Prüfsumme gespeichert, die sich nicht zurückrechnen lässt", get_hasher().algorithm),
        ("Grenzen für Anmeldeversuche je Konto und je Herkunft, ohne andere auszusperren", limits()),
        ("Eine Sitzung endet", length_of_a_session()),
        ("Wer ausscheidet, kommt mit dem Tag nach dem letzten Arbeitstag nicht mehr hinein", ON),
    ]


def password_of_directory():
    if not settings.OIDC_SERVER:
        is_safe = settings.LDAP_SERVER.startswith("ldaps://") or settings.LDAP_STARTTLS
        return f"wird beim Anmelden weitergereicht, nie gespeichert; {'TLS' if is_safe else 'ohne TLS'}"
    return f"sieht die Anwendung nie; {'HTTPS' if settings.OIDC_SERVER.startswith('https://') else 'ohne TLS'}"


def second_step():
    """Whom the directory lets in by OpenID Connect has taken it there, if it says so and if it is asked."""
    if not settings.SECOND_FACTOR or not settings.OIDC_SERVER:
        return said(settings.SECOND_FACTOR)
    if settings.OIDC_SECOND_STEP:
        return "ja; wo das Verzeichnis ihn nicht bestätigt, fragt die Anwendung selbst"
    return "im Verzeichnis [Betrieb]; die Anwendung prüft es nicht. Bei eigenen Passwörtern: ja"


def limits():
    pause, kept = (int(span.total_seconds()) // 60 for span in (attempts.PAUSE, attempts.KEPT))
    return f"{attempts.AT_ONE} falsche je Herkunft in {pause} Minuten, {attempts.BY_STRANGERS} von fremden Geräten in {kept}"


def length_of_a_session():
    usual, most = (seconds // 3600 for seconds in (settings.SESSION_COOKIE_AGE, settings.SESSION_AT_MOST))
    return f"nach {usual} Stunden, verlängert spätestens nach {most}, oder mit dem Browser"


def rights():
    return [
        ("Jede Seite fragt, was diese Person sehen darf; geprüft für jede Adresse und jede Rolle", ON),
        ("Unerlaubtes und Unbekanntes antworten gleich (404)", ON),
        ("Niemand macht sich selbst zur Führungskraft, Vertretung oder Personalentwicklung", ON),
        ("Wer prüft, gehört weder zur Personalentwicklung noch zur technischen Verwaltung", ON),
        ("Auswertungen ab so vielen Personen", str(crowd.minimum())),
        ("Antworten aus dem Kollegium ab", str(minimum())),
    ]


def pseudonyms():
    return [
        ("Auswertungen und Antworten aus dem Kollegium bleiben nur als Zahlen, ohne Namen", ON),
        ("Wer gelöscht wurde, steht in der Liste für Sicherungen nur als Prüfsumme", ON),
        ("E-Mails und Adressen von Seiten nennen keine Stufen und Ziele", ON),
        (
            "Nach Fristen von selbst gelöscht, ohne Inhalt festgehalten; Einschätzungen, Vereinbartes und Stammdaten vorher angekündigt",
            ON,
        ),
        (
            "Keine Verbindung zu Zeiterfassung, Entgelt oder Beurteilung; keine Schnittstelle, die Daten laufend abholt",
            ON,
        ),
        (
            "Eigener Server oder eigene Umgebung, eigene Datenbank und eigenes Konto dafür, nur mit den nötigen Rechten",
            BY_WHO_RUNS_IT,
        ),
        ("Kein Probieren und Testen mit echten Daten", BY_WHO_RUNS_IT),
    ]


def encryption():
    return [
        ("Verschlüsselte Verbindung (HTTPS, HSTS)", said(settings.HTTPS)),
        ("Fassung und Verfahren von TLS am Proxy (Vorlage nach BSI TR-02102-2 liegt bei)", BY_WHO_RUNS_IT),
        ("Verbindung zur Datenbank", way_to_the_database()),
        ("E-Mails nennen keine Stufen und Bemerkungen; Weg zum Mailserver", way_to_the_mail_server()),
        (
            "Was die Anwendung auf die Platte schreibt, liest nur ihr eigener Nutzer",
            said(not unsafe_settings.readable_by_others()),
        ),
        ("Schutz vor fremden Inhalten (Content-Security-Policy), keine fremden Dienste", ON),
        ("Seiten mit persönlichen Daten bleiben in keinem Zwischenspeicher", ON),
        (
            "Gelöschtes wird in der Datenbank überschrieben, in allen Resten spätestens in der Nacht darauf",
            said(connection.vendor == "sqlite", other="PostgreSQL: [VACUUM, Betrieb]"),
        ),
        ("Verschlüsselung der Datenträger und Sicherungen", BY_WHO_RUNS_IT),
        ("Erreichbar nur im Hausnetz oder über VPN, technische Verwaltung nur aus dem Netz der IT", BY_WHO_RUNS_IT),
        ("Zutritt zu den Räumen der Server", BY_WHO_RUNS_IT),
        ("Ausgemusterte Datenträger und alte Sicherungen vernichtet", BY_WHO_RUNS_IT),
        ("Hochgeladene Listen werden unter Grenzen gelesen und nie wieder ausgegeben", ON),
        ("Hochgeladenes wird auf Schadprogramme geprüft", "von der Anwendung nicht [Betrieb]"),
    ]


def traces():
    return [
        (
            "Zugriffe auf Inhalte anderer: Tag, Rolle, Art; nie der Inhalt; für die Person lesbar",
            period_of(RULES["access"]),
        ),
        ("Eingriffe der technischen Verwaltung über ihre Oberfläche", period_of(RULES["repairs"])),
        ("Wer wann durch wen ein Recht über andere bekam oder verlor; für Prüfende lesbar", ON),
        (
            "Anmeldungen, Dauer und Uhrzeiten anderer zeigt keine Seite",
            "ja; die Personalentwicklung sieht, wer noch nie angemeldet war und welches Konto gesperrt ist",
        ),
        (
            "Wann Beschäftigte und Führungskräfte etwas schreiben, zeigen Seiten und Papiere anderen mit dem Tag, ohne Uhrzeit",
            ON,
        ),
        (
            "Vergebliche Anmeldungen schreibt die Anwendung mit, sobald sie sperrt; gelungene absichtlich nicht (keine Arbeitszeiten)",
            ON,
        ),
        ("Was zwei vereinbart haben, trägt Namen und Tag und wird nur mit beiden geändert", ON),
        ("In den Betriebsprotokollen stehen keine Passwörter, Codes und geheimen Links", ON),
        (
            "Protokolle von Proxy und Datenbank ohne Namen und Inhalte (Vorlagen und Hinweise liegen bei)",
            BY_WHO_RUNS_IT,
        ),
        ("Die Betriebsprotokolle bleiben", "[höchstens 90 Tage, Betrieb]"),
    ]


def availability():
    return [
        ("Datenbank", {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)),
        (
            "Was bestätigt wurde, übersteht einen Stromausfall",
            said(connection.vendor == "sqlite", other="PostgreSQL: ja, so wie ausgeliefert (synchronous_commit)"),
        ),
        ("Täglicher Aufruf, der löscht und erinnert, eingerichtet und überwacht", BY_WHO_RUNS_IT),
        ("Sicherung, Aufbewahrung der Sicherungen, Probe der Wiederherstellung", BY_WHO_RUNS_IT),
        ("Höchster Verlust und längster Ausfall", "[etwa ein Tag; Betrieb]"),
        ("Ausfälle bemerkt die Überwachung des Hauses (Abfrage manage.py health liegt bei)", BY_WHO_RUNS_IT),
        ("Langsame oder abgebrochene Verbindungen halten andere nicht auf", ON),
    ]


def interventions():
    return [
        ("Die Person liest jederzeit, wer was von ihr sehen kann und wer es gelesen hat", ON),
        ("Auskunft als PDF und JSON, ohne dass jemand anderes sie zusammenstellt", ON),
        (
            "Eigene Stellungnahme zu Fremdeinschätzung und Ergebnis; wer Stammdaten berichtigt",
            "ja; die Personalentwicklung",
        ),
        ("Löschen einer Person auf Antrag, auch in Texten anderer und nach dem Einspielen einer Sicherung", ON),
        ("Einschränken: Die Teilnahme ruht; Lesen bleibt möglich", "ja, ohne Sperre des Lesens"),
        ("Was auf Einwilligung beruht, beendet die Person selbst, jederzeit", ON),
        ("Anträge ohne Zugang am Bildschirm: wer sie annimmt und die Frist hält", "[wer, Personalentwicklung]"),
    ]


def checking():
    return [
        ("Schutzbedarf festgestellt: Vertraulichkeit, Integrität, Verfügbarkeit", BY_WHO_RUNS_IT),
        (
            "Einstellungen von der Anwendung selbst geprüft (manage.py check --deploy)",
            said(not unsafe_settings.warnings(), other="nein: Sie nennt der IT, was offen ist"),
        ),
        ("Prüfung durch eine unabhängige Stelle (Penetrationstest)", "[keine, oder Stelle und Datum]"),
        ("Schlüssel und Passwörter der Anwendung: wer sie kennt, wann sie gewechselt werden", BY_WHO_RUNS_IT),
        ("Mitgelieferte Prüfungen jeder Adresse und Rolle, auf zwei Datenbanken", ON),
        ("Verzeichnis aller Bestandteile (SBOM, CycloneDX), von der IT zu erzeugen", ON),
        ("Bestandteile auf bekannte Schwachstellen geprüft", BY_WHO_RUNS_IT),
        ("Aktualisierungen eingespielt innerhalb von", BY_WHO_RUNS_IT),
        ("Rechte durchgesehen, mindestens jährlich (Seite „Prüfung“)", "[wer, Prüfende]"),
        ("Meldeweg bei einem Sicherheitsvorfall", BY_WHO_RUNS_IT),
        ("Zugang zu Server und Datenbank haben", BY_WHO_RUNS_IT),
        ("Vertrag zur Auftragsverarbeitung, wo eine andere Stelle den Server betreibt", BY_WHO_RUNS_IT),
        ("Wartung und Fernzugriff: wer, von wo, mit Protokoll", BY_WHO_RUNS_IT),
        ("Schulung und Verpflichtung auf Vertraulichkeit derer, die Zugang haben", BY_WHO_RUNS_IT),
    ]


def risks():
    """What software cannot take away, with what makes it smaller."""
    return [
        (
            "Wer Server, Datenbank oder Sicherungen liest, liest alles, auch die Schlüssel des zweiten Schritts",
            "[wenige benannte Personen, verschlüsselte Sicherungen; Betrieb]",
        ),
        (
            "Wer Adressen pflegt, kann eine eigene bei einem fremden Konto eintragen",
            "alte Adresse, Führungskraft und Personalentwicklung erfahren es sofort; nutzlos, wo das Verzeichnis die Personalnummer sagt",
        ),
        (
            "Ausdrucke und heruntergeladene Dateien",
            "dass es sie gibt, steht im Zugriffsprotokoll; dann gilt die Dienstanweisung",
        ),
        (
            "Die Adresse eines abonnierten Kalenders öffnet ihn ohne Anmeldung",
            "Termine mit Namen und Anlass, wie die Runde es einstellt, nie Stufen; die Person beendet sie jederzeit",
        ),
        ("Ein Rechner, an dem jemand angemeldet ist", "Bildschirmsperre [Betrieb]; „überall abmelden“"),
    ]


def way_to_the_database():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return "Datei auf demselben Rechner"
    if not database["HOST"] or database["HOST"].startswith("/"):
        return "auf demselben Rechner"
    mode = database.get("OPTIONS", {}).get("sslmode")
    return f"sslmode={mode}" if mode else "[TLS, Betrieb]"


def way_to_the_mail_server():
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return "kein Versand"
    return "TLS" if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL else "ohne TLS"


def said(is_so, other=OFF):
    return ON if is_so else other
