"""What every mail has in common: who sends it and reads an answer, that a machine has written it, and the letterhead."""

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.utils import formataddr, parseaddr
from textwrap import fill
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from kompetenz.documents.letterhead import letterhead

WIDTH = 76  # columns of plain text: with the marks of two answers no line is broken again
PICTURE = "wappen@kompetenzrad"  # by this the HTML finds it in the same message
# Out-of-office replies to thousands of letters reach nobody; Exchange asks for a header of its own.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}


class Message(EmailMultiAlternatives):
    """The same as text and as HTML, with the administration's picture beside the HTML that shows it, and not among what is attached."""

    def __init__(self, subject, body, to, *, html, picture=b"", message_id=""):
        headers = HEADERS | {"List-Id": list_id()} | ({"Message-ID": message_id} if message_id else {})
        reply_to = [settings.CONTACT_EMAIL]
        super().__init__(subject, body, sender(), [to], reply_to=reply_to, headers=headers)
        self.picture = picture
        self.attach_alternative(html, "text/html")

    def message(self):
        said, self.body = self.body, in_lines(self.body)
        message = super().message()
        self.body = said
        if self.picture:
            alternative = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
            html = alternative.get_payload().pop()
            related, picture = MIMEMultipart("related"), MIMEImage(self.picture, "png")
            picture.add_header("Content-ID", f"<{PICTURE}>")
            picture.add_header("Content-Disposition", "inline", filename="wappen.png")
            related.attach(html)
            related.attach(picture)
            alternative.attach(related)
        return message


def in_lines(text):
    """The same in lines of which none is too wide for whoever reads mails as plain text; an address is never broken."""
    return "\n".join(_in_lines(line) for line in text.split("\n"))


def _in_lines(line):
    indent = "  " if line.startswith("* ") else ""
    return fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def sender():
    """From whom it comes: the address of the installation's own domain, with a name where it is set without one."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or "Kompetenzrad", address))


def list_id():
    """By which a mail program can sort all of them: one name for the installation."""
    return f"Kompetenzrad <kompetenzrad.{urlsplit(settings.SITE_URL).hostname}>"


def notice(subject, text, to):
    """A mail that is no letter of a round, with the letterhead below its ``text``."""
    head = letterhead()
    below = "\n".join(filter(None, [head.name, head.address]))
    html = render_to_string("emails/notice.html", {"text": text.strip(), "subject": subject, "head": head})
    return Message(subject, f"{text.rstrip()}\n\n{below}\n", to, html=html, picture=head.picture)
