"""What lists note beside a name, and is none of it: that somebody is on leave, a footnote, the name at birth; and two people in one row."""

import re

from kompetenz.people.names import without_birth_name
from kompetenz.refusals import Refused

LETTERS = r"(?-i:ATZ|EZ|TZ|VZ)"  # Ez is a name
STATE = (
    rf"({LETTERS}|Azubi|befr\.?|beurl\.?|ruhend|Alters(teil)?zeit\w*|Elternzeit\w*|Mutterschutz|Sonderurlaub|Teilzeit|Vollzeit|befristet"
    r"|beurlaubt|abgeordnet|(langzeit)?krank|ausgeschieden|ausgetreten|verstorben)"
)
WHEN = r"((z\. ?Zt?\.?|zzt\.?|zur ?zeit|derzeit|in|im|noch|ab|bis|seit)\s+)"
UNIT = r"(Amt|FB|FD|SG|Abt\.?|Abteilung|Dez\.?|Dezernat|Ref\.?|Referat|Team|OE)"
NUMBER = r"[A-Za-z]{0,3}[-.]?\d[\w.\-/]*"  # of somebody, which stands in a column of its own, too
BEFORE_A_NAME = re.compile(r"^[\s†]*([•*→►▪·–-]\s+)?(\d[\d.\-/]{2,}[\s:;–|-]+(?=[^\W\d_]))?")
HAS_LEFT = re.compile(
    r"^\s*†|([(\[,]|\s[–-])\s*(ausgeschieden|ausgetreten|verstorben|†)(\s+(zum|am|seit)\s+[\d.]+)?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
LEAVES = re.compile(
    r"(ausgeschieden|ausgetreten|verstorben|befristet|befr\.?)\s+(zum|am|bis( zum)?)\s+(?P<day>\d[^)\]]*)",
    re.IGNORECASE,
)
NOTED = re.compile(
    rf"(?<!\s)\s*((?<=\s)[(\[]\s*{NUMBER}\s*[)\]]|(?<=[^\W\d_])[\s,;:–|-]+\d[\d.\-/]{{2,}}|\*+|[¹²³]|\(?\b\d{{1,2}}\)"
    rf"|[(\[]\s*({WHEN}*{STATE}\b[^()\[\]]*|[mwd]|{WHEN}+\d[^()\[\]]*|{UNIT}\b[^()\[\]]*)[)\]]"
    rf"|(\s[-–—]\s|,)\s*{WHEN}*{STATE}(?!\w).*)\s*$",
    re.IGNORECASE,
)
NO_NAME = re.compile(rf"{WHEN}*{STATE}", re.IGNORECASE)
HYPHEN = re.compile(r"(?<=[^\W\d_])(\s+-\s*|-\s+)(?=[^\W\d_])")
DIVIDED = re.compile(r"(?<=[^\W\d_])-[^\S\n]*[\r\n]\s*(?=[a-zäöüß])")  # at the end of a line
SHARED = re.compile(r"\s[/&+]\s|;\s|\bund\s+(?=[A-ZÄÖÜ])")
TWO_PEOPLE = "„{}“ sind zwei Personen. Nötig ist eine Zeile je Person, jede mit ihrer Personalnummer."


def only_the_name(text: str) -> str:
    """A name without what is noted beside it, without the name at birth; its hyphen without blanks."""
    return HYPHEN.sub("-", DIVIDED.sub("", NOTED.sub("", BEFORE_A_NAME.sub("", without_birth_name(text)))))


def is_no_name(text: str) -> bool:
    """Whether what stands where a first name would is only noted there; who is called Ez is so in capitals only where all is."""
    return bool(NO_NAME.fullmatch(text.strip()))


def refuse_two_people(name: str, said: str) -> None:
    """Raise Refused if ``name``, of what is ``said`` in a cell, is that of two who share a post."""
    if SHARED.search(name):
        raise Refused(TWO_PEOPLE.format(said[:60]))
