from kompetenz.wheel import Series, Style, rows
from kompetenz.wheel.table import SectorRow

from .wheels import FIVE_LEVELS, sectors_like, wheel_of


def test_rows_tell_every_level_in_words_and_numbers():
    wheel = wheel_of(
        sectors_like(1, 1),
        (Series("Soll", Style.OUTLINE, (3, 0)), Series("Selbst", Style.CIRCLE, (1, None))),
        "x",
    )

    assert rows(wheel) == [
        SectorRow("1", "Kompetenz 0.0", "Kategorie 0", {"Soll": "Experte (3)", "Selbst": "Kenner (1)"}),
        SectorRow("2", "Kompetenz 1.0", "Kategorie 1", {"Soll": "keine (0)", "Selbst": "–"}),
    ]


def test_words_are_those_of_the_scale():
    wheel = wheel_of(sectors_like(1), (Series("Soll", Style.OUTLINE, (4,)),), "x", FIVE_LEVELS)

    assert rows(wheel) == [SectorRow("1", "Kompetenz 0.0", "Kategorie 0", {"Soll": "Vordenkende (4)"})]


def test_a_wheel_without_series_has_rows_without_cells():
    assert rows(wheel_of(sectors_like(1), (), "x")) == [SectorRow("1", "Kompetenz 0.0", "Kategorie 0", {})]
