"""Rows of a list that are nobody: sums and counts, titles and footers between the rows, posts without anybody."""

import re

from kompetenz.people.names import fold
from kompetenz.text import line

from .cells import WRONG, ListCell

COUNTED = r"(zwischen|teil|gesamt|end)?(summe|ergebnis)|(gesamt)?(anzahl|zahl)|gesamt|insgesamt|total"
HEADS = r"(personen|mitarbeite\w*|beschaftigte\w*|bedienstete\w*|kopfe|zeilen|eintrage|datensatze|treffer)"
NO_PERSON = re.compile(
    rf"[*∑σ= ]*({COUNTED}|stand|erstellt|gedruckt|ausdruck|ende|seite|druckdatum|ubertrag)\b.*|.+ (ergebnis|anzahl|summe|gesamt)|[*∑]+"
    rf"|\d+ {HEADS}|{HEADS}: *\d+|[-–] ?\d+ ?[-–]"
)
COUNT = re.compile(rf"[*∑σ= ]*(({COUNTED})( {HEADS})?|{HEADS})[ .:]*")  # beside a number that says how many
NOBODY_YET = re.compile(  # a post without anybody
    r"n\. ?n\.?|\(?((derzeit|zurzeit|zzt\.?|noch) )?(vakant|unbesetzt|nicht besetzt|frei|offen|gesperrt|kw)( (seit|ab|bis|zum)\b.*)?\)?"
    r"|(in )?(ausschreibung|nachbesetzung)\b.*"
    r"|kunftig wegfallend.*|(freie|offene|unbesetzte) (plan)?stelle"
)
EXPLAINED = re.compile(r"\(.*\)")  # what stands below a heading: (8-stellig)
NAMES = ("last_name", "first_name")
NO_NUMBER = "„{}“ ist keine Personalnummer. Die Zeile wartet, bis es eine gibt."


def told_of(found: dict[str, ListCell]) -> str:
    """What stands in a row, in words rather than in figures."""
    texts = [line(cell.text).strip() for cell in found.values() if cell.kind != WRONG]
    return next((text for text in texts if any(map(str.isalpha, text))), (texts or [""])[0])


def names_nobody(found: dict[str, ListCell], before: int, *, has_figures: bool = False) -> bool:
    """Whether a row, ``before`` people standing above it, is no person; numbers of people may all have figures."""
    if all(EXPLAINED.fullmatch(cell.text.strip()) for cell in found.values()):
        return True
    has_both_names = all(name in found and found[name].kind != WRONG for name in NAMES)
    if has_both_names and "number" in found:
        return False
    texts = {key: fold(cell.text) for key, cell in found.items() if cell.kind != WRONG}
    if has_figures and texts.get("number") and not re.search(r"\d", texts["number"]) and "first_name" not in texts:
        return True  # gelb | Elternzeit
    if is_without_anybody(texts) or has_both_names:
        return is_without_anybody(texts)
    return is_counted(texts, before) or is_said_of_many(texts) or is_title(texts, len(found))


def is_without_anybody(texts: dict[str, str]) -> bool:
    """Whether "N. N." or "vakant" stands where somebody would."""
    where = [texts["number"]] if texts.get("number") else [texts[name] for name in NAMES if name in texts]
    return bool(where) and all(map(NOBODY_YET.fullmatch, where))


def is_counted(texts: dict[str, str], before: int) -> bool:
    """Whether it says how many stand above, such as "3 | Anzahl": nothing but a number that they may be, beside such a word."""
    number, names = texts.get("number", ""), [texts[name] for name in NAMES if name in texts]
    is_count = number.isdecimal() and 0 < int(number) <= before and not number.startswith("0")
    return is_count and any(map(COUNT.fullmatch, names)) and len(texts) - len(names) <= 2  # noqa: PLR2004


def is_said_of_many(texts: dict[str, str]) -> bool:
    """Whether it begins as sums and footers do; beside a number and a name nothing else is taken for that, and beside a number no name."""
    names = [texts[name] for name in NAMES if texts.get(name)]
    said = [texts["number"]] if names and texts.get("number") else texts.values()
    return any(map(NO_PERSON.fullmatch, said))


def is_title(texts: dict[str, str], filled: int) -> bool:
    """Whether a single text stands there that is no personnel number."""
    number = texts.get("number", "")
    is_in_words = any(letter.isalpha() for letter in number) and (" " in number or not re.search(r"\d", number))
    return filled == 1 and (is_in_words or not number)
