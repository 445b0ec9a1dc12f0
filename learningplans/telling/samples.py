"""The letters about plans as people will read them, for HR to look at before; see samples.py of assessments."""

from assessments.telling.samples import ASKED
from kompetenz import hooks

SIDES = list(ASKED)
OTHERS = [  # what it is, its name in words.py, to whom
    ("Dem Lernplan ist einmal zugestimmt", "to-agree", SIDES),
    ("Eine Buchung hat sich geändert", "booking", SIDES),
    ("Eine Änderung am Lernplan", "change", SIDES),
    ("Die Änderung kam zurück", "change-back", SIDES),
    ("Die Änderung ist beantwortet", "change-answered", SIDES),
    ("Eine Maßnahme ist überfällig", "not-done", ["person"]),
    ("Termine der Review-Gespräche", "dates", SIDES),
    ("Ein Review-Gespräch steht an", "coming", SIDES),
    ("Ein Review-Gespräch ist nicht festgehalten", "not-held", SIDES),
    ("Das Ergebnis eines Review-Gesprächs", "record", SIDES),
    ("Das Ergebnis kam zurück", "record-back", SIDES),
    ("Das Ergebnis ist beantwortet", "record-answered", SIDES),
    ("Das Ergebnis ist zurückgenommen", "record-withdrawn", SIDES),
    ("Das Ergebnis des Abschlussgesprächs", "record-final", SIDES),
    ("Bevor die Frist für die Antwort darauf endet", "not-answered", SIDES),
    ("Das Abschlussgespräch blieb ohne Antwort", "record-silent", SIDES),
]


@hooks.register("letter_samples")
def samples_of_plans():
    return [
        (f"plan-{name}-{whose}", f"Lernplan: {title}, {ASKED[whose]}", f"plan-sample-{name}-{whose}")
        for title, name, sides in OTHERS
        for whose in sides
    ]
