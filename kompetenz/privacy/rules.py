"""What is kept of people, how long, and what happens then: every field of every table, in one file (DIN 66398: kind, start, period).

This is the retention policy, readable by a data protection officer and obeyed by the code: `manage.py check` fails for a field
that is not named here, `manage.py daily` carries the rules out, the Auskunft and the printed Löschkonzept are made from it.
How many days or months a period has, is said by the installation (RETENTION_DAYS and RETENTION_MONTHS in settings). No Django in here.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from .periods import IN_USE


class Then(Enum):
    """What happens to rows whose time has come."""

    ERASE = "wird gelöscht"
    BLANK = "wird geleert"
    COUNT = "bleibt nur als Zahl"
    STAYS = "bleibt"


@dataclass(frozen=True)
class Rule:
    """A kind of data (Datenart): since when its period counts, how long that is, what then happens, and who sees to it.

    ``period`` is a key of RETENTION_DAYS or RETENTION_MONTHS, "" where ``begins`` alone decides. ``announced``: HR and auditors
    read beforehand how many there are. ``by`` is what `manage.py daily` calls, "" where it goes with something else.
    """

    key: str
    name: str
    begins: str
    then: Then
    period: str = ""
    sooner: str = ""
    protected: str = ""
    announced: bool = False
    by: str = ""


DAILY = "kompetenz.privacy.retention.carrying_out.carry_out"
SHORT = "kompetenz.privacy.retention.carrying_out.forget_what_is_short"

RULES = {
    rule.key: rule
    for rule in [
        # What people say of their competencies
        Rule(
            "drafts",
            "Entwürfe von Einschätzungen und Gesprächen, die niemand freigegeben oder festgehalten hat",
            "Ende der Runde",
            Then.ERASE,
            "drafts",
            announced=True,
            by=DAILY,
        ),
        Rule(
            "declined",
            "Dass jemand an einer freiwilligen Runde nicht teilnimmt",
            "Ende der Runde",
            Then.ERASE,
            "drafts",
            announced=True,
            by=DAILY,
        ),
        Rule(
            "assessments",
            "Selbst- und Fremdeinschätzung, Bemerkungen, Bestandsaufnahme, Antworten aus dem Kollegium",
            "Ende der Runde",
            Then.ERASE,
            "assessments",
            sooner="wenn die nächste Runde der Person beendet ist",
            protected="Solange der Lernplan der Runde läuft, endet die Frist nicht vorzeitig.",
            announced=True,
            by=DAILY,
        ),
        Rule(
            "plan_drafts",
            "Entwürfe von Lernplänen",
            "Ende der Runde, oder die letzte Änderung danach",
            Then.ERASE,
            "plan_drafts",
            announced=True,
            by=DAILY,
        ),
        Rule(
            "records",
            "Teilnahme, vereinbartes Ist, Lernplan, Reviews und Buchungen",
            "Abschluss des Lernplans, ohne Lernplan Ende der Runde",
            Then.ERASE,
            "records",
            sooner="wenn danach eine weitere Runde der Person beendet ist",
            protected=f"Ein Lernplan, der läuft, bleibt, solange in den letzten {IN_USE} Monaten etwas daran geändert wurde.",
            announced=True,
            by=DAILY,
        ),
        # Who works here
        Rule(
            "left",
            "Stammdaten, Rollen, frühere Namen, Konto und alles, was von der Person noch da ist",
            "letzter Arbeitstag; ohne ihn der Tag, an dem die Person deaktiviert wurde",
            Then.ERASE,
            "left",
            protected="Ihr Name bleibt unter Unterlagen anderer, die sie unterschrieben hat, solange es diese gibt. "
            "Wer noch als Führungskraft eingetragen ist, bleibt, bis eine andere eingetragen ist. Wer in einer Personalliste fehlt, "
            "gilt erst als ausgeschieden, wenn jemand das einträgt.",
            announced=True,
            by=DAILY,
        ),
        Rule("deputies", "Vertretungen", "letzter Tag der Vertretung", Then.ERASE, "deputies", by=SHORT),
        Rule(
            "consents",
            "Ob eine neue Führungskraft frühere Runden lesen darf",
            "Ende der Führungsbeziehung",
            Then.ERASE,
            by="assessments.changes.earlier_rounds.end_with_the_last_day",
        ),
        Rule("signature", "Wer etwas geschrieben, bestätigt oder geändert hat", "mit der Unterlage", Then.BLANK),
        # What the work leaves behind
        Rule(
            "letters",
            "E-Mails, die erledigt sind",
            "geschrieben am",
            Then.ERASE,
            "letters",
            by="kompetenz.letters.tidying.delete_old_letters",
        ),
        Rule(
            "jobs",
            "Aufträge im Hintergrund und die Dateien daraus",
            "Ende des Auftrags",
            Then.ERASE,
            "jobs",
            by="kompetenz.jobs.ending.delete_old_jobs",
        ),
        Rule(
            "tasks",
            "Erledigte Aufgaben des Servers",
            "erledigt am",
            Then.ERASE,
            "tasks",
            by="kompetenz.jobs.tidying.delete_finished_tasks",
        ),
        Rule(
            "bundles",
            "Zusammengestellte Dokumente einer Runde (ZIP)",
            "angefordert am",
            Then.ERASE,
            "bundles",
            by="learningplans.round_documents.bundling.delete_old_bundles",
        ),
        Rule(
            "imports",
            "Was eine Personalliste geändert hat",
            "übernommen am",
            Then.BLANK,
            "imports",
            by="kompetenz.people.staff.history.forget_differences",
        ),
        Rule(
            "answers",
            "Gemerkte Antworten zu Personallisten, die keine Liste mehr gebraucht hat",
            "zuletzt gegeben oder gebraucht am",
            Then.ERASE,
            "answers",
            by="kompetenz.people.staff.answered_before.forget_unused_answers",
        ),
        Rule(
            "lists",
            "Hochgeladene Listen, die niemand übernommen hat",
            "hochgeladen am",
            Then.ERASE,
            "lists",
            by="kompetenz.people.staff.uploading.delete_unconfirmed_lists",
        ),
        Rule(
            "offer_lists",
            "Hochgeladene Angebotslisten, die niemand übernommen hat",
            "hochgeladen am",
            Then.ERASE,
            "lists",
            by="learningplans.training.taking_offers.delete_unconfirmed_offer_lists",
        ),
        Rule(
            "forms",
            "Kennung gesendeter Formulare",
            "gesendet am",
            Then.ERASE,
            "lists",
            by="kompetenz.people.once.forget_sent_forms",
        ),
        Rule(
            "attempts",
            "Anmeldeversuche und Sperren der Anmeldung",
            "Versuch, Ende der Sperre",
            Then.ERASE,
            by="kompetenz.people.attempts.forget_attempts",
        ),
        Rule(
            "sessions",
            "Sitzungen im Browser",
            "Anmeldung oder letzte Verlängerung",
            Then.ERASE,
            by="kompetenz.jobs.tidying.delete_expired_sessions",
        ),
        Rule(
            "calendars",
            "Adresse des eigenen Kalenders",
            "letzter Arbeitstag, neues Passwort oder neue E-Mail-Adresse",
            Then.ERASE,
            by="kompetenz.people.subscribing.addresses.end_after_the_last_day",
        ),
        Rule(
            "peers",
            "Antworten aus dem Kollegium, die nicht gezeigt werden dürfen",
            "letzter Tag für das Kollegium",
            Then.ERASE,
            by="assessments.peers.counting.tidy_peers",
        ),
        Rule(
            "tallies",
            "Ältere Stände der gemeinsamen Ziele",
            "gezählt am",
            Then.ERASE,
            "tallies",
            by="learningplans.synergies.counting.forget_old_tallies",
        ),
        Rule("repairs", "Eingriffe der technischen Verwaltung", "Tag des Eingriffs", Then.ERASE, "log", by=SHORT),
        Rule(
            "access",
            "Zugriffsprotokoll",
            "Tag des Zugriffs",
            Then.ERASE,
            "log",
            by="kompetenz.privacy.access_log.forgetting.forget_old_accesses",
        ),
        # What was counted, and that something was erased
        Rule(
            "counts", "Auswertungen: Zahlen ab der Mindestzahl von Personen, ohne Namen", "festgestellt am", Then.STAYS
        ),
        Rule(
            "notices", "Ankündigungen von Löschungen und was gelöscht wurde, als Zahlen", "angekündigt am", Then.STAYS
        ),
        Rule(
            "erasures",
            "Liste der gelöschten Personen, ohne Namen",
            "Tag der Löschung",
            Then.ERASE,
            "erasures",
            by="kompetenz.privacy.erasure.erasing.keep_the_list",
        ),
        Rule(
            "settings_of_rounds",
            "Runden: Titel, Zweck, Regeln, Fristen, Stellungnahmen zum Steckbrief",
            "Ende der Runde",
            Then.STAYS,
        ),
    ]
}


@dataclass(frozen=True)
class TableRules:
    """What a table holds of people, each field by what it is called.

    ``person`` leads from a row to whom it is about, "" where a row is about several or nobody. ``personal`` are the fields that
    say something of them; ``signed`` point at who wrote or decided; ``other`` gives, by the reason why they say nothing of anybody,
    all further fields. ``kept`` gives single fields another rule. ``withheld`` are those that the Auskunft does not hand out, with
    the reason.
    """

    model: str
    name: str
    rule: str = ""
    person: str = ""
    personal: dict[str, str] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    withheld_whole: str = ""

    @property
    def fields(self) -> set[str]:
        """All fields that it names."""
        further = (name for names in self.other.values() for name in names.split())
        return {*self.personal, *self.signed, *further}

    def rule_of(self, name: str) -> str:
        """The key of the rule that holds for a personal field; a signature goes with its record, or is blanked."""
        if name in self.signed:
            return "signature"
        return self.kept.get(name, self.rule)


KEY, TECHNICAL, CATALOGUE, ORGANISATION = "Schlüssel", "Technik", "Katalog", "Verwaltung"

ABOUT_WHO_DID_IT = {
    "written_by": "geschrieben von",
    "written_for": "in Vertretung für",
    "told": "um Antwort gebeten",
    "answered_by": "beantwortet von",
    "answered_for": "in Vertretung für",
    "sent_back_by": "zurückgegeben von",
    "sent_back_for": "in Vertretung für",
}
RECORD_OF_TWO = {
    "written_side": "geschrieben als",
    "written_at": "geschrieben am",
    "told_on": "um Antwort gebeten am",
    "answer": "Antwort",
    "statement": "Stellungnahme",
    "answered_at": "beantwortet am",
    "sent_back_at": "zurückgegeben am",
    "sent_back_why": "Grund der Rückgabe",
    "times_sent_back": "so oft zurückgegeben",
}


def nothing_of_anybody(model: str, name: str, reason: str, fields: str) -> TableRules:
    return TableRules(model, name, other={reason: fields})


TABLES = [
    # Who works here --------------------------------------------------------------------------------
    TableRules(
        "people.person",
        "Stammdaten",
        "left",
        "pk",
        personal={
            "first_name": "Vorname",
            "last_name": "Nachname",
            "email": "dienstliche E-Mail",
            "personnel_number": "Personalnummer",
            "unit": "Organisationseinheit",
            "manager": "Führungskraft",
            "leaving_date": "letzter Arbeitstag",
            "is_active": "aktiv oder deaktiviert",
            "deactivated_on": "deaktiviert am",
            "is_hr": "gehört zur Personalentwicklung",
            "is_auditor": "Datenschutz oder Personalrat",
            "is_staff": "Zugang zur technischen Verwaltung",
            "is_superuser": "alle Rechte der technischen Verwaltung",
            "wants_mail": "E-Mails gewünscht",
            "wants_introduction": "Karten für den Anfang: gezeigt oder weggeräumt",
            "last_login": "letzte Anmeldung",
            "signed_out_at": "überall abgemeldet am",
            "password": "Prüfsumme des Passworts",
            "sort_key": "Suchschlüssel aus dem Namen",
        },
        other={KEY: "id"},
        withheld={
            "password": "Wer sie hätte, könnte das Passwort erraten; es selbst ist nicht gespeichert.",
            "sort_key": "Wiederholt den Namen in einer Schreibweise für die Suche.",
        },
    ),
    TableRules(
        "people.person_groups",
        "Gruppen der technischen Verwaltung",
        "left",
        "person",
        {"group": "Gruppe"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.person_user_permissions",
        "Rechte der technischen Verwaltung",
        "left",
        "person",
        {"permission": "Recht"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.namechange",
        "Frühere Namen",
        "left",
        "person",
        personal={"from_name": "bisher", "from_last_name": "bisheriger Nachname", "to_name": "neu", "on": "am"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.rightchange",
        "Gegebene und genommene Rechte",
        "left",
        "person",
        personal={"right": "Recht", "given": "gegeben", "on": "am", "through": "auf dem Weg"},
        signed={"by": "durch"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.furthernumber",
        "Weitere Personalnummern",
        "left",
        "person",
        {"number": "Personalnummer"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.listanswer",
        "Gemerkte Antworten zu Personallisten",
        "answers",
        "person",
        {"how": "Antwort", "instead": "stattdessen gilt", "said_at": "zuletzt gegeben oder gebraucht am"},
        other={KEY: "id person question"},
    ),
    TableRules(
        "people.deputy",
        "Vertretungen",
        "deputies",
        "person",
        personal={"manager": "vertritt", "since": "von", "until": "bis", "ended_at": "vorzeitig beendet am"},
        signed={"named_by": "eingetragen von"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.deputy_people",
        "Für wen eine Vertretung gilt",
        "deputies",
        "person",
        {"deputy": "Vertretung"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.lock",
        "Sperren der Anmeldung",
        "attempts",
        "person",
        personal={"since": "seit", "until": "bis", "told_at": "mitgeteilt am"},
        other={KEY: "id person"},
    ),
    TableRules(
        "people.attempt",
        "Anmeldeversuche",
        "attempts",
        personal={
            "kind": "Art",
            "account": "Prüfsumme der Adresse",
            "origin": "Prüfsumme der Herkunft",
            "is_known": "bekannter Browser",
            "at": "am",
        },
        other={KEY: "id"},
        withheld_whole="Nach einer Stunde gelöscht; wessen Konto gemeint war, ist nur mit einem geheimen Schlüssel festzustellen.",
    ),
    TableRules(
        "people.calendaraddress",
        "Kalenderadresse",
        "calendars",
        "person",
        personal={"made_on": "angelegt am", "fetched_on": "zuletzt abgerufen am", "digest": "Prüfsumme der Adresse"},
        other={KEY: "id person"},
        withheld={"digest": "Eine Prüfsumme; die Adresse selbst ist nicht gespeichert."},
    ),
    TableRules(
        "roles.roleholding",
        "Rollen",
        "left",
        "person",
        personal={"profile": "Rolle", "since": "seit", "until": "bis"},
        other={KEY: "id person"},
    ),
    TableRules(
        "account.emailaddress",
        "Adressen des Kontos",
        "left",
        "user",
        personal={"email": "E-Mail", "verified": "bestätigt", "primary": "zuerst"},
        other={KEY: "id user"},
    ),
    TableRules(
        "account.emailconfirmation",
        "Bestätigungen von Adressen",
        "left",
        "email_address__user",
        personal={"created": "angelegt am", "sent": "gesendet am", "key": "Schlüssel"},
        other={KEY: "id email_address"},
        withheld={"key": "Ein Geheimnis, das nur die E-Mail enthält."},
    ),
    TableRules(
        "mfa.authenticator",
        "Zweiter Schritt der Anmeldung",
        "left",
        "user",
        personal={
            "type": "Art",
            "created_at": "eingerichtet am",
            "last_used_at": "zuletzt benutzt am",
            "data": "Geheimnis",
        },
        other={KEY: "id user"},
        withheld={"data": "Ein Geheimnis: Wer es hätte, könnte sich als Sie anmelden."},
    ),
    TableRules(
        "socialaccount.socialaccount",
        "Konto der Verwaltung",
        "left",
        "user",
        personal={
            "provider": "Verzeichnis",
            "uid": "Kennung",
            "last_login": "zuletzt angemeldet am",
            "date_joined": "verbunden am",
            "extra_data": "Angaben des Verzeichnisses",
        },
        other={KEY: "id user"},
    ),
    TableRules(
        "socialaccount.socialtoken",
        "Zugangsschlüssel des Verzeichnisses",
        "left",
        "account__user",
        personal={"token": "Schlüssel", "token_secret": "Geheimnis", "expires_at": "gilt bis"},
        other={KEY: "id app account"},
        withheld={"token": "Ein Geheimnis.", "token_secret": "Ein Geheimnis."},
    ),
    # One person in one round -----------------------------------------------------------------------
    TableRules(
        "assessments.participation",
        "Teilnahmen",
        "records",
        "person",
        personal={
            "round": "Runde",
            "person_name": "Name",
            "role_name": "Rolle",
            "role_tasks": "Aufgaben der Rolle",
            "profile": "Rollenprofil",
            "unit": "Organisationseinheit",
            "unit_name": "Organisationseinheit damals",
            "manager": "Führungskraft",
            "manager_name": "Name der Führungskraft",
            "admitted_on": "dabei seit",
            "self_due": "Selbsteinschätzung bis",
            "manager_due": "Fremdeinschätzung bis",
            "talk_due": "Gespräch bis",
            "plan_due": "Lernplan bis",
            "paused_on": "ruht seit",
            "resumed_on": "läuft weiter seit",
            "declined_on": "nimmt nicht teil seit",
            "asks_back_on": "möchte doch teilnehmen seit",
            "lay_open_until": "frühere Einschätzungen oder das Soll schon bekannt bis",
            "talk_at": "Termin des Gesprächs",
            "talk_place": "Ort des Gesprächs",
            "self_state": "Stand der Selbsteinschätzung",
            "manager_state": "Stand der Fremdeinschätzung",
            "talk_state": "Stand des Gesprächs",
            "plan_state": "Stand des Lernplans",
            "assessments_erased_on": "Einschätzungen gelöscht am",
            "sort_key": "Suchschlüssel aus dem Namen",
        },
        other={KEY: "id person", TECHNICAL: "role_asked"},
        kept={"declined_on": "declined", "asks_back_on": "declined"},
        withheld={"sort_key": "Wiederholt den Namen in einer Schreibweise für die Suche."},
    ),
    TableRules(
        "assessments.assessment",
        "Einschätzungen",
        "assessments",
        "participation__person",
        personal={
            "kind": "Art",
            "released_at": "freigegeben am",
            "of_former_manager": "vor einer Übergabe freigegeben",
            "entered_on": "vom Papier eingetragen am",
            "asked_on": "um Bestätigung gebeten am",
            "confirmed_on": "von der Person bestätigt am",
            "rejected_on": "von der Person zurückgewiesen am",
            "checked_on": "mit dem unterschriebenen Bogen verglichen am",
            "disowned_at": "Freigabe anderer zurückgenommen am",
        },
        signed={
            "rater": "eingeschätzt von",
            "released_for": "in Vertretung für",
            "entered_by": "eingetragen von",
            "checked_by": "verglichen von",
        },
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.rating",
        "Eingeschätzte Stufen",
        "assessments",
        "assessment__participation__person",
        personal={"competency": "Kompetenz", "level": "Stufe"},
        other={KEY: "id assessment"},
    ),
    TableRules(
        "assessments.remark",
        "Bemerkungen",
        "assessments",
        "assessment__participation__person",
        personal={"competency": "Kompetenz", "text": "Bemerkung"},
        other={KEY: "id assessment"},
    ),
    TableRules(
        "assessments.statement",
        "Stellungnahmen zu Fremdeinschätzungen",
        "assessments",
        "assessment__participation__person",
        personal={"text": "Stellungnahme", "written_on": "geschrieben am"},
        other={KEY: "id assessment as_read"},
    ),
    TableRules(
        "assessments.stocktaking",
        "Bestandsaufnahme",
        "assessments",
        "participation__person",
        personal={
            "tasks": "Aufgaben heute",
            "existing": "Was ich daraus schon kann",
            "hidden": "Was ich kann und kaum einsetze",
            "to_build": "Was ich ausbauen möchte",
            "conditions": "Was es dafür braucht",
            "hours_per_month": "Zeit zum Lernen in Stunden je Monat",
            "budget": "Budget in Euro",
            "shared_at": "geteilt am",
            "changed_at": "geändert am",
        },
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.peernomination",
        "Wen die Person im Kollegium gefragt hat",
        "assessments",
        "participation__person",
        personal={"peer": "gefragt", "answered": "hat geantwortet", "declined": "hat abgelehnt"},
        other={KEY: "id participation"},
        withheld={
            "answered": "Wer von den Gefragten geantwortet hat, wissen nur diese selbst.",
            "declined": "Wer von den Gefragten abgelehnt hat, wissen nur diese selbst.",
        },
    ),
    TableRules(
        "assessments.peertally",
        "Verteilung der Antworten aus dem Kollegium",
        "assessments",
        "participation__person",
        personal={"competency": "Kompetenz", "level": "Stufe", "count": "Anzahl"},
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.target",
        "Soll",
        "records",
        "participation__person",
        personal={
            "competency": "Kompetenz",
            "profile_level": "Stufe im Rollenprofil",
            "level": "Soll",
            "necessity": "Gewicht",
            "reason": "Begründung",
            "adjusted_on": "angepasst am",
            "adjusted_from": "Stufe im Rollenprofil bei der Anpassung",
        },
        signed={"adjusted_by": "angepasst von", "adjusted_for": "in Vertretung für"},
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.targetchange",
        "Änderungen des Solls",
        "records",
        "participation__person",
        personal={
            "competency": "Kompetenz",
            "profile": "Rollenprofil",
            "old_level": "bisher",
            "new_level": "neu",
            "taken_over": "übernommen",
            "on": "am",
        },
        signed={"by": "entschieden von"},
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.handover",
        "Wechsel der Führungskraft in einer Runde",
        "records",
        "participation__person",
        personal={"from_name": "bisherige Führungskraft", "to_name": "neue Führungskraft", "on": "am"}
        | {"talk_held_on": "Gespräch bis dahin geführt am"},
        signed={"from_person": "von", "to_person": "an", "by": "eingetragen von"},
        other={KEY: "id participation"},
    ),
    TableRules(
        "assessments.earlierroundsconsent",
        "Zustimmung, dass eine neue Führungskraft frühere Runden liest",
        "consents",
        "person",
        personal={
            "manager": "Führungskraft",
            "agrees": "zugestimmt",
            "answered_on": "beantwortet am",
        },
        other={KEY: "id person"},
    ),
    TableRules(
        "assessments.talk",
        "Gespräche",
        "records",
        "participation__person",
        personal={
            "held_on": "Datum",
            "place": "Ort",
            "attendees": "weitere Beteiligte",
            "person_statement": "eigene Stellungnahme",
            "recorded_at": "festgehalten am",
            "returned_at": "zurückgegeben am",
            "return_reason": "Grund der Rückgabe",
            "times_returned": "so oft zurückgegeben",
        },
        signed={
            "recorded_by": "festgehalten von",
            "recorded_for": "in Vertretung für",
            "returned_by": "zurückgegeben von",
        },
        other={KEY: "id participation", TECHNICAL: "returned_as"},
    ),
    TableRules(
        "assessments.agreedlevel",
        "Ist aus dem Gespräch",
        "records",
        "talk__participation__person",
        personal={"competency": "Kompetenz", "level": "Ist", "reason": "Begründung"},
        other={KEY: "id talk"},
    ),
    TableRules(
        "assessments.acknowledgement",
        "Kenntnisnahmen",
        "records",
        "talk__participation__person",
        personal={"side": "Seite", "declined": "abgelehnt", "statement": "Stellungnahme", "at": "am"},
        signed={"by": "von"},
        other={KEY: "id talk"},
    ),
    # The Lernplan ----------------------------------------------------------------------------------
    TableRules(
        "learningplans.learningplan",
        "Lernpläne",
        "records",
        "participation__person",
        personal={
            "state": "Stand",
            "agreed_by_person_on": "von der Person vereinbart am",
            "agreed_by_manager_on": "von der Führungskraft vereinbart am",
            "completed_on": "abgeschlossen am",
            "hours_per_month": "Zeit zum Lernen in Stunden je Monat",
            "budget": "Budget in Euro",
            "created_at": "angelegt am",
            "changed_at": "geändert am",
        },
        signed={"manager_agreed_by": "für die Führungskraft vereinbart von", "manager_agreed_for": "in Vertretung für"},
        other={KEY: "id participation"},
    ),
    TableRules(
        "learningplans.goal",
        "Ziele",
        "records",
        "plan__participation__person",
        personal={
            "competency": "Kompetenz",
            "from_level": "Ist zu Beginn",
            "to_level": "Zielstufe",
            "aim": "Vorhaben",
            "priority": "Rang",
            "specific": "Spezifisch",
            "measurable": "Messbar",
            "seen_by": "wer es feststellt",
            "ambitious": "Anspruchsvoll",
            "realistic": "Realistisch",
            "due_on": "Terminiert",
            "seeks_companions": "sucht Lernpartnerschaften",
            "ended_on": "beendet am",
            "goes_on_as": "aus dem letzten Lernplan, um zu",
        },
        other={KEY: "id plan"},
    ),
    TableRules(
        "learningplans.measure",
        "Maßnahmen",
        "records",
        "plan__participation__person",
        personal={
            "title": "Titel",
            "format": "Format",
            "offer": "Angebot",
            "starts_on": "Beginn",
            "due_on": "bis",
            "provider": "Anbieter oder Ort",
            "responsible": "verantwortlich",
            "mentor": "Mentorin oder Mentor",
            "consented_on": "eingewilligt am",
            "hours": "Zeitbedarf in Stunden",
            "cost": "Kosten in Euro",
            "helps": "Was helfen soll",
            "aids": "Hilfsmittel",
            "practice": "Anwendung",
            "state": "Stand",
            "state_at": "Stand gemeldet am",
            "format_then": "Format damals",
            "offer_then": "Angebot damals",
            "link_then": "Link damals",
        },
        signed={"state_by": "Stand gemeldet von", "state_for": "in Vertretung für"},
        other={KEY: "id plan"},
    ),
    TableRules(
        "learningplans.measure_goals",
        "Welchem Ziel eine Maßnahme dient",
        "records",
        "measure__plan__participation__person",
        {"goal": "Ziel", "measure": "Maßnahme"},
        other={KEY: "id"},
    ),
    TableRules(
        "learningplans.booking",
        "Buchungen",
        "records",
        "measure__plan__participation__person",
        personal={
            "measure": "Maßnahme",
            "said": "Stand der Buchung",
            "state": "Stand",
            "date": "Termin",
            "waits_since": "auf der Warteliste seit",
            "moved_at": "zuletzt geändert am",
            "year": "Haushaltsjahr",
            "quarter": "Quartal",
            "begins_on": "Beginn",
            "unit": "bezahlt von",
            "format": "Format",
            "offer": "Angebot",
            "hours": "Stunden",
            "cost": "Kosten in Euro",
            "booked_title": "gebucht ist",
            "booked_provider": "Anbieter oder Ort wie gebucht",
            "booked_from": "Beginn wie gebucht",
            "booked_until": "Ende wie gebucht",
            "differs": "im Lernplan steht etwas anderes",
        },
        signed={"moved_by": "geändert von"},
        other={KEY: "id", TECHNICAL: "shows_goals"},
    ),
    TableRules(
        "learningplans.bookingmove",
        "Schritte einer Buchung",
        "records",
        "booking__measure__plan__participation__person",
        personal={"before": "vorher", "after": "nachher", "waits": "Warteliste", "date": "Termin", "at": "am"},
        signed={"by": "von"},
        other={KEY: "id booking"},
    ),
    TableRules(
        "learningplans.review",
        "Review-Gespräche",
        "records",
        "plan__participation__person",
        personal={
            **RECORD_OF_TWO,
            "planned_on": "Termin",
            "starts_at": "Uhrzeit",
            "place": "Ort",
            "is_final": "Abschlussgespräch",
            "held_on": "geführt am",
            "notes": "Ergebnis",
            "tasks_changed": "Haben sich die Aufgaben der Rolle geändert?",
            "changed_tasks": "Was ist anders?",
        },
        signed=ABOUT_WHO_DID_IT,
        other={KEY: "id plan", TECHNICAL: "sent_back_as"},
    ),
    TableRules(
        "learningplans.preparation",
        "Vorbereitungen von Review-Gesprächen",
        "records",
        "review__plan__participation__person",
        personal={
            "review": "Review-Gespräch",
            "side": "Seite",
            "helped": "Was hat geholfen?",
            "hindered": "Was hat gefehlt?",
            "wishes": "Was soll sich ändern?",
            "changed_tasks": "Haben sich die Aufgaben der Rolle geändert?",
            "released_at": "freigegeben am",
        },
        signed={"released_by": "freigegeben von", "released_for": "in Vertretung für"},
        other={KEY: "id"},
    ),
    TableRules(
        "learningplans.goalreview",
        "Stand der Ziele in Reviews",
        "records",
        "review__plan__participation__person",
        personal={
            "review": "Review-Gespräch",
            "goal": "Ziel",
            "self_level": "Selbst",
            "manager_level": "Fremd",
            "agreed_level": "Ist im Review",
            "helped": "Was hat geholfen?",
            "to_level": "Zielstufe damals",
        },
        other={KEY: "id"},
    ),
    TableRules(
        "learningplans.planchange",
        "Änderungen am Lernplan",
        "records",
        "plan__participation__person",
        personal={
            **RECORD_OF_TWO,
            "review": "Review-Gespräch",
            "reason": "Grund",
            "lines": "Änderungen",
            "took_effect_on": "gültig geworden am",
            "withdrawn_at": "zurückgenommen am",
            "steps": "dieselben Änderungen als Schritte",
        },
        signed=ABOUT_WHO_DID_IT
        | {"withdrawn_by": "zurückgenommen von", "withdrawn_for": "zurückgenommen in Vertretung für"},
        other={KEY: "id plan", TECHNICAL: "sent_back_as"},
        withheld={"steps": "Wiederholt die Änderungen in der Form, in der das Programm sie ausführt."},
    ),
    TableRules(
        "learningplans.finalcheck",
        "Rückblick auf SMART",
        "records",
        "review__plan__participation__person",
        personal={
            "specific": "S – spezifisch",
            "measurable": "M – messbar",
            "ambitious": "A – anspruchsvoll",
            "realistic": "R – realistisch",
            "timed": "T – terminiert",
            "remark": "Anmerkung",
            "note_for_next": "Für die nächste Runde",
        },
        other={KEY: "id review"},
    ),
    TableRules(
        "learningplans.followup",
        "Wie es nach dem Lernplan weitergeht",
        "records",
        "plan__participation__person",
        personal={"competency": "Kompetenz", "kind": "Wie es weitergeht", "text": "Vorschlag"},
        other={KEY: "id plan"},
    ),
    TableRules(
        "learningplans.groupplace",
        "Plätze in Lerngruppen",
        "records",
        "goal__plan__participation__person",
        personal={
            "group": "Lerngruppe",
            "goal": "Ziel",
            "answer": "Antwort",
            "answered_on": "beantwortet am",
            "change": "Änderung am Lernplan",
            "measure": "Maßnahme im Lernplan",
        },
        other={KEY: "id"},
    ),
    TableRules(
        "learningplans.refreshdate",
        "Was aufzufrischen ist",
        "left",
        "person",
        personal={
            "competency": "Kompetenz",
            "was_agreed": "im Gespräch oder Review vereinbart",
            "last_on": "zuletzt am",
            "due_on": "fällig ab",
        },
        other={KEY: "id person"},
    ),
    TableRules(
        "learningplans.mentoroffer",
        "Angebote als Mentorin oder Mentor",
        "left",
        "person",
        personal={"competency": "Kompetenz", "offered_on": "angeboten am"},
        other={KEY: "id person"},
    ),
    # What the work leaves behind -------------------------------------------------------------------
    TableRules(
        "letters.letter",
        "E-Mails an die Person",
        "letters",
        "person",
        personal={
            "kind": "Art",
            "path": "Seite",
            "calendar": "Kalenderdatei",
            "state": "Stand",
            "written_at": "geschrieben am",
            "sent_on": "gesendet am",
            "problem": "Hinderungsgrund",
        },
        other={KEY: "id person", TECHNICAL: "key claimed_at attempts not_before message"},
    ),
    TableRules(
        "jobs.job",
        "Aufträge im Hintergrund",
        "jobs",
        "asked_by",
        personal={
            "title": "Titel",
            "asked_at": "angefordert am",
            "state": "Stand",
            "finished_at": "beendet am",
            "sentence": "Ergebnis",
            "lines": "im Einzelnen",
            "problem": "Problem",
            "file_name": "Dateiname",
            "content": "Datei",
            "options": "Vorgaben",
            "items": "zu tun",
            "tally": "gezählt",
            "subject": "Gegenstand",
        },
        other={KEY: "id asked_by", TECHNICAL: "kind for_hr takes_back total done moved_at in_hand_until tries"},
        withheld={
            "content": "Die Datei liegt unter „Aufträge“ zum Herunterladen bereit, solange Sie sie haben dürfen.",
            "options": "Technische Vorgaben, die mit dem Auftrag enden.",
            "items": "Was der Auftrag bearbeitet, sind Angaben über andere.",
            "tally": "Zwischenstände, die mit dem Auftrag enden.",
            "subject": "Eine Nummer.",
            "lines": "Was der Auftrag ergab, sind Angaben über andere.",
        },
    ),
    TableRules(
        "jobs.jobpart",
        "Dateien eines Auftrags",
        "jobs",
        "job__asked_by",
        personal={"name": "Dateiname", "made_at": "erstellt am", "content": "Datei"},
        other={KEY: "id job"},
        withheld={
            "content": "Die Datei liegt unter „Aufträge“ zum Herunterladen bereit, solange Sie sie haben dürfen.",
            "name": "Kann den Namen anderer enthalten.",
        },
    ),
    TableRules(
        "access_log.access",
        "Zugriffsprotokoll",
        "access",
        "about",
        personal={
            "what": "Art der Angaben",
            "how": "gelesen, bearbeitet oder mitgenommen",
            "round_id": "Runde",
            "role": "in welcher Rolle",
            "on": "am",
        },
        signed={"reader": "von", "instead_of": "in Vertretung für"},
        other={KEY: "id about"},
    ),
    TableRules(
        "django_tasks_database.dbtaskresult",
        "Aufgaben des Servers",
        "tasks",
        personal={"args_kwargs": "Angaben der Aufgabe", "return_value": "Ergebnis", "traceback": "Fehlerbericht"},
        other={
            KEY: "id",
            TECHNICAL: "status enqueued_at started_at finished_at priority task_path worker_ids queue_name "
            "backend_name run_after exception_class_path",
        },
        withheld_whole="Sie wiederholen kurz, was in den anderen Angaben steht, zum Beispiel die Adresse einer E-Mail.",
    ),
    TableRules(
        "sessions.session",
        "Sitzungen im Browser",
        "sessions",
        personal={"session_data": "Inhalt der Sitzung", "expire_date": "gilt bis"},
        other={KEY: "session_key"},
        withheld_whole="Sie enden von selbst und enthalten Geheimnisse der Anmeldung. Ihre Geräte melden Sie unter „Meine Daten“ ab.",
    ),
    TableRules(
        "people.sentform",
        "Gesendete Formulare",
        "forms",
        personal={"led_to": "führte zu", "sent_at": "gesendet am"},
        other={KEY: "key"},
        withheld_whole="Nach einem Tag gelöscht; gespeichert ist nur eine Prüfsumme, die zu niemandem führt.",
    ),
    TableRules(
        "people.stafffile",
        "Hochgeladene Personallisten",
        "lists",
        "uploaded_by",
        personal={
            "name": "Dateiname",
            "uploaded_at": "hochgeladen am",
            "shown": "Vorschau",
            "raw": "Datei",
            "content": "Inhalt",
        },
        other={KEY: "id uploaded_by", TECHNICAL: "as_of choices"},
        withheld=dict.fromkeys(("shown", "raw", "content"), "Angaben über andere, nach einem Tag gelöscht."),
    ),
    TableRules(
        "people.stafffilerow",
        "Zeilen einer Vorschau",
        "lists",
        personal={"searched": "gesucht wird in", "said": "Angaben"},
        other={KEY: "id file", TECHNICAL: "group place"},
        withheld_whole="Nach einem Tag gelöscht; übernommen stehen die Angaben in Ihren Stammdaten.",
    ),
    TableRules(
        "people.staffimport",
        "Übernommene Personallisten",
        "imports",
        "taken_over_by",
        personal={"taken_over_at": "übernommen am", "name": "Dateiname", "difference": "was die Liste geändert hat"},
        signed={"taken_over_by": "von", "taken_back_by": "zurückgenommen von"},
        other={KEY: "id", ORGANISATION: "new changed left units is_finished taken_back_at"},
        kept={"taken_over_at": "signature", "name": "signature"},
        withheld={"difference": "Angaben über viele andere; was davon Sie betrifft, steht in Ihren Stammdaten."},
    ),
    TableRules(
        "learningplans.offerlist",
        "Hochgeladene Angebotslisten",
        "offer_lists",
        "uploaded_by",
        personal={"name": "Dateiname", "uploaded_at": "hochgeladen am"},
        other={KEY: "id uploaded_by", ORGANISATION: "rows"},
    ),
    TableRules(
        "learningplans.bundle",
        "Zusammenstellungen von Dokumenten",
        "bundles",
        "requested_by",
        personal={"round": "Runde", "requested_at": "angefordert am", "finished_at": "fertig am"},
        signed={"requested_by": "angefordert von"},
        other={KEY: "id"},
    ),
    TableRules(
        "learningplans.bundledocument",
        "Kopien von Dokumenten in einer Zusammenstellung",
        "bundles",
        "participation__person",
        personal={
            "kind": "Art",
            "file_name": "Dateiname",
            "done_at": "erstellt am",
            "problem": "Problem",
            "content": "Datei",
        },
        other={KEY: "id bundle participation"},
        withheld={"content": "Dieselben Dokumente drucken Sie jederzeit selbst."},
    ),
    TableRules(
        "admin.logentry",
        "Eingriffe der technischen Verwaltung",
        "repairs",
        "user",
        personal={
            "action_time": "am",
            "object_repr": "Gegenstand",
            "action_flag": "Art",
            "change_message": "Änderung",
            "content_type": "Tabelle",
            "object_id": "Nummer",
        },
        other={KEY: "id user"},
        withheld=dict.fromkeys(("object_repr", "change_message", "object_id"), "Kann Angaben über andere enthalten."),
    ),
    # What is the administration's, with the hand of who did it ---------------------------------------
    TableRules(
        "assessments.round",
        "Runden",
        "settings_of_rounds",
        signed={"responsible": "Ansprechperson", "created_by": "angelegt von", "opened_by": "eröffnet von"},
        other={
            KEY: "id edition",
            ORGANISATION: "title purpose state procedure is_voluntary self_due manager_due talk_due plan_due disclosure hides_target "
            "shows_levels_to_hr has_peers peer_due calendar_tells calendar_changed_on opened_at closed_at",
        },
    ),
    TableRules(
        "assessments.roundchange",
        "Änderungen an Runden",
        "settings_of_rounds",
        signed={"by": "geändert von"},
        other={KEY: "id round", ORGANISATION: "on field before after"},
    ),
    TableRules(
        "assessments.round_people",
        "Nur für diese Personen geplante Runden",
        "left",
        "person",
        {"round": "Runde"},
        other={KEY: "id person"},
    ),
    TableRules(
        "learningplans.learninggroup",
        "Lerngruppen",
        "counts",
        signed={"proposed_by": "vorgeschlagen von"},
        other={
            KEY: "id",
            ORGANISATION: "competency from_level to_level told title format offer provider starts_on due_on seats hours cost answer_by "
            "proposed_at ended_on",
        },
    ),
    TableRules(
        "learningplans.goaltally",
        "Stände der gemeinsamen Ziele",
        "tallies",
        personal={"marks": "Prüfsummen, die zu niemandem führen"},
        signed={"by": "gezählt von"},
        other={KEY: "id key", ORGANISATION: "at k people ways"},
        withheld_whole="Zahlen von mindestens fünf Personen; wer gezählt wurde, ist niemandem bekannt.",
    ),
    TableRules(
        "results.publication",
        "Auswertungen",
        "counts",
        personal={"memberships": "Prüfsummen, die zu niemandem führen"},
        signed={"by": "festgestellt von", "introduction_by": "Einleitung von"},
        other={
            KEY: "id round key",
            ORGANISATION: "at k people taking_part is_final is_for_all left_out response effort introduction introduction_on",
        },
        withheld_whole="Zahlen von mindestens fünf Personen; wer gezählt wurde, steht nach dem Endstand nirgends.",
    ),
    TableRules(
        "papers.factsheetcomment",
        "Stellungnahmen zum Steckbrief einer Runde",
        "settings_of_rounds",
        personal={"text": "Stellungnahme", "on": "am"},
        signed={"by": "geschrieben von"},
        other={KEY: "id round", ORGANISATION: "as_read"},
        withheld_whole="Von Personalrat oder Datenschutz für ihre Aufgabe geschrieben; über niemanden.",
    ),
    TableRules(
        "papers.shownfactsheet",
        "Gezeigte Steckbriefe",
        "settings_of_rounds",
        signed={"shown_by": "gezeigt von"},
        other={KEY: "id round", ORGANISATION: "shown_on as_read"},
        withheld_whole="Wer von der Personalentwicklung eine Runde vorgestellt hat.",
    ),
    nothing_of_anybody("papers.paperversion", "Fassungen der Unterlagen", ORGANISATION, "id slug from_day lines"),
    nothing_of_anybody(
        "results.publishedgroup",
        "Zahlen einer Auswertung",
        ORGANISATION,
        "id publication place kind unit profile name depth people cells",
    ),
    nothing_of_anybody("people.unit", "Organisationseinheiten", ORGANISATION, "id number name parent"),
    nothing_of_anybody(
        "people.listshape",
        "Gemerkte Zuordnungen von Spalten",
        ORGANISATION,
        "id fingerprint headings sheet keys said_at",
    ),
    nothing_of_anybody("catalogue.level", "Stufen", CATALOGUE, "id value key name definition"),
    nothing_of_anybody("catalogue.category", "Kategorien", CATALOGUE, "id key name order"),
    nothing_of_anybody(
        "catalogue.competency",
        "Kompetenzen",
        CATALOGUE,
        "id key category order name wheel_label description section refresh_months",
    ),
    nothing_of_anybody("catalogue.levelanchor", "Verhaltensanker", CATALOGUE, "id competency level text"),
    nothing_of_anybody("catalogue.builtin", "Mitgelieferte Inhalte", CATALOGUE, "id model key"),
    nothing_of_anybody("catalogue.edition", "Fassungen des Katalogs", CATALOGUE, "digest content created_at"),
    nothing_of_anybody(
        "roles.roleprofile",
        "Rollenprofile",
        CATALOGUE,
        "id key name description tasks section is_builtin origin retired_at changed_at",
    ),
    nothing_of_anybody("roles.requirement", "Anforderungen", CATALOGUE, "id profile competency level necessity ground"),
    nothing_of_anybody("assessments.unitofround", "Organisationseinheiten einer Runde", ORGANISATION, "id round unit"),
    nothing_of_anybody("assessments.profileofround", "Rollen einer Runde", ORGANISATION, "id round profile"),
    nothing_of_anybody(
        "learningplans.learningformat",
        "Formate",
        CATALOGUE,
        "id key name description job learning_form needs needs_consent needs_mentor is_offered order",
    ),
    nothing_of_anybody(
        "learningplans.learningformat_suits", "Wozu ein Format passt", CATALOGUE, "id learningformat category"
    ),
    nothing_of_anybody(
        "learningplans.suitability", "Eignung von Formaten", CATALOGUE, "id format competency fits ground"
    ),
    nothing_of_anybody(
        "learningplans.offer",
        "Angebote",
        CATALOGUE,
        "id format title provider link hours cost first_day last_day seats is_offered",
    ),
    nothing_of_anybody(
        "learningplans.offer_competencies", "Kompetenzen eines Angebots", CATALOGUE, "id offer competency"
    ),
    nothing_of_anybody(
        "learningplans.offerdate", "Termine eines Angebots", CATALOGUE, "id offer starts_on ends_on place"
    ),
    nothing_of_anybody("learningplans.trainingyear", "Haushaltsjahre", ORGANISATION, "id year token"),
    nothing_of_anybody("learningplans.trainingbudget", "Fortbildungsbudgets", ORGANISATION, "id year unit amount"),
    nothing_of_anybody("documents.emblem", "Wappen", ORGANISATION, "id only kind content for_letters uploaded_at"),
    nothing_of_anybody(
        "auth.permission", "Rechte der technischen Verwaltung", TECHNICAL, "id name content_type codename"
    ),
    nothing_of_anybody("auth.group", "Gruppen der technischen Verwaltung", TECHNICAL, "id name"),
    nothing_of_anybody("auth.group_permissions", "Rechte einer Gruppe", TECHNICAL, "id group permission"),
    nothing_of_anybody("contenttypes.contenttype", "Arten von Tabellen", TECHNICAL, "id app_label model"),
    nothing_of_anybody(
        "socialaccount.socialapp",
        "Verzeichnis der Verwaltung",
        TECHNICAL,
        "id provider provider_id name client_id secret key settings",
    ),
    # What this itself leaves behind ------------------------------------------------------------------
    TableRules(
        "privacy.erasure",
        "Löschungen von Personen",
        "erasures",
        personal={"marks": "Prüfsummen der gelöschten Person"},
        signed={"by": "veranlasst von"},
        other={KEY: "id key", ORGANISATION: "erased_on signature"},
        withheld_whole="Prüfsummen, in denen niemand zu lesen ist.",
    ),
    nothing_of_anybody(
        "privacy.notice", "Ankündigungen von Löschungen", ORGANISATION, "id told_on due_on counts items settled_on"
    ),
    nothing_of_anybody("privacy.carriedout", "Was gelöscht wurde, als Zahlen", ORGANISATION, "id on rule number"),
]

BY_MODEL = {table.model: table for table in TABLES}

# Rows that are about a second person as well, as the Auskunft hands them out to these: with the rule of their table.
DAYS_OF_DEPUTY = {name: BY_MODEL["people.deputy"].personal[name] for name in ("since", "until", "ended_at")}
FROM_THE_OTHER_SIDE = [
    replace(
        BY_MODEL["people.deputy"],
        name="Wer Sie als Führungskraft vertreten hat",
        person="manager",
        personal={"person": "Vertretung", **DAYS_OF_DEPUTY},
    ),
    replace(
        BY_MODEL["people.deputy"],
        name="Wer Ihre Führungskraft bei Ihnen vertreten hat",
        person="people",
        personal={"person": "Vertretung", "manager": "Führungskraft", **DAYS_OF_DEPUTY},
    ),
    replace(
        BY_MODEL["assessments.peernomination"],
        name="Wer Sie im Kollegium gefragt hat",
        person="peer",
        personal={
            "participation": "gefragt von",
            "answered": "haben Sie geantwortet",
            "declined": "haben Sie abgelehnt",
        },
        withheld={},
    ),
]
