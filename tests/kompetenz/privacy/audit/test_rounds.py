"""The auditor's pages about rounds: their settings, and who has changed them."""

import pytest

from assessments.models import RoundChange
from tests.clock import in_days
from tests.conftest import plan_round

ALL = "/pruefung/runden/"


@pytest.fixture
def auditor(as_, cast):
    return as_(cast.audit)


def change(round_, by, **more):
    return RoundChange.objects.create(
        round=round_, by=by, **{"field": "purpose", "before": "<b>a", "after": "b", **more}
    )


def test_a_round_is_listed_and_read_from_the_first_day_of_its_preparation(auditor, cast):
    before = auditor.get(ALL)
    draft = plan_round(cast)
    change(draft, cast.paula, on=in_days(-2))
    change(draft, cast.paula, on=in_days(-1))

    ((listed, changes),) = auditor.get(ALL).context["rows"]

    assert (before.context["rows"], 'class="empty"' in before.text) == ([], True)
    assert (listed, changes["number"], changes["last"]) == (draft, 2, in_days(-1))
    assert auditor.get(f"{ALL}{draft.pk}/").status_code == 200


def test_a_rounds_settings_and_changes_are_read(auditor, cast, stage):
    change(stage.round, cast.paula)
    change(stage.round, None, field="has_peers", before="nein", after="ja", on=in_days(-1))

    response = auditor.get(f"{ALL}{stage.round.pk}/")

    assert dict(response.context["settings"])["Zweck"] == stage.round.purpose
    assert [one.field for one in response.context["page"]] == ["purpose", "state", "has_peers"]
    assert "&lt;b&gt;a" in response.text
    assert "Personal, Paula" in response.text


def test_where_nothing_was_changed_it_says_so(auditor, stage):
    RoundChange._base_manager.all().delete()

    assert "nichts geändert" in auditor.get(f"{ALL}{stage.round.pk}/").text


@pytest.mark.parametrize("number", [1, 70])
def test_they_cost_the_same_for_many(auditor, cast, stage, number, django_assert_num_queries):
    for n in range(number):
        change(stage.round, cast.paula, after=f"{n}")
        plan_round(cast, title=f"Runde {n}")

    with django_assert_num_queries(5):  # session, user, how many, the page, their changes
        rounds = auditor.get(ALL)
    with django_assert_num_queries(9):  # session, user, the round, its settings (4), how many, the page
        one = auditor.get(f"{ALL}{stage.round.pk}/")

    assert (len(rounds.context["rows"]), len(one.context["page"])) == (min(number + 1, 50), min(number + 1, 50))
