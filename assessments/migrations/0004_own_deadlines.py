"""Deadlines and learning plans of participations that began before they had their own columns."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone


def copy_from_rounds(apps, schema_editor):
    Participation = apps.get_model("assessments", "Participation")
    Round = apps.get_model("assessments", "Round")
    of_round = Round.objects.filter(pk=OuterRef("round"))
    fields = ("self_due", "manager_due", "talk_due")
    Participation.objects.update(**{field: Subquery(of_round.values(field)) for field in fields})
    for pk, opened_at in Round.objects.exclude(opened_at=None).values_list("pk", "opened_at"):
        Participation.objects.filter(round=pk).update(admitted_on=timezone.localdate(opened_at))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_running_rounds")]
    operations = [migrations.RunPython(copy_from_rounds, migrations.RunPython.noop)]
