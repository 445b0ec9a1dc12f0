"""The colours of the Lernformen, light and dark; ground and ink are the wheel's.

Not the wheel's four, which stand for categories on the same page. Each has a contrast of at least 3:1 to the ground
and to its own tint; on a grey print the fillings tell them apart.
"""

from dataclasses import dataclass

from kompetenz.wheel.palette import DARK as WHEEL_DARK
from kompetenz.wheel.palette import LIGHT as WHEEL_LIGHT
from kompetenz.wheel.palette import Palette

from .model import FORMS


@dataclass(frozen=True)
class PathPalette:
    """Colours of one theme; ``strong`` and ``tint`` by Lernform, ``grid`` is decoration and needs no contrast."""

    strong: dict[str, str]
    tint: dict[str, str]
    ground: str
    ink: str
    muted: str
    grid: str


def _palette(theme: Palette, strong: tuple[str, ...], tint: tuple[str, ...], grid: str) -> PathPalette:
    return PathPalette(
        strong=dict(zip(FORMS, strong, strict=True)),
        tint=dict(zip(FORMS, tint, strict=True)),
        ground=theme.ground,
        ink=theme.ink,
        muted=theme.muted,
        grid=grid,
    )


LIGHT = _palette(WHEEL_LIGHT, ("#8a2252", "#0b6e78", "#75600a"), ("#f6e3ec", "#dcf0f2", "#f6f0d6"), "#d9dde4")
DARK = _palette(WHEEL_DARK, ("#e88bb0", "#5cc8d4", "#dcc457"), ("#2e1120", "#0a272b", "#2a2408"), "#333a45")


def _colours(palette: PathPalette) -> tuple[str, ...]:
    return (
        *palette.strong.values(),
        *palette.tint.values(),
        palette.ground,
        palette.ink,
        palette.muted,
        palette.grid,
    )


DARK_FOR_LIGHT = dict(zip(_colours(LIGHT), _colours(DARK), strict=True))
"""Each light colour with its dark one: a figure changes its theme by exchanging colours."""
