"""Which competencies become goals, and the SMART questions of one (paper 4.3.1)."""

from django import forms
from django.core.exceptions import ValidationError

from kompetenz.catalogue.models import Level
from learningplans.models import Goal

from .fields import date_input, refuse_past


class GoalChoiceForm(forms.Form):
    """Which competencies become goals: a box and a level for each candidate, no box ticked beforehand."""

    def __init__(self, *args, gaps, wishes, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = [*gaps, *wishes]
        for candidate in self.candidates:
            name = candidate.competency.name
            self.fields[self.box(candidate)] = forms.BooleanField(label=name, required=False)
            self.fields[self.level(candidate)] = forms.TypedChoiceField(
                label=f"Zielstufe für {name}", choices=candidate.levels, initial=candidate.proposal, coerce=int
            )
        self.required = self.rows(gap for gap in gaps if gap.required)
        self.desirable = self.rows(gap for gap in gaps if not gap.required)
        self.wishes = self.rows(wishes)

    @staticmethod
    def box(candidate):
        return f"ziel-{candidate.competency.id}"

    @staticmethod
    def level(candidate):
        return f"stufe-{candidate.competency.id}"

    def rows(self, candidates):
        """Each candidate with its two fields."""
        return [(candidate, self[self.box(candidate)], self[self.level(candidate)]) for candidate in candidates]

    def clean(self):
        super().clean()
        if not self.errors and not self.chosen:
            raise ValidationError("Bitte wählen Sie mindestens eine Kompetenz aus.")

    @property
    def chosen(self):
        """The ticked candidates with the level to reach."""
        return [
            (candidate, self.cleaned_data[self.level(candidate)])
            for candidate in self.candidates
            if self.cleaned_data[self.box(candidate)]
        ]

    @property
    def any_far(self):
        """Whether for some candidate the proposal does not reach the Soll, which the page explains."""
        return any(candidate.is_far for candidate in self.candidates)

    @property
    def any_wish(self):
        """Whether a box among the wishes is ticked, so that it is not hidden when the form comes back."""
        return any(box.value() for _, box, _ in self.wishes)


class GoalForm(forms.ModelForm):
    """One goal, a question for each letter of SMART (paper 4.3.1). Every letter may be left open in a draft."""

    class Meta:
        model = Goal
        fields = ["to_level", "specific", "measurable", "ambitious", "realistic", "due_on", "priority"]
        labels = {
            "specific": "S – spezifisch: Was genau soll gelingen?",
            "measurable": "M – messbar: Woran ist es zu erkennen?",
            "ambitious": "A – anspruchsvoll: Was ist daran neu?",
            "realistic": "R – realistisch: Ist es zu schaffen?",
            "due_on": "T – terminiert: Bis wann?",
        }
        help_texts = {
            "specific": "Welche Aufgabe, welches Verhalten? Beschreiben Sie, was nachher anders läuft als heute.",
            "measurable": "Was zeigt, dass die Zielstufe erreicht ist, und wer stellt das fest?",
            "ambitious": "Das Ziel soll fordern: Was kann die Person danach, was sie heute noch nicht kann?",
            "realistic": "Reichen Zeit, Geld und Unterstützung? Was muss dafür frei werden oder geklärt sein?",
            "due_on": "An diesem Tag soll die Zielstufe erreicht sein.",
            "priority": "1 ist am wichtigsten. Die anderen Ziele rücken von selbst nach.",
        }
        widgets = {
            **dict.fromkeys(["specific", "measurable", "ambitious", "realistic"], forms.Textarea(attrs={"rows": 3})),
            "due_on": date_input(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        higher = [(level.value, level.label) for level in Level if level > self.instance.from_level]
        self.fields["to_level"] = forms.TypedChoiceField(label="Zielstufe", choices=higher, coerce=int)
        ranks = range(1, self.instance.plan.goals.count() + 1)
        self.fields["priority"] = forms.TypedChoiceField(
            label="Rang",
            help_text=self.fields["priority"].help_text,
            choices=[(rank, rank) for rank in ranks],
            coerce=int,
        )

    def clean(self):
        super().clean()
        refuse_past(self, "due_on")
