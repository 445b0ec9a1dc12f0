"""What HR and managers enter about deputies."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.forms.fields import day_field
from kompetenz.lists import PER_PAGE, id_in
from kompetenz.people.forms import PersonField
from kompetenz.people.models import Person
from kompetenz.people.own_reach import objection_to_deputy

from .naming import MOVED_ON, able_to_act, latest_end, managers, people_found

NOBODY_CHOSEN = "Bitte wählen Sie mindestens eine Person."
SUGGESTED = "Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge."


class AddressField(PersonField):
    """One person by e-mail address: who is not HR does not learn whose a personnel number is."""

    default_error_messages = {"unknown": "Zu „%(text)s“ gibt es keine Person. Bitte die E-Mail-Adresse prüfen."}

    def clean(self, value):
        if value and "@" not in value:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"text": value})
        return super().clean(value)


class SomebodyForm(forms.Form):
    """One person, typed into the field ``who`` or taken from the suggestions beneath it (``choice``)."""

    who, choice = "person", "person_choice"

    def take_choice(self):
        """Let a chosen suggestion count instead of what was typed; the person, or None with an error beside the field."""
        chosen = self.cleaned_data.get(self.choice)
        if chosen:
            self.errors.pop(self.who, None)
            self.cleaned_data[self.who] = chosen
        return self.cleaned_data.get(self.who)

    @property
    def chosen(self):
        """The suggestion that was chosen, to be shown again when something else has to be corrected."""
        return self.cleaned_data.get(self.choice) if self.is_bound and self.is_valid() is False else None


class DeputisedForm(SomebodyForm):
    """For whom a deputy is named: somebody who manages people."""

    who, choice = "manager", "manager_choice"

    manager = PersonField(
        label="Führungskraft (Personalnummer oder E-Mail)",
        max_length=254,
        help_text=SUGGESTED,
    )
    manager_choice = forms.ModelChoiceField(Person.objects.none(), label="Vorschlag zur Führungskraft", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager_choice"].queryset = managers()
        self.fields["manager"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        super().clean()
        manager = self.take_choice()
        if manager and not managers().filter(pk=manager.pk).exists():
            self.add_error("manager", f"{manager} sind keine Beschäftigten zugeordnet.")


class DeputyForm(SomebodyForm):
    """Who acts for ``manager``, for whom and how long; nobody is ticked beforehand.

    Nobody names themselves: ``by`` fills the form in. Of many people it shows the first, or those searched for, and whoever is
    ticked already. A form that was sent to search is one of these again, see ``searching``.
    """

    person = PersonField(
        label="Vertretung (Personalnummer oder E-Mail)",
        max_length=254,
        help_text=SUGGESTED,
    )
    person_choice = forms.ModelChoiceField(Person.objects.none(), label="Vorschlag zur Vertretung", required=False)
    since = day_field("von", initial=timezone.localdate, help_text="Der erste Tag, frühestens heute.")
    until = day_field("bis", help_text="Der letzte Tag, höchstens zwölf Monate nach dem ersten.")
    suche = forms.CharField(label="Name unter Ihren Personen", required=False, max_length=100)
    everybody = forms.BooleanField(
        label="Alle Personen der Führungskraft", required=False, help_text="Auch, wer hier nicht zu sehen ist."
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label="Für diese Personen",
        help_text="Nur deren Angaben sieht die Vertretung.",
        error_messages={"invalid_choice": MOVED_ON, "required": NOBODY_CHOSEN},
    )

    def __init__(self, manager, by, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.manager, self.by = manager, by
        if not by.is_hr:
            self.fields["everybody"].label = "Alle meine Personen"
            self.fields["person"] = AddressField(label="Vertretung (E-Mail)", max_length=254, help_text=SUGGESTED)
        self.fields["person_choice"].queryset = able_to_act()
        self.fields["people"].queryset = Person.objects.of_manager(manager)
        shown = list(Person.objects.of_manager(manager).select_related("unit")[: PER_PAGE + 1])
        if len(shown) > PER_PAGE:
            self.fields["suche"].widget.input_type = "search"
            shown = self.shown_people()
        else:
            del self.fields["suche"]
        self.fields["people"].choices = [(one.pk, self.told_apart(one)) for one in shown]
        self.fields["person"].widget.attrs["autocomplete"] = "off"
        self.fields["since"].widget.attrs["min"] = timezone.localdate().isoformat()

    @classmethod
    def searching(cls, manager, by, post):
        """The form with all that was typed and ticked, and whoever its search finds; nothing is wrong with it yet."""
        names = ("person", "person_choice", "since", "until", "suche", "everybody")
        typed = {name: post.get(name, "") for name in names}
        return cls(manager, by, initial=typed | {"people": post.getlist("people")})

    def told_apart(self, one):
        """The name with the unit; whose a personnel number is, HR alone reads."""
        return " · ".join(filter(None, [one.listed_as, one.number_and_unit if self.by.is_hr else str(one.unit or "")]))

    def number(self):
        """How many people the manager has."""
        return Person.objects.of_manager(self.manager).count()

    def shown_people(self):
        """Whoever is ticked, then the first that are found."""
        sent = self.data.getlist("people") if self.is_bound else self.initial.get("people", [])
        ticked = list(
            Person.objects.of_manager(self.manager)
            .select_related("unit")
            .filter(pk__in={id_in(str(pk)) for pk in sent} - {None})
        )
        typed = self.data.get("suche", "") if self.is_bound else self.initial.get("suche", "")
        found = people_found(self.manager, typed).select_related("unit").exclude(pk__in=[one.pk for one in ticked])
        return [*ticked, *found[:PER_PAGE]]

    @property
    def chosen(self):
        """The suggestion that was chosen, after a search, too."""
        picked = id_in(str(self.initial.get("person_choice", "")))
        return super().chosen or (self.fields["person_choice"].queryset.filter(pk=picked).first() if picked else None)

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since < timezone.localdate():
            raise ValidationError("Eine Vertretung beginnt frühestens heute.")
        return since

    def clean(self):
        super().clean()
        person = self.take_choice()
        if self.cleaned_data.get("everybody"):
            self.errors.pop("people", None)
            everybody = Person.objects.of_manager(self.manager)
            self.cleaned_data["people"] = everybody.exclude(pk=person.pk) if person else everybody
        if not self.cleaned_data.get("people") and "people" not in self.errors:
            self.add_error("people", NOBODY_CHOSEN)
        if person:
            self.check_person(person)
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        elif since and until and until > latest_end(since):
            self.add_error("until", f"Eine Vertretung dauert höchstens bis {latest_end(since):%d.%m.%Y}.")

    def check_person(self, person):
        if person == self.manager:
            self.add_error("person", "Eine Person kann sich nicht selbst vertreten.")
        elif objection := objection_to_deputy(by=self.by, deputy=person, manager=self.manager):
            self.add_error("person", objection)
        elif not able_to_act().filter(pk=person.pk).exists():
            self.add_error("person", f"{person} kann sich nicht anmelden und deshalb nicht vertreten.")
        if person in (self.cleaned_data.get("people") or []):
            self.add_error("people", f"{person} kann nicht für sich selbst handeln. Bitte nehmen Sie das Häkchen weg.")

    def values(self):
        """What name_deputy wants to know of this form, once it is valid."""
        chosen = {name: self.cleaned_data[name] for name in ("person", "people", "since", "until")}
        return {"manager": self.manager, "by": self.by, **chosen}
