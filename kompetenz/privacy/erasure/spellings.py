"""How somebody's name is written in what others wrote, and how it is taken out of it. Plain values, no Django."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kompetenz.people.names import fold, in_key, is_before_a_name, is_title

from .letters import IN_TWO_WAYS, Folded, loosely, stored

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
    return shorter(" ".join(re.findall(r"\w+", in_key(text))))


def shorter(text: str) -> str:
    """Of what is written as one letter or as two, one."""
    return PAIRS.sub(lambda pair: pair[0][0], text)


def squeezed(text: str) -> str:
    """The same as comparable without blanks: Annamaria is Anna Maria."""
    return comparable(text).replace(" ", "")


def keys_of(name: str) -> set[str]:
    """Names that may be spelled alike have one of these in common: Anna-Eva and Annaeva."""
    return {squeezed(name), shorter(re.sub(r"\W", "", fold(name)))}


def telling_word(name: str) -> str:
    """The longest word of ``name`` but for what stands before names: whatever text names somebody so has it."""
    words = re.findall(r"[^\W_]+", Folded(name).text.lower())
    return max(reversed([word for word in words if word not in NOT_TELLING] or words), key=len, default="")


def unfolded(value: Any) -> Any:
    """A text as it is read: calendar files break their lines, within a name as well."""
    is_calendar = isinstance(value, str) and value.startswith("BEGIN:VCALENDAR")
    return FOLD.sub("", value) if is_calendar else value


FOLD = re.compile(r"\r?\n ")
PAIRS = re.compile("|".join(IN_TWO_WAYS))
NOT_TELLING = set(re.findall("[a-z]+", " ".join([*TITLES, *NUMBERED]).lower()))
LETTERS = re.compile(r"\w\.(?:-?\w\.)*")  # first ones, with a dot each
NEVER = "(?!)"
# Anna Alt is not in "Anna Alt-Neu", and she is in "Anna Alts Plan".
NAME = (r"(?<!\w)(?<!\w-)", r"(?:'?[sS])?(?!-?\w|@)")
ADDRESS = (r"(?<![\w.+-])", r"(?![\w@-]|\.\w)")  # nor alt@amt.example in anna.alt@amt.example


def word_of(word: str) -> str:
    """The pattern of a word of a name."""
    return in_dots(word) if word.count(".") > 1 and LETTERS.fullmatch(word) else loosely(word)


def capitalised(word: str) -> str:
    """The same of a word that begins as a name does: who has "die Kollegen stark entlastet" has named nobody."""
    return word_of(word) if word in BEFORE or not word[0].isupper() else rf"(?=[^\W\d_a-zäöüåð]){word_of(word)}"


def in_dots(letters: str) -> str:
    """The pattern of "A.-M."; without its dots it might be a word."""
    return r"(?:\. *+-? *+|-)".join(map(loosely, re.findall(r"\w", letters))) + r"\.?"


def may_be_words(name: str) -> bool:
    """Whether a name is one word at most, but for titles and initials: written small, it may be an adjective."""
    return len([word for word in name.split() if word not in BEFORE and not LETTERS.fullmatch(word)]) <= 1


def either(names: Iterable[str], spell: Callable[[str], str] = word_of) -> str:
    """The pattern of one of these, the longest first, with any space between their parts; of none it is found nowhere."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join("".join(pieces_of(one, spell)) for one in ordered) or NEVER


def pieces_of(name: str, spell: Callable[[str], str]) -> Iterable[str]:
    before = ""
    for word in name.split():
        if before:
            yield between(before)
        yield spell(word)
        before = word


def between(before: str) -> str:
    """The pattern of what is between ``before`` and the next word of a name; O Neill is O'Neill, too."""
    if before.endswith((".", ",")):
        return " *+"
    return " ++" if len(before) > 1 else "(?: ++|' *+)"


def exactly(text: str) -> str:
    """``text`` as names are compared that differ in nothing but accents and the like."""
    return re.sub(r"(?<=[.,])\s+", "", " ".join(text.split())).casefold()


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
        mine = {one: keys_of(one) for one in self.names}
        theirs = {one: keys_of(one) for one in others.values()}
        my_keys, their_keys = set().union(*mine.values()), set().union(*theirs.values())
        longer = {one for one, keys in theirs.items() if any(part in key for part in my_keys for key in keys)}
        alike = {one for one in longer if theirs[one] & my_keys}  # Anna Müller is not Anna Mueller
        exact = {one for one in self.names if mine[one] & their_keys}
        single = {one for one in self.names if may_be_words(one)} - exact
        kinds = {
            "another": longer - alike,
            "whole": set(self.names) - exact - single,
            "alike": alike | exact,
            "single": single,
        }
        self._exactly, self._others = set(map(exactly, exact)), set(map(exactly, alike))
        self._ways: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for kind, written in [*kinds.items(), ("address", self.addresses)]:
            for one in sorted(written, key=len, reverse=True):
                self._ways[Folded(one).skeleton][kind].append(one)
        self._patterns: dict[str, re.Pattern[str]] = {}
        self.stored = "|".join(sorted({stored(telling_word(one)) for one in (*self.names, *self.addresses)}))

    def _pattern(self, skeleton: str) -> re.Pattern[str]:
        """What there is of one skeleton; most are never looked for, as it is in no text."""
        if skeleton not in self._patterns:
            ways = self._ways[skeleton]
            kinds = [("another", word_of), ("whole", word_of), ("alike", word_of), ("single", capitalised)]
            names = "|".join(f"(?P<{kind}>{either(ways[kind], spell)})" for kind, spell in kinds)
            addresses = "|".join(map(re.escape, ways["address"])) or NEVER
            self._patterns[skeleton] = re.compile(
                f"{NAME[0]}(?:{names}){NAME[1]}|{ADDRESS[0]}(?i:{addresses}){ADDRESS[1]}"
            )
        return self._patterns[skeleton]

    def _matches(self, text: Folded) -> Iterator[re.Match[str]]:
        """Where the person or somebody like them is named, from left to right; of what begins alike the longest counts."""
        starts = {(start, -len(skeleton), skeleton) for skeleton in self._ways for start in text.starts(skeleton)}
        last = 0
        for start, _, skeleton in sorted(starts):
            found = self._pattern(skeleton).match(text.text, start) if start >= last else None
            if found:
                last = found.end()
                yield found

    def _places(self, text: Folded) -> Iterator[tuple[int, int]]:
        """Where the person is named in the original."""
        return (text.place(*found.span()) for found in self._matches(text) if self._is_meant(found, text))

    def _is_meant(self, found: re.Match[str], text: Folded) -> bool:
        if found["alike"] is None:
            return found["another"] is None
        return self._alike(found, text) in self._exactly

    def _alike(self, found: re.Match[str], text: Folded) -> str:
        start, end = text.place(*found.span("alike"))
        return exactly(text.original[start:end])

    def may_be_in(self, value: Any) -> bool:
        """Whether a text has a name of which nobody can tell whose it is: of Anna Müller and Anna Mueller, Anna Muller."""
        if not isinstance(value, str):
            return False
        text = Folded(value)
        names = (self._alike(found, text) for found in self._matches(text) if found["alike"])
        return any(name not in self._exactly | self._others for name in names)

    def is_in(self, value: Any) -> bool:
        """Whether a text, or one within a JSON value, names the person."""
        if isinstance(value, str):
            return any(self._places(Folded(value)))
        if isinstance(value, dict):
            return any(self.is_in(part) for pair in value.items() for part in pair)
        return isinstance(value, list) and any(map(self.is_in, value))

    def replaced(self, value: Any) -> Any:
        """``value`` with the person's names and addresses replaced."""
        if isinstance(value, str):
            return self._replaced_in(Folded(value))
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(part) for key, part in value.items()}
        return [self.replaced(part) for part in value] if isinstance(value, list) else value

    def _replaced_in(self, text: Folded) -> str:
        parts, last = [], 0
        for start, end in self._places(text):
            parts += [text.original[last:start], ERASED]
            last = end
        return "".join([*parts, text.original[last:]])

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
