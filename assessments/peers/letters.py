"""The letter that asks a colleague for their view."""

from django.urls import reverse

from kompetenz.letters.models import Letter
from kompetenz.letters.writing import moment_in_key, write_letters


def tell_of_request(nomination):
    """Tell a colleague that somebody asks for their view, each time; the row must not lead to whom it is about."""
    write_letters(
        kind=Letter.Kind.PEER,
        key=f"round-{nomination.participation.round_id}-peer-{moment_in_key()}",
        path=reverse("start"),
        people=[nomination.peer],
    )
