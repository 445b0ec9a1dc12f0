"""From the gaps to the Lernplan: goals, measures and reviews (paper, chapter 4.2 and 4.3)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from kompetenz.catalogue.models import Category, Competency, KeyManager, Level
from kompetenz.people.models import Person


class LearningFormat(models.Model):
    """A way to build a competency (paper 4.2): on or off the job, and how one learns in it (4.1)."""

    class Job(models.TextChoices):
        ON = "on", "on the job"
        OFF = "off", "off the job"
        BOTH = "both", "on oder off the job"

    class LearningForm(models.TextChoices):
        CHALLENGE = "challenge", "Lernen aus Herausforderungen"
        INTERACTION = "interaction", "Lernen aus Interaktion"
        CLASSIC = "classic", "klassische Weiterbildung"

    key = models.SlugField("Schlüssel", unique=True)
    name = models.CharField("Name", max_length=80)
    description = models.TextField("Beschreibung", max_length=600)
    job = models.CharField("Bezug zur Arbeit", max_length=5, choices=Job.choices)
    learning_form = models.CharField("Lernform", max_length=12, choices=LearningForm.choices)
    suits = models.ManyToManyField(Category, related_name="+", verbose_name="geeignet für")
    order = models.PositiveSmallIntegerField("Reihenfolge", unique=True)

    objects = KeyManager()

    class Meta:
        verbose_name = "Lernformat"
        verbose_name_plural = "Lernformate"
        ordering = ["order"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)

    natural_key.dependencies = ["catalogue.category"]


class LearningPlanQuerySet(models.QuerySet):
    def shared_with(self, user):
        """Plans ``user`` reads in full: their own and those of the people they manage."""
        return self.filter(participation__in=Participation.objects.shared_with(user))

    def visible_to(self, user):
        """Plans ``user`` may open: in full, or for HR the measures and dates once agreed."""
        shared = Q(participation__in=Participation.objects.shared_with(user))
        if user.is_hr:
            shared |= ~Q(state=LearningPlan.State.DRAFT)
        return self.filter(shared)

    def in_full_for(self, user):
        """Plans ``user`` reads with goals and levels; HR where the round shows it levels, and never a draft."""
        shared = Q(participation__in=Participation.objects.shared_with(user))
        if user.is_hr:
            shared |= Q(participation__round__shows_levels_to_hr=True) & ~Q(state=LearningPlan.State.DRAFT)
        return self.filter(shared)

    def editable_by(self, user):
        """A draft is made by the person and their manager together; an agreed plan stands."""
        return self.shared_with(user).filter(state=LearningPlan.State.DRAFT)

    def pursued_by(self, user):
        """Plans not completed yet: their reviews and the state of their measures still change."""
        return self.shared_with(user).exclude(state=LearningPlan.State.COMPLETED)

    def agreed(self):
        return self.filter(state=LearningPlan.State.AGREED)

    def with_participation(self):
        """Plans with what their pages say about person, role and round."""
        return self.select_related("participation__round", "participation__person")


class LearningPlan(models.Model):
    """The Lernplan of one participation: few goals, the measures for them and the dates to look back.

    Drafted by the person and their manager; agreed when both have said so, and only with a measure
    for every goal and at least one review date; a draft again if either side asks for it before the
    first review is held; completed by the final review and by nothing else.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        AGREED = "agreed", "vereinbart"
        COMPLETED = "completed", "abgeschlossen"

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="+")
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.DRAFT)
    agreed_by_person_on = models.DateField("von der Person vereinbart am", null=True, blank=True)
    agreed_by_manager_on = models.DateField("von der Führungskraft vereinbart am", null=True, blank=True)
    completed_on = models.DateField("abgeschlossen am", null=True, blank=True)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = LearningPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "Lernplan"
        verbose_name_plural = "Lernpläne"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(agreed_by_person_on__isnull=False, agreed_by_manager_on__isnull=False),
                name="an_agreed_plan_is_agreed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_on__isnull=False), name="a_completed_plan_says_since_when"
            ),
        ]

    def __str__(self):
        return f"Lernplan von {self.participation.person_name}"

    def get_absolute_url(self):
        return reverse("learningplans:detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_agreed(self):
        return self.state == self.State.AGREED

    def agreed_on_by(self, user):
        """The day ``user``, being the person or else their manager, agreed to this plan; None if they have not."""
        return self.agreed_by_person_on if user.pk == self.participation.person_id else self.agreed_by_manager_on

    @property
    def agreed_names(self):
        """Who has agreed so far, by the names the round was opened with."""
        sides = {
            self.participation.person_name: self.agreed_by_person_on,
            self.participation.manager_name: self.agreed_by_manager_on,
        }
        return [name for name, agreed_on in sides.items() if agreed_on]


class Goal(models.Model):
    """One competency to raise from its agreed level to a higher one, put as the paper's SMART formula asks (4.3.1).

    A letter is complete when its text is written; ``due_on`` is the T. Levels are 0-3.
    """

    LETTERS = {
        "S – spezifisch": "specific",
        "M – messbar": "measurable",
        "A – anspruchsvoll": "ambitious",
        "R – realistisch": "realistic",
        "T – terminiert": "due_on",
    }

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="goals")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name="Kompetenz")
    from_level = models.PositiveSmallIntegerField("vereinbartes Ist", choices=Level.choices)
    to_level = models.PositiveSmallIntegerField("Zielstufe", choices=Level.choices)
    priority = models.PositiveSmallIntegerField("Rang", default=1)
    specific = models.TextField("Spezifisch", max_length=500, blank=True)
    measurable = models.TextField("Messbar", max_length=500, blank=True)
    ambitious = models.TextField("Anspruchsvoll", max_length=500, blank=True)
    realistic = models.TextField("Realistisch", max_length=500, blank=True)
    due_on = models.DateField("Terminiert", null=True, blank=True)

    class Meta:
        verbose_name = "Ziel"
        verbose_name_plural = "Ziele"
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "competency"], name="one_goal_per_competency_and_plan"),
            models.CheckConstraint(
                condition=Q(from_level__gte=0, to_level__lte=3, to_level__gt=models.F("from_level")),
                name="a_goal_leads_upwards",
            ),
        ]

    def __str__(self):
        return f"{self.competency}: {self.get_from_level_display()} bis {self.get_to_level_display()}"

    @property
    def open_letters(self):
        """The letters of SMART that nobody has answered yet, in order."""
        return [name[0] for name, field in self.LETTERS.items() if not getattr(self, field)]

    @property
    def answers(self):
        """The letters S, M, A and R with what was written to them; the T is a date."""
        return [(name, getattr(self, field)) for name, field in self.LETTERS.items() if field != "due_on"]


class Measure(models.Model):
    """Something the person does for one or more goals, in one of the learning formats.

    ``hours`` is working time, ``cost`` is euros; unknown is None and not 0.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "geplant"
        DONE = "done", "durchgeführt"
        DROPPED = "dropped", "entfallen"

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="measures")
    goals = models.ManyToManyField(Goal, related_name="measures", verbose_name="für die Ziele")
    format = models.ForeignKey(LearningFormat, models.PROTECT, related_name="+", verbose_name="Format")
    title = models.CharField("Maßnahme", max_length=160)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    due_on = models.DateField("bis")
    provider = models.CharField("Anbieter oder Ort", max_length=160, blank=True)
    responsible = models.CharField("verantwortlich", max_length=160)
    hours = models.DecimalField(
        "Zeitbedarf in Stunden",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost = models.DecimalField(
        "Kosten in Euro", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.PLANNED)

    class Meta:
        verbose_name = "Maßnahme"
        verbose_name_plural = "Maßnahmen"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on__gte=models.F("starts_on")), name="measure_ends_after_start"
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_overdue(self):
        return self.state == self.State.PLANNED and self.due_on < timezone.localdate()


class Review(models.Model):
    """A talk about the plan whose date is fixed beforehand (paper 4.3.3); the final one completes the plan."""

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="reviews")
    planned_on = models.DateField("Termin")
    is_final = models.BooleanField("Abschlussgespräch", default=False)
    held_on = models.DateField("geführt am", null=True, blank=True)
    notes = models.TextField("Ergebnis", max_length=2000, blank=True)

    class Meta:
        verbose_name = "Review-Gespräch"
        verbose_name_plural = "Review-Gespräche"
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(is_final=True), name="one_final_review_per_plan")
        ]

    def __str__(self):
        return f"Review-Gespräch am {self.planned_on:%d.%m.%Y}"

    @property
    def is_overdue(self):
        return self.held_on is None and self.planned_on < timezone.localdate()


class BundleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents put together are HR's alone."""
        return self if user.is_hr else self.none()

    def of(self, round_):
        return self.filter(round=round_)

    def being_made(self):
        return self.filter(finished_at=None)

    def finished(self):
        return self.filter(finished_at__isnull=False)


class Bundle(models.Model):
    """All documents of one round, put together for HR in the background and kept for a few days.

    They say what HR as such may read, whoever has asked for them. A bundle is finished when every document is made
    or has its problem, and takes the place of the one before: of a round there is at most one being made and one finished.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField("angefordert am", default=timezone.now)
    finished_at = models.DateTimeField("fertig am", null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = "Zusammenstellung"
        verbose_name_plural = "Zusammenstellungen"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(finished_at=None), name="one_bundle_of_a_round_being_made"
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(finished_at__isnull=False), name="one_finished_bundle_of_a_round"
            ),
        ]

    def __str__(self):
        return f"Dokumente zu {self.round}"


class BundleDocument(models.Model):
    """One PDF of a bundle: not made yet, made, or with the problem that kept it from being made; never both.

    The PDF lies in the database, the one thing that all workers and servers share.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "Lernplan"
        COMPARISON = "comparison", "Kompetenzvergleich"

    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="documents")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    file_name = models.CharField("Dateiname", max_length=160)
    problem = models.CharField("Problem", max_length=300, blank=True)
    done_at = models.DateTimeField("erledigt am", null=True)
    content = models.BinaryField("PDF", null=True)  # last: SQLite reads a row up to the column it is asked for

    class Meta:
        verbose_name = "Dokument einer Zusammenstellung"
        verbose_name_plural = "Dokumente einer Zusammenstellung"
        ordering = ["file_name"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "file_name"], name="one_file_name_per_bundle"),
            models.UniqueConstraint(
                fields=["bundle", "participation", "kind"], name="one_document_of_a_kind_per_participation"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, content=None, problem="")
                | Q(done_at__isnull=False, content__isnull=False, problem="")
                | Q(done_at__isnull=False, content=None) & ~Q(problem=""),
                name="a_document_is_open_or_made_or_has_its_problem",
            ),
        ]

    def __str__(self):
        return self.file_name
