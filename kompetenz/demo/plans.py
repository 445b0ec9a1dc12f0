"""Learning plans of the demo district: most under way, some completed, some drafts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from random import Random

from django.utils import timezone

from assessments.models import Participation, PlanProgress, StockTaking, Target
from assessments.rounds.schedule import working_day_until
from assessments.talk.gaps import find_gaps
from learningplans.models import Goal, LearningFormat, LearningPlan, Measure, Offer, Review
from learningplans.path.learning_path import stretch_of
from learningplans.timeline.load import hours_by_month
from learningplans.training.keeping import keep_in_step
from roles.models import Necessity

from . import looking_back, records, texts
from .rounds import account, moment

BATCH = 2000
COMPLETED = 0.3  # the share of last year's plans
IN_TIME = 0.9  # the share of measures that were done by their date
SEEK_COMPANIONS = 0.3  # the share of goals
LATELY = timedelta(days=45)
LEAST_HOURS, MOST_HOURS = 2, 20  # a month for learning


@dataclass
class Sketch:
    """A plan before it is written, with what hangs on it; ``ends_on`` is the day of the final review."""

    course: object
    state: str
    drawn_up_on: date
    ends_on: date
    is_complete: bool = True
    plan: LearningPlan | None = None
    goals: list = field(default_factory=list)
    measures: list = field(default_factory=list)  # (goals, measure)
    reviews: list = field(default_factory=list)
    reached: dict = field(default_factory=dict)  # what the last review has agreed, by competency id


def follow_up(people, round_, courses):
    """Plans from last year's round: agreed soon after the talk, followed in reviews.

    Answers which levels everybody has reached by now, by person id and competency id.
    """
    rng, today = Random("Landkreis Musterland: Lernpläne"), timezone.localdate()
    planned = [course for course in courses if course.stage.has_plan]
    employee, ready = account(people, "employee").pk, account(people, "ready").pk
    manager = account(people, "manager").pk
    overdue = next(
        course.participation.person_id
        for course in planned
        if course.participation.manager_id == manager and course.participation.person_id not in {employee, ready}
    )
    ends = {employee: today + timedelta(days=16), overdue: today - timedelta(days=12)}
    sketches = []
    for course in planned:
        person = course.participation.person_id
        completed = rng.random() < COMPLETED
        ends_on = today + timedelta(days=-rng.randint(15, 60) if completed else rng.randint(20, 100))
        if person == ready and not completed:
            completed, ends_on = True, today - timedelta(days=20)
        if person in ends:
            completed, ends_on = False, ends[person]
        state = LearningPlan.State.COMPLETED if completed else LearningPlan.State.AGREED
        drawn_up_on = working_day_until(course.held_on + timedelta(days=rng.randint(5, 12)))
        sketches.append(Sketch(course, state, drawn_up_on, working_day_until(ends_on)))
    write(sketches, round_, rng)
    reached = {course.participation.person_id: dict(course.agreed) for course in courses}
    for sketch in sketches:
        reached[sketch.course.participation.person_id].update(sketch.reached)
    return reached


DRAFTS = 4  # of so many plans of the running round one is a draft, and every other of these complete and agreed by the person


def draw_up(round_, courses):
    """Plans from the running round: most are agreed, some still drafts."""
    rng, today = Random("Landkreis Musterland: Entwürfe"), timezone.localdate()
    planned = [course for course in courses if course.stage.has_plan]
    sketches = [
        Sketch(
            course,
            LearningPlan.State.AGREED if index % DRAFTS else LearningPlan.State.DRAFT,
            working_day_until(course.held_on + timedelta(days=2)),
            working_day_until(today + timedelta(days=rng.randint(240, 330))),
            is_complete=index % (2 * DRAFTS) != 0,
        )
        for index, course in enumerate(planned)
    ]
    write(sketches, round_, rng)


def write(sketches, round_, rng):
    """Write plans with goals, measures and reviews; who has no gap has no plan."""
    targets = targets_of(round_)
    formats = {found.key: found for found in LearningFormat.objects.all()}
    on_offer = {offer.title: offer for offer in Offer.objects.all()}
    stated = stated_in_stock_takings(round_)
    for sketch in sketches:
        outline(sketch, gaps_of(sketch.course, round_.catalogue, targets), formats, on_offer, stated, rng)
    made = [sketch for sketch in sketches if sketch.goals]
    records.sign_reviews(made)
    LearningPlan.objects.bulk_create([sketch.plan for sketch in made], batch_size=BATCH)
    Goal.objects.bulk_create([goal for sketch in made for goal in sketch.goals], batch_size=BATCH)
    Measure.objects.bulk_create([measure for sketch in made for _, measure in sketch.measures], batch_size=BATCH)
    serves = Measure.goals.through
    serves.objects.bulk_create(
        [serves(measure=measure, goal=goal) for sketch in made for goals, measure in sketch.measures for goal in goals],
        batch_size=BATCH,
    )
    Review.objects.bulk_create([review for sketch in made for review in sketch.reviews], batch_size=BATCH)
    looking_back.write(made, round_.catalogue)
    date_back(made)
    tell_participations(made)
    plans = [sketch.plan.pk for sketch in made if sketch.state != LearningPlan.State.DRAFT]
    for start in range(0, len(plans), BATCH):
        keep_in_step(plans[start : start + BATCH])


def tell_participations(sketches):
    for state in {sketch.state for sketch in sketches}:
        pks = [sketch.course.participation.pk for sketch in sketches if sketch.state == state]
        for start in range(0, len(pks), BATCH):
            progress = PlanProgress[state.upper()]
            Participation.objects.filter(pk__in=pks[start : start + BATCH]).update(plan_state=progress)


def targets_of(round_):
    """The Soll of every participation of the round: {participation id: {competency id: (level, required)}}."""
    targets = defaultdict(dict)
    rows = Target.objects.filter(participation__round=round_)
    for pk, competency, level, necessity in rows.values_list("participation", "competency", "level", "necessity"):
        targets[pk][competency] = level, necessity == Necessity.REQUIRED
    return targets


def gaps_of(course, catalogue, targets):
    """The gaps for which there is a text; of a competency without one no goal is invented."""
    asked = targets[course.participation.pk]
    gaps = find_gaps(
        catalogue.competencies,
        {competency: level for competency, (level, _) in asked.items()},
        course.agreed,
        {competency for competency, (_, required) in asked.items() if required},
    )
    return [gap for gap in gaps if gap.competency.key in texts.AIMS]


def outline(sketch, gaps, formats, on_offer, stated, rng):
    """Fill the sketch: two or three of the first gaps become goals."""
    chosen = sorted(rng.sample(gaps[:6], min(len(gaps), 6, rng.choice([2, 2, 3]))), key=gaps.index)
    sketch.plan = plan_of(sketch)
    for priority, gap in enumerate(chosen, start=1):
        add_goal(sketch, gap, priority, rng)
    add_measures(sketch, chosen, formats, on_offer, rng)
    add_time_and_money(sketch, stated)
    add_reviews(sketch, rng)


def plan_of(sketch):
    """Both sides agree on the days after the plan was drawn up; to a draft at most the person has."""
    drafted = sketch.state == LearningPlan.State.DRAFT
    agreed_on = sketch.drawn_up_on + timedelta(days=3)
    return LearningPlan(
        participation=sketch.course.participation,
        state=sketch.state,
        agreed_by_person_on=agreed_on if sketch.is_complete else None,
        agreed_by_manager_on=None if drafted else agreed_on + timedelta(days=1),
        manager_agreed_by_id=None if drafted else sketch.course.participation.manager_id,
        completed_on=sketch.ends_on if sketch.state == LearningPlan.State.COMPLETED else None,
    )


def add_goal(sketch, gap, priority, rng):
    aim = texts.AIMS[gap.competency.key]
    answers = {
        "specific": aim.specific,
        "measurable": aim.measurable,
        "seen_by": sketch.course.participation.manager_name,
        "ambitious": texts.AMBITIOUS[min(gap.actual, len(texts.AMBITIOUS) - 1)],
        "realistic": rng.choice(texts.REALISTIC),
        "due_on": sketch.ends_on - timedelta(days=6),
    }
    if not sketch.is_complete:
        answers = {"specific": aim.specific}
    sketch.goals.append(
        Goal(
            plan=sketch.plan,
            competency_id=gap.competency.id,
            from_level=gap.actual,
            to_level=min(gap.target, gap.actual + 1),
            priority=priority,
            seeks_companions=sketch.state == LearningPlan.State.AGREED and rng.random() < SEEK_COMPANIONS,
            **answers,
        )
    )


def add_measures(sketch, gaps, formats, on_offer, rng):
    """Two to four measures, the first of each competency early, the second towards the end; some serve another goal too."""
    early = sketch.drawn_up_on + (sketch.ends_on - sketch.drawn_up_on) * 0.35
    late = sketch.ends_on - timedelta(days=13)
    goal_of = {gap.competency.key: goal for goal, gap in zip(sketch.goals, gaps, strict=True)}
    for goal, gap in zip(sketch.goals, gaps, strict=True):
        ideas = texts.AIMS[gap.competency.key].ideas
        room = 4 - len(sketch.measures) - (len(gaps) - goal.priority)
        for idea, day in list(zip(ideas, (early, late), strict=True))[: min(2, room) if sketch.is_complete else 1]:
            due_on = working_day_until(day + timedelta(days=rng.randint(-6, 6)))
            served = [goal, *(goal_of[key] for key in idea.also if key in goal_of)]
            sketch.measures.append((served, measure_of(sketch, idea, due_on, formats, on_offer, rng)))


def measure_of(sketch, idea, due_on, formats, on_offer, rng):
    participation = sketch.course.participation
    format_ = formats[idea.format]
    led = idea.format in {"seminare-schulungen", "vortraege-workshops", "coaching", "mentoring"}
    measure = Measure(
        plan=sketch.plan,
        format=format_,
        offer=on_offer.get(idea.offered_as),
        mentor=texts.MENTOR if format_.needs_mentor else "",
        consented_on=sketch.drawn_up_on if format_.needs_consent else None,
        title=idea.title,
        starts_on=due_on - timedelta(days=2 if idea.format == "seminare-schulungen" else rng.randint(20, 60)),
        due_on=due_on,
        provider=idea.provider,
        responsible=participation.manager_name if led else participation.person_name,
        hours=None if idea.hours is None else Decimal(idea.hours),
        cost=None if idea.cost is None else Decimal(idea.cost),
        helps=texts.HELPS[idea.format],
        aids=texts.AIDS.get(idea.format, ""),
        practice=texts.PRACTICE.get(idea.format, ""),
        state=measure_state(sketch, due_on, rng),
    )
    if sketch.state != LearningPlan.State.DRAFT:
        measure.keep_names()
    return measure


def measure_state(sketch, due_on, rng):
    """What is due has been done, except now and then: late lately, dropped long ago; nothing in a completed plan waits."""
    drawn, today = rng.random(), timezone.localdate()
    if sketch.state == LearningPlan.State.DRAFT or due_on >= today:
        return Measure.State.PLANNED
    if drawn < IN_TIME:
        return Measure.State.DONE
    late = sketch.state == LearningPlan.State.AGREED and due_on > today - LATELY
    return Measure.State.PLANNED if late else Measure.State.DROPPED


def stated_in_stock_takings(round_):
    """What a shared Bestandsaufnahme says of time and money: {participation id: (hours a month, budget)}."""
    shared = StockTaking.objects.filter(participation__round=round_, shared_at__isnull=False)
    return {pk: said for pk, *said in shared.values_list("participation", "hours_per_month", "budget")}


def add_time_and_money(sketch, stated):
    """A draft: as the person has stated, one that has just begun nothing yet; else mostly enough for the measures."""
    said = stated.get(sketch.course.participation.pk)
    measures = [measure for _, measure in sketch.measures]
    if sketch.state == LearningPlan.State.DRAFT and (said or not sketch.is_complete):
        sketch.plan.hours_per_month, sketch.plan.budget = said or (None, None)
        return
    busiest = max((load.hours for load in hours_by_month([stretch_of(0, one, ()) for one in measures])), default=0)
    sketch.plan.hours_per_month = min(max(LEAST_HOURS, ceil(busiest)), MOST_HOURS)
    sketch.plan.budget = ceil(sum(measure.cost or 0 for measure in measures) / 100) * 100


def add_reviews(sketch, rng):
    """Two on the way and the final one; a draft may have no date yet."""
    if not sketch.is_complete:
        return
    length = (sketch.ends_on - sketch.drawn_up_on).days
    for share in (0.3, 0.6):
        planned_on = working_day_until(sketch.drawn_up_on + timedelta(days=round(length * share)))
        sketch.reviews.append(review_of(sketch, planned_on, rng.choice(texts.REVIEW_NOTES)))
    final = review_of(sketch, sketch.ends_on, rng.choice(texts.FINAL_NOTES))
    final.is_final = True
    if sketch.state != LearningPlan.State.COMPLETED:
        final.held_on, final.notes = None, ""
    sketch.reviews.append(final)


def review_of(sketch, planned_on, notes):
    """Held as planned if the day has come and the plan was agreed."""
    held = sketch.state != LearningPlan.State.DRAFT and planned_on < timezone.localdate()
    return Review(
        plan=sketch.plan, planned_on=planned_on, held_on=planned_on if held else None, notes=notes if held else ""
    )


def date_back(sketches):
    """Give plans the days on which they were drawn up and changed last."""
    days = defaultdict(list)
    for sketch in sketches:
        held = [review.held_on for review in sketch.reviews if review.held_on]
        days[sketch.drawn_up_on, max([sketch.drawn_up_on, *held])].append(sketch.plan.pk)
    for (drawn_up_on, changed_on), pks in days.items():
        LearningPlan.objects.filter(pk__in=pks).update(
            created_at=moment(drawn_up_on), changed_at=moment(changed_on, 14)
        )
