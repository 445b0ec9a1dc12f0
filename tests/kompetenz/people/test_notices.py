"""Who is told of another address or a manager of HR: by a worker, however it was changed."""

from smtplib import SMTPRecipientsRefused

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.people import notices


def waiting():
    """What a worker would do next, as (task, arguments, not before)."""
    found = DBTaskResult.objects.filter(task_path=notices.tell.module_path, status="READY").order_by("enqueued_at")
    return [(one.args_kwargs["args"], one.run_after > timezone.now() and one.run_after.year < 9000) for one in found]


def test_many_people_are_told_in_several_tasks(cast):
    notices.inform("email_changed", [cast.anna] * 250)

    assert [len(arguments[0]) for arguments, _ in waiting()] == [100, 100, 50]


def test_while_the_mail_server_is_down_those_who_wait_go_on_waiting(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    notices.tell.call([["Anna Ärmel", "a@test.example"]])
    notices.tell.call([["Anna Ärmel", "a@test.example"]], failures=notices.MOST_TIMES)

    assert waiting() == [([[["Anna Ärmel", "a@test.example"]], 1, "email_changed", []], True)]


def test_an_address_that_is_no_more_keeps_nobody_else_waiting(db, mailoutbox, monkeypatch):
    def refuse_the_first(backend, messages):
        if messages[0].to == ["gone@test.example"]:
            raise SMTPRecipientsRefused({"gone@test.example": (550, b"unknown")})
        mailoutbox.extend(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse_the_first)

    notices.tell.call([["Weg", "gone@test.example"], ["Da", "da@test.example"]])

    assert ([mail.to for mail in mailoutbox], waiting()) == ([["da@test.example"]], [])
