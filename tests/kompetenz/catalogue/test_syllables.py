"""Long names of competencies break between syllables on pages, and are plain everywhere else."""

import json
import re

import pytest
from django.urls import reverse
from django.utils.html import conditional_escape

from kompetenz.catalogue.models import Edition, catalogue_of
from kompetenz.catalogue.syllables import Name
from kompetenz.text import tidy

SHY = "\xad"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kommunikationsfähigkeit", "Kommu|ni|ka|ti|ons|fä|higkeit"),
        ("Bürgerserviceorientierung", "Bürger|ser|vice|ori|en|tierung"),
        ("Kunden- und Serviceorientierung", "Kunden- und Serviceorientierung"),
        ("Datenkompetenz", "Datenkompetenz"),
        ("<b>Stakeholdermanagement</b>", "&lt;b&gt;Stake|hol|der|ma|na|gement&lt;/b&gt;"),
    ],
)
def test_long_words_of_a_name_may_break_in_html(name, shown):
    assert conditional_escape(Name(name)).replace(SHY, "|") == shown


def test_as_text_it_is_the_name_and_nothing_else():
    name = Name("Kommunikationsfähigkeit")

    assert [SHY in text for text in (name, f"{name}", json.dumps([name]), name.lower())] == [False] * 4
    assert (name, hash(name)) == ("Kommunikationsfähigkeit", hash("Kommunikationsfähigkeit"))
    assert tidy(conditional_escape(name)) == name  # copied from a page into a search


def test_no_long_word_of_the_catalogue_can_only_break_between_any_letters(cast):
    catalogue = catalogue_of(Edition.objects.current().pk)
    names = [one.name for one in (*catalogue.competencies, *catalogue.categories)]

    words = [word for name in names for word in re.findall(r"[^\W\d_]{20,}", name)]
    in_columns = [word for name in names for word in re.findall(r"[^\W\d_]{19,}", name.in_a_column)]

    assert (len(words) >= 8, len(in_columns) >= 11) == (True, True)
    assert [word for word in words if SHY not in Name(word).__html__()] == []
    assert [word for word in in_columns if SHY not in conditional_escape(Name(word).in_a_column)] == []


def test_pages_have_them_and_what_is_taken_along_does_not(as_, stage):
    client = as_(stage.cast.anna)

    pages = [client.get(reverse(name)).text for name in ("catalogue:list",)]
    form = client.get(stage.own.get_absolute_url()).text

    for page in [*pages, form]:
        assert "Kommu\xadni\xadka\xadti\xadons\xadfä\xadhigkeit" in page
    wheel = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', form, re.DOTALL)[1]
    assert (SHY in wheel, "Personalentwicklungskompetenz" in wheel) == (False, True)
