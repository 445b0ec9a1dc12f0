"""Soll, Selbst, Fremd and agreed side by side, as each reader may see them."""

import pytest

from assessments.answering import paper_entry, saving
from assessments.models import Remark, Talk
from assessments.talk import recording
from assessments.talk.comparison import Comparison
from kompetenz.wheel import Style
from tests.conftest import Stage, of_a_session


def seen(stage, who):
    return Comparison(stage.participation, getattr(stage.cast, who))


@pytest.fixture
def first(stage):
    return stage.competencies[0]


def drawn(comparison):
    """The series of the wheel: name, role and the level of the first competency."""
    return [(series.name, series.style, series.levels[0]) for series in comparison.wheel().series]


def test_before_anything_is_answered_the_wheel_is_an_empty_self_assessment(stage):
    comparison = seen(stage, "anna")

    assert drawn(comparison) == [("Selbsteinschätzung", Style.FILL, None)]
    assert {(row.target, row.own, row.manager, row.agreed) for row in comparison.rows()} == {(None,) * 4}


def test_each_side_sees_its_own_draft_and_the_manager_the_soll(stage):
    stage.answer(stage.own, 1).answer(stage.manager, 3)
    target = stage.participation.targets.get(competency=stage.competencies[0].id).level

    assert drawn(seen(stage, "anna")) == [("Selbsteinschätzung", Style.FILL, 1)]
    assert drawn(seen(stage, "bernd")) == [("Fremdeinschätzung", Style.FILL, 3), ("Soll", Style.OUTLINE, target)]


def test_after_both_releases_both_see_the_same(stage):
    stage.release_both(1, 3)

    anna, bernd = seen(stage, "anna"), seen(stage, "bernd")

    assert anna.rows() == bernd.rows()
    assert [(name, role) for name, role, _ in drawn(anna)] == [
        ("Selbsteinschätzung", Style.FILL),
        ("Soll", Style.OUTLINE),
        ("Fremd", Style.DIAMOND),
    ]
    assert drawn(anna) == drawn(bernd)
    assert anna.shows_both


def test_the_agreed_ist_fills_the_wheel_from_the_first_level_on(stage, first):
    stage.release_both(1, 3)
    talk = recording.begin_talk(participation=stage.participation)
    recording.agree_levels(talk=talk, levels={first.id: 2}, reasons={first.id: "Im Projekt gezeigt."})
    stage._again()

    comparison = seen(stage, "anna")

    assert drawn(comparison)[0] == ("Ist (noch nicht festgehalten)", Style.FILL, 2)
    assert comparison.agreed == {first.id: 2}
    assert comparison.rows()[0].reason == "Im Projekt gezeigt."
    assert not comparison.is_agreed


def test_what_to_talk_about_begins_with_the_widest_difference(stage):
    near, far = stage.competencies[:2]
    stage.answer(stage.own, 1).answer(stage.manager, 1)
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={near.id: 2, far.id: 3})
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    saving.release(pk=stage.manager.pk, by=stage.cast.bernd)
    stage._again()

    rows = seen(stage, "anna").rows_to_discuss()

    assert [(row.competency, row.difference.distance) for row in rows] == [(far, 2), (near, 1)]


def test_an_answer_that_cannot_be_given_is_no_difference(stage, first):
    stage.answer(stage.own, 1).answer(stage.manager, 1)
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={first.id: None})
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    saving.release(pk=stage.manager.pk, by=stage.cast.bernd)
    stage._again()

    comparison = seen(stage, "anna")

    assert (comparison.rows()[0].own, comparison.rows()[0].manager) == (1, None)
    assert comparison.rows_to_discuss() == []


def test_gaps_are_the_agreed_ist_against_the_frozen_soll(stage):
    stage.release_both().record(level=1)

    comparison = seen(stage, "anna")

    below = {target.competency_id for target in stage.participation.targets.filter(level__gt=1)}
    assert {gap.competency.id for gap in comparison.gaps()} == below
    assert {gap.actual for gap in comparison.gaps()} == {1}


def test_of_gaps_as_wide_what_is_required_comes_first(stage):
    stage.participation.targets.update(level=2, profile_level=2, necessity="desirable")
    last = stage.competencies[-1].id
    stage.participation.targets.filter(competency=last).update(necessity="required")
    stage.release_both().record(level=1)

    assert seen(stage, "anna").gaps()[0].competency.id == last


def test_one_side_alone_is_something_to_draw(stage):
    before = seen(stage, "anna").has_levels
    stage.answer(stage.own, 1)

    assert (before, seen(stage, "anna").has_levels) == (False, True)


def test_what_nobody_has_said_is_no_word(stage):
    stage.release_both()

    row = seen(stage, "anna").rows()[0]

    assert (row.own_remark, row.manager_remark, row.reason, row.agreed_answer) == ("", "", "", "")


def test_a_choice_is_said_as_the_form_has_it(stage, first):
    stage.release_both().talk()
    recording.agree_levels(talk=stage.participation.talk, levels={first.id: 0}, reasons={})
    stage._again()

    assert [row.agreed_answer for row in seen(stage, "anna").rows()[:2]] == ["0", "1"]


def test_the_ist_stands_beside_the_soll_in_words_that_do_not_judge(stage):
    levels = dict(zip(stage.levels(0), (1, 2, 3), strict=False))
    stage.participation.targets.update(profile_level=2, level=2)
    stage.release_both().talk()
    recording.agree_levels(talk=stage.participation.talk, levels=levels, reasons={})
    stage._again()

    assert [row.standing for row in seen(stage, "anna").rows()[:3]] == ["Entwicklungsfeld", "wie Soll", "über Soll"]


def test_a_competency_the_role_says_nothing_about_has_no_standing(stage, first):
    stage.participation.targets.filter(competency=first.id).delete()
    stage.release_both().record()

    assert seen(stage, "anna").rows()[0].standing == ""


def test_hr_reads_levels_where_it_may_but_neither_words_nor_a_record_in_the_making(cast):
    stage = Stage(cast, shows_levels_to_hr=True)
    first = stage.competencies[0]
    Remark.objects.create(assessment=stage.own, competency_id=first.id, text="Geht nur uns an.")
    stage.release_both(1, 2).talk(level=3)
    recording.agree_levels(talk=stage.participation.talk, levels={}, reasons={first.id: "Auch das."})

    begun = seen(stage, "paula")
    recorded = seen(stage.record(level=3), "paula")

    def facts(comparison):
        row = comparison.rows()[0]
        return (row.own, row.manager, row.agreed, row.own_remark, row.reason)

    assert facts(begun) == (1, 2, None, "", "")
    assert begun.talk is None
    assert facts(recorded) == (1, 2, 3, "", "")
    assert facts(seen(stage, "anna")) == (1, 2, 3, "Geht nur uns an.", "Auch das.")


def test_what_was_typed_in_from_paper_is_nobodys_word_until_it_is_confirmed(cast):
    stage = Stage(cast, shows_levels_to_hr=True)
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(2))
    stage._again()
    readers = ("anna", "bernd", "paula")

    waits = {who: (seen(stage, who).own, seen(stage, who).entered[-20:]) for who in readers}
    paper_entry.confirm_entry(pk=stage.own.pk, by=cast.anna)
    stage.release(stage.manager)
    confirmed = {
        who: (seen(stage, who).own == stage.levels(2), "bestätigt am" in seen(stage, who).entered) for who in readers
    }

    assert waits == {
        "anna": ({}, "noch nicht bestätigt"),
        "bernd": ({}, "noch nicht bestätigt"),
        "paula": ({}, ""),
    }
    assert confirmed == dict.fromkeys(readers, (True, True))


def test_answers_and_the_persons_own_words_are_read_by_the_two_alone_and_those_words_once_she_has_answered(cast):
    stage = Stage(cast, shows_levels_to_hr=True)
    stage.release_both().record()
    Talk.objects.update(person_statement="So sehe ich es.")

    def found():
        stage._again()
        comparisons = {who: seen(stage, who) for who in ("anna", "bernd", "paula")}
        return {who: (len(one.answers), one.person_statement, one.is_agreed) for who, one in comparisons.items()}

    asked = found()
    stage.confirm()
    Talk.objects.update(person_statement="So sehe ich es.")

    assert asked == {"anna": (0, "So sehe ich es.", False), "bernd": (0, "", False), "paula": (0, "", False)}
    assert found() == {
        "anna": (1, "So sehe ich es.", True),
        "bernd": (1, "So sehe ich es.", True),
        "paula": (0, "", True),
    }


def test_before_the_talk_nothing_is_agreed_and_nobody_has_answered(stage):
    comparison = seen(stage.release_both(), "anna")

    assert (comparison.is_agreed, comparison.answers, comparison.person_statement) == (False, [], "")


def test_who_has_answered_costs_one_query(stage, django_assert_num_queries):
    comparison = seen(stage.release_both().record().confirm(), "bernd")

    with django_assert_num_queries(1):
        assert [str(one.by) for one in comparison.answers] == ["Anna Ärmel"]
        assert comparison.answers[0].talk.participation.round == stage.round


def test_what_was_reached_since_fills_the_wheel_once_the_talk_is_agreed(stage, first):
    stage.release_both(1, 2).record(level=1)
    newest = {one.id: 3 for one in stage.competencies}

    recorded = seen(stage, "anna").wheel(newest).series
    agreed = seen(stage.confirm(), "anna").wheel(newest).series

    assert [(one.style, one.levels[0]) for one in recorded if one.name != "Soll"] == [
        (Style.FILL, 1),
        (Style.CIRCLE, 1),
        (Style.DIAMOND, 2),
    ]
    assert agreed[0].levels[0] == 3
    assert seen(stage, "anna").wheel().series[0].levels[0] == 1


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_a_comparison_costs_the_same_however_much_is_in_it(stage, who, django_assert_num_queries):
    stage.release_both().record()
    stage.participation.person  # noqa: B018 - views fetch it along

    reader = of_a_session(getattr(stage.cast, who))

    # targets, assessments, ratings, remarks, agreed levels
    with django_assert_num_queries(5):
        comparison = Comparison(stage.participation, reader)
        comparison.rows()
        comparison.wheel()
