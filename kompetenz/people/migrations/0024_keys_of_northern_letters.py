from functools import reduce
from operator import or_

from django.db import migrations
from django.db.models import Q

PLAIN = {"ð": "d", "ħ": "h", "ŋ": "n", "ŧ": "t", "ǥ": "g", "ʒ": "z", "ə": "e"}


def respell(apps, schema_editor):
    """Who is called Guðrún is found as Gudrun, too; few have such a letter."""
    model = apps.get_model("people", "Person")
    named = model.objects.filter(reduce(or_, (Q(sort_key__contains=letter) for letter in PLAIN)))
    for pk, key in named.values_list("pk", "sort_key"):
        model.objects.filter(pk=pk).update(sort_key=key.translate(str.maketrans(PLAIN)))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0023_what_a_page_of_a_unit_is_sorted_by'),
    ]

    operations = [
        migrations.RunPython(respell, migrations.RunPython.noop),
    ]
