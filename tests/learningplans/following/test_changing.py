"""An agreed plan changes by what one side writes down and the other takes note of, and by nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate

from assessments.models import RETURNED_OFTEN_ENOUGH, Participation
from kompetenz.letters.models import Letter
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import FASTER, Faster, Refused, TooLate
from learningplans.contents.plan import contents_for, what_became_of
from learningplans.drafting import agreeing, holding
from learningplans.following import answering, changing, steps
from learningplans.following.forms import changes as forms
from learningplans.models import Goal, LearningFormat, LearningPlan, Measure, Offer, PlanChange, Review
from learningplans.tasks import plans_of, tasks_of
from tests.clock import NOW, TODAY, in_days
from tests.conftest import of_a_session
from tests.learningplans.making import competency, measure_in, participation_of, plan_of
from tests.markup import tight

REASON, WHY_NOT = "Das Seminar ist ausgebucht.", "Das war anders besprochen."

WRITTEN = {"written_side": "manager", "written_at": NOW}


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=LearningPlan.State.AGREED)


def read(plan):
    return LearningPlan.objects.get(pk=plan.pk).stamp


def lines_of(plan):
    return [(line["subject"], line["before"], line["after"]) for one in plan.changes.all() for line in one.lines]


def wish_of(row, **fields):
    stored = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    if isinstance(row, Goal):
        return steps.of_goal(stored, row)
    if isinstance(row, Measure):
        return steps.of_measure(stored, row, row.goals.all())
    return steps.of_review(stored, row)


def write(plan, wish, by, **more):
    return changing.write_change(**{"plan": plan, "wish": wish, "by": by, "reason": REASON, "read": read(plan)} | more)


def change(plan, row, by, **fields):
    return write(plan, wish_of(row, **fields), by)


def answer(one, by, said="noted", statement=""):
    one.refresh_from_db()
    changing.answer_change(change=one, by=by, answer=said, statement=statement, read=one.stamp)


def address(name, *args):
    return reverse(f"learningplans:{name}", args=args)


def sent(plan, row, **fields):
    """What the form of ``row`` sends when only ``fields`` are different."""
    if isinstance(row, Goal):
        names = ["aim", "to_level", "specific", "measurable", "seen_by", "ambitious", "realistic", "priority"]
        values = {name: getattr(row, name) for name in names} | {"due_on": f"{row.due_on}"}
    else:
        values = {"title": row.title, "due_on": f"{row.due_on}", "provider": row.provider, "starts_on": ""}
        values |= {"hours": f"{row.hours}".replace(".", ","), "cost": f"{row.cost}".replace(".", ",")}
        values |= {
            "format": row.format_id,
            "responsible": row.responsible,
            "goals": [one.pk for one in row.goals.all()],
        }
    return values | {"reason": REASON, "read": read(plan)} | fields


# --- writing down --------------------------------------------------------------------------------------------------


def test_each_changed_field_is_one_line_in_german_words(cast, agreed):
    measure = agreed.measures.first()
    measure.starts_on, measure.due_on = date(2027, 1, 4), date(2027, 1, 31)
    measure.save()

    change(
        agreed, measure, cast.anna, title="Moderation lernen", starts_on=None, due_on=date(2027, 2, 28), provider="vhs",
        responsible="Bernd", hours=Decimal(8), cost=Decimal(1200), aids="Ein Fachbuch", state=Measure.State.DROPPED,
    )  # fmt: skip

    name = "Maßnahme „Maßnahme 1“"
    assert lines_of(agreed) == [
        (f"{name}: Titel", "Maßnahme 1", "Moderation lernen"),
        (f"{name}: Beginn", "04.01.2027", ""),
        (f"{name}: Ende", "31.01.2027", "28.02.2027"),
        (f"{name}: Anbieter oder Ort", "", "vhs"),
        (f"{name}: verantwortlich", "Anna Ärmel", "Bernd"),
        (f"{name}: Zeitbedarf in Stunden", "12,5", "8"),
        (f"{name}: Kosten in Euro", "1.250,50", "1.200"),
        (f"{name}: Hilfsmittel", "", "Ein Fachbuch"),
        (f"{name}: Stand", "geplant", "entfallen"),
    ]


@pytest.mark.parametrize(("who", "other"), [("anna", "bernd"), ("bernd", "anna")])
def test_neither_side_alone_changes_the_plan(cast, agreed, who, other):
    goal, measure = agreed.goals.get(competency=competency(5)), agreed.measures.first()
    by, reader = getattr(cast, who), getattr(cast, other)

    one = change(agreed, goal, by, to_level=3)
    two = change(agreed, measure, by, state=Measure.State.DROPPED)
    stored = (Goal.objects.get(pk=goal.pk).to_level, Measure.objects.get(pk=measure.pk).state)
    answer(one, reader)
    answer(two, reader, "declined", WHY_NOT)

    assert stored == (2, "planned")
    assert (Goal.objects.get(pk=goal.pk).to_level, Measure.objects.get(pk=measure.pk).state) == (3, "planned")
    said = list(agreed.changes.values_list("answer", "took_effect_on", "statement"))
    assert said == [("noted", TODAY, ""), ("declined", None, WHY_NOT)]


@pytest.mark.parametrize(
    ("role_has_changed", "subject"),
    [(False, "Zielstufe"), (True, "Zielstufe (Anforderung der Rolle hat sich geändert)")],
)
def test_a_level_follows_the_person_or_the_role(cast, agreed, role_has_changed, subject):
    stored = agreed.goals.get(competency=competency(5))
    wanted = agreed.goals.get(competency=competency(5))
    wanted.to_level = 3

    write(agreed, steps.of_goal(stored, wanted, role_has_changed=role_has_changed), cast.anna)

    name = agreed.participation.round.catalogue.by_id[stored.competency_id].name
    assert lines_of(agreed) == [(f"Ziel „{name}“: {subject}", "Könner", "Experte")]


@pytest.mark.parametrize(("held", "belongs"), [([], None), ([-15], None), ([-14], -14), ([-9, -2], -2), ([0], 0)])
def test_a_change_belongs_to_the_review_of_the_last_fortnight(cast, agreed, held, belongs):
    for days in held:
        agreed.reviews.create(planned_on=in_days(days), held_on=in_days(days), **WRITTEN)

    review = change(agreed, agreed.goals.first(), cast.bernd, due_on=in_days(150)).review

    assert (review and review.held_on) == (None if belongs is None else in_days(belongs))


@pytest.mark.parametrize("said", ["noted", "declined"])
def test_what_is_answered_takes_no_later_change(cast, agreed, said):
    answered = {"answer": said, "statement": WHY_NOT, "answered_at": NOW}
    review = agreed.reviews.create(planned_on=TODAY, held_on=TODAY, **WRITTEN, **answered)

    one = change(agreed, agreed.goals.first(), cast.bernd, due_on=in_days(150))

    assert (one.review, list(review.changes.all())) == (None, [])


def test_a_change_corrected_after_the_answer_stands_under_its_own_day(cast, agreed):
    review = agreed.reviews.create(planned_on=TODAY, held_on=TODAY, **WRITTEN)
    one = change(agreed, agreed.goals.first(), cast.bernd, due_on=in_days(150))
    before = one.review
    type(review).objects.filter(pk=review.pk).update(answer="noted", answered_at=NOW)

    corrected = write(agreed, wish_of(agreed.goals.first(), due_on=in_days(160)), cast.bernd, corrects=one)

    one.refresh_from_db()
    assert (before, one.review, one.waits, corrected.review) == (review, review, False, None)
    assert corrected.pk != one.pk


@pytest.mark.parametrize(("who", "told"), [("anna", "bernd"), ("bernd", "anna")])
def test_the_other_side_gets_one_letter_with_nothing_but_the_link_and_a_task(cast, agreed, who, told):
    one = change(agreed, agreed.measures.first(), getattr(cast, who), title="Anders", provider="vhs")

    letter = Letter.objects.get()
    page = address("plan_change", agreed.pk, one.pk)
    assert (letter.person, letter.kind, letter.path) == (getattr(cast, told), "notice", page)
    assert asked(getattr(cast, told)) == [page]
    assert asked(getattr(cast, who)) == []


def asked(user):
    user = of_a_session(user)
    return [task.url for task in tasks_of(user, [], plans_of(user)) if "Änderung" in task.title]


def test_who_has_not_read_the_last_change_changes_nothing(cast, agreed):
    before, goal = read(agreed), agreed.goals.first()
    change(agreed, agreed.measures.first(), cast.bernd, title="Anders")

    with pytest.raises(Faster):
        write(agreed, wish_of(goal, due_on=in_days(150)), cast.anna, read=before)

    assert agreed.changes.count() == 1


def test_beside_a_change_that_waits_nothing_else_is_written_about_the_same(cast, agreed):
    measure = agreed.measures.first()
    change(agreed, measure, cast.bernd, title="Anders")

    with pytest.raises(changing.StillWaiting):
        change(agreed, Measure.objects.get(pk=measure.pk), cast.anna, title="Noch anders")

    assert agreed.changes.count() == 1


@pytest.mark.parametrize("state", [LearningPlan.State.DRAFT, LearningPlan.State.COMPLETED])
def test_only_an_agreed_plan_changes_like_this(cast, participation, state):
    plan = plan_of(participation, state=state)

    with pytest.raises(holding.OutOfState):
        change(plan, plan.goals.first(), cast.anna, due_on=in_days(150))

    assert plan.changes.count() == 0


def test_the_same_sent_twice_is_written_once(cast, agreed):
    wish, seen = wish_of(agreed.measures.first(), title="Anders"), read(agreed)

    first = write(agreed, wish, cast.anna, read=seen)

    assert write(agreed, wish, cast.anna, read=seen) == first
    assert (agreed.changes.count(), Letter.objects.count()) == (1, 1)


# --- answering -----------------------------------------------------------------------------------------------------


def test_the_writer_answers_nothing_and_nobody_answers_twice(cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")

    with pytest.raises(Refused, match=f"Das ist Ihr eigener Eintrag. Darauf antwortet {cast.bernd}."):
        answer(one, cast.anna)
    answer(one, cast.bernd)
    answer(one, cast.bernd)
    with pytest.raises(TooLate):
        answer(one, cast.bernd, "declined", WHY_NOT)

    one.refresh_from_db()
    assert (one.answer, one.answered_by) == ("noted", cast.bernd)
    assert agreed.measures.filter(title="Anders").count() == 1


def test_an_answer_that_lacks_its_reason_has_still_not_read_the_correction(client, cast, agreed, clock):
    one = change(agreed, agreed.measures.first(), cast.bernd, title="Erst so")
    page = address("answer_change", agreed.pk, one.pk)
    shown = one.stamp
    clock.shift(60)
    wish = wish_of(agreed.measures.first(), title="Dann so")
    changing.write_change(plan=agreed, wish=wish, by=cast.bernd, reason=REASON, read=read(agreed), corrects=one)
    client.force_login(cast.anna)

    lacking = client.post(page, {"answer": "declined", "statement": "", "read": shown}).text
    unread = client.post(page, {"answer": "declined", "statement": "Nein.", "read": shown})

    assert "Dann so" in lacking
    assert [
        text in lacking for text in ("warum Sie ablehnen.", f"{cast.bernd} hat den Eintrag inzwischen geändert.")
    ] == [True] * 2
    assert (unread.status_code, agreed.changes.get().answer) == (200, "")


@pytest.mark.parametrize("button", [{}, {"angebot": "1"}], ids=["without a reason", "taking an offer over"])
def test_a_change_that_comes_back_has_still_not_read_what_holds_since(client, cast, agreed, button, clock):
    measure = agreed.measures.first()
    offer = measure.format.offers.create(title="Kurs")
    client.force_login(cast.anna)
    shown = read(agreed)
    clock.shift(60)
    answer(change(agreed, measure, cast.bernd, title="Von Bernd"), cast.anna)
    measure.refresh_from_db()
    older = sent(agreed, measure, title="Von Anna", provider="vhs") | {"read": shown}
    button = dict.fromkeys(button, f"{offer.pk}")

    back = client.post(address("change_measure", agreed.pk, measure.pk), older | {"reason": ""} | button)
    told = client.post(
        address("change_measure", agreed.pk, measure.pk), older | {"read": back.context["read"], "reason": REASON}
    )

    assert (back.status_code, back.context["read"]) == (200, shown)
    assert "Jetzt gespeichert: „Von Bernd“." in told.text
    assert told.context["read"] == read(agreed)
    assert agreed.changes.filter(written_side="person").count() == 0


def test_what_was_corrected_meanwhile_is_not_answered_unread(cast, agreed, clock):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    seen = one.stamp
    clock.shift(60)
    write(agreed, wish_of(agreed.measures.first(), title="Ganz anders"), cast.anna, corrects=one)

    with pytest.raises(Faster) as problem:
        changing.answer_change(change=one, by=cast.bernd, answer="noted", statement="", read=seen)

    assert "Anna Ärmel hat den Eintrag inzwischen geändert" in str(problem.value)
    assert [line[2] for line in lines_of(agreed)] == ["Ganz anders"]
    assert agreed.measures.filter(title__contains="nders").count() == 0


def test_what_was_sent_back_waits_for_its_correction_and_then_for_an_answer_anew(cast, agreed, clock):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    changing.send_change_back(change=one, by=cast.bernd, why="Bitte mit Datum.", read=one.stamp)
    back = asked(cast.anna), asked(cast.bernd)
    clock.shift(60)
    with pytest.raises(answering.Unchanged) as problem:
        write(agreed, wish_of(agreed.measures.first(), title="Anders"), cast.anna, corrects=one)
    write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.anna, corrects=one)
    with pytest.raises(answering.Unchanged):  # nor by a way round
        write(agreed, wish_of(agreed.measures.first(), title="Anders"), cast.anna, corrects=one)

    one.refresh_from_db()
    assert "So hat Bernd Şahin-Žižek den Eintrag zurückgegeben" in str(problem.value)
    assert back == ([address("plan_change", agreed.pk, one.pk)], [])
    assert (one.sent_back_at, one.waits, asked(cast.bernd)) == (None, True, back[0])


def test_a_change_is_sent_back_twice_and_then_answered(client, cast, agreed, clock):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    client.force_login(cast.bernd)
    offered = []
    for title in ("Anderes", "Andere"):
        offered.append('value="back"' in client.get(address("plan_change", agreed.pk, one.pk)).text)
        changing.send_change_back(change=one, by=cast.bernd, why=f"Nicht so: {title}", read=one.stamp)
        clock.shift(60)
        write(agreed, wish_of(agreed.measures.first(), title=title), cast.anna, corrects=one)
        one.refresh_from_db()
    page = client.get(address("plan_change", agreed.pk, one.pk))
    sent = {"answer": "back", "statement": "Noch einmal.", "read": one.stamp}
    third = client.post(address("answer_change", agreed.pk, one.pk), sent)

    assert offered == [True, True]
    assert ('value="back"' in page.text, "Es ist schon 2 Mal zurückgegeben worden" in tight(page.text)) == (False, True)
    assert RETURNED_OFTEN_ENOUGH in third.text
    one.refresh_from_db()
    assert (one.sent_back_at, one.waits) == (None, True)
    client.post(address("answer_change", agreed.pk, one.pk), sent | {"answer": "declined"})
    one.refresh_from_db()
    assert (one.answer, one.statement, one.times_sent_back) == ("declined", "Noch einmal.", 0)


def test_another_reason_of_a_deputy_is_no_second_time(cast, agreed):
    named = Deputy.objects.create(manager=cast.bernd, person=cast.clara, since=TODAY, until=in_days(9))
    named.people.add(cast.anna)
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    changing.send_change_back(change=one, by=cast.bernd, why="Zu teuer.", read=one.stamp)
    one.refresh_from_db()
    changing.send_change_back(change=one, by=of_a_session(cast.clara), why="Zu spät.", read=one.stamp)

    one.refresh_from_db()
    assert (one.sent_back_why, one.times_sent_back) == ("Zu spät.", 1)


def test_who_corrects_what_was_sent_back_meanwhile_reads_why_first(client, cast, agreed, clock):
    """Else it would be said to be corrected by somebody who has never read what is wrong with it."""
    measure = agreed.measures.first()
    one, page = change(agreed, measure, cast.anna, title="Anders"), address("change_measure", agreed.pk, measure.pk)
    client.force_login(cast.anna)
    older = sent(agreed, measure, title="Noch anders") | {"corrects": client.get(page).context["corrects"]}
    clock.shift(60)
    changing.send_change_back(change=one, by=cast.bernd, why="Zu teuer.", read=one.stamp)

    late = client.post(page, older)
    one.refresh_from_db()
    still = one.sent_back_at
    client.post(page, older | {"corrects": late.context["corrects"]})
    one.refresh_from_db()

    assert f"{cast.bernd} hat den Eintrag inzwischen zurückgegeben." in late.text
    assert ("Zu teuer." in late.text, bool(still), one.sent_back_at) == (True, True, None)
    assert [line[2] for line in lines_of(agreed)] == ["Noch anders"]


def test_who_corrects_what_was_declined_meanwhile_is_told_so(client, cast, agreed):
    """Else a second change would stand beside the declined one, by somebody who has not read why."""
    measure = agreed.measures.first()
    one, page = change(agreed, measure, cast.anna, title="Anders"), address("change_measure", agreed.pk, measure.pk)
    client.force_login(cast.anna)
    older = sent(agreed, measure, title="Noch anders") | {"corrects": client.get(page).context["corrects"]}
    answer(one, cast.bernd, "declined", WHY_NOT)

    late = client.post(page, older)
    before = agreed.changes.count()
    client.post(page, older | {"corrects": late.context["corrects"]})

    assert (answering.ANSWERED in late.text, "Noch anders" in late.text) == (True, True)
    assert (before, agreed.changes.count()) == (1, 2)


def test_that_a_level_follows_the_role_can_be_corrected_alone(client, cast, agreed):
    goal = agreed.goals.first()
    client.force_login(cast.anna)

    def save(**more):
        client.post(address("change_goal", agreed.pk, goal.pk), sent(agreed, goal, to_level=goal.to_level + 1, **more))
        return "Anforderung der Rolle" in lines_of(agreed)[0][0]

    said = [save(), save(role_has_changed="on")]
    one = agreed.changes.get()
    changing.send_change_back(change=one, by=cast.bernd, why="Die Rolle verlangt das nicht.", read=one.stamp)
    said.append(save())
    one.refresh_from_db()

    assert (said, one.sent_back_at) == ([False, True, False], None)


def test_what_a_deputy_has_sent_back_the_manager_reads_before_they_answer(client, cast, agreed):
    """Or the reason of one would be gone under that of the other, or under an answer."""
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, until=in_days(5))
    deputy.people.add(cast.anna)
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    page = address("answer_change", agreed.pk, one.pk)
    client.force_login(cast.bernd)
    read_ = {"read": client.get(address("plan_change", agreed.pk, one.pk)).context["read"]}
    changing.send_change_back(change=one, by=of_a_session(cast.fremd), why="Ohne Termin.", read=one.stamp)

    for said in ("back", "noted"):
        late = client.post(page, read_ | {"answer": said, "statement": "Zu teuer."})
        one.refresh_from_db()
        assert "Frieda Fremd in Vertretung für Bernd Şahin-Žižek hat den Eintrag inzwischen zurückgegeben." in tight(
            late.text
        )
        assert ("Zu teuer." in late.text, one.sent_back_why, one.answer) == (True, "Ohne Termin.", "")
    changing.send_change_back(change=one, by=of_a_session(cast.fremd), why="Ohne Termin.", read=read_["read"])  # twice
    client.post(page, {"read": late.context["read"], "answer": "noted"})

    one.refresh_from_db()
    assert one.answer == "noted"


def test_why_it_was_sent_back_is_read_until_the_answer(client, cast, agreed, clock, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    changing.send_change_back(change=one, by=cast.bernd, why="Bitte mit Datum.", read=one.stamp)
    clock.shift(60)
    write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.anna, corrects=one)
    pages = address("plan_change", agreed.pk, one.pk), agreed.get_absolute_url(), address("pdf", agreed.pk)
    client.force_login(cast.anna)

    read_so_far = [client.get(page).text.count("Bitte mit Datum.") for page in pages]
    answer(one, cast.bernd)

    assert read_so_far == [1, 1, 1]
    assert [client.get(page).text.count("Bitte mit Datum.") for page in pages] == [0, 0, 0]


def test_an_unchanged_correction_says_so_on_its_page(client, cast, agreed):
    measure = agreed.measures.first()
    client.force_login(cast.anna)
    page, form = address("change_measure", agreed.pk, measure.pk), sent(agreed, measure, title="Anders")
    client.post(page, form)
    one = agreed.changes.get()
    changing.send_change_back(change=one, by=cast.bernd, why="Bitte mit Datum.", read=one.stamp)

    again = client.post(page, form | {"read": read(agreed)})

    one.refresh_from_db()
    assert ("So hat Bernd Şahin-Žižek den Eintrag zurückgegeben" in again.text, one.sent_back_why) == (
        True,
        "Bitte mit Datum.",
    )
    assert one.sent_back_at


def test_nobody_corrects_what_the_other_side_has_written(cast, agreed):
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.anna, title="Anders")

    with pytest.raises(Refused, match="Sie können darauf antworten, aber nichts daran ändern"):
        write(agreed, wish_of(measure, title="Ganz anders"), cast.bernd, corrects=one)

    assert [line[2] for line in lines_of(agreed)] == ["Anders"]


def test_of_what_is_new_there_is_one_that_waits(cast, agreed):
    """Two goals for one competency, or two final reviews, would not fit into the plan once both are answered."""
    agreed.reviews.filter(is_final=True).delete()
    goal = Goal(plan=agreed, competency=competency(3), from_level=1, to_level=2, due_on=in_days(90))
    final = Review(plan=agreed, planned_on=in_days(220), is_final=True)
    write(agreed, steps.new_goal(goal), cast.anna)
    write(agreed, steps.of_review(Review(plan=agreed), final), cast.anna)

    goal.specific, final.planned_on = "Etwas anderes", in_days(230)
    for wish in (steps.new_goal(goal), steps.of_review(Review(plan=agreed), final)):
        with pytest.raises(changing.StillWaiting):
            write(agreed, wish, cast.bernd)

    assert agreed.changes.count() == 2


def test_an_own_change_is_taken_back_until_it_is_answered(cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    with pytest.raises(Refused, match="Das hat Anna Ärmel geschrieben"):
        changing.withdraw_change(change=one, by=cast.bernd)
    changing.withdraw_change(change=one, by=cast.anna)
    two = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    answer(two, cast.bernd)

    with pytest.raises(TooLate):
        changing.withdraw_change(change=two, by=cast.anna)

    assert list(agreed.changes.all()) == [two]


@pytest.mark.parametrize("corrected", [False, True])
def test_taken_back_after_it_was_sent_back_it_stays_with_the_reason_and_is_not_written_again(
    client, cast, agreed, monkeypatch, corrected
):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    changing.send_change_back(change=one, by=cast.bernd, why="Nicht ohne Angebot.", read=one.stamp)
    if corrected:
        write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.anna, corrects=one)
    client.force_login(cast.anna)
    withdraw = address("withdraw_change", agreed.pk, one.pk)
    read = {"read": client.get(address("plan_change", agreed.pk, one.pk)).context["read"]}
    ends = [client.post(withdraw, read | {"once": f"{cast.anna.pk}-{window}"}, follow=True) for window in "xy"]
    one.refresh_from_db()

    with pytest.raises(answering.Unchanged, match="So hat Bernd Şahin-Žižek den Eintrag zurückgegeben"):
        change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    with pytest.raises(TooLate, match="Anna Ärmel hat den Eintrag inzwischen zurückgenommen"):
        answer(one, cast.bernd)
    other = change(agreed, agreed.measures.first(), cast.anna, title="Ganz anders")
    by_bernd = change(agreed, agreed.measures.last(), cast.bernd, title="Anders")

    assert ["Die Änderung ist zurückgenommen." in page.text for page in ends] == [True, True]
    assert (one.waits, one.took_effect_on, one.answer, asked(cast.anna)) == (
        False, None, "", [address("plan_change", agreed.pk, by_bernd.pk)],
    )  # fmt: skip
    assert asked(cast.bernd) == [address("plan_change", agreed.pk, other.pk)]
    for page in (address("plan_change", agreed.pk, one.pk), agreed.get_absolute_url(), address("pdf", agreed.pk)):
        text = client.get(page).text
        assert f"zurückgenommen von Anna Ärmel am {TODAY:%d.%m.%Y}" in text
        assert ("Nicht ohne Angebot." in text, "Änderung zurücknehmen" in text) == (True, False)


@pytest.mark.parametrize("sent_back", [False, True])
@pytest.mark.parametrize("corrected", [False, True])
def test_what_stands_in_an_answered_record_stays_there_as_taken_back(
    client, cast, agreed, monkeypatch, corrected, sent_back
):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    review, measure = agreed.reviews.first(), agreed.measures.first()
    Review.objects.filter(pk=review.pk).update(planned_on=TODAY, held_on=TODAY, **WRITTEN, written_by=cast.bernd)
    one = change(agreed, measure, cast.bernd, title="Anders")
    Review.objects.filter(pk=review.pk).update(answer="noted", answered_at=NOW, answered_by=cast.anna)
    if sent_back:
        changing.send_change_back(change=one, by=cast.anna, why="Bitte mit Datum.", read=one.stamp)
    if corrected:
        two = write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.bernd, corrects=one)
        assert (two.review, two.waits, asked(cast.anna)) == (None, True, [address("plan_change", agreed.pk, two.pk)])
        twin = write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.bernd, corrects=one)
        assert twin == two
    else:
        changing.withdraw_change(change=one, by=cast.bernd)

    one.refresh_from_db()
    assert (one.review, one.waits, one.lines[0]["after"]) == (review, False, "Anders")
    assert agreed.changes.count() == 1 + corrected
    client.force_login(cast.anna)
    for name in ("review_result", "review_pdf"):
        text = client.get(address(name, agreed.pk, review.pk)).text
        assert ("Anders" in text, "Anderes" in text) == (True, False)
        assert f"zurückgenommen von Bernd Şahin-Žižek am {TODAY:%d.%m.%Y}" in text
        assert ("Bitte mit Datum." in text) == sent_back


def test_nothing_answered_is_kept_as_taken_back(cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    answer(one, cast.bernd)

    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChange.objects.filter(pk=one.pk).update(withdrawn_at=NOW)


def test_a_deputy_writes_and_answers_by_name(cast, agreed):
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    deputy.people.add(cast.anna)
    frieda = of_a_session(cast.fremd)

    one = change(agreed, agreed.measures.first(), frieda, title="Anders")
    answer(one, cast.anna)
    two = change(agreed, agreed.measures.last(), cast.anna, title="Auch anders")
    answer(two, frieda)

    for each in (one, two):
        each.refresh_from_db()
    name = f"Frieda Fremd in Vertretung für {cast.bernd}"
    assert one.writer == name
    assert two.answer_in_words == f"zur Kenntnis genommen von {name} am {TODAY:%d.%m.%Y}"


def test_what_fits_the_plan_no_more_is_not_carried_out(cast, agreed):
    goal = agreed.goals.get(competency=competency(5))
    one = change(agreed, goal, cast.anna, to_level=3)
    Goal.objects.filter(pk=goal.pk).update(ended_on=TODAY)

    with pytest.raises(Refused, match="Das Ziel ist schon beendet"):
        answer(one, cast.bernd)

    one.refresh_from_db()
    assert (one.waits, Goal.objects.get(pk=goal.pk).to_level) == (True, 2)


def test_a_measure_whose_goals_have_ended_meanwhile_is_not_brought_in(cast, agreed):
    goal = agreed.goals.get(competency=competency(5))
    new = Measure(
        plan=agreed, format=LearningFormat.objects.first(), title="Neu", responsible="Anna", due_on=in_days(50)
    )
    one = write(agreed, steps.new_measure(new, [goal]), cast.anna)
    Goal.objects.filter(pk=goal.pk).update(ended_on=TODAY)

    with pytest.raises(Refused, match="Die Ziele der Maßnahme sind beendet"):
        answer(one, cast.bernd)

    one.refresh_from_db()
    assert (one.waits, agreed.measures.filter(title="Neu").exists()) == (True, False)


def test_what_is_gone_meanwhile_is_not_changed(cast, agreed):
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.anna, title="Anders")
    Measure.objects.filter(pk=measure.pk).delete()

    with pytest.raises(Refused, match="Was sie ändert, gibt es nicht mehr"):
        answer(one, cast.bernd)

    one.refresh_from_db()
    assert (one.waits, agreed.measures.filter(title="Anders").exists()) == (True, False)


def test_what_would_break_a_rule_of_the_plan_by_now_is_not_carried_out(cast, agreed):
    ended = agreed.goals.get(competency=competency(5))
    Goal.objects.filter(pk=ended.pk).update(ended_on=TODAY)
    later = {"from_level": 1, "to_level": 2, "specific": "Etwas", "due_on": in_days(90)}
    one = write(agreed, steps.new_goal(Goal(plan=agreed, competency=competency(5), **later)), cast.anna)
    Goal.objects.filter(pk=ended.pk).update(ended_on=None)

    with pytest.raises(Refused, match="Zu dieser Kompetenz hat der Plan schon ein Ziel"):
        answer(one, cast.bernd)

    assert list(agreed.goals.filter(competency=competency(5))) == [ended]


def test_what_was_done_meanwhile_is_not_dropped_unseen(cast, agreed):
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.anna, state=Measure.State.DROPPED)
    Measure.objects.filter(pk=measure.pk).update(state=Measure.State.DONE)

    with pytest.raises(Refused, match="ist inzwischen ein anderes"):
        answer(one, cast.bernd)

    assert Measure.objects.get(pk=measure.pk).state == "done"


def test_a_declined_change_takes_no_effect_even_by_hand(cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    answer(one, cast.bernd, "declined", WHY_NOT)

    with pytest.raises(IntegrityError), transaction.atomic():
        agreed.changes.update(took_effect_on=TODAY)


# --- everything can change -----------------------------------------------------------------------------------------


EVERY_FIELD = {
    "frame": {"hours_per_month": "4", "budget": "1.200"},
    "goal": {
        "to_level": "3", "specific": "Neu S", "measurable": "Neu M", "seen_by": "das Fachamt", "ambitious": "Neu A",
        "realistic": "Neu R", "due_on": f"{in_days(41)}", "priority": "2",
    },
    "measure": {
        "title": "Neu", "starts_on": f"{in_days(34)}", "due_on": f"{in_days(42)}", "provider": "vhs", "responsible": "Bernd",
        "hours": "3", "cost": "70", "helps": "Weil es übt", "aids": "Ein Buch", "practice": "Im Amt",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY_FIELD)
def test_every_field_of_an_agreed_plan_changes_with_the_other_sides_answer(client, cast, agreed, kind):
    row = {"frame": agreed, "goal": agreed.goals.first(), "measure": agreed.measures.first()}[kind]
    fields = EVERY_FIELD[kind]
    base = {"reason": REASON, "read": read(agreed)} if kind == "frame" else sent(agreed, row)
    page = address(f"change_{kind}", agreed.pk, *([] if kind == "frame" else [row.pk]))
    client.force_login(cast.anna)
    client.post(page, base | fields)
    one = agreed.changes.get()
    untouched = type(row).objects.get(pk=row.pk)
    assert {name: getattr(untouched, name) for name in fields} == {name: getattr(row, name) for name in fields}
    client.force_login(cast.bernd)

    client.post(address("answer_change", agreed.pk, one.pk), {"answer": "noted", "read": one.stamp})

    row = type(row).objects.get(pk=row.pk)
    now = {name: getattr(row, name) for name in fields}
    shown = {name: f"{value:.0f}" if isinstance(value, Decimal) else str(value) for name, value in now.items()}
    assert shown == {name: value.replace(".", "") for name, value in fields.items()}
    assert len(one.lines) == len(fields)


def test_format_and_goals_of_a_measure_change(client, cast, agreed):
    measure, other = agreed.measures.first(), agreed.goals.last()
    format_ = LearningFormat.objects.exclude(pk=measure.format_id).filter(needs_mentor=False, needs_consent=False)[0]
    client.force_login(cast.bernd)

    client.post(
        address("change_measure", agreed.pk, measure.pk), sent(agreed, measure, format=format_.pk, goals=[other.pk])
    )
    answer(agreed.changes.get(), cast.anna)

    measure = Measure.objects.get(pk=measure.pk)
    assert (measure.format, list(measure.goals.all())) == (format_, [other])
    assert [line[0] for line in lines_of(agreed)] == ["Maßnahme „Maßnahme 1“: Format", "Maßnahme „Maßnahme 1“: Ziele"]


def test_a_goal_is_brought_in(client, cast, agreed):
    client.force_login(cast.anna)
    choice = client.get(address("add_goal_later", agreed.pk)).text
    page = f"{address('add_goal_later', agreed.pk)}?kompetenz={competency(3).pk}"
    form = {"to_level": "2", "aim": "raise", "specific": "Etwas", "measurable": "Daran", "seen_by": "Bernd"}
    form |= {"due_on": f"{in_days(100)}", "priority": "1", "reason": REASON, "read": read(agreed)}

    assert f"?kompetenz={competency(3).pk}" in choice
    open_letters = client.post(page, form | {"measurable": ""})
    assert ("id_measurable_error" in open_letters.text, agreed.changes.count()) == (True, 0)
    client.post(page, form)
    before = agreed.goals.count()
    answer(agreed.changes.get(), cast.bernd)

    new = agreed.goals.get(competency=competency(3))
    assert (before, new.from_level, new.to_level, new.priority, new.specific) == (3, 1, 2, 1, "Etwas")
    assert list(agreed.goals.pursued().values_list("priority", flat=True)) == [1, 2, 3, 4]


def test_a_goal_is_ended_with_its_measures_and_stays_to_be_read(client, cast, agreed):
    goal = agreed.goals.get(competency=competency(5))
    both = measure_in(agreed, *agreed.goals.all(), title="Für alle")
    client.force_login(cast.bernd)
    page = address("end_goal", agreed.pk, goal.pk)

    assert "Maßnahme 1" in client.get(page).text
    client.post(page, {"reason": REASON, "read": read(agreed)})
    answer(agreed.changes.get(), cast.anna)

    assert Goal.objects.get(pk=goal.pk).ended_on == TODAY
    assert dict(agreed.measures.values_list("title", "state"))["Maßnahme 1"] == "dropped"
    assert Measure.objects.get(pk=both.pk).state == "planned"
    contents = contents_for(LearningPlan.objects.get(pk=agreed.pk), cast.anna)
    assert [entry.goal.pk for entry in contents.ended] == [goal.pk]
    assert len(contents.goals) == 2
    assert "Beendete Ziele" in client.get(agreed.get_absolute_url()).text


def test_dates_of_reviews_are_brought_in_and_moved_and_both_invited_with_the_answer(client, cast, agreed):
    review = agreed.reviews.get(is_final=False)
    client.force_login(cast.anna)
    move = {"planned_on": f"{in_days(95)}", "reason": REASON, "read": read(agreed)}
    client.post(address("review_move", agreed.pk, review.pk), move)
    client.post(
        address("review_add", agreed.pk), {"planned_on": f"{in_days(120)}", "reason": REASON, "read": read(agreed)}
    )
    invited = Letter.objects.filter(kind=Letter.Kind.REVIEW)
    before = (invited.count(), agreed.reviews.count(), agreed.reviews.get(pk=review.pk).planned_on)

    for one in agreed.changes.all():
        answer(one, cast.bernd)

    assert before == (0, 2, in_days(90))
    assert [row.planned_on for row in agreed.reviews.all()] == [in_days(95), in_days(120), in_days(210)]
    assert {(letter.person, letter.calendar.count("BEGIN:VEVENT")) for letter in invited} == {
        (cast.anna, 1),
        (cast.bernd, 1),
    }


def test_the_plan_becomes_a_draft_again_only_with_both(client, cast, agreed):
    client.force_login(cast.anna)
    client.post(address("reopen", agreed.pk), {"reason": REASON, "read": read(agreed)})
    alone = LearningPlan.objects.get(pk=agreed.pk).state
    client.force_login(cast.bernd)
    one = agreed.changes.get()

    client.post(address("answer_change", agreed.pk, one.pk), {"answer": "noted", "read": one.stamp})

    plan = LearningPlan.objects.get(pk=agreed.pk)
    assert (alone, plan.state, plan.agreed_names) == ("agreed", "draft", [])


def test_a_plan_becomes_a_draft_only_once_nothing_else_waits(cast, agreed):
    other = change(agreed, agreed.measures.first(), cast.bernd, title="Anders")
    one = write(agreed, steps.reopening(agreed), cast.anna)

    with pytest.raises(Refused, match="Zuerst sind die anderen Änderungen zu beantworten"):
        answer(one, cast.bernd)
    before = LearningPlan.objects.get(pk=agreed.pk).state
    answer(other, cast.anna)
    answer(one, cast.bernd)

    assert (before, LearningPlan.objects.get(pk=agreed.pk).state) == ("agreed", "draft")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_plan_that_was_looked_back_on_becomes_no_draft_again(client, cast, agreed, method):
    agreed.reviews.create(planned_on=in_days(-3), held_on=in_days(-3), **WRITTEN)
    client.force_login(cast.anna)

    page = getattr(client, method)(
        address("reopen", agreed.pk), {"reason": REASON, "read": read(agreed)}, follow=True
    ).text

    assert "Ein Gespräch ist schon geführt. Einzelne Ziele und Maßnahmen lassen sich ändern." in page
    assert agreed.changes.count() == 0


def test_a_review_that_was_held_meanwhile_is_not_moved(client, cast, agreed):
    review = agreed.reviews.get(is_final=False)
    page, form = address("review_move", agreed.pk, review.pk), {"planned_on": f"{in_days(95)}", "read": read(agreed)}
    Review.objects.filter(pk=review.pk).update(held_on=TODAY, **WRITTEN)
    client.force_login(cast.anna)

    sent_late = client.post(page, form | {"reason": REASON})

    assert ("Das Gespräch ist inzwischen festgehalten." in sent_late.text, REASON in sent_late.text) == (True, True)
    assert (client.get(page, follow=True).status_code, agreed.changes.count()) == (404, 0)


# --- pages and papers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_each_side_writes_a_change_of_a_measure_on_its_page(client, cast, agreed, who):
    measure = agreed.measures.first()
    client.force_login(getattr(cast, who))

    page = client.post(
        address("change_measure", agreed.pk, measure.pk),
        sent(agreed, measure, due_on=in_days(90).isoformat(), drops="on"),
        follow=True,
    )

    other = {"anna": cast.bernd, "bernd": cast.anna}[who]
    assert f"Es gilt, sobald {other} es zur Kenntnis genommen hat." in page.text
    assert [(one[0], one[2]) for one in lines_of(agreed)] == [
        ("Maßnahme „Maßnahme 1“: Ende", f"{in_days(90):%d.%m.%Y}"),
        ("Maßnahme „Maßnahme 1“: Stand", "entfallen"),
    ]
    assert (REASON in page.text, "noch nicht beantwortet" in page.text, "gilt noch nicht" in page.text) == (
        True,
        True,
        True,
    )


def test_a_page_that_changes_nothing_says_so_and_gives_the_reason_back(client, cast, agreed):
    measure = agreed.measures.first()
    client.force_login(cast.anna)

    page = client.post(address("change_measure", agreed.pk, measure.pk), sent(agreed, measure))

    assert "Es hat sich nichts geändert." in page.text
    assert page.text.count(REASON) == 1
    assert (PlanChange.objects.count(), Letter.objects.count()) == (0, 0)


def test_the_writer_corrects_on_the_same_page_and_the_other_is_led_to_the_answer(client, cast, agreed, clock):
    measure = agreed.measures.first()
    page = address("change_measure", agreed.pk, measure.pk)
    client.force_login(cast.anna)
    client.post(page, sent(agreed, measure, title="Anders", helps="Weil es übt"))
    again = client.get(page).text
    clock.shift(60)
    client.post(page, sent(agreed, measure, title="Ganz anders"))

    assert ('value="Anders"' in again, "Weil es übt" in again, REASON in again) == (True, True, True)
    assert [line[2] for line in lines_of(agreed)] == ["Ganz anders"]
    client.force_login(cast.bernd)
    change_page = address("plan_change", agreed.pk, agreed.changes.get().pk)
    assert client.get(page).headers["Location"] == change_page
    typed = client.post(page, sent(agreed, measure, title="Bernds Titel"))
    assert ("Bernds Titel" in typed.text, "noch nicht beantwortet" in typed.text) == (True, True)


@pytest.mark.parametrize(("kind", "about"), [("goal", "kompetenz"), ("measure", ""), ("review", "")])
def test_something_new_is_corrected_until_it_is_answered(client, cast, agreed, kind, about, clock):
    name = "review_add" if kind == "review" else f"add_{kind}_later"
    page = address(name, agreed.pk)
    form = {
        "goal": {"to_level": "2", "aim": "raise", "specific": "Etwas", "measurable": "Daran", "seen_by": "Bernd"}
        | {"due_on": f"{in_days(100)}", "priority": "1"},
        "measure": new_measure(agreed),
        "review": {"planned_on": f"{in_days(120)}"},
    }[kind]
    changed = {"goal": "specific", "measure": "title", "review": "planned_on"}[kind]
    client.force_login(cast.anna)
    client.post(
        f"{page}?kompetenz={competency(3).pk}" if about else page, form | {"reason": REASON, "read": read(agreed)}
    )
    one = agreed.changes.get()
    correct = f"{page}?aenderung={one.pk}"
    clock.shift(60)

    shown = client.get(correct).text
    value = f"{in_days(121)}" if kind == "review" else "Verbessert"
    client.post(correct, form | {changed: value, "reason": "Doch so.", "read": read(agreed)})

    link = f"{page}?aenderung={one.pk}"
    assert (form[changed] in shown, link in client.get(address("plan_change", agreed.pk, one.pk)).text) == (True, True)
    one = agreed.changes.get()
    assert (one.reason, one.steps[0]["values"][changed]) == ("Doch so.", value)
    answer(one, cast.bernd, "declined", WHY_NOT)
    late = client.post(correct, form | {changed: value, "reason": "Zu spät.", "read": read(agreed)})
    assert ("Zu spät." in late.text, "Der Eintrag ist schon beantwortet." in late.text) == (True, True)
    client.force_login(cast.bernd)
    assert client.get(correct).headers["Location"] == address("plan_change", agreed.pk, one.pk)
    assert agreed.changes.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"reason": " "}, "Bitte schreiben Sie, warum sich der Plan ändert."),
        ({"starts_on": "2099-03-01"}, "Das Ende liegt vor dem Beginn."),
        ({"read": "gestern"}, "Inzwischen hat jemand hier etwas anderes gespeichert"),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_what_was_written(client, cast, agreed, fields, error):
    measure = agreed.measures.first()
    client.force_login(cast.anna)

    page = client.post(
        address("change_measure", agreed.pk, measure.pk),
        sent(agreed, measure, **{"due_on": in_days(90).isoformat(), "provider": "vhs Musterstadt", **fields}),
    )

    assert (page.status_code, error in page.text, "vhs Musterstadt" in page.text) == (200, True, True)
    assert lines_of(agreed) == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"to_level": "1"}, "id_to_level_error"),
        ({"due_on": "2020-01-01"}, "Dieser Tag liegt in der Vergangenheit."),
        ({"specific": ""}, "id_specific_error"),
        ({"seen_by": ""}, "id_seen_by_error"),
        ({"role_has_changed": "on", "specific": "Anders"}, "Wählen Sie die Zielstufe, die jetzt zur Rolle passt."),
    ],
)
def test_a_goal_stays_within_its_rules(client, cast, agreed, fields, error):
    goal = agreed.goals.get(competency=competency(5))
    client.force_login(cast.bernd)

    page = client.post(address("change_goal", agreed.pk, goal.pk), sent(agreed, goal, **fields))

    assert (page.status_code, error in page.text) == (200, True)
    assert lines_of(agreed) == []


def test_a_goal_that_deepens_may_end_where_it_starts(client, cast, agreed):
    goal = agreed.goals.get(competency=competency(5))
    Goal.objects.filter(pk=goal.pk).update(aim=Goal.Aim.DEEPEN)
    goal.refresh_from_db()
    client.force_login(cast.bernd)

    client.post(address("change_goal", agreed.pk, goal.pk), sent(agreed, goal, to_level="1"))

    assert [one[1:] for one in lines_of(agreed)] == [("Könner", "Kenner")]


@pytest.mark.parametrize(("before", "after"), [("planned", "dropped"), ("dropped", "done")])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_dropping_a_measure_or_taking_it_up_again_asks_for_a_reason(client, cast, agreed, before, after, htmx):
    measure = agreed.measures.first()
    Measure.objects.filter(pk=measure.pk).update(state=before)
    client.force_login(cast.anna)

    answered = client.post(address("measure_state", agreed.pk, measure.pk), {"state": after}, headers=htmx)

    assert answered.headers["HX-Redirect" if htmx else "Location"] == address("change_measure", agreed.pk, measure.pk)
    assert Measure.objects.get(pk=measure.pk).state == before


def test_how_far_a_measure_is_holds_at_once_and_says_who_reported_it(client, cast, agreed):
    measure = agreed.measures.first()
    client.force_login(cast.anna)

    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})

    measure.refresh_from_db()
    assert (measure.state, measure.state_by, localdate(measure.state_at)) == ("done", cast.anna, TODAY)
    assert f"gemeldet von Anna Ärmel am {TODAY:%d.%m.%Y}" in tight(client.get(agreed.get_absolute_url()).text)


def form_of(page):
    """What the page's form sends as it stands: what is chosen, and no box that is not."""
    form = page.context["form"]
    fields = {field.html_name: field.value() for field in form if field.value() not in (None, "", [], False)}
    return {name: getattr(value, "isoformat", lambda value=value: value)() for name, value in fields.items()}


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_what_one_side_has_reported_the_other_takes_back_only_by_a_change(client, cast, agreed, htmx):
    measure = agreed.measures.first()
    client.force_login(cast.anna)
    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})
    client.force_login(cast.bernd)

    answered = client.post(address("measure_state", agreed.pk, measure.pk), {"state": "planned"}, headers=htmx)
    page = client.get(address("change_measure", agreed.pk, measure.pk))
    served = [goal.pk for goal in measure.goals.all()]
    same = form_of(page) | {"goals": served, "format": measure.format_id, "reason": REASON, "read": read(agreed)}
    client.post(address("change_measure", agreed.pk, measure.pk), same)
    unchanged = agreed.changes.count()
    client.post(address("change_measure", agreed.pk, measure.pk), same | {"not_done": "on"})
    measure.refresh_from_db()

    assert answered.headers["HX-Redirect" if htmx else "Location"] == address("change_measure", agreed.pk, measure.pk)
    assert f"Anna Ärmel hat am {TODAY:%d.%m.%Y} gemeldet, dass die Maßnahme durchgeführt ist." in tight(page.text)
    assert (unchanged, [one[1:] for one in lines_of(agreed)]) == (0, [("durchgeführt", "geplant")])
    assert (measure.state, measure.state_by) == ("done", cast.anna)


def test_nobody_drops_or_changes_what_was_reported_since_their_page_was_made(client, cast, agreed):
    measure = agreed.measures.first()
    stale = sent(agreed, measure, drops="on")
    client.force_login(cast.anna)
    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})
    client.force_login(cast.bernd)

    page = client.post(address("change_measure", agreed.pk, measure.pk), stale)

    assert (agreed.changes.count(), FASTER in tight(page.text)) == (0, True)
    assert "Jetzt gespeichert: durchgeführt, gemeldet von Anna Ärmel." in tight(page.text)
    client.post(address("change_measure", agreed.pk, measure.pk), stale | {"read": read(agreed)})
    assert [one[1:] for one in lines_of(agreed)] == [("durchgeführt", "entfallen")]


def test_a_report_between_writing_and_answering_stands_and_both_read_both(client, cast, agreed, clock, monkeypatch):
    """Hours are often known only afterwards: what was reported is not undone, and nobody takes note without knowing of it."""
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.bernd, hours=Decimal(4))
    page = address("plan_change", agreed.pk, one.pk)
    client.force_login(cast.anna)
    before = client.get(page)
    clock.shift(5)
    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})
    note = {"answer": "noted", "read": before.context["read"]}

    unread = client.post(address("answer_change", agreed.pk, one.pk), note)
    open_ = Measure.objects.get(pk=measure.pk).hours
    client.post(address("answer_change", agreed.pk, one.pk), note | {"read": unread.context["read"]})

    measure.refresh_from_db()
    reported = f"gemeldet von Anna Ärmel am {TODAY:%d.%m.%Y}, danach geändert"
    assert "Inzwischen ist gemeldet, wie weit die Maßnahme ist." in tight(unread.text)
    assert ("Inzwischen gemeldet" in before.text, open_) == (False, Decimal("12.5"))
    assert (measure.state, measure.state_by, measure.hours) == ("done", cast.anna, 4)
    for who in (cast.anna, cast.bernd):
        client.force_login(who)
        plan, told = client.get(agreed.get_absolute_url()).text, client.get(page).text
        assert f"„Maßnahme 1“ ist durchgeführt, gemeldet von Anna Ärmel am {TODAY.day}." in tight(told)
        assert (reported in tight(plan), reported in tight(client.get(address("pdf", agreed.pk)).content.decode())) == (
            True,
            True,
        )
        assert Letter.objects.filter(person=who, path=page).count() == 1


def test_what_is_done_does_not_begin_later(client, cast, agreed, clock):
    measure = agreed.measures.first()
    tomorrow = {"starts_on": f"{in_days(1)}"}
    one = change(agreed, measure, cast.bernd, starts_on=in_days(1))
    clock.shift(5)
    client.force_login(cast.anna)
    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})

    with pytest.raises(Refused) as problem:
        answer(one, cast.anna)
    answer(one, cast.anna, "declined", WHY_NOT)
    kept = client.post(
        address("change_measure", agreed.pk, measure.pk), sent(agreed, Measure.objects.get(pk=measure.pk), **tomorrow)
    )
    client.post(address("change_measure", agreed.pk, measure.pk), sent(agreed, measure, not_done="on", **tomorrow))

    assert "ist durchgeführt und kann nicht erst später beginnen" in str(problem.value)
    assert "also hat sie schon begonnen" in tight(kept.text)
    assert [line[1:] for line in lines_of(agreed)][1:] == [("", f"{in_days(1):%d.%m.%Y}"), ("durchgeführt", "geplant")]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    "fields", [{"title": "Ganz anders"}, {"hours": Decimal(80)}, {"starts_on": TODAY}, {"provider": "vhs"}]
)
def test_what_is_reported_is_the_measure_that_was_read(client, cast, agreed, fields, htmx):
    measure = agreed.measures.first()
    client.force_login(cast.anna)
    stale = {
        "state": "done",
        "once": f"{cast.anna.pk}-x1",
        "read": client.get(agreed.get_absolute_url()).context["contents"].measures[0].measure.stamp,
    }
    answer(change(agreed, measure, cast.bernd, **fields), cast.anna)

    told = client.post(address("measure_state", agreed.pk, measure.pk), stale, headers=htmx)
    page = client.get(agreed.get_absolute_url())

    is_same = "provider" in fields
    assert Measure.objects.get(pk=measure.pk).state == ("done" if is_same else "planned")
    assert ("Nicht gemeldet: " in page.text) != is_same
    assert told.status_code == (302 if not htmx else 200)
    assert f'name="read" value="{page.context["contents"].measures[0].measure.stamp}"' in page.text


def test_an_own_report_is_taken_back_at_once(client, cast, agreed):
    measure = agreed.measures.first()
    client.force_login(cast.anna)

    for state in ("done", "planned"):
        client.post(address("measure_state", agreed.pk, measure.pk), {"state": state})

    assert Measure.objects.get(pk=measure.pk).state == "planned"


def new_measure(plan, **fields):
    goal, format_ = plan.goals.first(), LearningFormat.objects.get(key="kollegialer-austausch")
    values = {"goals": goal.pk, "format": format_.pk, "title": "Moderieren", "due_on": f"{in_days(60)}"}
    return values | {"responsible": "Anna", "reason": REASON, "read": read(plan)} | fields


def test_a_measure_is_brought_in_once_however_often_it_is_sent_and_answered(client, cast, agreed):
    client.force_login(cast.anna)
    form = new_measure(agreed)

    for _ in range(2):
        client.post(address("add_measure_later", agreed.pk), form)
    one, before = agreed.changes.get(), agreed.measures.count()
    client.force_login(cast.bernd)
    for _ in range(2):
        client.post(address("answer_change", agreed.pk, one.pk), {"answer": "noted", "read": one.stamp})

    assert (before, agreed.measures.filter(title="Moderieren").count()) == (3, 1)
    assert (lines_of(agreed)[1][0], lines_of(agreed)[1][2]) == ("Maßnahme „Moderieren“ (neu): Titel", "Moderieren")


def test_all_that_a_new_measure_says_is_told_and_told_anew_when_it_is_corrected(client, cast, agreed, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    said = {
        "starts_on": "", "provider": "Haus am See", "hours": "6", "cost": "200",
        "helps": "Wir üben am Fall", "aids": "Ein Handbuch", "practice": "Jede Woche einmal",
    }  # fmt: skip
    client.force_login(cast.anna)
    client.post(address("add_measure_later", agreed.pk), new_measure(agreed, **said))
    one = agreed.changes.get()
    again = f"{address('add_measure_later', agreed.pk)}?aenderung={one.pk}"
    client.post(again, new_measure(agreed, **said | {"cost": "2000"}))

    goal = agreed.participation.round.catalogue.by_id[agreed.goals.first().competency_id].name
    told = {subject.removeprefix("Maßnahme „Moderieren“ (neu): "): after for subject, _, after in lines_of(agreed)}
    assert told == {
        "Ziele": goal, "Titel": "Moderieren", "Format": "Kollegialer Austausch", "Ende": f"{in_days(60):%d.%m.%Y}",
        "Anbieter oder Ort": "Haus am See", "verantwortlich": "Anna",
        "Zeitbedarf in Stunden": "6", "Kosten in Euro": "2.000", "Wie hilft die Maßnahme?": "Wir üben am Fall",
        "Hilfsmittel": "Ein Handbuch", "Üben danach": "Jede Woche einmal", "Stand": "geplant",
    }  # fmt: skip
    client.force_login(cast.bernd)
    for page in (address("plan_change", agreed.pk, one.pk), agreed.get_absolute_url(), address("pdf", agreed.pk)):
        text = client.get(page).text
        assert [said for said in told.values() if said not in text] == []


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        (forms.FrameChangeForm, steps.OF_A_PLAN),
        (forms.NewMeasureForm, steps.OF_A_MEASURE),
        (forms.NewGoalForm, steps.OF_A_GOAL),
        (forms.ReviewMoveForm, steps.OF_A_REVIEW),
    ],
)
def test_whatever_a_form_writes_has_words_in_the_change(form, labels):
    assert set(form._meta.fields) - {*labels, *steps.UNSAID, "goals"} == set()


@pytest.mark.parametrize("name", ["add_measure_later", "add_goal_later", "review_add"])
def test_what_is_about_something_else_is_not_replaced_by_what_is_sent(client, cast, agreed, name):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    client.force_login(cast.anna)
    form = new_measure(agreed) | {"planned_on": f"{in_days(120)}"}
    page = f"{address(name, agreed.pk)}?kompetenz={competency(3).pk}&aenderung={one.pk}"

    answers = [client.get(page), client.post(page, form)]

    assert answers[0].headers["Location"] == address("plan_change", agreed.pk, one.pk)
    assert answers[1].status_code == 404
    assert lines_of(agreed) == [("Maßnahme „Maßnahme 1“: Titel", "Maßnahme 1", "Anders")]


def test_who_accompanies_a_new_measure_is_told(cast, agreed):
    format_ = LearningFormat.objects.get(key="mentoring")
    wanted = Measure(plan=agreed, title="Lernen am Fall", format=format_, mentor=cast.fremd, due_on=in_days(60))

    told = {line.subject: line.after for line in steps.new_measure(wanted, agreed.goals.all()[:1]).lines}

    assert told["Maßnahme „Lernen am Fall“ (neu): begleitet von"] == "Frieda Fremd"


def test_a_new_review_says_its_day_and_whether_it_is_the_last(client, cast, agreed):
    client.force_login(cast.anna)
    agreed.reviews.filter(is_final=True).delete()
    form = {"planned_on": f"{in_days(300)}", "is_final": "on", "reason": REASON, "read": read(agreed)}

    client.post(address("review_add", agreed.pk), form)

    assert lines_of(agreed) == [("Abschlussgespräch", "", f"neu, am {in_days(300):%d.%m.%Y}")]


def test_a_day_is_written_with_four_digits_of_its_year(cast, agreed):
    change(agreed, agreed.measures.first(), cast.anna, starts_on=date(1, 1, 1))

    assert lines_of(agreed) == [("Maßnahme „Maßnahme 1“: Beginn", "", "01.01.0001")]


def test_a_new_measure_without_a_reason_is_not_written_down(client, cast, agreed):
    client.force_login(cast.anna)

    page = client.post(address("add_measure_later", agreed.pk), new_measure(agreed, reason=""))

    assert "Bitte schreiben Sie, warum sich der Plan ändert." in page.text
    assert (agreed.measures.count(), lines_of(agreed)) == (3, [])


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "id_answer_error"),
        ({"answer": "declined"}, "Bitte schreiben Sie, warum Sie ablehnen."),
        ({"answer": "back"}, "Bitte schreiben Sie, was fehlt oder nicht stimmt."),
        ({"answer": "noted", "statement": "Mein Text", "read": "gestern"}, "hat den Eintrag inzwischen geändert"),
    ],
)
def test_an_answer_that_is_not_taken_says_why(client, cast, agreed, said, error):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    client.force_login(cast.bernd)

    page = client.post(address("answer_change", agreed.pk, one.pk), {"read": one.stamp} | said)

    assert (page.status_code, error in page.text, said.get("statement", "") in page.text) == (200, True, True)
    one.refresh_from_db()
    assert one.waits


def test_declined_and_sent_back_are_said_on_the_page(client, cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    page = address("plan_change", agreed.pk, one.pk)
    client.force_login(cast.bernd)

    back = client.post(
        address("answer_change", agreed.pk, one.pk),
        {"answer": "back", "statement": "Mit Datum bitte", "read": one.stamp},
        follow=True,
    ).text
    one.refresh_from_db()
    client.post(
        address("answer_change", agreed.pk, one.pk),
        {"answer": "declined", "statement": WHY_NOT, "read": one.stamp},
    )
    declined, plan_page = client.get(page).text, client.get(agreed.get_absolute_url()).text

    assert ("zur Berichtigung zurückgegeben von" in back, "Mit Datum bitte" in back) == (True, True)
    assert (
        "<dt>Gilt</dt><dd>noch nicht</dd>" in tight(back),
        "<dt>Gilt</dt><dd>nicht</dd>" in tight(declined),
    ) == (
        True,
        True,
    )
    for text in (declined, plan_page):
        assert f"abgelehnt von {cast.bernd} am {TODAY:%d.%m.%Y}" in tight(text)
        assert WHY_NOT in text


def test_a_change_corrected_to_what_the_plan_says_is_taken_back(client, cast, agreed):
    agreed.budget = Decimal(300)
    agreed.save()
    page, again = address("change_frame", agreed.pk), {"hours_per_month": "", "budget": "300", "reason": "doch nicht"}
    client.force_login(cast.anna)
    client.post(page, again | {"budget": "9000", "read": read(agreed)})
    assert agreed.changes.waiting().exists()

    said = client.post(page, again | {"read": read(agreed)}, follow=True).text

    assert "Die Änderung ist zurückgenommen. Der Lernplan bleibt, wie er ist." in said
    assert not agreed.changes.exists()


def test_a_dropped_measure_is_no_longer_reported_as_done(cast, agreed):
    Measure.objects.filter(pk=agreed.measures.first().pk).update(state="done", state_by=cast.bernd, state_at=NOW)

    answer(change(agreed, agreed.measures.first(), cast.anna, state=Measure.State.DROPPED), cast.bernd)

    dropped = agreed.measures.first()
    assert (dropped.state, dropped.state_by, dropped.state_at) == ("dropped", None, None)


def test_an_answer_sent_again_when_the_plan_is_a_draft_leads_there(client, cast, agreed):
    one = write(agreed, steps.reopening(agreed), cast.anna)
    client.force_login(cast.bernd)

    ends = [
        client.post(
            address("answer_change", agreed.pk, one.pk),
            {"answer": said, "statement": "", "read": one.stamp},
            follow=True,
        )
        for said in ("noted", "noted", "declined")
    ]

    assert ["Nicht gespeichert" in page.text for page in ends] == [False, False, True]


def test_who_sends_a_change_back_sends_it_to_who_corrects_it_today(client, cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.bernd, title="Anders")
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    Participation.objects.filter(pk=agreed.participation_id).update(manager=cast.clara, manager_name="Clara Chefin")
    client.force_login(cast.anna)
    page = client.get(address("plan_change", agreed.pk, one.pk)).text

    back = {"answer": "back", "statement": "Mit Datum bitte", "read": one.stamp}
    said = client.post(address("answer_change", agreed.pk, one.pk), back, follow=True).text

    assert "Ich gebe es zurück, damit Clara Chefin es berichtigt." in page
    assert "Zurückgegeben, damit Clara Chefin es berichtigt." in said


GONE = {
    "another manager": ({"manager": "clara"}, "{} ist nicht mehr die Führungskraft von"),
    "left": ({"left": True}, "{} arbeitet zurzeit nicht hier."),
}


@pytest.mark.parametrize("what", GONE)
def test_nothing_goes_back_to_who_is_gone(client, cast, agreed, what):
    changed, why = GONE[what]
    one = change(agreed, agreed.measures.first(), cast.bernd, title="Anders")
    if "manager" in changed:
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    else:
        Person.objects.filter(pk=cast.bernd.pk).update(is_active=False)
    nobody = f"Zurzeit ist niemand da, der es berichtigen kann: {why.format(cast.bernd)}"
    client.force_login(cast.anna)
    page = client.get(address("plan_change", agreed.pk, one.pk)).text

    back = {"answer": "back", "statement": "Mit Datum bitte", "read": one.stamp}
    said = client.post(address("answer_change", agreed.pk, one.pk), back, follow=True).text

    assert "Ich gebe es zurück, damit Ihre Führungskraft es berichtigt." in page
    assert nobody in tight(page)
    assert f"Zurückgegeben, damit Ihre Führungskraft es berichtigt. {nobody}" in said


def test_who_deputises_is_named_where_the_manager_cannot_correct(client, cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.bernd, title="Anders")
    Deputy.objects.create(manager=cast.bernd, person=cast.fremd, until=in_days(5)).people.add(cast.anna)
    Person.objects.filter(pk=cast.bernd.pk).update(email=None)
    client.force_login(cast.anna)

    page = client.get(address("plan_change", agreed.pk, one.pk)).text

    assert f"damit {cast.fremd} in Vertretung für {cast.bernd} es berichtigt." in page
    assert "niemand da" not in page


def test_a_change_is_withdrawn_on_its_page(client, cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    client.force_login(cast.bernd)
    assert client.post(address("withdraw_change", agreed.pk, one.pk)).status_code == 404
    client.force_login(cast.anna)
    page = client.get(address("plan_change", agreed.pk, one.pk))
    assert "Änderung zurücknehmen" in page.text
    read = {"read": page.context["read"]}

    ends = [
        client.post(address("withdraw_change", agreed.pk, one.pk), {"once": once, **read}, follow=True)
        for once in ("", "", f"{cast.anna.pk}-x")
    ]

    assert [(page.redirect_chain, page.status_code) for page in ends] == [([(agreed.get_absolute_url(), 302)], 200)] * 3
    assert agreed.changes.count() == 0
    client.force_login(cast.bernd)
    page = client.get(Letter.objects.get().path, follow=True)
    assert "Diese Änderung ist zurückgenommen." in page.text


def test_what_a_deputy_has_corrected_is_not_taken_back_unread(client, cast, agreed, clock):
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, until=in_days(5))
    deputy.people.add(cast.anna)
    measure, at = agreed.measures.first(), address("change_measure", agreed.pk, agreed.measures.first().pk)
    one = change(agreed, measure, cast.bernd, title="Anders")
    client.force_login(cast.bernd)
    shown = client.get(address("plan_change", agreed.pk, one.pk)).context["read"]
    undoing = sent(agreed, measure, title="Maßnahme 1")
    clock.shift(60)
    write(agreed, wish_of(agreed.measures.first(), title="Von der Vertretung"), of_a_session(cast.fremd), corrects=one)

    back = client.post(
        address("withdraw_change", agreed.pk, one.pk), {"read": shown, "once": f"{cast.bernd.pk}-x1"}, follow=True
    )
    undone = client.post(at, undoing)

    assert "Frieda Fremd in Vertretung für Bernd Şahin-Žižek hat den Eintrag inzwischen geändert." in tight(back.text)
    assert FASTER in tight(undone.text)
    assert [line[2] for line in lines_of(agreed)] == ["Von der Vertretung"]
    client.post(
        address("withdraw_change", agreed.pk, one.pk), {"read": back.context["read"], "once": f"{cast.bernd.pk}-x2"}
    )
    assert not agreed.changes.exists()


def test_what_somebody_else_of_ones_side_has_written_is_not_called_ones_own(client, cast, agreed):
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, until=in_days(5))
    deputy.people.add(cast.anna)
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.bernd, title="Anders")
    heads = []
    for who in (cast.bernd, cast.fremd):
        client.force_login(who)
        heads.append(tight(client.get(address("change_measure", agreed.pk, measure.pk)).text))

    with pytest.raises(Refused, match=f"Das hat {cast.bernd} geschrieben"):
        answer(one, of_a_session(cast.fremd))
    told = "Sie berichtigen die Änderung von Bernd Şahin-Žižek vom"
    assert ["Sie berichtigen Ihre Änderung vom" in head for head in heads] == [True, False]
    assert [told in head for head in heads] == [False, True]


@pytest.mark.parametrize("where", ["never", "other plan"])
def test_a_change_that_never_was_is_not_said_to_be_taken_back(client, cast, agreed, where):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    other = plan_of(participation_of(cast.anna, title="Andere"), state=LearningPlan.State.AGREED)
    args = (agreed.pk, one.pk + 1) if where == "never" else (other.pk, one.pk)
    client.force_login(cast.anna)

    assert client.get(address("plan_change", *args)).status_code == 404
    assert client.post(address("withdraw_change", *args)).status_code == 404


@pytest.mark.parametrize("name", ["add_goal_later", "add_measure_later", "review_add"])
def test_a_change_named_on_the_wrong_page_is_led_to_its_own_and_no_number_is_an_error(client, cast, agreed, name):
    one = change(agreed, agreed.goals.first(), cast.anna, specific="Anders")
    page = address(name, agreed.pk)
    client.force_login(cast.anna)

    led = client.get(f"{page}?aenderung={one.pk}")
    typed = client.post(f"{page}?aenderung={one.pk}", {"reason": "Mein Grund"})

    assert led.headers["Location"] == address("plan_change", agreed.pk, one.pk)
    assert (typed.status_code, "Mein Grund" in typed.text) == (404, True)
    assert [client.get(f"{page}?aenderung={wrong}").status_code for wrong in ("9" * 5000, "9" * 19)] == [200, 200]
    assert client.get(f"{page}?aenderung=999").status_code == 404


def test_words_for_a_goal_that_somebody_else_has_brought_in_come_back(client, cast, agreed):
    taken = agreed.goals.first().competency_id
    client.force_login(cast.anna)

    page = client.post(f"{address('add_goal_later', agreed.pk)}?kompetenz={taken}", {"specific": "Mein Ziel"})

    assert (page.status_code, "Mein Ziel" in page.text) == (409, True)


def test_an_answered_change_is_not_withdrawn(client, cast, agreed):
    one = change(agreed, agreed.measures.first(), cast.anna, title="Anders")
    answer(one, cast.bernd)
    client.force_login(cast.anna)

    page = client.post(address("withdraw_change", agreed.pk, one.pk), follow=True)

    assert "Der Eintrag ist schon beantwortet." in page.text
    assert agreed.changes.count() == 1


def test_a_draft_is_edited_and_not_changed_like_this(client, cast, participation):
    plan = plan_of(participation)
    client.force_login(cast.anna)

    page = client.get(address("change_goal", plan.pk, plan.goals.first().pk), follow=True)

    assert "Ziele und Maßnahmen bearbeiten Sie darin unmittelbar." in page.text


@pytest.mark.parametrize("levels", [False, True])
def test_hr_reads_no_change_on_page_or_paper(client, cast, agreed, levels, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    type(agreed.participation.round).objects.update(shows_levels_to_hr=levels)
    answer(change(agreed, agreed.measures.first(), cast.anna, provider="vhs"), cast.bernd)

    def pages():
        return client.get(agreed.get_absolute_url()).text + client.get(address("pdf", agreed.pk)).text

    client.force_login(cast.paula)
    assert (REASON in pages(), "Änderungen" in pages()) == (False, False)
    assert pages().count("zuletzt geändert am") + pages().count("zuletzt am") == 2
    client.force_login(cast.bernd)
    assert (pages().count(REASON), pages().count("Änderungen</h2>")) == (2, 2)


def test_paper_says_who_wrote_and_answered_what_and_when(client, cast, agreed, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    answer(change(agreed, agreed.measures.first(), cast.anna, title="Bei der vhs"), cast.bernd)
    change(agreed, agreed.measures.last(), cast.bernd, title="Im Haus")
    client.force_login(cast.anna)

    paper = tight(client.get(address("pdf", agreed.pk)).text)
    LearningPlan.objects.filter(pk=agreed.pk).update(state=LearningPlan.State.COMPLETED, completed_on=TODAY)
    ended = tight(client.get(address("pdf", agreed.pk)).text)

    day = f"{TODAY:%d.%m.%Y}"
    assert (paper.count("neu Bei der vhs."), paper.count("gewünscht Im Haus."), "künftig" in paper) == (1, 1, False)
    assert f"von {cast.bernd}, bis zum Abschluss des Lernplans nicht beantwortet; gilt nicht." in ended
    assert (
        f"Geschrieben am {day} von Anna Ärmel, zur Kenntnis genommen von {cast.bernd} am {day}; gültig geworden am {day}."
        in paper
    )
    assert f"Geschrieben am {day} von {cast.bernd}, noch nicht beantwortet; gilt noch nicht." in paper


def test_page_and_paper_name_who_agreed_the_deputy_included_and_show_the_roles_tasks(
    client, cast, participation, monkeypatch
):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    type(participation).objects.filter(pk=participation.pk).update(role_tasks="Ansprechperson sein")
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    deputy.people.add(cast.anna)
    plan = plan_of(participation)
    for by in (cast.anna, of_a_session(cast.fremd)):
        plan.refresh_from_db()
        agreeing.agree_plan(plan=plan, by=by, read=plan.stamp)
    client.force_login(cast.anna)

    for page in (plan.get_absolute_url(), address("pdf", plan.pk)):
        text = tight(client.get(page).text)
        assert f"Frieda Fremd in Vertretung für {cast.bernd}" in text
        assert ("von Anna Ärmel am" in text, "Ansprechperson sein" in text) == (True, True)


def as_text(name, context):
    return render_to_string(name, context).encode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_one_query_however_much_has_changed(cast, agreed, count, django_assert_num_queries):
    review = agreed.reviews.create(planned_on=in_days(-1), held_on=in_days(-1))
    for number in range(count):
        one = PlanChange(plan=agreed, lines=[vars(steps.PlanDifference(f"Änderung {number}", "", ""))], reason=REASON)
        one.write(agreed.participation, [cast.anna, cast.bernd][number % 2], None)
        one.review = review
        one.save()

    with django_assert_num_queries(1):
        table = render_to_string("learningplans/_changes.html", {"plan": agreed, **what_became_of(agreed)})

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
    agreed.goals.filter(competency=competency(8)).update(due_on=TODAY + timedelta(days=1))

    assert not overdue(agreed)


def test_an_overdue_plan_says_so_to_both_on_their_pages(client, cast, agreed):
    agreed.reviews.filter(is_final=True).update(planned_on=in_days(-1))
    agreed.participation.plan_state = 2
    agreed.participation.save()

    client.force_login(cast.anna)
    assert '<dd><span class="badge badge--overdue">überfällig</span>' in tight(
        client.get(agreed.get_absolute_url()).text
    )
    assert "Lernplan überfällig: Das Abschlussgespräch steht aus" in client.get(reverse("start")).text
    client.force_login(cast.bernd)
    assert 'data-column="Lernplan"><span class="badge badge--overdue">überfällig' in tight(
        client.get(reverse("assessments:team")).text
    )


def test_of_two_changes_that_together_leave_a_measure_without_a_goal_the_second_is_refused(cast, agreed):
    one, two = list(agreed.goals.all())[:2]
    agreed.measures.exclude(pk=(kept := agreed.measures.first()).pk).delete()
    kept.goals.set([one, two])
    first = write(agreed, steps.ending_goal(one, []), cast.anna)
    second = write(agreed, steps.ending_goal(two, []), cast.bernd)
    answer(first, cast.bernd)

    with pytest.raises(Refused, match="„Maßnahme 1“ dient dann keinem Ziel mehr"):
        answer(second, cast.anna)

    second.refresh_from_db()
    assert (second.answer, agreed.goals.pursued().filter(pk=two.pk).exists()) == ("", True)


def test_of_two_changes_that_bring_the_final_review_before_another_the_second_is_refused(cast, agreed):
    agreed.reviews.all().delete()
    review = Review.objects.create(plan=agreed, planned_on=in_days(20))
    final = Review.objects.create(plan=agreed, planned_on=in_days(40), is_final=True)
    first = change(agreed, review, cast.anna, planned_on=in_days(30))
    second = change(agreed, final, cast.bernd, planned_on=in_days(25))
    answer(first, cast.bernd)

    with pytest.raises(Refused, match="Ein anderes Gespräch liegt danach"):
        answer(second, cast.anna)

    final.refresh_from_db()
    assert final.planned_on == in_days(40)


def test_a_change_brings_the_names_of_its_own_day_and_leaves_the_others(cast, agreed):
    holding.keep_names(agreed)
    one, other = agreed.measures.all()[:2]
    before = one.format.name
    course = Offer.objects.create(format=one.format, title="Kurs", link="https://kurs.example/")
    LearningFormat.objects.update(name="Neues Format")
    answer(change(agreed, one, cast.bernd, offer=course, hours=Decimal(3)), cast.anna)
    Offer.objects.update(title="Anderer Kurs", link="https://anderswo.example/")
    new = LearningFormat.objects.exclude(pk=other.format_id).first()
    answer(change(agreed, other, cast.bernd, format=new), cast.anna)
    LearningFormat.objects.update(name="Noch neuer")

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.format_name, one.offer_name, one.offer_link) == (before, "Kurs", "https://kurs.example/")
    assert (other.format_name, other.offer_name) == ("Neues Format", "")
    assert lines_of(agreed)[-1] == (f"Maßnahme „{other.title}“: Format", before, "Neues Format")


@pytest.mark.parametrize("is_new", [True, False])
def test_a_change_brings_the_offer_that_the_other_side_has_read(cast, agreed, is_new):
    measure = agreed.measures.first()
    course = Offer.objects.create(format=measure.format, title="Kurs 40 Stunden", link="https://kurs.example/")
    wanted = Measure(plan=agreed, title="Neu", format=measure.format, offer=course, due_on=in_days(9), responsible="A")
    wish = steps.new_measure(wanted, measure.goals.all()) if is_new else wish_of(measure, offer=course)
    one, before = write(agreed, wish, cast.bernd), measure.format.name
    Offer.objects.update(title="Video 1 Stunde", link="https://anderswo.example/")
    LearningFormat.objects.update(name="Neues Format")

    answer(one, cast.anna)

    changed = agreed.measures.get(offer=course)
    assert (changed.offer_name, changed.offer_link) == ("Kurs 40 Stunden", "https://kurs.example/")
    assert not is_new or changed.format_name == before


def test_an_offer_that_is_gone_when_the_other_side_answers_leaves_its_name(cast, agreed):
    measure = agreed.measures.first()
    course = Offer.objects.create(format=measure.format, title="Kurs 40 Stunden", link="https://kurs.example/")
    one = write(agreed, wish_of(measure, offer=course), cast.bernd)
    course.delete()

    answer(one, cast.anna)

    measure = agreed.measures.get(pk=measure.pk)
    assert (measure.offer, measure.offer_name, measure.offer_link) == (None, "Kurs 40 Stunden", "https://kurs.example/")


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_who_reports_what_the_other_has_reported_is_told_that_nothing_is_noted(client, cast, agreed, htmx):
    measure = agreed.measures.first()
    client.force_login(cast.anna)
    client.post(address("measure_state", agreed.pk, measure.pk), {"state": "done"})
    client.get(agreed.get_absolute_url())
    client.force_login(cast.bernd)

    page = client.post(
        address("measure_state", agreed.pk, measure.pk), {"state": "done"}, headers=htmx, follow=not htmx
    )

    told = tight(unescape(page.text))
    first = f"Nicht vermerkt: Dass „Maßnahme 1“ durchgeführt ist, hat Anna Ärmel schon am {TODAY:%d.%m.%Y} gemeldet."
    assert (first in told, "Maßnahme „Maßnahme 1“: durchgeführt." in told) == (True, False)
    assert Measure.objects.get(pk=measure.pk).state_by == cast.anna


def test_what_was_sent_back_is_said_of_the_version_that_it_was(client, cast, agreed, clock, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    measure = agreed.measures.first()
    one = change(agreed, measure, cast.anna, title="Anders")
    changing.send_change_back(change=one, by=cast.bernd, why="Bitte mit Datum.", read=one.stamp)
    correcting = address("change_measure", agreed.pk, measure.pk)
    pages = agreed.get_absolute_url(), address("pdf", agreed.pk), correcting
    client.force_login(cast.anna)

    def said():
        earlier = f"Eine frühere Fassung, zurückgegeben von {cast.bernd}:"
        return [earlier in tight(unescape(client.get(page).text)) for page in pages]

    before = said()
    clock.shift(60)
    write(agreed, wish_of(agreed.measures.first(), title="Anderes"), cast.anna, corrects=one)

    assert (before, said()) == ([False, False, False], [True, True, True])


def test_what_was_changed_before_it_was_agreed_anew_is_not_said_of_it(client, cast, agreed, clock, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    answer(change(agreed, agreed.measures.first(), cast.anna, title="Bei der vhs"), cast.bernd)
    answer(write(agreed, steps.reopening(agreed), cast.anna), cast.bernd)
    clock.shift(timedelta(days=3))
    for by in (cast.anna, cast.bernd):
        agreed.refresh_from_db()
        agreeing.agree_plan(plan=agreed, by=by, read=agreed.stamp)

    def days():
        found = []
        for who in (cast.anna, cast.paula):
            plan = LearningPlan.objects.get(pk=agreed.pk)
            found.append(contents_for(plan, of_a_session(who)).changed_on)
        return found

    anew = days()
    answer(change(agreed, agreed.measures.first(), cast.anna, title="Im Haus"), cast.bernd)

    assert (anew, days()) == ([None, None], [in_days(3), in_days(3)])


def test_nothing_is_said_to_hold_still_that_is_another_since(client, cast, agreed, monkeypatch):
    """What became of the plan later stands under its own day, and in the draft that both have agreed to anew nowhere."""
    monkeypatch.setattr("learningplans.pdf.render_pdf", as_text)
    one = change(agreed, agreed.measures.first(), cast.anna, title="Bei der vhs")
    answer(one, cast.bernd)
    answer(change(agreed, agreed.measures.first(), cast.anna, title="Im Haus"), cast.bernd)
    client.force_login(cast.anna)

    for page in (agreed.get_absolute_url(), address("pdf", agreed.pk), address("plan_change", agreed.pk, one.pk)):
        told = tight(client.get(page).text)
        assert ("gilt seit" in told, "jetzt Bei der vhs" in told, '"Jetzt"' in told) == (False, False, False)
        assert f"geworden am {TODAY.day}" in told or f"geworden am {TODAY:%d.%m.%Y}" in told
