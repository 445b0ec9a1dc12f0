"""Who is named in a learning plan by their whole name, as responsible for a measure and the like, is called there as elsewhere.

In a plan that goes on by the name of today; in one that is completed by a corrected first name (§ 13 SBGG), as in
assessments/changes/following.py.
"""

from collections import defaultdict

from django.db.models import Q

from assessments.changes.following import name_of
from kompetenz import hooks
from kompetenz.people.models import NameChange
from learningplans.models import Goal, LearningPlan, Measure, PlanChange

NAMING = {Measure: ["responsible", "mentor"], Goal: ["seen_by"]}
FIELDS = {field for fields in NAMING.values() for field in fields}


@hooks.register("people_changed")
def follow_into_plans(pairs):
    """Bring the plans of people, and of those whom they manage, up to date; four queries and the writing."""
    people = {now.pk: (before, now) for before, now in pairs if str(before) != str(now)}
    if not people:
        return
    borne = names_borne(people)
    theirs = Q(plan__participation__person__in=people) | Q(plan__participation__manager__in=people)
    for model, fields in NAMING.items():
        named = Q(*((f"{field}__in", list(borne)) for field in fields), _connector=Q.OR)
        rows = held(model.objects.filter(theirs, named))
        for row in rows:
            for field in fields:
                setattr(row, field, called(getattr(row, field), row.plan, people, borne, live=goes_on(row.plan)))
        model.objects.bulk_update(rows, fields)
    changes = held(PlanChange.objects.filter(theirs))
    PlanChange.objects.bulk_update([one for one in changes if follow(one, people, borne)], ["lines", "steps"])


def held(rows):
    """As they are until the transaction ends: what somebody saves in this moment is not replaced by what stood there before."""
    return list(rows.select_related("plan__participation").select_for_update(of=("self",)).order_by("pk"))


def names_borne(people):
    """Whose name each is that one of ``people`` bears or has borne: {name: ids}."""
    found = defaultdict(set)
    for pk, (before, _) in people.items():
        found[str(before)].add(pk)
    for pk, name in NameChange.objects.filter(person__in=people).values_list("person", "from_name"):
        found[name].add(pk)
    return found


def goes_on(plan):
    return plan.state != LearningPlan.State.COMPLETED


def called(text, plan, people, borne, *, live):
    """``text``, or the name of today of the one of the two in this plan who has borne it."""
    row = plan.participation
    who = next((pk for pk in borne.get(text, ()) if pk in (row.person_id, row.manager_id)), None)
    return text if who is None else name_of(text, people[who], live=live)


def follow(change, people, borne):
    """Give a change the names that hold for it; whether that makes it another one. What is answered stays but for first names."""
    live = change.waits and goes_on(change.plan)

    def now(text):
        return called(text, change.plan, people, borne, live=live) if isinstance(text, str) else text

    before = repr((change.lines, change.steps))
    change.lines = [line | {when: now(line[when]) for when in ("before", "after")} for line in change.lines]
    change.steps = [
        step
        | {
            part: {name: now(value) if name in FIELDS else value for name, value in step[part].items()}
            for part in ("values", "was")
            if part in step
        }
        for step in change.steps
    ]
    return repr((change.lines, change.steps)) != before
