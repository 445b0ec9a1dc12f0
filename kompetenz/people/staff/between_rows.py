"""What stands in a list only once and counts for the rows below it: a unit, or who leads it, in a row of its own above its people."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from kompetenz.people.names import fold, is_title

from .cells import STEP, TEXT, Cells, ListCell, look_of
from .columns import OWN, UNIT_LEVEL, UNIT_PATH, ListColumn, recognised, spelled
from .mapping import NAMES, UNITS, guess
from .raw_sheets import RawSheet
from .two_names import WITH_A_NUMBER

COUNT_BELOW = {"unit_number", "unit_name", "unit_parent", UNIT_PATH, UNIT_LEVEL, "manager"}
UNIT_ABOVE, MANAGER_ABOVE = "Organisationseinheit (Zeile darüber)", "Führungskraft (Zeile darüber)"  # as columns
LED_BY = re.compile(
    r"(?P<unit>.*?)[\s,;(–/-]*\b(\w*leit(ung|er|erin)(\s*\(?[/*:]?in\)?)?|führungskraft|vorgesetzte\w*|chef\w*)\s*[:–]\s*"
    r"(?P<manager>[^():]*[^\W\d_][^():]*)\)?\s*",
    re.IGNORECASE,
)
DEPUTY = re.compile(
    r"(?P<unit>[^:]*?)[\s,;(–/-]*\b(stv|stellv|vertret)[^:]*:.*", re.IGNORECASE
)  # who leads nobody by that
ADDRESSED = re.compile(r"^(frau|herrn?)\s+", re.IGNORECASE)
LABEL = re.compile(
    r"^(organisationseinheit|org\.?-?einheit|oe|abteilung|amt|bereich|dienststelle)\s*:\s*", re.IGNORECASE
)
RANKS = [
    r"^dezernat|^geschaftsbereich|^dez\b",
    r"^fachbereich",
    r"\bamt\b|amt$|^fachdienst",
    r"^abteilung",
    r"^sachgebiet|^referat|^team|^sg\b",
]
IS_UNIT = re.compile(
    r"amt\b|amter\b|dezernat|bereich|abteilung|fachdienst|sachgebiet|referat|team\b|stab|buro|dienst\b|schule|kita|hof\b"
)
FEWEST_GROUPS = 3  # of fewer units that stand in order it may be chance
SAME_AS_ABOVE = re.compile(
    r"""\s*(["„“”″〃]|''|,,|-+ ?["„“”″] ?-+|dto\.?|dito|ditto|(s|w)\. ?o\.|(siehe|wie) (oben|vorstehend)|idem)\s*""",
    re.IGNORECASE,
)
BESIDE = " ,;(–-"
LONGEST = 120  # letters of a title between rows
SHORT = re.compile(r"\s*\d{1,3}([./]\d+)*\s*")
NO_UNIT = re.compile(
    r"[a-z]( ?[-–] ?[a-z])?|.*liste\b.*|[*∑= ]*(\w*summe|\w*ergebnis|\w*(an)?zahl|\w*gesamt|total|stand|seite"
    r"|erstellt|gedruckt|ausdruck|ende|person\w*|mitarbeite\w*)\b.*"
    r"|.*\b(summe|ergebnis|anzahl|gesamt)|[^a-z]*|.*@.*|.*(ende der|stand:|seite \d|\d{2}\.\d{2}\.\d{4}).*"
)


def name_groups(sheet: RawSheet, above: Cells) -> None:
    """Read headings with what stands above them: below "Führungskraft" a "Nr." is not that of the row's own person.

    What is divided ("Personal-" above "nummer") is put together, and a heading of two lines may stand in the upper one.
    """
    groups = [cell for cell in above if cell]
    if len(groups) < 2 or not all(cell.kind == TEXT and re.fullmatch(r"[^\d:@]+", cell.text) for cell in groups):  # noqa: PLR2004
        return
    are_groups, group = len(groups) < sum(map(bool, sheet.headings)), ""
    for place, heading in enumerate(sheet.headings):
        upper = cell.text.strip() if (cell := at(above, place)) else ""
        if upper.endswith("-") and heading[:1].islower():
            sheet.headings[place], group = f"{upper[:-1]}{heading}"[:60], ""
            continue
        group = upper or group
        if upper and not heading:
            sheet.headings[place] = upper[:60]
        elif heading and are_groups and is_told_by_group(group) and fold(group) not in fold(heading):
            sheet.headings[place] = f"{group} {heading}"[:60]


def name_below(sheet: RawSheet, below: Cells) -> None:
    """Read headings with those that stand below some of them: "Nachname" and "Vorname" below a "Name" that takes both columns."""
    width = max((place for place, cell in enumerate(below, start=1) if cell), default=0)
    headings = [*sheet.headings, *[""] * (width - len(sheet.headings))]
    if all(headings[place] for place, cell in enumerate(below) if cell):  # the same columns in other words
        return
    sheet.headings, group = headings, ""
    for place, heading in enumerate(headings):
        group = heading or group
        if lower := at(below, place):
            is_whole = isinstance(recognised(lower.text), ListColumn) and not is_told_by_group(group)
            sheet.headings[place] = lower.text.strip() if is_whole else f"{group} {lower.text.strip()}"[:60]


def is_told_by_group(group: str) -> bool:
    """Whether what stands below this heading is not said of the row's own person."""
    return bool(re.search(r"fuhrung|vorgesetz|leit|organisation|einheit|vertrag", fold(group)))


def read_sections(sheet: RawSheet) -> None:
    """Make columns of rows that name a unit, or who leads it, above its people, unless the list says units in a column of its own."""
    found = sections_in(sheet, lambda _, name: bool(IS_UNIT.search(fold(name))))
    if any(
        sum(map(bool, cells)) > 1 for number, cells in sheet.rows if number in found
    ):  # "40 | Schulamt", thus "20 | Kasse"
        found = sections_in(
            sheet, lambda number, name: bool(SHORT.fullmatch(number)) and not NO_UNIT.fullmatch(fold(name))
        )
    keys = guess(sheet) if found else []
    found = but_people(sheet, found, keys)
    numbers = [number for number, _ in sheet.rows]
    above_people = {one for one, after in pairwise(numbers) if one in found and after not in found}
    if not above_people or not (
        are_units([unit for unit, _ in found.values() if unit])
        or (
            numbers[0] in found
            and not any(is_left_of_somebody(cells, keys) for number, cells in sheet.rows if number in found)
        )
    ):
        return
    takes = [
        not UNITS & set(keys) and any(unit for unit, _ in found.values()),
        "manager" not in keys and any(one for _, one in found.values()),
    ]
    if any(takes):
        put_beside(sheet, found, takes)


def but_people(sheet: RawSheet, found: dict[int, tuple[str, str]], keys: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Those of ``found`` that are no people of whom little is said: a unit's number does not look like theirs."""
    looks = {number: look_of(number_of_somebody(cells, keys)) for number, cells in sheet.rows}
    of_people = {look for number, look in looks.items() if look and number not in found}
    return {number: said for number, said in found.items() if looks[number] not in of_people}


def is_left_of_somebody(cells: Cells, keys: Sequence[str]) -> bool:
    """Whether what stands there alone is a name in the column of names, and number and the other name are missing."""
    return any(
        cell and place < len(keys) and keys[place] in {"last_name", "first_name", *NAMES}
        for place, cell in enumerate(cells)
    )


def number_of_somebody(cells: Cells, keys: Sequence[str]) -> str:
    """The number of a row that says it alone, with both names in the same cell or in the one beside it, or with much else.

    "" of any other.
    """
    filled = [cell for cell in cells if cell]
    if filled and (said := WITH_A_NUMBER.fullmatch(filled[0].text.strip())):
        return said["number"] or said["behind"]
    names = [place for place, key in enumerate(keys) if key in NAMES]
    number = at(cells, keys.index("number")) if "number" in keys else None
    is_said = len(filled) != 2 or (names and at(cells, names[0]))  # noqa: PLR2004 - "40 | Schulamt" is a unit
    return number.text.strip() if number and is_said else ""


def are_units(names: list[str]) -> bool:
    """Whether most of these are called like units; what is left of a person's row is none."""
    return 2 * sum(1 for name in names if IS_UNIT.search(fold(name)) or re.search(r"\d", name)) >= len(names)


def sections_in(sheet: RawSheet, is_unit: Callable[[str, str], bool]) -> dict[int, tuple[str, str]]:
    return {number: said for number, cells in sheet.rows if (said := said_above(cells, is_unit))}


def said_above(cells: Cells, is_unit: Callable[[str, str], bool]) -> tuple[str, str] | None:
    """(unit, manager) of a row with a single text that names either, or a deputy, who is neither; None of any other."""
    filled = list(islice(((place, cell) for place, cell in enumerate(cells) if cell), 3))
    if not filled or filled[0][0] > 1 or filled[-1][1].kind != TEXT:
        return None
    text = " ".join(cell.text.strip() for _, cell in filled)
    if len(text) > LONGEST:
        return None
    if (deputy := DEPUTY.fullmatch(text)) and not filled[2:]:
        return LABEL.sub("", deputy["unit"]).strip(BESIDE), ""
    if (led := LED_BY.fullmatch(text)) and not filled[2:]:
        return LABEL.sub("", led["unit"]).strip(BESIDE), ADDRESSED.sub("", led["manager"].strip())
    is_other = filled[2:] or (filled[1:] and not is_unit(*(cell.text for _, cell in filled)))
    return None if is_other or NO_UNIT.fullmatch(fold(text)) else (LABEL.sub("", text), "")


def put_beside(sheet: RawSheet, found: dict[int, tuple[str, str]], takes: list[bool]) -> None:
    """The rows of people with what stands above them in columns of their own; nobody is led by themselves."""
    width = len(sheet.headings)
    sheet.headings += [title for title, taken in zip((UNIT_ABOVE, MANAGER_ABOVE), takes, strict=True) if taken]
    units: list[str] = []
    rows, manager = [], ""
    for number, cells in sheet.rows:
        if number in found:
            said_unit, said_manager = found[number]
            is_the_same = not said_unit or said_unit in units[-1:]
            if not is_the_same:
                units = [*(one for one in units if 0 < rank_of(one) < rank_of(said_unit)), said_unit]
            manager = said_manager or (manager if is_the_same else "")
            continue
        told = [
            STEP.join(units) if takes[0] else None,
            ("" if is_about(manager, cells) else manager) if takes[1] else None,
        ]
        more = [ListCell(one) if one else None for one in told if one is not None]
        rows.append((number, [*cells, *[None] * (width - len(cells)), *more]))
    sheet.rows = rows
    sheet.merged = [one for one in sheet.merged if one[1] not in found]


def rank_of(unit: str) -> int:
    """How far below the top a unit is, as what it is called says; 0 if that says nothing."""
    return next((rank for rank, words in enumerate(RANKS, start=1) if re.search(words, fold(unit))), 0)


def is_about(name: str, cells: Cells) -> bool:
    """Whether somebody of this name is the person of the row."""
    words = [word for word in re.split(r"[\s,]+", fold(name)) if word and not is_title(word)]
    there = set(re.split(r"[\s,]+", fold(" ".join(cell.text for cell in cells if cell))))
    return bool(words) and there.issuperset(words)


def filled_down(sheet: RawSheet, keys: Sequence[str]) -> tuple[RawSheet, list[str]]:
    """The sheet with units in all rows for which they count, and the headings of these columns: those of merged cells, and those that
    stand in the first row of a group alone, as a pivot table writes them.
    """
    places = [place for place, key in enumerate(keys) if key in COUNT_BELOW]
    merged = [
        one for one in sheet.merged if one[3] == one[4] and one[2] > one[1] > sheet.header_row and one[3] - 1 in places
    ]
    spread = {(row, one[3] - 1): (one[1], one[3] - 1) for one in merged for row in range(one[1] + 1, one[2] + 1)}
    outlined = outlined_places(sheet, keys)
    same = [place for place in places if any(map(SAME_AS_ABOVE.fullmatch, sheet.column(place)))]
    if not (spread or outlined or same):
        return sheet, []
    there, numbered = dict(sheet.rows), keys.index("number") if outlined else 0
    rows: list[tuple[int, Cells]] = []
    above: dict[int, ListCell | None] = {}
    for number, cells in sheet.rows:
        cells = [*cells, *[None] * (len(sheet.headings) - len(cells))]  # noqa: PLW2901
        for place in places:
            if (number, place) in spread and cells[place] is None:
                cells[place] = at(there.get(spread[number, place][0], []), place)
        for place in same:
            if (cell := cells[place]) and SAME_AS_ABOVE.fullmatch(cell.text):
                cells[place] = at(rows[-1][1], place) if rows else None
        if cells[numbered]:
            count_on(cells, above, outlined)
        rows.append((number, cells))
    filled = [place for place in places if place in {*outlined, *same} or any(one[3] - 1 == place for one in merged)]
    rest = [one for one in sheet.merged if one not in merged]
    return replace(sheet, rows=rows, merged=rest), [sheet.headings[place] for place in filled]


def count_on(cells: Cells, above: dict[int, ListCell | None], outlined: list[int]) -> None:
    """Put into the empty cells of these columns what stood there last; below another unit nothing counts on."""
    for place in outlined:
        if cells[place]:
            above.update(dict.fromkeys(outlined[outlined.index(place) :]))
            above[place] = cells[place]
        else:
            cells[place] = above.get(place)


def outlined_places(sheet: RawSheet, keys: Sequence[str]) -> list[int]:
    """The columns of units if the first of them says something in the first of several rows alone, as a pivot table does.

    A list in the columns of the template says it in each row: who has no unit there has none.
    """
    places = [place for place, key in enumerate(keys) if key in {"unit_number", "unit_name", UNIT_PATH, UNIT_LEVEL}]
    own = {spelled(column.title) for column in OWN}
    if not places or "number" not in keys or any(spelled(sheet.headings[place]) in own for place in places):
        return []
    numbered = keys.index("number")
    texts = [cell.text if (cell := at(cells, places[0])) else "" for _, cells in sheet.rows if at(cells, numbered)]
    said = [text for text in texts if text]
    is_so = len(said) >= FEWEST_GROUPS and bool(texts[0]) and len(said) * 2 <= len(texts) and said == sorted(set(said))
    return places if is_so else []


def at(cells: Cells, place: int) -> ListCell | None:
    return cells[place] if place < len(cells) else None
