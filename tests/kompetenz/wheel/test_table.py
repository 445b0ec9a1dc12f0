from kompetenz.wheel import Role, Series, Wheel, rows
from kompetenz.wheel.table import Cell, Row

from .wheels import sectors_like


def test_rows_tell_every_level_in_words_and_numbers():
    wheel = Wheel(
        sectors_like(1, 1),
        (Series("Soll", Role.OUTLINE, (3, 0)), Series("Selbst", Role.SELF, (1, None))),
        "x",
    )

    assert rows(wheel) == [
        Row(1, "Kompetenz 0.0", "Kategorie 0", (Cell("Experte", 3, False), Cell("Kenner", 1, False))),
        Row(2, "Kompetenz 1.0", "Kategorie 1", (Cell("keine", 0, False), Cell("keine Angabe", None, True))),
    ]


def test_a_wheel_without_series_has_rows_without_cells():
    assert rows(Wheel(sectors_like(1), (), "x")) == [Row(1, "Kompetenz 0.0", "Kategorie 0", ())]
