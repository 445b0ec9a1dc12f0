"""How far one side, a talk and a plan have come; repeated on each participation."""

from django.db import models


class Progress(models.IntegerChoices):
    """How far one side has come with its assessment."""

    OPEN = 0, "noch nicht begonnen"
    STARTED = 1, "begonnen"
    ENTERED = 2, "vom Papier übertragen, noch nicht bestätigt"
    RELEASED = 3, "freigegeben"


class TalkProgress(models.IntegerChoices):
    """How far the talk of a participation has come."""

    OPEN = 0, "noch nicht geführt"
    STARTED = 1, "begonnen"
    RECORDED = 2, "festgehalten"
    CONFIRMED = 3, "beantwortet"


class PlanProgress(models.IntegerChoices):
    """How far the learning plan of a participation has come."""

    NONE = 0, "noch keiner"
    DRAFT = 1, "Entwurf"
    AGREED = 2, "vereinbart"
    COMPLETED = 3, "abgeschlossen"


PROGRESS_NAMES = dict(Progress.choices)
TALK_PROGRESS_NAMES = dict(TalkProgress.choices)
PLAN_PROGRESS_NAMES = dict(PlanProgress.choices)
