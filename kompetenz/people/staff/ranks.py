"""What somebody is by their service, and not called: "VAng Strauß", "Amtsrat Dr. Keller", "OStR'in Lang". HR is asked about it, for some
are called so.
"""

import re
from collections.abc import Sequence

from kompetenz.people.names import BEFORE_NAMES, BEHIND_NAMES, fold, is_title

BESIDE_IT = "In „{}“ sieht etwas wie eine Amtsbezeichnung aus. Ohne sie bleibt „{}“."
RANK = "Vor oder hinter dem Namen steht eine Amtsbezeichnung."
LIKE_A_RANK = "Vor oder hinter dem Namen steht eine Abkürzung, vielleicht eine Amtsbezeichnung."
IN_ITS_PLACE = "„{}“ sieht wie eine Amtsbezeichnung aus. Dann fehlt der Name."
ALONE = "Statt eines Namens steht dort etwas wie eine Amtsbezeichnung."

OF_WHAT = (
    r"(ober|haupt|stadt|st|kreis|kr|gemeinde|landes|land|bundes|regierungs|reg|ministerial|magistrats|verwaltungs|verw|bau|brand|forst"
    r"|steuer|finanz|techn?|fach"
    r"|justiz|polizei|kriminal|rechts|sozial|schul|studien|medizinal|veterinar|vermessungs|archiv|bibliotheks|museums|gewerbe|umwelt"
    r"|gartenbau|gesundheits|zoll|amts)"
)
IN_WORDS = re.compile(
    rf"{OF_WHAT}*(inspektor|amtmann|amtfrau|sekretar|direktor|assistent|anwarter|referendar|dezernent|beigeordneter?|angestellter?"
    rf"|tarifbeschaftigter?|beschaftigter?|beamter?|beamt)(in)?|({OF_WHAT}+|hof|konrektor|rektor)(rat|ratin|meister(in)?|arzt|arztin)"
    rf"|burgermeister(in)?|{OF_WHAT}*(fach|betriebs)(an)?wirt(in)?|auszubildender?|leitende[rn]?"
)
SHORTENED = re.compile(rf"{OF_WHAT}*(ang|besch|insp|sekr|amtm|dir|anw|azubi)|{OF_WHAT}+rat|ltd")
WITHOUT_A_DOT = frozenset(["azubi", "insp", "sekr", "amtm"])
LETTERS = frozenset(  # of capitals alone, as some are called who write their last name so: only these
    "VA VB VFA VAI VAR VD VDIR VR OVR LVD TA TB TAI TAR AR OAR AI OAI ROI ROAR RAR RHS ROS RS RI RR ORR RD LRD MR KI KOI KAR KOAR KVR KVD"
    " KOVR KR SI SOI SAR SOAR JI JOI ZI ZOI POM PHM PM PK POK PHK EPHK KK KOK KHK EKHK HBM OBM BM BOI BAR BOAR BOR BD LBD BR BRAT OBR FA"
    " FR FOR FD SR OSR STI STOI STA STAR STOAR STHS STOS STVR STR OSTR STD OSTD VANG VFANG TANG RBE TBE VBE RANG".split()
)
MIXED = re.compile(r"(?=\S*[a-zäöü])([A-ZÄÖÜ][a-zäöü]{0,2}){2,6}")  # StOI, VAng, BauOR; DeVito and Annalena are longer
WOMEN = re.compile(r"(?<=\w)[’'´`*:/_(]-?(in|innen)\)?$", re.IGNORECASE)
ON_PROBATION = re.compile(r"(z|a|i|d)\.?[ADKR]\.?|[a-z]\.", re.IGNORECASE)  # StI z.A.
NO_RANK = BEFORE_NAMES | BEHIND_NAMES | set("mc mac ben bin abu ibn abd st le du san santa do das af av op te".split())
ROMAN = re.compile(r"[IVX]+")
TWO = 2


def is_rank(word: str, *, surely: bool = False) -> bool:
    """Whether a word is one, or looks so: ``surely`` if it is known as one."""
    plain = WOMEN.sub("", word.strip("(),;[]")).rstrip(".")
    folded = re.sub(r"[.-]", "", fold(plain))  # Verw.-Ang.
    if folded in NO_RANK or ROMAN.fullmatch(plain) or is_title(word):
        return False
    is_known = bool(
        IN_WORDS.fullmatch(folded) or ("." in word and SHORTENED.fullmatch(folded)) or folded in WITHOUT_A_DOT
    ) or (plain.upper() in LETTERS and sum(map(str.isupper, plain)) >= TWO)
    return is_known or (not surely and bool(MIXED.fullmatch(plain)))


def led_by_ranks(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(ranks and titles that stand first, the other words); none where no rank is among them or nothing remains."""
    place = ranks = 0
    while place < len(words) and (
        is_rank(words[place]) or is_title(words[place]) or (ranks and is_beside(words[place]))
    ):
        ranks += is_rank(words[place])
        place += 1
    return (list(words[:place]), list(words[place:])) if ranks and place < len(words) else ([], list(words))


def is_beside(word: str) -> bool:
    return bool(ON_PROBATION.fullmatch(word))


def has_known_rank(name: str) -> bool:
    return any(is_rank(word, surely=True) for word in name.split())


def without_rank(name: str) -> str:
    """A name without ranks before and behind it; titles stay."""
    before, words = led_by_ranks(name.split())
    titles = [word for word in before if is_title(word)]
    return " ".join([*titles, *words[: len(words) - stands_behind(words)]]).rstrip(",")


def stands_behind(words: Sequence[str]) -> int:
    """How many words behind the first are ranks: of "Weber StI z.A." two."""
    many = 0
    for place in range(len(words) - 1, 0, -1):
        if is_rank(words[place]):
            many = len(words) - place
        elif not is_beside(words[place]):
            break
    return many


def without_ranks(name: str) -> str:
    """The same of a name with a comma: "Weber, StOI Jörg", "Weber, Jörg, StOI"."""
    parts = [without_rank(part) for part in name.split(",")]
    return ", ".join(part for part in parts if part and not is_rank(part))
