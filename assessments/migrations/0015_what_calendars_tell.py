"""Rounds that are there already promised that calendars name nobody: they keep to it."""

from django.db import migrations, models

CHOICES = [
    ("date", "nur „Termin“ oder „Frist“"),
    ("people", "mit wem das Gespräch ist, wofür die Frist und welche Runde"),
    ("measures", "mit wem das Gespräch ist, wofür die Frist, welche Runde und wie die Maßnahmen heißen"),
]


def field(default):
    return models.CharField(
        choices=CHOICES,
        default=default,
        help_text="Alle Einträge sind als privat gekennzeichnet. Stufen und Ziele stehen nie darin.",
        max_length=8,
        verbose_name="Einträge im Kalender nennen",
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0014_what_a_round_addresses_stays")]

    operations = [
        migrations.AddField("round", "calendar_tells", field("date")),
        migrations.AlterField("round", "calendar_tells", field("people")),
    ]
