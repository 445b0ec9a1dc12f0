"""Units by name where there are hundreds and nothing else of them is wanted; see also UnitQuerySet.in_tree_order."""

from .models import Unit


def named_units():
    """(id, "10.1 Digitalisierung") of every unit in the order of their tree, indented; one query, no model is made."""
    children = {}
    for pk, parent, number, name in Unit.objects.values_list("pk", "parent", "number", "name"):
        children.setdefault(parent, []).append((pk, f"{number} {name}"))
    named, waiting = [], [("", unit) for unit in reversed(children.get(None, []))]
    while waiting:
        indent, (pk, name) = waiting.pop()
        named.append((pk, indent + name))
        waiting.extend((indent + "\N{EM SPACE}", child) for child in reversed(children.get(pk, [])))
    return named
