"""The pages of the training plan: what HR reads of a year, narrowed, added up, in groups and one by one."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit
from learningplans.drafting import holding
from learningplans.models import Booking, Measure, TrainingYear
from learningplans.training import adding_up, booking, keeping, listing, many, narrowing
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency
from tests.learningplans.training.bookings import DAY, booking_of, bookings_of, chosen, course, plan_with
from tests.markup import tight

State = Booking.State
PLAN, MOVE = reverse("learningplans:training"), reverse("learningplans:training_move")
EVIL = "=cmd|'/c calc'!A1"


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def ask(client, **narrowed):
    return client.get(PLAN, {"jahr": DAY.year, **narrowed})


def names(response):
    return [(one.name, one.number) for one in response.context["page"]]


def titles(response):
    return [row["title"] for row in response.context["rows"]]


def crowd(cast, number):
    """As many people more, each in a unit of their own with an offer of their own, and a booking on it."""
    for place in range(number):
        unit = Unit.objects.create(number=f"7{place:03}", name=f"Amt {place}")
        person = Person.objects.create(first_name=f"P{place:03}", last_name="Viele", unit=unit, manager=cast.bernd)
        offer = course(f"Kurs {place:03}", seats=2, dates=[DAY])
        offer.competencies.set([competency(8)])
        booking_of(person, offer)


def test_nothing_of_a_goal_and_no_level_is_shown(hr, cast):
    plan = plan_with(cast.anna, course(), helps="Geheim hilft", aids="Geheimes Buch", practice="Geheim üben")
    goal = plan.goals.get()

    pages = [ask(hr, nach=by).text for by in ("massnahme", "kompetenz", "angebot", "format", "quartal", "amt")]

    for page in pages:
        for word in ("Geheim", goal.specific, goal.measurable, "Kenner", "Könner", "Experte"):
            assert word not in page
        assert goal.competency.name not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL)


def test_a_competency_is_what_the_offer_names_or_what_the_round_shows(hr, cast):
    named = course("Benannt")
    named.competencies.set([competency(8)])
    plan_with(cast.anna, named, None)
    plan_with(cast.dora, None, shows_levels_to_hr=True)
    of_goal, of_offer = competency(5), competency(8)

    found = names(ask(hr, nach="kompetenz"))

    assert found == [(of_goal.name, 1), (of_offer.name, 1), ("Kompetenz nicht angegeben", 1)]
    assert ask(hr, kompetenz=of_goal.pk).context["totals"].number == 1
    assert ask(hr, kompetenz=of_offer.pk).context["totals"].number == 1


def test_a_year_is_added_up_and_what_falls_away_costs_nothing(hr, cast):
    first, second, _ = bookings_of(plan_with(cast.anna, course(), None, None))
    booking.move(chosen=chosen(first), to=State.BOOKED, by=cast.paula)
    booking.move(chosen=chosen(second), to=State.CANCELLED, by=cast.paula)

    response = ask(hr)

    totals = response.context["totals"]
    assert (totals.number, totals.hours, totals.cost) == (3, Decimal(16), Decimal(200))
    assert dict(totals.costs) == {State.BOOKED: Decimal(100), State.PROPOSED: Decimal(100)}
    assert [(word, number) for word, _, number in response.context["states"]] == [
        ("vorgeschlagen", 1), ("beantragt", 0), ("gebucht", 1), ("durchgefuehrt", 0), ("entfallen", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("angebot", [("Kurs", 1), ("ohne Angebot: Kollegialer Austausch", 1)]),
        ("format", [("Kollegialer Austausch", 1), ("Seminare und Schulungen", 1)]),
        ("quartal", [(f"{['I', 'II', 'III', 'IV'][(DAY.month - 1) // 3]}. Quartal", 2)]),
        ("amt", [("10 Hauptamt", 2), ("10.1 Digitalisierung", 2)]),
    ],
)
def test_the_year_in_groups(hr, cast, by, expected):
    plan_with(cast.anna, course(), None)

    response = ask(hr, nach=by)

    assert sorted(names(response)) == sorted(expected)
    for one, facts in zip(response.context["page"], response.context["groups"], strict=True):
        assert hr.get(f"{PLAN}?{facts['address']}").context["totals"].number == one.number


def test_the_list_is_narrowed(hr, cast):
    offer = course()
    plan_with(cast.anna, offer, None)
    plan_with(cast.dora, None)

    found = {
        str(asked): len(titles(ask(hr, nach="massnahme", **asked)))
        for asked in (
            {}, {"suche": "ärmel"}, {"angebot": offer.pk}, {"angebot": "0"}, {"stand": "gebucht"}, {"einheit": "10.1"},
            {"einheit": "gibt es nicht"}, {"quartal": "9"}, {"format": offer.format_id}, {"stand": "erfunden"},
        )
    }  # fmt: skip

    assert list(found.values()) == [3, 2, 1, 2, 0, 3, 0, 3, 1, 3]


@pytest.mark.parametrize(
    ("costs", "told"),
    [
        ((0, 0), "0,00\N{NO-BREAK SPACE}€"),
        ((None, None), "2 ohne Angabe"),
        ((None, 100), "100,00\N{NO-BREAK SPACE}€, 1 ohne Angabe"),
    ],
)
def test_what_costs_nothing_is_not_what_nobody_has_said_a_price_of(hr, cast, costs, told):
    for person, cost in zip((cast.anna, cast.dora), costs, strict=True):
        plan_with(person, None, cost=cost)

    for by in ("format", "amt"):
        assert f'data-column="Kosten">{told}</td>' in ask(hr, nach=by).text


def test_another_year_is_another_list(hr, cast):
    plan_with(cast.anna, None)

    response = hr.get(PLAN, {"jahr": DAY.year + 1})

    assert response.context["totals"].number == 0
    assert "ist noch nichts geplant" in response.text


@pytest.mark.parametrize(
    "address", ["jahr=99999999999999999999", "jahr=abc&quartal=-1", "angebot=²&format=x", "seite=9999"]
)
def test_nonsense_narrows_nothing(hr, cast, address):
    plan_with(cast.anna, None, starts_on=TODAY, due_on=TODAY)
    everything = hr.get(PLAN).context["totals"].number

    assert hr.get(f"{PLAN}?{address}").context["totals"].number == everything == 1


def test_a_name_is_a_name(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(last_name="<b>x</b>")
    plan_with(cast.anna, course(EVIL), title="<script>1</script>")

    for by in ("massnahme", "angebot"):
        assert "<script>1" not in ask(hr, nach=by).text


def test_one_is_moved_from_the_list(hr, cast):
    one = booking_of(cast.anna)
    key = ask(hr, nach="massnahme").context["rows"][0]["key"]

    response = hr.post(MOVE, {"liste": f"nach=massnahme&jahr={DAY.year}", "wahl": key, "stand": "booked"}, follow=True)

    assert Booking.objects.get(pk=one.pk).state == State.BOOKED
    assert response.redirect_chain == [(f"{PLAN}?nach=massnahme&jahr={DAY.year}", 302)]
    assert "1 Buchung geändert." in response.text


def test_a_list_that_has_changed_meanwhile_moves_nobody(hr, cast):
    one = booking_of(cast.anna)
    page = ask(hr, nach="massnahme").context
    booking.move(chosen=chosen(one), to=State.APPLIED, by=cast.paula)
    booking_of(cast.dora)

    single = hr.post(MOVE, {"wahl": page["rows"][0]["key"], "stand": "cancelled"}, follow=True)
    all_of_them = {"alle": "1", "gesehen": page["seen"], "liste": f"jahr={DAY.year}", "stand": "cancelled"}
    every = hr.post(MOVE, all_of_them, follow=True)

    assert "Nicht geändert, weil sie inzwischen in einem anderen Stand sind: 1." in single.text
    assert "Die Liste ist inzwischen eine andere." in every.text
    assert set(Booking.objects.values_list("state", flat=True)) == {State.APPLIED, State.PROPOSED}


def test_all_that_are_found_are_moved_together_many_of_them_as_a_job(hr, cast, monkeypatch, run_jobs):
    two = replace(many.MOVING, size=2, at_once=2)  # known by its name, as the other was
    monkeypatch.setattr(many, "MOVING", two)
    plan_with(cast.anna, None, None, None)

    seen = ask(hr, nach="massnahme").context["seen"]
    hr.post(MOVE, {"alle": "1", "gesehen": seen, "liste": f"jahr={DAY.year}", "stand": "applied"})
    waiting = list(Booking.objects.values_list("state", flat=True))
    run_jobs()

    assert waiting == [State.PROPOSED] * 3
    assert set(Booking.objects.values_list("state", flat=True)) == {State.APPLIED}
    assert Job.objects.get().sentence == "3 Buchungen geändert."


def test_a_job_books_none_that_the_two_have_changed_since_it_was_begun(hr, cast, monkeypatch, run_jobs):
    two = replace(many.MOVING, size=2, at_once=2)
    monkeypatch.setattr(many, "MOVING", two)
    last = bookings_of(plan_with(cast.anna, None, None, None))[-1]
    seen = ask(hr, nach="massnahme").context["seen"]

    hr.post(MOVE, {"alle": "1", "gesehen": seen, "liste": f"jahr={DAY.year}", "stand": "booked"})
    Measure.objects.filter(pk=last.measure_id).update(title="Etwas anderes")
    keeping.keep_in_step([last.measure.plan_id])
    run_jobs()

    assert sorted(Booking.objects.values_list("state", flat=True)) == ["booked", "booked", "proposed"]
    assert Booking.objects.get(pk=last.pk).state == State.PROPOSED


@pytest.mark.parametrize("fields", [{"title": "Etwas anderes"}, {"starts_on": DAY, "due_on": in_days(90)}])
def test_all_of_a_list_are_those_that_the_page_has_shown_as_they_were(hr, cast, fields):
    """As many as before, and yet the two have agreed on another."""
    one = booking_of(cast.anna)
    seen = ask(hr, nach="massnahme").context["seen"]
    Measure.objects.filter(pk=one.measure_id).update(**fields)
    keeping.keep_in_step([one.measure.plan_id])

    sent = {"alle": "1", "gesehen": seen, "liste": f"jahr={DAY.year}", "stand": "booked"}
    told = hr.post(MOVE, sent, follow=True)
    kept = Booking.objects.get().state
    hr.post(MOVE, sent | {"gesehen": ask(hr, nach="massnahme").context["seen"]})

    assert "Die Liste ist inzwischen eine andere." in told.text
    assert (kept, Booking.objects.get().state) == (State.PROPOSED, State.BOOKED)


def test_nobody_is_booked_on_another_day_than_the_page_has_shown(hr, cast):
    offer = course(dates=[DAY, in_days(60)], seats=1)
    rows = [booking_of(person, offer) for person in (cast.anna, cast.dora)]
    date = offer.dates.first()
    page = hr.get(reverse("learningplans:training_offer", args=[offer.pk])).context
    sent = {"termin": date.pk, "liste": f"angebotsseite={offer.pk}", "stand": "booked", "termine": page["dates_read"]}
    sent["wahl"] = [row["key"] for row in page["rows"]]
    offer.dates.filter(pk=date.pk).update(starts_on=in_days(50), ends_on=in_days(50))

    told = hr.post(MOVE, sent, follow=True)
    fresh = sent | {"termine": told.context["dates_read"]}
    full = hr.post(MOVE, fresh)
    before = set(Booking.objects.values_list("state", flat=True))
    shown = dict(re.findall(r'name="(termine|termin|rest|stand|liste)" value="([^"]*)"', full.text))
    hr.post(MOVE, shown | {"wahl": sent["wahl"]})

    assert "Der Termin ist inzwischen ein anderer." in told.text
    assert before == {State.PROPOSED}
    assert {row.pk for row in rows} == set(
        Booking.objects.filter(state__in=["booked", "applied"]).values_list("pk", flat=True)
    )


def test_who_is_moved_to_another_day_meanwhile_is_not_said_to_be_booked_as_before(hr, cast):
    offer = course(dates=[DAY])
    one = booking_of(cast.anna, offer)
    booking.move(chosen=chosen(one), to=booking.WAIT, by=cast.paula)
    key = ask(hr, nach="massnahme").context["rows"][0]["key"]
    offer.dates.update(starts_on=in_days(50), ends_on=in_days(50))

    hr.post(MOVE, {"wahl": key, "stand": "booked"})

    assert Booking.objects.get().state == State.APPLIED


def test_too_few_seats_lead_to_the_waiting_list_if_hr_wants(hr, cast):
    offer = course(seats=1, dates=[DAY])
    rows = [booking_of(person, offer) for person in (cast.anna, cast.dora)]
    sent = {"wahl": [f"{one.pk}-{one.stamp}" for one in rows], "stand": "booked", "liste": f"angebotsseite={offer.pk}"}

    asked = hr.post(MOVE, sent)
    done = hr.post(MOVE, sent | {"rest": "1"}, follow=True)

    assert "nur noch ein Platz frei, gewählt sind 2" in tight(asked.text)
    assert done.redirect_chain == [(reverse("learningplans:training_offer", args=[offer.pk]), 302)]
    assert "Davon auf der Warteliste: 1." in done.text
    assert sorted(Booking.objects.values_list("state", flat=True)) == [State.APPLIED, State.BOOKED]


def test_on_a_date_that_is_gone_nobody_is_booked_nor_on_another_one(hr, cast):
    offer = course(dates=[DAY, in_days(60)])
    one, date = booking_of(cast.anna, offer), offer.dates.first()
    sent = {"wahl": f"{one.pk}-{one.stamp}", "termin": date.pk, "liste": f"angebotsseite={offer.pk}", "stand": "booked"}
    date.delete()

    answer = hr.post(MOVE, sent, follow=True)

    assert "Diesen Termin gibt es nicht mehr." in answer.text
    assert Booking.objects.get().state == State.PROPOSED


def test_all_on_an_offers_page_does_not_mean_all_of_the_year(hr, cast):
    offer = course()
    one, other = booking_of(cast.anna, offer), booking_of(cast.dora)

    hr.post(MOVE, {"alle": "1", "gesehen": "2", "liste": f"angebotsseite={offer.pk}", "stand": "cancelled"})

    assert [Booking.objects.get(pk=row.pk).state for row in (one, other)] == [State.PROPOSED] * 2


@pytest.mark.parametrize("sent", [{}, {"stand": "booked"}, {"stand": "erfunden", "wahl": "1"}, {"wahl": "x-y", "stand": "done"},
                                  {"wahl": "99999999999999999999999", "stand": "done"}, {"wahl": "123456-x", "stand": "done"}])  # fmt: skip
def test_nonsense_moves_nothing(hr, cast, sent):
    booking_of(cast.anna)

    assert hr.post(MOVE, sent).status_code == 302
    assert Booking.objects.get().state == State.PROPOSED


def test_the_two_read_the_booking_in_their_plan_and_nobody_else_does(as_, cast):
    plan = plan_with(cast.anna, course(dates=[DAY]))
    booking.move(chosen=chosen(*bookings_of(plan)), to=State.BOOKED, by=cast.paula)

    for reader in (cast.anna, cast.bernd):
        page = tight(as_(reader).get(plan.get_absolute_url()).text)
        assert f"Buchung: gebucht: {DAY:%d.%m.%Y}, Saal 2" in page
    assert as_(cast.fremd).get(plan.get_absolute_url()).status_code == 404


def test_what_falls_away_is_a_task_of_the_person(as_, cast):
    one = booking_of(cast.anna)
    booking.move(chosen=chosen(one), to=State.CANCELLED, by=cast.paula)

    assert "Maßnahme entfällt: Maßnahme 1" in as_(cast.anna).get("/").text


def test_what_is_booked_though_the_plan_has_let_it_go_is_pointed_at(hr, cast):
    one = booking_of(cast.anna)
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-365))

    response = ask(hr, nach="massnahme", stand="zu-pruefen")

    assert [row["to_look_at"] for row in response.context["rows"]] == ["arbeitet nicht mehr hier"]


def test_the_page_says_how_many_are_to_be_looked_at_and_leads_there(hr, cast):
    one, _ = bookings_of(plan_with(cast.anna, None, None))
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    tile = "<strong>1</strong>zu prüfen</a>"

    before = tight(ask(hr).text)
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY - timedelta(days=1))
    after = [tight(ask(hr, **narrowed).text) for narrowed in ({}, {"suche": "Ärmel"}, {"stand": "beantragt"})]

    assert (tile in before, [tile in page for page in after]) == (False, [True, True, False])
    assert "stand=zu-pruefen" in after[0]
    assert '<option value="zu-pruefen" selected>zu prüfen</option>' in tight(ask(hr, stand="zu-pruefen").text)


def test_somebodys_last_day_passes_by_itself(hr, cast, monkeypatch):
    booking.move(chosen=chosen(booking_of(cast.anna)), to=State.BOOKED, by=cast.paula)
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=DAY)
    before = ask(hr).context["undecided"]

    monkeypatch.setattr(timezone, "localdate", lambda *_: DAY + timedelta(days=1))

    assert (before, ask(hr).context["undecided"]) == (0, 1)


def test_what_is_booked_and_called_otherwise_by_now_says_both(hr, cast):
    one = booking_of(cast.anna, title="Kurs A", provider="Institut A")
    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    Measure.objects.filter(pk=one.measure_id).update(title=EVIL, provider="")
    holding.tell_participation(one.measure.plan)

    response = ask(hr, nach="massnahme", stand="zu-pruefen")

    (row,) = response.context["rows"]
    assert (row["title"], row["plan_says"], row["to_look_at"]) == (
        "Kurs A", f"{EVIL}, {DAY:%d.%m.%Y}", "im Lernplan geändert",
    )  # fmt: skip
    assert row["about"].endswith("Institut A")
    assert "im Lernplan jetzt: =cmd|&#x27;/c calc&#x27;!A1" in response.text
    assert row["key"] == "{}-{}".format(*next(iter(chosen(Booking.objects.get(pk=one.pk)).items())))


# Session, user, the stand of the year, whose sums are known; its page, or of its groups the names (of units their tree, too, of
# competencies those of all offers; of measures that they were read); first and last year, formats and competencies to choose from; the
# budget. For a competency it is the same, and beside it the offers for this competency, the sums, and what is to be looked at; for a
# name the rounds of who is called so, and all their bookings at once; for a unit it and those beneath, whose sums are known.
QUERIES = {
    "massnahme": 10,
    "angebot": 9,
    "format": 8,
    "kompetenz": 9,
    "amt": 9,
    "by name": 10,
    "for a competency": 10,
    "of a unit": 12,
}


@pytest.mark.parametrize("number", [3, 60])
def test_the_year_costs_the_same_however_much_is_in_it(hr, cast, number):
    crowd(cast, number)
    narrowed = {
        "by name": {"nach": "massnahme", "suche": "viele"},
        "for a competency": {"nach": "massnahme", "kompetenz": competency(8).pk},
        "of a unit": {"nach": "massnahme", "einheit": "7"},
    }
    asked = {one: narrowed.get(one, {"nach": one}) for one in QUERIES}
    found, queries = {}, {}
    for name, fields in asked.items():
        ask(hr, **fields)
        with CaptureQueriesContext(connection) as captured:
            found[name] = ask(hr, **fields)
        queries[name] = len(captured)

    assert queries == QUERIES
    assert {found[one].context["totals"].number for one in narrowed} == {number}


def test_whoever_looks_for_too_many_by_their_name_is_asked_for_more_of_it(hr, cast, monkeypatch):
    crowd(cast, 3)
    monkeypatch.setattr(narrowing, "MOST_FOUND", 2)

    many, one = ask(hr, nach="massnahme", suche="viele"), ask(hr, nach="massnahme", suche="P001 viele")

    assert "Bitte geben Sie mehr vom Namen ein." in tight(many.text)
    assert "entspricht dieser Auswahl" not in many.text
    assert (list(many.context["page"]), titles(one)) == ([], ["Maßnahme 1"])


def test_who_is_called_so_is_added_up_as_all_are(hr, cast):
    """What a name finds is added up row by row: in the same groups, to the same sums, in the same order."""
    crowd(cast, 4)
    first, second, third, fourth = Booking.objects.order_by("pk")
    booking.move(chosen=chosen(first), to=State.BOOKED, by=cast.paula)
    booking.move(chosen=chosen(second), to=booking.WAIT, by=cast.paula)
    booking.move(chosen=chosen(third), to=State.CANCELLED, by=cast.paula)
    Booking.objects.filter(pk=fourth.pk).update(cost=None, hours=None, begins_on=DAY - timedelta(days=1))
    Person.objects.filter(pk=first.measure.plan.participation.person_id).update(leaving_date=TODAY - timedelta(days=1))
    other_year = booking_of(Person.objects.get(first_name="P000"), due_on=in_days(400), starts_on=in_days(400))

    def of(**narrowed):
        page = ask(hr, **narrowed).context
        return page["totals"], page["undecided"], list(page["page"])

    for by in ("angebot", "format", "quartal", "amt", "kompetenz", "massnahme"):
        assert of(nach=by, suche="viele") == of(nach=by)
    assert of(nach="massnahme", suche="viele")[2] == [fourth.pk, first.pk, second.pk, third.pk]
    assert of(nach="massnahme", suche="viele", jahr=other_year.year)[2] == [other_year.pk]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows how many a name finds")
def test_a_name_is_looked_for_from_its_people_on(hr, cast):
    """SQLite walked through all bookings of the year."""
    one = booking_of(cast.anna)
    meant = narrowing.Meant.of(narrowing.YearNarrowing(one.year, name="Ärmel"), shows_goals=False)

    assert "training_list" not in meant.bookings(cast.paula).order_by().explain()


def test_of_names_that_about_as_many_have_the_question_is_the_same(hr, cast):
    """It is prepared once for three and four rounds, in which there may be more bookings than one."""
    crowd(cast, 11)
    booking_of(Person.objects.get(first_name="P000"))
    adding_up.of_called.ready = {}

    found = {name: ask(hr, nach="massnahme", suche=name).context["totals"].number for name in ("P00", "viele", "P000")}

    assert found == {"P00": 11, "viele": 12, "P000": 2}
    assert len(adding_up.of_called.ready) == 2
    assert [narrowing.filled_up((3, 1, 2)[:number]) for number in (1, 2, 3)] == [[3], [3, 1], [3, 1, 2, 2]]


def test_what_is_narrowed_further_is_asked_for_with_a_question_that_is_ready_too(hr, cast):
    """The same bookings as the narrowing means, whatever it is narrowed to, and one question for all numbers."""
    crowd(cast, 5)
    offer = course("Recht", dates=[DAY])
    offer.competencies.add(competency(8))
    booking_of(cast.anna, offer)
    booking_of(cast.dora, None, shows_levels_to_hr=True)
    booking.move(chosen=chosen(Booking.objects.earliest("pk")), to=State.BOOKED, by=cast.paula)
    format_, quarter = Booking.objects.latest("pk").format_id, Booking.objects.latest("pk").quarter
    Booking.objects.filter(measure__plan__participation__person__first_name="P001").update(unit=None)
    wanted = [
        *({"quarter": number} for number in range(1, 5)),
        *({"state": state} for state in (*narrowing.STATES, narrowing.TO_LOOK_AT)),
        *({"unit": unit} for unit in ("10", "7", "gibt es nicht", narrowing.NO_UNIT)),
        *({"offer": number} for number in (narrowing.WITHOUT, offer.pk, offer.pk + 1)),
        *({"competency": competency(number).pk} for number in (5, 8, 9)),
        {"format": format_, "quarter": quarter, "state": "vorgeschlagen", "offer": narrowing.WITHOUT},
    ]

    found, numbers = {}, set()
    for name in ("", "viele", "Ärmel"):
        for one in wanted:
            asked = narrowing.YearNarrowing(DAY.year, name=name, **one)
            of_year = adding_up.FoundInYear(asked, cast.paula)
            meant = list(listing.in_order(of_year.bookings()).values_list("pk", flat=True))
            found[str(asked)] = (meant, list(of_year.ids()[0:50]))
            numbers.add(len(meant))

    assert {asked: pair for asked, pair in found.items() if pair[0] != pair[1]} == {}
    assert numbers >= {0, 1, 2, 5}
    assert not [one for one in (adding_up.of_called, adding_up.ids_on_a_page) if None in one.ready.values()]


def test_of_a_row_nothing_is_read_but_what_it_shows(hr, cast):
    """Fifty rows with three dozen facts each were looked through for each page."""
    booking_of(cast.anna)
    (row,) = ask(hr, nach="massnahme").context["rows"]

    template = Path(settings.BASE_DIR, "templates", "learningplans", "_training_row.html").read_text()
    assert row.keys() == {*re.findall(r"{{ (\w+) }}", template), "person"}


def test_a_unit_beneath_another_is_another_list_at_once(hr, cast):
    booking_of(cast.anna)
    elsewhere = Unit.objects.create(number="20", name="Kämmerei")
    before = [ask(hr, nach="massnahme", einheit=number).context["totals"].number for number in ("10", "20")]

    Unit.objects.filter(pk=cast.anna.unit_id).update(parent=elsewhere)

    after = [ask(hr, nach="massnahme", einheit=number).context["totals"].number for number in ("10", "20")]
    assert (before, after) == ([1, 0], [0, 1])


def test_whose_unit_is_no_more_is_without_one_at_once(hr, cast):
    one = booking_of(cast.anna)
    before = ask(hr, nach="massnahme", einheit="ohne Einheit").context["totals"].number

    Booking.objects.filter(pk=one.pk).update(unit=None)

    assert (before, ask(hr, nach="massnahme", einheit="ohne Einheit").context["totals"].number) == (0, 1)


def test_an_offer_for_another_competency_is_another_list_at_once(hr, cast):
    offer = course()
    offer.competencies.set([competency(8)])
    plan_with(cast.anna, offer)
    before = ask(hr, kompetenz=competency(8).pk).context["totals"].number

    offer.competencies.set([competency(9)])

    after = [ask(hr, kompetenz=competency(number).pk).context["totals"].number for number in (8, 9)]
    assert (before, after) == (1, [0, 1])


def test_sums_are_those_of_this_moment_whoever_has_added_them_up_before(hr, cast):
    one = booking_of(cast.anna)
    before = ask(hr).context["totals"]

    booking.move(chosen=chosen(one), to=State.BOOKED, by=cast.paula)
    moved = ask(hr).context["totals"]
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY)
    one.measure.plan.participation.delete()
    gone = ask(hr).context["totals"]

    assert [dict(found.states) for found in (before, moved, gone)] == [{"proposed": 1}, {"booked": 1}, {}]


@pytest.mark.parametrize("what", ["person", "participation", "plan", "measure"])
def test_a_year_is_added_up_anew_when_a_booking_goes_with_something(hr, cast, what):
    """Its bookings are not counted for that: of a hundred thousand it took as long as half of the page."""
    one, other = booking_of(cast.anna), booking_of(cast.dora)
    plan = one.measure.plan
    ask(hr)
    tokens = dict(TrainingYear.objects.values_list("year", "token"))

    {"person": cast.anna, "participation": plan.participation, "plan": plan, "measure": one.measure}[what].delete()

    assert ask(hr).context["totals"].number == 1
    assert list(Booking.objects.all()) == [other]
    assert TrainingYear.objects.get(year=one.year).token != tokens[one.year]
    with CaptureQueriesContext(connection) as captured:
        ask(hr)
    assert not [query["sql"] for query in captured if "COUNT" in query["sql"]]


def test_an_offers_page_shows_dates_seats_and_who_waits(hr, cast):
    offer = course(seats=1, dates=[DAY])
    rows = [booking_of(person, offer) for person in (cast.anna, cast.dora)]
    booking.move(chosen=chosen(*rows), to=State.BOOKED, by=cast.paula, rest_waits=True)

    page = hr.get(reverse("learningplans:training_offer", args=[offer.pk]))

    assert [row["person_name"] for row in page.context["rows"]] == ["Dora Özgür", "Anna Ärmel"]
    assert "1 von 1" in tight(page.text)
    assert "Warteliste" in page.text


def test_hr_adds_a_date_once(hr, cast):
    offer = course()
    address = reverse("learningplans:training_date_add", args=[offer.pk])
    sent = {"starts_on": DAY, "ends_on": "", "place": "Saal 1", "once": f"{cast.paula.pk}-x"}

    for _ in range(2):
        assert hr.post(address, sent).url == reverse("learningplans:training_offer", args=[offer.pk])
    refused = hr.post(address, {"starts_on": DAY, "ends_on": TODAY})

    assert [(one.starts_on, one.place) for one in offer.dates.all()] == [(DAY, "Saal 1")]
    assert refused.context["form"].errors == {
        "ends_on": ["Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide Tage."]
    }


def test_seats_are_not_fewer_than_are_booked(hr, cast):
    offer = course(seats=3)
    rows = [booking_of(person, offer) for person in (cast.anna, cast.dora)]
    booking.move(chosen=chosen(*rows), to=State.BOOKED, by=cast.paula)
    sent = {"format": offer.format_id, "title": "Kurs", "seats": "1", "is_offered": "on"}

    response = hr.post(reverse("learningplans:offer", args=[offer.pk]), sent)

    assert response.context["form"].errors == {
        "seats": ["Auf einem Termin sind schon 2 gebucht. Lassen Sie zuerst Buchungen entfallen."]
    }
