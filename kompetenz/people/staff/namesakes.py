"""Who is called like somebody known, or has their address, under another number: HR decides who that is, and no list does.

The same person with a new number, a further contract of theirs, or somebody else of that name. Only who has both names
of somebody, or their first name and address while they work here, can be taken for them; who has left by the name, too.
"""

from collections import defaultdict
from typing import Any

from kompetenz.people.names import fold, has_both_names, words

from .causes import OTHER, SAME, SECOND
from .table import ListDecisions, StaffList

CHANGED = "Die Personalnummer hat sich geändert, Name und E-Mail-Adresse sind gleich."
RENAMED = "Personalnummer und Nachname haben sich geändert, Vorname und E-Mail-Adresse sind gleich."
NAMESAKE = "Jemand mit diesem Namen hatte bisher eine andere Personalnummer, die in der Liste fehlt."
HAD_LEFT = "Jemand mit diesem Namen ist nicht mehr aktiv und hatte eine andere Personalnummer."
FURTHER = "Dieselbe Person steht mit zwei Personalnummern in der Liste."
CHANGED_FROM = "{person} hatte bisher die Nummer {before}, in der Liste steht {now}."
LEFT_WITH = (
    "{person} ist nicht mehr aktiv und hatte die Nummer {before}, in der Liste steht {now}. Ist es dieselbe Person, gilt für sie wieder, "
    "was noch gespeichert ist."
)
ALIKE = (
    "Zwei Zeilen mit verschiedenen Nummern haben denselben Namen und dieselbe Einheit, eine davon keine E-Mail-Adresse."
)
TWICE_IN_A_UNIT = (
    "{person} steht mit der Nummer {before} in der Liste, hier noch einmal mit {now} und ohne E-Mail-Adresse. Ist das ein weiterer "
    "Vertrag?"
)
RENAMED_FROM = (
    "Die E-Mail-Adresse gehört {person}; in der Liste steht dabei {name} mit der Nummer {now}. Ist es dieselbe Person, ändern sich Nummer "
    "und Name."
)
TWO_ROWS = (
    "{person} steht mit der Nummer {before} in der Liste, hier noch einmal mit {now} und derselben E-Mail-Adresse."
)


def leave_out_further_contracts(entries: Any, known: Any, table: StaffList, problems: Any) -> list[Any]:
    """The rows but those of further contracts, as long as the person stands in the list with their own number."""
    listed = {entry.said["number"] for entry in entries}
    kept = []
    for entry in entries:
        number = entry.said["number"]
        own = table.decided.seconds.get(number) or known.further_numbers.get(number)
        if own in listed and own != number:
            problems.further_contracts.append(entry)
        else:
            kept.append(entry)
    return kept


def recognise(entries: Any, known: Any, table: StaffList, problems: Any) -> None:
    """Find the person of each new number that HR has said is theirs; ask about all others who might be somebody known."""
    listed = {entry.said["number"] for entry in entries}
    called_so: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for person in known.people:
        if person.personnel_number:
            called_so[fold(person.last_name), fold(person.first_name)].append(person)
    for entry in entries:
        if entry.person is None and not entry.wrong:
            look_at(entry, known, called_so, listed, table.decided, problems)
        if entry.person and not entry.person.is_employed:
            entry.comes_back = table.decided.same.get(entry.said["number"]) == entry.person.pk
            if entry.comes_back:
                entry.said.setdefault("leaving_date", None)


def look_at(
    entry: Any,
    known: Any,
    called_so: dict[tuple[str, str], list[Any]],
    listed: set[str],
    decided: ListDecisions,
    problems: Any,
) -> None:
    """Find the person of one row, or ask; whose address belongs to somebody called otherwise is told that instead."""
    number, first, last = entry.said["number"], entry.said.get("first_name"), entry.said.get("last_name")
    owner = known.by_email.get(entry.said.get("email"))
    if owner and owner.personnel_number and has_both_names(owner, first, last):
        if owner.personnel_number in listed:
            ask(entry, owner, problems, TWO_ROWS, FURTHER, (SECOND,))
        elif decided.same.get(number) == owner.pk:
            entry.person = owner
        else:
            ask(entry, owner, problems, CHANGED_FROM, CHANGED, (SAME,))
    elif owner and may_be_renamed(owner, first, listed) and number not in decided.others:
        if decided.same.get(number) == owner.pk:
            entry.person = owner
        else:
            ask(entry, owner, problems, RENAMED_FROM, RENAMED, (SAME, OTHER))
    elif owner is None and number not in decided.others:
        everybody = called_so[fold(last or ""), fold(first or "")]
        here = [one for one in everybody if one.is_employed]
        unlisted = [one for one in everybody if one.personnel_number not in listed]
        namesakes = [one for one in unlisted if one.is_employed] or ([] if is_over(entry, known) else unlisted)
        if len(namesakes) == 1 and decided.same.get(number) == namesakes[0].pk:
            entry.person = namesakes[0]
        elif namesakes:
            reason, cause = (CHANGED_FROM, NAMESAKE) if namesakes[0].is_employed else (LEFT_WITH, HAD_LEFT)
            ask(entry, namesakes[0], problems, reason, cause, (SAME, OTHER) if len(namesakes) == 1 else (OTHER,))
        elif here and not entry.said.get("email") and is_in_unit_of(entry, here[0], known):
            ask(entry, here[0], problems, TWICE_IN_A_UNIT, ALIKE, (SECOND, OTHER))


def is_over(entry: Any, known: Any) -> bool:
    """Whether the row is about somebody who has left before they were ever here."""
    last_day = entry.said.get("leaving_date")
    return last_day is not None and last_day < known.today


def may_be_renamed(owner: Any, first_name: str | None, listed: set[str]) -> bool:
    """Whether somebody with the address of ``owner``, who works here and is not in the list, has their first name: as after a marriage."""
    is_missing = owner.is_employed and owner.personnel_number and owner.personnel_number not in listed
    return bool(is_missing and words(owner.first_name) & words(first_name))


def is_in_unit_of(entry: Any, person: Any, known: Any) -> bool:
    """Whether a row says no other unit than that of ``person``."""
    unit = known.units_by_pk.get(person.unit_id)
    number, path = entry.said.get("unit_number"), entry.said.get("unit_path")
    if unit is None or not (number or path):
        return True
    return number == unit.number or bool(path and path[-1] in {unit.name, str(unit)})


def ask(entry: Any, person: Any, problems: Any, reason: str, cause: str, answers: tuple[str, ...]) -> None:
    """Note as a problem what only HR can say, with the answers there are."""
    before, now = person.personnel_number, entry.said["number"]
    unit = f", {person.unit_id and problems.known.units_by_pk[person.unit_id]}" if person.unit_id else ""
    said = reason.format(person=f"{person} ({before}{unit})", before=before, now=now, name=entry.full_name)
    problems.add(entry, "number", said, cause, answers=answers, person=person.pk, other_number=before)
