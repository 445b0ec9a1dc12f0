from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def agreed_plans_keep_the_names_of_today(apps, _):
    """What they were called when the plan was agreed, nobody knows any more; of completed ones the links are today's, too."""
    formats, offers = (apps.get_model("learningplans", name).objects for name in ("LearningFormat", "Offer"))
    of_offer = offers.filter(pk=OuterRef("offer"))
    measures = apps.get_model("learningplans", "Measure").objects.exclude(plan__state="draft")
    measures.filter(format_then="").update(format_then=Subquery(formats.filter(pk=OuterRef("format")).values("name")))
    taken = measures.filter(offer__isnull=False)
    taken.filter(offer_then="").update(offer_then=Subquery(of_offer.values("title")))
    taken.update(link_then=Subquery(of_offer.values("link")))


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0008_sent_back_as")]

    operations = [
        migrations.AlterField(
            model_name="measure",
            name="format_then",
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name="Format wie vereinbart"),
        ),
        migrations.AlterField(
            model_name="measure",
            name="offer_then",
            field=models.CharField(blank=True, editable=False, max_length=160, verbose_name="Angebot wie vereinbart"),
        ),
        migrations.AddField(
            model_name="measure",
            name="link_then",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="Link wie vereinbart"),
        ),
        migrations.RunPython(agreed_plans_keep_the_names_of_today, migrations.RunPython.noop),
    ]
