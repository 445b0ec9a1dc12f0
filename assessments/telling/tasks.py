"""What rounds ask of somebody today, for "Meine Aufgaben"."""

from dataclasses import replace

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import (
    Assessment,
    Participation,
    PeerNomination,
    Rating,
    Round,
    StockTaking,
    tell_apart,
)
from assessments.peers import asking
from kompetenz.people.models import is_employed
from kompetenz.people.tasks import Task, bundled
from kompetenz.prepared import prepared

from .next_step import Ahead, ahead_of, day_in_words


def participations_of(user):
    """The user's own participations and, in running rounds, those of their people who work here; the round opened last first.

    Each with what is this user's part in it: ``draft_id`` is their assessment while it may still be
    changed, ``answered`` how many competencies it rates, ``asked`` how many colleagues were asked for their view who have not declined,
    ``entered_id`` their own assessment if it was typed in from paper and they have not confirmed it,
    ``has_taken_stock`` whether there is a Bestandsaufnahme, and ``frame`` the round, which of two namesakes is meant, and for
    whom a deputy acts, in words; ``frame_of_many`` is the same of several together. One query, and one for each namesake.
    """
    found = rows_of(user)
    tell_apart(found)
    for row in found:
        deputised = on_behalf(row, user)
        row.frame = " · ".join(filter(None, [str(row.round), row.apart, deputised]))
        row.frame_of_many = " · ".join(filter(None, [str(row.round), deputised]))
    return found


@prepared
def rows_of(user):
    draft = Assessment.objects.editable_by(user).filter(participation=OuterRef("pk"), kind__in=Assessment.SIDES)
    ratings = Rating.objects.filter(assessment=OuterRef("draft_id")).order_by().values("assessment")
    nominations = PeerNomination.objects.filter(participation=OuterRef("pk"), declined=False)
    asked = nominations.order_by().values("participation").annotate(n=Count("pk")).values("n")
    entered = Assessment.objects.awaiting_confirmation_by(user).filter(participation=OuterRef("pk"))
    return (
        Participation.objects.shared_with(user)
        .filter(Q(person=user.pk) | is_employed("person__") & Q(round__state=Round.State.OPEN))
        .select_related("round", "talk")
        .annotate(draft_id=Subquery(draft.values("pk")[:1]))
        .annotate(answered=Coalesce(Subquery(ratings.annotate(n=Count("pk")).values("n")), 0))
        .annotate(asked=Coalesce(Subquery(asked), 0))
        .annotate(entered_id=Subquery(entered.values("pk")[:1]))
        .annotate(has_taken_stock=Exists(StockTaking.objects.filter(participation=OuterRef("pk"))))
        .order_by(F("round__opened_at").desc(nulls_last=True), "-round", "sort_key", "pk")
    )


def on_behalf(participation, user):
    """For whom ``user`` acts in a participation of their people, if not for themself; else ""."""
    if user.pk in (participation.person_id, participation.manager_id):
        return ""
    return f"in Vertretung für {participation.manager_name}"


def tasks_of(user, participations):
    """The person's and the manager's open steps in running rounds, out of ``participations_of(user)``.

    And what colleagues have asked for: one query. What HR decides on in a round, rounds.overview tells.
    """
    running = [row for row in participations if row.goes_on]
    own = {row: ahead_of(row, is_person=True) for row in running if row.person_id == user.pk}
    managed = {row: ahead_of(row, is_person=False) for row in running if row.person_id != user.pk}
    to_rate, to_answer = at(own, Ahead.OWN_ASSESSMENT), at(own, Ahead.ANSWER)
    return [
        *[own_entry(row) if row.entered_id else own_assessment(row) for row in to_rate],
        *[own_record(row) for row in to_answer],
        *[own_stock_taking(row) for row in to_rate if not row.has_taken_stock],
        *[own_colleagues(row) for row in own if may_ask_colleagues(row)],
        *bundled(at(managed, Ahead.OWN_ASSESSMENT), by=of_round, one=their_assessment, several=their_assessments),
        *bundled(at(managed, Ahead.TALK), by=of_round, one=their_talk, several=their_talks),
        *bundled(requests_to(user), by=of_their_round, one=their_request, several=their_requests),
    ]


requests_to = prepared(asking.requests_to)


def at(rows, step):
    return [row for row, ahead in rows.items() if ahead is step]


def of_round(participation):
    """The round, and whose people they are: a deputy's own and those they act for are told apart."""
    return participation.round_id, participation.manager_id


def of_their_round(assessment):
    return assessment.participation.round_id


def may_ask_colleagues(participation):
    """Whether fewer colleagues are asked than must answer for anything to be shown."""
    return asking.is_running(participation.round) and participation.asked < asking.minimum()


def assessment_task(participation, title, due):
    total = len(participation.round.catalogue.competencies)
    return Task(
        title,
        reverse("assessments:assessment", args=[participation.draft_id]),
        due,
        f"{participation.frame} · {participation.answered} von {total} eingeschätzt",
    )


def own_assessment(row):
    return assessment_task(row, "Selbsteinschätzung ausfüllen", row.self_due)


def their_assessment(row):
    return assessment_task(row, f"Fremdeinschätzung für {row.person_name}", row.manager_due)


def talk_task(participation, title):
    talk = reverse("assessments:talk", args=[participation.pk])
    return Task(title, talk, participation.talk_due, participation.frame)


def arranged(participation):
    """The appointment in words, as long as it lies ahead."""
    if not (participation.awaits_talk and participation.talk_at):
        return ""
    at = timezone.localtime(participation.talk_at)
    place = f", {participation.talk_place}" if participation.talk_place else ""
    return f" · Termin am {day_in_words(at)}, {date_format(at, 'H:i')} Uhr{place}"


def their_talk(row):
    if getattr(row, "talk", None) and row.talk.returned_at:
        return talk_task(row, f"Niederschrift ändern: {row.person_name} hat sie zurückgegeben")
    task = talk_task(row, f"Gespräch mit {row.person_name} führen")
    return replace(task, note=task.note + arranged(row))


def own_record(row):
    """Nobody is late with an answer to what was recorded late."""
    return replace(talk_task(row, "Auf das Ergebnis Ihres Gesprächs antworten"), due=row.answer_due)


def own_colleagues(row):
    """A task without a date, for nobody has to."""
    return Task(
        "Kolleginnen und Kollegen um eine Einschätzung bitten",
        reverse("assessments:colleagues", args=[row.pk]),
        note=f"{row.round} · freiwillig, möglich bis {day_in_words(row.round.peer_due)} · {row.asked} gebeten",
    )


def own_entry(row):
    """In place of filling it in: what was typed in for them holds only once they say so."""
    return Task(
        "Eingetragene Selbsteinschätzung bestätigen oder zurückweisen",
        reverse("assessments:assessment", args=[row.entered_id]),
        row.self_due,
        f"{row.round} · vom Papier übertragen",
    )


def own_stock_taking(row):
    """A task without a date, for nobody has to."""
    return Task(
        "Bestandsaufnahme schreiben",
        reverse("assessments:stock_taking", args=[row.pk]),
        note=f"{row.round} · freiwillig, fünf Fragen zur Vorbereitung auf das Gespräch",
    )


def their_request(request):
    round_ = request.participation.round
    return Task(
        f"Kollegiale Einschätzung für {request.participation.person_name}",
        request.get_absolute_url(),
        round_.peer_due,
        f"{round_} · {request.answered} von {len(round_.catalogue.competencies)} eingeschätzt",
    )


def their_requests(requests):
    round_ = requests[0].participation.round
    title = f"{len(requests)} kollegiale Einschätzungen"
    return Task(title, reverse("assessments:peer_requests"), round_.peer_due, str(round_))


def team_task(title, frame, due):
    return Task(title, reverse("assessments:team"), due, frame)


def their_assessments(rows):
    due = min(row.manager_due for row in rows)
    return team_task(f"{len(rows)} Fremdeinschätzungen sind offen", rows[0].frame_of_many, due)


def their_talks(rows):
    return team_task(f"{len(rows)} Gespräche stehen an", rows[0].frame_of_many, earliest_talk(rows))


def earliest_talk(rows):
    return min(row.talk_due for row in rows)
