"""The fact sheet (Steckbrief) of a round: one page that says what it is, before anybody takes part (paper 4.3.1, P6 of the agreement).

Everybody may read it once the round is open. Before, HR shows it to the auditors, who may comment on it.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse

from assessments.models import Round
from assessments.peers.asking import minimum
from assessments.rounds.preparing import DEADLINES, deadlines_of
from assessments.telling.who_sees import who_sees
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from kompetenz.refusals import TooLate

from .models import FactSheetComment, ShownFactSheet

OPENED_MEANWHILE = "Die Runde ist inzwischen eröffnet."


def rounds_told_to(user):
    """Rounds whose fact sheet ``user`` may read: of HR all, of auditors also those they were shown, of everybody those opened."""
    if user.is_hr:
        return Round.objects.all()
    opened = Q(state__in=[Round.State.OPEN, Round.State.CLOSED])
    shown = Exists(ShownFactSheet.objects.filter(round=OuterRef("pk")))
    return Round.objects.filter(opened | shown if user.is_auditor else opened)


def commented_by(user):
    """Rounds on whose fact sheet ``user`` may comment: auditors, as long as it is not open."""
    rounds = rounds_told_to(user).filter(state=Round.State.DRAFT)
    return rounds if user.is_auditor else rounds.none()


def comments_for(user, round_):
    """What auditors have said, for HR and for them."""
    found = FactSheetComment.objects.filter(round=round_).select_related("by")
    return found if user.is_hr or user.is_auditor else found.none()


def html(round_):
    """The fact sheet as plain HTML, for page, PDF and editing."""
    facts = {
        "round": round_,
        "addressed": addressed(round_),
        "deadlines": [(DEADLINES[field], day) for field, day in deadlines_of(round_).items() if day],
        "readers": who_sees(round_),
        "peer_minimum": minimum(),
        "organisation": settings.ORGANISATION,
    }
    return render_to_string("papers/texts/fact_sheet.html", facts)


def addressed(round_):
    """Whom the round addresses, in words; single people are counted, never named."""
    parts = [str(one) for one in round_.units.all()] + [one.name for one in round_.profiles.all()]
    people = round_.people.count()
    if people:
        parts.append(f"{people} einzeln ausgewählte Personen" if people > 1 else "eine einzeln ausgewählte Person")
    return "; ".join(parts) or "alle Beschäftigten mit einer Rolle und einer Führungskraft"


@transaction.atomic
def show(*, round_, by):
    """Show the fact sheet of a draft to all auditors by letter; returns how many were told. Raises TooLate for a round that has opened.

    A second time nobody is told again.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # somebody may be opening it
    if not round_.is_draft:
        raise TooLate(OPENED_MEANWHILE)
    ShownFactSheet.objects.get_or_create(round=round_, defaults={"shown_by": by})
    auditors = Person.objects.employed().filter(is_auditor=True)
    return write_letters(
        kind=Letter.Kind.NOTICE, key=f"round-{round_.pk}-steckbrief", path=address_of(round_), people=auditors
    )


@transaction.atomic
def comment(*, round_, by, text):
    """Keep what an auditor says, and tell HR. Raises TooLate for a round that has opened."""
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # somebody may be opening it
    if not round_.is_draft:
        raise TooLate(OPENED_MEANWHILE)
    said = FactSheetComment.objects.create(round=round_, by=by, text=text)
    told = Person.objects.employed().filter(is_hr=True)
    key = f"round-{round_.pk}-stellungnahme-{said.pk}"
    write_letters(kind=Letter.Kind.NOTICE, key=key, path=address_of(round_), people=told)
    return said


def address_of(round_):
    return reverse("papers:fact_sheet", args=[round_.pk])
