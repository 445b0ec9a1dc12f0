"""Changing an agreed plan: the forms of the draft, always with a reason (paper 4.3.3)."""

from django import forms
from django.utils import timezone

from learningplans.drafting.forms.frame import FrameForm
from learningplans.drafting.forms.goals import GoalForm
from learningplans.drafting.forms.measures import MeasureForm
from learningplans.models import Goal, Measure

from .reviews import ReviewDateForm

BEGUN = (
    "Die Maßnahme ist als durchgeführt gemeldet, also hat sie schon begonnen. Stimmt das nicht, wählen Sie, dass sie geplant "
    "bleibt."
)
NEEDED = ["specific", "measurable", "seen_by", "due_on"]  # of a goal of an agreed plan; the other letters may stay open


class ReasonForm(forms.Form):
    """Why an agreed plan changes."""

    reason = forms.CharField(
        label="Grund",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Warum ändert sich der Plan? Diesen Text lesen Sie beide.",
        error_messages={"required": "Bitte schreiben Sie, warum sich der Plan ändert."},
    )


class MeasureChangeForm(MeasureForm, ReasonForm):
    """A measure after the plan was agreed, all of it; it can be dropped, or taken up again, or not be done after all."""

    drops = forms.BooleanField(label="Die Maßnahme entfällt", required=False)
    not_done = forms.BooleanField(label="Die Maßnahme ist nicht durchgeführt, sie bleibt geplant", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = self.row.state
        self.initial["drops"] = self.instance.state == Measure.State.DROPPED
        self.initial["not_done"] = self.instance.state == Measure.State.PLANNED
        if self.stored != Measure.State.DONE:
            del self.fields["not_done"]

    def stored_measure(self):
        self.row = Measure.objects.get(pk=self.instance.pk)
        return self.row

    def clean(self):
        super().clean()
        stays = self.stored == Measure.State.DONE and not self.cleaned_data.get("not_done")
        goes_on = Measure.State.DONE if stays else Measure.State.PLANNED
        self.instance.state = Measure.State.DROPPED if self.cleaned_data.get("drops") else goes_on
        starts_on = self.cleaned_data.get("starts_on")
        if self.instance.is_done and starts_on and starts_on > timezone.localdate():
            self.add_error("starts_on", BEGUN)

    def tell_what_is_stored(self):
        super().tell_what_is_stored()
        if self.stored == Measure.State.DONE:
            reported = f", gemeldet von {self.instance.reporter}" if self.instance.state_by else ""
            self.add_error("not_done", f"Jetzt gespeichert: {Measure.State.DONE.label}{reported}.")


class NewMeasureForm(MeasureForm, ReasonForm):
    """A measure that is added after the plan was agreed; corrected, it is called as it is when it is corrected."""

    def stored_measure(self):
        return Measure()


class ReviewMoveForm(ReviewDateForm, ReasonForm):
    """A review of an agreed plan: another date, or one more."""


class FrameChangeForm(FrameForm, ReasonForm):
    """Time and budget of an agreed plan."""


class NewGoalForm(GoalForm, ReasonForm):
    """A goal that is brought in after the plan was agreed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in NEEDED:
            self.fields[name].required = True


class GoalChangeForm(NewGoalForm):
    """A goal after the plan was agreed, all of it."""

    role_has_changed = forms.BooleanField(
        label="Die Anforderung der Rolle hat sich geändert",
        required=False,
        help_text="Ankreuzen, wenn die neue Zielstufe der Rolle folgt und nicht dem, was die Person erreicht hat.",
    )

    def clean(self):
        super().clean()
        stored = Goal.objects.get(pk=self.instance.pk).to_level
        if self.cleaned_data.get("role_has_changed") and self.cleaned_data.get("to_level", stored) == stored:
            self.add_error("to_level", "Wählen Sie die Zielstufe, die jetzt zur Rolle passt.")
