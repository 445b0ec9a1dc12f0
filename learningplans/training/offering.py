"""What HR has on offer: offers that come and go."""

from django.db import transaction

from learningplans.models import Offer


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
