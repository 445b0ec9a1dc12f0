"""How much is tried: with THOROUGH=1 everything (`make test-all`, CI), else a part of what is tried with very many values.

A property has fewer examples; a test marked ``thorough`` is left out, and a quick one beside it holds the rule. ADR 42.
"""

import os

import pytest

THOROUGH = os.environ.get("THOROUGH") == "1"
SHARE = 5


def examples(number):
    """So many examples of a property, or a fifth of them."""
    return number if THOROUGH else number // SHARE


def some(values, *few):
    """All ``values``, or only these few of them."""
    assert set(few) <= set(values)
    return list(values if THOROUGH else few)


def thorough_but(values, *few, everywhere=()):
    """Parameters, or tuples of several, of which all but these few are thorough; those ``everywhere`` on each database."""
    assert all(value in values for value in [*few, *everywhere])  # some are dicts, which no set takes
    return [value if value in few else marked(value, everywhere=value in everywhere) for value in values]


def marked(value, *, everywhere):
    mark = pytest.mark.thorough(everywhere=everywhere)
    return pytest.param(*(value if isinstance(value, tuple) else [value]), marks=mark)
