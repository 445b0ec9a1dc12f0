from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0029_asked_and_disowned"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assessment",
            name="only_what_was_on_paper_is_entered_for_somebody",
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asked_on", None),
                        ("checked_on", None),
                        ("confirmed_on", None),
                        ("entered_on", None),
                        ("rejected_on", None),
                    ),
                    models.Q(("entered_on__isnull", False), ("kind", "self")),
                    _connector="OR",
                ),
                name="only_what_was_on_paper_is_entered_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("disowned_at", None), ("kind", "self"), _connector="OR"),
                name="only_what_others_released_is_disowned",
            ),
        ),
    ]
