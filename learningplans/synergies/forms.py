"""What a group is reckoned with, and what HR proposes."""

from django import forms

from kompetenz.forms.fields import date_input, euros_field, hours_field, refuse_past
from learningplans.models import LearningFormat, LearningGroup, Offer

from .clusters import Terms

USUAL = Terms()


class TermsForm(forms.Form):
    """The terms of the calculation; without values, or with impossible ones, the usual ones."""

    plaetze = forms.IntegerField(label="Plätze je Gruppe", min_value=2, max_value=500, initial=USUAL.seats)
    mindestens = forms.IntegerField(label="Mindestens", min_value=2, max_value=500, initial=USUAL.smallest)
    honorar = euros_field("Honorar einer Gruppe je Tag in Euro", max_digits=8, required=True, initial=USUAL.fee)
    fahrt = hours_field("Fahrtstunden je Tag einer Einzelbuchung", max_digits=4, required=True, initial=USUAL.travel)

    def __init__(self, data=None):
        """The fields that an address names, with the usual values for the others."""
        usual = {name: field.prepare_value(field.initial) for name, field in self.base_fields.items()}
        super().__init__(usual | {name: data[name] for name in usual if name in data} if data else usual)
        self.use_required_attribute = False

    def clean(self):
        super().clean()
        smallest, seats = self.cleaned_data.get("mindestens"), self.cleaned_data.get("plaetze")
        if smallest and seats and smallest > seats:
            self.add_error("mindestens", "Mehr als die Plätze einer Gruppe. Bitte prüfen Sie beide Zahlen.")

    @property
    def terms(self):
        if not self.is_valid():
            return USUAL
        said = self.cleaned_data
        return Terms(said["plaetze"], said["mindestens"], said["honorar"], said["fahrt"])


class LearningGroupForm(forms.ModelForm):
    """A group for one way to go; formats that suit its category come first, of offers those that name its competency."""

    hours = hours_field("Zeitbedarf in Stunden je Person")
    cost = euros_field("Kosten der Gruppe in Euro")

    class Meta:
        model = LearningGroup
        fields = [
            "title", "format", "offer", "provider", "starts_on", "due_on", "seats", "hours", "cost", "answer_by",
        ]  # fmt: skip
        labels = {"due_on": "Ende", "starts_on": "Beginn"}
        help_texts = {
            "title": "So heißt die Maßnahme im Lernplan.",
            "cost": "Im Lernplan jeder Person steht ihr Anteil: die Kosten geteilt durch die Plätze.",
            "answer_by": "Danach kann niemand mehr zusagen.",
        }
        widgets = {name: date_input() for name in ("starts_on", "due_on", "answer_by")}

    def __init__(self, *args, competency, today, **kwargs):
        super().__init__(*args, **kwargs)
        suiting = [*formats_for(competency)]
        others = LearningFormat.objects.filter(is_offered=True, needs_mentor=False).exclude(
            pk__in=[one.pk for one in suiting]
        )
        self.fields["format"].queryset = LearningFormat.objects.filter(is_offered=True, needs_mentor=False)
        self.fields["format"].choices = [
            ("", "Bitte wählen"),
            ("Passt zur Kategorie", [(one.pk, one.name) for one in suiting]),
            ("Weitere", [(one.pk, one.name) for one in others]),
        ]
        self.fields["offer"].queryset = Offer.objects.to_choose(today).filter(competencies=competency)
        self.fields["offer"].empty_label = "kein Angebot"

    def clean(self):
        super().clean()
        for name in ("starts_on", "due_on", "answer_by"):
            refuse_past(self, name)
        starts_on, due_on, answer_by = (self.cleaned_data.get(name) for name in ("starts_on", "due_on", "answer_by"))
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        if answer_by and due_on and answer_by > due_on:
            self.add_error("answer_by", "Die Antwort muss vor dem Ende da sein.")
        offer, format_ = self.cleaned_data.get("offer"), self.cleaned_data.get("format")
        if offer and format_ and offer.format_id != format_.pk:
            self.add_error("offer", "Dieses Angebot hat ein anderes Format.")


def formats_for(competency):
    """Formats that are offered, need no mentor of one's own, and suit the category of the competency."""
    return LearningFormat.objects.filter(is_offered=True, needs_mentor=False, suits=competency.category_id)
