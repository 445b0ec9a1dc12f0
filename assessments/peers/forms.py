"""Whom somebody asks for a view from among their colleagues."""

from django import forms

from kompetenz.people.models import Person

from .asking import suggestions, who_may_be_asked

NOBODY = "Bitte suchen Sie einen Namen und wählen Sie eine Person aus den Vorschlägen."
CHOOSE = "Bitte wählen Sie eine Person aus den Vorschlägen."
NOT_POSSIBLE = "Diese Person kann keine Einschätzung aus dem Kollegium geben. Bitte wählen Sie eine andere."


class ColleagueForm(forms.Form):
    """One colleague, chosen from those whose names match what was written; writing a name alone chooses nobody."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge.",
    )
    colleague = forms.ModelChoiceField(Person.objects.none(), label="Vorschlag aus dem Kollegium", required=False)

    def __init__(self, participation, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.participation = participation
        self.fields["colleague"].queryset = who_may_be_asked(participation)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.matches = []

    def clean(self):
        super().clean()
        self.errors.pop("name", None)
        if self.cleaned_data.get("colleague"):
            return
        self.matches = suggestions(self.participation, self.cleaned_data.get("name", ""))
        refused = self.errors.pop("colleague", None)
        self.add_error("name", NOT_POSSIBLE if refused else CHOOSE if self.matches else NOBODY)
