import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0025_earlier_rounds_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assessment",
            name="only_what_was_on_paper_is_entered_for_somebody",
        ),
        migrations.AddField(
            model_name="assessment",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="checked_on",
            field=models.DateField(blank=True, null=True, verbose_name="mit dem unterschriebenen Bogen verglichen am"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_on", None), ("confirmed_on", None), ("entered_on", None), ("rejected_on", None)),
                    models.Q(("entered_on__isnull", False), ("kind", "self")),
                    _connector="OR",
                ),
                name="only_what_was_on_paper_is_entered_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_on", None), models.Q(("confirmed_on", None), ("rejected_on", None)), _connector="OR"
                ),
                name="who_answers_for_themself_is_not_checked",
            ),
        ),
    ]
