"""Forms of the Lernplan: goals, measures, reviews."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.catalogue.models import Level

from .models import Goal, LearningFormat, Measure, Review

THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


class GermanDecimalField(forms.DecimalField):
    """A number as Germans write it: "1,5", "1.250,50", with or without "€"."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        number = re.sub(r"[\s€]", "", value or "")
        if "," in number or THOUSANDS.fullmatch(number):
            number = number.replace(".", "").replace(",", ".")
        return super().to_python(number)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else str(value).replace(".", ",").removesuffix(",0")


def date_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def refuse_past(form, name):
    """Refuse a newly entered day before today; one that stood there before may stay."""
    day = form.cleaned_data.get(name)
    if day and name in form.changed_data and day < timezone.localdate():
        form.add_error(name, "Dieser Tag liegt in der Vergangenheit.")


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


class MeasureForm(forms.ModelForm):
    """One measure: in which format, for which goals, when, where, with whom, at what cost."""

    hours = GermanDecimalField(
        label="Zeitbedarf in Stunden",
        max_digits=6,
        decimal_places=1,
        min_value=0,
        required=False,
        help_text="Arbeitszeit, zum Beispiel 12 oder 1,5.",
    )
    cost = GermanDecimalField(
        label="Kosten in Euro",
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="Zum Beispiel 1.250,50.",
    )

    class Meta:
        model = Measure
        fields = ["goals", "format", "title", "starts_on", "due_on", "provider", "responsible", "hours", "cost"]
        labels = {"due_on": "Ende oder fällig am", "responsible": "Verantwortlich"}
        help_texts = {
            "title": "Kurz und so, dass andere sie wiedererkennen. Die Personalentwicklung liest diesen Titel.",
            "provider": "Wer bietet sie an, wo findet sie statt?",
            "responsible": "Wer sorgt dafür, dass es dazu kommt?",
        }
        widgets = {
            "goals": forms.CheckboxSelectMultiple,
            "format": forms.RadioSelect,
            "starts_on": date_input(),
            "due_on": date_input(),
        }
        error_messages = {
            "goals": {"required": "Bitte wählen Sie mindestens ein Ziel, dem die Maßnahme dient."},
            "format": {"required": "Bitte wählen Sie ein Format."},
        }

    def __init__(self, *args, goals, preselected=(), **kwargs):
        """``goals`` are the plan's GoalEntries; ``preselected`` are the ids of those ticked in a new measure."""
        super().__init__(*args, **kwargs)
        self.fields["goals"].queryset = self.instance.plan.goals.all()
        self.fields["goals"].choices = [(e.goal.pk, f"Ziel {e.number}: {e.competency.name}") for e in goals]
        if not self.instance.pk:
            self.initial["goals"] = list(preselected)
            self.initial["responsible"] = self.instance.plan.participation.person_name
        self.formats = self.grouped_formats([e for e in goals if e.goal.pk in preselected] or goals)
        self.fields["format"].choices = [
            (row["format"].pk, row["format"].name) for _, rows in self.formats for row in rows
        ]

    def grouped_formats(self, wanted):
        """The formats by their nearness to the job, in each group those that fit most of the ``wanted`` goals first."""
        catalogue = self.instance.plan.participation.round.catalogue
        category_of = {c.id: category.key for category in catalogue.categories for c in category.competencies}
        groups = {label: [] for label in LearningFormat.Job.labels}
        for format_ in LearningFormat.objects.prefetch_related("suits"):
            suits = {category.key for category in format_.suits.all()}
            fitting = [entry.number for entry in wanted if category_of[entry.competency.id] in suits]
            groups[format_.get_job_display()].append({"format": format_, "fitting": fitting})
        return [(job, sorted(rows, key=lambda row: -len(row["fitting"]))) for job, rows in groups.items() if rows]

    @property
    def format_groups(self):
        """``grouped_formats`` with each format's radio button, as the page shows them."""
        buttons = {str(button.data["value"]): button for button in self["format"]}
        return [
            (job, [{**row, "button": buttons[str(row["format"].pk)]} for row in rows]) for job, rows in self.formats
        ]

    def clean(self):
        super().clean()
        starts_on, due_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")


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


class ReviewRecordForm(forms.ModelForm):
    """What a review has brought."""

    held_on = forms.DateField(label="Geführt am", widget=date_input())

    class Meta:
        model = Review
        fields = ["held_on", "notes"]
        labels = {"notes": "Ergebnis"}
        help_texts = {
            "notes": "Was ist gelungen, was hat geholfen, was ändert sich? Beide Seiten lesen diesen Text.",
        }
        widgets = {"notes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.held_on:
            self.initial["held_on"] = timezone.localdate()

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft. Festgehalten wird nach dem Gespräch.")
        return held_on
