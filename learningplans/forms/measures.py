"""One measure of a Lernplan."""

from django import forms

from learningplans.models import LearningFormat, Measure

from .fields import GermanDecimalField, date_input


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
