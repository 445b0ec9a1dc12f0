"""Names and units in rounds: those of today while they run, a corrected first name for ever."""

import pytest
from django.urls import reverse

from assessments.changes.handing_over import hand_over
from assessments.models import HandOver, Participation, PlanProgress
from assessments.rounds.closing import close_round
from kompetenz.people.models import NameChange, Person
from kompetenz.people.renaming import note_changes
from learningplans.drafting.drawing_up import draw_up_plan
from learningplans.following import changing, steps
from learningplans.models import LearningPlan, Measure, PlanChange
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY
from tests.conftest import Stage
from tests.kompetenz.people.staff.test_taking_over import UNITS, take
from tests.learningplans.making import participation_of, plan_of
from tests.pdf_text import text_of


def rename(person, **names):
    """As every way of writing a person does it."""
    before = Person.objects.get(pk=person.pk)
    now = Person.objects.get(pk=person.pk)
    for field, value in names.items():
        setattr(now, field, value)
    now.save()
    note_changes([(before, now)])


def names(stage):
    row = Participation.objects.get(pk=stage.participation.pk)
    return row.person_name, row.sort_key, row.manager_name


def sent_by(person, **changed):
    """The person form of HR with everything as it is, but for what is ``changed``."""
    fields = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "personnel_number": person.personnel_number or "",
        "unit": str(person.unit or ""),
        "manager": person.manager.personnel_number if person.manager else "",
    }
    return fields | changed


def test_a_running_round_bears_the_name_of_today(stage):
    rename(stage.cast.anna, first_name="Arno", last_name="Ärmel-Zabel")
    rename(stage.cast.bernd, last_name="Neu")

    assert names(stage) == ("Arno Ärmel-Zabel", "armel-zabel, arno", "Bernd Neu")


def test_a_round_that_has_ended_keeps_the_family_name_and_takes_the_first_name(stage):
    close_round(round_=stage.round)

    rename(stage.cast.anna, first_name="Arno", last_name="Zabel")
    rename(stage.cast.anna, first_name="Aron")
    rename(stage.cast.bernd, first_name="Berta", last_name="Neu")

    assert names(stage) == ("Aron Ärmel", "armel, aron", "Berta Şahin-Žižek")


def test_a_plan_that_goes_on_after_its_round_bears_the_name_of_today(stage):
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=PlanProgress.AGREED)
    close_round(round_=stage.round)

    rename(stage.cast.anna, last_name="Zabel")

    assert names(stage)[:2] == ("Anna Zabel", "zabel, anna")


def test_a_first_name_that_begins_like_another_is_not_torn_apart(stage):
    close_round(round_=stage.round)
    Participation.objects.filter(pk=stage.participation.pk).update(person_name="Annabell Ärmel")

    rename(stage.cast.anna, first_name="Arno")

    assert names(stage)[0] == "Annabell Ärmel"


def test_namesakes_keep_their_names(stage):
    rename(stage.cast.dora, first_name="Anna", last_name="Ärmel")
    rename(stage.cast.dora, last_name="Zabel")

    assert names(stage)[0] == "Anna Ärmel"


def test_hand_overs_name_people_as_their_participation_does(cast, stage):
    cast.anna.manager = cast.clara
    cast.anna.save()
    hand_over(participations=[stage.participation], by=cast.paula)

    rename(cast.bernd, last_name="Neu")
    close_round(round_=stage.round)
    rename(cast.clara, first_name="Carl", last_name="Chef")

    assert list(HandOver.objects.values_list("from_name", "to_name")) == [("Bernd Neu", "Carl Chefin")]


def test_hr_changes_a_name_and_search_team_and_paper_know_it_at_once(as_, stage):
    cast = stage.release_both().record().cast
    client = as_(cast.paula)

    client.post(reverse("people:edit", args=[cast.anna.pk]), sent_by(cast.anna, last_name="Zabel"))

    monitor = client.get(stage.round.get_absolute_url(), {"suche": "zabel"}).text
    person = client.get(reverse("people:edit", args=[cast.anna.pk])).text
    team = as_(cast.bernd).get(reverse("assessments:team")).text
    paper = text_of(client.get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content)
    assert ("Anna Zabel" in monitor, "Anna Zabel" in team, "Anna Ärmel" in team) == (True, True, False)
    assert "Unterschrift: Anna Zabel" in " ".join(paper.split())
    assert "Anna Ärmel, seither Anna Zabel" in person
    assert list(NameChange.objects.values_list("person", "from_name", "to_name", "on")) == [
        (cast.anna.pk, "Anna Ärmel", "Anna Zabel", TODAY)
    ]


def test_the_technical_administration_changes_a_name_like_everybody_else(client, stage):
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    client.force_login(root)
    anna = stage.cast.anna

    client.post(
        reverse("admin:people_person_change", args=[anna.pk]),
        sent_by(anna, last_name="Zabel", manager=anna.manager_id, unit=anna.unit_id, is_active="on", wants_mail="on"),
    )

    assert names(stage)[0] == "Anna Zabel"
    assert NameChange.objects.get().from_name == "Anna Ärmel"


def test_a_staff_list_changes_names_and_units_of_running_rounds(stage):
    take(
        ["0003", "Zabel", "Anna", "20", "Kämmerei", "10"],
        ["0004", "Özgür", "Dora", "10.1", "Digitales", "10"],
        header=UNITS,
    )

    rows = stage.round.participations.values_list("person_name", "unit__number", "unit_name")
    assert set(rows) == {("Anna Zabel", "20", "20 Kämmerei"), ("Dora Özgür", "10.1", "10.1 Digitales")}
    assert NameChange.objects.get().to_name == "Anna Zabel"


def test_a_unit_that_moves_or_is_renamed_reaches_running_rounds_and_no_others(as_, stage):
    cast = stage.cast
    ended = Stage(cast, title="Vorjahr")
    close_round(round_=ended.round)
    client = as_(cast.paula)

    client.post(reverse("people:edit", args=[cast.anna.pk]), sent_by(cast.anna, unit=str(cast.clara.unit)))
    client.post(
        reverse("people:unit_edit", args=[cast.clara.unit_id]),
        {"number": "10", "name": "Zentrale Dienste", "parent": ""},
    )

    rows = {row.round_id: (row.unit_id, row.unit_name) for row in Participation.objects.filter(person=cast.anna)}
    assert rows == {
        stage.round.pk: (cast.clara.unit_id, "10 Zentrale Dienste"),
        ended.round.pk: (cast.anna.unit_id, "10.1 Digitalisierung"),
    }


def test_a_form_saved_unchanged_notes_nothing(as_, stage):
    as_(stage.cast.paula).post(reverse("people:edit", args=[stage.cast.anna.pk]), sent_by(stage.cast.anna))

    assert not NameChange.objects.exists()


@pytest.mark.parametrize("more", [0, 20])
def test_following_costs_the_same_for_two_and_for_many(cast, more, django_assert_num_queries):
    many(cast, more)
    Stage(cast)
    before = Person.objects.get(pk=cast.bernd.pk)
    cast.bernd.last_name = "Neu"
    cast.bernd.save()

    # the record; participations and their names; hand-overs; in learning plans names borne before, measures, goals, changes
    with django_assert_num_queries(8):
        note_changes([(before, cast.bernd)])

    assert set(Participation.objects.values_list("manager_name", flat=True)) == {"Bernd Neu"}


def test_a_plan_that_is_drawn_up_after_the_round_bears_the_names_of_today(stage):
    stage.release_both().record().confirm()
    handed = HandOver.objects.create(
        participation=stage.participation, from_person=stage.cast.clara, from_name="Clara Chefin",
        to_person=stage.cast.bernd, to_name=str(stage.cast.bernd),
    )  # fmt: skip
    close_round(round_=stage.round)
    rename(stage.cast.anna, last_name="Neumann")
    rename(stage.cast.bernd, last_name="Neu")
    before = names(stage)

    draw_up_plan(participation=stage._again().participation)

    assert before == ("Anna Ärmel", "armel, anna", "Bernd Şahin-Žižek")
    handed.refresh_from_db()
    assert names(stage) == ("Anna Neumann", "neumann, anna", "Bernd Neu")
    assert (handed.from_name, handed.to_name) == ("Clara Chefin", "Bernd Neu")


# In learning plans ---------------------------------------------------------------------------------------------------


def named_in(plan):
    measure, goal = plan.measures.first(), plan.goals.first()
    return measure.responsible, measure.mentor, goal.seen_by


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("agreed", ("Arno Zabel", "Bernd Neu", "Bernd Neu")),
        ("completed", ("Arno Ärmel", "Bernd Şahin-Žižek", "Bernd Şahin-Žižek")),
    ],
)
def test_who_is_named_in_a_plan_is_called_there_as_elsewhere(cast, state, expected):
    plan = plan_of(participation_of(cast.anna), state=state)
    plan.measures.update(responsible=str(cast.anna), mentor=str(cast.bernd))
    plan.goals.update(seen_by=str(cast.bernd))

    rename(cast.anna, last_name="Zabel")
    rename(cast.anna, first_name="Arno")
    rename(cast.bernd, last_name="Neu")

    assert named_in(plan) == expected


def test_nobody_else_is_called_otherwise_in_a_plan(cast):
    plan = plan_of(participation_of(cast.anna), state="agreed")
    plan.measures.update(responsible="Anna Ärmel-Groß", mentor=str(cast.fremd))
    plan.goals.update(seen_by="Anna Ärmel und Bernd")

    rename(cast.anna, first_name="Arno")
    rename(cast.fremd, first_name="Fridolin")

    assert named_in(plan) == ("Anna Ärmel-Groß", "Frieda Fremd", "Anna Ärmel und Bernd")


def test_a_change_that_waits_bears_the_name_of_today_and_still_fits(cast):
    plan = plan_of(participation_of(cast.anna), state="agreed")
    measure = plan.measures.first()
    stored = Measure.objects.get(pk=measure.pk)
    measure.responsible, stored.responsible = "Jemand", str(cast.anna)
    stored.save()
    wish = steps.of_measure(stored, measure, measure.goals.all())
    read = LearningPlan.objects.get(pk=plan.pk).stamp
    change = changing.write_change(plan=plan, wish=wish, by=cast.bernd, reason="So ist es.", read=read)

    rename(cast.anna, last_name="Zabel")
    change = PlanChange.objects.get(pk=change.pk)
    changing.answer_change(change=change, by=cast.anna, answer="noted", statement="", read=change.stamp)

    assert [(line["before"], line["after"]) for line in change.lines] == [("Anna Zabel", "Jemand")]
    assert Measure.objects.get(pk=measure.pk).responsible == "Jemand"
