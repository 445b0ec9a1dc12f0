"""Which rows about somebody they may read: what is said of them as far as the pages show it to them, and no further (Art. 15 (4) GDPR)."""

from assessments.models import Assessment, Participation, Talk
from assessments.peers import showing
from learningplans.models import Preparation, Review


def assessments(rows, person):
    return rows.filter(pk__in=Assessment.objects.visible_to(person).values("pk"))


def of_assessments(rows, person):
    return rows.filter(assessment__in=Assessment.objects.visible_to(person).values("pk"))


def targets(rows, person):
    return rows.exclude(participation__in=Participation.objects.hiding_target_from(person).values("pk"))


def tallies(rows, person):
    """Those of competencies of which the person sees the distribution."""
    shown = []
    for participation in Participation.objects.of_person(person).select_related("round", "person"):
        seen = showing.seen_by(participation, person)
        competencies = [competency.id for competency, one in (seen.rows if seen else []) if one is not None]
        theirs = rows.filter(participation=participation, competency__in=competencies)
        shown += theirs.values_list("pk", flat=True)
    return rows.filter(pk__in=shown)


def preparations(rows, person):
    return rows.filter(pk__in=Preparation.objects.visible_to(person).values("pk"))


READABLE = {
    "assessments.assessment": assessments,
    "assessments.rating": of_assessments,
    "assessments.remark": of_assessments,
    "assessments.statement": of_assessments,
    "assessments.peertally": tallies,
    "assessments.target": targets,
    "assessments.targetchange": targets,
    "learningplans.preparation": preparations,
}

NOT_YET = {
    "assessments.assessment": "Eine Fremdeinschätzung lesen Sie, sobald die Regeln der Runde sie offenlegen.",
    "assessments.peertally": "Antworten aus dem Kollegium gibt es nur als Verteilung, ab so vielen Antworten, dass "
    "niemand zu erkennen ist.",
    "assessments.target": "Verbirgt eine Runde das Soll, lesen Sie es nach der Freigabe Ihrer Selbsteinschätzung.",
    "learningplans.preparation": "Die Vorbereitung Ihrer Führungskraft lesen Sie, sobald beide freigegeben haben oder "
    "das Ergebnis beantwortet ist.",
}


def hidden_fields(model, row, person):
    """Fields of a row that the person does not read yet: of a goal in a review what the manager thinks beforehand."""
    if model != "learningplans.goalreview":
        return ()
    theirs = Preparation.objects.filter(review=row.review_id, side=Preparation.Side.MANAGER)
    return () if not theirs.exists() or theirs.visible_to(person).exists() else ("manager_level",)


def standings(model, rows):
    """Of levels that two agree on what they are to be called, by the row's id: nobody has agreed to what one side has written alone."""
    if model == "assessments.agreedlevel":
        talks = Talk.objects.filter(pk__in={row.talk_id for row in rows}).select_related("participation__round")
        said = {talk.pk: talk.levels_are for talk in talks.prefetch_related("acknowledgements")}
        return {row.pk: said[row.talk_id] for row in rows}
    if model == "learningplans.goalreview":
        reviews = Review.objects.with_names().filter(pk__in={row.review_id for row in rows}, held_on__isnull=False)
        reviews = reviews.select_related("plan__participation__round")
        said = {review.pk: review.not_agreed or "vereinbart" for review in reviews}
        return {row.pk: said[row.review_id] for row in rows if row.review_id in said}
    return {}
