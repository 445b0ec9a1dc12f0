"""What holds for every record of what two people did or agreed: one side writes it, the other side answers (paper 4.3.3)."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import MOST_RETURNS, Side, in_place_of, signature
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person

TIME_TO_ANSWER = timedelta(days=14)


def side_of(participation, user):
    """The side on which ``user``, who shares the participation, acts."""
    return Side.PERSON if user.pk == participation.person_id else Side.MANAGER


def in_iso(moment):
    return moment and moment.isoformat()


def german(moment):
    return f"{timezone.localdate(moment):%d.%m.%Y}"


class RecordOfTwoQuerySet(models.QuerySet):
    def with_names(self):
        """With everybody who has written, answered or sent back."""
        acts = ("written", "answered", "sent_back")
        return self.select_related(*(f"{act}_{how}" for act in acts for how in ("by", "for")))

    def of_side(self, side):
        """Those that this side has written."""
        return self.filter(written_side=side)

    def written(self):
        """Those that somebody has written by name, and that can be answered."""
        return self.filter(written_at__isnull=False)

    def waiting(self):
        """Those that are written and wait: for an answer or, sent back, for a correction."""
        return self.written().filter(answer="")


class RecordOfTwo(models.Model):
    """One side has written it, by name and moment; the other takes note, which is not agreement, or declines and says why.

    Until it is answered the side that wrote it can correct it, and the other can send it back with a reason; a correction
    waits for an answer anew, and the reason of the last sending back stays until then, also where what was sent back is
    taken back. That has an end (``is_sent_back_often_enough``). ``told`` is who was told on ``told_on`` that an answer is
    asked of them. The name of who deputised for the manager stands with the manager's (``…_for``). Rows from before records
    were answered have no writer.
    """

    Side = Side  # whoever deputises for the manager acts for that side

    class Answer(models.TextChoices):
        NOTED = "noted", "zur Kenntnis genommen"
        DECLINED = "declined", "abgelehnt"
        SILENT = "silent", "keine Antwort"

    written_side = models.CharField("geschrieben von der Seite", max_length=7, choices=Side.choices, blank=True)
    written_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    written_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField("geschrieben am", null=True, blank=True)
    told = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    told_on = models.DateField("um Antwort gebeten am", null=True, blank=True)
    answer = models.CharField("Antwort", max_length=8, choices=Answer.choices, blank=True)
    statement = models.TextField("Stellungnahme", max_length=2000, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("beantwortet am", null=True, blank=True)
    sent_back_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_back_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_back_at = models.DateTimeField("zurückgegeben am", null=True, blank=True)
    sent_back_why = models.TextField("Was fehlt oder nicht stimmt", max_length=2000, blank=True)
    sent_back_as = models.CharField("Stempel des Zurückgegebenen", max_length=16, blank=True, editable=False)
    times_sent_back = models.PositiveSmallIntegerField("so oft zurückgegeben", default=0, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(statement=""), name="%(class)s_declined_with_a_statement"
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(written_at__isnull=False, answered_at__isnull=False),
                name="%(class)s_written_before_it_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at=None) | ~Q(sent_back_why="") & Q(answer=""),
                name="%(class)s_sent_back_with_a_reason_and_no_answer",
            ),
        ]

    @property
    def waits(self):
        """Whether it is written and not answered; it may have been sent back."""
        return self.written_at is not None and not self.answer

    @property
    def is_noted(self):
        return self.answer == self.Answer.NOTED

    @property
    def is_declined(self):
        return self.answer == self.Answer.DECLINED

    @property
    def is_silent(self):
        return self.answer == self.Answer.SILENT

    @property
    def stamp(self):
        """What a page sends back as ``read``: another one as soon as the record is."""
        return "-".join(stamp(*said) for said in self.said)

    @property
    def said(self):
        """What its reader has to have read before they answer, in parts: that it was written so, that it was sent back."""
        return [(in_iso(self.written_at),), (in_iso(self.sent_back_at),)]

    @property
    def other_side(self):
        return Side.MANAGER if self.written_side == Side.PERSON else Side.PERSON

    @property
    def writer(self):
        """Who wrote it, in words; only where it has a writer."""
        return self._signed(self.written_by, self.written_for, self.written_side)

    @property
    def answerer(self):
        return self._signed(self.answered_by, self.answered_for, self.other_side)

    @property
    def sender_back(self):
        return self._signed(self.sent_back_by, self.sent_back_for, self.other_side)

    @property
    def is_sent_back_often_enough(self):
        """Whether the other side cannot ask for another correction: not for ever, or there would never be an answer."""
        return self.sent_back_at is None and self.times_sent_back >= MOST_RETURNS

    @property
    def sent_back_in_words(self):
        """Who has sent it back; of what was corrected since, that it was an earlier version."""
        return (
            f"{'Zurückgegeben' if self.sent_back_at else 'Eine frühere Fassung, zurückgegeben'} von {self.sender_back}"
        )

    def _signed(self, who, deputised_for, side):
        return signature(self.plan.participation, who, deputised_for, side, self.plan.completed_on)

    @property
    def answer_in_words(self):
        """How far it is answered, by whom and when, for page and paper alike."""
        if self.is_noted:
            return f"zur Kenntnis genommen von {self.answerer} am {german(self.answered_at)}"
        if self.is_declined:
            return f"abgelehnt von {self.answerer} am {german(self.answered_at)}"
        if self.is_silent:
            return f"keine Antwort bis zum {self.answer_by:%d.%m.%Y}"
        if self.sent_back_at:
            return f"zur Berichtigung zurückgegeben von {self.sender_back} am {german(self.sent_back_at)}"
        return "noch nicht beantwortet"

    @property
    def answer_by(self):
        """The last day on which an answer counts where silence ends the waiting; None as long as nobody was told."""
        return self.told_on and self.told_on + TIME_TO_ANSWER

    def was_sent_back_by(self, side):
        """Whether it is this side that has asked for a correction, with nothing answered since."""
        return self.sent_back_by is not None and side_of(self.plan.participation, self.sent_back_by) == side

    def write(self, participation, by, told):
        """Note who has written it now; what was sent back is with that corrected, and why stays to be read. Does not save.

        Where the other side has taken back what was sent back, and who asked for that writes it themselves, it is settled.
        """
        self.written_side = side_of(participation, by)
        if self.was_sent_back_by(self.written_side):
            self.settle_sending_back()
        self.written_by, self.written_for = by, in_place_of(participation, by)
        self.written_at = timezone.now()
        self.told, self.told_on = told, timezone.localdate() if told else None
        self.sent_back_at = None

    def unwrite(self):
        """Forget who has written it, not why it was sent back; not of what is answered. Does not save."""
        self.written_side = ""
        self.written_by = self.written_for = self.written_at = self.told = self.told_on = None
        self.sent_back_at = None

    def settle_sending_back(self):
        """Forget that a correction was asked for, and why. Does not save."""
        self.sent_back_by = self.sent_back_for = self.sent_back_at = None
        self.sent_back_why = self.sent_back_as = ""
        self.times_sent_back = 0

    def take_answer(self, participation, by, answer, statement=""):
        """Note the other side's answer. Does not save."""
        self.answer, self.statement = answer, statement
        self.answered_by, self.answered_for = by, in_place_of(participation, by)
        self.answered_at = timezone.now()
        self.settle_sending_back()

    def send_back(self, participation, by, why, said):
        """Note that the other side asks for a correction of what it says, by its stamp ``said``. Does not save."""
        self.sent_back_by, self.sent_back_for = by, in_place_of(participation, by)
        self.times_sent_back += self.sent_back_at is None  # else only its reason is another
        self.sent_back_at, self.sent_back_why, self.sent_back_as = timezone.now(), why, said
