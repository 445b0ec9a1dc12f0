"""What a person reads of the access log: all that is about them, and nothing about anybody else."""

import pytest
from django.urls import reverse

from assessments.models.accesses import How, What
from kompetenz.people.models import Person
from kompetenz.privacy.access_log.models import Access
from tests.clock import TODAY, in_days

ADDRESS = "/meine-daten/zugriffe/"


def entry(about, reader, what=What.PLAN, how=How.READ, role="manager", **fields):
    return Access.objects.create(about=about, reader=reader, what=what, how=how, role=role, **fields)


def rows_of(response):
    return [(day.on, day.reader, day.role, day.what) for day in response.context["days"]]


def test_who_has_read_what_of_me_is_grouped_by_day_and_reader(as_, stage):
    cast = stage.cast
    entry(cast.anna, cast.bernd, round_id=stage.round.pk)
    entry(cast.anna, cast.bernd, What.COMPARISON, How.TAKEN, round_id=stage.round.pk)
    entry(cast.anna, cast.fremd, role="deputy", instead_of=cast.bernd, on=in_days(-1))
    entry(cast.anna, None, What.MASTER_DATA, role="hr", on=in_days(-2))
    entry(cast.dora, cast.clara)

    response = as_(cast.anna).get(ADDRESS)

    assert rows_of(response) == [
        (TODAY, "Bernd Şahin-Žižek", "Führungskraft", [
            "Vergleich als Datei mitgenommen, Runde 2026", "Lernplan gelesen, Runde 2026",
        ]),
        (in_days(-1), "Frieda Fremd", "Vertretung von Bernd Şahin-Žižek", ["Lernplan gelesen"]),
        (in_days(-2), "eine Person, deren Daten gelöscht sind", "Personalentwicklung", ["Stammdaten gelesen"]),
    ]  # fmt: skip
    assert "Clara" not in response.text


def test_it_is_narrowed_to_a_kind(as_, cast):
    entry(cast.anna, cast.bernd)
    entry(cast.anna, cast.bernd, What.TALK)

    response = as_(cast.anna).get(ADDRESS, {"was": "talk"})

    assert [what for *_, what in rows_of(response)] == [["Gespräch gelesen"]]
    assert [kind for kind, _ in response.context["kinds"]] == ["talk", "plan"]


def test_a_kind_that_there_is_not_is_all(as_, cast):
    entry(cast.anna, cast.bernd)

    assert len(rows_of(as_(cast.anna).get(ADDRESS, {"was": "x' OR 1=1"}))) == 1


def test_where_nobody_has_read_anything_it_says_so(as_, cast):
    assert "hat niemand sonst Inhalte von Ihnen geöffnet" in as_(cast.anna).get(ADDRESS).text
    assert reverse("audit:mine") in as_(cast.anna).get("/meine-daten/").text


@pytest.mark.parametrize("number", [1, 120])
def test_a_page_asks_as_much_of_many_as_of_one(as_, stage, number, django_assert_num_queries):
    people = Person.objects.bulk_create(
        Person(first_name="L", last_name=f"{n}", sort_key=f"{n:03}") for n in range(number)
    )
    Access.objects.bulk_create(
        Access(about=stage.cast.anna, reader=one, what="plan", how="read", role="hr", round_id=stage.round.pk)
        for one in people
    )
    client = as_(stage.cast.anna)

    with django_assert_num_queries(6):  # session, user, kinds, how many, entries with names, rounds
        response = client.get(ADDRESS)

    assert len(rows_of(response)) == min(number, 50)
