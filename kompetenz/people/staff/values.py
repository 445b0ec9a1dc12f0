"""What stands in a cell, read as a number, a name, an address or a day."""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kompetenz.people.models import Person, Unit

from .reading import DATE, NUMBER, WRONG

BEGINS_A_FORMULA = ("=", "+", "-", "@")
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000 ]+")
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # how Excel writes what XML cannot hold
SHORTENED = re.compile(r"\d+[.,]\d+[Ee]\+?\d+")
NEVER = date(9999, 12, 31)  # how payroll systems write "no end"
EARLIEST, LATEST = 1950, 2100
ISO, GERMAN = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")

DAMAGED = "Umlaute oder Sonderzeichen sind beschädigt: „{}“. Bitte die Datei neu aus dem Personalsystem ausgeben."
NOT_A_DAY = "„{}“ ist kein Datum. Möglich sind 31.12.2026, 2026-12-31 oder ein Datum von Excel."


class Wrong(Exception):
    """The cell cannot be taken; the text says why."""


def longest(model, field):
    return model._meta.get_field(field).max_length  # noqa: SLF001 - Django documents it


def text_of(cell, most):
    """The text of a cell with tidy spaces; raises Wrong for what nobody would write on purpose."""
    if cell.kind == WRONG:
        raise Wrong(cell.text)
    if cell.kind == DATE:
        raise Wrong(
            f"Datum statt Text: Excel hat den Wert in {german(cell.text)} verwandelt. Bitte die Spalte als Text formatieren."
        )
    text = SPACES.sub(" ", unicodedata.normalize("NFC", cell.text)).strip()
    if ESCAPED.search(text) or any(unicodedata.category(letter) in UNPRINTABLE for letter in text):
        raise Wrong("Unsichtbares Zeichen, zum Beispiel ein Zeilenumbruch. Bitte die Zelle neu schreiben.")
    if text.startswith(BEGINS_A_FORMULA):
        raise Wrong(f"„{text[:40]}“ beginnt mit {text[0]} wie eine Formel.")
    if is_damaged(text):
        raise Wrong(DAMAGED.format(text[:40]))
    if len(text) > most:
        raise Wrong(f"Zu lang: Möglich sind höchstens {most} Zeichen.")
    return text


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
    text = text_of(cell, most)
    if (cell.kind == NUMBER and "." in text) or SHORTENED.fullmatch(text):
        raise Wrong(
            f"„{text}“ ist als Zahl gespeichert und könnte gekürzt sein. Bitte die Spalte als Text formatieren."
        )
    return text


def personnel_number(cell):
    return number(cell, longest(Person, "personnel_number"))


def unit_number(cell):
    return number(cell, longest(Unit, "number"))


def name(cell, most):
    text = text_of(cell, most)
    if not any(letter.isalpha() for letter in text):
        raise Wrong(f"„{text}“ enthält keinen Buchstaben.")
    return text


def last_name(cell):
    return name(cell, longest(Person, "last_name"))


def first_name(cell):
    return name(cell, longest(Person, "first_name"))


def unit_name(cell):
    return name(cell, longest(Unit, "name"))


def email(cell):
    text = text_of(cell, longest(Person, "email")).lower()
    try:
        validate_email(text)
    except ValidationError as problem:
        raise Wrong(f"„{text}“ ist keine E-Mail-Adresse.") from problem
    return text


def day(cell):
    """A day in one of three notations; None for the day by which payroll systems mean never."""
    if cell.kind == NUMBER:
        raise Wrong(f"Zahl statt Datum: {cell.text}. Bitte die Spalte als Datum formatieren.")
    text = cell.text if cell.kind == DATE else text_of(cell, most=40)
    notation = "%Y-%m-%d" if ISO.fullmatch(text) else "%d.%m.%Y" if GERMAN.fullmatch(text) else None
    try:
        found = datetime.strptime(text, notation or "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as problem:
        raise Wrong(NOT_A_DAY.format(text)) from problem
    if found == NEVER:
        return None
    if not EARLIEST <= found.year <= LATEST:
        raise Wrong(f"Das Jahr {found.year} kann nicht stimmen.")
    return found


def german(text):
    return f"{date.fromisoformat(text):%d.%m.%Y}"
