"""Staff lists as offices keep, print and pass them on, of the people of foreign_lists: kept by hand over years, copied out of address
books, made from PDFs, with ranks and numbers where they do not belong.
"""

from dataclasses import replace
from datetime import date

from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.kompetenz.people.staff.foreign_lists import (
    ALL,
    BY_NUMBER,
    PEOPLE,
    Expected,
    amt,
    boss,
    both,
    code,
    day,
    first,
    in_quotes,
    last,
    listed,
    mail,
    nothing,
    number,
    rows_of,
    unit,
    usual,
)
from tests.kompetenz.people.staff.later_lists import LISTS
from tests.kompetenz.people.staff.lists import text, workbook
from tests.kompetenz.people.staff.other_books import ods

__all__ = ["LISTS"]

NAMED = [("Personalnummer", number), ("Nachname", last), ("Vorname", first)]


def boss_of(one):
    return BY_NUMBER.get(one.boss)


def written(one, how):
    return how.format(one=one) if one else ""


# Personnel systems ---------------------------------------------------------------------------------


@listed("sap_om_strukturauswertung.xlsx", refused="Vorname")
def sap_structure():
    """A tree as SAP's Strukturauswertung prints it: kinds of objects in the first column, people below their posts."""
    rows = [["Objekttyp", "Objekt-ID", "Objektname", "Status"]]
    for name in dict.fromkeys(one.amt for one in PEOPLE):
        rows.append(["O", f"5000{name[:2]}", name, "aktiv"])
        rows += [["P", one.number, one.both, "aktiv"] for one in PEOPLE if one.amt == name]
    return workbook(*rows)


@listed("sap_abap_mit_summenzeile.csv", "unit", "boss", "until")
def sap_abap():
    rows = rows_of(
        ("PersNr", number), ("Name des Mitarbeiters bzw. Bewerbers", lambda one: f"{one.first} {one.last}"), ("OrgEinh", code),
        ("Organisationseinheit", unit), ("Vorgesetzter", boss), ("Gültig bis", lambda one: one.day(never="31.12.9999")),
    )  # fmt: skip
    return in_quotes([*rows, ["*", "", "", "", "", ""], ["**", "10", "", "", "", ""]])


@listed("loga_html5_report.xlsx", *ALL)
def loga_report():
    return workbook(
        ["LOGA3 Auswertung", "", "", "Mandant 001 Kreis Beispiel"],
        ["Selektion: Aktive", "", "", "gedruckt von: MUSTER"],
        *rows_of(
            ("lfd. Nr.", lambda one: PEOPLE.index(one) + 1), ("Pers.-Nr.", number), ("Name, Titel", lambda one: f"{one.last}"),
            ("Rufname", first), ("dienstl. E-Mail", mail), ("OE-Schlüssel", code), ("OE-Text", unit), ("Vorg.-Pers.-Nr.", boss),
            ("Vertr.-Ende", day),
        ),
    )  # fmt: skip


@listed("kidicap_p5.csv", "mail", "unit", "boss")
def kidicap_p5():
    rows = rows_of(
        ("EINR", lambda one: "4711"), ("PNR", lambda one: one.number.lstrip("0").zfill(6)), ("NAME", lambda one: one.last.upper()),
        ("VNAME", first), ("EMAIL_DIENST", lambda one: one.mail.upper()), ("ORGNR", code), ("ORGBEZ", unit), ("VG_PNR", boss),
    )  # fmt: skip
    return text(*rows, encoding="cp1252", separator=";")


LISTS["kidicap_p5.csv"] = (
    kidicap_p5,
    Expected(("mail", "unit", "boss"), people=tuple(replace(one, last=one.last.upper()) for one in PEOPLE)),
)


@listed("dvv_personal.xlsx", *ALL)
def dvv():
    return workbook(
        *rows_of(
            ("Pers_Nr", number), ("Fam_Name", last), ("Vor_Name", first), ("Dienst_Mail", mail), ("Dst_Nr", code), ("Dst_Bez", unit),
            ("Leiter_Pers_Nr", boss), ("Austr_Dat", day),
        )
    )  # fmt: skip


@listed("okpers_mitarbeiterliste.xlsx", *ALL)
def okpers():
    return workbook(
        *rows_of(
            ("Personalnummer (PNR)", number), ("Familienname, Vorname", both), ("E-Mail (Dienst)", mail), ("Organisationseinheit (Nr.)", code),
            ("Organisationseinheit (Bezeichnung)", unit), ("zuständige Führungskraft (PNR)", boss), ("Ende der Beschäftigung", day),
        )
    )  # fmt: skip


@listed("interflex_stammsatz.csv", *ALL)
def time_recording():
    rows = rows_of(
        ("Ausweis-Nr.", lambda one: f"9{one.number}"), ("Personal-Nr.", number), ("Zuname", last), ("Vorname", first), ("Abt.-Nr.", code),
        ("Abteilung", unit), ("Genehmiger", lambda one: "ZE"), ("Vorgesetzter 1", boss), ("E-Mail", mail), ("Austritt", day),
    )  # fmt: skip
    return in_quotes(rows)


@listed("stellenplan_organisationskennzeichen.xlsx", *ALL)
def signs():
    """Managers named by the sign of their unit's head: 20-AL leads who sits in 20."""
    return workbook(
        *rows_of(
            *NAMED, ("E-Mail", mail), ("Org.-Kz.", code), ("Bezeichnung", unit),
            ("Vorgesetzte/r", lambda one: f"{boss_of(one).both} ({boss_of(one).code}-AL)" if one.boss else ""), ("befristet bis", day),
        )
    )  # fmt: skip


@listed("planstelle_der_leitung.xlsx", *ALL)
def posts():
    def post(one):
        return f"S{one.number}"

    return workbook(
        *rows_of(
            *NAMED, ("E-Mail", mail), ("OE", code), ("OE-Bezeichnung", unit), ("Planstelle-Nr.", post),
            ("Übergeordnete Planstelle", lambda one: post(boss_of(one)) if one.boss else ""), ("Austritt", day),
        )
    )  # fmt: skip


# Kept by hand --------------------------------------------------------------------------------------


@listed("amtsbezeichnung_vor_dem_namen.xlsx", "mail", errors=4, without=("001204", "002051", "003008", "003471"))
def ranks():
    said = {"001204": "Amtsrätin ", "002051": "StOI ", "003008": "OStR'in ", "003471": "VAng "}
    return workbook(
        *rows_of(
            ("Personalnummer", number),
            ("Name", lambda one: said.get(one.number, "") + one.last),
            ("Vorname", first),
            ("E-Mail", mail),
        )
    )


@listed("fuehrung_mit_amtsbezeichnung.xlsx", *ALL)
def led_by_ranks():
    return workbook(
        *rows_of(*usual(Führungskraft=lambda one: written(boss_of(one), "StOI'in Dr. {one.first} {one.last}")))
    )


@listed("nummer_auch_am_namen.xlsx", "mail", "unit", "boss")
def number_twice():
    return workbook(
        *rows_of(
            ("PNr", number), ("Beschäftigte/r", lambda one: f"{one.both} ({one.number})"), ("Mail", mail), ("Amt", amt),
            ("Vorgesetzte/r", lambda one: written(boss_of(one), "{one.both} ({one.number})")),
        )
    )  # fmt: skip


@listed("teilzeit_in_zwei_zeilen.xlsx", "mail", "unit", "boss", errors=1, without=("003120",))
def two_contracts_one_number():
    rows = rows_of(*usual()[:6], ("Stunden", lambda one: "39"))
    rows[8][6] = "19,5"
    return workbook(*rows[:9], [*rows[8][:4], "20 Kämmerei", "002051", "19,5"], *rows[9:])


LISTS["teilzeit_in_zwei_zeilen.xlsx"] = (two_contracts_one_number, Expected(("mail", "unit", "boss"), 1))


@listed("elternzeit_und_azubis.xlsx", *ALL)
def on_leave_and_trainees():
    said = {
        "001317": "Elternzeit bis 30.09.2027",
        "003120": "Azubi",
        "003333": "Praktikum",
        "002177": "ehrenamtlich",
        "003471": "ATZ Freistellung",
    }
    return workbook(*rows_of(*usual(), ("Bemerkung", lambda one: said.get(one.number, ""))))


@listed("vakanzen_mit_strichen.xlsx", *ALL)
def vacancies():
    rows = rows_of(*usual())
    empty = [
        ["", "N.N.", "", "", "20 Kämmerei", "002051", ""],
        ["---", "unbesetzt", "", "", "40 Schulamt", "003008", ""],
        ["", "vakant seit 01.03.", "", "", "40 Schulamt", "", ""],
    ]
    return workbook(*rows[:5], *empty, *rows[5:])


@listed("interimsleitung.xlsx", "mail", "unit", "boss")
def interim():
    return workbook(
        *rows_of(
            *usual(
                Führungskraft=lambda one: written(
                    boss_of(one),
                    "i.V. {one.last}, {one.first}" if one.number > "003" else "{one.last}, {one.first} (komm.)",
                )
            )[:6]
        )
    )


@listed("vertretung_neben_fuehrung.xlsx", *ALL)
def deputy_beside():
    return workbook(*rows_of(*usual(), ("stellv. Vorgesetzter", lambda one: "002051")))


@listed("dezernentin_in_klammern.xlsx", "mail", "unit", "boss")
def head_in_brackets():
    return workbook(
        *rows_of(
            *usual(
                Amt=lambda one: f"{one.unit} ({one.code})",
                Führungskraft=lambda one: written(boss_of(one), "{one.last} {one.first}"),
            )[:6]
        )
    )


@listed("zwischensummen_je_amt.xlsx", *ALL)
def totals():
    rows = rows_of(*usual())
    made = [rows[0]]
    for name in dict.fromkeys(one.amt for one in PEOPLE):
        own = [row for row in rows[1:] if row[4] == name]
        made += [*own, [f"Summe {name}:", "", "", len(own), "", "", ""]]
    return workbook(*made, ["Gesamtsumme", "", "", 10, "", "", ""])


@listed("amt_verbunden_und_leerzeilen.xlsx", *ALL)
def merged_and_empty():
    rows = rows_of(*usual())
    for row in (2, 3, 5, 6, 8, 9, 10):
        rows[row][4] = None

    def merge(book):
        for span in ("E2:E4", "E5:E7", "E8:E11"):
            book.active.merge_cells(span)

    return workbook(*rows, change=merge)


@listed("serienbrief_zwei_kopfzeilen.xlsx", *ALL)
def mail_merge():
    return workbook(
        ["Anrede", "", "", "Dienst", "", "", ""],
        *rows_of(
            ("PersNr", number),
            ("Nachname", last),
            ("Vorname", first),
            ("E-Mail", mail),
            ("Amt", amt),
            ("Führungskraft", boss),
            ("Austritt", day),
        ),
    )


@listed("serienbrief_mit_anrede.csv", *ALL)
def mail_merge_fields():
    rows = rows_of(
        ("Anrede", lambda one: "Frau"), ("Briefanrede", lambda one: f"Sehr geehrte Frau {one.last}"), ("Titel", nothing), ("Vorname", first),
        ("Name", last), ("Straße", lambda one: "Weg 1"), ("PersNr", number), ("Amt", amt), ("Mail", mail), ("FK_PersNr", boss), ("Austritt", day),
    )  # fmt: skip
    return text(*rows, separator="\t", encoding="utf-16")


@listed("kommentare_und_farben.xlsx", *ALL)
def comments():
    def colour(book):
        book.active["B3"].comment = Comment("ab Mai in Elternzeit", "KM")
        book.active["B4"].font = Font(color="FF0000")

    return workbook(*rows_of(*usual()), change=colour)


@listed("jahre_als_blaetter.xlsx", *ALL)
def sheets_of_years():
    def older(book):
        sheet = book.create_sheet("2024")
        for row in rows_of(*usual(), people=PEOPLE[:3]):
            sheet.append(row)

    return workbook(*rows_of(*usual()), sheet="2026", change=older)


@listed("libreoffice_mit_leerspalte_vorn.ods", *ALL)
def leading_column():
    return ods(*[["", *row] for row in rows_of(*usual(Austritt=day))])


@listed("google_tabellen.csv", *ALL)
def google():
    rows = rows_of(
        ("Personal-nr", number), ("Nachname ", last), (" Vorname", first), ("E-Mail-Adresse (geschäftlich)", mail), ("Bereich", amt),
        ("Vorgesetzte Person", boss), ("Letzter Tag", lambda one: one.day("%Y-%m-%d")),
    )  # fmt: skip
    return in_quotes(rows, separator=",", encoding="utf-8", quoting=0)


# Copied --------------------------------------------------------------------------------------------


@listed("outlook_adressbuch.csv", "mail", "unit", errors=0)
def outlook():
    """Copied from Outlook's address list: no numbers but in the field for notes."""
    rows = rows_of(
        ("Name", lambda one: f"{one.last}, {one.first}"), ("Telefon (geschäftlich)", lambda one: "0123 4567-89"), ("Büro", lambda one: "A 1.23"),
        ("Titel", lambda one: "Sachbearbeitung"), ("E-Mail-Adresse", mail), ("Abteilung", unit), ("Employee-ID", number),
    )  # fmt: skip
    return text(*rows, separator="\t", encoding="cp1252")


@listed("exchange_export.csv", "mail", "unit", "boss")
def exchange():
    rows = rows_of(
        ("DisplayName", lambda one: f"{one.last}, {one.first} ({one.code})"), ("sn", last), ("givenName", first), ("EmployeeNumber", number),
        ("PrimarySmtpAddress", mail), ("department", unit), ("Manager", lambda one: written(boss_of(one), "kreis.example/Verwaltung/{one.last}, {one.first}")),
    )  # fmt: skip
    return in_quotes(rows, separator=",")


@listed("powershell_manager_dn.csv", "mail", "unit", "boss")
def distinguished():
    rows = rows_of(
        ("EmployeeID", number), ("Surname", last), ("GivenName", first), ("mail", mail), ("Department", unit),
        ("Manager", lambda one: written(boss_of(one), "CN={one.last}\\, {one.first},OU=Nutzer,DC=kreis,DC=example")), ("Enabled", lambda one: "True"),
    )  # fmt: skip
    return in_quotes(
        [["#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser"], *rows], separator=",", encoding="utf-8"
    )


@listed("pdf_nach_excel.xlsx", *ALL)
def from_pdf():
    """What a program makes of a printed list: the header on each page, page numbers, blanks in numbers."""
    rows = rows_of(*usual(Austritt=day))
    head = rows[0]
    return workbook(
        ["Kreis Beispiel", "", "Personalverzeichnis", "", "", "Seite 1 von 2", ""], head, *rows[1:6],
        ["Stand 01.12.2026", "", "", "", "", "Seite 2 von 2", ""], head, *rows[6:],
    )  # fmt: skip


@listed("pdf_namen_umbrochen.xlsx", *ALL)
def from_pdf_wrapped():
    return workbook(
        *rows_of(*usual(Nachname=lambda one: one.last.replace("-", "-\n"), Amt=lambda one: one.amt.replace(" ", "\n")))
    )


@listed("telefonliste_mit_personalnummer.xlsx", "mail", "unit", "boss")
def phone_list():
    return workbook(
        *rows_of(
            ("Name", both), ("Tel.", lambda one: f"-{one.number[-3:]}"), ("Mobil", lambda one: "0170 1234567"), ("Zi.", lambda one: "1.07"),
            ("Amt", amt), ("PersNr", number), ("Mail", mail), ("Chef/in", lambda one: written(boss_of(one), "{one.both}")),
        )
    )  # fmt: skip


@listed("name_in_einer_spalte_ohne_komma.xlsx", "mail", "unit", "boss")
def one_column():
    """Below a bare "Name" both names, the last one last."""
    people = tuple(one for one in PEOPLE)
    return workbook(
        *rows_of(
            ("PersNr", number),
            ("Name", lambda one: f"{one.first} {one.last}"),
            ("E-Mail", mail),
            ("Amt", amt),
            ("Vorgesetzter", boss),
            people=people,
        )
    )


@listed("nachname_dann_vorname_grade.csv", "mail", "boss")
def degrees():
    rows = rows_of(
        ("Nummer", number), ("Name", lambda one: f"{one.last}, {one.first} (B.A.)" if one.number < "002" else one.both), ("Mail", mail),
        ("Leitung", lambda one: written(boss_of(one), "Dipl.-Verww. (FH) {one.first} {one.last}")),
    )  # fmt: skip
    return in_quotes(rows)


@listed(
    "vorgesetzte_als_kuerzel_und_nummer.xlsx", *ALL, errors=9, without=tuple(one.number for one in PEOPLE if one.boss)
)
def sign_and_number():
    return workbook(*rows_of(*usual(Führungskraft=lambda one: written(boss_of(one), "AL {one.code} / {one.number}"))))


@listed("datum_als_text_mit_monat.csv", *ALL)
def days_in_words():
    return text(
        *rows_of(
            *usual(
                Austritt=lambda one: {"001489": "30. Juni 2099", "002290": "15.Dez.2098"}.get(one.number, "unbefristet")
            )
        )
    )


@listed("rentenbeginn_als_austritt.xlsx", *ALL)
def retirement():
    return workbook(*rows_of(*usual()[:6], ("Rentenbeginn", lambda one: "01.01.2060"), ("tats. Austritt", day)))


@listed("adresse_mit_semikolon.xlsx", *ALL)
def trailing():
    return workbook(*rows_of(*usual(E=lambda one: f"{one.mail}; ")))


@listed("ohne_umlaute.csv", *ALL)
def ascii_only():
    plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ë": "e"})
    rows = [[str(cell).translate(plain) if cell else "" for cell in row] for row in rows_of(*usual(Austritt=day))]
    return text(*rows, encoding="ascii")


PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ë": "e"})
LISTS["ohne_umlaute.csv"] = (
    ascii_only,
    Expected(
        ("mail", "boss", "until"),
        people=tuple(replace(one, last=one.last.translate(PLAIN), first=one.first.translate(PLAIN)) for one in PEOPLE),
    ),
)


@listed("externe_und_personal.xlsx", *ALL)
def externals():
    """Below the staff those of other firms, who have no number."""
    rows = rows_of(*usual())
    return workbook(
        *rows, ["Externe:", "", "", "", "", "", ""], ["extern", "Fremd", "Fritz", "f@firma.example", "", "", ""]
    )


LISTS["externe_und_personal.xlsx"] = (externals, Expected(ALL, 1))


@listed("nummern_mit_pruefziffer.xlsx", *ALL)
def check_digits():
    return workbook(*rows_of(*usual()))


def with_digit(one):
    return replace(
        one, number=f"{one.number}-{int(one.number) % 7}", boss=one.boss and f"{one.boss}-{int(one.boss) % 7}"
    )


CHECKED = tuple(map(with_digit, PEOPLE))
LISTS["nummern_mit_pruefziffer.xlsx"] = (
    lambda: workbook(*rows_of(*usual(), people=CHECKED)),
    Expected(ALL, people=CHECKED),
)


@listed("leitung_steht_zuerst.xlsx", "mail", "unit")
def leader_marked():
    """Who leads is marked by a letter, and nobody is said to be anybody's manager."""
    heads = {one.boss for one in PEOPLE}
    return workbook(*rows_of(*usual()[:5], ("L", lambda one: "L" if one.number in heads else "")))


@listed("kopfzeile_mit_umbruch_und_filter.xlsx", *ALL)
def wrapped_header():
    def narrow(book):
        book.active.auto_filter.ref = "A1:G11"

    rows = rows_of(*usual())
    rows[0] = [
        "Personal-\nnummer",
        "Nach-\nname",
        "Vor-\nname",
        "E-Mail-\nAdresse",
        "Amt",
        "Führungs-\nkraft",
        "Austritts-\ndatum",
    ]
    return workbook(*rows, change=narrow)


# Leavers and numbers, noted otherwise ----------------------------------------------------------------


@listed(
    "ausgeschieden_zum_am_namen.xlsx",
    *ALL,
    people=tuple(replace(one, until=date(2099, 3, 31)) if one.number == "003471" else one for one in PEOPLE),
)
def leaves_by_the_name():
    def named(one):
        return f"{one.last} (ausgeschieden zum 31.03.2099)" if one.number == "003471" else one.last

    return workbook(*rows_of(*usual(Nachname=named)))


@listed("ausgeschieden_zum_ohne_spalte.xlsx", "mail", "unit", "boss", without=("003471",))
def left_by_the_name():
    def named(one):
        return f"{one.last}, ausgeschieden zum 31.03.2025" if one.number == "003471" else one.last

    return workbook(*rows_of(*usual(Nachname=named)[:6]))


@listed("ausgeschiedene_als_block.xlsx", "mail", "unit", "boss", without=("003333", "003471"))
def leavers_below_a_title():
    rows = rows_of(*usual()[:6])
    return workbook(*rows[:9], [], ["Ausgeschieden 2026:"], *rows[9:])


@listed("tag_monat_jahr_kompakt.txt", "mail", "unit", "boss", "until")
def compact_days():
    return in_quotes(rows_of(*usual(Austritt=lambda one: one.day("%d%m%Y", "00000000"))))


@listed("trennstriche_in_nummern.csv", *ALL)
def divided_numbers():
    return in_quotes(rows_of(*usual(Personalnummer=lambda one: f"\u00a0{one.number[:3]}\u00ad\u200b{one.number[3:]} ")))


@listed("zeichenmarke_in_der_mitte.csv", *ALL)
def mark_between():
    rows = in_quotes(rows_of(*usual())).decode("utf-8-sig").splitlines()
    return "\r\n".join([*rows[:6], f"\ufeff{rows[6]}", *rows[7:]]).encode("utf-8-sig")


@listed("utf_16_ohne_marke.csv", *ALL)
def sixteen_without_a_mark():
    return in_quotes(rows_of(*usual()), encoding="utf-16-le")
