"""Which competencies become goals, and the SMART questions of one (paper 4.3.1)."""

from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from kompetenz.forms.fields import date_input, refuse_past
from kompetenz.forms.stamp import ReadForm
from learningplans.models import Goal


class GoalChoiceForm(forms.Form):
    """Which competencies become goals: a box and a level for each candidate, no box ticked beforehand."""

    def __init__(self, *args, gaps, wishes, goals, **kwargs):
        """``goals`` are the competencies that are goals already, by id and name."""
        super().__init__(*args, **kwargs)
        self.goals = goals
        self.candidates = [*gaps, *wishes]
        for candidate in self.candidates:
            name = candidate.competency.name
            self.fields[self.box(candidate)] = forms.BooleanField(label=name, required=False)
            self.fields[self.level(candidate)] = forms.TypedChoiceField(
                label=f"Zielstufe für {name}", choices=candidate.levels, initial=candidate.proposal, coerce=int
            )
        self.required = self.rows(gap for gap in gaps if gap.required)
        self.desirable = self.rows(gap for gap in gaps if not gap.required)
        self.wishes = self.rows(wishes)

    @staticmethod
    def box(candidate):
        return f"ziel-{candidate.competency.id}"

    @staticmethod
    def level(candidate):
        return f"stufe-{candidate.competency.id}"

    def rows(self, candidates):
        """Each candidate with its two fields."""
        return [(candidate, self[self.box(candidate)], self[self.level(candidate)]) for candidate in candidates]

    def clean(self):
        super().clean()
        taken = [name for pk, name in self.goals.items() if f"ziel-{pk}" in self.data]
        if taken:
            raise ValidationError(f"Inzwischen schon ein Ziel des Plans: {', '.join(taken)}. Das bleibt, wie es ist.")
        if not self.errors and not self.chosen:
            raise ValidationError("Bitte wählen Sie mindestens eine Kompetenz aus.")

    @property
    def chosen(self):
        """The ticked candidates with the level to reach."""
        return [
            (candidate, self.cleaned_data[self.level(candidate)])
            for candidate in self.candidates
            if self.cleaned_data[self.box(candidate)]
        ]

    @property
    def any_far(self):
        """Whether for some candidate the proposal does not reach the Soll, which the page explains."""
        return any(candidate.is_far for candidate in self.candidates)

    @property
    def any_wish(self):
        """Whether a box among the wishes is ticked, so that it is not hidden when the form comes back."""
        return any(box.value() for _, box, _ in self.wishes)


class GoalForm(ReadForm):
    """One goal, a question for each letter of SMART (paper 4.3.1). Every letter may be left open in a draft."""

    LETTERS = {
        "S – spezifisch": ["specific"],
        "M – messbar": ["aim", "to_level", "measurable", "seen_by"],
        "A – anspruchsvoll": ["ambitious"],
        "R – realistisch": ["realistic"],
        "T – terminiert": ["due_on"],
    }

    class Meta:
        model = Goal
        fields = [
            "aim",
            "to_level",
            "specific",
            "measurable",
            "seen_by",
            "ambitious",
            "realistic",
            "due_on",
            "priority",
        ]
        labels = {
            "to_level": "Welche Stufe soll erreicht werden?",
            "specific": "Was genau soll gelingen?",
            "measurable": "Woran ist die Stufe zu erkennen?",
            "seen_by": "Wer stellt es fest?",
            "ambitious": "Was ist daran neu?",
            "realistic": "Ist es zu schaffen?",
            "due_on": "Bis wann ist die Stufe erreicht?",
        }
        help_texts = {
            "aim": "Vertiefen und auffrischen geht auch auf der Stufe, die schon erreicht ist.",
            "specific": "Welche Aufgabe, welches Verhalten? Beschreiben Sie, was nachher anders läuft als heute.",
            "measurable": "Was lässt sich beobachten oder zeigen?",
            "seen_by": "Zum Beispiel die Führungskraft oder jemand aus dem Fachamt.",
            "ambitious": "Das Ziel soll fordern: Was kann die Person danach, was sie heute noch nicht kann?",
            "realistic": "Reichen Zeit, Geld und Unterstützung? Was muss dafür frei werden oder geklärt sein?",
            "priority": "1 ist am wichtigsten. Die anderen Ziele rücken von selbst nach.",
        }
        widgets = {
            **dict.fromkeys(["specific", "measurable", "ambitious", "realistic"], forms.Textarea(attrs={"rows": 3})),
            "due_on": date_input(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        goal = self.instance
        self.final = goal.plan.reviews.filter(is_final=True).first()
        self.open_letters = goal.open_letters
        for name in chain(*Goal.LETTERS.values()):
            self.fields[name].needed_later = True  # each letter has a badge that says whether it is open
        if self.final:
            self.fields["due_on"].help_text = f"Spätestens zum Abschlussgespräch am {in_full(self.final.planned_on)}."
        self.catalogue = goal.plan.participation.round.catalogue
        aims = aims_from(goal.from_level, self.catalogue.highest)
        self.fields["aim"].choices = [(aim.value, aim.label) for aim in aims]
        self.fields["to_level"] = self.numbers("to_level", levels_from(goal.from_level, self.catalogue))
        for name in ("aim", "to_level"):
            if len(self.fields[name].choices) == 1:
                del self.fields[name]
        count = goal.plan.goals.pursued().count() + (goal.pk is None)
        self.fields["priority"] = self.numbers("priority", [(rank, rank) for rank in range(1, count + 1)])

    def numbers(self, name, choices):
        """A field of the model as a choice of numbers."""
        field = self.fields[name]
        return forms.TypedChoiceField(label=field.label, help_text=field.help_text, choices=choices, coerce=int)

    @property
    def letters(self):
        """Each letter with its questions, and whether it is still open as it is stored."""
        return [
            {
                "name": name,
                "fields": [self[field] for field in fields if field in self.fields],
                "is_open": name[0] in self.open_letters,
            }
            for name, fields in self.LETTERS.items()
        ]

    def clean(self):
        super().clean()
        refuse_past(self, "due_on")
        due_on, level = self.cleaned_data.get("due_on"), self.cleaned_data.get("to_level")
        if due_on and self.final and due_on > self.final.planned_on:
            self.add_error(
                "due_on",
                f"Das Abschlussgespräch ist am {in_full(self.final.planned_on)}. Das Ziel endet spätestens an diesem Tag.",
            )
        if level == self.instance.from_level and self.cleaned_data.get("aim") == Goal.Aim.RAISE:
            self.add_error(
                "to_level",
                f"Aufbauen heißt: eine höhere Stufe als {self.catalogue.scale.names[level]}. Wählen Sie eine höhere, "
                "oder als Vorhaben „vertiefen“ oder „auffrischen“.",
            )


def aims_from(level, highest):
    """What can be meant to do from this level on: nothing to keep up at the lowest, nothing to raise at the highest."""
    if not level:
        return [Goal.Aim.RAISE]
    return [aim for aim in Goal.Aim if level < highest or aim != Goal.Aim.RAISE]


def levels_from(level, catalogue):
    """The levels a goal may lead to, as choices; at the lowest there is nothing to keep up."""
    return [(value, name) for value, name in catalogue.choices if value >= max(level, 1)]


def in_full(day):
    return date_format(day)
