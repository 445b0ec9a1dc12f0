"""What every paper says of the administration that hands it out, in one place: its head, and its note on confidence."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings

from .emblem import for_pages


@dataclass(frozen=True)
class Letterhead:
    """Name, address, e-mail address and telephone as set for the installation; ``emblem`` is its picture as a data: address, or empty.

    ``picture`` is the same as a small PNG, for e-mails, whose programs show no drawing: empty where HR has laid none beside one.
    """

    name: str
    address: str
    email: str
    note: str
    phone: str = ""
    emblem: str = ""
    picture: bytes = b""


def letterhead() -> Letterhead:
    """The letterhead of today; one query."""
    emblem = apps.get_model("documents.Emblem").objects.first()  # this is imported before there are models
    return Letterhead(
        settings.ORGANISATION,
        settings.ORGANISATION_ADDRESS,
        settings.CONTACT_EMAIL,
        settings.PAPER_NOTE,
        settings.CONTACT_PHONE.replace(" ", "\xa0"),
        emblem.as_data if emblem else "",
        for_pages(emblem.as_png) if emblem and emblem.as_png else b"",
    )
