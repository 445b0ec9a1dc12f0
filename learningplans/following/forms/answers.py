"""What the other side answers to a record: taken note of, declined, or sent back for a correction."""

from django import forms

from assessments.models import RETURNED_OFTEN_ENOUGH
from learningplans.models import RecordOfTwo

SEND_BACK = "back"


class AnswerForm(forms.Form):
    """Taking note is not agreeing; whoever declines or sends back says why.

    ``corrector`` acts today on the side that wrote it, as the subject of a sentence. Where it was sent back often enough
    (``is_last``) that is not offered.
    """

    answer = forms.ChoiceField(label="Ihre Antwort", widget=forms.RadioSelect)
    statement = forms.CharField(
        label="Stellungnahme",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nötig, wenn Sie ablehnen oder zurückgeben.",
    )

    def __init__(self, *args, noted, declined, corrector, is_last=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.corrector, self.is_last = corrector, is_last
        self.fields["answer"].choices = [
            (RecordOfTwo.Answer.NOTED.value, noted),
            (RecordOfTwo.Answer.DECLINED.value, declined),
        ]
        if is_last:
            self.fields["answer"].help_text = RETURNED_OFTEN_ENOUGH
            self.fields["statement"].help_text = "Nötig, wenn Sie ablehnen."
        else:
            again = f"Ich gebe es zurück, damit {corrector} es berichtigt."
            self.fields["answer"].choices += [(SEND_BACK, again)]

    def clean(self):
        cleaned = super().clean()
        answer, statement = cleaned.get("answer"), cleaned.get("statement", "")
        if answer == RecordOfTwo.Answer.DECLINED and not statement:
            self.add_error("statement", "Bitte schreiben Sie, warum Sie ablehnen.")
        if answer == SEND_BACK and not statement:
            self.add_error("statement", "Bitte schreiben Sie, was fehlt oder nicht stimmt.")

    @property
    def sends_back(self):
        return self.cleaned_data["answer"] == SEND_BACK
