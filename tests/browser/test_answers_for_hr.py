"""What HR asks at the end of a year, each answered at most three clicks from the start page of the demo district."""

import re

import pytest
from playwright.sync_api import expect

from kompetenz.demo import district
from kompetenz.demo.accounts import BY_KEY
from kompetenz.people.models import Person
from learningplans.training.narrowing import YearNarrowing
from tests.clock import TODAY
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 3
NEXT = YearNarrowing.of_next_quarter(TODAY)
QUARTER = f"Nächstes Quartal: {NEXT.roman}/{NEXT.year}"
# What HR wants to know, the links they follow, and where the answer stands.
QUESTIONS = {
    "what do we train next quarter": (["Fortbildung", QUARTER], "table", r"Seminar|Kurs|Coaching|Training"),
    "what does it cost": (["Fortbildung", QUARTER], ".monitor-tiles", r"\d\s€\s+Kosten"),
    "who learns together": (["Fortbildung", "Gemeinsame Ziele", "im eigenen Haus"], "table", r"\w+"),
    "what has changed since last year": (["Auswertung", "Kompetenzrunde"], "table", "[▼▲]"),
}


def test_hr_finds_each_answer_in_at_most_three_clicks(visitor, settings):
    settings.DEMO = True
    district.seed(60)
    hr = Person.objects.get(email=BY_KEY["hr"].email)
    hr.set_password(PASSWORD)
    hr.save()
    visitor.sign_in(hr)
    page = visitor.page

    for links, place, answer in QUESTIONS.values():
        page.goto("/")
        for link in links:
            page.get_by_role("link", name=link).first.click()
        expect(page.locator(f"main {place}").first).to_contain_text(re.compile(answer))
        assert len(links) <= MOST
