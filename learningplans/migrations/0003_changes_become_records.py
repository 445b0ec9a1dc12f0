"""Every change that was made before changes were answered becomes one record of one line, in force since its day."""

from datetime import datetime, time

from django.db import migrations
from django.utils import timezone


def one_line_each(apps, _):
    changes = apps.get_model("learningplans", "PlanChange").objects.select_related("plan__participation")
    for change in changes.iterator():
        participation = change.plan.participation
        change.lines = [{"subject": change.subject, "before": change.before, "after": change.after}]
        change.written_by_id = change.changed_by_id
        if change.changed_by_id:
            change.written_side = "person" if change.changed_by_id == participation.person_id else "manager"
        change.written_at = timezone.make_aware(datetime.combine(change.changed_on, time(12)))
        change.took_effect_on = change.changed_on
        change.save(update_fields=["lines", "written_by", "written_side", "written_at", "took_effect_on"])


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0002_records_of_two")]

    operations = [migrations.RunPython(one_line_each, migrations.RunPython.noop)]
