"""A process of its own: writes rows as the first migrations knew them, migrates on, and prints as JSON what has become of them.

The database is DATABASE_URL's, and empty. See tests/kompetenz/people/test_installation.py.
"""

import json
from datetime import UTC, date, datetime

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FIRST = [("assessments", "0001_initial"), ("learningplans", "0001_initial"), ("letters", "0001_initial")]
DAY, MOMENT = date(2026, 9, 1), datetime(2026, 9, 1, 8, tzinfo=UTC)
DUE = dict.fromkeys(("self_due", "manager_due", "talk_due"), DAY)
RELEASED_BEFORE = {"self_state": 2, "manager_state": 2}


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def write(apps):
    """Four who have come differently far, two of them in a round that has ended; the ids of their participations."""

    def make(model, **fields):
        return apps.get_model(model).objects.create(**fields)

    manager = make("people.Person", first_name="Bernd", last_name="Boss", sort_key="boss, bernd")
    profile = make("roles.RoleProfile", name="Lotse", tasks="Lotsen\nHelfen")
    state = {"open": {"state": "open"}, "closed": {"state": "closed", "closed_at": MOMENT}}
    edition = make("catalogue.Edition", digest="0" * 32, content={})
    about = {"edition": edition, "opened_at": MOMENT, **DUE}
    rounds = {name: make("assessments.Round", title=name, **about, **state[name]) for name in state}
    found = {}
    for name, round_, more in (
        ("answered", "open", {"talk_state": 2, "plan_state": 2, **RELEASED_BEFORE}),
        ("recorded", "open", {"talk_state": 2, **RELEASED_BEFORE}),
        ("typed_in", "open", {"self_state": 2}),
        ("ended", "closed", {"talk_state": 3, "plan_state": 3, **RELEASED_BEFORE}),
    ):
        person = make(
            "people.Person", first_name=name, last_name="O'Neill", sort_key=f"o'neill, {name}", manager=manager
        )
        found[name] = row = make(
            "assessments.Participation",
            round=rounds[round_],
            person=person,
            manager=manager,
            profile=profile,
            person_name=f"{name} O'Neill",
            sort_key=person.sort_key,
            role_name="Lotse",
            manager_name="Bernd Boss",
            admitted_on=DAY,
            **DUE,
            **more,
        )
        typed = {"entered_on": DAY, "entered_by": manager} if name == "typed_in" else {}
        make("assessments.Assessment", participation=row, kind="self", rater=person, released_at=MOMENT, **typed)
        if name != "typed_in":
            make("assessments.Assessment", participation=row, kind="manager", rater=manager, released_at=MOMENT)
            talk = make("assessments.Talk", participation=row, held_on=DAY, recorded_at=MOMENT)
            sides = {"recorded": ["manager"]}.get(name, ["manager", "person"])
            for side in sides:
                make("assessments.Acknowledgement", talk=talk, side=side, by=manager if side == "manager" else person)
    write_plans(make, found)
    return {name: row.pk for name, row in found.items()}


def write_plans(make, found):
    """An agreed plan and a completed one, each with a measure and a change."""
    kind = make("learningplans.LearningFormat", name="Seminar", key="seminar", order=1)
    both = {"agreed_by_person_on": DAY, "agreed_by_manager_on": DAY}
    for name, more in (("answered", {"state": "agreed"}), ("ended", {"state": "completed", "completed_on": DAY})):
        plan = make("learningplans.LearningPlan", participation=found[name], **both, **more)
        make("learningplans.Measure", plan=plan, title="Kurs", due_on=DAY, responsible="Bernd", format=kind)
        about = {"subject": "Kurs", "before": "Mai", "after": "Juni", "reason": "Voll", "changed_on": DAY}
        make("learningplans.PlanChange", plan=plan, changed_by=found[name].person, **about)


def read(apps, found):
    """What each participation, its paper and its plan say today."""
    told = {}
    for name, pk in found.items():
        row = apps.get_model("assessments.Participation").objects.get(pk=pk)
        own = apps.get_model("assessments.Assessment").objects.get(participation=row, kind="self")
        told[name] = {
            "tasks": row.role_tasks,
            "states": [row.self_state, row.manager_state, row.talk_state],
            "released": own.released_at is not None,
            "key": row.sort_key,
        }
        for plan in apps.get_model("learningplans.LearningPlan").objects.filter(participation=row):
            measure, change = plan.measures.get(), plan.changes.get()
            told[name]["measure"] = [measure.format_then, measure.booking.state]
            told[name]["change"] = [change.lines, change.written_side, str(change.took_effect_on)]
    return told


if __name__ == "__main__":
    django.setup()
    rows = write(migrate(FIRST))
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    after = migrate(leaves)
    connection.check_constraints()
    print(json.dumps(read(after, rows)))  # noqa: T201 - for the test that has started it
