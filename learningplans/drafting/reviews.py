"""The dates of a draft's reviews."""

from calendar import monthrange
from copy import copy

from django.conf import settings

from assessments.rounds.schedule import working_day
from learningplans.drafting.holding import OutOfState, changing

MOST_AT_ONCE = 12


def series(first, every, last):
    """The days every so many months from ``first`` to ``last``, on its day of the month or the month's last.

    Never on a day on which the office is closed.
    ``first`` itself stays as it is.
    """
    days, month = [first], every
    while (day := on_a_workday(months_after(first, month))) <= last:
        days.append(day)
        month += every
    return days


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def on_a_workday(day):
    """The day itself, or the first one after it that is neither at a weekend nor a holiday of the Land nor around New Year."""
    return working_day(day, settings.LAND)


def schedule_reviews(*, review, days):
    """Save the review on the first of these days, and one like it on each other; the last is the final one if ``review`` is.

    Raises OutOfState if the other side has just added the final one, too.
    """
    with changing(review.plan, review):
        if review.is_final and review.plan.reviews.filter(is_final=True).exclude(pk=review.pk).exists():
            raise OutOfState
        is_final, last = review.is_final, days[-1]
        for day in days:
            one = review if day == days[0] else copy(review)
            if one is not review:
                one.pk = None
                one._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
            one.planned_on, one.is_final = day, is_final and day == last
            one.save()
