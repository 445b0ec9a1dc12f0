from django import forms

from .models import FactSheetComment
from .papers import VARIANTS, chosen


class CommentForm(forms.ModelForm):
    """What an auditor says of a fact sheet."""

    class Meta:
        model = FactSheetComment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class VariantForm(forms.Form):
    """Which variant of the sample agreement is shown."""

    def __init__(self, asked):
        super().__init__(initial={name: "ja" if is_so else "nein" for name, is_so in chosen(asked).items()})
        for name, (label, answers) in VARIANTS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=list(answers.items()))
