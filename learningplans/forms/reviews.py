"""When a review takes place, what both sides think before it, and what it has brought (paper 4.3.3)."""

from copy import copy
from dataclasses import dataclass
from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.catalogue.models import Level
from kompetenz.fields import date_input, refuse_past
from learningplans.models import Preparation, Review

from .closing import FinalCheckForm, FollowUpForms


class ReviewDateForm(forms.ModelForm):
    """When a review takes place, and whether it is the final one; only one review of a plan can be."""

    class Meta:
        model = Review
        fields = ["planned_on", "is_final"]
        help_texts = {"is_final": "Mit dem Abschlussgespräch endet der Lernplan."}
        widgets = {"planned_on": date_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = list(self.instance.plan.reviews.exclude(pk=self.instance.pk))
        if any(review.is_final for review in self.others):
            del self.fields["is_final"]

    def clean(self):
        super().clean()
        refuse_past(self, "planned_on")
        planned_on = self.cleaned_data.get("planned_on")
        if planned_on is None:
            return
        if self.cleaned_data.get("is_final"):
            if any(review.planned_on > planned_on for review in self.others):
                self.add_error("planned_on", "Das Abschlussgespräch ist das letzte: Ein anderes Gespräch liegt danach.")
        elif any(review.is_final and review.planned_on < planned_on for review in self.others):
            self.add_error("planned_on", "Dieser Tag liegt nach dem Abschlussgespräch.")


class LevelChoice(forms.TypedChoiceField):
    """A level for one goal, as radio buttons; ``open_answer`` is (value, words) of the answer that gives none."""

    def __init__(self, *, label, open_answer=None):
        levels = [(level.value, level.label) for level in Level]
        super().__init__(
            label=label,
            choices=levels + ([open_answer] if open_answer else []),
            widget=forms.RadioSelect,
            required=False,
            coerce=lambda value: None if open_answer and value == open_answer[0] else int(value),
            empty_value=None,
        )


@dataclass(frozen=True)
class GoalRow:
    """One goal of a form with its fields, and the levels to choose from as (value, name, anchor, whether chosen)."""

    standing: object
    level: forms.BoundField
    helped: forms.BoundField | None = None

    @property
    def choices(self):
        anchors = ("", *self.standing.entry.competency.anchors)
        chosen = str(self.level.value() if self.level.value() is not None else "")
        for index, (value, name) in enumerate(self.level.field.choices):
            yield str(value), name, anchors[index] if index < len(anchors) else "", str(value) == chosen


class PreparationForm(forms.ModelForm):
    """What one side thinks before a review: a level for each goal, and three questions about all of them.

    A draft may leave everything open. Who releases gives every goal a level; the manager may say "kann ich nicht
    beurteilen".
    """

    class Meta:
        model = Preparation
        fields = ["helped", "hindered", "wishes"]
        help_texts = {
            "helped": "Zeit, Unterstützung, eine Maßnahme, etwas anderes?",
            "hindered": "Was kam dazwischen, was war zu wenig?",
            "wishes": "Am Plan, an der Arbeit, an der Begleitung.",
        }
        widgets = dict.fromkeys(["helped", "hindered", "wishes"], forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, standings, levels, **kwargs):
        """``standings`` are the plan's goals at this review, ``levels`` what the side has saved of them."""
        super().__init__(*args, **kwargs)
        self.standings = standings
        is_manager = self.instance.side == Preparation.Side.MANAGER
        for standing in standings:
            name = self.name(standing)
            self.fields[name] = LevelChoice(
                label=standing.entry.competency.name,
                open_answer=("x", "kann ich nicht beurteilen") if is_manager else None,
            )
            self.initial[name] = levels.get(standing.entry.goal.pk)

    @staticmethod
    def name(standing):
        return f"stufe-{standing.entry.goal.pk}"

    @property
    def rows(self):
        return [GoalRow(standing, self[self.name(standing)]) for standing in self.standings]

    @property
    def releases(self):
        """Whether the button that releases was pressed."""
        return "freigeben" in self.data

    @property
    def levels(self):
        return {standing.entry.goal.pk: self.cleaned_data[self.name(standing)] for standing in self.standings}

    def clean(self):
        super().clean()
        for standing in self.standings if self.releases else []:
            name = self.name(standing)
            if not self.data.get(self.add_prefix(name)) and name not in self.errors:
                self.add_error(name, "Bitte wählen Sie eine Stufe, bevor Sie freigeben.")


class ReviewRecordForm(forms.ModelForm):
    """What a review has brought: for each goal the level both agree on and what helped, and a text about all of it."""

    held_on = forms.DateField(label="Geführt am", widget=date_input())

    class Meta:
        model = Review
        fields = ["held_on", "notes"]
        labels = {"notes": "Ergebnis"}
        help_texts = {
            "notes": "Was ist gelungen, was ändert sich? Beide Seiten lesen diesen Text.",
        }
        widgets = {"notes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, standings, **kwargs):
        """``standings`` are the plan's goals at this review."""
        super().__init__(*args, **kwargs)
        self.standings = standings
        if not self.instance.held_on:
            self.initial["held_on"] = timezone.localdate()
        for standing in standings:
            level, helped = self.names(standing)
            name = standing.entry.competency.name
            self.fields[level] = LevelChoice(label=name, open_answer=("", "heute nicht besprochen"))
            self.fields[helped] = forms.CharField(
                label="Was hat geholfen?", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.initial |= {level: standing.agreed, helped: standing.helped}

    @staticmethod
    def names(standing):
        """The names of the two fields of one goal."""
        return f"stand-{standing.entry.goal.pk}", f"geholfen-{standing.entry.goal.pk}"

    @property
    def rows(self):
        return [GoalRow(standing, *(self[name] for name in self.names(standing))) for standing in self.standings]

    @property
    def agreed(self):
        """``{goal id: (level 0-3 or None, what helped)}``."""
        return {
            standing.entry.goal.pk: tuple(self.cleaned_data[name] for name in self.names(standing))
            for standing in self.standings
        }

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft. Festgehalten wird nach dem Gespräch.")
        return held_on


class RecordForms:
    """The forms of one review's page, taken together; the final review's look back belongs to its own alone."""

    def __init__(self, data, *, review, standings):
        self.record = ReviewRecordForm(data, instance=copy(review), standings=standings)
        self.check = self.follow_ups = None
        if review.is_final:
            self.check = FinalCheckForm(data)
            self.follow_ups = FollowUpForms(data, entries=[standing.entry for standing in standings])

    @property
    def parts(self):
        return [form for form in (self.record, self.check, self.follow_ups) if form is not None]

    def is_valid(self):
        valid = [form.is_valid() for form in self.parts]  # each of them tells its errors
        return all(valid)

    def __iter__(self):
        """The fields, for the page's summary of errors."""
        return chain(*self.parts)

    @property
    def errors(self):
        return {name: errors for form in self.parts for name, errors in form.errors.items()}
