"""The pages that look at all apps: Meine Aufgaben, Meine Daten, and how the app looks."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from assessments.answering import paper_entry
from assessments.changes.handing_over import hand_over
from assessments.models import Participation
from assessments.rounds.closing import close_round
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from kompetenz.people.tasks import Task, by_urgency, in_order
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from roles.models import Requirement, RoleHolding, RoleProfile
from tests.clock import TODAY
from tests.conftest import Stage, plan_round

YESTERDAY = TODAY - timedelta(days=1)


def day_in_words(day):
    """As it stands in a text whose blanks are all the same."""
    return " ".join(date_format(day).split())


def test_tasks_come_by_date_and_those_without_one_last():
    later, sooner, never = Task("B", "/b/", TODAY), Task("C", "/c/", YESTERDAY), Task("A", "/a/")
    same_day = Task("A", "/a/", TODAY)

    assert in_order([never, later, sooner, same_day]) == [sooner, same_day, later, never]


@pytest.mark.parametrize(("due", "overdue"), [(YESTERDAY, True), (TODAY, False), (None, False)])
def test_the_last_day_is_not_late(due, overdue):
    assert Task("A", "/a/", due).is_overdue(TODAY) is overdue


def test_tasks_are_grouped_by_how_much_they_hurry_and_late_begins_the_day_after():
    friday = date(2026, 5, 22)
    days = [("nie", None), ("gestern", -1), ("heute", 0), ("Sonntag", 2), ("Montag", 3)]
    tasks = [Task(name, "/", None if more is None else friday + timedelta(days=more)) for name, more in days]

    groups = [(title, [(task.title, late) for task, late in found]) for title, found in by_urgency(tasks, friday)]

    assert groups == [
        ("Überfällig oder heute fällig", [("gestern", True), ("heute", False)]),
        ("Diese Woche fällig", [("Sonntag", False)]),
        ("Später fällig", [("Montag", False)]),
        ("Ohne Termin", [("nie", False)]),
    ]
    assert tasks[1].late_since == friday


def test_what_is_due_later_comes_next_where_nothing_hurries_more():
    """On the day a round opens "later" would say that there is nothing to do yet."""
    friday = date(2026, 5, 22)
    tasks = [Task("In vier Wochen", "/", friday + timedelta(days=28)), Task("Irgendwann", "/")]

    assert [title for title, _ in by_urgency(tasks, friday)] == ["Als Nächstes", "Ohne Termin"]
    assert [title for title, _ in by_urgency(tasks[1:], friday)] == ["Ohne Termin"]


def test_of_two_tasks_called_alike_each_is_named_with_its_round():
    tasks = [Task("Ausfüllen", "/1/", note="Runde A"), Task("Ausfüllen", "/2/", note="Runde B"), Task("Planen", "/3/")]

    ((_, found),) = by_urgency(tasks, TODAY)

    assert [(task.title, task.is_alike) for task, _ in found] == [
        ("Ausfüllen", True),
        ("Ausfüllen", True),
        ("Planen", False),
    ]


def test_somebody_with_nothing_to_do_is_told_so(as_, cast):
    page = as_(cast.fremd).get("/").text

    assert "Für Sie steht gerade nichts an." in page
    assert "Ihr Kompetenzrad entsteht mit Ihrer ersten Selbsteinschätzung." in page


def test_the_page_lists_tasks_of_all_rounds_by_date_and_says_what_is_late(as_, cast):
    Stage(cast, title="Spätere Runde")
    early = Stage(cast, title="Frühere Runde")
    Participation.objects.filter(round=early.round).update(self_due=YESTERDAY)

    page = as_(cast.anna).get("/").text

    tasks = page.split("Überfällig oder heute fällig")[1].split("Meine Runden")[0]
    assert tasks.index("Frühere Runde") < tasks.index("Spätere Runde")
    assert " ".join(tasks.split()).count(f"überfällig seit {day_in_words(TODAY)}") == 1


def test_my_wheel_is_that_of_my_latest_round_with_anything_filled(as_, cast):
    close_round(round_=Stage(cast, title="Alte Runde").release_both().record().confirm().round)
    middle = Stage(cast, title="Mittlere Runde")
    Stage(cast, title="Neue Runde")
    client = as_(cast.anna)

    before = client.get("/").text
    middle.answer(middle.own)
    after = client.get("/").text

    assert ("Alte Runde</a> ·" in before, "Gefüllt: das vereinbarte Ist." in before) == (True, True)
    assert ("Mittlere Runde</a> ·" in after, "Gefüllt: Ihre Selbsteinschätzung." in after) == (True, True)


def test_where_nothing_is_filled_my_wheel_is_that_of_my_latest_round(as_, cast):
    close_round(round_=Stage(cast, title="Alte Runde").round)
    Stage(cast, title="Neue Runde")

    page = as_(cast.anna).get("/").text

    assert "Neue Runde</a> ·" in page
    assert "Noch leer: Das Rad füllt sich mit Ihrer Selbsteinschätzung." in page
    assert "Fremdeinschätzung" not in page


def my_rounds(page):
    """The list "Meine Runden" as text: one line for each round."""
    items = page.split("<h2>Meine Runden</h2>")[1].split("</ul>")[0].split("<li>")[1:]
    return [" ".join(strip_tags(item.replace("<br>", " | ")).split()) for item in items]


def test_my_rounds_are_those_running_and_the_one_ended_last_each_with_its_next_step(as_, cast):
    for title in ("Erste Runde", "Zweite Runde"):
        close_round(round_=Stage(cast, title=title).release_both().record().round)
    planned = Stage(cast, title="Mit Plan").release_both().record().confirm()
    drawing_up.draw_up_plan(participation=planned.participation)
    waiting = Stage(cast, title="Wartende Runde")
    waiting.release(waiting.own)

    page = as_(cast.anna).get("/").text

    due = day_in_words(waiting.round.manager_due)
    assert my_rounds(page) == [
        f"Wartende Runde | wartet auf die Fremdeinschätzung bis {due}",
        "Mit Plan | Lernplan ausarbeiten",
        "Zweite Runde | abgeschlossen",
    ]


def test_who_waits_for_others_is_told_so_and_not_that_nothing_is_on(as_, stage):
    stage.release(stage.own)

    page = as_(stage.cast.anna).get("/").text

    assert "Gerade liegt nichts bei Ihnen." in page
    assert "Für Sie steht gerade nichts an." not in page


def test_after_the_last_round_nothing_is_on(as_, stage):
    close_round(round_=stage.round)

    page = as_(stage.cast.anna).get("/").text

    assert "Für Sie steht gerade nichts an." in page
    assert my_rounds(page) == ["Runde 2026 | beendet ohne vereinbartes Ist"]


def test_the_rounds_of_my_people_are_not_mine(as_, stage):
    stage.release_both().record()

    page = as_(stage.cast.bernd).get("/").text

    assert "Meine Runden" not in page
    assert "Ihr Kompetenzrad entsteht mit Ihrer ersten Selbsteinschätzung." in page


@pytest.mark.parametrize(
    ("steps", "filled"),
    [
        (lambda s: s.answer(s.own), "Gefüllt: Ihre Selbsteinschätzung."),
        (lambda s: s.release_both().talk(), "Gefüllt: das Ist aus dem Gespräch, noch nicht festgehalten."),
        (lambda s: s.release_both().record(), "Gefüllt: das Ist aus dem Gespräch, festgehalten, noch keine Antwort."),
        (lambda s: s.release_both().record().confirm(), "Gefüllt: das vereinbarte Ist."),
    ],
)
def test_the_wheel_says_what_it_shows(as_, stage, steps, filled):
    steps(stage)

    assert filled in as_(stage.cast.anna).get("/").text


def test_tasks_of_the_learning_plan_stand_beside_those_of_rounds(as_, stage):
    stage.release_both().record().confirm()
    plan = drawing_up.draw_up_plan(participation=stage.participation)

    page = as_(stage.cast.anna).get("/").text

    assert "Lernplan zu „Runde 2026“" in page
    assert plan.get_absolute_url() in page


def test_hr_alone_is_told_of_letters_that_need_a_decision(as_, cast):
    people = [cast.anna, cast.bernd, cast.clara]
    write_letters(kind="invitation", key="round-1-invitation-person", path="/", people=people)
    assert "Ihre Entscheidung" not in as_(cast.paula).get("/").text
    Letter.objects.filter(person=cast.anna).update(state="refused")
    Letter.objects.filter(person=cast.bernd).update(state="uncertain", claimed_at=timezone.now())

    pages = {somebody: as_(somebody).get("/").text for somebody in (cast.paula, cast.audit, cast.anna)}

    told = {somebody: "2 E-Mails brauchen Ihre Entscheidung" in page for somebody, page in pages.items()}
    assert told == {cast.paula: True, cast.audit: False, cast.anna: False}
    assert f'href="{reverse("letters:waiting")}"' in pages[cast.paula]


def test_hr_alone_reads_how_to_get_to_a_first_round_and_no_longer_once_there_is_one(as_, cast):
    words = "So kommen Sie zur ersten Runde"
    assert words not in as_(cast.anna).get("/").text

    page = as_(cast.paula).get("/").text
    plan_round(cast)
    later = as_(cast.paula).get("/").text
    Stage(cast)
    running = as_(cast.paula).get("/").text

    assert (words in page, words in later, words in running) == (True, True, False)
    assert (page.count("erledigt"), later.count("erledigt")) == (
        3,
        4,
    )  # people, managers, roles; and a round is prepared
    for name in ("people:staff_import", "people:list", "roles:list", "assessments:round_create"):
        assert f'href="{reverse(name)}"' in page


def test_a_running_round_says_how_far_it_is_and_what_it_needs(as_, cast):
    stage = Stage(cast)
    stage.release(stage.own)
    Person.objects.filter(pk=cast.dora.pk).update(email=None)
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=YESTERDAY)
    Participation.objects.filter(person=cast.dora).update(declined_on=None)

    page = " ".join(as_(cast.paula).get("/").text.split())

    address = stage.round.get_absolute_url()
    assert "Das braucht Ihre Entscheidung" in page
    assert f'<strong>1</strong><span><a href="{address}?merkmal=ohne-mail">Person ohne E-Mail-Adresse</a>' in page
    assert f'<a href="{address}aenderungen/?art=ausgeschieden">ausgeschiedene Person</a>' in page
    assert "Das braucht Ihre Entscheidung" not in as_(cast.clara).get("/").text


def test_a_paper_entry_that_the_person_rejects_waits_for_hr(as_, cast):
    stage = Stage(cast)
    levels = {competency.id: 1 for competency in stage.competencies}
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=levels)
    as_(cast.paula)
    paper_entry.reject_entry(pk=stage.own.pk, by=cast.anna)

    page = as_(cast.paula).get("/").text
    listed = as_(cast.paula).get(f"{stage.round.get_absolute_url()}?stand=papier-abgelehnt").text

    assert "?stand=papier-abgelehnt" in page
    assert ("1 von 2 Personen" in listed, "Ärmel, Anna" in listed) == (True, True)


def test_another_role_and_a_changed_profile_wait_for_hr_where_they_are_decided(as_, cast):
    stage, client = Stage(cast), as_(cast.paula)
    changes = reverse("assessments:round_changes", args=[stage.round.pk])

    def waiting():
        return re.findall(rf'href="{changes}\?art=(\w+)"', client.get("/").text)

    before = waiting()
    profile = stage.participation.profile
    RoleHolding.objects.filter(person=cast.anna).update(profile=RoleProfile.objects.exclude(pk=profile.pk).first())
    Requirement.objects.filter(profile=profile).update(level=0)

    assert (before, waiting()) == ([], ["rolle", "profil"])  # anna has another role, dora the one that has changed


@pytest.mark.parametrize("rounds", [1, 4])
def test_the_start_of_hr_costs_the_same_for_many_rounds_to_hand_over(as_, cast, rounds, django_assert_num_queries):
    for number in range(rounds):
        Stage(cast, title=f"Runde {number}")
    cast.anna.manager = cast.clara
    cast.anna.save()
    client = as_(cast.paula)
    client.get("/")

    # session, user; rounds, their states, what waits in them; what roles ask, asked and ask of others now; participations,
    # colleagues' requests, plans, letters, managers to follow, announced deletions, those that have not come to an end, jobs
    with django_assert_num_queries(16):
        page = client.get("/").text

    assert page.count("Übergabe an eine neue Führungskraft") == rounds
    assert "Für Sie steht gerade nichts an" not in page


@pytest.mark.parametrize("rounds", [1, 4])
def test_start_query_count(as_, cast, rounds, django_assert_num_queries):
    for number in range(rounds):
        stage = Stage(cast, title=f"Runde {number}").release_both().record()
        plan = drawing_up.draw_up_plan(participation=stage.participation)
        LearningPlan.objects.filter(pk=plan.pk).update(
            state=LearningPlan.State.AGREED, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY
        )
    client = as_(cast.anna)
    client.get("/")

    # session, user; participations, colleagues' requests, plans, measures, reviews, records of reviews and
    # changes of plans to be answered, groups to join, what to refresh, last confirmed when;
    # the wheel's targets, assessments, ratings, agreed levels
    with django_assert_num_queries(16):
        client.get("/")


def test_my_data_name_every_round_the_latest_first_and_who_sees_what(as_, cast):
    close_round(round_=Stage(cast, title="Alte Runde").round)
    Stage(cast, title="Neue Runde", shows_levels_to_hr=True)

    page = as_(cast.anna).get(reverse("my_data")).text

    assert page.index("Neue Runde") < page.index("Alte Runde")
    assert "Stand und Stufen" in page.split("Neue Runde")[1].split("</tr>")[0]
    assert "nur den Stand" in page.split("Alte Runde")[1].split("</tr>")[0]
    for fact in ("Anna Ärmel", cast.anna.email, "0003", "10.1 Digitalisierung", "Bernd Şahin-Žižek"):
        assert fact in page


def test_my_data_are_mine_alone(as_, stage):
    stage.release_both().record()
    drawing_up.draw_up_plan(participation=stage.participation)

    mine = as_(stage.cast.anna).get(reverse("my_data")).text
    managers = as_(stage.cast.bernd).get(reverse("my_data")).text

    assert LearningPlan.objects.get().get_absolute_url() in mine
    assert "Sie haben noch an keiner Runde teilgenommen." in managers
    assert "Ärmel" not in managers


def test_my_data_say_who_has_handed_my_round_over_to_whom(as_, stage):
    cast = stage.cast
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    hand_over(participations=[stage.participation], by=cast.paula)

    said = " ".join(as_(cast.anna).get(reverse("my_data")).text.split())

    assert f"von {cast.bernd} an {cast.clara} übergeben, durch {cast.paula}" in said
    assert "Übergaben" not in as_(cast.dora).get(reverse("my_data")).text


@pytest.mark.parametrize("rounds", [1, 5])
def test_my_data_query_count(as_, cast, rounds, django_assert_num_queries):
    for number in range(rounds):
        Stage(cast, title=f"Runde {number}")
    client = as_(cast.anna)

    with django_assert_num_queries(
        12
    ):  # hand-overs, session, user, unit, manager, participations, plans, deputies, calendar address; until when: rounds, plans, participations
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


def test_my_wheel_shows_what_was_agreed_last_in_a_review_too(as_, cast):
    stage = Stage(cast).release_both().record(level=1).confirm()
    plan = drawing_up.draw_up_plan(participation=stage.participation)
    competency = stage.competencies[4].id
    goal = plan.goals.filter(competency=competency).first() or plan.goals.create(
        competency_id=competency, from_level=1, to_level=3
    )
    LearningPlan.objects.update(state="agreed", agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY)
    review = plan.reviews.create(planned_on=TODAY, held_on=TODAY)
    review.goal_reviews.create(goal=goal, agreed_level=3)
    client = as_(cast.anna)

    page = client.get("/").text

    drawn = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])["layout"][
        "meta"
    ]
    assert drawn["series"][0] == "Vereinbartes Ist"
    assert drawn["levels"][0] == [1, 1, 1, 1, 3] + [1] * (len(stage.competencies) - 5)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "Meine Aufgaben"),
        ("/personen/", "Personen"),
        ("/personen/{}/loeschen/", "Personen"),
        ("/fortbildung/", "Fortbildung"),
        ("/lernformate/", "Fortbildung"),
        ("/gemeinsame-ziele/", "Fortbildung"),
        ("/runden/neu/", "Runden"),
        ("/auswertung/", "Auswertung"),
        ("/rollenprofile/", "Rollenprofile"),
        ("/katalog/", "Katalog"),
    ],
)
def test_the_navigation_marks_where_one_is_and_nothing_else(as_, cast, path, current):
    navigation = as_(cast.paula).get(path.format(cast.anna.pk)).text.partition("<nav")[2].partition("</nav>")[0]

    assert [part.strip() for part in re.findall(r'aria-current="page"[^>]*>([^<]*)<', navigation)] == [current]


def test_a_page_below_that_of_the_team_is_marked_as_part_of_it(as_, cast):
    navigation = as_(cast.bernd).get("/team/vertretung/").text.partition("<nav")[2].partition("</nav>")[0]

    assert re.findall(r'aria-current="page"[^>]*>([^<]*)<', navigation) == ["Team"]


def test_dates_can_be_subscribed_to_or_taken_along_once(as_, stage):
    page = as_(stage.cast.anna).get("/").text

    assert [f'href="{reverse(name)}"' in page for name in ("calendar_address", "calendar")] == [True, True]


def test_of_many_jobs_that_wait_the_first_are_named_and_the_others_stand_on_their_page(as_, cast):
    def named(number):
        Job.objects.bulk_create(Job(kind="none", subject=str(n), title="Auftrag", total=1) for n in range(number))
        page = as_(cast.paula).get("/").content.decode()
        Job.objects.all().delete()
        return page.count(">Auftrag<"), page.count(">Weitere Aufträge<")

    assert named(20) == (20, 0)
    assert named(21) == (20, 1)
