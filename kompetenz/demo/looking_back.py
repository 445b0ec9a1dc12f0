"""What the reviews of the demo district have brought: levels, changes of plans, looks back, and what follows."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.utils import timezone

from assessments.rounds.schedule import working_day_until
from learningplans.following.steps import ROLE_HAS_CHANGED, new_review
from learningplans.models import FinalCheck, FollowUp, GoalReview, Measure, PlanChange, Preparation, Review

from . import records, texts
from .rounds import moment

BATCH = 2000
REACHED = (0.15, 0.5, 0.85)  # the share of goals at their level in the first, the second and the final review
MOVED = 0.45  # the share of reviews that move a measure
ROLE_CHANGED = 0.12  # the share of plans in which the role asks less than before
PROPOSED = 0.5  # the share of plans under way in which a change waits for its answer
GOES_ON = 0.5  # the share of the goals after the first that go on after the plan
ANSWERS = [FinalCheck.Answer.YES] * 6 + [FinalCheck.Answer.PARTLY] * 3 + [FinalCheck.Answer.NO]


@dataclass
class Rows:
    """What is written at the end, all of a kind at once."""

    preparations: list = field(default_factory=list)
    standings: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)


def write(sketches, catalogue):
    """Look back on plans whose goals, measures and reviews are written."""
    rng, rows = Random("Landkreis Musterland: Rückblicke"), Rows()
    for sketch in sketches:
        held = [review for review in sketch.reviews if review.held_on]
        for review in held:
            prepare(review, rng, rows)
            agree_levels(sketch, review, rng, rows)
        if held:
            change(sketch, held[0], catalogue, rng, rows)
            propose(sketch, held[-1], rng, rows)
        if held and held[-1].is_final:
            close(sketch, held[-1], rng, rows)
    for model, made in (
        (Preparation, rows.preparations),
        (GoalReview, rows.standings),
        (PlanChange, rows.changes),
        (FinalCheck, rows.checks),
        (FollowUp, rows.follow_ups),
    ):
        model.objects.bulk_create(made, batch_size=BATCH)


def prepare(review, rng, rows):
    """Both sides, some days before."""
    for side in Preparation.Side:
        rows.preparations.append(
            Preparation(
                review=review,
                side=side,
                helped=rng.choice(texts.HELPED) + ".",
                hindered=rng.choice(texts.HINDERED),
                wishes=rng.choice(texts.WISHES),
                released_at=moment(review.held_on - timedelta(days=rng.randint(1, 4))),
                released_by_id=getattr(review.plan.participation, f"{side}_id"),
            )
        )


def agree_levels(sketch, review, rng, rows):
    """Step by step to the level of the goal, where it stays; the two see it alike but now and then."""
    share = REACHED[sketch.reviews.index(review)]
    for goal in sketch.goals:
        reached = sketch.reached.get(goal.competency_id) == goal.to_level
        agreed = sketch.reached[goal.competency_id] = (
            goal.to_level if reached or rng.random() < share else goal.from_level
        )
        rows.standings.append(
            GoalReview(
                review=review,
                goal=goal,
                self_level=goal.to_level if rng.random() < 0.2 else agreed,
                manager_level=goal.from_level if rng.random() < 0.2 else agreed,
                agreed_level=agreed,
                to_level=goal.to_level,
                helped=rng.choice(texts.HELPED) if rng.random() < 0.5 else "",
            )
        )


def change(sketch, review, catalogue, rng, rows):
    """What the first review has changed, and the measures dropped on the way."""
    later = [measure for _, measure in sketch.measures if measure.due_on > review.held_on + timedelta(days=30)]
    if later and rng.random() < MOVED:
        moved = later[0]
        before = moved.due_on - timedelta(days=21)
        add(
            sketch,
            review,
            f"Maßnahme „{moved.title}“: Ende",
            german(before),
            german(moved.due_on),
            texts.MOVED,
            rng,
            rows,
        )
    for _, measure in sketch.measures:
        if measure.state == Measure.State.DROPPED:
            add(sketch, review, f"Maßnahme „{measure.title}“: Stand", "geplant", "entfallen", texts.DROPPED, rng, rows)
    goal = sketch.goals[0]
    if goal.to_level < catalogue.highest and rng.random() < ROLE_CHANGED:
        name = catalogue.by_id[goal.competency_id].name
        before, after = catalogue.scale.names[goal.to_level + 1], catalogue.scale.names[goal.to_level]
        add(sketch, review, f"Ziel „{name}“: {ROLE_HAS_CHANGED}", before, after, [texts.ROLE_CHANGED], rng, rows)


def german(day):
    return f"{day:%d.%m.%Y}"


def add(sketch, review, subject, before, after, reasons, rng, rows):
    """One change that the two have talked about in the review; the other side has taken note of it."""
    line = {"subject": subject, "before": before, "after": after}
    change = PlanChange(plan=sketch.plan, review=review, reason=rng.choice(reasons), lines=[line])
    records.write(change, sketch, review.held_on, rng)
    records.answer(change, sketch, rng)
    change.answer, change.statement = PlanChange.Answer.NOTED, ""
    change.took_effect_on = timezone.localdate(change.answered_at)
    rows.changes.append(change)


def propose(sketch, review, rng, rows):
    """One more talk on the way; nobody has answered that yet."""
    final, today = sketch.reviews[-1].planned_on, timezone.localdate()
    if final < today + timedelta(days=21) or rng.random() > PROPOSED:
        return
    day = working_day_until(final - timedelta(days=10))
    wish = new_review(Review(plan=sketch.plan, planned_on=day))
    change = PlanChange(plan=sketch.plan, review=review, reason=texts.ONE_MORE_TALK, steps=wish.steps)
    change.lines = [vars(line) for line in wish.lines]
    records.write(change, sketch, review.held_on, rng)
    rows.changes.append(change)


def close(sketch, review, rng, rows):
    """The look back on SMART, and the draft of the next plan."""
    letters = ["specific", "measurable", "ambitious", "realistic", "timed"]
    rows.checks.append(
        FinalCheck(
            review=review,
            **{letter: rng.choice(ANSWERS) for letter in letters},
            remark=rng.choice(texts.FINAL_REMARKS),
            note_for_next=rng.choice(texts.NOTES_FOR_NEXT),
        )
    )
    kinds = rng.sample(list(texts.FOLLOW_UPS), len(texts.FOLLOW_UPS))
    for goal, kind in zip(sketch.goals, kinds, strict=False):
        if goal.priority == 1 or rng.random() < GOES_ON:
            text = rng.choice(texts.FOLLOW_UPS[kind])
            rows.follow_ups.append(FollowUp(plan=sketch.plan, competency_id=goal.competency_id, kind=kind, text=text))
