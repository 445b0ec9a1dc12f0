from xml.etree import ElementTree as ET

import pytest

from kompetenz.wheel import Role, Series, Wheel, svg
from kompetenz.wheel.palette import LIGHT
from kompetenz.wheel.svg import summary

from .wheels import comparison, sectors_like, sectors_of

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>x</script>&\"'"


def read(wheel, **options):
    return ET.fromstring(svg(wheel, **options))


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(f"{NS}text")]


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("counts", [(1,), (2, 1), (10, 10, 10, 10), (40,)])
@pytest.mark.parametrize("roles", [(), tuple(Role)])
def test_any_wheel_is_well_formed_and_drawn_by_attributes_alone(counts, roles, compact):
    sectors = sectors_like(*counts)
    levels = tuple((None, 0, 1, 2, 3)[n % 5] for n in range(len(sectors)))

    root = read(Wheel(sectors, tuple(Series(role.value, role, levels) for role in roles), "x"), compact=compact)

    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        "svg",
        "title",
        "rect",
        "g",
        "path",
        "text",
        "circle",
    }
    assert [element.tag for element in root.iter() if element.get("style") or element.get("class")] == []


def test_hostile_names_stay_text():
    sectors = sectors_of({HOSTILE: [HOSTILE]})

    root = read(Wheel(sectors, (Series(HOSTILE, Role.FILL, (1,)),), HOSTILE))

    assert root.find(f"{NS}title").text.startswith(f"Kompetenzrad {HOSTILE}: 1 Kompetenz.")
    assert list(root.iter(f"{NS}script")) == []
    assert f"{HOSTILE} 1" in texts(root)


def test_the_title_says_what_the_picture_shows():
    wheel = Wheel(
        sectors_like(2, 2),
        (Series("Soll", Role.OUTLINE, (3, 3, 2, 0)), Series("Selbst", Role.SELF, (1, None, None, 2))),
        "Anna Beispiel",
    )

    assert summary(wheel) == (
        "Kompetenzrad Anna Beispiel: 4 Kompetenzen. Soll: 2 Experte, 1 Könner, 1 keine. "
        "Selbst: 1 Könner, 1 Kenner, 2 keine Angabe. Die Werte stehen in der Tabelle."
    )


def test_a_level_fills_as_many_rings():
    def colours(level):
        root = read(Wheel(sectors_like(1), (Series("Ist", Role.FILL, (level,)),), "x"), compact=True)
        return [path.get("fill") for path in root.find(f"{NS}g") if path.get("fill") != "none"]

    full, empty = LIGHT.filled[0], LIGHT.empty[0]
    assert [colours(level) for level in (None, 0, 1, 3)] == [[empty], [empty], [full, empty], [full]]


def test_the_compact_wheel_has_numbers_and_no_legend():
    assert texts(read(comparison(), compact=True)) == ["1", "2", "3", "1", "2", "3", *map(str, range(1, 26))]


def test_the_legend_names_categories_and_series():
    assert texts(read(comparison()))[-9:] == [
        "Digitale Fachkompetenzen 1–6",
        "Methodenkompetenzen 7–12",
        "Sozialkompetenzen 13–19",
        "Personale Kompetenzen 20–25",
        "Soll",
        "Vereinbart",
        "Selbst",
        "Fremd",
        "1 Kenner · 2 Könner · 3 Experte",
    ]


def test_self_and_manager_differ_by_shape_not_colour():
    root = read(comparison(), compact=True)

    circles = list(root.iter(f"{NS}circle"))
    diamonds = [path for path in root.findall(f"{NS}path") if "l5 5l-5 5l-5-5z" in path.get("d")]
    assert (len(circles), {circle.get("fill") for circle in circles}) == (25, {LIGHT.ground})
    assert (len(diamonds), {diamond.get("fill") for diamond in diamonds}) == (24, {LIGHT.ink})


def test_the_catalogues_comparison_is_small():
    assert len(svg(comparison()).encode()) < 17_000
