"""What stands in a cell, read as a number, a name, an address or a day."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kompetenz.forms.fields import EARLIEST, LATEST
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold, without_birth_name
from kompetenz.refusals import Refused
from kompetenz.text import (
    INVISIBLE,
    LINE_ENDS,
    NO_LETTER,
    TYPED_AS_TEXT,
    address,
    in_one_way,
    is_plain,
    line,
    objection_to_address,
    objection_to_name,
    objection_to_number,
    tidy,
)
from kompetenz.text import number as text_as_number

from .cells import DATE, NUMBER, STEP, TEXT, WRONG
from .charsets import GERMAN
from .days import with_dots
from .no_people import NO_NUMBER
from .notes_at_names import only_the_name, refuse_two_people

BEGINS_A_FORMULA = ("=", "+", "-", "@")
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # how Excel writes what XML cannot hold
SHORTENED = re.compile(r"\d+[.,]\d+[Ee]\+?\d+")
NEVER = {date(9999, 12, 31), date(4712, 12, 31), date(2999, 12, 31)}  # how payroll systems write "no end"
# That there is no manager, unit or address; but 0 is the number of a unit.
NOTHING_SAID = re.compile(
    r"0{5,}|#|[-–—]+|k\. ?A\.?|n/a|nan|null|none|\((leer|null|none)\)|#N/?[AV]|n\. ?n\.?(\s*\(.*\))?|no[_ ]manager"
    r"|(keine?n?|ohne) (pc|computer|e-?mail(-?adresse)?|mail|adresse|zugang|postfach)"
    r"|keine?r?|ohne|entfällt|vakant|unbesetzt|nicht (vorhanden|besetzt)|unbekannt",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"neu|folgt( noch)?|offen|beantragt|noch (nicht|keine).*|wird .*|tb[ad]|\?+|x{2,}", re.IGNORECASE
)  # a number
LABEL = re.compile(
    r"^\s*(pers(onal)?|p|ma|stamm)\.?[ -]?(nr|nummer|no)\.?\s*[:.]?\s+(?=\w*\d)", re.IGNORECASE
)  # PNr. 000815
NO_DAY = re.compile(
    r"#n/?[av]|[0.:\-/ –—]+|99\.?99\.?9999|9{8}",
    re.IGNORECASE,
)  # and how they write that there is none: 00.00.0000, 00000000, 0, -
MIDNIGHT = re.compile(r"[T ]\s*(0{1,2}:00(:00([.,]0+)?)?|24:00(:00)?|23:59(:59([.,]\d+)?)?)\s*([+-]\d\d:?\d\d|Z)?\Z")
BEFORE_A_DAY = re.compile(
    r"^((befr(istet|\.)?|vertrag|zeitvertrag|austritt|ende|endet|rente|ruhestand|atz)[\s:,.]*)?((bis|zum|am|einschl(ießlich|\.)?)\s+)*(?=\d)",
    re.IGNORECASE,
)
BEHIND_A_DAY = re.compile(r"\s*[(\[][^()\[\]\d]*[)\]]$")  # 30.06.2027 (befr.)
BLANK_IN_A_DAY = re.compile(r"(?<=\d\.)\s+(?=\d)")
WEEKDAY = re.compile(
    r"^((mon|diens|donners|frei|sams)tag|mittwoch|sonn(tag|abend)|mo|di|mi|do|fr|sa|so|(mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed"
    r"|thu|fri|sat|sun)[.,]?,?\s+(?=\w)",
    re.IGNORECASE,
)
NOTATIONS = [
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "%Y-%m-%d"),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), "%d.%m.%Y"),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}"), "%d.%m.%y"),
    # Where the next has its month, this has 19 or 20.
    (re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d"), "%d%m%Y"),
    (re.compile(r"\d{8}"), "%Y%m%d"),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "%Y/%m/%d"),
    (re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"), "%Y.%m.%d"),
    (re.compile(r"\d{1,2}-\d{1,2}-\d{4}"), "%d-%m-%Y"),
]
IN_WORDS = re.compile(r"(?P<day>\d{1,2})[. -]*(?P<month>[a-z]{3,9})[. -]*(?P<year>\d{4}|\d\d)")
IN_ENGLISH = re.compile(r"(?P<month>[a-z]{3,9})[. ]*(?P<day>\d{1,2}),? *(?P<year>\d{4})")
MONTHS = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"]
SPELLED_OTHERWISE = {"mrz": "mar", "may": "mai", "oct": "okt", "dec": "dez"}
NEVER_IN_WORDS = {
    "unbefristet", "unbefr.", "unbegrenzt", "offen", "keiner", "keine", "kein", "nein", "entfallt", "ohne", "nie",
    "nat", "nan", "null", "none", "k.a.", "n.v.", "n/a",
}  # fmt: skip
SERIAL = re.compile(r"\d{5}(\.0+)?")
DAY_ZERO, FOUR_YEARS = (
    date(1899, 12, 30),
    timedelta(days=1462),
)  # where Excel counts from, and how much later if from 1904

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
INSTEAD_OF_AT = re.compile(r"\s*[(\[{]\s*(at|ät)\s*[)\]}]\s*|\s+@\s+", re.IGNORECASE)
BEHIND_A_NUMBER = re.compile(  # 000815 bea@example.org, but bea2-neu@example.org is one
    r"(?<![\w./\-])(?=[\w./\-]*\d)[\w./\-]+[\s,;:|–][\s,;:|–-]*(\S+@\S+)"
)
SEVERAL_ADDRESSES = "„{}“ sind mehrere Adressen. Bitte lassen Sie nur die dienstliche stehen."
IN_A_DIRECTORY = re.compile(  # CN=Beispiel\, Bea,OU=Hauptamt; kreis.example/Hauptamt/Beispiel, Bea
    r"(?:CN|uid)=((?:\\.|[^,\\])+)(?:,.*)?|[\w-]+(?:\.[\w-]+)+/(?:[^/]+/)+([^/]+)", re.IGNORECASE
)
DAMAGED = "Umlaute oder Sonderzeichen sind beschädigt: „{}“. Bitte die Datei neu aus dem Personalsystem ausgeben."
NO_LEAVING = "Ohne Austritt bleibt die Zelle leer."
NOT_A_DAY = "„{}“ ist kein Datum. Möglich sind 31.12.2026, 2026-12-31, 20261231 oder ein Datum von Excel."
# What becomes of umlauts that are read in the wrong encoding, as it never stands in a name: J„ger, S”ren, MŸller, JŠger, Gro§, Y?lmaz.
BETWEEN_LETTERS = re.compile(r"[^\W\d_][„”“™€†‡…‰ˆ¸‹›ﬂ³▀▄─÷¼½¾¤¦¨©?][^\W\d_]")
# Or in none: M&uuml;ller, M&#252;ller, M=FCller, M+APw-ller, M%C3%BCller, M\u00fcller.
WRITTEN_OUT = re.compile(
    r"&(#x?[0-9A-Fa-f]{2,5}|[A-Za-z](uml|acute|grave|circ|tilde|cedil|caron|ring|slash)|szlig)(;|$)"
    r"|[A-Za-z]=[C-F][0-9A-F][a-z]|\+A[A-Za-z0-9]{2}-"
    r"|%[C-F][0-9A-F](%[89AB][0-9A-F]|[a-z])|\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|'[0-9A-Fa-f]{2})"
)
AT_THE_END = re.compile(
    r"[^\W\d_][§▀ﬂ]|[^\W\d_]\?(?!\S*\?)$|Ÿ|[A-Za-zäöüß][ŠŽ][a-zäöüß]|^[„”™€…?](?=[a-zäöüß]{2})"
    r"|^Ž(?=[b-df-hj-np-tv-z][a-zäöüß]*\b)"  # Žrmel for Ärmel; Živković and Žukauskienė are names
)


# Where a word may be divided, and what was copied along with a text; neither is anybody's mistake.
BROKEN_WORD = re.compile("\xad(?=[a-zäöüß])")
COPIED = (
    "[\\s\u200b\u200e\u200f\u202a\u202c\u2060\u2066\u2068\u2069\ufeff]+"  # nothing by which a text would read otherwise
)
UNSEEN = re.compile("[\xad\u200b\u200c\u200d\u2060\ufeff]+")  # in a number they say nothing
AROUND = re.compile(f"^{COPIED}|{COPIED}$")


def longest(model, field):
    return model._meta.get_field(field).max_length  # noqa: SLF001 - Django documents it


def text_of(cell, most):
    """The text of a cell with tidy spaces; raises Refused for what nobody would write on purpose."""
    if cell.kind == WRONG:
        raise Refused(cell.text)
    if cell.kind == DATE:
        raise Refused(
            f"Datum statt Text: Excel hat den Wert in {german(cell.text)} verwandelt. Bitte die Spalte als Text formatieren."
        )
    shown = but_what_was_copied(cell.text)
    text = line(shown).strip()
    if ESCAPED.search(text) or hides_something(shown.strip()):
        raise Refused("Unsichtbares Zeichen. Bitte die Zelle neu schreiben.")
    if text.startswith(BEGINS_A_FORMULA):
        raise Refused(f"„{text[:40]}“ beginnt mit {text[0]} wie eine Formel.")
    if is_damaged(text):
        raise Refused(DAMAGED.format(text[:40]))
    if len(text) > most:
        raise Refused(f"Zu lang: Möglich sind höchstens {most} Zeichen.")
    return text


def but_what_was_copied(text):
    """A text without marks that nobody has written: of where a word may be divided, and around it."""
    return text if is_plain(text) else AROUND.sub("", BROKEN_WORD.sub("", text))


def hides_something(text):
    """Whether anything invisible stands in the text, which nobody would find again; a line end is a blank, as it looks."""
    if is_plain(text):
        return False
    text = LINE_ENDS.sub("\n", text)
    return tidy(text) != in_one_way(text) or bool(INVISIBLE.search(text))


def is_damaged(text):
    """Whether the text was read in the wrong encoding once: "MÃ¼ller" for "Müller", or written in one that lacks a letter: "M?ller"."""
    is_plain_ascii = text.isascii()
    if (not is_plain_ascii or "?" in text) and (BETWEEN_LETTERS.search(text) or AT_THE_END.search(text)):
        return True
    if is_plain_ascii:
        return any(sign in text for sign in "&=+%\\") and bool(WRITTEN_OUT.search(text))
    if "\N{REPLACEMENT CHARACTER}" in text or utf_8_read_as("cp1252", text):
        return True
    letters = {letter for letter in utf_8_read_as("cp1250", text) if not letter.isascii()}
    return bool(letters) and letters.issubset(GERMAN)


def utf_8_read_as(charset, text):
    """The text that it was before it was read in this encoding; empty if it never was another."""
    try:
        return text.encode(charset).decode("utf-8")
    except UnicodeError:
        return ""


def number(cell, most):
    """A number that is a name: kept as text, zeros at the front and all."""
    said = replace(cell, text=UNSEEN.sub("", cell.text)) if cell.kind == TEXT else cell
    text = text_as_number(text_of(said, most)).lstrip(TYPED_AS_TEXT)
    if (cell.kind == NUMBER and "." in text) or SHORTENED.fullmatch(text):
        raise Refused(
            f"„{text}“ ist als Zahl gespeichert und könnte gekürzt sein. Bitte die Spalte als Text formatieren."
        )
    if objection := objection_to_number(text):
        raise Refused(objection)
    return text


def personnel_number(cell):
    cell = replace(cell, text=LABEL.sub("", cell.text))
    if TO_COME.fullmatch(cell.text.strip()):
        raise Refused(NO_NUMBER.format(cell.text.strip()))
    return number(cell, longest(Person, "personnel_number"))


def unit_number(cell):
    return number(cell, longest(Unit, "number"))


def name(cell, most):
    text = text_of(cell, most)
    if objection := objection_to_name(text):
        raise Refused(f"„{text}“ enthält keinen Buchstaben." if objection == NO_LETTER else objection)
    return text


def last_name(cell):
    return ones_name(cell, "last_name")


def first_name(cell):
    return ones_name(cell, "first_name")


def ones_name(cell, field):
    text = name(replace(cell, text=only_the_name(cell.text)), longest(Person, field))
    refuse_two_people(text, cell.text)
    return text


def unit_name(cell):
    return name(cell, longest(Unit, "name"))


def email(cell):
    said = replace(cell, text=address_in(but_what_was_copied(cell.text).strip())) if cell.kind == TEXT else cell
    text = address(text_of(said, longest(Person, "email")))
    if objection := objection_to_address(text):
        raise Refused(objection)
    try:
        validate_email(text)
    except ValidationError as problem:
        raise Refused(f"„{text}“ ist keine E-Mail-Adresse.") from problem
    return text


def address_in(text):
    """The address in how mail programs write it: "Beispiel, Bea <bea@example.org>", "Bea (bea@example.org)", "mailto:bea@example.org".

    And in how people do so that no program finds it: "bea (at) example.org".
    """
    text = INSTEAD_OF_AT.sub("@", text)
    if "@" not in text:
        return text
    text = text.strip().rstrip(";,")
    found = re.fullmatch(r"[^<>@]*[<\[(]([^<>()\[\]\s]+@[^<>()\[\]\s]+)[>\])]", text)
    text = re.sub(r"^(mailto|smtp):([^?]*)(\?.*)?", r"\2", found[1] if found else text, flags=re.IGNORECASE)
    return only_address(text.strip())


def only_address(text):
    """One of several, if they are the same; raises Refused if they are not, for which of them counts the list does not say."""
    several = [one for one in re.split(r"[;,|/\s]+", text) if one]
    if len(several) < 2 or not all(ADDRESS.fullmatch(one) for one in several):  # noqa: PLR2004
        return text
    if len({address(one) for one in several}) > 1:
        raise Refused(SEVERAL_ADDRESSES.format(", ".join(several)[:120]))
    return several[0]


def reference(cell):
    """Who is meant by a manager's column: a number, an address or a name, see managers.py."""
    if cell.kind == TEXT and (in_directory := IN_A_DIRECTORY.fullmatch(cell.text.strip())):
        cell = replace(cell, text=re.sub(r"\\(.)", r"\1", in_directory[1] or in_directory[2]))
    cell = replace(cell, text=LABEL.sub("", cell.text))
    is_a_number = cell.kind == NUMBER or SHORTENED.fullmatch(cell.text) or not re.search(r"[^\W\d_]", cell.text)
    if is_a_number and "@" not in cell.text:
        return personnel_number(cell)
    text = without_birth_name(text_of(cell, most=longest(Person, "email")))
    return address_in(BEHIND_A_NUMBER.sub(r"\1", text))


def path(cell):
    """The names of the units from the top down."""
    names = tuple(one.strip() for one in text_of(cell, most=300).split(STEP) if one.strip())
    for one in names:
        if len(one) > longest(Unit, "name"):
            raise Refused(f"Zu lang: Möglich sind höchstens {longest(Unit, 'name')} Zeichen.")
        if not any(letter.isalnum() for letter in one):
            raise Refused(f"„{one}“ ist kein Name einer Organisationseinheit.")
    return names


def day(cell, *, is_1904=False):
    """A day in one of the notations of Excel and personnel systems; None for what they mean by none, or by never."""
    if cell.kind != WRONG and NO_DAY.fullmatch(cell.text.strip()):
        return None
    text = MIDNIGHT.sub("", cell.text if cell.kind == DATE else text_of(cell, most=40)).removeprefix("'")
    text = BEFORE_A_DAY.sub("", WEEKDAY.sub("", text))
    text = BLANK_IN_A_DAY.sub("", BEHIND_A_DAY.sub("", text))
    if NO_DAY.fullmatch(text) or fold(text).replace(" ", "") in NEVER_IN_WORDS:
        return None
    found = in_a_notation(text, is_1904=is_1904)
    if found is None:
        raise Refused(NOT_A_DAY.format(text))
    if found in NEVER:
        return None
    if not EARLIEST <= found.year <= LATEST:
        raise Refused(f"Das Jahr {found.year} kann nicht stimmen. {NO_LEAVING}")
    return found


def in_a_notation(text, *, is_1904):
    if SERIAL.fullmatch(text):
        return DAY_ZERO + timedelta(days=int(float(text))) + (FOUR_YEARS if is_1904 else timedelta())
    if in_words := IN_WORDS.fullmatch(fold(text)) or IN_ENGLISH.fullmatch(fold(text)):
        month = SPELLED_OTHERWISE.get(in_words["month"][:3], in_words["month"][:3])
        text = f"{in_words['day']}.{MONTHS.index(month) + 1}.{in_words['year']}" if month in MONTHS else text
    text = with_dots(text)
    notation = next((notation for looks, notation in NOTATIONS if looks.fullmatch(text)), None)
    try:
        return datetime.strptime(text, notation).date() if notation else None  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def german(text):
    return f"{date.fromisoformat(text):%d.%m.%Y}"
