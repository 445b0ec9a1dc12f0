"""anna's participation is recorded, so that she may have a plan."""

import pytest

from tests.learningplans.making import participation_of


@pytest.fixture
def participation(cast):
    return participation_of(cast.anna)
