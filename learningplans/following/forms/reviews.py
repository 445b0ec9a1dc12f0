"""When a review takes place, what both sides think before it, and what it has brought (paper 4.3.3)."""

import re
from copy import copy
from dataclasses import dataclass
from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.forms.fields import date_input, refuse_past
from kompetenz.forms.stamp import ReadForm, tell_beside
from learningplans.drafting.holding import OutOfState
from learningplans.drafting.reviews import MOST_AT_ONCE, series
from learningplans.models import FinalCheck, Preparation, Review

from .closing import FinalCheckForm, FollowUpForms


class ReviewDateForm(ReadForm):
    """When and where a review takes place, and whether it is the final one; only one review of a plan can be."""

    class Meta:
        model = Review
        fields = ["planned_on", "starts_at", "place", "is_final"]
        help_texts = {"is_final": "Mit dem Abschlussgespräch endet der Lernplan."}
        widgets = {
            "planned_on": date_input(),
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = list(self.instance.plan.reviews.exclude(pk=self.instance.pk))
        if any(review.is_final for review in self.others):
            del self.fields["is_final"]

    def clean(self):
        super().clean()
        refuse_past(self, "planned_on")
        planned_on, is_final = self.cleaned_data.get("planned_on"), bool(self.cleaned_data.get("is_final"))
        if planned_on and (problem := Review(planned_on=planned_on, is_final=is_final).out_of_order(self.others)):
            self.add_error("planned_on", problem)


class ReviewSeriesForm(ReviewDateForm):
    """One more review of a draft, or several at once: every so many months until a last day."""

    every = forms.TypedChoiceField(
        label="Wiederholen",
        choices=[
            ("", "nur dieser Termin"),
            (1, "jeden Monat"),
            (2, "alle zwei Monate"),
            (3, "jedes Vierteljahr"),
            (6, "jedes Halbjahr"),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    last_on = forms.DateField(
        label="bis längstens",
        widget=date_input(),
        required=False,
        help_text="Fällt ein Tag auf ein Wochenende, ist es der Montag danach.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "is_final" in self.fields:
            self.fields["is_final"].help_text += " Bei mehreren Terminen ist es der letzte."

    def clean(self):
        super().clean()
        first, every, last = (self.cleaned_data.get(name) for name in ("planned_on", "every", "last_on"))
        if every and not last and "last_on" not in self.errors:
            self.add_error("last_on", "Bitte wählen Sie, bis wann sich der Termin wiederholt.")
        elif first and every and last:
            self.check_series(series(first, every, last))

    def check_series(self, days):
        if not 1 < len(days) <= MOST_AT_ONCE:
            self.add_error("last_on", f"Das ergibt {len(days)} Termine. Möglich sind 2 bis {MOST_AT_ONCE} auf einmal.")
            return
        one = Review(planned_on=days[-1])
        if not self.cleaned_data.get("is_final") and (problem := one.out_of_order(self.others)):
            self.add_error("last_on", problem)

    @property
    def days(self):
        """The days to be entered, the first one first."""
        first, every, last = (self.cleaned_data[name] for name in ("planned_on", "every", "last_on"))
        return series(first, every, last) if every else [first]


class LevelChoice(forms.TypedChoiceField):
    """A level for one goal, as radio buttons; ``open_answer`` is (value, words) of the answer that gives none."""

    def __init__(self, *, label, scale, open_answer=None):
        super().__init__(
            label=label,
            choices=list(enumerate(scale.names)) + ([open_answer] if open_answer else []),
            widget=forms.RadioSelect,
            required=False,
            coerce=lambda value: None if open_answer and value == open_answer[0] else int(value),
            empty_value=None,
        )


@dataclass(frozen=True)
class GoalRow:
    """One goal of a form with its fields, and the levels to choose from as (value, name, anchor, whether chosen)."""

    standing: object
    level: forms.BoundField
    helped: forms.BoundField | None = None

    @property
    def choices(self):
        anchors = ("", *self.standing.entry.competency.anchors)
        chosen = str(self.level.value() if self.level.value() is not None else "")
        for index, (value, name) in enumerate(self.level.field.choices):
            yield str(value), name, anchors[index] if index < len(anchors) else "", str(value) == chosen


class PreparationForm(forms.ModelForm):
    """What one side thinks before a review: a level for each goal, and three questions about all of them.

    A draft may leave everything open. Who releases gives every goal a level; the manager may say "kann ich nicht
    beurteilen".
    """

    class Meta:
        model = Preparation
        fields = ["helped", "hindered", "wishes", "changed_tasks"]
        help_texts = {
            "changed_tasks": "Was ist dazugekommen oder weggefallen? Wenn alles beim Alten ist, bleibt das Feld leer.",
            "helped": "Zeit, Unterstützung, eine Maßnahme, etwas anderes?",
            "hindered": "Was kam dazwischen, was war zu wenig?",
            "wishes": "Am Plan, an der Arbeit, an der Begleitung.",
        }
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, standings, levels, **kwargs):
        """``standings`` are the plan's goals at this review, ``levels`` what the side has saved of them."""
        super().__init__(*args, **kwargs)
        self.standings = standings
        is_manager = self.instance.side == Preparation.Side.MANAGER
        for standing in standings:
            name = self.name(standing)
            self.fields[name] = LevelChoice(
                label=standing.entry.competency.name,
                scale=standing.entry.scale,
                open_answer=("x", "kann ich nicht beurteilen") if is_manager else None,
            )
            self.initial[name] = levels.get(standing.entry.goal.pk)

    @staticmethod
    def name(standing):
        return f"stufe-{standing.entry.goal.pk}"

    @property
    def rows(self):
        return [GoalRow(standing, self[self.name(standing)]) for standing in self.standings]

    @property
    def words(self):
        """The three questions about all goals."""
        return [self[name] for name in self.Meta.fields]

    @property
    def releases(self):
        """Whether the button that releases was pressed."""
        return "freigeben" in self.data

    @property
    def levels(self):
        return {standing.entry.goal.pk: self.cleaned_data[self.name(standing)] for standing in self.standings}

    def clean(self):
        super().clean()
        for standing in self.standings if self.releases else []:
            name = self.name(standing)
            if not self.data.get(self.add_prefix(name)) and name not in self.errors:
                self.add_error(name, "Bitte wählen Sie eine Stufe, bevor Sie freigeben.")


class ReviewRecordForm(forms.ModelForm):
    """What a review has brought: for each goal the level both agree on and what helped, and a text about all of it."""

    held_on = forms.DateField(label="Geführt am", widget=date_input())

    class Meta:
        model = Review
        fields = ["held_on", "notes", "tasks_changed", "changed_tasks"]
        labels = {"notes": "Ergebnis"}
        help_texts = {
            "notes": "Was ist gelungen, was ändert sich? Diesen Text lesen Sie beide.",
            "changed_tasks": "Welche Aufgabe ist dazugekommen oder weggefallen, und was heißt das für den Lernplan?",
        }
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 6}),
            "changed_tasks": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, standings, **kwargs):
        """``standings`` are the plan's goals at this review."""
        super().__init__(*args, **kwargs)
        self.standings = standings
        self.fields["tasks_changed"] = forms.ChoiceField(
            label="Haben sich die Aufgaben der Rolle geändert?",
            choices=[("", "nicht besprochen"), *Review.TasksChanged.choices],
            widget=forms.RadioSelect,
            required=False,
        )
        if not self.instance.held_on:
            self.initial["held_on"] = timezone.localdate()
        for standing in standings:
            level, helped = self.names(standing)
            entry = standing.entry
            self.fields[level] = LevelChoice(
                label=entry.competency.name, scale=entry.scale, open_answer=("", "heute nicht besprochen")
            )
            self.fields[helped] = forms.CharField(
                label=f"Was hat geholfen? ({entry.competency.name})",
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.initial |= {level: self.first_level(standing), helped: standing.helped}

    def first_level(self, standing):
        """What is recorded; before, what both sides have prepared alike."""
        if self.instance.held_on or standing.own != standing.manager:
            return standing.agreed
        return standing.own

    @staticmethod
    def names(standing):
        """The names of the two fields of one goal."""
        return f"stand-{standing.entry.goal.pk}", f"geholfen-{standing.entry.goal.pk}"

    @property
    def rows(self):
        return [GoalRow(standing, *(self[name] for name in self.names(standing))) for standing in self.standings]

    @property
    def agreed(self):
        """``{goal id: (level or None, what helped)}``."""
        return {
            standing.entry.goal.pk: tuple(self.cleaned_data[name] for name in self.names(standing))
            for standing in self.standings
        }

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if problem := self.instance.why_not_held_on(held_on):
            raise ValidationError(problem)
        return held_on

    def clean(self):
        super().clean()
        is_different = self.cleaned_data.get("tasks_changed") == Review.TasksChanged.YES
        if self.cleaned_data.get("changed_tasks") and not is_different:
            self.add_error("tasks_changed", "Bitte wählen Sie „ja“, oder leeren Sie den Text darunter.")
        if is_different and "changed_tasks" in self.cleaned_data and not self.cleaned_data["changed_tasks"]:
            self.add_error("changed_tasks", "Bitte schreiben Sie, was an den Aufgaben anders ist.")


GOAL_ENDED = (
    "Nicht gespeichert: Ein Ziel, zu dem Sie etwas geschrieben haben, ist inzwischen beendet. Öffnen Sie das Gespräch neu und "
    "schreiben Sie das unter „Ergebnis“, was davon bleiben soll."
)
LEVEL_OF_AN_ENDED_GOAL = (
    "Ein Ziel, zu dem Sie etwas gewählt haben, ist inzwischen beendet und steht hier nicht mehr. Alles andere steht noch da. "
    "Passt es so, speichern Sie noch einmal."
)
WORDS_ABOUT_A_GOAL = re.compile(r"(?:geholfen|weiter-text)-(\d+)")
CHOSEN_FOR_A_GOAL = re.compile(r"(?:stand|weiter-kind)-(\d+)")


class RecordForms:
    """The forms of one review's page, taken together; the final review's look back belongs to its own alone."""

    def __init__(self, data, *, review, standings, confirms):
        """``confirms`` is what the final review's own box says."""
        self.record = ReviewRecordForm(data, instance=copy(review), standings=standings)
        self.check = self.follow_ups = None
        if review.is_final:
            self.check = FinalCheckForm(data, instance=FinalCheck.objects.filter(review=review).first())
            self.check.fields["confirmed"].label = confirms
            stored = {one.competency_id: one for one in review.plan.follow_ups.all()}
            entries = [standing.entry for standing in standings]
            self.follow_ups = FollowUpForms(data, entries=entries, stored=stored)

    def refuse_words_of(self, post):
        """Raise OutOfState if something was written about a goal that has no place here, because it was ended meanwhile."""
        if self.lost_of(post, WORDS_ABOUT_A_GOAL):
            raise OutOfState(GOAL_ENDED)

    def keep_all_of(self, post):
        """Whether nothing was chosen for such a goal; else the valid form says so."""
        lost = self.lost_of(post, CHOSEN_FOR_A_GOAL)
        if lost:
            self.record.add_error(None, LEVEL_OF_AN_ENDED_GOAL)
        return not lost

    def lost_of(self, post, names):
        """The ids of goals with no place here about which a field of these ``names`` says something."""
        here = {f"{standing.entry.goal.pk}" for standing in self.record.standings}
        about = {found[1] for name in post if post[name].strip() and (found := names.fullmatch(name))}
        return about - here

    def tell_what_is_stored(self, stored):
        """Beside each field that differs, what the forms of what is stored now have there."""
        for form, now in zip(self.parts, stored.parts, strict=True):
            tell_beside(form, now)

    @property
    def parts(self):
        return [form for form in (self.record, self.check, self.follow_ups) if form is not None]

    def is_valid(self):
        valid = [form.is_valid() for form in self.parts]  # each of them tells its errors
        return all(valid)

    def visible_fields(self):
        """For the page's summary of errors, as the next two."""
        return list(chain.from_iterable(form.visible_fields() for form in self.parts))

    def hidden_fields(self):
        return list(chain.from_iterable(form.hidden_fields() for form in self.parts))

    def non_field_errors(self):
        return list(chain.from_iterable(form.non_field_errors() for form in self.parts))

    @property
    def errors(self):
        return {name: errors for form in self.parts for name, errors in form.errors.items()}
