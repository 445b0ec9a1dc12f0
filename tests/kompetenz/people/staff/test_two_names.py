"""Both names in one cell."""

import pytest

from kompetenz.people.names import without_degrees
from kompetenz.people.staff.two_names import first_name_first, full_name, last_name_first, number_and_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BERG BO", ("BERG", "BO")),
        ("von der AA ANNA", ("von der AA", "ANNA")),
        ("MÜLLER LÜDENSCHEIDT Eva", ("MÜLLER LÜDENSCHEIDT", "Eva")),
    ],
)
def test_capitals_tell_the_last_name_only_where_the_first_has_none(text, names):
    assert last_name_first(text) == names


@pytest.mark.parametrize("text", ["Berg, Bo (A12)", "Berg, Bo - A12", "Berg, Bo; A12", "A12 - Berg, Bo"])
def test_what_stands_between_number_and_name_is_neither(text):
    assert number_and_name(text) == ("Berg", "Bo", "A12")


DEGREES = [
    "(B.A.)",
    "M. Sc.",
    ", M.A.",
    "LL.M.",
    "MBA",
    "Ph.D.",
    "Dipl.-Verw. (FH)",
    ", Dipl.-Soz.Päd.",
    "M.A., B. Eng.",
    "Master of Arts",
]


@pytest.mark.parametrize("degree", DEGREES)
def test_what_somebody_has_studied_is_no_part_of_a_name(degree):
    said = [full_name(f"Berg {degree}, Bo"), full_name(f"Berg, Bo {degree}"), first_name_first(f"Bo Berg {degree}")]

    assert said == [("Berg", "Bo")] * 3


@pytest.mark.parametrize("name", ["Ba", "Ma", "Mba", "Nguyen Ba", "Bo M.", "M. Bo", "Berg-Dipl", "Bo van Dipl"])
def test_what_looks_like_a_degree_and_is_a_name_stays(name):
    assert without_degrees(name) == name
