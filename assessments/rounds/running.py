"""What HR changes about participations in a running round: they rest, get other deadlines, or end.

All of these take participations of one round, and raise TooLate once it is closed: then nothing is changed. Only resting
and going on are for those, too, whose plan goes on after the end.
"""

from copy import copy
from dataclasses import astuple, dataclass

from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from assessments.models import Assessment, Participation, PlanProgress, Progress, Round, TalkProgress
from assessments.telling import letters, open_steps
from kompetenz import hooks
from kompetenz.forms.stamp import stamp
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Faster, Refused, TooLate

from .closing import LossNotAgreed
from .deadlines import FIELDS
from .opening import BATCH, ENDED, hold_open


def held(round_, participations):
    """These participations as they are now, locked by id; left out are those that are gone, of another round or declined.

    The round is held first, so that nobody closes it meanwhile. Raises TooLate.
    """
    hold_open(round_)
    keys = [row.pk for row in participations]
    # By id, or two who change overlapping selections could each hold what the other wants.
    rows = Participation.objects.taking_part().filter(round=round_, pk__in=keys)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def held_after_the_end_too(round_, participations):
    """The same, and of a round that has ended those that outlive it. Raises TooLate if that is none of them."""
    ended = Round.objects.select_for_update().filter(pk=round_.pk, state=Round.State.CLOSED).exists()
    if not ended:
        return held(round_, participations)
    keys = [row.pk for row in participations]
    rows = Participation.objects.select_for_update(of=("self",)).filter(round=round_, pk__in=keys).order_by("pk")
    if not (found := [row for row in rows if row.outlives_its_round]):
        raise TooLate(ENDED)
    return found


NAMED = 3  # of those whose deadlines would be out of order


def among(rows):
    return Participation.objects.filter(pk__in=[row.pk for row in rows])


# Resting ------------------------------------------------------------------------------------------


@transaction.atomic
def pause(*, round_, participations):
    """Let participations rest from today on; returns how many did not before. Why is nowhere stored."""
    rows = among(held_after_the_end_too(round_, participations)).filter(paused_on=None)
    begin = list(rows.select_related("person__manager", "round"))
    letters.tell_that_talks_are_off(begin)
    hooks.ask("rest", [row.pk for row in begin], True)
    return rows.update(paused_on=timezone.localdate())


@transaction.atomic
def resume(*, round_, participations, moment=""):
    """Let participations go on; returns how many had rested. Nobody is reminded of days that came while they did."""
    rows = among(held_after_the_end_too(round_, participations)).filter(paused_on__isnull=False)
    again = list(rows.select_related("person__manager"))
    among(again).update(paused_on=None, resumed_on=timezone.localdate())
    letters.tell_of_resuming(again, moment=moment)
    letters.tell_that_talks_are_on_again(again)
    hooks.ask("rest", [row.pk for row in again], False)
    return len(again)


# Other deadlines ----------------------------------------------------------------------------------


class OutOfOrder(Refused):
    """Deadlines would lie in the wrong order; ``field`` is the one to move.

    ``named`` are the first whose it is, see first_names, and ``beyond`` is how many more there are.
    """

    def __init__(self, field, named, beyond):
        super().__init__("Die Fristen lägen nicht mehr in der Reihenfolge der Schritte.")
        self.field, self.named, self.beyond = field, named, beyond


@transaction.atomic
def extend_deadlines(*, round_, participations, moment="", **dues):
    """Give participations until ``dues`` (days, by names of deadlines.FIELDS); returns how many got more time.

    A later deadline that somebody has already stays, and where there is none, none is set. Raises OutOfOrder if
    the talk would come before the assessments or the plan before the talk; then nothing is changed.
    """
    return write_deadlines(held(round_, participations), dues, only_later=True, moment=moment)


def stamp_of_deadlines(participations):
    """The stamp of the days that these have, whatever their order; of thousands the database says how many have which, and who."""
    who = {"number": Count("pk"), "sum": Sum("pk"), "squares": Sum(F("pk") * F("pk"))}
    found = {}
    # By their states, too, for that is how the index is sorted; what is added up does not tell them.
    for *_, one, two, three, four, number, total, squares in (
        participations.order_by().values_list("paused_on", *STATES, *FIELDS).annotate(**who)
    ):
        days, told = (one, two, three, four), (number, int(total), int(squares))
        found[days] = tuple(map(sum, zip(found.get(days, (0, 0, 0)), told, strict=True)))
    return stamp(*sorted(map(str, found.items())))


def stamp_of_days(days):
    """The stamp of one's own days, in the order of FIELDS."""
    return stamp(*map(str, days))


def days_of(row):
    return stamp_of_days([getattr(row, field) for field in FIELDS])


def held_as_read(round_, participations, read):
    """These as ``held``; raises Faster where their days are not those of the stamp ``read`` any more, None is not asked."""
    rows = held(round_, participations)
    if read not in (None, stamp_of_deadlines(among(rows))):
        raise Faster
    return rows


@transaction.atomic
def set_deadlines(*, round_, participations, read=None, moment="", **dues):
    """Give participations exactly ``dues`` (days, by names of deadlines.FIELDS), earlier or later; how many change.

    Where there is no deadline, none is set. ``read`` is the stamp of the days that the page has shown. Raises OutOfOrder as
    extend_deadlines does, and Faster.
    """
    return write_deadlines(held_as_read(round_, participations, read), dues, moment=moment)


@transaction.atomic
def reset_deadlines(*, round_, participations, read=None, moment=""):
    """Give participations the deadlines of their round again; how many change. Raises Faster as set_deadlines does."""
    rows = held_as_read(round_, participations, read)
    return write_deadlines(rows, dues_of(Round.objects.get(pk=round_.pk)), moment=moment)


def dues_of(round_):
    return {field: getattr(round_, field) for field in FIELDS}


def write_deadlines(rows, dues, *, only_later=False, moment=""):
    """Save the days that are different, and tell whose they are; how many rows that is. Raises OutOfOrder, and saves nothing then."""
    changed = with_other_days(rows, dues, only_later=only_later)
    Participation.objects.bulk_update(changed, FIELDS, batch_size=BATCH)
    open_steps.tell_of_days(among(changed), dues, moment=moment)
    return len(changed)


def with_other_days(rows, dues, *, only_later):
    """Those of ``rows`` that get other days, or ``only_later`` ones, with these; nothing is saved. Raises OutOfOrder.

    Where there is no deadline, none is set.
    """
    changed = []
    for row in rows:
        had = {field: getattr(row, field) for field in dues}
        new = {field: day for field, day in dues.items() if had[field] and had[field] != day}
        new = {field: day for field, day in new.items() if not only_later or had[field] < day}
        for field, day in new.items():
            setattr(row, field, day)
        changed += [row] if new else []
    refuse_disorder(changed)
    return changed


def refuse_beforehand(*, round_, participations, dues, read, by_round=False, only_later=False):
    """Raise OutOfOrder or Faster for all of them at once, before any is changed; nothing is saved, and the rows stay as they were."""
    if not only_later and read not in (None, stamp_of_deadlines(participations)):
        raise Faster
    with_other_days(map(copy, participations), dues_of(round_) if by_round else dues, only_later=only_later)


def refuse_disorder(rows):
    check_order("talk_due", [row for row in rows if row.talk_due < max(row.self_due, row.manager_due)])
    check_order("plan_due", [row for row in rows if row.plan_due and row.plan_due < row.talk_due])


def check_order(field, rows):
    if rows:
        raise OutOfOrder(field, among(rows[:NAMED]).first_names(), len(rows[NAMED:]))


# Leaving ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Removal:
    """What removing participations means, in numbers: ``kept`` stay, see ParticipationQuerySet.staying_in_their_round.

    ``lost`` are those of the ``removed`` in which somebody has answered already; how far these are, the other numbers say.
    """

    kept: int
    removed: int
    lost: int
    names_of_kept: list[tuple[str, str]]  # of the first, see first_names
    self_started: int
    self_released: int
    manager_started: int
    manager_released: int
    talk_started: int

    @property
    def stamp(self):
        """What the page sends back: another one once more is begun, released or recorded."""
        return stamp(astuple(self))

    @property
    def kept_beyond(self):
        """How many of the kept are not named."""
        return self.kept - len(self.names_of_kept)


STATES = ("self_state", "manager_state", "talk_state", "plan_state")
AS_SENT_BACK = dict(
    zip(STATES, (Progress.RELEASED, Progress.RELEASED, TalkProgress.STARTED, PlanProgress.NONE), strict=True)
)
IN_THE_MAKING = (Progress.STARTED, Progress.ENTERED)


def removal_of(rows):
    """The Removal of these participations; one query, one more where talks are begun, and one for the names if any stay."""
    # With the day since when they rest, for that is how the index is sorted.
    counted = rows.order_by().values_list("paused_on", *STATES).annotate(number=Count("pk"))
    groups = [(Participation(**dict(zip(STATES, states, strict=True))), number) for _, *states, number in counted]
    leaving = [
        (one, number) for one, number in groups if not (one.talk_is_recorded or one.plan_state > PlanProgress.NONE)
    ]
    if any(one.talk_state == TalkProgress.STARTED for one, _ in leaving):  # those sent back have both sides released
        leaving.append((Participation(**AS_SENT_BACK), -rows.sent_back().filter(plan_state=PlanProgress.NONE).count()))

    def number(condition):
        return sum(count for one, count in leaving if condition(one))

    kept = sum(number for _, number in groups) - number(lambda one: True)
    return Removal(
        kept=kept,
        removed=number(lambda one: True),
        lost=number(lambda one: one.self_state or one.manager_state or one.talk_state),
        names_of_kept=rows.staying_in_their_round().first_names() if kept else [],
        self_started=number(lambda one: one.self_state in IN_THE_MAKING),
        self_released=number(lambda one: one.self_is_released),
        manager_started=number(lambda one: one.manager_state == Progress.STARTED),
        manager_released=number(lambda one: one.manager_is_released),
        talk_started=number(lambda one: one.talk_state == TalkProgress.STARTED),
    )


@transaction.atomic
def remove(*, round_, participations, agreed_loss=None, moment="", by=None):
    """End participations with everything in them, except those that stay; returns the Removal.

    Of many that are removed bit by bit everybody is told once: then ``moment`` is the same for all. That ``by`` of HR has done it
    stays in the access log, which is all that is left.

    ``agreed_loss`` is how many participations with answers HR has agreed to lose, None if it was not asked. Where
    colleagues are asked it always must be: whether they have answered is not for HR to see. Raises LossNotAgreed.
    """
    hold_open(round_)
    hold_assessments(participations)
    rows = among(held(round_, participations))
    removal = removal_of(rows)
    refuse_loss(round_, removal, agreed_loss)
    leaving = rows.leaving_their_round()
    letters.tell_that_talks_are_off(leaving.select_related("person__manager", "round"))
    letters.tell_of_removal(leaving, moment=moment)
    if by:
        people = list(leaving.values_list("person", flat=True))
        accesses.note(by, Access.What.COURSE, Access.How.CHANGED, people, role=Access.Role.HR, round_id=round_.pk)
    leaving.delete()
    enqueue_once(empty_the_log)
    return removal


def refuse_loss(round_, removal, agreed_loss):
    """Raise LossNotAgreed if more would be lost than was agreed to, or it was not asked; see remove."""
    unknown = round_.has_peers and bool(removal.removed)
    if (agreed_loss is None and unknown) or removal.lost > (agreed_loss or 0):
        raise LossNotAgreed


def refuse_another(removal, was_read):
    """Raise LossNotAgreed where something would be lost, and the page has shown it as less or as something else."""
    if removal.lost and not was_read:
        raise LossNotAgreed


def hold_assessments(participations):
    """Lock what is about to be deleted in the order in which answering/saving.py locks it, so that neither waits for the other."""
    rows = Assessment.objects.filter(participation__in=[row.pk for row in participations])
    locked = rows.select_for_update(of=("self", "participation")).select_related("participation")
    list(locked.order_by("participation_id", "pk"))
