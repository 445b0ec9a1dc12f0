"""What a change writes into an agreed plan, and the same in words: made when it is written down, carried out when it takes effect.

A step is one row: which kind, which one (None for a new one), the values to be written, as JSON keeps them, and what they were.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format, number_format

from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.contents.plan import goal_entries
from learningplans.drafting.goals import rank
from learningplans.models import Goal, LearningPlan, Measure, Offer, Review

KINDS = {"plan": LearningPlan, "goal": Goal, "measure": Measure, "review": Review}
OF_A_PLAN = {"hours_per_month": "Zeit zum Lernen in Stunden je Monat", "budget": "Budget in Euro"}
OF_A_MEASURE = {
    "title": "Titel",
    "format": "Format",
    "offer": "Angebot",
    "mentor": "begleitet von",
    "starts_on": "Beginn",
    "due_on": "Ende",
    "provider": "Anbieter oder Ort",
    "responsible": "verantwortlich",
    "hours": "Zeitbedarf in Stunden",
    "cost": "Kosten in Euro",
    "helps": "Wie hilft die Maßnahme?",
    "aids": "Hilfsmittel",
    "practice": "Üben danach",
    "state": "Stand",
}
UNSAID = ["consented_on"]  # goes with the format, and is the person's own
OF_A_GOAL = {
    "aim": "Vorhaben",
    "to_level": "Zielstufe",
    "specific": "S – spezifisch",
    "measurable": "M – messbar",
    "seen_by": "wer es feststellt",
    "ambitious": "A – anspruchsvoll",
    "realistic": "R – realistisch",
    "due_on": "Termin",
    "priority": "Rang",
}
OF_A_REVIEW = {"planned_on": "Termin", "starts_at": "Uhrzeit", "place": "Ort", "is_final": "Abschlussgespräch"}
ROLE_HAS_CHANGED = "Zielstufe (Anforderung der Rolle hat sich geändert)"
NO_LONGER = "So passt die Änderung nicht mehr zum Lernplan: {}"


@dataclass(frozen=True)
class PlanDifference:
    """One thing that changes, in words: what it is, how it was, how it is to be."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True)
class Wish:
    """What one side wants to be different: in words, and as steps."""

    lines: list[PlanDifference] = field(default_factory=list)
    steps: list[dict] = field(default_factory=list)

    @property
    def rows(self):
        """What it is about, so that nothing else about the same can be written down beside it."""
        return {name for step in self.steps for name in touched_by(step)}


def touched_by(step):
    if step["pk"] is not None:
        yield f"{step['kind']} {step['pk']}"
    elif step["kind"] == "goal":
        yield f"goal for {step['values']['competency']}"
    elif step["values"].get("is_final"):
        yield "final review"


# Writing down --------------------------------------------------------------------------------------


def of_plan(stored, wanted):
    return of_row("plan", "Rahmen", stored, wanted, OF_A_PLAN)


def of_goal(stored, wanted, *, role_has_changed=False):
    """With ``role_has_changed`` a new level is said to follow the role and not the person; the step says so, too."""
    labels = OF_A_GOAL | ({"to_level": ROLE_HAS_CHANGED} if role_has_changed else {})
    wish = of_row("goal", f"Ziel „{competency_of(stored).name}“", stored, wanted, labels)
    said = {"follows_role": True} if role_has_changed else {}
    return Wish(wish.lines, [step | said for step in wish.steps])


def of_review(stored, wanted):
    return of_row("review", stored.kind_name, stored, wanted, OF_A_REVIEW)


def of_measure(stored, wanted, goals):
    """``goals`` are those it is to serve."""
    name = f"Maßnahme {quoted(stored.title)}"
    wish = of_row("measure", name, stored, wanted, OF_A_MEASURE, unsaid=UNSAID)
    before, after = set(stored.goals.values_list("pk", flat=True)), {goal.pk for goal in goals}
    if before == after:
        return wish
    names = names_of_goals(stored.plan)
    lines = [*wish.lines, PlanDifference(f"{name}: Ziele", *(in_order(names, pks) for pks in (before, after)))]
    step = wish.steps[0] if wish.steps else {"kind": "measure", "pk": stored.pk, "values": {}}
    return Wish(lines, [step | {"goals": sorted(after)}])


def of_row(kind, name, stored, wanted, labels, *, unsaid=()):
    """What of these fields ({field: label}) two rows of one kind do not share, named after ``name``."""
    different = [field for field in labels if value_of(stored, field) != value_of(wanted, field)]
    lines = [
        PlanDifference(f"{name}: {labels[field]}", stored_in_words(stored, field), value_in_words(wanted, field))
        for field in different
    ]
    values = {field: value_of(wanted, field) for field in [*different, *unsaid]} | names_of(wanted, different)
    was = {field: value_of(stored, field) for field in different if field != "priority"}  # ranks move with other goals
    return Wish(lines, [{"kind": kind, "pk": stored.pk, "values": values, "was": was}] if different else [])


def new_measure(wanted, goals):
    values = {field: value_of(wanted, field) for field in [*OF_A_MEASURE, *UNSAID]} | names_of(wanted, OF_A_MEASURE)
    name, pks = f"Maßnahme {quoted(wanted.title)}", {goal.pk for goal in goals}
    served = PlanDifference(f"{name} (neu): Ziele", "", in_order(names_of_goals(wanted.plan), pks))
    step = {"kind": "measure", "pk": None, "values": values, "goals": sorted(pks)}
    return Wish([served, *all_of_new(name, wanted, OF_A_MEASURE)], [step])


def names_of(wanted, fields):
    """What a measure's format and offer are called as the other side reads it, if they are among these ``fields``."""
    names = {"format_then": wanted.format.name} if "format" in fields else {}
    if "offer" in fields:
        offer = wanted.offer
        names |= {"offer_then": offer.title if offer else "", "link_then": offer.link if offer else ""}
    return names


def new_goal(wanted):
    told = {field: label for field, label in OF_A_GOAL.items() if field != "priority"}
    values = {field: value_of(wanted, field) for field in ["competency", "from_level", *OF_A_GOAL]}
    return Wish(
        all_of_new(f"Ziel „{competency_of(wanted).name}“", wanted, told),
        [{"kind": "goal", "pk": None, "values": values}],
    )


def all_of_new(name, wanted, labels):
    """A line for each of these fields that is filled in: the other side takes note of nothing unread."""
    filled = [field for field in labels if value_of(wanted, field) not in (None, "")]
    return [PlanDifference(f"{name} (neu): {labels[field]}", "", value_in_words(wanted, field)) for field in filled]


def new_review(wanted):
    """When and where: the name says whether it is the final one."""
    values = {field: value_of(wanted, field) for field in OF_A_REVIEW}
    told = [value_in_words(wanted, name) for name in ("planned_on", "starts_at", "place")]
    line = PlanDifference(f"{wanted.kind_name}", "", f"neu, am {', '.join(filter(None, told))}")
    return Wish([line], [{"kind": "review", "pk": None, "values": values}])


def ending_goal(goal, orphans):
    """The goal is ended, and ``orphans``, its measures still planned that serve no other, are dropped with it."""
    dropped = {"values": {"state": Measure.State.DROPPED.value}, "was": {"state": Measure.State.PLANNED.value}}
    lines = [PlanDifference(f"Ziel „{competency_of(goal).name}“", "verfolgt", "beendet")] + [
        PlanDifference(f"Maßnahme {quoted(one.title)}: Stand", one.get_state_display(), Measure.State.DROPPED.label)
        for one in orphans
    ]
    steps = [{"kind": "goal", "pk": goal.pk, "values": {}, "ends": True}]
    return Wish(lines, steps + [{"kind": "measure", "pk": one.pk, **dropped} for one in orphans])


def reopening(plan):
    stands = LearningPlan.State
    line = PlanDifference("Lernplan", stands.AGREED.label, f"wieder {stands.DRAFT.label}")
    return Wish([line], [{"kind": "plan", "pk": plan.pk, "values": {}, "reopens": True}])


def competency_of(goal):
    return goal.plan.participation.round.catalogue.by_id[goal.competency_id]


def names_of_goals(plan):
    return {entry.goal.pk: entry.competency.name for entry in goal_entries(plan)}


def in_order(names, pks):
    return ", ".join(name for pk, name in names.items() if pk in pks)


def value_of(row, name):
    """The value as JSON keeps it, of a foreign key the id."""
    value = getattr(row, column_of(row, name).attname)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date | time) else value


def column_of(row, name):
    return row._meta.get_field(name)  # noqa: SLF001 - Django's documented way to the fields of a model


def stored_in_words(row, name):
    """The same of what is stored; format and offer as they were called when they were agreed."""
    return getattr(row, f"{name}_then", "") or value_in_words(row, name)


def value_in_words(row, name):
    """A row's value as Germans write it; empty for none."""
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date | time):
        return date_format(value, "d.m.Y") if isinstance(value, date) else f"{value:%H:%M} Uhr"
    if isinstance(value, Decimal):
        return number_format(value.to_integral() if value == value.to_integral() else value, force_grouping=True)
    if name == "to_level":
        return row.to_name
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else str(value)


# Reading back and carrying out ---------------------------------------------------------------------


def with_values(row, step):
    """``row`` with the values of a step, not saved."""
    for name, value in step["values"].items():
        column = column_of(row, name)
        setattr(row, column.attname, column.to_python(value))
    return row


def carry_out(plan, steps):
    """Write the steps into the plan, which the caller holds; answers the rows that it has written.

    Raises Refused where the plan has become another one meanwhile, so that a step fits no more.
    """
    written = []
    for step in steps:
        row = row_of(plan, step)
        if any(value_of(row, name) != value for name, value in step.get("was", {}).items()):
            raise Refused(NO_LONGER.format("Was sie ändert, ist inzwischen ein anderes."))
        if isinstance(row, Measure):
            change_measure(row, step)
        else:
            with_values(row, step)
        if step.get("ends"):
            row.ended_on = timezone.localdate()
        save(plan, row, step)
        written.append(row)
    moved = [row for row in written if isinstance(row, Review)]
    if problem := out_of_place(plan, moved, any(step.get("ends") for step in steps)):
        raise Refused(NO_LONGER.format(problem))
    return written


def change_measure(measure, step):
    """Give it the values of a step, and the names that both have read.

    Raises Refused where it is reported done by now and would begin later.
    """
    measure.forget_names(step["values"])
    with_values(measure, step)
    if "state" in step["values"]:
        measure.state_by = measure.state_for = measure.state_at = None  # the change says who wanted it
    if not Offer.objects.filter(pk=measure.offer_id).exists():
        measure.offer = None  # HR has deleted it since: what both have read of it stays
    measure.keep_names()
    if measure.is_done and measure.begins_later:
        raise Refused(
            NO_LONGER.format(f"{quoted(measure.title)} ist durchgeführt und kann nicht erst später beginnen.")
        )


def out_of_place(plan, moved, goals_ended):
    """What two changes beside each other have brought out of its place, in words: each was right when it was written."""
    for review in moved:
        if problem := review.out_of_order(plan.reviews.exclude(pk=review.pk)):
            return problem
    serving = Goal.objects.pursued().filter(measures=OuterRef("pk"))
    left = plan.measures.planned().filter(~Exists(serving)).first() if goals_ended else None
    return f"Die Maßnahme {quoted(left.title)} dient dann keinem Ziel mehr." if left else ""


def row_of(plan, step):
    model = KINDS[step["kind"]]
    if model is LearningPlan:
        return plan
    if step["pk"] is None:
        return model(plan=plan)
    row = model.objects.filter(plan=plan, pk=step["pk"]).first()
    if row is None:
        raise Refused(NO_LONGER.format("Was sie ändert, gibt es nicht mehr."))
    row.plan = plan
    if isinstance(row, Review) and row.held_on:
        raise Refused(NO_LONGER.format("Das Gespräch ist schon geführt."))
    if isinstance(row, Goal) and row.ended_on:
        raise Refused(NO_LONGER.format("Das Ziel ist schon beendet."))
    return row


def save(plan, row, step):
    try:
        row.full_clean(exclude=["format", "offer"])
    except ValidationError as problem:
        raise Refused(NO_LONGER.format(" ".join(problem.messages))) from problem
    if isinstance(row, Goal):
        in_rank(plan, row, step["values"].get("priority"))
    else:
        row.save()
    if "goals" in step:
        goals = list(plan.goals.pursued().filter(pk__in=step["goals"]))
        if not goals:
            raise Refused(NO_LONGER.format("Die Ziele der Maßnahme sind beendet."))
        row.goals.set(goals)


def in_rank(plan, goal, wanted):
    """Save the goal and number those that are pursued: this one at ``wanted``, or else where it was, a new one last."""
    others = list(plan.goals.pursued().exclude(pk=goal.pk))
    place = len(others) if wanted is None and goal.pk is None else (wanted or goal.priority) - 1
    goal.save()
    if goal.ended_on is None:
        others.insert(place, goal)
    rank(others)
