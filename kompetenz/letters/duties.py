"""What letters ask of HR, for "Meine Aufgaben"."""

from django.urls import reverse

from kompetenz.people.tasks import Task

from .models import Letter

NOTE = "Ungewiss oder vom Mailserver abgelehnt: Von allein sendet sie niemand noch einmal."


def tasks_of(user):
    """One task while letters wait for HR's decision, however many they are; one query, for HR alone."""
    waiting = Letter.objects.administered_by(user).on_hold().count() if user.is_hr else 0
    if not waiting:
        return []
    title = "Eine E-Mail braucht" if waiting == 1 else f"{waiting} E-Mails brauchen"
    return [Task(f"{title} Ihre Entscheidung", reverse("letters:waiting"), note=NOTE)]
