"""The pages of a Lernplan, as anna, her manager bernd, HR and strangers meet them."""

import re
from datetime import date

import pytest
from django.forms import CharField
from django.urls import reverse

from assessments.models import TalkProgress
from kompetenz.documents import PdfUnavailable
from learningplans.drafting import agreeing, holding
from learningplans.drafting.holding import OutOfState
from learningplans.drafting.reviews import series
from learningplans.drafting.views.taking import label_of
from learningplans.models import Goal, LearningFormat, LearningPlan, Measure
from learningplans.training import booking
from tests.clock import NOW, TODAY, in_days
from tests.kompetenz.test_text import every_form
from tests.learningplans.making import competency, goal_in, measure_in, participation_of, plan_of
from tests.learningplans.training.bookings import DAY, bookings_of, plan_with
from tests.markup import tight

STATES = LearningPlan.State
SMART = {f"smart-{letter}": "yes" for letter in ("specific", "measurable", "ambitious", "realistic", "timed")} | {
    "smart-confirmed": "on"
}


def url(name, plan, **kwargs):
    return reverse(f"learningplans:{name}", kwargs={"pk": plan.pk, **kwargs})


def texts(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def plan(participation):
    return plan_of(participation)


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=STATES.AGREED)


def test_a_plan_is_drawn_up_once(client, cast, participation):
    client.force_login(cast.bernd)
    address = reverse("learningplans:draw_up", args=[participation.pk])

    first, second = client.post(address), client.post(address)

    plan = LearningPlan.objects.get()
    goals = reverse("learningplans:choose_goals", args=[plan.pk])
    assert (first.url, second.url, client.get(address).status_code) == (goals, plan.get_absolute_url(), 405)


@pytest.mark.parametrize("who", ["clara", "paula", "fremd", "audit"])
def test_others_draw_up_nothing(client, cast, participation, who):
    client.force_login(getattr(cast, who))

    assert client.post(reverse("learningplans:draw_up", args=[participation.pk])).status_code == 404
    assert not LearningPlan.objects.exists()


def test_without_a_record_there_is_no_plan(client, cast):
    participation = participation_of(cast.anna, talk_state=TalkProgress.STARTED)
    client.force_login(cast.anna)

    response = client.post(reverse("learningplans:draw_up", args=[participation.pk]))

    assert response.url == participation.get_absolute_url()
    assert not LearningPlan.objects.exists()


@pytest.mark.parametrize("goals", [(5,), (5, 8, 11)])
def test_detail_costs_the_same_however_long_the_plan(client, cast, participation, django_assert_num_queries, goals):
    plan = plan_of(participation, goals=goals, measures=2 * len(goals))
    client.force_login(cast.anna)
    client.get(plan.get_absolute_url())  # reads the round's catalogue into the process

    # session, user, plan with its talk, measures, in full?, measures of goals, goals, targets, answer to the talk, agreed levels, reviews,
    # shared?, three for what is missing; levels of reviews, stock-taking, what goes on from the last plan and whether
    # its manager deputises for anybody, companions
    with django_assert_num_queries(20):
        response = client.get(plan.get_absolute_url())

    assert response.text.count('class="card goal-card"') == len(goals)
    assert response.text.count("measure-name") == 2 * len(goals)


def test_goals_and_measures_have_the_same_numbers_in_the_list_the_picture_and_the_table(client, cast, participation):
    plan = plan_of(participation, goals=(5,), measures=0)
    goal = plan.goals.get()
    for title, days in (("Zuletzt", 90), ("Zuerst", 30)):
        measure_in(plan, goal, title=title, due_on=in_days(days))
    client.force_login(cast.anna)

    response = client.get(plan.get_absolute_url())

    goals, table = response.text.split('id="massnahmen"')
    assert [text in goals for text in ("Ziel 1: ", ">1 Zuerst</a>", ">2 Zuletzt</a>")] == [True, True, True]
    assert table.index("1 Zuerst") < table.index("2 Zuletzt")
    assert [(row.number, row.title) for row in response.context["path"].timeline.stretches] == [
        (1, "Zuerst"),
        (2, "Zuletzt"),
    ]


def test_what_is_saved_leads_back_to_its_place_and_is_said_there(client, cast, participation):
    plan = plan_of(participation, goals=(5,), measures=1)
    client.force_login(cast.anna)
    address = reverse("learningplans:review_add", args=[plan.pk])
    sent = {"planned_on": in_days(50).isoformat(), "starts_at": "09:30", "place": "Raum 3"}

    response = client.post(address, sent)
    page = client.get(plan.get_absolute_url()).text

    assert response.url == f"{plan.get_absolute_url()}#reviews"
    assert page.count("eingetragen.") == 1
    assert page.index('id="reviews"') < page.index("eingetragen.")
    assert ("09:30 Uhr" in page, "Raum 3" in page) == (True, True)


def test_a_series_of_reviews_is_entered_at_once_and_its_last_is_the_final_one(client, cast, participation):
    plan = plan_of(participation, goals=(5,), measures=1)
    plan.reviews.all().delete()
    client.force_login(cast.anna)
    first = in_days(30)
    sent = {"planned_on": first.isoformat(), "every": "3", "is_final": "on", "place": "Raum 3"}

    open_end = client.post(reverse("learningplans:review_add", args=[plan.pk]), sent)
    client.post(reverse("learningplans:review_add", args=[plan.pk]), sent | {"last_on": in_days(330).isoformat()})

    days = series(first, 3, in_days(330))
    assert "Bitte wählen Sie, bis wann sich der Termin wiederholt." in open_end.text
    assert [(one.planned_on, one.is_final, one.place) for one in plan.reviews.all()] == [
        (day, day == days[-1], "Raum 3") for day in days
    ]


def test_days_of_a_series_keep_the_day_of_the_month_and_are_workdays():
    found = series(date(2026, 1, 31), 1, date(2026, 6, 30))

    assert found == [
        date(2026, 1, 31),
        date(2026, 3, 2),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 6, 1),
        date(2026, 6, 30),
    ]


def test_of_an_unfinished_goal_one_goes_on_to_the_next(client, cast, participation):
    plan = plan_of(participation, goals=(5, 8), measures=0)
    first, second = plan.goals.all()
    plan.goals.update(specific="")
    client.force_login(cast.anna)
    address = reverse("learningplans:goal", args=[plan.pk, first.pk])

    page = client.get(address).text
    read = re.search('name="read" value="([^"]*)"', page)[1]
    response = client.post(
        address, {"to_level": first.to_level, "aim": first.aim, "priority": 1, "weiter": "ja", "read": read}
    )

    assert "Speichern und zu Ziel 2" in " ".join(page.split())
    assert response.url == reverse("learningplans:goal", args=[plan.pk, second.pk])


def test_hr_reads_measures_and_dates_but_no_goals_and_no_levels(client, cast, agreed):
    agreed.reviews.update(notes="Vertrauliches Ergebnis")
    client.force_login(cast.paula)

    page = client.get(agreed.get_absolute_url()).text

    assert [word in page for word in ("Maßnahme 1", "1.250,50", "Kollegialer Austausch", "Abschlussgespräch")] == [
        True
    ] * 4
    for secret in ("Verfahren 5 selbst", "Datenkompetenz", "Vertrauliches Ergebnis", "Experte", "Kenner", "rad-data"):
        assert secret not in page
    assert "<form" not in page[page.index("<h1>") : page.index("</main>")]


def test_hr_reads_levels_where_the_round_shows_them_but_no_words_and_changes_nothing(client, cast):
    plan = plan_of(participation_of(cast.anna, shows_levels_to_hr=True), state=STATES.AGREED)
    plan.reviews.update(notes="Vertrauliches Ergebnis")
    client.force_login(cast.paula)

    page = client.get(plan.get_absolute_url()).text

    assert ("Datenkompetenz" in page, "Verfahren 5 selbst einrichten" in page, "Vertrauliches" in page) == (
        True,
        False,
        False,
    )
    assert "<form" not in page[page.index("<h1>") : page.index("</main>")]


def test_the_choice_offers_gaps_in_order_with_nothing_ticked(client, cast, participation):
    plan = plan_of(participation, goals=[11])
    client.force_login(cast.anna)

    form = client.get(url("choose_goals", plan)).context["form"]

    assert [candidate.competency.number for candidate, _, _ in form.required] == [5]
    assert [candidate.competency.number for candidate, _, _ in form.desirable] == [8, 3]
    assert not any(box.value() for _, box, _ in form.required + form.desirable + form.wishes)


def test_choosing_needs_a_choice_and_warns_beyond_a_handful(client, cast, plan):
    client.force_login(cast.anna)
    numbers = [1, 2, 4]
    levels = {f"stufe-{candidate.competency.id}": candidate.proposal for candidate in candidates(client, plan)}

    empty = client.post(url("choose_goals", plan), levels)
    ticked = levels | {f"ziel-{competency(number).pk}": "on" for number in numbers}
    chosen = client.post(url("choose_goals", plan), ticked, follow=True)

    assert empty.context["form"].non_field_errors() == ["Bitte wählen Sie mindestens eine Kompetenz aus."]
    assert texts(chosen)[0] == "Der Plan hat jetzt 6 Ziele. Mit höchstens einer Handvoll gelingt mehr davon."
    assert plan.goals.count() == 6


def test_what_the_other_side_has_made_a_goal_meanwhile_is_told(client, cast, participation):
    plan = plan_of(participation, goals=[11])
    client.force_login(cast.anna)
    levels = {f"stufe-{candidate.competency.id}": candidate.proposal for candidate in candidates(client, plan)}
    sent = levels | {f"ziel-{competency(number).pk}": "on" for number in (5, 8)}
    goal_in(plan, 8, to_level=3)

    page = client.post(url("choose_goals", plan), sent)

    known = competency(8).name
    assert f"Inzwischen schon ein Ziel des Plans: {known}." in " ".join(page.context["form"].non_field_errors())
    assert sorted(goal.competency.order for goal in plan.goals.all()) == sorted(competency(n).order for n in (8, 11))


def test_an_ended_goal_is_not_edited_in_a_draft(client, cast, plan):
    goal = plan.goals.first()
    Goal.objects.filter(pk=goal.pk).update(ended_on=TODAY)
    client.force_login(cast.anna)

    assert client.get(url("goal", plan, goal=goal.pk)).status_code == 404


def candidates(client, plan):
    return client.get(url("choose_goals", plan)).context["form"].candidates


def test_saving_a_goal_ends_the_other_sides_agreement_and_says_so(client, cast, plan):
    client.force_login(cast.bernd)
    client.post(url("agree", plan), {"read": read(plan)}, follow=True)
    goal = plan.goals.first()
    data = {"aim": "raise", "to_level": 3, "priority": 1, "specific": "Neu", "due_on": goal.due_on.isoformat()}

    client.force_login(cast.anna)
    response = client.post(url("goal", plan, goal=goal.pk), data, follow=True)

    assert texts(response) == [
        "Ziel „Datenkompetenz“ gespeichert.",
        "Der Entwurf ist jetzt ein anderer. Die Zustimmung gilt nicht mehr: Bernd Şahin-Žižek.",
    ]
    plan.refresh_from_db()
    assert plan.agreed_by_manager_on is None


def test_saving_a_goal_as_it_was_ends_no_agreement(client, cast, plan):
    client.force_login(cast.bernd)
    client.post(url("agree", plan), {"read": read(plan)})
    goal = plan.goals.first()
    same = client.get(url("goal", plan, goal=goal.pk)).context["form"].initial

    client.post(url("goal", plan, goal=goal.pk), {**same, "due_on": goal.due_on.isoformat()})

    plan.refresh_from_db()
    assert plan.agreed_by_manager_on is not None


def read(plan):
    plan.refresh_from_db()
    return plan.stamp


def test_both_agree_and_the_plan_stands(client, cast, plan):
    for who in (cast.anna, cast.bernd):
        client.force_login(who)
        response = client.post(url("agree", plan), {"read": read(plan)}, follow=True)

    plan.refresh_from_db()
    assert plan.state == STATES.AGREED
    assert texts(response) == ["Der Lernplan ist vereinbart."]


def test_an_incomplete_plan_is_not_agreed_and_says_what_is_missing(client, cast, participation):
    plan = plan_of(participation, goals=[5], final=False)
    plan.goals.update(due_on=None)
    plan.measures.all().delete()
    client.force_login(cast.anna)

    response = client.post(url("agree", plan), {"read": read(plan)}, follow=True)

    assert [text for text, _ in response.context["missing"]] == [
        "Termin für das Ziel „Datenkompetenz“",
        "eine Maßnahme für das Ziel „Datenkompetenz“",
    ]
    assert "noch nicht vereinbart" in texts(response)[0]


@pytest.mark.parametrize("stamp", ["", "gestern", "2020-01-01T00:00:00+00:00"])
def test_agreeing_to_an_older_draft_is_refused(client, cast, plan, stamp):
    client.force_login(cast.anna)

    client.post(url("agree", plan), {"read": stamp})

    plan.refresh_from_db()
    assert plan.agreed_by_person_on is None


def test_who_comes_too_late_is_told_and_nothing_changes(client, cast, agreed):
    client.force_login(cast.anna)
    goal = agreed.goals.first()

    response = client.post(url("goal_remove", agreed, goal=goal.pk), follow=True)

    assert texts(response) == ["Nicht gespeichert: Der Lernplan ist inzwischen vereinbart."]
    assert agreed.goals.count() == 3


@pytest.mark.parametrize("name", ["choose_goals", "measure_add"])
def test_who_opens_a_form_of_an_agreed_plan_is_told_why_not(client, cast, agreed, name):
    client.force_login(cast.anna)

    early = client.get(url(name, agreed), follow=True)
    LearningPlan.objects.update(state=STATES.COMPLETED, completed_on=in_days(0))
    late = client.get(url(name, agreed), follow=True)

    (told,) = texts(early)
    assert (
        told == "Der Lernplan ist vereinbart. Was sich ändern soll, halten Sie auf seiner Seite mit einem Grund fest."
    )
    assert texts(late) == ["Der Lernplan ist abgeschlossen. Er ändert sich nicht mehr."]


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_neither_side_alone_reopens_an_agreed_plan(client, cast, agreed, who):
    client.force_login(getattr(cast, who))

    assert url("reopen", agreed) in client.get(agreed.get_absolute_url()).text
    client.post(url("reopen", agreed), {"reason": "Alles anders.", "read": read(agreed)})

    agreed.refresh_from_db()
    assert (agreed.is_agreed, agreed.changes.get().waits) == (True, True)


def test_a_plan_is_not_reopened_after_a_review_nor_by_a_link(client, cast, agreed):
    client.force_login(cast.anna)
    agreed.reviews.filter(is_final=False).update(held_on=in_days(0))

    assert url("reopen", agreed) not in client.get(agreed.get_absolute_url()).text
    response = client.post(url("reopen", agreed), follow=True)

    agreed.refresh_from_db()
    assert agreed.is_agreed
    why = "Ein Gespräch ist schon geführt. Einzelne Ziele und Maßnahmen lassen sich ändern."
    assert texts(response) == [f"Nicht gespeichert: {why}"]
    assert texts(client.get(url("reopen", agreed), follow=True)) == [why]
    typed = client.post(url("reopen", agreed), {"reason": "Mein Grund"})
    assert (typed.status_code, "Mein Grund" in typed.text, why in typed.text) == (409, True, True)


def test_every_field_for_words_of_a_plan_has_a_name_under_which_they_come_back():
    forms_of_plans = [one for one in every_form() if one.__module__.startswith("learningplans.")]
    asked = {
        name
        for one in forms_of_plans
        for name, field in one.base_fields.items()
        if ".training." not in one.__module__ and type(field) is CharField
    }

    assert asked >= {"reason", "statement", "helps", "changed_tasks"}
    assert sorted(name for name in asked if label_of(name) is None) == []
    assert [label_of(name) for name in ("geholfen-7", "weiter-text-7", "smart-remark", "stufe-7", "weiter-kind-7")] == [
        "Was hat geholfen?", "Vorschlag", "Anmerkung", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["clara", "paula", "fremd", "audit"])
def test_nobody_else_reopens_a_plan(client, cast, agreed, who):
    client.force_login(getattr(cast, who))

    assert client.post(url("reopen", agreed)).status_code == 404
    agreed.refresh_from_db()
    assert agreed.is_agreed


def test_the_choice_explains_the_next_level_only_where_the_soll_is_farther(client, cast, participation):
    plan = plan_of(participation, goals=[11])
    client.force_login(cast.anna)
    hint = "Zwei Stufen in einem Plan sind selten realistisch."

    far = client.get(url("choose_goals", plan)).text
    for number in (5, 8):
        goal_in(plan, number)
    near = client.get(url("choose_goals", plan)).text

    assert (hint in far, hint in near) == (True, False)


def test_removing_a_goal_names_the_measures_that_go_with_it(client, cast, plan):
    client.force_login(cast.anna)
    goal = plan.goals.first()
    lost = plan.measures.get(title="Maßnahme 1")

    unread = client.post(url("goal_remove", plan, goal=goal.pk))
    client.post(url("goal_remove", plan, goal=goal.pk), {"lost": [lost.pk]})

    assert "Maßnahme 1" in unread.text
    assert list(plan.measures.values_list("title", flat=True)) == ["Maßnahme 2", "Maßnahme 3"]


def test_a_measure_is_added_with_german_numbers(client, cast, plan):
    client.force_login(cast.anna)
    goal = plan.goals.first()
    data = {
        "goals": [goal.pk],
        "format": LearningFormat.objects.get(key="training").pk,
        "title": "Training",
        "due_on": in_days(30).isoformat(),
        "responsible": "Anna",
        "hours": "1,5",
        "cost": "1.250,50",
    }

    client.post(url("measure_add", plan), data)

    measure = plan.measures.get(title="Training")
    assert (str(measure.hours), str(measure.cost), list(measure.goals.all())) == ("1.5", "1250.50", [goal])


def test_without_goals_the_way_to_a_measure_leads_to_the_goals(client, cast, participation):
    plan = LearningPlan.objects.create(participation=participation)
    client.force_login(cast.anna)

    assert client.get(url("measure_add", plan)).url == url("choose_goals", plan)


def test_the_state_of_a_measure_is_noted_in_an_agreed_plan(client, cast, agreed):
    client.force_login(cast.bernd)
    measure = agreed.measures.first()
    address = url("measure_state", agreed, measure=measure.pk)

    plain = client.post(address, {"state": "done"})
    by_htmx = client.post(address, {"state": "planned"}, headers={"HX-Request": "true"})

    measure.refresh_from_db()
    assert plain.url == f"{agreed.get_absolute_url()}#massnahmen"
    assert by_htmx.text.strip().startswith('<section id="massnahmen"')
    assert f"{measure.title}: geplant" in by_htmx.text
    assert measure.state == "planned"
    assert client.post(address, {"state": "erfunden"}).status_code == 400


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_what_has_not_begun_has_not_been_done(client, cast, agreed, htmx):
    client.force_login(cast.bernd)
    measure = agreed.measures.first()
    agreed.measures.filter(pk=measure.pk).update(starts_on=in_days(3), due_on=in_days(4))

    answer = client.post(url("measure_state", agreed, measure=measure.pk), {"state": "done"}, headers=htmx)

    measure.refresh_from_db()
    assert measure.state == "planned"
    assert answer.headers.get("HX-Refresh" if htmx else "Location") == ("true" if htmx else agreed.get_absolute_url())
    assert f"beginnt erst am {in_days(3):%d.%m.%Y}" in client.get(agreed.get_absolute_url()).text


def test_dropped_measures_are_not_summed_up(client, cast, agreed):
    measure_in(agreed, agreed.goals.first(), state="dropped")
    measure_in(agreed, agreed.goals.first(), hours=None, cost=None)
    client.force_login(cast.anna)

    totals = client.get(agreed.get_absolute_url()).context["contents"].totals

    assert (str(totals.hours), str(totals.cost), totals.without_hours, totals.without_cost) == ("37.5", "3751.50", 1, 1)


def test_the_final_review_completes_the_plan_once_the_other_side_has_answered(client, cast, agreed):
    client.force_login(cast.bernd)
    agreed.reviews.filter(is_final=True).update(planned_on=in_days(0))
    final = agreed.reviews.get(is_final=True)

    said = {"held_on": in_days(0).isoformat(), "notes": "Ziele erreicht"}
    client.post(url("review", agreed, review=final.pk), said | SMART)
    agreed.refresh_from_db()
    assert agreed.is_agreed
    final.refresh_from_db()
    client.force_login(cast.anna)
    client.post(url("review_answer", agreed, review=final.pk), {"answer": "noted", "read": final.stamp})

    agreed.refresh_from_db()
    assert (agreed.state, agreed.completed_on) == (STATES.COMPLETED, in_days(0))
    assert client.get(agreed.get_absolute_url()).text.count("Ziele erreicht") == 1


def test_a_review_of_an_agreed_plan_is_moved_until_it_is_held(client, cast, agreed):
    client.force_login(cast.anna)
    review = agreed.reviews.first()

    early = client.get(url("review_move", agreed, review=review.pk))
    client.post(url("review", agreed, review=review.pk), {"held_on": in_days(0).isoformat(), "notes": ""})

    assert (early.status_code, client.get(url("review_move", agreed, review=review.pk)).status_code) == (200, 404)


def test_measures_and_reviews_of_a_draft_can_be_removed(client, cast, plan):
    client.force_login(cast.anna)
    measure, review = plan.measures.first(), plan.reviews.first()

    for address in (url("measure_remove", plan, measure=measure.pk), url("review_remove", plan, review=review.pk)):
        assert "entfernen?" in client.get(address).text
        client.post(address)

    assert (plan.measures.count(), plan.reviews.count()) == (2, 1)


@pytest.mark.parametrize("removed", ["measure", "goal"])
def test_what_hr_has_booked_falls_away_in_a_draft_and_hr_hears_of_it(client, cast, removed):
    plan = plan_with(cast.anna, None, None)
    for one, to in zip(bookings_of(plan), ("booked", "proposed"), strict=True):
        booking.move(chosen={one.pk: None}, to=to, by=cast.paula)
    agreeing.reopen_plan(plan=plan)
    client.force_login(cast.anna)
    which = plan.measures.all() if removed == "measure" else plan.goals.all()
    addresses = [url(f"{removed}_remove", plan, **{removed: one.pk}) for one in which]

    pages = [client.get(address).text for address in addresses]
    for address in addresses:
        lost = [one.pk for one in plan.measures.all()] if removed == "goal" else []
        client.post(address, {"lost": lost})
    draft = client.get(plan.get_absolute_url())
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.AGREED, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY
    )
    holding.tell_participation(LearningPlan.objects.get(pk=plan.pk))
    client.force_login(cast.paula)
    rows = client.get(reverse("learningplans:training"), {"nach": "massnahme", "jahr": DAY.year}).context["rows"]

    assert [(one.title, one.state) for one in plan.measures.all()] == [("Maßnahme 1", Measure.State.DROPPED)]
    assert draft.status_code == 200
    assert [(row["title"], row["state_name"], row["to_look_at"]) for row in rows] == [
        ("Maßnahme 1", "gebucht", "im Lernplan entfallen")
    ]
    booked_among_them = [True, False] if removed == "measure" else [True]
    assert ["bleibt als „entfallen“ stehen" in tight(page) for page in pages] == booked_among_them


def test_nothing_of_another_plan_is_reached_through_ones_own(client, cast, plan):
    other = plan_of(participation_of(cast.fremd), goals=[5])
    client.force_login(cast.anna)
    foreign = {
        "goal": {"goal": other.goals.first().pk},
        "goal_remove": {"goal": other.goals.first().pk},
        "measure": {"measure": other.measures.first().pk},
        "measure_state": {"measure": other.measures.first().pk},
        "measure_remove": {"measure": other.measures.first().pk},
        "review": {"review": other.reviews.first().pk},
        "review_remove": {"review": other.reviews.first().pk},
    }

    assert {name: client.post(url(name, plan, **kwargs)).status_code for name, kwargs in foreign.items()} == (
        dict.fromkeys(foreign, 404)
    )


def test_a_goal_already_chosen_is_not_offered_again(client, cast, plan):
    goal_in(plan, 3)
    client.force_login(cast.anna)

    assert [candidate.competency.number for candidate in candidates(client, plan)][:1] == [1]


def test_without_pango_the_page_says_so(client, cast, plan, monkeypatch):
    def unavailable(*args):
        raise PdfUnavailable

    monkeypatch.setattr("learningplans.pdf.render_pdf", unavailable)
    client.force_login(cast.anna)

    response = client.get(url("pdf", plan), follow=True)

    assert response.redirect_chain == [(plan.get_absolute_url(), 302)]
    assert texts(response) == [str(PdfUnavailable())]


def test_the_measure_page_describes_every_format_and_keeps_what_was_entered(client, cast, plan):
    client.force_login(cast.anna)

    page = client.post(url("measure_add", plan), {"title": "Mein Training", "cost": "viel"}).text

    assert page.count('name="format"') == LearningFormat.objects.count()
    assert [format_.description in page for format_ in LearningFormat.objects.all()] == [True] * 7
    assert 'value="Mein Training"' in page
    assert 'value="viel"' in page
    assert "Bitte wählen Sie ein Format." in page


def test_saving_unchanged_ends_no_agreement(client, cast, plan):
    client.force_login(cast.bernd)
    client.post(url("agree", plan), {"read": read(plan)})
    measure, review = plan.measures.first(), plan.reviews.first()
    same = {
        "goals": [goal.pk for goal in measure.goals.all()],
        "format": measure.format_id,
        "title": measure.title,
        "due_on": measure.due_on.isoformat(),
        "responsible": measure.responsible,
        "hours": "12,5",
        "cost": "1.250,50",
    }

    client.post(url("measure", plan, measure=measure.pk), same)
    client.post(url("review", plan, review=review.pk), {"planned_on": review.planned_on.isoformat()})

    plan.refresh_from_db()
    assert plan.agreed_by_manager_on is not None


def test_a_reviews_page_asks_for_its_date_in_a_draft_and_for_its_record_later(client, cast, plan):
    client.force_login(cast.anna)
    address = url("review", plan, review=plan.reviews.first().pk)

    drafted = client.get(address).text
    agreed_on = plan.created_at.date()
    LearningPlan.objects.update(state=STATES.AGREED, agreed_by_person_on=agreed_on, agreed_by_manager_on=agreed_on)
    later = client.get(address).text

    assert ['name="planned_on"' in drafted, 'name="held_on"' in drafted] == [True, False]
    assert ['name="planned_on"' in later, 'name="held_on"' in later] == [False, True]


def test_a_plan_agreed_while_one_writes_is_not_changed(client, cast, plan, monkeypatch):
    def agreed_meanwhile(**kwargs):
        raise OutOfState

    monkeypatch.setattr("learningplans.drafting.goals.change_goal", agreed_meanwhile)
    client.force_login(cast.anna)
    goal = plan.goals.first()

    response = client.post(
        url("goal", plan, goal=goal.pk), {"aim": "raise", "to_level": 3, "priority": 1, "specific": "X"}, follow=True
    )

    assert (response.status_code, "<p>Nicht gespeichert: " in response.text, "<p>X</p>" in response.text) == (
        409,
        True,
        True,
    )


def test_one_more_goal_within_the_handful_brings_no_warning(client, cast, plan):
    client.force_login(cast.anna)
    levels = {f"stufe-{candidate.competency.id}": candidate.proposal for candidate in candidates(client, plan)}

    response = client.post(url("choose_goals", plan), levels | {f"ziel-{competency(3).pk}": "on"}, follow=True)

    assert [text[:17] for text in texts(response)] == ["Ziele hinzugefügt"]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("state", ["done", "dropped", "planned"])
def test_nothing_is_reported_of_a_draft_from_a_page_of_when_it_was_agreed(client, cast, plan, state, htmx):
    measure = plan.measures.first()
    reported = {"state": "done", "state_by": cast.bernd, "state_at": NOW} if state == "planned" else {}
    Measure.objects.filter(pk=measure.pk).update(**reported)
    client.force_login(cast.anna)
    client.post(url("agree", plan), {"read": read(plan)})
    stale = {"state": state, "once": f"{cast.anna.pk}-x1", "read": measure.stamp}

    answer = client.post(url("measure_state", plan, measure=measure.pk), stale, headers=htmx)

    plan.refresh_from_db()
    stored = Measure.objects.get(pk=measure.pk)
    expected = ("done", cast.bernd) if reported else ("planned", None)
    assert ((stored.state, stored.state_by), plan.agreed_by_person_on) == (expected, TODAY)
    assert answer.headers.get("HX-Refresh" if htmx else "Location") == ("true" if htmx else plan.get_absolute_url())
    assert "Nicht gemeldet: Der Lernplan ist wieder ein Entwurf." in client.get(plan.get_absolute_url()).text
