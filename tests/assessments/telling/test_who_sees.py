"""Who sees what, in words: each line is held against what the querysets really show, in every state."""

from datetime import timedelta
from itertools import product

import pytest

from assessments.models import Assessment, EarlierRoundsConsent, Participation, PeerTally, Round
from assessments.peers import asking, showing
from assessments.rounds.closing import close_round
from assessments.telling.who_sees import LEVELS, MANAGER, MEASURES, PEERS, RESULT, SELF, STATE, TARGET, Since, who_sees
from kompetenz.people.models import Deputy, Person
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from tests.clock import TODAY
from tests.conftest import Stage, of_a_session

KINDS = Assessment.Kind

# Carried forward one after the other; what each makes true.
WALK = {
    "opened": lambda stage: stage,
    "self released": lambda stage: stage.release(stage.own),
    "both released": lambda stage: stage.release(stage.manager),
    "talk begun": lambda stage: stage.talk(),
    "recorded": lambda stage: stage.record(),
}
WALK_MANAGER_FIRST = {
    "opened": WALK["opened"],
    "manager released": lambda stage: stage.release(stage.manager),
    "both released": lambda stage: stage.release(stage.own),
}
# In which of the states above something said to be seen "since" is seen.
REACHED = {
    Since.START: set(WALK) | set(WALK_MANAGER_FIRST),
    Since.SELF_RELEASED: {"self released", "both released", "talk begun", "recorded"},
    Since.MANAGER_RELEASED: {"manager released", "both released", "talk begun", "recorded"},
    Since.BOTH_RELEASED: {"both released", "talk begun", "recorded"},
    Since.TALK_STARTED: {"talk begun", "recorded"},
    Since.RECORDED: {"recorded"},
}


def promised(round_, who, what, state):
    """Whether the words say that this reader sees this in this state; by the name of the reader's line."""
    reader = next(reader for reader in who_sees(round_) if reader.who == who)
    return any(sight.what == what and state in REACHED[sight.since] for sight in reader.sees)


def can_read(user, stage, kind):
    return stage.participation.assessments.visible_to(user).filter(kind=kind).exists()


def can_read_target(user, participation):
    shared = Participation.objects.shared_with(user).filter(pk=participation.pk).exists()
    return shared and participation.shows_target_to(user)


RULES = [
    {"disclosure": disclosure, "hides_target": hides, "shows_levels_to_hr": levels}
    for disclosure, hides, levels in product(Round.Disclosure.values, [True, False], [True, False])
]


@pytest.mark.parametrize("walk", [WALK, WALK_MANAGER_FIRST], ids=["self first", "manager first"])
@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "-".join(map(str, rules.values())))
def test_every_line_is_what_the_querysets_show_in_every_state(cast, rules, walk):
    stage = Stage(cast, **rules)
    said, shown = {}, {}
    for state, step in walk.items():
        step(stage)
        round_, row = stage.round, stage.participation
        said[state] = {
            "own": promised(round_, "Die Person selbst", "die eigene Selbsteinschätzung", state),
            "manager's": promised(round_, "Die Person selbst", MANAGER, state),
            "Soll": promised(round_, "Die Person selbst", TARGET, state),
            "person's": promised(round_, "Führungskraft", SELF, state),
            "own of manager": promised(round_, "Führungskraft", "die eigene Fremdeinschätzung", state),
            "Soll for manager": promised(round_, "Führungskraft", TARGET, state),
            "levels for HR": promised(round_, "Personalentwicklung", LEVELS, state),
            "state for HR": promised(round_, "Personalentwicklung", STATE, state),
        }
        shown[state] = {
            "own": can_read(cast.anna, stage, KINDS.SELF),
            "manager's": can_read(cast.anna, stage, KINDS.MANAGER),
            "Soll": can_read_target(cast.anna, row),
            "person's": can_read(cast.bernd, stage, KINDS.SELF),
            "own of manager": can_read(cast.bernd, stage, KINDS.MANAGER),
            "Soll for manager": can_read_target(cast.bernd, row),
            "levels for HR": Participation.objects.visible_to(cast.paula).filter(pk=row.pk).exists(),
            "state for HR": Participation.objects.watched_by(cast.paula).filter(pk=row.pk).exists(),
        }

    assert said == shown


def test_a_deputy_sees_what_the_manager_sees_for_named_people_and_within_the_days(cast):
    stage = Stage(cast, disclosure="each")
    stage.answer(stage.manager)  # a draft
    stage.release(stage.own)
    today = TODAY
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=today, until=today)
    dora = Participation.objects.get(person=cast.dora)

    before = can_read(cast.fremd, stage, KINDS.SELF)
    named.people.add(cast.anna)
    within = [can_read(cast.fremd, stage, kind) for kind in (KINDS.SELF, KINDS.MANAGER)]
    others = Participation.objects.visible_to(cast.fremd).filter(pk=dora.pk).exists()
    Deputy.objects.update(since=today - timedelta(days=2), until=today - timedelta(days=1))
    after = [can_read(cast.fremd, stage, kind) for kind in (KINDS.SELF, KINDS.MANAGER)]

    assert (before, within, others, after) == (False, [True, True], False, [False, False])
    (line,) = [reader for reader in who_sees(stage.round) if reader.who == "Vertretung der Führungskraft"]
    assert line.sees == []
    assert "dasselbe wie die Führungskraft, auch deren Entwurf" in line.note
    assert "für einzelne, benannte Personen und nur an den Tagen der Vertretung" in line.note


def test_a_former_manager_sees_nothing_any_more(cast):
    stage = Stage(cast, disclosure="each").release_both().record()
    cast.anna.manager = cast.clara
    cast.anna.save()

    assert not Participation.objects.visible_to(cast.bernd).filter(person=cast.anna).exists()
    assert [can_read(cast.bernd, stage, kind) for kind in (KINDS.SELF, KINDS.MANAGER)] == [False, False]
    (line,) = [reader for reader in who_sees(stage.round) if reader.who == "Führungskraft"]
    assert line.note.startswith("Wechselt sie, endet der Zugang der bisherigen am selben Tag. ")


def test_a_new_manager_reads_an_ended_round_only_once_the_person_agrees(cast):
    stage = Stage(cast).release_both().record().confirm()
    close_round(round_=stage.round)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    before = Participation.objects.visible_to(of_a_session(cast.clara)).filter(person=cast.anna).exists()
    EarlierRoundsConsent.objects.create(person=cast.anna, manager=cast.clara, agrees=True)

    after = Participation.objects.visible_to(of_a_session(cast.clara)).filter(person=cast.anna).exists()

    assert (before, after) == (False, True)
    (line,) = [reader for reader in who_sees(stage.round) if reader.who == "Führungskraft"]
    assert line.note.endswith(" Die neue liest beendete Runden nur, wenn die Person zustimmt.")


@pytest.mark.parametrize("levels", [True, False])
def test_the_result_and_the_plan_are_the_two_sides_and_measures_are_hrs_once_agreed(cast, levels):
    stage = Stage(cast, shows_levels_to_hr=levels).release_both().record()
    plan = drawing_up.draw_up_plan(participation=stage.participation)

    def readers_of_plan():
        return [
            name for name, who in vars(cast).items() if LearningPlan.objects.visible_to(who).filter(pk=plan.pk).exists()
        ]

    drafted = readers_of_plan()
    LearningPlan.objects.update(
        state=LearningPlan.State.AGREED, agreed_by_person_on="2026-01-01", agreed_by_manager_on="2026-01-01"
    )

    assert (drafted, readers_of_plan()) == (["bernd", "anna"], ["bernd", "anna", "paula"])
    lines = {reader.who: [sight.what for sight in reader.sees] for reader in who_sees(stage.round)}
    assert {who for who, sees in lines.items() if RESULT in sees} == {"Die Person selbst", "Führungskraft"}
    assert {who for who, sees in lines.items() if MEASURES in sees} == {"Personalentwicklung"}


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "-".join(map(str, rules.values())))
def test_those_said_to_see_nothing_see_nothing(cast, rules):
    stage = Stage(cast, **rules).release_both().record().confirm()
    nobody = [cast.clara, cast.audit, cast.fremd, cast.dora]
    row = stage.participation.pk

    assert [Participation.objects.visible_to(who).filter(pk=row).exists() for who in nobody] == [False] * 4
    assert [Assessment.objects.visible_to(who).filter(participation=row).exists() for who in nobody] == [False] * 4
    silent = [reader.who for reader in who_sees(stage.round) if not reader.sees]
    assert silent == [
        "Vertretung der Führungskraft",
        "Personalrat und Datenschutz",
        "Höhere Führungskräfte, Kollegium, IT",
    ]


def test_whoever_sees_little_or_nothing_is_told_so_in_their_own_words():
    notes = {reader.who: reader.note for reader in who_sees(Round(has_peers=True))}

    assert notes["Die Person selbst"].startswith(
        "Den Entwurf sieht sonst niemand. Was jemand für die Person vom Papier"
    )
    assert notes["Personalrat und Datenschutz"].startswith(
        "Sehen von niemandem Einschätzungen, Ergebnisse oder Lernpläne. "
    )
    assert notes["Höhere Führungskräfte, übriges Kollegium, IT"].startswith(
        "Sehen in der Anwendung nichts davon; wer den Server betreibt"
    )


def test_the_stock_taking_is_said_to_be_the_persons_until_they_share_it(stage):
    said = {
        reader.who: sight.since
        for reader in who_sees(stage.round)
        for sight in reader.sees
        if sight.what == "Bestandsaufnahme"
    }

    assert said == {"Die Person selbst": Since.START, "Führungskraft": Since.SHARED}


@pytest.mark.parametrize(
    ("levels", "note"),
    [
        (False, "Keine einzelnen Stufen, Bemerkungen, Begründungen und Bestandsaufnahmen."),
        (True, "Keine Bemerkungen, Begründungen und Bestandsaufnahmen."),
    ],
)
def test_hr_is_told_what_it_never_sees(levels, note):
    (hr,) = [r for r in who_sees(Round(shows_levels_to_hr=levels)) if r.who == "Personalentwicklung"]

    assert hr.note == note
    (hr,) = [r for r in who_sees(Round(shows_levels_to_hr=levels, has_peers=True)) if r.who == "Personalentwicklung"]
    assert hr.note == f"{note} Nichts aus dem Kollegium."


def peers_round(cast, **fields):
    return Stage(cast, has_peers=True, peer_due=TODAY, **fields)


def tally(stage):
    """Six answers, of which two differ from the rest."""
    first = stage.competencies[0].id
    for level, count in ((1, 4), (2, 2)):
        PeerTally.objects.create(participation=stage.participation, competency_id=first, level=level, count=count)


def test_what_colleagues_say_is_for_the_two_sides_after_both_have_released_and_the_deadline_has_passed(cast):
    stage = peers_round(cast, shows_levels_to_hr=True)
    tally(stage)

    def seen(who):
        found = showing.seen_by(stage.participation, who)
        return bool(found and found.rows)

    yesterday = TODAY - timedelta(days=1)
    Round.objects.filter(pk=stage.round.pk).update(peer_due=yesterday)
    stage._again()
    one_side = [seen(who) for who in (cast.anna, cast.bernd)]
    stage.release_both()
    after = {name: seen(who) for name, who in vars(cast).items()}
    Round.objects.filter(pk=stage.round.pk).update(peer_due=TODAY)
    stage._again()
    too_early = [seen(who) for who in (cast.anna, cast.bernd)]

    assert (one_side, too_early) == ([False, False], [False, False])
    assert {name for name, sees in after.items() if sees} == {"anna", "bernd"}
    lines = {r.who: [(s.what, s.since) for s in r.sees] for r in who_sees(stage.round)}
    assert {who for who, sees in lines.items() if (PEERS, Since.PEERS_CLOSED) in sees} == {
        "Die Person selbst",
        "Führungskraft",
    }


def test_a_colleague_who_was_asked_reads_only_their_own_draft(cast):
    stage = peers_round(cast, disclosure="each").release_both()
    asking.nominate(participation=stage.participation, colleague=cast.fremd)

    read = Assessment.objects.visible_to(cast.fremd).values_list("kind", "rater")

    assert list(read) == [(KINDS.PEER, cast.fremd.pk)]
    assert not Participation.objects.visible_to(cast.fremd).exists()
    (line,) = [r for r in who_sees(stage.round) if r.who == "Gebetene Kolleginnen und Kollegen"]
    assert line.sees == []
    assert "sehen sonst nichts" in line.note


def test_the_number_of_answers_needed_is_the_installations(settings):
    settings.PEER_MINIMUM = 7

    (line,) = [r for r in who_sees(Round(has_peers=True)) if r.who == "Gebetene Kolleginnen und Kollegen"]

    assert "erst ab 7 Antworten" in line.note


def test_without_colleagues_nothing_is_said_of_asking_them():
    lines = who_sees(Round(has_peers=False))

    assert not any("Gebetene" in reader.who or "Kollegium." in reader.note for reader in lines)
    assert PEERS not in [sight.what for reader in lines for sight in reader.sees]


def test_it_says_from_how_many_people_on_results_are_read(settings):
    settings.RESULTS_MINIMUM = 8
    (line,) = [reader for reader in who_sees(Round()) if reader.who == "Wer die Auswertung liest"]

    assert [sight.what for sight in line.sees] == ["Anteile in Gruppen ab 8 Personen, in groben Schritten"]
    assert "Führungskräfte die ganze Verwaltung und die Einheiten ihrer Leute" in line.note
