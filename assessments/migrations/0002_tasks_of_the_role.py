from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def freeze_in_running_rounds(apps, _):
    """What a role is there for today stands in for the day a running round began; of ended ones nobody knows it."""
    participations = apps.get_model("assessments", "Participation").objects.filter(round__state="open")
    profile = apps.get_model("roles", "RoleProfile").objects.filter(pk=OuterRef("profile"))
    participations.update(role_tasks=Subquery(profile.values("tasks")))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("roles", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="role_tasks",
            field=models.TextField(blank=True, verbose_name="Aufgaben der Rolle"),
        ),
        migrations.RunPython(freeze_in_running_rounds, migrations.RunPython.noop),
    ]
