"""The preview: what a staff list would change, person by person, and why it cannot be taken over if so.

Nothing is written here. The same preview is computed again when somebody confirms it; only if its stamp is
still the same is it taken over.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from kompetenz.forms.stamp import stamp
from kompetenz.people.names import with_number

from . import checks
from .causes import Problem
from .cells import row_told
from .columns import columns
from .entries import NEEDED, Entry, Problems, entries_of, waiting_of
from .known import Known
from .namesakes import is_over
from .table import StaffList
from .units import UnitChange, unit_changes
from .withholding import EVERYTHING, NOTHING, Withheld, withhold_emptied, withhold_shifted

ABOUT_UNITS = {"unit_name", "unit_parent"}
NAMED_IN_HINTS = 5
HIDES_UNSEEN = (
    "Ob in dieser Datei Zeilen ausgeblendet oder weggefiltert sind, sagt ihr Format nicht: Es sind alle gelesen. Sollen ausgeblendete "
    "fehlen, speichern Sie die Liste bitte als „Excel-Arbeitsmappe (*.xlsx)“."
)


@dataclass(frozen=True)
class FieldChange:
    """One field of one person before and after; empty text where there is nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class PersonChange:
    """What a row does to somebody: all fields of a new person, those that differ of a known one."""

    entry: Entry
    changes: list[FieldChange]

    @property
    def listed_as(self):
        return self.entry.listed_as

    @property
    def beyond_the_name(self):
        """The changes without number and name of somebody new, which the preview shows anyway."""
        return [change for change in self.changes if self.entry.person or change.what not in NEEDED.values()]

    @property
    def number(self):
        return self.entry.said["number"]

    @property
    def row(self):
        return self.entry.row


@dataclass
class Preview:
    """All that a staff list would do, at this moment."""

    table: StaffList
    known: Known
    problems: list[Problem]
    units: list[UnitChange]
    new: list[PersonChange]
    changed: list[PersonChange]
    unchanged: int
    missing: list  # active people who are not in the list and may be said to have left
    hints: list[str]
    names: "Names"
    titles: dict[str, str]
    withheld: list[Withheld]  # what the list says, and is not done unless somebody says so

    @property
    def changes_something(self):
        return bool(self.new or self.changed or self.units or self.withheld)

    @property
    def misses_many(self):
        """Whether so many are missing that the list may be only a part."""
        return len(self.missing) * 2 > len(self.known.people)

    @property
    def stamp(self):
        """The same for two previews of which the lists say the same of the same people, whatever of it is withheld."""
        done = [(one.entry.handle, change) for one in (*self.new, *self.changed) for change in one.changes]
        withheld = [(one.entry.handle, self.change_of(one)) for one in self.withheld]
        return stamp(sorted(map(repr, done + withheld)), self.units, [person.pk for person in self.missing])

    def change_of(self, withheld):
        """What would change if it were not withheld."""
        before, key = self.known.was(withheld.entry.person, withheld.key), withheld.key
        return FieldChange(self.titles[key], self.names.of(key, before), self.names.of(key, withheld.after))


def compare(table, by=None, allowed=EVERYTHING):
    """The Preview of a table that ``by`` would take over, None being the command line; in a constant number of queries.

    Of what it would empty or shift (withholding.KINDS) only what is ``allowed`` is done.
    """
    known = Known(table.letters)
    problems = Problems(table, known)
    entries = entries_of(table, known, problems)
    units = unit_changes(entries, known, problems)
    withheld = list(withhold_emptied(entries, known, allowed))
    left_out = check(entries, known, problems, by, allowed, withheld)
    names = Names(entries, units, known)
    taken_up = [entry for entry in entries if not (entry.wrong or is_new_and_gone(entry, known))]
    read = columns()
    compared = [PersonChange(entry, changes_of(entry, known, names, read)) for entry in taken_up]
    missing, kept = missing_people(entries, known)
    return Preview(
        table=table,
        known=known,
        problems=problems.in_order(),
        units=list(units.values()),
        new=[one for one in compared if one.entry.person is None],
        changed=[one for one in compared if one.entry.person and one.changes],
        unchanged=sum(1 for one in compared if one.entry.person and not one.changes),
        missing=missing,
        hints=[
            *hints(table, entries, known, kept),
            *hints_about_gone(table.gone),
            *hints_about_further_contracts(problems.further_contracts),
            *hints_about_repeated(problems.repeated),
            *hints_about_set_aside(problems.set_aside),
            *hints_about_unseen(table),
            *hints_about_remembered(table.decided.remembered),
            *hints_about_waiting(problems.without_manager),
            *hints_about_own(left_out, by),
        ],
        withheld=[one for one in withheld if not one.entry.wrong],
        names=names,
        titles={column.key: column.what for column in read},
    )


ROUNDS = 10  # of leaving out rows whose manager or unit was in a row left out


def part_without_problems(table, by, found=None):
    """(the rows of a list that can be taken over without the others, their Preview), what it would empty or shift withheld.

    Without a row another one may lack its manager; that one is left out, too. None for the list if nothing remains.
    ``found`` is the Preview of all of it, if there is one.
    """
    found = found or compare(table, by, NOTHING)
    for _ in range(ROUNDS):
        if not found.problems:
            return table, found
        wrong = {row for one in found.problems for row in range(one.row, max(one.row, one.last_row) + 1)}
        table = table.without(wrong)
        if not table.rows:
            break
        found = compare(table, by, NOTHING)
    return None, found


def check(entries, known, problems, by, allowed, withheld):
    """Note what speaks against the list; returns the rows whose manager is left out, see checks.leave_out_own_reach.

    What would shift somebody in a running round is added to ``withheld``, once it is known who is meant.
    """
    by_row = {row: list(ones) for row, ones in groupby(withheld, lambda one: one.entry.row)}
    checks.refuse_somebody_else(entries, problems, known.today, by_row)
    checks.refuse_own_number(entries, by, problems)
    checks.refuse_shared_addresses(entries, known, problems)
    checks.look_up_managers(entries, known, problems, waiting_of(problems.table, known))
    left_out = checks.leave_out_own_reach(entries, known, by, problems.table)
    withheld.extend(withhold_shifted(entries, known, allowed))
    checks.refuse_circles(entries, known, problems)
    checks.refuse_managers_who_left(entries, known, problems)
    checks.refuse_changes_to_staff(entries, problems)
    checks.refuse_last_of_hr(entries, known, problems)
    checks.refuse_locking_oneself_out(entries, by, problems)
    return left_out


class Names:
    """How a value reads in the preview."""

    def __init__(self, entries, units, known):
        self.by_handle = {entry.handle: entry for entry in entries}
        self.units, self.known = units, known

    def of(self, key, value):
        if value is None or value == "":
            return ""
        if key == "unit_number":
            unit = self.units.get(value) or self.known.units.get(value)
            return f"{value} {unit.name}" if unit else value
        if key == "manager":
            return self.of_person(value)
        return f"{value:%d.%m.%Y}" if key == "leaving_date" else str(value)

    def of_person(self, handle):
        if handle in self.by_handle:
            entry = self.by_handle[handle]
            return with_number(entry.listed_as, entry.said["number"])
        person = self.known.by_pk[handle]
        return person.with_number


def changes_of(entry, known, names, read):
    """The fields in which a row differs from what is known, in the order of the columns ``read``."""
    changes = []
    for column in read:
        if column.key not in entry.said or column.key in ABOUT_UNITS:
            continue
        before = known.was(entry.person, column.key) if entry.person else None
        after = entry.said[column.key]
        if before != after:
            changes.append(FieldChange(column.what, names.of(column.key, before), names.of(column.key, after)))
    return changes


def missing_people(entries, known):
    """Active people with a number who are not in the list, and how many of them are not offered as gone.

    HR and the technical administration are not: nobody locks them out in passing.
    """
    there = {entry.person.pk for entry in entries if entry.person}
    gone = [one for one in known.people if one.personnel_number and one.is_employed and one.pk not in there]
    offered = [person for person in gone if not (person.is_hr or person.is_staff)]
    return sorted(offered, key=lambda person: person.sort_key), len(gone) - len(offered)


def is_new_and_gone(entry, known):
    """Whether the row is about somebody who has left before they were ever here; they are not taken up at all."""
    return entry.person is None and is_over(entry, known)


def hints(table, entries, known, kept):
    """What is worth knowing before confirming, and no error; ``kept`` missing people are not offered as gone."""
    in_vain = [column.title for column in columns() if column.key in ABOUT_UNITS & table.letters.keys()]
    if in_vain and not {"unit_number", "unit_path"} & table.letters.keys():
        yield f"Ohne die Spalte Organisationseinheit-Nr. ändern diese Spalten nichts: {', '.join(in_vain)}."
    if gone := [entry.told for entry in entries if is_new_and_gone(entry, known)]:
        yield f"Schon ausgeschieden und deshalb nicht angelegt: {some(gone)}."
    if inactive := [entry.told for entry in entries if stays_inactive(entry, known)]:
        yield f"Inaktiv und bleiben es: {some(inactive)}."
    if back := [entry.told for entry in entries if comes_back(entry, known)]:
        yield f"Ausgeschieden und jetzt wieder hier, mit allem, was noch gespeichert ist: {some(back)}."
    if kept:
        yield (
            f"Aus Personalentwicklung und technischer Verwaltung {'fehlt' if kept == 1 else 'fehlen'} in der Liste "
            f"{'eine Person' if kept == 1 else f'{kept} Personen'}. Als ausgeschieden lässt sich dort hier niemand eintragen."
        )
    yield from hints_about_managers(entries, known)


def stays_inactive(entry, known):
    """Whether the row is about somebody who is gone or deactivated, and the list does not bring them back."""
    known_as_gone = entry.person is not None and not entry.person.is_employed
    return known_as_gone and not checks.will_be_employed(entry.person, entry, known.today)


def comes_back(entry, known):
    """Whether the list brings somebody back whose last day had passed."""
    was_gone = entry.person is not None and not entry.person.is_employed
    return was_gone and checks.will_be_employed(entry.person, entry, known.today)


def hints_about_managers(entries, known):
    """Who is to leave by this list and is still the manager of people who stay."""
    by_handle = {entry.handle: entry for entry in entries}
    led = Counter(
        above
        for handle, above in checks.chain(entries, known).items()
        if checks.will_be_employed(known.by_pk.get(handle), by_handle.get(handle), known.today)
    )
    leaving = [entry for entry in entries if entry.said.get("leaving_date") and led[entry.handle]]
    if leaving:
        names = [f"{one.full_name} ({one.said['number']}, {one.said['leaving_date']:%d.%m.%Y})" for one in leaving]
        yield f"Mit letztem Arbeitstag und noch Führungskraft anderer: {some(names)}."


def hints_about_own(left_out, by):
    """Whose manager the list cannot change as long as this person takes it over, or nobody who has looked at it."""
    if not left_out:
        return
    people = some([f"{one.full_name} ({one.said['number']}, Zeile {row_told(one.row)})" for one in left_out])
    if by is None:
        yield (
            "Dass die Spalte die Führungskräfte nennt, ist ihr nicht anzusehen. Durch sie wird hier niemand aus der Personalentwicklung "
            f"Führungskraft; ihre bisherige behalten: {people}. Auf der Seite „Personalliste einlesen“ geht es."
        )
    else:
        yield (
            "Sich selbst kann niemand als Führungskraft eintragen, auch nicht über eine Vertretung, und wer neu in der Personalentwicklung "
            f"ist, niemanden aus ihr. Ihre bisherige Führungskraft behalten deshalb: {people}. Bitten Sie eine andere Person der "
            "Personalentwicklung, die Liste zu übernehmen, oder die technische Verwaltung."
        )


def hints_about_gone(gone):
    if gone:
        yield (
            f"Nach der Liste ausgeschieden, ohne dass ein Tag dabeisteht, und deshalb nicht gelesen: {some(gone)}. Wer davon hier noch "
            "aktiv ist, steht unten bei denen, die in der Liste fehlen; dort tragen Sie den letzten Arbeitstag ein."
        )


def hints_about_further_contracts(entries):
    if entries:
        names = [one.told for one in entries]
        yield f"Weitere Verträge, deren Zeilen weggelassen werden: {some(names)}."


def hints_about_repeated(rows):
    if rows:
        yield f"Zeilen, in denen dasselbe noch einmal steht, nur einmal gelesen: {some([f'Zeile {row_told(row)}' for row in rows])}."


def hints_about_set_aside(rows):
    if rows:
        yield f"Zeilen, statt derer eine andere mit derselben Personalnummer gilt: {some([f'Zeile {row_told(row)}' for row in rows])}."


def hints_about_unseen(table):
    """That somebody may have hidden rows by whom nobody is told of it."""
    if table.hides_unseen:
        yield HIDES_UNSEEN


def hints_about_remembered(remembered):
    """What HR has answered for a list before, and counts for this one, too."""
    if remembered:
        counted = Counter(text for text, *_ in remembered).items()
        said = [f"{text} ({many} {'Zeile' if many == 1 else 'Zeilen'})" for text, many in counted]
        yield f"Beantwortet wie bei einer früheren Liste: {some(said)}."


def hints_about_waiting(without_manager):
    """Whose manager comes with the rows that are left out for now."""
    if without_manager:
        yield (
            "Die Führungskraft ist neu, und ihre Zeile wartet noch. Bis sie übernommen ist, bleibt die Führungskraft, wie sie ist, bei: "
            f"{some([one.told for one in without_manager])}."
        )


def some(names):
    """A few names and how many there are beyond."""
    more = len(names) - NAMED_IN_HINTS
    return ", ".join(names[:NAMED_IN_HINTS]) + (f" und {more} weitere" if more > 0 else "")
