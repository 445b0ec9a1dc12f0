"""Who may read, change and take back what: asked of the querysets, with data that could leak."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Assessment,
    Participation,
    Rating,
    Remark,
    Round,
    Talk,
    Target,
)
from assessments.opening import close_round
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


def test_both_released_by_one_participant_disclose_nothing_of_another(cast):
    stage = Stage(cast)
    stage.release_both()

    read = read_by(cast, of=cast.dora)

    assert read == dict.fromkeys(WHO, NOTHING) | {"dora": {OWN}, "bernd": {MANAGER}}


@pytest.mark.parametrize(
    ("state", "visible", "managed", "ready"),
    [
        ("self released", "anna bernd", "bernd", False),
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
        ("self released", {"bernd": MANAGER}, {"anna": OWN}),
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
    "rating_level_0_to_3": lambda s: Rating.objects.update(level=4),
    "target_level_0_to_3": lambda s: Target.objects.update(level=4, profile_level=4),
    "agreed_level_0_to_3": lambda s: AgreedLevel.objects.update(level=4),
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
