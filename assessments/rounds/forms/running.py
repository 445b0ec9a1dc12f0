"""What HR enters to give some participants more time, or to take people into a running round."""

from django import forms
from django.utils import timezone

from assessments.rounds.deadlines import FIELDS
from assessments.rounds.late_entry import suggested_deadlines
from assessments.rounds.preparing import DEADLINES
from kompetenz.forms.fields import date_input
from kompetenz.people.forms import PeopleField, PeopleList
from kompetenz.people.models import Person

from .preparing import objection_to

MOST_FOUND, FEW_INSIDE = 20, 5  # people that a search shows


class OwnDeadlines(forms.Form):
    """Days by names of deadlines.FIELDS; that of the plan only where the round has one."""

    asks_for_all = False

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            if getattr(round_, name):
                self.fields[name] = forms.DateField(
                    label=DEADLINES[name], required=self.asks_for_all, widget=date_input()
                )

    @property
    def dues(self):
        """The days entered, by field."""
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data.get(name)}

    def clean(self):
        cleaned = super().clean()
        for name, day in self.dues.items():
            if problem := objection_to(day):
                self.add_error(name, problem)
        return cleaned


EXTEND, EXACTLY, AS_THE_ROUND = "verlaengern", "genau", "runde"


class ExtensionForm(OwnDeadlines):
    """Which deadlines some get: more time, exactly these days, or those of their round again.

    What is left empty stays as it is.
    """

    art = forms.ChoiceField(
        label="Was soll gelten?",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (EXTEND, "Verlängern: Wer schon eine spätere Frist hat, behält sie."),
            (EXACTLY, "Genau diese Tage, auch wenn sie früher sind als bisher."),
            (AS_THE_ROUND, "Zurück zu den Fristen der Runde. Eingetragene Tage bleiben dann unbeachtet."),
        ],
        initial=EXTEND,
    )
    field_order = ["art"]

    @property
    def how(self):
        return self.cleaned_data.get("art") or EXTEND

    @property
    def dues(self):
        return {} if self.how == AS_THE_ROUND else super().dues

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.dues and self.how != AS_THE_ROUND:
            raise forms.ValidationError("Bitte geben Sie mindestens ein neues Datum ein.")
        return cleaned

    def refuse(self, out_of_order):
        """Say whose deadlines would lie in the wrong order (running.OutOfOrder)."""
        names = ", ".join(f"{name} ({apart})" if apart else name for name, apart in out_of_order.named)
        names += f" und {out_of_order.beyond} weiteren" if out_of_order.beyond else ""
        before = "den Einschätzungen" if out_of_order.field == "talk_due" else "dem Gespräch"
        step = "das Gespräch" if out_of_order.field == "talk_due" else "der Lernplan"
        text = f"Bei {names} läge {step} dann vor {before}. Bitte geben Sie hier ein passendes Datum ein."
        self.add_error(out_of_order.field, text)


class LateEntryForm(OwnDeadlines):
    """Who is taken in, picked from a list or named by number, and their deadlines.

    Sent with ``suchen`` it only looks for people; then deadlines may be anything.
    """

    asks_for_all = True
    field_order = ["suche", "personen", *FIELDS, "person"]

    suche = forms.CharField(label="Name, E-Mail oder Personalnummer", required=False, max_length=100)
    personen = PeopleField(
        label="Personalnummern oder E-Mail-Adressen",
        required=False,
        widget=PeopleList(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Eine je Zeile; auch eine Spalte aus einer Tabelle.",
    )
    person = forms.ModelMultipleChoiceField(Person.objects.none(), label="Auswahl", required=False)

    def __init__(self, data=None, *, round_, user):
        self.round, self.user = round_, user
        initial = suggested_deadlines(round_, timezone.localdate())
        self.only_searches = data is not None and "suchen" in data
        super().__init__(data, round_=round_, initial=initial)
        self.everybody = Person.objects.administered_by(user).employed()
        self.fields["person"].queryset = self.everybody
        self.fields["suche"].widget.input_type = "search"
        self.fields["suche"].widget.attrs["autocomplete"] = "off"
        if self.only_searches:
            self.is_valid()
            for name in set(self.errors) - {"personen"}:
                del self.errors[name]

    @property
    def people(self):
        """Everybody picked or named, without doubles."""
        if not self.is_bound:
            return []
        named = self.cleaned_data.get("personen") or []
        return list({person.pk: person for person in [*self.cleaned_data.get("person", []), *named]}.values())

    @property
    def found(self):
        """The first people that the search finds outside the round; only if there are none, a few who are in it."""
        text = self.cleaned_data.get("suche", "").strip() if self.is_bound else ""
        if not text:
            return []
        matching = self.everybody.search(text)
        inside = self.round.participations.values("person")
        return list(matching.exclude(pk__in=inside)[:MOST_FOUND]) or matching.filter(pk__in=inside)[:FEW_INSIDE]

    def without(self, candidates):
        """The same form without these people; whoever was named by number is picked now."""
        refused = {candidate.person.pk for candidate in candidates}
        data = self.data.copy()
        data["personen"], data["suchen"] = "", "1"
        data.setlist("person", [person.pk for person in self.people if person.pk not in refused])
        return LateEntryForm(data, round_=self.round, user=self.user)

    def clean(self):
        cleaned = super().clean()
        if not (self.only_searches or self.people or "personen" in self.errors):
            self.add_error("suche", "Bitte suchen Sie nach einer Person, oder geben Sie unten Personalnummern ein.")
        days = [cleaned.get(name) for name in FIELDS]
        assessed = max((day for day in days[:2] if day), default=None)
        if assessed and days[2] and days[2] < assessed:
            self.add_error("talk_due", "Das Gespräch muss nach den Einschätzungen liegen.")
        if days[2] and days[3] and days[3] < days[2]:
            self.add_error("plan_due", "Der Lernplan folgt auf das Gespräch.")
        return cleaned
