"""Names made comparable: sorted and found the German way, whatever the database's collation."""

import re
import unicodedata
from typing import Any

SPELLED_OUT = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"ð": "d", "ħ": "h", "ŋ": "n", "ŧ": "t", "ǥ": "g", "ʒ": "z", "ə": "e"}
    | {"\0": None}  # which PostgreSQL takes in no text
)

SOMEBODY_ELSE = (
    "Name und Adresse sind andere als bisher. Ist jemand anderes gemeint, legen Sie bitte eine neue Person an: Hier steht alles, "
    "was über {} gespeichert ist. Ist es dieselbe Person, ändern Sie bitte zuerst den Namen, dann die Adresse."
)


APOSTROPHES = str.maketrans(dict.fromkeys("'\u2019\u2018\u201b\u02bc\u02b9\u02bb\u2032`\u00b4\uff07", ""))
TWO_LETTERS = re.compile("([aou])e")  # an umlaut, written without dots

# Titles and their parts, as they stand before or behind a name: "Dr.-Ing.", "Prof. Dr. h.c.", "(Dr.)".
TITLES = frozenset(["dr", "prof", "dres", "dipl", "pd", "priv", "doz", "univ", "fh"])
LIKE_A_TITLE = re.compile(rf"\b({'|'.join(sorted(TITLES))})\b", re.IGNORECASE)
OF_TITLES = TITLES | set(
    "ass habil med phil jur iur rer nat pol oec publ soc vet dent"
    " theol paed ing inf psych kfm kffr verw wirt soz pad biol hc mag geogr".split()
)
DEGREE = re.compile(
    r"(?<=[\w.)])(\s*[,;]\s*|\s+|\s*(?=[(\[]))[(\[]?\s*("
    r"((B|M|LL)\.\s?(A|Sc|Ed|Eng|B|M|P\.\s?A|Comp|Mus)|Ph\.\s?D)\b\.?|(?-i:MBA|MPA|MSc|BSc|PhD|LLM|LLB|BEng|MEng)\b"
    r"|(?<=[(\[])(?-i:BA|MA)\b|(Bachelor|Master) of \w+(\s+\(\w+\))?"
    r"|(Dipl(om)?[.-]{1,2}\w*\.?|Mag\.)([\s-]?\s?\w+\.)*(\s*\((FH|BA|DH|TU|TH|HS|Univ?\.?|VWA|FHöV)\))?"
    r")\s*[)\]]?\s*$",
    re.IGNORECASE,
)
ADDRESSED = frozenset(["frau", "herr", "herrn", "fr", "hr"])
RANKS = frozenset(["freiherr", "freifrau", "graf", "grafin"])
BEFORE_NAMES = RANKS | frozenset("von vom van der den dem zu zum zur und".split())

BIRTH_NAME = re.compile(
    r"[\s,]*([(\[]\s*geb(orene[rn]?)?\b[^)\]]*[)\]]|\b(geb\.\s*|geborene[rn]?\s+)[^\s,(][^,(]*)", re.IGNORECASE
)

BEHIND_NAMES = BEFORE_NAMES - {"und"} | {"de", "del", "da", "di", "dos", "la", "el", "al", "ten", "ter"}

LONGEST_KEY = 170  # what the columns hold: two names and what is between them


def listed_as(first_name: str, last_name: str) -> str:
    """The name as lists show it."""
    return f"{last_name}, {first_name}"


def number_and_unit(number: str | None, unit: Any) -> str:
    """What stands beside a name, so that namesakes are told apart."""
    return " · ".join(str(one) for one in (number, unit) if one)


def with_number(name: str, number: str | None) -> str:
    """The same in one line, in a cell of a list: "Berg, Bo (0815)"."""
    return f"{name} ({number})" if number else name


def sort_key(listed: str) -> str:
    """By what somebody ``listed`` as "Nachname, Vorname" is sorted and found, as it is stored.

    Words with "ae", "oe" or "ue" follow once more as one letter each: whoever looks for Müller also means Mueller.
    Folding may lengthen a name, "ß" to "ss" and one sign of Arabic to eighteen letters.
    """
    key = fold(listed.translate(APOSTROPHES))
    shorter = [one_letter(word) for word in re.split(r"[\s,]+", key) if one_letter(word) != word]
    return "  ".join(filter(None, [key, " ".join(shorter)]))[:LONGEST_KEY]


def in_key(word: str) -> str:
    """What stands in the stored keys of all who are meant by a typed ``word``, with or without apostrophe, umlaut and accents."""
    return one_letter(fold(word.translate(APOSTROPHES)))


def one_letter(word: str) -> str:
    """For "mueller" "muller", which is what fold makes of "Müller"."""
    return TWO_LETTERS.sub(r"\1", word)


def fold(text: str) -> str:
    """``text`` in lower case without accents: "Şahin-Žižek" becomes "sahin-zizek".

    Umlauts sort as their vowel, as in German dictionaries (DIN 5007, variant 1).
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(SPELLED_OUT).strip()


def is_title(word: str) -> bool:
    """Whether a word of a name is a title or a part of one: "Dr.", "Prof.", "Dipl.-Ing.", and of others only with its dot."""
    folded = fold(word).strip("(),")
    parts = [part for part in re.split(r"[.\-/]+", folded.replace("h.c.", "hc")) if part]
    return bool(parts) and (
        set(parts) <= TITLES or ("." in folded and (set(parts) <= OF_TITLES or parts[0] == "dipl"))  # Dipl.-Verww.
    )


def may_have_title(name: str) -> bool:
    """Whether it is worth the while to look at each word of a name: thousands of them have none."""
    return "." in name or bool(LIKE_A_TITLE.search(name))


def without_degrees(text: str) -> str:
    """A name without what somebody has studied, as it stands behind: "M.A.", "LL. M.", "MPA", "(B.A.)", "Dipl.-Verw. (FH)"."""
    before = ""
    while text != before:
        before, text = text, DEGREE.sub("", text)
    return text


def is_before_a_name(word: str) -> bool:
    """Whether a word belongs to the last name though it stands behind the first: "Aa, Anna von der"."""
    folded = fold(word)
    return folded in RANKS or (word.islower() and folded in BEHIND_NAMES)


def without_birth_name(text: str) -> str:
    """The name that somebody has, without the one they had: "Meier (geb. Kunz)" is Meier."""
    return BIRTH_NAME.sub("", text) if "geb" in text.casefold() else text


def is_form_of_address(word: str) -> bool:
    """Whether somebody is addressed by it, and not called so."""
    return all(one.strip(".,") in ADDRESSED for one in fold(word).split("/"))


def is_somebody_else(person: Any, *, first_name: str | None, last_name: str | None, email: str | None) -> bool:
    """Whether nothing is left by which one would know ``person``: neither a word of the name nor the address."""
    same_name = words(person.first_name, person.last_name) & words(first_name, last_name)
    return not same_name and not (email and email == person.email)


def has_both_names(person: Any, first_name: str | None, last_name: str | None) -> bool:
    """Whether a word of the first name and one of the last are those of ``person``."""
    return bool(words(person.first_name) & words(first_name) and words(person.last_name) & words(last_name))


def words(*names: str | None) -> set[str]:
    """The words by which one is told from others: two people are not the same for both being a Dr. or a von.

    Müller and Mueller are one word.
    """
    found = set(re.split(r"[\W_]+", fold(" ".join(filter(None, names))))) - {""}
    return set(map(one_letter, found - OF_TITLES - ADDRESSED - BEFORE_NAMES or found))
