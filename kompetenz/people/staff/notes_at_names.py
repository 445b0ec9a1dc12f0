"""What lists note beside a name, and is none of it: that somebody is on leave, a footnote, the name at birth; and two people in one row."""

import re

from kompetenz.people.names import without_birth_name
from kompetenz.refusals import Refused

STATE = (
    r"(ATZ|EZ|TZ|VZ|Azubi|befr\.?|beurl\.?|ruhend|Alters(teil)?zeit\w*|Elternzeit\w*|Mutterschutz|Sonderurlaub|Teilzeit|Vollzeit|befristet"
    r"|beurlaubt|abgeordnet|(langzeit)?krank|ausgeschieden|ausgetreten|verstorben)"
)
WHEN = r"((z\. ?Zt?\.?|zzt\.?|zur ?zeit|derzeit|in|im|noch|ab|bis|seit)\s+)"
UNIT = r"(Amt|FB|FD|SG|Abt\.?|Abteilung|Dez\.?|Dezernat|Ref\.?|Referat|Team|OE)"
BEFORE_A_NAME = re.compile(r"^[\s†]*([•*→►▪·–-]\s+)?")
HAS_LEFT = re.compile(r"^\s*†|([(\[,]|\s[–-])\s*(ausgeschieden|ausgetreten|verstorben|†)\s*[)\]]?\s*$", re.IGNORECASE)
NOTED = re.compile(
    rf"(?<!\s)\s*(\*+|[¹²³]|\(?\b\d{{1,2}}\)"
    rf"|[(\[]\s*({WHEN}*{STATE}\b[^()\[\]]*|[mwd]|{WHEN}+\d[^()\[\]]*|{UNIT}\b[^()\[\]]*)[)\]]"
    rf"|(\s[-–—]\s|,)\s*{WHEN}*{STATE}(?!\w).*)\s*$",
    re.IGNORECASE,
)
HYPHEN = re.compile(r"(?<=[^\W\d_])\s+-\s+(?=[^\W\d_])")
SHARED = re.compile(r"\s[/&+]\s|;\s|\bund\s+(?=[A-ZÄÖÜ])")
TWO_PEOPLE = "„{}“ sind zwei Personen. Nötig ist eine Zeile je Person, jede mit ihrer Personalnummer."


def only_the_name(text: str) -> str:
    """A name without what is noted beside it, without the name at birth; its hyphen without blanks."""
    return HYPHEN.sub("-", NOTED.sub("", BEFORE_A_NAME.sub("", without_birth_name(text))))


def refuse_two_people(name: str, said: str) -> None:
    """Raise Refused if ``name``, of what is ``said`` in a cell, is that of two who share a post."""
    if SHARED.search(name):
        raise Refused(TWO_PEOPLE.format(said[:60]))
