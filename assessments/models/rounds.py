"""A round: what HR sets before it opens, and what then stands (paper 4.3.1)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from kompetenz.catalogue.models import Edition, catalogue_of
from kompetenz.people.models import Person, Unit
from kompetenz.prepared import prepared
from roles.models import RoleProfile


class RoundQuerySet(models.QuerySet):
    def run_by(self, user):
        """Rounds are HR's: they plan, open, watch and close them."""
        return self if user.is_hr else self.none()

    def audited_by(self, user):
        """Those whose settings ``user`` checks: all from the first day, for auditors."""
        return self if user.is_auditor else self.none()

    def drafts_of(self, user):
        return self.run_by(user).filter(state=Round.State.DRAFT)

    def open(self):
        return self.filter(state=Round.State.OPEN)

    def under_way(self):
        """Open, or being opened."""
        return self.filter(state__in=[Round.State.OPENING, Round.State.OPEN])

    def opened(self):
        """Open, or ended."""
        return self.filter(state__in=[Round.State.OPEN, Round.State.CLOSED])

    def settled(self):
        """Those in which nothing is half done: prepared, open or ended, but not being opened."""
        return self.exclude(state=Round.State.OPENING)

    def not_closed(self):
        return self.exclude(state=Round.State.CLOSED)


class Round(models.Model):
    """One turn of the development cycle for a group of people.

    Opening it freezes the catalogue's words, and for every participant their Soll, role and manager. What changes later is
    decided and recorded for each participation: deadlines, a hand-over to another manager, a changed Soll, a late entry. A
    closed round changes no more. Deadlines are days in Europe/Berlin, the day itself included; those of the round are what a
    participation starts with. What entries in calendars say is the round's, too; changed while it runs, it says since when.
    While a round of many is being opened, nobody is in it yet: it opens for all at one moment.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "in Vorbereitung"
        OPENING = "opening", "wird eröffnet"
        OPEN = "open", "läuft"
        CLOSED = "closed", "beendet"

    class Disclosure(models.TextChoices):
        BOTH = "both", "wenn Person und Führungskraft freigegeben haben"
        EACH = "each", "jede Einschätzung, sobald sie freigegeben ist"
        TALK = "talk", "erst im Gespräch"

    class CalendarTells(models.TextChoices):
        DATE = "date", "nur „Termin“ oder „Frist“"
        PEOPLE = "people", "mit wem das Gespräch ist, wofür die Frist und welche Runde"
        MEASURES = "measures", "mit wem das Gespräch ist, wofür die Frist, welche Runde und wie die Maßnahmen heißen"

    title = models.CharField("Titel", max_length=120)
    purpose = models.TextField(
        "Zweck",
        max_length=2000,
        help_text="Diesen Text lesen alle, die teilnehmen: wozu die Runde dient und wozu nicht.",
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    units = models.ManyToManyField(
        Unit,
        through="UnitOfRound",
        related_name="+",
        blank=True,
        verbose_name="Organisationseinheiten",
        help_text="Ohne Auswahl: alle.",
    )
    profiles = models.ManyToManyField(
        RoleProfile,
        through="ProfileOfRound",
        related_name="+",
        blank=True,
        verbose_name="Rollen",
        help_text="Ohne Auswahl: alle.",
    )
    people = models.ManyToManyField(
        Person, related_name="+", blank=True, verbose_name="nur diese Personen", help_text="Ohne Angabe: alle."
    )
    procedure = models.TextField(
        "Ablauf",
        max_length=2000,
        blank=True,
        help_text="Zum Beispiel Termine für Fragen, oder wo es Hilfe beim Ausfüllen gibt.",
    )
    is_voluntary = models.BooleanField(
        "Die Teilnahme ist freiwillig", default=True, help_text="So steht es im Text, den alle Beteiligten lesen."
    )
    responsible = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Ansprechperson"
    )
    self_due = models.DateField("Selbsteinschätzung bis")
    manager_due = models.DateField("Fremdeinschätzung bis")
    talk_due = models.DateField("Gespräch bis")
    plan_due = models.DateField("Lernplan bis", null=True, blank=True)
    disclosure = models.CharField(
        "Person und Führungskraft sehen die Einschätzung voneinander",
        max_length=5,
        choices=Disclosure.choices,
        default=Disclosure.BOTH,
    )
    hides_target = models.BooleanField(
        "Soll verbergen, bis die Selbsteinschätzung freigegeben ist",
        default=True,
        help_text="So schätzt sich jede Person unabhängig von den Erwartungen ein.",
    )
    shows_levels_to_hr = models.BooleanField(
        "Personalentwicklung sieht einzelne Stufen",
        default=False,
        help_text="Nur wenn die Dienstvereinbarung es erlaubt. Sonst sieht sie den Stand, Maßnahmen und Termine.",
    )
    has_peers = models.BooleanField(
        "Einschätzungen aus dem Kollegium",
        default=False,
        help_text="Jede Person darf Kolleginnen und Kollegen um eine Einschätzung bitten. Nur sie weiß, wen.",
    )
    peer_due = models.DateField("Kollegium bis", null=True, blank=True)
    calendar_tells = models.CharField(
        "Einträge im Kalender nennen",
        max_length=8,
        choices=CalendarTells.choices,
        default=CalendarTells.PEOPLE,
        help_text="Alle Einträge sind als privat gekennzeichnet. Stufen und Ziele stehen nie darin.",
    )
    calendar_changed_on = models.DateField("Kalender geändert am", null=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, editable=False, related_name="+")
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    opened_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    opened_at = models.DateTimeField("eröffnet am", null=True, editable=False)
    closed_at = models.DateTimeField("beendet am", null=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "Runde"
        verbose_name_plural = "Runden"
        ordering = ["-self_due", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(talk_due__gte=F("self_due")) & Q(talk_due__gte=F("manager_due")),
                name="talk_after_assessments",
            ),
            models.CheckConstraint(condition=Q(plan_due=None) | Q(plan_due__gte=F("talk_due")), name="plan_after_talk"),
            models.CheckConstraint(
                condition=Q(has_peers=False) | Q(peer_due__isnull=False), name="peers_have_a_deadline"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(edition__isnull=False, opened_at__isnull=False),
                name="an_opened_round_has_its_catalogue",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="a_closed_round_says_since_when"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assessments:round", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_under_way(self):
        return self.is_open or self.is_opening

    @property
    def is_opening(self):
        return self.state == self.State.OPENING

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def calendar_names_people(self):
        return self.calendar_tells != self.CalendarTells.DATE

    @property
    def calendar_names_measures(self):
        return self.calendar_tells == self.CalendarTells.MEASURES

    @property
    def catalogue(self):
        """The competencies with the words this round opened with; None before it is opened."""
        return self.edition_id and catalogue_of(self.edition_id)


class UnitOfRound(models.Model):
    """A unit that a round addresses. It cannot be deleted: without its last one a round would address everybody."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        db_table = "assessments_round_units"
        verbose_name = "Organisationseinheit einer Runde"
        verbose_name_plural = "Organisationseinheiten von Runden"
        unique_together = [("round", "unit")]

    def __str__(self):
        return f"{self.unit} in {self.round}"


class ProfileOfRound(models.Model):
    """A role that a round addresses. It cannot be deleted: without its last one a round would address every role."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="+", db_column="roleprofile_id")

    class Meta:
        db_table = "assessments_round_profiles"
        verbose_name = "Rolle einer Runde"
        verbose_name_plural = "Rollen von Runden"
        unique_together = [("round", "profile")]

    def __str__(self):
        return f"{self.profile} in {self.round}"


@prepared
def state_of(round_):
    return Round.objects.filter(pk=round_).values_list("state")


def as_it_is_now(row):
    """``row``, a locked participation, with what has become of its round: joined to a row that one had to wait for, it is as it was before.

    Whoever ends a round waits for all who hold one of its participations (rounds/closing.py); who asks here after that, finds it
    ended. One query.
    """
    ((row.round.state,),) = state_of(row.round_id)
    return row
