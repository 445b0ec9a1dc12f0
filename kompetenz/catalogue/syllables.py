"""Long names that break between syllables wherever they are shown, also where a browser knows no German. No Django in here."""

import re
from functools import cache
from html import escape

import pyphen  # type: ignore[import-untyped]

LONG = 20  # letters of a word; a shorter one fits into a line of a telephone
LONG_IN_A_COLUMN = 19  # and into the first column of a table that is pushed sideways there
AT_AN_END = 4  # letters that stay together
AT_THE_END = 5  # or "keit" stands alone
SOFT_HYPHEN = "\xad"
LONELY = re.compile("(?<=\xad.)\xad")  # after a syllable of one letter, which goes with the next


class Name(str):
    """A name like any other text: for search, lists, exports, comparisons. As HTML its long words have soft hyphens."""

    __slots__ = ()

    def __html__(self) -> str:
        """What templates write."""
        return in_html(str(self), LONG)

    @property
    def in_a_column(self) -> "InAColumn":
        return InAColumn(self)


class InAColumn(Name):
    """The same where it has even less room."""

    __slots__ = ()

    def __html__(self) -> str:
        return in_html(str(self), LONG_IN_A_COLUMN)


@cache
def in_html(name: str, long: int) -> str:
    words = re.compile(rf"[^\W\d_]{{{long},}}")
    return escape(words.sub(lambda word: LONELY.sub("", german().inserted(word[0], SOFT_HYPHEN)), name))


@cache
def german() -> pyphen.Pyphen:
    """Read once, when the first long name is shown."""
    return pyphen.Pyphen(lang="de_DE", left=AT_AN_END, right=AT_THE_END)
