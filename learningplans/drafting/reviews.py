"""The dates of a draft's reviews."""

from learningplans.drafting.holding import OutOfState, changing


def schedule_review(*, review):
    """Save the date of a review; raises OutOfState if the other side has just added the final one, too."""
    with changing(review.plan, review):
        if review.is_final and review.plan.reviews.filter(is_final=True).exclude(pk=review.pk).exists():
            raise OutOfState
        review.save()
