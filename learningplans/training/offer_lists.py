"""A list of offers as a Studieninstitut sends it, read row by row: what each row would do, or what is wrong in which cell.

Files are read as staff lists are (kompetenz/people/staff); several rows with one title and provider are dates of one offer.
"""

import re
from collections import Counter
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from kompetenz.catalogue.models import Competency
from kompetenz.forms.fields import as_decimal
from kompetenz.people.names import fold
from kompetenz.people.staff.cells import TEXT, WRONG, letter_of
from kompetenz.people.staff.columns import spelled
from kompetenz.people.staff.reading import source_of
from kompetenz.people.staff.values import day, text_of
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.models import LearningFormat, Offer

MOST = 2_000
COLUMNS = {  # key: (title, other headings, what belongs there)
    "title": (
        "Titel", "Seminar Kurs Veranstaltung Thema Bezeichnung Angebot",
        "Pflicht. Mit dem Anbieter zusammen erkennt es ein Angebot wieder.",
    ),
    "format": ("Format", "Lernformat Art Veranstaltungsart", "Pflicht. Eines der Lernformate, mit seinem Namen."),
    "provider": ("Anbieter", "Anbieter-oder-Ort Veranstalter Institut", "Wer es anbietet."),
    "link": ("Link", "URL Internetadresse Webseite", "Wo es beschrieben ist, mit https://."),
    "hours": ("Stunden", "Zeitbedarf Zeitbedarf-in-Stunden Dauer-in-Stunden Std", "Arbeitszeit, zum Beispiel 7,5."),
    "cost": ("Kosten", "Preis Gebühr Entgelt Kosten-in-Euro Kosten-je-Person", "Euro je Person, zum Beispiel 1.250,50."),
    "seats": ("Plätze", "Plaetze Teilnehmerzahl max-Teilnehmer", "Plätze je Termin. Leer: ohne Grenze."),
    "starts_on": ("Beginn", "von Datum Termin Starttermin erster-Tag", "Erster Tag eines Termins. Eine Zeile je Termin."),
    "ends_on": ("Ende", "bis letzter-Tag", "Letzter Tag des Termins."),
    "place": ("Ort", "Ort-und-Uhrzeit Veranstaltungsort Uhrzeit", "Wo und wann der Termin ist."),
    "competencies": ("Kompetenzen", "Kompetenz für-die-Kompetenzen", "Namen von Kompetenzen, getrennt durch Semikolon."),
}  # fmt: skip
MEANINGS = {spelled(name): key for key, (title, aliases, _) in COLUMNS.items() for name in (title, *aliases.split())}
NEEDED = ("title", "format")
LONGEST = {"title": 160, "provider": 160, "place": 160, "link": 300}
NO_HEADER = "In den ersten 20 Zeilen steht keine Kopfzeile mit den Spalten Titel und Format."
NO_ROWS = "Unter der Kopfzeile steht keine Zeile mit einem Angebot."
TOO_MANY = "Die Liste hat mehr als 2.000 Zeilen. Bitte teilen Sie sie auf."
TWICE = "Die Spalte {} steht zweimal in der Kopfzeile."


def read_offers(content):
    """The rows of the first sheet with a header, as dicts that JSON keeps: ``number``, ``values``, ``problems``.

    Raises Refused with the reason why there is nothing to be read. Two queries.
    """
    formats = {fold(one.name): one.pk for one in LearningFormat.objects.all()}
    competencies = {fold(one.name): one.pk for one in Competency.objects.all()}
    for sheet in source_of(content).sheets:
        for number, cells in sheet.head():
            columns = meaning_of(cells)
            if all(key in columns.values() for key in NEEDED):
                reader = RowReader(columns, formats, competencies, is_1904=sheet.is_1904)
                return rows_below(sheet, number, reader)
    raise Refused(NO_HEADER)


def meaning_of(cells):
    """{place: key} of the headings that are known. Raises Refused where one stands twice."""
    found = {
        place: MEANINGS[name]
        for place, cell in enumerate(cells)
        if cell and cell.kind == TEXT and (name := spelled(cell.text)) in MEANINGS
    }
    twice = [key for key, times in Counter(found.values()).items() if times > 1]
    if twice and all(key in found.values() for key in NEEDED):
        raise Refused(TWICE.format(quoted(COLUMNS[twice[0]][0])))
    return found


def rows_below(sheet, header, reader):
    rows = []
    for number, cells in sheet.rows(header):
        given = {key: cells[place] for place, key in reader.columns.items() if place < len(cells) and cells[place]}
        if given:
            rows.append(reader.read(number, given))
        if len(rows) > MOST:
            raise Refused(TOO_MANY)
    if not rows:
        raise Refused(NO_ROWS)
    return rows


class RowReader:
    """Reads rows of one list; knows where its columns are, and which formats and competencies there are, by folded names."""

    def __init__(self, columns, formats, competencies, *, is_1904):
        self.columns, self.formats, self.competencies, self.is_1904 = columns, formats, competencies, is_1904
        self.letters = {key: letter_of(place + 1) for place, key in columns.items()}

    def read(self, number, given):
        values, problems = {}, []
        for key in self.letters:
            try:
                values[key] = self.value(key, given.get(key))
            except Refused as reason:
                problems.append({"cell": f"{self.letters[key]}{number}", "text": str(reason)})
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if ends_on and (not starts_on or ends_on < starts_on):
            text = "Das Ende liegt vor dem Beginn." if starts_on else "Ein Ende ohne Beginn."
            problems.append({"cell": f"{self.letters['ends_on']}{number}", "text": text})
        return {"number": number, "values": values, "problems": problems}

    def value(self, key, cell):
        """What stands in the cell, as JSON keeps it; None for nothing. Raises Refused."""
        if cell is None or not cell.text.strip():
            if key in NEEDED:
                raise Refused(f"{COLUMNS[key][0]} fehlt.")
            return None
        if cell.kind == WRONG:
            raise Refused(cell.text)
        if key in ("starts_on", "ends_on"):
            found = day(cell, is_1904=self.is_1904)
            return found and found.isoformat()
        return READERS.get(key, RowReader.short)(self, key, cell)

    def short(self, key, cell):
        return text_of(cell, most=LONGEST[key])

    def link(self, key, cell):
        address = self.short(key, cell)
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as problem:
            raise Refused(f"{quoted(address)} ist keine Internetadresse, die mit https:// beginnt.") from problem
        return address

    def amount(self, key, cell):
        """A number as Germans write it, or as Excel keeps it; not below zero."""
        places, most = (1, 99_999) if key == "hours" else (2, 9_999_999)
        text = text_of(cell, most=40)
        try:
            number = Decimal(as_decimal(text))
        except InvalidOperation as problem:
            raise Refused(f"{quoted(text)} ist keine Zahl.") from problem
        if not number.is_finite() or not 0 <= number <= most:
            raise Refused(f"{quoted(text)} ist zu groß oder kleiner als null.")
        return str(round(number, places))

    def whole(self, _key, cell):
        text = text_of(cell, most=40).removesuffix(".0").removesuffix(",0")
        if not re.fullmatch(r"[0-9]{1,4}", text) or not int(text):
            raise Refused(f"{quoted(text)} ist keine Zahl von 1 bis 9999.")
        return int(text)

    def format(self, _key, cell):
        name = text_of(cell, most=80)
        if fold(name) not in self.formats:
            raise Refused(f"Ein Lernformat {quoted(name)} gibt es nicht.")
        return self.formats[fold(name)]

    def named(self, _key, cell):
        """The ids of the competencies; a name may have a comma in it."""
        found = []
        for name in filter(None, (part.strip() for part in re.split(r"[;\n|]", text_of(cell, most=1000)))):
            if fold(name) not in self.competencies:
                raise Refused(f"Eine Kompetenz {quoted(name)} gibt es nicht.")
            found.append(self.competencies[fold(name)])
        return sorted(set(found))


READERS = {
    "link": RowReader.link,
    "hours": RowReader.amount,
    "cost": RowReader.amount,
    "seats": RowReader.whole,
    "format": RowReader.format,
    "competencies": RowReader.named,
}
NEW, CHANGED, SAME, WRONG_ROW = "neu", "geaendert", "gleich", "fehler"
FIELDS = ("provider", "link", "hours", "cost", "seats")


def known_offers(*, holds=False):
    """{what an offer is recognised by: the offer}, with ``named``, ids of competencies, and ``its_days``, beginnings of dates.

    Three queries.
    Whoever ``holds`` them writes them: nobody else does meanwhile.
    """
    found = {}
    if holds:
        list(Offer.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for offer in Offer.objects.prefetch_related("competencies", "dates"):
        offer.named = {one.pk for one in offer.competencies.all()}
        offer.its_days = {one.starts_on.isoformat(): one for one in offer.dates.all()}
        found.setdefault(key_of(offer.title, offer.provider), offer)
    return found


def key_of(title, provider):
    return fold(title), fold(provider or "")


def outcome_of(row, known):
    """What this row would do as of now."""
    if row["problems"]:
        return WRONG_ROW
    values = row["values"]
    offer = known.get(key_of(values["title"], values.get("provider")))
    if offer is None:
        return NEW
    return CHANGED if differs(offer, values) else SAME


def differs(offer, values):
    """Whether the row says anything else of the offer; what it leaves empty changes nothing."""
    if offer.format_id != values["format"] or any(
        values.get(name) is not None and as_kept(getattr(offer, name)) != values[name] for name in FIELDS
    ):
        return True
    if not set(values.get("competencies") or ()) <= offer.named:
        return True
    day_ = values.get("starts_on")
    date = offer.its_days.get(day_)
    if day_ and date is None:
        return True
    return bool(day_) and any(
        values.get(name) is not None and as_kept(getattr(date, name)) != values[name] for name in ("ends_on", "place")
    )


def as_kept(value):
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
