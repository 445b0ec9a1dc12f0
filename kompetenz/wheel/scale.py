"""The levels a wheel is drawn with, and the words for them; which they are, the caller says."""

from dataclasses import dataclass

NO_ANSWER = "keine Angabe"
"""What a missing level is called: not answered yet, or "kann ich nicht beurteilen". Never the same as level 0."""

FEWEST = 2  # level 0, and one that fills a ring


@dataclass(frozen=True)
class Scale:
    """Levels by their names: the first is level 0 and fills nothing, each further one fills one more ring from the hub.

    At least two names, or it is a ValueError.
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.names) < FEWEST:
            raise ValueError(f"A scale needs a name for level 0 and one for level 1, not only {self.names!r}.")

    @property
    def rings(self) -> int:
        """How many rings the highest level fills."""
        return len(self.names) - 1

    @property
    def texts(self) -> tuple[str, ...]:
        """Every level as word and number, e.g. ``Könner (2)``."""
        return tuple(f"{name} ({level})" for level, name in enumerate(self.names))

    @property
    def key(self) -> str:
        """What the rings' numbers stand for, e.g. ``1 Kenner · 2 Könner``."""
        return "\xa0· ".join(f"{level}\xa0{name}" for level, name in enumerate(self.names) if level)
