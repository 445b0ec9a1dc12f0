from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def completed_plans_keep_the_names_of_today(apps, _):
    """What they were called when the plan was completed, nobody knows any more."""
    formats, offers = (apps.get_model("learningplans", name).objects for name in ("LearningFormat", "Offer"))
    apps.get_model("learningplans", "Measure").objects.filter(plan__state="completed").update(
        format_then=Subquery(formats.filter(pk=OuterRef("format")).values("name")),
        offer_then=Coalesce(Subquery(offers.filter(pk=OuterRef("offer")).values("title")), F("offer_then")),
    )


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0006_where_goals_come_from")]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="format_then",
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name="Format beim Abschluss"),
        ),
        migrations.AddField(
            model_name="measure",
            name="offer_then",
            field=models.CharField(blank=True, editable=False, max_length=160, verbose_name="Angebot beim Abschluss"),
        ),
        migrations.RunPython(completed_plans_keep_the_names_of_today, migrations.RunPython.noop),
    ]
