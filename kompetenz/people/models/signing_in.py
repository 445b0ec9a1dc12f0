"""What is kept of signing in and of what was sent; and the address at which a calendar gets in."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from .people import Person


class SentForm(models.Model):
    """A form that was sent and made something, known by a digest of all that was in it; forgotten after a day."""

    key = models.CharField(max_length=64, primary_key=True)
    led_to = models.CharField(max_length=500)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "gesendetes Formular"
        verbose_name_plural = "gesendete Formulare"

    def __str__(self):
        return f"gesendet am {self.sent_at:%d.%m.%Y}"


class AttemptQuerySet(models.QuerySet):
    def since(self, span):
        """Those of the last ``span``."""
        return self.filter(at__gt=timezone.now() - span)


class Attempt(models.Model):
    """That a password was wrong, or a link was asked for; counted for an hour, see attempts.py.

    ``account`` and ``origin`` are keyed digests of the address that was typed and of where it came from: nobody reads in them
    who tried what from where, and an account that does not exist is one like any other.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password", "Passwort"
        LINK = "link", "Link"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    account = models.CharField(max_length=64)
    origin = models.CharField(max_length=64)
    is_known = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "Anmeldeversuch"
        verbose_name_plural = "Anmeldeversuche"
        indexes = [
            models.Index(fields=["account", "at"], name="attempts_at_account"),
            models.Index(fields=["origin", "at"], name="attempts_from_origin"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} am {self.at:%d.%m.%Y}"


class LockQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Locks that ``user`` may see and lift: all, for HR alone."""
        return self if user.is_hr else self.none()

    def in_force_for(self, person):
        """The one that keeps strange browsers from this person's account now, or None."""
        return self.filter(person=person, until__gt=timezone.now()).first()

    def of_a_week(self):
        """Those in force, and those that ended in the last seven days."""
        return self.filter(until__gt=timezone.now() - timedelta(days=7))


class Lock(models.Model):
    """That wrong passwords were tried too often at somebody's account: until when strange browsers, or those at the place they
    came from, have to wait. HR sees it for a week, and the person was told.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    since = models.DateTimeField("seit")
    until = models.DateTimeField("bis")
    told_at = models.DateTimeField("mitgeteilt am")

    objects = LockQuerySet.as_manager()

    class Meta:
        verbose_name = "Sperre der Anmeldung"
        verbose_name_plural = "Sperren der Anmeldung"
        ordering = ["-until", "person__sort_key"]

    def __str__(self):
        return f"{self.person} bis {self.until:%d.%m.%Y}"

    @property
    def is_in_force(self):
        return self.until > timezone.now()


class CalendarAddressQuerySet(models.QuerySet):
    def of_person(self, user):
        """The user's own, if there is one: nobody else's is anybody's to see."""
        return self.filter(person=user.pk)


class CalendarAddress(models.Model):
    """The secret address at which a person's calendar subscribes to their dates: one each, until they end it, leave or
    have another password or e-mail address.

    Only a digest of what is secret in it is kept, so nobody can read it again. Of its use the last day is known, to the
    person alone: no trace of when somebody works.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField("angelegt am")
    fetched_on = models.DateField("zuletzt abgerufen am", null=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "Kalenderadresse"
        verbose_name_plural = "Kalenderadressen"

    def __str__(self):
        return f"Kalenderadresse von {self.person}"
