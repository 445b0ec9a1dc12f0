"""Who works here, where, for whom, and who is within reach of whom."""

from contextlib import contextmanager, nullcontext
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property

from kompetenz import hooks, text
from kompetenz.people import notices
from kompetenz.people.installation import directory
from kompetenz.people.names import LONGEST_KEY, fold, in_key, listed_as, number_and_unit, sort_key, with_number
from kompetenz.people.rights import AUDITS_NOBODY_ELSE, Hand, PersonRight, keeps_from_auditing

from .deputies import Deputy, is_led_by, may_deputise
from .right_changes import RightChange
from .units import Unit

SUGGESTED = 8  # people at once


# Of the others nobody has left yet; the condition of an index, so that those who have are found without looking at everybody.
MAY_HAVE_LEFT = Q(is_active=False) | Q(leaving_date__isnull=False)


def is_employed(at=""):
    """The condition on people who work here today; ``at`` leads to the person ("manager__")."""
    return Q(**{f"{at}is_active": True}) & ~Q(**{f"{at}leaving_date__lt": timezone.localdate()})


def is_found_by(typed, *more, at=""):
    """The condition on rows in whose stored key, or in one of ``more``, every word that was ``typed`` stands.

    ``more`` are lookups, or functions that make a condition of a word.

    ``at`` leads to the key. It is the same search wherever somebody is looked for, and on every database.
    """
    condition = Q()
    for word in text.words(typed):
        key = in_key(word)
        found = Q(**{f"{at}sort_key__contains": key}) if key else Q()
        condition &= reduce(or_, (one(fold(word)) if callable(one) else Q(**{one: fold(word)}) for one in more), found)
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

    def left(self):
        """People who do not work here any more. By those of an index, whatever else is asked of them, and in whatever order."""
        few = Person.objects.filter(MAY_HAVE_LEFT).order_by().values("pk")
        return self.filter(pk__in=few).exclude(is_employed())

    def with_rights(self):
        """People who have any right over others, whether they work here or not."""
        return self.filter(reduce(or_, (Q(**{right: True}) for right in PersonRight.values)))

    def awaiting_first_password(self):
        """See also Person.awaits_first_password."""
        waiting = self.employed().filter(last_login=None, is_staff=False).exclude(email=None)
        return waiting.filter(email__in=settings.LOCAL_ACCOUNTS) if directory() else waiting

    def of_managers_to_replace(self, until):
        """People whose manager does not work here or cannot sign in, or leaves ``until`` that day. By these managers: they are few."""
        leaving = Person.objects.filter(MAY_HAVE_LEFT).filter(Q(is_active=False) | Q(leaving_date__lte=until))
        lost = Person.objects.filter(Q(pk__in=leaving.order_by().values("pk")) | Q(email=None))
        return self.filter(manager__in=lost.order_by().values("pk"))

    def with_who_left(self):
        """With ``has_left``: whether they work here no more."""
        return self.annotate(has_left=Case(When(is_employed(), then=False), default=True))

    def with_reach(self):
        """People with ``manages`` and ``deputises``: whether they have people of their own, and act for somebody today."""
        theirs = Person.objects.employed().filter(manager=OuterRef("pk"))
        return self.annotate(
            manages=Exists(theirs), deputises=Exists(Deputy.objects.current().filter(person=OuterRef("pk")))
        )

    def of_manager(self, manager):
        """Those who work here and are this manager's own, not those for whom they deputise; see also led_by."""
        return self.employed().filter(manager=manager.pk)

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
    manages: bool | None = None  # whether they have people of their own, once that was asked (with_reach)
    deputises: bool | None = None  # whether they act for somebody today, in the same way

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
            models.Index(fields=["unit", "is_active", "leaving_date", "manager", "sort_key"], name="people_of_a_unit"),
            models.Index(fields=["sort_key"], name="people_of_hr_by_name", condition=Q(is_hr=True)),
            models.Index(
                fields=["sort_key", "is_active", "leaving_date"],
                name="people_who_may_have_left",
                condition=MAY_HAVE_LEFT,
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    @property
    def number_and_unit(self):
        """What tells namesakes apart, for HR; lists fetch the unit beforehand."""
        return number_and_unit(self.personnel_number, self.unit)

    @property
    def with_number(self):
        """The same in a line, without the unit: "Berg, Bo (0815)"."""
        return with_number(self.listed_as, self.personnel_number)

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
        """Whose number is this one but for zeros, case, blanks or an O for a 0, in a sentence; "" if nobody's, or it is an old one."""
        number = self.personnel_number
        if not number or Person.objects.filter(pk=self.pk, personnel_number=number).exists():
            return ""
        others = Person.objects.exclude(pk=self.pk).exclude(personnel_number__in=["", number])
        for pk, other in others.values_list("pk", "personnel_number"):
            if other and text.likeness_of_person(other) == text.likeness_of_person(number):
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
        if may_deputise(self) or self.manages is None:
            return Person.objects.employed().led_by(self).exists()
        return self.manages

    @classmethod
    def hr_as_such(cls):
        """A reader who is HR and nothing else: nobody's manager or deputy, and in no round."""
        reader = cls(pk=0, is_hr=True)
        reader.manages = reader.deputises = False
        return reader

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
