"""The columns of a staff list: how they may be called, which are read, which never; apps above add theirs."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from kompetenz import hooks
from kompetenz.people.names import fold

ADDITIONS = (
    "personalnummer", "pers.-nr.", "persnr", "pnr", "nr.", "nr", "nummer", "dienstlich", "pflichtfeld", "pflicht", "optional", "datum",
    "tt.mm.jjjj", "r", "in",
)  # fmt: skip


@dataclass(frozen=True)
class ListColumn:
    """A column that is read; ``aliases`` are other headings for it, ``examples`` two cells of the template."""

    key: str
    title: str
    aliases: str
    explanation: str
    examples: tuple[str, str]
    label: str = ""  # how the preview calls it, where the title is longer
    is_required: bool = False
    holds_numbers: bool = False  # in the template as text, or Excel takes the zeros at the front

    @property
    def what(self) -> str:
        return self.label or self.title


OWN = [
    ListColumn(
        "number",
        "Personalnummer",
        "Personalnr Personal-Nr Pers.-Nr. Persnr Personal-ID Pernr PNR P-Nr. Stammnummer Mitarbeiternummer Mitarbeiternr",
        "Pflicht. Daran wird eine Person erkannt. Führende Nullen bleiben erhalten, wenn die Spalte als Text formatiert ist.",
        ("000815", "000816"),
        is_required=True,
        holds_numbers=True,
    ),
    ListColumn(
        "last_name",
        "Nachname",
        "Name Familienname Zuname NACHN SN LName",
        "Pflicht.",
        ("Beispiel", "Muster-Şahin"),
        is_required=True,
    ),
    ListColumn(
        "first_name", "Vorname", "Vornamen Rufname Vorn. VORNA FName", "Pflicht.", ("Bea", "Cem"), is_required=True
    ),
    ListColumn(
        "email",
        "E-Mail",
        "Mail Email-Adresse E-Mail-Adresse Mailadresse E-Mail-dienstlich dienstliche-E-Mail dienstliche-E-Mail-Adresse",
        "Die dienstliche Adresse. Ohne sie ist keine Anmeldung möglich. Jede Adresse gehört zu einer Person.",
        ("bea.beispiel@example.org", "cem.muster@example.org"),
    ),
    ListColumn(
        "unit_number",
        "Organisationseinheit-Nr.",
        "Organisationseinheit Organisationseinheitnummer Nummer-der-Organisationseinheit OE OE-Nr OE-Nummer Orgeinheit Org.-Einheit-Nr"
        " Orgeinheit-Nummer ORGEH",
        "Die Nummer der Organisationseinheit. Eine Nummer, die es noch nicht gibt, legt mit der OE-Bezeichnung eine Einheit an.",
        ("10", "10.1"),
        label="Organisationseinheit",
        holds_numbers=True,
    ),
    ListColumn(
        "unit_name",
        "OE-Bezeichnung",
        "OE-Name Name-der-OE Bezeichnung-OE Organisationseinheit-Bezeichnung Bezeichnung-der-Organisationseinheit"
        " Organisationseinheit-Name Name-der-Organisationseinheit Orgeinheit-Bezeichnung ORGTX",
        "Der Name der Organisationseinheit; in allen Zeilen mit derselben Nummer gleich.",
        ("Hauptamt", "Personal und Organisation"),
    ),
    ListColumn(
        "unit_parent",
        "Übergeordnete OE",
        "Uebergeordnete-OE Übergeordnete-OE-Nr Uebergeordnete-OE-Nr Übergeordnete-Organisationseinheit Uebergeordnete-Organisationseinheit"
        " Übergeordnete-Einheit OE-übergeordnet",
        "Die Nummer der Einheit darüber. Leer: Die Einheit bleibt, wo sie ist; eine neue steht ganz oben.",
        ("", "10"),
        holds_numbers=True,
    ),
    ListColumn(
        "manager",
        "Führungskraft (Personalnummer)",
        "Führungskraft Fuehrungskraft Führungskraft-Personalnummer Führungskraft-PersNr Führungskraft-PNR Personalnummer-Führungskraft"
        " Personalnummer-der-Führungskraft Vorgesetzter Vorgesetzte Vorgesetzter-Personalnummer Vorgesetzte-Personalnummer"
        " Vorgesetzter-PersNr Vorgesetzter-PNR Personalnummer-Vorgesetzter PNR-Vorgesetzter MNGNR",
        "Die Personalnummer der Führungskraft, ihre E-Mail-Adresse oder ihr Name, wenn nur eine Person so heißt. Sie steht selbst in der"
        " Liste oder ist schon bekannt.",
        ("", "000815"),
        label="Führungskraft",
        holds_numbers=True,
    ),
    ListColumn(
        "leaving_date",
        "Austritt",
        "Austrittsdatum Austritt-am Austritt-zum letzter-Arbeitstag ausgeschieden-am beschäftigt-bis",
        "Der letzte Arbeitstag als TT.MM.JJJJ. Danach ist keine Anmeldung mehr möglich. Leer, 00.00.0000 oder 31.12.9999: kein Austritt.",
        ("", ""),
    ),
]
FULL_NAME, FIRST_NAME_FIRST, LAST_NAME_FIRST = "full_name", "first_name_first", "last_name_first"
UNIT_PATH, UNIT_LEVEL = "unit_path", "unit_level"
NAME_PREFIX, NAME_TITLE = "name_prefix", "name_title"
MANAGER_FIRST_NAME, NUMBER_AND_NAME = "manager_first_name", "number_and_name"
POST, MANAGER_POST = "post", "manager_post"
STATUS = "status"
# Other ways in which lists say the same; the template has none of them.
IN_OTHER_WORDS = [
    ListColumn(
        FULL_NAME,
        "Nachname, Vorname in einer Spalte",
        "Name,Vorname Nachname,Vorname Name/Vorname Familienname,Vorname Name-und-Vorname Nachname-und-Vorname",
        "Beide Namen mit einem Komma dazwischen.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        FIRST_NAME_FIRST,
        "Vorname Nachname in einer Spalte",
        "Vorname-Name Vorname-Nachname Vor-und-Nachname Vor-und-Zuname Vorname-und-Name Vorname-und-Nachname",
        "Beide Namen ohne Komma, der Nachname zuletzt.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        LAST_NAME_FIRST,
        "Nachname Vorname in einer Spalte, ohne Komma",
        "",
        "Beide Namen ohne Komma, der Nachname zuerst.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        NAME_PREFIX,
        "Zusatz vor dem Nachnamen",
        "Vorsatzwort Namenszusatz Namensvorsatz Vorsatz Adelszusatz Namenspräfix",
        "Was vor dem Nachnamen steht, zum Beispiel „von der“.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        NAME_TITLE,
        "Titel",
        "Title Titel/Grad Akademischer-Titel akad.-Titel akad.-Grad Akademischer-Grad Doktortitel",
        "Ein Titel vor dem Vornamen, zum Beispiel „Dr.“.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        NUMBER_AND_NAME,
        "Personalnummer und Name in einer Spalte",
        "",
        "Die Nummer und beide Namen mit einem Komma dazwischen, zum Beispiel „000815 Beispiel, Bea“ oder „Beispiel, Bea (000815)“.",
        ("", ""),
        label="Name",
    ),
    ListColumn(
        MANAGER_FIRST_NAME,
        "Vorname der Führungskraft",
        "",
        "Wenn ihr Nachname in einer Spalte „Führungskraft“ steht.",
        ("", ""),
        label="Führungskraft",
    ),
    ListColumn(
        POST,
        "Planstelle (Nummer)",
        "Planstellennummer Planstellen-Nr Stellennummer Stellen-Nr",
        "Die Stelle der Person. Nur zusammen mit der Planstelle der Führungskraft; gespeichert wird keine von beiden.",
        ("", ""),
        label="Führungskraft",
    ),
    ListColumn(
        MANAGER_POST,
        "Planstelle der Führungskraft (Nummer)",
        "",
        "Wer diese Stelle hat, ist die Führungskraft; ist sie unbesetzt, die darüber.",
        ("", ""),
        label="Führungskraft",
    ),
    ListColumn(
        STATUS,
        "Status: wer ausgeschieden ist",
        "",
        "Steht dort „ausgeschieden“ oder Ähnliches und kein Austritt daneben, wird die Zeile nicht gelesen.",
        ("", ""),
        label="Status",
    ),
    ListColumn(
        UNIT_PATH,
        "Organisationseinheit als Name oder Pfad",
        "OrgEinheit-Text Orgeinheit-Langtext Organisationseinheit-Text OE-Text OE-Pfad Organisationspfad Organisationseinheit-Pfad",
        "Der Name der Einheit, oder alle Einheiten von oben nach unten, zum Beispiel „Dezernat II / Amt 40 / SG 40.1“.",
        ("", ""),
        label="Organisationseinheit",
    ),
    ListColumn(
        UNIT_LEVEL,
        "Organisationseinheit, eine Ebene",
        "",
        "Je Ebene eine Spalte, von oben nach unten, zum Beispiel Dezernat, Amt, Sachgebiet.",
        ("", ""),
        label="Organisationseinheit",
    ),
]
OF_A_TABLE = re.compile(
    r"^\[?(dbo\.\[?|(tbl|qry|vw)_?(?=[A-ZÄÖÜ])|p[a-z]?\d{4}[-_.])|[\[\]▲▼↑↓↕⇅]+", re.IGNORECASE
)  # [tblPersonal.PersNr]
COUNTED = re.compile(r"^\W*(\d{1,2}|[a-z])[.):]\s+", re.IGNORECASE)  # 1. Personalnummer
ERROR_COLUMN = "Fehler (Kompetenzrad)"  # of the list with its errors, which is mended and loaded again
KNOWN_AND_NOT_KEPT = {
    "Vertretung": "Stellvertretung Vertreter Vertreterin Vertreter-in",
    "Eintritt": "Eintrittsdatum Eintritt-am Einstellung Einstellungsdatum beschäftigt-seit",
}
NEVER_READ = """
    Geburtsdatum Geburtstag Geburtsname Geburtsort geb.-am Alter Geschlecht Anrede Familienstand Kinder Konfession Religion
    Staatsangehörigkeit Nationalität Entgeltgruppe Entgeltstufe Besoldungsgruppe Besoldung Vergütungsgruppe EG Gehalt Entgelt Lohn Bezüge
    Leistungsentgelt Beurteilung Schwerbehinderung Behinderung Schwerbehindert GdB Grad-der-Behinderung Krankheitstage Fehltage Fehlzeiten
    Krank Elternzeit Mutterschutz Gewerkschaft Foto IBAN Bankverbindung Steuer-ID Steuerklasse Sozialversicherungsnummer SV-Nummer
    Krankenkasse Anschrift Adresse Privatanschrift Straße PLZ Wohnort Telefon-privat Privattelefon E-Mail-privat private-E-Mail
    Mail-privat
"""
NEVER_READ_BEGINS = (
    "geburt", "gebdat", "entg", "besold", "gehalt", "vergut", "schwerbeh", "konfession", "religion", "steuer", "iban", "krank",
    "familienst", "staatsang", "sozialvers", "gewerkschaft", "privat",
)  # fmt: skip


class ColumnReader(Protocol):
    """What reads a column of an app above; values are hashable and read as text.

    ``held`` is what each person had when it was loaded, by their id, ``now`` what some have at this moment. ``read`` raises Refused for
    a text that means nothing.
    """

    @property
    def held(self) -> Mapping[int, Hashable]: ...

    def now(self, people: list[int]) -> Mapping[int, Hashable]: ...

    def read(self, text: str) -> Hashable: ...

    def take_over(self, given: Mapping[Hashable, list[object]]) -> None: ...


@dataclass(frozen=True)
class FurtherColumn:
    """A column of an app above. ``load`` is called once for a list. An empty cell changes nothing.

    ``state`` is a text that differs as soon as ``load`` would read something else. ``take_back`` gives people again what they had, as
    its text, "" for nothing, before a list was taken over on that day.
    """

    column: ListColumn
    load: Callable[[], ColumnReader]
    state: Callable[[], str]
    take_back: Callable[[Mapping[object, str], date], None]
    names: Callable[[], list[str]]  # what may stand there
    kept_in: str  # the label of the model whose rows a list makes


def further() -> list[FurtherColumn]:
    """The columns that apps above read; each is the same object in every call."""
    return hooks.ask("staff_columns")


def columns() -> list[ListColumn]:
    return [*OWN, *(one.column for one in further())]


def targets() -> list[ListColumn]:
    """Whatever a column of a list may be read as."""
    return [*columns(), *IN_OTHER_WORDS]


def is_example(texts: Mapping[str, str]) -> bool:
    """Whether a row, as texts by key, is one of the template's examples that somebody has left in the list."""
    required = [column for column in columns() if column.is_required]
    return any(all(texts.get(column.key) == column.examples[row] for column in required) for row in (0, 1))


def spelled(heading: str) -> str:
    """A heading without what people write differently: case, accents, spaces, hyphens, stars, dots."""
    return re.sub(r"[^a-z0-9]", "", fold(heading))


def spellings(heading: str) -> list[str]:
    """The heading as it stands, and without an addition such as (Personalnummer)."""
    bare = re.sub(
        r"\(([^()]*)\)", lambda found: "" if fold(found[1]) in ADDITIONS else found[0], COUNTED.sub("", heading)
    )
    return [spelled(heading), spelled(bare), spelled(OF_A_TABLE.sub("", bare))]


@cache
def meanings() -> dict[str, ListColumn | str]:
    """What each known spelling means: a ListColumn, or the title of one that is known and not kept."""
    kept = {spelled(name): column for column in targets() for name in (column.title, *column.aliases.split())}
    others = KNOWN_AND_NOT_KEPT.items()
    return {spelled(name): title for title, aliases in others for name in (title, *aliases.split())} | kept


def recognised(heading: str) -> ListColumn | str | None:
    """What a heading means, as in ``meanings``; None if it is unknown."""
    found = (meanings().get(spelling) for spelling in spellings(heading))
    return next((meaning for meaning in found if meaning), None)


@cache
def never_read() -> set[str]:
    return {spelled(name) for name in [*NEVER_READ.split(), ERROR_COLUMN]}


def is_never_read(heading: str) -> bool:
    """Whether the heading is that of data which do not belong here, also where it is shortened or has more words: "Gebdat", "EntgGr"."""
    return spelled(heading) in never_read() or spelled(heading).startswith(NEVER_READ_BEGINS)
