"""What should be erased by now and is not, and why, in words for HR and auditors: nobody's name, and nothing of what."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from kompetenz.jobs.models import Job
from kompetenz.privacy.erasure.hanging import OF_ONE_PERSON, OF_RETENTION
from kompetenz.privacy.rules import RULES

UNTIL_THE_NEXT = timedelta(hours=26)  # run of every day has begun another job, if anything is due still
AGAIN = "In der nächsten Nacht wird es noch einmal versucht."
ON_REQUEST = "Löschung einer Person auf Antrag"
STANDS_STILL = "Sie steht still. Den Grund findet die Personalentwicklung unter „Aufträge“; dort geht sie weiter."


def not_said_here(jobs):
    """Those of these jobs of which HR does not hear in Meine Aufgaben as a trouble already."""
    return jobs.exclude(Q(kind=OF_RETENTION) & ~Q(state=Job.State.GOING))


def troubles():
    """(kind, sentence) for each rule whose last job has not erased all that was due, and for each erasure on request that stands still.

    One query.
    """
    jobs = list(Job.objects.filter(kind__in=[OF_RETENTION, OF_ONE_PERSON]).light().order_by("pk"))
    last = {job.subject: job for job in jobs if job.kind == OF_RETENTION and job.subject in RULES}
    found = [(RULES[rule].name, words) for rule, job in last.items() if (words := trouble_of(job))]
    still = [job for job in jobs if job.kind == OF_ONE_PERSON and job.state in (Job.State.STOPPED, Job.State.FAILED)]
    return found + [(ON_REQUEST, STANDS_STILL) for _ in still]


def trouble_of(job):
    """What has kept a job of a rule from erasing all of it; "" where nothing has, or nothing of it was due any more in the night after."""
    if job.finished_at and timezone.now() - job.finished_at > UNTIL_THE_NEXT:
        return ""
    if job.state == Job.State.FAILED:
        return f"{job.problem} Erledigt: {job.progress}. {AGAIN}"
    if job.state in (Job.State.STOPPED, Job.State.GIVEN_UP):
        return f"{job.get_state_display().capitalize()}. Erledigt: {job.progress}. {AGAIN}"
    if job.is_finished and (kept := job.tally.get("kept")):
        return f"Nicht gelöscht werden konnte: {kept}. Ihre IT findet den Grund im Protokoll des Servers. {AGAIN}"
    return ""
