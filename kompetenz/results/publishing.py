"""Publishing how far a round has come: its groups first, then one competency after the other, and all of it at once in the end."""

import secrets

from django.db import transaction
from django.urls import reverse

from assessments.models import Participation, Round
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.crowd import minimum
from kompetenz.refusals import Refused

from .counting import (
    atoms_of,
    cells_of,
    counted,
    effort_of,
    mark,
    parts_of,
    parts_to_show,
    response_of,
    telling_measures,
    with_agreed_measures,
)
from .models import Publication, PublishedGroup

GROUPS = "groups"  # the first of what there is to do; the others are competencies
RULES = 2  # one more whenever something is told of fewer groups than before: a job that has begun by others begins anew
MOST_AT_ONCE = 200  # people; of more a worker counts

FINISHED = "Der Endstand dieser Runde ist schon festgestellt. Er ändert sich nicht mehr."
NOTHING_NEW = "Seit dem letzten Stand ist kein vereinbartes Gespräch dazugekommen."
TOO_LITTLE_NEW = (
    "Seit dem letzten Stand hat sich bei weniger als {k} Personen etwas geändert. Aus beiden Ständen zusammen ließe sich auf "
    "einzelne schließen; der letzte gilt weiter."
)
TOO_FEW = (
    "Ein Stand braucht mindestens {k} vereinbarte Gespräche, in denen die Person geantwortet hat. Bisher sind es {n}."
)
CHANGED = "Während der Zählung hat sich etwas geändert. Bitte stellen Sie den Stand noch einmal fest."


def number_counted(round_):
    return counted(round_).count()


def obstacle(round_, people):
    """Why no further publication of this round can be made now, with so many ``people`` counted, in a sentence, or ""; one query."""
    k, last = minimum(), Publication.objects.of(round_).defer("memberships").first()
    if last and last.is_final:
        return FINISHED
    if people < k:
        return TOO_FEW.format(k=k, n=people)
    if last and round_.is_open and people == last.people:
        return NOTHING_NEW
    if last and 0 < abs(people - last.people) < k:
        return TOO_LITTLE_NEW.format(k=k)
    return ""


@transaction.atomic
def begin_publishing(*, round_, is_for_all, by, at_once=False):
    """Have a publication of an open or ended round made, and return the job.

    Of many the worker makes it, unless ``at_once``. Raises Refused if there cannot be one.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # one after the other: each is judged beside the last
    people = number_counted(round_)
    if problem := obstacle(round_, people):
        raise Refused(problem)
    items = [GROUPS, *(competency.id for competency in round_.catalogue.competencies)]
    return begin(
        PUBLISHING,
        subject=round_.pk,
        title=f"Stand feststellen: {round_}",
        items=items,
        by=by,
        at_once=at_once or people <= MOST_AT_ONCE,
        is_for_all=is_for_all,
    )


def find_out(job, items):
    """What the next step finds: the groups, or the cells of one competency; reads only."""
    round_ = Round.objects.get(pk=job.subject)
    if items == [GROUPS]:
        return groups_of(round_)
    known = by_these_rules(job, round_)
    return known | {"cells": known["cells"] | cells_in(round_, items[0], known)}


def by_these_rules(job, round_):
    """What the steps so far have found; where a former version has begun, by whose rules less was kept back, found once more."""
    if job.options.get("rules") == RULES:
        return job.options
    known = groups_of(round_)
    for competency in job.items[1 : job.done]:
        known["cells"] |= cells_in(round_, competency, known)
    return known


def cells_in(round_, competency, known):
    """The cells of one competency, by its id as a text; raises Refused where it is not of the same people as the groups."""
    parts = known["groups"]
    tells_measures = [part["tells_measures"] for part in parts]
    cells, found = cells_of(round_, competency, known["atoms"], tells_measures)
    planned = known["planned"]
    if found != parts[0]["people"] or (any(tells_measures) and len(with_agreed_measures(round_)) != planned):
        raise Refused(CHANGED)
    return {str(competency): cells}


def groups_of(round_):
    """Which groups there will be, judged together with all that was published of the round before."""
    k, before = minimum(), list(Publication.objects.of(round_))
    key = before[0].key if before else secrets.token_hex(32)
    parts = parts_of(round_)
    kept = parts_to_show(parts, k=k, key=key, earlier=[people for one in before for people in one.sets()])
    if parts[0].key not in {part.key for part in kept}:
        raise Refused(TOO_LITTLE_NEW.format(k=k))
    # Of measures once for a round: what two days tell, and the sums of two days, would be what one more person has agreed to.
    is_final, planned = round_.state == Round.State.CLOSED, with_agreed_measures(round_)
    kept = telling_measures(kept, planned, k) if is_final else kept
    return {
        "rules": RULES,
        "k": k,
        "key": key,
        "is_final": is_final,
        "planned": len(planned),
        "taking_part": Participation.objects.taking_part().filter(round=round_).count(),
        "groups": [part.as_json() for part in kept],
        "left_out": [part.name for part in parts if part.key not in {one.key for one in kept}],
        "atoms": atoms_of(kept),
        "response": response_of(round_, k),
        "effort": effort_of(round_, k) if is_final else [],
        "cells": {},
    }


def note(job, items, found=None):
    job.options |= find_out(job, items) if found is None else found


def publish(job):
    """Write all of it. Of a final publication, after which there is none, nobody needs to know any more whom it counts."""
    known = by_these_rules(job, Round.objects.get(pk=job.subject))
    publication = Publication.objects.create(
        round_id=job.subject,
        by=job.asked_by,
        k=known["k"],
        people=known["groups"][0]["people"],
        taking_part=known["taking_part"],
        is_final=known["is_final"],
        is_for_all=job.options["is_for_all"],
        left_out=known["left_out"],
        response=known["response"],
        effort=known["effort"],
        **({} if known["is_final"] else {"key": known["key"], "memberships": in_marks(known["key"], known["atoms"])}),
    )
    PublishedGroup.objects.bulk_create(
        PublishedGroup(
            publication=publication,
            place=place,
            kind=group["kind"],
            unit_id=group["unit"],
            profile_id=group["profile"],
            name=group["name"],
            depth=group["depth"],
            people=group["people"],
            cells={competency: cells[place] for competency, cells in known["cells"].items()},
        )
        for place, group in enumerate(known["groups"])
    )
    if publication.is_final:
        Publication.objects.of(publication.round_id).update(key="", memberships=[])
    job.sentence = f"Der Stand ist festgestellt: {publication.people} Personen in {len(known['groups'])} Gruppen."


def in_marks(key, atoms):
    return [[places, sorted(mark(key, pk) for pk in people)] for places, people in atoms]


def page_of_results(job):
    return reverse("results:publications")


PUBLISHING = JobKind(
    "publishing results",
    make=find_out,
    batch=note,
    finish=publish,
    leads_to=page_of_results,
    is_signed=True,
    size=1,
    at_once=0,
)
