"""Where a round stands, counted once from one index whatever its size."""

from dataclasses import dataclass

from django.db.models import Count, Q

from .models import Progress, TalkProgress


@dataclass(frozen=True)
class Standing:
    """Participants of a round by how far they have come; ``overdue`` are those late today."""

    invited: int
    self_started: int
    self_released: int
    manager_released: int
    talks_recorded: int
    confirmed: int
    overdue: int


def standing(round_, today):
    """Count the participations of ``round_`` on the day ``today``; one query."""
    states = (
        round_.participations.order_by().values_list("self_state", "manager_state", "talk_state").annotate(Count("pk"))
    )
    rows = list(states)

    def total(condition):
        return sum(count for *state, count in rows if condition(*state))

    return Standing(
        invited=total(lambda own, manager, talk: True),
        self_started=total(lambda own, manager, talk: own == Progress.STARTED),
        self_released=total(lambda own, manager, talk: own == Progress.RELEASED),
        manager_released=total(lambda own, manager, talk: manager == Progress.RELEASED),
        talks_recorded=total(lambda own, manager, talk: talk >= TalkProgress.RECORDED),
        confirmed=total(lambda own, manager, talk: talk == TalkProgress.CONFIRMED),
        overdue=total(
            lambda own, manager, talk: (
                (own < Progress.RELEASED and round_.self_due < today)
                or (manager < Progress.RELEASED and round_.manager_due < today)
                or (talk < TalkProgress.RECORDED and round_.talk_due < today)
            )
        )
        if round_.is_open
        else 0,
    )


def overdue(round_, today):
    """The condition on participations that ``Standing.overdue`` counts."""
    late = Q(pk__in=[])
    if round_.self_due < today:
        late |= Q(self_state__lt=Progress.RELEASED)
    if round_.manager_due < today:
        late |= Q(manager_state__lt=Progress.RELEASED)
    if round_.talk_due < today:
        late |= Q(talk_state__lt=TalkProgress.RECORDED)
    return late


# What the monitor can be narrowed to: the address's word, its name, its condition.
FILTERS = {
    "selbst": ("Selbsteinschätzung fehlt", Q(self_state__lt=Progress.RELEASED)),
    "fremd": ("Fremdeinschätzung fehlt", Q(manager_state__lt=Progress.RELEASED)),
    "gespraech": (
        "bereit zum Gespräch",
        Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED, talk_state__lt=TalkProgress.RECORDED),
    ),
    "kenntnis": ("Kenntnisnahme fehlt", Q(talk_state=TalkProgress.RECORDED)),
    "fertig": ("abgeschlossen", Q(talk_state=TalkProgress.CONFIRMED)),
}
