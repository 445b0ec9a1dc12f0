"""What a participation repeats of people and units follows them: who is called what, and works where.

In a running round, and while its learning plan goes on, everybody bears the name of today. In one that has ended a family
name stays as it was; a corrected first name holds there, too (§ 13 SBGG). What somebody was called on the day a paper was
signed, people.NameChange keeps.
"""

from django.db.models import Q

from assessments.models import HandOver, Participation, Round
from assessments.rounds.opening import BATCH
from kompetenz import hooks
from kompetenz.people.names import sort_key

OWN = ["person_name", "sort_key"]
SHARED = ["unit_id", "unit_name", "manager_name"]  # by many


@hooks.register("people_changed")
def follow_people(pairs):
    """Bring participations and hand-overs up to date with people as (before, now); four queries and the writing."""
    people = {now.pk: (before, now) for before, now in pairs}
    rows = Participation.with_entering.filter(Q(person__in=people) | Q(manager__in=people)).select_related("round")
    # of: the participations, by id, as everybody locks them; their round is only read along.
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    before = {row.pk: values_of(row) for row in rows}
    for row in rows:
        follow(row, people)
    write_what_differs(rows, before)
    hand_overs = HandOver.objects.filter(Q(from_person__in=people) | Q(to_person__in=people))
    hand_overs = list(hand_overs.select_related("participation__round").order_by("pk"))
    named = {one.pk: (one.from_name, one.to_name) for one in hand_overs}
    for one in hand_overs:
        live = one.participation.is_followed
        one.from_name = name_of(one.from_name, people.get(one.from_person_id), live=live)
        one.to_name = name_of(one.to_name, people.get(one.to_person_id), live=live)
    differing = [one for one in hand_overs if (one.from_name, one.to_name) != named[one.pk]]
    HandOver.objects.bulk_update(differing, ["from_name", "to_name"], BATCH)


def values_of(row):
    return {field: getattr(row, field) for field in (*OWN, *SHARED)}


def write_what_differs(rows, before):
    """Write of each participation what has changed, and what many share in one statement: a manager's people bear one name of theirs."""
    changed = [
        (row, {field for field, value in before[row.pk].items() if getattr(row, field) != value}) for row in rows
    ]
    Participation.with_entering.bulk_update([row for row, fields in changed if fields & set(OWN)], OWN, BATCH)
    for field in SHARED:
        by_value = {}
        for row in [row for row, fields in changed if field in fields]:
            by_value.setdefault(getattr(row, field), []).append(row.pk)
        for value, found in by_value.items():
            Participation.with_entering.filter(pk__in=found).update(**{field: value})


def follow_again(participation):
    """A participation whose round has ended bears the names of today again, with its hand-overs, for a learning plan begins now.

    Four queries.
    """
    rows = Participation.objects.select_related("round", "person", "manager").select_for_update(of=("self",))
    row = rows.get(pk=participation.pk)
    if row.round.is_under_way:
        return
    row.person_name, row.sort_key = str(row.person), row.person.sort_key
    row.manager_name = str(row.manager or row.manager_name)
    row.save(update_fields=[*OWN, "manager_name"])
    for one in row.hand_overs.select_related("from_person", "to_person"):
        one.from_name, one.to_name = str(one.from_person or one.from_name), str(one.to_person or one.to_name)
        one.save(update_fields=["from_name", "to_name"])


@hooks.register("in_running_rounds")
def in_running_rounds():
    """Who takes part in a round under way, once for each, not read yet."""
    rows = Participation.objects.taking_part().filter(round__in=Round.objects.under_way())
    return rows.order_by().values("person_id")


def follow(row, people):
    """Give one participation the names and the unit that hold for it now; saves nothing."""
    live = row.is_followed
    if row.person_id in people:
        before, now = people[row.person_id]
        family = row.person_name.removeprefix(f"{before.first_name} ")
        row.person_name = name_of(row.person_name, people[row.person_id], live=live)
        if live:
            row.sort_key = now.sort_key
        elif family != row.person_name:
            row.sort_key = sort_key(f"{family}, {now.first_name}")
        if row.round.is_under_way:
            row.unit, row.unit_name = now.unit, str(now.unit or "")
    row.manager_name = name_of(row.manager_name, people.get(row.manager_id), live=live)


def name_of(name, change, *, live):
    """How somebody who bore ``name`` is called now; ``change`` is who they are, before and now, or None."""
    if change is None:
        return name
    before, now = change
    if live:
        return str(now)
    first = f"{before.first_name} "
    return f"{now.first_name} {name.removeprefix(first)}" if name.startswith(first) else name


@hooks.register("units_changed")
def follow_units(units):
    """Give running rounds the numbers and names that these units have now; one query and the writing."""
    names = {unit.pk: str(unit) for unit in units}
    rows = Participation.with_entering.filter(round__in=Round.objects.under_way(), unit__in=names)
    rows = [row for row in rows.select_for_update(of=("self",)).order_by("pk") if row.unit_name != names[row.unit_id]]
    for row in rows:
        row.unit_name = names[row.unit_id]
    Participation.with_entering.bulk_update(rows, ["unit_name"], BATCH)
