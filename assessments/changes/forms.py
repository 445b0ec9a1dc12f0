"""What a manager types in to adjust somebody's Soll."""

from django import forms

from kompetenz.forms.stamp import overtaken, seen_in
from kompetenz.text import quoted

AS_IN_THE_PROFILE = (
    "Diese Stufe ist die des Rollenprofils. Bitte wählen Sie eine andere, oder leeren Sie die Begründung."
)


class TargetsForm(forms.Form):
    """A manager's expectations that differ from the role profile, each with its reason (paper 4.3.1): a row for each Target.

    Rows that the page has not changed are none of its business.
    """

    def __init__(self, data=None, *, targets, catalogue):
        super().__init__(data)
        self.targets = {target.competency_id: target for target in targets}
        for pk, target in self.targets.items():
            name = catalogue.by_id[pk].name
            self.fields[f"level-{pk}"] = forms.TypedChoiceField(
                label=f"Soll: {name}",
                choices=catalogue.choices,
                coerce=int,
                initial=target.level,
                required=f"level-{pk}" in self.data,
            )
            self.fields[f"reason-{pk}"] = forms.CharField(
                label=f"Begründung: {name}", max_length=300, required=False, initial=target.reason
            )
        self.left = {}

    def rows_of(self, competencies):
        """(competency, its Target, its two fields) of those that are asked for."""
        return [
            (one, self.targets[one.id], self[f"level-{one.id}"], self[f"reason-{one.id}"])
            for one in competencies
            if one.id in self.targets
        ]

    @property
    def stored(self):
        """What is stored, as texts."""
        return {name: str(field.initial) for name, field in self.fields.items()}

    @property
    def shown(self):
        """What the page says it has shown: what is stored; where the form comes back, of what is not told beside it what it had."""
        seen = {
            name: text for name, text in seen_in(self.data).items() if name in self.fields and name not in self.left
        }
        return self.stored | seen

    @property
    def changes(self):
        """``{competency id: (level, reason)}`` of the rows that were changed on the page, as far as they are valid."""
        return {pk: self.row(pk) for pk in self.targets if self.is_changed(pk)}

    def row(self, pk):
        level = self.cleaned_data.get(f"level-{pk}", "")
        return self.targets[pk].level if level == "" else level, self.cleaned_data.get(f"reason-{pk}", "")

    def is_changed(self, pk):
        seen, names = {**self.stored, **seen_in(self.data)}, (f"level-{pk}", f"reason-{pk}")
        return any(name in self.data and self.data[name].strip() != seen[name] for name in names)

    def clean(self):
        """A row that somebody else has changed meanwhile is not overwritten, but told beside what was entered.

        A reason is one for another level than the profile's; without one it would be lost.
        """
        changed = [pk for pk in self.targets if self.is_changed(pk)]
        new = {
            name: self.data[name].strip()
            for pk in changed
            for name in (f"level-{pk}", f"reason-{pk}")
            if name in self.data
        }
        self.left = overtaken(stored=self.stored, new=new, seen=seen_in(self.data))
        for name, text in self.left.items():
            words = dict(self.fields[name].choices)[int(text)] if name.startswith("level-") else text or "nichts"
            self.add_error(
                name, f"Inzwischen ist {quoted(words)} gespeichert. Speichern Sie noch einmal, dann gilt Ihre Eingabe."
            )
        for pk in changed:
            if self.errors.keys().isdisjoint((f"level-{pk}", f"reason-{pk}")) and self.says_why_without_another_level(
                pk
            ):
                self.add_error(f"reason-{pk}", AS_IN_THE_PROFILE)

    def says_why_without_another_level(self, pk):
        """Whether a reason was written, and not only left standing, beside the level that the profile asks for."""
        level, reason = self.row(pk)
        before = {**self.stored, **seen_in(self.data)}[f"reason-{pk}"]
        return level == self.targets[pk].profile_level and reason not in ("", before)

    @property
    def adjusts(self):
        """Whether any row that was changed is another one than the profile's now."""
        return any(level != self.targets[pk].profile_level for pk, (level, _) in self.changes.items())

    def refuse(self, pk, problem):
        self.add_error(f"reason-{pk}", str(problem))
