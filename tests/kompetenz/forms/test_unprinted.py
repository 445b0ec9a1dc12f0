"""What our papers would print as boxes is refused where it is typed, beside its field; what they print is taken."""

import unicodedata

import pytest
from django import forms
from django.urls import reverse
from fontTools.ttLib import TTFont

from assessments.models import Remark, Talk
from kompetenz.documents.pdf import FONTS
from kompetenz.text import NOT_ON_PAPER, UNPRINTED, objection_to_text
from tests.test_assets import ASSETS

PRINTED = "Müller, Łódź, Ελλάδα, Київ, שלום, مرحبا, Հայաստան, საქართველო; → ✓ ≥ ½ ☎ 😀 👩‍💻 ❤️ 🇩🇪"
REFUSED = ["中村", "さくら", "한국어", "ไทย", "हिन्दी", "தமிழ்", "አማርኛ", "𠮷", "𝗙𝗲𝘁𝘁", "Ｂｒｅｉｔ"]


def in_our_fonts():
    files = [*FONTS, ASSETS / "fonts/pdf/fira-sans-400-normal.ttf"]
    return {code for path in files for code in TTFont(path).getBestCmap()}


def test_what_is_taken_is_printed_and_what_is_refused_is_not():
    printed = in_our_fonts()
    shown = [sign for sign in PRINTED if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Mn")]

    assert (objection_to_text(PRINTED), [sign for sign in shown if ord(sign) not in printed]) == ("", [])
    for text in REFUSED:
        assert objection_to_text(text) == UNPRINTED.format(" ".join([*dict.fromkeys(text)][:5]))
        assert [sign for sign in text if ord(sign) in printed] == []


def test_no_letter_that_somebody_here_may_write_and_our_fonts_have_is_refused():
    scripts = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "HEBREW", "GEORGIAN", "EURO", "TIFINAGH", "LAO")
    refused = [unicodedata.name(chr(code), "") for code in in_our_fonts() if NOT_ON_PAPER.match(chr(code))]

    assert [name for name in refused if name.startswith(scripts)] == []


class Typed(forms.Form):
    title = forms.CharField()
    words = forms.CharField(widget=forms.Textarea)
    password = forms.CharField(widget=forms.PasswordInput)


def test_every_form_says_so_beside_the_field_and_lets_passwords_alone():
    form = Typed({"title": "Kurs in 東京", "words": "東" * 9, "password": "東京東京"})

    assert form.errors == {"title": [UNPRINTED.format("東 京")], "words": [UNPRINTED.format("東")]}


@pytest.mark.parametrize("htmx", [True, False])
def test_a_remark_that_cannot_be_printed_is_not_saved_and_comes_back(as_, stage, htmx):
    client, competency = as_(stage.cast.anna), stage.competencies[0].id
    name, headers = f"remark-{competency}", {"HX-Request": "true"} if htmx else {}
    address = reverse("assessments:remark", args=[stage.own.pk, competency]) if htmx else stage.own.get_absolute_url()

    answer = client.post(address, {name: "Übung mit 漢字"}, headers=headers)

    assert (answer.status_code, UNPRINTED.format("漢 字") in answer.text) == (400 if htmx else 409, True)
    assert htmx or "Übung mit 漢字" in answer.text
    assert not Remark.objects.exists()


def test_a_reason_for_an_agreed_level_is_refused_so_too(as_, stage):
    stage.release_both()
    competency = stage.competencies[0].id

    answer = as_(stage.cast.bernd).post(
        reverse("assessments:talk", args=[stage.participation.pk]),
        {f"agreed-{competency}": "2", f"reason-{competency}": "siehe 漢字"},
    )

    assert (answer.status_code, UNPRINTED.format("漢 字") in answer.text, "siehe 漢字" in answer.text) == (
        409,
        True,
        True,
    )
    assert Talk.objects.get().levels() == {}
