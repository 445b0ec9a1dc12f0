"""The final review: whether the plan was SMART in practice, and how each competency goes on (paper 4.3.3)."""

from django.db import transaction

from .models import FollowUp
from .planning import OutOfState, hold_review


@transaction.atomic
def record_final(*, review, check, follow_ups):
    """Hold the final review, which completes the plan, with its look back and what follows.

    ``review`` has its new ``held_on`` and ``notes``; ``check`` and ``follow_ups`` are rows not yet saved that know neither
    review nor plan. What else belongs to the talk is to be saved before, in one transaction with this. Raises OutOfState
    for any other review and unless the plan is agreed: nothing but the talk closes it, and it does so once.
    """
    if not review.is_final:
        raise OutOfState
    hold_review(review=review)
    check.review = review
    check.save()
    for follow_up in follow_ups:
        follow_up.plan = review.plan
    FollowUp.objects.bulk_create(follow_ups)
