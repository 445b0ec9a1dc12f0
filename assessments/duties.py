"""What rounds ask of somebody today, for "Meine Aufgaben", and where their own participation stands."""

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from kompetenz.people.tasks import Task, bundled

from . import peers
from .handing_over import due_among
from .models import (
    Acknowledgement,
    Assessment,
    Participation,
    PeerNomination,
    Progress,
    Rating,
    Round,
    StockTaking,
    TalkProgress,
)


def participations_of(user):
    """The user's own participations and, in running rounds, those of their people; the round opened last first.

    Each with what is this user's part in it: ``draft_id`` is their assessment while it may still be
    changed, ``answered`` how many competencies it rates, ``has_acknowledged`` whether they have answered
    the record of the talk, ``asked`` how many colleagues were asked for their view who have not declined,
    ``entered_id`` their own assessment if it was typed in from paper and they have not confirmed it,
    ``has_taken_stock`` whether there is a Bestandsaufnahme, and ``frame`` the round, and for whom a deputy acts, in
    words. One query.
    """
    sides = Acknowledgement.Side
    draft = Assessment.objects.editable_by(user).filter(participation=OuterRef("pk"), kind__in=Assessment.SIDES)
    ratings = Rating.objects.filter(assessment=OuterRef("draft_id")).order_by().values("assessment")
    nominations = PeerNomination.objects.filter(participation=OuterRef("pk"), declined=False)
    asked = nominations.order_by().values("participation").annotate(n=Count("pk")).values("n")
    answer = Acknowledgement.objects.filter(
        Q(side=sides.PERSON, talk__participation__person=user.pk)
        | Q(~Q(talk__participation__person=user.pk), side=sides.MANAGER),
        talk__participation=OuterRef("pk"),
    )
    entered = Assessment.objects.awaiting_confirmation_by(user).filter(participation=OuterRef("pk"))
    rows = (
        Participation.objects.shared_with(user)
        .filter(Q(person=user.pk) | Q(round__state=Round.State.OPEN))
        .select_related("round", "talk")
        .annotate(draft_id=Subquery(draft.values("pk")[:1]))
        .annotate(answered=Coalesce(Subquery(ratings.annotate(n=Count("pk")).values("n")), 0))
        .annotate(has_acknowledged=Exists(answer), asked=Coalesce(Subquery(asked), 0))
        .annotate(entered_id=Subquery(entered.values("pk")[:1]))
        .annotate(has_taken_stock=Exists(StockTaking.objects.filter(participation=OuterRef("pk"))))
        .order_by(F("round__opened_at").desc(nulls_last=True), "-round", "sort_key", "pk")
    )
    found = list(rows)
    for row in found:
        row.frame = " · ".join(filter(None, [str(row.round), on_behalf(row, user)]))
    return found


def on_behalf(participation, user):
    """For whom ``user`` acts in a participation of their people, if not for themself; else ""."""
    if user.pk in (participation.person_id, participation.manager_id):
        return ""
    return f"in Vertretung für {participation.manager_name}"


def tasks_of(user, participations):
    """The person's and the manager's open steps in running rounds, out of ``participations_of(user)``.

    And what colleagues have asked for: one query. And for HR what is to be handed over: one more.
    """
    running = [row for row in participations if row.round.is_open and not row.rests]
    own = [row for row in running if row.person_id == user.pk]
    managed = [row for row in running if row.person_id != user.pk]
    return [
        *[own_assessment(row) for row in own if row.draft_id],
        *[own_entry(row) for row in own if row.entered_id],
        *[own_record(row) for row in own if awaits_answer(row)],
        *[own_stock_taking(row) for row in own if row.draft_id and not row.has_taken_stock],
        *[own_colleagues(row) for row in own if may_ask_colleagues(row)],
        *bundled(
            [row for row in managed if row.draft_id], by=of_round, one=their_assessment, several=their_assessments
        ),
        *bundled([row for row in managed if awaits_talk(row)], by=of_round, one=their_talk, several=their_talks),
        *bundled([row for row in managed if awaits_answer(row)], by=of_round, one=their_record, several=their_records),
        *bundled(list(peers.requests_to(user)), by=of_their_round, one=their_request, several=their_requests),
        *hand_overs(user),
    ]


def hand_overs(user):
    """For HR one task for each running round in which people have another manager by now; one query."""
    if not user.is_hr:
        return []
    due = due_among(Participation.objects.filter(round__in=Round.objects.run_by(user).open()))
    counted = due.order_by().values_list("round", "round__title").annotate(Count("pk"))
    return [hand_over_task(*row) for row in counted]


def hand_over_task(round_, title, count):
    """The people whose manager has changed in the round with this id."""
    people = "1 Person" if count == 1 else f"{count} Personen"
    address = f"{reverse('assessments:round_changes', args=[round_])}?art=fuehrungskraft"
    return Task("Teilnahmen an die neue Führungskraft übergeben", address, note=f"{title} · {people}")


def of_round(participation):
    """The round, and whose people they are: a deputy's own and those they act for are told apart."""
    return participation.round_id, participation.manager_id


def of_their_round(assessment):
    return assessment.participation.round_id


def may_ask_colleagues(participation):
    """Whether fewer colleagues are asked than must answer for anything to be shown."""
    return peers.is_running(participation.round) and participation.asked < peers.minimum()


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
        f"{participation.frame} · {participation.answered} von {total} eingeschätzt",
    )


def own_assessment(row):
    return assessment_task(row, "Selbsteinschätzung ausfüllen", row.self_due)


def their_assessment(row):
    return assessment_task(row, f"Fremdeinschätzung für {row.person_name}", row.manager_due)


def talk_task(participation, title):
    talk = reverse("assessments:talk", args=[participation.pk])
    return Task(title, talk, participation.talk_due, participation.frame)


def their_talk(row):
    return talk_task(row, f"Gespräch mit {row.person_name} führen")


def own_record(row):
    return talk_task(row, "Ergebnis Ihres Gesprächs zur Kenntnis nehmen")


def their_record(row):
    return talk_task(row, f"Ergebnis des Gesprächs zur Kenntnis nehmen: {row.person_name}")


def own_colleagues(row):
    """A task without a date, for nobody has to."""
    return Task(
        "Kolleginnen und Kollegen um eine Einschätzung bitten",
        reverse("assessments:colleagues", args=[row.pk]),
        note=f"{row.round} · freiwillig, möglich bis {in_words(row.round.peer_due)} · {row.asked} gebeten",
    )


def own_entry(row):
    """A task without a date: what was entered holds, confirmed or not."""
    return Task(
        "Eingetragene Selbsteinschätzung bestätigen",
        reverse("assessments:assessment", args=[row.entered_id]),
        note=f"{row.round} · von Ihrem Bogen übertragen",
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
    return team_task(f"{len(rows)} Fremdeinschätzungen sind offen", rows[0].frame, due)


def their_talks(rows):
    return team_task(f"{len(rows)} Gespräche stehen an", rows[0].frame, earliest_talk(rows))


def their_records(rows):
    return team_task(f"{len(rows)} Ergebnisse von Gesprächen zur Kenntnis nehmen", rows[0].frame, earliest_talk(rows))


def earliest_talk(rows):
    return min(row.talk_due for row in rows)


def next_step_of(participation):
    """What comes next in the person's own participation, or on whom it waits, in words; up to the agreed Ist.

    ``participation`` comes from ``participations_of`` the person.
    """
    round_ = participation.round
    if not round_.is_open:
        return "abgeschlossen" if participation.talk_state >= TalkProgress.RECORDED else "beendet ohne vereinbartes Ist"
    if participation.rests:
        return "ruht zurzeit"
    if participation.self_state != Progress.RELEASED:
        return f"Selbsteinschätzung bis {in_words(participation.self_due)}"
    if participation.manager_state != Progress.RELEASED:
        return f"wartet auf die Fremdeinschätzung bis {in_words(participation.manager_due)}"
    steps = {
        TalkProgress.OPEN: talk_to_come(participation),
        TalkProgress.STARTED: "Gespräch begonnen: Ihre Führungskraft hält das Ergebnis fest",
        TalkProgress.RECORDED: "wartet auf die Kenntnisnahme Ihrer Führungskraft"
        if participation.has_acknowledged
        else "Ergebnis des Gesprächs zur Kenntnis nehmen",
        TalkProgress.CONFIRMED: "Ist vereinbart: Lernplan aufstellen",
    }
    return steps[participation.talk_state]


def talk_to_come(participation):
    if participation.talk_at:
        at = timezone.localtime(participation.talk_at)
        return f"Gespräch am {in_words(at)} um {date_format(at, 'H:i')} Uhr"
    return f"Gespräch bis {in_words(participation.talk_due)}: Ihre Führungskraft lädt ein"


def in_words(day):
    return date_format(day, "j. F Y")
