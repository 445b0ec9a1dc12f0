import re

from django.db import migrations

BATCH = 1_000
APOSTROPHES = str.maketrans(dict.fromkeys("'\u2019\u2018\u201b\u02bc\u02b9\u02bb\u2032`\u00b4\uff07", ""))


def respelled(key):
    """The key without apostrophes and, once more, its words with "ae", "oe" or "ue" as one letter each; see names.sort_key."""
    key = key.translate(APOSTROPHES)
    words = [(word, re.sub("([aou])e", r"\1", word)) for word in re.split(r"[\s,]+", key)]
    shorter = " ".join(short for word, short in words if short != word)
    return "  ".join(filter(None, [key, shorter]))[:170]


def respell(model):
    """In batches by id, so that no more than one of them is in memory, nor written at once."""
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk").only("pk", "sort_key")[:BATCH]):
        last, changed = rows[-1].pk, []
        for row in rows:
            if (key := respelled(row.sort_key)) != row.sort_key:
                row.sort_key = key
                changed.append(row)
        model.objects.bulk_update(changed, ["sort_key"], batch_size=200)


def respell_participations(apps, schema_editor):
    respell(apps.get_model("assessments", "Participation"))


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0018_calendar_changed_on'),
    ]

    operations = [
        migrations.RunPython(respell_participations, migrations.RunPython.noop),
    ]
