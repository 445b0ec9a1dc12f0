"""The sheet of the Bestandsaufnahme."""

from django import forms

from assessments.models import StockTaking
from kompetenz.forms.fields import euros_field, hours_field
from kompetenz.forms.stamp import ReadForm

from .stock_taking import WHAT_WENT_IN, WORDING

EMPTY = "Bitte beantworten Sie mindestens eine Frage, bevor Sie die Bestandsaufnahme teilen."


class StockTakingForm(ReadForm):
    """Five questions, none of which has to be answered, and what time and money may go into learning."""

    hours_per_month = hours_field(
        "Zeit zum Lernen in Stunden je Monat",
        max_digits=5,
        help_text="Arbeitszeit, die aus Ihrer Sicht möglich ist, zum Beispiel 4 oder 2,5.",
    )
    budget = euros_field(
        "Geld für Fortbildung, in Euro", help_text="Nur wenn Sie eine Zahl kennen, zum Beispiel 1.200."
    )

    class Meta:
        model = StockTaking
        fields = WHAT_WENT_IN
        labels = WORDING
        widgets = dict.fromkeys(WORDING, forms.Textarea(attrs={"rows": 4}))
        help_texts = {
            "existing": "Auch das, was Sie nebenbei gelernt haben.",
            "hidden": "Aus früheren Stellen, Projekten oder einer Ausbildung. Privates gehört nicht hierher.",
            "conditions": "Zum Beispiel Zeit, Ausstattung, eine Vertretung, jemand mit Erfahrung.",
        }

    def clean(self):
        cleaned = super().clean()
        if self.data.get("teilen") == "ja" and not self.errors and not self.has_answers():
            self.add_error(None, EMPTY)
        return cleaned

    def has_answers(self):
        return any(self.cleaned_data[name] not in (None, "") for name in WHAT_WENT_IN)
