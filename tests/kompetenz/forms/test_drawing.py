"""What functions write of a form is what Django's own templates would write, with our classes."""

from html.parser import HTMLParser
from pathlib import Path

import django
import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from kompetenz.forms.drawing import KINDS
from kompetenz.forms.incoming import Renderer

ATTRS = {
    "id": "id_x",
    "required": True,
    "readonly": False,
    "maxlength": 20,
    "title": "<&\"'>",
    "data-x": mark_safe("&amp;"),
}
WIDGETS = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.ColorInput, forms.SearchInput, forms.TelInput,
]  # fmt: skip


def tags(html):
    """Every tag with its attributes, and what stands between them."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

        def handle_data(self, data):
            found.extend(data.split())

    Reader().feed(html)
    return found


@pytest.mark.parametrize("kind", WIDGETS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("value", [None, "", "a", 0, 7, "<&\"'>", mark_safe("<b>")])
def test_an_input_is_that_of_django(kind, value):
    ours, theirs = (kind().render("x", value, ATTRS, renderer) for renderer in (Renderer(), DjangoTemplates()))

    ((tag, attrs),) = tags(theirs)
    assert tags(ours) == [(tag, attrs | {"class": "kern-form-input__input"})]


@pytest.mark.parametrize("value", [True, False, None, "ja"])
def test_a_checkbox_is_that_of_django(value):
    ours, theirs = (
        forms.CheckboxInput().render("x", value, ATTRS, renderer) for renderer in (Renderer(), DjangoTemplates())
    )

    ((tag, attrs),) = tags(theirs)
    assert tags(ours) == [(tag, attrs | {"class": "kern-form-check__checkbox"})]


def test_a_class_of_its_own_is_kept():
    ((_, attrs),) = tags(forms.TextInput({"class": "own"}).render("x", "", renderer=Renderer()))

    assert attrs["class"] == "own"


@pytest.mark.parametrize("chosen", ["", "1", 2, ["1", "2"]])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_the_options_are_those_of_django(kind, chosen):
    choices = [("", "alle"), (1, "<eins>"), ("Gruppe <1>", [("2", "zwei"), (mark_safe("3"), mark_safe("&amp;"))])]
    ours, theirs = (kind(choices=choices).render("x", chosen, {}, one) for one in (Renderer(), DjangoTemplates()))

    def options(html):
        return [one for one in tags(html) if one[0] not in {"select", "div"}]

    assert options(ours) == options(theirs)


def test_all_templates_of_django_in_which_there_is_only_an_input_are_known():
    folder = Path(django.__file__).parent / "forms/templates/django/forms/widgets"
    only_input = {
        path.stem
        for path in folder.glob("*.html")
        if path.read_text().strip() == '{% include "django/forms/widgets/input.html" %}'
    }

    assert only_input - {"checkbox_option", "radio_option"} == set(KINDS)
