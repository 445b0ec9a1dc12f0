from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_room_for_what_is_typed_in")]

    operations = [
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=[
                    "round",
                    "declined_on",
                    "paused_on",
                    "self_state",
                    "manager_state",
                    "talk_state",
                    "plan_state",
                    "self_due",
                    "manager_due",
                    "talk_due",
                    "plan_due",
                ],
                name="participation_states",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_on", None), ("entered_on", None), ("rejected_on", None)),
                    models.Q(("entered_on__isnull", False), ("kind", "self")),
                    _connector="OR",
                ),
                name="only_what_was_on_paper_is_entered_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_on", None), ("rejected_on", None), _connector="OR"),
                name="an_entry_is_confirmed_or_rejected",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("talk_state", 0), models.Q(("manager_state", 3), ("self_state", 3)), _connector="OR"
                ),
                name="a_talk_needs_both_assessments",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declined_on", None),
                    models.Q(("manager_state", 0), ("plan_state", 0), ("self_state", 0), ("talk_state", 0)),
                    _connector="OR",
                ),
                name="of_who_has_declined_nothing_is_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(("manager_state", 2), _negated=True),
                name="only_the_persons_own_is_typed_in_for_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(("asks_back_on", None), ("declined_on__isnull", False), _connector="OR"),
                name="only_who_has_declined_asks_back",
            ),
        ),
    ]
