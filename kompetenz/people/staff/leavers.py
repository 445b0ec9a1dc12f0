"""Who has left by what a list says beside them, without the day: "ausgeschieden" in a column "Status", a cross below "ausgeschieden"."""

import re
from collections.abc import Callable, Sequence

from kompetenz.people.names import fold

HEADED = re.compile(
    r"status\b|^stand$|ausgeschied|ausgetret|^(in)?aktiv\w*\b|^(noch )?beschaftigt\b|^austritt\b|^abgang\b|^kennzeichen\b"
    r"|^(mitarbeite\w*|person\w*|beschaftigt\w*)[ /]*(in )?aktiv"
)
OF_SOMETHING_ELSE = re.compile(
    r"konto|account|login|\bad\b|versand|antrag|zeit|\bpc\b|lizenz|mail|projekt|zugang|stelle|gerat"
)
SAYS_SO = re.compile(
    r"ausgeschied|ausgetret|inaktiv|austritt|abgang|geloscht"
)  # of a column with yes and no: yes has left
IS_HERE = re.compile(r"aktiv|beschaftigt")  # no has left; yes and no below "Status" may be about anything
HAS_LEFT = re.compile(
    r"†|\b(ausgeschieden\w*|ausgetreten\w*|ausgesch|ausgetr|austritt|abgang|ehemalig\w*|verstorben|tod|rente|rentner\w*|(vor)?ruhestand"
    r"|pension\w*|entlassen|beendet|geloscht|terminated|left|retired|former|deceased)\b"
)
NOT_SO = re.compile(r"\bnicht\b|\bkein\w*\b|\bvor\b|\bab\b|\bgeplant\b|\bkunftig\w*\b")
STAYS = re.compile(
    r"\b(aktiv\w*|active|beschaftigt\w*|im dienst|anwesend|ruh(t|end)\w*|elternzeit|mutterschutz|beurlaubt\w*|sonderurlaub|atz|passiv\w*"
    r"|krank|gekundigt|abgeordnet|freigestellt|teilzeit|vollzeit|neu|ok|employed|on leave)\b"
)
ON_LEAVE = re.compile(r"\b(inaktiv\w*|inactive)\b")  # in some systems; in others it is whoever has left
FIGURES = re.compile(r"\d{2}")
YES, NO = {"ja", "j", "x", "1", "yes", "y", "wahr", "true"}, {"nein", "n", "0", "-", "no", "falsch", "false"}
MOST = 0.8  # of the cells that mean something here


def says_who_left(heading: str, texts: Sequence[str]) -> bool:
    """Whether a column with this heading, folded, says who is here and who has left."""
    if not texts or not HEADED.search(heading) or OF_SOMETHING_ELSE.search(heading):
        return False
    has_left, (_, here) = who_has_left(heading, texts), yes_and_no(heading)
    said = [fold(text) for text in texts]
    meant = sum(1 for text in said if has_left(text) or STAYS.search(text) or ON_LEAVE.search(text) or text in here)
    return meant >= MOST * len(said)


def yes_and_no(heading: str) -> tuple[set[str], set[str]]:
    """Which of the two says below this heading that somebody has left, and which that they are here."""
    if SAYS_SO.search(heading):
        return YES, NO
    return (NO, YES) if IS_HERE.search(heading) else (set(), set())


def who_has_left(heading: str, texts: Sequence[str]) -> Callable[[str], bool]:
    """What tells of a text of this column whether somebody has left; "inaktiv" says so where no other text does."""
    (gone, _), on_leave_too = yes_and_no(heading), not any(map(is_said_to_have_left, set(texts)))

    def has_left(text: str) -> bool:
        text = fold(text)
        is_on_leave = on_leave_too and ON_LEAVE.search(text)
        return text in gone or bool(is_on_leave) or is_said_to_have_left(text)

    return has_left


def is_said_to_have_left(text: str) -> bool:
    """Whether a word for that stands there and no day: who has given notice, or retires some day, is here until then."""
    text = fold(text)
    return bool(HAS_LEFT.search(text)) and not (NOT_SO.search(text) or FIGURES.search(text))
