"""How euros and hours are written."""

from decimal import Decimal

import pytest

from kompetenz.amounts import euros, hours


@pytest.mark.parametrize(
    ("amount", "places", "written"),
    [
        ("1250.50", 2, "1.250,50"),
        ("-51040", 2, "−51.040,00"),
        ("12345678.905", 2, "12.345.678,91"),
        ("12.5", 0, "13"),
        ("-0.4", 0, "0"),
        ("-1499.5", 0, "−1.500"),
        ("450.00", -2, "450"),
        ("450.50", -2, "450,50"),
    ],
)
def test_an_amount_has_a_real_minus_and_stays_on_one_line(amount, places, written):
    assert euros(Decimal(amount), places) == f"{written}\N{NO-BREAK SPACE}€"


def test_whole_euros_need_not_be_decimals():
    assert euros(1800, 0) == "1.800\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize(("number", "written"), [("1240.50", "1.240,5"), ("8.0", "8"), ("10", "10"), ("0", "0")])
def test_hours_have_a_tenth_only_where_there_is_one(number, written):
    assert hours(Decimal(number)) == written
