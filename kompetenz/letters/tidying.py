"""What this app does every day."""

from datetime import timedelta

from django.conf import settings

from kompetenz import hooks, pieces
from kompetenz.jobs.queue import enqueue_once

from .delivering import deliver, doubt_what_was_left
from .models import Letter

KEPT = timedelta(days=settings.RETENTION_DAYS["letters"])


@hooks.register("every_day")
def see_to_what_was_left(today):
    """Letters that wait have a run to come, whatever has become of the one they were written with."""
    doubtful = doubt_what_was_left()
    if Letter.objects.waiting().exists():
        enqueue_once(deliver)
    return f"E-Mails, von denen niemand weiß, ob sie ankamen: {doubtful}." if doubtful else None


@hooks.register("every_day")
@pieces.in_pieces
def delete_old_letters(today):
    deleted = pieces.delete(Letter.objects.settled_before(today - KEPT))
    return f"Erledigte E-Mails nach {KEPT.days} Tagen gelöscht: {deleted}." if deleted else None


@hooks.register("what_is_wrong")
def letters_that_do_not_go():
    hindered = Letter.objects.waiting().exclude(problem="").count()
    return [f"E-Mails, die der Mailserver nicht annimmt: {hindered}. Sie werden weiter versucht."] if hindered else []
