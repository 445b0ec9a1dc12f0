"""One participant's way through a round, as HR reads it: dates, letters, what has changed. Never a level, and nobody's words."""

from django.db.models import Q
from django.urls import reverse

from assessments.models import PLAN_PROGRESS_NAMES, PROGRESS_NAMES, TALK_PROGRESS_NAMES
from kompetenz.letters.models import Letter

LETTERS = 50  # the last ones


def course_of(row):
    """What the page of one participation says, whose round, person and manager are known; four queries."""
    return {"steps": steps_of(row), "letters": letters_of(row), "changes": changes_of(row)}


def steps_of(row):
    """Each step: its name, how far it is, its deadline, and the round's if that is another one."""
    round_ = row.round
    steps = [
        ("Selbsteinschätzung", PROGRESS_NAMES[row.self_state], "self_due"),
        ("Fremdeinschätzung", PROGRESS_NAMES[row.manager_state], "manager_due"),
        ("Gespräch", TALK_PROGRESS_NAMES[row.talk_state], "talk_due"),
        ("Lernplan", PLAN_PROGRESS_NAMES[row.plan_state], "plan_due"),
    ]
    return [
        (name, state, getattr(row, due), getattr(round_, due) if getattr(row, due) != getattr(round_, due) else None)
        for name, state, due in steps
    ]


def letters_of(row):
    """The letters to the person about their part in this round, the last first. Of colleagues' requests none: whom somebody
    assesses HR is not shown.
    """
    of_round = Q(kind__in=[Letter.Kind.INVITATION, Letter.Kind.REMINDER], key__startswith=f"round-{row.round_id}-")
    own = reverse("assessments:participation", args=[row.pk])
    about = Q(path__startswith=own) & ~Q(kind__in=[Letter.Kind.PEER, Letter.Kind.NOTICE])
    return list(Letter.objects.filter(of_round | about, person=row.person_id).order_by("-written_at", "-pk")[:LETTERS])


def changes_of(row):
    """What has changed since the person came in, as (day, words), the last first."""
    found = [(row.admitted_on, "nimmt teil")]
    found += [(one.on, f"übergeben von {one.from_name} an {one.to_name}") for one in row.hand_overs.all()]
    decided = row.target_changes.order_by("on").values_list("on", "taken_over").distinct()
    found += [(day, "geändertes Soll übernommen" if taken else "geändertes Soll abgelehnt") for day, taken in decided]
    found += [
        (day, words)
        for day, words in (
            (row.paused_on, "ruht"),
            (row.resumed_on, "läuft weiter"),
            (row.declined_on, "nimmt nicht teil"),
            (row.asks_back_on, "möchte doch teilnehmen"),
        )
        if day
    ]
    return sorted(found, key=lambda change: change[0], reverse=True)
