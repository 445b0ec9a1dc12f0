"""What HR enters about role profiles and about who holds them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.people.forms import PeopleField

from .fitting import WORDS, fit_profile
from .models import Requirement, RoleHolding, RoleProfile


def day(label, **options):
    """A field for one day, today unless told otherwise."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=timezone.localdate, **options)


class ProfileForm(forms.ModelForm):
    """A profile's words; no two profiles in use have the same name."""

    class Meta:
        model = RoleProfile
        fields = WORDS
        widgets = {"tasks": forms.Textarea(attrs={"rows": 9}), "description": forms.Textarea(attrs={"rows": 4})}

    def clean_name(self):
        name = self.cleaned_data["name"]
        if RoleProfile.objects.usable().exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise ValidationError(
                "Ein Rollenprofil mit diesem Namen ist schon in Gebrauch. Bitte wählen Sie einen anderen."
            )
        return name


class CopyForm(ProfileForm):
    """The name of a profile that begins as a copy."""

    class Meta(ProfileForm.Meta):
        fields = ["name"]


class RequirementForm(forms.ModelForm):
    """The level of one competency in a profile; field names begin with the competency's id."""

    class Meta:
        model = Requirement
        fields = ["level", "necessity"]
        widgets = {"level": forms.RadioSelect}
        error_messages = {
            "level": {
                "invalid_choice": "Bitte wählen Sie keine, Kenner, Könner oder Experte.",
                "required": "Bitte wählen Sie eine Stufe.",
            },
            "necessity": {"invalid_choice": "Bitte wählen Sie erforderlich oder wünschenswert."},
        }

    def __init__(self, data, *, requirement, competency):
        super().__init__(data, instance=requirement, prefix=str(competency.id))
        self.competency = competency
        self.fields["necessity"].widget.attrs["aria-label"] = f"Gewicht: {competency}"
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def problems(self):
        """What is wrong, each with the competency's name."""
        return [f"{self.competency}: {error}" for errors in self.errors.values() for error in errors]


class AssignForm(forms.Form):
    """A role for one person from a day on."""

    profile = forms.ModelChoiceField(RoleProfile.objects.usable(), label="Rollenprofil", empty_label="Bitte wählen")
    since = day("ab", help_text="Die bisherige Rolle endet am Tag davor. Der Tag darf in der Zukunft liegen.")


class EndForm(forms.Form):
    """The last day of the role that somebody holds."""

    until = day("letzter Tag")

    def __init__(self, data=None, *, holding):
        super().__init__(data)
        self.holding = holding

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < self.holding.since:
            raise ValidationError(f"Die Rolle beginnt erst am {self.holding.since:%d.%m.%Y}.")
        return until


class TakeBackForm(forms.Form):
    """A role of one person that has not begun."""

    holding = forms.ModelChoiceField(RoleHolding.objects.none())

    def __init__(self, data, *, person):
        super().__init__(data)
        self.fields["holding"].queryset = RoleHolding.objects.filter(person=person, since__gt=timezone.localdate())


class HoldersForm(forms.Form):
    """People who get a role, all from the same day on."""

    people = PeopleField(
        label="Personen",
        help_text="Eine je Zeile, als Personalnummer oder E-Mail-Adresse. Sie können eine Spalte aus einer Tabelle einfügen.",
    )
    since = day("ab", help_text="Eine bisherige Rolle endet am Tag davor. Der Tag darf in der Zukunft liegen.")


def requirement_form(data, *, profile, competency):
    """The form for one competency; one the profile says nothing about begins with "keine"."""
    requirement = profile.requirements.filter(competency=competency.id).first()
    requirement = requirement or Requirement(profile=profile, competency_id=competency.id)
    return RequirementForm(data, requirement=requirement, competency=competency)


class ProfileFitting:
    """A whole profile as one page changes it: its words and a row for each competency of the catalogue."""

    def __init__(self, data, *, profile, catalogue):
        self.form = ProfileForm(data, instance=profile)
        known = {requirement.competency_id: requirement for requirement in profile.requirements.all()}
        self.categories = [
            (
                category,
                [
                    RequirementForm(
                        data,
                        requirement=known.get(competency.id)
                        or Requirement(profile=profile, competency_id=competency.id),
                        competency=competency,
                    )
                    for competency in category.competencies
                ],
            )
            for category in catalogue.categories
        ]
        self.rows = [row for _, rows in self.categories for row in rows]
        self.saved_levels = {row.competency.id: row.initial["level"] for row in self.rows}

    def is_valid(self):
        for problem in [problem for row in self.rows for problem in row.problems]:
            self.form.add_error(None, problem)
        return self.form.is_valid()

    def save(self, *, by):
        changed = [row.instance for row in self.rows if row.has_changed()]
        return fit_profile(profile=self.form.instance, by=by, requirements=changed, words=WORDS)
