"""What HR has set of a round, when, and what it was before: kept for whoever checks it, and never changed."""

from django.db import models
from django.utils import timezone

from kompetenz.people.models import Person
from kompetenz.privacy.access_log.appended import Appended, AppendedQuerySet

from .rounds import Round

ADDRESSED = {"units": "Organisationseinheiten", "profiles": "Rollen", "people": "nur diese Personen"}
# Everything that decides what a round is for, whom it addresses, until when, and who sees what.
SETTINGS = (
    *("title", "purpose", "procedure", "is_voluntary", "responsible", *ADDRESSED),
    *("self_due", "manager_due", "peer_due", "talk_due", "plan_due"),
    *("disclosure", "hides_target", "shows_levels_to_hr", "has_peers", "calendar_tells"),
)
STATE = "state"
NAMES = {name: Round._meta.get_field(name).verbose_name for name in (*SETTINGS, STATE)}  # noqa: SLF001


class RoundChangeQuerySet(AppendedQuerySet):
    def of_round(self, round_):
        """The last change first."""
        return self.filter(round=round_).select_related("by")


class RoundChange(Appended):
    """That somebody has set something of a round to another value, on a day; ``before`` and ``after`` in words, people only counted.

    Of a round that begins or ends it is the ``state`` that changes. Goes with a preparation that is thrown away.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    on = models.DateField("am", default=timezone.localdate)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    field = models.CharField("Angabe", max_length=20, choices=sorted(NAMES.items()))
    before = models.TextField("vorher", blank=True)
    after = models.TextField("nachher", blank=True)

    objects = RoundChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "Änderung einer Runde"
        verbose_name_plural = "Änderungen von Runden"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.get_field_display()} in {self.round} am {self.on:%d.%m.%Y}"
