"""The ways on from the page of a participation: what comes next for this reader, and what else there is."""

from dataclasses import dataclass

from django.urls import reverse

from assessments.answering.paper_entry import is_for_paper
from assessments.from_above import FurtherPage
from assessments.models import Progress
from kompetenz import hooks


@dataclass(frozen=True)
class WaysOn:
    """``next`` is the one thing to do now, None if there is none; ``others`` stand beside it."""

    next: FurtherPage | None
    others: list[FurtherPage]

    @classmethod
    def of(cls, pages):
        first = next((page for page in pages if not page.is_aside), None)
        return cls(first, [page for page in pages if page is not first])


def ways_on(participation, user, *, own, comparison, stock_taking):
    """All that ``user`` can open from here; ``own`` is the assessment they give as one of the two, or None."""
    row, is_person, is_manager = participation, participation.person_id == user.pk, participation.is_managed_by(user)
    return WaysOn.of(
        [
            *to_own_assessment(row, own),
            *(to_the_talk(row, is_person=is_person) if row.both_released and (is_person or is_manager) else []),
            *hooks.ask_for_all("further_pages", row, user),
            *(aside("targets", row, "Soll anpassen") if may_adjust(row, user) else []),
            *(to_colleagues(row, comparison.colleagues) if is_person and row.round.has_peers else []),
            *to_stock_taking(row, stock_taking, is_person=is_person),
            *(to_paper(row) if is_manager and is_for_paper(row) else []),
            *(aside("participation_pdf", row, "Vergleich als PDF") if comparison.shows_both or comparison.talk else []),
            *(aside("form_pdf", row, "Leerer Bogen als PDF") if is_open_to_answers(row, own) else []),
        ]
    )


def aside(name, participation, label, query=""):
    return [FurtherPage(label, reverse(f"assessments:{name}", args=[participation.pk]) + query, is_aside=True)]


def is_open_to_answers(participation, own):
    return bool(own and not own.released_at and participation.round.is_open)


def to_own_assessment(participation, own):
    if own is None:
        return []
    if is_open_to_answers(participation, own):
        return [FurtherPage(f"Zur {own.get_kind_display()}", own.get_absolute_url())]
    return [FurtherPage(f"Meine {own.get_kind_display()} ansehen", own.get_absolute_url(), is_aside=True)]


def to_the_talk(participation, *, is_person):
    """The next thing until it is recorded, for the person until they have answered."""
    row = participation
    is_done = row.talk_is_answered or (row.talk_is_recorded and not is_person)
    return [FurtherPage("Zum Gespräch", reverse("assessments:talk", args=[row.pk]), is_aside=is_done)]


def to_colleagues(participation, colleagues):
    label = "Kolleginnen und Kollegen bitten" if colleagues and colleagues.running else "Meine Bitten an das Kollegium"
    return aside("colleagues", participation, label)


def to_stock_taking(participation, written, *, is_person):
    if not is_person:
        return aside("stock_taking", participation, "Bestandsaufnahme lesen") if written else []
    if written:
        return aside("stock_taking", participation, "Meine Bestandsaufnahme")
    return aside("stock_taking", participation, "Bestandsaufnahme schreiben") if participation.round.is_open else []


def to_paper(participation):
    return [
        *aside("enter_from_paper", participation, "Selbsteinschätzung vom Papier eintragen"),
        *aside("form_pdf", participation, "Bogen zur Selbsteinschätzung als PDF", "?bogen=selbst"),
    ]


def may_adjust(participation, user):
    """See also adjusting.adjust_targets, which asks again before it writes."""
    is_open = participation.round.is_open and participation.takes_part
    return is_open and participation.self_state < Progress.ENTERED and participation.is_managed_by(user)
