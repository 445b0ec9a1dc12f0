"""What HR has on offer: offers that come and go, and for what each format suits."""

from django.db import transaction

from learningplans.models import Offer, Suitability


@transaction.atomic
def remove_offer(*, offer):
    """Delete an offer, or only withdraw it where measures use it; answers whether it is deleted.

    Raises Offer.DoesNotExist if it is gone already.
    """
    # Locked, so that no measure takes the offer while it goes.
    found = Offer.objects.select_for_update().get(pk=offer.pk)
    if not found.measures.exists():
        found.delete()
        return True
    found.is_offered = False
    found.save(update_fields=["is_offered"])
    return False


@transaction.atomic
def say_what_suits(*, format_, said):
    """Keep what is said of single competencies (``{id: (fits, ground)}``) and nothing else."""
    format_.suitabilities.exclude(competency__in=said).delete()
    Suitability.objects.bulk_create(
        [
            Suitability(format=format_, competency_id=pk, fits=fits, ground=ground)
            for pk, (fits, ground) in said.items()
        ],
        update_conflicts=True,
        unique_fields=["format", "competency"],
        update_fields=["fits", "ground"],
    )
