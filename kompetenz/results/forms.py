"""HR's form before a publication."""

from django import forms


class PublishForm(forms.Form):
    is_for_all = forms.BooleanField(
        label="Alle Beschäftigten dürfen diesen Stand lesen",
        required=False,
        help_text="Sonst lesen ihn Personalentwicklung, Datenschutz und Personalrat; Führungskräfte die Verwaltung im "
        "Ganzen und die Einheiten ihrer Leute.",
    )
