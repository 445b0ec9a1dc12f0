"""What each column of a list is read as: guessed from its heading, else from words in it, else from what stands below it.

A mapping is a key of columns.targets() for each column by place, "" for one that is not read.
"""

import hashlib
import re
from collections.abc import Callable, Sequence

from kompetenz.people.names import fold

from .cells import STEP
from .columns import (
    FIRST_NAME_FIRST,
    FULL_NAME,
    KNOWN_AND_NOT_KEPT,
    LAST_NAME_FIRST,
    UNIT_LEVEL,
    UNIT_PATH,
    ListColumn,
    is_never_read,
    recognised,
    spelled,
    targets,
)
from .raw_lists import RawSheet

LOOKED_AT = 300  # cells of a column
NAMES = {key: {"last_name", "first_name"} for key in (FULL_NAME, FIRST_NAME_FIRST, LAST_NAME_FIRST)}
UNITS = {"unit_number", UNIT_PATH, UNIT_LEVEL}

# Words of a folded heading, the first that fits: of managers before numbers and names, for there may be "PersNr Vorgesetzter".
BY_WORDS = [
    (r"privat|geburt|geb\b|telefon|vertret|entgelt|eintritt|kosten(?!stelle)", ""),
    (r"uber ?geordnet|ueber ?geordnet", "unit_parent"),
    (r"\bfk\b|vorgesetz|fuhrungskraft|fuehrungskraft|leiter|leitung|chef|manager", "manager"),
    (r"e-?mail", "email"),
    (r"vor\w*[ ,/-]+(und )?(nach|zu|familien)?name", FIRST_NAME_FIRST),
    (r"(nach|zu|familien)?name[ ,/;-]+(und )?vorname|^mitarbeite\w*$|^beschaftigte\w*$|^person$", FULL_NAME),
    (r"vorname|rufname", "first_name"),
    (r"nachname|familienname|zuname|^name\b", "last_name"),
    (r"(pers|mitarbeiter|stamm|bediensteten)\w*[ .-]*(nr|num|id|kenn)|^pernr|^id$", "number"),
    (r"austritt|ausgeschied|ausscheid|vertragsende|befrist|(gultig|vertrag\w*) bis|beschaftigungsende|letzter", "leaving_date"),
    (r"(org|oe|einheit|dienststelle|abteilung|amt)\w*[ .-]*(nr|nummer|num|schluss|kurz|id)|kostenstelle", "unit_number"),
    (r"\b(org|oe\b|organisation|dienststelle|einheit)", UNIT_PATH),
    (r"^(dezernat|fachbereich|fachdienst|amt|abteilung|sachgebiet|referat|team|bereich|sachbereich|hauptabteilung|ebene ?\d)", UNIT_LEVEL),
]  # fmt: skip

# Between units in a path, the likeliest first; without blanks only where most have it ("Hoch-/Tiefbau" is one).
STEPS = [
    STEP, " / ", " > ", " >> ", " » ", " | ", " \\ ", " → ", " -> ", " :: ", "\n",
    "\\", "→", "->", "›", "»", ">>", ">", "|", "::", "/", ";",
]  # fmt: skip
DASHES = [" - ", " – "]  # between a unit's number and its name, too
ADDRESS = re.compile(r"\S+@\S+\.\S+")
LIKE_A_NUMBER = re.compile(r"(?=.*\d)[A-Za-z]{0,4}[-./ ]?\d[\w.\-/]{0,14}")
TWO_NAMES = re.compile(r"[^,\d@]+,\s*[^,\d@]+")


def fingerprint(headings: Sequence[str]) -> str:
    """The same for two lists whose columns are called alike, in the same order."""
    return hashlib.sha256("\x1f".join(map(spelled, headings)).encode()).hexdigest()


def is_ignored(heading: str) -> bool:
    """Whether a column is known as one that is not kept, or never read."""
    return is_never_read(heading) or recognised(heading) in KNOWN_AND_NOT_KEPT


def guess(sheet: RawSheet) -> list[str]:
    """The likeliest mapping of a sheet; each key once, but for levels of units."""
    keys = [by_heading(heading) for heading in sheet.headings]
    for _, other in said_twice(keys):
        keys[other] = ""
    for find in (by_words, by_contents):
        taken = set(keys)
        for place, heading in enumerate(sheet.headings):
            if not keys[place] and not is_ignored(heading):
                key = find(sheet, place, taken)
                if key == UNIT_PATH and "unit_number" in taken:
                    key = "unit_name"
                keys[place] = "" if clashes(key, taken) else key
                taken.add(keys[place])
    return settled(sheet, keys)


def by_heading(heading: str) -> str:
    found = recognised(heading)
    return found.key if isinstance(found, ListColumn) else ""


def by_words(sheet: RawSheet, place: int, taken: set[str]) -> str:
    heading = fold(sheet.headings[place])
    return next((key for words, key in BY_WORDS if re.search(words, heading)), "")


def by_contents(sheet: RawSheet, place: int, taken: set[str]) -> str:
    """Only what nothing else looks like: addresses, two names, numbers of which each stands there once."""
    texts = sheet.column(place, LOOKED_AT)
    if not texts or "privat" in fold(sheet.headings[place]):
        return ""
    if "email" not in taken and share(texts, ADDRESS.fullmatch) > 0.6:  # noqa: PLR2004
        return "email"
    if not {"last_name", FULL_NAME} & taken and share(texts, TWO_NAMES.fullmatch) > 0.8:  # noqa: PLR2004
        return FULL_NAME
    is_unique = len(set(texts)) == len(texts) >= 0.9 * min(len(sheet.rows), LOOKED_AT)
    is_counted = texts[:3] == ["1", "2", "3"]
    if "number" not in taken and is_unique and not is_counted and share(texts, LIKE_A_NUMBER.fullmatch) > 0.9:  # noqa: PLR2004
        return "number"
    return ""


def share(texts: Sequence[str], fits: Callable[[str], object]) -> float:
    return sum(1 for text in texts if fits(text.strip())) / len(texts) if texts else 0


def step_in(texts: Sequence[str]) -> str | None:
    """What stands between the units of a path; None if each text is the name of one."""
    for step in STEPS:
        having = sum(1 for text in texts if step in text)
        if having and (" " in step or step == STEP or having * 2 > len(texts)):
            return step
    return next((dash for dash in DASHES if is_between_units(dash, texts)), None)


def is_between_units(dash: str, texts: Sequence[str]) -> bool:
    """Whether most texts have it, one of them twice, and many begin with the same unit."""
    having = [text for text in texts if dash in text]
    begins = {text.partition(dash)[0] for text in having}
    return len(having) * 2 > len(texts) >= len(begins) * 2 and any(text.count(dash) > 1 for text in having)


def clashes(key: str, taken: set[str]) -> bool:
    """Whether something else says already what this would; a number of units may stand beside their name."""
    if key in UNITS:
        return bool(
            UNITS & taken - {UNIT_LEVEL if key == UNIT_LEVEL else "", UNIT_PATH if key == "unit_number" else ""}
        )
    return key in taken or bool(NAMES.get(key, set()) & taken)


def settled(sheet: RawSheet, keys: list[str]) -> list[str]:
    """Names and units by what stands in their columns: two names in one, names instead of numbers, a single level."""
    keys = list(keys)

    def texts(key: str) -> list[str]:
        return sheet.column(keys.index(key), LOOKED_AT)

    if "last_name" in keys and "first_name" not in keys and share(texts("last_name"), TWO_NAMES.fullmatch) > 0.5:  # noqa: PLR2004
        keys[keys.index("last_name")] = FULL_NAME
    if keys.count(UNIT_LEVEL) == 1:
        keys[keys.index(UNIT_LEVEL)] = UNIT_PATH
    if "unit_number" in keys and "unit_name" not in keys and share(texts("unit_number"), LIKE_A_NUMBER.fullmatch) < 0.5:  # noqa: PLR2004
        keys[keys.index("unit_number")] = UNIT_PATH if texts("unit_number") else "unit_number"
    if UNIT_PATH in keys and "unit_number" in keys:
        if step_in(texts(UNIT_PATH)):
            keys[keys.index("unit_number")] = ""
        else:
            keys[keys.index(UNIT_PATH)] = "unit_name" if "unit_name" not in keys else ""
    if "unit_name" in keys and not UNITS & set(keys):
        keys[keys.index("unit_name")] = UNIT_PATH
    return keys


def said_twice(keys: Sequence[str]) -> list[tuple[int, int]]:
    """The places of columns that say the same, as (first, other); levels of units may be several."""
    first: dict[str, int] = {}
    pairs = [(first.setdefault(key, place), place) for place, key in enumerate(keys) if key and key != UNIT_LEVEL]
    return [(one, other) for one, other in pairs if one != other]


def missing(keys: Sequence[str]) -> list[str]:
    """The titles of what a list has to say and this one does not."""
    said = set(keys) | set().union(*(NAMES.get(key, set()) for key in keys))
    return [column.title for column in targets() if column.is_required and column.key not in said]
