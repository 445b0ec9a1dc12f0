"""What a password may not be made of: what everybody knows about its owner."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from .names import fold

FEWEST = 6  # letters besides what everybody knows
SHORTEST = 3  # letters of a word that counts as known
REFUSED = "Das Passwort besteht fast nur aus Ihrem Namen, Ihrer E-Mail-Adresse, der Verwaltung oder dem Namen dieser Anwendung."


class KnownWordsValidator:
    """Refuses own names, the mail address, the administration and this app, with figures and signs or without."""

    def validate(self, password, user=None):
        typed = fold(password)
        known = [word for word in known_words(user) if word in typed]
        for word in known:
            typed = typed.replace(word, "")
        if known and sum(letter.isalpha() for letter in typed) < FEWEST:
            raise ValidationError(REFUSED, code="password_of_known_words")

    def get_help_text(self):
        return "Nehmen Sie nicht Ihren Namen, Ihre E-Mail-Adresse, die Verwaltung oder den Namen dieser Anwendung."


def known_words(user):
    """What everybody knows, in small letters without accents, the longest first."""
    texts = [settings.ORGANISATION, "Kompetenzrad Kompetenz Passwort"]
    texts += [getattr(user, name, None) or "" for name in ("first_name", "last_name", "email")] if user else []
    words = {word for text in texts for word in re.split(r"[\W_]+", fold(text)) if len(word) >= SHORTEST}
    return sorted(words, key=lambda word: (-len(word), word))
