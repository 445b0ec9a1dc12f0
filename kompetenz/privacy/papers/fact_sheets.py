"""The fact sheet (Steckbrief) of a round: one page that says what it is, before anybody takes part (paper 4.3.1, P6 of the agreement).

Everybody may read it once the round is open. Before, HR shows it to the auditors, who may comment on it.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from assessments.peers.asking import minimum
from assessments.rounds import opening
from assessments.rounds.preparing import DEADLINES, deadlines_of
from assessments.telling.who_sees import who_sees
from kompetenz.forms.stamp import stamp
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from kompetenz.people.tasks import Task, bundled
from kompetenz.privacy.retention.wording import period_of
from kompetenz.privacy.rules import RULES
from kompetenz.refusals import Faster, TooLate
from kompetenz.text import quoted

from .models import FactSheetComment, ShownFactSheet

OPENED_MEANWHILE = "Die Runde ist inzwischen eröffnet."
UNTIL_OPENED = "Stellung nehmen können Sie, bis die Runde eröffnet ist; auch mit „keine Einwände“."
ANOTHER = "Nicht gespeichert: Der Steckbrief ist inzwischen ein anderer. Bitte lesen Sie ihn noch einmal."


def rounds_told_to(user):
    """Rounds whose fact sheet ``user`` may read: of HR and auditors all, of everybody those opened."""
    rounds = Round.objects.all()
    return rounds if user.is_hr or user.is_auditor else rounds.opened()


def commented_by(user):
    """Rounds on whose fact sheet ``user`` may comment: auditors, as long as it is not open."""
    rounds = rounds_told_to(user).filter(state=Round.State.DRAFT)
    return rounds if user.is_auditor else rounds.none()


def tasks_of(user):
    """For auditors each fact sheet they were shown and have said nothing of, as it is now shown; one query."""
    if not user.is_auditor:
        return []
    answered = FactSheetComment.objects.filter(round=OuterRef("round"), by=user.pk, as_read=OuterRef("as_read"))
    shown = ShownFactSheet.objects.filter(~Exists(answered), round__in=commented_by(user)).select_related("round")
    return bundled(list(shown.order_by("pk")), by=lambda _: "", one=task_of, several=task_of_several)


def task_of(shown):
    return Task(f"Steckbrief lesen: {shown.round}", address_of(shown.round), note=UNTIL_OPENED)


def task_of_several(shown):
    return Task(f"{len(shown)} Steckbriefe lesen", reverse("audit:rounds"), note=UNTIL_OPENED)


def comments_for(user, round_):
    """What auditors have said, for HR and for them; ``is_of_another`` where the fact sheet has changed since."""
    if not (user.is_hr or user.is_auditor):
        return []
    found, now = list(FactSheetComment.objects.filter(round=round_).select_related("by")), stamp_of(round_)
    for one in found:
        one.is_of_another = one.as_read not in ("", now)
    return found


def stamp_of(round_):
    """What a page sends back that has shown the fact sheet: another one once anything that HR says of the round is another.

    Three queries.
    """
    fields = [field for field in round_._meta.concrete_fields if field.editable and not field.primary_key]  # noqa: SLF001
    chosen = [sorted(rows.values_list("pk", flat=True)) for rows in (round_.units, round_.profiles, round_.people)]
    return stamp([str(getattr(round_, field.attname)) for field in fields], chosen)


def html(round_):
    """The fact sheet as plain HTML, for page, PDF and editing."""
    shown = ShownFactSheet.objects.of(round_)
    facts = {
        "round": round_,
        "addressed": addressed(round_),
        "deadlines": [(DEADLINES[field], day) for field, day in deadlines_of(round_).items() if day],
        "people": taking_part(round_),
        "shown": shown,
        "changed_since": shown is not None and shown.as_read not in ("", stamp_of(round_)),
        "readers": who_sees(round_),
        "periods": {key: period_of(RULES[key]) for key in ("drafts", "plan_drafts", "assessments", "records")},
        "peer_minimum": minimum(),
        "organisation": settings.ORGANISATION,
    }
    return render_to_string("papers/texts/fact_sheet.html", facts)


def addressed(round_):
    """Whom the round addresses, in words; who is chosen has to be all of it. Single people are counted, never named."""
    units, profiles = [str(one) for one in round_.units.all()], [one.name for one in round_.profiles.all()]
    role = f"der Rolle {' oder '.join(map(quoted, profiles))}" if profiles else "einer Rolle"
    parts = [f"Beschäftigte mit {role}, die eine Führungskraft haben"]
    if units:
        parts.append(f"in: {'; '.join(units)}")
    if people := round_.people.count():
        parts.append(f"davon nur {people} ausgewählte {'Person' if people == 1 else 'Personen'}")
    return ", ".join(parts)


def taking_part(round_):
    """How many people take part; of a draft how many it would be today."""
    if round_.is_draft:
        return opening.addressed(round_).holdings.count()
    return round_.participations.taking_part().count()


@transaction.atomic
def show(*, round_, by, read=None):
    """Show the fact sheet of a draft to all auditors by letter; returns how many were told. Raises TooLate for a round that has opened,
    Faster where it is another than the one that was ``read``, None is not asked.

    A second time nobody is told again, unless it is another by then.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # somebody may be opening it
    if not round_.is_draft:
        raise TooLate(OPENED_MEANWHILE)
    now = as_read(round_, read)
    if not ShownFactSheet.objects.filter(round=round_, as_read=now).exists():
        shown = {"shown_by": by, "shown_on": timezone.localdate(), "as_read": now}
        ShownFactSheet.objects.update_or_create(round=round_, defaults=shown)
    auditors = Person.objects.employed().filter(is_auditor=True)
    return write_letters(
        kind=Letter.Kind.NOTICE, key=f"round-{round_.pk}-steckbrief-{now}", path=address_of(round_), people=auditors
    )


def as_read(round_, read):
    """The stamp of the fact sheet, if it is the one that was ``read``; else Faster."""
    now = stamp_of(round_)
    if read not in (None, now):
        raise Faster(ANOTHER)
    return now


@transaction.atomic
def comment(*, round_, by, text, read=None):
    """Keep what an auditor says of the fact sheet that they have ``read``, and tell HR.

    Raises TooLate for a round that has opened, Faster as ``show``.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # somebody may be opening it
    if not round_.is_draft:
        raise TooLate(OPENED_MEANWHILE)
    said = FactSheetComment.objects.create(round=round_, by=by, text=text, as_read=as_read(round_, read))
    told = Person.objects.employed().filter(is_hr=True)
    key = f"round-{round_.pk}-stellungnahme-{said.pk}"
    write_letters(kind=Letter.Kind.NOTICE, key=key, path=address_of(round_), people=told)
    return said


def address_of(round_):
    return reverse("papers:fact_sheet", args=[round_.pk])
