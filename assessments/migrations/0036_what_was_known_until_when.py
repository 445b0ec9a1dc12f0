from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0035_keys_of_northern_letters"),
    ]

    operations = [
        migrations.RenameField(model_name="participation", old_name="lay_open_until", new_name="known_until"),
        migrations.AlterField(
            model_name="participation",
            name="known_until",
            field=models.DateField(
                editable=False, null=True, verbose_name="frühere Einschätzungen oder das Soll schon bekannt bis"
            ),
        ),
    ]
