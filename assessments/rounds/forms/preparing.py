"""What HR decides about a round, step by step while it is in preparation, and its deadlines while it runs."""

from datetime import date, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from assessments.models import Round
from assessments.peers.asking import deadline_is_fixed
from kompetenz.forms.fields import date_input
from kompetenz.forms.stamp import ReadForm
from kompetenz.lists import PER_PAGE, id_in
from kompetenz.people.forms import PeopleField, PeopleList, PersonField, take_suggestion
from kompetenz.people.models import Person, Unit
from kompetenz.people.own_reach import objections_to
from kompetenz.people.tree import in_tree_order
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.text import quoted
from roles.holding import assign_role_to_all
from roles.models import RoleProfile

PAST = "Dieses Datum liegt in der Vergangenheit."
TOO_FAR = "Dieses Datum liegt mehr als fünf Jahre voraus. Bitte prüfen Sie das Jahr."
MOST_UNITS = 20  # that a search shows
FARTHEST = timedelta(days=5 * 365)
CHANGED_MEANWHILE = "Diese Liste hat sich inzwischen geändert. Bitte sehen Sie sie noch einmal an."


def objection_to(deadline):
    """Why a day that is entered can be no deadline; "" if it can."""
    today = timezone.localdate()
    if deadline < today:
        return PAST
    return TOO_FAR if deadline > today + FARTHEST else ""


class RoundChoice(forms.ModelChoiceField):
    """An earlier round."""

    def label_from_instance(self, round_):
        return f"{round_.title} ({round_.get_state_display()}, Selbsteinschätzung bis {round_.self_due:%d.%m.%Y})"


class StartForm(forms.Form):
    """How a new round begins: empty, or as a copy."""

    source = RoundChoice(
        Round.objects.none(),
        label="Vorlage",
        required=False,
        empty_label="keine: leer beginnen",
        help_text="Texte, Regeln und Zielgruppe werden übernommen, die Fristen von heute an gerechnet.",
    )
    with_people = forms.BooleanField(
        label="auch die Liste einzelner Personen übernehmen",
        required=False,
        help_text="Nur wenn die Vorlage eine hat. Wer inzwischen ausgeschieden ist, bleibt weg.",
    )

    def __init__(self, *args, user):
        super().__init__(*args)
        self.fields["source"].queryset = Round.objects.run_by(user)


class PurposeForm(ReadForm):
    """What the round is for, and whom to ask. Whoever ``pauses`` may leave the purpose for later."""

    class Meta:
        model = Round
        fields = ["title", "purpose", "procedure", "is_voluntary", "responsible"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 6}), "procedure": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"responsible": "Steht mit Name und E-Mail-Adresse im Text, den alle Beteiligten lesen."}

    def __init__(self, *args, pauses=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = not pauses
        self.fields["purpose"].needed_later = True  # the page says of it what it always says
        self.fields["responsible"].queryset = Person.objects.employed().filter(is_hr=True)
        self.fields["responsible"].empty_label = "niemand Bestimmtes"


class UnitChoices(forms.CheckboxSelectMultiple):
    """Units to tick, each indented below the one it belongs to."""

    template_name = "assessments/_unit_choices.html"


class UnitTree(forms.CheckboxSelectMultiple):
    """Units to choose from: all as a tree as long as they fit on a page, else the chosen ones and those searched for.

    ``search`` is what was typed into the field above them, None where there is none.
    """

    template_name = "assessments/_unit_tree.html"
    search = None

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "search": self.search}


class GroupForm(ReadForm):
    """Who takes part: units with all beneath them, roles, a list of people; each narrows."""

    people = PeopleField(
        label="Nur diese Personen",
        required=False,
        widget=PeopleList(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Personalnummern oder E-Mail-Adressen, eine je Zeile; auch eine Spalte aus einer Tabelle. "
        "Ohne Angabe: alle.",
    )

    class Meta:
        model = Round
        fields = ["units", "profiles"]
        widgets = {"units": UnitTree, "profiles": forms.CheckboxSelectMultiple}
        help_texts = {"units": "Untergeordnete Einheiten gehören dazu. Ohne Auswahl: alle."}

    def __init__(self, *args, instance, **kwargs):
        listed = instance.people.values_list("personnel_number", "email")
        people = "\n".join(number or email for number, email in listed if number or email)
        super().__init__(*args, instance=instance, initial={"people": people}, **kwargs)
        self.offer_units()
        chosen = self.instance.profiles.values("pk")
        self.fields["profiles"].queryset = RoleProfile.objects.filter(Q(retired_at=None) | Q(pk__in=chosen))

    guarded = property(lambda self: [*self._meta.fields, "people"])

    def offer_units(self):
        """Fill in the units that are shown; two queries, one more to search."""
        field = self.fields["units"]
        if Unit.objects.count() <= PER_PAGE:
            units = in_tree_order(Unit.objects.all())
        else:
            field.widget.search = self.data.get("unit_search", "").strip()
            units = [*self.chosen_units(), *self.units_found(field.widget.search)]
            for unit in units:
                unit.depth = 0
        field.choices = [(str(unit.pk), unit) for unit in units]

    def units_found(self, typed):
        return Unit.objects.search(typed).exclude(pk__in=self.chosen_units().values("pk"))[:MOST_UNITS] if typed else []

    def chosen_units(self):
        """Those ticked: in what was sent, or stored."""
        if not self.is_bound:
            return self.instance.units.all()
        ids = {id_in(text) for text in self.data.getlist("units")} - {None}
        return Unit.objects.filter(pk__in=ids)

    def _save_m2m(self):
        super()._save_m2m()
        self.instance.people.set(self.cleaned_data["people"])


class Deadlines(ReadForm):
    """Deadlines in their order, not years ahead, and not in the past unless they ``may_have_passed`` unchanged."""

    may_have_passed = False

    def clean(self):
        cleaned = super().clean()
        checked = self.changed_data if self.may_have_passed else list(cleaned)
        for field in [name for name in checked if isinstance(cleaned.get(name), date)]:
            if problem := objection_to(cleaned[field]):
                self.add_error(field, problem)
        assessed = max((cleaned[f] for f in ("self_due", "manager_due") if cleaned.get(f)), default=None)
        talk, plan = cleaned.get("talk_due"), cleaned.get("plan_due")
        if assessed and talk and talk < assessed:
            self.add_error(
                "talk_due", "Das Gespräch muss nach den Einschätzungen liegen. Bitte wählen Sie ein späteres Datum."
            )
        if talk and plan and plan < talk:
            self.add_error("plan_due", "Der Lernplan folgt auf das Gespräch. Bitte wählen Sie ein späteres Datum.")
        return cleaned


class DraftDeadlinesForm(Deadlines):
    """The deadlines of a round in preparation."""

    class Meta:
        model = Round
        fields = ["self_due", "manager_due", "talk_due", "plan_due"]
        widgets = dict.fromkeys(fields, date_input())


class DeadlinesForm(Deadlines):
    """The deadlines of an open round and what calendars tell, all that changes in it; a day that has passed may stay as it is.

    That of colleagues is offered until it has passed: then their answers may have been read.
    """

    may_have_passed = True

    class Meta:
        model = Round
        fields = ["self_due", "manager_due", "talk_due", "plan_due", "peer_due", "calendar_tells"]
        widgets = {**dict.fromkeys(fields[:-1], date_input()), "calendar_tells": forms.RadioSelect}
        help_texts = {
            "peer_due": "Sobald diese Frist vorbei ist, lässt sie sich nicht mehr ändern.",
            "calendar_tells": "Gilt sofort, auch für Einträge, die es schon gibt. Alle Beteiligten lesen bei der "
            "Runde, was darin steht und seit wann. Stufen und Ziele stehen nie darin.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["peer_due"].required = True
        if not self.instance.has_peers or deadline_is_fixed(self.instance):
            del self.fields["peer_due"]


class VisibilityForm(Deadlines):
    """Who sees what of a participation, and whether colleagues are asked."""

    class Meta:
        model = Round
        fields = ["disclosure", "hides_target", "shows_levels_to_hr", "has_peers", "peer_due", "calendar_tells"]
        widgets = {"disclosure": forms.RadioSelect, "peer_due": date_input(), "calendar_tells": forms.RadioSelect}
        help_texts = {
            "peer_due": "Nur nötig, wenn das Kollegium gefragt wird. Danach nimmt niemand mehr teil.",
            "calendar_tells": "Alle Einträge sind als privat gekennzeichnet; Namen in E-Mails richten sich ebenso danach. Stufen und Ziele "
            "stehen nie darin.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["peer_due"] = self.instance.peer_due or self.instance.self_due
        self.fields["calendar_tells"].required = False  # not sent, it stays as it is
        self.fields["calendar_tells"].needed_later = True

    def clean(self):
        if not self.cleaned_data.get("has_peers"):
            self.errors.pop("peer_due", None)
            self.cleaned_data["peer_due"] = None
        elif not self.cleaned_data.get("peer_due") and "peer_due" not in self.errors:
            self.add_error("peer_due", "Bitte wählen Sie, bis wann das Kollegium antworten kann.")
        return super().clean()


class ChosenPeople(forms.ModelMultipleChoiceField):
    """People ticked in a list that somebody else may have changed meanwhile."""

    default_error_messages = {
        "required": "Bitte wählen Sie unten mindestens eine Person aus.",
        "invalid_choice": CHANGED_MEANWHILE,
        "invalid_pk_value": CHANGED_MEANWHILE,
    }


def still_among(people, chosen=None):
    """Those of ``chosen``, else all, who are among ``people``, a queryset, once nobody else can give them anything meanwhile."""
    some = people if chosen is None else people.filter(pk__in=[person.pk for person in chosen])
    meant = Person.objects.filter(pk__in=some.order_by().values("pk"))
    list(meant.select_for_update(no_key=True).order_by("pk").values_list("pk"))  # by id, as everybody locks people
    return list(some.all())


class RoleForm(forms.Form):
    """A role from today on, for those ticked of people who have none, or for all of them.

    ``everybody`` is how many these were on the page it was sent from: nobody gives a role to more than they have seen.
    """

    profile = forms.ModelChoiceField(
        RoleProfile.objects.usable(),
        label="Rolle",
        empty_label="Bitte wählen",
        error_messages={"required": "Bitte wählen Sie eine Rolle."},
    )
    chosen = ChosenPeople(Person.objects.none(), label="Auswahl", required=False)
    everybody = forms.IntegerField(label="Anzahl der Personen", required=False)

    def __init__(self, data=None, *, people, by):
        super().__init__(data)
        self.by = by
        self.people = self.fields["chosen"].queryset = people

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("everybody") is not None:
            cleaned["chosen"] = still_among(self.people)
            if len(cleaned["chosen"]) != cleaned["everybody"]:
                self.add_error("profile", CHANGED_MEANWHILE)
        elif "chosen" not in self.errors and not cleaned["chosen"]:
            self.add_error("chosen", ChosenPeople.default_error_messages["required"])
        elif "chosen" not in self.errors and len(still_among(self.people, cleaned["chosen"])) < len(cleaned["chosen"]):
            self.add_error("chosen", CHANGED_MEANWHILE)
        return cleaned

    def save(self):
        """Give the role; return in words what was done."""
        profile, people = self.cleaned_data["profile"], list(self.cleaned_data["chosen"])
        note_change(self.by, Access.What.ROLES, people)
        assign_role_to_all(people=people, profile=profile, since=timezone.localdate())
        return f"{people_in_words(people)} jetzt die Rolle {quoted(profile)}."


class ManagerForm(forms.Form):
    """A manager who can sign in, for those ticked of people who have none."""

    manager = PersonField(
        label="Führungskraft (Personalnummer oder E-Mail)",
        max_length=254,
        error_messages={"required": "Bitte geben Sie eine Person an."},
        help_text="Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge.",
    )
    manager_choice = forms.ModelChoiceField(
        Person.objects.employed(), label="Vorschlag zur Führungskraft", required=False
    )
    chosen = ChosenPeople(Person.objects.none(), label="Auswahl")

    def __init__(self, data=None, *, people, by):
        super().__init__(data)
        self.by = by
        self.people = self.fields["chosen"].queryset = people
        self.fields["manager"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        cleaned = super().clean()
        take_suggestion(self)
        manager = cleaned.get("manager")
        if manager and not manager.email:
            self.add_error("manager", f"{manager} hat keine E-Mail-Adresse und kann sich nicht anmelden.")
        for objection in objections_to(manager, list(cleaned.get("chosen", [])), self.by) if manager else []:
            self.add_error("manager", objection)
        chosen = list(cleaned.get("chosen", []))
        if len(still_among(self.people, chosen)) < len(chosen):
            self.add_error("chosen", CHANGED_MEANWHILE)
        return cleaned

    def save(self):
        """Entrust the people to the manager; return in words what was done."""
        manager, people = self.cleaned_data["manager"], list(self.cleaned_data["chosen"])
        note_change(self.by, Access.What.MASTER_DATA, people)
        Person.objects.filter(pk__in=[person.pk for person in people]).update(manager=manager)
        return f"{people_in_words(people)} jetzt {manager} als Führungskraft."


def note_change(by, what, people):
    """Note that ``by`` of HR has given them a role or a manager."""
    accesses.note(by, what, Access.How.CHANGED, [person.pk for person in people], role=Access.Role.HR)


def people_in_words(people):
    return f"{people[0]} hat" if len(people) == 1 else f"{len(people)} Personen haben"
