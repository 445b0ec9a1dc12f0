"""A character pasted from a PDF into a measure's title harms no list, drawing or paper that shows it."""

import io
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.urls import reverse

from learningplans.models import LearningPlan, Measure
from tests.clock import TODAY
from tests.learningplans.drafting.test_measures_form import data_of, url
from tests.learningplans.making import plan_of

PASTED = "\ufffeHospitation\x1b im\u200b Nach\xadbarkreis\uffff"


@pytest.fixture
def plan(participation, as_, cast):
    plan = plan_of(participation)
    sent = as_(cast.anna).post(url("measure_add", plan), data_of(plan, title=PASTED))
    assert sent.status_code == 302
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.AGREED, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY
    )
    return plan


def test_it_is_cleaned_where_it_is_typed(plan):
    assert Measure.objects.order_by("pk").last().title == "Hospitation im Nachbarkreis"


def test_the_list_of_measures_and_the_path_are_whole(plan, as_, cast):
    page = as_(cast.anna).get(plan.get_absolute_url()).text
    listed = as_(cast.paula).get(reverse("learningplans:round_measures", args=[plan.participation.round_id]))

    path = page[page.index("<svg", page.index("timeline__svg")) :]
    ET.fromstring(path[: path.index("</svg>") + len("</svg>")])
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(listed.content)).worksheets[0].values for cell in row]
    assert "Hospitation im Nachbarkreis" in cells


def test_what_was_stored_before_still_makes_a_workbook(plan, as_, cast):
    Measure.objects.update(title=PASTED)

    listed = as_(cast.paula).get(reverse("learningplans:round_measures", args=[plan.participation.round_id]))

    assert openpyxl.load_workbook(io.BytesIO(listed.content)).worksheets
