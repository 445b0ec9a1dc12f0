from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_emblem")]

    operations = [
        migrations.AddField(
            model_name="emblem",
            name="for_letters",
            field=models.BinaryField(blank=True, default=b"", max_length=300000, verbose_name="Bild für E-Mails"),
        )
    ]
