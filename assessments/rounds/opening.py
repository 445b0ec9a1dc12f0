"""Opening a round: whom it addresses, and what is frozen for each of them."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Participation, Round, asked_in_short
from assessments.models.participation_querysets import people_whom_nobody_leads
from assessments.models.targets import freeze_levels
from assessments.telling import letters
from kompetenz.catalogue.models import Edition
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit, is_employed
from kompetenz.refusals import Faster, Refused, TooLate
from roles.models import Requirement, RoleHolding, RoleProfile

from . import preparing
from .deadlines import FIELDS
from .recording import note_state

BATCH = 500
DELETED = "Nicht eröffnet: Die Vorbereitung dieser Runde ist inzwischen gelöscht."
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
    everybody: QuerySet | None = None  # where somebody can lack a role

    def numbers(self):
        """How many take part, lack a manager, lack a role; three queries. A person has one role at a time: the first are the rest."""
        without_manager = self.without_manager.count()
        if self.everybody is None:
            return self.holdings.count(), without_manager, 0
        without_role = self.without_role.count()
        return self.everybody.count() - without_manager - without_role, without_manager, without_role


def addressed(round_):
    """Sort the people of the round's units, roles and list; at most four queries to read these.

    Only a round without chosen roles can miss people who have no role.
    """
    in_group, roles = group_of(round_), RoleHolding.objects.current()
    people, unled = Person.objects.filter(in_group()), people_whom_nobody_leads()
    if profiles := list(round_.profiles.all()):
        roles = roles.filter(profile__in=profiles)
    with_role = Exists(roles.filter(person=OuterRef("pk")))
    return Addressed(
        holdings=roles.filter(in_group("person__"))
        .exclude(person__in=unled.order_by().values("pk"))
        .select_related("person__unit", "person__manager", "profile")
        .order_by("person__sort_key", "person"),
        without_manager=people.filter(with_role, pk__in=unled.order_by().values("pk")),
        without_role=people.none() if profiles else people.exclude(with_role),
        everybody=None if profiles else people,
    )


def group_of(round_):
    """The condition on people who work in the round's units today and stand in its list; either chooses all if it is empty.

    Gives a function of what leads to the person ("person__"): joined to others, nobody has to be looked for in a list of all.
    """
    units, has_list = list(round_.units.all()), round_.people.exists()

    def condition(at=""):
        found = is_employed(at)
        if units:
            found &= Q(**{f"{at}unit__in": Unit.objects.below(units)})
        if has_list:
            found &= Q(**{f"{at}pk__in": round_.people.order_by().values("pk")})
        return found

    return condition


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
    if the round addresses nobody who can take part or is deleted, and Faster for another draft.
    """
    # Whoever opens it at the same moment waits here, and then finds it begun.
    round_ = Round.objects.select_for_update().filter(pk=round_.pk).first()
    if round_ is None:
        raise Refused(DELETED)
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
