"""How somebody's name is written in what others wrote, and how it is taken out of it. Plain values, no Django."""

import json
import re
from collections.abc import Iterable
from typing import Any

from kompetenz.people.names import fold, in_key, is_before_a_name, is_title

ERASED = "gelöschte Person"
SALUTATIONS = ("Frau", "Fr.", "Herr", "Herrn", "Hr.", "Hrn.", "Kollegin", "Kollege", "Kollegen")
DOCTORS = ("Dr.", "Prof.", "Prof. Dr.")
TITLES = [*SALUTATIONS, *(f"{one} {title}" for one in SALUTATIONS for title in DOCTORS), *DOCTORS]
NUMBERED = ("Personalnummer", "Personal-Nr.", "Pers.-Nr.", "PersNr", "PNr.", "PN")
BEFORE = {word for title in TITLES for word in title.split()}
BY_ITSELF = 6  # so long a number means nothing else in a text


def names_of(first: str, last: str, before: Iterable[str] = ()) -> list[str]:
    """The ways in which a whole name is written, the longest first; ``before`` are whole names from before."""
    found = {f"{first} {last}", f"{last}, {first}", f"{last} {first}", *before}
    if all(divided(last)):
        found.add("{1}, {2} {0}".format(*divided(last), first))  # Heide, Anna von der
    return sorted((name for name in found if name.strip()), key=lambda name: (-len(name), name))


def shortened(first: str, last: str) -> list[str]:
    """The ways in which it is written in short: with one of several names, or with the first letters."""
    lasts = [last, *in_letters(last), *parts_of(last)]
    found = {name for one in (first, *firsts_of(first)) for part in lasts for name in names_of(one, part)}
    return sorted(found - set(names_of(first, last)))


def firsts_of(first: str) -> list[str]:
    """By which somebody is called who is Anna Maria, or Anna-Maria: each, both in one, and their first letters."""
    words = [word for word in first.split() if not is_title(word)]
    called = [name for word in words for name in word.split("-") if name]
    both = "-".join(called)
    letters = "-".join(f"{name[0]}." for name in called)
    half = [f"{called[0]}-{called[1][0]}."] if len(called) > 1 else []
    return [*words, *called, both, *(f"{name[0]}." for name in called[:1]), letters, *half]


def divided(last: str) -> tuple[str, str]:
    """What stands before a last name and the name itself: "von der" and "Heide"."""
    words = last.split()
    number = next((place for place, word in enumerate(words) if not is_before_a_name(word)), len(words))
    return " ".join(words[:number]), " ".join(words[number:])


def in_letters(last: str) -> list[str]:
    """The same with letters before it: "v. d. Heide"."""
    before, name = divided(last)
    return [" ".join([*(f"{word[0]}." for word in before.split()), name])] if before and name else []


def parts_of(last: str) -> list[str]:
    """Those of a double name by which somebody may be called alone, and a name without what stands before it."""
    before, name = divided(last)
    parts = [part.strip() for part in name.split("-")]
    parts = [part for part in parts if len(part) >= len("Abt")] if len(parts) > 1 else []
    return [name, *parts] if before and name else parts


def politely(last: Iterable[str], others: Iterable[str]) -> list[str]:
    """Those of these last names that are in nobody else's, as they are written behind a title: alone they may be a word.

    Peter is in Peters and Peters in Peter, for one may be the other's genitive, but not in Petersen.
    """
    theirs = "; ".join(map(comparable, others))
    wanted = {part for name in last for part in (name, *parts_of(name))}
    known = [
        one for one in sorted(wanted) if not re.search(rf"\b{' ?'.join(squeezed(one).removesuffix('s'))}s?\b", theirs)
    ]
    return [f"{title} {name}" for one in known for name in (one, *in_letters(one)) for title in TITLES]


def numbered(numbers: Iterable[str]) -> list[str]:
    """Numbers of a person as they are written in a text: behind a word that says what they are; long ones alone as well."""
    numbers = list(numbers)
    return [f"{word} {one}" for one in numbers for word in NUMBERED] + [one for one in numbers if len(one) >= BY_ITSELF]


def comparable(text: str) -> str:
    """``text`` without capitals, accents, umlauts, hyphens and other signs: alike however a name is spelled."""
    return " ".join(re.findall(r"\w+", in_key(text)))


def squeezed(text: str) -> str:
    """The same without blanks: Annamaria is Anna Maria."""
    return comparable(text).replace(" ", "")


def spelled_in(name: str) -> set[str]:
    """``name`` as it stands in a column: as it is, and as it is in JSON."""
    return {name, json.dumps(name)[1:-1]}


def part_of(name: str) -> set[str]:
    """By what rows are narrowed that may contain ``name`` however it is spelled: its longest run of letters that are always the same.

    Of what has none, the name as it stands in a column.
    """
    runs = re.findall(r"[a-z0-9]+", VARIED.sub(" ", name.casefold()))
    telling = [run for run in runs if run not in NOT_TELLING] or runs
    return {max(reversed(telling), key=len)} if telling else spelled_in(name)


def unfolded(value: Any) -> Any:
    """A text as it is read: calendar files break their lines, within a name as well."""
    is_calendar = isinstance(value, str) and value.startswith("BEGIN:VCALENDAR")
    return FOLD.sub("", value) if is_calendar else value


FOLD = re.compile(r"\r?\n ")
VARIED = re.compile("[aou]e|ss|[^a-z0-9]", re.IGNORECASE)
NOT_TELLING = set(re.findall("[a-z]+", " ".join([*TITLES, *NUMBERED]).casefold()))
IN_TWO_WAYS = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
IN_TWO_LETTERS = {one: two for two, one in IN_TWO_WAYS.items()}
HYPHEN = r"(?:\s*[-\u2010\u2011\u2013]\s*|\s+|(?<=[^\W\d])(?=[^\W\d]))"
APOSTROPHES = "'\u2019\u2018\u201b\u02bb\u02bc\u00b4`\u2032\uff07"
APOSTROPHE = rf"(?:[{APOSTROPHES}]?(?:[-\s](?=\w))?)"
LETTERS = re.compile(r"\w\.(?:-?\w\.)*")  # first ones, with a dot each
MARKS = "[\u0300-\u036f]*"
NEVER = "(?!)"
# Anna Alt is not in "Anna Alt-Neu", and she is in "Anna Alts Plan".
NAME = (r"(?<!\w)(?<!\w-)", r"(?:['\u2019]?s)?(?!-?\w|@)")
ADDRESS = (r"(?<![\w.+-])", r"(?![\w@-]|\.\w)")  # nor alt@amt.example in anna.alt@amt.example


def loosely(word: str) -> str:
    """The pattern of a word of a name, with or without umlauts, accents and hyphens."""
    if word.count(".") > 1 and LETTERS.fullmatch(word):
        return in_dots(word)
    pieces = re.findall("(?i:ae|oe|ue|ss)|.", word, re.DOTALL)
    return "".join(map(piece, pieces))


def capitalised(word: str) -> str:
    """The same of a word that begins as a name does: who has "die Kollegen stark entlastet" has named nobody."""
    if word in BEFORE or not word[0].isalpha():
        return loosely(word)
    letters = {word[0], fold(word[0])[:1].upper(), IN_TWO_WAYS.get(word[:2].casefold(), "").upper()}
    return f"(?=(?-i:[{''.join(sorted(letters))}])){loosely(word)}"


def in_dots(letters: str) -> str:
    """The pattern of "A.-M."; without its dots it might be a word."""
    return r"(?:\.\s*-?\s*|-)".join(map(piece, re.findall(r"\w", letters))) + r"\.?"


def may_be_words(name: str) -> bool:
    """Whether a name is one word at most, but for titles and initials: written small, it may be an adjective."""
    return len([word for word in name.split() if word not in BEFORE and not LETTERS.fullmatch(word)]) <= 1


def piece(letter: str) -> str:
    if letter in "-\u2010\u2011\u2013":
        return HYPHEN
    if letter in APOSTROPHES:
        return APOSTROPHE
    if letter == ".":
        return r"\.?"
    if letter.isascii():
        other = IN_TWO_WAYS.get(letter.casefold())
        return f"(?:{letter}|{other})" if other else re.escape(letter)
    ways = [re.escape(letter), IN_TWO_LETTERS.get(letter.casefold()), fold(letter) and re.escape(fold(letter)) + MARKS]
    return f"(?:{'|'.join(filter(None, ways))})"


def either(words: Iterable[str], spell: Any = re.escape) -> str:
    """The pattern of one of these, the longest first, with any space between their parts; of none it is found nowhere."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join("".join(pieces_of(one, spell)) for one in ordered) or NEVER


def pieces_of(words: str, spell: Any) -> Iterable[str]:
    before = ""
    for word in words.split():
        if before:
            yield between(before, strictly=spell is re.escape)
        yield spell(word)
        before = word


def between(before: str, *, strictly: bool) -> str:
    """The pattern of what is between ``before`` and the next word of a name; O Neill is O'Neill, too, unless ``strictly``."""
    if before.endswith((".", ",")):
        return r"\s*"
    return r"\s+" if strictly or len(before) > 1 else rf"(?:\s+|[{APOSTROPHES}]\s*)"


class Spellings:
    """The names and addresses of one person, to be found in texts and replaced there; words of others are left alone.

    ``others`` are whole names of other people. Of those that are the same nobody can tell who is meant: they stay (``shared``), and
    so does a longer one in which one of this person's stands. ``short`` are further ways of writing this person's, of which that is
    not worth a word.
    """

    def __init__(
        self, names: Iterable[str], addresses: Iterable[str], others: Iterable[str] = (), short: Iterable[str] = ()
    ) -> None:
        names, others = list(dict.fromkeys(names)), {one.casefold(): one for one in others}
        self.shared = [one for one in names if one.casefold() in others]
        self.names = [one for one in dict.fromkeys([*names, *short]) if one.casefold() not in others]
        self.addresses = [one for one in addresses if one]
        mine = {one: squeezed(one) for one in self.names}
        theirs = {one: squeezed(one) for one in others.values()}
        self._keys = set(mine.values())
        longer = {one for one, key in theirs.items() if any(part in key for part in self._keys)}
        strict = {one for one in longer if theirs[one] in self._keys}  # Anna Müller is not Anna Mueller
        exact = {one for one in self.names if mine[one] in theirs.values()}
        single = {one for one in self.names if may_be_words(one)} - exact
        whole = set(self.names) - exact - single
        alternatives = [
            rf"{NAME[0]}(?P<another>{either(strict)}|{either(longer - strict, loosely)}){NAME[1]}",
            rf"{NAME[0]}(?:{either(exact)}|{either(whole, loosely)}|{either(single, capitalised)}){NAME[1]}",
            rf"{ADDRESS[0]}(?:{either(self.addresses)}){ADDRESS[1]}",
        ]
        self._found = re.compile("|".join(alternatives), re.IGNORECASE)

    @property
    def parts(self) -> set[str]:
        """One of these is in whatever names this person."""
        return {part for one in (*self.names, *self.addresses) for part in part_of(one)}

    def _may_be_in(self, text: str) -> bool:
        """Whether it is worth a closer look, which takes long; nothing that is there is missed."""
        if any(address.casefold() in text.casefold() for address in self.addresses):
            return True
        text = squeezed(text)
        return any(key in text for key in self._keys)

    def is_in(self, value: Any) -> bool:
        """Whether a text, or one within a JSON value, names the person."""
        if isinstance(value, str):
            return self._may_be_in(value) and any(found["another"] is None for found in self._found.finditer(value))
        if isinstance(value, dict):
            return any(self.is_in(part) for pair in value.items() for part in pair)
        return isinstance(value, list) and any(map(self.is_in, value))

    def replaced(self, value: Any) -> Any:
        """``value`` with the person's names and addresses replaced."""
        if isinstance(value, str):
            return self._found.sub(lambda found: found[0] if found["another"] else ERASED, value)
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(part) for key, part in value.items()}
        return [self.replaced(part) for part in value] if isinstance(value, list) else value

    def without(self, value: Any) -> Any:
        """A JSON value without the innermost parts of its lists that name the person."""
        if isinstance(value, dict):
            return {key: self.without(part) for key, part in value.items()}
        if not isinstance(value, list):
            return value
        if any(isinstance(part, str) and self.is_in(part) for part in value) and not any(
            isinstance(part, list | dict) for part in value
        ):
            return [part for part in value if not self.is_in(part)]
        return [
            self.without(part)
            for part in value
            if not (isinstance(part, list) and self.is_flat(part) and self.is_in(part))
        ]

    @staticmethod
    def is_flat(value: list[Any]) -> bool:
        return not any(isinstance(part, list | dict) for part in value)
