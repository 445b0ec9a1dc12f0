"""Drawing up, changing, agreeing, reviewing and completing a plan; and what it gives whom to do."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Participation, Round, TalkProgress
from assessments.telling import tasks as round_tasks
from kompetenz.catalogue.models import Competency
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import Faster
from learningplans import tasks as plan_tasks
from learningplans.drafting import agreeing, choosing, drawing_up, goals, holding, reviews
from learningplans.models import LearningFormat, LearningPlan, Measure, Offer, Review
from learningplans.pdf import plan_pdf
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session
from tests.learningplans.making import goal_in, measure_in, participation_of, plan_of
from tests.markup import tight
from tests.pdf_text import text_of

STATES = LearningPlan.State


def refresh_alone(*, order):
    """Of all competencies only this one is to be refreshed, after a month."""
    Competency.objects.update(refresh_months=None)
    Competency.objects.filter(order=order).update(refresh_months=1)


def agree(plan, *people):
    plan.refresh_from_db()
    return [agreeing.agree_plan(plan=plan, by=person, read=plan.stamp) for person in people]


def test_a_participation_has_one_plan_however_often_it_is_drawn_up(participation):
    first = drawing_up.draw_up_plan(participation=participation)
    second = drawing_up.draw_up_plan(participation=participation)

    assert (first, first.state, first.goals.count()) == (second, STATES.DRAFT, 0)


def test_no_plan_is_drawn_up_before_the_talk_is_recorded(cast):
    participation = participation_of(cast.anna, talk_state=TalkProgress.STARTED)

    with pytest.raises(holding.OutOfState):
        drawing_up.draw_up_plan(participation=participation)


def test_gaps_come_required_first_then_larger_first_each_with_the_next_level_and_goals_are_left_out(participation):
    plan = plan_of(participation, goals=[11])

    gaps, wishes = choosing.goal_candidates(plan)

    assert [(gap.competency.number, gap.proposal, gap.required) for gap in gaps] == [
        (5, 2, True),
        (8, 1, False),
        (3, 2, False),
    ]
    assert {wish.competency.number for wish in wishes} == set(range(1, COMPETENCIES + 1)) - {3, 5, 8, 11}
    assert {wish.competency.number: wish.proposal for wish in wishes}[24] == 1
    assert [gap.is_far for gap in gaps] == [True, True, False]


def test_what_reaches_the_soll_may_be_kept_up_and_the_highest_level_only_refreshed(participation):
    gaps, wishes = choosing.goal_candidates(plan_of(participation, goals=[11]))
    by_number = {candidate.competency.number: candidate.levels for candidate in [*gaps, *wishes]}

    assert {number: by_number[number] for number in (3, 1, 20, 24)} == {
        3: [(2, "Könner"), (3, "Experte")],
        1: [(3, "Experte"), (2, "Könner: vertiefen oder auffrischen")],
        20: [(3, "Experte: auffrischen")],
        24: [(1, "Kenner"), (2, "Könner"), (3, "Experte")],
    }


def test_of_the_required_gaps_so_many_are_suggested_that_a_handful_of_goals_comes_of_it(participation):
    participation.targets.filter(competency__order__in=[1, 2, 4, 6, 7]).update(level=3, profile_level=3)
    plan = plan_of(participation, goals=[11])

    gaps, _ = choosing.goal_candidates(plan)

    assert [gap.competency.number for gap in gaps if gap.required] == [5, 1, 2, 4, 6, 7]
    assert [(gap.competency.number, gap.reason) for gap in gaps if gap.is_suggested] == [
        (5, "für die Rolle erforderlich, zwei Stufen unter dem Soll"),
        (1, "für die Rolle erforderlich, eine Stufe unter dem Soll"),
        (2, "für die Rolle erforderlich, eine Stufe unter dem Soll"),
        (4, "für die Rolle erforderlich, eine Stufe unter dem Soll"),
    ]


def test_a_goal_chosen_at_its_level_is_deepened_or_refreshed(participation):
    plan = plan_of(participation, goals=[11])
    wishes = {wish.competency.number: wish for wish in choosing.goal_candidates(plan)[1]}

    choosing.choose_goals(plan=plan, chosen=[(wishes[1], 2), (wishes[20], 3), (wishes[2], 3)])

    assert list(plan.goals.values_list("competency__order", "to_level", "aim")) == [
        (11, 3, "raise"),
        (1, 2, "deepen"),
        (20, 3, "refresh"),
        (2, 3, "raise"),
    ]


@pytest.mark.parametrize(
    ("days", "state", "is_early"), [(99, "planned", True), (100, "planned", False), (99, "dropped", False)]
)
def test_a_goal_that_ends_before_its_first_measure_is_pointed_out(participation, days, state, is_early):
    plan = plan_of(participation, goals=[5], measures=0)
    goal = plan.goals.get()
    goal.due_on = in_days(days)
    for at, of_measure in ((100, state), (150, "planned" if state == "planned" else "dropped")):
        measure_in(plan, goal, due_on=in_days(at), state=of_measure)

    day = date_format(in_days(100))
    said = f"Der Termin liegt vor dem Ende der ersten Maßnahme für dieses Ziel am {day}."
    assert goals.ends_before_its_measures(goal) == (said if is_early else "")


def test_chosen_goals_follow_those_already_there(participation):
    plan = plan_of(participation, goals=[11])
    gaps, _ = choosing.goal_candidates(plan)

    choosing.choose_goals(plan=plan, chosen=[(gaps[0], 2), (gaps[2], 2)])

    assert list(plan.goals.values_list("priority", "competency__order", "from_level", "to_level")) == [
        (1, 11, 2, 3),
        (2, 5, 1, 2),
        (3, 3, 1, 2),
    ]


def test_a_goal_moved_to_another_rank_pushes_the_others(participation):
    plan = plan_of(participation, goals=[5, 8, 11])
    last = plan.goals.get(competency__order=11)
    last.priority = 1

    goals.change_goal(goal=last)

    assert list(plan.goals.values_list("priority", "competency__order")) == [(1, 11), (2, 5), (3, 8)]


def test_a_removed_goal_takes_along_only_measures_that_serve_nothing_else(participation):
    plan = plan_of(participation, goals=[5, 8, 11], measures=0)
    first, second, _ = plan.goals.all()
    measure_in(plan, first, title="nur für das erste")
    measure_in(plan, first, second, title="für beide")
    measure_in(plan, second, title="nur für das zweite")

    goals.remove_goal(goal=first)

    assert sorted(plan.measures.values_list("title", flat=True)) == ["für beide", "nur für das zweite"]
    assert list(plan.goals.values_list("priority", "competency__order")) == [(1, 8), (2, 11)]


def test_a_plan_is_agreed_when_both_sides_have_said_so(cast, participation):
    plan = plan_of(participation)

    answers = agree(plan, cast.anna, cast.bernd)

    plan.refresh_from_db()
    today = TODAY
    assert answers == [False, True]
    assert (plan.state, plan.agreed_by_person_on, plan.agreed_by_manager_on) == (STATES.AGREED, today, today)


def test_one_side_agreeing_twice_does_not_agree_for_the_other(cast, participation):
    plan = plan_of(participation)

    assert agree(plan, cast.bernd, cast.bernd) == [False, False]


def test_a_deputy_takes_no_agreement_over(client, cast, participation):
    plan = plan_of(participation)
    agree(plan, cast.bernd)
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)
    client.force_login(cast.fremd)

    client.post(reverse("learningplans:agree", args=[plan.pk]), {"read": plan.stamp})
    page = client.get(plan.get_absolute_url()).text

    plan.refresh_from_db()
    assert (plan.manager_agreed_by, plan.manager_agreed_for) == (cast.bernd, None)
    assert "Bernd Şahin-Žižek hat am" in tight(page)


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_any_change_ends_an_agreement_and_whose_it_was_signs_no_paper(cast, participation, who):
    plan = plan_of(participation)
    agree(plan, getattr(cast, who))
    plan.refresh_from_db()
    signed = plan.signs_for_the_manager

    with holding.changing(plan):
        plan.measures.first().delete()

    assert signed == ((str(cast.bernd), "Führungskraft") if who == "bernd" else None)
    plan.refresh_from_db()
    assert (plan.agreed_by_person_on, plan.agreed_by_manager_on, plan.manager_agreed_by) == (None, None, None)
    assert plan.signs_for_the_manager is None
    assert LearningPlan(participation=participation, manager_agreed_by=cast.bernd).signs_for_the_manager is None


def test_a_plan_that_is_a_draft_again_bears_no_signature(cast, participation, monkeypatch):
    seen = {}
    monkeypatch.setattr("learningplans.pdf.render_pdf", lambda name, context: seen.update(context) or b"")
    plan = plan_of(participation)
    for one in (cast.bernd, cast.anna):
        agree(plan, one)
    agreeing.reopen_plan(plan=plan)
    Participation.objects.filter(pk=participation.pk).update(manager=cast.clara, manager_name=str(cast.clara))

    plan_pdf(LearningPlan.objects.with_participation().get(pk=plan.pk), cast.anna)

    assert [name for name, _ in seen["signers"]] == [str(cast.anna), str(cast.clara)]


def test_nobody_agrees_to_something_they_have_not_read(cast, participation):
    plan = plan_of(participation)
    with holding.changing(plan):
        plan.reviews.first().delete()

    with pytest.raises(Faster):
        agreeing.agree_plan(plan=plan, by=cast.anna, read=plan.stamp)


def test_missing_are_goals_their_dates_and_measures_and_a_review(cast, participation):
    plan = drawing_up.draw_up_plan(participation=participation)

    assert [text for text, _ in agreeing.missing_from(plan)] == ["mindestens ein Ziel", "mindestens ein Review-Termin"]

    goal = goal_in(plan, 5, due_on=None)
    plan.reviews.create(planned_on=in_days(90))
    assert agreeing.missing_from(plan) == [
        ("Termin für das Ziel „Datenkompetenz“", f"/lernplaene/{plan.pk}/ziele/{goal.pk}/#id_due_on"),
        ("eine Maßnahme für das Ziel „Datenkompetenz“", f"/lernplaene/{plan.pk}/massnahmen/neu/?ziel={goal.pk}"),
    ]
    with pytest.raises(holding.OutOfState):
        agree(plan, cast.anna)


def test_an_agreed_plan_is_not_changed_and_not_agreed_again(cast, participation):
    plan = plan_of(participation, state=STATES.AGREED)

    with pytest.raises(holding.OutOfState), holding.changing(plan):
        pytest.fail("an agreed plan was opened for changes")
    with pytest.raises(holding.OutOfState):
        agree(plan, cast.anna)


def test_s_and_m_are_needed_to_agree_and_a_and_r_may_stay_open(participation):
    plan = plan_of(participation, goals=[5])
    plan.goals.update(specific="", seen_by="", ambitious="", realistic="")

    assert [text for text, _ in agreeing.missing_from(plan)] == [
        "was beim Ziel „Datenkompetenz“ gelingen soll (S)",
        "woran das Ziel „Datenkompetenz“ zu erkennen ist und wer es feststellt (M)",
    ]


def test_a_dropped_measure_is_none_for_its_goal(participation):
    plan = plan_of(participation, goals=[5], measures=0)
    measure_in(plan, plan.goals.get(), state=Measure.State.DROPPED)

    assert [text for text, _ in agreeing.missing_from(plan)] == ["eine Maßnahme für das Ziel „Datenkompetenz“"]


def test_an_agreed_plan_reopened_is_agreed_by_nobody_and_a_task_of_both(cast, participation):
    plan = plan_of(participation, state=STATES.AGREED)

    agreeing.reopen_plan(plan=plan)

    plan.refresh_from_db()
    assert (plan.state, plan.agreed_names) == (STATES.DRAFT, [])
    assert titles(cast.anna) == ["Lernplan ausarbeiten"]
    assert titles(cast.bernd) == ["Lernplan ausarbeiten: Anna Ärmel"]
    assert agree(plan, cast.anna, cast.bernd) == [False, True]


@pytest.mark.parametrize("state", [STATES.DRAFT, STATES.COMPLETED])
def test_only_an_agreed_plan_is_reopened(participation, state):
    plan = plan_of(participation, state=state)

    with pytest.raises(holding.OutOfState):
        agreeing.reopen_plan(plan=plan)


def test_a_plan_that_was_looked_back_on_is_not_reopened(participation):
    plan = plan_of(participation, state=STATES.AGREED)
    plan.reviews.filter(is_final=False).update(held_on=in_days(0))

    with pytest.raises(holding.OutOfState):
        agreeing.reopen_plan(plan=plan)

    plan.refresh_from_db()
    assert plan.is_agreed


def tasks_of(user):
    return plan_tasks.tasks_of(user, round_tasks.participations_of(user), plan_tasks.plans_of(user))


def titles(user):
    return sorted(task.title for task in tasks_of(user))


def test_a_recorded_talk_without_plan_is_a_task_of_both_while_the_round_is_open(cast, participation):
    assert titles(cast.anna) == ["Lernplan aufstellen"]
    assert titles(cast.bernd) == ["Lernplan aufstellen: Anna Ärmel"]
    assert [titles(getattr(cast, who)) for who in ("clara", "paula", "fremd", "audit")] == [[], [], [], []]

    Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    assert titles(cast.anna) == []


def test_a_draft_is_a_task_until_one_has_agreed(cast, participation):
    plan = plan_of(participation)

    agree(plan, cast.bernd)

    assert titles(cast.bernd) == []
    assert [(task.title, task.url, task.note) for task in tasks_of(cast.anna)] == [
        (
            "Lernplan vereinbaren",
            f"/lernplaene/{plan.pk}/",
            f"für Sie selbst · {participation.round} · Zugestimmt hat schon: Bernd Şahin-Žižek.",
        )
    ]


def test_measures_and_reviews_of_an_agreed_plan_become_tasks_thirty_days_before(cast, participation):
    plan = plan_of(participation, state=STATES.AGREED, measures=0)
    goal = plan.goals.first()
    for title, days, state in [
        ("bald", 30, Measure.State.PLANNED),
        ("später", 31, Measure.State.PLANNED),
        ("überfällig", -1, Measure.State.PLANNED),
        ("fertig", 5, Measure.State.DONE),
        ("entfallen", 5, Measure.State.DROPPED),
    ]:
        measure_in(plan, goal, title=title, due_on=in_days(days), state=state)
    interim, final = plan.reviews.all()
    interim.planned_on = in_days(-2)
    interim.save()

    assert titles(cast.anna) == ["Maßnahme: bald", "Maßnahme: überfällig", "Review-Gespräch"]
    assert [(task.title, task.url, task.due) for task in tasks_of(cast.bernd)] == [
        ("Review-Gespräch: Anna Ärmel", f"/lernplaene/{plan.pk}/reviews/{interim.pk}/", in_days(-2))
    ]
    assert titles(cast.paula) == []
    assert final.planned_on > TODAY + timedelta(days=30)


@pytest.mark.parametrize("count", [1, 3])
def test_tasks_cost_the_same_however_many_there_are(cast, django_assert_num_queries, count):
    for number in range(count):
        plan = plan_of(participation_of(cast.anna, title=f"Runde {number}"), state=STATES.AGREED)
        plan.measures.update(due_on=in_days(3))
        plan.reviews.filter(is_final=False).update(planned_on=in_days(3))
        plan_of(participation_of(cast.anna, title=f"Entwurf {number}"))
        participation_of(cast.anna, title=f"Gespräch {number}")

    anna = of_a_session(cast.anna)
    # participations, plans, measures, reviews, records of reviews, changes; what to refresh, last confirmed when
    # and the answers to the talks after which a plan is to be drawn up; groups in which somebody asks to learn together
    with django_assert_num_queries(10):
        found = tasks_of(anna)

    assert len(found) == count * (1 + 1 + 3 + 2)  # the review is to be held, and prepared


def test_a_goal_from_a_level_that_was_corrected_meanwhile_cannot_be_agreed(cast, participation):
    plan = plan_of(participation, goals=[5])
    goal = plan.goals.get()
    participation.talk.agreed_levels.filter(competency=goal.competency).update(level=goal.from_level + 1)

    texts = [text for text, _ in agreeing.missing_from(plan)]

    assert [text for text in texts if "hat sich geändert" in text] != []


def test_a_manager_of_many_draws_up_plans_from_the_team_page(cast):
    round_ = participation_of(cast.anna).round
    for number in range(5):
        other = participation_of(cast.anna, title=f"Runde {number}")
        person = Person.objects.create_user(f"p{number}@example.org", first_name="P", last_name="X", manager=cast.bernd)
        Participation.objects.filter(pk=other.pk).update(round=round_, person=person)

    assert [(task.title, task.url, task.note) for task in tasks_of(cast.bernd)] == [
        ("6 Lernpläne aufstellen", "/team/", "Runde 2026")
    ]


def test_each_step_of_my_own_plan_is_told_in_words(cast, participation):
    plan = plan_of(participation)

    def step():
        (own,) = plan_tasks.plans_of(cast.anna)
        return plan_tasks.step_in_words(own, cast.anna)

    seen = [step()]
    for move in (
        lambda: agree(plan, cast.anna),
        lambda: agree(plan, cast.bernd),
        lambda: plan.reviews.filter(is_final=True).delete() and plan.reviews.update(held_on=in_days(0)),
        lambda: plan.reviews.update(is_final=True),
        lambda: LearningPlan.objects.update(state=STATES.COMPLETED, completed_on=in_days(0)),
    ):
        move()
        seen.append(step())

    LearningPlan.objects.update(state=STATES.DRAFT, agreed_by_person_on=None)
    assert [*seen, step()] == [
        "Lernplan ausarbeiten",
        "Lernplan wartet auf die Zustimmung Ihrer Führungskraft",
        f"Lernplan vereinbart, nächstes Gespräch am {date_format(in_days(90))}",
        "Lernplan vereinbart; es fehlt ein Termin für das Abschlussgespräch",
        "Abschlussgespräch festgehalten, die Antwort darauf steht aus",
        "abgeschlossen",
        "Lernplan vereinbaren",
    ]


def test_a_plan_is_agreed_only_on_a_result_that_stands(cast):
    plan = plan_of(participation_of(cast.anna, talk_state=TalkProgress.RECORDED))
    waiting = [text for text, _ in agreeing.missing_from(plan)]

    plan.participation.round.state = Round.State.CLOSED

    assert waiting == ["die Antwort von Anna Ärmel auf das Ergebnis des Gesprächs"]
    assert agreeing.missing_from(plan) == []


def test_a_goal_the_other_side_has_removed_does_not_come_back(participation):
    plan = plan_of(participation)
    goal = plan.goals.first()
    goals.remove_goal(goal=plan.goals.get(pk=goal.pk))

    with pytest.raises(holding.OutOfState):
        goals.change_goal(goal=goal)

    assert plan.goals.count() == 2


def test_there_is_one_final_review_whoever_adds_it_first(participation):
    plan = plan_of(participation, final=False)
    first, second = (Review(plan=plan, planned_on=in_days(200), is_final=True) for _ in range(2))
    reviews.schedule_reviews(review=first, days=[first.planned_on])

    with pytest.raises(holding.OutOfState):
        reviews.schedule_reviews(review=second, days=[second.planned_on])

    assert plan.reviews.filter(is_final=True).count() == 1


def test_what_is_due_for_refreshing_is_a_task_of_the_person_alone(cast, participation):
    Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    refresh_alone(order=5)
    participation.talk.held_on = date(2026, 4, 1)
    participation.talk.save()

    assert [(task.title, task.url, task.due, task.note) for task in tasks_of(cast.anna)] == [
        (
            "Kompetenz auffrischen: Datenkompetenz",
            "/entwicklung/",
            None,
            "Kenner, zuletzt bestätigt am 1.\xa0April 2026",
        )
    ]
    assert [titles(getattr(cast, who)) for who in ("bernd", "paula", "fremd")] == [[], [], []]


@pytest.mark.parametrize(("goals", "expected"), [([5], []), ([8], ["Kompetenz auffrischen: Datenkompetenz"])])
def test_what_a_running_plan_builds_is_not_asked_for_once_more(cast, participation, goals, expected):
    refresh_alone(order=5)
    participation.talk.held_on = date(2026, 4, 1)
    participation.talk.save()
    plan_of(participation, state=STATES.AGREED, goals=goals, measures=0)

    assert [title for title in titles(cast.anna) if title.startswith("Kompetenz")] == expected


def test_who_rests_is_asked_for_no_refreshing(cast, participation):
    refresh_alone(order=5)
    participation.talk.held_on = date(2026, 4, 1)
    participation.talk.save()
    Participation.objects.update(paused_on=TODAY)

    assert [title for title in titles(cast.anna) if title.startswith("Kompetenz")] == []


@pytest.fixture
def offered(participation):
    """A draft whose first measure uses an offer of HR's."""
    plan = plan_of(participation)
    measure = plan.measures.first()
    measure.offer = Offer.objects.create(format=measure.format, title="Kurs", link="https://kurs.example/")
    measure.save()
    return plan


def hr_makes_something_else_of_it():
    Offer.objects.update(title="Anderer Kurs", link="https://anderswo.example/")
    LearningFormat.objects.update(name="Anderes Format", needs_consent=True)


OTHERWISE = ["Anderer Kurs", "https://anderswo.example/", "Anderes Format", "Einverständnis fehlt"]


@pytest.mark.parametrize("is_agreed", [True, False])
def test_what_hr_makes_of_formats_and_offers_changes_nothing_that_one_has_agreed_to(as_, cast, offered, is_agreed):
    """Else somebody who agreed to nothing would change what two agree, and where its links lead."""
    agree(offered, *([cast.anna, cast.bernd] if is_agreed else [cast.anna]))
    before = offered.measures.first().format.name
    hr_makes_something_else_of_it()

    page = as_(cast.anna).get(offered.get_absolute_url()).text
    paper = " ".join(text_of(as_(cast.anna).get(reverse("learningplans:pdf", args=[offered.pk])).content).split())

    assert [text in page for text in OTHERWISE] == [False, False, False, not is_agreed]
    assert ("https://kurs.example/" in page, "https://kurs.example/" in paper, before in paper) == (True,) * 3


def test_a_plan_that_is_a_draft_again_keeps_its_words_and_asks_what_hr_asks_now(cast, offered):
    agree(offered, cast.anna, cast.bernd)
    before = offered.measures.first().format.name
    agreeing.reopen_plan(plan=offered)
    hr_makes_something_else_of_it()

    measure = offered.measures.first()
    assert [measure.offer_name, measure.offer_link, measure.format_name, measure.asks_consent] == [
        "Kurs", "https://kurs.example/", before, True,
    ]  # fmt: skip


def test_of_a_page_that_both_have_read_hr_changes_nothing(cast, offered):
    agree(offered, cast.anna)
    read = LearningPlan.objects.get(pk=offered.pk).stamp
    hr_makes_something_else_of_it()
    LearningFormat.objects.update(needs_consent=False)

    agreeing.agree_plan(plan=offered, by=cast.bernd, read=read)

    measure = Measure.objects.get(offer__isnull=False)
    assert (measure.plan.state, measure.offer_name, measure.offer_link) == ("agreed", "Kurs", "https://kurs.example/")
