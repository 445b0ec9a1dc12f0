"""What HR sends to import a staff list: the file, which part of the preview to look at, and the confirmation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz import text
from kompetenz.forms.fields import date_input
from kompetenz.lists import id_in, page_of
from kompetenz.people.names import fold
from kompetenz.refusals import Refused

from .previews import CHANGED, ERRORS, NEW, UNITS
from .reading import EMPTY, MAX_BYTES, TOO_LARGE
from .table import read_table
from .taking_over import Leavers


class UploadForm(forms.Form):
    """A staff list; cleaned, ``table`` holds what is read of it."""

    file = forms.FileField(
        label="Personalliste",
        help_text="Excel-Arbeitsmappe (.xlsx) oder CSV, höchstens 10 MB und 20.000 Zeilen.",
        error_messages={"required": "Bitte wählen Sie eine Datei aus.", "empty": EMPTY},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(TOO_LARGE)
        try:
            self.table = read_table(upload.read())
        except Refused as reason:
            raise ValidationError(str(reason)) from reason
        return upload


class PreviewFilter(forms.Form):
    """Which rows of a preview to show; an unknown value narrows nothing."""

    GROUPS = {
        ERRORS: "Fehler",
        NEW: "Neue Personen",
        CHANGED: "Geänderte Personen",
        UNITS: "Organisationseinheiten",
    }

    liste = forms.ChoiceField(label="Anzeigen", required=False, choices=list(GROUPS.items()))
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

    def page(self, request):
        """The page of the group that the address asks for; how many there are, only a search has to count."""
        group, words = self.group, self.words
        return page_of(request, self.shown.rows(group, words), count=None if words else self.numbers[group])


class Ids(forms.Field):
    """Ids of people, each a number; what is none is left out."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        return frozenset(map(id_in, value or ())) - {None}


class ConfirmForm(forms.Form):
    """What HR confirms: this very preview, and who of the missing people has left."""

    read = forms.CharField(widget=forms.HiddenInput)
    leavers = Ids(label="Ausgeschieden", required=False)
    all_missing = forms.BooleanField(label="Alle fehlenden Personen sind ausgeschieden", required=False)
    last_day = forms.DateField(
        label="Letzter Arbeitstag der ausgeschiedenen Personen",
        required=False,
        initial=timezone.localdate,
        widget=date_input(),
        help_text="Danach ist keine Anmeldung mehr möglich.",
    )

    def clean(self):
        chosen = self.cleaned_data
        if not chosen.get("last_day") and "last_day" not in self.errors and self.names_leavers():
            self.add_error("last_day", "Bitte geben Sie den letzten Arbeitstag an.")

    def names_leavers(self):
        return bool(self.cleaned_data.get("leavers") or self.cleaned_data.get("all_missing"))

    def chosen_leavers(self):
        """The Leavers that were ticked; None if there are none."""
        chosen = self.cleaned_data
        if not self.names_leavers():
            return None
        return Leavers(chosen["last_day"], chosen["leavers"], chosen["all_missing"])
