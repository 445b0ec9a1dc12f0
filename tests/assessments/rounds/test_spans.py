"""Many ids written short, and read again whoever has written them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessments.rounds.spans import merged, read, written

IDS = some.sets(some.integers(min_value=1, max_value=60))


@given(IDS, IDS)
def test_what_is_read_is_what_was_written(ids, others):
    assert read([written(merged((one, one) for one in ids))]).among(ids | others) == ids


def test_a_round_of_thousands_is_short():
    assert written(merged((one, one) for one in [10_020, *range(17, 10_017)])) == "17-10016,10020"


@pytest.mark.parametrize("text", ["", "-", "5-3", "-5", "3-", "x-9", "1-x", "²-9", "1-" + "9" * 19, "1-2-3"])
def test_what_is_no_span_names_nobody(text):
    assert read([text]).among(range(100)) == set()


def test_spans_that_overlap_name_each_once():
    assert read(["2-5,1", "4-8", "3-3"]).among(range(20)) == {1, 2, 3, 4, 5, 6, 7, 8}
