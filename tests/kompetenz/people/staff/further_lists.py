"""More staff lists as they arrive: of directories, of payroll, of tools that nobody writes lists with, and of Excel by hand."""

import io
import json
from dataclasses import replace
from datetime import date

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import numbers

from tests.kompetenz.people.staff.foreign_lists import (
    _DOCTOR,
    ALL,
    BY_NUMBER,
    LISTS,
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
from tests.kompetenz.people.staff.lists import packed, text, workbook
from tests.kompetenz.people.staff.other_books import ods, xls, xlsb

WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]


def boss_of(one):
    return BY_NUMBER.get(one.boss)


# Directories and other programs --------------------------------------------------------------------


@listed("active_directory.csv", "mail", "unit", "boss")
def active_directory():
    """Get-ADUser | Export-Csv: a line of types above, managers as places in the directory."""

    def place(one):
        return f"CN={one.last}\\, {one.first},OU={one.unit},OU=Benutzer,DC=kreis,DC=example"

    rows = rows_of(
        ("DistinguishedName", place), ("SamAccountName", lambda one: one.mail[:8]), ("EmployeeID", number), ("Surname", last), ("GivenName", first),
        ("EmailAddress", mail), ("Department", unit), ("Manager", lambda one: boss_of(one) and place(boss_of(one))), ("Enabled", lambda one: "True"),
        ("AccountExpirationDate", lambda one: one.day("%d.%m.%Y 00:00:00")),
    )  # fmt: skip
    return b"#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n" + in_quotes(rows, ",", "utf-8")


@listed("active_directory_csvde.csv", *ALL)
def csvde():
    rows = rows_of(
        ("DN", lambda one: f"CN={one.first} {one.last},OU=Kreis,DC=example"), ("objectClass", lambda one: "user"), ("sn", last), ("givenName", first),
        ("department", unit), ("employeeNumber", number), ("sAMAccountName", lambda one: one.mail[:8]), ("mail", mail),
        ("manager", lambda one: boss_of(one) and f"CN={boss_of(one).first} {boss_of(one).last},OU=Kreis,DC=example"),
        ("austrittsdatum", day),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8-sig")


@listed("sap_tabelle_technische_namen.csv", "unit", "boss", "until")
def technical_names():
    rows = rows_of(
        ("MANDT", lambda one: "100"), ("PERNR", number), ("NACHN", last), ("VORNA", first), ("BUKRS", lambda one: "1000"), ("ORGEH", code),
        ("ORGTX", unit), ("MNGNR", boss), ("BEGDA", lambda one: "20010115"), ("AUSTRITT", lambda one: one.day("%Y%m%d", "00000000")),
    )  # fmt: skip
    return text(*rows, separator="\t", encoding="cp1252")


@listed("sap_zwei_zeilen_kopf_technisch.xlsx", *ALL)
def technical_names_above():
    """Words above, the names of fields below."""
    rows = rows_of(
        ("Personalnummer", number), ("Nachname", last), ("Vorname", first), ("E-Mail", mail), ("Organisationseinheit", code), ("Kurztext", unit),
        ("Vorgesetzter", boss), ("Austritt", day),
    )  # fmt: skip
    return workbook(rows[0], ["PERNR", "NACHN", "VORNA", "USRID_LONG", "ORGEH", "ORGTX", "MNGNR", "DAT01"], *rows[1:])


@listed("personio.csv", *ALL)
def personio():
    rows = rows_of(
        ("ID", lambda one: f"88{one.number[-3:]}"), ("Vorname", first), ("Nachname", last), ("E-Mail", mail), ("Personalnummer", number), ("Status", lambda one: "aktiv"),
        ("Abteilung", unit), ("Team", lambda one: ""), ("Vorgesetzte(r)", lambda one: boss_of(one) and f"{boss_of(one).first} {boss_of(one).last}"),
        ("Vertragsende", lambda one: one.day("%Y-%m-%d")),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8")


@listed("sap_englisch.xlsx", *ALL)
def sap_in_english():
    return workbook(
        *rows_of(
            ("Pers.No.", number), ("Last name", last), ("First name", first), ("E-mail address", mail), ("Organizational unit", unit),
            ("Org.unit", lambda one: f"5000{one.code}"), ("Supervisor (Pers.No.)", boss), ("Leaving", lambda one: one.day("%d %B %Y")),
        )
    )  # fmt: skip


@listed("jira_tabelle.txt", *ALL)
def wiki():
    rows = rows_of(*usual())
    return "\n".join(
        ["|" + "|".join(f" {cell} " for cell in rows[0]) + "|", "|" + "|".join(["---"] * 7) + "|"]
        + ["|" + "|".join(f" {cell} " for cell in row) + "|" for row in rows[1:]]
    ).encode()


@listed("verzeichnis.ldif", refused="keine Excel")
def ldif():
    return "\n\n".join(
        f"dn: uid={one.number},dc=kreis\nsn: {one.last}\ngivenName: {one.first}\nmail: {one.mail}" for one in PEOPLE
    ).encode()


@listed("kontakte.vcf", refused="keine Excel")
def vcards():
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{one.last};{one.first};;;\r\nEMAIL:{one.mail}\r\nEND:VCARD\r\n"
        for one in PEOPLE
    ).encode()


@listed("schnittstelle.xml", refused="keine Excel")
def xml():
    people = "".join(f"<Person><PersNr>{one.number}</PersNr><Name>{one.last}</Name></Person>" for one in PEOPLE)
    return f'<?xml version="1.0" encoding="UTF-8"?><Personen>{people}</Personen>'.encode()


@listed("liste_im_zip.zip", refused="ZIP")
def zipped():
    return packed({"Personal.xlsx": workbook(*rows_of(*usual()))})


@listed("zeilen_aus_json.jsonl", refused="keine Excel")
def json_lines():
    return "\n".join(json.dumps({"PersNr": one.number, "Name": one.last}) for one in PEOPLE).encode()


# Managers and units in other words -----------------------------------------------------------------


@listed("fuehrung_name_und_nummer.xlsx", *ALL)
def manager_with_number():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: boss_of(one) and f"{boss_of(one).both} (00{one.boss[2:]})"))
    )


@listed("fuehrung_nummer_und_name.xlsx", *ALL)
def number_before_the_manager():
    return workbook(*rows_of(*usual(Führungskraft=lambda one: boss_of(one) and f"{one.boss} - {boss_of(one).both}")))


@listed("fuehrung_nur_nachname.xlsx", errors=9, without=tuple(one.number for one in PEOPLE[1:]))
def surname_of_the_manager():
    """One question for all of them: is the only one meant who is called so?"""
    return workbook(*rows_of(*usual(Führungskraft=lambda one: boss_of(one) and boss_of(one).last)))


@listed("fuehrung_mit_anrede.xlsx", errors=9, without=tuple(one.number for one in PEOPLE[1:]))
def manager_addressed():
    return workbook(*rows_of(*usual(Führungskraft=lambda one: boss_of(one) and f"z. Hd. Frau {boss_of(one).last}")))


@listed("fuehrung_mit_amt.xlsx", *ALL)
def manager_with_unit():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: boss_of(one) and f"{boss_of(one).both}, {boss_of(one).amt}"))
    )


@listed("fuehrung_mit_mail_in_klammern.xlsx", *ALL)
def manager_with_mail():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: boss_of(one) and f"{boss_of(one).both} <{boss_of(one).mail}>"))
    )


@listed("leitung_als_eigene_spalten.xlsx", *ALL)
def manager_in_three_columns():
    return workbook(
        *rows_of(
            *usual()[:5], ("Vorgesetzte/r Nachname", lambda one: boss_of(one) and boss_of(one).last),
            ("Vorgesetzte/r Vorname", lambda one: boss_of(one) and boss_of(one).first), ("Vorgesetzte/r PersNr", boss), ("Austritt", day),
        )
    )  # fmt: skip


@listed("wie_oben.xlsx", *ALL)
def ditto():
    """By hand: what stands above is said by two strokes."""
    rows, before = rows_of(*usual())[:1], None
    for one in PEOPLE:
        row = rows_of(*usual(), people=[one])[1]
        if before and before.amt == one.amt:
            row[4] = '"'
        if before and before.boss == one.boss and one.boss:
            row[5] = "dto."
        rows.append(row)
        before = one
    return workbook(*rows)


@listed("einheiten_mit_punkten.xlsx", errors=3, without=("002051", "002177", "002290"))
def dotted_codes():
    """Codes of units of which Excel has made numbers: is it 20.1 or 20.10?"""
    told = {"10": 10, "20": 20.1, "40": "40.10"}
    return workbook(
        *rows_of(
            *usual()[:4], ("OE", lambda one: told[one.code]), ("OE-Bezeichnung", unit), *usual()[5:]
        )
    )  # fmt: skip


@listed("einheit_code_und_text_mit_klammer.xlsx", *ALL)
def code_behind_the_unit():
    return workbook(*rows_of(*usual(Amt=lambda one: f"{one.unit} [{one.code}]")))


@listed("einheit_roemisch.xlsx", *ALL)
def roman():
    return workbook(
        *rows_of(
            *usual()[:4], ("Dez.", lambda one: one.dezernat), ("Amt/Stabsstelle", amt), ("Führungskraft (PNr.)", boss), ("letzter Tag", day)
        )
    )  # fmt: skip


@listed("einheiten_auf_zweitem_blatt.xlsx", errors=10, without=tuple(BY_NUMBER))
def units_on_another_sheet():
    """The second sheet says what the numbers of units are called."""

    def more(book):
        sheet = book.create_sheet("Schlüssel")
        sheet.append(["OE-Nr.", "Bezeichnung", "Leitung"])
        for row in (["10", "Hauptamt", "001204"], ["20", "Kämmerei", "002051"], ["40", "Schulamt", "003008"]):
            sheet.append(row)

    return workbook(*rows_of(*usual()[:4], ("OE-Nr.", code), *usual()[5:]), change=more)


# Numbers, addresses and days in other words --------------------------------------------------------


@listed("nummern_mit_tausenderpunkt.csv", *ALL)
def thousands():
    """Numbers as a spreadsheet shows them that takes them for amounts; nothing is lost by that."""

    def dotted(value):
        return value and f"{int(value):,}".replace(",", ".")

    return in_quotes(
        rows_of(*usual(Personalnummer=lambda one: dotted(one.number), Führungskraft=lambda one: dotted(one.boss)))
    )


LISTS["nummern_mit_tausenderpunkt.csv"] = (
    thousands,
    Expected(ALL, people=tuple(replace(one, number=one.number[2:], boss=one.boss[2:]) for one in PEOPLE)),
)


@listed("nummern_mit_tausendertrennung.xlsx", *ALL)
def thousands_shown():
    def shape(book):
        for row in range(2, 12):
            for column in "AF":
                book.active[f"{column}{row}"].number_format = numbers.FORMAT_NUMBER_COMMA_SEPARATED1

    columns = usual(
        Personalnummer=lambda one: int(one.number), Führungskraft=lambda one: int(one.boss) if one.boss else None
    )
    return workbook(*rows_of(*columns), change=shape)


LISTS["nummern_mit_tausendertrennung.xlsx"] = (thousands_shown, LISTS["nummern_mit_tausenderpunkt.csv"][1])


@listed("nummern_mit_wort_davor.xlsx", *ALL)
def labelled():
    return workbook(
        *rows_of(
            *usual(
                Personalnummer=lambda one: f"PNr. {one.number}", Führungskraft=lambda one: one.boss and f"PNr. {one.boss}"
            )
        )
    )  # fmt: skip


@listed("feste_leerzeichen.csv", *ALL)
def fixed_blanks():
    rows = rows_of(*usual())
    return text(*([f"\xa0{cell}\xa0\u202f " for cell in row] for row in rows))


@listed("mailto_verweise.xlsx", *ALL)
def links():
    def link(book):
        for place, one in enumerate(PEOPLE, start=2):
            book.active[f"D{place}"].hyperlink = f"mailto:{one.mail}"

    return workbook(*rows_of(*usual(E=lambda one: f"mailto:{one.mail}?subject=Hallo")), change=link)


@listed("mehrere_adressen.xlsx", errors=2, without=("001204", "001317"))
def several_addresses():
    """Which of two counts, the list does not say; the same one twice is one."""
    told = {"001204": "{0}; info@kreis.example", "001317": "{0} / privat@mail.example", "001489": "{0}, {0}"}
    return workbook(*rows_of(*usual(E=lambda one: told.get(one.number, "{0}").format(one.mail))))


@listed("adressen_ohne_klammeraffen.xlsx", *ALL)
def hidden_addresses():
    return workbook(*rows_of(*usual(E=lambda one: one.mail.replace("@", " (at) "))))


@listed("fehlerwerte_als_text.csv", *ALL)
def errors_of_excel():
    """What a lookup that has found nothing leaves behind in a CSV."""
    columns = usual(
        Führungskraft=lambda one: one.boss or "#NV", Austritt=lambda one: one.day(never="#NV"), E=lambda one: f"  {one.mail}"
    )  # fmt: skip
    return in_quotes(rows_of(*columns))


@listed("fehlerwerte_bezug.csv", errors=3, without=("001489", "002290", "003333"))
def broken_references():
    wrong = {"001489": "#BEZUG!", "002290": "#WERT!", "003333": "#NAME?"}
    return in_quotes(rows_of(*usual(Führungskraft=lambda one: wrong.get(one.number, one.boss))))


@listed("wochentage.csv", *ALL)
def weekdays():
    def told(one):
        if not one.until:
            return ""
        name = WEEKDAYS[one.until.weekday()]
        return f"{name[:2]}, {one.day()}" if one.number == "001489" else f"{name}, {one.day('%d. Dezember %Y')}"

    return in_quotes(rows_of(*usual(Austritt=told)))


_SOON = {"001489": date(2049, 6, 30), "002290": date(2048, 12, 15)}
LISTS["wochentage_kurz_mit_punkt.csv"] = (
    lambda: in_quotes(
        rows_of(
            *usual(
                Austritt=lambda one: (
                    f"{WEEKDAYS[_SOON[one.number].weekday()][:2]}. {_SOON[one.number]:%d.%m.%y}" if one.until else ""
                )
            )
        )
    ),
    Expected(ALL, people=tuple(replace(one, until=_SOON.get(one.number)) for one in PEOPLE)),
)


@listed("wahrheitswert_statt_tag.xlsx", "mail", "unit", "boss")
def truths():
    return workbook(*rows_of(*usual(Austritt=lambda one: one.until is not None)))


@listed("gueltig_ab_und_bis.xlsx", *ALL)
def validity():
    """Records of what was so once, each with the days from and until which it is so."""
    columns = [
        *usual()[:6],
        ("gültig ab", lambda one: "01.01.2026"),
        ("gültig bis", lambda one: one.day(never="31.12.9999")),
    ]
    return workbook(*rows_of(*columns))  # fmt: skip


@listed("zwei_tage_im_vertrag.xlsx", *ALL)
def two_ends():
    columns = [
        *usual()[:6],
        ("Vertrag von", lambda one: "15.01.2001"),
        ("Vertrag bis", lambda one: one.until),
        ("Sollarbeitszeit bis", lambda one: date(2027, 3, 31)),
    ]
    return workbook(*rows_of(*columns))  # fmt: skip


# Text as other programs write it -------------------------------------------------------------------


@listed("leerzeichen_vor_anfuehrungszeichen.csv", *ALL)
def blanks_before_quotes():
    return "\r\n".join("; ".join(f'"{cell}"' for cell in row) for row in rows_of(*usual(("Raum", lambda one: "Kreishaus; 2.04")))).encode()  # fmt: skip


@listed("zeilen_ganz_in_anfuehrungszeichen.csv", *ALL)
def quoted_lines():
    """A CSV that Excel has opened as one column, and saved again."""
    return "\r\n".join(f'"{";".join(row)}"' for row in rows_of(*usual())).encode("utf-8-sig")


@listed("csv_in_einer_spalte.xlsx", *ALL)
def text_in_one_column():
    return workbook(*([";".join(row)] for row in rows_of(*usual())))


@listed("rueckstrich_vor_anfuehrungszeichen.csv", *ALL)
def escaped_quotes():
    rows = rows_of(*usual(("Bemerkung", lambda one: "")))
    lines = [";".join(f'"{cell}"' for cell in row) for row in rows]
    return "\n".join([lines[0], *(line[:-2] + '"sagt \\"ja\\" dazu"' for line in lines[1:])]).encode()


@listed("zeilenenden_gemischt.csv", *ALL)
def mixed_line_ends():
    lines = in_quotes(rows_of(*usual()), encoding="utf-8").decode().split("\r\n")[:-1]
    return "".join(one + ("\r\n", "\n", "\r", "\r\r\n")[place % 4] for place, one in enumerate(lines)).encode()


@listed("dos_dateiende.csv", *ALL)
def end_of_file():
    """What DOS writes at the end of a file, and a page's end between its lines."""
    lines = in_quotes(rows_of(*usual()), encoding="cp850").split(b"\r\n")
    return b"\r\n".join([*lines[:6], b"\x0c", *lines[6:-1], b"\x1a"])


@listed("kommentare_davor.csv", *ALL)
def comments():
    return b"# Mandant 0001\r\n# erzeugt; am 30.11.2026; Benutzer K4711\r\n#\r\n" + in_quotes(rows_of(*usual()), encoding="cp1252")  # fmt: skip


@listed("doppelte_marke.csv", *ALL)
def two_marks():
    return b"\xef\xbb\xbf" + in_quotes(rows_of(*usual()))


@listed("ohne_kopfzeile.csv", refused="Kopfzeile")
def without_header():
    return in_quotes(rows_of(*usual())[1:])


@listed("tabulator_und_semikolon.csv", *ALL)
def tabs_with_semicolons():
    """Divided by tabs, and semicolons within."""
    return "\r\n".join("\t".join(row) for row in rows_of(*usual(("Raum", lambda one: "Kreishaus; Flur 2; Ost")))).encode("utf-16")  # fmt: skip


# Workbooks -----------------------------------------------------------------------------------------


@listed("leere_blaetter_zuerst.xlsx", *ALL)
def empty_sheets_first():
    """Nothing on the first sheet, nothing but a picture's title on the second, an old list very well hidden."""

    def more(book):
        book.create_sheet("Leer", 0)
        book.create_sheet("Deckblatt", 0).append([None, "Personalliste"])
        old = book.create_sheet("alt", 0)
        old.sheet_state = "veryHidden"
        for row in rows_of(*usual(Nachname=lambda one: "Alt")):
            old.append(row)
        book.active = 1

    return workbook(*rows_of(*usual()), change=more)


@listed("deckblatt_ueber_der_liste.xlsx", refused="20 Zeilen")
def long_preamble():
    return workbook(*([f"Hinweis {place}"] for place in range(24)), *rows_of(*usual()))


@listed("spalten_als_zeilen.xlsx", refused="Transponieren")
def transposed():
    return workbook(*(list(row) for row in zip(*rows_of(*usual()), strict=True)))


@listed("gefiltert.xls", *ALL, people=tuple(one for one in PEOPLE if one.code != "20"))
def filtered_xls():
    return xls(*rows_of(*usual(), people=[one for one in PEOPLE if one.code != "20"]))


@listed("ohne_blattname.xlsb", *ALL)
def binary():
    return xlsb(*rows_of(*usual(Austritt=lambda one: one.until)))


@listed("calc_wiederholte_zellen.ods", *ALL)
def repeated_cells():
    """How Calc saves what stands in two rows alike, and a million empty ones below."""
    content = ods(*rows_of(*usual(Austritt=lambda one: one.until)))
    parts = unpacked(content)
    body = parts["content.xml"].decode()
    one = '<table:table-cell office:value-type="string"><text:p>40 Schulamt</text:p></table:table-cell>'
    assert one in body
    body = body.replace("</table:table>", '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>')  # fmt: skip
    body = body.replace(
        one,
        one.replace("<text:p>", "<office:annotation><text:p>bitte prüfen</text:p></office:annotation><text:p>", 1),
    )
    return packed(parts | {"content.xml": body.encode()})


def unpacked(content):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@listed("formatierte_zellen.xlsx", *ALL)
def rich():
    """Names of which some letters are bold, a comment, a filter, days with their weekdays, a row of sums."""

    def change(book):
        sheet = book.active
        for row in range(2, 12):
            name = sheet[f"B{row}"].value
            sheet[f"B{row}"].value = CellRichText(TextBlock(InlineFont(b=True), name[0]), name[1:])
            sheet[f"G{row}"].number_format = "[$-407]dddd, d. mmmm yyyy"
        sheet["B3"].comment = Comment("Elternzeit bis 2027", "Meier")
        sheet["A12"] = "=SUBTOTAL(103,A2:A11)"
        sheet.auto_filter.ref = "A1:G11"

    return workbook(*rows_of(*usual(Austritt=lambda one: one.until)), change=change)


@listed("titel_in_eigener_spalte_und_ad.xlsx", *ALL)
def title_and_rank():
    return workbook(
        *rows_of(
            ("Personalnummer", number), ("Anrede", lambda one: "Frau"), ("Titel/Grad", lambda one: "Dr." if "Lena" in one.first else ""), ("Name", last),
            ("Rufname", first), ("Amts-/Dienstbezeichnung", lambda one: "Amtfrau"), *usual()[3:],
        )
    )  # fmt: skip


LISTS["titel_in_eigener_spalte_und_ad.xlsx"] = title_and_rank, Expected(ALL, people=_DOCTOR)


@listed("seltene_ueberschriften.xlsx", *ALL)
def rare_headings():
    return workbook(
        *rows_of(
            ("P-Nr.", number), ("Zuname", last), ("Vorn.", first), ("Mail-Adr.", mail), ("Amt / Eigenbetrieb", unit), ("nächsthöhere/r Vorges.", boss),
            ("Tag des Ausscheidens", day),
        )
    )  # fmt: skip


@listed("seltene_ueberschriften_2.xlsx", *ALL)
def rare_headings_too():
    return workbook(
        *rows_of(
            ("Bediensteten-Nr.", number), ("Name des Bediensteten", last), ("Vorname des Bediensteten", first), ("elektronische Adresse", mail),
            ("Beschäftigungsdienststelle", unit), ("unterstellt (PersNr.)", boss), ("Beschäftigungsverhältnis endet am", day),
        )
    )  # fmt: skip


@listed("seltene_ueberschriften_3.csv", *ALL)
def rare_headings_in_english():
    rows = rows_of(
        ("Emp. No.", number), ("LName", last), ("FName", first), ("Mail", mail), ("Cost center description", unit), ("Cost center", code),
        ("Reports To (ID)", boss), ("End of employment", lambda one: one.day("%Y-%m-%d")),
    )  # fmt: skip
    return in_quotes(rows, "|", "cp1252")


@listed("fussnoten_an_namen.xlsx", *ALL)
def footnotes():
    marks = {"001204": " *", "001489": " 1)", "002290": "**", "003333": " (ATZ)"}
    return workbook(*rows_of(*usual(Nachname=lambda one: one.last + marks.get(one.number, ""))))


@listed("anrede_mit_namen.xlsx", *ALL)
def addressed():
    return workbook(
        *rows_of(("PersNr", number), ("Mitarbeiter/in", lambda one: f"Herr/Frau {one.first} {one.last}"), *usual()[3:])
    )


@listed("bindestrich_mit_leerzeichen.xlsx", *ALL)
def hyphens():
    def name(one):
        return one.last.replace("-", " - ")

    return workbook(*rows_of(*usual(Nachname=name, Führungskraft=lambda one: boss_of(one) and f"{name(boss_of(one))}, {boss_of(one).first}")))  # fmt: skip


@listed("einheit_unter_fremder_ueberschrift.xlsx", *ALL)
def unit_by_what_stands_there():
    """Where people work stands below a heading that nobody knows, one text for each number beside it."""
    return workbook(
        *rows_of(*usual()[:4], ("Einsatzort", unit), ("Bereichskürzel", code), ("Entgelt", lambda one: f"E {one.code}"), *usual()[5:])
    )  # fmt: skip


@listed("dienstort_ist_keine_einheit.xlsx", "mail", "unit", "boss", "until")
def town_is_no_unit():
    columns = [
        *usual()[:4],
        ("Dienstort", lambda one: "Musterstadt" if one.code < "40" else "Altdorf"),
        ("OE", code),
        ("OE-Text", unit),
        *usual()[5:],
    ]
    return workbook(*rows_of(*columns))  # fmt: skip


@listed("name_neben_nachname.xlsx", *ALL)
def name_beside_last_name():
    """The whole name in a column of its own, before both parts of it."""
    return workbook(*rows_of(("Personalnummer", number), ("Name", lambda one: f"{one.first} {one.last}"), ("Nachname", last), *usual()[2:]))  # fmt: skip


@listed("fuehrung_nummer_und_adresse.xlsx", *ALL)
def number_and_address_of_the_manager():
    columns = usual(
        E=lambda one: one.mail.replace("@", " @ "), Führungskraft=lambda one: boss_of(one) and f"{one.boss} {boss_of(one).mail}"
    )  # fmt: skip
    return workbook(*rows_of(*columns))


@listed("ganzer_name_englisch.csv", *ALL)
def employee_name():
    rows = rows_of(
        ("Employee ID", number), ("Employee Name", lambda one: one.both), ("Last Name", last), ("First Name", first), ("Email", mail),
        ("Department", unit), ("Manager ID", boss), ("End date", day),
    )  # fmt: skip
    return in_quotes(rows, ",", "utf-8")


@listed("ganzer_name_und_beide.xlsx", *ALL)
def whole_name_and_both():
    return workbook(
        *rows_of(("PersNr", number), ("Name, Vorname", lambda one: one.both), ("Nachname", last), *usual()[2:])
    )


@listed("dezernat_neben_einheit.xlsx", *ALL)
def department_above():
    columns = [("Dezernat", lambda one: f"Dez. {one.dezernat}"), ("OE-Nr", code), ("OE-Bez", unit)]
    return workbook(*rows_of(*usual()[:4], *columns, *usual()[5:]))


@listed("fuehrung_name_und_adresse.xlsx", *ALL)
def manager_in_two_columns():
    columns = [
        ("Name Vorgesetzter", lambda one: boss_of(one) and boss_of(one).last),
        ("E-Mail Vorgesetzter", lambda one: boss_of(one) and boss_of(one).mail),
    ]
    return workbook(*rows_of(*usual()[:5], *columns, ("Austritt", day)))  # fmt: skip


@listed("eine_kostenstelle_fuer_alle.xlsx", *ALL)
def one_cost_centre():
    return workbook(*rows_of(("Kostenstelle", lambda one: "4711"), ("Personal-Nr. (SAP)", number), *usual()[1:]))
