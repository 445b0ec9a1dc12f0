"""The four levels of a competency, and the words the wheel uses for them."""

LEVEL_NAMES = ("keine", "Kenner", "Könner", "Experte")
"""Words by level: 0 "keine", 1 to 3 as many filled rings."""

NO_ANSWER = "keine Angabe"
"""What a missing level is called: not answered yet, or "kann ich nicht beurteilen". Never the same as level 0."""


def level_text(level: int | None) -> str:
    """The level as word and number, e.g. ``Könner (2)``."""
    return NO_ANSWER if level is None else f"{LEVEL_NAMES[level]} ({level})"
