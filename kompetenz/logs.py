"""What no log holds, whoever writes the line, and whatever error stands below it. No Django in here.

The secret in the address of a subscribed calendar and in a personal link, what is sent under a name that passwords and codes have,
and the password in the address of a database or mail server. And no line can be forged: what follows a line break stands indented.
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
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # all but the line break


def without_secrets(said: str) -> str:
    """The same with … in the place of each secret."""
    for secret in SECRETS:
        said = secret.sub(r"\1…", said)
    return said


class WithoutSecrets(logging.Formatter):
    """Everything is written, the error and where it happened, too, but no secret."""

    def format(self, record: logging.LogRecord) -> str:
        said = CONTROLS.sub("�", super().format(record))
        return without_secrets(said).replace("\n", "\n  ")
