"""Both names of somebody in one cell."""

from kompetenz.refusals import Refused


def full_name(text: str) -> tuple[str, str]:
    """("Nachname", "Vorname") of one cell that holds both, with a comma between them."""
    last, comma, first = text.partition(",")
    if not (comma and last.strip() and first.strip()):
        raise Refused(f"„{text[:60]}“ ist nicht in Nachname und Vorname zu teilen: Dazwischen gehört ein Komma.")
    return last.strip(), first.strip()


def first_name_first(text: str) -> tuple[str, str]:
    """("Nachname", "Vorname") of a cell such as "Anna von der Aa": the last word, and what stands small before it."""
    *before, last = text.split()
    while len(before) > 1 and before[-1].islower():
        last = f"{before.pop()} {last}"
    if not before:
        raise Refused(f"„{text[:60]}“ ist nicht in Vorname und Nachname zu teilen.")
    return last, " ".join(before)
