"""What one side wants to be different in an agreed plan (paper 4.3.3)."""

import re
from itertools import groupby
from operator import itemgetter

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import in_place_of
from kompetenz.people.models import Person

from .measures import Measure
from .plans import LearningPlan
from .records import RecordOfTwo, RecordOfTwoQuerySet, german, in_iso
from .reviews import Review

FIELD = re.compile("(?<=[“)a-zäöüß]): (?P<field>[^:“„]+)$")  # of the rows of a goal, measure or talk


class PlanChangeQuerySet(RecordOfTwoQuerySet):
    def with_names(self):
        """With whoever has taken it back, too."""
        return super().with_names().select_related("withdrawn_by", "withdrawn_for")

    def waiting(self):
        return super().waiting().filter(took_effect_on=None, withdrawn_at=None)

    def withdrawn(self):
        """Those that were taken back and are kept."""
        return self.filter(withdrawn_at__isnull=False)

    def not_noted(self):
        """Those that one side stands by and the other has not taken note of: waiting, declined or left without an answer."""
        stands = self.filter(written_at__isnull=False, took_effect_on=None, withdrawn_at=None)
        return stands.exclude(answer=RecordOfTwo.Answer.NOTED)

    def in_force(self):
        """Those that have become part of the plan."""
        return self.filter(took_effect_on__isnull=False)


class PlanChange(RecordOfTwo):
    """What one side wants to be different in an agreed plan, and why; part of the plan once the other has taken note.

    ``lines`` say it in words, each with ``subject``, ``before`` and ``after``; ``steps`` are the rows and values to be
    written then (following/steps.py). A change that is declined, or still waits when the plan is completed, never has an
    effect; nor one that is ``withdrawn_at``, which is kept for the reason why it was sent back, or in the record that was
    answered with it. Those from before changes were answered took effect at once and have no answer.
    """

    plan = models.ForeignKey(LearningPlan, models.CASCADE, related_name="changes")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="changes")
    reason = models.CharField("Grund", max_length=500)
    lines = models.JSONField("Änderungen", default=list)
    steps = models.JSONField("Schritte", default=list, blank=True, encoder=DjangoJSONEncoder)
    took_effect_on = models.DateField("gilt seit", null=True, blank=True)
    withdrawn_at = models.DateTimeField("zurückgenommen am", null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_for = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "Änderung am Lernplan"
        verbose_name_plural = "Änderungen am Lernplan"
        ordering = ["written_at", "pk"]
        constraints = [
            *RecordOfTwo.Meta.constraints,
            models.CheckConstraint(
                condition=Q(took_effect_on=None) | ~Q(answer__in=["declined", "silent"]),
                name="only_what_is_noted_takes_effect",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(took_effect_on=None, answer=""),
                name="only_what_is_not_answered_is_taken_back",
            ),
        ]

    def __str__(self):
        return f"{self.subject}: {self.reason}"

    @property
    def said(self):
        """As of every record, and how far the measures that it changes are reported to be; one query where it changes any."""
        reported = self.measures.order_by("pk").values_list("pk", "state", "state_at")
        return [*super().said, [(pk, state, in_iso(at)) for pk, state, at in reported]]

    @property
    def measures(self):
        """The plan's measures that it changes; new ones are not among them."""
        keys = [step["pk"] for step in self.steps if step["kind"] == "measure" and step["pk"]]
        return self.plan.measures.filter(pk__in=keys)

    @property
    def reported_since(self):
        """Those that were reported done after it was written and before it was answered, if any; their report stands."""
        until = {"state_at__lte": self.answered_at} if self.answered_at else {}
        done = self.measures.filter(state=Measure.State.DONE, state_at__gt=self.written_at, **until)
        return done.select_related("state_by", "state_for")

    @property
    def subject(self):
        """What it is about, in words: its first line, without the field where that is one of several."""
        thing, lines = next(iter(self.things), ("Lernplan", []))
        return self.lines[0]["subject"] if len(lines) == 1 else thing

    @property
    def things(self):
        """Its lines by what they are about, said once: (goal, measure or talk, its lines with their ``field``)."""
        parted = [(*_thing_and_field(line["subject"]), line) for line in self.lines]
        return [
            (thing, [line | {"field": field} for _, field, line in lines])
            for thing, lines in groupby(parted, key=itemgetter(0))
        ]

    @property
    def waits(self):
        return super().waits and not self.is_in_force and not self.withdrawn_at

    @property
    def withdrawer(self):
        """Who has taken it back, for the side that wrote it: perhaps another than who did; older rows know the side alone."""
        return self._signed(self.withdrawn_by, self.withdrawn_for, self.written_side)

    def withdraw(self, by):
        """Note that ``by`` has taken it back. Does not save."""
        self.withdrawn_at, self.withdrawn_by = timezone.now(), by
        self.withdrawn_for = in_place_of(self.plan.participation, by)

    @property
    def is_in_a_settled_record(self):
        """Whether it belongs to a review whose record waits no more: both have read it there."""
        return self.review is not None and not self.review.waits

    @property
    def is_in_force(self):
        return self.took_effect_on is not None

    @property
    def in_force_in_words(self):
        """When the plan became as this change says, for it may be another since; or that it did not, and whether it still may."""
        if self.is_in_force:
            return f"geworden am {date_format(self.took_effect_on)}"
        return "noch nicht" if self.waits and not self.plan.completed_on else "nicht"

    @property
    def answer_in_words(self):
        if self.is_older_than_answers:
            return "galt sofort, ohne Antwort"
        if self.withdrawn_at:
            sent_back = f"{super().answer_in_words}, " if self.sent_back_at else ""
            return f"{sent_back}zurückgenommen von {self.withdrawer} am {german(self.withdrawn_at)}"
        if self.waits and self.plan.completed_on:
            return "bis zum Abschluss des Lernplans nicht beantwortet"
        return super().answer_in_words

    @property
    def reopens(self):
        """Whether with it the plan became a draft again."""
        return any(step.get("reopens") for step in self.steps)

    @property
    def is_older_than_answers(self):
        """Whether it took effect at once, as changes did before they were answered."""
        return self.is_in_force and not self.answer


def _thing_and_field(subject):
    found = FIELD.search(subject)
    return (subject[: found.start()], found["field"]) if found else (subject, "")
