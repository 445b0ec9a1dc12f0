"""Handing a message to the mail server, and what its answers mean for the letter."""

import smtplib

from django.conf import settings
from django.core.mail import get_connection

from kompetenz.people import smtp

from .models import Letter

GONE = 421  # the server ends the conversation
FOR_GOOD = 500  # from here on it is no use to try again


class NotSent(Exception):
    """Why the letter was not sent, in words for HR, and the ``state`` it is in now.

    It is *refused* if the server will never take this one, *uncertain* if the line broke when the text was on its way, for
    it may have arrived, and else waits on.
    """

    def __init__(self, problem, state=Letter.State.WAITING):
        super().__init__(problem)
        self.state = state


class NobodyThere(NotSent):
    """The server takes nothing now, from nobody."""


class Watched:
    """Tells a line that breaks while the text is handed over from one that breaks before."""

    def data(self, msg):
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as lost:
            problem = "Die Verbindung zum Mailserver riss ab, als die E-Mail übergeben wurde."
            raise NotSent(problem, Letter.State.UNCERTAIN) from lost


class WatchedSMTP(Watched, smtp.SMTPInTime):
    pass


class WatchedSMTPOverTLS(Watched, smtp.SMTPInTimeOverTLS):
    pass


class WatchedBackend(smtp.EmailBackend):
    """The installation's, with a watched line."""

    @property
    def connection_class(self):
        return WatchedSMTPOverTLS if self.use_ssl else WatchedSMTP


def is_real():
    """Whether there is a mail server at all, and not the log, a folder or nothing in its place."""
    return settings.EMAIL_BACKEND == smtp.BACKEND


def connection():
    """The installation's way to send, not opened yet."""
    return get_connection(f"{__name__}.WatchedBackend" if is_real() else None)


def hand_over(mail, message):
    """Send ``message`` on ``mail``, which stays open for the next one; raises NotSent."""
    try:
        _send(mail, message)
    except NotSent:
        mail.close()
        raise
    except OSError as error:  # smtplib's own errors are among them
        problem = meaning_of(error)
        if isinstance(problem, NobodyThere):
            mail.close()
        raise problem from error
    except ValueError as unusable:
        problem = "Adresse oder Absender ist keine gültige E-Mail-Adresse."
        raise NotSent(problem, Letter.State.REFUSED) from unusable


def _send(mail, message):
    """Servers hang up after so many messages, or so much silence: then once more on a new line."""
    is_new = mail.open()
    try:
        mail.send_messages([message])
    except OSError as error:
        if is_new or not has_hung_up(error):
            raise
        mail.close()
        mail.open()
        mail.send_messages([message])


def has_hung_up(error):
    return isinstance(error, smtplib.SMTPServerDisconnected) or answer_in(error)[0] == GONE


def answer_in(error):
    """The server's code and words, as far as it said any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, error.strerror or str(error)
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return code, f"{code} {' '.join(words.split())}"


def meaning_of(error):
    code, said = answer_in(error)
    about_this_one = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code != GONE
    if about_this_one and code >= FOR_GOOD:
        return NotSent(f"Der Mailserver nimmt die E-Mail nicht an: {said}", Letter.State.REFUSED)
    if isinstance(error, smtplib.SMTPRecipientsRefused) and about_this_one:
        return NotSent(f"Der Mailserver nimmt die E-Mail zurzeit nicht an: {said}")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NobodyThere(f"Der Mailserver nimmt die Anmeldung nicht an: {said}")
    if isinstance(error, smtplib.SMTPResponseException):
        return NobodyThere(f"Der Mailserver nimmt zurzeit nichts an: {said}")
    return NobodyThere(f"Der Mailserver ist nicht zu erreichen: {said}")
