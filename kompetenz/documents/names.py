"""What files are called that are handed out: the document, the person if it is about one, the round or else the day.

"Kompetenzvergleich", "Ärmel, Anna" and "Runde 2026" give "Kompetenzvergleich-Aermel-Anna-Runde-2026.pdf".
"""

import re
import unicodedata

LONGEST_PART = 45  # characters; three of them and the folders around them fit into Windows' 260
SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
    | {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"}
)


def plain(text: str) -> str:
    """A part of a file's name that every system takes; empty if no letter of ``text`` can be spelled so."""
    spelled_out = unicodedata.normalize("NFC", text).translate(SPELLED_OUT)
    ascii_only = unicodedata.normalize("NFKD", spelled_out).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", ascii_only))[:LONGEST_PART].rstrip("-")


def file_name(document: str, *about: object, suffix: str = ".pdf") -> str:
    """``about`` is whom and what the document is about, in this order: a person as lists name them, a round or a day."""
    return "-".join(filter(None, (plain(str(part)) for part in (document, *about)))) + suffix
