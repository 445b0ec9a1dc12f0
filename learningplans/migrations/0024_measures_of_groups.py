from django.db import migrations, models


def measures_that_a_yes_has_brought(apps, _):
    """They bear the group's title, unless the two have changed it since."""
    measures = apps.get_model("learningplans", "Measure").objects
    places = apps.get_model("learningplans", "GroupPlace").objects
    brought = places.filter(answer="accepted", change__took_effect_on__isnull=False)
    for place in brought.select_related("goal", "group"):
        place.measure = measures.filter(plan=place.goal.plan_id, title=place.group.title).order_by("pk").first()
        place.save(update_fields=["measure"])


class Migration(migrations.Migration):

    dependencies = [
        ("learningplans", "0023_refresh_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="groupplace",
            name="measure",
            field=models.ForeignKey(blank=True, null=True, on_delete=models.deletion.SET_NULL, related_name="+", to="learningplans.measure"),
        ),
        migrations.RunPython(measures_that_a_yes_has_brought, migrations.RunPython.noop),
    ]
