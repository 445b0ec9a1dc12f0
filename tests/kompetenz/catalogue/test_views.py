"""The catalogue page."""

import pytest
from django.urls import reverse
from django.utils.html import conditional_escape

from kompetenz.catalogue.models import Category, Competency, LevelAnchor
from kompetenz.catalogue.syllables import Name
from roles.models import Requirement


@pytest.mark.parametrize("who", ["anna", "bernd", "paula", "audit", "fremd"])
def test_everybody_reads_every_competency_with_its_anchors(client, cast, who):
    client.force_login(getattr(cast, who))

    text = client.get(reverse("catalogue:list")).text

    names = [conditional_escape(Name(name)) for name in Competency.objects.values_list("name", flat=True)]
    assert [name for name in names if f" {name}</h3>" not in text] == []
    assert [anchor for anchor in LevelAnchor.objects.values_list("text", flat=True) if anchor not in text] == []
    assert [key for key in Category.objects.values_list("key", flat=True) if f'href="#{key}"' not in text] == []


def test_an_empty_catalogue_says_how_to_fill_it(client, cast):
    LevelAnchor.objects.all().delete()
    Requirement.objects.all().delete()
    Competency.objects.all().delete()
    Category.objects.all().delete()
    client.force_login(cast.anna)

    assert "Der Katalog ist noch leer." in client.get(reverse("catalogue:list")).text


@pytest.mark.parametrize("more", [0, 10])
def test_catalogue_query_count(client, cast, more, django_assert_num_queries):
    category = Category.objects.get(key="personal")
    for order in range(26, 26 + more):
        Competency.objects.create(key=f"k{order}", category=category, order=order, name=f"K{order}", wheel_label="K")
    client.force_login(cast.fremd)
    client.get(reverse("catalogue:list"))

    with django_assert_num_queries(6):  # session, user; levels, competencies, anchors; what HR says of each
        client.get(reverse("catalogue:list"))
