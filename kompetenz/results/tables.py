"""A publication as tables: one reading of the published cells for pages, workbook and JSON."""

from dataclasses import dataclass

from django.utils import timezone

from assessments.models import NOT_A_BEURTEILUNG
from kompetenz.documents import Column, Table
from kompetenz.documents import workbook as workbook_of

from .suppression import FINE, Shares, together

RELATIONS = {"unter": "unter Soll", "auf": "auf Soll", "ueber": "über Soll"}  # as an address names them, in their order
SHADES = 5  # of lightness, each for a fifth
CONFIDENTIAL = f"Nur für den Dienstgebrauch – {NOT_A_BEURTEILUNG}"
WIDTHS = {"Art": 20, "Gruppe": 40, "Personen": 10, "Kategorie": 28, "Nr.": 6, "Kompetenz": 34}
LEVEL_WIDTH = 14


@dataclass(frozen=True)
class Told:
    """What is told of one group in one competency, or in the ``competencies`` of a category together."""

    group: object
    cell: Shares

    @property
    def relations(self):
        return self.group.words(self.cell.relations)

    @property
    def levels(self):
        return self.group.words(self.cell.levels)

    def shade(self, relation):
        """How dark a share is drawn: 0 to 4, by fifths."""
        return shade(self.cell.relations[relation], self.group.steps)

    @property
    def bar(self):
        """The levels as parts of a bar 100 wide: (level, where it begins, how wide it is), without those of (nearly) nobody."""
        parts, begin = [], 0
        for level, share in enumerate(self.cell.levels):
            width = 100 * share / self.group.steps
            if share:
                parts.append((level, f"{begin:.3f}", f"{width:.3f}"))
            begin += width
        return parts


def shade(share, steps):
    return min(SHADES - 1, round(FINE * share / steps) // 2)


def told(group, *competencies):
    """What is told of a group in one competency, or in several together."""
    return Told(group, together([group.shares_in(one.id) for one in competencies]))


def change_since(then, now, relation, competencies):
    """Whether a share was told larger or smaller of the same group before (None if it had no numbers): "mehr", "weniger" or "".

    Only shares in the same steps are compared, and both were published: nothing is told that was not told already.
    """
    if then is None or then.steps != now.steps or not all(then.knows(one.id) for one in competencies):
        return ""
    before, after = (told(group, *competencies).cell.relations[relation] for group in (then, now))
    return "mehr" if after > before else "weniger" if after < before else ""


def heat_map(catalogue, groups, relation, earlier):
    """(category, its cells, [(competency, its cells)]), a cell as (share, how dark, change) of one relation for each group.

    ``earlier`` are groups of another publication, by what they are groups of.
    """

    def drawn(*competencies):
        return [
            (
                one.relations[relation],
                one.shade(relation),
                change_since(earlier.get(group.of), group, relation, competencies),
            )
            for group in groups
            for one in [told(group, *competencies)]
        ]

    return [
        (category, drawn(*category.competencies), [(one, drawn(one)) for one in category.competencies])
        for category in catalogue.categories
    ]


def workbook(publication, groups) -> bytes:
    """Every group in every competency."""
    catalogue = publication.round.catalogue
    columns = [
        *(Column(title, width) for title, width in WIDTHS.items()),
        *(Column(title, LEVEL_WIDTH) for title in [*RELATIONS.values(), *(level.name for level in catalogue.levels)]),
    ]
    rows = [
        [
            group.get_kind_display(), group.name, group.people, category.name, one.number, one.name,
            *(found := told(group, one)).relations, *found.levels,
        ]
        for group in groups
        for category in catalogue.categories
        for one in category.competencies
    ]  # fmt: skip
    lines = [f"Auswertung: {publication.round}", stand_of(publication), CONFIDENTIAL]
    return workbook_of(Table("Auswertung", lines, columns, rows), footer=CONFIDENTIAL)


def stand_of(publication):
    return (
        f"Festgestellt am {timezone.localtime(publication.at):%d.%m.%Y}: {publication.people} vereinbarte Gespräche von "
        f"{publication.taking_part} Teilnahmen. Gruppen ab {publication.k} Personen."
    )


def as_json(publication, groups):
    """The same values for other systems; shares in words, as people read them."""
    catalogue = publication.round.catalogue
    return {
        "round": publication.round.title,
        "published_at": publication.at,
        "is_final": publication.is_final,
        "people": publication.people,
        "taking_part": publication.taking_part,
        "minimum": publication.k,
        "groups": [
            {
                "kind": group.kind,
                "name": group.name,
                "people": group.people,
                "competencies": [
                    {
                        "key": one.key,
                        "name": one.name,
                        "target": dict(zip(["below", "at", "above"], found.relations, strict=True)),
                        "levels": dict(zip([level.name for level in catalogue.levels], found.levels, strict=True)),
                    }
                    for one in catalogue.competencies
                    for found in [told(group, one)]
                ],
            }
            for group in groups
        ],
    }
