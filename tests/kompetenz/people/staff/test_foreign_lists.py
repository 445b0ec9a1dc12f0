"""Lists as other programs write them come to what a clerk expects of them."""

import pytest

from bench.lists import difference, outcome_of
from tests.kompetenz.people.staff.clerks_lists import LISTS


@pytest.mark.parametrize("name", [name for name, (_, expected) in LISTS.items() if expected])
def test_a_list_as_another_program_writes_it_is_read_as_a_clerk_expects(db, name):
    make, expected = LISTS[name]

    assert difference(outcome_of(make()), expected) == ""
