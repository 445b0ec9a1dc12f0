from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0019_keys_for_every_spelling'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('rejected_on__isnull', False)), fields=['participation'], name='rejected_papers'),
        ),
    ]
