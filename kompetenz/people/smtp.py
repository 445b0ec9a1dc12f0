"""The line to the mail server: Django's, which is not held for ever by a server that says a byte now and then."""

import smtplib
import time

from django.conf import settings
from django.core.mail.backends import smtp

from .patience import at_most

BACKEND = f"{__name__}.EmailBackend"
TOO_SLOW = "Er antwortet zu langsam."
TO_SAY_GOODBYE = 1  # second, at least


class InTime:
    """EMAIL_TIMEOUT is for being let in, and again for each message, all its steps together."""

    def __init__(self, *args, **kwargs):
        self.until = time.monotonic() + settings.EMAIL_TIMEOUT
        super().__init__(*args, **kwargs)

    def starttls(self, **kwargs):
        """Shaking hands takes no longer than is left, either; it waits for all of it and not anew for every byte, of itself."""
        self.ehlo_or_helo_if_needed()
        self.sock.settimeout(max(self.until - time.monotonic(), TO_SAY_GOODBYE))
        answer = super().starttls(**kwargs)
        self.sock.settimeout(settings.EMAIL_TIMEOUT)
        return answer

    def sendmail(self, *args, **kwargs):
        self.until = time.monotonic() + settings.EMAIL_TIMEOUT
        return super().sendmail(*args, **kwargs)

    def getreply(self):
        until = max(self.until, time.monotonic() + TO_SAY_GOODBYE)
        try:
            with at_most(until - time.monotonic(), self.sock):
                reply = super().getreply()
        except smtplib.SMTPServerDisconnected as lost:
            if time.monotonic() >= until:
                raise smtplib.SMTPServerDisconnected(TOO_SLOW) from lost
            raise
        if time.monotonic() >= until:  # what has come by then may be half of a line
            self.close()
            raise smtplib.SMTPServerDisconnected(TOO_SLOW)
        return reply


class SMTPInTime(InTime, smtplib.SMTP):
    pass


class SMTPInTimeOverTLS(InTime, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self):
        return SMTPInTimeOverTLS if self.use_ssl else SMTPInTime
