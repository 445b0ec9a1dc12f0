"""Whom a publication counts, the groups they form, and what each group has in one competency.

Counted is who has an agreed Ist: the person has taken note of the record of their talk. From then on neither it nor their Soll
changes, so that what is published of somebody once is the same ever after.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.models import AgreedLevel, Participation, Target
from kompetenz.people.models import Unit
from learningplans.models import Booking, Measure

from .models import PublishedGroup
from .suppression import Group, cell, response_in_words, rolled_up, shown

ALL = "Alle"
Kind = PublishedGroup.Kind


@dataclass(frozen=True)
class Part:
    """A group as it is published, and who belongs to it; ``depth`` is how many shown units stand above it."""

    kind: str
    name: str
    people: frozenset[int]  # ids of participations
    unit: int | None = None
    profile: int | None = None
    depth: int = 0
    tells_measures: bool = False

    @property
    def key(self):
        return f"{self.kind} {self.unit or self.profile or ''}"

    def as_json(self):
        return vars(self) | {"people": len(self.people)}


def counted(round_):
    """Participations of a round with an agreed Ist."""
    return Participation.objects.taking_part().with_agreed_levels().filter(round=round_).order_by()


def parts_of(round_):
    """Everybody counted, units with all below them in the order of the tree, roles; none twice, and none of which all are; two queries."""
    rows = list(counted(round_).values_list("pk", "unit", "profile", "role_name"))
    everybody = frozenset(pk for pk, *_ in rows)
    roles, names = defaultdict(set), {}
    for pk, _, profile, name in rows:
        roles[profile].add(pk)
        names[profile] = name
    of_roles = [Part(Kind.ROLE, names[pk], frozenset(people), profile=pk) for pk, people in roles.items()]
    parts = [*units_with_people(rows), *sorted(of_roles, key=lambda part: part.name)]
    return [Part(Kind.ALL, ALL, everybody), *(part for part in parts if part.people != everybody)]


def units_with_people(rows):
    """Units with somebody in or below them, each above those below it; of some with the same people the lowest."""
    units = {
        pk: (above, f"{number} {name}")
        for pk, above, number, name in Unit.objects.values_list("pk", "parent", "number", "name")
    }
    people, below = defaultdict(set), defaultdict(list)
    for pk, (above, _) in units.items():
        below[above].append(pk)
    for pk, lowest, *_ in rows:
        unit = lowest
        while unit is not None:
            people[unit].add(pk)
            unit = units[unit][0]
    found, waiting = [], below[None][::-1]
    while waiting:
        unit = waiting.pop()
        waiting += below[unit][::-1]
        if people[unit] and not any(people[one] == people[unit] for one in below[unit]):
            found.append(Part(Kind.UNIT, units[unit][1], frozenset(people[unit]), unit=unit))
    return found


def response_of(round_, k):
    """(name, depth, how many of those who take part have an agreed Ist, in words) of units; three queries.

    By rules 1 and 2 of suppression.py, for those who take part.
    """
    rows = list(Participation.objects.taking_part().filter(round=round_).order_by().values_list("pk", "unit"))
    agreed = set(counted(round_).values_list("pk", flat=True))
    everybody = Part(Kind.ALL, ALL, frozenset(pk for pk, _ in rows))
    parts = [everybody, *(part for part in units_with_people(rows) if part.people != everybody.people)]
    kept = {one.key for one in shown([Group(part.key, frozenset(map(str, part.people))) for part in parts], k=k)}
    units = with_depths([part for part in parts if part.kind == Kind.UNIT and part.key in kept])
    return [(one.name, one.depth, response_in_words(len(one.people & agreed), len(one.people))) for one in units]


OTHER_FORMATS = "übrige Formate"
HALF = Decimal("0.5")  # and more is one more, as everybody rounds


def effort_of(round_, k):
    """(name, measures, hours, euros) of the formats of a round's measures, those of few people together; one query.

    All as in the training plan: none of what falls away; what is booked, whatever has become of its plan.
    """
    found = defaultdict(list)
    rows = Booking.objects.that_cost().filter(measure__plan__participation__round=round_)
    in_order = rows.order_by("format__order", "format", "pk")
    for name, person, *terms in in_order.values_list("format__name", "measure__plan__participation", "hours", "cost"):
        found[name].append((person, *(term or 0 for term in terms)))
    bundles = rolled_up({name: frozenset(person for person, *_ in some) for name, some in found.items()}, k=k)
    told = []
    for names in bundles:
        some = [one for name in names for one in found[name]]
        hours, euros = (int(sum(one[at] for one in some) + HALF) for at in (1, 2))
        told.append((names[0] if len(names) == 1 else OTHER_FORMATS, len(some), hours, euros))
    return told


def mark(key, participation):
    """By what a later publication of the same round knows a participation again."""
    return hmac.new(key.encode(), str(participation).encode(), hashlib.sha256).hexdigest()[:20]


def parts_to_show(parts, *, k, key, earlier):
    """Those of ``parts`` whose numbers may be shown beside the ``earlier`` sets of marks, with their depth."""
    marks = {pk: mark(key, pk) for pk in parts[0].people}
    groups = [Group(part.key, frozenset(marks[pk] for pk in part.people)) for part in parts]
    kept = {group.key for group in shown(groups, k=k, earlier=earlier)}
    return with_depths([part for part in parts if part.key in kept])


def telling_measures(parts, planned, k):
    """The parts, each with whether it is told how many of those below have a measure.

    HR reads by name who has agreed measures, ``planned``, and not what for: whatever is told is told of these alone, and so they are
    what rules 1 and 2 ask.
    """
    groups = [Group(part.key, frozenset(str(pk) for pk in part.people & planned)) for part in parts]
    kept = {group.key for group in shown(groups, k=k)}
    return [replace(part, tells_measures=part.key in kept) for part in parts]


def with_agreed_measures(round_):
    """Ids of participations; one query."""
    return set(Measure.objects.agreed_in(round_).values_list("plan__participation", flat=True))


def with_depths(parts):
    found, above = [], []
    for part in parts:
        while above and not part.people < above[-1].people:
            above.pop()
        if part.kind == Kind.UNIT:
            found.append(replace(part, depth=len(above)))
            above.append(part)
        else:
            found.append(part)
    return found


def atoms_of(parts):
    """Who belongs to the same of these: (places of the parts, ids of participations)."""
    places = defaultdict(list)
    for place, part in enumerate(parts):
        for pk in part.people:
            places[pk].append(place)
    atoms = defaultdict(list)
    for pk, belongs in places.items():
        atoms[tuple(belongs)].append(pk)
    return [[list(belongs), sorted(people)] for belongs, people in sorted(atoms.items())]


def cells_of(round_, competency, atoms, tells_measures):
    """For each part what is told of one competency, as JSON, and how many people were found; three queries.

    ``tells_measures`` has for each part whether it is told of measures. A Soll that is not there is none: 0.
    """
    number_of_parts = len(tells_measures)
    targets = dict(
        Target.objects.filter(participation__round=round_, competency=competency).values_list("participation", "level")
    )
    levels = dict(
        AgreedLevel.objects.filter(talk__participation__round=round_, competency=competency)
        .exclude(level=None)
        .values_list("talk__participation", "level")
    )
    measured = set(
        Measure.objects.agreed_in(round_).for_competency(competency).values_list("plan__participation", flat=True)
    )
    pairs, with_measure = [Counter() for _ in range(number_of_parts)], [0] * number_of_parts
    found = 0
    for places, people in atoms:
        known = {pk: (targets.get(pk, 0), levels[pk]) for pk in people if pk in levels}
        alike = Counter(known.values())
        helped = sum(1 for pk, (target, level) in known.items() if level < target and pk in measured)
        found += alike.total()
        for place in places:
            pairs[place] += alike
            with_measure[place] += helped
    on_scale = len(round_.catalogue.levels)
    helped_in = [helped if tells else None for helped, tells in zip(with_measure, tells_measures, strict=True)]
    cells = [cell(one, on_scale, with_measure=helped) for one, helped in zip(pairs, helped_in, strict=True)]
    return [[list(one.relations), list(one.levels), list(one.measures)] for one in cells], found
