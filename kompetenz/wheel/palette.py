"""The wheel's colours, light and dark.

Every category colour has a contrast of at least 3:1 to the ground, to its own tint, and to the categories
on either side (light and dark alternate, so that a grey print still shows four blocks).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme: four categories by slot, filled and empty, and what is drawn over them."""

    filled: tuple[str, str, str, str]
    empty: tuple[str, str, str, str]
    ground: str
    ink: str
    muted: str


LIGHT = Palette(
    filled=("#2a85ca", "#0a3a23", "#cc671d", "#411c6d"),
    empty=("#e0edf8", "#e0ece5", "#fae8dc", "#eae4f2"),
    ground="#ffffff",
    ink="#101418",
    muted="#565e6b",
)
DARK = Palette(
    filled=("#86c9fb", "#1d7548", "#fbb174", "#7c4dc0"),
    empty=("#122231", "#0a1b11", "#2e1b0e", "#1a1229"),
    ground="#000000",
    ink="#f4f6f8",
    muted="#b6bdc9",
)


def _colours(palette: Palette) -> tuple[str, ...]:
    return (*palette.filled, *palette.empty, palette.ground, palette.ink, palette.muted)


DARK_FOR_LIGHT = dict(zip(_colours(LIGHT), _colours(DARK), strict=True))
"""Each light colour with its dark one: a figure changes its theme by exchanging colours."""


_DARK_END = 0.04045  # sRGB is linear up to here


def contrast(one: str, other: str) -> float:
    """Contrast of two ``#rrggbb`` colours as WCAG 2 counts it, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _DARK_END else ((channel + 0.055) / 1.055) ** 2.4
