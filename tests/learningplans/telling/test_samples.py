"""HR looks at every letter about plans before anybody reads one."""

import pytest
from django.utils.formats import date_format

from assessments.models import Round
from assessments.telling.samples import PLAN, samples
from assessments.telling.words import SOMEBODY
from kompetenz.letters.wording import message_of
from learningplans.models import LearningPlan
from learningplans.telling import words
from learningplans.telling.occasions import occasions
from learningplans.telling.samples import OTHERS
from tests.clock import in_days

SAME_WORDS = {words.review_to_answer, words.sample}
NOBODY_WRITES = {words.about_a_plan, words.change_of_a_plan}  # of keys that no letter of today has
OF_A_DAY = {words.review_dates, words.review_reminder, words.late_review, words.late_measures, words.answer_reminder}
OF_NO_ROUND = {words.free_seat, words.group}


def test_every_letter_about_a_plan_is_among_them():
    shown = set(words.OF_ONE.values()) | OF_A_DAY

    assert {one.said for one in occasions() if one.said} - shown - SAME_WORDS - NOBODY_WRITES - OF_NO_ROUND == set()
    assert len(words.OF_A_DAY) == len(OF_A_DAY)
    assert {name for _, name, _ in OTHERS} == {*words.OF_ONE, *words.OF_A_DAY}


@pytest.mark.parametrize("tells", ["people", "date"])
def test_they_are_about_nobody(stage, tells):
    Round.objects.update(calendar_tells=tells)

    found = samples(Round.objects.get(pk=stage.round.pk), stage.cast.paula)
    read = {one.name: message_of(*one.letters) for one in found if one.heading == PLAN}

    assert LearningPlan.objects.count() == 0
    assert len(read) == sum(len(sides) for _, _, sides in OTHERS)
    assert {message.subject.partition(":")[0] for message in read.values()} == {"Runde 2026"}
    named = SOMEBODY in read["plan-to-agree-manager"].subject
    assert (named, "{" in "".join(message.subject + message.body for message in read.values())) == (
        tells == "people",
        False,
    )
    assert "Abschlussgespräch" in read["plan-record-final-person"].subject
    assert "@" not in "".join(message.subject for message in read.values())


def test_an_agreement_is_asked_for_until_the_plans_last_day(stage):
    Round.objects.update(plan_due=in_days(50))

    found = {one.name: one.letters for one in samples(Round.objects.get(pk=stage.round.pk), stage.cast.paula)}

    assert message_of(*found["plan-to-agree-person"]).subject.endswith(f", bis {date_format(in_days(50))}")
