"""Both names of somebody in one cell, with titles and forms of address or without."""

import re

from kompetenz.people.names import is_before_a_name, is_form_of_address, is_title, without_birth_name, without_degrees
from kompetenz.refusals import Refused

from .notes_at_names import is_no_name, only_the_name, refuse_two_people
from .ranks import led_by_ranks

NO_COMMA = "„{}“ ist nicht in Nachname und Vorname zu teilen: Dazwischen gehört ein Komma."
ONE_NAME = "„{}“ ist nicht in Vorname und Nachname zu teilen. Bitte schreiben Sie beide Namen, den Nachnamen zuletzt."

NO_NUMBER = "In „{}“ stehen nicht Personalnummer, Nachname und Vorname. Möglich ist „000815 Beispiel, Bea“ oder „Beispiel, Bea (000815)“."
NUMBER_THERE = r"[A-Za-z]{0,3}[-.]?\d[\w.\-/]*"
WITH_A_NUMBER = re.compile(
    rf"\s*(?P<number>{NUMBER_THERE})[\s:;–|-]+(?P<names>[^\W\d][^\d@]*,[^\d@]+)"
    rf"|(?P<before>[^\W\d][^\d@]*,[^\d@(\[]+)[\s,;(\[|–-]+(?P<behind>{NUMBER_THERE})[)\]]?\s*"
)
BETWEEN = re.compile(r"\s*[,;]|\s+/\s")  # both names
ONE_NAME_FIRST = (
    "„{}“ ist nicht in Nachname und Vorname zu teilen. Bitte schreiben Sie beide Namen, den Nachnamen zuerst."
)


def full_name(text: str) -> tuple[str, str]:
    """("Nachname", "Vorname") of one cell that holds both, with a comma or the like between; a title stands before the first name."""
    before, _, behind = BETWEEN.sub(",", without_birth_name(text), count=1).partition(",")
    before, behind = bare(before), bare(without_degrees_first(behind))
    refuse_two_people(behind, text)
    if is_no_name(behind) and not before.isupper():
        raise Refused(NO_COMMA.format(text[:60]))
    titles, last = without_titles(before)
    more, first = without_titles(behind)
    while len(first) > 1 and is_before_a_name(first[-1]):
        last.insert(0, first.pop())
    if not (last and first) or is_form_of_address(first[0]):
        raise Refused(NO_COMMA.format(text[:60]))
    return " ".join(last), " ".join([*titles, *more, *first])


def number_and_name(text: str) -> tuple[str, str, str]:
    """("Nachname", "Vorname", "Personalnummer") of "000815 Beispiel, Bea" and "Beispiel, Bea (000815)"."""
    found = WITH_A_NUMBER.fullmatch(text.strip())
    if not found:
        raise Refused(NO_NUMBER.format(text[:60]))
    return *full_name((found["names"] or found["before"]).rstrip(" ,;|–-")), found["number"] or found["behind"]


def first_name_first(text: str) -> tuple[str, str]:
    """("Nachname", "Vorname") of a cell such as "Dr. Anna von der Aa": the last word, and what stands small before it."""
    titles, names = without_titles(bare(text))
    *before, last = names or [""]
    while len(before) > 1 and before[-1].islower():
        last = f"{before.pop()} {last}"
    if not before:
        raise Refused(ONE_NAME.format(text[:60]))
    return last, " ".join([*titles, *before])


def last_name_first(text: str) -> tuple[str, str]:
    """("Nachname", "Vorname") of a cell such as "von der Aa Anna": the first word, and what stands small before it; or all in capitals."""
    titles, names = without_titles(bare(text))
    ranks, names = led_by_ranks(names) if len(names) > 2 else ([], names)  # noqa: PLR2004 - VA Strauß Jörg
    last: list[str] = []
    while names and (not last or last[-1].islower() or (is_in_capitals(last[-1]) and begins_in_capitals(names))):
        last.append(names.pop(0))
    if not (last and names):
        raise Refused(ONE_NAME_FIRST.format(text[:60]))
    return " ".join([*ranks, *last]), " ".join([*titles, *names])


def without_degrees_first(text: str) -> str:
    """Of "M.A., Bo" only Bo."""
    parts = text.split(",")
    return ",".join(part for part in parts if without_degrees(f"Berg {part}") != "Berg") or text


def bare(text: str) -> str:
    return without_degrees(only_the_name(text))


def begins_in_capitals(words: list[str]) -> bool:
    """Whether the first of them is in capitals and some other is not: where all are, capitals say nothing."""
    return is_in_capitals(words[0]) and not all(map(is_in_capitals, words))


def is_in_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def without_titles(text: str) -> tuple[list[str], list[str]]:
    """(titles, the other words); how somebody is addressed is neither, and is not kept."""
    words = text.replace(",", " ").split()
    if len(words) > 1 and is_form_of_address(words[0]):  # alone it is a name
        words = words[1:]
    titles = [word.strip("(),") for word in words if is_title(word)]
    return titles, [word for word in words if not is_title(word)]
