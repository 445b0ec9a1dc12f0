"""The wheel's colours, light and dark, and how they look to eyes that see fewer colours.

Every category has a clear hue, and the four are equal steps of lightness apart: they stay four in grey, and for each of
three kinds of colour blindness (tested). Each has a contrast of at least 3:1 to the ground and to its own tint; beside each
other gap, arc and number tell them apart as well.
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
    filled=("#0576b0", "#026737", "#da6310", "#4f28a3"),
    empty=("#e5f0fe", "#e4f3e8", "#feece3", "#f3edfb"),
    ground="#ffffff",
    ink="#101418",
    muted="#565e6b",
)
DARK = Palette(
    filled=("#53b5fe", "#01a664", "#ffbf84", "#885bd6"),
    empty=("#061d2e", "#092013", "#281805", "#20182a"),
    ground="#000000",
    ink="#f4f6f8",
    muted="#b6bdc9",
)
PAGE = Palette(  # what static/css/app.css says for the theme, the paper and forced colours
    filled=("var(--wheel-1)", "var(--wheel-2)", "var(--wheel-3)", "var(--wheel-4)"),
    empty=("var(--wheel-1-empty)", "var(--wheel-2-empty)", "var(--wheel-3-empty)", "var(--wheel-4-empty)"),
    ground="var(--wheel-ground)",
    ink="var(--wheel-ink)",
    muted="var(--wheel-muted)",
)


def _colours(palette: Palette) -> tuple[str, ...]:
    return (*palette.filled, *palette.empty, palette.ground, palette.ink, palette.muted)


DARK_FOR_LIGHT = dict(zip(_colours(LIGHT), _colours(DARK), strict=True))
"""Each light colour with its dark one: a figure changes its theme by exchanging colours."""

VARIABLES = {
    variable.removeprefix("var(").removesuffix(")"): (light, dark)
    for variable, light, dark in zip(_colours(PAGE), _colours(LIGHT), _colours(DARK), strict=True)
}
"""What PAGE's variables are, light and dark; the stylesheet says the same."""

OWN_COLOURS = "".join(
    f":root{{color-scheme:{schemes};{';'.join(f'{name}:{colours[at]}' for name, colours in VARIABLES.items())}}}{end}"
    for at, schemes, end in ((0, "light dark", "@media (prefers-color-scheme:dark){"), (1, "light dark", "}"))
)
"""The same for a picture that no stylesheet reaches: it looks as the page that shows it."""


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
