"""What the built-in levels are called in this installation: as in the paper (4.3.1), or by words that name nobody.

A round keeps the names that held when it was opened, for they are part of its edition.
"""

from dataclasses import dataclass

from django.db import transaction

from .models import Level


@dataclass(frozen=True)
class Wording:
    """A set of names: for each level above "keine" its name and what it means, in the order of the scale."""

    label: str
    words: tuple[tuple[str, str], ...]


WORDINGS = {
    "personen": Wording(
        "Kenner, Könner, Experte (wie im Konzept)",
        (
            ("Kenner", "hat vor allem theoretisches Wissen und kann es bei Bedarf in der Praxis anwenden."),
            ("Könner", "hat durch wiederholtes Anwenden eigene Erfahrung und kommt damit auch bei Neuem zurecht."),
            (
                "Experte",
                (
                    "sieht dank Wissen und Erfahrung Schwierigkeiten kommen, plant voraus, bewältigt neue Vorhaben "
                    "selbstständig und gibt das Können weiter."
                ),
            ),
        ),
    ),
    "neutral": Wording(
        "Kennen, Können, Expertise (neutral)",
        (
            ("Kennen", "vor allem theoretisches Wissen, das sich bei Bedarf in der Praxis anwenden lässt."),
            ("Können", "eigene Erfahrung durch wiederholtes Anwenden, die auch bei Neuem hilft."),
            (
                "Expertise",
                "mit Wissen und Erfahrung Schwierigkeiten vorhersehen, neue Vorhaben selbstständig bewältigen und Können weitergeben.",
            ),
        ),
    ),
}
BUILT_IN = [Level.KENNER, Level.KOENNER, Level.EXPERTE]


def chosen():
    """The key of the set that holds, or None where somebody has made names of their own; one query."""
    names = tuple(Level.objects.filter(value__in=BUILT_IN).order_by("value").values_list("name", flat=True))
    return next((key for key, one in WORDINGS.items() if tuple(name for name, _ in one.words) == names), None)


@transaction.atomic
def choose(key):
    """Name the built-in levels as the set ``key`` says; returns whether that changed anything. Further levels stay as they are."""
    if chosen() == key:
        return False
    for value, (name, definition) in zip(BUILT_IN, WORDINGS[key].words, strict=True):
        Level.objects.filter(value=value).update(name=name, definition=definition)
    return True
