"""A list of offers as a Studieninstitut sends it, read row by row: what each row would do, or what is wrong in which cell.

Files are read as staff lists are (kompetenz/people/staff); several rows with one title and provider are dates of one offer.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from kompetenz.catalogue.models import Competency
from kompetenz.forms.fields import as_decimal
from kompetenz.people.names import fold
from kompetenz.people.staff.cells import TEXT, WRONG, letter_of
from kompetenz.people.staff.columns import spelled
from kompetenz.people.staff.reading import source_of
from kompetenz.people.staff.values import NO_LEAVING, day, text_of
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.models import LearningFormat, Offer

from .offer_words import days, euros, hours, is_in_lessons, name_in, says_nothing, seats

MOST = 2_000
COLUMNS = {  # key: (title, other headings, what belongs there)
    "title": (
        "Titel", "Seminar Kurs Veranstaltung Thema Bezeichnung Angebot Seminartitel Kurstitel Lehrgang Title",
        "Pflicht. Mit dem Anbieter zusammen erkennt es ein Angebot wieder.",
    ),
    "format": (
        "Format", "Lernformat Art Veranstaltungsart",
        "Eines der Lernformate; ein Wort daraus genügt. Ohne diese Spalte gilt das Format, das Sie oben wählen.",
    ),
    "provider": ("Anbieter", "Anbieter-oder-Ort Veranstalter Institut Träger Bildungsträger Akademie", "Wer es anbietet."),
    "link": ("Link", "URL Internetadresse Webseite Website Internet", "Wo es beschrieben ist."),
    "hours": (
        "Stunden", "Zeitbedarf Zeitbedarf-in-Stunden Dauer-in-Stunden Std Stundenzahl Zeitstunden",
        "Arbeitszeit, zum Beispiel 7,5; nicht in Tagen oder Unterrichtseinheiten.",
    ),
    "cost": (
        "Kosten",
        ("Preis Gebühr Gebühren Entgelt Kosten-in-Euro Kosten-je-Person Kosten-pro-Person Preis-in-Euro Preis-in-EUR "
        "Preis-je-Person "
        "Preis-pro-Person Gebühr-in-Euro Gebühr-je-Person Teilnahmegebühr Teilnahmeentgelt Teilnehmergebühr Seminargebühr Kursgebühr "
        "Seminarpreis Entgelt-in-Euro Entgelt-je-Person Price"),
        "Euro je Person, zum Beispiel 1.250,50 oder kostenfrei.",
    ),
    "seats": (
        "Plätze",
        ("Teilnehmerzahl max-Teilnehmer Teilnehmer-max max-Teilnehmerzahl Teilnehmende-max max-Teilnehmende Teilnehmer Teilnehmende TN "
        "TN-Zahl max-TN TN-max Platzzahl Anzahl-Plätze max-Plätze maximale-Teilnehmerzahl Teilnehmerbegrenzung"),
        "Plätze je Termin. Leer: ohne Grenze.",
    ),
    "starts_on": (
        "Beginn", "von vom Datum Termin Termine Zeitraum Starttermin Startdatum Start Anfang erster-Tag Seminartermin Date",
        "Erster Tag eines Termins, oder von wann bis wann. Eine Zeile je Termin.",
    ),
    "ends_on": ("Ende", "bis Enddatum letzter-Tag", "Letzter Tag des Termins."),
    "place": (
        "Ort", "Ort-und-Uhrzeit Veranstaltungsort Seminarort Tagungsort Uhrzeit Uhrzeiten Zeit",
        "Wo und wann der Termin ist; auch in zwei Spalten.",
    ),
    "competencies": (
        "Kompetenzen", "Kompetenz für-die-Kompetenzen", "Namen von Kompetenzen, getrennt durch Semikolon oder Komma.",
    ),
}  # fmt: skip
MEANINGS = {spelled(name): key for key, (title, aliases, _) in COLUMNS.items() for name in (title, *aliases.split())}
IN_PARTS = "place"  # of which several columns are put together
FEWEST = 2  # columns that make a header: a title alone stands above many a list
LONGEST_DAYS = 100  # letters of "Montag, 12. bis Mittwoch, 14. November 2027, 9:00 bis 16:30 Uhr", and more
LONGEST = {"title": 160, "provider": 160, "place": 160, "link": 300}
NO_HEADER = "In den ersten 20 Zeilen steht keine Kopfzeile mit der Spalte Titel und einer weiteren."
NO_FORMAT = "In der Liste steht kein Lernformat. Bitte wählen Sie eines für alle Zeilen, oder fügen Sie die Spalte Format hinzu."
NO_ROWS = "Unter der Kopfzeile steht keine Zeile mit einem Angebot."
TOO_MANY = "Die Liste hat mehr als 2.000 Zeilen. Bitte teilen Sie sie auf."
TWICE = "Was {} ist, steht in mehr als einer Spalte: {}. Bitte lassen Sie eine davon weg."
LESSONS = "{} sind keine Zeitstunden. Bitte rechnen Sie um; eine Unterrichtseinheit sind 45 Minuten."


@dataclass(frozen=True)
class OffersRead:
    """The ``rows`` of a list of offers, and the headings of columns that nobody has read."""

    rows: list[dict]
    unread: list[str]


def read_offers(content, usual=None):
    """The rows of the first sheet with a header, as dicts that JSON keeps: ``number``, ``values``, ``problems``.

    ``usual`` is the id of the format of rows that name none. Raises Refused with the reason why there is nothing to be read.
    Two queries.
    """
    formats = {fold(one.name): one.pk for one in LearningFormat.objects.all()}
    competencies = {fold(one.name): one.pk for one in Competency.objects.all()}
    for sheet in source_of(content).sheets:
        for number, cells in sheet.head():
            columns = meaning_of(cells)
            if "title" in columns.values() and len(columns) >= FEWEST:
                if usual is None and "format" not in columns.values():
                    raise Refused(NO_FORMAT)
                reader = RowReader(columns, formats, competencies, usual=usual, is_1904=sheet.is_1904)
                unread = [cell.text.strip() for place, cell in enumerate(cells) if cell and place not in columns]
                return OffersRead(rows_below(sheet, number, reader), list(filter(None, unread)))
    raise Refused(NO_HEADER)


def meaning_of(cells):
    """{place: key} of the headings that are known. Raises Refused where one stands twice."""
    found = {
        place: MEANINGS[name]
        for place, cell in enumerate(cells)
        if cell and cell.kind == TEXT and (name := spelled(cell.text)) in MEANINGS
    }
    twice = [key for key, times in Counter(found.values()).items() if times > 1 and key != IN_PARTS]
    if twice and "title" in found.values():
        headings = [quoted(cells[place].text.strip()) for place, key in found.items() if key == twice[0]]
        raise Refused(TWICE.format(quoted(COLUMNS[twice[0]][0]), ", ".join(headings)))
    return found


def rows_below(sheet, header, reader):
    rows = []
    for number, cells in sheet.rows(header):
        given = {}
        for place, key in reader.columns.items():
            if place < len(cells) and cells[place]:
                given.setdefault(key, []).append(cells[place])
        if given:
            rows.append(reader.read(number, given))
        if len(rows) > MOST:
            raise Refused(TOO_MANY)
    if not rows:
        raise Refused(NO_ROWS)
    return rows


class RowReader:
    """Reads rows of one list; knows where its columns are, and which formats and competencies there are, by folded names."""

    def __init__(self, columns, formats, competencies, *, usual, is_1904):
        self.columns, self.formats, self.competencies = columns, formats, competencies
        self.usual, self.is_1904 = usual, is_1904
        self.letters = {key: letter_of(place + 1) for place, key in reversed(columns.items())}

    def read(self, number, given):
        values, problems = {"format": self.usual}, []
        for key in COLUMNS:
            if key not in self.letters:
                continue
            try:
                values |= self.values(key, [cell for cell in given.get(key, ()) if cell.text.strip()])
            except Refused as reason:
                problems.append({"cell": f"{self.letters[key]}{number}", "text": str(reason)})
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if ends_on and (not starts_on or ends_on < starts_on):
            text = "Das Ende liegt vor dem Beginn." if starts_on else "Ein Ende ohne Beginn."
            at = self.letters.get("ends_on") or self.letters["starts_on"]
            problems.append({"cell": f"{at}{number}", "text": text})
        self.say_where(values)
        return {"number": number, "values": values, "problems": problems}

    def say_where(self, values):
        """The time of day that stands with the day belongs to the place."""
        time, place = values.pop("time", ""), values.get("place")
        if time and time not in (place or ""):
            values["place"] = ", ".join(filter(None, [place, time]))[: LONGEST["place"]]

    def values(self, key, cells):
        """What stands in the cells of one column, as JSON keeps it, by key; None for nothing. Raises Refused."""
        if not cells or (key != "title" and all(says_nothing(cell.text) for cell in cells)):
            if key == "title" or (key == "format" and self.usual is None):
                raise Refused(f"{COLUMNS[key][0]} fehlt.")
            return {key: self.usual} if key == "format" else {} if key == "ends_on" else {key: None}
        for cell in cells:
            if cell.kind == WRONG:
                raise Refused(cell.text)
        if key in ("starts_on", "ends_on"):
            return self.dates(key, cells[0])
        if key == IN_PARTS:
            return {key: ", ".join(self.short(key, cell) for cell in cells)[: LONGEST[key]]}
        return {key: READERS.get(key, RowReader.short)(self, key, cells[0])}

    def dates(self, key, cell):
        """The day, and beside the first one the last and the time of day where they stand in one cell."""
        first, last, time = days(text_of(cell, most=LONGEST_DAYS)) if cell.kind == TEXT else (cell.text, "", "")
        found = {key: self.day(replace(cell, text=first))}
        if last and key == "starts_on":
            found["ends_on"] = self.day(replace(cell, text=last))
        return found | ({"time": time} if time and key == "starts_on" else {})

    def day(self, cell):
        try:
            found = day(cell, is_1904=self.is_1904)
        except Refused as reason:
            raise Refused(str(reason).removesuffix(NO_LEAVING).strip()) from reason
        return found and found.isoformat()

    def short(self, key, cell):
        return text_of(cell, most=LONGEST[key])

    def link(self, key, cell):
        address = self.short(key, cell)
        address = f"https://{address}" if address.lower().startswith("www.") else address
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as problem:
            raise Refused(f"{quoted(address)} ist keine Internetadresse, die mit https:// beginnt.") from problem
        return address

    def amount(self, key, cell):
        """A number as Germans write it, or as Excel keeps it; not below zero."""
        places, most = (1, 99_999) if key == "hours" else (2, 9_999_999)
        text = text_of(cell, most=40)
        if key == "hours" and is_in_lessons(text):
            raise Refused(LESSONS.format(quoted(text)))
        try:
            number = Decimal(as_decimal(hours(text) if key == "hours" else euros(text)))
        except InvalidOperation as problem:
            raise Refused(f"{quoted(text)} ist keine Zahl.") from problem
        if not number.is_finite() or not 0 <= number <= most:
            raise Refused(f"{quoted(text)} ist zu groß oder kleiner als null.")
        return str(round(number, places))

    def whole(self, _key, cell):
        said = text_of(cell, most=40)
        text = seats(said.removesuffix(".0").removesuffix(",0"))
        if not re.fullmatch(r"[0-9]{1,4}", text) or not int(text):
            raise Refused(f"{quoted(said)} ist keine Zahl von 1 bis 9999.")
        return int(text)

    def format(self, _key, cell):
        name = text_of(cell, most=80)
        found = name_in(self.formats, name)
        if found is None:
            raise Refused(f"Ein Lernformat {quoted(name)} gibt es nicht.")
        return self.formats[found]

    def named(self, _key, cell):
        """The ids of the competencies; a name may have a comma in it."""
        found = []
        for name in filter(None, (part.strip() for part in re.split(r"[;\n|]", text_of(cell, most=1000)))):
            several = [part.strip() for part in name.split(",")]
            names = [name] if fold(name) in self.competencies else several
            unknown = [one for one in names if fold(one) not in self.competencies]
            if unknown:
                raise Refused(f"Eine Kompetenz {quoted(unknown[0])} gibt es nicht.")
            found += [self.competencies[fold(one)] for one in names]
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
