from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0020_taken_back_by")]

    operations = [
        migrations.AlterField(
            model_name="rightchange",
            name="through",
            field=models.CharField(
                choices=[
                    ("page", "Personalentwicklung"),
                    ("admin", "technische Verwaltung"),
                    ("directory", "Verzeichnis der Verwaltung"),
                    ("command", "Befehlszeile"),
                    ("leaving", "das Ausscheiden"),
                ],
                max_length=9,
                verbose_name="auf dem Weg",
            ),
        ),
    ]
