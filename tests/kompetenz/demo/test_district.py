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

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Assessment,
    Participation,
    Progress,
    Rating,
    Remark,
    Round,
    StockTaking,
    Talk,
    TalkProgress,
    Target,
)
from kompetenz.demo import people, texts
from kompetenz.demo.accounts import ACCOUNTS, BY_KEY, PASSWORD
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold
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


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The district, built once; whatever a test changes in it is undone for the next."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
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
    assert [p.sort_key for p in Person.objects.all()] == [fold(p.listed_as) for p in Person.objects.all()]
    assert all(p.personnel_number.startswith("00") for p in Person.objects.all())


def test_the_district_has_the_exceptions_of_a_real_one(musterland):
    today = timezone.localdate()
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


def test_states_repeat_what_assessments_and_talks_say(musterland):
    said = {p.pk: (p.self_state, p.manager_state, p.talk_state) for p in Participation.objects.all()}

    assert said == {p.pk: recomputed(p) for p in Participation.objects.all()}


def recomputed(participation):
    sides = [progress(participation.assessments.get(kind=kind)) for kind in Assessment.SIDES]
    talk = Talk.objects.filter(participation=participation).first()
    return (*sides, TalkProgress.OPEN if talk is None else talk_progress(talk))


def progress(assessment):
    answered = assessment.ratings.count()
    if assessment.released_at:
        assert answered == 25
        return Progress.RELEASED
    return Progress.STARTED if answered else Progress.OPEN


def talk_progress(talk):
    if talk.recorded_at is None:
        return TalkProgress.STARTED
    assert (talk.agreed_levels.count(), talk.held_on is not None) == (25, True)
    return TalkProgress.CONFIRMED if talk.acknowledgements.count() == 2 else TalkProgress.RECORDED


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
    now, today = timezone.now(), timezone.localdate()

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
    today = timezone.localdate()
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
    assert PlanChange.objects.filter(after="entfallen").count() == dropped.count()
    assert PlanChange.objects.exclude(changed_on=F("review__held_on")).count() == 0
    assert PlanChange.objects.filter(subject__endswith=": Ende").exists()


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

    assert len(changes) >= 75
    assert sum(change < 0 for change in changes) < sum(change > 0 for change in changes) < len(changes) / 2


def test_offers_are_to_choose_and_taken_up_in_measures(musterland):
    today = timezone.localdate()

    assert Offer.objects.to_choose(today).count() == Offer.objects.count() >= 15
    assert {offer.competencies.count() for offer in Offer.objects.all()} == {1}
    assert Measure.objects.filter(offer__title=F("title"), offer__format=F("format")).exists()
    assert not Measure.objects.exclude(offer=None).exclude(offer__title=F("title")).exists()


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

    assert states >= {(0, 0, 0), (1, 0, 0), (2, 1, 0), (1, 2, 0), (2, 2, 0), (2, 2, 1), (2, 2, 2), (2, 2, 3)}
    assert running.self_due < timezone.localdate() < running.manager_due < running.talk_due
    answered = Talk.objects.filter(participation__round=running, recorded_at__isnull=False)
    assert set(answered.annotate(count=Count("acknowledgements")).values_list("count", flat=True)) == {0, 1, 2}
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

    assert draft.self_due > timezone.localdate() + timedelta(days=27)
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


def test_every_competency_has_a_goal_in_words_that_fit(musterland):
    assert set(texts.AIMS) == set(apps.get_model("catalogue", "Competency").objects.values_list("key", flat=True))
    assert max(len(text) for aim in texts.AIMS.values() for text in (aim.specific, aim.measurable)) <= 500
