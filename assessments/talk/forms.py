"""What is typed into a talk: its frame, the person's statement, each side's answer to the record."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Statement, Talk
from kompetenz.forms.fields import date_input
from kompetenz.forms.stamp import ReadForm


class TalkForm(forms.ModelForm):
    """When and where the talk was held, and who else took part."""

    class Meta:
        model = Talk
        fields = ["held_on", "place", "attendees"]
        widgets = {"held_on": date_input()}
        help_texts = {
            "attendees": "Außer Ihnen beiden, auf Wunsch der Person, zum Beispiel Personalrat. Nichts über den Grund."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "gespraech"  # the fields stand outside the <form>, see talk.html
        self.fields["held_on"].needed_later = True  # the record cannot do without it
        self.opened_on = timezone.localdate(self.instance.participation.round.opened_at)
        self.fields["held_on"].widget.attrs["min"] = self.opened_on.isoformat()
        self.fields["held_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on and held_on > timezone.localdate():
            raise forms.ValidationError("Das Gespräch kann nicht in der Zukunft geführt worden sein.")
        if held_on and held_on < self.opened_on:
            opened_on = date_format(self.opened_on)
            raise forms.ValidationError(
                f"Die Runde ist erst seit dem {opened_on} eröffnet. Bitte prüfen Sie das Datum."
            )
        return held_on


class StatementForm(ReadForm):
    """What the person wants to stand beside the agreed profile in their own words."""

    class Meta:
        model = Talk
        fields = ["person_statement"]
        help_texts = {
            "person_statement": "Bis zu Ihrer Antwort auf das Ergebnis lesen nur Sie diese Stellungnahme, danach auch Ihre "
            "Führungskraft. Bitte keine Angaben zu Gesundheit oder Privatleben."
        }


class ReturnForm(forms.ModelForm):
    """The record goes back with what is to be changed in it."""

    return_reason = forms.CharField(
        label="Was soll an der Niederschrift geändert werden?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Talk
        fields = ["return_reason"]


class TalkAnswerForm(ReadForm):
    """The person's answer to the record, with what they say to it. Taking note is not agreeing; whoever declines says why."""

    declined = forms.TypedChoiceField(
        label="Ihre Antwort",
        choices=[
            ("nein", "Ich habe das Ergebnis zur Kenntnis genommen. Das heißt nicht, dass ich zustimme."),
            ("ja", "Ich lehne die Kenntnisnahme ab und gebe eine Stellungnahme ab."),
        ],
        coerce=lambda answer: answer == "ja",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Talk
        fields = ["person_statement"]
        labels = {"person_statement": "Stellungnahme"}
        help_texts = {
            "person_statement": "Nötig, wenn Sie ablehnen. Sie steht dauerhaft beim Ergebnis; bis zu Ihrer Antwort lesen nur Sie diese "
            "Stellungnahme. Bitte keine Angaben zu Gesundheit oder Privatleben."
        }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("declined") and not cleaned.get("person_statement", "").strip():
            self.add_error("person_statement", "Bitte schreiben Sie, warum Sie die Kenntnisnahme ablehnen.")
        return cleaned

    @property
    def answer(self):
        """What recording.acknowledge notes: one statement, with the refusal or else beside the result."""
        declined, text = self.cleaned_data["declined"], self.cleaned_data["person_statement"]
        return {"declined": declined, "statement": text if declined else "", "own_view": "" if declined else text}


class OwnStatementForm(ReadForm):
    """What the person says to the Fremdeinschätzung about them; empty takes it back."""

    class Meta:
        model = Statement
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
