"""Who is meant by a manager's column: a personnel number, an address, or a name that only one person has."""

import re
from functools import cached_property
from typing import Any

from kompetenz.people.names import fold, in_key, is_title, listed_as, without_degrees
from kompetenz.text import address, likeness_of_person
from kompetenz.text import number as text_as_number

from .cells import look_of
from .ranks import without_rank, without_ranks

WAITING = "waiting"  # in the place of a reason: somebody new whose row is left out for now
SHOWN = 3  # people of the same name
NOBODY = "Zu der Personalnummer {} gibt es niemanden, auch nicht in der Liste."
NOBODYS_ADDRESS = "Die E-Mail-Adresse {} gehört niemandem, auch nicht in der Liste."
NOBODY_CALLED_SO = (
    "„{}“ heißt niemand, auch nicht in der Liste. Eindeutig ist die Personalnummer oder die E-Mail-Adresse."
)
ONE_OF_SEVERAL = "Der Name der Führungskraft ist nicht eindeutig."
NOT_THEIRS = (
    "„{}“ nennt niemanden: Keine Person dieses Namens hat diese Nummer. Eindeutig ist die Personalnummer allein oder die "
    "E-Mail-Adresse."
)
NUMBERED = re.compile(r"[^\W\d_]{2,}.*[ ,;(:].*\d|\d.*[ ,;(:].*[^\W\d_]{2,}")  # a name with a number beside it
ACTING = re.compile(
    r"[\s,]*[(\[]?\b(komm\.|kommissarisch\w*|i\. ?V\.|in Vertretung|m\. ?d\. ?W\. ?d\. ?G\. ?b\.|mdWdGb|interim\w*|übergangsweise)[)\]]?",
    re.IGNORECASE,
)
ADDRESSED = re.compile(r"^((z\.? ?hd?\.?|frau|herrn?|fr\.|hr\.)\s+)+(?=[^\W\d_])", re.IGNORECASE)
SIGN = re.compile(  # of a post or a unit, behind a name
    r"\s*[(\[]\s*(?P<sign>[^()\[\]]{1,20})[)\]]\s*$|(?<=,)(?P<name>[^,]+),\s*(?P<unit>[^,]{1,60})$|\s[–-]\s+(?P<post>[^,]{1,60})$"
)
NUMBER_IN = re.compile(r"[\w./\-]*\d[\w./\-]*")
ONLY_A_SURNAME = "Ein Nachname allein nennt niemanden sicher."
IS_IT = "„{}“ ist ein Nachname allein. Ist {} ({}) gemeint?"
SEVERAL = "„{}“ heißen mehrere: {}. Eindeutig ist die Personalnummer oder die E-Mail-Adresse."


Handle = int | str  # of a person, see entries.Entry


class Managers:
    """Everybody of the list and everybody known, found by what a list may say of them."""

    def __init__(self, entries: Any, known: Any, waiting: Any) -> None:
        self.numbers: dict[str, Handle] = {number: person.pk for number, person in known.by_number.items()}
        self.numbers |= {entry.said["number"]: entry.handle for entry in entries}
        self.addresses: dict[str, Handle] = {person.email: person.pk for person in known.people if person.email}
        self.addresses |= {entry.said["email"]: entry.handle for entry in entries if entry.said.get("email")}
        self.alike: dict[str, list[str]] = {}
        for number in self.numbers:
            self.alike.setdefault(likeness_of_person(number), []).append(number)
        self._entries, self._known = entries, known
        self._waiting = {one.said.get("number") for one in waiting} | {one.said.get("email") for one in waiting}
        self._waiting |= {name_key(one.listed_as) for one in waiting if "last_name" in one.said}
        self._answers: dict[str, tuple[Handle | None, str, str]] = {}

    def meant(self, said: str) -> tuple[Handle | None, str, str]:
        """(handle or None, what speaks against it or "", the same without names)."""
        if said not in self._answers:
            self._answers[said] = self._found(said)
        return self._answers[said]

    def _found(self, said: str) -> tuple[Handle | None, str, str]:
        said = plain(said)
        number = text_as_number(said)
        if number in self.numbers:
            return self.numbers[number], "", ""
        if {number, address(said), name_key(said)} & self._waiting:
            return None, "", WAITING
        if "@" in said:
            handle = self.addresses.get(address(said))
            return handle, "" if handle else NOBODYS_ADDRESS.format(said), ""
        if (
            (sign := SIGN.search(said))
            and not self._called(said)
            and self._is_of_no_person(sign["sign"] or sign["unit"] or sign["post"])
            and self._called(bare := said[: sign.start()] + (sign["name"] or ""))
        ):
            said = bare
        if not self._called(said) and (self._called(bare := without_ranks(said)) or self._of_surname(bare)):
            said = bare
        return self._numbered(said, number) if any(map(str.isdigit, said)) else self._named(said)

    def _named(self, said: str) -> tuple[Handle | None, str, str]:
        """Of a name alone, which must be that of one person."""
        called_so = self._called(said)
        if len(called_so) > 1:
            people = [f"{name} ({number})" for name, number in list(called_so.values())[:SHOWN]]
            return None, SEVERAL.format(said, ", ".join(people)), ONE_OF_SEVERAL
        if not called_so and (one := self._of_surname(said)):
            return None, IS_IT.format(said, *one), ONLY_A_SURNAME
        return next(iter(called_so), None), "" if called_so else NOBODY_CALLED_SO.format(said), ""

    def _numbered(self, said: str, number: str) -> tuple[Handle | None, str, str]:
        """Of a number that nobody has, or of a name with a number beside it, which both must be those of one person."""
        meant = self.meant_by(number)
        if not meant and NUMBERED.search(said):
            beside, called_so = NUMBER_IN.findall(number), self._called(NUMBER_IN.sub(" ", said))
            if self._waiting.intersection(beside):
                return None, "", WAITING
            found = {self.numbers.get(one if one in self.numbers else self.meant_by(one)) for one in beside}
            both = found & called_so.keys()
            return (both.pop(), "", "") if len(both) == 1 else (None, NOT_THEIRS.format(said), "")
        return None, NOBODY.format(number) + (f" Ist {meant} gemeint?" if meant else ""), ""

    def _is_of_no_person(self, sign: str) -> bool:
        """Whether what stands in brackets behind a name looks like nobody's number: "10-AL" where theirs are 001204."""
        return look_of(sign.strip()) not in self.looks

    @cached_property
    def looks(self) -> set[str]:
        return {look_of(number.lstrip("0")) for number in self.numbers} | set(map(look_of, self.numbers))

    def meant_by(self, number: str) -> str:
        """The known number from which this one differs in zeros, capitals or blanks alone; "" for none."""
        alike = self.alike.get(likeness_of_person(number), [])
        return alike[0] if len(alike) == 1 else ""

    def asked(self, said: str) -> str:
        """The number of whom HR is asked whether they are meant; "" for nobody."""
        one = self._of_surname(without_ranks(plain(said)))
        return self.meant_by(text_as_number(said)) or (one[1] if one else "")

    def _of_surname(self, said: str) -> tuple[str, str] | None:
        """(name, number) of the only one of this last name, who is not led to people by that alone."""
        ones = list(self.surnames.get(name_key(said), {}).values())
        return ones[0] if len(ones) == 1 and ones[0][1] in self.numbers else None

    @cached_property
    def surnames(self) -> dict[tuple[str, ...], dict[Handle, tuple[str, str]]]:
        found: dict[tuple[str, ...], dict[Handle, tuple[str, str]]] = {}
        for handle, last, first, number in self._people():
            if last and first:
                found.setdefault(name_key(last), {})[handle] = (f"{first} {last}", number)
        return found

    def _called(self, said: str) -> dict[Handle, tuple[str, str]]:
        """Who is called so, by handle; of Müller and Mueller the one who is written so, if only one is.

        Before a comma stands the last name: "Werner, Martin" is not Werner Martin.
        """
        found = self.names.get(name_key(said), {})
        last, comma, first = said.partition(",")
        if comma:
            turned = (name_key(first), name_key(last))
            found = {handle: told for handle, told in found.items() if self.in_two[handle] != turned}
        exact = {handle: told for handle, told in found.items() if spelled(told[0]) == spelled(said)}
        return exact if len(exact) == 1 else found

    @cached_property
    def names(self) -> dict[tuple[str, ...], dict[Handle, tuple[str, str]]]:
        """``{key of a name: {handle: (name, number)}}``, in both orders; who has left is nobody's manager by name."""
        found: dict[tuple[str, ...], dict[Handle, tuple[str, str]]] = {}
        for handle, last, first, number in self._people():
            if last and first:
                found.setdefault(name_key(listed_as(first, last)), {})[handle] = (f"{first} {last}", number)
        return found

    @cached_property
    def in_two(self) -> dict[Handle, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Last and first name of everybody, as keys."""
        return {handle: (name_key(last), name_key(first)) for handle, last, first, _ in self._people()}

    def _people(self) -> list[tuple[Handle, str, str, str]]:
        in_list = {entry.handle for entry in self._entries}
        people = [
            (one.pk, one.last_name, one.first_name, one.personnel_number or "ohne Nummer")
            for one in self._known.people
            if one.is_employed and one.pk not in in_list
        ]
        return people + [(one.handle, *names_of(one), one.said["number"]) for one in self._entries]


def names_of(entry: Any) -> tuple[str, str]:
    """Both names; of a row in which something is wrong without a rank, about which HR is asked."""
    last, first = entry.final("last_name") or "", entry.final("first_name") or ""
    return (without_rank(last), without_rank(first)) if entry.wrong else (last, first)


def plain(said: str) -> str:
    """What names a manager, without how they are addressed, and that they are acting."""
    return ADDRESSED.sub("", ACTING.sub("", said))


def name_key(said: str) -> tuple[str, ...]:
    """A name without the order of its parts, titles, accents, hyphens: "Kaya, Dr. Deniz" and "Deniz Kaya" are one, as are ü and ue."""
    words = [word for word in re.split(r"[\s,;()]+", without_degrees(said)) if word and not is_title(word)]
    return tuple(sorted(part for word in words for part in in_key(word).split("-") if part))


def spelled(said: str) -> list[str]:
    return sorted(fold(said.replace(",", " ")).split())
