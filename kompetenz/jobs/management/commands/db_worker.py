from django_tasks_db.management.commands import db_worker

from kompetenz.jobs.worker import Worker


class Command(db_worker.Command):
    """That of django-tasks-db, with a worker of ours: it stands before theirs, for this app does so in INSTALLED_APPS."""

    help = "Arbeitet ab, was im Hintergrund zu tun ist."

    def handle(self, **options):
        db_worker.Worker = Worker  # handle() makes one by this name
        super().handle(**options)
