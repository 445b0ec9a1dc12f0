"""What each row of a staff list says about one person, and who that is."""

from dataclasses import dataclass
from operator import itemgetter

from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.people.names import has_both_names, may_have_title, with_number, without_degrees, words
from kompetenz.refusals import Refused
from kompetenz.text import likeness_of_person, line

from . import ranks, values
from .causes import BARE, INSTEAD, LOWER, NAMED, SAME, UNTOLD, UPPER, Problem
from .cells import WRONG, ListCell, row_told
from .columns import targets
from .namesakes import leave_out_further_contracts, recognise
from .no_people import NO_NUMBER
from .table import MERGED, OF_NAMES, SHIFTED
from .two_names import without_titles

READERS = {
    "number": values.personnel_number,
    "last_name": values.last_name,
    "first_name": values.first_name,
    "email": values.email,
    "unit_number": values.unit_number,
    "unit_name": values.unit_name,
    "unit_parent": values.unit_number,
    "unit_path": values.path,
    "manager": values.reference,
}
TWICE, SPELLED = (
    "Die Personalnummer steht in mehreren Zeilen.",
    "Die Personalnummer ist nur anders geschrieben als eine bekannte.",
)
DIFFERS = "{} ist nur anders geschrieben als {} ({}). Führende Nullen bleiben erhalten, wenn die Spalte als Text formatiert ist."
STANDS_THERE = "Die Personalnummer {} steht schon in {}. {}. Welche Zeile gilt?"
TWO_PEOPLE = "Die Personalnummer {} steht schon in {}, dort bei {}. Sie kann nur zu einer Person gehören."
OF_TWO = "Eine Personalnummer steht bei zwei verschiedenen Namen."
DIFFERENCES = 3  # named of two rows
NEEDED = {"number": "Personalnummer", "last_name": "Nachname", "first_name": "Vorname"}
ONES_OWN = {"number", "email"}  # nobody else's cell is the same
MAY_BE_NONE = {"email", "manager", "unit_number", "unit_path", "unit_parent"}
CLEARED_WHEN_EMPTY = {"email", "unit_number", "unit_path", "manager", "leaving_date"}


@dataclass
class Entry:
    """One row: ``said`` holds what it says, by the key of the column.

    A key that is missing says nothing, None empties the field. Once managers are looked up, ``manager`` is the
    ``handle`` of a person: the id of somebody known, the personnel number of somebody new.
    """

    row: int
    said: dict
    person: Person | None = None
    wrong: bool = False
    comes_back: bool = False  # HR has said that it is somebody who had left

    @property
    def handle(self):
        return self.person.pk if self.person else self.said["number"]

    def final(self, key):
        """A field of the person itself as it will be; None for what is empty."""
        return self.said[key] if key in self.said else getattr(self.person, key, None)

    @property
    def full_name(self):
        return f"{self.final('first_name') or ''} {self.final('last_name') or ''}".strip()

    @property
    def told(self):
        """The person in a sentence, told from namesakes."""
        return with_number(self.full_name, self.said["number"])

    @property
    def listed_as(self):
        return f"{self.final('last_name')}, {self.final('first_name')}"


class Problems:
    """All problems of a list; a row with one is neither new nor changed."""

    def __init__(self, table, known):
        self.table, self.known, self.found = table, known, []
        self.further_contracts = []  # rows that are left out, for the person has another one
        self.repeated = []  # rows that say once more what another says
        self.set_aside = []  # rows in whose place another one with the same number counts
        self.without_manager = []  # rows whose manager's row is left out for now
        self._rows = {row.number: row for row in table.rows}
        for name, row, last_row in table.merged:
            self.found.append(Problem(name, row, self._name_in(row), MERGED, last_row=last_row))
        for row in table.shifted:
            self.found.append(Problem(f"Zeile {row_told(row)}", row, self._name_in(row), SHIFTED))

    def add(self, entry, key, reason, cause="", *, answers=None, **about):
        """Note a problem in the cell of a column; ``cause`` is the reason without the names in it.

        A row may be taken over without what stands in a column that is not needed, unless something else is the answer.
        """
        entry.wrong = True
        cell = self._rows[entry.row].cells.get(key)
        value = line(cell.text)[:60] if cell and cell.kind != WRONG else ""
        where = self.table.address(entry.row, key)
        if answers is None:
            answers = () if key in NEEDED else (UNTOLD, INSTEAD) if value and key not in ONES_OWN else (UNTOLD,)
        about |= {"number": entry.said.get("number", ""), "answers": answers}
        self.found.append(Problem(where, entry.row, self._name_in(entry.row), reason, key, value, cause, **about))

    def set_aside_row(self, row):
        """Leave a row out in whose place another one counts, and what is wrong with it."""
        self.set_aside.append(row)
        self.found = [problem for problem in self.found if problem.row != row]

    def is_same_row(self, one, other):
        """Whether nothing else stands in one row than in the other."""
        return self._rows[one.row].cells == self._rows[other.row].cells

    def mark_of(self, *entries):
        """The same for rows in which the same stands, in this order."""
        return stamp([sorted(self._rows[one.row].cells.items(), key=itemgetter(0)) for one in entries])

    def difference(self, one, other):
        """What the one row says and the other one otherwise, as far as a sentence takes it."""
        cells, others = self._rows[one.row].cells, self._rows[other.row].cells
        keys = [key for key in self.table.letters if shown_in(cells.get(key)) != shown_in(others.get(key))][
            :DIFFERENCES
        ]
        titles = {column.key: column.what for column in targets()}
        upper, lower = (", ".join(f"{titles[key]} {shown_in(row.get(key))}" for key in keys) for row in (cells, others))
        return f"Dort steht {upper}, hier {lower}"

    def _name_in(self, row):
        return name_in(self._rows[row]) if row in self._rows else ""

    def in_order(self):
        return sorted(self.found, key=lambda problem: (problem.row, len(problem.address), problem.address))


def shown_in(cell):
    return f"„{line(cell.text).strip()[:60]}“" if cell and cell.kind != WRONG else "nichts"


def name_in(row):
    cells = [row.cells.get(key) for key in ("last_name", "first_name")]
    return ", ".join(line(cell.text).strip()[:80] for cell in cells if cell and cell.kind == "text")


class Unheard:
    """Instead of Problems: what is wrong with rows that are left out is known."""

    def add(self, *_, **__):
        pass


def waiting_of(table, known):
    """The rows that are left out for now, as far as they can be read."""
    return [read_row(row, table, known, Unheard()) for row in table.waiting]


def entries_of(table, known, problems):
    """The rows that name a personnel number, each with the person it is about, if there is one already."""
    read = [read_row(row, table, known, problems) for row in table.rows]
    entries = [entry for entry in read if "number" in entry.said]
    entries = without_doubles(entries, problems)
    entries = leave_out_further_contracts(entries, known, table, problems)
    by_number = {entry.said["number"]: entry for entry in reversed(entries)}
    for entry in entries:
        entry.person = known.by_number.get(entry.said["number"]) or namesake_without_number(entry, known)
    refuse_look_alikes(by_number, known, problems)
    recognise(entries, known, table, problems)
    return entries


def read_row(row, table, known, problems):
    entry = Entry(row.number, {})
    for key in table.letters:
        if row.number in table.decided.untold.get(key, ()):
            continue
        cell = cell_of(row, key, table.decided)
        try:
            if cell:
                entry.said[key] = read_cell(key, cell, known, is_1904=table.is_1904)
                refuse_a_word(entry, key, table, known)
            elif key in CLEARED_WHEN_EMPTY:
                entry.said[key] = None
            elif key in NEEDED:
                problems.add(entry, key, f"{NEEDED[key]} fehlt.")
        except Refused as problem:
            problems.add(entry, key, str(problem))
    put_titles_right(entry, known.by_number.get(entry.said.get("number")))
    for key in OF_NAMES:
        if entry.said.get(key) and row.number not in table.decided.named.get(key, ()):
            ask_about_rank(entry, key, known, problems)
    return entry


def refuse_a_word(entry, key, table, known):
    """Raise Refused for a word among numbers that is nobody's: "extern" would be the number of everybody from outside."""
    number = entry.said[key]
    if key == "number" and table.has_figures and number not in known.by_number and not any(map(str.isdecimal, number)):
        raise Refused(NO_NUMBER.format(entry.said.pop(key)))


def put_titles_right(entry, stored):
    """A title stands before the first name, what somebody has studied nowhere; but for who is ``stored`` with it."""
    for key in OF_NAMES:
        said = entry.said.get(key)
        if said and said != getattr(stored, key, None):
            entry.said[key] = without_degrees(said)
    last, first = (entry.said.get(key) for key in OF_NAMES)
    if first and last and may_have_title(last) and last != getattr(stored, "last_name", None):
        titles, names = without_titles(last)
        more, first_names = without_titles(first)
        if titles and names:
            titles += [one for one in more if one not in titles]
            entry.said |= {"last_name": " ".join(names), "first_name": " ".join([*titles, *first_names])}


def ask_about_rank(entry, key, known, problems):
    """What stands beside a name like a rank is none of it if the person with this number is stored without, else HR says so."""
    said, stored = entry.said[key], getattr(known.by_number.get(entry.said.get("number")), key, None)
    if said == stored:
        return
    if said not in known.names_read:
        known.names_read[said] = ranks.without_rank(said), ranks.is_rank(said, surely=True)
    bare, is_rank = known.names_read[said]
    if bare == stored:
        entry.said[key] = bare
    elif bare != said:
        cause = ranks.RANK if ranks.has_known_rank(said) else ranks.LIKE_A_RANK
        problems.add(entry, key, ranks.BESIDE_IT.format(said, bare), cause, answers=(BARE, NAMED), meant=bare)
    elif is_rank:
        problems.add(entry, key, ranks.IN_ITS_PLACE.format(said), ranks.ALONE, answers=(NAMED,))


def cell_of(row, key, decided):
    """What stands there, or what HR has said that counts instead."""
    instead = decided.instead.get(key, {}).get(str(row.number))
    return ListCell(instead) if instead else row.cells.get(key)


def read_cell(key, cell, known, *, is_1904):
    """What a cell says; what many rows say alike (a unit, a manager, a first name) is read once."""
    if key in ONES_OWN:
        return read_anew(key, cell, known, is_1904=is_1904)
    said = (key, cell.text, cell.kind)
    if said not in known.cells_read:
        known.cells_read[said] = read_anew(key, cell, known, is_1904=is_1904)
    return known.cells_read[said]


def read_anew(key, cell, known, *, is_1904):
    if key in MAY_BE_NONE and cell.kind != WRONG and values.NOTHING_SAID.fullmatch(cell.text.strip()):
        return None
    if key == "leaving_date":
        return values.day(cell, is_1904=is_1904)
    if key in READERS:
        return READERS[key](cell)
    return known.further[key].read(values.text_of(cell, most=200))


def without_doubles(entries, problems):
    """The rows but those that say the same once more; of two others with the same personnel number HR says which one counts."""
    first, kept, counts = {}, [], problems.table.decided.rows
    for entry in entries:
        number = entry.said["number"]
        if counts.get(number, entry.row) != entry.row:
            problems.set_aside_row(entry.row)
            continue
        before = first.setdefault(number, entry)
        if before is not entry and problems.is_same_row(before, entry):
            problems.repeated.append(entry.row)
            continue
        if before is not entry:
            ask_which_counts(entry, before, problems)
        kept.append(entry)
    return kept


def ask_which_counts(entry, before, problems):
    """Of two rows with the same number HR says which one counts, if both are of people who are called alike."""
    there, number = problems.table.address(before.row, "number"), entry.said["number"]
    if all(words(before.said.get(name)) & words(entry.said.get(name)) for name in ("first_name", "last_name")):
        reason, answers = STANDS_THERE.format(number, there, problems.difference(before, entry)), (UPPER, LOWER)
        asked = problems.mark_of(before, entry)
        problems.add(entry, "number", reason, TWICE, answers=answers, upper=before.row, asked=asked)
    else:
        problems.add(entry, "number", TWO_PEOPLE.format(number, there, before.listed_as), OF_TWO)


def namesake_without_number(entry, known):
    """Somebody of this name with this address and no number yet, such as the first person of HR; the list gives them theirs.

    The address alone is not enough: a newcomer may have got that of somebody who has left, and would read what is theirs.
    """
    person = known.by_email.get(entry.said.get("email"))
    if person is None or person.personnel_number is not None:
        return None
    return person if has_both_names(person, entry.said.get("first_name"), entry.said.get("last_name")) else None


def refuse_look_alikes(by_number, known, problems):
    """A number that differs from a known one only in zeros, case, spaces or an O for a 0 would make a second person of the first."""
    alike, seen = {}, {}
    for number, person in known.by_number.items():
        alike.setdefault(likeness_of_person(number), []).append(person)
    for number, entry in by_number.items():
        ones, other = alike.get(likeness_of_person(number), []), seen.setdefault(likeness_of_person(number), entry)
        if other is not entry and not (entry.person and other.person):
            later, earlier = (entry, other) if entry.row > other.row else (other, entry)
            there = f"{earlier.said['number']} in {problems.table.address(earlier.row, 'number')}"
            problems.add(later, "number", f"{later.said['number']} ist nur anders geschrieben als {there}.", SPELLED)
        elif entry.person is None and ones:
            ask_whether_it_is(ones, entry, problems)


def ask_whether_it_is(ones, entry, problems):
    """Of people whose numbers differ from that of a row in zeros alone HR says whether the only one is meant, if they are called so."""
    one = ones[-1]
    is_called_so = has_both_names(one, entry.said.get("first_name"), entry.said.get("last_name"))
    reason = DIFFERS.format(entry.said["number"], one.personnel_number, one)
    about = {"answers": (SAME,), "meant": one.personnel_number} if len(ones) == 1 and is_called_so else {}
    problems.add(entry, "number", reason, SPELLED, **about)
