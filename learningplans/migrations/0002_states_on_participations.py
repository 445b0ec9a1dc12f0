"""Participations repeat how far their learning plan has come; those that have one already are brought into step."""

from django.db import migrations


def copy_to_participations(apps, schema_editor):
    LearningPlan = apps.get_model("learningplans", "LearningPlan")
    Participation = apps.get_model("assessments", "Participation")
    for progress, state in enumerate(("draft", "agreed", "completed"), start=1):
        plans = LearningPlan.objects.filter(state=state)
        Participation.objects.filter(pk__in=plans.values("participation")).update(plan_state=progress)


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0001_initial"), ("assessments", "0004_own_deadlines")]
    operations = [migrations.RunPython(copy_to_participations, migrations.RunPython.noop)]
