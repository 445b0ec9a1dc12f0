"""What HR says before a publication, and at the beginning of its report."""

from django import forms

from kompetenz.forms.stamp import ReadForm

from .models import Publication


class PublishForm(forms.Form):
    is_for_all = forms.BooleanField(
        label="Alle Beschäftigten dürfen diesen Stand lesen",
        required=False,
        help_text="Sonst lesen ihn Personalentwicklung, Datenschutz und Personalrat; Führungskräfte die Verwaltung im "
        "Ganzen und die Einheiten ihrer Leute.",
    )


class IntroductionForm(ReadForm):
    class Meta:
        model = Publication
        fields = ["introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "introduction": "Steht am Anfang des Berichts. Eine leere Zeile beginnt einen neuen Absatz. Nennen Sie "
            "keine einzelnen Personen: Den Bericht liest, wer die ganze Auswertung lesen darf."
        }
