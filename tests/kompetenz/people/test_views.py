"""HR's pages about people and units: who reaches them, what they find, save and refuse."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kompetenz.people import invitations, notices
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import SOMEBODY_ELSE
from tests.clock import NOW, TODAY
from tests.kompetenz.people.test_notices import waiting

YESTERDAY = TODAY - timedelta(days=1)
LAST_OF_HR = (
    "Sonst kann sich niemand mehr für die Personalentwicklung anmelden. "
    "Bitte zuerst einer anderen Person dieses Recht geben."
)
PAGES = ["list", "create", "edit", "invite", "locks", "units", "unit_create", "unit_edit"]


@pytest.fixture
def hr(client, cast):
    """Paula signed in."""
    client.force_login(cast.paula)
    return client


def address(name, cast):
    about = {"edit": cast.anna, "invite": cast.anna, "unit_edit": cast.anna.unit}
    return reverse(f"people:{name}", args=[about[name].pk] if name in about else [])


def data_of(person, **changes):
    """What the form sends when nothing is changed, with ``changes``."""
    data = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email or "",
        "personnel_number": person.personnel_number or "",
        "unit": str(person.unit or ""),
        "manager": person.manager.personnel_number if person.manager else "",
        "leaving_date": person.leaving_date or "",
        **({"is_hr": "on"} if person.is_hr else {}),
        **({"is_auditor": "on"} if person.is_auditor else {}),
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


def save(client, person, **changes):
    return client.post(reverse("people:edit", args=[person.pk]), data_of(person, **changes))


def names_found(response):
    return [row["name"] for row in response.context["rows"]]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("anna", 404), ("bernd", 404), ("fremd", 404), ("audit", 404), ("paula", 200)]
)
def test_every_page_is_for_hr_alone(client, cast, page, who, status):
    client.force_login(getattr(cast, who))

    assert client.get(address(page, cast)).status_code == status


@pytest.mark.parametrize("action", ["deactivate", "activate"])
def test_access_is_changed_by_sending_and_by_hr_alone(client, cast, action):
    url = reverse(f"people:{action}", args=[cast.anna.pk])
    client.force_login(cast.bernd)
    denied = client.post(url)
    client.force_login(cast.paula)

    assert (denied.status_code, client.get(url).status_code, client.post(url).status_code) == (404, 405, 302)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sahin", ["Şahin-Žižek, Bernd"]),
        ("ŞAHIN bernd", ["Şahin-Žižek, Bernd"]),
        ("armel", ["Ärmel, Anna"]),
        ("Frieda.Fremd@test", ["Fremd, Frieda"]),
        ("0004", ["Özgür, Dora"]),
        ("niemand", []),
    ],
)
def test_search_finds_folded_names_addresses_and_numbers(hr, text, names):
    assert names_found(hr.get(reverse("people:list"), {"q": text})) == names


def test_filter_by_unit_includes_the_units_below(hr, cast):
    top, below = Unit.objects.get(number="10"), Unit.objects.get(number="10.1")

    found = names_found(hr.get(reverse("people:list"), {"einheit": top.number}))
    found_below = names_found(hr.get(reverse("people:list"), {"einheit": below.number}))

    assert found == [
        "Ärmel, Anna", "Chefin, Clara", "Datenschutz, Audit", "Özgür, Dora", "Personal, Paula", "Şahin-Žižek, Bernd",
    ]  # fmt: skip
    assert found_below == ["Ärmel, Anna", "Özgür, Dora"]


def test_filter_tells_active_from_inactive_people(hr, cast):
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=TODAY - timedelta(days=1))

    inactive = names_found(hr.get(reverse("people:list"), {"status": "inaktiv"}))
    active = names_found(hr.get(reverse("people:list")))

    assert inactive == ["Fremd, Frieda", "Özgür, Dora"]
    assert active == ["Ärmel, Anna", "Chefin, Clara", "Datenschutz, Audit", "Personal, Paula", "Şahin-Žižek, Bernd"]


def test_filter_finds_people_without_manager(hr):
    found = names_found(hr.get(reverse("people:list"), {"ohne_fuehrungskraft": "on"}))

    assert found == ["Chefin, Clara", "Datenschutz, Audit", "Fremd, Frieda", "Personal, Paula"]


def test_nonsense_in_the_address_narrows_nothing(hr):
    query = {"einheit": " ", "status": "y", "seite": "z", "ohne_fuehrungskraft": ""}

    assert len(names_found(hr.get(reverse("people:list"), query))) == Person.objects.count()


def test_htmx_gets_the_rows_and_an_announced_count_the_back_button_a_whole_page(hr):
    url = reverse("people:list")
    part = hr.get(url, {"q": "sahin"}, headers={"HX-Request": "true"}).text
    page = hr.get(url, {"q": "sahin"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).text

    assert ("<html" in part, "<html" in page) == (False, True)
    assert ' id="status" hx-swap-oob="innerHTML">1 von 7 Personen</p>' in part


@pytest.mark.parametrize("people", [2, 60])
def test_list_query_count(hr, cast, people, django_assert_num_queries):
    Person.objects.bulk_create(
        Person(first_name="P", last_name=str(n), sort_key=f"{n}", unit=cast.anna.unit, manager=cast.bernd)
        for n in range(people)
    )
    unit = Unit.objects.get(number="10")

    with django_assert_num_queries(6):  # session, user, the unit, total, found, page
        hr.get(reverse("people:list"), {"einheit": unit.number, "q": "p"})


@pytest.mark.parametrize("units", [1, 130])
def test_units_query_count(hr, units, django_assert_num_queries):
    Unit.objects.bulk_create(
        Unit(number=f"9{n}", name="Amt", parent=Unit.objects.get(number="10")) for n in range(units)
    )

    with django_assert_num_queries(5):  # session, user, tree, the page's units, how many work in each
        page = hr.get(reverse("people:units")).text

    assert page.count('<th scope="row"') == min(units + 2, 50)


def test_a_unit_is_found_by_number_or_name_whatever_its_capitals(hr, cast):
    Unit.objects.create(number="05", name="Ämter und Büros", parent=Unit.objects.get(number="10"))

    found = {asked: hr.get(reverse("people:units"), {"q": asked}).context["rows"] for asked in ("ämter", "10", "xy")}

    assert {asked: [str(unit) for unit, _, _ in rows] for asked, rows in found.items()} == {
        "ämter": ["05 Ämter und Büros"],
        "10": ["10 Hauptamt", "10.1 Digitalisierung"],
        "xy": [],
    }


@pytest.mark.parametrize("typed", ["10.1", "Digitalisierung", "10.1 Digitalisierung", "digital", " 10.1 "])
def test_what_names_one_unit_is_taken(hr, cast, typed):
    hr.post(reverse("people:edit", args=[cast.fremd.pk]), data_of(cast.fremd, unit=typed))

    assert Person.objects.get(pk=cast.fremd.pk).unit == Unit.objects.get(number="10.1")


def test_where_several_units_match_they_are_offered_and_one_is_chosen(hr, cast):
    """Without a script: the form comes back with the choices beside the field, and what was typed stays."""
    address = reverse("people:edit", args=[cast.fremd.pk])

    page = hr.post(address, data_of(cast.fremd, unit="10")).text  # the number of one, and in that of the other
    several = hr.post(address, data_of(cast.fremd, unit="t")).text
    hr.post(address, data_of(cast.fremd, unit="t", unit_choice="10.1 Digitalisierung"))

    assert "Zu „10“" not in page
    assert "Zu „t“ passen mehrere Organisationseinheiten. Bitte wählen Sie darunter eine aus." in several
    assert [f'value="{one}"' in several for one in ("10 Hauptamt", "10.1 Digitalisierung", "t")] == [True] * 3
    assert Person.objects.get(pk=cast.fremd.pk).unit == Unit.objects.get(number="10.1")


def test_a_unit_there_is_not_is_refused_and_none_can_be_left(hr, cast):
    address = reverse("people:edit", args=[cast.anna.pk])

    page = hr.post(address, data_of(cast.anna, unit="Bauhof")).text
    hr.post(address, data_of(cast.anna, unit=""))

    assert "Zu „Bauhof“ gibt es keine Organisationseinheit. Bitte Nummer oder Bezeichnung prüfen." in page
    assert Person.objects.get(pk=cast.anna.pk).unit is None


def test_a_field_for_a_unit_is_offered_those_that_match(hr, cast):
    def offered(typed):
        query = {"feld": "parent", "parent": typed}
        return hr.get(reverse("people:find_unit"), query, headers={"HX-Request": "true"}).text

    assert [offered("haupt").count('name="parent_choice"'), offered("h").count("radio")] == [1, 0]
    assert 'value="10 Hauptamt"' in offered("Haupt")
    assert "1 Einheit zur Auswahl" in offered("Haupt")


@pytest.mark.parametrize("units", [1, 130])
def test_the_form_of_a_person_costs_the_same_for_few_units_and_many(hr, cast, units, django_assert_num_queries):
    Unit.objects.bulk_create(Unit(number=f"9{n}", name="Amt") for n in range(units))

    # session, user, person, that they were read, as they were with manager, unit, name changes, how many are led
    with django_assert_num_queries(8):
        page = hr.get(reverse("people:edit", args=[cast.anna.pk])).text

    assert ('value="10.1 Digitalisierung"' in page, "90 Amt" in page) == (True, False)


def test_person_is_created_as_entered_without_a_password(hr, cast):
    entered = {
        "first_name": "Şükrü",
        "last_name": "=cmd|'/c calc'!A1",
        "email": "Neu@Test.Example",
        "personnel_number": "000815",
        "manager": "CLARA.chefin@test.example",
    }

    response = hr.post(reverse("people:create"), entered)

    new = Person.objects.get(personnel_number="000815")
    assert response.url == reverse("people:edit", args=[new.pk])
    assert (new.first_name, new.last_name, new.email, new.manager, new.unit) == (
        "Şükrü", "=cmd|'/c calc'!A1", "neu@test.example", cast.clara, None,
    )  # fmt: skip
    assert not new.has_usable_password()


def test_two_people_may_do_without_address_and_number(hr):
    for name in ("Eins", "Zwei"):
        hr.post(reverse("people:create"), {"first_name": "Ohne", "last_name": name})

    assert list(Person.objects.filter(first_name="Ohne").values_list("email", "personnel_number")) == [(None, None)] * 2


def test_address_and_number_of_somebody_else_are_refused_and_what_was_entered_stays(hr, cast):
    response = save(hr, cast.anna, email="BERND.sahin-zizek@test.example", personnel_number="0002", first_name="Änne")

    assert response.context["form"].errors == {
        "email": ["Diese E-Mail-Adresse gehört schon zu einer anderen Person."],
        "personnel_number": ["Diese Personalnummer gehört schon zu einer anderen Person."],
    }
    assert 'value="Änne"' in response.text
    cast.anna.refresh_from_db()
    assert cast.anna.first_name == "Anna"


@pytest.mark.parametrize(
    ("manager", "message"),
    [
        ("0001", "Eine Person kann nicht ihre eigene Führungskraft sein."),
        ("0003", "Das ergäbe einen Kreis: Anna Ärmel ist Clara Chefin, auch über andere, selbst unterstellt."),
        ("9999", "Zu „9999“ gibt es keine Person. Bitte Personalnummer oder E-Mail prüfen."),
        ("0007", "Frieda Fremd ist nicht mehr aktiv."),
    ],
)
def test_impossible_managers_are_refused_with_the_reason(hr, cast, manager, message):
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)

    response = save(hr, cast.clara, manager=manager)

    assert response.context["form"].errors == {"manager": [message]}
    assert Person.objects.get(pk=cast.clara.pk).manager is None


def test_a_manager_who_has_left_may_stay_until_somebody_else_is_entered(hr, cast):
    Person.objects.filter(pk=cast.bernd.pk).update(is_active=False)

    save(hr, cast.anna, last_name="Neuname")

    assert Person.objects.filter(pk=cast.anna.pk).values_list("last_name", "manager").get() == (
        "Neuname",
        cast.bernd.pk,
    )


def test_a_chosen_suggestion_counts_more_than_the_letters_typed_to_find_it(hr, cast):
    save(hr, cast.anna, manager="chef", manager_choice=cast.clara.pk)

    assert Person.objects.get(pk=cast.anna.pk).manager == cast.clara


def test_suggestions_are_offered_from_two_letters_on(hr, cast):
    def offered(text):
        part = hr.get(reverse("people:find_person"), {"manager": text}, headers={"HX-Request": "true"}).text
        return [int(pk) for pk in re.findall(r'name="manager_choice" value="(\d+)"', part)]

    assert {text: offered(text) for text in ("s", "sahin", "audit")} == {
        "s": [],
        "sahin": [cast.bernd.pk],
        "audit": [cast.audit.pk],
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"is_hr": None}, "is_hr"),
        ({"email": ""}, "email"),
        ({"leaving_date": "2020-01-31"}, "leaving_date"),
    ],
)
def test_the_last_person_of_hr_stays(hr, cast, changes, field):
    response = save(hr, cast.paula, **changes)

    assert response.context["form"].errors == {field: [LAST_OF_HR]}
    assert Person.objects.filter(is_hr=True).get() == cast.paula


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_of_hr_who_take_each_others_right_do_not_both_count_on_the_other(hr, cast):
    Person.objects.filter(pk=cast.clara.pk).update(is_hr=True)

    with CaptureQueriesContext(connection) as queries:
        save(hr, cast.clara, is_hr=None)

    others = [query["sql"] for query in queries if '"email" IS NOT NULL' in query["sql"]]
    assert "FOR NO KEY UPDATE" in others[0]
    assert Person.objects.filter(is_hr=True).get() == cast.paula


@pytest.fixture
def technik(cast):
    return Person.objects.create_superuser("it@test.example", first_name="Ines", last_name="Technik")


def test_hr_neither_readdresses_nor_locks_out_the_technical_administration(hr, technik):
    save(hr, technik, email="paula@test.example", last_name="Neuname")
    leaving = save(hr, technik, leaving_date="2020-01-31", last_name="Nie")
    locked = hr.post(reverse("people:deactivate", args=[technik.pk]), follow=True)

    technik.refresh_from_db()
    assert (technik.email, technik.last_name, technik.leaving_date, technik.is_active) == (
        "it@test.example", "Neuname", None, True,
    )  # fmt: skip
    assert leaving.context["form"].errors == {
        "leaving_date": [
            "Diese Person hat Zugang zur technischen Verwaltung. Ihr letzter Arbeitstag wird nur dort eingetragen."
        ]
    }
    assert [str(message) for message in locked.context["messages"]][-1] == (
        "Ines Neuname hat Zugang zur technischen Verwaltung und kann nur dort deaktiviert werden."
    )


def test_nobody_is_deleted_in_the_admin(client, technik):
    client.force_login(technik)

    change, delete = (reverse(f"admin:people_person_{page}", args=[technik.pk]) for page in ("change", "delete"))

    assert (client.get(change).status_code, client.get(delete).status_code) == (200, 403)


@pytest.mark.parametrize("new", ["anders@test.example", ""])
def test_the_old_address_is_told_of_a_change_and_nothing_more(hr, cast, run_jobs, mailoutbox, new):
    save(hr, cast.anna, email=new)
    at_once = len(mailoutbox)
    run_jobs()

    [mail] = [one for one in mailoutbox if one.to == ["anna.armel@test.example"]]
    assert (at_once, mail.subject, mail.to) == (0, notices.SUBJECTS["email_changed"], ["anna.armel@test.example"])
    assert mail.body.startswith("Guten Tag Anna Ärmel,\n\ndie E-Mail-Adresse Ihres Kontos")
    assert "anders" not in mail.body


@pytest.mark.parametrize("changes", [{"last_name": "Neuname"}, {"email": "ANNA.armel@test.example"}, {"email": "kein"}])
def test_nobody_is_told_while_the_address_stays(hr, cast, changes):
    save(hr, cast.anna, **changes)

    assert waiting() == []


def test_hr_may_give_up_the_right_when_somebody_else_has_it(hr, cast):
    save(hr, cast.anna, is_hr="on")
    response = save(hr, cast.paula, is_hr=None)

    assert (response.url, Person.objects.get(is_hr=True)) == (reverse("start"), cast.anna)


def test_nobody_deactivates_themselves_and_others_come_back(hr, cast):
    for person in (cast.paula, cast.anna, cast.dora):
        hr.post(reverse("people:deactivate", args=[person.pk]))
    hr.post(reverse("people:activate", args=[cast.dora.pk]))

    assert list(Person.objects.filter(is_active=False)) == [cast.anna]


def test_whoever_has_never_signed_in_is_invited_by_a_link_that_only_they_get(client, cast, run_jobs, mailoutbox):
    client.force_login(cast.paula)
    url = reverse("people:invite", args=[cast.anna.pk])

    told = client.post(url, follow=True)
    run_jobs()

    [mail] = mailoutbox
    [link] = re.findall(rf"{re.escape(settings.SITE_URL)}(/passwort/neu/\S+)", mail.body)
    assert (mail.to, mail.subject) == ([cast.anna.email], invitations.FIRST)
    assert "/passwort/neu/" not in told.text + client.get(url).text
    client.logout()
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "Nebel-am-Morgen-7", "password2": "Nebel-am-Morgen-7"})
    cast.anna.refresh_from_db()
    assert cast.anna.check_password("Nebel-am-Morgen-7")
    assert "Dieser Link gilt nicht mehr" in client.get(link).text


@pytest.mark.parametrize(
    "changes",
    [{"email": None}, {"is_active": False}, {"is_staff": True}, {"last_login": NOW}, {"leaving_date": YESTERDAY}],
)
def test_nobody_is_invited_who_may_not_sign_in_or_has_done_so(hr, cast, run_jobs, mailoutbox, changes):
    Person.objects.filter(pk=cast.anna.pk).update(**changes)
    run_jobs()
    mailoutbox.clear()

    hr.post(reverse("people:invite", args=[cast.anna.pk]))
    invitations.invite(cast.anna)  # nor if it was so no more when the mail was to go
    run_jobs()

    assert mailoutbox == []


def test_managers_of_the_same_name_are_told_apart_in_the_list(hr, cast):
    Person.objects.filter(pk=cast.clara.pk).update(first_name="Bernd", last_name="Şahin-Žižek")
    Person.objects.filter(pk=cast.dora.pk).update(manager=cast.clara)

    page = hr.get(reverse("people:list")).content.decode()

    assert [f"Şahin-Žižek, Bernd ({number})" in page for number in ("0001", "0002")] == [True, True]


def test_units_are_listed_as_a_tree_with_the_people_in_and_below_them(hr, cast):
    Unit.objects.create(number="05", name="Büro", parent=Unit.objects.get(number="10.1"))
    Person.objects.filter(pk=cast.dora.pk).update(is_active=False)

    rows = hr.get(reverse("people:units")).context["rows"]

    assert [(unit.number, unit.depth, own, total) for unit, own, total in rows] == [
        ("10", 0, 4, 5),
        ("10.1", 1, 1, 1),
        ("05", 2, 0, 0),
    ]


def test_units_are_created_and_never_below_themselves(hr, cast):
    top, below = Unit.objects.get(number="10"), Unit.objects.get(number="10.1")
    hr.post(reverse("people:unit_create"), {"number": "10.2", "name": "Personal", "parent": str(below)})

    circle = hr.post(
        reverse("people:unit_edit", args=[top.pk]),
        {"number": "10", "name": "Hauptamt", "parent": "10.2"},
    )
    double = hr.post(reverse("people:unit_create"), {"number": "10.1", "name": "Noch eine"})

    assert circle.context["form"].errors == {
        "parent": ["Das ergäbe einen Kreis: Diese Einheit ist der bearbeiteten selbst untergeordnet."]
    }
    assert double.context["form"].errors == {"number": ["Diese Nummer hat schon eine andere Einheit."]}
    assert list(Unit.objects.values_list("number", "parent__number")) == [
        ("10", None),
        ("10.1", "10"),
        ("10.2", "10.1"),
    ]


def test_nobody_becomes_somebody_else_on_their_page(as_, cast):
    client = as_(cast.paula)
    other = {"first_name": "Frida", "last_name": "Neumann", "email": "frida@test.example"}

    page = save(client, cast.anna, **other)
    name_alone = save(client, cast.anna, first_name="Frida", last_name="Neumann")

    assert page.context["form"].errors == {"last_name": [SOMEBODY_ELSE.format("Anna Ärmel")]}
    assert (name_alone.status_code, str(Person.objects.get(pk=cast.anna.pk))) == (302, "Frida Neumann")


def test_all_who_are_found_and_have_never_signed_in_are_invited_at_once(hr, cast, run_jobs, mailoutbox):
    Person.objects.filter(pk__in=[cast.bernd.pk, cast.paula.pk]).update(last_login=NOW)
    Person.objects.filter(pk=cast.dora.pk).update(email=None)
    run_jobs()
    mailoutbox.clear()
    listed = hr.get(reverse("people:list"), {"nie_angemeldet": "on"})
    narrowed = hr.get(reverse("people:list"), {"nie_angemeldet": "on", "q": "ärmel"})

    done = hr.post(reverse("people:invite_found") + "?nie_angemeldet=on", follow=True)
    run_jobs()

    assert (listed.context["to_invite"], narrowed.context["to_invite"]) == (4, 1)
    assert "Alle 4 mit E-Mail-Adresse einladen" in re.sub(r"\s+", " ", listed.text)
    assert "Einladungen, die jetzt unterwegs sind: 4" in done.text
    assert {sent.to[0] for sent in mailoutbox} == {one.email for one in (cast.anna, cast.clara, cast.audit, cast.fremd)}
    assert {len(re.findall("/passwort/neu/", sent.body)) for sent in mailoutbox} == {1}


def test_only_who_is_looked_for_is_invited(hr, cast, run_jobs, mailoutbox):
    hr.post(reverse("people:invite_found") + "?q=%C3%A4rmel")
    run_jobs()

    assert [sent.to for sent in mailoutbox] == [[cast.anna.email]]
