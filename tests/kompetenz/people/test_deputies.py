"""Deputies: who names them, what they reach and for how long, and who is told."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from assessments import pdf
from assessments.answering import saving
from assessments.changes import handing_over
from assessments.models import Assessment, HandOver, Participation
from assessments.talk import recording
from assessments.telling import tasks as round_tasks
from kompetenz.people import notices
from kompetenz.people.deputies.naming import concerning_ever, end_deputy, latest_end, name_deputy
from kompetenz.people.models import Deputy, Person
from kompetenz.people.own_reach import DEPUTY_OF_HR
from kompetenz.refusals import Faster, Refused
from learningplans import tasks as plan_tasks
from learningplans.drafting import drawing_up
from roles.models import RoleHolding, RoleProfile
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.conftest import Stage, person
from tests.markup import tight
from tests.test_access import CASES, STATES, answer, found_in_scenes, promised, signed_in
from tests.thorough import thorough_but

YESTERDAY, TOMORROW, IN_A_MONTH = TODAY - timedelta(days=1), TODAY + timedelta(days=1), TODAY + timedelta(days=30)

# What in the table of addresses belongs to anna's participation.
OF_ANNA = {
    *("self", "manager", "self rating", "manager rating", "participation", "for participation"),
    *("participation with a date", "asking colleagues", "nomination"),
    *("plan", "agreed plan", "goal", "goal's plan", "measure", "review", "agreed plan's review"),
}
ANNAS_CASES = [case for case in CASES if case[1] in OF_ANNA]


def answers_in(client, stage, state, scenes):
    """What is answered at every address of anna's participation in this state, in each of ``scenes`` by itself.

    A scene is what happens before, and who asks.
    """
    asked = [(happens, partial(answer, client, signed_in(client, who))) for happens, who in scenes]
    return found_in_scenes(stage, of_state(state), asked)


def of_state(state):
    return [case for case in ANNAS_CASES if case[3] == state]


def as_answered_to(columns, state):
    """What the table of addresses promises these of its people: 0 is anna, 1 her manager, -1 a stranger."""
    return {row: [expected[column] for column in columns] for row, expected in promised(of_state(state)).items()}


@pytest.fixture
def gerd(cast):
    return person("Gerd", "Vertreter", unit=cast.bernd.unit, personnel_number="0099")


@pytest.fixture
def named(cast, gerd):
    """Gerd acts for bernd, for anna and not for dora, until tomorrow."""
    return name_deputy(manager=cast.bernd, person=gerd, people=[cast.anna], since=TODAY, until=TOMORROW, by=cast.paula)


def lasting(deputy, since, until):
    Deputy.objects.filter(pk=deputy.pk).update(since=since, until=until)


# What a deputy reaches ----------------------------------------------------------------------------


WITHOUT_ACCESS = {
    "ended": lambda cast, deputy: lasting(deputy, YESTERDAY, YESTERDAY),
    "to come": lambda cast, deputy: lasting(deputy, TOMORROW, TOMORROW),
    "not listed": lambda cast, deputy: deputy.people.set([cast.dora]),
    "another manager": lambda cast, deputy: Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara),
}


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("state", thorough_but(STATES, "self released", "both released"))
def test_a_deputy_reaches_what_the_manager_reaches_and_out_of_office_no_more_than_a_stranger(
    client, cast, named, state
):
    stage = STATES[state](Stage(cast))
    ways = [lambda: None, *(partial(way, cast, named) for way in WITHOUT_ACCESS.values())]

    found = answers_in(client, stage, state, [(way, named.person) for way in ways])

    assert found == as_answered_to([1, *[-1] * len(WITHOUT_ACCESS)], state)


def test_the_table_of_addresses_has_much_about_a_participation():
    assert len(ANNAS_CASES) > 100
    assert {name.split(":")[0] for name, *_ in ANNAS_CASES} == {"assessments", "learningplans"}


@pytest.mark.parametrize(("days", "expected"), [(-1, 404), (0, 200), (1, 200)])
def test_the_last_day_still_counts(as_, stage, named, days, expected):
    lasting(named, YESTERDAY, TODAY + timedelta(days=days))

    assert as_(named.person).get(stage.participation.get_absolute_url()).status_code == expected


def test_a_deputy_does_not_reach_who_is_not_listed(as_, stage, named):
    of_dora = Participation.objects.get(round=stage.round, person=stage.cast.dora)

    assert as_(named.person).get(of_dora.get_absolute_url()).status_code == 404


def test_somebody_among_the_listed_sees_no_more_of_themself(as_, cast):
    stage = Stage(cast)
    stage.answer(stage.manager, 3)
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.anna, until=TOMORROW)
    deputy.people.add(cast.anna, cast.dora)
    client = as_(cast.anna)
    of_dora = Participation.objects.get(round=stage.round, person=cast.dora)

    own = [
        client.get(reverse("assessments:assessment", args=[stage.manager.pk])).status_code,
        client.get(reverse("assessments:targets", args=[stage.participation.pk])).status_code,
    ]

    assert own == [404, 404]
    assert client.get(of_dora.get_absolute_url()).status_code == 200
    seen = client.get(stage.participation.get_absolute_url()).context["comparison"]
    assert (seen.shows_target, seen.manager) == (False, {})


def test_a_deputys_own_people_do_not_become_visible_to_the_manager(as_, cast, named):
    """Acting for somebody goes one way."""
    theirs = person("Nora", "Nebenan", manager=named.person)

    assert Person.objects.led_by(cast.bernd).filter(pk=theirs.pk).exists() is False


# What a deputy does -------------------------------------------------------------------------------


def test_what_a_deputy_releases_says_so_on_page_talk_and_paper(as_, stage, named):
    saving.save_answers(pk=stage.manager.pk, by=named.person, levels=stage.levels(2))
    saving.release(pk=stage.manager.pk, by=named.person)
    stage.release(stage.own, 1)
    pages = [stage.participation.get_absolute_url(), reverse("assessments:talk", args=[stage.participation.pk])]

    for reader in (stage.cast.anna, stage.cast.bernd, named.person):
        for page in pages:
            assert "freigegeben von Gerd Vertreter in Vertretung" in as_(reader).get(page).text
    assert Assessment.objects.get(pk=stage.manager.pk).rater == named.person


def test_nobody_reads_who_released_before_it_is_disclosed(as_, stage, named):
    saving.save_answers(pk=stage.manager.pk, by=named.person, levels=stage.levels(2))
    saving.release(pk=stage.manager.pk, by=named.person)

    assert "freigegeben von" not in as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text


def test_the_manager_takes_back_what_their_deputy_released(stage, named):
    saving.save_answers(pk=stage.manager.pk, by=named.person, levels=stage.levels(2))
    saving.release(pk=stage.manager.pk, by=named.person)

    saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)

    assert Assessment.objects.get(pk=stage.manager.pk).released_at is None


def test_a_deputy_writes_the_record_and_is_named_with_whom_they_stand_in_for(as_, stage, named, monkeypatch):
    monkeypatch.setattr(pdf, "render_pdf", lambda name, context: render_to_string(name, context).encode())
    pages = [reverse(f"assessments:{name}", args=[stage.participation.pk]) for name in ("talk", "participation_pdf")]
    stage.release_both().talk()
    recording.record_talk(talk=stage.participation.talk, by=named.person)

    for page in pages:
        text = " ".join(strip_tags(as_(stage.cast.anna).get(page).text).split())
        assert "Festgehalten von Gerd Vertreter in Vertretung für Bernd Şahin-Žižek am" in text

    recording.reopen_talk(talk=stage._again().participation.talk)
    recording.record_talk(talk=stage._again().participation.talk, by=stage.cast.bernd)
    for page in pages:
        text = " ".join(strip_tags(as_(stage.cast.anna).get(page).text).split())
        assert "Festgehalten von Bernd Şahin-Žižek am" in text


def tasks_of(user):
    participations = round_tasks.participations_of(user)
    return [
        (task.title, task.note)
        for task in [
            *round_tasks.tasks_of(user, participations),
            *plan_tasks.tasks_of(user, participations, plan_tasks.plans_of(user)),
        ]
    ]


def test_tasks_of_a_deputy_say_for_whom_they_act(stage, named):
    assert tasks_of(named.person) == [
        (
            "Fremdeinschätzung für Anna Ärmel",
            f"Runde 2026 · in Vertretung für Bernd Şahin-Žižek · 0 von {COMPETENCIES} eingeschätzt",
        )
    ]

    stage.release_both()
    talk = tasks_of(named.person)
    stage.record()
    record = tasks_of(named.person)
    drawing_up.draw_up_plan(participation=stage.participation)

    frame = "Runde 2026 · in Vertretung für Bernd Şahin-Žižek"
    assert talk == [("Gespräch mit Anna Ärmel führen", frame)]
    assert record == [
        (
            "Lernplan aufstellen: Anna Ärmel (in Vertretung für Bernd Şahin-Žižek)",
            "Runde 2026 · Ist (festgehalten, noch keine Antwort)",
        ),
    ]
    assert tasks_of(named.person)[-1][0] == "Lernplan ausarbeiten: Anna Ärmel (in Vertretung für Bernd Şahin-Žižek)"


def test_the_managers_own_tasks_say_nothing_of_the_kind(stage, named):
    assert "Vertretung" not in str(tasks_of(stage.cast.bernd))


def test_many_tasks_are_told_apart_by_for_whom_they_are(cast, named):
    lotse = RoleProfile.objects.get(key="digitallotse")
    for manager in (cast.bernd, named.person):
        for number in range(6):
            one = person(f"P{number}", f"Von {manager.last_name}", manager=manager)
            RoleHolding.objects.create(person=one, profile=lotse, since=TODAY)
            named.people.add(one)
    Stage(cast)

    assert sorted(tasks_of(named.person)) == [
        ("6 Fremdeinschätzungen sind offen", "Runde 2026"),
        ("7 Fremdeinschätzungen sind offen", "Runde 2026 · in Vertretung für Bernd Şahin-Žižek"),
    ]


def test_the_team_page_of_a_deputy(as_, stage, named):
    page = as_(named.person).get(reverse("assessments:team")).text

    assert "in Vertretung für Bernd Şahin-Žižek" in page
    assert f"Sie vertreten Bernd Şahin-Žižek ({named.manager.unit}) bis zum" in tight(strip_tags(page))
    assert "Meine Vertretung" not in page  # who only deputises cannot pass that on
    assert "Dora" not in page


def test_the_form_says_who_reads_the_draft(as_, stage, named):
    address = reverse("assessments:assessment", args=[stage.manager.pk])

    assert "Sie handeln in Vertretung für Bernd Şahin-Žižek." in as_(named.person).get(address).text
    assert "Ihren Entwurf sehen nur Sie und wer Sie vertritt." in as_(stage.cast.bernd).get(address).text


# Who is told --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (TODAY, TOMORROW, "für Sie und sieht in dieser Zeit von Ihnen, was Ihre Führungskraft sieht"),
        (TOMORROW, IN_A_MONTH, "für Sie und sieht dann von Ihnen, was Ihre Führungskraft sieht"),
        (YESTERDAY, YESTERDAY, "Dieser Zugang ist beendet."),
    ],
)
def test_the_person_is_told_on_my_data(as_, cast, named, since, until, words):
    lasting(named, since, until)

    page = as_(cast.anna).get(reverse("my_data")).text

    assert "Gerd Vertreter" in page
    assert words in page


def test_the_person_is_told_on_the_page_of_the_round(as_, stage, named):
    assert "Gerd Vertreter ist vom" in as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text

    lasting(named, TOMORROW, IN_A_MONTH)
    assert "Gerd Vertreter wird vom" in as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text


def test_who_is_not_listed_or_has_another_manager_is_told_nothing(as_, cast, named):
    assert concerning_ever(cast.anna)[0] == [named]
    assert concerning_ever(cast.dora)[0] == []
    assert "Gerd" not in as_(cast.dora).get(reverse("my_data")).text

    cast.anna.manager = cast.clara
    cast.anna.save()

    assert concerning_ever(cast.anna)[0] == []


def test_who_has_deputised_for_a_manager_of_before_stays_to_be_read(as_, stage, named):
    anna, client, page = stage.cast.anna, as_(stage.cast.anna), stage.participation.get_absolute_url()
    Person.objects.filter(pk=anna.pk).update(manager=stage.cast.clara)
    anna.refresh_from_db()
    told = [tight(client.get(address).text) for address in (reverse("my_data"), page)]
    lasting(named, TOMORROW, IN_A_MONTH)
    never = [client.get(address).text for address in (reverse("my_data"), page)]
    lasting(named, TODAY, TOMORROW)
    handing_over.hand_over(participations=[stage.participation], by=stage.cast.paula)
    told += [tight(client.get(address).text) for address in (reverse("my_data"), page)]

    assert ["Gerd Vertreter war vom" in text for text in told] == [True] * 4
    assert "solange Bernd Şahin-Žižek Ihre Führungskraft war. Dieser Zugang ist beendet." in told[0]
    assert ["Gerd" in text for text in never] == [False, False]
    Person.objects.filter(pk=anna.pk).update(manager=stage.cast.bernd)
    assert "Gerd Vertreter vertritt" in tight(client.get(reverse("my_data")).text)


def test_a_deputy_reaches_nobody_who_has_another_manager_by_now(cast, gerd, named):
    assert list(Person.objects.led_by(gerd)) == [cast.anna]

    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    assert list(Person.objects.led_by(gerd)) == []


def test_a_deputy_reaches_their_people_only_between_the_days_named(cast, gerd, named):
    for since, until, reached in (
        (TODAY, TODAY, [cast.anna]),
        (YESTERDAY, TODAY, [cast.anna]),
        (TODAY, TOMORROW, [cast.anna]),
        (TOMORROW, IN_A_MONTH, []),
        (YESTERDAY, YESTERDAY, []),
    ):
        lasting(named, since, until)
        assert list(Person.objects.led_by(gerd)) == reached


def test_nobody_is_their_own_deputy_manager(cast, gerd, named):
    """Whoever is put in charge of people among whom they stand themselves does not lead themselves."""
    Person.objects.filter(pk=gerd.pk).update(manager=cast.bernd)
    named.people.add(gerd)

    assert list(Person.objects.led_by(gerd)) == [cast.anna]


# Naming -------------------------------------------------------------------------------------------


def data(cast, gerd, **changes):
    values = {
        "person": gerd.email,
        "since": TODAY.isoformat(),
        "until": IN_A_MONTH.isoformat(),
        "people": [cast.anna.pk],
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def own(client, **sent):
    return client.post(reverse("assessments:deputies"), sent)


def by_hr(client, cast, **sent):
    return client.post(reverse("people:deputy_create") + f"?manager={cast.bernd.email}", sent)


def told():
    return [
        (d.manager.first_name, d.person.first_name, [p.first_name for p in d.people.all()], d.named_by.first_name)
        for d in Deputy.objects.all()
    ]


def test_a_manager_names_their_deputy(as_, cast, gerd):
    response = own(as_(cast.bernd), **data(cast, gerd))

    assert (response.status_code, response.headers["Location"]) == (302, "/team/vertretung/")
    assert told() == [("Bernd", "Gerd", ["Anna"], "Bernd")]


def test_hr_names_a_deputy_for_anybody(as_, cast, gerd):
    response = by_hr(as_(cast.paula), cast, **data(cast, gerd, person="0099", people=[cast.anna.pk, cast.dora.pk]))

    assert (response.status_code, response.headers["Location"]) == (302, "/personen/vertretungen/")
    assert told() == [("Bernd", "Gerd", ["Anna", "Dora"], "Paula")]


def test_sending_it_twice_names_one_deputy(as_, cast, gerd):
    client = as_(cast.bernd)

    own(client, **data(cast, gerd))
    own(client, **data(cast, gerd))

    assert told() == [("Bernd", "Gerd", ["Anna"], "Bernd")]


def test_a_chosen_suggestion_counts_instead_of_what_was_typed(as_, cast, gerd):
    own(as_(cast.bernd), **data(cast, gerd, person="Gerd", person_choice=gerd.pk))

    assert told() == [("Bernd", "Gerd", ["Anna"], "Bernd")]


def test_a_chosen_suggestion_is_not_lost_when_something_else_is_wrong(as_, cast, gerd):
    page = own(as_(cast.bernd), **data(cast, gerd, person="Gerd", person_choice=gerd.pk, until="")).text

    assert f'name="person_choice" value="{gerd.pk}" id="vorschlag-{gerd.pk}" checked' in page
    chosen = page.partition(f'id="vorschlag-{gerd.pk}" checked')[2].partition("</label>")[0]
    assert str(gerd.unit) in chosen
    assert 'name="person_choice"' not in as_(cast.bernd).get(reverse("assessments:deputies")).text


def test_that_people_are_chosen_is_not_optional(as_, cast):
    assert "(optional)" not in as_(cast.bernd).get(reverse("assessments:deputies")).text


REFUSED = {
    "nobody chosen": (lambda cast, gerd: {"people": None}, "Bitte wählen Sie mindestens eine Person."),
    "not their people": (lambda cast, gerd: {"people": [cast.bernd.pk]}, "Die Zuordnung hat sich inzwischen geändert."),
    "themself": (lambda cast, gerd: {"person": cast.bernd.email}, "Eine Person kann sich nicht selbst vertreten."),
    "for themself": (lambda cast, gerd: {"person": cast.anna.email}, "Anna Ärmel kann nicht für sich selbst handeln."),
    "unknown": (lambda cast, gerd: {"person": "nie@test.example"}, "gibt es keine Person"),
    "nobody typed": (lambda cast, gerd: {"person": ""}, "Bitte füllen Sie „Vertretung ("),
    "in a strange year": (
        lambda cast, gerd: {"since": "9999-01-01", "until": "9999-02-01"},
        "Dieses Jahr kann nicht stimmen.",
    ),
    "in the past": (lambda cast, gerd: {"since": YESTERDAY.isoformat()}, "Eine Vertretung beginnt frühestens heute."),
    "backwards": (
        lambda cast, gerd: {"since": IN_A_MONTH.isoformat(), "until": TOMORROW.isoformat()},
        "Das Ende liegt vor dem Beginn.",
    ),
    "too long": (
        lambda cast, gerd: {"until": (latest_end(TODAY) + timedelta(days=1)).isoformat()},
        f"Eine Vertretung dauert höchstens bis {latest_end(TODAY):%d.%m.%Y}.",
    ),
    "without an end": (lambda cast, gerd: {"until": ""}, "Bitte geben Sie bei „bis“ einen Tag an."),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("who", ["bernd", "paula"])
def test_what_cannot_be_is_refused_beside_its_field(as_, cast, gerd, what, who):
    changes, words = REFUSED[what]
    client, sent = as_(getattr(cast, who)), data(cast, gerd, **changes(cast, gerd))

    response = own(client, **sent) if who == "bernd" else by_hr(client, cast, **sent)

    assert response.status_code == 200
    assert words in response.text
    assert told() == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"leaving_date": YESTERDAY}, {"email": None}])
def test_who_cannot_sign_in_cannot_deputise(as_, cast, gerd, change):
    Person.objects.filter(pk=gerd.pk).update(**change)

    response = by_hr(as_(cast.paula), cast, **data(cast, gerd, person="0099"))

    assert "kann sich nicht anmelden und deshalb nicht vertreten" in response.text
    assert told() == []


def test_whom_hr_adds_to_a_deputy_that_a_manager_has_named_is_not_said_to_be_the_managers(as_, cast, gerd):
    about = {"manager": cast.bernd, "person": gerd, "since": TODAY, "until": TOMORROW}
    name_deputy(**about, people=[cast.anna], by=cast.bernd)

    for _ in range(2):
        name_deputy(**about, people=[cast.anna, cast.dora], by=cast.paula)

    named = [(one.named_by, [who.first_name for who in one.people.all()]) for one in Deputy.objects.order_by("pk")]
    assert named == [(cast.bernd, ["Anna"]), (cast.paula, ["Dora"])]


def test_hr_cannot_name_themselves(as_, cast):
    response = by_hr(as_(cast.paula), cast, **data(cast, cast.paula))

    assert "Sich selbst kann niemand eintragen." in response.text
    assert told() == []


def test_twelve_months_are_the_most(as_, cast, gerd):
    own(as_(cast.bernd), **data(cast, gerd, until=latest_end(TODAY).isoformat()))

    assert told() == [("Bernd", "Gerd", ["Anna"], "Bernd")]
    assert latest_end(date(2028, 2, 29)) == date(2029, 2, 28)
    assert latest_end(date(2027, 3, 1)) == date(2028, 3, 1)


def test_people_who_have_moved_on_meanwhile_are_not_entrusted(cast, gerd):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    with pytest.raises(Faster):
        name_deputy(manager=cast.bernd, person=gerd, people=[cast.anna], since=TODAY, until=TODAY, by=cast.bernd)
    assert told() == []


def test_nobody_is_ticked_beforehand_and_only_their_own_people_are_listed(as_, cast):
    person("Nora", "Nebenan", manager=cast.clara)
    person("Alt", "Ehemals", manager=cast.bernd, is_active=False)

    page = as_(cast.bernd).get(reverse("assessments:deputies")).text

    boxes = re.findall(r'<input type="checkbox" name="people"[^>]*>', page)
    assert len(boxes) == 2
    assert "checked" not in "".join(boxes)
    assert "Nebenan" not in page


def test_of_many_people_the_first_are_listed_the_others_found_and_nothing_is_lost(as_, cast, gerd):
    many = Person.objects.bulk_create(
        Person(first_name=f"F{n:03}", last_name="Viele", sort_key=f"viele, f{n:03}", manager=cast.clara)
        for n in range(80)
    )
    own = "/team/vertretung/"
    client, last_day = as_(cast.clara), (TODAY + timedelta(days=3)).isoformat()
    sent = {"person": gerd.email, "since": TODAY.isoformat(), "until": last_day, "people": [many[0].pk, many[70].pk]}

    first = client.get(own).text
    searched = client.post(own, sent | {"suche": "f075", "suchen": "1", "person_choice": str(gerd.pk)})
    named = Deputy.objects.count()
    client.post(own, sent | {"people": [many[0].pk, many[70].pk, many[75].pk], "suche": "f075"})

    boxes = re.findall(r'name="people"[^>]*value="(\d+)"[^>]*?( checked)?', searched.text)
    assert first.count('name="people"') == 50
    assert {int(pk) for pk, _ in boxes} == {many[0].pk, many[70].pk, many[75].pk}
    assert (searched.text.count(" checked"), searched.context["form"].errors, named) == (3, {}, 0)
    assert all(value in searched.text for value in (gerd.email, last_day))
    assert set(Deputy.objects.get().people.all()) == {many[0], many[70], many[75]}


def test_the_people_of_a_deputy_are_not_theirs_to_pass_on(as_, cast, named):
    assert as_(named.person).get(reverse("assessments:deputies")).status_code == 404


def test_hr_first_says_for_whom(as_, cast, gerd):
    client = as_(cast.paula)

    first = client.get(reverse("people:deputy_create")).text
    nobodys = client.get(reverse("people:deputy_create"), {"manager": gerd.email}).text
    unknown = client.get(reverse("people:deputy_create"), {"manager": "xyz"}).text
    second = client.get(reverse("people:deputy_create"), {"manager": "Bern", "manager_choice": cast.bernd.pk}).text

    assert "Wer soll vertreten werden?" in first
    assert "Gerd Vertreter sind keine Beschäftigten zugeordnet." in nobodys
    assert "gibt es keine Person" in unknown
    assert "Vertretung eintragen: Bernd Şahin-Žižek" in second


def suggested(client, address, **query):
    response = client.get(address, query, headers={"HX-Request": "true"})
    return re.findall(r'for="vorschlag-\d+">([^<]+)<', response.text)


def test_suggestions_name_who_can_be_chosen(as_, cast, gerd):
    client = as_(cast.paula)
    address = reverse("people:deputy_create")
    person("Gerda", "Ohnepost")
    Person.objects.filter(first_name="Gerda").update(email=None, personnel_number="0098")

    assert suggested(client, address, person="Gerd") == ["Vertreter, Gerd, 10 Hauptamt (0099)"]
    assert suggested(client, address, person="0099") == ["Vertreter, Gerd, 10 Hauptamt (0099)"]
    assert suggested(client, address, manager="ernd") == ["Şahin-Žižek, Bernd, 10 Hauptamt (0002)"]
    assert suggested(client, address, manager="Gerd") == []
    assert suggested(client, address, person="G") == []


def test_managers_learn_no_personnel_number(as_, cast, gerd):
    client, address = as_(cast.bernd), reverse("assessments:deputies")

    assert suggested(client, address, person="Gerd") == ["Vertreter, Gerd, 10 Hauptamt"]
    assert suggested(client, address, person="0099") == []
    assert "Bitte die E-Mail-Adresse prüfen." in own(client, **data(cast, gerd, person="0099")).text
    assert told() == []


# Ending -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        (TODAY - timedelta(days=9), IN_A_MONTH, (TODAY - timedelta(days=9), TODAY)),
        (YESTERDAY, TODAY, (YESTERDAY, TODAY)),
        (TODAY, IN_A_MONTH, (TODAY, TODAY)),
        (TODAY, TODAY, (TODAY, TODAY)),
        (TOMORROW, IN_A_MONTH, None),
        (YESTERDAY, YESTERDAY, (YESTERDAY, YESTERDAY)),
    ],
)
def test_ending_takes_access_at_once(as_, stage, named, since, until, left):
    lasting(named, since, until)

    end_deputy(deputy=named, by=named.manager)
    end_deputy(deputy=named, by=named.manager)

    assert Deputy.objects.values_list("since", "until").first() == left
    assert as_(named.person).get(stage.participation.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["bernd", "paula"])
def test_ending_on_the_page(as_, cast, named, who):
    lasting(named, YESTERDAY, IN_A_MONTH)
    client = as_(getattr(cast, who))
    end = "assessments:deputy_end" if who == "bernd" else "people:deputy_end"
    back = reverse("assessments:deputies" if who == "bernd" else "people:deputies")

    responses = [client.post(reverse(end, args=[named.pk]), follow=True) for _ in range(2)]

    assert [(response.status_code, response.redirect_chain[0][0]) for response in responses] == [(200, "../../")] * 2
    assert responses[0].request["PATH_INFO"] == back
    assert "Die Vertretung durch Gerd Vertreter ist beendet." in responses[0].text
    ended = Deputy.objects.get()
    assert (ended.until, ended.is_over) == (TODAY, True)


def test_a_deputy_of_an_hour_stays_on_every_page_that_told_of_them(as_, stage, named):
    end_deputy(deputy=named, by=named.manager)

    hr = as_(stage.cast.paula).get(reverse("people:deputies") + "?beendete=ja").text
    own_page = as_(stage.cast.bernd).get(reverse("assessments:deputies")).text
    on_my_data = as_(stage.cast.anna).get(reverse("my_data")).text
    on_participation = as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text

    assert all("vorzeitig beendet" in " ".join(page.split()) for page in (hr, own_page))
    assert ("Vertreter, Gerd" in hr, "Vertreter, Gerd" in own_page) == (True, True)
    assert "Dieser Zugang ist beendet." in " ".join(on_my_data.split())
    assert f"Gerd Vertreter war vom {TODAY.day}." in " ".join(on_participation.split())
    assert Person.objects.with_reach().get(pk=named.person.pk).deputises is False
    assert list(Person.objects.led_by(named.person)) == []


def test_named_anew_on_the_day_on_which_it_was_ended_is_another_time(as_, cast, gerd, named):
    end_deputy(deputy=named, by=named.manager)

    again = name_deputy(manager=cast.bernd, person=gerd, people=[cast.anna], since=TODAY, until=TOMORROW, by=cast.bernd)

    assert (again.pk == named.pk, list(Person.objects.led_by(gerd)), Deputy.objects.count()) == (False, [cast.anna], 2)


def test_what_a_deputy_of_an_hour_has_released_is_no_former_managers(as_, stage, named):
    HandOver.objects.create(
        participation=stage.participation, from_person=stage.cast.clara, to_person=stage.cast.bernd,
        from_name="Clara Chefin", to_name="Bernd Şahin-Žižek", by=stage.cast.paula,
    )  # fmt: skip
    saving.save_answers(pk=stage.manager.pk, by=named.person, levels=stage.levels(2))
    saving.release(pk=stage.manager.pk, by=named.person)
    stage.release(stage.own, 1)

    end_deputy(deputy=named, by=named.manager)

    page = as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text
    assert "freigegeben von Gerd Vertreter in Vertretung" in page
    assert "früheren Führungskraft Gerd" not in page


def notices_in(mailoutbox):
    return {(mail.subject, *mail.to) for mail in mailoutbox}


def test_whom_hr_names_is_told_to_the_manager_and_the_people_at_once(as_, cast, gerd, run_jobs, mailoutbox):
    by_hr(as_(cast.paula), cast, **data(cast, gerd))
    by_hr(as_(cast.paula), cast, **data(cast, gerd, people=[cast.anna.pk, cast.dora.pk]))
    run_jobs()

    assert sorted((mail.subject, *mail.to) for mail in mailoutbox) == [
        (notices.SUBJECTS["deputy_of_manager"], cast.bernd.email),
        (notices.SUBJECTS["deputy_of_manager"], cast.bernd.email),
        (notices.SUBJECTS["deputy_named"], gerd.email),
        (notices.SUBJECTS["deputy_named"], gerd.email),
        (notices.SUBJECTS["deputy_for_person"], cast.anna.email),
        (notices.SUBJECTS["deputy_for_person"], cast.dora.email),
    ]
    assert not any("Gerd" in mail.body for mail in mailoutbox if mail.to != [gerd.email])


@pytest.mark.parametrize("since", [TODAY, TOMORROW])
@pytest.mark.parametrize(("who", "told_too"), [("paula", ["deputy_of_manager_ended"]), ("bernd", [])])
def test_that_it_has_ended_the_deputy_is_told_and_the_manager_who_has_not_done_it(
    as_, cast, named, run_jobs, mailoutbox, since, who, told_too
):
    lasting(named, since, IN_A_MONTH)
    end = reverse("assessments:deputy_end" if who == "bernd" else "people:deputy_end", args=[named.pk])
    run_jobs()
    mailoutbox.clear()

    for _ in range(2):
        as_(getattr(cast, who)).post(end)
    run_jobs()

    to = {"deputy_ended": named.person.email, "deputy_of_manager_ended": cast.bernd.email}
    told_of_it = [(notices.SUBJECTS[name], to[name]) for name in ["deputy_ended", *told_too]]
    assert sorted((mail.subject, *mail.to) for mail in mailoutbox) == sorted(told_of_it)


def test_whom_managers_name_themselves_is_told_to_the_people_as_well(as_, cast, gerd, run_jobs, mailoutbox):
    own(as_(cast.bernd), **data(cast, gerd))
    own(as_(cast.bernd), **data(cast, gerd))
    run_jobs()

    assert sorted((mail.subject, *mail.to) for mail in mailoutbox) == [
        (notices.SUBJECTS["deputy_named"], gerd.email),
        (notices.SUBJECTS["deputy_for_person"], cast.anna.email),
    ]


def test_hr_entrusts_nobody_of_hr_with_anybody(as_, cast):
    tarek = person("Tarek", "Tuncer", is_hr=True)

    response = by_hr(as_(cast.paula), cast, **data(cast, tarek, until=TODAY.isoformat()))

    assert response.context["form"].errors == {"person": [DEPUTY_OF_HR.format(tarek, cast.bernd)]}
    with pytest.raises(Refused):
        name_deputy(manager=cast.bernd, person=tarek, people=[cast.anna], since=TODAY, until=TODAY, by=cast.paula)
    assert told() == []


def test_a_manager_ends_nobody_elses(as_, cast, named):
    assert as_(cast.clara).post(reverse("assessments:deputy_end", args=[named.pk])).status_code == 404
    assert Deputy.objects.get().until == TOMORROW


def test_the_list_shows_those_of_today_and_to_come_and_the_ended_on_request(as_, cast, named, gerd):
    for since, until in ((YESTERDAY, YESTERDAY), (TOMORROW, TOMORROW)):
        Deputy.objects.create(manager=cast.clara, person=gerd, since=since, until=until)
    client = as_(cast.paula)

    now, ended = (client.get(reverse("people:deputies"), query).text for query in ({}, {"beendete": "ja"}))

    assert [re.findall(r"läuft|künftig(?=\s*<)|(?<!e)\bbeendet(?=\s*<)", page) for page in (now, ended)] == [
        ["läuft", "künftig"],
        ["beendet"],
    ]
    assert "Ärmel, Anna" in now


def test_namesakes_are_told_apart_in_the_lists_by_number_and_unit_for_hr_by_unit_for_managers(as_, cast, named):
    lists = [
        tight(strip_tags(as_(who).get(reverse(address)).text.split("<tbody")[1].split("</tbody>")[0]))
        for who, address in ((cast.paula, "people:deputies"), (cast.bernd, "assessments:deputies"))
    ]

    numbers = [one.personnel_number for one in (named.person, cast.bernd, cast.anna)]
    assert all(numbers)
    assert [[number in page for number in numbers] for page in lists] == [[True] * 3, [False] * 3]
    assert ["10.1 Digitalisierung" in page for page in lists] == [True, True]


def test_empty_lists_say_what_to_do(as_, cast):
    assert "tragen Sie eine Vertretung ein" in as_(cast.paula).get(reverse("people:deputies")).text
    assert "Noch ist keine Vertretung" in as_(cast.paula).get(reverse("people:deputies") + "?beendete=ja").text
    assert "Noch hat Sie niemand vertreten." in as_(cast.bernd).get(reverse("assessments:deputies")).text


@pytest.mark.parametrize("count", [1, 40])
def test_list_query_count(as_, cast, gerd, count, django_assert_num_queries):
    for _ in range(count):
        Deputy.objects.create(manager=cast.bernd, person=gerd, until=TOMORROW, named_by=cast.paula).people.add(
            cast.anna
        )
    client = as_(cast.paula)

    with django_assert_num_queries(5):  # session, user, count, deputies with names, their people
        page = client.get(reverse("people:deputies")).text

    assert page.count('scope="row"') == count


@pytest.mark.parametrize("count", [1, 40])
def test_own_page_query_count(as_, cast, gerd, count, django_assert_num_queries):
    for number in range(count):
        Deputy.objects.create(manager=cast.bernd, person=gerd, until=TOMORROW).people.add(cast.anna)
        person(f"P{number}", "Neu", manager=cast.bernd)
    client = as_(cast.bernd)

    # session, user, whether they manage anybody, count, deputies with names, their people, people to choose from
    with django_assert_num_queries(7):
        page = client.get(reverse("assessments:deputies")).text

    assert page.count('name="people"') == count + 2


# --- the quick way for those who are nobody's deputy ---------------------------------------------------------------


@pytest.mark.parametrize("deputising", [True, False])
def test_a_sessions_user_reaches_the_same_as_any_other(stage, deputising):
    cast = stage.cast
    if deputising:
        Deputy.objects.create(manager=cast.bernd, person=cast.clara, until=TOMORROW).people.add(cast.anna)
    of_session = {person.pk: person for person in Person.objects.with_reach()}

    for somebody in vars(cast).values():
        known = of_session[somebody.pk]
        assert set(Person.objects.led_by(known)) == set(Person.objects.led_by(somebody))
        assert known.leads_people == somebody.leads_people
        assert set(Participation.objects.shared_with(known)) == set(Participation.objects.shared_with(somebody))
    assert of_session[cast.clara.pk].deputises == deputising
