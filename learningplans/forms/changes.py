"""Changing an agreed plan: always with a reason (paper 4.3.3)."""

from django import forms

from kompetenz.catalogue.models import Level
from kompetenz.fields import GermanDecimalField, date_input, refuse_past
from learningplans.models import Goal, Measure

from .measures import MeasureForm
from .reading import ReadForm
from .reviews import ReviewDateForm


class ReasonForm(forms.Form):
    """Why an agreed plan changes."""

    reason = forms.CharField(
        label="Grund",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Warum ändert sich der Plan? Beide Seiten lesen diesen Text.",
        error_messages={"required": "Bitte schreiben Sie, warum sich der Plan ändert."},
    )

    @property
    def changes(self):
        """Whether anything of the plan is different from what is stored."""
        return bool(set(self.changed_data) - {"reason", "role_has_changed"})


class MeasureChangeForm(ReadForm, ReasonForm):
    """What of a measure changes after the plan was agreed."""

    hours = GermanDecimalField(
        label="Zeitbedarf in Stunden", max_digits=6, decimal_places=1, min_value=0, required=False
    )
    cost = GermanDecimalField(label="Kosten in Euro", max_digits=9, decimal_places=2, min_value=0, required=False)
    drops = forms.BooleanField(label="Die Maßnahme entfällt", required=False)

    class Meta:
        model = Measure
        fields = ["title", "starts_on", "due_on", "provider", "hours", "cost"]
        labels = {"due_on": "Ende oder fällig am"}
        help_texts = {"title": "Die Personalentwicklung liest diesen Titel."}
        widgets = {"starts_on": date_input(), "due_on": date_input()}

    field_order = [*Meta.fields, "drops", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["drops"] = self.instance.state == Measure.State.DROPPED

    def clean(self):
        super().clean()
        starts_on, due_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        if "drops" in self.changed_data:
            drops = self.cleaned_data["drops"]
            self.instance.state = Measure.State.DROPPED if drops else Measure.State.PLANNED


class NewMeasureForm(MeasureForm, ReasonForm):
    """A measure that is added after the plan was agreed."""


class ReviewMoveForm(ReviewDateForm, ReasonForm):
    """Another date for a review of an agreed plan."""


class GoalChangeForm(ReadForm, ReasonForm):
    """A goal's level and date after the plan was agreed; what it says stays."""

    role_has_changed = forms.BooleanField(
        label="Die Anforderung der Rolle hat sich geändert",
        required=False,
        help_text="Ankreuzen, wenn die neue Zielstufe der Rolle folgt und nicht dem, was die Person erreicht hat.",
    )

    class Meta:
        model = Goal
        fields = ["to_level", "due_on"]
        labels = {"due_on": "Termin"}
        widgets = {"due_on": date_input()}

    field_order = ["to_level", "role_has_changed", "due_on", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lowest = self.instance.from_level + (self.instance.aim == Goal.Aim.RAISE)
        levels = [(level.value, level.label) for level in Level if level >= lowest]
        self.fields["to_level"] = forms.TypedChoiceField(label="Zielstufe", choices=levels, coerce=int)
        self.fields["due_on"].required = True

    def clean(self):
        super().clean()
        refuse_past(self, "due_on")
        if self.cleaned_data.get("role_has_changed") and "to_level" not in self.changed_data:
            self.add_error("to_level", "Wählen Sie die Zielstufe, die jetzt zur Rolle passt.")
