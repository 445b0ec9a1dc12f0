"""Who works here, where, for whom, and who is within reach of whom."""

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils import timezone
from django.utils.functional import cached_property

from kompetenz import hooks, text
from kompetenz.forms.stamp import stamp
from kompetenz.privacy.access_log.appended import Appended, AppendedQuerySet

from . import notices
from .installation import directory
from .names import LONGEST_KEY, fold, in_key, listed_as, number_and_unit, sort_key
from .rights import AUDITS_NOBODY_ELSE, Hand, PersonRight, Through, differences, keeps_from_auditing

SUGGESTED = 8  # people at once
CIRCLE_OF_UNITS = "Das ergäbe einen Kreis: Diese Einheit ist der bearbeiteten selbst untergeordnet."


class UnitQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Units that ``user`` may create and change: all, for HR alone."""
        return self if user.is_hr else self.none()

    def named(self, typed):
        """The unit that is called so: its number, its name or both; None if it is none, or several bear that name."""
        both = Concat("number", Value(" "), "name")
        found = list(self.alias(both=both).filter(Q(number=typed) | Q(both=typed) | Q(name__iexact=typed)))
        exact = [unit for unit in found if typed in {unit.number, str(unit)}]
        return next(iter(exact or found)) if len(exact or found) == 1 else None

    def search(self, typed):
        """Units in whose number or name every one of these words stands, in small letters or capitals."""
        found = self
        for word in text.words(typed):
            # SQLite knows capitals of A to Z only: an umlaut is looked for as it is written, small and capital.
            spelled = {word, word.lower(), word.upper(), word.capitalize()}
            found = found.filter(
                reduce(or_, (Q(name__icontains=one) | Q(number__icontains=one) for one in sorted(spelled)))
            )
        return found

    def meant(self, typed):
        """The unit that is called so, or all in which that stands, and everything beneath."""
        one = self.named(typed)
        return self.below([one] if one else self.search(typed))

    def below(self, units):
        """``units`` and everything beneath them in the tree."""
        roots = [unit.pk for unit in units]
        if not roots:
            return self.none()
        return self.filter(pk__in=RawSQL(BENEATH.format(", ".join(["%s"] * len(roots))), roots))  # noqa: S611 - numbers only

    def above(self, units):
        """The units of these ids and everything above them in the tree."""
        ids = list(units)
        if not ids:
            return self.none()
        return self.filter(pk__in=RawSQL(ABOVE.format(", ".join(["%s"] * len(ids))), ids))  # noqa: S611 - numbers only


BENEATH = (
    "WITH RECURSIVE beneath(id) AS (SELECT id FROM people_unit WHERE id IN ({}) UNION "
    "SELECT unit.id FROM people_unit unit JOIN beneath ON unit.parent_id = beneath.id) SELECT id FROM beneath"
)

ABOVE = (
    "WITH RECURSIVE above(id, parent) AS (SELECT id, parent_id FROM people_unit WHERE id IN ({}) UNION "
    "SELECT unit.id, unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.parent) SELECT id FROM above"
)


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

    def clean(self):
        """Refuse what nobody could read or find, and a place beneath itself, whoever enters it."""
        super().clean()
        self.number, self.name = text.number(self.number or ""), text.line(self.name or "").strip()
        problems = {
            "number": text.objection_to_number(self.number),
            "name": text.objection_to_name(self.name) if self.name else "",
            "parent": CIRCLE_OF_UNITS if self.is_above(self.parent) else "",
        }
        if problems := {field: problem for field, problem in problems.items() if problem}:
            raise ValidationError(problems)

    def is_above(self, unit):
        """Whether ``unit`` is this one or stands beneath it."""
        return bool(self.pk and unit) and Unit.objects.below([self]).filter(pk=unit.pk).exists()


def is_employed(at=""):
    """The condition on people who work here today; ``at`` leads to the person ("manager__")."""
    return Q(**{f"{at}is_active": True}) & ~Q(**{f"{at}leaving_date__lt": timezone.localdate()})


def is_led_by(user):
    """The condition on people whom ``user`` manages or is entrusted with today."""
    own = Q(manager=user.pk)
    return own | Q(pk__in=Deputy.entrusted_to(user)) if may_deputise(user) else own


def may_deputise(user):
    """Whether ``user`` acts for somebody today; one query, unless a session's user has brought the answer (with_reach)."""
    known = getattr(user, "deputises", None)
    return Deputy.objects.current().filter(person=user.pk).exists() if known is None else known


def is_found_by(typed, *more, at=""):
    """The condition on rows in whose stored key, or in one of ``more`` (lookups), every word that was ``typed`` stands.

    ``at`` leads to the key. It is the same search wherever somebody is looked for, and on every database.
    """
    condition = Q()
    for word in text.words(typed):
        key = in_key(word)
        found = Q(**{f"{at}sort_key__contains": key}) if key else Q()
        condition &= reduce(or_, (Q(**{lookup: fold(word)}) for lookup in more), found)
    return condition


@contextmanager
def watched(people, hand):
    """Of whatever ``hand`` writes of ``people``, a queryset, inside: who is told of it is told, and each right given or taken is noted."""
    with notices.told_of_changes(people) as changed:
        yield
    RightChange.objects.note(changed, hand)


class PersonQuerySet(models.QuerySet):
    def update(self, **changes):
        """Django's, bulk_update's too; people are told of what concerns them, see notices."""
        if isinstance(changes.get("is_active"), bool):
            changes["deactivated_on"] = (
                None if changes["is_active"] else Coalesce("deactivated_on", timezone.localdate())
            )
        if notices.WATCHED.isdisjoint(changes):
            return super().update(**changes)
        with transaction.atomic(savepoint=False), watched(self, Hand()):
            return super().update(**changes)

    update.alters_data = True

    def bulk_create(self, objs, *args, **kwargs):
        """Django's; rights are noted."""
        with transaction.atomic(savepoint=False):
            made = super().bulk_create(objs, *args, **kwargs)
            RightChange.objects.note([(None, person) for person in made], Hand())
        return made

    bulk_create.alters_data = True

    def employed(self):
        """People who work here today; their access ends the day after they leave."""
        return self.filter(is_employed())

    def awaiting_first_password(self):
        """See also Person.awaits_first_password."""
        waiting = self.employed().filter(last_login=None, is_staff=False).exclude(email=None)
        return waiting.filter(email__in=settings.LOCAL_ACCOUNTS) if directory() else waiting

    def of_managers_to_replace(self, until):
        """People whose manager does not work here or cannot sign in, or leaves ``until`` that day. By these managers: they are few."""
        lost = Q(is_active=False) | Q(leaving_date__lte=until) | Q(email=None)
        return self.filter(manager__in=Person.objects.filter(lost).order_by().values("pk"))

    def with_who_left(self):
        """With ``has_left``: whether they work here no more."""
        return self.annotate(has_left=Case(When(is_employed(), then=False), default=True))

    def with_reach(self):
        """People with ``manages`` and ``deputises``: whether they have people of their own, and act for somebody today."""
        theirs = Person.objects.employed().filter(manager=OuterRef("pk"))
        return self.annotate(
            manages=Exists(theirs), deputises=Exists(Deputy.objects.current().filter(person=OuterRef("pk")))
        )

    def led_by(self, user):
        """People ``user`` manages, and those for whom they deputise today; never themselves.

        With assessments.models.reach, which adds that the manager must be the participation's, this is the root of what
        anybody may read about others. HR, the next-higher manager and auditors are not in it.
        """
        return self.filter(is_led_by(user))

    def named(self, references):
        """People by personnel number, written exactly so, or by e-mail address in any case."""
        numbers, addresses = map(text.number, references), map(text.address, references)
        return self.filter(Q(personnel_number__in=numbers) | Q(email__in=addresses))

    def administered_by(self, user):
        """People whose master data ``user`` may find, create and change: everyone, for HR alone."""
        return self if user.is_hr else self.none()

    def search(self, words):
        """People whose name, e-mail or personnel number contains every one of ``words``."""
        return self.filter(is_found_by(words, "email__icontains", "personnel_number__icontains"))

    def called(self, words):
        """The same by the name alone: whose a personnel number is, is HR's to know."""
        return self.filter(is_found_by(words))

    def suggested(self, typed, *, by_address=False):
        """The first few whose name has every word that was ``typed``, from two letters on, or whose address it is ``by_address``.

        For whoever is not HR: unlike ``search`` it tells nobody whose a personnel number is.
        """
        if len(in_key(typed)) < 2:  # noqa: PLR2004  (one letter matches nearly everybody)
            return self.none()
        found = is_found_by(typed)
        if by_address:
            found |= Q(email=text.address(typed))
        return self.filter(found).select_related("unit")[:SUGGESTED]


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
    ``wants_introduction`` is what they last said of the cards for newcomers; None as long as they have said nothing.
    ``deactivated_on`` is since when they are not active, whoever has written that. Whoever audits has no other right over anybody.
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
    sort_key = models.CharField(max_length=LONGEST_KEY, editable=False, db_index=True)
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
    wants_introduction = models.BooleanField("Karten für den Anfang zeigen", null=True, editable=False)
    is_active = models.BooleanField("aktiv", default=True)
    deactivated_on = models.DateField("deaktiviert am", null=True, editable=False)
    is_staff = models.BooleanField("Zugang zur technischen Verwaltung", default=False)
    signed_out_at = models.DateTimeField("überall abgemeldet am", null=True, blank=True, editable=False)

    objects = PersonManager()
    hand = Hand()  # who writes it, for one save(): named before by whoever calls that

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
            models.CheckConstraint(
                condition=Q(is_auditor=False) | Q(is_hr=False, is_staff=False, is_superuser=False),
                name="nobody_audits_themselves",
                violation_error_message=AUDITS_NOBODY_ELSE,
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "is_active", "leaving_date"], name="people_of_a_unit"),
            models.Index(fields=["sort_key"], name="people_of_hr_by_name", condition=Q(is_hr=True)),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    @property
    def number_and_unit(self):
        """What tells namesakes apart, for HR; lists fetch the unit beforehand."""
        return number_and_unit(self.personnel_number, self.unit)

    def name_on(self, day):
        """The name at the end of that day, but a first name corrected since is today's (§ 13 SBGG); one query."""
        change = self.name_changes.filter(on__gt=day).order_by("on", "pk").first()
        return f"{self.first_name} {change.from_last_name}" if change and change.from_last_name else str(self)

    def save(self, **kwargs):
        self.tidy_identity()
        self.sort_key = sort_key(self.listed_as)
        if fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*fields, "sort_key", *({"deactivated_on"} if "is_active" in fields else ())}
        if not fields or "is_active" in fields:
            self.deactivated_on = None if self.is_active else self.deactivated_on or timezone.localdate()
        is_new, has_new_password = self._state.adding, self._password is not None
        hand = self.__dict__.pop("hand", Person.hand)
        with transaction.atomic(savepoint=False), self.told_of_changes(kwargs.get("update_fields"), hand):
            super().save(**kwargs)
            if is_new:
                RightChange.objects.note([(None, self)], hand)
            if is_new and self.manager_id and notices.is_of_hr(self.manager):
                notices.inform("manager_of_hr", [self])
            if has_new_password and not is_new:
                hooks.ask("sign_in_changed", [self.pk])

    def told_of_changes(self, written, hand):
        """What happens inside is told to whom it concerns, see notices; ``written`` are the names of fields, None is all."""
        if self._state.adding or (written and notices.WATCHED.isdisjoint(written)):
            return nullcontext()
        return watched(Person.objects.filter(pk=self.pk), hand)

    def clean(self):
        super().clean()
        self.tidy_identity()
        problems = self.problems_of_identity()
        if self.is_auditor and keeps_from_auditing(self):
            problems["is_auditor"] = AUDITS_NOBODY_ELSE
        if problems:
            raise ValidationError(problems)
        if self.manager_id and self.pk and self.pk in self.manager.chain_of_managers():
            raise ValidationError({"manager": "Diese Person ist der Führungskraft selbst unterstellt."})

    def tidy_identity(self):
        """Write name, number and address as they are compared, whoever has entered them; see kompetenz.text."""
        self.first_name, self.last_name = (text.line(name).strip() for name in (self.first_name, self.last_name))
        self.email = text.address(self.email or "") or None
        self.personnel_number = text.number(self.personnel_number or "") or None

    def problems_of_identity(self):
        """What of name, number and address nobody could want, as ``{field: sentence}``."""
        return {
            field: problem
            for field, problem in {
                "first_name": text.objection_to_name(self.first_name) if self.first_name else "",
                "last_name": text.objection_to_name(self.last_name) if self.last_name else "",
                "email": text.objection_to_address(self.email or ""),
                "personnel_number": text.objection_to_number(self.personnel_number or "") or self.look_alike(),
            }.items()
            if problem
        }

    def look_alike(self):
        """Whose number differs from this one in zeros, case or blanks only, in a sentence; "" if nobody's, or it is an old one."""
        number = self.personnel_number
        if not number or Person.objects.filter(pk=self.pk, personnel_number=number).exists():
            return ""
        others = Person.objects.exclude(pk=self.pk).exclude(personnel_number__in=["", number])
        for pk, other in others.values_list("pk", "personnel_number"):
            if other and text.likeness(other) == text.likeness(number):
                return f"{number} ist nur anders geschrieben als {other} ({Person.objects.get(pk=pk)})."
        return ""

    def chain_of_managers(self):
        """The ids of this person and of everyone above them, nearest first."""
        chain, above = [], self
        while above is not None and above.pk not in chain:
            chain.append(above.pk)
            above = above.manager
        return chain

    @property
    def listed_as(self):
        return listed_as(self.first_name, self.last_name)

    @property
    def is_employed(self):
        """See also PersonQuerySet.employed()."""
        return self.works_here_on(timezone.localdate())

    def works_here_on(self, day):
        return self.is_active and (self.leaving_date is None or self.leaving_date >= day)

    @property
    def can_sign_in(self):
        """Whether they can be asked for anything: they work here and have an account."""
        return bool(self.email) and self.is_employed

    @property
    def awaits_first_password(self):
        """Whether they can be invited to set it: the account exists, and nobody has signed in with it yet."""
        return self.can_sign_in and self.last_login is None and not self.is_staff and self.may_have_password

    @property
    def may_have_password(self):
        """Where the administration's directory lets people in, only whom the installation names has a password, and its technical staff."""
        return not directory() or self.is_staff or self.email in settings.LOCAL_ACCOUNTS

    @property
    def needs_second_factor(self):
        """Whether what they can do asks for more than a password (settings.SECOND_FACTOR)."""
        return self.is_hr or self.is_auditor or self.is_staff or self.is_superuser

    def _get_session_auth_hash(self, secret=None):
        """Ends with a new password, and with "überall abmelden"."""
        before = super()._get_session_auth_hash(secret)
        return before if self.signed_out_at is None else f"{before}{self.signed_out_at.timestamp()}"

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


class NameChange(models.Model):
    """That somebody has another name from a day on: papers signed before bear the old one. For HR, on the person's page."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_changes")
    from_name = models.CharField("bisher", max_length=170)
    from_last_name = models.CharField("bisheriger Nachname", max_length=150, blank=True)
    to_name = models.CharField("neu", max_length=170)
    on = models.DateField("am", default=timezone.localdate)

    class Meta:
        verbose_name = "Namensänderung"
        verbose_name_plural = "Namensänderungen"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.from_name} heißt {self.to_name}"


class RightChangeQuerySet(AppendedQuerySet):
    def note(self, pairs, hand):
        """Write down each right that differs between people before (None: somebody new) and now; ``hand`` has done it."""
        changes = [
            RightChange(person_id=after.pk, right=right, given=given, through=hand.through, by=hand.by)
            for before, after in pairs
            for right, given in differences(before, after)
        ]
        return self.bulk_create(changes) if changes else []

    def visible_to(self, user):
        """Auditors read who has given and taken rights."""
        return self if user.is_auditor else self.none()

    def with_names(self):
        return self.select_related("person", "by")


class RightChange(Appended):
    """That somebody was given a right over others, or it was taken, on a day, and by whom or through what; never changed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    right = models.CharField("Recht", max_length=12, choices=PersonRight.choices)
    given = models.BooleanField("gegeben")
    on = models.DateField("am", default=timezone.localdate)
    through = models.CharField("auf dem Weg", max_length=9, choices=Through.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = RightChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "Änderung eines Rechts"
        verbose_name_plural = "Änderungen von Rechten"
        ordering = ["-on", "-pk"]

    @property
    def who(self):
        """Who has done it, as the auditor reads it."""
        if self.by is None:
            is_known = self.through in {Through.DIRECTORY, Through.COMMAND}
            return self.get_through_display() if is_known else "eine Person, deren Daten gelöscht sind"
        return f"{self.by.listed_as} ({self.get_through_display()})"

    def __str__(self):
        return f"{self.get_right_display()} {'gegeben' if self.given else 'genommen'} am {self.on:%d.%m.%Y}"


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

    manager = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Führungskraft")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Vertretung")
    people = models.ManyToManyField(Person, related_name="+", verbose_name="für diese Personen")
    since = models.DateField("von", default=timezone.localdate)
    until = models.DateField("bis")
    ended_at = models.DateTimeField("vorzeitig beendet am", null=True, editable=False)
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


class StaffFile(models.Model):
    """A staff list that somebody of HR has uploaded and looks at; deleted once it is taken over, or after a day.

    Nothing of it counts before it is confirmed. There is one for each uploader at most. ``raw`` is the file without what never
    belongs here, ``choices`` what its columns are read as; ``content`` is what is read of it so, nothing as long as that is not
    said. What its preview shows is kept beside it (``shown``, and the rows), with what people and units were when it was compared
    (``as_of``); see staff/previews.py.
    """

    uploaded_by = models.OneToOneField(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField("hochgeladen am", default=timezone.now)
    name = models.CharField("Dateiname", max_length=200)
    as_of = models.CharField("verglichen mit", max_length=64, default="", editable=False)
    shown = models.JSONField("Vorschau", default=dict, editable=False)
    raw = models.BinaryField("Datei", null=True, editable=False)
    choices = models.JSONField("Zuordnung", default=dict, editable=False)
    content = models.BinaryField("Inhalt", null=True)

    class Meta:
        verbose_name = "Personalliste"
        verbose_name_plural = "Personallisten"

    def __str__(self):
        return self.name

    @property
    def stamp(self):
        """What a page sends back that has shown it: another one for another file."""
        return stamp(self.uploaded_at.isoformat())


class StaffFileRow(models.Model):
    """One row of the preview of a staff list, in one of its groups: what it says, and the folded text by which it is found."""

    file = models.ForeignKey(StaffFile, models.CASCADE, related_name="rows", db_index=False)  # see Meta.indexes
    group = models.CharField("Gruppe", max_length=10)
    place = models.PositiveIntegerField("Platz")
    searched = models.TextField("gesucht wird in")
    said = models.JSONField("Angaben")

    class Meta:
        verbose_name = "Zeile einer Vorschau"
        verbose_name_plural = "Zeilen einer Vorschau"
        ordering = ["group", "place"]
        indexes = [models.Index(fields=["file", "group", "place"], name="rows_of_a_preview")]

    def __str__(self):
        return f"{self.group} {self.place}"


class ListShape(models.Model):
    """What the columns of staff lists with these headings are read as, as HR has said it last: for the next list of this shape.

    Of the list itself it holds the headings and the name of the sheet, and nobody's data.
    """

    fingerprint = models.CharField("Kennung der Überschriften", max_length=64, unique=True)
    headings = models.JSONField("Überschriften")
    sheet = models.CharField("Blatt", max_length=60, blank=True)
    keys = models.JSONField("Zuordnung")
    said_at = models.DateTimeField("zuletzt bestätigt am", default=timezone.now)

    class Meta:
        verbose_name = "gemerkte Zuordnung"
        verbose_name_plural = "gemerkte Zuordnungen"

    def __str__(self):
        return ", ".join(filter(None, self.headings))


class FurtherNumber(models.Model):
    """Another personnel number of somebody: of a further contract, whose rows in staff lists are left out as HR has said."""

    number = models.CharField("Personalnummer", max_length=20, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "weitere Personalnummer"
        verbose_name_plural = "weitere Personalnummern"

    def __str__(self):
        return f"{self.number} von {self.person}"


class StaffImport(models.Model):
    """That a staff list was taken over: when, by whom (nobody: at the command line), and how much it changed.

    ``difference`` is what it changed, for a workbook and to take it back; it names people and is deleted after 90 days. One that was
    given up half done never ``is_finished``, and tells what it has changed until then.
    """

    taken_over_at = models.DateTimeField("übernommen am", default=timezone.now)
    taken_over_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="von")
    name = models.CharField("Dateiname", max_length=200)
    new = models.PositiveIntegerField("neu", default=0)
    changed = models.PositiveIntegerField("geändert", default=0)
    left = models.PositiveIntegerField("ausgeschieden", default=0)
    units = models.PositiveIntegerField("Einheiten", default=0)
    is_finished = models.BooleanField("vollständig", default=False)
    taken_back_at = models.DateTimeField("zurückgenommen am", null=True)
    taken_back_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name="zurückgenommen von"
    )
    difference = models.BinaryField("Unterschied", null=True, editable=False)

    class Meta:
        verbose_name = "übernommene Personalliste"
        verbose_name_plural = "übernommene Personallisten"
        ordering = ["-taken_over_at", "-pk"]

    def __str__(self):
        return f"{self.name} vom {timezone.localdate(self.taken_over_at):%d.%m.%Y}"


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
