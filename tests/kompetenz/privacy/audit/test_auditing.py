"""The auditor's pages: that something was done, by whom and as what, and never what."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import HandOver
from assessments.models.accesses import How, What
from kompetenz.jobs.models import Job
from kompetenz.people.models import Deputy, Person, RightChange, Unit
from kompetenz.people.rights import Hand, Through
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.audit import workbooks
from tests.clock import TODAY, in_days
from tests.kompetenz.privacy.audit.test_mine import entry
from tests.noted import entries

LOG, BOOKS = "/pruefung/zugriffe/", "/pruefung/listen/"


@pytest.fixture
def auditor(as_, cast):
    return as_(cast.audit)


def test_that_somebody_has_read_is_shown_once_and_not_what(auditor, stage):
    cast = stage.cast
    for what in (What.PLAN, What.TALK, What.STOCK_TAKING):
        entry(cast.anna, cast.bernd, what, round_id=stage.round.pk)
    entry(cast.anna, cast.fremd, how=How.TAKEN, role="deputy", instead_of=cast.bernd, on=in_days(-1))
    entry(cast.anna, None, role="hr", on=in_days(-2))
    entry(cast.dora, cast.clara)

    response = auditor.get(LOG, {"person": cast.anna.pk})

    assert [(one.on, one.reader, one.role, one.how) for one in response.context["traces"][1:]] == [
        (TODAY, "Bernd Şahin-Žižek", "Führungskraft", "gelesen"),
        (in_days(-1), "Frieda Fremd", "Vertretung von Bernd Şahin-Žižek", "als Datei mitgenommen"),
        (in_days(-2), "eine Person, deren Daten gelöscht sind", "Personalentwicklung", "gelesen"),
    ]
    assert [
        word for word in ("Clara", "Lernplan", "Bestandsaufnahme", stage.round.title) if word in response.text
    ] == []


def test_the_person_sees_that_the_auditor_has_looked(auditor, cast):
    auditor.get(LOG, {"person": cast.anna.pk})
    auditor.get(reverse("audit:workbook", args=[cast.anna.pk]))

    assert entries() == {"Anna: log read auditor", "Anna: log taken auditor"}


def test_somebody_is_looked_for_by_name_and_nothing_noted(auditor, cast):
    response = auditor.get(LOG, {"q": "arm"})

    assert ([one.pk for one in response.context["found"]], entries()) == ([cast.anna.pk], set())
    assert "Niemand mit diesem Namen" in auditor.get(LOG, {"q": "xyz"}).text


@pytest.mark.parametrize("wanted", ["0", "999999", "x", "1 OR 1=1"])
def test_somebody_who_is_not_there_is_not_found(auditor, wanted):
    assert auditor.get(LOG, {"person": wanted}).status_code == 404


@pytest.mark.parametrize("number", [1, 120])
def test_the_log_costs_the_same_however_long_it_is(auditor, cast, number, django_assert_num_queries):
    people = Person.objects.bulk_create(
        Person(first_name="L", last_name=f"{n}", sort_key=f"{n:03}") for n in range(number)
    )
    Access.objects.bulk_create(
        Access(about=cast.anna, reader=one, what="plan", how="read", role="hr") for one in people
    )

    with django_assert_num_queries(6):  # session, user, the person, that it was read, how many, the page
        response = auditor.get(LOG, {"person": cast.anna.pk})

    assert len(response.context["traces"]) == min(number + 1, 50)


def test_who_has_rights_is_listed_with_them(auditor, cast):
    Person.objects.filter(pk=cast.clara.pk).update(is_staff=True, is_superuser=True, is_active=False)

    response = auditor.get("/pruefung/rechte/")

    rows = [(str(person), [right for right, _ in rights]) for person, rights in response.context["rows"]]
    assert rows == [
        ("Clara Chefin", ["technische Verwaltung", "technische Verwaltung mit allen Rechten"]),
        ("Audit Datenschutz", ["Datenschutz oder Personalrat"]),
        ("Paula Personal", ["Personalentwicklung"]),
    ]
    assert "nicht mehr möglich" in response.text


def test_since_when_and_by_whom_somebody_has_a_right_is_said(auditor, cast):
    set_right(cast.bernd, cast.paula, is_hr=True)
    RightChange._base_manager.filter(person=cast.audit).delete()
    RightChange._base_manager.filter(person=cast.paula).update(through=Through.DIRECTORY, on=in_days(-3))

    page = " ".join(auditor.get("/pruefung/rechte/").text.split())

    assert f"Personalentwicklung, seit {TODAY:%d.%m.%Y} durch Personal, Paula (Personalentwicklung)" in page
    assert f"Personalentwicklung, seit {in_days(-3):%d.%m.%Y} durch Verzeichnis der Verwaltung" in page
    assert "Datenschutz oder Personalrat, schon vor Beginn der Aufzeichnung" in page


def set_right(person, by, **rights):
    for right, value in rights.items():
        setattr(person, right, value)
    person.hand = Hand(Through.PAGE, by)
    person.save()


def test_former_rights_are_in_the_history(auditor, cast):
    set_right(cast.bernd, cast.paula, is_hr=True)
    set_right(cast.bernd, None, is_hr=False)

    page = auditor.get("/pruefung/rechte/verlauf/").context["page"]
    first, second = [one for one in page if one.person == cast.bernd]  # the cast's rights may be of a later second

    assert (first.person, first.given, first.who) == (cast.bernd, False, "eine Person, deren Daten gelöscht sind")
    assert (second.person, second.given, second.who) == (cast.bernd, True, "Personal, Paula (Personalentwicklung)")


@pytest.mark.parametrize("number", [1, 70])
def test_rights_and_their_history_cost_the_same_for_many(auditor, cast, number, django_assert_num_queries):
    Person.objects.bulk_create(
        Person(first_name="L", last_name=f"{n}", sort_key=f"{n:03}", is_hr=True) for n in range(number)
    )

    with django_assert_num_queries(5):  # session, user, how many, the page, their changes
        rights = auditor.get("/pruefung/rechte/")
    with django_assert_num_queries(4):  # session, user, how many, the page
        history = auditor.get("/pruefung/rechte/verlauf/")

    assert len(rights.context["rows"]) == len(history.context["page"]) == min(number + 2, 50)


def test_deputies_are_listed_with_who_has_named_them(auditor, cast):
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY, named_by=cast.paula)
    named.people.add(cast.anna, cast.dora)

    (one,) = auditor.get("/pruefung/vertretungen/").context["page"]

    assert (one.person, one.manager, one.number, one.named_by) == (cast.fremd, cast.bernd, 2, cast.paula)


def test_hand_overs_are_listed_with_who_has_done_them(auditor, stage):
    names = {"from_name": "Bernd Alt", "to_name": "Clara Neu"}
    HandOver.objects.create(participation=stage.participation, by=stage.cast.paula, **names)

    page = auditor.get("/pruefung/uebergaben/").text

    assert [name for name in (*names.values(), "Paula Personal", "Anna Ärmel") if name not in page] == []


def test_namesakes_between_whom_something_is_handed_over_stand_there_with_their_units(auditor, stage):
    cast = stage.cast
    unit = Unit.objects.create(number="77", name="Amt der Namensgleichen")
    for who in (cast.bernd, cast.clara, cast.paula):
        Person.objects.filter(pk=who.pk).update(first_name="Bo", last_name="Berg", unit=unit)
    both = {"from_person": cast.bernd, "from_name": "Bo Berg", "to_person": cast.clara, "to_name": "Bo Berg"}
    HandOver.objects.create(participation=stage.participation, by=cast.paula, **both)

    page = auditor.get("/pruefung/uebergaben/").text
    *_, row = sheet_of(auditor.get(f"{BOOKS}uebergaben.xlsx"))

    assert page.count(unit.name) == 3
    assert row[4:] == [f"Bo Berg ({unit})", f"Bo Berg ({unit})", f"Berg, Bo ({unit})"]


def sheet_of(response):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(response.content)).active.iter_rows()]


def test_the_lists_are_workbooks_and_who_is_in_them_sees_it(auditor, cast, stage):
    HandOver.objects.create(participation=stage.participation, from_name="Bernd Alt", to_name="=Clara", by=cast.paula)
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY, named_by=cast.paula)
    named.people.add(cast.anna)
    rights = sheet_of(auditor.get(f"{BOOKS}rechte.xlsx"))
    history = sheet_of(auditor.get(f"{BOOKS}verlauf-der-rechte.xlsx"))
    deputies = sheet_of(auditor.get(f"{BOOKS}vertretungen.xlsx"))
    handed = sheet_of(auditor.get(f"{BOOKS}uebergaben.xlsx"))

    assert [row[0] for row in rights][-2:] == ["Datenschutz, Audit", "Personal, Paula"]
    assert rights[-1][2] == "Personalentwicklung"
    assert {row[1] for row in history[3:]} >= {"Personal, Paula"}
    assert deputies[-1][:4] == ["Fremd, Frieda", None, "Şahin-Žižek, Bernd", str(cast.bernd.unit)]
    assert deputies[-1][7:] == [1, f"Personal, Paula ({cast.paula.unit})"]
    assert handed[-1][1:] == [
        "Anna Ärmel",
        stage.participation.unit_name,
        "Runde 2026",
        "Bernd Alt",
        "=Clara",
        f"Personal, Paula ({cast.paula.unit})",
    ]
    noted = {"Paula: master_data", "Frieda: master_data", "Bernd: master_data", "Anna: course"}
    assert entries() == {f"{one} taken auditor" for one in noted}


def many(cast, stage):
    """600 deputies, hand-overs and rights: more than a request makes a workbook of."""
    people = Person.objects.bulk_create(
        Person(first_name="L", last_name=f"{n}", sort_key=f"{n:03}", is_hr=True) for n in range(600)
    )
    Deputy.objects.bulk_create(Deputy(manager=cast.bernd, person=one, since=TODAY, until=TODAY) for one in people)
    HandOver.objects.bulk_create(
        HandOver(participation=stage.participation, from_name="Bernd", to_name=f"{n}") for n in range(600)
    )
    Access.objects.forget()
    return people


@pytest.mark.parametrize("which", workbooks.LISTS)
def test_a_long_list_is_made_in_the_background_for_the_auditor_alone(as_, stage, run_jobs, which):
    cast, people, address = stage.cast, many(stage.cast, stage), f"{BOOKS}{which}.xlsx"
    auditor = as_(cast.audit)
    asked = auditor.get(address)
    page = auditor.post(address, follow=True)
    before = entries()
    run_jobs()
    made = Job.objects.get()
    rows = sheet_of(auditor.get(reverse("jobs:download", args=[made.pk])))

    assert ("im Hintergrund" in asked.text, before, len(rows) > 600) == (True, set(), True)
    assert auditor.get(page.redirect_chain[-1][0]).status_code == 200
    what = "Anna: course" if which == "uebergaben" else f"{people[0].first_name}: master_data"
    assert f"{what} taken auditor" in entries()
    assert as_(cast.paula).get(made.get_absolute_url()).status_code == 404


def test_who_audits_no_more_does_not_get_the_file(as_, stage, run_jobs):
    many(stage.cast, stage)
    auditor = as_(stage.cast.audit)
    auditor.post(f"{BOOKS}vertretungen.xlsx")
    run_jobs()
    Person.objects.filter(pk=stage.cast.audit.pk).update(is_auditor=False)

    assert auditor.get(reverse("jobs:download", args=[Job.objects.get().pk])).status_code == 404


def test_there_is_no_other_list(auditor):
    assert auditor.get(f"{BOOKS}noten.xlsx").status_code == 404


@pytest.mark.parametrize("name", ["rights", "right_changes", "deputies", "hand_overs"])
def test_where_there_is_nothing_a_page_says_so(auditor, name):
    RightChange._base_manager.all().delete()
    page = auditor.get(reverse(f"audit:{name}")).text

    assert ('class="empty"' in page) is (name != "rights")


def test_the_auditor_is_led_there_from_the_start_page(auditor):
    assert reverse("audit:overview") in auditor.get("/").text
