"""What HR sends to import a staff list: the file, which part of the preview to look at, and the confirmation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz import text
from kompetenz.forms.fields import date_input
from kompetenz.lists import id_in, page_of
from kompetenz.people.forms import PersonSearch, UnitSearch, reference_to
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold
from kompetenz.refusals import Refused

from .causes import ANSWERS, INSTEAD
from .cells import DATE, WRONG, letter_of, row_told
from .charsets import NAMES_OF_CHARSETS
from .choosing import LEFT_OUT, READ, Choices, first_choices, has_doubts, is_unclear, table_as
from .columns import MANAGER_POST, POST, UNIT_LEVEL, UNIT_PATH, further, is_never_read, targets
from .mapping import is_ignored, missing, said_twice
from .previews import CHANGED, ERRORS, NEW, UNITS
from .raw_lists import read_raw
from .reading import EMPTY, MAX_BYTES, TOO_LARGE
from .reading_on import LARGE
from .taking_over import Leavers
from .withholding import KINDS


class ListFileForm(forms.Form):
    """A file with a list of any kind that can be read; ``take``, a subclass's, reads it or raises Refused with the reason why not."""

    file = forms.FileField(
        label="Liste",
        error_messages={"required": "Bitte wählen Sie eine Datei aus.", "empty": EMPTY},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.txt,.xml,.htm,.html,.mht"}),
    )
    label, help_text = "Liste", ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label, self.fields["file"].help_text = self.label, self.help_text

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(TOO_LARGE)
        try:
            self.take(upload.read())
        except Refused as reason:
            raise ValidationError(str(reason)) from reason
        return upload


class UploadForm(ListFileForm):
    """A staff list; cleaned, ``raw`` is what stands in it, ``choices`` how it is read, ``table`` what that comes to, unless
    somebody has to look at its columns first. Of a large one there is its ``content`` alone.
    """

    label = "Personalliste"
    help_text = "Excel (.xlsx, .xlsm, .xls, .xlsb), Calc (.ods) oder CSV, höchstens 10 MB und 20.000 Zeilen."

    content = None

    def take(self, content):
        if len(content) > LARGE:
            self.content = content
            return
        self.raw = read_raw(content)
        self.choices = first_choices(self.raw)
        self.table = None if has_doubts(self.raw, self.choices) else table_as(self.raw, self.choices)


NOT_READ = ("", "nicht übernehmen")
ONE_WAY = "Nummer, Pfad und Ebenen sagen dasselbe auf verschiedene Weise. Bitte ordnen Sie nur eine davon zu."
OF_POSTS = "Dazu gehört eine Spalte „Planstelle (Nummer)“, und keine andere darf die Führungskraft nennen."
TWICE = "„{}“ ist schon der Spalte {} zugeordnet."
EXAMPLES, HIDDEN_NAMED = 3, 8


class MappingForm(forms.Form):
    """What the columns of a list are read as; cleaned, ``table`` is what that comes to."""

    read = forms.CharField(widget=forms.HiddenInput)
    sheet = forms.TypedChoiceField(label="Blatt", coerce=int)
    charset = forms.ChoiceField(label="Zeichen der Datei")
    hidden = forms.ChoiceField(
        label="Ausgeblendete oder durchgestrichene Zeilen",
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte entscheiden Sie, was mit den ausgeblendeten Zeilen geschieht."},
    )

    def __init__(self, data, raw, choices, read):
        super().__init__(data, use_required_attribute=False)
        self.raw, self.choices, self.list = raw, choices, raw.sheets[choices.sheet]
        self.fields["sheet"].choices = list(enumerate(sheet.name or "1. Tabelle" for sheet in raw.sheets))
        self.fields["charset"].choices = [(one, NAMES_OF_CHARSETS[one]) for one in raw.possible]
        self.fields["hidden"].choices = [(READ, "auch lesen"), (LEFT_OUT, "nicht lesen")]
        self.initial = {"read": read, "sheet": choices.sheet, "charset": choices.charset, "hidden": choices.hidden}
        given = {"sheet": len(raw.sheets) > 1, "charset": len(raw.possible) > 1, "hidden": self.list.hidden}
        for name in [name for name, is_asked in given.items() if not is_asked]:
            del self.fields[name]
        self.places = [place for place, heading in enumerate(self.list.headings) if self._is_shown(place, heading)]
        titles = [NOT_READ, *((column.key, column.title) for column in targets())]
        for place in self.places:
            key = choices.keys[place]
            label = self.list.headings[place] or f"Spalte {letter_of(place + 1)}"
            self.fields[f"column-{place}"] = forms.ChoiceField(label=label, required=False, choices=titles, initial=key)

    def _is_shown(self, place, heading):
        return not is_never_read(heading) and bool(heading or any(self.list.column(place, 1)))

    def clean(self):
        if self.errors:
            return
        self.choices = self.chosen()
        keys = self.choices.keys
        title = {column.key: column.title for column in targets()}
        for one, other in said_twice(keys):
            self.add_error(f"column-{other}", TWICE.format(title[keys[one]], letter_of(one + 1)))
        if len({"unit_number", UNIT_PATH, UNIT_LEVEL} & set(keys)) > 1:
            self.add_error(None, ONE_WAY)
        if MANAGER_POST in keys and (POST not in keys or "manager" in keys):
            self.add_error(f"column-{keys.index(MANAGER_POST)}", OF_POSTS)
        if without := missing(keys):
            self.add_error(None, f"Noch keiner Spalte zugeordnet: {', '.join(without)}.")
        if not self.errors:
            try:
                self.table = table_as(self.raw, self.choices)
            except Refused as reason:
                self.add_error(None, str(reason))

    def chosen(self):
        said = self.cleaned_data
        keys = [said.get(f"column-{place}", "") for place in range(len(self.list.headings))]
        return Choices(said.get("sheet", 0), said.get("charset", self.raw.charset), keys, said.get("hidden", ""))

    @property
    def is_of_another_list(self):
        """Whether another list was sent since, in a second window perhaps, than the one whose columns were shown."""
        return self.data.get("read") != self.initial["read"]

    @property
    def reads_anew(self):
        """Whether another sheet or encoding was chosen than the columns that were shown are of."""
        self.is_valid()
        said = getattr(self, "cleaned_data", {})
        shown = {"sheet": self.initial["sheet"], "charset": self.initial["charset"]}
        return any(name in self.fields and said.get(name, now) != now for name, now in shown.items())

    def rows(self):
        """What the page says of each column: heading, examples, its field, and how sure this is."""
        fields = {place: self[f"column-{place}"] for place in self.places}
        for place, heading in enumerate(self.list.headings):
            if heading or place in fields:
                yield {
                    "heading": heading or f"Spalte {letter_of(place + 1)}",
                    "examples": [self._example(row, place) for row in self.list.rows[:EXAMPLES]],
                    "field": fields.get(place),
                    "is_unclear": not self.choices.is_remembered and self._is_unclear(place),
                    "state": self._state(place, heading),
                    "is_hidden": place in self.list.hidden_columns,
                }

    def hidden_rows(self):
        return [row_told(number) for number in self.list.hidden[:HIDDEN_NAMED]]

    def example_rows(self):
        return [row_told(number) for number, _ in self.list.rows[:EXAMPLES]]

    def _is_unclear(self, place):
        return is_unclear(self.list, place, self.choices.keys[place])

    def _example(self, row, place):
        cells = row[1]
        cell = cells[place] if place < len(cells) else None
        if cell is None or cell.kind == WRONG:
            return "(leer)" if cell is None else "(Fehler)"
        return ".".join(reversed(cell.text.split("-"))) if cell.kind == DATE else cell.text[:40]

    def _state(self, place, heading):
        if is_never_read(heading):
            return "wird nie gespeichert"
        key = self.choices.keys[place]
        if not key and is_ignored(heading):
            return "erkannt, wird nicht gespeichert"
        if self.choices.is_remembered:
            return "wie beim letzten Mal"
        if self._is_unclear(place):
            return "vermutet, bitte ansehen" if key else "nicht erkannt"
        empty = len(self.list.rows) - len(self.list.column(place))
        return f"erkannt, {empty} leer" if empty else "erkannt"

    def probe(self):
        """A few words with letters beyond A to Z, by which one sees whether the encoding is the right one."""
        words = (text for place in self.places for text in self.list.column(place, 500) if not text.isascii())
        return list(dict.fromkeys(words))[:4]


class PreviewFilter(forms.Form):
    """Which rows of a preview to show; an unknown value narrows nothing."""

    GROUPS = {
        ERRORS: "Fehler",
        NEW: "Neue Personen",
        CHANGED: "Geänderte Personen",
        UNITS: "Organisationseinheiten",
    }

    liste = forms.ChoiceField(label="Anzeigen", required=False, choices=list(GROUPS.items()))
    ursache = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    q = forms.CharField(label="Name oder Personalnummer", required=False, max_length=100)

    def __init__(self, data, shown):
        super().__init__(data, use_required_attribute=False)
        self.shown, self.numbers = shown, shown.told["numbers"]
        self.fields["q"].widget.input_type = "search"
        self.fields["liste"].choices = [(key, f"{title} ({self.numbers[key]})") for key, title in self.GROUPS.items()]

    @property
    def group(self):
        """The group asked for, or the first in which there is something."""
        self.is_valid()
        return self.cleaned_data.get("liste") or next((key for key in self.GROUPS if self.numbers[key]), NEW)

    @property
    def title(self):
        return self.GROUPS[self.group]

    @property
    def words(self):
        return text.words(fold(self.cleaned_data.get("q", "")))

    @property
    def cause(self):
        """The place of the cause whose problems are asked for; None for all."""
        return self.cleaned_data.get("ursache") if self.group == ERRORS else None

    def page(self, request):
        """The page of the group that the address asks for; how many there are, only a search has to count."""
        group, words, cause = self.group, self.words, self.cause
        is_narrowed = words or cause is not None
        return page_of(
            request, self.shown.rows(group, words, cause), count=None if is_narrowed else self.numbers[group]
        )


class Ids(forms.Field):
    """Ids of people, each a number; what is none is left out."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        return frozenset(map(id_in, value or ())) - {None}


NUMBERS_OF_UNITS = ("unit_number", "unit_parent")
SEARCHED = {"manager": PersonSearch, UNIT_PATH: UnitSearch} | dict.fromkeys(NUMBERS_OF_UNITS, UnitSearch)


class InsteadForm(forms.Form):
    """What counts instead in the rows of a cause: a person and a unit are looked for, a day and a role are chosen."""

    instead = forms.CharField(label=ANSWERS[INSTEAD], max_length=200)

    def __init__(self, key, place):
        super().__init__(auto_id=f"%s-{place}")
        self.fields["instead"].widget = widget = self.widget_of(key)
        widget.is_required = True
        widget.attrs |= {"maxlength": 200, "autocomplete": "off"} if isinstance(widget, forms.TextInput) else {}

    def widget_of(self, key):
        names = next((one.names() for one in further() if one.column.key == key), None)
        if names is not None:
            return forms.Select(choices=[("", "Bitte wählen"), *((name, name) for name in names)])
        return date_input() if key == "leaving_date" else SEARCHED.get(key, forms.TextInput)()


class DecisionForm(forms.Form):
    """What HR answers to a cause, by its column and its words; of what counts instead a suggestion that was chosen comes first."""

    key = forms.CharField(label="Spalte", required=False, max_length=40)
    title = forms.CharField(label="Ursache", max_length=2000)
    how = forms.ChoiceField(label="Entscheidung", choices=list(ANSWERS.items()))
    value = forms.CharField(label="Dort steht", required=False, max_length=60)
    instead = forms.CharField(label=ANSWERS[INSTEAD], required=False, max_length=200)
    instead_choice = forms.CharField(label=ANSWERS[INSTEAD], required=False, max_length=200)

    def clean(self):
        said = self.cleaned_data
        chosen, key = said.pop("instead_choice", ""), said.get("key")
        if chosen and key == "manager":
            person = Person.objects.filter(pk=id_in(chosen)).first()
            said["instead"] = reference_to(person) if person else ""
        elif chosen:
            said["instead"] = chosen
        if key in NUMBERS_OF_UNITS and (unit := Unit.objects.named(said.get("instead", ""))):
            said["instead"] = unit.number
        return said


ONLY_GOOD = (
    "Bitte entscheiden Sie: Die Liste hat Zeilen mit Fehlern. Kreuzen Sie an, dass Sie nur die anderen übernehmen, "
    "oder berichtigen Sie sie zuerst."
)


class ConfirmForm(forms.Form):
    """What HR confirms: this very preview, of it only the rows without errors if there are any, what it may empty and shift, and who
    of the missing people has left.
    """

    read = forms.CharField(widget=forms.HiddenInput)
    only_good = forms.BooleanField(label="Die fehlerfreien Zeilen jetzt, den Rest später", required=False)
    allow = forms.MultipleChoiceField(label="Auch das übernehmen", required=False, choices=list(KINDS.items()))
    leavers = Ids(label="Ausgeschieden", required=False)
    all_missing = forms.BooleanField(label="Alle fehlenden Personen sind ausgeschieden", required=False)
    last_day = forms.DateField(
        label="Letzter Arbeitstag der ausgeschiedenen Personen",
        required=False,
        initial=timezone.localdate,
        widget=date_input(),
        help_text="Danach ist keine Anmeldung mehr möglich.",
    )

    def __init__(self, data, told):
        super().__init__(data)
        self.has_errors = told["wrong"] > 0

    def clean(self):
        chosen = self.cleaned_data
        if self.has_errors and not chosen.get("only_good"):
            self.add_error("only_good", ONLY_GOOD)
        if not chosen.get("last_day") and "last_day" not in self.errors and self.names_leavers():
            self.add_error("last_day", "Bitte geben Sie den letzten Arbeitstag an.")

    def names_leavers(self):
        return bool(self.cleaned_data.get("leavers") or self.cleaned_data.get("all_missing"))

    def chosen_leavers(self):
        """The Leavers that were ticked; None if there are none."""
        chosen = self.cleaned_data
        if not self.names_leavers() or self.has_errors:
            return None
        return Leavers(chosen["last_day"], chosen["leavers"], chosen["all_missing"])
