"""HR says after how many months a competency is to be refreshed, and what the levels are called."""

from django import forms

from kompetenz.forms.stamp import ReadFields

from .level_names import WORDINGS, chosen
from .models import Competency, Level

MOST = 120  # months


class RefreshingForm(ReadFields, forms.Form):
    """One number of months for each competency, 1 to 120; empty is never."""

    def __init__(self, *args, holds, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Competency.objects.select_related("category")
        self.competencies = list(rows.select_for_update(of=("self",), no_key=True) if holds else rows)
        for number, one in enumerate(self.competencies, start=1):
            self.fields[self.name_of(one)] = forms.IntegerField(
                label=f"{number} {one.name}",
                required=False,
                min_value=1,
                max_value=MOST,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 5}),
                error_messages={"invalid": "Bitte eine ganze Zahl von Monaten eingeben."},
            )

            self.initial[self.name_of(one)] = one.refresh_months

    @staticmethod
    def name_of(competency):
        return f"monate-{competency.pk}"

    def rows(self):
        """(competency, its field) in the wheel's order."""
        return [(one, self[self.name_of(one)]) for one in self.competencies]

    def save(self):
        """Write what has changed; answers how many competencies that is."""
        changed = [one for one in self.competencies if self.name_of(one) in self.changed_data]
        for one in changed:
            one.refresh_months = self.cleaned_data[self.name_of(one)]
        Competency.objects.bulk_update(changed, ["refresh_months"])
        return len(changed)


class LevelNamesForm(ReadFields, forms.Form):
    """Which set of names the levels have."""

    names = forms.ChoiceField(
        label="Namen der Stufen",
        choices=[(key, one.label) for key, one in WORDINGS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie die Stufen heißen."},
    )

    def __init__(self, *args, holds, **kwargs):
        super().__init__(*args, **kwargs)
        if holds:
            list(Level.objects.select_for_update(no_key=True))
        self.initial["names"] = chosen()
