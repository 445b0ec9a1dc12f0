"""Time and budget of a Lernplan: changed in the draft by both sides, shown to them, on the page and on paper."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import StockTaking
from learningplans.models import LearningPlan
from tests.learningplans.making import plan_of

SHOWN = ["2,5 Stunden je Monat", "4.321,50"]


@pytest.fixture
def plan(participation):
    return plan_of(participation)


def frame(plan):
    return reverse("learningplans:frame", args=[plan.pk])


def agreed(plan, **fields):
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.AGREED, agreed_by_person_on="2026-01-01", agreed_by_manager_on="2026-01-01", **fields
    )


def shown(client, plan):
    page = client.get(plan.get_absolute_url()).text
    return [text in page for text in SHOWN]


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_either_side_changes_the_frame_and_agreements_given_before_end(as_, cast, plan, who):
    LearningPlan.objects.update(agreed_by_person_on="2026-01-01")
    client = as_(getattr(cast, who))

    response = client.post(frame(plan), {"hours_per_month": "2,5", "budget": "4.321,50 €"})

    plan.refresh_from_db()
    assert response.headers["Location"] == plan.get_absolute_url()
    assert (plan.hours_per_month, plan.budget) == (Decimal("2.5"), Decimal("4321.50"))
    assert plan.agreed_by_person_on is None
    assert shown(client, plan) == [True, True]


def test_nothing_changed_ends_no_agreement(as_, cast, plan):
    LearningPlan.objects.update(agreed_by_person_on="2026-01-01", hours_per_month=4)

    as_(cast.bernd).post(frame(plan), {"hours_per_month": "4", "budget": ""})

    plan.refresh_from_db()
    assert plan.agreed_by_person_on is not None


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(as_, cast, plan):
    page = as_(cast.anna).post(frame(plan), {"hours_per_month": "viel", "budget": "1200"}).text

    assert ('id="id_hours_per_month_error"' in page, 'value="viel"' in page, 'value="1200"' in page) == (True,) * 3
    plan.refresh_from_db()
    assert plan.budget is None


def test_an_agreed_plan_keeps_its_frame(as_, cast, plan):
    agreed(plan, budget=5)

    as_(cast.anna).post(frame(plan), {"hours_per_month": "1", "budget": "7"})

    plan.refresh_from_db()
    assert (plan.hours_per_month, plan.budget) == (None, 5)


def test_hr_reads_the_frame_of_no_plan(as_, cast, plan):
    agreed(plan, hours_per_month=Decimal("2.5"), budget=Decimal("4321.50"))

    seen = {who: shown(as_(getattr(cast, who)), plan) for who in ("anna", "paula")}

    assert seen == {"anna": [True, True], "paula": [False, False]}


def test_the_plan_leads_to_the_bestandsaufnahme_for_whoever_may_read_it(as_, cast, plan):
    StockTaking.objects.create(participation=plan.participation, tasks="Alles.")
    address = reverse("assessments:stock_taking", args=[plan.participation_id])

    linked = [address in as_(who).get(plan.get_absolute_url()).text for who in (cast.anna, cast.bernd)]
    StockTaking.objects.update(shared_at="2026-01-01T12:00:00Z")

    assert linked == [True, False]
    assert address in as_(cast.bernd).get(plan.get_absolute_url()).text
