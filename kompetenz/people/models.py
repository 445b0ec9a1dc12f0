"""Who works here, where, for whom, and who is within reach of whom."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from .names import fold


class UnitQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Units that ``user`` may create and change: all, for HR alone."""
        return self if user.is_hr else self.none()

    def in_tree_order(self):
        """A list of these units, each before those beneath it; ``depth`` is 0 at the top."""
        children = {}
        for unit in self:
            children.setdefault(unit.parent_id, []).append(unit)
        ordered, waiting = [], [(unit, 0) for unit in reversed(children.get(None, []))]
        while waiting:
            unit, unit.depth = waiting.pop()
            ordered.append(unit)
            waiting.extend((child, unit.depth + 1) for child in reversed(children.get(unit.pk, [])))
        return ordered

    def below(self, units):
        """``units`` and everything beneath them in the tree."""
        children = {}
        for pk, parent in Unit.objects.values_list("pk", "parent"):
            children.setdefault(parent, []).append(pk)
        found, waiting = set(), [unit.pk for unit in units]
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(children.get(pk, []))
        return self.filter(pk__in=found)


class Unit(models.Model):
    """A part of the administration (Organisationseinheit); units form a tree."""

    number = models.CharField("Nummer", max_length=20, unique=True)
    name = models.CharField("Bezeichnung", max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="übergeordnete Einheit", related_name="children"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "Organisationseinheit"
        verbose_name_plural = "Organisationseinheiten"
        ordering = ["number"]

    def __str__(self):
        return f"{self.number} {self.name}"


def is_employed(at=""):
    """The condition on people who work here today; ``at`` leads to the person ("manager__")."""
    return Q(**{f"{at}is_active": True}) & ~Q(**{f"{at}leaving_date__lt": timezone.localdate()})


def is_led_by(user):
    """The condition on people whom ``user`` manages or is entrusted with today."""
    own = Q(manager=user.pk)
    return own | Q(pk__in=Deputy.entrusted_to(user)) if may_deputise(user) else own


def may_deputise(user):
    """Whether the database has to be asked whom ``user`` is entrusted with; a request's user has brought the answer."""
    return getattr(user, "deputises", True)


class PersonQuerySet(models.QuerySet):
    def employed(self):
        """People who work here today; their access ends the day after they leave."""
        return self.filter(is_employed())

    def with_reach(self):
        """People with ``manages`` and ``deputises``: whether they have people of their own, and act for somebody today."""
        theirs = Person.objects.employed().filter(manager=OuterRef("pk"))
        return self.annotate(
            manages=Exists(theirs), deputises=Exists(Deputy.objects.current().filter(person=OuterRef("pk")))
        )

    def within_reach_of(self, user):
        """People whose competency data ``user`` may be shown at all: themselves, those they manage or deputise for.

        Every ``visible_to`` in the apps above builds on this one rule. HR, the next-higher manager
        and auditors are not in it: what they see is never a person's levels by default.
        """
        return self.filter(Q(pk=user.pk) | is_led_by(user))

    def led_by(self, user):
        """People ``user`` manages, and those for whom they deputise today; never themselves."""
        return self.filter(is_led_by(user))

    def named(self, references):
        """People by personnel number, written exactly so, or by e-mail address in any case."""
        written = [reference.strip() for reference in references]
        return self.filter(Q(personnel_number__in=written) | Q(email__in=[text.lower() for text in written]))

    def administered_by(self, user):
        """People whose master data ``user`` may find, create and change: everyone, for HR alone."""
        return self if user.is_hr else self.none()

    def search(self, text):
        """People whose name, e-mail or personnel number contains every word of ``text``."""
        found = self
        for word in fold(text).split():
            found = found.filter(
                Q(sort_key__contains=word) | Q(email__contains=word) | Q(personnel_number__icontains=word)
            )
        return found


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def create_user(self, email, password=None, **fields):
        """A person with an account; without a password they cannot sign in until one is set."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email, password=None, **fields):
        """Somebody who repairs data in Django's admin; this gives no sight of anybody's levels in the app."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who works in the administration; with an e-mail address they can sign in.

    Holds what the development of competencies needs and nothing else: no birth date, pay,
    sex, absence or health. ``manager`` is the one Führungskraft responsible for them, and no
    chain of managers leads back to the person. E-mail and personnel number belong to one person
    each; the address is kept in small letters, and what is missing is None, never "".
    """

    email = models.EmailField("dienstliche E-Mail", unique=True, null=True, blank=True)
    personnel_number = models.CharField(
        "Personalnummer",
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        help_text="Führende Nullen bleiben erhalten.",
    )
    first_name = models.CharField("Vorname", max_length=80)
    last_name = models.CharField("Nachname", max_length=80)
    sort_key = models.CharField(max_length=170, editable=False, db_index=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name="Organisationseinheit", related_name="people"
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="Führungskraft", related_name="managed"
    )
    is_hr = models.BooleanField("Personalentwicklung", default=False)
    is_auditor = models.BooleanField("Datenschutz oder Personalrat", default=False)
    leaving_date = models.DateField(
        "letzter Arbeitstag", null=True, blank=True, help_text="Danach ist keine Anmeldung mehr möglich."
    )
    wants_mail = models.BooleanField("E-Mails bekommen", default=True)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("Zugang zur technischen Verwaltung", default=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_email",
                violation_error_message="Diese E-Mail-Adresse gehört schon zu einer anderen Person.",
            ),
            models.CheckConstraint(
                condition=~Q(manager=F("id")),
                name="nobody_manages_themselves",
                violation_error_message="Eine Person kann nicht ihre eigene Führungskraft sein.",
            ),
            models.CheckConstraint(condition=~Q(personnel_number=""), name="personnel_number_is_not_empty"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def save(self, **kwargs):
        self.tidy_identity()
        self.sort_key = fold(self.listed_as)
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key"}
        super().save(**kwargs)

    def clean(self):
        super().clean()
        self.tidy_identity()
        if self.manager_id and self.pk and self.pk in self.manager.chain_of_managers():
            raise ValidationError({"manager": "Diese Person ist der Führungskraft selbst unterstellt."})

    def tidy_identity(self):
        self.email = (self.email or "").lower() or None
        self.personnel_number = self.personnel_number or None

    def chain_of_managers(self):
        """The ids of this person and of everyone above them, nearest first."""
        chain, above = [], self
        while above is not None and above.pk not in chain:
            chain.append(above.pk)
            above = above.manager
        return chain

    @property
    def listed_as(self):
        """The name as lists show it: "Nachname, Vorname"."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def is_employed(self):
        """See also PersonQuerySet.employed()."""
        return self.is_active and (self.leaving_date is None or self.leaving_date >= timezone.localdate())

    @property
    def awaits_first_password(self):
        """Whether HR may set the password: the account exists, and nobody has signed in with it yet."""
        return bool(self.email) and self.is_employed and self.last_login is None and not self.is_staff

    @cached_property
    def leads_people(self):
        """Whether somebody is managed by this person, or entrusted to them today; see also with_reach."""
        if may_deputise(self) or not hasattr(self, "manages"):
            return Person.objects.employed().led_by(self).exists()
        return self.manages

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return self.first_name


class DeputyQuerySet(models.QuerySet):
    def current(self):
        """Deputies of today; both their first and their last day count."""
        today = timezone.localdate()
        return self.filter(since__lte=today, until__gte=today)

    def current_or_coming(self):
        return self.filter(until__gte=timezone.localdate())

    def administered_by(self, user):
        """Deputies that ``user`` may name and end: all, for HR; those for themselves, for a manager."""
        return self if user.is_hr else self.filter(manager=user.pk)


class Deputy(models.Model):
    """Somebody who acts for a manager (Vertretung): for the people named, and from one day to another.

    Within these days the deputy reads and does for these people what the manager does; they end by
    themselves, and as soon as a person has another manager. Days are in Europe/Berlin.
    """

    manager = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Führungskraft")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Vertretung")
    people = models.ManyToManyField(Person, related_name="+", verbose_name="für diese Personen")
    since = models.DateField("von", default=timezone.localdate)
    until = models.DateField("bis")
    named_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")

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

    @classmethod
    def entrusted_to(cls, user):
        """The ids of the people for whom ``user`` acts today in place of their present manager."""
        today = timezone.localdate()
        named = cls.people.through.objects.filter(
            deputy__person=user.pk, deputy__since__lte=today, deputy__until__gte=today
        )
        return named.filter(deputy__manager=F("person__manager")).exclude(person=user.pk).values("person")


class StaffFile(models.Model):
    """A staff list that somebody of HR has uploaded and looks at; deleted once it is taken over, or after a day.

    Nothing of it counts before it is confirmed. There is one for each uploader at most.
    """

    uploaded_by = models.OneToOneField(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField("hochgeladen am", default=timezone.now)
    name = models.CharField("Dateiname", max_length=200)
    content = models.BinaryField("Inhalt")

    class Meta:
        verbose_name = "Personalliste"
        verbose_name_plural = "Personallisten"

    def __str__(self):
        return self.name
