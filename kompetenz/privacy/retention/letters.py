"""HR and auditors are told beforehand that something is going to be erased: by letter and in Meine Aufgaben, never what."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from kompetenz import hooks
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import DONE, Occasion, Said
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from kompetenz.people.tasks import Task
from kompetenz.privacy.models import Notice

from .troubles import ON_REQUEST, troubles

NOT_THEIRS = "Dafür ist die Person nicht mehr zuständig."


def readers():
    return Person.objects.employed().filter(Q(is_hr=True) | Q(is_auditor=True))


def tell_of(notice):
    write_letters(
        kind=Letter.Kind.NOTICE, key=f"retention-{notice.pk}", path=reverse("privacy:retention"), people=readers()
    )


def obstacle(letter, pk):
    if not Notice.objects.pending().filter(pk=pk).exists():
        return DONE
    return "" if letter.person.is_hr or letter.person.is_auditor else NOT_THEIRS


def said(letter, pk):
    notice = Notice.objects.filter(pk=pk).first()
    day = notice and date_format(notice.due_on)
    return notice and Said(
        f"Löschung nach Ablauf der Frist ab {day}",
        f"ab dem {day} löscht das Kompetenzrad Angaben, deren Frist abgelaufen ist. Wie viele es von welcher Art sind, steht unter "
        "„Aufbewahrung“.",
    )


@hooks.register("letter_occasions")
def occasions():
    return [Occasion(r"retention-(\d+)", obstacle, said=said)]


def tasks_of(user):
    """What is announced and still to come, as one task, and what should be erased and is not, as another.

    Two queries, for HR and auditors alone.
    An erasure on request that stands still is a job of HR's, and said to them as that.
    """
    if not (user.is_hr or user.is_auditor):
        return []
    notices, page, found = (
        Notice.objects.visible_to(user).pending().order_by("due_on"),
        reverse("privacy:retention"),
        [],
    )
    coming = [one for one in notices if one.due_on > timezone.localdate()]
    if any(not user.is_hr or name != ON_REQUEST for name, _ in troubles()) or any(one.is_overdue for one in notices):
        note = "Was fällig war, ist noch da. Warum, steht dort."
        found.append(Task("Löschungen sind nicht zu Ende gekommen", f"{page}#nicht-geloescht", note=note))
    if coming:
        note = "Angaben, deren Frist abgelaufen ist. Zu tun ist nichts, wenn das stimmt."
        found.append(Task("Löschungen stehen bevor", page, coming[0].due_on, note=note, is_on=True))
    return found
