"""What HR enters about role profiles and about who holds them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.catalogue.models import Competency
from kompetenz.forms.fields import day_field
from kompetenz.forms.stamp import ReadForm
from kompetenz.people.forms import PeopleField

from .fitting import WORDS, fit_profile
from .holding import replaced
from .models import Requirement, RoleHolding, RoleProfile


class ProfileForm(ReadForm):
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


class NewProfileForm(ProfileForm):
    """What a profile begins with that is no copy."""

    class Meta(ProfileForm.Meta):
        fields = ["name", "description"]

    def clean(self):
        super().clean()
        if not Competency.objects.exists():
            raise ValidationError("Der Katalog ist noch leer. Ein Rollenprofil braucht Kompetenzen.")


class CopyForm(ProfileForm):
    """The name of a profile that begins as a copy."""

    class Meta(ProfileForm.Meta):
        fields = ["name"]


class RequirementForm(ReadForm):
    """The level of one competency in a profile, on the catalogue's scale; field names begin with the competency's id."""

    level = forms.TypedChoiceField(
        label="Stufe",
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": "Bitte wählen Sie eine Stufe."},
    )

    class Meta:
        model = Requirement
        fields = ["level", "necessity"]
        error_messages = {"necessity": {"invalid_choice": "Bitte wählen Sie erforderlich oder wünschenswert."}}

    def __init__(self, data, *, requirement, competency, catalogue):
        super().__init__(data, instance=requirement, prefix=str(competency.id))
        self.competency = competency
        self.fields["level"].choices = catalogue.choices
        self.fields["level"].error_messages["invalid_choice"] = f"Bitte wählen Sie {one_of(catalogue.scale.names)}."
        self.fields["necessity"].widget.attrs["aria-label"] = f"Gewicht: {competency}"

    @property
    def problems(self):
        """What is wrong, each with the competency's name."""
        return [f"{self.competency}: {error}" for errors in self.errors.values() for error in errors]


class AssignForm(forms.Form):
    """A role for one person from a day on."""

    profile = forms.ModelChoiceField(RoleProfile.objects.usable(), label="Rollenprofil", empty_label="Bitte wählen")
    since = day_field(
        "ab",
        initial=timezone.localdate,
        help_text="Die bisherige Rolle endet am Tag davor. Der Tag darf in der Zukunft liegen.",
    )


class EndForm(forms.Form):
    """The last day of the role that somebody holds."""

    until = day_field("letzter Tag", initial=timezone.localdate)

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

    holding = forms.ModelChoiceField(RoleHolding.objects.none(), label="Rolle")

    def __init__(self, data, *, person):
        super().__init__(data)
        self.fields["holding"].queryset = RoleHolding.objects.filter(person=person, since__gt=timezone.localdate())


class HoldersForm(forms.Form):
    """People who get a role, all from the same day on."""

    people = PeopleField(
        label="Personen",
        help_text="Eine je Zeile, als Personalnummer oder E-Mail-Adresse. Sie können eine Spalte aus einer Tabelle einfügen.",
    )
    since = day_field(
        "ab",
        initial=timezone.localdate,
        help_text="Eine bisherige Rolle endet am Tag davor. Der Tag darf in der Zukunft liegen.",
    )

    def __init__(self, data=None, *, profile):
        super().__init__(data)
        self.profile = profile

    def clean(self):
        super().clean()
        if not self.errors and (lost := replaced(profile=self.profile, **self.cleaned_data)):
            names = ", ".join(str(person) for person in lost)
            self.add_error("people", f"Diese bekommen ab genau diesem Tag schon eine andere Rolle: {names}.")


def one_of(names):
    """Names as a sentence offers them, e.g. ``keine, Kenner oder Könner``."""
    return f"{', '.join(names[:-1])} oder {names[-1]}"


def requirement_form(data, *, profile, competency, catalogue):
    """The form for one competency; one the profile says nothing about begins with the lowest level."""
    requirement = profile.requirements.filter(competency=competency.id).first()
    requirement = requirement or Requirement(profile=profile, competency_id=competency.id)
    return RequirementForm(data, requirement=requirement, competency=competency, catalogue=catalogue)


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
                        catalogue=catalogue,
                    )
                    for competency in category.competencies
                ],
            )
            for category in catalogue.categories
        ]
        self.rows = [row for _, rows in self.categories for row in rows]
        self.saved_levels = {row.competency.id: row.initial["level"] for row in self.rows}

    def is_valid(self):
        """Whether all of it can be saved; what somebody else has saved meanwhile is told beside what was entered."""
        for row in self.rows:
            row.is_outdated()
        self.form.is_valid()
        self.form.is_outdated()
        for problem in [problem for row in self.rows for problem in row.problems]:
            self.form.add_error(None, problem)
        return self.form.is_valid()

    def save(self, *, by):
        changed = [row.instance for row in self.rows if row.has_changed()]
        return fit_profile(profile=self.form.instance, by=by, requirements=changed, words=WORDS)
