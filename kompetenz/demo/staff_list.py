"""The people of the invented district as a staff list, as an office would send it: to try the import with."""

from openpyxl import Workbook

from kompetenz.people.models import Person
from roles.models import RoleProfile

from .accounts import BY_KEY, DOMAIN
from .district import LARGEST
from .people import FIRST_NUMBER, address, cast

LIST_NUMBER = FIRST_NUMBER + LARGEST  # beyond the numbers of the demo district, who are other people

HEADER = [
    "Personalnummer",
    "Nachname",
    "Vorname",
    "E-Mail",
    "Organisationseinheit-Nr.",
    "OE-Bezeichnung",
    "Übergeordnete OE",
    "Funktion/Rolle",
    "Vorgesetzte*r (Personalnummer)",
]


def rows_of(number_of_people):
    """One row of texts for each person: always the same number, and no number or address of anybody else's."""
    tree, people = cast(number_of_people)
    place_of = {place.number: place for place in tree}
    number_of = {id(someone): f"{number:07}" for number, someone in enumerate(people, start=LIST_NUMBER)}
    heads = {someone.leads: number_of[id(someone)] for someone in people if someone.leads}
    names = dict(RoleProfile.objects.filter(is_builtin=True).values_list("key", "name"))
    others = Person.objects.exclude(personnel_number__in=number_of.values())
    taken = set(others.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    taken |= {account.email for account in BY_KEY.values()}
    taken = {email.removesuffix(f"@{DOMAIN}") for email in taken}
    for someone in people:
        place = place_of[someone.unit]
        above = place.above if someone.leads else someone.unit
        yield [
            number_of[id(someone)],
            someone.name[1],
            someone.name[0],
            address(someone, taken) or "",
            place.number,
            place.name,
            place.above or "",
            names.get(someone.role, ""),
            heads.get(above, "") if someone.has_manager else "",
        ]


def write_staff_list(path, number_of_people):
    """Write an XLSX file; every cell is text, so that leading zeros stay."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Personal")
    sheet.append(HEADER)
    for row in rows_of(number_of_people):
        sheet.append(row)
    book.save(path)
