"""Staff lists of kinds that nobody had tried yet, of the people of foreign_lists: leavers who are only marked, writers of workbooks with
habits of their own, what databases print, notes beside names.
"""

import gzip
import struct
from dataclasses import replace

from tests.kompetenz.people.staff.foreign_lists import (
    ALL,
    BY_NUMBER,
    PEOPLE,
    Expected,
    amt,
    boss,
    code,
    day,
    first,
    in_quotes,
    last,
    listed,
    mail,
    number,
    rows_of,
    unit,
    usual,
)
from tests.kompetenz.people.staff.further_lists import LISTS
from tests.kompetenz.people.staff.lists import packed, parts_of, workbook
from tests.kompetenz.people.staff.other_books import ods, xls

__all__ = ["LISTS"]

GONE = ("003333", "003471")  # who have left
REST = tuple(one for one in PEOPLE if one.number not in GONE)


def is_gone(one, yes, no=""):
    return yes if one.number in GONE else no


# Leavers who are marked, and of whom no day is told ------------------------------------------------


def undated(*more):
    return [*usual()[:6], *more]


BUT_THE_DAY = ("mail", "unit", "boss")


@listed("status_ausgeschieden.xlsx", *BUT_THE_DAY, without=GONE)
def status():
    return workbook(*rows_of(*undated(("Status", lambda one: is_gone(one, "ausgeschieden", "aktiv")))))


@listed("beschaeftigungsstatus_mit_ziffer.xlsx", *BUT_THE_DAY, without=GONE)
def status_of_sap():
    """0 has left, 1 is on leave, 3 is there."""

    def told(one):
        return is_gone(one, "0 ausgetreten", "1 inaktiv" if one.number == "002290" else "3 aktiv")

    return workbook(*rows_of(*undated(("Beschäftigungsstatus", told))))


@listed("ausgeschieden_angekreuzt.xlsx", *BUT_THE_DAY, without=GONE)
def ticked():
    return workbook(*rows_of(*undated(("ausgeschieden", lambda one: is_gone(one, "x")))))


@listed("ausgeschieden_ja_nein.csv", *BUT_THE_DAY, without=GONE)
def yes_or_no():
    return in_quotes(rows_of(*undated(("Ausgeschieden (J/N)", lambda one: is_gone(one, "J", "N")))))


@listed("austritt_in_worten.xlsx", *BUT_THE_DAY, without=GONE)
def left_in_words():
    """A column of days in which it says that somebody is gone, and not since when."""
    words = {"003333": "verstorben", "003471": "ausgeschieden"}
    return workbook(*rows_of(*undated(("Austritt", lambda one: words.get(one.number, "")))))


@listed("status_und_tag.xlsx", *ALL)
def status_beside_a_day():
    """Who has given notice is here until their last day."""
    return workbook(*rows_of(*usual(), ("Status", lambda one: "gekündigt" if one.until else "aktiv")))


@listed("status_ruhend.xlsx", *BUT_THE_DAY)
def on_leave():
    said = {
        "001489": "Elternzeit",
        "002290": "ruht (Elternzeit)",
        "003008": "beurlaubt",
        "003120": "Sonderurlaub",
        "003333": "ATZ passiv",
    }
    return workbook(*rows_of(*undated(("Status", lambda one: said.get(one.number, "aktiv")))))


@listed("personalstand_mit_abgaengen.csv", *BUT_THE_DAY, without=GONE)
def retired():
    said = {"003333": "Rente", "003471": "Ruhestand"}
    return in_quotes(rows_of(*undated(("Mitarbeiterstatus", lambda one: said.get(one.number, "beschäftigt")))))


# Days ----------------------------------------------------------------------------------------------


@listed("tage_mit_worten_daneben.xlsx", *ALL)
def words_beside_days():
    said = {"001489": "befristet bis 30.06.2099", "002290": "zum 15.12.2098"}
    return workbook(*rows_of(*usual(Austritt=lambda one: said.get(one.number, ""))))


@listed("tage_mit_klammern.xlsx", *ALL)
def notes_behind_days():
    said = {"001489": "30.06.2099 (befr.)", "002290": "15. 12. 2098"}
    return workbook(*rows_of(*usual(Austritt=lambda one: said.get(one.number, ""))))


@listed("tage_mit_mittagszeit.csv", errors=2, without=("001489", "002290"))
def noon():
    """Midnight here, as told in another time zone: which day that is nobody should guess."""
    said = {"001489": "2099-06-29T22:00:00Z", "002290": "2098-12-14T23:00:00Z"}
    return in_quotes(rows_of(*usual(Austritt=lambda one: said.get(one.number, ""))))


@listed("monat_statt_tag.csv", errors=2, without=("001489", "002290"))
def months():
    said = {"001489": "06/2099", "002290": "Dezember 2098"}
    return in_quotes(rows_of(*usual(Austritt=lambda one: said.get(one.number, ""))))


# Headings ------------------------------------------------------------------------------------------


@listed("spaltennummern_unter_dem_kopf.xlsx", *ALL)
def numbered_columns():
    rows = rows_of(*usual())
    return workbook(rows[0], [1, 2, 3, 4, 5, 6, 7], *rows[1:])


@listed("spaltennummern_in_klammern.csv", *ALL)
def numbered_columns_in_brackets():
    rows = rows_of(*usual())
    return in_quotes([rows[0], [f"({place})" for place in range(1, 8)], *rows[1:]])


@listed("formatzeile_unter_dem_kopf.xlsx", *ALL)
def formats_below():
    rows = rows_of(*usual())
    hints = ["6-stellig", "max. 40 Zeichen", "max. 40 Zeichen", "Text", "Text", "Personalnummer", "TT.MM.JJJJ"]
    return workbook(rows[0], hints, *rows[1:])


@listed("filterzeile_alle.xlsx", *ALL)
def all_of_them():
    rows = rows_of(*usual())
    return workbook(rows[0], ["(Alle)"] * 7, *rows[1:])


@listed("selektion_darueber.xlsx", *ALL)
def selection():
    above = [
        ["Personalnummer", "alle"],
        ["Name", "*"],
        ["Abrechnungskreis", "01 bis 99"],
        ["Stichtag", "30.11.2026"],
        [],
    ]
    return workbook(*above, *rows_of(*usual()))


@listed("infotypen.xlsx", *ALL)
def infotypes():
    return workbook(
        *rows_of(
            ("P0001-PERNR", number), ("P0002-NACHN", last), ("P0002-VORNA", first), ("P0105-USRID_LONG", mail), ("P0001-ORGEH", code),
            ("P0001-ORGTX", unit), ("MNGNR", boss), ("P0000-AUSTRITT", lambda one: one.day("%Y%m%d", "99991231")),
        )
    )  # fmt: skip


@listed("access_abfrage.csv", *ALL)
def query():
    rows = rows_of(
        ("tblPersonal.PersNr", number), ("tblPersonal.Nachname", last), ("tblPersonal.Vorname", first), ("tblPersonal.EMail", mail),
        ("tblOrg.Bezeichnung", unit), ("tblPersonal.Vorgesetzter", boss), ("tblPersonal.Austritt", day),
    )  # fmt: skip
    return in_quotes(rows)


@listed("sql_klammern.csv", *ALL)
def brackets():
    return in_quotes([[f"[{heading}]" for heading in rows_of(*usual())[0]], *rows_of(*usual())[1:]], ",")


@listed("sortierzeichen.xlsx", *ALL)
def arrows():
    rows = rows_of(*usual())
    return workbook([f"{heading} {'▲▼↕⇅'[place % 4]}" for place, heading in enumerate(rows[0])], *rows[1:])


@listed("loga_unterstriche.csv", *ALL)
def underscores():
    rows = rows_of(
        ("PNR_LANG", number), ("NACHNAME_AKT", last), ("VORNAME_AKT", first), ("MAIL_DIENST", mail), ("OE_KURZ", code), ("OE_LANG", unit),
        ("VG_PNR", boss), ("AUSTRITT_DAT", lambda one: one.day("%d.%m.%Y", "31.12.9999")),
    )  # fmt: skip
    return in_quotes(rows, encoding="cp1252")


@listed("name_1_name_2.xlsx", *ALL)
def names_by_number():
    return workbook(*rows_of(("Personalnummer", number), ("Name 1", last), ("Name 2", first), *usual()[3:]))


@listed("zweiter_vorname.xlsx", *ALL)
def second_name():
    return workbook(
        *rows_of(*usual()[:3], ("2. Vorname", lambda one: "Maria" if one.code == "40" else ""), *usual()[3:])
    )


@listed("geburtsname_neben_nachname.xlsx", *ALL)
def birth_name():
    return workbook(
        *rows_of(
            ("Pers.-Nr.", number), ("Name (Geburtsname)", lambda one: "Altmann"), ("Name (aktuell)", last), ("Vorname (amtlich)", first),
            *usual()[3:],
        )
    )  # fmt: skip


@listed("nachname_vorname_und_befristung.xlsx", *ALL)
def limited():
    return workbook(
        *rows_of(
            ("lfd. Nr.", lambda one: PEOPLE.index(one) + 1), ("Stellennr.", lambda one: f"{one.code}.{one.number[-3:]}"), ("PersNr.", number),
            ("Name", lambda one: one.both), ("EG/BesGr", lambda one: "E 9b"), ("Amt/Abt.", amt), ("direkte Führungskraft", boss),
            ("dienstl. Mail", mail), ("Befristung", lambda one: one.day(never="unbefr.")), ("Bemerkung", lambda one: "TZ 50 %"),
        )
    )  # fmt: skip


@listed("befristung_ja_nein.xlsx", *ALL)
def limited_or_not():
    """Whether a contract ends, and when it does."""
    return workbook(
        *rows_of(*usual()[:6], ("Befristung", lambda one: "ja" if one.until else "nein"), ("befristet bis", day))
    )


# Workbooks as other writers make them --------------------------------------------------------------


def rewritten(content, *changes, part="xl/worksheets/sheet1.xml"):
    parts = parts_of(content)
    for old, new in changes:
        parts[part] = parts[part].replace(old, new)
    return packed(parts)


@listed("ohne_zellbezuege.xlsx", *ALL)
def without_references():
    """Rows and cells that say no place: each stands behind the one before."""
    import re

    parts = parts_of(workbook(*([value or "–" for value in row] for row in rows_of(*usual()))))
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = re.sub(rb'(<row|<c) r="[A-Z]*\d+"', rb"\1", sheet)
    return packed(parts)


@listed("namensraum_mit_vorsatz.xlsx", *ALL)
def prefixed():
    """As .NET writes it: x:worksheet, x:row, x:c."""
    import re

    parts = parts_of(workbook(*rows_of(*usual())))
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        text = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", parts[name])
        parts[name] = text.replace(b'xmlns="http://schemas.openxmlformats.org/spreadsheetml', b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml').replace(b"<?x:xml", b"<?xml")  # fmt: skip
    return packed(parts)


@listed("rueckstriche_in_teilen.xlsx", *ALL)
def backslashes():
    r"""Parts that are called xl\workbook.xml, as old programs for Windows pack them."""
    return packed({name.replace("/", "\\"): part for name, part in parts_of(workbook(*rows_of(*usual()))).items()})


@listed("zehntausende_leere_zeilen.xlsx", *ALL)
def formatted_down():
    """Colours and borders down to row 40,000 and out to column 300."""
    empty = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="1"/></row>' % (row, row) for row in range(12, 40_000))
    wide = b'<c r="KN2" s="0"/></row>'
    sheet = workbook(*rows_of(*usual()))
    return rewritten(sheet, (b"</sheetData>", empty + b"</sheetData>"), (b'</row><row r="3"', wide + b'<row r="3"'))


def with_format(shown):
    def change(book):
        for column in "AF":
            for row in range(2, 12):
                cell = book.active[f"{column}{row}"]
                cell.value = int(cell.value) if cell.value else None
                cell.number_format = shown

    return workbook(*rows_of(*usual()), change=change)


LISTS["nummern_mit_abstand_im_format.xlsx"] = (lambda: with_format("000000_)"), Expected(ALL))
LISTS["nummern_mit_farbe_im_format.xlsx"] = (lambda: with_format("[Blue]000000;[Red]-000000"), Expected(ALL))
LISTS["nummern_mit_leerzeichen_im_format.xlsx"] = (lambda: with_format(r"000\ 000"), Expected(ALL))
LISTS["nummern_mit_blossem_leerzeichen_im_format.xlsx"] = (lambda: with_format("000 000"), Expected(ALL))
LISTS["nummern_mit_buchstaben_im_format.xlsx"] = (
    lambda: with_format('"MA-"000000'),
    Expected(
        ALL, people=tuple(replace(one, number=f"MA-{one.number}", boss=one.boss and f"MA-{one.boss}") for one in PEOPLE)
    ),
)


# What databases and programs print -----------------------------------------------------------------


def columned(rows, divider=" | ", cross="-+-"):
    widths = [max(len(str(row[place])) for row in rows) for place in range(len(rows[0]))]
    lines = [divider.join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [lines[0], cross.join("-" * width for width in widths), *lines[1:]]


@listed("psql.txt", *ALL)
def psql():
    lines = columned(rows_of(*usual()))
    return "\n".join([*(f" {line}" for line in lines), "(10 Zeilen)", ""]).encode()


@listed("sqlcmd.txt", *ALL)
def sqlcmd():
    lines = columned(rows_of(*usual()), ";", ";")
    return "\r\n".join([*lines, "", "(10 Zeilen betroffen)", ""]).encode("cp850")


@listed("mysql.txt", *ALL)
def mysql():
    lines = columned(rows_of(*usual()))
    edge = "+-" + lines[1] + "-+"
    return "\n".join(
        [edge, f"| {lines[0]} |", edge, *(f"| {line} |" for line in lines[2:]), edge, "10 rows in set (0.00 sec)"]
    ).encode()


@listed("markdown.md", *ALL)
def markdown():
    rows = rows_of(*usual())
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * 7, *lines[1:]]).encode()


@listed("zirkumflex.csv", *ALL)
def circumflex():
    return "\r\n".join("^".join(map(str, row)) for row in rows_of(*usual())).encode()


@listed("gemischte_zeichensaetze.csv", refused="", errors=2)
def two_charsets():
    """The list of one Amt below that of another, each in its own encoding."""


del LISTS["gemischte_zeichensaetze.csv"]


def mixed():
    lines = in_quotes(rows_of(*usual()), encoding="utf-8").decode().split("\r\n")
    return b"\r\n".join(line.encode("cp1252" if place > 7 else "utf-8") for place, line in enumerate(lines))


LISTS["gemischte_zeichensaetze.csv"] = (mixed, Expected(ALL))


@listed("sylk.slk", refused="Excel")
def sylk():
    lines = ["ID;PWXL;N;E"]
    for y, row in enumerate(rows_of(*usual()), start=1):
        lines += [f'C;Y{y};X{x};K"{value}"' for x, value in enumerate(row, start=1)]
    return "\r\n".join([*lines, "E"]).encode("cp1252")


@listed("dbase.dbf", refused="Excel")
def dbase():
    rows = rows_of(("PERSNR", number), ("NACHNAME", last), ("VORNAME", first), ("EMAIL", mail))
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([40, 0]) + b"\0" * 14 for name in rows[0]
    )
    head = struct.pack("<BBBBIHH20x", 3, 126, 12, 1, 10, 33 + len(fields), 161) + fields + b"\r"
    return (
        head + b"".join(b" " + b"".join(value.encode("cp850").ljust(40) for value in row) for row in rows[1:]) + b"\x1a"
    )


@listed("access.mdb", refused="Excel")
def access():
    return (
        b"\x00\x01\x00\x00Standard Jet DB\x00"
        + b"\x00\x01\x02\xff" * 2000
        + "Personalnummer;Nachname".encode("utf-16-le")
    )


@listed("gepackt.csv.gz", refused="entpacken")
def gzipped():
    return gzip.compress(in_quotes(rows_of(*usual())), mtime=0)


@listed("gepackt.7z", refused="entpacken")
def seven_zip():
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(256)) * 8


@listed("karteikarten.txt", refused="")
def cards():
    """"""


del LISTS["karteikarten.txt"]


def cards():  # noqa: F811
    lines = []
    for one in PEOPLE:
        lines += [
            f"Personalnummer: {one.number}",
            f"Nachname: {one.last}",
            f"Vorname: {one.first}",
            f"E-Mail: {one.mail}",
            "",
        ]
    return "\r\n".join(lines).encode("cp1252")


LISTS["karteikarten.txt"] = (cards, Expected(refused="Kopfzeile"))


# Rows and names ------------------------------------------------------------------------------------


@listed("vermerke_am_namen.xlsx", *ALL)
def noted():
    notes = {
        "001489": " - Elternzeit",
        "002290": " [EZ]",
        "003008": " (z.Zt. EZ)",
        "003120": " (bis 30.06.2027)",
        "003333": " (in Elternzeit)",
    }
    return workbook(*rows_of(*usual(Vorname=lambda one: one.first + notes.get(one.number, ""))))


@listed("vermerke_am_namen_in_einer_spalte.xlsx", *ALL)
def noted_in_one():
    notes = {
        "001489": " - Elternzeit",
        "002290": " [EZ]",
        "003008": " (z. Zt. EZ)",
        "003120": ", EZ",
        "003333": " (Mutterschutz bis 3/27)",
    }
    return workbook(
        *rows_of(("PersNr", number), ("Name", lambda one: one.both + notes.get(one.number, "")), *usual()[3:])
    )


@listed("geteilte_stelle.xlsx", errors=1, without=("003471",))
def job_sharing():
    def name(one):
        return "Strauß, Mückel / Blau, Bernd" if one.number == "003471" else one.both

    return workbook(*rows_of(("PersNr", number), ("Name, Vorname", name), *usual()[3:]))


@listed("zwei_fuehrungskraefte.xlsx", errors=2, without=("003120", "003333"))
def two_managers():
    said = {"003120": "003008 / 001204", "003333": "003008, 002051"}
    return workbook(*rows_of(*usual(Führungskraft=lambda one: said.get(one.number, one.boss))))


@listed("kosten_auf_zwei_stellen.xlsx", *ALL)
def split_costs():
    rows = rows_of(*usual(("Kostenträger", lambda one: "1110"), ("Anteil", lambda one: "100")))
    again = [*rows[4][:7], "1120", "50"]
    return workbook(*rows[:5], again, *rows[5:])


@listed("stellen_ohne_person.xlsx", *ALL)
def vacancies():
    words = ["frei", "nicht besetzt", "Ausschreibung läuft", "N.N.", "Nachbesetzung 04/2027", "künftig wegfallend (kw)"]
    rows = rows_of(("Stellennr.", lambda one: f"{one.code}.{one.number}"), *usual())
    empty = [
        [f"10.{place:03}", None, word, None, None, "10 Hauptamt", "001204", None] for place, word in enumerate(words)
    ]
    return workbook(rows[0], *empty[:3], *rows[1:], *empty[3:])


@listed("einheit_als_ou.csv", *ALL)
def organisational_units():
    """Where a directory keeps somebody: from the bottom up."""
    rows = rows_of(
        ("employeeNumber", number), ("sn", last), ("givenName", first), ("mail", mail),
        ("Organisationseinheit", lambda one: f"OU={one.unit},OU=Dezernat {one.dezernat},DC=kreis,DC=example"), ("manager", boss), ("Austritt", day),
    )  # fmt: skip
    return in_quotes(rows, ",")


@listed("pfad_mit_kleiner.xlsx", *ALL)
def path_from_the_bottom():
    return workbook(*rows_of(*usual(Amt=lambda one: f"{one.unit} < Dezernat {one.dezernat}")))


@listed("amt_mit_doppelpunkt.xlsx", *ALL)
def colons():
    return workbook(*rows_of(*usual(Amt=lambda one: f"Amt {one.code}: {one.unit}")))


@listed("kreuze_je_amt.xlsx", "mail", "boss", "until")
def crosses():
    units = ["10 Hauptamt", "20 Kämmerei", "40 Schulamt"]
    return workbook(
        *rows_of(
            *usual()[:4], *((one, lambda who, one=one: "x" if who.amt == one else "") for one in units), *usual()[5:]
        )
    )


@listed(
    "zwei_gleichen_namens.xlsx",
    *BUT_THE_DAY,
    people=tuple(replace(one, last="Müller", first="Anna") if one.number in GONE else one for one in PEOPLE),
)
def namesakes():
    def changed(one, field, value):
        return value if one.number in GONE else getattr(one, field)

    return workbook(
        *rows_of(
            *undated()[:1],
            ("Nachname", lambda one: changed(one, "last", "Müller")),
            ("Vorname", lambda one: changed(one, "first", "Anna")),
            *undated()[3:],
        )
    )


@listed("teampostfach_dreimal.xlsx", errors=3, without=("003120", "003333", "003471"))
def shared():
    return workbook(*rows_of(*usual(E=lambda one: "schulamt@kreis.example" if one.boss == "003008" else one.mail)))


@listed(
    "grossbuchstaben.csv",
    *ALL,
    people=tuple(replace(one, last=one.last.upper(), first=one.first.upper()) for one in PEOPLE),
)
def capitals():
    return in_quotes(rows_of(*usual(Nachname=lambda one: one.last.upper(), Vorname=lambda one: one.first.upper())))


@listed("excel_97_mit_zwei_kopfzeilen.xls", *ALL)
def old_two_headers():
    rows = rows_of(*usual(Austritt=lambda one: one.until))
    rows[0] = ["Nr.", "Name", "Vorname", "E-Mail", "Bezeichnung", "Pers.-Nr.", "Ende"]
    return xls(["Beschäftigte", None, None, None, "Organisationseinheit", "Führungskraft", "Vertrag"], *rows)


# Notes beside names and titles, and columns of something else -----------------------------------------


@listed("titel_und_kopf_je_amt.xlsx", "mail", "unit")
def titles_and_headers():
    rows = []
    b = None
    for one in PEOPLE:
        if one.amt != b:
            rows += [[]] if b else []
            rows += [[one.amt], ["Personalnummer", "Nachname", "Vorname", "E-Mail"]]
        rows.append([one.number, one.last, one.first, one.mail])
        b = one.amt
    return workbook(*rows)


@listed("name_mit_amt_in_klammern.xlsx", *ALL)
def name_with_unit():
    return workbook(*rows_of(("PersNr", number), ("Name", lambda one: f"{one.both} (Amt {one.code})"), *usual()[3:]))


@listed("vorname_mit_amt_in_klammern.xlsx", *ALL)
def first_name_with_unit():
    return workbook(*rows_of(*usual(Vorname=lambda one: f"{one.first} (SG {one.code}.1)")))


@listed("aufzaehlungszeichen.xlsx", *ALL)
def bullets():
    s = {"001489": "• ", "002290": "* ", "003333": "→ ", "003008": "- "}
    return workbook(*rows_of(*usual(Nachname=lambda one: s.get(one.number, "") + one.last)))


@listed("kreuz_vor_dem_namen.xlsx", *BUT_THE_DAY, without=("003471",))
def dead():
    return workbook(*rows_of(*usual(Nachname=lambda one: ("† " if one.number == "003471" else "") + one.last)[:6]))


@listed("name_ausgeschieden_in_klammern.xlsx", *BUT_THE_DAY, without=("003471",))
def left_by_name():
    return workbook(
        *rows_of(
            ("PersNr", number),
            ("Name", lambda one: one.both + (" (ausgeschieden)" if one.number == "003471" else "")),
            *usual()[3:6],
        )
    )


@listed("zwei_mailspalten.xlsx", *ALL)
def two_addresses():
    return workbook(*rows_of(*usual()[:3], ("E-Mail 1", mail), ("E-Mail 2", lambda one: ""), *usual()[4:]))


@listed("flach.fods", refused="Calc")
def flat():
    return b'<?xml version="1.0"?>' + parts_of(ods(*rows_of(*usual())))["content.xml"].replace(
        b"document-content", b"document"
    )


@listed("vorlage.xltx", *ALL)
def xltx():
    p = parts_of(workbook(*rows_of(*usual())))
    p["[Content_Types].xml"] = p["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml"
    )
    return packed(p)


@listed("mitarbeiter_aktiv.csv", *BUT_THE_DAY, without=("003333", "003471"))
def active_people():
    return in_quotes(
        rows_of(
            *usual()[:6], ("Mitarbeiter aktiv?", lambda one: "nein" if one.number in ("003333", "003471") else "ja")
        )
    )


@listed("aktiv_1_0.csv", *BUT_THE_DAY, without=("003333", "003471"))
def active_figures():
    return in_quotes(rows_of(*usual()[:6], ("aktiv", lambda one: "0" if one.number in ("003333", "003471") else "1")))


@listed("konto_aktiv.csv", *BUT_THE_DAY)
def active_clock():
    return in_quotes(
        rows_of(
            *usual()[:6], ("Zeiterfassung aktiv", lambda one: "nein" if one.number in ("003333", "003471") else "ja")
        )
    )


@listed("konto_status.csv", *BUT_THE_DAY)
def active_account():
    return in_quotes(
        rows_of(
            *usual()[:6], ("AD-Konto Status", lambda one: "inaktiv" if one.number in ("003333", "003471") else "aktiv")
        )
    )


@listed("pivot_mit_ergebnis_je_person.xlsx", "unit")
def pivot_of_people():
    rows = [["Personalnummer", "Name", "Vorname", "Amt", "Summe von Stunden"]]
    for one in PEOPLE:
        rows += [[one.number, one.last, one.first, one.amt, 39], [f"{one.number} Ergebnis", None, None, None, 39]]
    return workbook(*rows, ["Gesamtergebnis", None, None, None, 390])


@listed("kein_pc.xlsx", "unit", "boss", "until", people=tuple(PEOPLE))
def no_computer():
    s = {"003120": "kein PC", "003333": "ohne E-Mail", "003471": "nicht vorhanden"}
    return workbook(*rows_of(*usual(E=lambda one: s.get(one.number, one.mail))))


@listed(
    "jun_und_sen.xlsx",
    *ALL,
    people=tuple(replace(one, first=one.first + " jun.") if one.number == "003471" else one for one in PEOPLE),
)
def junior():
    return workbook(*rows_of(*usual(Vorname=lambda one: one.first + (" jun." if one.number == "003471" else ""))))


@listed("geschlecht_am_namen.xlsx", *ALL)
def gender():
    return workbook(*rows_of(*usual(Vorname=lambda one: f"{one.first} (w)")))


@listed("fuehrung_mit_funktion.xlsx", *ALL)
def manager_with_post():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: one.boss and f"{BY_NUMBER[one.boss].both} - Amtsleitung"))
    )


@listed("fuehrung_abgekuerzt.xlsx", errors=9, without=tuple(one.number for one in PEOPLE if one.boss))
def manager_shortened():
    return workbook(
        *rows_of(
            *usual(Führungskraft=lambda one: one.boss and f"{BY_NUMBER[one.boss].first[0]}. {BY_NUMBER[one.boss].last}")
        )
    )
