"""The final review: a look back on SMART, and how each goal goes on (paper 4.3.3)."""

from django import forms

from learningplans.models import FinalCheck, FollowUp


class FinalCheckForm(forms.ModelForm):
    """Whether the plan was SMART in practice, letter by letter; to stand in one HTML form with others.

    Once it is answered nobody undoes what it sends, so it is to be ``confirmed`` as well.
    """

    confirmed = forms.BooleanField(
        label="Mit der Antwort darauf endet der Lernplan. Danach ändert niemand mehr etwas daran.",
        error_messages={"required": "Bitte bestätigen Sie, dass der Lernplan mit diesem Gespräch endet."},
    )
    prefix = "smart"
    LETTERS = {
        "specific": "S – spezifisch: War klar, was gelingen soll?",
        "measurable": "M – messbar: Ließ sich erkennen, was erreicht ist?",
        "ambitious": "A – anspruchsvoll: Haben die Ziele gefordert?",
        "realistic": "R – realistisch: Reichten Zeit, Geld und Unterstützung?",
        "timed": "T – terminiert: Haben die Termine gehalten?",
    }

    class Meta:
        model = FinalCheck
        fields = ["specific", "measurable", "ambitious", "realistic", "timed", "remark", "note_for_next"]
        help_texts = {
            "remark": "Was würden Sie beim nächsten Lernplan anders machen?",
            "note_for_next": "Das lesen die Person und ihre Führungskraft, wenn die nächste Runde beginnt.",
        }
        widgets = {"remark": forms.Textarea(attrs={"rows": 3}), "note_for_next": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.LETTERS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=FinalCheck.Answer.choices, widget=forms.RadioSelect
            )

    @property
    def letters(self):
        return [self[name] for name in self.LETTERS]


class FollowUpForms(forms.Form):
    """How each goal of the plan goes on, with a short text; nothing is an answer, too.

    ``entries`` are the plan's GoalEntries, ``stored`` what was chosen before by competency id. To stand in one HTML form
    with others.
    """

    prefix = "weiter"
    KINDS = [("", "Es ist nichts weiter nötig"), *FollowUp.Kind.choices]

    def __init__(self, *args, entries, stored=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            if known := (stored or {}).get(entry.goal.competency_id):
                self.initial |= {f"kind-{entry.goal.pk}": known.kind, f"text-{entry.goal.pk}": known.text}
            self.fields[f"kind-{entry.goal.pk}"] = forms.ChoiceField(
                label=f"Wie geht es mit „{entry.competency.name}“ weiter?", choices=self.KINDS, required=False
            )
            self.fields[f"text-{entry.goal.pk}"] = forms.CharField(
                label=f"Vorschlag zu „{entry.competency.name}“", max_length=300, required=False
            )

    @property
    def rows(self):
        """Each entry with its two fields."""
        return [(entry, self[f"kind-{entry.goal.pk}"], self[f"text-{entry.goal.pk}"]) for entry in self.entries]

    def clean(self):
        super().clean()
        for entry in self.entries:
            kind, text = self.answer(entry)
            if text and not kind:
                self.add_error(
                    f"kind-{entry.goal.pk}", "Bitte wählen Sie, wie es weitergeht, oder leeren Sie den Text."
                )

    def answer(self, entry):
        return self.cleaned_data.get(f"kind-{entry.goal.pk}"), self.cleaned_data.get(f"text-{entry.goal.pk}")

    @property
    def chosen(self):
        """A FollowUp, not saved, for each goal that goes on."""
        answers = [(entry, *self.answer(entry)) for entry in self.entries]
        return [
            FollowUp(competency_id=entry.goal.competency_id, kind=kind, text=text)
            for entry, kind, text in answers
            if kind
        ]
