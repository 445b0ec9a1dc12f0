"""Which competencies measures serve, as far as HR may know: those that the offer names, or the goals' where the round shows HR levels."""

from learningplans.models import Goal, Offer


def named_by_offers():
    """By offer; one query."""
    rows = Offer.competencies.through.objects.order_by("competency__category__order", "competency__order", "pk")
    return together(rows.values_list("offer", "competency__name"))


def named_by_goals(**measures):
    """By measure of those for which this holds, of goals that are pursued; one query."""
    conditions = {f"measure__{name}": value for name, value in measures.items()}
    rows = Goal.measures.through.objects.filter(goal__ended_on=None, **conditions)
    return together(rows.order_by("goal__priority", "goal").values_list("measure", "goal__competency__name"))


def together(rows):
    found = {}
    for pk, name in rows:
        found.setdefault(pk, {})[name] = None  # each once, in order
    return {pk: "; ".join(names) for pk, names in found.items()}
