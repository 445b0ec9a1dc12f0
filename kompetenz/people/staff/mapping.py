"""What each column of a list is read as: guessed from its heading, else from words in it, else from what stands below it.

A mapping is a key of columns.targets() for each column by place, "" for one that is not read.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from kompetenz.people.names import fold, is_title

from . import two_names
from .cells import STEP, TRUTH, Cells
from .columns import (
    COUNTED,
    FIRST_NAME_FIRST,
    FULL_NAME,
    KNOWN_AND_NOT_KEPT,
    LAST_NAME_FIRST,
    MANAGER_FIRST_NAME,
    MANAGER_POST,
    NAME_PREFIX,
    NAME_TITLE,
    NUMBER_AND_NAME,
    OF_A_TABLE,
    POST,
    STATUS,
    UNIT_LEVEL,
    UNIT_PATH,
    ListColumn,
    is_never_read,
    recognised,
    spelled,
    targets,
)
from .leavers import says_who_left
from .ranks import led_by_ranks
from .raw_sheets import RawSheet

LOOKED_AT = 300  # cells of a column
FEW, MOST, NEARLY_ALL = 0.3, 0.5, 0.9  # of them
NAMES = {key: {"last_name", "first_name"} for key in (FULL_NAME, FIRST_NAME_FIRST, LAST_NAME_FIRST)}
NAMES[NUMBER_AND_NAME] = {"number", "last_name", "first_name"}
UNITS = {"unit_number", UNIT_PATH, UNIT_LEVEL}

# Words of a folded heading, the first that fits: of managers before numbers and names, for there may be "PersNr Vorgesetzter".
ORG = r"(org|oe|einheit|dienststelle|dienstst|dst|abteilung|abt|amt|amter|bereich|struktureinheit)"
COST_CENTRE = r"(kst|kostenst\w*|cost cent(er|re))\.?"
WHOSE = r"(pers\w*|mitarbeite\w*|stamm|bedienstete\w*|beschaftigte\w*|ma|employee|user|staff|worker)"
LEAVING = (
    r"austr|ausgeschied|ausscheid|abgang|vertragsende|vertr\w*[. -]+ende|befrist"
    r"|(gue?ltig|vertrag\w*) bis|beschaftigungsende|letzter|exit|termination|leaving"
    r"|last (working )?day|dienstende|end of (employment|contract)|^(employment |contract )?end ?date$|verhaltnis(ses)? endet"
    r"|\bende (\w+ )?(vertrag|beschaft|arbeitsv|dienstv)|vertrag\w* ende"
)
NONE_OF_OURS = (
    r"privat|geburt|geb\b|telefon|\btel\b|\bfax|handy|mobil|vertret|entgelt|eintritt|einstell|hire|kosten(?!st)|user ?name|login"
    r"|fachvorges|\w(ebene|spanne|zulage)|\balte?r?\b|\bfruhere?r?\b|\bbisherige?r?\b"
)
BY_WORDS = [
    (NONE_OF_OURS, ""),
    (r"(uber ?geordnet|ueber ?geordnet|vorges|vorg\b|leit|fuhrung|fk\b)\w*[ .-]*(plan)?stelle", MANAGER_POST),
    (r"^plan ?stelle$|^(plan)?stellen?[ .-]*(nr|num|id\b)", POST),
    (r"(amts?|dienst)[ .-]*bez|besoldung|planstelle|stellen|funktion\b", ""),
    (r"uber ?geordnet|ueber ?geordnet", "unit_parent"),
    (
        (
            r"\bfk\b|vorgesetz|\bvorg(es)?\b|\bvg[ .-]*(pnr|pers|nr|name|mail)"
            r"|fuhrungskraft|fuehrungskraft|leiter|leitung|chef|manager|supervisor\b|reports? to"
            r"|berichtet an|unterstellt"
        ),
        "manager",
    ),
    (r"e-?mail|mail-?ad|\bmail\b|smtp|elektronische (post)?(adresse)?\b", "email"),
    (r"vor\w*[ ,/-]+(und )?(nach|zu|familien)?name|(full|display) ?name", FIRST_NAME_FIRST),
    (r"(nach|zu|familien)?name[ ,/;-]+(und )?vorname|^mitarbeite\w*$|^beschaftigte\w*$|^person$|^employee$", FULL_NAME),
    (r"vor[ -]?name|rufname|first ?name|fore ?name|given ?name|\bv[ -]?name|^name ?2$", "first_name"),
    (
        rf"nach[ -]?name|familienname|zuname|^name\b|(last|sur|family) ?name|\bfam\.?[ -]?name|\bn[ -]?name\b|\b{WHOSE}[ .-]*name\b",
        "last_name",
    ),
    (rf"\b{WHOSE}[ ._/-]*(nr|num|id\b|kenn|no\b)|^pernr|^id$", "number"),
    (LEAVING, "leaving_date"),
    (rf"{COST_CENTRE}[ .-]*(bez|text|name|desc)|(bez|text|name)\w*\.? (der |d\. )?{COST_CENTRE}", "unit_name"),
    (
        (
            rf"({ORG}|{COST_CENTRE})\w*[ .-]*(nr|nummer|num|schluss|kurz|kuerz|id\b|code)|kostenstelle|^kst$"
            r"|^cost cent(er|re)$|org\w*\.?[ -]?zeichen"
        ),
        "unit_number",
    ),
    (r"\b(org|oe\b|organisation|\w*dienststelle|dst\b|einheit|struktureinheit|department|business ?unit)", UNIT_PATH),
    (
        r"^(dezernat|fachbereich|fachdienst|amt(?!s)|abteilung|abt\b|sachgebiet|referat|team|bereich|sachbereich|hauptabteilung|ebene ?\d)",
        UNIT_LEVEL,
    ),
]

# Between units in a path, the likeliest first; without blanks only where most have it ("Hoch-/Tiefbau" is one).
STEPS = [
    STEP, " / ", " > ", " >> ", " » ", " | ", " \\ ", " → ", " -> ", " :: ", "\n",
    "\\", "→", "->", "›", "»", ">>", ">", "|", "::", "/", ";",
]  # fmt: skip
DASHES = [" - ", " – "]  # between a unit's number and its name, too
ADDRESS = re.compile(r"\S+@\S+\.\S+")
LIKE_A_NUMBER = re.compile(r"(?=.*\d)[A-Za-z]{0,4}[-./ ]?\d[\w.\-/]{0,14}")
SHORT = re.compile(r"\s*([\w.\-/]{1,5}|(?=\S*\d)[\w.\-/]{1,8})\s*")  # a number of a unit, and no name
GENDERED = re.compile(r"[*:/_(]-?(in|innen|r|n)\)?(?![a-z])")
FEWEST_UNITS = 3  # of fewer it may be chance
UNIT_IN_WORDS = {"text", "kurztext", "langtext", "bezeichnung", "kurzbezeichnung", "langbezeichnung", "beschreibung"}
DIVIDED = re.compile(r"-\s+(?=[a-z])")
NO_NUMBER = re.compile(r"\btel|telefon|\bfax|handy|mobil|durchwahl|\bdw\b|raum|zimmer|plz|stelle")  # of a person
LIKE_A_DAY = re.compile(r"\d[./-]\d|\d{5}|\d[-. ]{0,2}[^\W\d]{3}")
CAPITALS = re.compile(r"[^\W\d_a-zäöü]{2,}[\s-]")  # MEIER Bea
IN_LETTERS = re.compile(r"[^\d@]+")
IS_SO = {"ja", "nein", "j", "n", "x", "yes", "no", "y", "true", "false", "wahr", "falsch", "0", "1", "-", fold(TRUTH)}
TWO_NAMES = re.compile(r"[^,;\d@]+(,|;|\s/\s)\s*[^,;\d@]+(,[^,;\d@]+)?(\([^()@]*\))?")


def fingerprint(headings: Sequence[str]) -> str:
    """The same for two lists whose columns are called alike, in the same order."""
    return hashlib.sha256("\x1f".join(map(spelled, headings)).encode()).hexdigest()


def is_ignored(heading: str) -> bool:
    """Whether a column is known as one that is not kept, or never read."""
    return is_never_read(heading) or recognised(heading) in KNOWN_AND_NOT_KEPT


def guess(sheet: RawSheet) -> list[str]:
    """The likeliest mapping of a sheet; each key once, but for levels of units."""
    keys = [fitting(by_heading(heading), sheet, place, FITS) for place, heading in enumerate(sheet.headings)]
    for one, other in said_twice(
        keys
    ):  # what is not shown gives way to what is, and "Name" to "Nachname": both may stand in it
        gives_way = one in sheet.hidden_columns and other not in sheet.hidden_columns
        gives_way |= fold(sheet.headings[one]) == "name" != fold(sheet.headings[other])
        keys[one if gives_way else other] = ""
    for find in (by_words, by_contents):
        taken = set(keys)
        for place, heading in enumerate(sheet.headings):
            if not keys[place] and not is_ignored(heading):
                key = find(sheet, place, taken)
                if key in {UNIT_PATH, UNIT_LEVEL} and "unit_number" in taken:
                    key = "" if key == UNIT_LEVEL and says_units(sheet, place) else "unit_name"
                keys[place] = "" if clashes(key, taken) else fitting(key, sheet, place, FITS_WORDS)
                taken.add(keys[place])
    return settled(sheet, keys)


def says_units(sheet: RawSheet, place: int) -> bool:
    """Whether another column than this one says how units are called, so that "Dezernat" is one above."""
    others = [heading for other, heading in enumerate(sheet.headings) if other != place]
    return bool({"unit_name", UNIT_PATH} & {by_heading(one) or said_by_words(plainly(one)) for one in others})


def fitting(key: str, sheet: RawSheet, place: int, fits: Mapping[str, Callable[[Sequence[str]], bool]]) -> str:
    """What a heading says, unless what stands below it is nothing of the kind: "ja" is no manager, a count no address."""
    texts = sheet.column(place, LOOKED_AT) if key in fits else []
    return key if not texts or fits[key](texts) else ""


def is_no_yes_or_no(texts: Sequence[str]) -> bool:
    said = {fold(text) for text in texts}
    return not (said <= IS_SO and len(said & {"0", "-"}) < len(said))


def is_address_or_nothing(text: str) -> bool:
    return "@" in text or not any(map(str.isalnum, text))


FITS: dict[str, Callable[[Sequence[str]], bool]] = {
    "manager": is_no_yes_or_no,
    "leaving_date": is_no_yes_or_no,
    NAME_TITLE: lambda texts: share(texts, lambda text: all(map(is_title, text.split()))) > 0.9,  # noqa: PLR2004
}
FITS_WORDS = FITS | {
    "email": lambda texts: share(texts, is_address_or_nothing) > FEW,
    "leaving_date": lambda texts: is_no_yes_or_no(texts) and any(map(LIKE_A_DAY.search, texts)),  # and no reason
}


def by_heading(heading: str) -> str:
    found = recognised(heading)
    return found.key if isinstance(found, ListColumn) else ""


def by_words(sheet: RawSheet, place: int, taken: set[str]) -> str:
    heading = plainly(sheet.headings[place])
    key = said_by_words(heading)
    if key == "manager" and "vorname" in heading and "name" not in heading.replace("vorname", ""):
        key = MANAGER_FIRST_NAME
    is_code = key == UNIT_PATH and share(sheet.column(place, LOOKED_AT), SHORT.fullmatch) > 0.9  # noqa: PLR2004
    return "unit_number" if is_code and "unit_number" not in taken else key


def plainly(heading: str) -> str:
    """A heading without its number and forms for women and men, with no divided word, and with blanks for strokes."""
    return (
        GENDERED.sub("", DIVIDED.sub("", fold(OF_A_TABLE.sub("", COUNTED.sub("", heading))))).replace("_", " ").strip()
    )


def said_by_words(heading: str) -> str:
    return next((key for words, key in BY_WORDS if re.search(words, heading)), "")


def by_contents(sheet: RawSheet, place: int, taken: set[str]) -> str:
    """Only what nothing else looks like: addresses, two names, numbers of which each stands there once."""
    texts = sheet.column(place, LOOKED_AT)
    if not texts or "privat" in fold(sheet.headings[place]):
        return ""
    if "email" not in taken and share(texts, ADDRESS.fullmatch) > 0.6:  # noqa: PLR2004
        return "email"
    if not {"number", "last_name", FULL_NAME} & taken and share(texts, two_names.WITH_A_NUMBER.fullmatch) > 0.8:  # noqa: PLR2004
        return NUMBER_AND_NAME
    if not {"last_name", FULL_NAME} & taken and share(texts, TWO_NAMES.fullmatch) > 0.8:  # noqa: PLR2004
        return FULL_NAME
    is_unique = len(set(texts)) == len(texts) >= 0.9 * min(len(sheet.rows), LOOKED_AT)
    is_counted = texts[:3] in (["1", "2", "3"], ["0", "1", "2"])
    is_another = is_counted or NO_NUMBER.search(fold(sheet.headings[place]))
    if "number" not in taken and is_unique and not is_another and share(texts, LIKE_A_NUMBER.fullmatch) > 0.9:  # noqa: PLR2004
        return "number"
    return ""


def share(texts: Sequence[str], fits: Callable[[str], object]) -> float:
    return sum(1 for text in texts if fits(text.strip())) / len(texts) if texts else 0


def step_in(texts: Sequence[str]) -> str | None:
    """What stands between the units of a path; None if each text is the name of one."""
    for step in STEPS:
        having = sum(1 for text in texts if step in text)
        if step == "\n" and not is_shared(step, texts):  # a long name, in two lines
            continue
        if having and (" " in step or step == STEP or having * 2 > len(texts)):
            return step
    return next((dash for dash in DASHES if is_between_units(dash, texts)), None)


def is_shared(step: str, texts: Sequence[str]) -> bool:
    """Whether some unit has two others below it, so that what is between them is no part of a name."""
    pairs = {text.partition(step)[::2] for text in texts if step in text}
    return len({begin for begin, _ in pairs}) < len(pairs) or len(pairs) <= 1


def is_between_units(dash: str, texts: Sequence[str]) -> bool:
    """Whether most texts have it, one of them twice, and many begin with the same unit."""
    having = [text for text in texts if dash in text]
    begins = {text.partition(dash)[0] for text in having}
    return len(having) * 2 > len(texts) >= len(begins) * 2 and any(text.count(dash) > 1 for text in having)


def clashes(key: str, taken: set[str]) -> bool:
    """Whether something else says already what this would; a number of units may stand beside their name."""
    if key in UNITS:
        return bool(
            UNITS
            & taken
            - {UNIT_LEVEL if key in {UNIT_LEVEL, "unit_number"} else "", UNIT_PATH if key == "unit_number" else ""}
        )
    return key in taken or bool(NAMES.get(key, set()) & taken) or any(key in NAMES.get(one, ()) for one in taken)


def settled(sheet: RawSheet, keys: list[str]) -> list[str]:
    """Names and units by what stands in their columns: two names in one, names instead of numbers, a single level."""

    def texts(key: str) -> list[str]:
        return sheet.column(keys.index(key), LOOKED_AT)

    keys = list(keys)
    settle_manager(sheet, keys, texts)
    settle_names(sheet, keys, texts)
    settle_status(sheet, keys)
    settle_units(sheet, keys, texts)
    if not {POST, MANAGER_POST} <= set(keys) or "manager" in keys:
        keys = ["" if key in {POST, MANAGER_POST} else key for key in keys]
    return keys


def names_one(text: str) -> bool:
    return bool(ADDRESS.search(text) or LIKE_A_NUMBER.fullmatch(text))


def settle_manager(sheet: RawSheet, keys: list[str], texts: Callable[[str], list[str]]) -> None:
    """Of two columns about the manager the one with numbers or addresses, which are nobody else's, rather than that with names."""
    if "manager" not in keys or share(texts("manager"), IN_LETTERS.fullmatch) <= 0.5:  # noqa: PLR2004
        return
    for place, heading in enumerate(sheet.headings):
        is_named = "manager" in {by_heading(heading), said_by_words(plainly(heading))}
        if not keys[place] and is_named and share(sheet.column(place, LOOKED_AT), names_one) > 0.9:  # noqa: PLR2004
            keys[keys.index("manager")], keys[place] = "", "manager"
            return


def settle_names(sheet: RawSheet, keys: list[str], texts: Callable[[str], list[str]]) -> None:
    if "last_name" in keys and "first_name" not in keys and are_both_names(texts("last_name")):
        keys[keys.index("last_name")] = FULL_NAME
    if FULL_NAME in keys and texts(FULL_NAME):
        place = keys.index(FULL_NAME)
        keys[place] = as_names_are_written(sheet.headings[place], texts(FULL_NAME), keys)
    if {"last_name", "first_name"} <= set(keys) and share(texts("last_name"), TWO_NAMES.fullmatch) > 0.5:  # noqa: PLR2004
        place = keys.index("last_name")
        names = [
            one
            for one, heading in enumerate(sheet.headings)
            if not keys[one] and said_by_words(plainly(heading)) == "last_name"
        ]
        for one in names[:1]:
            keys[one], keys[place] = "last_name", ""
    if MANAGER_FIRST_NAME in keys and not ("manager" in keys and share(texts("manager"), IN_LETTERS.fullmatch) > 0.5):  # noqa: PLR2004
        keys[keys.index(MANAGER_FIRST_NAME)] = ""


def are_both_names(texts: Sequence[str]) -> bool:
    """Whether both names stand there: most have a comma, or nearly all two words."""
    words = [[word for word in text.split() if any(map(str.isalpha, word))] for text in texts]
    have_comma, have_two = share(texts, TWO_NAMES.fullmatch), sum(len(one) > 1 for one in words)
    return have_comma > MOST or (bool(texts) and have_two > NEARLY_ALL * len(words))


def settle_status(sheet: RawSheet, keys: list[str]) -> None:
    """The first column that says who has left and is nothing else."""
    for place, heading in enumerate(sheet.headings):
        is_read = keys[place] or is_never_read(heading)
        if not is_read and says_who_left(plainly(heading), sheet.column(place, LOOKED_AT)):
            keys[place] = STATUS
            return


def settle_units(sheet: RawSheet, keys: list[str], texts: Callable[[str], list[str]]) -> None:
    if keys.count(UNIT_LEVEL) == 1:
        keys[keys.index(UNIT_LEVEL)] = UNIT_PATH
    if not {"unit_name", UNIT_PATH, UNIT_LEVEL} & set(keys) and "unit_number" in keys:
        name_unit_beside(sheet, keys, keys.index("unit_number") + 1)
    if {"unit_number", "unit_name"} <= set(keys) and is_turned(texts("unit_number"), texts("unit_name")):
        number, name = keys.index("unit_number"), keys.index("unit_name")
        keys[number], keys[name] = "unit_name", "unit_number"
    if {"unit_number", "unit_name"} <= set(keys) and is_of_many(
        sheet, keys.index("unit_number"), keys.index("unit_name")
    ):
        keys[keys.index("unit_number")], keys[keys.index("unit_name")] = "", UNIT_PATH
    if "unit_number" in keys:
        settle_unit_number(sheet, keys, texts)
    if UNIT_PATH in keys and "unit_number" in keys:
        if step_in(texts(UNIT_PATH)):
            keys[keys.index("unit_number")] = ""
        else:
            keys[keys.index(UNIT_PATH)] = "unit_name" if "unit_name" not in keys else ""
    if "unit_name" in keys and not UNITS & set(keys):
        keys[keys.index("unit_name")] = UNIT_PATH


def is_turned(numbers: Sequence[str], names: Sequence[str]) -> bool:
    """Whether names stand where numbers of units would, and the other way round."""
    return is_named(numbers) and share(names, SHORT.fullmatch) > NEARLY_ALL


def name_unit_beside(sheet: RawSheet, keys: list[str], place: int) -> None:
    """Right of a unit's number "Kurztext" or "Bezeichnung" is what it is called; so is, whatever its heading, what names each as often."""
    beside = [place] if place < len(keys) and fold(sheet.headings[place]) in UNIT_IN_WORDS else []
    for one in [*beside, *(one for one in range(len(keys)) if names_each(sheet, place - 1, one))]:
        if not keys[one] and not is_ignored(sheet.headings[one]):
            keys[one] = "unit_name"
            return


def names_each(sheet: RawSheet, place: int, other: int) -> bool:
    """Whether each of several numbers of units goes with a text of its own, in one column and the other, and most stand there often."""
    said = [[text_at(cells, one) for one in (place, other)] for _, cells in sheet.rows[:LOOKED_AT]]
    rows = [(number, text) for number, text in said if number]
    pairs = set(rows)
    numbers, texts = {number for number, _ in pairs}, {text for _, text in pairs}
    is_one_to_one = FEWEST_UNITS <= len(numbers) == len(texts) == len(pairs) <= len(rows) / 2
    return is_one_to_one and all(len(text) > FEWEST_UNITS and IN_LETTERS.search(text) for text in texts)


def is_of_many(sheet: RawSheet, place: int, other: int) -> bool:
    """Whether most numbers stand beside several names, such as one cost centre for all, and are no units' then."""
    said = {(text_at(cells, place), text_at(cells, other)) for _, cells in sheet.rows[:LOOKED_AT]}
    names = Counter(number for number, name in said if number and name)
    return sum(1 for many in names.values() if many >= FEWEST_UNITS) * 2 > len(names)


def text_at(cells: Cells, place: int) -> str:
    cell = cells[place] if place < len(cells) else None
    return cell.text if cell else ""


def settle_unit_number(sheet: RawSheet, keys: list[str], texts: Callable[[str], list[str]]) -> None:
    """Numbers of units are none beside levels, without names where the heading does not say so, or if they are names."""
    place, has_names = keys.index("unit_number"), bool({"unit_name", UNIT_PATH} & set(keys))
    if UNIT_LEVEL in keys:
        keys[place] = ""
    elif "unit_name" in keys:
        return
    elif is_named(texts("unit_number")) or not (has_names or says_a_number(sheet.headings[place])):
        keys[place] = UNIT_PATH


def is_named(texts: Sequence[str]) -> bool:
    """Whether most are no numbers but names."""
    return bool(texts) and share(texts, LIKE_A_NUMBER.fullmatch) < 0.5  # noqa: PLR2004


def as_names_are_written(heading: str, texts: Sequence[str], keys: Sequence[str]) -> str:
    """With a comma between both names, or the first one first, or the last; with the number beside them."""
    if "number" not in keys and share(texts, two_names.WITH_A_NUMBER.fullmatch) > 0.8:  # noqa: PLR2004
        return NUMBER_AND_NAME
    if share(texts, two_names.BETWEEN.search) > 0.2 or share(texts, lambda text: len(text.split()) > 1) < 0.8:  # noqa: PLR2004
        return FULL_NAME
    is_last_first = share(
        [" ".join(led_by_ranks(text.split())[1]) for text in texts], CAPITALS.match
    ) > 0.5 or re.search(r"name.*vorname", fold(heading))  # noqa: PLR2004
    return LAST_NAME_FIRST if is_last_first else FIRST_NAME_FIRST


def says_a_number(heading: str) -> bool:
    return "unit_number" in {by_heading(heading), said_by_words(plainly(heading))}


def said_twice(keys: Sequence[str]) -> list[tuple[int, int]]:
    """The places of columns that say the same, as (first, other); levels of units, and what stands before a name, may be several."""
    first: dict[str, int] = {}
    said = [(place, key) for place, key in enumerate(keys) if key and key not in {UNIT_LEVEL, NAME_PREFIX}]
    pairs = [(first.setdefault(key, place), place) for place, key in said]
    pairs += [
        (first["last_name"], place)
        for place, key in said
        if key in NAMES and {"last_name", "first_name"} <= first.keys()
    ]
    return [(one, other) for one, other in pairs if one != other]


def missing(keys: Sequence[str]) -> list[str]:
    """The titles of what a list has to say and this one does not."""
    said = set(keys) | set().union(*(NAMES.get(key, set()) for key in keys))
    return [column.title for column in targets() if column.is_required and column.key not in said]
