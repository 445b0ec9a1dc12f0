from types import SimpleNamespace

import pytest

from tests.kompetenz.results.agreed_rounds import agree, role, unit


@pytest.fixture
def district(stage):
    """Two offices under one department, and two roles; of 30 people 18 work in the first office, three in one of its own."""
    top = unit("II", "Dezernat")
    first, second, tiny = unit("32", "Ordnung", top), unit("36", "Verkehr", top), unit("63", "Bau", top)
    lead, clerk = role("Leitung"), role("Sachbearbeitung")
    agree(stage.round, 9, unit=first, profile=lead, levels=(1, 2, 3))
    agree(stage.round, 9, unit=first, profile=clerk, levels=(0, 1, 2))
    agree(stage.round, 9, unit=second, profile=clerk, levels=(2,))
    agree(stage.round, 3, unit=tiny, profile=clerk, levels=(1,))
    return SimpleNamespace(
        stage=stage,
        round=stage.round,
        cast=stage.cast,
        top=top,
        first=first,
        second=second,
        tiny=tiny,
        lead=lead,
        clerk=clerk,
    )
