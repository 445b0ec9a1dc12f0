"""Meine Entwicklung as a PDF: however many steps there are, no table has one column and no page one row."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from kompetenz.wheel import Style
from learningplans.looking_back.workbook import growth_pdf, in_even_parts
from tests.clock import TODAY
from tests.learningplans.making import participation_of
from tests.pdf_fill import too_empty
from tests.pdf_text import pages_of
from tests.pdf_ua import problems


@pytest.mark.parametrize(
    ("steps", "sizes"),
    [(0, []), (1, [1]), (2, [2]), (4, [4]), (5, [2, 3]), (6, [3, 3]), (8, [4, 4]), (9, [3, 3, 3]), (12, [4, 4, 4])],
)
def test_steps_are_shared_out_evenly(steps, sizes):
    parts = in_even_parts(steps)

    assert [part.stop - part.start for part in parts] == sizes
    assert [at for part in parts for at in range(part.start, part.stop)] == list(range(steps))


def growth(catalogue, many):
    """So many steps, the newest first, each with a change."""
    participation = SimpleNamespace(role_name="Digitallotse / Digitallotsin", round="Kompetenzrunde 2026")
    names = [f"Review-Gespräch am {number}. Dezember 2026" for number in range(many)]
    wheel = catalogue.wheel("von Anna", catalogue.series("Ist", Style.FILL, {}))
    steps = [
        SimpleNamespace(
            name=name, kind="Review-Gespräch", on=TODAY - timedelta(days=90 * at), not_agreed="",
            participation=participation, wheel=lambda: wheel,
        )
        for at, name in enumerate(names)
    ]  # fmt: skip
    cells = [SimpleNamespace(level_name="Experte", change="+1", level=3)] * many
    rows = [
        SimpleNamespace(
            course=SimpleNamespace(competency=competency),
            cells=cells,
            confirmed=SimpleNamespace(on=TODAY),
            refresh=SimpleNamespace(due_on=TODAY) if number % 5 == 0 else None,
        )
        for number, competency in enumerate(catalogue.competencies)
    ]
    return SimpleNamespace(steps=steps, rows=rows, has_not_agreed=False)


@pytest.mark.any_day
@pytest.mark.parametrize("many", [2, 3, 5, 7, 12])
def test_no_page_has_a_single_row_or_is_nearly_empty(cast, many):
    catalogue = participation_of(cast.anna).round.catalogue
    competencies = [competency.name for competency in catalogue.competencies]

    printed = growth_pdf("Anna Ärmel", growth(catalogue, many), TODAY)

    rows = [sum(name in page for name in competencies) for page in pages_of(printed)]
    assert [count for count in rows if count == 1] == []
    assert (problems(printed), too_empty(printed)) == ([], [])
