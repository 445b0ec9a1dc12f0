"""What a role asks for: the Soll (paper, chapter 3 and 4.3.1)."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.catalogue.models import Competency, KeyManager, Level, on_any_scale
from kompetenz.people.models import Person

OVERLAPPING = "In dieser Zeit hat die Person schon eine Rolle: {}, seit {:%d.%m.%Y}."


def hidden_from(user):
    """The ids of the profiles whose levels ``user`` may not see yet: their own, while a round hides the Soll from them.

    And whatever shows what these do: what they were copied from or to, however often, and who asks the very same levels. Two
    queries more, where anything is hidden.
    """
    own = set(hooks.ask_for_all("hidden_profiles", user))
    return own | alike(own) if own else own


def alike(own):
    """The ids of profiles of one origin with any of these, or with the levels of any."""
    origins = dict(RoleProfile.objects.values_list("pk", Coalesce("origin", "pk")))
    levels = {}
    for profile, *asked in Requirement.objects.order_by("competency").values_list("profile", "competency", "level"):
        levels.setdefault(profile, []).append(asked)
    kept = [levels[pk] for pk in own if pk in levels]
    of_one_origin = {origins[pk] for pk in own if pk in origins}
    return {pk for pk, origin in origins.items() if origin in of_one_origin or levels.get(pk) in kept}


def lines_of(tasks):
    """Tasks as they are kept, one a line, as a list."""
    return [line.strip() for line in tasks.splitlines() if line.strip()]


class RoleProfileQuerySet(models.QuerySet):
    def usable(self):
        """Profiles that can be given to people: those not retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user):
        """Everybody may read what a role asks for; retired profiles are HR's."""
        return self if user.is_hr else self.usable()

    def showing_levels_to(self, user):
        """Profiles whose levels ``user`` may see today, see hidden_from."""
        return self.visible_to(user).exclude(pk__in=hidden_from(user))

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

    The built-in ones are derived from the paper's chapter 3: ideal-typical templates, to be copied and fitted to one's own
    administration. ``origin`` is the first of those it was copied from. A retired profile stays readable wherever it was
    used.
    """

    key = models.SlugField("Schlüssel", unique=True, null=True, blank=True, editable=False)
    name = models.CharField("Name", max_length=80)
    description = models.TextField("Beschreibung", max_length=600, blank=True)
    tasks = models.TextField("Aufgaben", max_length=3000, blank=True, help_text="Eine Aufgabe je Zeile.")
    section = models.CharField("Abschnitt im Konzeptpapier", max_length=10, blank=True, editable=False)
    is_builtin = models.BooleanField("mitgeliefert", default=False, editable=False)
    origin = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")
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
        return lines_of(self.tasks)

    def levels(self):
        """The Soll as ``{competency id: level}``; costs one query."""
        return dict(self.requirements.values_list("competency", "level"))


class RequirementManager(models.Manager):
    def get_by_natural_key(self, profile_key, competency_key):
        return self.get(profile__key=profile_key, competency__key=competency_key)


class Necessity(models.TextChoices):
    """The paper's question 4.3.1: needed for the tasks, or a welcome addition."""

    REQUIRED = "required", "erforderlich"
    DESIRABLE = "desirable", "wünschenswert"


class Requirement(models.Model):
    """The level of the scale that a role asks of one competency; 0 means the role does not need it.

    ``ground`` says what a built-in level rests on: the paper names the competency for this role, or its whole
    category only, asks it of everybody or of this group of people, leaves it to judgement, or does not name it at all,
    which is level 0.
    """

    class Ground(models.TextChoices):
        NAMED = "named", "im Konzeptpapier für diese Rolle genannt"
        CATEGORY = "category", "im Konzeptpapier nur die ganze Kategorie genannt"
        GENERAL = "general", "im Konzeptpapier allgemein gefordert"
        UNNAMED = "unnamed", "aus den Aufgaben erschlossen"
        NONE = "none", "im Konzeptpapier nicht genannt"
        OWN = "own", "eigene Festlegung"

    profile = models.ForeignKey(RoleProfile, models.CASCADE, related_name="requirements")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    level = models.PositiveSmallIntegerField("Stufe", default=Level.NONE)
    necessity = models.CharField("Gewicht", max_length=10, choices=Necessity.choices, default=Necessity.REQUIRED)
    ground = models.CharField("Grundlage", max_length=10, choices=Ground.choices, default=Ground.OWN)

    objects = RequirementManager()

    class Meta:
        verbose_name = "Anforderung"
        verbose_name_plural = "Anforderungen"
        ordering = ["competency"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "competency"], name="one_requirement_per_competency"),
            models.CheckConstraint(condition=on_any_scale("level"), name="requirement_level_on_any_scale"),
        ]

    def __str__(self):
        return f"{self.competency}: {self.level}"

    def natural_key(self):
        return (*self.profile.natural_key(), *self.competency.natural_key())

    natural_key.dependencies = ["roles.roleprofile", "catalogue.competency"]


class RoleHoldingQuerySet(models.QuerySet):
    def current(self):
        """Holdings of today: begun and not ended."""
        today = timezone.localdate()
        return self.filter(since__lte=today).filter(Q(until=None) | Q(until__gte=today))

    def of_person(self, person):
        return self.filter(person=person)

    def open_ended(self):
        """Holdings without a last day."""
        return self.filter(until=None)

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
        indexes = [models.Index(fields=["person", "since", "until", "profile"], name="roles_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="one_open_role_per_person"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="role_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.profile}"

    def clean(self):
        """Refuse days on which the person has another role."""
        super().clean()
        if self.person_id is None or self.since is None:
            return
        others = RoleHolding.objects.filter(person=self.person_id).exclude(pk=self.pk)
        others = others.filter(Q(until=None) | Q(until__gte=self.since))
        if self.until:
            others = others.filter(since__lte=self.until)
        if other := others.select_related("profile").first():
            raise ValidationError(OVERLAPPING.format(other.profile, other.since))


@transaction.atomic
def create_profile(*, name, description):
    """A new profile of HR's own that asks nothing yet of any competency of today's catalogue."""
    profile = RoleProfile.objects.create(name=name, description=description)
    Requirement.objects.bulk_create(
        Requirement(profile=profile, competency_id=competency)
        for competency in Competency.objects.values_list("pk", flat=True)
    )
    return profile


@transaction.atomic
def copy_profile(*, profile, name):
    """A new profile of HR's own with the same tasks and requirements, free to be changed."""
    requirements = list(profile.requirements.all())
    copied = {"description": profile.description, "tasks": profile.tasks, "origin_id": profile.origin_id or profile.pk}
    copy = RoleProfile.objects.create(name=name, **copied)
    for requirement in requirements:
        requirement.pk, requirement.profile = None, copy
    Requirement.objects.bulk_create(requirements)
    return copy
