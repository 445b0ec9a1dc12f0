"""What is printed about rights is what the access table shows: nothing less, nothing more."""

from collections import defaultdict

from assessments.rounds.workbook import COLUMNS
from kompetenz.privacy.papers.reports import REPORTS, reported
from kompetenz.privacy.papers.rights import AREAS, AUDITOR, HR, MANAGER, OTHERS, PERSON, READERS, right_to
from tests.test_access import PUBLIC, TABLE, WHO, routes

# clara leads bernd, so she is a next-higher manager of anna's
READER = {"anna": PERSON, "bernd": MANAGER, "clara": OTHERS, "paula": HR, "audit": AUDITOR, "fremd": OTHERS}


def reached():
    """Who gets to anything of each right, by its words."""
    found = defaultdict(set)
    for name, what, _, _, answers in TABLE:
        # of what anna lets her new manager read, that is clara
        readers = READER | ({"clara": MANAGER} if str(what).startswith("consented") else {})
        found[right_to(name).what] |= {readers[who] for who, status in zip(WHO, answers, strict=True) if status < 400}
    return found


def printed():
    rights = [right for area in AREAS for right in area.rights]
    return {right.what: {reader for reader in READERS if getattr(right, reader)} for right in rights}


def test_every_address_belongs_to_a_right():
    assert [name for name in routes() if name not in PUBLIC and right_to(name) is None] == []


def test_every_right_is_somebodys_and_has_an_address():
    assert set(printed()) == {right_to(name).what for name, *_ in TABLE}


def test_whoever_reaches_something_is_printed_and_nobody_else():
    assert {what: sorted(readers) for what, readers in printed().items()} == {
        what: sorted(readers) for what, readers in reached().items()
    }


def test_every_report_is_at_addresses_that_there_are_and_its_readers_are_those_of_its_right():
    assert reported() <= set(routes())
    assert [report.name for report in REPORTS if not report.readers] == []
    whole = next(report for report in REPORTS if "assessments:participation_pdf" in report.addresses)
    assert "Personalrat" not in whole.readers
    assert "Führungskraft" in whole.readers


def test_every_address_of_a_report_has_the_same_readers():
    """What is printed of a report is said of its first address."""
    readers = {
        one.name: {right_to(address).conditions != right_to(one.addresses[0]).conditions for address in one.addresses}
        for one in REPORTS
    }

    assert [name for name, differ in readers.items() if True in differ] == []


def test_readers_who_get_a_report_alike_are_named_together_and_all_as_such():
    by_name = {one.name: one.readers for one in REPORTS}

    assert by_name["Kalender"] == "alle (eigene)"
    assert by_name["Unterlagen zur Einführung"] == "alle"
    assert by_name["Lernplan in Kürze"] == "Die Person selbst, Führungskraft und Vertretung"


def test_the_list_of_a_round_is_said_to_have_the_columns_that_it_has():
    said = next(one.contains for one in REPORTS if one.addresses == ("assessments:round_list",))

    steps = {"Selbsteinschätzung", "Fremdeinschätzung", "Gespräch", "Lernplan"}  # state and deadline of every step
    named = {column.title for column in COLUMNS if not column.title.endswith(" bis") and column.title not in steps}
    assert [name for name in named if name.removesuffix(" der Führungskraft") not in said] == []
    assert "keine Stufen" in said
