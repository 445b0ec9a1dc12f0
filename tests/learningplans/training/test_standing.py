"""What holds of a booking, beside what the two report of the measure."""

import pytest

from learningplans.training.standing import quarter_of, state_of, to_look_at


@pytest.mark.parametrize(
    ("said", "measure", "plan", "has_left", "state"),
    [
        ("proposed", "planned", "agreed", False, "proposed"),
        ("applied", "planned", "agreed", False, "applied"),
        ("booked", "planned", "agreed", False, "booked"),
        ("done", "planned", "agreed", False, "done"),
        ("cancelled", "planned", "agreed", False, "cancelled"),
        # what the two say is done, is done, unless HR has said that it fell away
        ("proposed", "done", "agreed", False, "done"),
        ("booked", "done", "completed", True, "done"),
        ("cancelled", "done", "agreed", False, "cancelled"),
        # what falls away with measure, plan or person; never what is booked
        ("proposed", "dropped", "agreed", False, "cancelled"),
        ("applied", "planned", "completed", False, "cancelled"),
        ("applied", "planned", "agreed", True, "cancelled"),
        ("booked", "dropped", "agreed", False, "booked"),
        ("booked", "planned", "completed", True, "booked"),
        # of a draft HR knows nothing
        ("booked", "planned", "draft", False, ""),
        ("done", "done", "draft", True, ""),
    ],
)
def test_what_holds(said, measure, plan, has_left, state):
    assert state_of(said, measure, plan, has_left=has_left) == state


@pytest.mark.parametrize(
    ("state", "measure", "has_left", "differs", "words"),
    [
        ("booked", "dropped", False, True, "im Lernplan entfallen"),
        ("booked", "planned", True, True, "arbeitet nicht mehr hier"),
        ("booked", "planned", False, True, "im Lernplan geändert"),
        ("booked", "planned", False, False, ""),
        ("done", "done", False, True, ""),
        ("done", "planned", False, True, "im Lernplan geändert"),
        ("done", "dropped", False, False, "im Lernplan entfallen"),
        ("cancelled", "dropped", True, False, ""),
        ("cancelled", "done", False, False, "im Lernplan durchgeführt"),
    ],
)
def test_about_what_is_booked_hr_decides(state, measure, has_left, differs, words):
    assert to_look_at(state, measure, has_left=has_left, differs=differs) == words


def test_a_year_has_four_quarters():
    assert [quarter_of(month) for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
