"""Deciding on a Soll that has changed since somebody's start: it is taken over, or declined; see target_changes."""

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from assessments.models import Participation, Round, Target, TargetChange
from assessments.rounds.opening import BATCH
from assessments.telling import letters
from kompetenz.jobs.batches import JobKind
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access

from .concerned import undecided
from .target_changes import pending_changes


@transaction.atomic
def decide(*, participations, take_over, by, read=None, moment=""):
    """Take the pending levels over into the frozen Soll, or decline them; returns what was decided, as Pending.

    Only in an open round and until the talk is recorded. ``read`` maps ids of participations to the
    stamp of what was looked at before (Pending.stamp); where something else is pending by now, nothing is decided. A second
    call finds nothing pending. Nobody decides on their own. Of many that are decided on bit by bit a manager is told once: then
    ``moment`` is the same for all.
    """
    found = list(pending_changes(_locked_undecided(participations, by)).values())
    if read is not None:
        found = [one for one in found if read.get(one.participation.pk) == one.stamp]
    decisions = [_decision(one, cell, taken_over=take_over, by=by) for one in found for cell in one.cells]
    TargetChange.objects.bulk_create(decisions, BATCH)
    if take_over:
        _take_over(found)
        letters.tell_of_new_targets([one.participation for one in found], moment=moment)
    _note(found, by)
    _settle([one for one in found if take_over or not one.is_other_role])
    return found


def _note(found, by):
    """That ``by`` of HR has worked on their Soll; of the command line nothing."""
    rounds = {}
    for one in found if by else ():
        rounds.setdefault(one.participation.round_id, []).append(one.participation.person_id)
    for round_, people in rounds.items():
        accesses.note(by, Access.What.TARGETS, Access.How.CHANGED, people, role=Access.Role.HR, round_id=round_)


def _settle(found):
    """Note that what the role asks is decided on; of another role that was declined, the person's own says nothing."""
    alike = {}
    for one in found:
        alike.setdefault(one.asked, []).append(one.participation.pk)
    for asked, participations in alike.items():
        Participation.objects.filter(pk__in=participations).update(role_asked=asked)


def decide_some(job, seen):
    """What was shown of each, and is so still, is taken over or declined."""
    rows = Participation.objects.filter(pk__in=[pk for pk, _ in seen])
    about = {"take_over": job.options["taken_over"], "by": job.asked_by, "moment": letters.moment_of(job)}
    done = decide(participations=rows, read=dict(seen), **about)
    job.count("done", len(done))


def say_what_is_decided(job):
    done, told = job.tally.get("done", 0), []
    what = "die Änderung abgelehnt; das bisherige Soll gilt weiter"
    if job.options["taken_over"]:
        what = "das geänderte Soll übernommen"
    if done:
        told.append(f"Für {done} Person{'en' if done > 1 else ''} {what}.")
    if done < job.total:
        told.append(f"{job.total - done} nicht entschieden: Dort hat sich inzwischen etwas geändert.")
    job.level = "success" if done == job.total else "warning"
    job.sentence, *job.lines = told


def page_of_changes(job):
    return reverse("assessments:round_changes", args=job.subject.split()[:1])


DECIDING = JobKind(
    "deciding on targets", batch=decide_some, finish=say_what_is_decided, leads_to=page_of_changes, is_signed=True
)


def _locked_undecided(participations, by):
    """Those of open rounds that can still be decided on, with their round, locked by id."""
    keys = [row.pk for row in participations]
    # Held first, so that nobody closes them meanwhile.
    theirs = Participation.objects.filter(pk__in=keys).values("round")
    rounds = list(Round.objects.open().select_for_update().filter(pk__in=theirs).order_by("pk"))
    rows = Participation.objects.taking_part().of_others(by).filter(pk__in=keys, round__in=rounds)
    # of: the participations, by id, as everybody locks them; their round is only read along.
    return list(undecided(rows).select_related("round").select_for_update(of=("self",)).order_by("pk"))


def _decision(pending, cell, *, taken_over, by):
    return TargetChange(
        participation=pending.participation,
        competency_id=cell.competency.id,
        profile=pending.profile,
        old_level=cell.old,
        new_level=cell.new,
        taken_over=taken_over,
        by=by,
    )


def _take_over(found):
    """Write what was decided into Soll and role, the same for many at once."""
    alike = {}
    for one in found:
        for cell in one.cells:
            alike.setdefault((cell.competency.id, cell.old is None, cell.new, cell.necessity), []).append(one)
    for (competency, is_new, level, necessity), rows in alike.items():
        participations = [one.participation.pk for one in rows]
        targets = Target.objects.filter(competency=competency, participation__in=participations)
        if level is None:
            targets.delete()
        elif is_new:
            new = {"competency_id": competency, "profile_level": level, "level": level, "necessity": necessity}
            Target.objects.bulk_create([Target(participation_id=pk, **new) for pk in participations], BATCH)
        else:
            _renew(targets, level, necessity)
    _give_roles(found)


def _renew(targets, level, necessity):
    """A level that the manager has adjusted holds, with its reason and what was asked then, unless the role asks the same by now."""
    adjusted = ~Q(level=F("profile_level")) & ~Q(level=level)
    targets.filter(adjusted).update(profile_level=level, necessity=necessity)
    nobody = {"reason": "", "adjusted_on": None, "adjusted_by": None, "adjusted_for": None, "adjusted_from": None}
    targets.exclude(adjusted).update(profile_level=level, level=level, necessity=necessity, **nobody)


def _give_roles(found):
    """The role with its name and tasks goes along with its levels, also where it is the same role."""
    roles = {}
    for one in found:
        roles.setdefault(one.profile, []).append(one.participation.pk)
    for profile, participations in roles.items():
        Participation.objects.filter(pk__in=participations).update(
            profile=profile, role_name=profile.name, role_tasks=profile.tasks
        )
