"""The team page: where each of a manager's people stands, and the next step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Participation, PlanProgress, Progress
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.telling import tasks
from kompetenz.people.models import Person
from learningplans.models import LearningPlan
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY
from tests.conftest import Stage


@pytest.fixture
def team(as_, cast):
    def page(who=None, **query):
        return as_(who or cast.bernd).get(reverse("assessments:team"), query).text

    return page


def test_a_manager_sees_their_own_people_and_nobody_else_theirs(team, stage):
    assert "Anna Ärmel" in team()
    assert "Dora Özgür" in team()
    assert "Anna Ärmel" not in team(stage.cast.clara)
    assert "Ihnen sind keine Beschäftigten zugeordnet." in team(stage.cast.fremd)


NAMED = '<span class="sr-only">: Anna Ärmel</span>'  # in a list of links without the table


def test_the_next_step_follows_from_the_states(team, stage):
    seen = []
    for step in (
        lambda: None,
        lambda: stage.release(stage.manager),
        lambda: stage.release(stage.own),
        stage.record,
        stage.confirm,
        lambda: close_round(round_=stage.round),
    ):
        step()
        row = team().split("Anna Ärmel</a></th>")[1].split("</td>")[0]
        seen.append(row.split('"Nächster Schritt">')[1].strip())

    assessment = reverse("assessments:assessment", args=[stage.manager.pk])
    talk = reverse("assessments:talk", args=[stage.participation.pk])
    assert seen == [
        f'<a href="{assessment}">Fremdeinschätzung{NAMED}</a>',
        "wartet auf die Selbsteinschätzung",
        f'<a href="{talk}">Gespräch führen{NAMED}</a>',
        "wartet auf die Antwort von Anna Ärmel",
        f'<a href="{stage.participation.get_absolute_url()}">Lernplan aufstellen{NAMED}</a>',
        "–",
    ]


def test_a_record_that_was_sent_back_is_to_be_changed_and_no_talk_to_be_held(team, stage):
    stage.release_both().record()
    recording.send_back(talk=stage.participation.talk, by=stage.cast.anna, reason="Nummer 3 war anders.")

    row = team().split("Anna Ärmel</a></th>")[1].split("</td>")[0]

    assert ("Niederschrift ändern" in row, "Gespräch führen" in row) == (True, False)


@pytest.mark.parametrize(
    ("plan_state", "running", "ended"),
    [
        (PlanProgress.DRAFT, "Lernplan ausarbeiten", "–"),
        (PlanProgress.AGREED, "Lernplan begleiten", "Lernplan begleiten"),
        (PlanProgress.COMPLETED, "ansehen", "–"),
    ],
)
def test_a_plan_has_its_next_step_too_also_after_the_round(team, stage, plan_state, running, ended):
    stage.release_both().record().confirm()
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=plan_state)

    def step():
        row = team().split("Anna Ärmel</a></th>")[1].split("</td>")[0]
        return strip_tags(row.split('"Nächster Schritt">')[1].replace(NAMED, "")).strip()

    before = step()
    close_round(round_=stage.round)
    assert (before, step()) == (running, ended)


@pytest.mark.parametrize(
    ("who", "words"), [("person", "Lernplan ausarbeiten"), ("manager", "wartet auf die Zustimmung von Anna Ärmel")]
)
def test_whoever_has_agreed_to_a_draft_waits_for_the_other(team, stage, who, words):
    stage.release_both().record().confirm()
    LearningPlan.objects.create(participation=stage.participation, **{f"agreed_by_{who}_on": TODAY})
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=PlanProgress.DRAFT)

    row = team().split("Anna Ärmel</a></th>")[1].split("</td>")[0]

    assert strip_tags(row.split('"Nächster Schritt">')[1].replace(NAMED, "")).strip() == words


def test_what_is_late_says_so(team, stage):
    past = TODAY - timedelta(days=1)
    Participation.objects.update(self_due=past, manager_due=past, talk_due=past)
    before = team().count("überfällig")
    Participation.objects.update(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)

    assert (before, team().count("überfällig")) == (2, 2)


def test_of_a_round_what_is_due_first_comes_first_with_its_date(team, stage):
    annas = Participation.objects.filter(person=stage.cast.anna)
    dates = []
    for due in (TODAY + timedelta(days=2), TODAY - timedelta(days=2)):
        Participation.objects.update(manager_due=TODAY + timedelta(days=1))
        annas.update(manager_due=due)
        page = team()
        dates.append((page.index("Anna Ärmel") < page.index("Dora Özgür"), f"{due:%d.%m.%Y}" in page))

    assert dates == [(False, True), (True, False)]
    assert f"überfällig seit {TODAY - timedelta(days=1):%d.%m.%Y}" in page


def test_running_rounds_come_before_ended_ones(team, cast):
    close_round(round_=Stage(cast, title="Alte Runde").round)
    Stage(cast, title="Neue Runde")

    page = team()

    assert page.index("Neue Runde") < page.index("Alte Runde")


def test_a_manager_of_many_turns_pages(team, cast):
    many(cast, 60)
    Stage(cast)

    first, second, beyond = team(), team(seite=2), team(seite=99)

    assert [page.count('<th scope="row"') for page in (first, second, beyond)] == [50, 12, 12]
    assert "Seite 1 von 2" in first


@pytest.mark.parametrize("more", [0, 40])
def test_team_query_count(as_, cast, more, django_assert_num_queries):
    many(cast, more)
    Stage(cast)
    client = as_(cast.bernd)

    # session, user, count, participations with round and assessment; for whom they act, whether they
    # may name a deputy; whose learning plan is overdue; who lets them read earlier rounds
    with django_assert_num_queries(8):
        page = client.get(reverse("assessments:team")).text

    assert page.count('<th scope="row"') == 2 + more


def test_two_who_are_called_alike_are_told_apart_here_and_in_tasks(team, cast):
    Person.objects.filter(pk=cast.dora.pk).update(first_name="Anna", last_name="Ärmel", personnel_number="0099")
    Stage(cast)

    page = team()
    found = tasks.tasks_of(cast.bernd, tasks.participations_of(cast.bernd))

    both = ["0003 · 10.1 Digitalisierung", "0099 · 10.1 Digitalisierung"]
    assert [apart in page for apart in both] == [True, True]
    assert sorted(one.note.split(" · ", 1)[1].rpartition(" · ")[0] for one in found) == both
