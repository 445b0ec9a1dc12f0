"""Every page on a desk and on a telephone, light and dark: accessible, within the window's width, silent."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from tests.browser.conftest import NARROW, WIDE, problems_of
from tests.browser.crowd import OPEN_PAGES, Crowd
from tests.test_access import TABLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PAGE = re.compile(r"_pdf$|:pdf$|wheel$")


@pytest.fixture
def crowd(cast):
    return Crowd(cast)


def test_the_list_of_pages_leaves_none_out(crowd):
    shown = {name for name, _, method, _, answers in TABLE if method == "get" and 200 in answers}

    assert {name for name in shown if not NO_PAGE.search(name)} - {name for _, name, _ in crowd.pages()} == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, NARROW], ids=lambda size: f"{size['width']}px")
def test_every_page_is_accessible_and_silent(visitors, crowd, window, theme, record_property):
    visitor = visitors(viewport=window, color_scheme=theme)
    pages = crowd.pages()

    found = {name: problems for name in OPEN_PAGES if (problems := visited(visitor, "nobody", reverse(name)))}
    for who in dict.fromkeys(who for who, _, _ in pages):
        visitor.let_in(getattr(crowd.cast, who))
        for _, _, address in [page for page in pages if page[0] == who]:
            found |= {f"{who} {address}": problems for problems in [visited(visitor, who, address)] if problems}

    assert found == {}
    visitor.assert_nothing_heard()
    record_property("pages", len(pages) + len(OPEN_PAGES))


def visited(visitor, who, address):
    response = visitor.page.goto(address)
    landed = visitor.page.url.removeprefix(visitor.base)
    if (response.status, landed) != (200, address):
        return [f"{response.status} {landed}"]
    return problems_of(visitor.page)


@pytest.mark.parametrize("shown", [{"media": "print"}, {"forced_colors": "active"}], ids=["print", "forced colours"])
def test_a_chosen_level_is_seen_without_background_colours(visitor, crowd, shown):
    visitor.let_in(crowd.cast.dora)
    page = visitor.page
    page.goto(reverse("assessments:assessment", args=[crowd.dora.assessments.get(kind="self").pk]))
    chosen, other = page.locator("#kompetenz-2 input").nth(2), page.locator("#kompetenz-2 input").nth(1)
    page.emulate_media(**shown)

    assert chosen.is_checked()
    assert dark_middle(chosen) > 10 * max(dark_middle(other), 1)


def dark_middle(radio):
    """How many pixels in the middle half of a radio button differ from its surroundings' colour."""
    picture = Image.open(BytesIO(radio.screenshot())).convert("L")
    width, height = picture.size
    middle = picture.crop((width // 4, height // 4, width - width // 4, height - height // 4))
    ground = picture.getpixel((0, 0))
    return sum(abs(pixel - ground) > 100 for pixel in middle.getdata())
