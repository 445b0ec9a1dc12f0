"""The learning formats and the offers in them: everybody reads, HR keeps them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from learningplans.models import LearningFormat, Offer
from learningplans.training.offering import remove_offer
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency, measure_in, plan_of
from tests.markup import tight

FORMATS = reverse("learningplans:formats")
LONG = "Donaudampfschifffahrtsverwaltungsfachangestelltenfortbildung "


def offer(title="Kurs", *competencies, of="seminare-schulungen", **fields):
    made = Offer.objects.create(format=LearningFormat.objects.get(key=of), title=title, **fields)
    made.competencies.set(competency(number) for number in competencies)
    return made


def titles(response):
    return [found.title for found in response.context["page"]]


def offer_data(**changes):
    training = LearningFormat.objects.get(key="training").pk
    return {"format": training, "title": "Übungsreihe", "provider": "Studieninstitut", "is_offered": "on"} | changes


def format_data(format_, **changes):
    data = {"name": format_.name, "description": format_.description, "needs": format_.needs, "is_offered": "on"}
    return data | {"suits": [category.pk for category in format_.suits.all()]} | changes


def test_everybody_reads_the_formats_by_their_nearness_to_the_job(client, cast):
    client.force_login(cast.anna)

    response = client.get(FORMATS)

    assert [(job, [one.key for one in formats]) for job, formats in response.context["groups"]] == [
        ("am Arbeitsplatz", ["kollegialer-austausch", "mentoring"]),
        ("außerhalb des Arbeitsplatzes", ["vortraege-workshops", "seminare-schulungen"]),
        ("am Arbeitsplatz oder außerhalb", ["selbstlernen", "coaching", "training"]),
    ]
    for word in ("Lernen aus Interaktion", "nur mit Einverständnis der Person", "eine Person, die mit Namen feststeht"):
        assert word in response.text
    assert "noch keine Angebote eingetragen" in response.text
    assert reverse("learningplans:offer_create") not in response.text


def test_hr_is_asked_for_the_first_offer(client, cast):
    client.force_login(cast.paula)

    assert "Fügen Sie das erste hinzu" in tight(client.get(FORMATS).text)


def test_without_formats_the_page_says_how_to_load_them(client, cast):
    LearningFormat.objects.all().delete()
    client.force_login(cast.anna)

    assert "load_missing" in tight(client.get(FORMATS).text)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "jederzeit"),
        (date(2027, 2, 5), date(2027, 2, 5), "am 05.02.2027"),
        (date(2027, 2, 5), date(2027, 2, 6), "ab 05.02.2027 bis 06.02.2027"),
        (date(2027, 2, 5), None, "ab 05.02.2027"),
        (None, date(2027, 2, 5), "bis 05.02.2027"),
    ],
)
def test_when_an_offer_takes_place_is_said_in_words(first, last, words):
    assert Offer(first_day=first, last_day=last).days == words


def test_what_is_not_to_be_chosen_is_shown_to_hr_only(client, cast):
    yesterday = TODAY - timedelta(days=1)
    offer("heute noch", last_day=TODAY)
    offer("vorüber", last_day=yesterday)
    offer("zurück", is_offered=False)
    offer("ohne Format", of="coaching")
    LearningFormat.objects.filter(key="coaching").update(is_offered=False)

    client.force_login(cast.anna)
    annas = client.get(FORMATS)
    client.force_login(cast.paula)
    paulas = client.get(FORMATS)

    assert titles(annas) == ["heute noch"]
    assert 'class="card" aria-labelledby="format-' in annas.text
    assert "<h3" in annas.text
    assert ">Coaching</h3>" not in annas.text
    assert sorted(titles(paulas)) == ["heute noch", "ohne Format", "vorüber", "zurück"]
    assert [word in paulas.text for word in (">vorbei<", ">zurückgezogen<", ">steht nicht zur Wahl<")] == [True] * 3


@pytest.mark.parametrize("many", [3, 200])
def test_the_list_costs_the_same_however_much_is_on_offer(client, cast, django_assert_num_queries, many):
    for number in range(many):
        offer(f"{LONG}{number:03}", 1, 2, provider=LONG, hours=8, cost=100)
    client.force_login(cast.anna)

    # session, user, formats with their count, what they suit, how many, the page, its competencies, formats to filter
    # by
    with django_assert_num_queries(8):
        response = client.get(FORMATS)

    assert len(titles(response)) == min(many, 50)


def test_two_hundred_offers_come_on_four_pages_that_keep_the_filter(client, cast):
    for number in range(200):
        offer(f"Kurs {number:03}")
    client.force_login(cast.anna)
    format_ = LearningFormat.objects.get(key="seminare-schulungen").pk

    response = client.get(FORMATS, {"format": format_, "seite": 4})

    assert (titles(response)[0], titles(response)[-1]) == ("Kurs 150", "Kurs 199")
    assert response.context["groups"] == []
    assert f"?format={format_}&amp;seite=3" in response.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"suche": "ÜBUNG"}, ["übungen"]),
        ({"suche": "studieninstitut"}, ["Vortrag"]),
        ({"suche": "datenkomp"}, ["Vortrag"]),
        ({"suche": "gibt es nicht"}, []),
        ({"format": "erfunden"}, ["Vortrag", "übungen"]),
        ({}, ["Vortrag", "übungen"]),
    ],
)
def test_offers_are_found_by_words_in_title_provider_and_competencies(client, cast, asked, found):
    offer("Vortrag", 5, of="vortraege-workshops", provider="Studieninstitut")
    offer("übungen")
    client.force_login(cast.anna)

    response = client.get(FORMATS, asked)

    assert titles(response) == found
    assert ("Kein Angebot passt" in response.text) == (not found)


def test_hr_fits_a_format_and_what_it_is_stays(client, cast):
    coaching = LearningFormat.objects.get(key="coaching")
    client.force_login(cast.paula)
    data = format_data(coaching, name="Beratung", needs_mentor="on", key="anders", job="off", learning_form="classic")

    response = client.post(reverse("learningplans:format", args=[coaching.pk]), data)

    coaching.refresh_from_db()
    assert response.url == FORMATS
    assert (coaching.name, coaching.needs_consent, coaching.needs_mentor) == ("Beratung", False, True)
    assert (coaching.key, coaching.job, coaching.learning_form) == ("coaching", "both", "interaction")


def test_the_last_format_stays_in_the_choice(client, cast):
    training = LearningFormat.objects.get(key="training")
    LearningFormat.objects.exclude(pk=training.pk).update(is_offered=False)
    client.force_login(cast.paula)

    page = client.post(
        reverse("learningplans:format", args=[training.pk]), format_data(training, name="Neu", is_offered="")
    )

    assert page.context["form"].errors == {"is_offered": ["Mindestens ein Format muss zur Wahl stehen."]}
    assert "<h1>Training bearbeiten</h1>" in page.text


def test_hr_adds_an_offer_with_german_numbers_and_competencies(client, cast):
    client.force_login(cast.paula)
    data = offer_data(link="https://www.beispiel.de/kurs", hours="12,5", cost="1.250,50 €", last_day="2030-01-31")

    client.post(reverse("learningplans:offer_create"), data | {"competencies": [competency(5).pk]})

    made = Offer.objects.get()
    assert (made.title, str(made.hours), str(made.cost), made.is_offered) == ("Übungsreihe", "12.5", "1250.50", True)
    assert [one.order for one in made.competencies.all()] == [5]


def test_a_new_offer_begins_with_the_format_it_was_asked_for(client, cast):
    client.force_login(cast.paula)
    training = LearningFormat.objects.get(key="training")

    page = client.get(reverse("learningplans:offer_create"), {"format": training.pk})

    assert f'<option value="{training.pk}" selected>' in page.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://beispiel.de/kurs", "data:text/html,x", "kein link"])
def test_a_link_leads_to_the_web_and_nowhere_else(client, cast, link):
    client.force_login(cast.paula)

    page = client.post(reverse("learningplans:offer_create"), offer_data(link=link))

    assert page.context["form"].errors == {
        "link": ["Bitte geben Sie eine Internetadresse an, die mit https:// beginnt."]
    }
    assert not Offer.objects.exists()


def test_an_address_without_its_beginning_is_taken_as_https(client, cast):
    client.force_login(cast.paula)

    client.post(reverse("learningplans:offer_create"), offer_data(link="www.beispiel.de/kurs"))

    assert Offer.objects.get().link == "https://www.beispiel.de/kurs"


def test_an_offer_does_not_end_before_it_begins_and_what_was_entered_stays(client, cast):
    client.force_login(cast.paula)

    data = offer_data(first_day=in_days(9).isoformat(), last_day=in_days(8).isoformat())
    page = client.post(reverse("learningplans:offer_create"), data)

    assert page.context["form"].errors == {
        "last_day": ["Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide Tage."]
    }
    assert 'value="Übungsreihe"' in page.text


def test_the_format_of_an_offer_stays_once_measures_use_it(client, cast, participation):
    plan = plan_of(participation)
    course = offer()
    client.force_login(cast.paula)
    address = reverse("learningplans:offer", args=[course.pk])

    client.post(address, offer_data())
    before = Offer.objects.get().format.key
    measure_in(plan, plan.goals.first(), offer=course)
    other = LearningFormat.objects.get(key="coaching").pk
    client.post(address, offer_data(format=other, title="Neuer Titel"))

    course.refresh_from_db()
    assert (before, course.format.key, course.title) == ("training", "training", "Neuer Titel")


def test_an_offer_that_measures_use_is_withdrawn_and_another_deleted(client, cast, participation):
    plan = plan_of(participation)
    used, unused = offer("benutzt"), offer("unbenutzt")
    measure = measure_in(plan, plan.goals.first(), offer=used)
    client.force_login(cast.paula)

    for one, asked in ((used, ">Zurückziehen<"), (unused, ">Löschen<")):
        address = reverse("learningplans:offer_delete", args=[one.pk])
        assert asked in client.get(address).text
        client.post(address)

    measure.refresh_from_db()
    assert list(Offer.objects.values_list("title", "is_offered")) == [("benutzt", False)]
    assert measure.offer == used


def test_an_offer_removed_twice_is_gone_once(client, cast):
    course = offer()

    assert remove_offer(offer=Offer.objects.get(pk=course.pk)) is True
    with pytest.raises(Offer.DoesNotExist):
        remove_offer(offer=course)


def test_the_navigation_leads_hr_to_the_formats(client, cast):
    client.force_login(cast.paula)

    assert f'<a href="{FORMATS}" aria-current="page">Formate und Angebote</a>' in tight(client.get(FORMATS).text)
