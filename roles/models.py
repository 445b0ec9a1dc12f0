"""What a role asks for: the Soll (paper, chapter 3 and 4.3.1)."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kompetenz.catalogue.models import Competency, KeyManager, Level
from kompetenz.people.models import Person


class RoleProfileQuerySet(models.QuerySet):
    def usable(self):
        """Profiles that can be given to people: those not retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user):
        """Everybody may read what a role asks for; retired profiles are HR's."""
        return self if user.is_hr else self.usable()

    def editable_by(self, user):
        """HR changes its own profiles; the built-in ones are copied instead."""
        return self.usable().filter(is_builtin=False) if user.is_hr else self.none()

    def administered_by(self, user):
        """Profiles that HR may copy, give to people or retire."""
        return self if user.is_hr else self.none()


class RoleProfileManager(KeyManager.from_queryset(RoleProfileQuerySet)):
    pass


class RoleProfile(models.Model):
    """A role in the digital transformation with its tasks and the level each competency needs.

    The built-in ones are derived from the paper's chapter 3: ideal-typical templates, to be copied
    and fitted to one's own administration. A retired profile stays readable wherever it was used.
    """

    key = models.SlugField("Schlüssel", unique=True, null=True, blank=True, editable=False)
    name = models.CharField("Name", max_length=80)
    description = models.TextField("Beschreibung", max_length=600, blank=True)
    tasks = models.TextField("Aufgaben", max_length=3000, blank=True, help_text="Eine Aufgabe je Zeile.")
    section = models.CharField("Abschnitt im Konzeptpapier", max_length=10, blank=True, editable=False)
    is_builtin = models.BooleanField("mitgeliefert", default=False, editable=False)
    retired_at = models.DateTimeField("zurückgezogen am", null=True, blank=True, editable=False)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)

    objects = RoleProfileManager()

    class Meta:
        verbose_name = "Rollenprofil"
        verbose_name_plural = "Rollenprofile"
        ordering = ["retired_at", "-is_builtin", "section", "name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("roles:detail", args=[self.pk])

    def natural_key(self):
        return (self.key,)

    @property
    def task_list(self):
        return [line.strip() for line in self.tasks.splitlines() if line.strip()]

    def levels(self):
        """The Soll as ``{competency id: level 0-3}``; costs one query."""
        return dict(self.requirements.values_list("competency", "level"))


class RequirementManager(models.Manager):
    def get_by_natural_key(self, profile_key, competency_key):
        return self.get(profile__key=profile_key, competency__key=competency_key)


class Necessity(models.TextChoices):
    """The paper's question 4.3.1: needed for the tasks, or a welcome addition."""

    REQUIRED = "required", "erforderlich"
    DESIRABLE = "desirable", "wünschenswert"


class Requirement(models.Model):
    """The level (0-3) that a role asks of one competency; 0 means the role does not need it.

    ``ground`` says what a built-in level rests on: the paper names it, asks it of everybody,
    or leaves it to judgement.
    """

    class Ground(models.TextChoices):
        NAMED = "named", "im Konzeptpapier für diese Rolle genannt"
        GENERAL = "general", "im Konzeptpapier allgemein gefordert"
        UNNAMED = "unnamed", "aus den Aufgaben erschlossen"
        OWN = "own", "eigene Festlegung"

    profile = models.ForeignKey(RoleProfile, models.CASCADE, related_name="requirements")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    level = models.PositiveSmallIntegerField("Stufe", choices=Level.choices, default=Level.NONE)
    necessity = models.CharField("Gewicht", max_length=10, choices=Necessity.choices, default=Necessity.REQUIRED)
    ground = models.CharField("Grundlage", max_length=10, choices=Ground.choices, default=Ground.OWN)

    objects = RequirementManager()

    class Meta:
        verbose_name = "Anforderung"
        verbose_name_plural = "Anforderungen"
        ordering = ["competency__order"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "competency"], name="one_requirement_per_competency"),
            models.CheckConstraint(condition=Q(level__range=(0, 3)), name="requirement_level_0_to_3"),
        ]

    def __str__(self):
        return f"{self.competency}: {self.get_level_display()}"

    def natural_key(self):
        return (*self.profile.natural_key(), *self.competency.natural_key())

    natural_key.dependencies = ["roles.roleprofile", "catalogue.competency"]


class RoleHoldingQuerySet(models.QuerySet):
    def current(self):
        """Holdings of today: begun and not ended."""
        today = timezone.localdate()
        return self.filter(since__lte=today).filter(Q(until=None) | Q(until__gte=today))

    def current_or_coming(self):
        """Holdings of today and those that begin later."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))


class RoleHolding(models.Model):
    """Who holds which role since when; a person holds one role at a time.

    ``until`` is the last day; None means still held.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Person")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="holdings", verbose_name="Rollenprofil")
    since = models.DateField("seit", default=timezone.localdate)
    until = models.DateField("bis", null=True, blank=True)

    objects = RoleHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "Rolle einer Person"
        verbose_name_plural = "Rollen von Personen"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_open_role_per_person"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="role_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.profile}"


@transaction.atomic
def copy_profile(*, profile, name):
    """A new profile of HR's own with the same tasks and requirements, free to be changed."""
    requirements = list(profile.requirements.all())
    copy = RoleProfile.objects.create(name=name, description=profile.description, tasks=profile.tasks)
    for requirement in requirements:
        requirement.pk, requirement.profile = None, copy
    Requirement.objects.bulk_create(requirements)
    return copy
