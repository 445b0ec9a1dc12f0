from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0017_released_for_and_adjusted_from")]

    operations = [
        migrations.AddField(
            "round", "calendar_changed_on", models.DateField(null=True, editable=False, verbose_name="Kalender geändert am")
        ),
    ]
