"""Another manager in a running round: what stays, what is set aside, and who reads what from which moment on."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.answering import saving
from assessments.changes.declining import decline
from assessments.changes.handing_over import hand_over, released_by
from assessments.models import Assessment, HandOver, Participation, Progress, Rating, Round, Talk
from assessments.rounds.closing import close_round
from assessments.talk import recording
from kompetenz.jobs.models import Job
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Deputy, Person
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from tests.assessments.rounds.test_opening import many
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days
from tests.conftest import Stage, of_a_session, person
from tests.kompetenz.people.test_deputies import answers_in, as_answered_to
from tests.markup import tight
from tests.test_access import STATES
from tests.thorough import thorough_but

SELF, MANAGER, FORMER = Assessment.Kind.SELF, Assessment.Kind.MANAGER, Assessment.Kind.FORMER
Participations = Participation.objects


def works_for(manager, *people):
    Person.objects.filter(pk__in=[one.pk for one in people]).update(manager=manager)


def moved(stage, to):
    """Anna works for ``to`` from now on, and HR has handed her participation over."""
    works_for(to, stage.cast.anna)
    hand_over(participations=[stage.participation], by=stage.cast.paula)
    return stage._again() if Assessment.objects.filter(pk=stage.manager.pk).exists() else stage


def sides(stage):
    """All that anna's round holds for her: (kind, rater, how many ratings, whether released)."""
    rows = stage.participation.assessments.order_by("kind", "pk").select_related("rater")
    return [(a.kind, a.rater and a.rater.first_name, a.ratings.count(), bool(a.released_at)) for a in rows]


def now(stage):
    return Participations.get(pk=stage.participation.pk)


# Who is concerned ---------------------------------------------------------------------------------


def names(rows):
    return [row.person.first_name for row in rows]


def test_nobody_is_concerned_at_the_start(stage):
    lists = [
        stage.round.participations.to_hand_over(),
        stage.round.participations.without_manager(),
        stage.round.participations.of_people_who_left(),
    ]

    assert [names(rows) for rows in lists] == [[], [], []]


def test_who_works_for_somebody_else_can_be_handed_over(stage):
    works_for(stage.cast.clara, stage.cast.anna)

    assert names(stage.round.participations.to_hand_over()) == ["Anna"]
    assert names(stage.round.participations.without_manager()) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}, {"email": None}])
@pytest.mark.parametrize("who", ["bernd", "clara"])
def test_a_manager_who_cannot_sign_in_takes_nothing_over(stage, who, change):
    works_for(getattr(stage.cast, who), stage.cast.anna, stage.cast.dora)
    Person.objects.filter(pk=getattr(stage.cast, who).pk).update(**change)

    done = hand_over(participations=Participations.all(), by=stage.cast.paula)

    assert (done, names(stage.round.participations.to_hand_over())) == ([], [])
    assert names(stage.round.participations.without_manager()) == ["Anna", "Dora"]


def test_who_has_no_manager_or_lost_them_is_found(stage):
    works_for(None, stage.cast.anna)
    stage.cast.bernd.delete()

    assert names(stage.round.participations.without_manager()) == ["Anna", "Dora"]


def test_a_participation_whose_manager_was_deleted_can_be_handed_over(stage):
    stage.cast.bernd.delete()
    works_for(stage.cast.clara, stage.cast.anna)

    hand_over(participations=stage.round.participations.to_hand_over(), by=stage.cast.paula)

    assert [str(one) for one in HandOver.objects.all()] == ["Bernd Şahin-Žižek an Clara Chefin"]
    assert now(stage).manager == stage.cast.clara


def test_who_has_left_is_a_matter_of_their_own(stage):
    works_for(stage.cast.clara, stage.cast.anna)
    Person.objects.filter(pk=stage.cast.anna.pk).update(leaving_date=TODAY - timedelta(days=1))

    assert names(stage.round.participations.to_hand_over()) == []
    assert names(stage.round.participations.of_people_who_left()) == ["Anna"]

    Participations.filter(pk=stage.participation.pk).update(paused_on=TODAY)
    assert names(stage.round.participations.of_people_who_left()) == []


# What becomes of the Fremdeinschätzung ------------------------------------------------------------


def test_an_empty_draft_changes_its_rater(stage):
    moved(stage, stage.cast.clara)

    assert sides(stage) == [(MANAGER, "Clara", 0, False), (SELF, "Anna", 0, False)]
    assert (now(stage).manager, now(stage).manager_name) == (stage.cast.clara, "Clara Chefin")
    assert now(stage).manager_state == Progress.OPEN


def test_a_begun_draft_is_set_aside_and_the_new_manager_begins_anew(stage):
    stage.answer(stage.manager)

    moved(stage, stage.cast.clara)

    assert sides(stage) == [
        (FORMER, "Bernd", COMPETENCIES, False),
        (MANAGER, "Clara", 0, False),
        (SELF, "Anna", 0, False),
    ]
    assert now(stage).manager_state == Progress.OPEN


def test_a_remark_alone_is_a_begun_draft(stage):
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, remarks={stage.competencies[0].id: "Später."})

    moved(stage, stage.cast.clara)

    assert [row[:2] for row in sides(stage)] == [(FORMER, "Bernd"), (MANAGER, "Clara"), (SELF, "Anna")]


def test_a_draft_emptied_again_is_none(stage):
    first = stage.competencies[0].id
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={first: 2})
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={first: saving.CLEARED})

    moved(stage, stage.cast.clara)

    assert sides(stage) == [(MANAGER, "Clara", 0, False), (SELF, "Anna", 0, False)]
    assert now(stage).manager_state == Progress.OPEN


def test_what_was_released_stays_with_its_rater_and_its_date(stage):
    stage.release(stage.manager)
    released_at = stage.manager.released_at

    moved(stage, stage.cast.clara)

    assert sides(stage) == [(MANAGER, "Bernd", COMPETENCIES, True), (SELF, "Anna", 0, False)]
    assert stage.manager.released_at == released_at
    assert now(stage).manager_state == Progress.RELEASED


def test_the_persons_own_answers_are_never_touched(stage):
    stage.answer(stage.own, 3).answer(stage.manager)

    moved(stage, stage.cast.clara)

    assert stage.own.levels() == stage.levels(3)
    assert now(stage).self_state == Progress.STARTED


def test_who_comes_back_goes_on_with_their_own_draft(stage):
    stage.answer(stage.manager, 3)
    moved(stage, stage.cast.clara)

    moved(stage, stage.cast.bernd)

    assert sides(stage) == [(MANAGER, "Bernd", COMPETENCIES, False), (SELF, "Anna", 0, False)]
    assert now(stage).manager_state == Progress.STARTED


def test_drafts_of_several_are_kept_apart(stage):
    """Bernd begins, clara begins, fremd takes over, clara comes back, bernd comes back."""
    cast = stage.cast
    levels = {"Bernd": 1, "Clara": 2}
    stage.answer(stage.manager, levels["Bernd"])
    moved(stage, cast.clara)
    hers = stage.participation.assessments.get(kind=MANAGER)
    saving.save_answers(pk=hers.pk, by=cast.clara, levels=stage.levels(levels["Clara"]))
    moved(stage, cast.fremd)
    assert sides(stage)[:3] == [
        (FORMER, "Bernd", COMPETENCIES, False),
        (FORMER, "Clara", COMPETENCIES, False),
        (MANAGER, "Frieda", 0, False),
    ]

    for back in (cast.clara, cast.bernd):
        moved(stage, back)
        mine = stage.participation.assessments.get(kind=MANAGER)
        assert (mine.rater, mine.levels()) == (back, stage.levels(levels[back.first_name]))
    assert sides(stage)[:2] == [(FORMER, "Clara", COMPETENCIES, False), (MANAGER, "Bernd", COMPETENCIES, False)]


def test_what_a_deputy_has_written_is_the_former_managers(stage):
    gerd = person("Gerd", "Vertreter")
    named = {"people": [stage.cast.anna], "since": TODAY, "until": TODAY, "by": stage.cast.paula}
    name_deputy(manager=stage.cast.bernd, person=gerd, **named)
    saving.save_answers(pk=stage.manager.pk, by=gerd, levels=stage.levels(1))
    saving.release(pk=stage.manager.pk, by=gerd)
    saving.take_back(pk=stage.manager.pk, by=gerd)

    moved(stage, gerd)

    assert sides(stage) == [
        (FORMER, "Bernd", COMPETENCIES, False),
        (MANAGER, "Gerd", 0, False),
        (SELF, "Anna", 0, False),
    ]


def test_a_draft_set_aside_is_deleted_when_the_round_closes(stage):
    stage.answer(stage.manager)
    moved(stage, stage.cast.clara)
    other = Stage(stage.cast, title="Andere Runde")
    other.answer(other.participation.assessments.get(kind=MANAGER))
    moved(other, stage.cast.fremd)

    close_round(round_=stage.round)

    assert [row[:2] for row in sides(stage)] == [(MANAGER, "Clara"), (SELF, "Anna")]
    assert [row[0] for row in sides(other)] == [FORMER, MANAGER, SELF]
    assert Rating.objects.count() == COMPETENCIES


def test_nothing_is_handed_over_in_a_closed_round(stage):
    works_for(stage.cast.clara, stage.cast.anna)
    close_round(round_=stage.round)

    assert hand_over(participations=[stage.participation], by=stage.cast.paula) == []
    assert now(stage).manager == stage.cast.bernd


# What is recorded ---------------------------------------------------------------------------------


def test_a_second_time_changes_nothing(stage):
    stage.answer(stage.manager)
    moved(stage, stage.cast.clara)
    before = sides(stage)

    assert hand_over(participations=[stage.participation], by=stage.cast.paula) == []
    assert (sides(stage), HandOver.objects.count()) == (before, 1)


def test_each_hand_over_is_recorded_and_shown_to_the_person(as_, stage):
    moved(stage, stage.cast.clara)

    page = as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text

    record = HandOver.objects.get()
    assert (record.from_name, record.to_name, record.by, record.on) == (
        "Bernd Şahin-Žižek",
        "Clara Chefin",
        stage.cast.paula,
        TODAY,
    )
    assert "von Bernd Şahin-Žižek an Clara Chefin übergeben." in page
    assert "aber keine früheren Runden" in page


def test_before_the_hand_over_the_person_reads_that_it_is_to_come(as_, stage):
    page = stage.participation.get_absolute_url()
    assert "hat keinen Zugang mehr" not in as_(stage.cast.anna).get(page).text

    works_for(stage.cast.clara, stage.cast.anna)

    assert "Die Personalentwicklung übergibt die Teilnahme an Clara Chefin." in as_(stage.cast.anna).get(page).text


# Talk and plan ------------------------------------------------------------------------------------


def test_a_recorded_talk_stays_with_the_name_of_who_wrote_it(as_, stage):
    stage.release_both().record()
    moved(stage, stage.cast.clara)

    page = as_(stage.cast.anna).get(reverse("assessments:talk", args=[stage.participation.pk])).text
    recording.acknowledge(talk=stage.participation.talk, by=stage.cast.anna, declined=False, statement="")

    assert stage.participation.talk.levels() == stage.levels(1)
    assert "von <strong>Bernd Şahin-Žižek</strong>" in page
    assert now(stage).talk_is_answered


def test_a_record_sent_back_is_the_new_managers_to_change(as_, stage):
    stage.release_both().record()
    recording.send_back(talk=stage.participation.talk, by=stage.cast.anna, reason="Anders.")
    moved(stage, stage.cast.clara)
    recording.agree_levels(talk=stage.participation.talk, levels={stage.competencies[0].id: 2}, reasons={})

    read = {"read": recording.stamp_of(stage.participation.talk)}
    as_(stage.cast.clara).post(reverse("assessments:talk_record", args=[stage.participation.pk]), read)

    assert Talk.objects.get(participation=stage.participation).recorded_by == stage.cast.clara


@pytest.mark.parametrize(("state", "kept"), [("draft", False), ("agreed", True)])
def test_agreeing_to_a_draft_is_not_inherited_but_an_agreed_plan_stands(stage, state, kept):
    stage.release_both().record().confirm()
    plan = drawing_up.draw_up_plan(participation=stage.participation)
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=state, agreed_by_manager_on=TODAY, agreed_by_person_on=TODAY if kept else None,
        manager_agreed_by=stage.cast.bernd, manager_agreed_for=stage.cast.fremd,
    )  # fmt: skip
    before = LearningPlan.objects.get().changed_at

    moved(stage, stage.cast.clara)

    after = LearningPlan.objects.get()
    assert (bool(after.agreed_by_manager_on), after.changed_at == before) == (kept, kept)
    assert (after.manager_agreed_by, after.manager_agreed_for) == (
        (stage.cast.bernd, stage.cast.fremd) if kept else (None, None)
    )
    signs = (str(stage.cast.bernd), f"in Vertretung für {stage.cast.fremd}")
    assert after.signs_for_the_manager == (signs if kept else None)


def test_page_talk_and_paper_say_that_the_former_manager_has_released(as_, stage):
    stage.release_both()
    moved(stage, stage.cast.clara)
    client = as_(stage.cast.clara)

    for name in ("participation", "talk"):
        page = client.get(reverse(f"assessments:{name}", args=[stage.participation.pk])).text
        assert "freigegeben von der früheren Führungskraft Bernd Şahin-Žižek" in page


@pytest.mark.parametrize(("since", "until"), [(-400, -100), (0, 9)])
def test_who_deputised_before_or_since_has_released_as_the_manager_they_were_then(as_, stage, since, until):
    stage.release_both()
    moved(stage, stage.cast.clara)
    deputised(stage.cast.clara, stage.cast.bernd, stage.cast.anna, since=in_days(since), until=in_days(until))

    page = as_(stage.cast.clara).get(stage.participation.get_absolute_url()).text

    assert "freigegeben von der früheren Führungskraft Bernd Şahin-Žižek" in page


@pytest.mark.parametrize("kept", ["yes", "for others", "no"])
def test_who_has_released_as_a_deputy_never_was_the_manager_whatever_became_of_that(as_, stage, clock, kept):
    cast = stage.cast
    deputy = deputised(cast.bernd, cast.fremd, cast.anna, since=TODAY, until=TODAY)
    stage.answer(stage.manager).release(stage.own)
    saving.release(pk=stage.manager.pk, by=of_a_session(cast.fremd))
    moved(stage, cast.clara)
    if kept == "for others":
        deputy.people.set([cast.dora])
    elif kept == "no":
        deputy.delete()

    page = tight(as_(cast.clara).get(stage.participation.get_absolute_url()).text)

    assert f"freigegeben von Frieda Fremd in Vertretung für die frühere Führungskraft {cast.bernd}" in page


def test_a_former_manager_who_releases_for_the_present_one_does_so_as_a_deputy(as_, stage, clock):
    cast = stage.cast
    moved(stage, cast.clara)
    clock.shift(timedelta(days=3))
    deputised(cast.clara, cast.bernd, cast.anna, since=in_days(3), until=in_days(3))
    bernd, side = of_a_session(cast.bernd), stage.participation.assessments.get(kind=MANAGER)
    saving.save_answers(pk=side.pk, by=bernd, levels=stage.levels(1))
    saving.release(pk=side.pk, by=bernd)
    stage.release(stage.own)

    page = as_(cast.clara).get(stage.participation.get_absolute_url()).text

    assert "freigegeben von Bernd Şahin-Žižek in Vertretung für Clara Chefin" in tight(page)


def deputised(manager, person, somebody, **days):
    deputy = Deputy.objects.create(manager=manager, person=person, **days)
    deputy.people.add(somebody)
    return deputy


def test_what_the_new_manager_has_released_needs_no_name(as_, stage):
    stage.answer(stage.manager)
    moved(stage, stage.cast.clara)
    hers = stage.participation.assessments.get(kind=MANAGER)
    saving.save_answers(pk=hers.pk, by=stage.cast.clara, levels=stage.levels(1))
    saving.release(pk=hers.pk, by=stage.cast.clara)
    stage.release(stage.own)

    assert "freigegeben von" not in as_(stage.cast.anna).get(stage.participation.get_absolute_url()).text


# Who reaches what ---------------------------------------------------------------------------------


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("state", thorough_but(STATES, "self released", "both released"))
def test_what_each_reaches_before_and_after_the_hand_over(client, cast, state):
    """But the new manager not the page of what the former one has released: they read it in the comparison.

    Of who has declined nothing is handed over.
    """
    stage = STATES[state](Stage(cast))
    before = partial(works_for, cast.clara, cast.anna)

    def after():
        before()
        hand_over(participations=[Participation.objects.get(pk=stage.participation.pk)], by=cast.paula)

    new_manager = -1 if state == "declined" else 1
    expected = as_answered_to([-1, -1, -1, new_manager, 0], state)
    if stage.manager.released_at:
        expected["assessments:assessment", "manager", "get"][3] = 404

    former, new = [(before, cast.bernd), (after, cast.bernd)], [(before, cast.clara), (after, cast.clara)]
    found = answers_in(client, stage, state, [*former, *new, (after, cast.anna)])

    assert found == expected


def test_nobody_reads_a_draft_set_aside(as_, stage):
    stage.answer(stage.manager)
    moved(stage, stage.cast.clara)
    address = reverse("assessments:assessment", args=[stage.manager.pk])

    found = [as_(who).get(address).status_code for who in vars(stage.cast).values()]

    assert found == [404] * 7


def test_the_new_manager_does_not_read_what_was_released_before_it_is_disclosed(as_, stage):
    stage.release(stage.manager, 3)
    moved(stage, stage.cast.clara)
    form = reverse("assessments:assessment", args=[stage.manager.pk])

    before = as_(stage.cast.clara).get(stage.participation.get_absolute_url()).context["comparison"].manager
    opened = as_(stage.cast.clara).get(form).status_code
    taken_back = as_(stage.cast.clara).post(reverse("assessments:take_back", args=[stage.manager.pk])).status_code
    stage.release(stage.own)
    after = as_(stage.cast.clara).get(stage.participation.get_absolute_url()).context["comparison"].manager

    assert (before, opened, taken_back) == ({}, 404, 404)
    assert after == stage.levels(3)


def test_the_new_manager_opens_and_takes_back_what_they_have_released_themselves(as_, stage):
    moved(stage, stage.cast.clara)
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.clara, levels=stage.levels(1))
    saving.release(pk=stage.manager.pk, by=stage.cast.clara)

    response = as_(stage.cast.clara).post(reverse("assessments:take_back", args=[stage.manager.pk]))

    assert response.status_code == 302
    assert Assessment.objects.get(pk=stage.manager.pk).released_at is None


def test_the_new_manager_takes_back_what_their_deputy_has_released_on_the_day_of_the_hand_over(stage):
    moved(stage, stage.cast.clara)
    frieda = stage.cast.fremd
    Deputy.objects.create(manager=stage.cast.clara, person=frieda, since=TODAY, until=TODAY).people.add(stage.cast.anna)
    saving.save_answers(pk=stage.manager.pk, by=frieda, levels=stage.levels(1))
    saving.release(pk=stage.manager.pk, by=frieda)

    saving.take_back(pk=stage.manager.pk, by=stage.cast.clara)

    assert sides(stage) == [(MANAGER, "Frieda", COMPETENCIES, False), (SELF, "Anna", 0, False)]


def test_who_released_comes_back_and_may_take_it_back(stage):
    stage.release(stage.manager)
    moved(stage, stage.cast.clara)
    moved(stage, stage.cast.bernd)
    assert Assessment.objects.get(pk=stage.manager.pk).of_former_manager

    saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)

    assert sides(stage) == [(MANAGER, "Bernd", COMPETENCIES, False), (SELF, "Anna", 0, False)]
    assert not Assessment.objects.get(pk=stage.manager.pk).of_former_manager


@pytest.fixture
def by_deputy(stage):
    """Frieda has released for Bernd."""
    deputised(stage.cast.bernd, stage.cast.fremd, stage.cast.anna, since=TODAY, until=in_days(99))
    stage.answer(stage.manager, 3)
    saving.release(pk=stage.manager.pk, by=of_a_session(stage.cast.fremd))
    return stage


def test_a_deputy_of_a_day_with_two_managers_is_said_to_have_acted_for_whom_they_did(by_deputy):
    moved(by_deputy, by_deputy.cast.clara)
    moved(by_deputy, by_deputy.cast.dora)

    told = released_by(now(by_deputy), Assessment.objects.get(pk=by_deputy.manager.pk))

    assert told == "freigegeben von Frieda Fremd in Vertretung für die frühere Führungskraft Bernd Şahin-Žižek"


def test_who_is_a_deputy_of_the_former_and_the_new_manager_does_not_take_back_what_was_for_the_former(as_, by_deputy):
    cast = by_deputy.cast
    moved(by_deputy, cast.clara)
    deputised(cast.clara, cast.fremd, cast.anna, since=TODAY, until=in_days(99))
    form, back = (reverse(f"assessments:{name}", args=[by_deputy.manager.pk]) for name in ("assessment", "take_back"))

    assert [as_(cast.fremd).get(form).status_code, as_(cast.fremd).post(back).status_code] == [404, 404]
    assert as_(cast.clara).get(form).status_code == 404
    assert sides(by_deputy)[0] == (MANAGER, "Frieda", COMPETENCIES, True)


def test_a_former_manager_takes_nothing_back_as_the_deputy_of_the_new_one(as_, stage):
    cast = stage.cast
    stage.release(stage.manager, 3)
    moved(stage, cast.clara)
    deputised(cast.clara, cast.bernd, cast.anna, since=TODAY, until=in_days(99))

    assert as_(cast.bernd).post(reverse("assessments:take_back", args=[stage.manager.pk])).status_code == 404
    assert sides(stage)[0] == (MANAGER, "Bernd", COMPETENCIES, True)


def test_what_a_deputy_has_released_is_the_managers_again_when_they_come_back(as_, by_deputy, clock):
    cast, form = by_deputy.cast, by_deputy.manager.get_absolute_url()
    for to in (cast.clara, cast.bernd):
        clock.shift(timedelta(days=2))
        moved(by_deputy, to)

    told = released_by(now(by_deputy), Assessment.objects.get(pk=by_deputy.manager.pk))
    opened = as_(cast.bernd).get(form).status_code
    saving.take_back(pk=by_deputy.manager.pk, by=of_a_session(cast.bernd))

    assert (told, opened) == ("freigegeben von Frieda Fremd in Vertretung für Bernd Şahin-Žižek", 200)
    assert Assessment.objects.get(pk=by_deputy.manager.pk).released_for is None


def test_whoever_deputised_and_leads_the_person_since_has_released_for_the_former_manager(by_deputy):
    moved(by_deputy, by_deputy.cast.fremd)

    told = released_by(now(by_deputy), Assessment.objects.get(pk=by_deputy.manager.pk))

    assert told == "freigegeben von Frieda Fremd in Vertretung für die frühere Führungskraft Bernd Şahin-Žižek"


def test_the_new_manager_leads_the_talk(as_, stage):
    stage.release_both()
    moved(stage, stage.cast.clara)

    page = as_(stage.cast.clara).get(stage.participation.get_absolute_url()).text
    begun = as_(stage.cast.clara).post(reverse("assessments:talk", args=[stage.participation.pk]))

    assert "Zum Gespräch" in page
    assert begun.status_code == 302
    assert now(stage).talk


def test_older_rounds_stay_closed_to_the_new_manager(as_, cast):
    old = Stage(cast, title="Alte Runde").release_both().record()
    close_round(round_=old.round)
    moved(Stage(cast, title="Neue Runde"), cast.clara)

    assert as_(cast.clara).get(old.participation.get_absolute_url()).status_code == 404


def test_a_form_left_open_by_the_former_manager_saves_nothing(as_, stage):
    client = as_(stage.cast.bernd)
    competency = stage.competencies[0].id
    moved(stage, stage.cast.clara)

    response = client.post(
        reverse("assessments:rate", args=[stage.manager.pk, competency]),
        {f"level-{competency}": "3"},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 404
    assert Rating.objects.count() == 0


# The page -----------------------------------------------------------------------------------------


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def changes(stage, **query):
    return reverse("assessments:round_changes", args=[stage.round.pk], query=query)


def test_the_page_begins_with_what_there_is_to_do(hr, stage):
    assert hr.get(changes(stage)).context["shown"].word == "fuehrungskraft"

    works_for(None, stage.cast.anna)

    assert hr.get(changes(stage)).context["shown"].word == "ohne-fuehrungskraft"
    assert hr.get(changes(stage, art="unsinn")).context["shown"].word == "ohne-fuehrungskraft"
    assert hr.get(changes(stage, art="ausgeschieden")).context["shown"].word == "ausgeschieden"


@pytest.mark.parametrize(
    ("word", "empty"),
    [
        ("fuehrungskraft", "Alle haben noch die Führungskraft"),
        ("ohne-fuehrungskraft", "Alle haben eine Führungskraft, die sich anmelden kann."),
        ("rolle", "Alle haben noch die Rolle"),
        ("profil", "Die Rollenprofile verlangen dasselbe"),
        ("ausgeschieden", "ist ausgeschieden"),
    ],
)
def test_an_empty_list_says_so(hr, stage, word, empty):
    assert empty in hr.get(changes(stage, art=word)).text


def post(client, stage, **sent):
    return client.post(reverse("assessments:round_hand_over", args=[stage.round.pk]), sent, follow=True).text


def test_hr_hands_over_whom_they_choose(hr, stage):
    works_for(stage.cast.clara, stage.cast.anna, stage.cast.dora)
    shown = hr.get(changes(stage)).text

    page = post(hr, stage, auswahl=f"{stage.participation.pk}-{stage.cast.clara.pk}")

    assert '<span>Anna Ärmel<br><span class="muted">0003 · 10.1 Digitalisierung</span></span></label>' in tight(shown)
    assert "Eine Person ist übergeben." in page
    assert list(HandOver.objects.values_list("participation", flat=True)) == [stage.participation.pk]


def test_nobody_chosen_is_said(hr, stage):
    works_for(stage.cast.clara, stage.cast.anna)

    assert "Bitte wählen Sie mindestens eine Person aus." in post(hr, stage)
    assert HandOver.objects.count() == 0


def test_somebody_is_given_to_none_but_whom_the_page_showed(hr, stage):
    works_for(stage.cast.clara, stage.cast.anna)
    seen = f"{stage.participation.pk}-{stage.cast.clara.pk}"
    works_for(stage.cast.fremd, stage.cast.anna)

    assert "1 nicht übergeben" in post(hr, stage, auswahl=seen)
    assert HandOver.objects.count() == 0


def test_sent_again_from_another_tab_it_is_done_once(hr, stage):
    works_for(stage.cast.clara, stage.cast.anna)
    seen = f"{stage.participation.pk}-{stage.cast.clara.pk}"

    post(hr, stage, auswahl=seen)

    assert "1 nicht übergeben" in post(hr, stage, auswahl=seen)
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize("nonsense", ["", "x", "1", "-", "999999-1", "1-2-3"])
def test_nonsense_hands_nobody_over(hr, stage, nonsense):
    works_for(stage.cast.clara, stage.cast.anna)

    post(hr, stage, auswahl=nonsense)

    assert HandOver.objects.count() == 0


def test_of_another_round_nobody_is_handed_over(hr, cast):
    one, other = Stage(cast), Stage(cast, title="Andere Runde")
    works_for(cast.clara, cast.anna)

    post(hr, one, auswahl=f"{other.participation.pk}-{cast.clara.pk}")

    assert HandOver.objects.count() == 0


def test_many_are_handed_over_at_once_if_they_are_those_that_were_shown(hr, cast, run_jobs):
    many(cast, 60)
    stage = Stage(cast)
    everybody = list(Person.objects.filter(manager=cast.bernd))
    works_for(cast.clara, *everybody)
    shown = hr.get(changes(stage))

    works_for(cast.bernd, cast.dora)
    refused = post(hr, stage, alle=shown.context["all_read"])
    none = HandOver.objects.count()
    again = hr.get(changes(stage))
    post(hr, stage, alle=again.context["all_read"])
    run_jobs()
    done = hr.get(Job.objects.get().get_absolute_url()).text

    assert "Alle 62 übergeben" in shown.text
    assert ("Inzwischen hat sich etwas geändert." in refused, none) == (True, 0)
    assert "61 Personen sind übergeben." in done
    assert HandOver.objects.count() == 61


def test_the_other_lists_lead_to_where_it_is_mended(hr, stage):
    works_for(None, stage.cast.anna)
    Person.objects.filter(pk=stage.cast.dora.pk).update(is_active=False)

    without = hr.get(changes(stage, art="ohne-fuehrungskraft")).text
    left = hr.get(changes(stage, art="ausgeschieden")).text

    assert reverse("people:edit", args=[stage.cast.anna.pk]) in without
    assert (
        f"{stage.round.get_absolute_url()}?suche={stage.cast.dora.personnel_number or 'Dora%20%C3%96zg%C3%BCr'}" in left
    )


def test_the_monitor_leads_here(hr, stage):
    assert changes(stage) in hr.get(stage.round.get_absolute_url()).text


@pytest.mark.parametrize("more", [0, 45])
@pytest.mark.parametrize("word", ["fuehrungskraft", "ohne-fuehrungskraft", "ausgeschieden"])
def test_changes_query_count(hr, cast, more, word, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)
    people = Person.objects.filter(manager=cast.bernd)
    change = {
        "fuehrungskraft": {"manager": cast.clara},
        "ohne-fuehrungskraft": {"manager": None},
        "ausgeschieden": {"is_active": False},
    }
    people.update(**change[word])

    # session, user, round, what is hidden; four counts, what the profiles ask, whether that is known of all, other roles; the
    # page (the catalogue is read once per process); for hand-overs whom the reader deputises for, and who goes to whom; of
    # those without manager why
    with django_assert_num_queries({"fuehrungskraft": 14, "ohne-fuehrungskraft": 13}.get(word, 12)):
        page = hr.get(changes(stage, art=word)).text

    assert page.count('scope="row"') == 2 + more


def queries_to_hand_over(stage):
    """How many it takes where everybody's manager had begun a draft."""
    rows = list(Participations.filter(round=stage.round))
    for row in rows:
        draft = row.assessments.get(kind=MANAGER)
        saving.save_answers(pk=draft.pk, by=stage.cast.bernd, levels={stage.competencies[0].id: 1})
    Person.objects.filter(manager=stage.cast.bernd).update(manager=stage.cast.clara)
    with CaptureQueriesContext(connection) as queries:
        done = hand_over(participations=rows, by=stage.cast.paula)
    assert len(done) == len(rows)
    Person.objects.filter(manager=stage.cast.clara).exclude(pk=stage.cast.bernd.pk).update(manager=stage.cast.bernd)
    return len(rows), len(queries)


def test_handing_over_costs_the_same_for_two_and_for_many(cast):
    few = queries_to_hand_over(Stage(cast))
    many(cast, 45)

    more = queries_to_hand_over(Stage(cast, title="Andere Runde"))

    assert (few[0], more[0]) == (2, 47)
    assert few[1] == more[1]


def test_of_who_has_declined_nothing_is_handed_over(stage):
    """Between the list and the click: nobody is told that they go on together."""
    Round.objects.update(is_voluntary=True)
    works_for(stage.cast.clara, stage.cast.anna)
    decline(participation=stage.participation)

    done = hand_over(participations=[stage.participation], by=stage.cast.paula)

    assert (done, HandOver.objects.count()) == ([], 0)


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("known", ["recorded", "day noted", "another day noted", "nothing"])
def test_a_former_managers_talk_is_theirs_only_by_what_they_have_noted(stage, clock, known, days):
    """Whoever takes over may write down any day: that is not the former one's word."""
    stage.release_both()
    if known != "nothing":
        stage.talk()
    if known == "recorded":
        recording.record_talk(talk=stage.participation.talk, by=stage.cast.bernd)
    clock.shift(timedelta(days=days))
    works_for(stage.cast.clara, stage.cast.anna)
    hand_over(participations=[stage.participation], by=stage.cast.paula)
    talk = recording.begin_talk(participation=stage._again().participation, by=stage.cast.clara)
    if known not in ("recorded", "day noted"):
        held_on = TODAY - timedelta(days=1) if known == "another day noted" else TODAY
        recording.note_frame(talk=talk, by=stage.cast.clara, held_on=held_on)
    in_the_making = stage._again().participation.talk.held_by
    if known != "recorded":
        recording.agree_levels(talk=talk, levels=stage.levels(1), reasons={}, by=stage.cast.clara)
        recording.record_talk(talk=talk, by=stage.cast.clara)

    name = "Bernd Şahin-Žižek" if known in ("recorded", "day noted") else "Führungskraft"
    assert [in_the_making, stage._again().participation.talk.held_by] == [name, name]
