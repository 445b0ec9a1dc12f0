"""What grows with an administration is added in one place; everything else follows, and what has begun stays as it was."""

import json
import re
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from assessments.answering import paper_entry, saving
from assessments.changes.deciding import decide
from assessments.changes.target_changes import pending_for
from assessments.rounds.late_entry import begin_admitting
from assessments.talk import recording
from kompetenz.catalogue.built_in import load_missing
from kompetenz.catalogue.models import Competency
from learningplans.drafting.drawing_up import draw_up_plan
from roles.models import Requirement, RoleHolding, RoleProfile
from tests.catalogue import COMPETENCIES, LEVELS
from tests.clock import TODAY
from tests.conftest import Stage
from tests.pdf_ua import problems


@pytest.fixture
def read(as_):
    """``read(who, name, *args)`` is the page as text."""

    def page(who, name, *args):
        response = as_(who).get(reverse(name, args=args))
        assert response.status_code == 200
        return unescape(response.text)

    return page


def test_a_sixth_role_profile_is_a_row_of_the_fixtures(as_, cast, read, fixtures):
    fixtures.add("roles", "roles.roleprofile", key="ki", name="KI-Koordination", is_builtin=True, tasks="Planen")
    fixtures.add("roles", "roles.requirement", profile=["ki"], competency=["daten"], level=3, ground="named")

    load_missing()

    profile = RoleProfile.objects.get(key="ki")
    assert "KI-Koordination" in read(cast.anna, "roles:list")
    assert "Experte (3)" in read(cast.bernd, "roles:detail", profile.pk)
    assert "KI-Koordination" in read(cast.paula, "roles:person", cast.fremd.pk)


NEW = "Umgang mit künstlicher Intelligenz"


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def outputs(read, as_, stage):
    """Every page and print about anna's part in a round."""
    own, participation = stage.own.pk, stage.participation.pk
    pages = {
        "form": read(stage.cast.anna, "assessments:assessment", own),
        "check": read(stage.cast.anna, "assessments:check", own),
    }
    stage.release_both(1, 2)
    pages["comparison"] = read(stage.cast.anna, "assessments:participation", participation)
    stage.record()
    pages["record"] = read(stage.cast.bernd, "assessments:talk", participation)
    client = as_(stage.cast.anna)
    for name in ("participation_pdf", "form_pdf"):
        pdf = client.get(reverse(f"assessments:{name}", args=[participation])).content
        assert problems(pdf) == []
        pages[name] = text_of(pdf).replace("- ", "")  # a long name is broken over two lines
    return pages


def test_a_competency_in_the_middle_of_a_category_is_rows_of_the_fixtures(as_, cast, read, fixtures):
    older = Stage(cast)
    fixtures.insert_competency("ki", after="projektmanagement")

    load_missing()
    newer = Stage(cast, title="Nächste Runde")
    new = Competency.objects.get(key="ki")

    assert (len(older.competencies), len(newer.competencies)) == (COMPETENCIES, COMPETENCIES + 1)
    assert newer.round.catalogue.by_id[new.pk].number == 9
    assert f"9 {NEW}</h3>" in read(cast.anna, "catalogue:list")
    assert f"9 {NEW}" in read(cast.bernd, "roles:detail", newer.participation.profile_id)
    told = {stage: outputs(read, as_, stage) for stage in (older, newer)}
    assert {page: NEW in text for page, text in told[older].items()} == dict.fromkeys(told[older], False)
    assert {page: NEW in text for page, text in told[newer].items()} == dict.fromkeys(told[newer], True)
    assert told[newer]["form"].count("<fieldset") == COMPETENCIES + 1
    assert told[older]["form"].count("<fieldset") == COMPETENCIES
    assert len(newer.participation.talk.levels()) == COMPETENCIES + 1


def admitted_late(stage):
    """The Soll of somebody who comes into a round after it has begun, as ``{competency id: level}``."""
    fremd = stage.cast.fremd
    fremd.manager = stage.cast.bernd
    fremd.save()
    RoleHolding.objects.create(person=fremd, profile=stage.participation.profile, since=TODAY)
    begin_admitting(round_=stage.round, people=[fremd])
    participation = stage.round.participations.get(person=fremd)
    return dict(participation.targets.values_list("competency", "level"))


def test_who_comes_late_gets_the_competencies_of_the_round(cast, fixtures):
    older = Stage(cast)
    fixtures.insert_competency("ki", after="projektmanagement")
    load_missing()

    assert admitted_late(older).keys() == older.round.catalogue.by_id.keys()


@pytest.fixture
def rounds(cast, fixtures):
    """A round with the scale of today, and one that was opened when there was a level more."""
    older = Stage(cast)
    fixtures.add_level(HIGHER)
    load_missing()
    return older, Stage(cast, title="Nächste Runde")


HIGHER = "Meister"
TOP = LEVELS  # its value
LEVEL_NAMES = ["keine", "Kenner", "Könner", "Experte"]


def test_a_fourth_level_is_a_row_and_its_anchors(as_, cast, read, rounds):
    older, newer = rounds

    assert (older.round.catalogue.highest, newer.round.catalogue.highest) == (TOP - 1, TOP)
    assert f"{HIGHER} ({TOP})" in read(cast.anna, "catalogue:list")
    told = {stage: outputs(read, as_, stage) for stage in rounds}
    assert {page for page, text in told[older].items() if HIGHER in text} == set()
    assert {page for page, text in told[newer].items() if HIGHER in text} >= {
        "form",
        "comparison",
        "record",
        "form_pdf",
    }
    assert told[older]["form"].count('type="radio"') == COMPETENCIES * LEVELS
    assert told[newer]["form"].count('type="radio"') == COMPETENCIES * (LEVELS + 1)


def rings(page):
    """The rings of the wheel on a page, by the words for each level."""
    (figure,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(figure)["layout"]["meta"]["words"][1:]


def test_the_wheel_has_a_ring_for_each_level_of_its_round(read, rounds):
    found = [rings(read(stage.cast.anna, "assessments:assessment", stage.own.pk)) for stage in rounds]

    assert found == [
        ["Kenner (1)", "Könner (2)", "Experte (3)"],
        ["Kenner (1)", "Könner (2)", "Experte (3)", "Meister (4)"],
    ]


def test_a_level_is_rated_agreed_and_aimed_at_where_the_round_has_it(as_, cast, read, rounds):
    _, newer = rounds
    first, second = newer.competencies[:2]

    rated = as_(cast.anna).post(
        reverse("assessments:rate", args=[newer.own.pk, first.id]),
        {f"level-{first.id}": str(TOP)},
        headers={"HX-Request": "true"},
    )
    newer.release_both(TOP - 1, TOP).talk(TOP - 1)
    talk = reverse("assessments:talk", args=[newer.participation.pk])
    as_(cast.bernd).post(talk, {f"agreed-{first.id}": str(TOP), f"agreed-was-{first.id}": str(TOP - 1)})
    recording.record_talk(talk=newer.participation.talk, by=newer.cast.bernd)
    newer.confirm()
    plan = draw_up_plan(participation=newer.participation)
    choice = {f"ziel-{one.id}": "on" for one in (first, second)}
    levels = {f"stufe-{one.id}": str(TOP) for one in newer.competencies}
    as_(cast.anna).post(reverse("learningplans:choose_goals", args=[plan.pk]), choice | levels)

    assert json.loads(rated.headers["HX-Trigger"])["wheel:level"]["level"] == TOP
    assert newer.participation.talk.levels()[first.id] == TOP
    assert [(goal.from_level, goal.to_level, goal.aim) for goal in plan.goals.all()] == [
        (TOP, TOP, "refresh"),
        (TOP - 1, TOP, "raise"),
    ]
    assert f"von Experte bis {HIGHER}" in read(cast.anna, "learningplans:detail", plan.pk)
    goal = plan.goals.last()
    assert second.anchors[TOP - 1] in read(cast.anna, "learningplans:goal", plan.pk, goal.pk)
    pdf = as_(cast.anna).get(reverse("learningplans:pdf", args=[plan.pk])).content
    assert (problems(pdf), f"{HIGHER} auffrischen" in text_of(pdf)) == ([], True)
    assert HIGHER in read(cast.anna, "learningplans:growth")


def test_a_level_outside_the_scale_of_the_round_is_refused_wherever_it_is_sent(as_, cast, rounds):
    older, _ = rounds
    first = older.competencies[0]
    target = older.participation.targets.get(competency=first.id).level
    anna, bernd = reverse("assessments:assessment", args=[older.own.pk]), cast.bernd

    one = as_(cast.anna).post(
        reverse("assessments:rate", args=[older.own.pk, first.id]), {f"level-{first.id}": str(TOP)},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    whole = as_(cast.anna).post(anna, {f"level-{first.id}": str(TOP)})
    targets = as_(bernd).post(
        reverse("assessments:targets", args=[older.participation.pk]),
        {f"level-{first.id}": str(TOP), f"reason-{first.id}": "Weil."},
    )
    paper = as_(cast.paula).post(
        reverse("assessments:enter_from_paper", args=[older.participation.pk]),
        {f"level-{one.id}": str(TOP) for one in older.competencies},
    )
    with pytest.raises(saving.NotAnAnswer):
        saving.save_answers(pk=older.own.pk, by=cast.anna, levels={first.id: TOP})
    with pytest.raises(saving.NotAnAnswer):
        paper_entry.enter(participation=older.participation, by=cast.paula, levels=older.levels(TOP))
    nothing = older.own.levels()
    older.release_both(1, 2).talk(1)
    as_(bernd).post(reverse("assessments:talk", args=[older.participation.pk]), {f"agreed-{first.id}": str(TOP)})
    with pytest.raises(ValueError, match="no such level"):
        recording.agree_levels(talk=older.participation.talk, levels={first.id: TOP}, reasons={})

    assert (one.status_code, whole.status_code, nothing) == (400, 302, {})
    assert f"level-{first.id}" in targets.context["form"].errors
    assert older.participation.targets.get(competency=first.id).level == target
    assert len(paper.context["missing"]) == COMPETENCIES
    assert older.participation.talk.levels()[first.id] == 1


def test_what_a_role_asks_above_the_scale_of_a_round_counts_as_its_highest_level(cast, rounds):
    older, newer = rounds
    first = older.competencies[0]
    before = older.participation.targets.get(competency=first.id).level
    Requirement.objects.filter(profile=older.participation.profile, competency=first.id).update(level=TOP)

    changes = {stage: pending_for(stage.participation).changes for stage in rounds}

    assert [(change.old_name, change.new_name) for change in changes[newer]] == [(LEVEL_NAMES[before], HIGHER)]
    assert [(change.old_name, change.new_name) for change in changes[older]] == [(LEVEL_NAMES[before], "Experte")]
    decide(participations=[older.participation], take_over=True, by=cast.paula)
    assert older.participation.targets.get(competency=first.id).level == TOP - 1
    assert pending_for(older.participation) is None
    assert admitted_late(older)[first.id] == TOP - 1
