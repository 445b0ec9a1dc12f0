"""Letters as a trial, to whoever wants to see it in their own mail program; they are stored nowhere and sent once."""

from contextlib import suppress

from kompetenz.jobs.queue import task
from kompetenz.people.models import Person

from .models import Letter, gets_mail
from .wording import message_of


@task()
def send_trial(pk, letters):
    """These letters, (kind, key, path) each, as one message to this person's own address; a mail server that is down is not asked again."""
    person = Person.objects.filter(pk=pk).first()
    if person is None or not gets_mail(person):
        return
    message = message_of(*(Letter(person=person, kind=kind, key=key, path=path) for kind, key, path in letters))
    message.subject = f"Probe: {message.subject}"
    with suppress(OSError):
        message.send()
