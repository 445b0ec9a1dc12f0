"""The tree of units where there are hundreds: read once as plain values, of which a page shows a part."""

from dataclasses import dataclass

from .models import Unit


@dataclass(frozen=True)
class Tree:
    """All units in the order of their tree, each before those beneath it; ``depths`` are 0 at the top."""

    depths: dict[int, int]
    parents: dict[int, int | None]

    def added_up(self, numbers, nothing):
        """For each unit what ``numbers`` say of it and of all beneath it; ``nothing`` is what they say of none."""
        sums = dict.fromkeys(self.depths, nothing) | {pk: numbers[pk] for pk in self.depths if pk in numbers}
        for pk in reversed(self.depths):  # those beneath come before
            parent = self.parents[pk]
            if parent is not None and sums[pk] is not nothing:
                sums[parent] = tuple(map(sum, zip(sums[parent], sums[pk], strict=True)))
        return sums

    def names(self):
        """The name of every unit; one query."""
        return {unit.pk: str(unit) for unit in Unit.objects.only("number", "name")}

    def top_two(self, unit, names):
        """The names of the Dezernat and of the Amt to which ``unit`` belongs: the two uppermost beneath the whole administration.

        Where one unit stands above all others it is the administration itself, and counts only where there is nothing else.
        """
        path = []
        while unit is not None:
            path.append(unit)
            unit = self.parents[unit]
        if len(path) > 1 and sum(parent is None for parent in self.parents.values()) == 1:
            path.pop()
        upper = [names[pk] for pk in reversed(path)][:2]
        return (*upper, None, None)[:2]

    def shown(self, page):
        """The units of a page of ids, each with its ``depth``; one query."""
        found = Unit.objects.in_bulk(list(page))
        for pk, unit in found.items():
            unit.depth = self.depths[pk]
        return [found[pk] for pk in page if pk in found]


def read_tree():
    """The Tree as it is; one query."""
    parents = dict(Unit.objects.order_by("number").values_list("pk", "parent"))
    return Tree(depths_of(parents), parents)


def in_tree_order(units):
    """All units of a small administration, each before those beneath it, and with its ``depth``."""
    found = {unit.pk: unit for unit in units}
    depths = depths_of({pk: unit.parent_id for pk, unit in found.items()})
    for pk, unit in found.items():
        unit.depth = depths[pk]
    return [found[pk] for pk in depths]


def depths_of(parents):
    """The depth of each unit in the order of the tree; ``parents`` are all units, in the order of those side by side."""
    children, depths = {}, {}
    for pk, parent in parents.items():
        children.setdefault(parent, []).append(pk)
    waiting = [(pk, 0) for pk in reversed(children.get(None, []))]
    while waiting:
        pk, depth = waiting.pop()
        depths[pk] = depth
        waiting.extend((child, depth + 1) for child in reversed(children.get(pk, [])))
    return depths
