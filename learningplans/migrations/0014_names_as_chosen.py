from django.db import migrations
from django.db.models import OuterRef, Subquery


def drafts_keep_the_names_of_today(apps, _):
    """What two are about to agree to does not change with what HR calls it."""
    formats, offers = (apps.get_model("learningplans", name).objects for name in ("LearningFormat", "Offer"))
    of_offer = offers.filter(pk=OuterRef("offer"))
    measures = apps.get_model("learningplans", "Measure").objects.filter(plan__state="draft")
    measures.filter(format_then="").update(format_then=Subquery(formats.filter(pk=OuterRef("format")).values("name")))
    measures.filter(offer__isnull=False, offer_then="").update(
        offer_then=Subquery(of_offer.values("title")), link_then=Subquery(of_offer.values("link"))
    )


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0013_taken_back_in_an_answered_record")]

    operations = [migrations.RunPython(drafts_keep_the_names_of_today, migrations.RunPython.noop)]
