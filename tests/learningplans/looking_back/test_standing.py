"""Levels over time: what is shown of each step is what was recorded up to it, and no change that no record made."""

from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from learningplans.looking_back.course import courses
from learningplans.looking_back.standing import Agreement, AgreementPlace, standings

BEGIN = date(2026, 11, 20)
IDS = range(1, 6)
NAMES = ("keine", "Kenner", "Könner", "Experte")
COMPETENCIES = {pk: SimpleNamespace(id=pk, name=f"Kompetenz {pk}") for pk in IDS}


def catalogue(members, highest=3):
    known = {pk: COMPETENCIES[pk] for pk in members}
    return SimpleNamespace(
        categories=[SimpleNamespace(name="A", competencies=list(known.values()))],
        by_id=known,
        scale=SimpleNamespace(names=NAMES[: highest + 1]),
        nearest=lambda level: min(level, highest),
    )


@st.composite
def histories(draw):
    """Records of several rounds and the reviews of their plans, interleaved, many of them on the same day."""
    days = st.integers(0, 4).map(lambda number: BEGIN + timedelta(days=number))
    found = []
    for participation in range(draw(st.integers(1, 4))):
        highest = draw(st.sampled_from([2, 3]))
        members = draw(st.sets(st.sampled_from(IDS), min_size=1))
        own, talked_on = catalogue(sorted(members), highest), draw(days)
        level = st.integers(0, highest)
        talk = draw(st.fixed_dictionaries(dict.fromkeys(sorted(members), level)))
        found.append(Agreement(AgreementPlace(talked_on, talked_on, participation), own, talk))
        for review in range(draw(st.integers(0, 3))):
            agreed = draw(st.dictionaries(st.sampled_from(sorted(members)), level, min_size=1))
            place = AgreementPlace(draw(days), talked_on, participation, True, draw(days), review)
            found.append(Agreement(place, own, agreed))
    return draw(st.permutations(found))


@given(histories())
def test_each_step_shows_the_latest_record_of_each_competency(history):
    ordered = sorted(history, key=lambda record: record.place)
    steps = standings(history)

    assert [step.record for step in steps] == ordered
    for at, step in enumerate(steps):
        for pk in IDS:
            latest = [record.levels[pk] for record in ordered[: at + 1] if pk in record.levels]
            assert step.levels.get(pk, (None,))[0] == (latest[-1] if latest else None)


@given(histories())
def test_no_step_shows_a_change_that_no_record_made(history):
    steps = standings(history)

    for course in courses(steps):
        before = None
        for step, cell in zip(steps, course.cells, strict=True):
            recorded = step.record.levels.get(course.competency.id)
            signs = [part for part in cell.change.split(", ") if part[:1] in {"+", "−"}]
            if recorded is None or before in (None, recorded):
                assert signs == []
            else:
                assert signs == [f"+{recorded - before}" if recorded > before else f"−{before - recorded}"]
                assert cell.level == recorded
            before = before if recorded is None else recorded


@given(histories())
def test_a_review_moves_nothing_in_or_out_of_the_catalogue(history):
    steps = standings(history)
    begun = next(at for at, step in enumerate(steps) if not step.record.place.is_review)

    for before, step in zip(steps[begun:], steps[begun + 1 :], strict=False):
        assert step.record.place.is_review is False or step.catalogue is before.catalogue


@given(histories())
def test_a_drawing_keeps_to_the_scale_of_its_catalogue(history):
    for step in standings(history):
        names = step.catalogue.scale.names
        assert all(pk in step.catalogue.by_id and 0 <= level < len(names) for pk, level in step.on_scale().items())


def test_the_last_review_of_an_old_plan_on_the_day_of_the_new_talk_comes_before_it():
    day, all_ = BEGIN, catalogue(IDS)
    old = Agreement(AgreementPlace(day - timedelta(days=300), day - timedelta(days=300), 1), all_, {1: 0})
    last = Agreement(AgreementPlace(day, day - timedelta(days=300), 1, True, day, 7), all_, {1: 2})
    new = Agreement(AgreementPlace(day, day, 2), all_, {1: 1})
    own = Agreement(AgreementPlace(day, day, 2, True, day, 1), all_, {1: 3})

    assert [step.record for step in standings([own, new, last, old])] == [old, last, new, own]
