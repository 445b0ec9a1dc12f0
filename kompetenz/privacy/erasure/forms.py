"""The second confirmation: whoever erases somebody writes down whom."""

from django import forms
from django.core.exceptions import ValidationError

from kompetenz.text import address, line, number


class EraseForm(forms.Form):
    """Name and number of the person, typed in; the number is the address where there is none."""

    name = forms.CharField(label="Vor- und Nachname der Person", max_length=170)
    number = forms.CharField(label="Personalnummer der Person", max_length=254)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.personnel_number:
            self.fields["number"].label = "E-Mail-Adresse der Person"
            if not person.email:
                del self.fields["number"]

    def clean_name(self):
        typed = " ".join(line(self.cleaned_data["name"]).split())
        if typed != " ".join(str(self.person).split()):
            raise ValidationError(
                "So heißt diese Person nicht. Schreiben Sie Vor- und Nachnamen wie oben auf der Seite."
            )
        return typed

    def clean_number(self):
        typed = self.cleaned_data["number"]
        meant = self.person.personnel_number or self.person.email
        if meant not in (number(typed), address(typed)):
            raise ValidationError(
                f"Das ist nicht die {self.fields['number'].label.removesuffix(' der Person')} dieser Person."
            )
        return typed
