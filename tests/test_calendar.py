"""All my dates as one calendar file, across the apps."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from tests.clock import TODAY

ADDRESS = "/kalender.ics"


def entries(response):
    return [
        (str(entry["uid"]).split("@")[0].rsplit("-", 1)[0], entry.start)
        for entry in icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    ]


def test_deadlines_talks_and_reviews_are_in_one_file(as_, stage):
    stage.release_both().record().confirm()
    plan = drawing_up.draw_up_plan(participation=stage.participation)
    plan.reviews.create(planned_on=TODAY + timedelta(days=90))
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.AGREED, agreed_by_person_on="2026-01-01", agreed_by_manager_on="2026-01-01"
    )
    at = timezone.now().replace(microsecond=0) + timedelta(days=3)
    Participation.objects.exclude(pk=stage.participation.pk).update(talk_at=at)

    response = as_(stage.cast.bernd).get(ADDRESS)

    assert response.headers["Content-Disposition"] == f'attachment; filename="Kompetenzrad-{TODAY}.ics"'
    assert sorted(entries(response), key=str) == [
        ("frist-fremd-runde", stage.round.manager_due),
        ("gespraech", at),
        ("review", TODAY + timedelta(days=90)),
    ]


@pytest.mark.parametrize(
    ("tells", "titles"),
    [
        ("date", {"Termin", "Frist"}),
        ("people", {"Gespräch mit Anna Ärmel", "Gespräch mit Dora Özgür", "Frist: Fremdeinschätzung, Runde 2026"}),
    ],
)
def test_everything_is_private_and_says_as_much_as_the_round_lets_it_say(as_, stage, tells, titles):
    Round.objects.update(calendar_tells=tells)
    Participation.objects.update(talk_at=timezone.now() + timedelta(days=3), talk_place="Raum 2")

    response = as_(stage.cast.bernd).get(ADDRESS)

    found = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert {str(entry["class"]) for entry in found} == {"PRIVATE"}
    assert {str(entry["summary"]) for entry in found} == titles
    names = [word for word in ("Anna", "Ärmel", "Dora", "Özgür", "Runde 2026") if word in response.text]
    assert (names == []) == (tells == "date")


def test_the_start_page_links_to_it_where_there_is_something(as_, stage):
    link = f'href="{reverse("calendar")}"'

    pages = [as_(getattr(stage.cast, who)).get("/").text for who in ("anna", "bernd", "fremd")]

    assert [link in page for page in pages] == [True, True, False]


def test_without_dates_there_is_no_file_but_a_sentence(as_, cast):
    page = as_(cast.fremd).get(ADDRESS, follow=True)

    assert page.redirect_chain == [("/", 302)]
    assert "Für Sie steht gerade kein Termin an" in page.text
