"""The slide for a meeting of the staff: one page, the administration's own, and as accessible as every paper."""

from django.conf import settings
from django.urls import reverse

from tests.clock import TODAY
from tests.pdf_text import in_the_margin, pages_of
from tests.pdf_ua import problems


def test_the_slide_is_one_page_with_the_name_of_the_administration_and_says_what_people_ask_first(as_, cast):
    response = as_(cast.paula).get(reverse("help_slide"))
    (page,) = pages_of(response.content)
    told = " ".join(page.split())

    assert problems(response.content) == []
    assert in_the_margin(response.content, margin=25) == []
    for said in (settings.ORGANISATION, "Was ist das?", "Wer sieht es?", "Wie lange dauert es?", "erst ab 5 Personen"):
        assert said in told
    assert f"Stand {TODAY:%d.%m.%Y} · Keine dienstliche Beurteilung" in told
    assert "Vertraulich" not in told  # it hangs on a wall


def test_the_page_about_announcing_a_round_leads_there_for_hr_alone(as_, cast):
    address = reverse("help_article", args=["ankuendigen"])

    assert reverse("help_slide") in as_(cast.paula).get(address).text
    assert reverse("help_slide") not in as_(cast.anna).get(address).text
