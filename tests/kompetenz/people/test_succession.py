"""Another manager for all people of one who leaves or cannot sign in, in one step."""

import pytest
from django.urls import reverse

from assessments.models import Participation
from kompetenz.people.models import Person
from kompetenz.people.succession import passing_on
from kompetenz.refusals import Faster, Refused
from tests.clock import in_days
from tests.conftest import Stage


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def read_of(manager):
    return passing_on.stamp_of(Person.objects.of_manager(manager))


def send(client, manager, to, read=None):
    address = reverse("people:successor", args=[manager.pk])
    return client.post(address, {"manager": to.email or to.personnel_number, "read": read or read_of(manager)})


def test_who_is_deactivated_or_leaves_leads_to_a_form_for_all_their_people(hr, cast):
    Stage(cast)
    led = Person.objects.of_manager(cast.bernd).count()

    answer = hr.post(reverse("people:deactivate", args=[cast.bernd.pk]), follow=True)
    page = " ".join(answer.text.split())

    assert answer.redirect_chain[-1][0] == reverse("people:successor", args=[cast.bernd.pk])
    assert f"{led} Personen brauchen eine andere Führungskraft als {cast.bernd}." in page
    assert "2 Teilnahmen in „Runde 2026“" in page
    assert "Ärmel, Anna" in page


def test_all_people_and_what_runs_with_them_go_to_the_successor_in_one_step(hr, cast):
    stage = Stage(cast)
    Person.objects.filter(pk=cast.bernd.pk).update(is_active=False)
    people = set(Person.objects.of_manager(cast.bernd).values_list("pk", flat=True))

    answer = send(hr, cast.bernd, cast.clara)

    assert answer.status_code == 302
    assert set(Person.objects.of_manager(cast.clara).values_list("pk", flat=True)) >= people - {cast.clara.pk}
    assert set(stage.round.participations.values_list("manager", flat=True)) == {cast.clara.pk}
    assert not any(one.manager == cast.bernd and one.number > 1 for one in passing_on.vacancies())


def test_nobody_lets_themselves_in_and_nobody_leads_who_cannot(hr, as_, cast):
    Stage(cast)
    before = set(Person.objects.of_manager(cast.bernd).values_list("pk", flat=True))
    gone = Person.objects.create(first_name="Weg", last_name="Gegangen", email="weg@test.example", is_active=False)
    mute = Person.objects.create(first_name="Ohne", last_name="Adresse", personnel_number="OA-1")

    for to in (cast.paula, cast.bernd, gone, mute):
        assert send(hr, cast.bernd, to).status_code == 200
    assert hr.post(reverse("people:successor", args=[cast.bernd.pk]), {"read": "x"}).status_code == 200
    assert set(Person.objects.of_manager(cast.bernd).values_list("pk", flat=True)) == before


def test_others_than_were_named_are_not_passed_on(cast):
    Stage(cast)
    read = read_of(cast.bernd)
    Person.objects.create(first_name="Neu", last_name="Dabei", manager=cast.bernd)

    with pytest.raises(Faster):
        passing_on.pass_on(manager=cast.bernd, to=cast.clara, by=cast.paula, read=read)


def test_a_circle_is_refused(cast):
    Person.objects.filter(pk=cast.clara.pk).update(manager=cast.dora)  # dora is bernd's
    Person.objects.filter(pk=cast.bernd.pk).update(manager=None)

    with pytest.raises(Refused, match="Kreis"):
        passing_on.pass_on(
            manager=cast.bernd, to=Person.objects.get(pk=cast.clara.pk), by=cast.paula, read=read_of(cast.bernd)
        )


def test_whom_somebody_has_to_follow_is_listed_with_the_reason_and_is_one_task(hr, cast):
    Person.objects.filter(pk=cast.bernd.pk).update(email=None)
    without = hr.get(reverse("people:vacancies")).text
    start = hr.get("/").text
    Person.objects.filter(pk=cast.bernd.pk).update(email="bernd@test.example", leaving_date=in_days(20))
    leaving = hr.get(reverse("people:vacancies")).text
    Person.objects.filter(pk=cast.bernd.pk).update(leaving_date=in_days(90))

    assert "ohne E-Mail-Adresse" in without
    assert "Nachfolge für eine Führungskraft eintragen" in start
    assert f"letzter Arbeitstag am {in_days(20):%d.%m.%Y}" in leaving
    assert "Alle Führungskräfte sind da" in hr.get(reverse("people:vacancies")).text


@pytest.mark.parametrize("more", [0, 60])
def test_two_missing_addresses_are_two_lines(hr, cast, more):
    for number in range(more):
        Person.objects.create(first_name=f"P{number}", last_name="Viele", manager=cast.bernd)
    stage = Stage(cast)
    Person.objects.filter(pk=cast.bernd.pk).update(email=None)
    Participation.objects.update(manager=cast.bernd)

    page = hr.get(reverse("assessments:round_changes", args=[stage.round.pk]) + "?art=ohne-fuehrungskraft").text

    assert page.count("Nachfolge eintragen") == 1
    assert page.count("Führungskraft eintragen") == 0


def change_manager(client, person, to, **more):
    page = client.get(reverse("people:edit", args=[person.pk]))
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields if name not in {"is_hr", "is_auditor"}}
    return client.post(page.request["PATH_INFO"], values | {"manager": to.email, "read": form.read} | more, follow=True)


def test_who_gives_one_person_another_manager_is_told_what_runs_and_hands_it_over_at_once(hr, cast):
    stage = Stage(cast)

    page = change_manager(hr, cast.anna, cast.clara)
    assert page.redirect_chain[-1][0] == reverse("people:pass_on_running", args=[cast.anna.pk])
    assert f"Teilnahme in „{stage.round}“, bei {cast.bernd}" in page.text
    done = hr.post(page.redirect_chain[-1][0], {"read": page.context["read"]}, follow=True)

    assert Participation.objects.get(person=cast.anna).manager == cast.clara
    assert Participation.objects.get(person=cast.dora).manager == cast.bernd
    assert done.redirect_chain == [(reverse("people:edit", args=[cast.anna.pk]), 302)]
    assert len(done.context["messages"]) == 1
    again = hr.post(page.redirect_chain[-1][0], follow=True)
    assert not list(again.context["messages"])


def test_nothing_is_handed_over_to_another_manager_than_the_page_has_named(hr, cast):
    """Another one of HR has corrected it since, or has made a mistake of it."""
    Stage(cast)
    page = change_manager(hr, cast.anna, cast.clara)
    stale = {"once": f"{cast.paula.pk}-x", "read": page.context["read"]}
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.fremd)

    told = hr.post(page.redirect_chain[-1][0], stale, follow=True)
    kept = Participation.objects.get(person=cast.anna).manager
    hr.post(page.redirect_chain[-1][0], stale | {"read": told.context["read"]}, follow=True)

    assert "Nicht übergeben: Das hat sich inzwischen geändert." in told.text
    assert (kept, Participation.objects.get(person=cast.anna).manager) == (cast.bernd, cast.fremd)


def test_without_anything_running_or_with_the_same_manager_nothing_is_asked(hr, cast):
    edit = [(reverse("people:edit", args=[cast.anna.pk]), 302)]

    assert change_manager(hr, cast.anna, cast.clara).redirect_chain == edit
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd)
    Stage(cast)
    assert change_manager(hr, cast.anna, cast.bernd, first_name="Annelie").redirect_chain == edit


def test_who_would_read_it_themselves_hands_nothing_over(as_, cast):
    """paula of HR is anna's manager by now: another person of HR has to hand it over to her."""
    Stage(cast)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.paula)

    page = as_(cast.paula).post(reverse("people:pass_on_running", args=[cast.anna.pk]), follow=True)

    assert Participation.objects.get(person=cast.anna).manager == cast.bernd
    assert page.status_code == 200
