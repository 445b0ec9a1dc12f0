"""What a year may cost and what of it is planned, booked and spent, by who pays (paper 4.3.1: what can be invested)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from kompetenz.amounts import euros
from kompetenz.people.models import Unit
from kompetenz.people.tree import read_tree
from kompetenz.prepared import prepared
from learningplans.models import Booking, TrainingBudget

from .adding_up import FoundInYear
from .narrowing import YearNarrowing

State = Booking.State
PARTS = {  # in the order in which money becomes certain
    State.DONE: "ausgegeben",
    State.BOOKED: "gebucht",
    State.APPLIED: "beantragt",
    State.PROPOSED: "vorgeschlagen",
}
SHADES = {State.DONE: 3, State.BOOKED: 2, State.APPLIED: 1, State.PROPOSED: 0}
WHOLE = "Ganze Verwaltung"
REST = "Alle übrigen Einheiten"


@dataclass
class BudgetLine:
    """What one unit, with all beneath it that have no budget of their own, may spend in a year and what it does.

    ``amount`` is None where no budget is set. ``costs`` by state; ``held`` of them is what is paid for measures whose plans are
    drafts again, of which HR reads nothing else.
    """

    name: str
    amount: Decimal | None = None
    costs: dict = field(default_factory=Counter)
    depth: int = 0
    budget: TrainingBudget | None = None
    held: Decimal = Decimal(0)

    def hold(self, rows):
        """Count what FoundInYear.held has."""
        for row in rows:
            self.costs[row["state"]] += row["sum_cost"] or 0
            self.held += row["sum_cost"] or 0

    @property
    def planned(self):
        """All that is not dropped."""
        return sum(self.costs.values(), Decimal(0))

    @property
    def free(self):
        """What is left if all that is planned comes to be; below zero it is too much."""
        return None if self.amount is None else self.amount - self.planned

    @property
    def is_over(self):
        return self.free is not None and self.free < 0

    @cached_property
    def parts(self):
        """Each part of the bar: its name, euros, shade, where it begins and how wide it is, in hundredths of the whole."""
        whole = max(self.amount or Decimal(0), self.planned)
        found, begins = [], Decimal(0)
        for state, name in PARTS.items():
            cost = self.costs.get(state, Decimal(0))
            width = round(cost * 100 / whole, 2) if whole else Decimal(0)
            place = {"begins": str(begins), "width": str(width), "shade": str(SHADES[state])}
            told = {"name": name, "cost": cost, "told": euros(cost, 0), "is_hatched": not SHADES[state]}
            found.append(place | told)
            begins += width
        return found


def lines_of(year, user):
    """A line for all together, for each unit with a budget of its own, and for the others; three queries, and the sums."""
    budgets = {one.unit_id: one for one in TrainingBudget.objects.visible_to(user).of(year)}
    tree = read_tree()
    names = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=[pk for pk in budgets if pk])}
    lines = {pk: line_for(pk, budgets, names, tree) for pk in [pk for pk in tree.depths if pk in budgets] + [None]}
    of_year = FoundInYear(YearNarrowing(year), user)
    for row in of_year.summed("unit"):
        if row["state"] in PARTS:
            lines[payer(row["unit"], budgets, tree.parents)].costs[row["state"]] += row["sum_cost"] or 0
    for row in of_year.held():
        lines[payer(row["unit"], budgets, tree.parents)].hold([row])
    found = list(lines.values())
    if len(found) == 1:
        return [replace(found[0], name=WHOLE, depth=0)]
    amounts = [line.amount for line in found if line.amount is not None]
    whole = BudgetLine(WHOLE, sum(amounts) if amounts else None, held=sum(line.held for line in found))
    for line in found:
        whole.costs.update(line.costs)
    return [whole, *found]


def line_for(unit, budgets, names, tree):
    budget = budgets.get(unit)
    return BudgetLine(names.get(unit, REST), budget and budget.amount, Counter(), tree.depths.get(unit, 0), budget)


def payer(unit, budgets, parents):
    """The nearest unit upwards with a budget of its own; None where all others' pays."""
    while unit is not None and unit not in budgets:
        unit = parents.get(unit)
    return unit


def whole_of(of_year, totals):
    """The line of all together, from what a FoundInYear adds up to; one query."""
    amounts = amounts_of(of_year.user, of_year.narrowing.year)
    line = BudgetLine(
        WHOLE, sum(amounts) if amounts else None, Counter({state: totals.costs[state] for state in PARTS})
    )
    line.hold(of_year.held())
    return line


@prepared
def amounts_of(user, year):
    return TrainingBudget.objects.visible_to(user).of(year).values_list("amount", flat=True)
