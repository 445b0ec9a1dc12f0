"""Both names in one cell."""

import pytest

from kompetenz.people.staff.two_names import last_name_first, number_and_name


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
