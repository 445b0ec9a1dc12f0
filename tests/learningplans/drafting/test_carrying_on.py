from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import AgreedLevel, Participation, Round
from kompetenz.catalogue.models import Competency
from learningplans.drafting import drawing_up, goals
from learningplans.models import FinalCheck, FollowUp, LearningPlan
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency, participation_of, plan_of

TEXT, NOTE = "Ein Teilprojekt leiten", "Auf das Moderieren achten."


@pytest.fixture
def before(participation):
    """Anna's completed plan of last year, with follow-ups and a note."""
    last_year = timezone.now() - timedelta(days=365)
    Round.objects.filter(pk=participation.round_id).update(opened_at=last_year, title="Runde 2025")
    plan = plan_of(Participation.objects.get(pk=participation.pk), state=LearningPlan.State.COMPLETED)
    final = plan.reviews.get(is_final=True)
    final.held_on = TODAY
    final.save()
    letters = dict.fromkeys(["specific", "measurable", "ambitious", "realistic", "timed"], "yes")
    FinalCheck.objects.create(review=final, note_for_next=NOTE, **letters)
    return plan


@pytest.fixture
def following(cast, before):
    """The round after it, with the Ist agreed anew."""
    return participation_of(cast.anna, title="Runde 2026")


def follow(plan, number, kind, text=TEXT):
    return FollowUp.objects.create(plan=plan, competency=competency(number), kind=kind, text=text)


def actual(participation, number, level):
    AgreedLevel.objects.filter(talk__participation=participation, competency=competency(number)).update(level=level)


def goals_of(plan):
    return list(plan.goals.values_list("aim", "from_level", "to_level", "specific", "due_on"))


@pytest.mark.parametrize(
    ("kind", "level", "aim", "to_level"),
    [
        ("deepen", 2, "deepen", 2),
        ("deepen", 0, "raise", 1),
        ("refresh", 3, "refresh", 3),
        ("refresh", 0, "raise", 1),
        ("theory", 1, "raise", 2),
        ("theory", 3, "deepen", 3),
        ("responsibility", 2, "raise", 3),
        ("responsibility", 3, "deepen", 3),
    ],
)
def test_a_follow_up_becomes_a_goal_that_fits_the_new_ist(before, following, kind, level, aim, to_level):
    follow(before, 5, kind)
    actual(following, 5, level)

    plan = drawing_up.draw_up_plan(participation=following)

    assert goals_of(plan) == [(aim, level, to_level, TEXT, None)]
    assert plan.measures.count() == 0


def test_goals_keep_the_order_of_the_follow_ups(before, following):
    for number in (11, 5, 8):
        follow(before, number, "theory")

    plan = drawing_up.draw_up_plan(participation=following)

    in_order = [(goal.priority, goal.competency_id) for goal in plan.goals.all()]
    assert in_order == [(1, competency(11).pk), (2, competency(5).pk), (3, competency(8).pk)]


def test_asking_twice_for_the_draft_does_not_bring_back_a_goal_that_was_removed(before, following):
    follow(before, 5, "theory")
    plan = drawing_up.draw_up_plan(participation=following)
    goals.remove_goal(goal=plan.goals.get())

    drawing_up.draw_up_plan(participation=following)

    assert plan.goals.count() == 0


def test_a_competency_without_an_agreed_ist_in_the_round_is_left_out(before, following):
    follow(before, 5, "theory")
    follow(before, 8, "theory")
    AgreedLevel.objects.filter(talk__participation=following, competency=competency(5)).delete()

    plan = drawing_up.draw_up_plan(participation=following)

    assert [goal.competency for goal in plan.goals.all()] == [competency(8)]


@pytest.mark.parametrize("state", [LearningPlan.State.AGREED, LearningPlan.State.DRAFT])
def test_only_a_completed_plan_goes_on(before, following, state):
    follow(before, 5, "theory")
    LearningPlan.objects.filter(pk=before.pk).update(state=state)

    assert drawing_up.draw_up_plan(participation=following).goals.count() == 0


def test_the_words_of_the_two_do_not_reach_a_new_manager(client, cast, before):
    follow(before, 5, "theory")
    cast.anna.manager = cast.clara
    cast.anna.save()
    following = participation_of(cast.anna, title="Runde 2026")

    plan = drawing_up.draw_up_plan(participation=following)

    client.force_login(cast.clara)
    assert plan.goals.count() == 0
    assert NOTE not in client.get(following.get_absolute_url()).text


def test_what_is_due_for_refreshing_becomes_a_goal_without_words(before, following):
    Competency.objects.filter(order=20).update(refresh_months=12)
    type(following.talk).objects.update(held_on=in_days(-400))

    plan = drawing_up.draw_up_plan(participation=following)

    assert [(goal.competency, goal.aim, goal.to_level, goal.specific) for goal in plan.goals.all()] == [
        (competency(20), "refresh", 3, "")
    ]


def test_the_draft_says_where_its_goals_come_from(client, cast, before, following):
    follow(before, 5, "responsibility")
    plan = drawing_up.draw_up_plan(participation=following)
    client.force_login(cast.anna)

    page = client.get(plan.get_absolute_url())

    name = plan.participation.round.catalogue.by_id[competency(5).pk].name
    assert "Diese Ziele kommen aus dem Abschlussgespräch des letzten Lernplans." in page.text
    assert f"<li>{name}: mehr Eigenverantwortung</li>" in page.text


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_the_note_for_the_next_round_stands_on_participation_and_talk(client, cast, following, who):
    client.force_login(getattr(cast, who))

    pages = [following.get_absolute_url(), reverse("assessments:talk", args=[following.pk])]

    assert [client.get(page).text.count(NOTE) for page in pages] == [1, 1]


def test_the_note_is_not_shown_to_hr_nor_in_the_round_it_was_written_in(client, cast, before, following):
    Round.objects.update(shows_levels_to_hr=True)
    client.force_login(cast.paula)
    assert NOTE not in client.get(following.get_absolute_url()).text
    client.force_login(cast.anna)
    assert NOTE not in client.get(before.participation.get_absolute_url()).text


@pytest.fixture
def declined(cast, before):
    """What bernd alone has recorded in the final review, which anna has declined."""
    final = before.reviews.get(is_final=True)
    final.written_side, final.written_by, final.written_at = "manager", cast.bernd, timezone.now()
    final.answer, final.statement, final.answered_at = "declined", "So nicht.", timezone.now()
    final.save()
    follow(before, 5, "theory", "Bernds Vorschlag")
    return before


def test_follow_ups_of_a_declined_record_are_offered_and_become_no_goals(client, cast, declined, following):
    plan = drawing_up.draw_up_plan(participation=following)
    client.force_login(cast.anna)

    page = " ".join(client.get(plan.get_absolute_url()).text.split())
    result = client.get(
        reverse("learningplans:review_result", args=[declined.pk, declined.reviews.get(is_final=True).pk])
    )
    talk = client.get(reverse("assessments:talk", args=[following.pk])).text

    words = f"festgehalten von {cast.bernd}, abgelehnt"
    assert goals_of(plan) == []
    assert f"Aus dem letzten Abschlussgespräch, {words}. Das sind noch keine Ziele" in page
    assert "mehr Theorie. Bernds Vorschlag</li>" in page
    assert f"F{words[1:]}. Mit diesen Zielen beginnt der nächste Lernplan nur, wenn" in " ".join(result.text.split())
    assert f"Aus dem letzten Abschlussgespräch, {words}" in talk


def test_goals_chosen_by_hand_do_not_come_from_a_review_recorded_later(client, cast, before, following):
    plan = drawing_up.draw_up_plan(participation=following)
    plan.goals.create(competency=competency(5), from_level=1, to_level=2)
    follow(before, 5, "theory")
    client.force_login(cast.anna)

    assert "kommen aus dem Abschlussgespräch" not in client.get(plan.get_absolute_url()).text
