"""What people can do today: rounds, self and manager assessments, talks, the agreed Ist (paper 4.3.1)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from kompetenz.catalogue.models import Competency, Edition, Level, catalogue_of
from kompetenz.people.models import Person, Unit, may_deputise
from roles.models import Necessity, RoleProfile

NOT_A_BEURTEILUNG = "Personalentwicklung. Keine dienstliche Beurteilung."


class Progress(models.IntegerChoices):
    """How far one side has come with its assessment."""

    OPEN = 0, "noch nicht begonnen"
    STARTED = 1, "begonnen"
    RELEASED = 2, "freigegeben"


class TalkProgress(models.IntegerChoices):
    """How far the talk of a participation has come."""

    OPEN = 0, "noch nicht geführt"
    STARTED = 1, "begonnen"
    RECORDED = 2, "festgehalten"
    CONFIRMED = 3, "von beiden Seiten beantwortet"


class PlanProgress(models.IntegerChoices):
    """How far the learning plan of a participation has come."""

    NONE = 0, "noch keiner"
    DRAFT = 1, "Entwurf"
    AGREED = 2, "vereinbart"
    COMPLETED = 3, "abgeschlossen"


PLAN_PROGRESS_NAMES = dict(PlanProgress.choices)
PROGRESS_NAMES, TALK_PROGRESS_NAMES = dict(Progress.choices), dict(TalkProgress.choices)


class RoundQuerySet(models.QuerySet):
    def run_by(self, user):
        """Rounds are HR's: they plan, open, watch and close them."""
        return self if user.is_hr else self.none()

    def drafts_of(self, user):
        return self.run_by(user).filter(state=Round.State.DRAFT)

    def open(self):
        return self.filter(state=Round.State.OPEN)

    def not_closed(self):
        return self.exclude(state=Round.State.CLOSED)

    def with_counts(self):
        """With ``participants`` and ``talks_recorded`` for the list of rounds."""
        recorded = Q(participations__talk_state__gte=TalkProgress.RECORDED)
        return self.annotate(
            participants=models.Count("participations"), talks_recorded=models.Count("participations", filter=recorded)
        ).order_by("-self_due", "-pk")


class Round(models.Model):
    """One turn of the development cycle for a group of people.

    Opening it freezes the catalogue's words, and for every participant their Soll, role and
    manager. What changes later is decided and recorded for each participation: deadlines, a
    hand-over to another manager, a changed Soll, a late entry. A closed round changes no more.
    Deadlines are days in Europe/Berlin, the day itself included; those of the round are what a
    participation starts with.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "in Vorbereitung"
        OPEN = "open", "läuft"
        CLOSED = "closed", "beendet"

    class Disclosure(models.TextChoices):
        BOTH = "both", "wenn beide Seiten freigegeben haben"
        EACH = "each", "jede Einschätzung, sobald sie freigegeben ist"
        TALK = "talk", "erst im Gespräch"

    title = models.CharField("Titel", max_length=120)
    purpose = models.TextField(
        "Zweck",
        max_length=2000,
        help_text="Diesen Text lesen alle, die teilnehmen: wozu die Runde dient und wozu nicht.",
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    units = models.ManyToManyField(
        Unit, related_name="+", blank=True, verbose_name="Organisationseinheiten", help_text="Ohne Auswahl: alle."
    )
    profiles = models.ManyToManyField(
        RoleProfile, related_name="+", blank=True, verbose_name="Rollen", help_text="Ohne Auswahl: alle."
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
        "Person und Führungskraft sehen die Einschätzung der anderen Seite",
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
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def catalogue(self):
        """The competencies with the words this round opened with; None before it is opened."""
        return self.edition_id and catalogue_of(self.edition_id)


def managed(user, at=""):
    """The condition on participations in which ``user`` is the Führungskraft, or deputises for them.

    The Führungskraft is the one of the participation, and only as long as they still are the
    person's: access ends the day the relation ends. ``at`` leads to the participation ("participation__").
    """
    if may_deputise(user):
        own = {f"{at}manager": F(f"{at}person__manager"), f"{at}person__in": Person.objects.led_by(user)}
    else:
        own = {f"{at}manager": user.pk, f"{at}person__manager": user.pk}
    return Q(**own)


def shared(user):
    """The condition on participations whose content is ``user``'s concern: the person's and the manager's.

    See also Participation.is_shared_with.
    """
    return Q(person=user.pk) | managed(user)


class ParticipationQuerySet(models.QuerySet):
    def shared_with(self, user):
        """Participations whose content is this person's or their manager's concern, see ``shared``.

        What of the content may be seen yet is for AssessmentQuerySet.visible_to and Participation.shows_target_to.
        """
        return self.filter(shared(user))

    def managed_by(self, user):
        """Participations in which ``user`` gives the Fremdeinschätzung."""
        return self.filter(managed(user))

    def visible_to(self, user):
        """Participations whose comparison ``user`` may open.

        HR is let in only if the round shows levels to HR, and then only to what is disclosed.
        """
        visible = shared(user)
        if user.is_hr:
            visible |= Q(
                round__shows_levels_to_hr=True, self_state=Progress.RELEASED, manager_state=Progress.RELEASED
            ) & (~Q(round__disclosure=Round.Disclosure.TALK) | Q(talk_state__gte=TalkProgress.RECORDED))
        return self.filter(visible)

    def watched_by(self, user):
        """Participations whose state, never whose levels, ``user`` follows: all, for HR."""
        return self.filter(round__in=Round.objects.run_by(user)) if user.is_hr else self.none()

    def for_team_page(self):
        """With the manager's assessment as ``manager_assessment_id``, running rounds before ended ones."""
        assessment = Assessment.objects.filter(participation=OuterRef("pk"), kind=Assessment.Kind.MANAGER)
        return (
            self.select_related("round")
            .annotate(manager_assessment_id=Subquery(assessment.values("pk")[:1]))
            .order_by(F("round__closed_at").desc(nulls_first=True), "-round", "sort_key", "pk")
        )

    def of_papers_for(self, user):
        """Participations whose Selbsteinschätzung ``user`` may be handed on paper: for HR all, for a manager their people's.

        When it may be typed in is for on_behalf.obstacle.
        """
        reach = managed(user) | Q(round__in=Round.objects.run_by(user))
        return self.filter(reach).exclude(person=user.pk)

    def ready_for_talk(self):
        return self.filter(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)


class Participation(models.Model):
    """One person's part in a round, with role, unit, manager and names as they were on the day of entry.

    ``self_state``, ``manager_state``, ``talk_state`` and ``plan_state`` repeat what the assessments,
    the talk and the learning plan say, written in the same transaction, so that a round of thousands
    is counted from one index. The deadlines are this person's own. While a participation rests
    (``paused_on``) nothing is asked, nobody is reminded and nothing is late; why is nowhere stored.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="participations", db_index=False)  # see Meta.indexes
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    manager = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="+")
    person_name = models.CharField("Person", max_length=170)
    sort_key = models.CharField(max_length=170)
    role_name = models.CharField("Rolle", max_length=80)
    unit_name = models.CharField("Organisationseinheit", max_length=150, blank=True)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+")
    manager_name = models.CharField("Führungskraft", max_length=170)
    admitted_on = models.DateField("dabei seit", default=timezone.localdate)
    self_due = models.DateField("Selbsteinschätzung bis")
    manager_due = models.DateField("Fremdeinschätzung bis")
    talk_due = models.DateField("Gespräch bis")
    plan_due = models.DateField("Lernplan bis", null=True)
    paused_on = models.DateField("ruht seit", null=True)
    talk_at = models.DateTimeField("Termin des Gesprächs", null=True)
    talk_place = models.CharField("Ort des Gesprächs", max_length=120, blank=True)
    self_state = models.PositiveSmallIntegerField(choices=Progress.choices, default=Progress.OPEN)
    manager_state = models.PositiveSmallIntegerField(choices=Progress.choices, default=Progress.OPEN)
    talk_state = models.PositiveSmallIntegerField(choices=TalkProgress.choices, default=TalkProgress.OPEN)
    plan_state = models.PositiveSmallIntegerField(choices=PlanProgress.choices, default=PlanProgress.NONE)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="one_participation_per_person_and_round"),
            models.CheckConstraint(
                condition=Q(talk_state=TalkProgress.OPEN)
                | Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED),
                name="a_talk_needs_both_assessments",
            ),
        ]
        indexes = [
            models.Index(
                fields=[
                    "round",
                    "paused_on",
                    "self_state",
                    "manager_state",
                    "talk_state",
                    "plan_state",
                    "self_due",
                    "manager_due",
                    "talk_due",
                    "plan_due",
                ],
                name="participation_states",
            ),
            models.Index(fields=["round", "sort_key"], name="participation_listing"),
            models.Index(fields=["round", "person", "manager"], name="participation_managers"),
        ]

    def __str__(self):
        return f"{self.person_name} in {self.round}"

    def get_absolute_url(self):
        return reverse("assessments:participation", args=[self.pk])

    @property
    def state_names(self):
        """Self, manager, talk and plan state in words; looked up plainly, for lists ask it fifty times."""
        return (
            PROGRESS_NAMES[self.self_state],
            PROGRESS_NAMES[self.manager_state],
            TALK_PROGRESS_NAMES[self.talk_state],
            PLAN_PROGRESS_NAMES[self.plan_state],
        )

    @property
    def both_released(self):
        return self.self_state == Progress.RELEASED and self.manager_state == Progress.RELEASED

    @property
    def rests(self):
        return self.paused_on is not None

    def is_shared_with(self, user):
        """Whether ``user`` is the person or acts as their manager; see also ParticipationQuerySet.shared_with."""
        return user.pk == self.person_id or self.is_managed_by(user)

    def is_managed_by(self, user):
        """Whether ``user`` is the manager of this participation, or deputises for them; for deputies one query."""
        if user.pk == self.person_id:
            return False
        if user.pk == self.manager_id == self.person.manager_id:
            return True
        return type(self).objects.managed_by(user).filter(pk=self.pk).exists()

    def shows_target_to(self, user):
        """Whether ``user`` may see the Soll already: the person perhaps only after releasing."""
        waits = self.round.hides_target and self.self_state != Progress.RELEASED
        return not (waits and user.pk == self.person_id)


class Target(models.Model):
    """The Soll of one person for one competency, frozen when the round opened; levels are 0-3.

    ``profile_level`` is what the role profile asked then. ``level`` is what holds: the same,
    unless the manager has adjusted it, with a reason, before the self-assessment was released.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="targets")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    profile_level = models.PositiveSmallIntegerField("Stufe im Rollenprofil", choices=Level.choices)
    level = models.PositiveSmallIntegerField("Soll", choices=Level.choices)
    necessity = models.CharField("Gewicht", max_length=10, choices=Necessity.choices)
    reason = models.CharField("Begründung", max_length=300, blank=True)
    adjusted_on = models.DateField("angepasst am", null=True)

    class Meta:
        verbose_name = "Soll"
        verbose_name_plural = "Soll"
        constraints = [
            models.UniqueConstraint(fields=["participation", "competency"], name="one_target_per_competency"),
            models.CheckConstraint(
                condition=Q(level=F("profile_level")) | ~Q(reason=""), name="an_adjusted_target_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(level__range=(0, 3), profile_level__range=(0, 3)), name="target_level_0_to_3"
            ),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"

    @property
    def is_adjusted(self):
        return self.level != self.profile_level


class AssessmentQuerySet(models.QuerySet):
    def by_rater(self, user):
        """Assessments ``user`` gives: their own, as manager or deputy for their people, as a colleague who was asked.

        What a former manager had released before the hand-over is not the new one's to open or to take
        back: they read it with everybody else, once it is disclosed.
        """
        kinds = Assessment.Kind
        present = Q(of_former_manager=False) | Q(rater=F("participation__manager")) | Q(rater=user.pk)
        return self.filter(
            Q(kind=kinds.SELF, participation__person=user.pk)
            | Q(managed(user, at="participation__"), present, kind=kinds.MANAGER)
            | Q(kind=kinds.PEER, rater=user.pk)
        )

    def visible_to(self, user):
        """Assessments whose content ``user`` may read: their own, and the other side's once disclosed."""
        both = Q(participation__self_state=Progress.RELEASED, participation__manager_state=Progress.RELEASED)
        disclosed = Q(participation__round__disclosure=Round.Disclosure.EACH, released_at__isnull=False) | both & (
            ~Q(participation__round__disclosure=Round.Disclosure.TALK)
            | Q(participation__talk_state__gte=TalkProgress.STARTED)
        )
        others = self.filter(
            disclosed, kind__in=Assessment.SIDES, participation__in=Participation.objects.visible_to(user)
        )
        return self.filter(Q(pk__in=self.by_rater(user).values("pk")) | Q(pk__in=others.values("pk")))

    def editable_by(self, user):
        """Drafts of an open round are changed by their rater alone; a released one by nobody.

        What colleagues say is taken until the round's deadline for it, its last day included.
        """
        in_time = ~Q(kind=Assessment.Kind.PEER) | Q(participation__round__peer_due__gte=timezone.localdate())
        return self.by_rater(user).filter(in_time, released_at=None, participation__round__state=Round.State.OPEN)

    def asked_of(self, user):
        """What ``user`` can answer as a colleague now: not of somebody who rests, nor of those they manage or deputise for."""
        led = Participation.objects.managed_by(user)
        return (
            self.editable_by(user)
            .filter(kind=Assessment.Kind.PEER, participation__paused_on=None)
            .exclude(participation__in=led)
        )

    def awaiting_confirmation_by(self, user):
        """The user's own Selbsteinschätzungen of open rounds that somebody typed in and they have not confirmed."""
        return self.filter(
            kind=Assessment.Kind.SELF,
            participation__person=user.pk,
            participation__round__state=Round.State.OPEN,
            released_at__isnull=False,
            entered_on__isnull=False,
            confirmed_on=None,
        )

    def returnable_by(self, user):
        """Released assessments their rater may still take back: until the other side has released."""
        other = Assessment.objects.filter(participation=OuterRef("participation"), released_at__isnull=False)
        return self.by_rater(user).filter(
            ~Exists(other.exclude(pk=OuterRef("pk"))),
            kind__in=Assessment.SIDES,
            released_at__isnull=False,
            participation__round__state=Round.State.OPEN,
        )


class Assessment(models.Model):
    """Somebody's view of one participant's competencies: their own, the manager's, or a colleague's.

    A draft is its rater's alone. Once released it does not change, unless its rater takes the
    release back before the other side has released too. A colleague's is counted and deleted the
    moment it is released (PeerTally). A draft the former manager has left at a hand-over is FORMER:
    nobody reads it, and it counts again only if the same manager comes back. What they had released
    stays and is ``of_former_manager``. A Selbsteinschätzung written on paper
    is ``entered_on`` the day somebody typed it in for the person, who may confirm it; taking it back ends both.
    """

    class Kind(models.TextChoices):
        SELF = "self", "Selbsteinschätzung"
        MANAGER = "manager", "Fremdeinschätzung"
        PEER = "peer", "Einschätzung aus dem Kollegium"
        FORMER = "former", "abgelöste Fremdeinschätzung"

    SIDES = (Kind.SELF, Kind.MANAGER)  # the two that are compared and talked about

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="assessments")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    rater = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField("freigegeben am", null=True)
    of_former_manager = models.BooleanField("vor einer Übergabe freigegeben", default=False)
    entered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_on = models.DateField("vom Papier eingetragen am", null=True, blank=True)
    confirmed_on = models.DateField("von der Person bestätigt am", null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "Einschätzung"
        verbose_name_plural = "Einschätzungen"
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "kind"],
                condition=Q(kind__in=["self", "manager"]),
                name="one_assessment_per_side",
            ),
            models.UniqueConstraint(fields=["participation", "kind", "rater"], name="one_assessment_per_rater"),
            models.CheckConstraint(
                condition=Q(entered_on=None, confirmed_on=None) | Q(entered_on__isnull=False, kind="self"),
                name="only_what_was_on_paper_is_entered_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(of_former_manager=False) | Q(kind="manager", released_at__isnull=False),
                name="only_what_was_released_is_of_a_former_manager",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} für {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("assessments:assessment", args=[self.pk])

    @property
    def is_self(self):
        return self.kind == self.Kind.SELF

    @property
    def rates_another(self):
        """Whether the rater looks at somebody else, and so may say that they cannot judge."""
        return not self.is_self

    @property
    def due(self):
        """The last day to release without being late; for a colleague's it is the last day at all."""
        if self.kind == self.Kind.PEER:
            return self.participation.round.peer_due
        return self.participation.self_due if self.is_self else self.participation.manager_due

    def levels(self):
        """The answers as ``{competency id: level 0-3, or None for "kann ich nicht beurteilen"}``; one query."""
        return dict(self.ratings.values_list("competency", "level"))

    def remark_texts(self):
        """The remarks as ``{competency id: text}``; one query."""
        return dict(self.remarks.values_list("competency", "text"))


class Rating(models.Model):
    """One answer: level 0-3, or None for "kann ich nicht beurteilen". Not yet answered is no row."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("Stufe", choices=Level.choices, null=True)

    class Meta:
        verbose_name = "Einstufung"
        verbose_name_plural = "Einstufungen"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "competency"], name="one_rating_per_competency"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 3)), name="rating_level_0_to_3"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"


class Remark(models.Model):
    """What a rater adds to one competency in their own words; it may come before the rating."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="remarks")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    text = models.CharField("Bemerkung", max_length=600)

    class Meta:
        verbose_name = "Bemerkung"
        verbose_name_plural = "Bemerkungen"
        constraints = [models.UniqueConstraint(fields=["assessment", "competency"], name="one_remark_per_competency")]

    def __str__(self):
        return self.text


class StockTakingQuerySet(models.QuerySet):
    def readable_by(self, user):
        """The user's own, and what those they lead have shared with them."""
        own = Q(participation__person=user.pk)
        return self.filter(own | Q(shared_at__isnull=False, participation__in=Participation.objects.managed_by(user)))


class StockTaking(models.Model):
    """The person's answers to the five questions of the Bestandsaufnahme (paper 4.3.1); theirs alone until shared.

    ``hours_per_month`` (working hours) and ``budget`` (euros) are what they think possible; None is no answer.
    It changes while the round is open and is kept for later reviews.
    """

    QUESTIONS = ["tasks", "existing", "hidden", "to_build", "conditions"]

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="stock_taking")
    tasks = models.TextField("Aufgaben heute", max_length=2000, blank=True)
    existing = models.TextField("Was ich daraus schon kann", max_length=2000, blank=True)
    hidden = models.TextField("Was ich kann und kaum einsetze", max_length=2000, blank=True)
    to_build = models.TextField("Was ich ausbauen möchte", max_length=2000, blank=True)
    conditions = models.TextField("Was es dafür braucht", max_length=2000, blank=True)
    hours_per_month = models.DecimalField(
        "Zeit zum Lernen in Stunden je Monat",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    budget = models.DecimalField(
        "Budget in Euro", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    shared_at = models.DateTimeField("geteilt am", null=True, editable=False)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = StockTakingQuerySet.as_manager()

    class Meta:
        verbose_name = "Bestandsaufnahme"
        verbose_name_plural = "Bestandsaufnahmen"

    def __str__(self):
        return f"Bestandsaufnahme von {self.participation.person_name}"


class TalkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def editable_by(self, user):
        """The manager keeps the record until it is put before both for confirmation."""
        managed = Participation.objects.managed_by(user).ready_for_talk()
        return self.filter(participation__in=managed, participation__round__state=Round.State.OPEN, recorded_at=None)


class Talk(models.Model):
    """The Gespräch in which person and manager agree the Ist (paper 4.3.1).

    The manager keeps the record. Once recorded its levels stand still, and each side confirms
    having taken note, which is not agreement, or declines with a statement. A record that either
    side has answered never changes.
    """

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="talk")
    held_on = models.DateField("Datum", null=True, blank=True)
    place = models.CharField("Ort", max_length=120, blank=True)
    attendees = models.CharField("weitere Beteiligte", max_length=300, blank=True)
    person_statement = models.TextField("eigene Stellungnahme", max_length=2000, blank=True)
    recorded_at = models.DateTimeField("festgehalten am", null=True, editable=False)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = "Gespräch"
        verbose_name_plural = "Gespräche"
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at=None) | Q(held_on__isnull=False), name="a_recorded_talk_has_its_date"
            )
        ]

    def __str__(self):
        return f"Gespräch mit {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("assessments:talk", args=[self.participation_id])

    def levels(self):
        """The agreed Ist so far as ``{competency id: level 0-3}``; costs one query."""
        return dict(self.agreed_levels.exclude(level=None).values_list("competency", "level"))


class AgreedLevel(models.Model):
    """The Ist of one competency as agreed in the talk, 0-3, with a reason where one was given.

    None while only the reason is written; a recorded talk has a level for every competency.
    """

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="agreed_levels")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("vereinbartes Ist", choices=Level.choices, null=True)
    reason = models.CharField("Begründung", max_length=300, blank=True)

    class Meta:
        verbose_name = "vereinbarte Stufe"
        verbose_name_plural = "vereinbarte Stufen"
        constraints = [
            models.UniqueConstraint(fields=["talk", "competency"], name="one_agreed_level_per_competency"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 3)), name="agreed_level_0_to_3"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.level}"


class Acknowledgement(models.Model):
    """One side's answer to the record of a talk: taken note of, or declined with a statement."""

    class Side(models.TextChoices):
        PERSON = "person", "Person"
        MANAGER = "manager", "Führungskraft"

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="acknowledgements")
    side = models.CharField("Seite", max_length=10, choices=Side.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    declined = models.BooleanField("abgelehnt", default=False)
    statement = models.TextField("Stellungnahme", max_length=2000, blank=True)
    at = models.DateTimeField("am", default=timezone.now)

    class Meta:
        verbose_name = "Kenntnisnahme"
        verbose_name_plural = "Kenntnisnahmen"
        constraints = [
            models.UniqueConstraint(fields=["talk", "side"], name="one_acknowledgement_per_side"),
            models.CheckConstraint(condition=Q(declined=False) | ~Q(statement=""), name="a_refusal_has_a_statement"),
        ]

    def __str__(self):
        return f"{self.get_side_display()}: {'abgelehnt' if self.declined else 'zur Kenntnis genommen'}"


class HandOver(models.Model):
    """A participation passed on to another manager in a running round; shown to the person."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="hand_overs")
    from_name = models.CharField("bisherige Führungskraft", max_length=170)
    to_name = models.CharField("neue Führungskraft", max_length=170)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)

    class Meta:
        verbose_name = "Übergabe"
        verbose_name_plural = "Übergaben"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.from_name} an {self.to_name}"


class TargetChange(models.Model):
    """A decision on one competency whose Soll has changed since the participation's start; levels 0-3.

    The role profile was changed, or the person has another role (``profile``). Either the new level
    was taken over, or it was declined and the old one holds. A decision is never changed: another
    one may follow. A level is None where the role asks nothing of the competency.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="target_changes")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.PROTECT, related_name="+")
    old_level = models.PositiveSmallIntegerField("bisher", choices=Level.choices, null=True)
    new_level = models.PositiveSmallIntegerField("neu", choices=Level.choices, null=True)
    taken_over = models.BooleanField("übernommen")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    on = models.DateField("am", default=timezone.localdate)

    class Meta:
        verbose_name = "Änderung des Solls"
        verbose_name_plural = "Änderungen des Solls"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.competency_id}: {self.old_level} → {self.new_level}"


class PeerNomination(models.Model):
    """A colleague whom the person has asked for their view; known to these two and to nobody else.

    Says only whether they have answered: neither when, nor what.
    """

    MOST = 8  # colleagues a person may ask

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="peer_nominations")
    peer = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Kollegin oder Kollege")
    answered = models.BooleanField("hat geantwortet", default=False)
    declined = models.BooleanField("möchte nicht", default=False)

    class Meta:
        verbose_name = "Bitte um eine Einschätzung"
        verbose_name_plural = "Bitten um eine Einschätzung"
        constraints = [
            models.UniqueConstraint(fields=["participation", "peer"], name="one_nomination_per_colleague"),
            models.CheckConstraint(condition=~Q(answered=True, declined=True), name="no_answer_from_who_declined"),
        ]

    def __str__(self):
        return str(self.peer)


class PeerTally(models.Model):
    """How many colleagues have given one competency one level, 0-3; nothing leads from here to who did.

    "Kann ich nicht beurteilen" is not counted at all.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="peer_tallies")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("Stufe", choices=Level.choices)
    count = models.PositiveSmallIntegerField("Anzahl", default=0)

    class Meta:
        verbose_name = "Auszählung aus dem Kollegium"
        verbose_name_plural = "Auszählungen aus dem Kollegium"
        constraints = [
            models.UniqueConstraint(fields=["participation", "competency", "level"], name="one_tally_per_level"),
            models.CheckConstraint(condition=Q(level__range=(0, 3)), name="tally_level_0_to_3"),
        ]

    def __str__(self):
        return f"{self.competency_id}: {self.count} mal {self.level}"
