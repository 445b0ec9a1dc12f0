"""Who has reached the highest level of a competency may offer to accompany others in it; learners then see their name (paper 4.3.2)."""

from django.db import transaction

from kompetenz.catalogue.models import catalogue_of
from learningplans.models import MentorOffer
from learningplans.training.freshness import confirmed, confirmed_of


def may_accompany(person):
    """Ids of the competencies in which the highest level of its round's scale was last agreed for them; one query or two."""
    return {competency for competency, last in confirmed(person).items() if is_highest(last)}


def is_highest(last):
    """Whether a Confirmation is of the highest level of its round's scale."""
    return bool(last.level) and last.level == catalogue_of(last.edition).highest


@transaction.atomic
def offer(*, person, competency, wanted):
    """Note whether they accompany others in this competency; the same sent twice does no harm. Says whether it was possible."""
    if not wanted:
        MentorOffer.objects.of_person(person).filter(competency=competency).delete()
        return True
    if competency.pk not in may_accompany(person):
        return False
    MentorOffer.objects.get_or_create(person=person, competency=competency)
    return True


def mentors_for(goals, user):
    """Who offers to accompany others in these goals' competencies, by goal and in order of names; two queries at most.

    Only who still may: a later round may have agreed a lower level.
    """
    competencies = [goal.competency_id for goal in goals]
    offers = MentorOffer.objects.for_learners(user).filter(competency__in=competencies).select_related("person__unit")
    offers = list(offers.order_by("person__sort_key", "pk"))
    last = confirmed_of([one.person_id for one in offers], competencies) if offers else {}
    found = {}
    for one in offers:
        if (level := last.get((one.person_id, one.competency_id))) and is_highest(level):
            found.setdefault(one.competency_id, []).append(one.person)
    return {goal.pk: found.get(goal.competency_id, []) for goal in goals}
