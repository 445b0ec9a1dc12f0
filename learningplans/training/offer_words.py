"""What stands beside numbers and days in programmes of Studieninstitute: "490 € zzgl. MwSt.", "max. 16", "12./13.03.2027"."""

import re
from collections.abc import Iterable

from kompetenz.people.names import fold

NONE = {  # as fold writes them
    *("-", "--", "–", "—", "k. a.", "k.a.", "n. v.", "n.v.", "offen", "auf anfrage", "nach vereinbarung", "nach absprache"),
    *("laufend", "jederzeit", "folgt", "wird bekannt gegeben", "noch offen", "unbegrenzt", "unbeschrankt", "ohne grenze"),
}  # fmt: skip
FREE = {"kostenlos", "kostenfrei", "gebuhrenfrei", "entgeltfrei", "unentgeltlich", "gratis", "keine", "keine kosten"}
# Before and behind a number; what would make it another one (UE, Tage, ab, zzgl.) is not among them.
EUROS = re.compile(
    r"(?:eur|euro|€)?\s*(?P<number>[\d.,]*\d)(?:[.,]-+)?\s*(?:€|eur|euro)?(?:\s*(?:pro|je|/|p\.)\s*(?:person|teilnehme\w+|tn|p\.))?"
)
HOURS = re.compile(r"(?P<number>[\d.,]*\d)\s*(?:h|std\.?|stunden?|zeitstunden)")
SEATS = re.compile(
    r"(?:max\.?|maximal|bis(?: zu)?|hochstens)?\s*(?:\d{1,4}\s*(?:-|–|bis)\s*)?(?P<number>\d{1,4})"
    r"\s*(?:platze?|platz|personen|teilnehme\w*|tn)?"
)
LESSONS = re.compile(r"[\d.,]+\s*(?:ue|ustd\.?|unterrichts\w+)\.?")
SHORTEST_STEM = 5
WEEKDAY = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b[.,]*\s*", re.IGNORECASE
)
HOUR = r"\d{1,2}(?:[:.]\d{2})?"
TIME = re.compile(
    rf",?\s*(?:\bvon )?\b(?:{HOUR}\s*(?:-|–|bis)\s*{HOUR}\s*Uhr|{HOUR}\s*Uhr|\d{{1,2}}:\d{{2}}(?:\s*(?:-|–|bis)\s*\d{{1,2}}:\d{{2}})?)$",
    re.IGNORECASE,
)
DAYS = re.compile(
    r"(?P<first>\d{1,2})\.(?:(?P<month>\d{1,2})\.)?(?P<year>\d{4}|\d\d)?\s*(?:-|–|/|\+|bis|und|u\.)\s*(?P<last>\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d))"
)


def says_nothing(text: str) -> bool:
    """Whether it says that there is none, or that nobody knows yet."""
    return fold(text) in NONE


def bare(text: str, pattern: re.Pattern[str]) -> str:
    """The number in it without the words that it is written with; the text itself where there are others."""
    found = pattern.fullmatch(fold(text))
    return found["number"] if found and found["number"] in text else text


def euros(text: str) -> str:
    return "0" if fold(text) in FREE else bare(text, EUROS)


def hours(text: str) -> str:
    return bare(text, HOURS)


def is_in_lessons(text: str) -> bool:
    """Whether it counts in hours of 45 minutes."""
    return bool(LESSONS.fullmatch(fold(text)))


def seats(text: str) -> str:
    """Of "12 bis 16" the 16."""
    return bare(text, SEATS)


def days(text: str) -> tuple[str, str, str]:
    """The first day in it, the last, "" where there is one only, and the time of day beside them, "" where there is none."""
    text = WEEKDAY.sub("", text).strip()
    at = TIME.search(text)
    time = at[0].strip(" ,") if at else ""
    text = TIME.sub("", text).strip()
    found = DAYS.fullmatch(text)
    if found is None:
        return text, "", time
    _, month, year = found["last"].split(".")
    if not found["year"] and found["month"] and int(found["month"]) > int(month):
        year = f"{int(year) - 1:0{len(year)}}"  # from one year into the next
    return f"{found['first']}.{found['month'] or month}.{found['year'] or year}", found["last"], time


def name_in(names: Iterable[str], said: str) -> str | None:
    """The one of these folded names that is ``said``, or has a word that begins so: "Online-Seminar" is among "Seminare und
    Schulungen". None where it is none of them, or several.
    """
    said = fold(said)
    if said in names:
        return said
    stem = said.split("-")[-1]
    like = [
        name for name in names if len(stem) >= SHORTEST_STEM and any(word.startswith(stem) for word in name.split())
    ]
    return like[0] if len(like) == 1 else None
