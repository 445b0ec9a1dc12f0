import pytest


@pytest.fixture
def printed_once():
    """Here each document is set, however often."""
