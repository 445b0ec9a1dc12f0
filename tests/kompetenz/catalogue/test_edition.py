"""Editions of the catalogue: the same words are the same edition, read once, never changed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils.html import conditional_escape

from kompetenz.catalogue import models
from kompetenz.catalogue.frozen import Catalogue
from kompetenz.catalogue.models import (
    Category,
    Competency,
    Edition,
    Level,
    LevelAnchor,
    catalogue_of,
    current_catalogue,
)
from kompetenz.people.models import Person
from kompetenz.wheel import Style
from roles.models import RoleProfile
from tests.catalogue import COMPETENCIES


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
        lambda: Level.objects.filter(value=Level.EXPERTE).update(name="Expertin/Experte"),
        lambda: Level.objects.filter(value=Level.KENNER).update(definition="kennt es."),
        lambda: Level.objects.create(value=4, key="meister", name="Meister", definition="lehrt es."),
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

    assert [(c.id, c.key, c.name, c.label, c.description) for c in frozen.competencies] == list(
        Competency.objects.values_list("id", "key", "name", "wheel_label", "description")
    )
    assert [c.number for c in frozen.competencies] == list(range(1, COMPETENCIES + 1))
    assert [(level.value, level.key, level.name, level.definition) for level in frozen.levels] == list(
        Level.objects.values_list("value", "key", "name", "definition")
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


def test_the_scale_is_said_for_wheels_and_forms(edition):
    frozen = catalogue_of(edition.digest)

    assert frozen.scale.names == ("keine", "Kenner", "Könner", "Experte")
    assert frozen.choices == [(0, "keine"), (1, "Kenner"), (2, "Könner"), (3, "Experte")]
    assert str(frozen.levels[Level.KOENNER]) == "Könner"


def test_the_anchors_of_a_competency_stand_beside_their_levels(edition):
    frozen = catalogue_of(edition.digest)
    first = frozen.competencies[0]

    assert [(str(level), text) for level, text in frozen.anchors_of(first)] == list(
        zip(["Kenner", "Könner", "Experte"], first.anchors, strict=True)
    )
    assert [level.value for level, _ in frozen.anchors_of(first, lowest=Level.KOENNER)] == [2, 3]


def test_a_new_level_gets_a_place_for_its_anchor_in_every_competency(cast):
    Level.objects.create(value=4, key="meister", name="Meister", definition="lehrt es.")
    first = Competency.objects.first()
    LevelAnchor.objects.create(competency=first, level=4, text="Lehrt es andere.")

    frozen = current_catalogue()

    assert frozen.competencies[0].anchors[3] == "Lehrt es andere."
    assert {one.anchors[3] for one in frozen.competencies[1:]} == {""}
    assert frozen.scale.names[4] == "Meister"


def test_a_scale_ends_where_a_value_is_missing(cast):
    Level.objects.filter(value=Level.KOENNER).delete()

    frozen = current_catalogue()

    assert (frozen.scale.names, len(frozen.competencies[0].anchors)) == (("keine", "Kenner"), 1)


@pytest.mark.parametrize(("value", "taken"), [(4, True), (5, False), (10, False)])
def test_a_level_follows_the_one_below_it(cast, value, taken):
    level = Level(value=value, key="neu", name="Neu", definition="ist neu.")

    if taken:
        level.full_clean()
    else:
        with pytest.raises(ValidationError, match="ohne Lücke"):
            level.full_clean()


def test_no_scale_has_more_than_ten_levels(cast):
    with pytest.raises(IntegrityError):
        Level.objects.create(value=10, key="zu-hoch", name="Zu hoch", definition="geht nicht.")


@pytest.mark.parametrize("level", [0, 10])
def test_an_anchor_belongs_to_a_level_above_the_lowest(cast, level):
    with pytest.raises(IntegrityError):
        LevelAnchor.objects.create(competency=Competency.objects.first(), level=level, text="Geht nicht.")


def test_todays_catalogue_is_read_and_nothing_is_written(cast, django_assert_num_queries):
    with django_assert_num_queries(3):  # levels, competencies, anchors
        first = current_catalogue()

    assert current_catalogue() is first
    assert not Edition.objects.exists()


@pytest.mark.parametrize("order", [0, 3, 7, 999])
def test_competencies_are_numbered_by_their_place_whatever_their_order_says(client, cast, order):
    category = Category.objects.get(key="methoden")
    new = Competency.objects.create(key="neu", category=category, order=order, name="Neu", wheel_label="Neu")
    client.force_login(cast.anna)

    frozen = current_catalogue()

    assert [one.number for one in frozen.competencies] == list(range(1, COMPETENCIES + 2))
    assert "neu" in [one.key for one in frozen.categories[1].competencies]
    assert client.get(reverse("catalogue:list")).text.count(f"{frozen.by_id[new.pk].number} Neu</h3>") == 1
    assert client.get(reverse("roles:detail", args=[RoleProfile.objects.first().pk])).status_code == 200


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
            for model in (Category, Competency, Level, LevelAnchor)
        ]  # fmt: skip

    assert (statuses("change"), statuses("delete")) == ([200] * 4, [403] * 4)


def test_a_wheel_has_a_level_for_every_competency_and_none_for_a_missing_one(edition):
    frozen = catalogue_of(edition.digest)
    first, second = frozen.competencies[:2]

    drawn = frozen.wheel("Rad", frozen.series("Ist", Style.FILL, {first.id: 0, second.id: 3}))

    assert drawn.title == "Rad"
    assert drawn.series[0].levels == (0, 3, *[None] * (COMPETENCIES - 2))
    assert drawn.sectors is frozen.sectors


def test_reading_what_was_written_gives_the_same_again(edition):
    assert Catalogue.from_json(edition.content) == catalogue_of(edition.digest)


def test_rows_of_the_catalogue_name_themselves(cast):
    anchor = LevelAnchor.objects.get_by_natural_key(Competency.objects.get(order=5).key, 2)

    assert str(anchor) == anchor.text
    assert (anchor.competency.order, anchor.level) == (5, 2)
    assert LevelAnchor.objects.get_by_natural_key(*anchor.natural_key()) == anchor
    level = Level.objects.get_by_natural_key("experte")
    assert (str(level), level.value, level.natural_key()) == ("Experte", Level.EXPERTE, ("experte",))
    assert str(anchor.competency) == anchor.competency.name
    assert str(anchor.competency.category) == anchor.competency.category.name
    assert Category.objects.get_by_natural_key(*anchor.competency.category.natural_key()) == anchor.competency.category
    assert Competency.objects.get_by_natural_key(*anchor.competency.natural_key()) == anchor.competency


def added_to_the_first_category():
    Competency.objects.create(
        key="neu", category=Category.objects.first(), order=26, name="Neues", wheel_label="Neues", description="Neu."
    )


def left_a_gap():
    Competency.objects.filter(order=25).update(order=40)


@pytest.mark.parametrize(
    ("change", "numbers"),
    [(added_to_the_first_category, {"Neues": 7}), (left_a_gap, {"Problemlösungsfähigkeit": COMPETENCIES})],
)
def test_competencies_are_numbered_by_their_place_on_the_wheel(as_, cast, change, numbers):
    change()

    frozen = catalogue_of(Edition.objects.current().digest)

    assert [competency.number for competency in frozen.competencies] == list(range(1, len(frozen.competencies) + 1))
    assert {c.name: c.number for c in frozen.competencies if c.name in numbers} == numbers
    assert [sector.number for sector in frozen.wheel("Rad").sectors] == [c.number for c in frozen.competencies]
    assert as_(cast.paula).get(reverse("catalogue:list")).status_code == 200
    page = as_(cast.paula).get(RoleProfile.objects.first().get_absolute_url())
    assert page.status_code == 200
    assert [
        c.number for c in frozen.competencies if f">{c.number} {conditional_escape(c.name)}<" not in page.text
    ] == []


def test_a_fifth_category_is_drawn_in_a_colour_its_neighbours_do_not_have(as_, cast):
    fifth = Category.objects.create(key="fuenfte", name="Fünfte", order=5)
    Competency.objects.create(key="neu", category=fifth, order=26, name="Neues", wheel_label="Neues")

    frozen = catalogue_of(Edition.objects.current().digest)

    assert [category.slot for category in frozen.categories] == [0, 1, 2, 3, 1]
    assert as_(cast.anna).get(reverse("catalogue:list")).status_code == 200
