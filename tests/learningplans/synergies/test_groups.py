"""A group from the proposal to the plan: who is asked, who learns what of whom, and what an answer writes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.following import changing, recording, steps
from learningplans.models import (
    Goal,
    GroupPlace,
    LearningFormat,
    LearningGroup,
    LearningPlan,
    Measure,
    Offer,
    PlanChange,
)
from learningplans.synergies import counting, joining, proposing
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency
from tests.learningplans.training.bookings import course
from tests.markup import tight


@pytest.fixture
def told(many):
    """Six with anna have the same goal, six another, and HR has had them counted."""
    many.plans = many.learn(5)
    many.others = many.learn(6, goal=8)
    many.tally = counting.take_stock(by=many.cast.paula)
    return many


def address(*, number=5):
    return reverse("learningplans:propose_group", args=[competency(number).pk, 1, 2])


def sent(**fields):
    return {
        "title": "Gruppe Daten",
        "format": LearningFormat.objects.get(key="seminare-schulungen").pk,
        "due_on": f"{in_days(60)}",
        "answer_by": f"{in_days(20)}",
        "seats": 10,
        "hours": "16",
        "cost": "2.900",
    } | fields


@pytest.fixture
def group(as_, told):
    as_(told.cast.paula).post(address(), sent())
    return LearningGroup.objects.get()


def place_of(person):
    return GroupPlace.objects.get(goal__plan__participation__person=person)


def answer(client, place, says):
    return client.post(reverse("learningplans:group_place", args=[place.pk]), {"antwort": says}, follow=True)


def test_hr_sees_how_many_and_nobody_and_no_words_of_a_goal(as_, told):
    Goal.objects.update(specific="Ein Satz über mich")

    page = as_(told.cast.paula).get(reverse("learningplans:shared_goals")).text

    assert f"{competency(5).name}" in page
    assert "von Kenner zu Könner" in page
    assert [str(one) for one in Person.objects.exclude(pk=told.cast.paula.pk) if str(one) in page] == []
    assert "Lernt" not in page
    assert "Ein Satz über mich" not in page


def test_what_a_group_saves_is_reckoned_with_the_cheapest_offer_and_hrs_terms(as_, told):
    format_ = LearningFormat.objects.first()
    for cost in (500, 400, 450):
        Offer.objects.create(format=format_, title="Kurs", cost=cost, hours=16).competencies.add(competency(5))
    client = as_(told.cast.paula)

    usual = " ".join(client.get(reverse("learningplans:shared_goals")).text.split())
    terms = {"honorar": "600", "plaetze": "12", "mindestens": "3", "fahrt": "2"}
    other = " ".join(client.get(reverse("learningplans:shared_goals"), terms).text.split())

    assert "6 Einzelbuchungen zu 400 €" in usual
    assert "2 Tage zu 1.450 €: 2.900 €" in usual
    assert "Mehrkosten: 500 €" in usual
    assert "Günstiger ab 8 Zusagen" in usual
    assert "2 Tage zu 600 €: 1.200 €" in other
    assert "Ersparnis: 1.200 €" in other
    assert "24 Stunden Fahrt (6 × 2 Tage × 2 Stunden)" in other


@pytest.mark.parametrize("terms", [{"plaetze": "0"}, {"mindestens": "40"}, {"honorar": "viel"}, {"fahrt": "-1"}])
def test_terms_that_make_no_sense_come_back_with_a_sentence_and_the_usual_ones_hold(as_, told, terms):
    page = as_(told.cast.paula).get(reverse("learningplans:shared_goals"), terms)

    assert len(page.context["form"].errors) == 1
    assert page.context["first"].sizes == [6]
    assert next(iter(terms.values())) in page.text


def test_everybody_with_this_goal_is_asked_by_one_letter_and_in_their_tasks(as_, told, group):
    places = GroupPlace.objects.all()

    assert {one.goal.plan_id for one in places} == {told.anna.pk, *(plan.pk for plan in told.plans)}
    letters = Letter.objects.filter(key=f"learning-group-{group.pk}")
    assert letters.count() == 6
    letter = letters.get(person=told.cast.anna)
    assert letter.path == place_of(told.cast.anna).get_absolute_url()
    assert "Lerngruppe: Gruppe Daten" in as_(told.cast.anna).get("/").text
    assert "Gruppe Daten" not in as_(told.others[0].participation.person).get("/").text


def test_hr_sees_nothing_of_these_letters_whatever_becomes_of_them(as_, told, group):
    client = as_(told.cast.paula)
    address = reverse("letters:waiting")

    for state in ("waiting", "refused", "uncertain"):
        Letter.objects.update(state=state, claimed_at=None if state == "waiting" else timezone.now())
        page = client.get(address)
        assert "Lernt" not in page.text
        assert not page.context["standing"]["waiting"]
        assert "E-Mail" not in " ".join(
            task.title for _, tasks in client.get("/").context["task_groups"] for task, _ in tasks
        )


def test_the_letter_is_not_sent_any_more_once_it_is_answered(told, group):
    letter = Letter.objects.get(key=f"learning-group-{group.pk}", person=told.cast.anna)
    assert still_true(letter) == ""

    joining.decline(place=place_of(told.cast.anna), by=told.cast.anna)

    assert still_true(letter) != ""


def still_true(letter):
    return obstacle_to(letter)


def test_hr_learns_the_names_of_who_has_accepted_and_no_other(as_, told, group):
    client = as_(told.cast.paula)
    page = reverse("learningplans:group", args=[group.pk])
    accepts, declines = told.plans[0].participation.person, told.plans[1].participation.person

    before = client.get(page).text
    answer(as_(accepts), place_of(accepts), "ja")
    answer(as_(declines), place_of(declines), "nein")
    after = as_(told.cast.paula).get(page).text

    assert "Lernt" not in before
    assert accepts.first_name in after
    assert [
        one for one in Person.objects.filter(last_name="Lernt").exclude(pk=accepts.pk) if one.first_name in after
    ] == []
    assert "Beim Vorschlagen waren 6 Personen mit diesem Ziel gezählt" in " ".join(after.split())


def test_nobody_else_reads_or_answers_somebodys_question(as_, told, group):
    place = place_of(told.cast.anna)
    page = reverse("learningplans:group_place", args=[place.pk])
    everybody_else = [told.cast.paula, told.cast.bernd, told.cast.audit, told.plans[0].participation.person]

    assert [as_(who).get(page).status_code for who in everybody_else] == [404] * 4
    assert [as_(who).post(page, {"antwort": "ja"}).status_code for who in everybody_else] == [404] * 4
    place.refresh_from_db()
    assert place.answer == ""


def test_accepting_writes_the_measure_down_as_a_change_that_the_manager_answers(as_, told, group):
    anna, bernd = told.cast.anna, told.cast.bernd

    page = answer(as_(anna), place_of(anna), "ja")

    change = PlanChange.objects.get(plan=told.anna)
    assert (change.written_by, change.told, change.reason) == (anna, bernd, "Zusage zur Lerngruppe „Gruppe Daten“")
    assert f"{bernd} nimmt sie zur Kenntnis" in page.text
    assert "Gruppe Daten" not in told.anna.measures.values_list("title", flat=True)
    changing.answer_change(change=change, by=bernd, answer="noted", statement="", read=change.stamp)
    measure = told.anna.measures.get(title="Gruppe Daten")
    assert (measure.hours, measure.cost, measure.due_on) == (16, 290, in_days(60))
    assert list(measure.goals.all()) == list(told.anna.goals.all())
    assert "Maßnahme steht darin" in as_(told.cast.paula).get(group.get_absolute_url()).text


def test_where_nobody_answers_nobody_is_said_to(as_, told, group):
    anna = told.cast.anna
    Person.objects.filter(pk=anna.pk).update(manager=told.cast.clara)
    place = place_of(anna)

    asked = as_(anna).get(place.get_absolute_url()).text
    said = answer(as_(anna), place, "ja").text

    nobody = f"Zurzeit ist niemand da, der antworten kann: {told.cast.bernd} ist nicht mehr die Führungskraft von"
    assert [nobody in asked, nobody in said, f"{told.cast.bernd} liest sie" in asked] == [True, True, False]


@pytest.mark.parametrize(("needs_consent", "consented"), [(True, TODAY), (False, None)])
def test_the_measure_says_all_that_the_group_says(told, group, needs_consent, consented):
    offer = course("Kurs", seats=10)
    offer.format.needs_consent = needs_consent
    group.format, group.offer, group.provider, group.starts_on = offer.format, offer, "Institut", in_days(50)

    measure = joining.measure_of(group, told.anna)

    assert {name: getattr(measure, name) for name in (
        "plan", "format", "offer", "title", "provider", "starts_on", "due_on", "responsible", "hours", "cost", "consented_on",
    )} == {
        "plan": told.anna, "format": offer.format, "offer": offer, "title": "Gruppe Daten", "provider": "Institut",
        "starts_on": in_days(50), "due_on": in_days(60), "responsible": "Personalentwicklung", "hours": 16, "cost": 290,
        "consented_on": consented,
    }  # fmt: skip


def test_a_yes_can_be_taken_back_until_it_is_answered(as_, told, group):
    anna, place = told.cast.anna, place_of(told.cast.anna)
    client = as_(anna)
    answer(client, place, "ja")

    page = answer(client, place, "nein")

    assert "Das erfährt niemand." in page.text
    assert not PlanChange.objects.exists()
    answer(client, place, "ja")
    change = PlanChange.objects.get()
    changing.answer_change(change=change, by=told.cast.bernd, answer="noted", statement="", read=change.stamp)
    assert "schon beantwortet" in answer(client, place, "nein").text
    place.refresh_from_db()
    assert place.is_accepted


def test_who_takes_the_measure_back_in_the_plan_has_taken_back_the_yes(as_, told, group):
    anna, place = told.cast.anna, place_of(told.cast.anna)
    answer(as_(anna), place, "ja")

    changing.withdraw_change(change=PlanChange.objects.get(), by=anna)

    page, hr = as_(anna).get(place.get_absolute_url()).text, as_(told.cast.paula).get(group.get_absolute_url()).text
    assert ("Zusage zurückgenommen" in page, "Ich bin dabei" in page) == (True, True)
    assert (str(anna) in hr, "Noch hat niemand zugesagt." in hr) == (False, True)
    assert LearningGroup.objects.with_accepted().get().accepted == 0
    answer(as_(anna), place, "ja")
    assert PlanChange.objects.count() == 1


def test_a_yes_to_what_the_manager_has_declined_is_no_no(as_, told, group):
    anna, place = told.cast.anna, place_of(told.cast.anna)
    answer(as_(anna), place, "ja")
    change = PlanChange.objects.get()
    changing.answer_change(change=change, by=told.cast.bernd, answer="declined", statement="Nein.", read=change.stamp)

    page, hr = as_(anna).get(place.get_absolute_url()).text, as_(told.cast.paula).get(group.get_absolute_url()).text

    assert ("zugesagt, die Maßnahme ist abgelehnt" in page, "abgesagt" in page) == (True, False)
    assert str(anna) not in hr


def noted(told):
    """anna's yes, whose measure is in her plan."""
    joining.accept(place=place_of(told.cast.anna), by=told.cast.anna)
    change = PlanChange.objects.get()
    changing.answer_change(change=change, by=told.cast.bernd, answer="noted", statement="", read=change.stamp)
    return Measure.objects.get(title="Gruppe Daten")


@pytest.mark.parametrize("gone", ["dropped", "removed"])
def test_hr_is_not_told_that_a_measure_is_in_a_plan_from_which_it_has_gone(as_, told, group, gone):
    measure, other = noted(told), told.plans[0].participation.person
    before = as_(told.cast.paula).get(group.get_absolute_url()).text
    LearningGroup.objects.update(seats=1)
    if gone == "dropped":
        Measure.objects.filter(pk=measure.pk).update(state="dropped")
    else:
        measure.delete()

    hr, page = (as_(who).get(one.get_absolute_url()).text for who, one in
                [(told.cast.paula, group), (told.cast.anna, place_of(told.cast.anna))])  # fmt: skip
    joining.accept(place=place_of(other), by=other)

    anna = str(told.cast.anna)
    assert ("Maßnahme steht darin" in before, anna in before, anna in hr) == (True, True, False)
    assert "zugesagt, die Maßnahme steht nicht im Lernplan" in page
    assert LearningGroup.objects.with_accepted().get().accepted == 1


def test_a_measure_that_is_renamed_in_the_plan_is_still_the_groups(as_, told, group):
    measure = noted(told)
    Measure.objects.filter(pk=measure.pk).update(title="Anders")

    assert "Maßnahme steht darin" in as_(told.cast.paula).get(group.get_absolute_url()).text


def test_who_corrects_what_a_yes_has_written_has_not_taken_it_back(as_, told, group):
    """Also where it stands in a record that is answered: there it stays, and the correction is another change."""
    anna, bernd = told.cast.anna, told.cast.bernd
    review = told.anna.reviews.filter(is_final=False).get()
    review.held_on, review.written_side, review.written_at, review.written_by = TODAY, "manager", timezone.now(), bernd
    review.save()
    joining.accept(place=place_of(anna), by=anna)
    first = PlanChange.objects.get()
    assert first.review == review
    recording.answer_review(review=review, by=anna, answer="noted", statement="", read=review.stamp)
    plan = LearningPlan.objects.get(pk=told.anna.pk)
    wanted = joining.measure_of(group, plan)
    wanted.hours = 12

    corrected = changing.write_change(
        plan=plan,
        wish=steps.new_measure(wanted, list(plan.goals.all())),
        by=anna,
        reason="Kürzer.",
        read=plan.stamp,
        corrects=first,
    )

    first.refresh_from_db()
    assert (first.withdrawn_at is None, corrected.pk == first.pk) == (False, False)
    assert (place_of(anna).change, place_of(anna).is_accepted) == (corrected, True)
    assert str(anna) in as_(told.cast.paula).get(group.get_absolute_url()).text


def test_what_nobody_has_answered_when_the_plan_ends_takes_no_seat(told, group):
    joining.accept(place=place_of(told.cast.anna), by=told.cast.anna)

    LearningPlan.objects.filter(pk=told.anna.pk).update(state="completed", completed_on=TODAY)

    assert LearningGroup.objects.with_accepted().get().accepted == 0
    assert place_of(told.cast.anna).answer_in_words == "zugesagt, die Maßnahme steht nicht im Lernplan"


def test_who_says_yes_has_read_what_format_and_offer_are_called(as_, told, group):
    """For the yes is the consent, where the format needs one."""
    anna, place = told.cast.anna, place_of(told.cast.anna)
    LearningFormat.objects.filter(pk=group.format_id).update(needs_consent=True)
    client, page = as_(anna), reverse("learningplans:group_place", args=[place.pk])
    read = client.get(page).context["place"].stamp
    LearningFormat.objects.filter(pk=group.format_id).update(name="Etwas anderes")

    said = {"antwort": "ja", "once": f"{anna.pk}-x1", "read": read}
    refused = client.post(page, said, follow=True)

    assert "Format oder Angebot inzwischen geändert." in refused.text
    assert "sind Sie mit Etwas anderes einverstanden" in " ".join(refused.text.split())
    assert not PlanChange.objects.exists()
    client.post(page, said | {"read": refused.context["place"].stamp, "once": f"{anna.pk}-x2"})
    assert PlanChange.objects.get().steps[0]["values"]["format_then"] == "Etwas anderes"


def test_the_same_answer_twice_is_one(as_, told, group):
    client, place = as_(told.cast.anna), place_of(told.cast.anna)

    for _ in range(2):
        answer(client, place, "ja")

    assert PlanChange.objects.count() == 1


def test_what_is_neither_yes_nor_no_is_asked_again(as_, told, group):
    page = answer(as_(told.cast.anna), place_of(told.cast.anna), "vielleicht")

    assert "Bitte sagen Sie zu oder ab." in page.text


def fill(told):
    LearningGroup.objects.update(seats=2)
    for plan in told.plans[:2]:
        joining.accept(place=place_of(plan.participation.person), by=plan.participation.person)


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda told: LearningGroup.objects.update(ended_on=TODAY), "Die Anfrage ist beendet."),
        (lambda told: LearningGroup.objects.update(answer_by=in_days(-1)), "Die Anfrage ist beendet."),
        (lambda told: Goal.objects.update(ended_on=TODAY), "ist beendet"),
        (lambda told: LearningPlan.objects.update(state="completed", completed_on=TODAY), "in einem anderen Stand"),
        (fill, "kein Platz mehr frei"),
    ],
)
def test_who_comes_too_late_is_told_why_and_nothing_is_written(as_, told, group, happens, words):
    happens(told)
    before = PlanChange.objects.count()

    page = answer(as_(told.cast.anna), place_of(told.cast.anna), "ja")

    assert words in page.text
    assert (PlanChange.objects.count(), place_of(told.cast.anna).answer) == (before, "")


@pytest.mark.parametrize("answer", [joining.accept, joining.decline])
def test_who_has_waited_while_hr_ended_the_group_is_told_so(told, group, answer):
    """What nobody had answered goes with the end."""
    place = place_of(told.cast.anna)
    proposing.end(group=group)

    with pytest.raises(Refused, match="Die Anfrage ist beendet"):
        answer(place=place, by=told.cast.anna)


def test_a_seat_that_the_manager_has_declined_is_free_again(told, group):
    fill(told)
    change = PlanChange.objects.first()
    changing.answer_change(change=change, by=told.cast.bernd, answer="declined", statement="Nein.", read=change.stamp)

    joining.accept(place=place_of(told.cast.anna), by=told.cast.anna)

    assert place_of(told.cast.anna).is_accepted


def test_the_seat_of_who_has_left_is_free(as_, told, group):
    fill(told)
    LearningGroup.objects.update(seats=2)
    leaver = GroupPlace.objects.accepted().first().goal.plan.participation.person
    Person.objects.filter(pk=leaver.pk).update(leaving_date=in_days(-1))

    page = as_(told.cast.paula).get(group.get_absolute_url())

    (row,) = LearningGroup.objects.with_accepted()
    assert row.accepted == GroupPlace.objects.accepted().count() == len(page.context["page"])
    assert leaver not in [one.goal.plan.participation.person for one in page.context["page"]]


@pytest.mark.parametrize(
    ("cost", "accepted", "words"),
    [
        ("2900.00", 2, ["2.900 €", "je Platz 290 €", "stehen 2.320 € in keinem Lernplan"]),
        ("100.00", 3, ["100 €", "je Platz 10 €", "stehen 70 €"]),
        ("0.00", 2, ["0 €"]),
    ],
)
def test_hr_reads_what_free_seats_cost(as_, told, group, cost, accepted, words):
    """The trainer costs as much for two as for ten; in the plans stands what the two cost."""
    LearningGroup.objects.update(cost=cost)
    for plan in told.plans[:accepted]:
        joining.accept(place=place_of(plan.participation.person), by=plan.participation.person)

    page = tight(as_(told.cast.paula).get(group.get_absolute_url()).text)

    assert [word for word in words if word not in page] == []
    assert ("in keinem Lernplan und" in page) == (cost != "0.00")


def test_an_ended_group_asks_nobody_any_more(as_, told, group):
    joining.accept(place=place_of(told.cast.anna), by=told.cast.anna)

    as_(told.cast.paula).post(reverse("learningplans:end_group", args=[group.pk]))

    assert list(GroupPlace.objects.all()) == [place_of(told.cast.anna)]


def test_who_is_in_a_group_is_not_asked_again_and_hr_is_not_told_how_many_were(as_, told, group):
    joining.accept(place=place_of(told.cast.anna), by=told.cast.anna)

    page = as_(told.cast.paula).post(address(), sent(title="Zweite"), follow=True)

    second = LearningGroup.objects.get(title="Zweite")
    assert (second.places.count(), second.told) == (5, 6)
    assert "Beim Vorschlagen waren 6 Personen mit diesem Ziel gezählt" in " ".join(page.text.split())


def test_a_group_is_proposed_even_where_too_few_are_left_for_a_refusal_would_say_so(as_, told):
    told.plans[0].delete()
    told.plans[1].delete()

    as_(told.cast.paula).post(address(), sent())

    assert LearningGroup.objects.get().places.count() == 4


def test_there_is_no_group_for_what_was_not_told(as_, told):
    client = as_(told.cast.paula)
    few = reverse("learningplans:propose_group", args=[competency(11).pk, 1, 2])

    assert client.get(few).status_code == client.post(few, sent()).status_code == 404


def test_a_form_sent_twice_proposes_once(as_, told):
    client = as_(told.cast.paula)

    for _ in range(2):
        client.post(address(), sent())

    assert LearningGroup.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_on": f"{in_days(-1)}"}, "due_on"),
        ({"starts_on": f"{in_days(70)}"}, "due_on"),
        ({"answer_by": f"{in_days(61)}"}, "answer_by"),
        ({"seats": "1"}, "seats"),
        ({"title": ""}, "title"),
        ({"cost": "-3"}, "cost"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence_and_what_was_entered(as_, told, wrong, field):
    page = as_(told.cast.paula).post(address(), sent(provider="=cmd|'/c calc'!A1") | wrong)

    assert list(page.context["form"].errors) == [field]
    assert "=cmd|&#x27;/c calc&#x27;!A1" in page.text
    assert not LearningGroup.objects.exists()


@pytest.mark.parametrize("more", [0, 40])
def test_query_counts(as_, told, group, django_assert_num_queries, more):
    if more:
        told.learn(more)
        told.learn(more, goal=11)
        counting.take_stock(by=told.cast.paula)
        for plan in told.plans:
            joining.accept(place=place_of(plan.participation.person), by=plan.participation.person)
    client = as_(told.cast.paula)

    # session, user; tally, catalogue (levels, categories, competencies and their anchors), offers, groups
    with django_assert_num_queries(11):
        client.get(reverse("learningplans:shared_goals"))
    # session, user; group; how many accepted; a page of them, that they were read; the catalogue
    with django_assert_num_queries(9 if more else 7):
        client.get(group.get_absolute_url())
