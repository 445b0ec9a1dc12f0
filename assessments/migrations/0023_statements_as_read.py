from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0022_statements"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="as_read",
            field=models.CharField(blank=True, default="", editable=False, max_length=16, verbose_name="Stempel der Freigabe"),
            preserve_default=False,
        ),
    ]
