"""The Lernpfad of a plan: what it is made of, what it points out, and who sees it where."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from learningplans.contents.plan import contents_for
from learningplans.models import LearningFormat, LearningPlan
from learningplans.path.learning_path import learning_path
from learningplans.timeline import Mark
from tests.clock import TODAY, in_days
from tests.learningplans.making import measure_in, plan_of

AGREED = LearningPlan.State.AGREED
MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def first_of(month):
    """The first day of the month so many months after today's."""
    years, number = divmod(TODAY.month - 1 + month, 12)
    return date(TODAY.year + years, number + 1, 1)


BEGINS, EXCHANGE_ENDS, ENDS = first_of(2), first_of(3), first_of(5) - timedelta(days=1)


@pytest.fixture
def plan(participation):
    """Two goals; a training for both of them that begins first, and an exchange whose beginning is open."""
    plan = plan_of(participation, state=AGREED, goals=(5, 8), measures=0)
    first, second = plan.goals.all()
    measure_in(plan, second, title="Austausch", due_on=EXCHANGE_ENDS)
    training = LearningFormat.objects.get(key="training")
    measure_in(plan, first, second, title="Training", format=training, starts_on=BEGINS, due_on=ENDS)
    return plan


def path_for(plan, user):
    return learning_path(plan, contents_for(plan, user))


def test_measures_are_numbered_as_they_begin_and_name_their_goals(cast, plan):
    stretches = path_for(plan, cast.anna).timeline.rows

    assert [(one.number, one.title, one.begins, one.ends, one.goals) for one in stretches] == [
        (1, "Training", BEGINS, ENDS, (1, 2)),
        (2, "Austausch", None, EXCHANGE_ENDS, (2,)),
    ]


def test_talks_stand_where_they_were_held_or_are_planned(cast, plan):
    plan.reviews.filter(is_final=False).update(held_on=in_days(-2))

    assert path_for(plan, cast.anna).timeline.dates == (
        Mark(in_days(-2), "Review-Gespräch", is_final=False, is_held=True),
        Mark(in_days(210), "Abschlussgespräch", is_final=True, is_held=False),
    )


def test_the_mix_of_the_lernformen_is_told_in_words_and_numbers(cast, plan):
    plan.measures.filter(title="Austausch").update(hours=None)
    form = LearningFormat.objects.get(key="training").learning_form
    told = {
        "challenge": "Lernen aus Herausforderungen: keine Maßnahme",
        "interaction": "Lernen aus Interaktion: 1 von 2 Maßnahmen (50\xa0%), 1 ohne Angabe zu Stunden",
        "classic": "klassische Weiterbildung: keine Maßnahme",
    }
    told[form] = f"{told[form].split(':')[0]}: 1 von 2 Maßnahmen (50\xa0%), 12,5 Stunden (100\xa0%)"

    assert path_for(plan, cast.anna).shares == list(told.values())


def test_where_all_is_dropped_there_is_no_mix(cast, plan):
    plan.measures.update(state="dropped")

    assert path_for(plan, cast.anna).shares == []


def test_a_plan_within_its_time_and_budget_needs_no_hint(cast, plan):
    LearningPlan.objects.update(hours_per_month=Decimal(20), budget=Decimal(2501))
    plan.refresh_from_db()

    assert path_for(plan, cast.anna).hints == []


def test_too_many_hours_one_common_month_and_too_much_money_are_pointed_out(cast, plan):
    plan.measures.update(starts_on=None, due_on=ENDS)
    LearningPlan.objects.update(hours_per_month=Decimal("24.5"), budget=Decimal("2500.99"))
    plan.refresh_from_db()

    month = f"{MONTHS[ENDS.month - 1]} {ENDS.year}"
    assert path_for(plan, cast.anna).hints == [
        f"Zeit zum Lernen im Monat: 24,5 Stunden. Mehr ist geplant für {month} (25 Stunden).",
        f"Alle Maßnahmen enden im {month}. Verteilt bleibt dazwischen Zeit zum Üben.",
        "Die Maßnahmen kosten zusammen 2.501,00\xa0€. Das Budget ist 2.500,99\xa0€.",
    ]


def test_days_that_do_not_fit_together_are_pointed_out(cast, plan):
    goal, other = plan.goals.all()[:2]
    final = plan.reviews.get(is_final=True)
    plan.goals.update(due_on=final.planned_on)
    other.due_on = final.planned_on + timedelta(days=1)
    other.save()
    measure = plan.measures.first()
    measure.goals.set([goal])
    plan.measures.filter(pk=measure.pk).update(due_on=final.planned_on + timedelta(days=2))

    assert path_for(plan, cast.anna).hints == [
        f"Das Abschlussgespräch am {final.planned_on:%d.%m.%Y} liegt vor dem Termin von Ziel 2.",
        f"„{measure.title}“ endet am {final.planned_on + timedelta(days=2):%d.%m.%Y}, nach dem Termin von Ziel 1.",
    ]


def test_hr_gets_measures_and_dates_without_goals_and_hints(cast, plan):
    plan.measures.update(due_on=ENDS)

    path = path_for(plan, cast.paula)

    assert [(one.title, one.goals) for one in path.timeline.rows] == [("Training", ()), ("Austausch", ())]
    assert (path.hints, len(path.shares)) == ([], 3)


def test_the_page_shows_the_lernpfad_with_its_values_to_both_sides_and_hr(client, cast, plan):
    found = {}
    for who in ("anna", "bernd", "paula"):
        client.force_login(getattr(cast, who))
        page = client.get(plan.get_absolute_url()).text
        found[who] = (
            "pfad-data" in page,
            "dient Ziel 1, 2" in page,
            '<td class="kern-table__cell" data-column="Dient">Ziel 1, 2</td>' in page,
        )

    assert found == {"anna": (True, True, True), "bernd": (True, True, True), "paula": (True, False, False)}


def test_a_plan_without_measures_shows_no_empty_picture(client, cast, participation):
    plan = plan_of(participation, measures=0)
    client.force_login(cast.anna)

    page = client.get(plan.get_absolute_url()).text

    assert ("pfad-data" in page, "Der Lernpfad entsteht aus den Maßnahmen" in page) == (False, True)


def test_the_lernpfad_follows_when_a_measures_state_is_noted(client, cast, plan):
    client.force_login(cast.anna)
    plan.measures.update(starts_on=in_days(0))
    measure = plan.measures.get(title="Training")
    address = reverse("learningplans:measure_state", args=[plan.pk, measure.pk])

    answer = client.post(address, {"state": "done"}, headers={"HX-Request": "true"}).text

    assert answer.count('<section id="lernpfad" aria-labelledby="lernpfad-titel" hx-swap-oob="true">') == 1
    assert "12,5 Stunden, durchgeführt" in answer


def test_the_picture_stands_on_the_page(client, cast, plan):
    client.force_login(cast.paula)

    assert "Training</text>" in client.get(plan.get_absolute_url()).text.split('class="timeline__svg"')[1]


def test_equal_parts_read_alike(cast, plan):
    """A third is 33 or 34 per cent: then neither is said."""
    found = {one.learning_form: one for one in LearningFormat.objects.all()}
    plan.measures.all().delete()
    for one in found.values():
        measure_in(plan, format=one, hours=10)

    shares = path_for(plan, cast.anna).shares

    assert ["1 von 3 Maßnahmen, 10 Stunden" in share for share in shares] == [True] * 3
    assert "%" not in "".join(shares)


def courses_pointed_out(plan, user):
    return [hint for hint in path_for(plan, user).hints if "kein Üben bei der Arbeit" in hint]


def test_a_course_without_practice_after_it_gets_a_hint_and_is_not_refused(cast, participation):
    plan = plan_of(participation, state=AGREED, goals=(5, 8), measures=0)
    first, second = plan.goals.all()
    course = LearningFormat.objects.filter(job=LearningFormat.Job.OFF).first()
    near = LearningFormat.objects.exclude(job=LearningFormat.Job.OFF).first()
    taken = measure_in(plan, first, title="Kurs", format=course, due_on=in_days(50))
    measure_in(plan, first, title="Davor", format=near, due_on=in_days(40))
    measure_in(plan, second, title="Für anderes", format=near, due_on=in_days(60))
    lacking = courses_pointed_out(plan, cast.anna), courses_pointed_out(plan, cast.paula)
    practice = measure_in(plan, first, title="Danach", format=near, due_on=in_days(60))
    planned = courses_pointed_out(plan, cast.anna)
    plan.measures.filter(pk=practice.pk).update(state="dropped")
    dropped = courses_pointed_out(plan, cast.anna)
    plan.measures.filter(pk=taken.pk).update(practice="Beim nächsten Vorgang im Amt")

    hint = "Nach „Kurs“ ist noch kein Üben bei der Arbeit geplant. Dabei verfestigt sich das Gelernte."
    assert lacking == ([hint], [])
    assert (planned, dropped, courses_pointed_out(plan, cast.anna)) == ([], [hint], [])
