"""What this app does every day: take up what was broken off, put away what is over."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz import hooks, pieces

from .overwriting import write_the_file_anew
from .queue import enqueue_once
from .recovery import recover_stuck_tasks

KEPT = timedelta(days=settings.RETENTION_DAYS["tasks"])


@hooks.register("every_day")
def take_up_what_was_broken_off(today):
    recovered = recover_stuck_tasks()
    return f"Abgebrochene Aufgaben wieder eingereiht: {recovered}." if recovered else None


@hooks.register("every_day")
@pieces.in_pieces
def delete_finished_tasks(today):
    """After two weeks nobody asks any more what became of a task."""
    deleted = pieces.delete(DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT))
    return f"Erledigte Aufgaben gelöscht: {deleted}." if deleted else None


@hooks.register("every_day")
def overwrite_what_is_deleted(today):
    """Whatever was deleted, on a page or by a task, is in none of SQLite's files for longer than a day."""
    enqueue_once(write_the_file_anew)


@hooks.register("every_day")
@pieces.in_pieces
def delete_expired_sessions(today):
    pieces.delete(Session.objects.filter(expire_date__lt=timezone.now()))
