"""Passing participations on to the managers people have today: HR in a running round, the person themselves after it."""

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse

from assessments.models import Assessment, HandOver, Participation, PlanProgress, Progress, Rating, Remark, Round, Talk
from assessments.rounds.opening import BATCH, has_manager
from assessments.telling import letters
from kompetenz import hooks
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.own_reach import OwnReach
from kompetenz.prepared import prepared
from kompetenz.refusals import TooLate

OWN = (
    "Sich selbst übergibt niemand eine Teilnahme, auch nicht über eine Vertretung, und wer neu in der Personalentwicklung ist, "
    "niemandem aus ihr. Das übernimmt eine andere Person der Personalentwicklung oder die technische Verwaltung."
)
NOT_ENTRUSTED = (
    "Nicht übergeben: Inzwischen hat sich etwas geändert. Bitte sehen Sie noch einmal nach, wer Ihre Führungskraft ist."
)
FORMER, MANAGER = Assessment.Kind.FORMER, Assessment.Kind.MANAGER


@prepared
def hand_overs_of(participation):
    return HandOver.objects.filter(participation=participation)


@transaction.atomic
def hand_over(*, participations, by, first=None):
    """Give participations of open rounds to the managers their people have today; returns the HandOvers.

    What the former manager has released stays. A draft of theirs is set aside unread, and comes back if they do;
    the new manager begins anew. Where nothing has changed or nobody can take over, nothing happens, so that a
    second call does no harm; nor where ``by`` would let themselves in, see not_theirs_to_give. ``first`` is the id of the first
    HandOver where these are some of many: a manager is told once.
    """
    reach = OwnReach(by)
    due = _due_in_running_rounds([row.pk for row in participations], reach)
    hooks.ask("hold", due)  # before the locks below: who writes there locks their own rows first, too
    hooks.ask("before_hand_over", due)
    assessments = [one for one in _locked_manager_sides(due) if _may_be_given(one.participation, reach)]
    hand_overs = _hand_overs_of([one.participation for one in assessments], by)
    _pass_on(assessments)
    written = HandOver.objects.bulk_create(hand_overs, BATCH)
    letters.tell_of_hand_overs(written, first=first)
    return written


def _hand_overs_of(rows, by):
    """One for each of these locked participations; one query."""
    talks = dict(Talk.objects.filter(participation__in=rows).values_list("participation", "held_on"))
    return [
        HandOver(
            participation=row,
            from_person_id=row.manager_id,
            from_name=row.manager_name,
            to_person=row.person.manager,
            to_name=str(row.person.manager),
            by=by,
            talk_held_on=talks.get(row.pk),
        )
        for row in rows
    ]


@transaction.atomic
def entrust(*, participation, manager):
    """The person lets ``manager`` (an id), who was shown to them as theirs, go on with a plan after its round; see may_be_entrusted.

    A new manager reads older rounds only where the person agrees, and this one alone. Raises TooLate where it is another
    manager by now or there is nothing to go on with; twice does no harm.
    """
    due = Participation.objects.select_related("round", "person__manager").get(pk=participation.pk)
    if may_be_entrusted(due):
        hooks.ask("hold", [due.pk])
        hooks.ask("before_hand_over", [due.pk])
    (side,) = _locked_manager_sides([due.pk])
    row = side.participation
    if not may_be_entrusted(row) or row.person.manager_id != manager:
        raise TooLate(NOT_ENTRUSTED)
    (written,) = _hand_overs_of([row], row.person)
    _pass_on([side])
    written.save()
    letters.tell_of_entrusting(written)


def may_be_entrusted(participation):
    """Whether the person can give it to their manager of today: its round has ended, and nobody else acts in what goes on."""
    is_over = not participation.round.is_under_way
    return is_over and participation.takes_part and participation.outlives_its_round and is_due(participation)


def hand_some_over(job, pairs):
    """Those of them that still would go to the manager who was shown."""
    shown = dict(pairs)
    rows = Participation.objects.filter(pk__in=shown).select_related("person__manager")
    rows = [row for row in rows if row.person.manager_id == shown[row.pk]]
    done = hand_over(participations=rows, by=job.asked_by, first=job.options.get("first"))
    if done:
        job.options.setdefault("first", done[0].pk)
    job.count("done", len(done))
    job.count("own", len(not_theirs_to_give(rows, job.asked_by)))


def say_who_is_handed_over(job):
    done, own = job.tally.get("done", 0), job.tally.get("own", 0)
    job.level = "success" if done == job.total else "error" if own else "warning"
    told = [f"{in_words(done)} übergeben. Person und neue Führungskraft sehen es in ihrer Runde."] if done else []
    if own:
        told.append(f"{own} nicht übergeben: {OWN}")
    elif done < job.total:
        told.append(f"{job.total - done} nicht übergeben: Das hat sich inzwischen geändert.")
    job.sentence, *job.lines = told


def in_words(number):
    return "Eine Person ist" if number == 1 else f"{number} Personen sind"


def page_of_changes(job):
    return f"{reverse('assessments:round_changes', args=[job.subject])}?art=fuehrungskraft"


HANDING_OVER = JobKind(
    "handing over", batch=hand_some_over, finish=say_who_is_handed_over, leads_to=page_of_changes, is_signed=True
)


@hooks.register("people_passed_on")
def hand_over_theirs(people, by):
    """Participations in running rounds of people who have just got another manager go to that one."""
    rounds = {one.pk: one for one in Round.objects.open()}
    due = Participation.objects.to_hand_over_in(list(rounds)).filter(person__in=people)
    theirs = {}
    for pk, round_, manager in due.order_by("pk").values_list("pk", "round", "person__manager"):
        theirs.setdefault(round_, []).append((pk, manager))
    return [_begun(rounds[round_], pairs, by) for round_, pairs in theirs.items()]


def _begun(round_, pairs, by):
    job = begin(HANDING_OVER, subject=round_.pk, title=f"Teilnahmen übergeben: {round_}", items=pairs, by=by)
    if job.was_there:
        return f"{round_}: Es wird gerade schon übergeben. Bitte sehen Sie danach unter „Änderungen seit Start“ nach."
    return f"{round_}: {job.sentence or 'Die Teilnahmen werden jetzt übergeben.'}"


@hooks.register("still_with_former_manager")
def participations_to_hand_over(person):
    """Each in a running round that ``hand_over_theirs`` would give to the person's manager; two queries."""
    due = Participation.objects.to_hand_over_in(list(Round.objects.open())).filter(person=person.pk)
    told = due.order_by("round").values_list("round__title", "manager_name")
    return [f"Teilnahme in „{title}“, bei {former}" for title, former in told]


@hooks.register("hangs_on_manager")
def participations_of_manager(person):
    """How many participations of each running round are theirs, and how many learning plans go on; two queries."""
    running = Participation.objects.filter(manager=person.pk, round__state=Round.State.OPEN).taking_part()
    counted = running.order_by().values_list("round__title").annotate(Count("pk")).order_by("round")
    lines = [f"{number} Teilnahme{'n' if number > 1 else ''} in „{title}“" for title, number in counted]
    plans = Participation.objects.filter(manager=person.pk, plan_state=PlanProgress.AGREED).count()
    return lines + (
        [f"{plans} vereinbarte{'r' if plans == 1 else ''} Lernpl{'an' if plans == 1 else 'äne'}"] if plans else []
    )


def not_theirs_to_give(participations, by):
    """The ids of those that ``by`` would read themselves once they are handed over; None, the command line, reads nothing."""
    reach = OwnReach(by)
    return {row.pk for row in participations if is_due(row) and not _may_be_given(row, reach)}


def _may_be_given(participation, reach):
    manager = participation.person.manager
    return (
        participation.takes_part
        and is_due(participation)
        and not reach.objection_to_reading(manager=manager, person=participation.person)
    )


def _due_in_running_rounds(keys, reach):
    """Those of the participations ``keys`` that are due and not one's own; their rounds stay open until the transaction ends.

    Against closing, which deletes what is set aside; and so that hand-overs of a round wait for each other.
    """
    rounds = Participation.objects.filter(pk__in=keys).values("round")
    running = list(Round.objects.open().select_for_update().filter(pk__in=rounds).order_by("pk"))
    rows = Participation.objects.filter(pk__in=keys, round__in=running).select_related("person__manager")
    return [row.pk for row in rows if _may_be_given(row, reach)]


def _pass_on(assessments):
    """Give the participations of these assessments, the manager's side of each, to the present managers."""
    drafts = [one for one in assessments if one.released_at is None]
    released = [one.pk for one in assessments if one.released_at is not None]
    Assessment.objects.filter(pk__in=released).update(of_former_manager=True)
    began = _with_content(drafts)
    empty = [one for one in drafts if one.pk not in began]
    begun = [one for one in drafts if one.pk in began]
    _set_aside(begun)
    _change_managers([one.participation for one in assessments])
    _begin_anew(empty, begun)


def is_due(participation):
    """Whether somebody else is the person's manager by now, and can take over."""
    person = participation.person
    return participation.manager_id != person.manager_id and has_manager(person)


def _locked_manager_sides(participations):
    """The manager's side of each, locked with its participation in the order in which answering/saving.py does."""
    return (
        Assessment.objects.filter(kind=MANAGER, participation__in=participations)
        .select_related("participation__person__manager")
        .select_for_update(of=("self", "participation"))
        .order_by("participation_id")
    )


def _set_aside(drafts):
    """Keep what somebody has begun as the former manager's, also where a deputy wrote it."""
    former = Participation.objects.filter(pk=OuterRef("participation")).values("manager")
    Assessment.objects.filter(pk__in=[one.pk for one in drafts]).update(kind=FORMER, rater=Subquery(former))


def _change_managers(participations):
    by_manager = {}
    for row in participations:
        by_manager.setdefault(row.person.manager, []).append(row.pk)
    for manager, keys in by_manager.items():
        Participation.objects.filter(pk__in=keys).update(manager=manager, manager_name=str(manager))


def _begin_anew(empty, set_aside):
    """Let the new managers begin; whoever had begun in an earlier time with the person goes on with that."""
    keys = [one.participation_id for one in [*empty, *set_aside]]
    own = Assessment.objects.filter(kind=FORMER, participation__in=keys, rater=F("participation__manager"))
    returning = dict(own.values_list("participation", "pk"))
    Assessment.objects.filter(pk__in=[one.pk for one in empty if one.participation_id in returning]).delete()
    Assessment.objects.filter(pk__in=returning.values()).update(kind=MANAGER)
    present = Subquery(Participation.objects.filter(pk=OuterRef("participation")).values("manager"))
    Assessment.objects.filter(pk__in=[one.pk for one in empty]).update(rater=present)
    fresh = [one.participation for one in set_aside if one.participation_id not in returning]
    Assessment.objects.bulk_create(
        [Assessment(participation=row, kind=MANAGER, rater=row.person.manager) for row in fresh], BATCH
    )
    Participation.objects.filter(pk__in=keys).update(manager_state=Progress.OPEN)
    Participation.objects.filter(pk__in=returning).update(manager_state=Progress.STARTED)


def _with_content(drafts):
    """The ids of those with a rating or a remark."""
    return {
        pk
        for model in (Rating, Remark)
        for pk in model.objects.filter(assessment__in=drafts).values_list("assessment", flat=True)
    }


def released_by(participation, assessment):
    """Who has released a Fremdeinschätzung, in words, if it is not the present manager; else "".

    ``assessment`` may be None. Costs nothing in the usual case.
    """
    if assessment is None or not assessment.released_at:
        return ""
    manager, deputised_for = participation.manager_id, assessment.released_for_id
    if assessment.rater_id is None:  # erased since
        return "freigegeben von einer früheren Führungskraft" if assessment.of_former_manager else ""
    if deputised_for is None and assessment.rater_id == manager:
        return ""
    rater = participation.name_of(assessment.rater)
    if deputised_for == manager:
        return f"freigegeben von {rater} in Vertretung für {participation.manager_name}"
    if deputised_for:
        former = participation.name_of(assessment.released_for)
        return f"freigegeben von {rater} in Vertretung für die frühere Führungskraft {former}"
    is_former = participation.hand_overs.filter(from_person=assessment.rater_id).exists()
    # A deputy for somebody who is not known any more, else.
    return f"freigegeben von {'der früheren Führungskraft ' * is_former}{rater}{'' if is_former else ' in Vertretung'}"
