"""What people type into rounds, assessments and talks, checked."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from kompetenz.catalogue.models import Level
from kompetenz.people.models import Unit
from roles.models import RoleProfile

from .answers import CLEARED
from .models import Acknowledgement, Round, Talk

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


class RoundForm(forms.ModelForm):
    """A round in preparation; its deadlines lie in order and not in the past."""

    field_order = ["title", "purpose", "units", "profiles", "self_due", "manager_due", "talk_due"]

    class Meta:
        model = Round
        fields = [
            "title",
            "purpose",
            "units",
            "profiles",
            "self_due",
            "manager_due",
            "talk_due",
            "disclosure",
            "hides_target",
            "shows_levels_to_hr",
        ]
        widgets = {
            "self_due": date_field(),
            "manager_due": date_field(),
            "talk_due": date_field(),
            "units": forms.CheckboxSelectMultiple(attrs={"class": "kern-form-check__checkbox"}),
            "profiles": forms.CheckboxSelectMultiple,
            "disclosure": forms.RadioSelect,
        }
        help_texts = {"units": "Untergeordnete Einheiten gehören dazu. Ohne Auswahl: alle Einheiten."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        indent = "\N{EM SPACE}"
        tree = Unit.objects.in_tree_order()
        self.fields["units"].choices = [(unit.pk, f"{indent * unit.depth}{unit}") for unit in tree]
        chosen = self.instance.profiles.values("pk") if self.instance.pk else []
        self.fields["profiles"].queryset = RoleProfile.objects.filter(Q(retired_at=None) | Q(pk__in=chosen))
        if not self.instance.pk:
            today = timezone.localdate()
            suggested = {"self_due": 3, "manager_due": 3, "talk_due": 7}
            self.initial.update({field: today + timedelta(weeks=weeks) for field, weeks in suggested.items()})

    def clean(self):
        cleaned = super().clean()
        check_deadlines(self, cleaned)
        return cleaned


class DeadlinesForm(forms.ModelForm):
    """The only thing that changes in an open round."""

    class Meta:
        model = Round
        fields = ["self_due", "manager_due", "talk_due"]
        widgets = {"self_due": date_field(), "manager_due": date_field(), "talk_due": date_field()}

    def clean(self):
        cleaned = super().clean()
        check_deadlines(self, cleaned)
        return cleaned


def check_deadlines(form, cleaned):
    today = timezone.localdate()
    for field in ("self_due", "manager_due", "talk_due"):
        if field in form.changed_data and cleaned.get(field) and cleaned[field] < today:
            form.add_error(field, "Dieses Datum liegt in der Vergangenheit.")
    last = max((cleaned[f] for f in ("self_due", "manager_due") if cleaned.get(f)), default=None)
    if last and cleaned.get("talk_due") and cleaned["talk_due"] < last:
        form.add_error("talk_due", "Das Gespräch liegt nach den Einschätzungen. Bitte wählen Sie ein späteres Datum.")


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
