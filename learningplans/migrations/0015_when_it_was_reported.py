"""When a measure was reported to be done is a moment: of two reports on one day it is known which came last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0014_names_as_chosen")]

    operations = [
        migrations.RenameField(model_name="measure", old_name="state_on", new_name="state_at"),
        migrations.AlterField(
            model_name="measure",
            name="state_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Stand gemeldet am"),
        ),
    ]
