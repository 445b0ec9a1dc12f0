"""What HR enters about people and units, and how a person is named in a form."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from .models import Person, Unit
from .notices import tell_of_new_addresses

MATCHES_SHOWN = 8


def reference_to(person):
    """What a PersonField takes for ``person``; empty if they have neither number nor address."""
    return person.personnel_number or person.email or ""


class PersonField(forms.CharField):
    """One person, written as personnel number or e-mail address; several thousand fit in no select."""

    default_error_messages = {"unknown": "Zu „%(text)s“ gibt es keine Person. Bitte Personalnummer oder E-Mail prüfen."}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        person = Person.objects.named([text]).first()
        if person is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"text": text})
        return person


class PeopleField(forms.CharField):
    """Several people, one per line, each as personnel number or e-mail address; cleans to a list without doubles."""

    widget = forms.Textarea

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines()]
        known = {}
        for person in Person.objects.employed().named([line for line in lines if line]):
            known[person.personnel_number] = known[person.email] = person
        errors, people = [], {}
        for number, line in enumerate(lines, start=1):
            person = known.get(line) or known.get(line.lower())
            if line and person is None:
                errors.append(f"Zeile {number}: Zu „{line}“ gibt es keine aktive Person.")
            elif line:
                people[person.pk] = person
        if errors:
            raise ValidationError(errors)
        return list(people.values())


def unit_choices(units):
    """Units as options of a select, indented as in their tree."""
    return [(unit.pk, "\N{EM SPACE}" * unit.depth + str(unit)) for unit in units.in_tree_order()]


class UnitChoices(ModelChoiceIterator):
    """The options of a UnitField, read when they are shown."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from unit_choices(self.queryset)


class UnitField(forms.ModelChoiceField):
    """One unit out of the tree."""

    iterator = UnitChoices

    def __init__(self, **kwargs):
        super().__init__(Unit.objects.all(), empty_label="keine", **kwargs)


class PeopleFilter(forms.Form):
    """What a list of people is narrowed to; an unknown value narrows nothing."""

    STATES = {
        "": ("aktive", lambda people: people.employed()),
        "inaktiv": ("inaktive", lambda people: people.exclude(pk__in=Person.objects.employed().values("pk"))),
        "alle": ("alle", lambda people: people),
    }

    q = forms.CharField(label="Name, E-Mail, Personalnummer", required=False, max_length=100)
    einheit = forms.TypedChoiceField(label="Einheit und darunter", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[(key, label) for key, (label, _) in STATES.items()]
    )
    ohne_fuehrungskraft = forms.BooleanField(label="nur ohne Führungskraft", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["einheit"].choices = [("", "alle"), *unit_choices(Unit.objects.all())]

    def narrow(self, people):
        self.is_valid()
        chosen = self.cleaned_data
        found = self.STATES[chosen.get("status", "")][1](people).search(chosen.get("q", ""))
        if chosen.get("einheit"):
            found = found.filter(unit__in=Unit.objects.below([Unit(pk=chosen["einheit"])]))
        return found.filter(manager=None) if chosen.get("ohne_fuehrungskraft") else found


def take_suggestion(form):
    """Let the name picked in ``manager_choice`` stand for what was typed into ``manager``, were it even wrong."""
    if chosen := form.cleaned_data.get("manager_choice"):
        form.errors.pop("manager", None)
        form.cleaned_data["manager"] = chosen


def objections_to(manager, people):
    """Why ``manager`` cannot be the Führungskraft of all of ``people``, in sentences; none if they can."""
    if not manager.is_employed:
        return [f"{manager} ist nicht mehr aktiv."]
    _, *above = manager.chain_of_managers()
    circles = [
        f"Das ergäbe einen Kreis: {manager} ist {person}, auch über andere, selbst unterstellt."
        for person in people
        if person.pk in above
    ]
    own = ["Eine Person kann nicht ihre eigene Führungskraft sein."] if manager in people else []
    return own + circles


class PersonForm(forms.ModelForm):
    """A person's master data; somebody of HR who can sign in always remains.

    Whoever sets an address can have a new password sent there: HR does not set that of somebody with
    access to the technical administration, and everybody else's old address is told of the change.
    """

    unit = UnitField(label="Organisationseinheit", required=False)
    manager = PersonField(
        label="Führungskraft (Personalnummer oder E-Mail)",
        required=False,
        max_length=254,
        help_text="Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge.",
    )
    manager_choice = forms.ModelChoiceField(Person.objects.none(), required=False)

    class Meta:
        model = Person
        fields = [
            "first_name", "last_name", "email", "personnel_number", "unit", "manager", "is_hr", "is_auditor", "leaving_date",
        ]  # fmt: skip
        widgets = {"leaving_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "email": "Nötig, um sich anzumelden.",
            "is_hr": "Pflegt Personen und Rollenprofile und führt die Runden durch.",
            "is_auditor": "Sieht keine Einschätzungen, Stufen oder Lernpläne.",
        }
        error_messages = {
            "personnel_number": {"unique": "Diese Personalnummer gehört schon zu einer anderen Person."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = Person.objects.filter(pk=self.instance.pk).select_related("manager").first()
        if self.before and self.before.manager:
            self.initial["manager"] = reference_to(self.before.manager)
        self.fields["manager_choice"].queryset = Person.objects.employed()
        for field in ("first_name", "last_name", "email", "personnel_number", "manager"):
            self.fields[field].widget.attrs["autocomplete"] = "off"
        if self.before and self.before.is_staff:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "Gehört zur technischen Verwaltung und wird nur dort geändert."

    def clean_email(self):
        email = (self.cleaned_data["email"] or "").lower() or None
        if email and Person.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            # Here and not left to the model: it would say so twice, once beside the field and once above the form.
            raise ValidationError("Diese E-Mail-Adresse gehört schon zu einer anderen Person.", "unique")
        return email

    def clean_leaving_date(self):
        if self.before and self.before.is_staff and "leaving_date" in self.changed_data:
            raise ValidationError(
                "Diese Person hat Zugang zur technischen Verwaltung. Ihr letzter Arbeitstag wird nur dort eingetragen."
            )
        return self.cleaned_data["leaving_date"]

    def clean(self):
        super().clean()
        take_suggestion(self)
        if "manager" not in self.errors:
            self.check_manager(self.cleaned_data["manager"])
        self.check_hr_remains()

    def check_manager(self, manager):
        if manager is None or (self.before and manager == self.before.manager):
            return
        for objection in objections_to(manager, [self.before] if self.before else []):
            self.add_error("manager", objection)

    def check_hr_remains(self):
        """Refuse what would leave nobody in HR who can sign in; without them no rights can be given."""
        new = self.cleaned_data
        last_day = new.get("leaving_date")
        stays = new.get("is_hr") and new.get("email") and (last_day is None or last_day >= timezone.localdate())
        if not (self.before and self.before.is_hr and self.before.is_employed) or stays:
            return
        if not Person.objects.employed().filter(is_hr=True, email__isnull=False).exclude(pk=self.instance.pk).exists():
            field = "is_hr" if not new.get("is_hr") else "leaving_date" if last_day else "email"
            self.add_error(
                field,
                "Sonst kann sich niemand mehr für die Personalentwicklung anmelden. "
                "Bitte zuerst einer anderen Person dieses Recht geben.",
            )

    @transaction.atomic
    def save(self, commit=True):
        person = super().save(commit)
        if self.before and self.before.email and self.before.email != person.email:
            tell_of_new_addresses([self.before])
        return person


class FirstPasswordForm(SetPasswordMixin, forms.Form):
    """The password with which somebody signs in for the first time."""

    password1, password2 = SetPasswordMixin.create_password_fields("Erstes Passwort", "Erstes Passwort wiederholen")

    def __init__(self, person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self):
        self.validate_passwords()
        self.validate_password_for_user(self.person)
        return super().clean()

    def save(self):
        return self.set_password_and_save(self.person)


class UnitForm(forms.ModelForm):
    """A unit's place in the tree; never beneath itself."""

    parent = UnitField(label="übergeordnete Einheit", required=False)

    class Meta:
        model = Unit
        fields = ["number", "name", "parent"]
        error_messages = {"number": {"unique": "Diese Nummer hat schon eine andere Einheit."}}

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and Unit.objects.below([self.instance]).filter(pk=parent.pk).exists():
            raise ValidationError("Das ergäbe einen Kreis: Diese Einheit ist der bearbeiteten selbst untergeordnet.")
        return parent


def matches(people, text):
    """The first people whose name, address or number has ``text``, from two letters on."""
    text = text.strip()
    if len(text) < 2:  # noqa: PLR2004  (one letter matches nearly everybody)
        return []
    return people.employed().filter(~Q(personnel_number=None) | ~Q(email=None)).search(text)[:MATCHES_SHOWN]
