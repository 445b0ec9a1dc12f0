"""The access log (Zugriffsprotokoll): who has read, worked on or taken along what of another person, on which day (ADR 49)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .appended import Appended, AppendedQuerySet


class AccessQuerySet(AppendedQuerySet):
    def forget(self):
        """Delete these for good and answer how many they were: for the duty of every day, and for the erasure of a person."""
        return self._raw_delete(self.db)

    def about(self, person):
        """What others have done with what is about this person: theirs to see."""
        return self.filter(about=person)

    def kinds(self):
        """Of what there are any."""
        return self.order_by().values_list("what", flat=True).distinct()

    def of_kind(self, what):
        """Those of this kind of thing; all, if none is named."""
        return self.filter(what=what) if what else self

    def by_day_and_reader(self):
        """The last day first; on each day by name, and what somebody has done in one role together."""
        return self.order_by("-on", "reader__sort_key", "reader", "role", "instead_of", "what", "how", "round_id")

    def before(self, day):
        return self.filter(on__lt=day)

    def with_names(self):
        return self.select_related("reader", "instead_of")


class Access(Appended):
    """That somebody had to do with something of another person on a day: once a day, however often.

    Of the day, in Europe/Berlin, the time is not kept: this is no trace of when anybody works. No value of what was read is in
    it. A row is written in the transaction in which the thing was read or changed, and never changes; it is deleted after
    RETENTION_LOG_DAYS days (forgetting.py), or with the person whom it is about. ``round_id`` is 0 where it belongs to no round, or to
    all of them; a deputy acts ``instead_of`` a manager.
    """

    class What(models.TextChoices):
        SELF = "self", "Selbsteinschätzung vom Papier"
        ASSESSMENT = "assessment", "Fremdeinschätzung"
        FORM = "form", "Einschätzungsbogen auf Papier"
        COMPARISON = "comparison", "Vergleich"
        TARGETS = "targets", "Soll"
        STOCK_TAKING = "stock_taking", "Bestandsaufnahme"
        TALK = "talk", "Gespräch"
        PLAN = "plan", "Lernplan"
        REVIEW = "review", "Review-Gespräch"
        GROWTH = "growth", "Entwicklung"
        NEEDS = "needs", "Bedarf des Teams"
        MEASURES = "measures", "Maßnahmen"
        REFRESHES = "refreshes", "Auffrischungen"
        DOCUMENTS = "documents", "Dokumente der Runde"
        COURSE = "course", "Verlauf in der Runde"
        STATES = "states", "Teilnahmeliste"
        DATES = "dates", "Termine"
        MASTER_DATA = "master_data", "Stammdaten"
        ROLES = "roles", "Rollen"
        LOG = "log", "Zugriffsprotokoll"
        EVERYTHING = "everything", "Auskunft"

    class How(models.TextChoices):
        READ = "read", "gelesen"
        CHANGED = "changed", "bearbeitet"
        TAKEN = "taken", "als Datei mitgenommen"

    class Role(models.TextChoices):
        MANAGER = "manager", "Führungskraft"
        DEPUTY = "deputy", "Vertretung"
        HR = "hr", "Personalentwicklung"
        AUDITOR = "auditor", "Datenschutz oder Personalrat"
        ADMIN = "admin", "technische Verwaltung"

    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    what = models.CharField("was", max_length=12, choices=What.choices)
    how = models.CharField("wie", max_length=8, choices=How.choices)
    round_id = models.PositiveBigIntegerField("Runde", default=0)
    role = models.CharField("als", max_length=8, choices=Role.choices)
    instead_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "Zugriff"
        verbose_name_plural = "Zugriffsprotokoll"
        ordering = ["-on", "reader", "what", "how", "pk"]
        constraints = [
            # Two, for to a database no two that act instead of nobody are the same.
            models.UniqueConstraint(
                fields=["about", "on", "reader", "what", "how", "round_id", "role"],
                condition=Q(instead_of=None),
                name="an_access_is_noted_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["about", "on", "reader", "what", "how", "round_id", "role", "instead_of"],
                condition=Q(instead_of__isnull=False),
                name="a_deputys_access_is_noted_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(role="deputy") | Q(instead_of=None), name="only_a_deputy_acts_instead_of_another"
            ),
        ]
        indexes = [
            models.Index(fields=["about", "-on"], name="accesses_about_somebody"),
            models.Index(fields=["on"], name="accesses_of_a_day"),
        ]

    def __str__(self):
        return f"{self.get_what_display()} {self.get_how_display()} am {self.on:%d.%m.%Y}"
