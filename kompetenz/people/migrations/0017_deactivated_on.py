"""Whoever is not active has been so since today at the latest: from now on their period counts."""

from django.db import migrations, models
from django.utils import timezone


def count_from_today(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.filter(is_active=False, deactivated_on=None)
    people.update(deactivated_on=timezone.localdate())


class Migration(migrations.Migration):
    dependencies = [("people", "0016_right_changes")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="deactivated_on",
            field=models.DateField(editable=False, null=True, verbose_name="deaktiviert am"),
        ),
        migrations.RunPython(count_from_today, migrations.RunPython.noop, elidable=True),
    ]
