"""What HR makes of the measures of agreed plans: booked, on which date of an offer, within which budget (paper 4.3.2)."""

from secrets import token_hex

from django.core.validators import MinValueValidator
from django.db import connections, models
from django.db.models import CASCADE, F, Q

from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person, Unit, is_employed
from kompetenz.text import quoted

from .formats import LearningFormat, Offer
from .measures import Measure
from .plans import LearningPlan


class OfferDateQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self if user.is_hr else self.none()


class OfferDate(models.Model):
    """One of the dates on which an offer takes place (Termin); the seats of the offer are those of each of its dates."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="dates", verbose_name="Angebot")
    starts_on = models.DateField("Beginn")
    ends_on = models.DateField("Ende", null=True, blank=True)
    place = models.CharField("Ort und Uhrzeit", max_length=160, blank=True)

    objects = OfferDateQuerySet.as_manager()

    class Meta:
        verbose_name = "Termin"
        verbose_name_plural = "Termine"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_date_ends_after_its_start",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        ]

    def __str__(self):
        return in_days(self.starts_on, self.ends_on)

    @property
    def stamp(self):
        """What a page sends back of a date that can be chosen: another one once it is another day or place."""
        return stamp(self.pk, self.starts_on, self.ends_on, self.place)


def in_days(first, last):
    """From when until when, in words; ``first`` is None where only an end is known, ``last`` where it is one day."""
    if first is None:
        return f"bis {last:%d.%m.%Y}"
    return f"{first:%d.%m.%Y}" if last in (None, first) else f"{first:%d.%m.%Y} bis {last:%d.%m.%Y}"


HELD_IN_A_DRAFT = Q(state="", said__in=["booked", "done"])
TAKES_A_SEAT = Q(state__in=["booked", "done"]) | HELD_IN_A_DRAFT


class BookingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The training plan is HR's; of their own measures and those of their people the two read in the plan."""
        return self.open_to_hr() if user.is_hr else self.none()

    def open_to_hr(self):
        """Those of plans that are no drafts."""
        return self.exclude(state="")

    def taking_a_seat(self):
        """Those that hold a seat; so does one that was booked and whose plan is a draft again."""
        return self.filter(TAKES_A_SEAT)

    def held_in_a_draft(self):
        """Those that HR has booked or said to be carried out, and does not find among the others until the plan is agreed again."""
        return self.filter(HELD_IN_A_DRAFT)

    def that_cost(self):
        """Those that have not fallen away, and of plans that are drafts again those that are paid for all the same."""
        return self.filter(~Q(state__in=["", Booking.State.CANCELLED]) | HELD_IN_A_DRAFT)

    def most_on_a_date(self, offer):
        """How many seats are taken on the one of its dates on which most are."""
        taken = self.of(offer).taking_a_seat().order_by().values("date").annotate(number=models.Count("pk"))
        return max((one["number"] for one in taken), default=0)

    def waiting(self):
        """The waiting list, whoever came first at its head."""
        return self.filter(waits_since__isnull=False).order_by("waits_since", "pk")

    def not_begun(self):
        """Those of which nothing is spent, and nothing booked."""
        return self.filter(state__in=[Booking.State.PROPOSED, Booking.State.APPLIED])

    def to_come(self):
        """Those that are neither over nor dropped."""
        return self.filter(state__in=[Booking.State.PROPOSED, Booking.State.APPLIED, Booking.State.BOOKED])

    def carried_out(self):
        return self.filter(state=Booking.State.DONE)

    def of(self, offer):
        return self.filter(offer=offer)

    def on(self, date):
        return self.filter(date=date)

    def in_year(self, year):
        return self.filter(year=year)

    def with_people(self):
        return self.select_related("date", "measure__offer", "measure__plan__participation__person__manager")

    def of_who_left(self):
        return self.exclude(is_employed("measure__plan__participation__person__"))


def with_its_year(collector, field, bookings, using):
    """CASCADE, with which the years of these bookings have another token in the same transaction.

    They are held before anything goes, their plans first and their years last, as by everybody who writes bookings: a collector
    updates before it deletes, and would hold the year while it waits for a booking of somebody who waits for the year.
    """
    if connections[using].in_atomic_block:
        hold(bookings, using)
    CASCADE(collector, field, bookings, using)
    years = TrainingYear.objects.using(using).filter(year__in=bookings.order_by().values("year"))
    collector.add_field_update(TrainingYear.token.field, token_hex(8), years)


def hold(bookings, using):
    """Lock these bookings until the transaction ends, and before them their plans."""
    plans = LearningPlan.objects.filter(pk__in=bookings.order_by().values("measure__plan"))
    for rows in (plans, bookings):
        list(rows.using(using).select_for_update(of=("self",)).order_by("pk").values_list("pk"))


class Booking(models.Model):
    """What becomes of one measure in the training plan (Buchung); every measure of a plan that was agreed once has one.

    ``said`` is what HR has last said of it, by whom and when, ``state`` what holds beside what the two report and what has
    become of plan and person (training/standing.py); it is empty while the plan is a draft again, of which HR knows nothing.
    ``waits_since`` is when it came on the waiting list of ``date``, or of an offer without dates; only what is applied for
    waits. The other fields repeat the measure, so that a year is added up from one index: ``begins_on`` is the day of the
    date, else the measure's own, ``cost`` and ``hours`` are the measure's, else the offer's; ``unit`` is who pays: the
    person's, and once it is over the one it was then. What HR has said to be booked, carried out or to fall away stays as
    ``booked_title`` and so on; it ``differs`` once the two have agreed on something else, until HR says again what holds,
    and keeps the format, hours and costs of what was booked. Of what is only proposed these say which seat was given up for
    another offer. ``shows_goals``: the round shows HR levels, and so the competencies of the goals.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "vorgeschlagen"
        APPLIED = "applied", "beantragt"
        BOOKED = "booked", "gebucht"
        DONE = "done", "durchgeführt"
        CANCELLED = "cancelled", "entfallen"

    measure = models.OneToOneField(Measure, with_its_year, related_name="booking")
    said = models.CharField("Stand der Buchung", max_length=9, choices=State.choices, default=State.PROPOSED)
    state = models.CharField("Stand", max_length=9, choices=State.choices, default=State.PROPOSED, blank=True)
    date = models.ForeignKey(
        OfferDate, models.SET_NULL, null=True, blank=True, related_name="bookings", verbose_name="Termin"
    )
    waits_since = models.DateTimeField("auf der Warteliste seit", null=True, blank=True)
    moved_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    moved_at = models.DateTimeField("zuletzt geändert am", null=True, blank=True)
    year = models.PositiveSmallIntegerField("Haushaltsjahr")
    quarter = models.PositiveSmallIntegerField("Quartal")
    begins_on = models.DateField("Beginn")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="+")
    format = models.ForeignKey(LearningFormat, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="bookings")
    hours = models.DecimalField("Stunden", max_digits=6, decimal_places=1, null=True, blank=True)
    cost = models.DecimalField("Kosten in Euro", max_digits=9, decimal_places=2, null=True, blank=True)
    shows_goals = models.BooleanField(default=False)
    booked_title = models.CharField("gebucht ist", max_length=160, blank=True)
    booked_provider = models.CharField("Anbieter oder Ort wie gebucht", max_length=160, blank=True)
    booked_from = models.DateField("Beginn wie gebucht", null=True, blank=True)
    booked_until = models.DateField("Ende wie gebucht", null=True, blank=True)
    differs = models.BooleanField("im Lernplan steht etwas anderes", default=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "Buchung"
        verbose_name_plural = "Buchungen"
        ordering = ["begins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(waits_since=None) | Q(said="applied"), name="only_what_is_applied_for_waits"
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="a_year_has_four_quarters"),
        ]
        indexes = [
            # A year is added up from the first, its lists are read along the next three.
            models.Index(
                fields=[
                    "year",
                    "state",
                    "quarter",
                    "unit",
                    "offer",
                    "format",
                    "shows_goals",
                    "cost",
                    "hours",
                    "waits_since",
                ],
                name="training_sums",
            ),
            models.Index(fields=["year", "begins_on"], name="training_list"),
            models.Index(fields=["year", "state", "begins_on"], name="training_list_of_a_state"),
            models.Index(fields=["year", "offer", "begins_on", "state"], name="training_list_of_an_offer"),
            models.Index(fields=["offer", "date", "state", "said"], name="training_seats"),
        ]

    def __str__(self):
        return f"{self.measure_id}: {self.in_words}"

    @property
    def stamp(self):
        """What a page sends back beside the id: another one after every move, and once the two have agreed on another
        measure or its date is another day.
        """
        one, date = self.measure, self.date
        measure = (
            one.title,
            one.provider,
            one.starts_on,
            one.due_on,
            self.offer_id,
            self.format_id,
            self.hours,
            self.cost,
        )
        days = (date.starts_on, date.ends_on) if date else (None, None)
        return stamp_of(self.said, self.state, self.date_id, self.moved_at, (*measure, *days))

    @property
    def is_told(self):
        """Whether HR has said anything of it that the two do not know from their plan."""
        return self.said != self.State.PROPOSED

    @property
    def holds_as_booked(self):
        """Whether it is what was booked, and not what the plan says by now."""
        return self.differs and self.state in (self.State.BOOKED, self.State.DONE)

    @property
    def has_given_up_a_seat(self):
        """Whether something else was booked before the two agreed on another offer, and HR has said nothing since."""
        return self.said == self.State.PROPOSED and self.booked_until is not None

    @property
    def in_words(self):
        """What HR has said of it, with the date and the waiting list, for those whose measure it is."""
        words = self.get_said_display()
        if self.differs:
            days = None if self.date else in_days(self.booked_from, self.booked_until)
            said = ", ".join(filter(None, [quoted(self.booked_title), self.booked_provider, days]))
            words += f" ist noch, was vorher im Lernplan stand ({said})"
        if self.waits_since:
            words += ", auf der Warteliste"
        if self.date and self.said != self.State.CANCELLED:
            words += f": {self.date}" + (f", {self.date.place}" if self.date.place else "")
        return words


def stamp_of(said, state, date, moved_at, shown):
    """The stamp of a booking by its values.

    ``date`` is the id, ``shown`` what else a page says of it: of the measure, and the days of the date.
    """
    return stamp(said, state, date, moved_at and moved_at.isoformat(), *map(str, shown))


class BookingMove(models.Model):
    """One step of a booking, kept as it was taken; what is taken back is another step forward.

    ``by`` is who of HR has taken it, None where the plan has: another offer was agreed, or what fell away was planned anew; then
    ``date`` is the one it was on.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="moves")
    before = models.CharField("vorher", max_length=9, choices=Booking.State.choices)
    after = models.CharField("nachher", max_length=9, choices=Booking.State.choices)
    waits = models.BooleanField("Warteliste", default=False)
    date = models.ForeignKey(OfferDate, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("am")

    class Meta:
        verbose_name = "Schritt einer Buchung"
        verbose_name_plural = "Schritte einer Buchung"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_before_display()}, dann {self.get_after_display()}"


class OfferList(models.Model):
    """A list of offers that somebody of HR has sent and looks at; deleted once it is taken over, or after a day.

    Nothing of it counts before it is confirmed. ``rows`` are what was read, see training/offer_lists.py.
    """

    uploaded_by = models.OneToOneField(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField("hochgeladen am")
    name = models.CharField("Dateiname", max_length=200)
    rows = models.JSONField("Zeilen", default=list)

    class Meta:
        verbose_name = "Angebotsliste"
        verbose_name_plural = "Angebotslisten"

    def __str__(self):
        return self.name

    @property
    def stamp(self):
        """What a page sends back that has shown it: another one for another file."""
        return stamp(self.uploaded_at.isoformat())


class TrainingYear(models.Model):
    """By its ``token`` is known whether any booking of the year has changed or gone: each writing gives it another one.

    Whoever adds up a year keeps the sums as long as the token is the same (training/adding_up.py).
    """

    year = models.PositiveSmallIntegerField("Haushaltsjahr", unique=True)
    token = models.CharField("Stand", max_length=16)

    class Meta:
        verbose_name = "Haushaltsjahr"
        verbose_name_plural = "Haushaltsjahre"

    def __str__(self):
        return str(self.year)


class TrainingBudgetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_hr else self.none()

    def of(self, year):
        return self.filter(year=year)


class TrainingBudget(models.Model):
    """What may be spent on learning in one calendar year (Haushaltsjahr), in euros: by one unit, or by the whole administration.

    A unit's is for all beneath it that have none of their own; the whole administration's is for all that is left.
    """

    year = models.PositiveSmallIntegerField("Haushaltsjahr")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    amount = models.DecimalField("Budget in Euro", max_digits=11, decimal_places=2, validators=[MinValueValidator(0)])

    objects = TrainingBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "Fortbildungsbudget"
        verbose_name_plural = "Fortbildungsbudgets"
        ordering = ["year", "unit__number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "unit"], name="one_budget_per_year_and_unit"),
            models.UniqueConstraint(fields=["year"], condition=Q(unit=None), name="one_budget_per_year_for_all"),
        ]

    def __str__(self):
        return f"{self.year}: {self.unit or 'alle'}"
