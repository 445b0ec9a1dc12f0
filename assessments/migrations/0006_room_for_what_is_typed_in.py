from django.db import migrations

OPEN, ENTERED, RELEASED_BEFORE, RELEASED = 0, 2, 2, 3


def make_room_for_what_was_typed_in(apps, _):
    """What is released moves up by one; what somebody typed in and nobody has confirmed is released no more, before a talk."""
    participations = apps.get_model("assessments", "Participation").objects
    for side in ("self_state", "manager_state"):
        participations.filter(**{side: RELEASED_BEFORE}).update(**{side: RELEASED})
    typed_in = apps.get_model("assessments", "Assessment").objects.filter(
        kind="self",
        entered_on__isnull=False,
        confirmed_on=None,
        released_at__isnull=False,
        participation__talk_state=OPEN,
        participation__round__state="open",
    )
    participations.filter(pk__in=list(typed_in.values_list("participation", flat=True))).update(self_state=ENTERED)
    apps.get_model("assessments", "Assessment").objects.filter(kind="self", participation__self_state=ENTERED).update(
        released_at=None
    )


class Migration(migrations.Migration):
    # By itself: PostgreSQL changes no table in the transaction in which its rows were written.
    dependencies = [("assessments", "0005_paper_and_declining")]

    operations = [migrations.RunPython(make_room_for_what_was_typed_in, migrations.RunPython.noop)]
