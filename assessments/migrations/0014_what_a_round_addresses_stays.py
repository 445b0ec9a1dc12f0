import django.db.models.deletion
from django.db import migrations, models


def table(name, field, to, verbose, column=None):
    of = models.ForeignKey(db_column=column, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=to)
    return migrations.CreateModel(
        name=name,
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.round')),
            (field, of),
        ],
        options={
            'verbose_name': f'{verbose} einer Runde',
            'verbose_name_plural': f'{verbose}{"en" if verbose[-1] == "t" else "n"} von Runden',
            'db_table': f'assessments_round_{field}s',
            'unique_together': {('round', field)},
        },
    )


class Migration(migrations.Migration):
    """The tables stay as they are; only what Django does when a unit or a role is deleted is different."""

    dependencies = [
        ('assessments', '0013_rounds_that_are_being_opened'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                table('UnitOfRound', 'unit', 'people.unit', 'Organisationseinheit'),
                table('ProfileOfRound', 'profile', 'roles.roleprofile', 'Rolle', 'roleprofile_id'),
                migrations.AlterField(
                    model_name='round',
                    name='units',
                    field=models.ManyToManyField(blank=True, help_text='Ohne Auswahl: alle.', related_name='+', through='assessments.UnitOfRound', to='people.unit', verbose_name='Organisationseinheiten'),
                ),
                migrations.AlterField(
                    model_name='round',
                    name='profiles',
                    field=models.ManyToManyField(blank=True, help_text='Ohne Auswahl: alle.', related_name='+', through='assessments.ProfileOfRound', to='roles.roleprofile', verbose_name='Rollen'),
                ),
            ],
        ),
    ]
