"""A publication to take along, group by group, as a workbook or as JSON: what its pages tell."""

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import INTERNAL, Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there

from .models import Publication, PublishedGroup
from .tables import VIEWS, told

WIDTHS = {"Art": 20, "Gruppe": 40, "Personen": 10, "Kategorie": 28, "Nr.": 6, "Kompetenz": 34}
LEVEL_WIDTH = 14


def make_workbook(job, groups):
    publication = Publication.objects.defer("memberships").select_related("round").get(pk=job.options["publication"])
    name = file_name("Auswertung", publication.round.title, timezone.localdate(publication.at), suffix=".xlsx")
    return name, workbook_of(publication, PublishedGroup.objects.of(publication).filter(pk__in=groups))


def page_of_publications(job):
    return reverse("results:publications")


def may_have(job, user):
    return Publication.objects.visible_to(user).filter(pk=job.subject.split()[0]).exists()


WORKBOOK = JobKind(
    "workbook of results",
    make=make_workbook,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_publications,
    size=ALL,
    at_once=40,
    may_have=may_have,
)


def workbook_of(publication, groups) -> bytes:
    """Every group in every competency."""
    catalogue = publication.round.catalogue
    columns = [
        *(Column(title, width) for title, width in WIDTHS.items()),
        *(Column(title, LEVEL_WIDTH) for title in [*VIEWS.values(), *(level.name for level in catalogue.levels)]),
    ]
    rows = [
        [
            group.get_kind_display(), group.name, group.people, category.name, one.number, one.name,
            *(found := told(group, one)).views, *found.levels,
        ]
        for group in groups
        for category in catalogue.categories
        for one in category.competencies
    ]  # fmt: skip
    lines = [f"Auswertung: {publication.round}", stand_of(publication), INTERNAL]
    return workbook(Table("Auswertung", lines, columns, rows), footer=INTERNAL)


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
                        "target": dict(zip(["below", "at", "above"], found.views[:3], strict=True)),
                        "below_target": dict(
                            zip(
                                ["with_measure", "without_measure"],
                                found.views[-2:] if group.tells_measures else [None, None],
                                strict=True,
                            )
                        ),
                        "levels": [
                            {"level": level.value, "name": level.name, "share": share}
                            for level, share in zip(catalogue.levels, found.levels, strict=True)
                        ],
                    }
                    for one in catalogue.competencies
                    for found in [told(group, one)]
                ],
            }
            for group in groups
        ],
    }
