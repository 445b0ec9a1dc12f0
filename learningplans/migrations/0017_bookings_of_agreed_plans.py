from django.db import migrations

BATCH = 1000
STATES = {"done": "done", "dropped": "cancelled"}


def propose_what_is_agreed(apps, _):
    """Every measure of a plan that is no draft gets its booking; nobody of HR has said anything of it."""
    measure_model, booking_model = (apps.get_model("learningplans", name) for name in ("Measure", "Booking"))
    rows = measure_model.objects.exclude(plan__state="draft").select_related(
        "offer", "plan__participation__round", "plan__participation__person"
    )
    waiting = []
    for measure in rows.order_by("pk").iterator(chunk_size=BATCH):
        waiting.append(booking_model(**said_of(measure)))
        if len(waiting) == BATCH:
            booking_model.objects.bulk_create(waiting)
            waiting = []
    booking_model.objects.bulk_create(waiting)


def said_of(measure):
    plan, offer, day = measure.plan, measure.offer, measure.starts_on or measure.due_on
    ended = "cancelled" if plan.state == "completed" else "proposed"
    return {
        "measure": measure,
        "state": STATES.get(measure.state, ended),
        "year": day.year,
        "quarter": (day.month - 1) // 3 + 1,
        "begins_on": day,
        "unit_id": plan.participation.person.unit_id,
        "format_id": measure.format_id,
        "offer_id": measure.offer_id,
        "hours": measure.hours if measure.hours is not None else offer and offer.hours,
        "cost": measure.cost if measure.cost is not None else offer and offer.cost,
        "shows_goals": plan.participation.round.shows_levels_to_hr,
    }


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0016_bookings")]

    operations = [migrations.RunPython(propose_what_is_agreed, migrations.RunPython.noop)]
