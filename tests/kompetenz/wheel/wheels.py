"""Wheels the tests look at: the catalogue's 25 competencies, and others of any size."""

from kompetenz.wheel import Block, Scale, Sector, Series, Style, Wheel

CATALOGUE = {
    "Digitale Fachkompetenzen": [
        "IT-Anwendungskompetenz",
        "Umgang mit digitalen Medien",
        "Technische Kompetenz",
        "Informationssicherheit und Datenschutz",
        "Datenkompetenz",
        "Digitale Lösungskompetenz",
    ],
    "Methodenkompetenzen": [
        "Ganzheitliche Prozessgestaltung",
        "Projektmanagement",
        "Analysekompetenz",
        "Stakeholdermanagement",
        "Partizipation und Teilhabe",
        "Changemanagement",
    ],
    "Sozialkompetenzen": [
        "Kommunikationsfähigkeit",
        "Teamfähigkeit",
        "(Laterale) Führungskompetenz",
        "Netzwerk- und Beziehungsfähigkeit",
        "Konfliktlöse-/Deeskalationsfähigkeit",
        "Personalentwicklungskompetenz",
        "Kunden- und Serviceorientierung",
    ],
    "Personale Kompetenzen": [
        "Vernetztes Denken und Handeln",
        "Innovationsfähigkeit",
        "Lernfähigkeit",
        "Veränderungskompetenz",
        "Selbstführung",
        "Problemlösungsfähigkeit",
    ],
}
SCALE = Scale(("keine", "Kenner", "Könner", "Experte"))
FIVE_LEVELS = Scale((*SCALE.names, "Vordenkende"))
TARGET = (2, 2, 1, 1, 1, 1, 2, 3, 3, 3, 2, 1, 3, 3, 2, 3, 2, 0, 2, 2, 2, 3, 2, 3, 3)
AGREED = (2, 2, 1, 1, 0, 1, 2, 2, 3, 2, 1, 0, 3, 2, 1, 3, 2, 0, 2, 2, 1, 3, None, 2, 3)
SELF = (3, 2, 1, 2, 1, 1, 2, 2, 3, 2, 2, 0, 3, 3, 2, 2, 2, 0, 2, 2, 2, 3, 1, 3, 3)
MANAGER = (2, 2, 1, 1, 0, None, 1, 2, 2, 2, 1, 1, 3, 2, 1, 3, 1, 0, 2, 1, 1, 2, 2, 2, 3)


def sectors_of(catalogue):
    """Sectors for categories given as ``{name: [labels]}``."""
    categories = [Block(f"c{slot}", name, slot % 4) for slot, name in enumerate(catalogue)]
    labelled = [
        (label, category) for category, labels in zip(categories, catalogue.values(), strict=True) for label in labels
    ]
    return tuple(Sector(n, label, label, category) for n, (label, category) in enumerate(labelled, 1))


def sectors_like(*counts):
    """Sectors for categories of so many sectors each."""
    return sectors_of(
        {f"Kategorie {c}": [f"Kompetenz {c}.{n}" for n in range(count)] for c, count in enumerate(counts)}
    )


SECTORS = sectors_of(CATALOGUE)


def wheel_of(sectors, series, title, scale=SCALE):
    """A wheel with the paper's scale, or another."""
    return Wheel(sectors, scale, series, title)


def comparison(scale=SCALE):
    """All four series over the catalogue."""
    return wheel_of(
        SECTORS,
        (
            Series("Soll", Style.OUTLINE, TARGET),
            Series("Vereinbart", Style.FILL, AGREED),
            Series("Selbst", Style.CIRCLE, SELF),
            Series("Fremd", Style.DIAMOND, MANAGER),
        ),
        "Anna Beispiel",
        scale,
    )
