"""What people type into assessments and talks, checked."""

from django import forms
from django.utils import timezone

from kompetenz.catalogue.models import Level

from .answers import CLEARED
from .models import Acknowledgement, Talk

LONGEST_REMARK = 600  # characters

# What the rating form sends for each choice.
ANSWERS = {**{str(level): int(level) for level in Level.values}, "x": None}


def date_field():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def answers_of(post, assessment):
    """The levels and remarks in ``post`` that were changed on the page it was sent from.

    Each answer comes with what the page showed before (``was-…``), so that an older window
    does not overwrite what a newer one has saved.
    """
    levels, remarks = {}, {}
    for competency in assessment.participation.round.catalogue.competencies:
        answer = post.get(f"level-{competency.id}", "")
        if post.get("loeschen") == str(competency.id):
            levels[competency.id] = CLEARED
        elif answer in ANSWERS and answer != post.get(f"level-was-{competency.id}", "") and takes(assessment, answer):
            levels[competency.id] = ANSWERS[answer]
        text = written(post, f"remark-{competency.id}")[:LONGEST_REMARK]
        if text != written(post, f"remark-was-{competency.id}"):
            remarks[competency.id] = text
    return levels, remarks


def written(post, name):
    """What somebody wrote into a text field, with line ends as the browser counted them: one character each."""
    return post.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()


def takes(assessment, answer):
    """Whether this side may answer so: only raters of others may say that they cannot judge."""
    return not (answer == "x" and assessment.is_self)


def words_of(catalogue, levels, remarks):
    """Answers in words, to show what was not taken."""
    names = {**dict(Level.choices), None: "kann ich nicht beurteilen", CLEARED: "Auswahl aufgehoben"}
    told = [f"{catalogue.by_id[pk].name}: {names[level]}" for pk, level in levels.items()]
    return told + [f"{catalogue.by_id[pk].name}: „{text}“" for pk, text in remarks.items()]


class TalkForm(forms.ModelForm):
    """When and where the talk was held, and who else took part."""

    class Meta:
        model = Talk
        fields = ["held_on", "place", "attendees"]
        widgets = {"held_on": date_field()}
        help_texts = {"attendees": "Außer Ihnen beiden, zum Beispiel Personalrat auf Wunsch der Person."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "gespraech"  # the fields stand outside the <form>, see talk.html
        self.fields["held_on"].needed_later = True  # the record cannot do without it
        self.fields["held_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on and held_on > timezone.localdate():
            raise forms.ValidationError("Das Gespräch kann nicht in der Zukunft geführt worden sein.")
        return held_on


class StatementForm(forms.ModelForm):
    """What the person wants to stand beside the agreed profile in their own words."""

    class Meta:
        model = Talk
        fields = ["person_statement"]
        help_texts = {"person_statement": "Bitte keine Angaben zu Gesundheit oder Privatleben."}


class AcknowledgementForm(forms.ModelForm):
    """Taking note is not agreeing; whoever declines says why."""

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
        model = Acknowledgement
        fields = ["declined", "statement"]
        labels = {"statement": "Stellungnahme dazu"}
        help_texts = {"statement": "Nur nötig, wenn Sie ablehnen."}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("declined") and not cleaned.get("statement", "").strip():
            self.add_error("statement", "Bitte schreiben Sie, warum Sie die Kenntnisnahme ablehnen.")
        return cleaned


class TargetForm(forms.Form):
    """A manager's expectation that differs from the role profile, with its reason (paper 4.3.1)."""

    competency = forms.TypedChoiceField(
        label="Kompetenz",
        coerce=int,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Diese Kompetenz gehört nicht zu dieser Runde."},
    )
    level = forms.TypedChoiceField(label="Soll", choices=Level.choices, coerce=int)
    reason = forms.CharField(label="Begründung", max_length=300, required=False)

    def __init__(self, catalogue, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = [(competency.id, competency.name) for competency in catalogue.competencies]
