"""Opening and closing a round: whom it addresses, and what is frozen for each of them."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    EarlierRoundsConsent,
    Participation,
    Progress,
    Rating,
    Round,
    asked_in_short,
)
from assessments.models.participations import can_take_over
from assessments.models.targets import freeze_levels
from assessments.telling import letters
from kompetenz.catalogue.models import Edition
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit
from kompetenz.refusals import Faster, Refused, TooLate
from roles.models import Requirement, RoleHolding, RoleProfile

from . import preparing
from .deadlines import FIELDS
from .recording import note_state

BATCH = 500
ENDED = "Diese Runde ist inzwischen beendet. Es wurde nichts geändert."


@dataclass(frozen=True)
class Addressed:
    """The people a round speaks to, as querysets that have read nobody yet.

    ``holdings`` are the roles of those who take part. The others cannot: ``without_manager`` have a role but
    nobody to give the Fremdeinschätzung, ``without_role`` have none. Nobody is in two of them.
    """

    holdings: QuerySet
    without_manager: QuerySet
    without_role: QuerySet

    def numbers(self):
        """How many take part, lack a manager, lack a role; three queries."""
        return self.holdings.count(), self.without_manager.count(), self.without_role.count()


def addressed(round_):
    """Sort the people of the round's units, roles and list; at most four queries to read these.

    Only a round without chosen roles can miss people who have no role.
    """
    people, roles = group_of(round_), RoleHolding.objects.current()
    if profiles := list(round_.profiles.all()):
        roles = roles.filter(profile__in=profiles)
    missing = people.none() if profiles else people.exclude(pk__in=roles.values("person"))
    return Addressed(
        holdings=roles.filter(can_take_over("person__manager__"), person__in=people)
        .select_related("person__unit", "person__manager", "profile")
        .order_by("person__sort_key", "person"),
        without_manager=people.filter(pk__in=roles.values("person")).exclude(can_take_over("manager__")),
        without_role=missing,
    )


def group_of(round_):
    """Everybody who works in the round's units today and stands in its list; either chooses all if it is empty."""
    people = Person.objects.employed()
    if units := list(round_.units.all()):
        people = people.filter(unit__in=Unit.objects.below(units))
    if round_.people.exists():
        people = people.filter(pk__in=round_.people.values("pk"))
    return people


def has_manager(person):
    """Whether somebody can give the Fremdeinschätzung: a manager who works here and can sign in; as can_take_over."""
    manager = person.manager
    return manager is not None and manager.is_employed and bool(manager.email)


@transaction.atomic
def open_round(*, round_, by):
    """Open a round in preparation, all of it in this transaction; see begin_opening."""
    begin_opening(round_=round_, by=by, at_once=True)
    return Round.objects.get(pk=round_.pk)


@transaction.atomic
def begin_opening(*, round_, by, at_once=False, read=None):
    """Open a round in preparation: freeze the catalogue and each participant's Soll, role and manager; returns the job.

    What holds in this moment is what is frozen, however long it takes for all; only names and units follow the people,
    as they do in an open round. Until the last of them is in, nobody is. Opening it a second time changes nothing: the job is the
    one that opens it, or None once it is open. ``read`` is preparing.stamp_of the draft that was shown, None is not asked. Raises Refused
    if the round addresses nobody who can take part, and Faster for another draft.
    """
    # Whoever opens it at the same moment waits here, and then finds it begun.
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if not round_.is_draft:
        return Job.objects.unfinished().of(OPENING, round_.pk).first()
    if read not in (None, preparing.stamp_of(round_)):
        raise Faster(preparing.ANOTHER.format("eröffnet"))
    entrants = list(addressed(round_).holdings.values_list("person", "person__manager", "profile"))
    if not entrants:
        raise Refused("Inzwischen spricht die Runde niemanden mehr an, der eine Rolle und eine Führungskraft hat.")
    round_.edition = Edition.objects.current()
    round_.state = Round.State.OPENING
    round_.opened_at = timezone.now()
    round_.opened_by = by
    round_.save()
    soll = soll_of({profile for _, _, profile in entrants}, round_.catalogue)
    title = f"Runde eröffnen: {round_}"
    return begin(OPENING, subject=round_.pk, title=title, items=entrants, by=by, at_once=at_once, soll=soll)


def hold_opening(job):
    """The round that this job opens, locked; raises TooLate if it is gone."""
    found = Round.objects.select_for_update().filter(pk=job.subject, state=Round.State.OPENING).first()
    if found is None:
        raise TooLate("Diese Runde wird nicht mehr eröffnet.")
    return found


def take_some_in(job, entrants):
    """Freeze what belongs to some of them; who has left or is gone meanwhile, or whose manager is, is left out."""
    round_ = hold_opening(job)
    people = Person.objects.employed().select_related("unit")
    people = people.in_bulk([who for entrant in entrants for who in entrant[:2]])
    freeze(
        round_,
        [
            (people[person], people[manager], profile)
            for person, manager, profile in entrants
            if person in people and manager in people
        ],
        job.options["soll"],
        admitted_on=None,
    )


def let_it_begin(job):
    """All are there: the round is open, for everybody at one moment, and they hear of it."""
    round_ = hold_opening(job)
    Participation.with_entering.entering().filter(round=round_).update(admitted_on=timezone.localdate())
    round_.state, round_.opened_at = Round.State.OPEN, timezone.now()
    round_.save(update_fields=["state", "opened_at"])
    note_state(round_, Round.State.DRAFT.label, by=round_.opened_by)
    invited = list(round_.participations.values_list("pk", flat=True))
    about = {"title": f"Einladungen zur Runde: {round_}", "by": job.asked_by, "at_once": job.pk is None}
    begin(INVITING, subject=round_.pk, items=invited, first=min(invited, default=None), **about)
    job.sentence = "Die Runde läuft. Alle Beteiligten sehen sie ab jetzt unter „Meine Aufgaben“."


def take_some_back(job):
    """An opening that is given up leaves nothing behind: what was frozen goes, then the round is in preparation again."""
    round_ = hold_opening(job)
    some = Participation.with_entering.entering().filter(round=round_).values_list("pk", flat=True)[:SMALL_BATCH]
    if some := list(some):
        Participation.with_entering.filter(pk__in=some).delete()
        return False
    round_.state, round_.edition, round_.opened_at, round_.opened_by = Round.State.DRAFT, None, None, None
    round_.save()
    return True


def invite_some(job, participations):
    rows = Participation.objects.filter(pk__in=participations, round__in=Round.objects.open())
    if rows := list(rows):
        letters.invite(rows, first=job.options["first"])


def say_that_all_know(job):
    job.sentence = "Die Einladungen sind geschrieben und gehen nach und nach hinaus."


def page_of_the_round(job):
    return reverse("assessments:round", args=[job.subject])


SMALL_BATCH = 15  # people for each of whom a batch deletes 25 targets: about 20 ms
WRITTEN_AT_ONCE = 30  # people for each of whom a batch writes them: as long
OPENING = JobKind(
    "opening a round",
    batch=take_some_in,
    finish=let_it_begin,
    undo=take_some_back,
    leads_to=page_of_the_round,
    size=WRITTEN_AT_ONCE,
)
INVITING = JobKind("inviting to a round", batch=invite_some, finish=say_that_all_know, leads_to=page_of_the_round)


def hold_open(round_):
    """Keep a round from being closed until the transaction ends; raises TooLate if it is not open."""
    if Round.objects.open().select_for_update().filter(pk=round_.pk).first() is None:
        raise TooLate(ENDED)


@transaction.atomic
def admit(*, round_, holdings, first=None, **dues):
    """Take each holder of a role into an open round, and tell them; returns their participations.

    Whoever takes part already is left alone. ``dues`` are days by names of deadlines.FIELDS that differ from the
    round's, ``first`` is the first participation where these are some of many: a manager is told once. Raises TooLate.
    """
    hold_open(round_)
    inside = set(round_.participations.values_list("person", flat=True))
    entrants = [(one.person, one.person.manager, one.profile_id) for one in holdings if one.person_id not in inside]
    soll = soll_of({profile for _, _, profile in entrants}, round_.catalogue)
    participations = freeze(round_, entrants, soll, **dues)
    if participations:
        letters.invite(participations, first=first)
    return participations


def soll_of(profiles, catalogue):
    """What these role profiles ask for, by their id as text, as plain values: name, tasks, and (competency, level, necessity)."""
    found = {
        str(profile.pk): {"name": profile.name, "tasks": profile.tasks, "asked": "", "levels": []}
        for profile in RoleProfile.objects.filter(pk__in=profiles)
    }
    for requirement in Requirement.objects.filter(profile__in=profiles, competency__in=catalogue.by_id):
        level = catalogue.nearest(requirement.level)
        found[str(requirement.profile_id)]["levels"].append([requirement.competency_id, level, requirement.necessity])
    for profile, asked in found.items():
        asked["asked"] = asked_in_short(catalogue, int(profile), {pk: level for pk, level, _ in asked["levels"]})
    return found


def freeze(round_, entrants, soll, **fields):
    """Give (person, manager, role profile's id) each their participation, their frozen Soll and both assessments."""
    participations = Participation.objects.bulk_create(
        [
            participation_of(round_, person, manager, profile, soll[str(profile)], fields)
            for person, manager, profile in entrants
        ],
        batch_size=BATCH,
    )
    freeze_levels(
        (participation.pk, *asked)
        for participation in participations
        for asked in soll[str(participation.profile_id)]["levels"]
    )
    Assessment.objects.bulk_create(
        [
            Assessment(participation=participation, kind=kind, rater_id=rater)
            for participation in participations
            for kind, rater in [
                (Assessment.Kind.SELF, participation.person_id),
                (Assessment.Kind.MANAGER, participation.manager_id),
            ]
        ],
        batch_size=BATCH,
    )
    return participations


def participation_of(round_, person, manager, profile, soll, fields):
    return Participation(
        round=round_,
        person=person,
        manager=manager,
        profile_id=profile,
        person_name=str(person),
        sort_key=person.sort_key,
        role_name=soll["name"],
        role_tasks=soll["tasks"],
        unit=person.unit,
        unit_name=str(person.unit) if person.unit else "",
        manager_name=str(manager),
        role_asked=soll["asked"],
        **{field: getattr(round_, field) for field in FIELDS} | fields,
    )


class LossNotAgreed(Refused):
    """More would be lost than HR has agreed to lose."""

    def __init__(self):
        super().__init__("Es ginge mehr verloren, als bestätigt ist. Es ist nichts geändert.")


@dataclass(frozen=True)
class Loss:
    """What is deleted as a round ends, by numbers: entries from paper that nobody has confirmed, drafts of former managers."""

    entries: int
    drafts: int

    def exceeds(self, agreed):
        return self.entries > agreed.entries or self.drafts > agreed.drafts

    @property
    def in_words(self):
        """One text for each kind of which there is any."""
        texts = {
            "noch nicht bestätigte Eintragungen vom Papier": self.entries,
            "nicht freigegebene Fremdeinschätzungen früherer Führungskräfte": self.drafts,
        }
        return [f"{what}: {number}" for what, number in texts.items() if number]


def unconfirmed_in(round_):
    return round_.participations.filter(self_state=Progress.ENTERED)


def drafts_left_in(round_):
    return Assessment.objects.filter(kind=Assessment.Kind.FORMER, participation__round=round_)


def loss_of(round_):
    """What would be deleted if the round ended now; two queries."""
    return Loss(unconfirmed_in(round_).count(), drafts_left_in(round_).count())


@transaction.atomic
def close_round(*, round_):
    """End an open round, all of it in this transaction; returns the Loss. See begin_closing."""
    loss = loss_of(round_)
    begin_closing(round_=round_, by=None, at_once=True)
    return loss


@transaction.atomic
def begin_closing(*, round_, by, agreed_loss=None, at_once=False):
    """End an open round: from now on nothing in it changes any more; returns the job that clears up, or None if it is not open.

    What former managers have left unreleased at a hand-over is of no use any more and is deleted; so is what somebody
    has typed in from paper and the person has not confirmed. Talks to come go from the calendars. ``agreed_loss`` is what HR
    was shown of that, None if nobody was asked. Raises LossNotAgreed.
    """
    # Held, so that nothing more comes in between what is counted and what is deleted.
    round_ = Round.objects.open().select_for_update().filter(pk=round_.pk).first()
    if round_ is None:
        return None
    wait_for_who_writes(round_)
    loss = loss_of(round_)
    if agreed_loss is not None and loss.exceeds(agreed_loss):
        raise LossNotAgreed
    left = drafts_left_in(round_).values_list("participation", flat=True)
    concerned = {
        *left,
        *(
            pk
            for rows in (unconfirmed_in(round_), coming_in(round_), begun_in(round_))
            for pk in rows.values_list("pk", flat=True)
        ),
    }
    Round.objects.filter(pk=round_.pk).update(state=Round.State.CLOSED, closed_at=timezone.now())
    round_.state = Round.State.CLOSED
    end_consents_to_fewer_rounds(round_)
    note_state(round_, Round.State.OPEN.label, by=by)
    about = {"subject": round_.pk, "title": f"Runde beenden: {round_}", "by": by, "at_once": at_once}
    return begin(CLEARING, items=sorted(concerned), loss=loss.in_words, **about)


def wait_for_who_writes(round_):
    """Whoever holds a participation of it is done first, and so counts; whoever comes then waits, and finds the round ended."""
    # The assessments that are about to be cleared first, as answering/saving.py locks them; their participations with all others,
    # or whoever holds one and waits for theirs would be waited for.
    typed_in = Assessment.objects.of_themselves().filter(participation__in=unconfirmed_in(round_))
    list(typed_in.select_for_update().order_by("participation_id").values_list("pk"))
    # no_key: nobody waits who only writes a row that belongs to one.
    list(round_.participations.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def end_consents_to_fewer_rounds(round_):
    """Whoever has let their new manager read earlier rounds has not been asked about this one, which ends with another: they are asked anew."""
    others = round_.participations.ready_for_talk().exclude(manager=F("person__manager"))
    EarlierRoundsConsent.objects.filter(agrees=True, person__in=others.order_by().values("person")).delete()


def begun_in(round_):
    """Those in which somebody has not released what they had begun."""
    return round_.participations.filter(Q(self_state=Progress.STARTED) | Q(manager_state=Progress.STARTED))


def coming_in(round_):
    return round_.participations.filter(talk_at__gt=timezone.now(), paused_on=None)


def clear_some(job, participations):
    round_ = Round.objects.get(pk=job.subject)
    coming = coming_in(round_).filter(pk__in=participations)
    letters.tell_that_talks_are_off(coming.select_related("person__manager", "round"))
    letters.tell_of_end(begun_in(round_).filter(pk__in=participations))
    drafts_left_in(round_).filter(participation__in=participations).delete()
    unconfirmed = unconfirmed_in(round_).filter(pk__in=participations)
    typed_in = Assessment.objects.of_themselves().filter(participation__in=unconfirmed)
    Rating.objects.filter(assessment__in=typed_in).delete()
    typed_in.update(entered_by=None, entered_on=None)
    unconfirmed.update(self_state=Progress.OPEN)


def say_what_is_deleted(job):
    deleted = job.options["loss"]
    rest = f"Gelöscht sind {' und '.join(deleted)}. Alles andere bleibt." if deleted else "Alles Gespeicherte bleibt."
    job.sentence = f"Die Runde ist beendet. {rest}"


CLEARING = JobKind("clearing up", batch=clear_some, finish=say_what_is_deleted, leads_to=page_of_the_round)
