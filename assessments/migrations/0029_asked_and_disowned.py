from django.db import migrations, models
from django.utils import timezone

ASKED = "participation-{}-entered-"


def note_who_was_asked(apps, schema_editor):
    """Until now the letters said who was asked to confirm a paper; they are deleted after 90 days. Who has an address now counts as asked."""
    letters = apps.get_model("letters", "Letter").objects
    typed_in = apps.get_model("assessments", "Assessment").objects.filter(kind="self", entered_on__isnull=False)
    for one in typed_in.select_related("participation__person").iterator():
        participation = one.participation
        asks = letters.filter(person=participation.person_id, key__startswith=ASKED.format(participation.pk))
        first = asks.order_by("written_at").values_list("written_at", flat=True).first()
        if first or participation.person.email:
            one.asked_on = timezone.localdate(first) if first else one.entered_on
            one.save(update_fields=["asked_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0028_who_is_in_the_index_of_people"),
        ("letters", "0004_gathered_letters"),
        ("people", "0020_taken_back_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="asked_on",
            field=models.DateField(blank=True, null=True, verbose_name="um Bestätigung gebeten am"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="disowned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Freigabe anderer zurückgenommen am"),
        ),
        migrations.RunPython(note_who_was_asked, migrations.RunPython.noop, elidable=True),
    ]
