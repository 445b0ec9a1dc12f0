from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0018_auditors_have_no_other_right")]

    operations = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_auditor", False),
                    models.Q(("is_hr", False), ("is_staff", False), ("is_superuser", False)),
                    _connector="OR",
                ),
                name="nobody_audits_themselves",
                violation_error_message="Wer prüft, hat keines der anderen Rechte: Geprüft werden Personalentwicklung und technische Verwaltung. Bitte geben Sie eines der beiden einer anderen Person.",
            ),
        ),
    ]
