"""The pages that look at all apps: Meine Aufgaben, Meine Daten, and how the app looks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from assessments.opening import close_round
from kompetenz.people.tasks import Task, in_order
from learningplans import planning
from learningplans.models import LearningPlan
from tests.conftest import Stage

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


def test_tasks_come_by_date_and_those_without_one_last():
    later, sooner, never = Task("B", "/b/", TODAY), Task("C", "/c/", YESTERDAY), Task("A", "/a/")
    same_day = Task("A", "/a/", TODAY)

    assert in_order([never, later, sooner, same_day]) == [sooner, same_day, later, never]


@pytest.mark.parametrize(("due", "overdue"), [(YESTERDAY, True), (TODAY, False), (None, False)])
def test_the_last_day_is_not_late(due, overdue):
    assert Task("A", "/a/", due).is_overdue(TODAY) is overdue


def test_somebody_with_nothing_to_do_is_told_so(as_, cast):
    page = as_(cast.fremd).get("/").text

    assert "Für Sie steht gerade nichts an." in page
    assert "Ihr Kompetenzrad entsteht mit Ihrer ersten Selbsteinschätzung." in page


def test_the_page_lists_tasks_of_all_rounds_by_date_and_says_what_is_late(as_, cast):
    Stage(cast, title="Spätere Runde")
    early = Stage(cast, title="Frühere Runde")
    Round.objects.filter(pk=early.round.pk).update(self_due=YESTERDAY)

    page = as_(cast.anna).get("/").text

    tasks = page.split('class="task-list"')[1].split("</ul>")[0]
    assert tasks.index("Frühere Runde") < tasks.index("Spätere Runde")
    assert tasks.count(f"überfällig seit {YESTERDAY:%d.%m.%Y}") == 1


def test_my_wheel_is_that_of_my_latest_round(as_, cast):
    close_round(round_=Stage(cast, title="Alte Runde").release_both().round)
    Stage(cast, title="Neue Runde")

    page = as_(cast.anna).get("/").text

    assert "Neue Runde</a> ·" in page
    assert "Noch leer: Das Rad füllt sich mit Ihrer Selbsteinschätzung." in page
    assert "Fremdeinschätzung" not in page


@pytest.mark.parametrize(
    ("steps", "filled"),
    [
        (lambda s: s.answer(s.own), "Gefüllt: Ihre Selbsteinschätzung."),
        (lambda s: s.release_both().record(), "Gefüllt: das vereinbarte Ist."),
    ],
)
def test_the_wheel_says_what_it_shows(as_, stage, steps, filled):
    steps(stage)

    assert filled in as_(stage.cast.anna).get("/").text


def test_tasks_of_the_learning_plan_stand_beside_those_of_rounds(as_, stage):
    stage.release_both().record().confirm()
    plan = planning.draw_up_plan(participation=stage.participation)

    page = as_(stage.cast.anna).get("/").text

    assert "Lernplan zu „Runde 2026“" in page
    assert plan.get_absolute_url() in page


@pytest.mark.parametrize("rounds", [1, 4])
def test_start_query_count(as_, cast, rounds, django_assert_num_queries):
    for number in range(rounds):
        stage = Stage(cast, title=f"Runde {number}").release_both().record()
        planning.draw_up_plan(participation=stage.participation)
    client = as_(cast.anna)
    client.get("/")

    # session, user; drafts, talks, records; to be planned, to be agreed, measures, reviews; latest participation with
    # targets, assessments, ratings, remarks, agreed levels; leads people, my plans
    with django_assert_num_queries(17):
        client.get("/")


def test_my_data_name_every_round_the_latest_first_and_who_sees_what(as_, cast):
    close_round(round_=Stage(cast, title="Alte Runde").round)
    Stage(cast, title="Neue Runde", shows_levels_to_hr=True)

    page = as_(cast.anna).get(reverse("my_data")).text

    assert page.index("Neue Runde") < page.index("Alte Runde")
    assert "Stand und Stufen" in page.split("Neue Runde")[1].split("</tr>")[0]
    assert "nur den Stand" in page.split("Alte Runde")[1].split("</tr>")[0]
    for fact in ("Anna Ärmel", "anna.ärmel@test.example", "0003", "10.1 Digitalisierung", "Bernd Şahin-Žižek"):
        assert fact in page


def test_my_data_are_mine_alone(as_, stage):
    stage.release_both().record()
    planning.draw_up_plan(participation=stage.participation)

    mine = as_(stage.cast.anna).get(reverse("my_data")).text
    managers = as_(stage.cast.bernd).get(reverse("my_data")).text

    assert LearningPlan.objects.get().get_absolute_url() in mine
    assert "Sie haben noch an keiner Runde teilgenommen." in managers
    assert "Ärmel" not in managers


@pytest.mark.parametrize("rounds", [1, 5])
def test_my_data_query_count(as_, cast, rounds, django_assert_num_queries):
    for number in range(rounds):
        Stage(cast, title=f"Runde {number}")
    client = as_(cast.anna)

    with django_assert_num_queries(7):  # session, user, leads people, unit, manager, participations, plans
        client.get(reverse("my_data"))


# Light and dark -----------------------------------------------------------------------------------


def switch(client, **sent):
    return client.post(reverse("theme"), sent)


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_a_chosen_look_is_kept_for_a_year_in_a_cookie_no_script_reads(client, db, chosen):
    response = switch(client, darstellung=chosen, next="/impressum/")

    cookie = response.cookies["darstellung"]
    assert response.headers["Location"] == "/impressum/"
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        chosen,
        365 * 24 * 3600,
        True,
        "Lax",
    )
    assert f'data-kern-theme="{chosen}"' in client.get("/impressum/").text


@pytest.mark.parametrize("chosen", ["", "pink", '"><script>'])
def test_anything_else_is_as_the_device_says(client, db, chosen):
    switch(client, darstellung="dark")

    response = switch(client, darstellung=chosen)

    assert response.cookies["darstellung"].value == ""
    assert "data-kern-theme" not in client.get("/impressum/").text


def test_a_forged_cookie_says_nothing(client, db):
    client.cookies["darstellung"] = 'x" onload="alert(1)'

    assert "onload" not in client.get("/impressum/").text


@pytest.mark.parametrize(
    "address", ["https://boese.example/", "//boese.example", "javascript:alert(1)", "https:///boese.example", ""]
)
def test_nobody_is_sent_to_a_foreign_place(client, db, address):
    assert switch(client, next=address).headers["Location"] == "/"


@pytest.mark.parametrize("address", ["/impressum/", "/personen/?suche=an", "impressum"])
def test_everybody_is_sent_back_to_where_they_were(client, db, address):
    assert switch(client, next=address).headers["Location"] == address


def test_a_look_is_not_chosen_by_a_link(client, db):
    assert client.get(reverse("theme")).status_code == 405
