"""What rounds ask of somebody today, for "Meine Aufgaben", and where their own participation stands."""

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format

from kompetenz.people.tasks import Task, bundled

from .models import Acknowledgement, Assessment, Participation, Progress, Rating, Round, TalkProgress


def participations_of(user):
    """The user's own participations and, in running rounds, those of their people; the round opened last first.

    Each with what is this user's part in it: ``draft_id`` is their assessment while it may still be
    changed, ``answered`` how many competencies it rates, ``has_acknowledged`` whether they have answered
    the record of the talk. One query.
    """
    sides = Acknowledgement.Side
    draft = Assessment.objects.editable_by(user).filter(participation=OuterRef("pk"))
    ratings = Rating.objects.filter(assessment=OuterRef("draft_id")).order_by().values("assessment")
    answer = Acknowledgement.objects.filter(
        Q(side=sides.PERSON, talk__participation__person=user.pk)
        | Q(side=sides.MANAGER, talk__participation__manager=user.pk),
        talk__participation=OuterRef("pk"),
    )
    return list(
        Participation.objects.shared_with(user)
        .filter(Q(person=user.pk) | Q(round__state=Round.State.OPEN))
        .select_related("round", "talk")
        .annotate(draft_id=Subquery(draft.values("pk")[:1]))
        .annotate(answered=Coalesce(Subquery(ratings.annotate(n=Count("pk")).values("n")), 0))
        .annotate(has_acknowledged=Exists(answer))
        .order_by(F("round__opened_at").desc(nulls_last=True), "-round", "sort_key", "pk")
    )


def tasks_of(user, participations):
    """The person's and the manager's open steps in running rounds, out of ``participations_of(user)``."""
    running = [row for row in participations if row.round.is_open]
    own = [row for row in running if row.person_id == user.pk]
    managed = [row for row in running if row.person_id != user.pk]
    return [
        *[own_assessment(row) for row in own if row.draft_id],
        *[own_record(row) for row in own if awaits_answer(row)],
        *bundled(
            [row for row in managed if row.draft_id], by=of_round, one=their_assessment, several=their_assessments
        ),
        *bundled([row for row in managed if awaits_talk(row)], by=of_round, one=their_talk, several=their_talks),
        *bundled([row for row in managed if awaits_answer(row)], by=of_round, one=their_record, several=their_records),
    ]


def of_round(participation):
    return participation.round_id


def awaits_talk(participation):
    return participation.both_released and participation.talk_state < TalkProgress.RECORDED


def awaits_answer(participation):
    return participation.talk_state == TalkProgress.RECORDED and not participation.has_acknowledged


def assessment_task(participation, title, due):
    total = len(participation.round.catalogue.competencies)
    return Task(
        title,
        reverse("assessments:assessment", args=[participation.draft_id]),
        due,
        f"{participation.round} · {participation.answered} von {total} eingeschätzt",
    )


def own_assessment(row):
    return assessment_task(row, "Selbsteinschätzung ausfüllen", row.round.self_due)


def their_assessment(row):
    return assessment_task(row, f"Fremdeinschätzung für {row.person_name}", row.round.manager_due)


def talk_task(participation, title):
    talk = reverse("assessments:talk", args=[participation.pk])
    return Task(title, talk, participation.round.talk_due, str(participation.round))


def their_talk(row):
    return talk_task(row, f"Gespräch mit {row.person_name} führen")


def own_record(row):
    return talk_task(row, "Ergebnis Ihres Gesprächs zur Kenntnis nehmen")


def their_record(row):
    return talk_task(row, f"Ergebnis des Gesprächs zur Kenntnis nehmen: {row.person_name}")


def team_task(title, round_, due):
    return Task(title, reverse("assessments:team"), due, str(round_))


def their_assessments(rows):
    round_ = rows[0].round
    return team_task(f"{len(rows)} Fremdeinschätzungen sind offen", round_, round_.manager_due)


def their_talks(rows):
    round_ = rows[0].round
    return team_task(f"{len(rows)} Gespräche stehen an", round_, round_.talk_due)


def their_records(rows):
    round_ = rows[0].round
    return team_task(f"{len(rows)} Ergebnisse von Gesprächen zur Kenntnis nehmen", round_, round_.talk_due)


def next_step_of(participation):
    """What comes next in the person's own participation, or on whom it waits, in words; up to the agreed Ist.

    ``participation`` comes from ``participations_of`` the person.
    """
    round_ = participation.round
    if not round_.is_open:
        return "abgeschlossen" if participation.talk_state >= TalkProgress.RECORDED else "beendet ohne vereinbartes Ist"
    if participation.self_state != Progress.RELEASED:
        return f"Selbsteinschätzung bis {in_words(round_.self_due)}"
    if participation.manager_state != Progress.RELEASED:
        return f"wartet auf die Fremdeinschätzung bis {in_words(round_.manager_due)}"
    steps = {
        TalkProgress.OPEN: f"Gespräch bis {in_words(round_.talk_due)}: Ihre Führungskraft lädt ein",
        TalkProgress.STARTED: "Gespräch begonnen: Ihre Führungskraft hält das Ergebnis fest",
        TalkProgress.RECORDED: "wartet auf die Kenntnisnahme Ihrer Führungskraft"
        if participation.has_acknowledged
        else "Ergebnis des Gesprächs zur Kenntnis nehmen",
        TalkProgress.CONFIRMED: "Ist vereinbart: Lernplan aufstellen",
    }
    return steps[participation.talk_state]


def in_words(day):
    return date_format(day, "j. F Y")
