from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from kompetenz.letters.models import Letter
from learningplans import changing_plans, planning
from learningplans.contents import what_became_of
from learningplans.models import Goal, LearningFormat, LearningPlan, Measure, PlanChange
from tests.learningplans.making import competency, in_days, plan_of

REASON = "Das Seminar ist ausgebucht."


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=LearningPlan.State.AGREED)


def read(plan):
    return LearningPlan.objects.get(pk=plan.pk).changed_at.isoformat()


def changes_of(plan):
    return list(plan.changes.values_list("subject", "before", "after", "reason"))


def change(plan, row, by, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    function = changing_plans.change_goal if isinstance(row, Goal) else changing_plans.change_measure
    kind = "goal" if isinstance(row, Goal) else "measure"
    return function(**{kind: row}, by=by, reason=REASON, read=read(plan))


def address(name, *args):
    return reverse(f"learningplans:{name}", args=args)


def sent(plan, row, **fields):
    """What the form of ``row`` sends when only ``fields`` are different."""
    if isinstance(row, Goal):
        values = {"to_level": row.to_level, "due_on": f"{row.due_on}"}
    else:
        values = {"title": row.title, "due_on": f"{row.due_on}", "provider": row.provider, "starts_on": ""}
        values |= {"hours": f"{row.hours}".replace(".", ","), "cost": f"{row.cost}".replace(".", ",")}
    return values | {"reason": REASON, "read": read(plan)} | fields


def test_each_changed_field_is_one_change_in_german_words(cast, agreed):
    measure = agreed.measures.first()
    measure.starts_on, measure.due_on = date(2027, 1, 4), date(2027, 1, 31)
    measure.save()

    change(
        agreed, measure, cast.anna, title="Moderation lernen", starts_on=None, due_on=date(2027, 2, 28), provider="vhs",
        hours=Decimal(8), cost=Decimal(1200), state=Measure.State.DROPPED,
    )  # fmt: skip

    name = "Maßnahme „Maßnahme 1“"
    assert changes_of(agreed) == [
        (f"{name}: Titel", "Maßnahme 1", "Moderation lernen", REASON),
        (f"{name}: Beginn", "04.01.2027", "", REASON),
        (f"{name}: Ende", "31.01.2027", "28.02.2027", REASON),
        (f"{name}: Anbieter oder Ort", "", "vhs", REASON),
        (f"{name}: Zeitbedarf in Stunden", "12,5", "8", REASON),
        (f"{name}: Kosten in Euro", "1.250,50", "1.200", REASON),
        (f"{name}: Stand", "geplant", "entfallen", REASON),
    ]
    assert Measure.objects.get(pk=measure.pk).title == "Moderation lernen"


def test_a_change_is_dated_and_says_by_whom(cast, agreed):
    changed = change(agreed, agreed.goals.first(), cast.bernd, due_on=in_days(150))

    assert [(one.changed_on, one.changed_by) for one in changed] == [(timezone.localdate(), cast.bernd)]


@pytest.mark.parametrize(
    ("role_has_changed", "subject"),
    [(False, "Zielstufe"), (True, "Zielstufe (Anforderung der Rolle hat sich geändert)")],
)
def test_a_level_follows_the_person_or_the_role(cast, agreed, role_has_changed, subject):
    goal = agreed.goals.get(competency=competency(5))
    goal.to_level = 3

    changing_plans.change_goal(
        goal=goal, by=cast.anna, reason=REASON, read=read(agreed), role_has_changed=role_has_changed
    )

    name = agreed.participation.round.catalogue.by_id[goal.competency_id].name
    assert changes_of(agreed) == [(f"Ziel „{name}“: {subject}", "Könner", "Experte", REASON)]


@pytest.mark.parametrize(("held", "belongs"), [([], None), ([-15], None), ([-14], -14), ([-9, -2], -2), ([0], 0)])
def test_a_change_belongs_to_the_review_of_the_last_fortnight(cast, agreed, held, belongs):
    for days in held:
        agreed.reviews.create(planned_on=in_days(days), held_on=in_days(days))

    changed = change(agreed, agreed.goals.first(), cast.bernd, due_on=in_days(150))

    review = changed[0].review
    assert (review and review.held_on) == (None if belongs is None else in_days(belongs))


@pytest.mark.parametrize(("who", "told"), [("anna", "bernd"), ("bernd", "anna")])
def test_the_other_side_gets_one_letter_with_nothing_but_the_link(cast, agreed, who, told):
    change(agreed, agreed.measures.first(), getattr(cast, who), title="Anders", provider="vhs")

    letter = Letter.objects.get()
    assert (letter.person, letter.kind, letter.path) == (getattr(cast, told), "notice", agreed.get_absolute_url())


def test_what_is_not_different_is_no_change_and_nobody_is_told(cast, agreed):
    assert change(agreed, agreed.measures.first(), cast.anna) == []
    assert (PlanChange.objects.count(), Letter.objects.count()) == (0, 0)


def test_who_has_not_read_the_last_change_changes_nothing(cast, agreed):
    before, goal = read(agreed), agreed.goals.first()
    change(agreed, agreed.measures.first(), cast.bernd, title="Anders")
    goal.due_on = in_days(150)

    with pytest.raises(changing_plans.PlanChanged):
        changing_plans.change_goal(goal=goal, by=cast.anna, reason=REASON, read=before)

    assert Goal.objects.get(pk=goal.pk).due_on == in_days(200)


@pytest.mark.parametrize("state", [LearningPlan.State.DRAFT, LearningPlan.State.COMPLETED])
def test_only_an_agreed_plan_changes_like_this(cast, participation, state):
    plan = plan_of(participation, state=state)

    with pytest.raises(planning.OutOfState):
        change(plan, plan.measures.first(), cast.anna, title="Anders")


def test_a_measure_removed_meanwhile_does_not_come_back(cast, agreed):
    measure = agreed.measures.first()
    Measure.objects.filter(pk=measure.pk).delete()

    with pytest.raises(planning.OutOfState):
        change(agreed, measure, cast.anna, title="Anders")


def test_a_moved_review_is_recorded_and_one_that_stays_is_not(cast, agreed):
    first, final = agreed.reviews.all()
    before, first.planned_on = first.planned_on, date(2027, 3, 1)
    first.save()

    changing_plans.record_move(first, before, cast.anna, REASON)
    changing_plans.record_move(final, final.planned_on, cast.anna, REASON)

    assert changes_of(agreed) == [("Review-Gespräch: Termin", f"{before:%d.%m.%Y}", "01.03.2027", REASON)]


def test_a_review_is_moved_with_a_reason_and_not_without(client, cast, agreed):
    review = agreed.reviews.first()
    before, page = review.planned_on, address("review", agreed.pk, review.pk)
    client.force_login(cast.anna)

    without = client.post(page, {"planned_on": f"{in_days(95)}"})
    client.post(page, {"planned_on": f"{in_days(95)}", "reason": REASON})
    client.post(page, {"planned_on": f"{in_days(95)}", "reason": REASON})

    assert "Bitte schreiben Sie, warum sich der Plan ändert." in without.text
    assert changes_of(agreed) == [("Review-Gespräch: Termin", f"{before:%d.%m.%Y}", f"{in_days(95):%d.%m.%Y}", REASON)]


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_each_side_changes_a_measure_on_its_page(client, cast, agreed, who):
    measure = agreed.measures.first()
    client.force_login(getattr(cast, who))

    page = client.post(
        address("change_measure", agreed.pk, measure.pk),
        sent(agreed, measure, due_on="2027-02-28", drops="on"),
        follow=True,
    )

    assert "Maßnahme „Maßnahme 1“ geändert." in page.text
    assert [(one[0], one[2]) for one in changes_of(agreed)] == [
        ("Maßnahme „Maßnahme 1“: Ende", "28.02.2027"),
        ("Maßnahme „Maßnahme 1“: Stand", "entfallen"),
    ]
    assert REASON in page.text


def test_a_form_sent_twice_writes_once(client, cast, agreed):
    measure = agreed.measures.first()
    form = sent(agreed, measure, due_on="2027-02-28")
    client.force_login(cast.anna)

    client.post(address("change_measure", agreed.pk, measure.pk), form)
    page = client.post(address("change_measure", agreed.pk, measure.pk), form, follow=True)

    assert "Es hat sich nichts geändert." in page.text
    assert (len(changes_of(agreed)), Letter.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"reason": " "}, "Bitte schreiben Sie, warum sich der Plan ändert."),
        ({"starts_on": "2027-03-01"}, "Das Ende liegt vor dem Beginn."),
        ({"read": "gestern"}, "Der Lernplan ist inzwischen geändert worden"),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_what_was_written(client, cast, agreed, fields, error):
    measure = agreed.measures.first()
    client.force_login(cast.anna)

    page = client.post(
        address("change_measure", agreed.pk, measure.pk),
        sent(agreed, measure, **{"due_on": "2027-02-28", "provider": "vhs Musterstadt", **fields}),
    )

    assert (page.status_code, error in page.text, "vhs Musterstadt" in page.text) == (200, True, True)
    assert changes_of(agreed) == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"to_level": "1"}, "id_to_level_error"),
        ({"due_on": "2020-01-01"}, "Dieser Tag liegt in der Vergangenheit."),
        ({"role_has_changed": "on", "due_on": "2027-08-01"}, "Wählen Sie die Zielstufe, die jetzt zur Rolle passt."),
    ],
)
def test_a_goal_stays_within_its_rules(client, cast, agreed, fields, error):
    goal = agreed.goals.get(competency=competency(5))
    client.force_login(cast.bernd)

    page = client.post(address("change_goal", agreed.pk, goal.pk), sent(agreed, goal, **fields))

    assert (page.status_code, error in page.text) == (200, True)
    assert changes_of(agreed) == []


def test_a_goal_that_deepens_may_end_where_it_starts(client, cast, agreed):
    goal = agreed.goals.get(competency=competency(5))
    Goal.objects.filter(pk=goal.pk).update(aim=Goal.Aim.DEEPEN)
    client.force_login(cast.bernd)

    client.post(address("change_goal", agreed.pk, goal.pk), sent(agreed, goal, to_level="1"))

    assert [one[1:3] for one in changes_of(agreed)] == [("Könner", "Kenner")]


@pytest.mark.parametrize(("before", "after"), [("planned", "dropped"), ("dropped", "done")])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_dropping_a_measure_or_taking_it_up_again_asks_for_a_reason(client, cast, agreed, before, after, htmx):
    measure = agreed.measures.first()
    Measure.objects.filter(pk=measure.pk).update(state=before)
    client.force_login(cast.anna)

    answer = client.post(address("measure_state", agreed.pk, measure.pk), {"state": after}, headers=htmx)

    assert answer.headers["HX-Redirect" if htmx else "Location"] == address("change_measure", agreed.pk, measure.pk)
    assert Measure.objects.get(pk=measure.pk).state == before


def new_measure(plan, **fields):
    goal, format_ = plan.goals.first(), LearningFormat.objects.get(key="kollegialer-austausch")
    values = {"goals": goal.pk, "format": format_.pk, "title": "Moderieren", "due_on": f"{in_days(60)}"}
    return values | {"responsible": "Anna", "reason": REASON, "read": read(plan)} | fields


def test_a_measure_is_added_with_its_reason_and_only_once(client, cast, agreed):
    client.force_login(cast.anna)
    form = new_measure(agreed)

    client.post(address("add_measure_later", agreed.pk), form)
    again = client.post(address("add_measure_later", agreed.pk), form)

    assert "Der Lernplan ist inzwischen geändert worden" in again.text
    assert agreed.measures.filter(title="Moderieren").count() == 1
    assert changes_of(agreed) == [("Maßnahme „Moderieren“", "", f"neu, bis {in_days(60):%d.%m.%Y}", REASON)]


def test_a_new_measure_without_a_reason_is_not_added(client, cast, agreed):
    client.force_login(cast.anna)

    page = client.post(address("add_measure_later", agreed.pk), new_measure(agreed, reason=""))

    assert "Bitte schreiben Sie, warum sich der Plan ändert." in page.text
    assert (agreed.measures.count(), changes_of(agreed)) == (3, [])


def test_a_draft_is_edited_and_not_changed_like_this(client, cast, participation):
    plan = plan_of(participation)
    client.force_login(cast.anna)

    page = client.get(address("change_goal", plan.pk, plan.goals.first().pk), follow=True)

    assert "Ziele und Maßnahmen bearbeiten Sie darin unmittelbar." in page.text


@pytest.mark.parametrize("levels", [False, True])
def test_hr_reads_no_change_on_page_or_paper(client, cast, agreed, levels, monkeypatch):
    monkeypatch.setattr("learningplans.on_paper.render_pdf", as_text)
    type(agreed.participation.round).objects.update(shows_levels_to_hr=levels)
    change(agreed, agreed.measures.first(), cast.anna, provider="vhs")

    def pages():
        return client.get(agreed.get_absolute_url()).text + client.get(address("pdf", agreed.pk)).text

    client.force_login(cast.paula)
    assert (REASON in pages(), "Änderungen" in pages()) == (False, False)
    client.force_login(cast.bernd)
    assert (pages().count(REASON), pages().count("Änderungen</h2>")) == (2, 2)


def as_text(name, context):
    return render_to_string(name, context).encode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_one_query_however_much_has_changed(cast, agreed, count, django_assert_num_queries):
    review = agreed.reviews.create(planned_on=in_days(-1), held_on=in_days(-1))
    for number in range(count):
        agreed.changes.create(
            subject=f"Änderung {number}", reason=REASON, changed_by=[cast.anna, cast.bernd][number % 2], review=review
        )

    with django_assert_num_queries(1):
        table = render_to_string("learningplans/_changes.html", what_became_of(agreed))

    assert table.count(REASON) == count


def overdue(plan):
    return LearningPlan.objects.with_participation().get(pk=plan.pk).is_overdue


@pytest.mark.parametrize(
    ("goals", "final", "state", "late"),
    [
        (200, 210, "agreed", False),
        (0, 0, "agreed", False),
        (-1, 210, "agreed", True),
        (200, -1, "agreed", True),
        (-1, -1, "completed", False),
        (-1, -1, "draft", False),
    ],
)
def test_a_plan_is_overdue_once_its_last_goal_or_its_final_review_has_passed(participation, goals, final, state, late):
    plan = plan_of(participation, state=state)
    plan.goals.update(due_on=in_days(goals))
    plan.reviews.filter(is_final=True).update(planned_on=in_days(final))

    assert overdue(plan) == late


def test_one_goal_still_to_come_is_enough_not_to_be_overdue(agreed):
    agreed.goals.update(due_on=in_days(-9))
    agreed.goals.filter(competency=competency(8)).update(due_on=timezone.localdate() + timedelta(days=1))

    assert not overdue(agreed)


def test_an_overdue_plan_says_so_to_both_on_their_pages(client, cast, agreed):
    agreed.reviews.filter(is_final=True).update(planned_on=in_days(-1))
    agreed.participation.plan_state = 2
    agreed.participation.save()

    client.force_login(cast.anna)
    assert '<dd><span class="badge badge--overdue">überfällig</span>' in client.get(agreed.get_absolute_url()).text
    assert "Lernplan überfällig: Das Abschlussgespräch steht aus" in client.get(reverse("start")).text
    client.force_login(cast.bernd)
    assert (
        '<td class="kern-table__cell"><span class="badge badge--overdue">überfällig'
        in client.get(reverse("assessments:team")).text
    )
