"""Who has reached the highest level of a competency may offer to accompany others in it; learners then see their name (paper 4.3.2)."""

from django.db import transaction

from kompetenz.catalogue.models import catalogue_of
from learningplans.models import MentorOffer
from learningplans.training.freshness import confirmed


def may_accompany(person):
    """Ids of the competencies in which the highest level of its round's scale was last agreed for them; one query or two."""
    return {
        competency
        for competency, last in confirmed(person).items()
        if last.level and last.level == catalogue_of(last.edition).highest
    }


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
    """Who offers to accompany others in these goals' competencies, by goal and in order of names; one query."""
    offers = MentorOffer.objects.for_learners(user).filter(competency__in=[goal.competency_id for goal in goals])
    found = {}
    for one in offers.select_related("person__unit").order_by("person__sort_key", "pk"):
        found.setdefault(one.competency_id, []).append(one.person)
    return {goal.pk: found.get(goal.competency_id, []) for goal in goals}
