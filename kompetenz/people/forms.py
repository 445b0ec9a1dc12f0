"""What HR enters about people and units, and how a person is named in a form."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kompetenz.forms.fields import date_input
from kompetenz.forms.stamp import ReadForm
from kompetenz.text import address, number, objection_to_address

from .models import SUGGESTED, Person, Unit
from .names import SOMEBODY_ELSE, is_somebody_else
from .own_reach import objections_to, objections_to_own
from .renaming import note_changes, note_units
from .rights import Hand, Through


def reference_to(person):
    """What a PersonField takes for ``person``; empty if they have neither number nor address."""
    return person.personnel_number or person.email or ""


class PersonField(forms.CharField):
    """One person, written as personnel number or e-mail address; several thousand fit in no select."""

    default_error_messages = {"unknown": "Zu „%(text)s“ gibt es keine Person. Bitte Personalnummer oder E-Mail prüfen."}

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        person = Person.objects.named([typed]).first()
        if person is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"text": typed})
        return person


class Search(forms.TextInput):
    """A field beneath which stands what matches, to be chosen from; ``asks`` is the page that finds it."""

    template_name = "people/_search.html"
    matches = ()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        at = context["widget"]["attrs"].get("id", name)
        address = f"{reverse(self.asks)}?{urlencode({'feld': name, 'an': at})}"
        found = {"name": name, "matches": self.matches, "into": f"{at}-vorschlaege"}
        return context | found | {"address": address, "look": self.look}


class PersonSearch(Search):
    """Of people; the chosen one is sent as ``…_choice``, their id."""

    asks, look = "people:find_person", "manager-field"


MOST_LINES, NAMED = 20_000, 50  # of a list of people: twice the largest administration; and errors that a page names


class PeopleList(forms.Textarea):
    """A list of people; where some lines name nobody, these can be left out with one tick instead of being deleted one by one."""

    template_name = "people/_people_list.html"
    leaves_out = offers_to = False

    def value_from_datadict(self, data, files, name):
        self.leaves_out = f"{name}-bekannte" in data
        return super().value_from_datadict(data, files, name)

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"offers_to": self.offers_to, "leaves_out": self.leaves_out}


class PeopleField(forms.CharField):
    """Several people, one per line, each as personnel number or e-mail address; cleans to a list without doubles."""

    widget = PeopleList

    def has_changed(self, initial, data):
        return (initial or "").split() != (data or "").split()

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Das sind {len(lines)} Zeilen, höchstens {MOST_LINES} sind möglich.")
        known = {}
        for person in Person.objects.employed().named([line for line in lines if line]):
            known[person.personnel_number] = known[person.email] = person
        errors, people = [], {}
        for row, line in enumerate(lines, start=1):
            person = known.get(number(line)) or known.get(address(line))
            if line and person is None:
                errors.append(f"Zeile {row}: Zu „{line}“ gibt es keine aktive Person.")
            elif line:
                people[person.pk] = person
        if len(errors) > NAMED + 1:
            errors[NAMED:] = [f"Ebenso in {len(errors) - NAMED} weiteren Zeilen."]
        self.widget.offers_to = bool(errors and people)
        if errors and not (self.widget.leaves_out and people):
            raise ValidationError(errors)
        return list(people.values())


class UnitSearch(Search):
    """Of units; ``matches`` are those that what was sent may mean."""

    asks, look = "people:find_unit", "unit-field"

    def value_from_datadict(self, data, files, name):
        """One that was chosen counts, whatever was typed."""
        return data.get(f"{name}_choice") or super().value_from_datadict(data, files, name)


class UnitField(forms.CharField):
    """One unit, written as number, as name or both, or as much of it as only one has; hundreds fit in no select."""

    widget = UnitSearch
    default_error_messages = {
        "unknown": "Zu „%(text)s“ gibt es keine Organisationseinheit. Bitte Nummer oder Bezeichnung prüfen.",
        "several": "Zu „%(text)s“ passen mehrere Organisationseinheiten. Bitte wählen Sie darunter eine aus.",
    }

    def __init__(self, **kwargs):
        super().__init__(
            max_length=150,
            help_text="Nummer oder Bezeichnung. Ab zwei Zeichen erscheinen darunter Vorschläge.",
            **kwargs,
        )
        self.widget.attrs["autocomplete"] = "off"

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Unit.objects.filter(pk=value).first()
        return "" if value is None else str(value)

    def has_changed(self, initial, data):
        return (data or "").strip() != self.prepare_value(initial)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        if unit := Unit.objects.named(typed):
            return unit
        found = list(Unit.objects.search(typed)[:SUGGESTED])
        if len(found) == 1:
            return found[0]
        self.widget.matches = found
        code = "several" if found else "unknown"
        raise ValidationError(self.error_messages[code], code, {"text": typed})


class PeopleFilter(forms.Form):
    """What a list of people is narrowed to; an unknown value narrows nothing."""

    STATES = {
        "": ("aktive", lambda people: people.employed()),
        "inaktiv": ("inaktive", lambda people: people.left()),
        "alle": ("alle", lambda people: people),
    }

    is_printed = False
    q = forms.CharField(label="Name, E-Mail, Personalnummer", required=False, max_length=100)
    einheit = forms.CharField(label="Einheit und darunter", required=False, max_length=150)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[(key, label) for key, (label, _) in STATES.items()]
    )
    ohne_fuehrungskraft = forms.BooleanField(label="nur ohne Führungskraft", required=False)
    nie_angemeldet = forms.BooleanField(label="nur wer sich noch nie angemeldet hat", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["q"].widget.input_type = self.fields["einheit"].widget.input_type = "search"

    def narrow(self, people):
        self.is_valid()
        chosen = self.cleaned_data
        found = self.STATES[chosen.get("status", "")][1](people).search(chosen.get("q", ""))
        if chosen.get("einheit"):
            found = found.filter(unit__in=Unit.objects.meant(chosen["einheit"]))
        if chosen.get("nie_angemeldet"):
            found = found.filter(last_login=None)
        return found.filter(manager=None) if chosen.get("ohne_fuehrungskraft") else found


def take_suggestion(form):
    """Let the name picked in ``manager_choice`` stand for what was typed into ``manager``, even where that is wrong."""
    if chosen := form.cleaned_data.get("manager_choice"):
        form.errors.pop("manager", None)
        form.cleaned_data["manager"] = chosen


class MailboxField(forms.EmailField):
    """An e-mail address of our own; a letter that only resembles another is named, for nobody sees it."""

    def run_validators(self, value):
        if objection := objection_to_address(address(value or "")):
            raise ValidationError(objection)
        super().run_validators(value)


class PersonForm(ReadForm):
    """A person's master data; somebody of HR who can sign in always remains.

    Whoever sets an address can have a new password sent there: HR does not set that of somebody with
    access to the technical administration, and everybody else's old address is told of the change (notices).
    ``by`` fills it in, and lets nobody in but others (own_reach).
    """

    is_printed = False  # names and numbers have stricter rules of their own
    unit = UnitField(label="Organisationseinheit", required=False)
    manager = PersonField(
        label="Führungskraft (Personalnummer oder E-Mail)",
        required=False,
        max_length=254,
        help_text="Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge.",
    )
    manager_choice = forms.ModelChoiceField(Person.objects.none(), label="Vorschlag zur Führungskraft", required=False)

    class Meta:
        model = Person
        fields = [
            "first_name", "last_name", "email", "personnel_number", "unit", "manager", "is_hr", "is_auditor", "leaving_date",
        ]  # fmt: skip
        field_classes = {"email": MailboxField}
        widgets = {"leaving_date": date_input()}
        help_texts = {
            "email": "Nötig, um sich anzumelden.",
            "is_hr": "Pflegt Personen und Rollenprofile und führt die Runden durch.",
            "is_auditor": "Sieht keine Einschätzungen, Stufen oder Lernpläne. Nicht zusammen mit einem anderen dieser Rechte.",
        }
        error_messages = {
            "personnel_number": {"unique": "Diese Personalnummer gehört schon zu einer anderen Person."},
        }

    def __init__(self, *args, instance=None, by, **kwargs):
        active = instance is None or instance.is_active
        super().__init__(*args, instance=instance, initial={"is_active": active}, **kwargs)
        self.by = by
        self.before = Person.objects.filter(pk=self.instance.pk).select_related("manager__unit").first()
        if self.before and self.before.manager:
            self.initial["manager"] = reference_to(self.before.manager)
        self.fields["manager_choice"].queryset = Person.objects.employed()
        for field in ("first_name", "last_name", "email", "personnel_number", "manager"):
            self.fields[field].widget.attrs["autocomplete"] = "off"
        if self.before and self.before.is_staff:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "Gehört zur technischen Verwaltung und wird nur dort geändert."

    # Who was deactivated meanwhile is not on the form, and is not saved over either.
    guarded = property(lambda self: [*self._meta.fields, "is_active"])

    def clean_email(self):
        email = address(self.cleaned_data["email"] or "") or None
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
        self.check_it_is_the_same_person()
        if "manager" not in self.errors:
            self.check_manager(self.cleaned_data["manager"])
        self.check_hr_remains()

    def _post_clean(self):
        """What of one's own may not be changed is asked when the instance has its new values."""
        super()._post_clean()
        for field, objection in objections_to_own(by=self.by, before=self.before, after=self.instance).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, objection)

    def check_it_is_the_same_person(self):
        new = {field: self.cleaned_data.get(field) for field in ("first_name", "last_name", "email")}
        if self.before and new["first_name"] and new["last_name"] and is_somebody_else(self.before, **new):
            self.add_error("last_name", SOMEBODY_ELSE.format(self.before))

    def check_manager(self, manager):
        if manager is None or (self.before and manager == self.before.manager):
            return
        for objection in objections_to(manager, [self.before] if self.before else [], self.by):
            self.add_error("manager", objection)

    def check_hr_remains(self):
        """Refuse what would leave nobody in HR who can sign in; without them no rights can be given."""
        new = self.cleaned_data
        last_day = new.get("leaving_date")
        stays = new.get("is_hr") and new.get("email") and (last_day is None or last_day >= timezone.localdate())
        if not (self.before and self.before.is_hr and self.before.is_employed) or stays:
            return
        others = Person.objects.employed().filter(is_hr=True, email__isnull=False).exclude(pk=self.instance.pk)
        # Held, or two who take each other's right at the same moment would each count on the other.
        if not others.order_by("pk").select_for_update(no_key=True):
            field = "is_hr" if not new.get("is_hr") else "leaving_date" if last_day else "email"
            self.add_error(
                field,
                "Sonst kann sich niemand mehr für die Personalentwicklung anmelden. "
                "Bitte zuerst einer anderen Person dieses Recht geben.",
            )

    @transaction.atomic
    def save(self, commit=True):
        self.instance.hand = Hand(Through.PAGE, self.by)
        person = super().save(commit)
        if self.before and commit:
            note_changes([(self.before, person)])
        return person


class UnitForm(ReadForm):
    """A unit's place in the tree; never beneath itself."""

    is_printed = False  # its name has a stricter rule of its own
    parent = UnitField(label="übergeordnete Einheit", required=False)

    class Meta:
        model = Unit
        fields = ["number", "name", "parent"]
        error_messages = {"number": {"unique": "Diese Nummer hat schon eine andere Einheit."}}

    @transaction.atomic
    def save(self, commit=True):
        unit = super().save(commit)
        note_units([unit])
        return unit


def matching_units(typed):
    """The first units in which what was ``typed`` stands, from two letters or figures on."""
    typed = typed.strip()
    return Unit.objects.search(typed)[:SUGGESTED] if len(typed) > 1 else []


def matches(people, typed):
    """The first people whose name, address or number has what was ``typed``, from two letters on."""
    typed = typed.strip()
    if len(typed) < 2:  # noqa: PLR2004  (one letter matches nearly everybody)
        return []
    able = people.employed().filter(~Q(personnel_number=None) | ~Q(email=None))
    return able.search(typed).select_related("unit")[:SUGGESTED]
