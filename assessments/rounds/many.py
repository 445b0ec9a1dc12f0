"""What HR does with many participations of a round at once: jobs that do it for some of them, batch by batch.

Each takes participations by id and does for a batch what the function of its step does for a few; see running.py and telling/open_steps.py.
"""

from datetime import date

from django.db import transaction

from assessments.models import Participation, Round
from assessments.telling import open_steps
from assessments.telling.letters import moment_of
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.refusals import Refused

from . import running
from .deadlines import FIELDS
from .opening import page_of_the_round

NOBODY_TO_REMIND = (
    "Es war niemand zu erinnern: Nichts ist offen, heute ging schon eine Erinnerung hinaus, die Teilnahme ruht, oder die "
    "Person ist ausgeschieden oder möchte keine E-Mails."
)
MORE_LOST = (
    "Inzwischen haben mehr Personen etwas angegeben, als bestätigt ist. Weiter ist niemand entfernt. Bitte brechen Sie "
    "den Auftrag ab und prüfen Sie noch einmal."
)
NAMED = 50  # of those who stay
LENGTHEN, EXACTLY, AS_THE_ROUND = "lengthen", "exactly", "as the round"
CHANGES = {LENGTHEN: running.extend_deadlines, EXACTLY: running.set_deadlines, AS_THE_ROUND: running.reset_deadlines}


def begin_for(kind, chosen, *, by, title, **options):
    """Begin a job of this kind for a Selection."""
    return begin(kind, subject=chosen.round.pk, title=f"{title}: {chosen.round}", items=chosen.ids, by=by, **options)


def participations(count):
    return "1 Teilnahme" if count == 1 else f"{count} Teilnahmen"


def of(job, keys):
    """The round of the job, and those of its participations."""
    return {
        "round_": Round.objects.get(pk=job.subject),
        "participations": list(Participation.objects.filter(round=job.subject, pk__in=keys).order_by("sort_key", "pk")),
    }


# Reminding ----------------------------------------------------------------------------------------


def remind_some(job, keys):
    rows = Participation.objects.filter(pk__in=keys)
    job.count("written", open_steps.remind(participations=rows, by=job.asked_by))
    job.count("unreached", rows.taking_part().without_address().count())


def say_how_many_letters(job):
    written = job.tally.get("written", 0)
    job.sentence = f"{written} Erinnerung{'en' if written > 1 else ''} geschrieben." if written else NOBODY_TO_REMIND
    job.level = "success" if written else "info"
    if unreached := job.tally.get("unreached", 0):
        one, many = "1 Person hat keine E-Mail-Adresse und bekommt", "Personen haben keine E-Mail-Adresse und bekommen"
        who = one if unreached == 1 else f"{unreached} {many}"
        job.lines = [f"{who} nichts. „ohne E-Mail“ zeigt sie in der Liste der Runde, auch ihre Bögen zum Ausdrucken."]


# Resting ------------------------------------------------------------------------------------------


def pause_some(job, keys):
    job.count("changed", running.pause(**of(job, keys)))


def say_that_they_rest(job):
    count = job.tally.get("changed", 0)
    job.sentence = f"{participations(count)} {'ruht' if count == 1 else 'ruhen'} ab heute."


def resume_some(job, keys):
    job.count("changed", running.resume(**of(job, keys), moment=moment_of(job)))


def say_that_they_go_on(job):
    count = job.tally.get("changed", 0)
    job.sentence = f"{participations(count)} {'läuft' if count == 1 else 'laufen'} weiter."


# Deadlines ----------------------------------------------------------------------------------------


@transaction.atomic
def begin_moving(chosen, *, how, dues, read, by):
    """Begin to give the chosen other deadlines; ``read`` is the stamp of the days that the page has shown.

    A batch may come to somebody later: with each goes the stamp of their days. Raises what refuse_beforehand raises.
    """
    running.hold_open(chosen.round)  # nobody else moves deadlines between what is compared and what is written
    as_the_round, only_later = how == AS_THE_ROUND, how == LENGTHEN
    about = {"round_": chosen.round, "participations": chosen.rows, "dues": dues, "read": read}
    running.refuse_beforehand(**about, by_round=as_the_round, only_later=only_later)
    rows = chosen.rows.order_by("pk").values_list("pk", *FIELDS)
    items = [[pk, running.stamp_of_days(days)] for pk, *days in rows]
    options = {"how": how, "dues": {field: day.isoformat() for field, day in dues.items()}}
    return begin(
        MOVING, subject=chosen.round.pk, title=f"Fristen ändern: {chosen.round}", items=items, by=by, **options
    )


def move_some(job, items):
    """Who has other days by now than when it was begun keeps them; whoever only gets more time gets it all the same."""
    how, dues = job.options["how"], {field: date.fromisoformat(day) for field, day in job.options["dues"].items()}
    about = of(job, [pk for pk, _ in items])
    if how != LENGTHEN:
        rows = running.held(**about)
        about["participations"] = [row for row in rows if running.days_of(row) == dict(items)[row.pk]]
        job.count("outdated", len(rows) - len(about["participations"]))
    job.count("changed", CHANGES[how](**about, moment=moment_of(job), **dues))


def say_whose_deadlines_moved(job):
    changed = job.tally.get("changed", 0)
    outdated, lengthened = job.tally.get("outdated", 0), job.options["how"] == LENGTHEN
    rest = job.total - changed - outdated
    job.sentence = f"Fristen {'verlängert' if lengthened else 'geändert'}: {participations(changed)}."
    if rest:
        job.sentence += f" Bei {rest} {'lag die Frist schon später' if lengthened else 'galt das schon'}."
    if outdated:
        job.lines = [f"Nicht geändert, weil dort inzwischen andere Fristen gelten: {participations(outdated)}."]


# Leaving ------------------------------------------------------------------------------------------


def remove_some(job, keys):
    """As many may lose something as HR has agreed to, all batches together."""
    agreed = job.options["agreed"]
    left = None if agreed is None else agreed - job.tally.get("lost", 0)
    try:
        removal = running.remove(**of(job, keys), agreed_loss=left, moment=moment_of(job), by=job.asked_by)
    except running.LossNotAgreed as problem:
        if job.done:
            raise Refused(MORE_LOST) from problem
        raise
    for name in ("lost", "removed", "kept"):
        job.count(name, getattr(removal, name))
    job.options["names_of_kept"] = [*job.options.get("names_of_kept", []), *removal.names_of_kept][:NAMED]


def say_who_is_removed(job):
    removed, kept, named = job.tally.get("removed", 0), job.tally.get("kept", 0), job.options.get("names_of_kept", [])
    job.sentence = f"Entfernt: {participations(removed)}."
    job.level = "success" if removed else "info"
    if kept:
        names = ", ".join(f"{name} ({apart})" if apart else name for name, apart in named) + (
            f" und {kept - len(named)} weitere" if kept > len(named) else ""
        )
        job.lines = [f"Nicht entfernt, weil das Gespräch festgehalten ist oder es einen Lernplan gibt: {names}."]


REMINDING = JobKind("reminding", batch=remind_some, finish=say_how_many_letters, leads_to=page_of_the_round)
PAUSING = JobKind("pausing", batch=pause_some, finish=say_that_they_rest, leads_to=page_of_the_round)
RESUMING = JobKind("resuming", batch=resume_some, finish=say_that_they_go_on, leads_to=page_of_the_round)
MOVING = JobKind("moving deadlines", batch=move_some, finish=say_whose_deadlines_moved, leads_to=page_of_the_round)
REMOVING = JobKind(
    "removing", batch=remove_some, finish=say_who_is_removed, leads_to=page_of_the_round, is_signed=True, size=40
)
