from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def what_is_booked_is_what_the_plan_says_today(apps, _):
    measure = apps.get_model("learningplans", "Measure").objects.filter(pk=OuterRef("measure"))
    as_booked = {"title": "title", "provider": "provider", "from": "starts_on", "until": "due_on"}
    apps.get_model("learningplans", "Booking").objects.filter(said="booked").update(
        **{f"booked_{name}": Subquery(measure.values(field)) for name, field in as_booked.items()}
    )


class Migration(migrations.Migration):

    dependencies = [
        ('learningplans', '0021_suitability'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='booked_title',
            field=models.CharField(blank=True, default='', max_length=160, verbose_name='gebucht ist'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='booking',
            name='booked_provider',
            field=models.CharField(blank=True, default='', max_length=160, verbose_name='Anbieter oder Ort wie gebucht'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='booking',
            name='booked_from',
            field=models.DateField(blank=True, null=True, verbose_name='Beginn wie gebucht'),
        ),
        migrations.AddField(
            model_name='booking',
            name='booked_until',
            field=models.DateField(blank=True, null=True, verbose_name='Ende wie gebucht'),
        ),
        migrations.AddField(
            model_name='booking',
            name='differs',
            field=models.BooleanField(default=False, verbose_name='im Lernplan steht etwas anderes'),
        ),
        migrations.RunPython(what_is_booked_is_what_the_plan_says_today, migrations.RunPython.noop),
    ]
