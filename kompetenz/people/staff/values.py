"""What stands in a cell, read as a number, a name, an address or a day."""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kompetenz.forms.fields import EARLIEST, LATEST
from kompetenz.people.models import Person, Unit
from kompetenz.refusals import Refused
from kompetenz.text import (
    INVISIBLE,
    NO_LETTER,
    address,
    is_plain,
    line,
    objection_to_address,
    objection_to_name,
    objection_to_number,
    tidy,
)
from kompetenz.text import number as text_as_number

from .cells import DATE, NUMBER, WRONG

BEGINS_A_FORMULA = ("=", "+", "-", "@")
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # how Excel writes what XML cannot hold
SHORTENED = re.compile(r"\d+[.,]\d+[Ee]\+?\d+")
NEVER = date(9999, 12, 31)  # how payroll systems write "no end"
ISO, GERMAN = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")

DAMAGED = "Umlaute oder Sonderzeichen sind beschädigt: „{}“. Bitte die Datei neu aus dem Personalsystem ausgeben."
NOT_A_DAY = "„{}“ ist kein Datum. Möglich sind 31.12.2026, 2026-12-31 oder ein Datum von Excel."


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
    text = line(cell.text).strip()
    if ESCAPED.search(text) or hides_something(cell.text.strip()):
        raise Refused("Unsichtbares Zeichen, zum Beispiel ein Zeilenumbruch. Bitte die Zelle neu schreiben.")
    if text.startswith(BEGINS_A_FORMULA):
        raise Refused(f"„{text[:40]}“ beginnt mit {text[0]} wie eine Formel.")
    if is_damaged(text):
        raise Refused(DAMAGED.format(text[:40]))
    if len(text) > most:
        raise Refused(f"Zu lang: Möglich sind höchstens {most} Zeichen.")
    return text


def hides_something(text):
    """Whether a line end or anything invisible stands in the text: in a list nobody would find it again."""
    return not is_plain(text) and (
        "\n" in text or "\t" in text or tidy(text) != unicodedata.normalize("NFC", text) or bool(INVISIBLE.search(text))
    )


def is_damaged(text):
    """Whether the text was read in the wrong encoding once: "MÃ¼ller" for "Müller"."""
    if text.isascii():
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return "\N{REPLACEMENT CHARACTER}" in text
    return True


def number(cell, most):
    """A number that is a name: kept as text, zeros at the front and all."""
    text = text_as_number(text_of(cell, most))
    if (cell.kind == NUMBER and "." in text) or SHORTENED.fullmatch(text):
        raise Refused(
            f"„{text}“ ist als Zahl gespeichert und könnte gekürzt sein. Bitte die Spalte als Text formatieren."
        )
    if objection := objection_to_number(text):
        raise Refused(objection)
    return text


def personnel_number(cell):
    return number(cell, longest(Person, "personnel_number"))


def unit_number(cell):
    return number(cell, longest(Unit, "number"))


def name(cell, most):
    text = text_of(cell, most)
    if objection := objection_to_name(text):
        raise Refused(f"„{text}“ enthält keinen Buchstaben." if objection == NO_LETTER else objection)
    return text


def last_name(cell):
    return name(cell, longest(Person, "last_name"))


def first_name(cell):
    return name(cell, longest(Person, "first_name"))


def unit_name(cell):
    return name(cell, longest(Unit, "name"))


def email(cell):
    text = address(text_of(cell, longest(Person, "email")))
    if objection := objection_to_address(text):
        raise Refused(objection)
    try:
        validate_email(text)
    except ValidationError as problem:
        raise Refused(f"„{text}“ ist keine E-Mail-Adresse.") from problem
    return text


def day(cell):
    """A day in one of three notations; None for the day by which payroll systems mean never."""
    if cell.kind == NUMBER:
        raise Refused(f"Zahl statt Datum: {cell.text}. Bitte die Spalte als Datum formatieren.")
    text = cell.text if cell.kind == DATE else text_of(cell, most=40)
    notation = "%Y-%m-%d" if ISO.fullmatch(text) else "%d.%m.%Y" if GERMAN.fullmatch(text) else None
    try:
        found = datetime.strptime(text, notation or "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as problem:
        raise Refused(NOT_A_DAY.format(text)) from problem
    if found == NEVER:
        return None
    if not EARLIEST <= found.year <= LATEST:
        raise Refused(f"Das Jahr {found.year} kann nicht stimmen.")
    return found


def german(text):
    return f"{date.fromisoformat(text):%d.%m.%Y}"
