"""What a participation repeats of people and units follows them: who is called what, and works where.

In a running round, and while its learning plan goes on, everybody bears the name of today. In one that has ended a family
name stays as it was; a corrected first name holds there, too (§ 13 SBGG). What somebody was called on the day a paper was
signed, people.NameChange keeps.
"""

from django.db.models import Count, Q

from assessments.models import HandOver, Participation, Round
from assessments.rounds.opening import BATCH
from kompetenz import hooks
from kompetenz.people.names import sort_key

FIELDS = ["person_name", "sort_key", "unit", "unit_name", "manager_name"]


@hooks.register("people_changed")
def follow_people(pairs):
    """Bring participations and hand-overs up to date with people as (before, now); four queries and the writing."""
    people = {now.pk: (before, now) for before, now in pairs}
    rows = Participation.with_entering.filter(Q(person__in=people) | Q(manager__in=people)).select_related("round")
    # of: the participations, by id, as everybody locks them; their round is only read along.
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        follow(row, people)
    Participation.with_entering.bulk_update(rows, FIELDS, BATCH)
    hand_overs = HandOver.objects.filter(Q(from_person__in=people) | Q(to_person__in=people))
    hand_overs = list(hand_overs.select_related("participation__round").order_by("pk"))
    for one in hand_overs:
        live = one.participation.is_followed
        one.from_name = name_of(one.from_name, people.get(one.from_person_id), live=live)
        one.to_name = name_of(one.to_name, people.get(one.to_person_id), live=live)
    HandOver.objects.bulk_update(hand_overs, ["from_name", "to_name"], BATCH)


@hooks.register("in_running_rounds")
def in_running_rounds():
    """In how many rounds under way each person takes part."""
    rows = Participation.objects.taking_part().filter(round__in=Round.objects.under_way())
    return dict(rows.order_by().values_list("person").annotate(Count("pk")))


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
