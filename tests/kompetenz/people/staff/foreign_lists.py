"""Staff lists as other programs and other people's Excel write them, of the same ten invented people, and what a clerk expects of each.

``python -m bench.lists`` says what becomes of them.
"""

import csv
import io
import struct
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Font
from xlwt import CompoundDoc

from tests.kompetenz.people.staff.lists import packed, text, workbook
from tests.kompetenz.people.staff.other_books import ods, strict, xls, xlsb


@dataclass(frozen=True)
class Somebody:
    number: str
    last: str
    first: str
    mail: str
    dezernat: str
    amt: str  # with its number, "10 Hauptamt"
    boss: str = ""  # the number of their manager
    until: date | None = None

    @property
    def unit(self):
        return self.amt.split(" ", 1)[1]

    @property
    def code(self):
        return self.amt.split(" ", 1)[0]

    @property
    def both(self):
        return f"{self.last}, {self.first}"

    def day(self, shape="%d.%m.%Y", never=""):
        return self.until.strftime(shape) if self.until else never


def somebody(number, name, amt, boss="", until=None):
    last, first = name.split(", ")
    plain = f"{first}.{last}".lower().translate(
        str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "ë": "e"})
    )
    return Somebody(f"{number:06}", last, first, f"{plain}@kreis.example", "I" if amt < "3" else "II", amt, boss, until)


PEOPLE = [
    somebody(1204, "Größlin, Wiebke", "10 Hauptamt"),
    somebody(1317, "Müller-Lüdenscheidt, Anna-Lena", "10 Hauptamt", "001204"),
    somebody(1489, "Käsbohrer, Jörg", "10 Hauptamt", "001204", date(2099, 6, 30)),
    somebody(2051, "Täubner, Sören", "20 Kämmerei", "001204"),
    somebody(2177, "von der Mühlen, Änne", "20 Kämmerei", "002051"),
    somebody(2290, "Weißhäupl, Björn", "20 Kämmerei", "002051", date(2098, 12, 15)),
    somebody(3008, "Öztürk, Käthe", "40 Schulamt", "001204"),
    somebody(3120, "Bärwinkel, Günther", "40 Schulamt", "003008"),
    somebody(3333, "Übelhör, Zoë", "40 Schulamt", "003008"),
    somebody(3471, "Strauß, Mückel", "40 Schulamt", "003008"),
]
BY_NUMBER = {one.number: one for one in PEOPLE}


@dataclass(frozen=True)
class Expected:
    """What a clerk expects: everybody with what the list says of them, or a ``refused`` list and a word of the reason.

    ``carries`` are the fields the list has; ``errors`` the rows that have to be mended, and ``without`` whose.
    """

    carries: tuple[str, ...] = ("mail", "unit", "boss", "until")
    errors: int = 0
    without: tuple[str, ...] = ()
    refused: str = ""
    people: tuple[Somebody, ...] = tuple(PEOPLE)

    def told(self):
        """``{number: what is to become of them}``."""
        return {
            one.number: (one.both, *(said(getattr(one, field)) for field in self.carries))
            for one in self.people
            if one.number not in self.without
        }


def said(value):
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else value or ""


ALL = ("mail", "unit", "boss", "until")
LISTS = {}


def listed(name, *carries, **expected):
    """Notes a function that makes a file, under its name."""

    def note(make):
        LISTS[name] = make, Expected(carries, **expected)
        return make

    return note


def rows_of(*columns, people=PEOPLE):
    """Header and rows of columns, each a heading and what it says of somebody."""
    return [[heading for heading, _ in columns], *([tell(one) for _, tell in columns] for one in people)]


def number(one):
    return one.number


def last(one):
    return one.last


def first(one):
    return one.first


def both(one):
    return one.both


def mail(one):
    return one.mail


def unit(one):
    return one.unit


def code(one):
    return one.code


def amt(one):
    return one.amt


def boss(one):
    return one.boss


def day(one):
    return one.day()


def nothing(one):
    return ""


# Personnel systems ---------------------------------------------------------------------------------


@listed("sap_hcm_ad_hoc.xlsx", *ALL)
def sap_hcm():
    return workbook(
        *rows_of(
            ("PersNr", lambda one: f"00{one.number}"[-8:]),
            ("Personalbereich", lambda one: "1000"),
            ("MAGruppe", lambda one: "Aktive"),
            ("Anredeschlüssel", lambda one: "1"),
            ("Nachname", last),
            ("Vorname", first),
            ("Lange Identifikation/Nummer", lambda one: one.mail.upper()),
            ("Organisationseinheit", lambda one: f"500000{one.code}"),
            ("Bezeichnung der OrgEinheit", unit),
            ("Planstelle", lambda one: "60001234"),
            ("Persnr. des Leiters", lambda one: one.boss and f"00{one.boss}"[-8:]),
            ("Ende Vertrag", lambda one: one.day(never="31.12.9999")),
        )
    )


LISTS["sap_hcm_ad_hoc.xlsx"] = (
    sap_hcm,
    Expected(
        ALL, people=tuple(replace(one, number=f"00{one.number}", boss=one.boss and f"00{one.boss}") for one in PEOPLE)
    ),
)


@listed("sap_liste_gespeichert.txt", "unit", "boss", "until")
def sap_listviewer():
    """What SAP's list saves as text: strokes, dashes, a date above."""
    rows = rows_of(
        ("Pers.Nr.", number), ("Nachname", last), ("Vorname", first), ("OrgEh", code), ("Text OrgEinheit", unit),
        ("PersNr Vorg", boss), ("Austritt", lambda one: one.day(never="00.00.0000")),
    )  # fmt: skip
    line = "-" * 90
    lines = [
        "30.11.2026   Dynamische Listausgabe   1",
        line,
        *("|" + "|".join(f"{cell:<12}" for cell in row) + "|" for row in rows),
    ]
    return "\r\n".join([*lines[:3], line, *lines[3:], line]).encode("cp1252")


@listed("successfactors_zwei_kopfzeilen.csv", *ALL)
def successfactors():
    rows = rows_of(
        ("STATUS", lambda one: "active"), ("USERID", number), ("USERNAME", lambda one: one.mail.partition("@")[0]),
        ("FIRSTNAME", first), ("LASTNAME", last), ("EMAIL", mail), ("DEPARTMENT", lambda one: f"{one.unit} ({one.code})"),
        ("MANAGER", lambda one: one.boss or "NO_MANAGER"), ("HIREDATE", lambda one: "01/15/2001"),
        ("COMPANYEXITDATE", lambda one: one.day("%m/%d/%Y")),
    )  # fmt: skip
    labels = [
        "Status",
        "User ID",
        "Username",
        "First Name",
        "Last Name",
        "Email",
        "Department",
        "Manager",
        "Hire Date",
        "Exit Date",
    ]
    return in_quotes([rows[0], labels, *rows[1:]], separator=",")


def in_quotes(rows, separator=";", encoding="utf-8-sig", quoting=csv.QUOTE_ALL):
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode(encoding)


@listed("englisch_hris.csv", *ALL)
def english():
    rows = rows_of(
        ("Employee ID", number), ("Surname", last), ("Given name", first), ("Work email", mail), ("Department", unit),
        ("Line manager email", lambda one: one.boss and BY_NUMBER[one.boss].mail.title()),
        ("Termination date", lambda one: one.day("%Y-%m-%dT00:00:00")),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8", csv.QUOTE_MINIMAL)


@listed("loga_als_formel.csv", "unit", "boss", "until")
def loga():
    """P&I LOGA for Excel: numbers as ="00123", so that zeros stay."""
    rows = rows_of(
        ("Mandant", lambda one: "1"), ("AK", lambda one: "01"), ("PNR", lambda one: f'="{one.number}"'), ("NAME", last), ("VORNAME", first),
        ("KST", lambda one: "4711"), ("OE-NR", lambda one: f'="{one.code}"'), ("OE-BEZ", unit),
        ("VORGES", lambda one: f'="{one.boss}"' if one.boss else ""), ("AUSTRDAT", lambda one: one.day("%Y%m%d", "99991231")),
    )  # fmt: skip
    return text(*rows, encoding="cp1252")


@listed("persis_dienststelle.xlsx", *ALL)
def persis():
    rows = rows_of(
        ("Stamm-Nr.", number), ("Familienname", last), ("Vorname (Rufname)", first), ("Amtsbez.", lambda one: "VA"),
        ("Dst.-Nr.", code), ("Dienststelle", unit), ("E-Mail (dienstl.)", mail), ("Vorgesetzte/r (Stamm-Nr.)", boss),
        ("Dienstende", lambda one: one.until),
    )  # fmt: skip
    return workbook(["PersIS Auswertung 0815"], ["Stichtag: 30.11.2026"], [], *rows)


@listed("kidicap_kompakt.csv", "unit", "until")
def kidicap():
    rows = rows_of(
        ("ABRKR", lambda one: "0001"), ("PNR", number), ("FAMNAME", last), ("VORNAME", first), ("DST", code), ("DST-BEZ", unit),
        ("EINTR", lambda one: "20010115"), ("AUSTR", lambda one: one.day("%Y%m%d", "00000000")), ("GEBDAT", lambda one: "19700101"),
    )  # fmt: skip
    return text(*rows, encoding="cp850")


@listed("datev_lohn.csv", "unit", "until")
def datev():
    rows = rows_of(
        ("Personalnummer", number), ("Familienname", last), ("Vorname", first), ("Abteilung", unit), ("Steuerklasse", lambda one: "1"),
        ("Datum des Austritts", day),
    )  # fmt: skip
    return in_quotes([["DATEV", "Lohn und Gehalt", "Beraternr. 29098", "Mandant 55003"], *rows], encoding="cp1252")


@listed("fidelis_mitarbeiter.xlsx", *ALL)
def fidelis():
    return workbook(
        *rows_of(
            ("Personalnr.", number), ("Mitarbeiter", both), ("Mailadresse dienstlich", mail), ("Org.-Einheit", amt),
            ("Vorgesetzte(r)", lambda one: BY_NUMBER[one.boss].both if one.boss else "N.N."), ("Vertragsende", lambda one: one.until or "unbefristet"),
        )
    )  # fmt: skip


def host(encoding, newline="\n"):
    rows = rows_of(
        ("PNR", number),
        ("NAME", last),
        ("VORNAME", first),
        ("MAIL", mail),
        ("AUSTRITT", lambda one: one.day("%Y%m%d", "00000000")),
    )
    return newline.join(";".join(row) for row in rows).encode(encoding)


for _charset in ("cp273", "cp500", "cp037"):
    for _what, _newline in (("lf", "\n"), ("nel", "\x85"), ("crlf", "\r\n")):
        LISTS[f"paisy_ebcdic_{_charset}_{_what}.txt"] = (
            lambda charset=_charset, newline=_newline: host(charset, newline),
            Expected(("mail", "until")),
        )


@listed("vis_organisationszeichen.xlsx", *ALL)
def vis():
    return workbook(
        *rows_of(
            ("Kennung", number), ("Nachname", last), ("Vorname", first), ("E-Mail-Adresse", mail), ("Organisationszeichen", code),
            ("Struktureinheit", unit), ("Disziplinarische/r Vorgesetzte/r", boss), ("Beschäftigt bis", day),
        )
    )  # fmt: skip


# One's own Excel -----------------------------------------------------------------------------------


USUAL = (
    ("Personalnummer", number),
    ("Nachname", last),
    ("Vorname", first),
    ("E-Mail", mail),
    ("Amt", amt),
    ("Führungskraft", boss),
    ("Austritt", day),
)


def usual(*more, **changed):
    """The usual columns, some told otherwise by their heading's first word."""
    return [(heading, changed.get(heading.split("-")[0], tell)) for heading, tell in USUAL] + list(more)


@listed("amt_verbunden.xlsx", "mail", "unit", "boss", "until")
def merged_units():
    def merge(book):
        for rows in ("E2:E4", "E5:E7", "E8:E11"):
            book.active.merge_cells(rows)

    return workbook(*rows_of(*usual()), change=merge)


@listed("pivot_gliederung.xlsx", "unit")
def pivot():
    """A pivot in outline: the unit stands in the first row of its people alone, sums below."""
    rows, before = [["Amt", "Personalnummer", "Nachname", "Vorname", "Anzahl von E-Mail"]], None
    for one in PEOPLE:
        if before and before.amt != one.amt:
            rows.append([f"{before.amt} Ergebnis", None, None, None, 3])
        rows.append([None if before and before.amt == one.amt else one.amt, one.number, one.last, one.first, 1])
        before = one
    return workbook(*rows, [f"{before.amt} Ergebnis", None, None, None, 4], ["Gesamtergebnis", None, None, None, 10])


@listed("zwei_kopfzeilen.xlsx", *ALL)
def two_headers():
    rows = rows_of(*usual())
    rows[0] = ["Nr.", "Name", "Vorname", "E-Mail", "Bezeichnung", "Pers.-Nr.", "Ende"]
    groups = ["Beschäftigte", None, None, None, "Organisationseinheit", "Führungskraft", "Vertrag"]

    def merge(book):
        book.active.merge_cells("A1:D1")

    return workbook(groups, *rows, change=merge)


@listed("aemter_als_zwischenzeilen.xlsx", "mail", "unit")
def sections():
    return workbook(*in_sections(lambda one: [one.amt], lambda one: [one.number, one.last, one.first, one.mail]))


def in_sections(title, row, header=("Personalnummer", "Nachname", "Vorname", "E-Mail"), more=lambda one: []):
    rows, before = [list(header)], None
    for one in PEOPLE:
        if one.amt != before:
            rows += [title(one), *more(one)]
        rows.append(row(one))
        before = one.amt
    return rows


@listed("aemter_und_leitung_als_zwischenzeilen.xlsx", "unit", "boss")
def sections_with_managers():
    """Whoever leads a unit is named above its people; they themselves have the head of the house."""
    heads = {"10 Hauptamt": "001204", "20 Kämmerei": "002051", "40 Schulamt": "003008"}
    return workbook(
        *in_sections(
            lambda one: [one.amt],
            lambda one: [one.number, one.last, one.first],
            ("Personalnummer", "Nachname", "Vorname"),
            lambda one: [[f"Leitung: {BY_NUMBER[heads[one.amt]].both}"]],
        )
    )


LISTS["aemter_und_leitung_als_zwischenzeilen.xlsx"] = (
    sections_with_managers,
    # that somebody leads themselves is nobody's mistake: they have none by this list
    Expected(
        ("unit", "boss"),
        people=tuple(
            replace(one, boss="" if one.number in {"001204", "002051", "003008"} else one.boss) for one in PEOPLE
        ),
    ),
)


@listed("gruppen_mit_anzahl.xlsx", "mail")
def counted_groups():
    rows, group = [["Personalnummer", "Nachname", "Vorname", "E-Mail"]], []
    for place, one in enumerate(PEOPLE):
        group.append(one)
        rows.append([one.number, one.last, one.first, one.mail])
        if place + 1 == len(PEOPLE) or PEOPLE[place + 1].amt != one.amt:
            rows.append([len(group), "Anzahl", None, None])
            group = []
    return workbook(*rows, [10, "Gesamtzahl", None, None])


@listed("gruppen_mit_anzahl_ein_name.xlsx", "mail")
def counted_groups_one_name():
    rows = [["PersNr", "Name, Vorname", "Mail"], *([one.number, one.both, one.mail] for one in PEOPLE)]
    return workbook(
        *rows[:4],
        [3, "Anzahl"],
        *rows[4:7],
        [3, "Anzahl"],
        *rows[7:],
        [4, "Anzahl"],
        ["Anzahl Beschäftigte: 10"],
        [None, "10 Personen"],
    )


@listed("leerzeichen_und_trennstriche.xlsx", *ALL)
def blanks():
    def odd(value):
        return f"\xa0 {value}\u2009 "

    rows = rows_of(*usual())
    rows[0] = [
        "Personal\xad-\nnummer",
        " Nach\xadname ",
        "\xa0Vorname\xa0",
        "E\u2011Mail",
        "Amt\u200b",
        "Führungs-\nkraft",
        "Aus\xadtritt",
    ]
    return workbook(rows[0], *([odd(cell) if cell else cell for cell in row] for row in rows[1:]))


@listed("weiche_trennstriche_in_namen.xlsx", *ALL)
def soft_hyphens():
    def soft(one):
        return one.last.replace("bohrer", "\xadbohrer").replace("häupl", "\xadhäupl")

    return workbook(*rows_of(*usual(Nachname=soft, Amt=lambda one: one.amt.replace("amt", "\xadamt"))))


@listed("titel_und_geburtsname.xlsx", *ALL)
def titles():
    def name(one):
        return (
            "Müller-Lüdenscheidt, Dr. Anna-Lena (geb. Meier)"
            if "Lena" in one.first
            else one.both.replace("Zoë", "Zoë geb. Klöß")
        )

    columns = [("Personalnummer", number), ("Name", name), *usual()[3:]]
    return workbook(*rows_of(*columns))


_DOCTOR = tuple(replace(one, first="Dr. Anna-Lena") if "Lena" in one.first else one for one in PEOPLE)
LISTS["titel_und_geburtsname.xlsx"] = titles, Expected(ALL, people=_DOCTOR)


@listed("adelszusatz_hinten.xlsx", *ALL)
def nobles():
    def name(one):
        return "Mühlen, Änne von der" if one.last.startswith("von") else one.both

    return workbook(*rows_of(("Personalnummer", number), ("Name, Vorname", name), *usual()[3:]))


@listed("vorsatzwort_eigene_spalte.xlsx", *ALL)
def prefixes():
    return workbook(
        *rows_of(
            ("Personalnummer", number), ("Titel", lambda one: "Dr." if "Lena" in one.first else None),
            ("Vorsatzwort", lambda one: "von der" if one.last.startswith("von") else None),
            ("Nachname", lambda one: one.last.removeprefix("von der ")), *usual()[2:],
        )
    )  # fmt: skip


LISTS["vorsatzwort_eigene_spalte.xlsx"] = prefixes, Expected(ALL, people=_DOCTOR)


@listed("initialen.xlsx", *ALL)
def initials():
    return workbook(*rows_of(*usual(Vorname=lambda one: f"{one.first[0]}.")))


LISTS["initialen.xlsx"] = (
    initials,
    Expected(ALL, people=tuple(replace(one, first=f"{one.first[0]}.") for one in PEOPLE)),
)


@listed("vorname_zuerst.csv", *ALL)
def first_names_first():
    rows = rows_of(("PNR", number), ("Vor- und Nachname", lambda one: f"{one.first} {one.last}"), *usual()[3:])
    return in_quotes(rows, "\t", "utf-16")


# Numbers, days, words ------------------------------------------------------------------------------


@listed("nummern_mit_apostroph.csv", *ALL)
def apostrophes():
    return in_quotes(
        rows_of(
            *usual(Personalnummer=lambda one: f"'{one.number}", Führungskraft=lambda one: one.boss and f"'{one.boss}")
        ),
        "|",
    )


_SHORT = tuple(replace(one, number=one.number.lstrip("0"), boss=one.boss.lstrip("0")) for one in PEOPLE)


@listed("nummern_als_gleitkomma.csv", *ALL, people=_SHORT)
def floats():
    """What pandas makes of numbers beside empty cells."""
    columns = usual(
        Personalnummer=lambda one: f"{int(one.number)}.0",
        Führungskraft=lambda one: f"{int(one.boss)}.0" if one.boss else "",
    )
    return in_quotes(rows_of(*columns), ",", "utf-8", csv.QUOTE_MINIMAL)


@listed("fuehrungskraft_als_gleitkomma.csv", *ALL, people=_SHORT)
def floats_of_managers():
    columns = usual(
        Personalnummer=lambda one: one.number.lstrip("0"),
        Führungskraft=lambda one: f"{int(one.boss)},0" if one.boss else "nan",
    )
    return in_quotes(rows_of(*columns), ";", "utf-8", csv.QUOTE_MINIMAL)


@listed("nummern_gekuerzt.csv", errors=10, without=tuple(BY_NUMBER))
def exponents():
    return in_quotes(rows_of(*usual(Personalnummer=lambda one: f"1,23{one.number[2:4]}E+11", Führungskraft=nothing)))


@listed("nummern_als_zahl.xlsx", *ALL, people=_SHORT)
def plain_numbers():
    return workbook(
        *rows_of(
            *usual(Personalnummer=lambda one: float(one.number), Führungskraft=lambda one: one.boss and float(one.boss))
        )
    )


@listed("daten_in_vielen_formen.csv", *ALL)
def many_days():
    shapes = iter(["%d.%m.%Y", "%d-%b-%Y"])
    columns = usual(Austritt=lambda one: one.day(next(shapes).replace("%b", "Dez")) if one.until else "")
    return in_quotes(rows_of(*columns))


@listed("daten_mit_schraegstrich.csv", *ALL)
def slashes():
    return in_quotes(rows_of(*usual(Austritt=lambda one: one.day("%d/%m/%Y", "31/12/9999"))), ",")


@listed("daten_mit_uhrzeit_und_ausgeschrieben.csv", *ALL)
def written_days():
    shapes = iter(["30. Juni 2099", "15.12.98 00:00"])
    return in_quotes(rows_of(*usual(Austritt=lambda one: next(shapes) if one.until else "n. v.")))


LISTS["daten_mit_uhrzeit_und_ausgeschrieben.csv"] = (
    written_days,
    Expected(ALL, without=("002290",)),  # whoever left in 1998 is not taken up
)


@listed("ja_und_nein.xlsx", "mail", "unit", "until")
def booleans():
    """Whether somebody leads is no manager, whether they are active no last day."""
    leads = {one.boss for one in PEOPLE}
    columns = [
        *usual()[:5],
        ("Führungskraft", lambda one: "ja" if one.number in leads else "nein"),
        ("Aktiv", lambda one: True),
        usual()[6],
    ]
    return workbook(
        *rows_of(
            *columns,
            ("Befristet", lambda one: bool(one.until)),
            ("Leitungsfunktion", lambda one: "x" if one.number in leads else None),
        )
    )


@listed("strich_statt_nichts.xlsx", "unit", "boss", "until")
def dashes():
    return workbook(
        *rows_of(
            *usual(
                E=lambda one: "-",
                Führungskraft=lambda one: one.boss or "vakant",
                Austritt=lambda one: one.day(never="-"),
            )
        )
    )


LISTS["strich_statt_nichts.xlsx"] = dashes, Expected(ALL, people=tuple(replace(one, mail="") for one in PEOPLE))


@listed("stellenplan_mit_vakanzen.xlsx", *ALL)
def vacancies():
    rows = rows_of(*usual())
    return workbook(
        *rows[:4],
        [None, "N.N.", None, None, "10 Hauptamt", "001204"],
        *rows[4:],
        [None, "vakant", "vakant", None, "40 Schulamt"],
        ["unbesetzt", None, None, None, "40 Schulamt"],
    )


# Letters and separators ----------------------------------------------------------------------------


for _charset in (
    "latin-1",
    "cp850",
    "cp437",
    "mac_roman",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "utf-32",
):
    LISTS[f"zeichen_{_charset}.csv"] = (
        (lambda charset=_charset: in_quotes(rows_of(*usual()), encoding=charset)),
        Expected(ALL),
    )


@listed("umlaute_zerlegt.csv", *ALL)
def decomposed():
    return unicodedata.normalize("NFD", in_quotes(rows_of(*usual()), encoding="utf-8").decode()).encode()


@listed("umlaute_doppelt_kodiert.csv", errors=10, without=tuple(BY_NUMBER))
def mojibake():
    return in_quotes(rows_of(*usual()), encoding="utf-8").decode("cp1252", "replace").encode("utf-8")


for _separator, _what in ((";", "semikolon"), ("\t", "tab"), ("|", "strich"), (",", "komma")):
    LISTS[f"trennzeichen_{_what}.csv"] = (
        (lambda separator=_separator: in_quotes(rows_of(*usual()), separator, "utf-8", csv.QUOTE_MINIMAL)),
        Expected(ALL),
    )


@listed("sep_zeile.csv", *ALL)
def sep_line():
    return b"\xef\xbb\xbfsep=;\r\n" + in_quotes(rows_of(*usual()), encoding="utf-8")


@listed("sep_zeile_tilde.csv", *ALL)
def sep_line_tilde():
    return b'"sep=~"\r\n' + in_quotes(rows_of(*usual()), "~", "cp1252")


@listed("anfuehrungszeichen_und_umbrueche.csv", *ALL)
def quotes():
    columns = usual(
        ("Bemerkung", lambda one: 'sagt "ja; gern"\r\nund\nnein'), Amt=lambda one: one.amt.replace(" ", "\n")
    )
    return in_quotes(rows_of(*columns), encoding="cp1252")


@listed("komma_ohne_anfuehrungszeichen.csv", refused="Vorname")
def unquoted():
    """ "Nachname, Vorname" between commas, which nobody has quoted: everything stands one column too far."""
    rows = rows_of(("Personalnummer", number), ("Name", both), ("Amt", amt), ("Führungskraft", boss))
    return text(*rows, separator=",")


@listed("leere_spalten_dazwischen.xlsx", *ALL)
def empty_columns():
    rows = rows_of(*usual())
    return workbook([], [], *([None, *[cell for one in row for cell in (one, None)]] for row in rows))


# Sheets, rows and columns that Excel does not show -------------------------------------------------


@listed("alles_versteckt.xlsx", *ALL)
def hidden():
    def hide(book):
        sheet = book.create_sheet("Alt", 0)
        sheet.append(["Personalnummer", "Nachname", "Vorname"])
        sheet.append(["009999", "Versteckt", "Vera"])
        sheet.sheet_state = "veryHidden"
        book["Personal"].column_dimensions["D"].hidden = True
        book.active = 1

    return workbook(*rows_of(*usual()), change=hide)


@listed("gefiltert.xlsx", *ALL)
def filtered():
    def hide(book):
        book.active.auto_filter.ref = "A1:G11"
        for row in (8, 9, 10, 11):
            book.active.row_dimensions[row].hidden = True

    return workbook(*rows_of(*usual()), change=hide)


@listed("blattschutz.xlsx", *ALL)
def protected():
    def protect(book):
        book.active.protection.set_password("geheim")
        book.security.lockStructure = True

    return workbook(*rows_of(*usual()), change=protect)


@listed("kennwort.xlsx", refused="Kennwort")
def locked():
    book = CompoundDoc.XlsDoc()
    content = io.BytesIO()
    book.save(content, b"\0" * 5000)
    return content.getvalue().replace("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))


@listed("blatt_je_amt.xlsx", *ALL)
def sheet_each():
    book = Workbook()
    book.remove(book.active)
    for name in dict.fromkeys(one.amt for one in PEOPLE):
        sheet = book.create_sheet(name)
        for row in rows_of(*usual(), people=[one for one in PEOPLE if one.amt == name]):
            sheet.append([cell or None for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# Other kinds of files ------------------------------------------------------------------------------


def whole(make):
    return lambda: make(*([cell or None for cell in row] for row in rows_of(*usual(Austritt=lambda one: one.until))))


LISTS["excel_97.xls"] = whole(xls), Expected(ALL)
LISTS["calc.ods"] = whole(ods), Expected(ALL)
LISTS["strict.xlsx"] = whole(strict), Expected(ALL)
LISTS["binaer.xlsb"] = (
    # days of this kind are numbers without the style that shows them as days
    lambda: xlsb(*([cell or None for cell in row] for row in rows_of(*usual(Austritt=lambda one: one.until)))),
    Expected(ALL),
)


def biff5(rows):
    """Excel 5.0/95: a book of one sheet, its texts in Windows' letters, in a stream called Book."""

    def one(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    begin = one(0x809, struct.pack("<HHHH", 0x0500, 0x0005, 0x0DBB, 0x07CC)) + one(0x42, struct.pack("<H", 1252))
    name = b"Personal"
    size = len(begin) + len(one(0x85, b"\0" * 6 + bytes([len(name)]) + name)) + 4
    book = begin + one(0x85, struct.pack("<IH", size, 0) + bytes([len(name)]) + name) + one(0x0A)
    cells = b"".join(
        one(0x204, struct.pack("<HHHH", y, x, 0, len(str(cell).encode("cp1252"))) + str(cell).encode("cp1252"))
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell
    )
    sheet = one(0x809, struct.pack("<HHHH", 0x0500, 0x0010, 0x0DBB, 0x07CC)) + one(
        0x200, struct.pack("<HHHHH", 0, len(rows), 0, 9, 0)
    )
    stream = book + sheet + cells + one(0x0A)
    content = io.BytesIO()
    CompoundDoc.XlsDoc().save(content, stream.ljust(8192, b"\0"))
    named = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    return content.getvalue().replace(named, "Book".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 10))


@listed("excel_5_95.xls", *ALL)
def excel_95():
    return biff5(rows_of(*usual()))


@listed("html_tabelle.xls", *ALL)
def html():
    rows = rows_of(*usual())
    cells = "".join(
        f"<tr>{''.join(f'<td class=xl24>{escape(cell)}&nbsp;</td>' for cell in row)}</tr>\n" for row in rows
    )
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="windows-1252"><style>td {mso-number-format:"\\@"}</style></head>'
    return f"{head}<body><h1>Personalliste</h1><table border=1>{cells}</table></body></html>".encode("cp1252")


@listed("xml_2003.xls", *ALL)
def xml_2003():
    def cell(place, value):
        kind = "DateTime" if isinstance(value, date) else "String"
        shown = f"{value:%Y-%m-%dT00:00:00.000}" if isinstance(value, date) else escape(value)
        return f'<Cell ss:Index="{place}"><Data ss:Type="{kind}">{shown}</Data></Cell>'

    rows = rows_of(*usual(Austritt=lambda one: one.until))
    lines = "".join(
        f"<Row>{''.join(cell(place, one) for place, one in enumerate(row, start=1) if one)}</Row>" for row in rows
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Personal"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


@listed("foto.xlsx", refused="keine Excel")
def photo():
    return bytes.fromhex("ffd8ffe000104a46494600010101004800480000") + bytes(range(256)) * 40


@listed("dokument.pdf", refused="keine Excel")
def pdf():
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type /Catalog>>\nendobj\nstream\n" + bytes(range(1, 256)) * 20


@listed("brief.docx", refused="keine Excel")
def letter():
    return packed({"word/document.xml": b"<a/>"})


@listed("seite.mht", refused="keine Excel")
def mht():
    return b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<html>\r\n"


@listed("leer.csv", refused="leer")
def empty():
    return b""


@listed("nur_kopfzeile.xlsx", refused="keine Zeile")
def only_header():
    return workbook(rows_of(*usual())[0])


@listed("eine_zeile.csv", *ALL, people=(PEOPLE[0],))
def one_row():
    return in_quotes(rows_of(*usual(), people=PEOPLE[:1]))


# People as they are --------------------------------------------------------------------------------


@listed("zeilen_doppelt.xlsx", *ALL)
def doubled():
    rows = rows_of(*usual())
    return workbook(*rows, *rows[1:4])


@listed("kreis_der_fuehrung.xlsx", errors=1, without=("001204",))
def circle():
    return workbook(*rows_of(*usual(Führungskraft=lambda one: one.boss or "003471")))


LISTS["kreis_der_fuehrung.xlsx"] = circle, Expected((), errors=1, without=("001204",))


@listed("fuehrung_nicht_in_liste.xlsx", errors=2, without=("003120", "003333"))
def unknown_manager():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: "009999" if one.number in {"003120", "003333"} else one.boss))
    )


@listed("fuehrung_als_mail_anders_geschrieben.xlsx", *ALL)
def manager_by_mail():
    return workbook(*rows_of(*usual(Führungskraft=lambda one: one.boss and BY_NUMBER[one.boss].mail.upper())))


@listed("fuehrung_als_name.xlsx", *ALL)
def manager_by_name():
    def name(one):
        return one.boss and f"Dr. {BY_NUMBER[one.boss].first} {BY_NUMBER[one.boss].last}"

    return workbook(*rows_of(*usual(Führungskraft=name)))


@listed("zwei_mit_einer_adresse.xlsx", errors=2, without=("003120", "003333"))
def one_address():
    return workbook(*rows_of(*usual(E=lambda one: PEOPLE[7].mail if one.number == "003333" else one.mail)))


@listed("ausgeschiedene.xlsx", "mail", "unit", "boss", without=("003471",))
def leavers():
    return workbook(*rows_of(*usual(Austritt=lambda one: "31.03.2001" if one.number == "003471" else one.day())))


@listed("zwei_vertraege.xlsx", errors=1, without=())
def two_contracts():
    rows = rows_of(*usual())
    again = [*rows[3]]
    again[4] = "20 Kämmerei"
    return workbook(*rows, again)


@listed("nur_mail_und_nummer_mit_namen.xlsx", "mail", "unit")
def number_beside_name():
    """Number and name in one cell, as a reporting tool writes its keys."""
    return workbook(
        *rows_of(
            ("Mitarbeiter", lambda one: f"{one.number} {one.both}"),
            ("E-Mail", mail),
            ("Organisationseinheit", lambda one: f"{one.unit} [{one.code}]"),
        )
    )


@listed("summen_und_druckangaben.csv", *ALL)
def print_out():
    rows = rows_of(*usual())
    tail = [
        ["Anzahl Mitarbeiter:", "10"],
        [],
        ["Ausdruck vom 30.11.2026 durch ZQ1", "", "Seite 1 von 1"],
        ["*** Ende der Liste ***"],
    ]
    return in_quotes(
        [["Kreisverwaltung Musterland"], ["Personalbestandsliste"], [], *rows, *tail],
        encoding="cp1252",
        quoting=csv.QUOTE_MINIMAL,
    )


@listed("spalten_bericht.xlsx", *ALL)
def report_headings():
    return workbook(
        *rows_of(
            ("MA-Nr.", number), ("MA-Name", last), ("MA-Vorname", first), ("SMTP-Adresse", mail), ("Abt.-Kürzel", code), ("Abt.", unit),
            ("berichtet an", boss), ("Abgang", day),
        )
    )  # fmt: skip


@listed("ebenen.xlsx", "unit", "boss")
def levels():
    return workbook(
        *rows_of(
            ("Ebene 1", lambda one: f"Dezernat {one.dezernat}"), ("Ebene 2", amt), ("Ebene 3", nothing), ("Pers.-Nr.", number), ("Name", last),
            ("Vorname", first), ("Vorgesetzter Pers.-Nr.", boss), ("Vorgesetzter Name", lambda one: one.boss and BY_NUMBER[one.boss].last),
        )
    )  # fmt: skip


@listed("zehntausend.xlsx")
def ten_thousand():
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Personal")
    sheet.append(["Personalnummer", "Nachname", "Vorname", "E-Mail", "Amt", "Führungskraft"])
    for n in range(10_000):
        sheet.append(
            [
                f"{n:06}",
                f"Müller-{n % 97}-Weiß",
                f"Jörg {chr(65 + n % 26)}.",
                f"nr{n}@kreis.example",
                f"{n % 40 + 10} Amt",
                f"{n // 20:06}" if n else None,
            ]
        )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@listed("blatt_je_amt_ohne_spalte.xlsx", "mail", "unit")
def sheet_each_without_units():
    book = Workbook()
    book.remove(book.active)
    for name in dict.fromkeys(one.amt for one in PEOPLE):
        sheet = book.create_sheet(name)
        for row in rows_of(*usual()[:4], people=[one for one in PEOPLE if one.amt == name]):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


LISTS["zehntausend.xlsx"] = ten_thousand, None  # what it takes is measured


# Written on other days -----------------------------------------------------------------------------


def aligned(rows):
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(len(rows[0]))]
    return ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


@listed("feste_breite.txt", "mail", "unit", "boss")
def fixed_width():
    lines = aligned(rows_of(*usual())[0:1] + rows_of(*usual())[1:])
    return "\r\n".join(["Personalliste Kreis Musterland", "", lines[0], "", *lines[1:], "", "Seite 1"]).encode("cp850")


LISTS["feste_breite.txt"] = fixed_width, Expected(ALL)


@listed("feste_breite_ebcdic.txt", *ALL)
def fixed_width_ebcdic():
    return "\n".join(aligned(rows_of(*usual()))).encode("cp273")


@listed("aufgezaehlte_ueberschriften.xlsx", *ALL)
def counted_headings():
    rows = rows_of(*usual())
    return workbook([f"{place}. {heading}*" for place, heading in enumerate(rows[0], start=1)], *rows[1:])


@listed("nachname_gross_ohne_komma.xlsx", *ALL)
def capitals():
    columns = [
        ("PersNr", number),
        ("Mitarbeiter*in", lambda one: f"{one.last.upper().replace('ß', 'SS')} {one.first}"),
        *usual()[3:],
    ]
    return workbook(*rows_of(*columns))


LISTS["nachname_gross_ohne_komma.xlsx"] = (
    capitals,
    # "VON DER MÜHLEN Änne" is asked about, like all the others
    Expected(
        ("mail", "boss", "until"),
        people=tuple(replace(one, last=one.last.upper().replace("ß", "SS")) for one in PEOPLE),
    ),
)


@listed("vorname_nachname_ohne_komma.csv", *ALL)
def no_commas():
    return in_quotes(
        rows_of(("PersNr", number), ("Beschäftigte:r", lambda one: f"{one.first} {one.last}"), *usual()[3:]),
        encoding="cp1252",
    )


@listed("pandas_mit_zeilennummern.csv", *ALL, people=_SHORT)
def pandas():
    rows = rows_of(
        *usual(
            Personalnummer=lambda one: one.number.lstrip("0"),
            Führungskraft=lambda one: f"{int(one.boss)}.0" if one.boss else "",
        )
    )
    return in_quotes(
        [[str(place - 1) if place else "", *row] for place, row in enumerate(rows)], ",", "utf-8", csv.QUOTE_MINIMAL
    )


@listed("adressen_aus_outlook.csv", *ALL)
def outlook():
    def address(one):
        return f"{one.first} {one.last} <{one.mail}>"

    columns = usual(E=address, Führungskraft=lambda one: one.boss and f"mailto:{BY_NUMBER[one.boss].mail}")
    return in_quotes([[f"\u202a{cell}\u202c" if "@" in cell else cell for cell in row] for row in rows_of(*columns)])


@listed("nummer_und_name_als_zwischenzeile.xlsx", "mail", "unit")
def sections_in_two_cells():
    return workbook(
        *in_sections(lambda one: one.amt.split(" "), lambda one: [one.number, one.last, one.first, one.mail])
    )


@listed("dezernat_und_amt_als_zwischenzeilen.xlsx", "mail", "unit")
def sections_in_two_levels():
    rows = in_sections(lambda one: [f"Amt {one.amt}"], lambda one: [one.number, one.last, one.first, one.mail])
    return workbook(rows[0], ["Dezernat I"], *rows[1:9], ["Dezernat II"], *rows[9:])


@listed("fuehrungskraft_in_zwei_spalten.xlsx", *ALL)
def manager_in_two_columns():
    columns = [
        *usual()[:5],
        ("Vorname FK", lambda one: one.boss and BY_NUMBER[one.boss].first),
        ("Nachname FK", lambda one: one.boss and BY_NUMBER[one.boss].last),
        ("Austritt", day),
    ]
    return workbook(*rows_of(*columns))


@listed("nummer_hinter_dem_namen.xlsx", *ALL)
def number_behind_name():
    return workbook(*rows_of(("Person", lambda one: f"{one.both} ({one.number})"), *usual()[3:]))


@listed("mhtml_aus_sap.xls", *ALL)
def sap_parcel():
    head = b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="----=_x"\r\n\r\n------=_x\r\n'
    part = b"Content-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head + part + html() + b"\r\n------=_x--\r\n"


@listed("html_mit_zeilenspannen.xls", "unit")
def html_rowspan():
    rows, before = [], ""
    for one in PEOPLE:
        among = sum(1 for other in PEOPLE if other.amt == one.amt)
        rows.append(
            f"<tr>{f'<td rowspan={among}>{one.amt}' if one.amt != before else ''}<td>{one.number}<td>{one.last}<td>{one.first}"
        )
        before = one.amt
    return f"<HTML><TABLE><TR><TH>Amt<TH>PersNr<TH>Nachname<TH>Vorname{''.join(rows)}</TABLE></HTML>".encode()


@listed("namen_mit_zusaetzen.csv", *ALL)
def odd_names():
    """Apostrophes, several titles, a count, small letters, two hyphens."""
    return in_quotes(rows_of(*usual(), people=ODD), encoding="cp1252")


ODD = (
    replace(PEOPLE[0], last="d’Ardenne", first="Prof. Dr. h. c. Marie-Luise"),
    replace(PEOPLE[3], last="O'Brien-Müller", first="Seán Patrick"),
    replace(PEOPLE[4], last="Graf von und zu Weißenstein", first="Jörg-Uwe"),
)
LISTS["namen_mit_zusaetzen.csv"] = odd_names, Expected(ALL, people=ODD)


@listed("personen_ohne_nummer.xlsx", errors=2, without=("003120", "003333"))
def without_numbers():
    return workbook(
        *rows_of(*usual(Personalnummer=lambda one: None if one.number in {"003120", "003333"} else one.number))
    )


@listed("nur_zahlen_als_namen.csv", errors=1, without=("003333",))
def figures_for_a_name():
    return in_quotes(rows_of(*usual(Nachname=lambda one: "4711" if one.number == "003333" else one.last)))


@listed("menschen_die_anzahl_heissen.xlsx", "mail")
def people_called_so():
    return workbook(*rows_of(*usual()[:4], people=CALLED_SO), [4, "Anzahl"])


CALLED_SO = (
    replace(PEOPLE[0], number="1", last="Anzahl", first="Anna"),
    replace(PEOPLE[1], number="2", last="Ende", first="Michael"),
    replace(PEOPLE[2], number="3", last="Gesamt", first="Gerd"),
    replace(PEOPLE[3], number="4", last="Vakant", first="Vera"),
)
LISTS["menschen_die_anzahl_heissen.xlsx"] = people_called_so, Expected(("mail",), people=CALLED_SO)


# What clerks do with their lists -------------------------------------------------------------------


def quoted_singly(rows):
    return "\r\n".join(";".join(f"'{cell}'" for cell in row) for row in rows).encode()


@listed("calc_einfache_anfuehrungszeichen.csv", *ALL)
def single_quotes():
    """Calc asks for the delimiter of texts; some type an apostrophe."""
    return quoted_singly(rows_of(*usual()))


@listed("access_tabelle.txt", *ALL)
def access():
    rows = rows_of(
        ("Pers_Nr", number), ("Nach_Name", last), ("Vor_Name", first), ("E_Mail_Adr", mail), ("Org_Einheit_Bez", unit),
        ("Pers_Nr_Vorg", boss), ("Dat_Austritt", lambda one: one.day("%d.%m.%Y 0:00:00")),
    )  # fmt: skip
    return in_quotes(rows, encoding="cp1252", quoting=csv.QUOTE_NONNUMERIC)


@listed("datenbank_in_grossbuchstaben.csv", *ALL)
def database():
    """Of a database: ends of days, words divided by strokes below."""
    rows = rows_of(
        ("PERS_NR", number), ("FAM_NAME", last), ("VOR_NAME", first), ("E_MAIL", mail), ("ORG_EINHEIT_NR", code), ("ORG_EINHEIT_NAME", unit),
        ("VORG_PERS_NR", boss), ("GUELTIG_BIS", lambda one: one.day("%Y-%m-%d 23:59:59", "9999-12-31 23:59:59")),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8")


@listed("json_zeitpunkte.csv", *ALL)
def instants():
    return in_quotes(rows_of(*usual(Austritt=lambda one: one.day("%Y-%m-%dT00:00:00.000+02:00"))), ",", "utf-8")


@listed("google_formular.xlsx", "mail", "boss")
def google_form():
    return workbook(
        *rows_of(
            ("Zeitstempel", lambda one: date(2026, 11, 30)), ("E-Mail-Adresse", mail), ("Ihre Personalnummer", number), ("Ihr Nachname", last),
            ("Ihr Vorname", first), ("In welchem Amt arbeiten Sie?", amt), ("Ihre Führungskraft (Personalnummer)", boss), ("Ich stimme zu", lambda one: "Ja"),
        ),
        sheet="Formularantworten 1",
    )  # fmt: skip


@listed("numbers.xlsx", *ALL)
def numbers():
    """Numbers writes a sheet about the others, and the name of each table above it."""

    def describe(book):
        sheet = book.create_sheet("Exportübersicht", 0)
        for row in (
            ["Dieses Dokument wurde aus Numbers exportiert."],
            ["Name des Numbers-Blatts", "Name der Numbers-Tabelle", "Name des Excel-Arbeitsblatts"],
        ):
            sheet.append(row)  # fmt: skip
        sheet.append([None, "Tabelle 1", "Blatt 1"])

    return workbook(["Tabelle 1"], *rows_of(*usual()), change=describe, sheet="Blatt 1")


@listed("mac_zeilenenden.csv", *ALL)
def mac():
    return in_quotes(rows_of(*usual()), encoding="mac_roman").replace(b"\r\n", b"\r")


@listed("aneinandergehaengt.csv", *ALL)
def one_after_the_other():
    """Two files made one: the header and its mark stand in the middle once more."""
    rows = rows_of(*usual())
    return in_quotes(rows[:5]) + in_quotes([rows[0], *rows[5:]])


@listed("semikolon_am_zeilenende.csv", *ALL)
def separators_at_the_end():
    return "\r\n".join(";".join(row) + ";" * bool(place) for place, row in enumerate(rows_of(*usual()))).encode()


@listed("workday.csv", *ALL)
def workday():
    rows = rows_of(
        ("Employee ID", number), ("Legal Name - Last Name", last), ("Legal Name - First Name", first), ("Email - Primary Work", mail),
        ("Supervisory Organization", unit), ("Manager", lambda one: one.boss and BY_NUMBER[one.boss].both), ("Hire Date", lambda one: "2001-01-15"),
        ("Termination Date", lambda one: one.day("%Y-%m-%d")),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8")


@listed("englisch_staff_list.xlsx", *ALL)
def staff_list():
    return workbook(
        *rows_of(
            ("Staff No.", number), ("Title", lambda one: "Dr." if "Lena" in one.first else None), ("Surname", last), ("Forename(s)", first),
            ("E-mail", mail), ("Org. unit", unit), ("Supervisor", boss), ("Last day worked", lambda one: one.until),
        )
    )  # fmt: skip


LISTS["englisch_staff_list.xlsx"] = staff_list, Expected(ALL, people=_DOCTOR)


@listed("austrittsgrund.xlsx", *ALL)
def reasons():
    """Why somebody leaves is no day."""
    return workbook(
        *rows_of(
            *usual()[:6], ("Eintritt", lambda one: "15.01.2001"), ("Austrittsgrund", lambda one: one.until and "Rente"), ("Probezeit bis", lambda one: "15.07.2001"),
            ("Vertragsende", day),
        )
    )  # fmt: skip


@listed("fach_und_dienstvorgesetzte.xlsx", *ALL)
def two_managers():
    return workbook(
        *rows_of(
            *usual()[:5], ("Fachvorgesetzte/r", lambda one: "003471"), ("Vertretung der Führungskraft", lambda one: "002051"),
            ("Dienstvorgesetzte/r", boss), ("Leitungsebene", lambda one: "2" if one.boss else "1"), ("Austritt", day),
        )
    )  # fmt: skip


@listed("telefonliste.xlsx", refused="Personalnummer")
def phones():
    """A list without personnel numbers: a direct line is none."""
    return workbook(
        *rows_of(("Name", both), ("Durchwahl", lambda one: one.number[-4:]), ("Raum", lambda one: f"B {one.number[-3:]}"), ("E-Mail", mail), ("Amt", amt))
    )  # fmt: skip


@listed("durchwahl_neben_nummer.xlsx", *ALL)
def phones_too():
    columns = [
        ("Tel.", lambda one: f"0471/{one.number[-4:]}"),
        ("Durchwahl", lambda one: one.number[-4:]),
        ("Kennung", number),
    ]
    return workbook(*rows_of(*columns, *usual()[1:]))


@listed("mails_mit_anzeigenamen.csv", *ALL)
def display_names():
    """As Exchange shows addresses: the name with its unit, the address in brackets of any kind."""
    shapes = ["{0} ({1}) <{2}>", "{0} [{2}]", "{0} ({2})", "SMTP:{2}", "{2};"]
    told = {one.number: shapes[place % 5].format(one.both, one.code, one.mail) for place, one in enumerate(PEOPLE)}
    return in_quotes(rows_of(*usual(E=lambda one: told[one.number])))


@listed("kostenstelle_mit_text.xlsx", *ALL)
def cost_centres():
    return workbook(
        *rows_of(*usual()[:4], ("KSt", code), ("KSt-Bezeichnung", unit), ("KSt-Verantw.", nothing), *usual()[5:])
    )


@listed("kostenstelle_ausgeschrieben.xlsx", *ALL)
def cost_centres_in_words():
    return workbook(
        *rows_of(*usual()[:4], ("Bezeichnung der Kostenstelle", unit), ("Kostenstelle", code), *usual()[5:])
    )


@listed("fuehrungskraft_mit_kuerzel.xlsx", *ALL)
def manager_with_a_sign():
    def name(one):
        return one.boss and f"{BY_NUMBER[one.boss].both} ({BY_NUMBER[one.boss].code}-AL)"

    return workbook(*rows_of(*usual(Führungskraft=name)))


@listed("fuehrungskraft_kommissarisch.xlsx", *ALL)
def acting_manager():
    words = {"001204": "{} (komm.)", "002051": "komm. {}", "003008": "{}, kommissarisch"}

    def name(one):
        return words[one.boss].format(BY_NUMBER[one.boss].both) if one.boss else "N.N. (Stelle unbesetzt)"

    return workbook(*rows_of(*usual(Führungskraft=name)))


@listed("planstellen.xlsx", *ALL)
def posts():
    """Managers by the numbers of posts; above a vacant one its own superior counts."""
    post = {one.number: f"5000{place:02}" for place, one in enumerate(PEOPLE)}
    above = post | {"002051": "500090"}  # whoever led 20 Kämmerei has gone, and the post is below the head's
    vacant = [None, "N.N.", None, None, "20 Kämmerei", "500090", post["001204"], None]
    rows = rows_of(
        *usual()[:5], ("Planstelle", lambda one: post[one.number]), ("Übergeordnete Planstelle", lambda one: above.get(one.boss, "")), ("Austritt", day)
    )  # fmt: skip
    return workbook(*rows[:6], vacant, *rows[6:])


LISTS["planstellen.xlsx"] = (
    posts,
    Expected(ALL, people=tuple(replace(one, boss="001204") if one.boss == "002051" else one for one in PEOPLE)),
)


@listed("abschluesse_hinter_dem_namen.xlsx", *ALL)
def degrees():
    behind = {"Wiebke": "{}, M.A.", "Sören": "{} LL.M.", "Käthe": "{}, MPA"}

    def name(one):
        return behind.get(one.first, "{}").format(one.both)

    return workbook(
        *rows_of(
            ("Personalnummer", number),
            ("Name", name),
            *usual(Führungskraft=lambda one: one.boss and BY_NUMBER[one.boss].both)[3:],
        )
    )


@listed("zwei_zusaetze_vor_dem_namen.xlsx", *ALL)
def two_prefixes():
    """A rank and a "von" in columns of their own, as payroll systems keep them."""
    return workbook(
        *rows_of(
            ("Personalnummer", number), ("Namenszusatz", lambda one: "Graf" if one.last.startswith("Graf") else None),
            ("Vorsatzwort", lambda one: "von und zu" if "von und zu" in one.last else None), ("Nachname", lambda one: one.last.split(" ")[-1]), *usual()[2:],
            people=ODD,
        )
    )  # fmt: skip


LISTS["zwei_zusaetze_vor_dem_namen.xlsx"] = two_prefixes, Expected(ALL, people=ODD)


@listed("ueberschriften_in_zwei_zeilen_getrennt.xlsx", *ALL)
def divided_headings():
    rows = rows_of(*usual())
    upper = ["Personal-", "Nach-", "Vor-", None, None, "Führungs-", "Austritts-"]
    return workbook(upper, ["nummer", "name", "name", "E-Mail", "Amt", "kraft", "datum"], *rows[1:])


@listed("ueberschriften_verbunden.xlsx", *ALL)
def merged_headings():
    """Some headings take two lines, some are divided into two below."""
    columns = [*usual()[:4], ("Nr.", code), ("Bezeichnung", unit), *usual()[5:]]
    rows = rows_of(*columns)

    def merge(book):
        for cells in ("A1:A2", "B1:C1", "D1:D2", "E1:F1", "G1:G2", "H1:H2"):
            book.active.merge_cells(cells)

    upper = ["Personalnummer", "Name", None, "E-Mail", "Organisationseinheit", None, "Führungskraft", "Austritt"]
    return workbook(
        upper, [None, "Nachname", "Vorname", None, "Nr.", "Bezeichnung", None, None], *rows[1:], change=merge
    )


@listed("tabellen_untereinander.xlsx", *ALL, people=tuple(PEOPLE[:7]))
def tables_below():
    """Those who leave stand in a table of their own below, its columns in another order."""
    rows = rows_of(*usual())
    gone = rows_of(
        ("Name", last), ("Vorname", first), ("Austritt", lambda one: "31.03.2026"), ("Pers.-Nr.", number), people=PEOPLE[7:]
    )  # fmt: skip
    return workbook(["Beschäftigte"], *rows[:8], [], ["Ausgeschiedene"], *gone)


@listed("tabellen_nebeneinander.xlsx", refused="untereinander")
def tables_beside():
    left, right = rows_of(*usual()[:4], people=PEOPLE[:5]), rows_of(*usual()[:4], people=PEOPLE[5:])
    return workbook(*([*one, None, *other] for one, other in zip(left, right, strict=True)))


@listed("beamte_und_tarif.xlsx", *ALL)
def two_kinds_of_sheets():
    """The same people's columns on both, beside others of their own."""

    def more(book):
        sheet = book.create_sheet("Tarif")
        for row in rows_of(("Entgeltgruppe", lambda one: "9b"), ("Lfd. Nr.", nothing), *usual(), people=PEOPLE[4:]):
            sheet.append(row)

    return workbook(
        *rows_of(*usual(), ("Besoldung", lambda one: "A 11"), people=PEOPLE[:4]), change=more, sheet="Beamte"
    )


@listed("anfangsbuchstaben_als_zwischenzeilen.xlsx", *ALL)
def letters_between():
    rows, before = rows_of(*usual())[:1], ""
    for one in sorted(PEOPLE, key=lambda one: unicodedata.normalize("NFD", one.last.casefold())):
        begin = unicodedata.normalize("NFD", one.last)[0].upper()
        rows += [[begin]] * (begin != before) + rows_of(*usual(), people=[one])[1:]
        before = begin
    return workbook(*rows)


@listed("anfangsbuchstaben_ohne_einheit.xlsx", "mail", "unit")
def letters_between_without_units():
    rows = [["Personalnummer", "Nachname", "Vorname", "E-Mail"]]
    for one in sorted(PEOPLE, key=last):
        rows += [[one.last[0]], [one.number, one.last, one.first, one.mail]]
    return workbook(*rows)


LISTS["anfangsbuchstaben_ohne_einheit.xlsx"] = letters_between_without_units, Expected(("mail",))


@listed("notizen_am_ende.xlsx", *ALL)
def notes():
    return workbook(
        *rows_of(*usual()),
        [],
        ["Legende:"],
        ["gelb", "Elternzeit"],
        ["grün", "Altersteilzeit"],
        ["Hinweis: ohne Auszubildende und Aushilfen"],
        ["Bearbeitet von", "Frau Meier", None, "meier@kreis.example"],
        [None, None, None, None, None, None, "gez. Kunz"],
    )


@listed("davon_zeilen.xlsx", *ALL, errors=2)
def shares():
    rows = rows_of(*usual())
    return workbook(
        *rows[:4],
        ["Summe 10 Hauptamt", None, None, 3],
        ["davon befristet", None, None, 1],
        *rows[4:],
        ["Σ Personen", 10],
        ["davon Teilzeit", 2],
        ["", "männlich", "weiblich"],
        ["", "5", "5"],
    )


@listed("seitenkopf_auf_jeder_seite.xlsx", "mail")
def titles_of_pages():
    rows = rows_of(*usual()[:4])
    title = ["Personalliste Hauptamt, Kämmerei, Schulamt"]
    return workbook(title, *rows[:6], ["- 1 -"], title, *[rows[0], *rows[6:]], ["- 2 -"])


@listed("nummer_folgt.xlsx", errors=2, without=("003333", "003471"))
def numbers_to_come():
    """Whose number is not there yet."""
    told = {"003333": "neu", "003471": "folgt"}
    return workbook(*rows_of(*usual(Personalnummer=lambda one: told.get(one.number, one.number))))


@listed("fuehrende_nullen_nur_beim_chef_verloren.xlsx", errors=9, without=tuple(one.number for one in PEOPLE[1:]))
def zeros_of_managers():
    """One question for all of them: is 001204 meant by 1204?"""
    return workbook(*rows_of(*usual(Führungskraft=lambda one: int(one.boss) if one.boss else None)))


@listed("nummer_doppelt_andere_angaben.xlsx", errors=1)
def twice_in_another_unit():
    rows = rows_of(*usual())
    return workbook(*rows, ["001317", *rows[2][1:4], "40 Schulamt", "003008", ""])


@listed("spalten_ausgeblendet.xlsx", *ALL)
def hidden_columns():
    """Of two columns that are called alike the one that is shown counts."""

    def hide(book):
        book.active.column_dimensions["D"].hidden = True

    columns = [*usual()[:3], ("E-Mail", lambda one: f"alt-{one.mail}"), *usual()[3:]]
    return workbook(*rows_of(*columns), change=hide)


@listed("gliederung_eingeklappt.xlsx", *ALL)
def grouped():
    def group(book):
        book.active.row_dimensions.group(3, 4, hidden=True)
        book.active.column_dimensions.group("E", "F", hidden=True)

    return workbook(*rows_of(*usual()), change=group)


@listed("sverweis_ohne_treffer.xlsx", errors=2, without=("003120", "003333"))
def lookups():
    def spoil(book):
        for cell in ("F9", "F10"):
            book.active[cell], book.active[cell].data_type = "#N/A", "e"

    return workbook(*rows_of(*usual()), change=spoil)


@listed("baum_in_einer_spalte.xlsx", "mail", "unit")
def tree():
    return workbook(
        *in_sections(
            lambda one: [f"  {one.amt}"], lambda one: [f"    {one.number} {one.both}", one.mail], ("Struktur", "E-Mail")
        )
    )


@listed("grossrechner_fester_satz.dat", refused="Großrechner")
def records():
    """Records of 80 letters each, with nothing between them."""
    return "".join("".join(cell.ljust(20) for cell in row[:4]) for row in rows_of(*usual())[1:]).encode("cp273")


@listed("fester_satz_ohne_kopf.txt", refused="Kopfzeile")
def records_in_lines():
    return "\r\n".join(f"{one.number}{one.last:<25}{one.first:<20}{one.code}" for one in PEOPLE).encode("cp1252")


@listed("word_97.doc", refused="keine Excel")
def word():
    content = io.BytesIO()
    CompoundDoc.XlsDoc().save(content, b"\0" * 5000)
    named = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    other = "WordDocument".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 26)
    return content.getvalue().replace(named, other)


@listed("text.rtf", refused="keine Excel")
def rich_text():
    return rb"{\rtf1\ansi\deff0 Personalnummer\tab Nachname\tab Vorname\par 1204\tab M\'fcller\tab Anna\par}"


@listed("antwort.json", refused="keine Excel")
def json_answer():
    return b'{"employees": [{"personnelNumber": "1204", "lastName": "M\\u00fcller", "firstName": "Anna"}]}'


@listed("durchgestrichen.xlsx", *ALL)
def struck_out():
    """Whoever has left is struck out by some: what becomes of them is asked."""

    def strike(book):
        for row in (4, 7):
            for cell in book.active[row]:
                cell.font = Font(strike=True)

    return workbook(*rows_of(*usual()), change=strike)


@listed("sammelpostfach.xlsx", errors=4, without=tuple(one.number for one in PEOPLE if one.amt == "40 Schulamt"))
def shared_mailbox():
    """The mailbox of an Amt is nobody's of its people, the first one's neither."""
    return workbook(*rows_of(*usual(E=lambda one: "schulamt@kreis.example" if one.amt == "40 Schulamt" else one.mail)))


@listed("oracle.csv", *ALL)
def oracle():
    rows = rows_of(
        ("PERSON_NUMBER", number), ("LAST_NAME", last), ("FIRST_NAME", first), ("EMAIL_ADDRESS", mail), ("DEPARTMENT_NAME", unit),
        ("MANAGER_PERSON_NUMBER", boss), ("ACTUAL_TERMINATION_DATE", lambda one: {"001489": "30-JUN-2099"}.get(one.number, one.day("%d-DEC-%Y", "31-DEC-4712"))),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8")


@listed("name_mit_schraegstrich.xlsx", *ALL)
def names_with_strokes():
    return workbook(
        *rows_of(("Personalnummer", number), ("Name", lambda one: f"{one.last} / {one.first}"), *usual()[3:])
    )


@listed("alte_und_neue_nummer.xlsx", "mail")
def old_and_new_numbers():
    columns = [("Personalnummer alt", lambda one: f"9{one.number}"), ("Personalnummer neu", number), *usual()[1:4]]
    return workbook(*rows_of(*columns, ("Frühere E-Mail", lambda one: f"alt-{one.mail}")))
