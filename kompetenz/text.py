"""Text as it comes in: what anybody types, pastes or sends in a list is made plain once, here, before it is looked at.

``tidy`` is for every text, ``line`` for what stands in one line, ``number`` and ``address`` for what must be written in one way
only. Cleaning is silent where nobody could have meant the difference; ``objection_to_…`` says in a sentence what
is not for the machine to guess. No Django in here.
"""

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
BULLET = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•"})  # what Word writes in a font of its own
# Neither XML nor PostgreSQL nor a reader has a use for these: controls, halves of letters, letters of nobody's or of one font's.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
JOINERS = "\u200c\u200d"  # between letters of some scripts and the parts of a picture
SHAPES = "\ufe00-\ufe0f"  # a heart in colour or not
# Unicode's Default_Ignorable_Code_Point, the marks of direction among them, without the two above.
DIRECTIONS_AND_THE_LIKE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What else belongs to the format of a text: signs around numbers in Arabic, Syriac and Kaithi, joints of hieroglyphs.
OTHER_FORMATS = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f"
HIDDEN = re.compile(f"[{DIRECTIONS_AND_THE_LIKE}{OTHER_FORMATS}]")
INVISIBLE = re.compile(f"[{DIRECTIONS_AND_THE_LIKE}{OTHER_FORMATS}{JOINERS}{SHAPES}\u2800]")
BLANKS = re.compile(r"[\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

# More marks than any language puts on a letter are written over the lines around it.
MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
HEAPED_MARKS = re.compile(f"({MARK}{{2}}){MARK}+")
# NFC compares the marks on a letter each with each: a form full of them would hold up everybody for minutes. More than thirty in a row
# Unicode's stream-safe format does not have either (UAX 15); whatever begins with a mark when it is taken apart is one.
MOST_MARKS = 30
MARKS = "".join(
    letter
    for letter in map(chr, range(0x300, 0x1F000))
    if unicodedata.combining(unicodedata.normalize("NFD", letter)[0])
)
ENDLESS_MARKS = re.compile(f"([{MARKS}]{{{MOST_MARKS}}})[{MARKS}]+")
# Latin letters with their marks and the signs between them, as names are registered in Germany and our fonts print them (DIN 91379): of
# phonetic letters those of languages alone, no strokes through letters, no signs that look like them.
NOT_FOR_NAMES = re.compile(
    "[^\0-\u017e\u0180-\u01bf\u01c4-\u024f\u0259\u0292\u02b9-\u02bf\u02c6-\u02cc\u0300-\u0333\u0339-\u036f"
    "\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf]"
)

# What the fonts of our papers print (docs/adr/0041-paper.md): letters of Europe and its neighbours, signs, pictures. Written in anything
# else, a paper shows boxes.
PRINTED = (
    "\t\n -\u06ff\u0e3f\u0e80-\u0eff\u10a0-\u10ff\u1d00-\u2bff\u2c60-\u2c7f\u2d00-\u2d7f\u3030\u303d\u3297\u3299"
    "\ua640-\ua69f\ua700-\ua7ff\ufb00-\ufb4f\ufb50-\ufbff\ufe00-\ufe0f\ufe20-\ufe2f\ufe70-\ufeff\ufff9-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U000e0fff"
)
NOT_ON_PAPER = re.compile(f"[^{PRINTED}]")

NO_LETTER = "Bitte geben Sie einen Namen mit mindestens einem Buchstaben ein."
NOT_PRINTED = (
    "Diese Zeichen lassen sich auf den Papieren nicht drucken: {}. Bitte geben Sie den Namen in lateinischer Schrift ein, so wie "
    "er im Ausweis steht."
)
UNPRINTED = (
    "Diese Zeichen lassen sich auf den Papieren nicht drucken: {}. Bitte schreiben Sie das in lateinischer Schrift."
)
NOT_A_NUMBER = "Bitte nur Ziffern, Buchstaben des deutschen Alphabets und Zeichen wie . - / verwenden."
NOT_AN_ADDRESS = (
    "Diese Adresse enthält Zeichen, die es in E-Mail-Adressen nicht gibt oder die anderen nur ähnlich sehen: {}. "
    "Bitte tippen Sie die Adresse neu."
)
NO_LINKS = "Ein Name enthält keine Internetadresse: Er steht in E-Mails, und dort würde ein Link daraus."
LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
NOT_IN_ADDRESSES = '"[](),;:<>'  # what some mail servers take, and what makes one address look like another
MOST_WORDS = 10
TYPED_AS_TEXT = "'\u2019\u2018\u00b4`"  # what makes Excel take a number for a text
READ_AS_FIGURES = str.maketrans("OIL", "011")
WITH_DECIMALS = re.compile(r"\+?([0-9]+)(?:[.,]0+)?")
OF_NUMBERS = re.compile(r"[ -?A-~ÄÖÜäöüß]*")  # without @, or a number could be somebody's address


def quoted(text: str) -> str:
    """``text`` in German quotation marks; those inside it become single ones."""
    inner = str(text).replace("„", "‚").replace("“", "‘")
    return f"„{inner}“"


def is_plain(text: str) -> bool:
    """Whether there is nothing to be made plain: most texts, and a staff list has a hundred thousand."""
    return text.isascii() and text.isprintable()


def tidy(text: str) -> str:
    """``text`` as it is stored: NFC, lines that end in one way, nothing in it that cannot be printed or read, two marks
    on a letter at most.

    Empty where nothing of it could be seen.
    """
    if is_plain(text):
        return text
    text = LINE_ENDS.sub("\n", text).translate(BULLET)
    text = _composed(HIDDEN.sub("", UNPRINTABLE.sub("", text)))
    return text if text.isascii() or INVISIBLE.sub("", text).strip() else ""


def line(text: str) -> str:
    """``text`` in one line, without anything invisible, its blanks plain ones."""
    if is_plain(text) and "  " not in text:
        return text
    # Without what is invisible, letters may meet that are one.
    return _composed(BLANKS.sub(" ", INVISIBLE.sub("", tidy(text))))


def _composed(text: str) -> str:
    """NFC with two marks on a letter at most: again, as long as one that is left out lets others meet."""
    composed = unicodedata.normalize("NFC", HEAPED_MARKS.sub(r"\1", in_one_way(text)))
    return composed if composed == text else _composed(composed)


def in_one_way(text: str) -> str:
    """NFC: a letter with its marks is always written alike; of endless marks the first stay."""
    return unicodedata.normalize("NFC", ENDLESS_MARKS.sub(r"\1", text))


def number(text: str) -> str:
    """A number that is a name, such as a personnel number: in one line, its digits those of ASCII, zeros and all."""
    text = line(text).strip().lstrip(TYPED_AS_TEXT)
    if not text.isascii():
        text = line("".join(_digit(letter) for letter in unicodedata.normalize("NFKC", text)))
    return text.strip()


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def address(text: str) -> str:
    """An e-mail address as it is compared: in one line and in small letters."""
    text = line(text).strip()
    return text.lower() if text.isascii() else text  # in small letters, some others turn into those they resemble


def likeness(text: str) -> str:
    """What two numbers have in common that somebody, or Excel, has written in two ways."""
    return number(text).upper().replace(" ", "").lstrip("0")


def likeness_of_person(text: str) -> str:
    """The same for numbers of people, where O may be read as 0, I and L as 1, if all else are figures."""
    alike = likeness(text)
    figures = WITH_DECIMALS.fullmatch(alike.translate(READ_AS_FIGURES))
    return figures[1].lstrip("0") if figures else alike


def objection_to_name(text: str) -> str:
    """Why ``text`` names nobody and nothing, or cannot be printed; empty if it does and can."""
    if not any(letter.isalpha() for letter in text):
        return NO_LETTER
    if LINK.search(text):
        return NO_LINKS
    strange = sorted(set(NOT_FOR_NAMES.findall(text)))
    return NOT_PRINTED.format(" ".join(strange[:5])) if strange else ""


def objection_to_text(text: str) -> str:
    """Why ``text`` cannot be printed; empty if it can."""
    strange = [] if text.isascii() else list(dict.fromkeys(NOT_ON_PAPER.findall(text)))
    return UNPRINTED.format(" ".join(strange[:5])) if strange else ""


def objection_to_number(text: str) -> str:
    """Why ``text``, cleaned, is no number of ours; empty if it is."""
    return "" if OF_NUMBERS.fullmatch(text) else NOT_A_NUMBER


def objection_to_address(text: str) -> str:
    """Why ``text``, cleaned, cannot be an address; whether it is well-formed is for others. Empty if it may be."""
    strange = sorted({letter for letter in text if not letter.isascii() or letter in NOT_IN_ADDRESSES})
    return NOT_AN_ADDRESS.format(", ".join(strange)) if strange else ""


def words(typed: str) -> list[str]:
    """The words to look for, each once and the first ten: nobody looks for more, and each costs a condition."""
    return list(dict.fromkeys(typed.split()))[:MOST_WORDS]
