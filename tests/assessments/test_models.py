"""Who may read, change and take back what: asked of the querysets, with data that could leak."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Assessment,
    Participation,
    Progress,
    Rating,
    Remark,
    Round,
    StockTaking,
    Talk,
    TalkProgress,
    Target,
)
from assessments.models.participation_querysets import can_take_over, people_whom_nobody_leads
from assessments.peers import asking
from assessments.rounds.closing import close_round
from assessments.rounds.progress import counted
from kompetenz.people.models import Person
from tests.clock import TODAY, in_days
from tests.conftest import Stage, plan_round

WHO = ["anna", "bernd", "clara", "dora", "paula", "audit", "fremd"]
OWN, MANAGER = Assessment.Kind.SELF, Assessment.Kind.MANAGER
NOTHING, BOTH = frozenset(), {OWN, MANAGER}

STATES = {
    "drafts": lambda stage: stage.answer(stage.own, 1).answer(stage.manager, 2),
    "self released": lambda stage: stage.answer(stage.manager, 2).release(stage.own, 1),
    "manager released": lambda stage: stage.answer(stage.own, 1).release(stage.manager, 2),
    "both released": lambda stage: stage.release_both(),
    "talk begun": lambda stage: stage.release_both().talk(),
    "recorded": lambda stage: stage.release_both().record(),
}

# What (anna, bernd, paula as HR of a round that shows levels to HR) read of anna's two assessments.
READ = {
    "both": {
        "drafts": ({OWN}, {MANAGER}, NOTHING),
        "self released": ({OWN}, {MANAGER}, NOTHING),
        "manager released": ({OWN}, {MANAGER}, NOTHING),
        "both released": (BOTH, BOTH, BOTH),
        "talk begun": (BOTH, BOTH, BOTH),
        "recorded": (BOTH, BOTH, BOTH),
    },
    "each": {
        "drafts": ({OWN}, {MANAGER}, NOTHING),
        "self released": ({OWN}, BOTH, NOTHING),
        "manager released": (BOTH, {MANAGER}, NOTHING),
        "both released": (BOTH, BOTH, BOTH),
        "talk begun": (BOTH, BOTH, BOTH),
        "recorded": (BOTH, BOTH, BOTH),
    },
    "talk": {
        "drafts": ({OWN}, {MANAGER}, NOTHING),
        "self released": ({OWN}, {MANAGER}, NOTHING),
        "manager released": ({OWN}, {MANAGER}, NOTHING),
        "both released": ({OWN}, {MANAGER}, NOTHING),
        "talk begun": (BOTH, BOTH, NOTHING),
        "recorded": (BOTH, BOTH, BOTH),
    },
}
CASES = [(mode, state) for mode, states in READ.items() for state in states]


def read_by(cast, of):
    """The kinds of ``of``'s assessments that each of the cast reads."""
    return {
        who: set(
            Assessment.objects.visible_to(getattr(cast, who))
            .filter(participation__person=of)
            .values_list("kind", flat=True)
        )
        for who in WHO
    }


@pytest.mark.parametrize(("mode", "state"), CASES)
@pytest.mark.parametrize("shows_levels_to_hr", [True, False])
def test_assessments_are_read_by_whom_the_round_discloses_them_to(cast, mode, state, shows_levels_to_hr):
    STATES[state](Stage(cast, disclosure=mode, shows_levels_to_hr=shows_levels_to_hr))
    anna, bernd, hr = READ[mode][state]

    expected = dict.fromkeys(WHO, NOTHING) | {"anna": anna, "bernd": bernd}

    assert read_by(cast, of=cast.anna) == expected | ({"paula": hr} if shows_levels_to_hr else {})


@pytest.mark.parametrize(("mode", "state"), CASES)
def test_a_former_manager_and_the_new_one_read_nothing(cast, mode, state):
    STATES[state](Stage(cast, disclosure=mode))
    cast.anna.manager = cast.clara
    cast.anna.save()

    read = read_by(cast, of=cast.anna)

    assert read == dict.fromkeys(WHO, NOTHING) | {"anna": READ[mode][state][0]}


@pytest.mark.parametrize("who", ["anna", "bernd", "paula"])
def test_who_may_read_a_row_is_asked_of_this_row_alone(cast, who):
    """A list of ids beside it is drawn up for everybody in the house, and the start page waits for it."""
    person = Person.objects.with_reach().get(pk=getattr(cast, who).pk)
    lets_read = int(person.manages)  # whoever leads people is let read earlier rounds by a few of them (ADR 58)
    for rows in (Assessment.objects.visible_to(person), StockTaking.objects.readable_by(person)):
        assert str(rows.query).count("SELECT") == 1 + lets_read


def test_what_is_not_of_the_two_sides_is_read_by_its_rater_alone_whatever_is_disclosed(cast, stage):
    stage.release_both()
    for kind, rater in ((Assessment.Kind.FORMER, cast.clara), (Assessment.Kind.PEER, cast.dora)):
        Assessment.objects.create(participation=stage.participation, kind=kind, rater=rater)

    read = read_by(cast, of=cast.anna)

    assert read == dict.fromkeys(WHO, NOTHING) | {"anna": BOTH, "bernd": BOTH, "dora": {"peer"}}


def test_a_participation_is_managed_neither_by_the_former_manager_nor_by_the_new_one(stage):
    cast = stage.cast
    before = [stage.participation.is_managed_by(who) for who in (cast.anna, cast.bernd, cast.clara)]
    cast.anna.manager = cast.clara
    cast.anna.save()
    row = Participation.objects.get(pk=stage.participation.pk)

    assert before == [False, True, False]
    assert [row.is_managed_by(who) for who in (cast.anna, cast.bernd, cast.clara)] == [False, False, False]


def test_both_released_by_one_participant_disclose_nothing_of_another(cast):
    stage = Stage(cast)
    stage.release_both()

    read = read_by(cast, of=cast.dora)

    assert read == dict.fromkeys(WHO, NOTHING) | {"dora": {OWN}, "bernd": {MANAGER}}


@pytest.mark.parametrize(
    ("state", "visible", "managed", "ready"),
    [
        ("self released", "anna bernd", "bernd", False),
        ("manager released", "anna bernd", "bernd", False),
        ("both released", "anna bernd paula", "bernd", True),
        ("recorded", "anna bernd paula", "bernd", True),
    ],
)
def test_a_participation_is_opened_by_person_manager_and_hr_where_it_may(cast, state, visible, managed, ready):
    stage = STATES[state](Stage(cast, shows_levels_to_hr=True))
    rows = Participation.objects.filter(pk=stage.participation.pk)

    def those(method):
        return " ".join(who for who in WHO if getattr(rows, method)(getattr(cast, who)).exists())

    assert those("visible_to") == visible
    assert those("shared_with") == "anna bernd"
    assert those("managed_by") == managed
    assert those("watched_by") == "paula"
    assert " ".join(who for who in WHO if stage.participation.is_shared_with(getattr(cast, who))) == "anna bernd"
    assert rows.ready_for_talk().exists() is ready


def test_the_talk_is_kept_by_the_manager_until_it_is_recorded(stage):
    stage.release_both().talk()
    cast = stage.cast
    editors = [who for who in WHO if Talk.objects.editable_by(getattr(cast, who)).exists()]
    readers = [who for who in WHO if Talk.objects.visible_to(getattr(cast, who)).exists()]
    stage.record()

    assert (editors, readers) == (["bernd"], ["anna", "bernd"])
    assert not Talk.objects.editable_by(cast.bernd).exists()


@pytest.mark.parametrize(
    ("state", "editable", "returnable"),
    [
        ("drafts", {"anna": OWN, "bernd": MANAGER}, {}),
        ("self released", {"bernd": MANAGER}, {}),  # the release has shown the Soll
        ("manager released", {"anna": OWN}, {"bernd": MANAGER}),
        ("both released", {}, {}),
    ],
)
def test_drafts_are_changed_and_releases_taken_back_by_their_rater_alone(stage, state, editable, returnable):
    STATES[state](stage)
    rows = Assessment.objects.filter(participation=stage.participation)

    def those(method):
        found = {who: getattr(rows, method)(getattr(stage.cast, who)).first() for who in WHO}
        return {who: assessment.kind for who, assessment in found.items() if assessment}

    assert those("editable_by") == editable
    assert those("returnable_by") == returnable

    close_round(round_=stage.round)

    assert (those("editable_by"), those("returnable_by")) == ({}, {})


@pytest.mark.parametrize(
    ("hides", "released", "seen_by"),
    [(True, False, ["bernd"]), (True, True, ["anna", "bernd"]), (False, False, ["anna", "bernd"])],
)
def test_the_soll_hides_from_the_person_alone_and_only_as_the_round_says(cast, hides, released, seen_by):
    stage = Stage(cast, hides_target=hides)
    if released:
        stage.release(stage.own)

    assert [who for who in ["anna", "bernd"] if stage.participation.shows_target_to(getattr(cast, who))] == seen_by


def test_rounds_belong_to_hr(stage):
    draft = plan_round(stage.cast, title="Nächste")

    run = {who: set(Round.objects.run_by(getattr(stage.cast, who))) for who in WHO}
    drafts = {who: set(Round.objects.drafts_of(getattr(stage.cast, who))) for who in WHO}

    assert run == dict.fromkeys(WHO, NOTHING) | {"paula": {stage.round, draft}}
    assert drafts == dict.fromkeys(WHO, NOTHING) | {"paula": {draft}}
    assert draft.catalogue is None
    assert str(draft) == "Nächste"


# What lists and pages ask for ------------------------------------------------------------------------


def test_rounds_are_listed_with_their_numbers_the_latest_first(cast):
    latest = plan_round(cast, title="Im Sommer", self_due=in_days(20), manager_due=in_days(20), talk_due=in_days(60))
    stage = Stage(cast).release_both().record()
    beside = plan_round(cast, title="Daneben")

    listed = counted(Round.objects.all())

    assert [(found, found.participants, found.talks_recorded) for found in listed] == [
        (latest, 0, 0),
        (beside, 0, 0),
        (stage.round, 2, 1),
    ]


def test_the_team_page_shows_what_is_due_first_then_the_round_ended_last_and_people_by_name(cast, clock):
    dues = [in_days(14 - number) for number in range(4)]
    first, second, third, fourth = (Stage(cast, title=f"Bis {due}", self_due=due).round for due in dues)
    for ended in (second, first):
        close_round(round_=ended)
        clock.shift(1)
    Participation.objects.filter(person=cast.dora).update(sort_key="a")

    rows = list(Participation.objects.for_team_page())

    assert [(row.round, row.person) for row in rows] == [
        (found, who) for found in (fourth, third, first, second) for who in (cast.dora, cast.anna)
    ]
    of_managers = dict(Assessment.objects.filter(kind=MANAGER).values_list("participation", "pk"))
    assert {row.pk: row.manager_assessment_id for row in rows} == of_managers


def test_an_answer_without_a_day_comes_after_what_has_one(stage):
    """Recorded on the last day for it or later, the answer is late for nobody; a page of many begins with what has a day."""
    stage.release_both().talk().record()
    Participation.objects.filter(person=stage.cast.dora).update(manager_due=in_days(2))
    order = []
    for due in (in_days(1), TODAY):
        Participation.objects.filter(person=stage.cast.anna).update(talk_due=due)
        order.append([(row.person, row.due_next) for row in Participation.objects.for_team_page()])

    anna, dora = stage.cast.anna, (stage.cast.dora, in_days(2))
    assert order == [[(anna, in_days(1)), dora], [dora, (anna, None)]]


def test_a_talk_is_there_once_it_has_begun(stage):
    before = list(Participation.objects.with_talk())
    stage.release_both().talk()

    assert (before, list(Participation.objects.with_talk())) == ([], [stage.participation])


def test_an_answer_given_in_the_managers_place_names_who_gave_it(full):
    cast, talk = full.cast, full.participation.talk
    sides = Acknowledgement.Side

    given = [(sides.MANAGER, cast.clara), (sides.MANAGER, cast.bernd), (sides.PERSON, cast.anna)]

    assert [Acknowledgement(talk=talk, side=side, by=by).deputy for side, by in given] == [cast.clara, None, None]


def test_a_stock_taking_is_the_persons_own_and_their_managers_once_shared(cast, stage):
    StockTaking.objects.create(participation=stage.participation, tasks="Alles.")

    def readers():
        return [who for who in WHO if StockTaking.objects.readable_by(getattr(cast, who)).exists()]

    alone = readers()
    StockTaking.objects.update(shared_at=timezone.now())

    assert (alone, readers()) == (["anna"], ["anna", "bernd"])


def test_the_record_of_a_talk_is_kept_by_nobody_once_the_round_has_ended(stage):
    stage.release_both().talk()
    close_round(round_=stage.round)

    assert not Talk.objects.editable_by(stage.cast.bernd).exists()


def test_a_release_is_taken_back_whatever_others_have_released_meanwhile(stage):
    Round.objects.update(hides_target=False)
    stage.release(stage.own)
    of_dora = Assessment.objects.filter(participation__person=stage.cast.dora)
    of_dora.update(released_at=timezone.now())

    assert list(Assessment.objects.returnable_by(stage.cast.anna)) == [stage.own]


# What a row says of itself ---------------------------------------------------------------------------

OPEN, CLOSED = Round.State.OPEN, Round.State.CLOSED
RELEASED, STARTED = Progress.RELEASED, Progress.STARTED


def row(state=OPEN, **fields):
    return Participation(round=Round(state=state), **fields)


@pytest.mark.parametrize(
    ("found", "goes_on"),
    [(row(), True), (row(CLOSED), False), (row(paused_on=TODAY), False), (row(CLOSED, paused_on=TODAY), False)],
)
def test_a_participation_goes_on_in_an_open_round_unless_it_rests(found, goes_on):
    assert (found.goes_on, found.awaits_self, found.awaits_manager, found.awaits_talk) == (goes_on,) * 4


def test_what_is_done_is_not_awaited():
    done = row(self_state=RELEASED, manager_state=RELEASED, talk_state=TalkProgress.RECORDED)

    assert (done.goes_on, done.awaits_self, done.awaits_manager, done.awaits_talk) == (True, False, False, False)


@pytest.mark.parametrize(
    ("state", "recorded", "answered"),
    [
        (TalkProgress.OPEN, False, False),
        (TalkProgress.STARTED, False, False),
        (TalkProgress.RECORDED, True, False),
        (TalkProgress.CONFIRMED, True, True),
    ],
)
def test_a_talk_is_recorded_before_it_is_answered(state, recorded, answered):
    found = row(talk_state=state)

    assert (found.talk_is_recorded, found.talk_is_answered) == (recorded, answered)


@pytest.mark.parametrize(("own", "manager"), [(STARTED, RELEASED), (RELEASED, STARTED), (RELEASED, RELEASED)])
def test_both_have_released_when_each_has(own, manager):
    found = row(self_state=own, manager_state=manager)

    assert (found.self_is_released, found.manager_is_released) == (own == RELEASED, manager == RELEASED)
    assert found.both_released is (own == manager == RELEASED)


@pytest.mark.parametrize(
    ("level", "profile_level", "necessity", "adjusted", "desirable"),
    [
        (2, 2, "required", False, False),
        (3, 2, "required", True, False),
        (2, 2, "desirable", False, True),
        (0, 2, "desirable", True, False),  # nothing is asked, so nothing is desirable
    ],
)
def test_a_soll_says_whether_it_was_adjusted_and_how_necessary_it_is(
    level, profile_level, necessity, adjusted, desirable
):
    target = Target(level=level, profile_level=profile_level, necessity=necessity)

    assert (target.is_adjusted, target.is_desirable) == (adjusted, desirable)


@pytest.mark.parametrize(("kind", "days"), [("self", 1), ("manager", 2), ("peer", 3)])
def test_each_kind_of_assessment_has_a_deadline_of_its_own(kind, days):
    participation = Participation(round=Round(peer_due=in_days(3)), self_due=in_days(1), manager_due=in_days(2))

    assert Assessment(kind=kind, participation=participation).due == in_days(days)


# Asked and not yet answered ---------------------------------------------------------------------------


@pytest.fixture
def asked(cast):
    """Anna has asked dora, and nobody else, for her view."""
    stage = Stage(cast, has_peers=True, peer_due=in_days(7))
    asking.nominate(participation=stage.participation, colleague=cast.dora)
    return stage


def asked_of_each(cast):
    return {who for who in WHO if Assessment.objects.asked_of(getattr(cast, who)).exists()}


def test_a_colleague_is_asked_for_what_they_were_asked_and_for_nothing_else(cast, asked):
    of_dora = Assessment.objects.asked_of(cast.dora)

    assert [(one.kind, one.participation) for one in of_dora] == [("peer", asked.participation)]
    assert asked_of_each(cast) == {"dora"}


@pytest.mark.parametrize(("days", "who"), [(0, {"dora"}), (-1, NOTHING)])
def test_a_colleague_is_asked_until_the_last_day(cast, asked, days, who):
    Round.objects.update(peer_due=in_days(days))

    assert asked_of_each(cast) == who


def test_nobody_is_asked_about_somebody_who_rests(cast, asked):
    Participation.objects.filter(pk=asked.participation.pk).update(paused_on=TODAY)

    assert asked_of_each(cast) == NOTHING


def test_who_leads_somebody_by_now_is_not_asked_as_a_colleague(cast, asked):
    cast.anna.manager = cast.dora
    cast.anna.save()
    Participation.objects.filter(pk=asked.participation.pk).update(manager=cast.dora)

    assert asked_of_each(cast) == NOTHING


def awaited_from(cast):
    return {who for who in WHO if Assessment.objects.awaiting_confirmation_by(getattr(cast, who)).exists()}


def test_what_was_typed_in_waits_for_the_person_alone_until_they_confirm_it(cast, stage):
    rows = Participation.objects.filter(pk=stage.participation.pk)
    waits = {}
    for state in Progress:
        rows.update(self_state=state)
        waits[state] = awaited_from(cast)

    assert waits == {state: {"anna"} if state == Progress.ENTERED else NOTHING for state in Progress}


def test_in_a_round_that_has_ended_nothing_waits_to_be_confirmed(cast, stage):
    Assessment.objects.filter(pk=stage.own.pk).update(released_at=timezone.now(), entered_on=TODAY)
    close_round(round_=stage.round)

    assert awaited_from(cast) == NOTHING


def broken(write):
    """The name of the constraint that ``write`` breaks; what it wrote is undone."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return str(caught.value)


# What may never be in the database: the constraint's name and a write that would break it.
IMPOSSIBLE = {
    "talk_after_assessments": lambda s: Round.objects.update(talk_due="2020-01-01"),
    "an_opened_round_has_its_catalogue": lambda s: Round.objects.update(edition=None),
    "an_adjusted_target_has_a_reason": lambda s: Target.objects.update(level=3, profile_level=1),
    "rating_level_on_any_scale": lambda s: Rating.objects.update(level=10),
    "target_level_on_any_scale": lambda s: Target.objects.update(level=10, profile_level=10),
    "agreed_level_on_any_scale": lambda s: AgreedLevel.objects.update(level=10),
    "decided_levels_on_any_scale": lambda s: s.participation.target_changes.create(
        competency_id=s.competencies[0].id, profile_id=s.participation.profile_id, new_level=10, taken_over=False
    ),
    "of_who_has_declined_nothing_is_kept": lambda s: Participation.objects.update(declined_on=TODAY),
    "only_who_has_declined_asks_back": lambda s: Participation.objects.update(asks_back_on=TODAY),
    "only_the_persons_own_is_typed_in_for_them": lambda s: Participation.objects.filter(talk_state=0).update(
        manager_state=Progress.ENTERED
    ),
    "an_entry_is_confirmed_or_rejected": lambda s: Assessment.objects.filter(kind="self").update(
        entered_on=TODAY, confirmed_on=TODAY, rejected_on=TODAY
    ),
    "a_talk_sent_back_says_why": lambda s: Talk.objects.update(returned_at=timezone.now()),
    "a_refusal_has_a_statement": lambda s: Acknowledgement.objects.create(
        talk=s.participation.talk, side="person", declined=True
    ),
}
TWICE = {
    "participation": lambda s: Participation.objects.filter(pk=s.participation.pk),
    "assessment": lambda s: Assessment.objects.filter(pk=s.own.pk),
    "target": lambda s: s.participation.targets.all()[:1],
    "rating": lambda s: s.own.ratings.all()[:1],
    "remark": lambda s: s.own.remarks.all()[:1],
    "agreed level": lambda s: s.participation.talk.agreed_levels.all()[:1],
    "acknowledgement": lambda s: s.participation.talk.acknowledgements.all()[:1],
}


@pytest.fixture
def full(stage):
    """A participation with one of everything."""
    Remark.objects.create(assessment=stage.own, competency_id=stage.competencies[0].id, text="Übe ich.")
    return stage.release_both().record()


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_database_refuses_what_cannot_be(full, name):
    assert name in broken(lambda: IMPOSSIBLE[name](full))


@pytest.mark.parametrize("what", TWICE)
def test_nothing_is_there_twice(full, what):
    full.confirm()
    row = TWICE[what](full).get()
    row.pk = None

    assert "unique" in broken(lambda: row.save(force_insert=True)).lower()


def test_everything_has_a_readable_name(full):
    full.confirm()
    talk = full.participation.talk
    competency = full.competencies[0].id
    declined = Acknowledgement(talk=talk, side="manager", declined=True, statement="Nein.", at=timezone.now())

    assert str(full.participation) == "Anna Ärmel in Runde 2026"
    assert [str(full.own), str(full.manager)] == [
        "Selbsteinschätzung für Anna Ärmel",
        "Fremdeinschätzung für Anna Ärmel",
    ]
    assert str(full.own.ratings.get(competency=competency)) == f"{competency}: 1"
    assert str(full.own.remarks.get()) == "Übe ich."
    assert str(full.participation.targets.get(competency=competency)).startswith(f"{competency}: ")
    assert str(talk) == "Gespräch mit Anna Ärmel"
    assert talk.get_absolute_url() == f"/teilnahmen/{full.participation.pk}/gespraech/"
    assert str(talk.agreed_levels.get(competency=competency)) == f"{competency}: 1"
    assert str(talk.acknowledgements.get(side="person")) == "Person: zur Kenntnis genommen"
    assert str(declined) == "Führungskraft: abgelehnt"


def test_whom_nobody_leads_is_whoever_has_no_manager_who_can_take_over(cast):
    everybody = Person.objects.order_by("pk")
    told = [set(people_whom_nobody_leads())]
    for change in ({"email": None}, {"leaving_date": in_days(0)}, {"leaving_date": in_days(-1)}, {"is_active": False}):
        with transaction.atomic():
            Person.objects.filter(pk=cast.bernd.pk).update(**change)
            told.append(set(people_whom_nobody_leads()))
            assert told[-1] == set(everybody.exclude(can_take_over("manager__")))
            transaction.set_rollback(True)

    assert [cast.anna in found for found in told] == [False, True, False, True, True]
