"""In which encoding a text is that does not say so itself: guessed by how plausible its letters are in German names."""

import re
from dataclasses import dataclass, field

from kompetenz.refusals import Refused

from .cells import NOT_A_LIST

BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")  # Excel's "Unicode-Text"
BYTE_ORDER_OF_FOUR = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
# One byte a letter, so that a text that was read as one of them can be read as another; the likeliest first.
CHARSETS = {
    "cp1252": "Windows, westeuropäisch (ANSI)",
    "cp850": "DOS (OEM)",
    "mac_roman": "Mac",
    "cp1254": "Windows, türkisch",
    "cp1250": "Windows, mitteleuropäisch",
    "iso8859_15": "ISO 8859-15",
}
# Of mainframes, in which even A to Z are other bytes.
OF_HOSTS = {
    "cp273": "Großrechner, deutsch (EBCDIC 273)",
    "cp500": "Großrechner, international (EBCDIC 500)",
    "cp037": "Großrechner, amerikanisch (EBCDIC 037)",
}
NAMES_OF_CHARSETS = CHARSETS | OF_HOSTS
UNKNOWN_ENCODING = (
    "Die Zeichen der Datei sind nicht lesbar. Bitte speichern Sie die Liste in Excel als „CSV UTF-8“ oder als "
    "„Excel-Arbeitsmappe (*.xlsx)“."
)

OF_RECORDS = (
    "Die Datei kommt von einem Großrechner und hat keine Zeilen, nur Sätze fester Länge. Bitte lassen Sie sich die Liste als CSV "
    "ausgeben, mit einer Kopfzeile und einer Zeile je Person."
)

FOREIGN = re.compile(rb"[A-Za-z'\-]*[\x80-\xff][A-Za-z\x80-\xff'\-]*")
LOOKED_AT = 5_000  # words
GERMAN = "äöüÄÖÜß"
OF_NAMES = "éèêëáàâãåæçíìîïñóòôøúùûćčďđęěğıłńňőřśşšťůűźżžąİÉÈÁÀÂÅÆÇØÓÚŁŞŠŽĆČĐŚŹŻĞŐŘ"
BESIDE_WORDS = "§–€„“”’…´`°«»\xa0"
ZEROS = 0.3  # of the bytes of a text with two bytes a letter, at least
# What A to Z, 0 to 9 and a blank are on a mainframe, and what ends its lines.
OF_HOSTS_TEXTS = bytes(byte for first in (0x81, 0x91, 0xC1, 0xD1) for byte in range(first, first + 9))
OF_HOSTS_TEXTS += bytes([*range(0xA2, 0xAA), *range(0xE2, 0xEA), *range(0xF0, 0xFA), 0x40])
HOSTS_LINE_ENDS = (b"\x25", b"\x15")
OF_A_HOST = 0.7  # of the bytes, at least
IN_PLACE_OF_UMLAUTS = "{}[]\\~¦§!^¢"
WORDS = re.compile(r"[^\s;,|]+")


@dataclass(frozen=True)
class Decoded:
    """A text, in which encoding it is ("" where that is certain), in which others it could be, and whether HR has to look."""

    text: str
    charset: str = ""
    possible: list[str] = field(default_factory=list)
    in_doubt: bool = False


def decoded(content: bytes) -> Decoded:
    """The text of these bytes; raises Refused if they are none."""
    if content.startswith(BYTE_ORDER_OF_FOUR):
        return Decoded(decoded_as(content, "utf-32"))
    if content.startswith(BYTE_ORDER):
        return Decoded(decoded_as(content, "utf-16"))
    if is_of_a_host(content):
        if not any(end in content for end in HOSTS_LINE_ENDS):
            raise Refused(OF_RECORDS)
        return guessed_of_hosts(content)
    if b"\0" in content:
        return Decoded(decoded_as(content, two_bytes(content), NOT_A_LIST))
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return put_together(content) or guessed(content)


def put_together(content: bytes) -> Decoded | None:
    """A text of which some lines are UTF-8 and the others are not, as lists of two programs appended to each other are."""
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    others = [line for line in lines if not line.isascii() and not is_utf_8(line)]
    if not any(is_utf_8(line) for line in lines if not line.isascii()):
        return None
    of_others = guessed(b"\n".join(others))
    if of_others.in_doubt:
        return None
    return Decoded("\n".join(line.decode("utf-8" if is_utf_8(line) else of_others.charset) for line in lines))


def is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def two_bytes(content: bytes) -> str:
    """Which half of the letters is nothing, in UTF-16 without its mark; raises Refused for what is no text at all."""
    begin = content[:4000]
    low, high = begin[::2], begin[1::2]
    for encoding, letters, zeros in (("utf-16-le", low, high), ("utf-16-be", high, low)):
        if zeros.count(0) > ZEROS * len(begin) and 0 not in letters:
            return encoding
    raise Refused(NOT_A_LIST)


def decoded_as(content: bytes, encoding: str, otherwise: str = UNKNOWN_ENCODING) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refused(otherwise) from problem


def guessed(content: bytes) -> Decoded:
    words = sorted(set(FOREIGN.findall(content)))[:LOOKED_AT]
    points = {}
    for charset in CHARSETS:
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        points[charset] = sum(plausibility(word.decode(charset)) for word in words)
    if not points:
        raise Refused(UNKNOWN_ENCODING)
    best = max(points, key=lambda charset: points[charset])
    others = [points[one] for one in points if any(word.decode(one) != word.decode(best) for word in words)]
    letters = {letter for word in words for letter in word.decode(best) if not letter.isascii()}
    in_doubt = (
        points[best] <= 0
        or max(others, default=0) > points[best] / 2
        or (best != "cp1252" and len(letters & set(GERMAN)) < 2)  # noqa: PLR2004 - one letter alone may be chance
    )
    return Decoded(content.decode(best), best, list(points), in_doubt)


def is_of_a_host(content: bytes) -> bool:
    """Whether it is EBCDIC: most bytes are what A to Z and 0 to 9 are there."""
    begin = content[:LOOKED_AT]
    return b"\n" not in begin and len(begin.translate(None, OF_HOSTS_TEXTS)) < (1 - OF_A_HOST) * len(begin)


def guessed_of_hosts(content: bytes) -> Decoded:
    """Among the kinds of EBCDIC by what stands between letters: umlauts, or signs in their place."""
    texts = {charset: content.decode(charset).replace("\x85", "\n") for charset in OF_HOSTS}
    points = {charset: sum(map(plausibility_of_host, set(WORDS.findall(text)))) for charset, text in texts.items()}
    best = max(points, key=lambda charset: points[charset])
    in_doubt = any(points[one] >= points[best] for one, text in texts.items() if text != texts[best])
    return Decoded(texts[best], best, list(texts), in_doubt)


def plausibility_of_host(word: str) -> float:
    return plausibility(word) - 3 * sum(map(word.count, IN_PLACE_OF_UMLAUTS))


def plausibility(word: str) -> float:
    """How much this word looks like a German text, or a name in it: the more the better, below zero is none."""
    return sum(of_letter(word, place) for place, letter in enumerate(word) if not letter.isascii())


def of_letter(word: str, place: int) -> float:
    letter, before, after = word[place], word[:place][-1:], word[place + 1 :][:1]
    if letter in BESIDE_WORDS:
        return 0.5 if letter == "’" else -3 if before.isalpha() else -0.5
    if letter not in GERMAN + OF_NAMES:
        return -1 if letter.isalpha() else -3
    in_a_word_that_is_small = before.islower() or (before.isupper() and after.islower())
    if letter.isupper() and in_a_word_that_is_small:
        return -3
    if letter == "ß" and (not before.isalpha() or after == "s"):
        return -3
    return 3 if letter in GERMAN else 1


def read_again(text: str, charset: str, other: str) -> str:
    """A text that was read as ``charset``, read as another."""
    is_the_same = text.isascii() and not {charset, other} & OF_HOSTS.keys()
    return text if is_the_same or charset == other else text.encode(charset).decode(other, "replace")
