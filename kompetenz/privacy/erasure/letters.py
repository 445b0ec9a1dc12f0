"""In which ways the letters of a name are written in a text: with or without accents, as one or as two. Plain values, no Django."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import accumulate

from kompetenz.people.names import fold
from kompetenz.text import INVISIBLE, JOINERS, SHAPES, in_one_way

APOSTROPHES = "'\u2019\u2018\u201b\u02bb\u02bc\u00b4`\u2032\uff07"
HYPHENS = "-\u2010\u2011\u2013"
# What is written as one letter or as two, and by what it stands in a folded text.
IN_TWO_WAYS = {"ae": "ä", "oe": "ö", "ue": "ü", "aa": "å", "dj": "ð"}
IN_TWO_LETTERS = {one: two for two, one in IN_TWO_WAYS.items()}
OF_ONE_PIECE = {"ø": "ö", "đ": "ð", "ð": "ð"}
DOTS, RING = {"\u0308", "\u030b"}, "\u030a"  # "ő" is written as "ö" and "oe", too
TOKENS = re.compile("|".join([*IN_TWO_WAYS, "."]), re.DOTALL)
HYPHEN = r"(?: *+- *+| ++|(?<=[^\W\d])(?=[^\W\d]))"
APOSTROPHE = r"'?(?:[- ](?=\w))?"
LESS_IN_OTHERS = {two[1] for two in IN_TWO_WAYS}
LATIN = [*range(0x3000), *range(0xFB00, 0xFB07), *range(0xFF00, 0xFF60)]  # with those of one piece, and wide ones
MARKS = "\u0300-\u036f"
MARKS_AS_STORED = (
    rf"(?:[{MARKS}{JOINERS}{SHAPES}]|\\u[0-9a-f]{{4}})*"  # in JSON some databases write what is not ASCII in figures
)


class Folding(dict[str, str]):
    """For each letter what stands for it in a folded text: without accents, capital or small as before."""

    def __missing__(self, letter: str) -> str:
        self[letter] = alike = folded_letter(letter)
        return alike


def folded_letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in HYPHENS:
        return "-"
    if letter in APOSTROPHES:
        return "'"
    if INVISIBLE.match(letter):
        return ""
    alike = in_two_ways(letter.lower()) or fold(letter)
    return alike.upper() if letter.isupper() else alike


def in_two_ways(letter: str) -> str | None:
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if base == "a" and RING in marks:
        return "å"
    return OF_ONE_PIECE.get(base) or (IN_TWO_WAYS.get(f"{base}e") if DOTS & set(marks) else None)


class Bones(dict[int, str]):
    """For each letter of a folded text the one of a skeleton, or a blank: for what there may be less of in another spelling."""

    def __missing__(self, code: int) -> str:
        base = IN_TWO_LETTERS.get(chr(code).lower(), chr(code).lower())[:1]
        self[code] = bone = base if base.isalnum() and base not in LESS_IN_OTHERS else " "
        return bone


FOLDING, BARE = Folding(), Bones()
BEGINNING = re.compile(r"(?<!\w)\w")


class Folded:
    """A text in which letters that may be compared stand alike, and where each stood in the ``original``."""

    def __init__(self, text: str) -> None:
        self.original = in_one_way(text) if max(text, default="") >= MARKS[0] else text
        self._pieces = [FOLDING[letter] for letter in self.original]
        self.text = "".join(self._pieces)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._pieces)))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original stands what begins and ends there; marks behind it belong to it."""
        return bisect_right(self._ends, start), max(bisect_right(self._ends, end), bisect_left(self._ends, end) + 1)

    @cached_property
    def _bones(self) -> tuple[str, list[int]]:
        bare = self.text.translate(BARE)
        return bare.replace(" ", ""), [place for place, letter in enumerate(bare) if letter != " "]

    @property
    def skeleton(self) -> str:
        """The letters that no spelling of a name goes without, capitals and accents aside; of few there is none."""
        return self._bones[0]

    def starts(self, skeleton: str) -> Iterator[int]:
        """Where words begin with which a name of this skeleton may begin."""
        bones, places = self._bones
        if not skeleton:
            yield from (found.start() for found in BEGINNING.finditer(self.text))
            return
        at = bones.find(skeleton)
        while at >= 0:
            left_out = places[at - 1] + 1 if at else 0
            yield from (found.start() for found in BEGINNING.finditer(self.text, left_out, places[at] + 1))
            at = bones.find(skeleton, at + 1)


def loosely(word: str) -> str:
    """The pattern of a word in a folded text, with or without umlauts, accents, apostrophes and hyphens."""
    return "".join(map(in_token, TOKENS.findall(Folded(word).text.lower())))


def in_token(token: str) -> str:
    if token in IN_TWO_WAYS:
        return f"(?:{any_of(token[0])}{any_of(token[1])}|{either_case(IN_TWO_WAYS[token])})"
    if token in IN_TWO_LETTERS:
        two = IN_TWO_LETTERS[token]
        return f"{any_of(two[0])}{any_of(two[1])}?"
    return {"-": HYPHEN, "'": APOSTROPHE, ".": r"\.?"}.get(token) or any_of(token)


def alike(letter: str) -> str:
    """What may stand for a letter of a name in a folded text: "o" and "ö" for "o"."""
    return letter + "".join(one for one, two in IN_TWO_LETTERS.items() if two[0] == letter)


def any_of(letter: str) -> str:
    return either_case(alike(letter))


def either_case(letters: str) -> str:
    both = "".join(dict.fromkeys(letters + letters.upper()))
    return re.escape(both) if len(both) == 1 else f"[{both}]"


@cache
def written() -> dict[str, str]:
    """All letters by what stands for them in a folded text."""
    found: dict[str, str] = defaultdict(str)
    for letter in map(chr, LATIN):
        if letter.isalnum():
            found[FOLDING[letter].lower()] += letter
    return found


@cache
def varied() -> re.Pattern[str]:
    """What may be as many letters in one spelling as in another."""
    of_several = [piece for piece in written() if len(piece) > 1]
    return re.compile("|".join([*map(re.escape, of_several), *IN_TWO_WAYS, *IN_TWO_LETTERS, r"\W|_"]))


def stored(word: str) -> str:
    """A pattern for databases, and for Python, that is found wherever ``word`` is however it is spelled: of its longest run of letters
    that are as many in all spellings.
    """
    run = max(varied().split(Folded(word).text.lower()), key=len)
    ways = ("".join(written().get(one, one) for one in alike(letter)) for letter in run)
    return "".join(rf"(?:[{letters}]|\\u[0-9a-f]{{4}}){MARKS_AS_STORED}" for letters in ways)
