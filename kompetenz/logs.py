"""What no log holds, whoever writes the line, and whatever error stands below it. No Django in here.

The secret in the address of a subscribed calendar and in a personal link, what is sent under a name that passwords and codes have,
and the password in the address of a database or mail server.
"""

import logging
import re

SENT_AS = "password[12]?|oldpassword|code|state|token|secret|csrfmiddlewaretoken|id_token|access_token"
SECRETS = [
    re.compile(r"(/kalender/)[\w-]+"),
    re.compile(r"(/passwort/neu/[0-9A-Za-z]+-)[^/\s'\"]+"),
    re.compile(rf"(\b(?:{SENT_AS})=)[^&\s'\"]+"),
    re.compile(rf"((['\"])(?:{SENT_AS})\2: \[?(['\"])).*?(?=\3)"),  # in a dictionary
    re.compile(r"(\w://[^:/@\s]+:)[^@/\s]+(?=@)"),
]


def without_secrets(said: str) -> str:
    """The same with … in the place of each secret."""
    for secret in SECRETS:
        said = secret.sub(r"\1…", said)
    return said


class WithoutSecrets(logging.Formatter):
    """Everything is written, the error and where it happened, too, but no secret."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
