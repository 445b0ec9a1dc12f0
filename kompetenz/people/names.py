"""Names made comparable: sorted and found the German way, whatever the database's collation."""

import unicodedata

SPELLED_OUT = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
SPELLED_OUT[0] = None  # a NUL, which PostgreSQL takes in no text


def fold(text):
    """``text`` in lower case without accents: "Şahin-Žižek" becomes "sahin-zizek".

    Umlauts sort as their vowel, as in German dictionaries (DIN 5007, variant 1).
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(SPELLED_OUT).strip()
