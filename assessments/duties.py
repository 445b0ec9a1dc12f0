"""What rounds ask of somebody today, for "Meine Aufgaben"."""

from django.db.models import Count, Q
from django.urls import reverse

from kompetenz.people.tasks import Task

from .models import Acknowledgement, Assessment, Participation, Round, TalkProgress

SHOWN_SINGLY = 5  # a manager of more people is sent to the team page


def tasks_of(user):
    """The person's and the manager's open steps in running rounds; a constant number of queries."""
    return [*assessments_of(user), *talks_of(user), *acknowledgements_of(user)]


def assessments_of(user):
    drafts = (
        Assessment.objects.editable_by(user)
        .select_related("participation__round")
        .annotate(answered=Count("ratings"))
        .order_by("participation__sort_key")
    )
    own = [one_assessment(draft) for draft in drafts if draft.is_self]
    others = [draft for draft in drafts if not draft.is_self]
    if len(others) <= SHOWN_SINGLY:
        return own + [one_assessment(draft) for draft in others]
    earliest = min(draft.due for draft in others)
    return [*own, Task(f"{len(others)} Fremdeinschätzungen sind offen", reverse("assessments:team"), earliest)]


def one_assessment(draft):
    total = len(draft.participation.round.catalogue.competencies)
    return Task(
        title="Selbsteinschätzung ausfüllen" if draft.is_self else str(draft),
        url=draft.get_absolute_url(),
        due=draft.due,
        note=f"{draft.participation.round.title} · {draft.answered} von {total} eingeschätzt",
    )


def talks_of(user):
    ready = (
        Participation.objects.managed_by(user)
        .ready_for_talk()
        .filter(round__state=Round.State.OPEN, talk_state__lt=TalkProgress.RECORDED)
        .select_related("round")
    )
    return [
        Task(f"Gespräch mit {row.person_name} führen", talk_url(row), row.round.talk_due, row.round.title)
        for row in ready
    ]


def talk_url(participation):
    return reverse("assessments:talk", args=[participation.pk])


def acknowledgements_of(user):
    """Records this user has not answered yet, from either side."""
    sides = Acknowledgement.Side
    recorded = Participation.objects.shared_with(user).filter(
        round__state=Round.State.OPEN, talk_state=TalkProgress.RECORDED
    )
    answered = Q(person=user, talk__acknowledgements__side=sides.PERSON) | Q(
        manager=user, talk__acknowledgements__side=sides.MANAGER
    )
    return [
        Task(f"Ergebnis des Gesprächs zur Kenntnis nehmen: {row.person_name}", talk_url(row), row.round.talk_due)
        for row in recorded.exclude(pk__in=Participation.objects.filter(answered).values("pk")).select_related("round")
    ]
