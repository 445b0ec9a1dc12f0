"""The frozen Soll of a participation, and what was decided when it changed."""

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from kompetenz.catalogue.models import Competency, none_or_on_any_scale, on_any_scale
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.prepared import prepared
from roles.models import Necessity, RoleProfile

from .participations import Participation
from .sides import Side, signature


def asked_in_short(catalogue, profile, levels):
    """What the role ``profile`` (its id) asks, ``{competency id: level}``, on the round's scale: the same as long as it does.

    By it a round of thousands knows whose Soll may differ from their role without reading all of it.
    """
    on_scale = sorted((pk, catalogue.nearest(level)) for pk, level in levels.items() if pk in catalogue.by_id)
    return stamp(profile, on_scale)


FROZEN = ["participation", "competency", "profile_level", "level", "necessity", "reason"]


def freeze_levels(asked):
    """Write the Soll of people as a round opens: (participation's id, competency's id, level, necessity) each.

    Of all that a round writes these are most, and nothing else than these values: an object for each, as bulk_create wants it, takes
    longer than everything else of an opening.
    """
    about, name = Target.objects.all().query.get_meta(), connection.ops.quote_name
    columns = [about.get_field(one).column for one in FROZEN]
    into = f"{name(about.db_table)} ({', '.join(map(name, columns))})"
    values = [(participation, one, level, level, necessity, "") for participation, one, level, necessity in asked]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})", values)  # noqa: S608 - names of ours


class Target(models.Model):
    """The Soll of one person for one competency, frozen when the round opened; levels are those of the round.

    ``profile_level`` is what the role profile asked then. ``level`` is what holds: the same,
    unless the manager has adjusted it, with a reason, before the self-assessment was released. Who has, a deputy with the
    manager they stood in for, stands with it, and what the profile asked at that moment (``adjusted_from``).
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="targets")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    profile_level = models.PositiveSmallIntegerField("Stufe im Rollenprofil")
    level = models.PositiveSmallIntegerField("Soll")
    necessity = models.CharField("Gewicht", max_length=10, choices=Necessity.choices)
    reason = models.CharField("Begründung", max_length=300, blank=True)
    adjusted_on = models.DateField("angepasst am", null=True)
    adjusted_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    adjusted_for = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    adjusted_from = models.PositiveSmallIntegerField("Stufe im Rollenprofil bei der Anpassung", null=True)

    class Meta:
        verbose_name = "Soll"
        verbose_name_plural = "Soll"
        constraints = [
            models.UniqueConstraint(fields=["participation", "competency"], name="one_target_per_competency"),
            models.CheckConstraint(
                condition=Q(level=F("profile_level")) | ~Q(reason=""), name="an_adjusted_target_has_a_reason"
            ),
            models.CheckConstraint(
                condition=on_any_scale("level") & on_any_scale("profile_level"), name="target_level_on_any_scale"
            ),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"

    @property
    def is_adjusted(self):
        return self.level != self.profile_level

    @property
    def profile_has_moved(self):
        """Whether the profile asks something else by now than when the manager adjusted the level."""
        return self.adjusted_from not in (None, self.profile_level)

    @property
    def adjuster(self):
        """Who has adjusted it, in words; a query where ``participation`` is not read yet. Only where somebody is known."""
        return signature(self.participation, self.adjusted_by, self.adjusted_for, Side.MANAGER)

    @property
    def is_desirable(self):
        """Whether the role wishes for it without asking it; of a Soll of 0 there is nothing to say."""
        return bool(self.level) and self.necessity == Necessity.DESIRABLE


@prepared
def targets_of(participation):
    return Target.objects.filter(participation=participation).select_related("adjusted_by", "adjusted_for")


@prepared
def target_levels_of(participation):
    """The Soll as (competency id, level)."""
    return Target.objects.filter(participation=participation).values_list("competency", "level")


class TargetChange(models.Model):
    """A decision on one competency whose Soll has changed since the participation's start, in levels of the round.

    The role profile was changed, or the person has another role (``profile``). Either the new level
    was taken over, or it was declined and the old one holds. A decision is never changed: another
    one may follow. A level is None where the role asks nothing of the competency.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="target_changes")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="+")
    old_level = models.PositiveSmallIntegerField("bisher", null=True)
    new_level = models.PositiveSmallIntegerField("neu", null=True)
    taken_over = models.BooleanField("übernommen")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)

    class Meta:
        verbose_name = "Änderung des Solls"
        verbose_name_plural = "Änderungen des Solls"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=none_or_on_any_scale("old_level", "new_level"), name="decided_levels_on_any_scale"
            ),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.old_level} → {self.new_level}"
