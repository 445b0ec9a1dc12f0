from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0003_changes_become_records")]

    operations = [
        migrations.AlterModelOptions(
            name='planchange',
            options={'ordering': ['written_at', 'pk'], 'verbose_name': 'Änderung am Lernplan', 'verbose_name_plural': 'Änderungen am Lernplan'},
        ),
        migrations.RemoveConstraint(
            model_name='goal',
            name='one_goal_per_competency_and_plan',
        ),
        migrations.RemoveField(
            model_name='planchange',
            name='after',
        ),
        migrations.RemoveField(
            model_name='planchange',
            name='before',
        ),
        migrations.RemoveField(
            model_name='planchange',
            name='changed_by',
        ),
        migrations.RemoveField(
            model_name='planchange',
            name='changed_on',
        ),
        migrations.RemoveField(
            model_name='planchange',
            name='subject',
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('plan', 'competency'), name='one_goal_per_competency_and_plan', violation_error_message='Zu dieser Kompetenz hat der Plan schon ein Ziel.'),
        ),
        migrations.AddConstraint(
            model_name='planchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'declined'), _negated=True), models.Q(('statement', ''), _negated=True), _connector='OR'), name='planchange_declined_with_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='planchange',
            constraint=models.CheckConstraint(condition=models.Q(('answer', ''), models.Q(('answered_at__isnull', False), ('written_at__isnull', False)), _connector='OR'), name='planchange_written_before_it_is_answered'),
        ),
        migrations.AddConstraint(
            model_name='planchange',
            constraint=models.CheckConstraint(condition=models.Q(('sent_back_at', None), models.Q(models.Q(('sent_back_why', ''), _negated=True), ('answer', '')), _connector='OR'), name='planchange_sent_back_with_a_reason_and_no_answer'),
        ),
        migrations.AddConstraint(
            model_name='planchange',
            constraint=models.CheckConstraint(condition=models.Q(('took_effect_on', None), models.Q(('answer__in', ['declined', 'silent']), _negated=True), _connector='OR'), name='only_what_is_noted_takes_effect'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'declined'), _negated=True), models.Q(('statement', ''), _negated=True), _connector='OR'), name='review_declined_with_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('answer', ''), models.Q(('answered_at__isnull', False), ('written_at__isnull', False)), _connector='OR'), name='review_written_before_it_is_answered'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('sent_back_at', None), models.Q(models.Q(('sent_back_why', ''), _negated=True), ('answer', '')), _connector='OR'), name='review_sent_back_with_a_reason_and_no_answer'),
        ),
    ]
