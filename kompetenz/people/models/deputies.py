"""Who acts for a manager, and for whom; and with it who leads whom."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


def is_led_by(user):
    """The condition on people whom ``user`` manages or is entrusted with today."""
    own = Q(manager=user.pk)
    return own | Q(pk__in=Deputy.entrusted_to(user)) if may_deputise(user) else own


def may_deputise(user):
    """Whether ``user`` acts for somebody today; one query, unless a session's user has brought the answer (with_reach)."""
    if user.deputises is None:
        return Deputy.objects.current().filter(person=user.pk).exists()
    return user.deputises


class DeputyQuerySet(models.QuerySet):
    def current(self):
        """Deputies of today; both their first and their last day count."""
        return self.current_or_coming().filter(since__lte=timezone.localdate())

    def current_or_coming(self):
        return self.filter(until__gte=timezone.localdate(), ended_at=None)

    def lasting_until(self, day):
        """Those who act on this day or have their last day after it, however they end."""
        return self.filter(until__gte=day)

    def administered_by(self, user):
        """Deputies that ``user`` may name and end: all, for HR; those for themselves, for a manager."""
        return self if user.is_hr else self.of_manager(user)

    def of_managers(self, managers):
        """Those who act for one of these, by their ids."""
        return self.filter(manager__in=managers)

    def of_manager(self, user):
        """Those who act for ``user``, whatever else they may name."""
        return self.filter(manager=user.pk)


class Deputy(models.Model):
    """Somebody who acts for a manager (Vertretung): for the people named, and from one day to another.

    Within these days the deputy reads and does for these people what the manager does; they end by
    themselves, and as soon as a person has another manager. Days are in Europe/Berlin. One that was ended at ``ended_at``
    gave access until then, and has that day as its last; whoever has had access stays on record.
    """

    manager = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name="Führungskraft")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name="Vertretung")
    people = models.ManyToManyField("people.Person", related_name="+", verbose_name="für diese Personen")
    since = models.DateField("von", default=timezone.localdate)
    until = models.DateField("bis")
    ended_at = models.DateTimeField("vorzeitig beendet am", null=True, editable=False)
    named_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, editable=False, related_name="+")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "Vertretung"
        verbose_name_plural = "Vertretungen"
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="deputy_ends_after_start",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            models.CheckConstraint(
                condition=~Q(manager=F("person")),
                name="nobody_deputises_for_themselves",
                violation_error_message="Eine Person kann sich nicht selbst vertreten.",
            ),
        ]

    def __str__(self):
        return f"{self.person} vertritt {self.manager} bis {self.until:%d.%m.%Y}"

    @property
    def is_over(self):
        """See also DeputyQuerySet.current_or_coming()."""
        return self.ended_at is not None or self.until < timezone.localdate()

    @classmethod
    def entrusted_to(cls, user):
        """The ids of the people for whom ``user`` acts today in place of their present manager."""
        today = timezone.localdate()
        named = cls.people.through.objects.filter(
            deputy__person=user.pk, deputy__since__lte=today, deputy__until__gte=today, deputy__ended_at=None
        )
        return named.filter(deputy__manager=F("person__manager")).exclude(person=user.pk).values("person")

    @classmethod
    def acting_for(cls, people):
        """Who acts today for which of ``people`` in place of their present manager: rows with a ``deputy`` and a ``person``."""
        named = cls.people.through.objects.filter(person__in=people, deputy__in=cls.objects.current())
        return named.filter(deputy__manager=F("person__manager")).exclude(deputy__person=F("person"))
