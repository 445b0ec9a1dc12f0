"""Whoever audits and has another right over others keeps the other one: an administration always has somebody of HR."""

from django.db import migrations
from django.db.models import Q


def take_from_whoever_has_another(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.filter(is_auditor=True)
    both = list(people.filter(Q(is_hr=True) | Q(is_staff=True) | Q(is_superuser=True)).values_list("pk", flat=True))
    people.filter(pk__in=both).update(is_auditor=False)
    change = apps.get_model("people", "RightChange")
    change.objects.bulk_create(
        change(person_id=pk, right="is_auditor", given=False, through="command") for pk in both
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0017_deactivated_on")]

    operations = [migrations.RunPython(take_from_whoever_has_another, migrations.RunPython.noop, elidable=True)]
