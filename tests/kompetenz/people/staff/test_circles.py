from hypothesis import given
from hypothesis import strategies as st

from kompetenz.people.staff.circles import circles


def test_each_circle_is_found_once_with_its_members_in_order():
    above = {"a": "b", "b": "c", "c": "a", "d": "a", "e": None, "f": "e", "g": "g", "h": "unknown"}

    assert circles(above) == [["a", "b", "c"], ["g"]]


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_without_the_circles_every_chain_ends(above):
    found = circles(above)

    in_circles = [member for circle in found for member in circle]
    assert len(in_circles) == len(set(in_circles))
    assert all(
        above[one] == following
        for circle in found
        for one, following in zip(circle, circle[1:] + circle[:1], strict=True)
    )
    left = {one: upper for one, upper in above.items() if one not in in_circles}
    for at in left:
        for _ in range(14):
            at = left.get(at)  # noqa: PLW2901
        assert at is None
