"""The Lernpfad of a plan: when what is due, how the three Lernformen mix, and what to think about (paper 4.1, 4.3.2)."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from kompetenz.amounts import euros
from kompetenz.text import quoted
from learningplans.models import LearningFormat, Measure
from learningplans.timeline import Mark, Stretch, Timeline, common_end, hours_text, mix, overloaded, share_texts

FORM_NAMES = dict(LearningFormat.LearningForm.choices)


@dataclass(frozen=True)
class LearningPath:
    """The Lernpfad as one reader may see it: what to draw, each Lernform's share in words, and hints that forbid nothing.

    Hints are for those who make the plan, the person and their manager.
    """

    timeline: Timeline
    shares: list[str]
    hints: list[str]


def learning_path(plan, contents):
    """The Lernpfad out of the plan's ``contents``; no query."""
    marks = tuple(
        Mark(review.held_on or review.planned_on, review.kind_name, review.is_final, review.held_on is not None)
        for review in contents.reviews
    )
    stretches = stretches_of(contents.measures)
    timeline = Timeline(stretches, marks, timezone.localdate())
    return LearningPath(timeline, shares_of(stretches), hints_on(plan, contents, stretches) if contents.words else [])


def stretches_of(entries):
    """A plan's MeasureEntries in the picture's rows, numbered as in the plan."""
    return tuple(stretch_of(entry.measure.number, entry.measure, tuple(entry.goals)) for entry in entries)


def stretch_of(number, measure, goals):
    form = measure.format.learning_form
    return Stretch(
        number=number,
        title=measure.title,
        begins=measure.starts_on,
        ends=measure.due_on,
        form=form,
        form_name=FORM_NAMES[form],
        state=measure.state,
        hours=measure.hours,
        goals=goals,
    )


def shares_of(stretches):
    """What each Lernform has of the plan, in words; nothing where no measure counts."""
    return share_texts(mix(stretches, FORM_NAMES)) if any(stretch.counts for stretch in stretches) else []


def hints_on(plan, contents, stretches):
    """Where the plan asks for more time or money than there is, or its days do not fit together."""
    hints = days_at_odds(contents)
    if too_full := overloaded(stretches, plan.hours_per_month):
        months = ", ".join(f"{month_name(load.month)} ({hours_text(load.hours)})" for load in too_full)
        hints.append(f"Zeit zum Lernen im Monat: {hours_text(plan.hours_per_month)}. Mehr ist geplant für {months}.")
    if month := common_end(stretches):
        hints.append(f"Alle Maßnahmen enden im {month_name(month)}. Verteilt bleibt dazwischen Zeit zum Üben.")
    if None not in (plan.budget, contents.totals.cost) and contents.totals.cost > plan.budget:
        hints.append(
            f"Die Maßnahmen kosten zusammen {euros(contents.totals.cost)}. Das Budget ist {euros(plan.budget)}."
        )
    return hints + courses_without_practice(contents)


def courses_without_practice(contents):
    """Courses after which nothing is planned to use what was learnt (paper 4.1); for those who read the words."""
    if not contents.words:
        return []
    kept = [entry for entry in contents.measures if entry.measure.state != Measure.State.DROPPED]
    courses = [entry for entry in kept if entry.measure.format.job == LearningFormat.Job.OFF]
    return [
        f"Nach {quoted(course.measure.title)} ist noch kein Üben bei der Arbeit geplant. Dabei verfestigt sich das Gelernte."
        for course in courses
        if not course.measure.practice and not any(is_practice_after(course, other) for other in kept)
    ]


def is_practice_after(course, other):
    """Whether ``other`` is done near the job, for one of the same goals, and ends no earlier."""
    near = other.measure.format.job != LearningFormat.Job.OFF
    return near and bool(set(course.goals) & set(other.goals)) and other.measure.due_on >= course.measure.due_on


def days_at_odds(contents):
    """Goals that are due after the final review, and measures that end after all their goals."""
    hints = []
    final = next((review.planned_on for review in contents.reviews if review.is_final and not review.held_on), None)
    late = [entry for entry in contents.goals if final and entry.goal.due_on and entry.goal.due_on > final]
    if late:
        goals = goals_in_words(entry.number for entry in late)
        hints.append(f"Das Abschlussgespräch am {date_format(final, 'd.m.Y')} liegt vor dem Termin von {goals}.")
    due = {entry.number: entry.goal.due_on for entry in contents.goals}
    for entry in contents.measures:
        days = [due[number] for number in entry.goals]
        if days and all(days) and entry.measure.due_on > max(days) and entry.measure.state == Measure.State.PLANNED:
            hints.append(
                f"{quoted(entry.measure.title)} endet am {date_format(entry.measure.due_on, 'd.m.Y')}, "
                f"nach dem Termin von {goals_in_words(entry.goals)}."
            )
    return hints


def goals_in_words(numbers):
    return " und ".join(f"Ziel {number}" for number in numbers)


def month_name(day):
    return date_format(day, "F Y")
