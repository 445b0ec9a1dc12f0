"""The invented district, as everybody finds it."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.test import override_settings
from django.utils import timezone
from time_machine import travel

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Assessment,
    HandOver,
    Participation,
    PeerNomination,
    PeerTally,
    Progress,
    Rating,
    Remark,
    Round,
    StockTaking,
    Talk,
    TalkProgress,
    Target,
)
from assessments.peers.asking import minimum
from assessments.peers.counting import tidy_peers
from assessments.peers.showing import seen_by
from kompetenz.demo import people, texts
from kompetenz.demo.accounts import ACCOUNTS, BY_KEY, PASSWORD
from kompetenz.letters.models import Letter
from kompetenz.people.models import Deputy, Person, Unit
from kompetenz.people.names import sort_key
from learningplans.models import (
    FinalCheck,
    FollowUp,
    Goal,
    GoalReview,
    LearningPlan,
    Measure,
    Offer,
    PlanChange,
    Preparation,
    Review,
)
from roles.models import RoleHolding
from tests.catalogue import COMPETENCIES
from tests.clock import NOW, TODAY


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The district, built once, at the moment of the clock; whatever a test changes in it is undone for the next."""
    with travel(NOW), django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        call_command("seed_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def musterland(seeded, db, settings):
    settings.DEMO = True


def person(key):
    return Person.objects.get(email=BY_KEY[key].email)


def test_another_size_is_refused(musterland):
    with pytest.raises(CommandError, match="mit 60 statt 200 Personen"):
        call_command("seed_demo", people=200)

    assert Person.objects.count() == 60


def test_everybody_of_the_accounts_can_sign_in(musterland, client):
    signed_in = [client.login(email=account.email, password=PASSWORD) for account in ACCOUNTS]

    assert signed_in == [True] * 5


def test_the_command_prints_every_account(musterland, capsys):
    call_command("demo_accounts")

    printed = capsys.readouterr().out
    assert [account.email in printed and account.name in printed for account in ACCOUNTS] == [True] * 5
    assert printed.endswith(f"Das Passwort ist für alle: {PASSWORD}\n")


def test_the_sign_in_page_names_the_accounts_in_a_demo_alone(musterland, client, settings):
    shown = client.get("/anmelden/").text
    settings.DEMO = False
    hidden = client.get("/anmelden/").text

    assert (PASSWORD in shown, BY_KEY["hr"].email in shown) == (True, True)
    assert (PASSWORD in hidden, BY_KEY["hr"].email in hidden) == (False, False)


@pytest.mark.thorough
def test_every_row_keeps_the_rules_of_its_model(musterland):
    for model in [Person, Unit, RoleHolding, Round, Participation, Talk, LearningPlan, Goal, Measure, Review]:
        for row in model.objects.all():
            row.full_clean(exclude=set_by_code(model))
    for model in [Preparation, GoalReview, PlanChange, FinalCheck, FollowUp]:
        for row in model.objects.all():
            row.clean_fields(exclude=set_by_code(model))
    for model in [Target, Assessment, Rating, Remark, Acknowledgement]:
        for row in model.objects.all():
            row.clean_fields(exclude=set_by_code(model))


def set_by_code(model):
    """Fields that no form shows: empty is right for them, though not for a form."""
    return [f.name for f in model._meta.concrete_fields if f.null and not f.blank] + ["password"]


def test_people_are_written_as_their_own_save_would(musterland):
    assert [p.sort_key for p in Person.objects.all()] == [sort_key(p.listed_as) for p in Person.objects.all()]
    assert all(p.personnel_number.startswith("00") for p in Person.objects.all())


def test_the_district_has_the_exceptions_of_a_real_one(musterland):
    today = TODAY
    everyone = Person.objects.all()
    without_role = everyone.exclude(pk__in=RoleHolding.objects.current().values("person"))

    assert Unit.objects.count() >= 15
    assert set(RoleHolding.objects.values_list("profile__key", flat=True)) == {
        "fuehrungskraft",
        "cdo",
        "cio",
        "projektmanagement",
        "digitallotse",
    }
    assert everyone.filter(manager=None).count() == 2
    assert everyone.filter(email=None).count() == 1
    assert everyone.filter(leaving_date__range=(today - timedelta(days=31), today - timedelta(days=28))).count() == 1
    assert without_role.count() == 4  # two without one, the auditor, and the one who left
    assert (everyone.filter(is_hr=True).count(), everyone.filter(is_auditor=True).count()) == (2, 1)


def test_hr_finds_something_to_be_refreshed_in_the_next_three_months(musterland, client):
    client.force_login(Person.objects.get(email=BY_KEY["hr"].email))

    assert client.get("/fortbildung/auffrischen/").context["page"].paginator.count > 0


def test_states_repeat_what_assessments_and_talks_say(musterland):
    said = {p.pk: (p.self_state, p.manager_state, p.talk_state) for p in Participation.objects.all()}

    assert said == {p.pk: recomputed(p) for p in Participation.objects.all()}


def test_one_takes_no_part_and_one_has_yet_to_confirm_what_was_typed_in(musterland):
    running = Round.objects.get(state=Round.State.OPEN)
    (declined,) = running.participations.declined()
    (entered,) = running.participations.filter(self_state=Progress.ENTERED)

    assert (running.is_voluntary, declined.declined_on < TODAY) == (True, True)
    own = entered.assessments.of_themselves().get()
    assert (own.ratings.count(), own.entered_by.is_hr, own.confirmed_on) == (COMPETENCIES, True, None)
    assert not Letter.objects.filter(state=Letter.State.WAITING).exclude(person=entered.person).exists()


def recomputed(participation):
    sides = [progress(participation.assessments.get(kind=kind)) for kind in Assessment.SIDES]
    talk = Talk.objects.filter(participation=participation).first()
    return (*sides, TalkProgress.OPEN if talk is None else talk_progress(talk))


def progress(assessment):
    answered = assessment.ratings.count()
    if assessment.released_at:
        assert answered == COMPETENCIES
        return Progress.RELEASED
    if assessment.entered_on:
        return Progress.ENTERED
    return Progress.STARTED if answered else Progress.OPEN


def talk_progress(talk):
    if talk.recorded_at is None:
        return TalkProgress.STARTED
    assert (talk.agreed_levels.count(), talk.held_on is not None) == (COMPETENCIES, True)
    return TalkProgress.CONFIRMED if talk.acknowledgements.exists() else TalkProgress.RECORDED


def test_what_the_rounds_have_frozen_is_true(musterland):
    for participation in Participation.objects.select_related("person__unit", "manager", "profile"):
        assert (participation.person_name, participation.manager_name) == (
            str(participation.person),
            str(participation.manager),
        )
        assert participation.role_name == participation.profile.name
        assert participation.unit_name == str(participation.person.unit)
        assert participation.sort_key == participation.person.sort_key


def test_nothing_has_happened_in_the_future_or_before_its_round(musterland):
    now, today = timezone.now(), TODAY

    assert not Assessment.objects.filter(
        Q(released_at__gt=now) | Q(released_at__lt=F("participation__round__opened_at"))
    )
    assert not Talk.objects.filter(Q(held_on__gt=today) | Q(recorded_at__gt=now))
    assert not Acknowledgement.objects.filter(Q(at__gt=now) | Q(at__lt=F("talk__recorded_at")))
    assert not Assessment.objects.filter(participation__talk__recorded_at__lt=F("released_at"))
    assert not LearningPlan.objects.filter(Q(created_at__gt=now) | Q(changed_at__gt=now) | Q(completed_on__gt=today))
    assert not Review.objects.filter(held_on__gt=today)
    assert not Measure.objects.filter(state=Measure.State.DONE, due_on__gte=today)


def test_last_years_round_is_ended_with_plans_in_every_state(musterland):
    closed = Round.objects.get(state=Round.State.CLOSED)
    plans = LearningPlan.objects.filter(participation__round=closed)
    states = Counter(plans.values_list("state", flat=True))
    today = TODAY
    open_reviews = Review.objects.filter(plan__in=plans.agreed(), held_on=None)

    assert timedelta(days=365) <= today - timezone.localdate(closed.opened_at) <= timedelta(days=376)
    assert closed.participations.filter(talk_state=TalkProgress.CONFIRMED).count() > closed.participations.count() * 0.8
    assert states[LearningPlan.State.AGREED] > 5
    assert states[LearningPlan.State.COMPLETED] > 3
    assert not plans.filter(state=LearningPlan.State.DRAFT)
    assert Acknowledgement.objects.filter(talk__participation__round=closed, declined=True).count() == 1
    assert open_reviews.filter(planned_on__lt=today).count() == 1
    assert open_reviews.filter(planned_on__range=(today, today + timedelta(days=30))).exists()
    for plan in plans:
        assert 2 <= plan.measures.count() <= 4
        assert [goal.open_letters for goal in plan.goals.all()] == [[]] * plan.goals.count()
        final = plan.reviews.get(is_final=True)
        assert (final.held_on is not None) == (plan.state == LearningPlan.State.COMPLETED)


def test_reviews_have_brought_levels_changes_and_what_follows(musterland):
    held = Review.objects.filter(held_on__isnull=False)
    completed = LearningPlan.objects.filter(state=LearningPlan.State.COMPLETED)
    dropped = Measure.objects.filter(state=Measure.State.DROPPED)

    assert GoalReview.objects.count() == sum(review.plan.goals.count() for review in held)
    assert Preparation.objects.filter(released_at__isnull=False).count() == 2 * held.count()
    assert FinalCheck.objects.count() == completed.count() > 3
    assert {plan.follow_ups.exists() for plan in completed} == {True}
    assert FollowUp.objects.exclude(plan__in=completed).count() == 0
    changes = list(PlanChange.objects.select_related("review"))
    lines = [line for change in changes for line in change.lines if change.is_in_force]
    assert [line["after"] for line in lines].count("entfallen") == dropped.count()
    of_reviews = [change for change in changes if change.review]  # the others come from a group
    assert {timezone.localdate(change.written_at) == change.review.held_on for change in of_reviews} == {True}
    assert any(line["subject"].endswith(": Ende") for line in lines)


def test_records_are_answered_by_the_other_side_and_some_wait(musterland):
    held = Review.objects.filter(held_on__isnull=False)
    now = timezone.now()

    assert not held.filter(written_by=None)
    assert held.filter(answer="noted").count() > held.count() / 2
    assert held.filter(answer="").exists()
    assert PlanChange.objects.waiting().exists()
    assert not held.filter(Q(written_at__gt=now) | Q(answered_at__gt=now) | Q(answered_by=F("written_by")))
    assert not PlanChange.objects.filter(answered_by=F("written_by"))
    for plan in LearningPlan.objects.filter(state=LearningPlan.State.COMPLETED):
        final = plan.reviews.get(is_final=True)
        assert plan.completed_on == (final.answer_by if final.is_silent else timezone.localdate(final.answered_at))


def test_a_level_reached_in_one_review_is_not_lost_in_the_next(musterland):
    reached = GoalReview.objects.filter(agreed_level=F("goal__to_level"))
    lost = GoalReview.objects.filter(
        agreed_level__lt=F("goal__to_level"), review__planned_on__gt=OuterRef("review__planned_on")
    )

    assert reached.exists()
    assert not reached.filter(Exists(lost.filter(goal=OuterRef("goal")))).exists()


def test_who_has_taken_part_before_can_mostly_what_was_agreed_then(musterland):
    agreed = AgreedLevel.objects.exclude(level=None)
    levels = agreed.values_list("talk__participation__person", "competency", "level")
    before = {
        (person, competency): level
        for person, competency, level in levels.filter(talk__participation__round__state="closed")
    }
    now = levels.filter(talk__participation__round__state="open")

    changes = [
        level - before[person, competency] for person, competency, level in now if (person, competency) in before
    ]

    assert len(changes) >= 3 * COMPETENCIES
    assert sum(change < 0 for change in changes) < len(changes) / 15
    assert len(changes) / 10 < sum(change > 0 for change in changes) < len(changes) / 2


def test_offers_are_to_choose_and_taken_up_in_measures(musterland):
    today = TODAY

    assert Offer.objects.to_choose(today).count() == Offer.objects.count() >= 15
    assert offered() == {idea.offered_as: served(key, idea) for key, idea in ideas() if idea.offered_as}
    assert Measure.objects.filter(offer__title=F("title"), offer__format=F("format")).exists()
    assert not Measure.objects.exclude(offer=None).exclude(offer__title=F("title")).exists()


def ideas():
    return [(key, idea) for key, aim in texts.AIMS.items() for idea in aim.ideas]


def served(key, idea):
    return {key, *idea.also}


def offered():
    return {offer.title: set(offer.competencies.values_list("key", flat=True)) for offer in Offer.objects.all()}


def test_a_measure_serves_the_competencies_it_was_made_for_and_no_others(musterland):
    made_for = {(key, idea.title): served(key, idea) for key, idea in ideas()}
    measures = {
        (measure.title, frozenset(measure.goals.values_list("competency__key", flat=True)))
        for measure in Measure.objects.all()
    }

    assert [
        (title, goals)
        for title, goals in measures
        if not any(goals <= serves for (_, named), serves in made_for.items() if named == title)
    ] == []
    assert max(len(goals) for _, goals in measures) == 2


def test_plans_say_what_time_and_money_may_go_into_them(musterland):
    agreed = LearningPlan.objects.exclude(state=LearningPlan.State.DRAFT)
    last_year = agreed.filter(participation__round__state=Round.State.CLOSED)
    costs = {plan.pk: sum(measure.cost or 0 for measure in plan.measures.all()) for plan in last_year}

    assert not agreed.filter(Q(hours_per_month=None) | Q(budget=None)).exists()
    assert [plan.pk for plan in last_year if not costs[plan.pk] <= plan.budget < costs[plan.pk] + 100] == []
    assert min(agreed.values_list("hours_per_month", flat=True)) >= 2


def test_colleagues_have_answered_and_what_they_say_is_shown(musterland):
    running = Round.objects.open().get()
    asked = Participation.objects.filter(pk__in=PeerNomination.objects.values("participation"))
    both = [participation for participation in asked if participation.both_released]
    shown = {one.pk: [row for _, row in seen_by(one, one.person).rows if row] for one in asked}

    assert (running.has_peers, running.peer_due < TODAY) == (True, True)
    assert person("ready") in [participation.person for participation in both]
    assert len(both) < asked.count()
    assert [one.pk for one in both if len(shown[one.pk]) < COMPETENCIES / 2] == []
    assert [rows for one in asked if not one.both_released for rows in shown[one.pk]] == []
    assert min(row.answers for rows in shown.values() for row in rows) >= minimum() == 5
    assert PeerNomination.objects.filter(declined=True).count() == asked.count()


def test_what_may_not_be_shown_of_colleagues_is_not_there(musterland):
    before = PeerTally.objects.count()

    assert tidy_peers(TODAY) is None
    assert PeerTally.objects.count() == before > 0
    for nomination in PeerNomination.objects.select_related("participation__person"):
        assert nomination.peer_id not in (nomination.participation.person_id, nomination.participation.manager_id)


def test_the_manager_account_is_deputised_for_today(musterland):
    (deputy,) = Deputy.objects.current()
    people_of_it = set(deputy.people.all())

    assert deputy.manager == person("manager")
    assert {one.manager for one in people_of_it} == {person("manager")}
    assert len(people_of_it) == 4
    assert deputy.person not in people_of_it


def test_somebody_was_handed_over_to_another_manager_in_the_running_round(musterland):
    (hand_over,) = HandOver.objects.select_related("participation__person__manager", "participation__round")
    participation = hand_over.participation

    assert participation.round == Round.objects.open().get()
    assert hand_over.from_name != hand_over.to_name == str(participation.person.manager) == participation.manager_name
    assert timezone.localdate(participation.round.opened_at) < hand_over.on < TODAY
    assert participation.person.manager == person("manager")
    assert not Letter.objects.filter(state=Letter.State.WAITING).exists()


def test_somebody_is_to_do_more_than_the_role_profile_asks(musterland):
    adjusted = Target.objects.exclude(level=F("profile_level")).select_related("participation")

    assert person("ready").pk in {target.participation.person_id for target in adjusted}
    assert {(target.level - target.profile_level, bool(target.reason)) for target in adjusted} == {(1, True)}
    for target in adjusted:
        released = target.participation.assessments.get(kind=Assessment.Kind.SELF).released_at
        assert timezone.localdate(target.participation.round.opened_at) <= target.adjusted_on
        assert target.adjusted_on <= timezone.localdate(released)


def test_some_have_taken_stock_and_share_it_at_the_earliest_with_their_release(musterland):
    own, shown = (StockTaking.objects.get(participation__person=person(key)) for key in ("employee", "ready"))
    shared = StockTaking.objects.exclude(shared_at=None)

    assert (own.shared_at, bool(shown.shared_at)) == (None, True)
    assert not shared.exclude(participation__self_state=Progress.RELEASED).exists()
    assert 0 < shared.count() < StockTaking.objects.count() < Participation.objects.filter(self_state__gt=0).count()


def test_some_look_for_company_in_the_same_goal(musterland):
    seeking = Goal.objects.filter(seeks_companions=True)

    assert not seeking.exclude(plan__state=LearningPlan.State.AGREED).exists()
    assert max(Counter(seeking.values_list("competency", flat=True)).values()) >= 2


def test_goals_start_from_the_agreed_level_and_end_at_most_at_the_target(musterland):
    for goal in Goal.objects.select_related("plan__participation__talk"):
        participation = goal.plan.participation
        agreed = participation.talk.agreed_levels.get(competency=goal.competency)
        target = participation.targets.get(competency=goal.competency)
        assert goal.from_level == agreed.level < goal.to_level <= target.level


def test_this_years_round_has_people_in_every_state_and_something_overdue(musterland):
    running = Round.objects.get(state=Round.State.OPEN)
    states = set(running.participations.values_list("self_state", "manager_state", "talk_state"))

    assert states >= {(0, 0, 0), (1, 0, 0), (3, 1, 0), (1, 3, 0), (3, 3, 0), (3, 3, 1), (3, 3, 2), (3, 3, 3)}
    assert running.self_due < TODAY < running.manager_due < running.talk_due
    answered = Talk.objects.filter(participation__round=running, recorded_at__isnull=False)
    assert set(answered.annotate(count=Count("acknowledgements")).values_list("count", flat=True)) == {0, 1}
    assert LearningPlan.objects.filter(participation__round=running, state=LearningPlan.State.DRAFT).exists()
    assert Target.objects.exclude(level=F("profile_level")).exclude(reason="").exists()


def test_views_of_person_and_manager_sometimes_lie_far_apart_and_some_are_missing(musterland):
    own = Rating.objects.filter(assessment__kind=Assessment.Kind.SELF, assessment__released_at__isnull=False)
    distances = Counter(
        abs(rating.level - other.level)
        for rating in own.select_related("assessment")[:600]
        for other in Rating.objects.filter(
            assessment__participation=rating.assessment.participation_id,
            assessment__kind=Assessment.Kind.MANAGER,
            competency=rating.competency_id,
            level__isnull=False,
        )
    )

    assert distances[0] > distances[1] > distances[2] > 0
    assert not own.filter(level=None)
    assert Rating.objects.filter(level=None).exists()


def test_the_next_round_is_in_preparation_and_begins_after_today(musterland):
    draft = Round.objects.get(state=Round.State.DRAFT)

    assert draft.self_due > TODAY + timedelta(days=27)
    assert not draft.participations.exists()


def test_the_fixed_people_are_where_their_account_says(musterland):
    running = Round.objects.open().get()
    anna = Participation.objects.get(round=running, person=person("employee"))
    cedric = Participation.objects.get(round=running, person=person("ready"))
    team = Participation.objects.managed_by(person("manager")).filter(round=running)

    assert anna.assessments.get(kind=Assessment.Kind.SELF).ratings.count() == 17
    assert LearningPlan.objects.filter(participation__person=anna.person).get().is_agreed
    assert (cedric.both_released, cedric.talk_state) == (True, TalkProgress.OPEN)
    assert {anna, cedric} <= set(team)
    assert len(set(team.values_list("self_state", "manager_state", "talk_state"))) >= 7
    assert RoleHolding.objects.current().get(person=person("manager")).profile.key == "fuehrungskraft"


def test_a_large_district_has_no_two_people_of_one_address():
    _, cast = people.cast(3_000)
    taken = set()
    addresses = [people.address(someone, taken) for someone in cast]

    assert len(addresses) - 1 == len(set(addresses) - {None})
    assert max(len(f"{someone.name[1]}, {someone.name[0]}") for someone in cast) <= 170


def test_the_goals_in_words_are_of_competencies_of_the_catalogue_and_fit(musterland):
    assert len(texts.AIMS) >= 25
    assert set(texts.AIMS) <= set(apps.get_model("catalogue", "Competency").objects.values_list("key", flat=True))
    assert max(len(text) for aim in texts.AIMS.values() for text in (aim.specific, aim.measurable)) <= 500
