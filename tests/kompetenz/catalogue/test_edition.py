"""Editions of the catalogue: the same words are the same edition, read once, never changed."""

import pytest
from django.urls import reverse

from kompetenz.catalogue import models
from kompetenz.catalogue.frozen import Catalogue
from kompetenz.catalogue.models import Category, Competency, Edition, LevelAnchor, catalogue_of
from kompetenz.people.models import Person
from kompetenz.wheel import Role


@pytest.fixture
def edition(cast):
    return Edition.objects.current()


def test_the_same_words_are_the_same_edition(edition):
    assert Edition.objects.current() == edition
    assert Edition.objects.count() == 1
    assert str(edition) == edition.digest


@pytest.mark.parametrize(
    "change",
    [
        lambda: Competency.objects.filter(order=1).update(name="Anders"),
        lambda: Competency.objects.filter(order=1).update(description="Anders."),
        lambda: Competency.objects.filter(order=1).update(wheel_label="Anders"),
        lambda: LevelAnchor.objects.filter(competency__order=1, level=2).update(text="Anders."),
        lambda: Category.objects.filter(order=1).update(name="Anders"),
        lambda: Competency.objects.create(
            key="neu", category=Category.objects.last(), order=26, name="Neu", wheel_label="Neu"
        ),
    ],
)
def test_other_words_are_another_edition_and_the_old_one_stays(edition, change):
    before = edition.content

    change()

    assert Edition.objects.current() != edition
    edition.refresh_from_db()
    assert edition.content == before


def test_going_back_to_the_old_words_is_going_back_to_the_old_edition(edition):
    name = Competency.objects.get(order=1).name
    Competency.objects.filter(order=1).update(name="Anders")
    Edition.objects.current()
    Competency.objects.filter(order=1).update(name=name)

    assert Edition.objects.current() == edition


def test_a_catalogue_is_read_once_per_process(edition, django_assert_num_queries):
    models._read.pop(edition.digest, None)

    with django_assert_num_queries(1):
        first = catalogue_of(edition.digest)
    with django_assert_num_queries(0):
        second = catalogue_of(edition.digest)

    assert first is second


def test_an_unknown_edition_is_not_kept(cast):
    with pytest.raises(Edition.DoesNotExist):
        catalogue_of("gibt-es-nicht")

    assert "gibt-es-nicht" not in models._read


def test_the_frozen_catalogue_says_what_the_tables_say(edition):
    frozen = catalogue_of(edition.digest)

    assert [(c.id, c.key, c.number, c.name, c.label, c.description) for c in frozen.competencies] == list(
        Competency.objects.values_list("id", "key", "order", "name", "wheel_label", "description")
    )
    assert [list(c.anchors) for c in frozen.competencies] == [
        [anchor.text for anchor in competency.anchors.all()]
        for competency in Competency.objects.prefetch_related("anchors")
    ]
    assert [(c.key, c.name, c.slot) for c in frozen.categories] == [
        (category.key, category.name, slot) for slot, category in enumerate(Category.objects.all())
    ]
    assert frozen.by_id == {c.id: c for c in frozen.competencies}
    assert str(frozen.competencies[0]) == frozen.competencies[0].name


def test_a_missing_anchor_leaves_the_others_at_their_levels(cast):
    LevelAnchor.objects.filter(competency__order=1, level=2).delete()
    kenner, experte = LevelAnchor.objects.filter(competency__order=1).values_list("text", flat=True)

    frozen = catalogue_of(Edition.objects.current().digest)

    assert frozen.competencies[0].anchors == (kenner, "", experte)


def test_nothing_of_the_catalogue_is_deleted_in_the_admin(client, cast):
    client.force_login(Person.objects.create_superuser("it@test.example", first_name="Ines", last_name="Technik"))

    def statuses(page):
        return [
            client.get(reverse(f"admin:catalogue_{model._meta.model_name}_{page}", args=[model.objects.first().pk]))
            .status_code
            for model in (Category, Competency, LevelAnchor)
        ]  # fmt: skip

    assert (statuses("change"), statuses("delete")) == ([200] * 3, [403] * 3)


def test_a_wheel_has_a_level_for_every_competency_and_none_for_a_missing_one(edition):
    frozen = catalogue_of(edition.digest)
    first, second = frozen.competencies[:2]

    drawn = frozen.wheel("Rad", frozen.series("Ist", Role.FILL, {first.id: 0, second.id: 3}))

    assert drawn.title == "Rad"
    assert drawn.series[0].levels == (0, 3, *[None] * 23)
    assert drawn.sectors is frozen.sectors


def test_reading_what_was_written_gives_the_same_again(edition):
    assert Catalogue.from_json(edition.content) == catalogue_of(edition.digest)


def test_rows_of_the_catalogue_name_themselves(cast):
    anchor = LevelAnchor.objects.get_by_natural_key(Competency.objects.get(order=5).key, 2)

    assert str(anchor) == anchor.text
    assert (anchor.competency.order, anchor.level) == (5, 2)
    assert LevelAnchor.objects.get_by_natural_key(*anchor.natural_key()) == anchor
    assert str(anchor.competency) == anchor.competency.name
    assert str(anchor.competency.category) == anchor.competency.category.name
    assert Category.objects.get_by_natural_key(*anchor.competency.category.natural_key()) == anchor.competency.category
    assert Competency.objects.get_by_natural_key(*anchor.competency.natural_key()) == anchor.competency
