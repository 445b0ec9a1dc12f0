"""What a browser prints of a page: all of it, in letters for paper, without what can only be clicked."""

import pytest
from django.urls import reverse

from tests.browser.crowd import crowd_around
from tests.pdf_text import pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = """(parts) => Math.max(...[...document.querySelectorAll(parts)].filter((one) => one.checkVisibility())
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


def test_tables_and_notes_on_paper_are_no_larger_than_the_text_around_them(visitor, cast):
    crowd = crowd_around(cast)
    visitor.let_in(cast.anna)
    page = visitor.page
    page.goto(crowd.agreed_plan.get_absolute_url())

    page.emulate_media(media="print")

    text = page.evaluate(SIZES, "body")
    assert 12 <= text <= 14
    assert page.evaluate(SIZES, "main .kern-table *, main .muted, main small") <= text
    assert page.evaluate(SIZES, "main .kern-table td") == 12


def test_what_can_only_be_clicked_is_not_printed(visitor, cast):
    crowd = crowd_around(cast)
    visitor.let_in(cast.anna)
    page = visitor.page
    seen = {}
    for name, address in (
        ("plan", crowd.agreed_plan.get_absolute_url()),
        ("comparison", crowd.stage.participation.get_absolute_url()),
    ):
        page.goto(address)
        page.emulate_media(media="print")
        seen[name] = page.evaluate(
            "[...document.querySelectorAll('.measure-table tr > :last-child, .ways, .competency__more details')].filter((one) => one.checkVisibility()).map((one) => one.textContent.trim())"
        )
        page.emulate_media(media="screen")

    assert seen == {"plan": [], "comparison": []}


def test_a_short_page_is_one_sheet(visitor, cast):
    visitor.let_in(cast.anna)
    visitor.page.goto(reverse("audit:mine"))

    assert len(pages_of(visitor.page.pdf(format="A4"))) == 1


def test_what_is_to_be_done_is_named_on_paper_though_one_clicks_it(visitor, stage):
    stage.release_both()
    stage.talk()
    stage.record()
    stage.confirm()
    page = visitor.page
    visitor.let_in(stage.cast.bernd)
    page.goto(reverse("start"))
    tasks = page.locator(".task-list button").all_text_contents()

    printed = " ".join(" ".join(pages_of(page.pdf(format="A4"))).split())

    assert tasks
    assert [task for task in tasks if task not in printed] == []
