"""What HR says about the learning formats and has on offer, and how everybody finds it."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from kompetenz.catalogue.models import Competency
from kompetenz.forms.fields import date_input, euros_field, hours_field
from kompetenz.forms.stamp import ReadFields, ReadForm
from kompetenz.people.models import Unit
from kompetenz.people.names import fold
from kompetenz.people.staff.forms import ListFileForm
from learningplans.models import Booking, LearningFormat, Offer, OfferDate, Suitability, TrainingBudget
from learningplans.training.freshness import after_months
from learningplans.training.narrowing import NO_UNIT, YEARS
from learningplans.training.offer_lists import read_offers


class OfferFilter(forms.Form):
    """What the list of offers is narrowed to; an unknown value narrows nothing."""

    is_printed = False
    format = forms.ModelChoiceField(
        LearningFormat.objects.none(), label="Format", required=False, empty_label="alle Formate"
    )
    suche = forms.CharField(label="Titel, Anbieter oder Kompetenz", required=False, max_length=100)

    def __init__(self, *args, formats, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["suche"].widget.input_type = "search"
        self.fields["format"].queryset = formats

    def narrow(self, offers):
        """At most two queries: the format chosen, and the words to search in."""
        self.is_valid()
        if chosen := self.cleaned_data.get("format"):
            offers = offers.filter(format=chosen)
        if text := fold(self.cleaned_data.get("suche") or ""):
            words = offers.values_list("pk", "title", "provider", "competencies__name")
            offers = offers.filter(pk__in={pk for pk, *said in words if text in fold(" ".join(filter(None, said)))})
        return offers


class RefreshFilter(forms.Form):
    """What the list of refreshes is narrowed to: by default what is due within three months. An unknown value narrows nothing else."""

    is_printed = False
    MONTHS = {"3": 3, "heute": 0, "12": 12, "alle": 1200}
    WORDS = ("in drei Monaten", "heute", "in zwölf Monaten", "irgendwann")
    bis = forms.ChoiceField(label="Fällig bis", required=False, choices=list(zip(MONTHS, WORDS, strict=True)))
    kompetenz = forms.TypedChoiceField(label="Kompetenz", required=False, coerce=int, empty_value=None)
    einheit = forms.CharField(label="Einheit und darunter", required=False, max_length=150)
    suche = forms.CharField(label="Name", required=False, max_length=100)

    def __init__(self, *args, competencies, today, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.today = today
        self.fields["kompetenz"].choices = [("", "alle"), *competencies]
        for name in ("einheit", "suche"):
            self.fields[name].widget.input_type = "search"

    def narrow(self, rows):
        self.is_valid()
        said = self.cleaned_data
        rows = rows.due_by(after_months(self.today, self.MONTHS[said.get("bis") or "3"]))
        if competency := said.get("kompetenz"):
            rows = rows.about(competency)
        if unit := said.get("einheit"):
            rows = rows.without_unit() if unit == NO_UNIT else rows.in_units(Unit.objects.meant(unit))
        return rows.of_people_called(said["suche"]) if said.get("suche") else rows


class FormatForm(ReadForm):
    """What HR fits to the administration; how near to the job a format is and how one learns in it stays."""

    class Meta:
        model = LearningFormat
        fields = ["name", "description", "suits", "needs", "needs_consent", "needs_mentor", "is_offered"]
        labels = {
            "suits": "Geeignet für",
            "needs_consent": "Nur mit Einverständnis der Person",
            "needs_mentor": "Mit einer Begleitung, die namentlich feststeht",
            "is_offered": "Steht zur Wahl",
        }
        help_texts = {
            "needs_consent": "Das Einverständnis gibt nur die Person selbst, vor der Vereinbarung des Lernplans.",
            "is_offered": "Ohne Häkchen gibt es keine neuen Maßnahmen in diesem Format. Vorhandene bleiben.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5}), "suits": forms.CheckboxSelectMultiple}

    def clean_is_offered(self):
        is_offered = self.cleaned_data["is_offered"]
        if not is_offered and not LearningFormat.objects.exclude(pk=self.instance.pk).filter(is_offered=True).exists():
            raise ValidationError("Mindestens ein Format muss zur Wahl stehen.")
        return is_offered


class WebLinkField(forms.URLField):
    """An address of the web, which is http or https and nothing else."""

    default_validators = [URLValidator(schemes=["http", "https"])]
    default_error_messages = {"invalid": "Bitte geben Sie eine Internetadresse an, die mit https:// beginnt."}


class OfferForm(ReadForm):
    """One offer; once measures use it, its format stays."""

    link = WebLinkField(
        label="Link",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="Wo das Angebot beschrieben ist, zum Beispiel https://www.beispiel.de/kurs.",
    )
    hours = hours_field("Zeitbedarf in Stunden")
    cost = euros_field("Kosten in Euro je Person")

    class Meta:
        model = Offer
        fields = [
            *("format", "title", "provider", "link", "hours", "cost", "first_day", "last_day"),
            *("seats", "competencies", "is_offered"),
        ]
        labels = {"first_day": "Erster Tag", "last_day": "Letzter Tag", "is_offered": "Steht zur Wahl"}
        help_texts = {
            "competencies": "Das Angebot wird zuerst vorgeschlagen, wo ein Ziel eine dieser Kompetenzen nennt.",
            "first_day": "Ohne Tage gilt es jederzeit.",
            "seats": "Bei mehreren Terminen: je Termin. Leer: so viele, wie kommen.",
            "last_day": "Danach wird das Angebot nicht mehr vorgeschlagen.",
            "is_offered": "Ohne Häkchen ist das Angebot zurückgezogen. Maßnahmen, die es verwenden, behalten es.",
        }
        widgets = {
            "competencies": forms.CheckboxSelectMultiple,
            "first_day": date_input(),
            "last_day": date_input(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competencies"].choices = by_category()
        self.fields["format"].empty_label = "Bitte wählen"
        if self.instance.pk and self.instance.measures.exists():
            self.fields["format"].disabled = True
            self.fields["format"].help_text = "Maßnahmen verwenden das Angebot; darum bleibt sein Format."

    def clean(self):
        super().clean()
        first_day, last_day = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide Tage.")
        seats = self.cleaned_data.get("seats")
        taken = Booking.objects.most_on_a_date(self.instance) if seats and self.instance.pk else 0
        if seats and "seats" in self.changed_data and taken > seats:
            self.add_error(
                "seats", f"Auf einem Termin sind schon {taken} gebucht. Lassen Sie zuerst Buchungen entfallen."
            )


class OfferDateForm(ReadForm):
    """One of the dates of an offer."""

    class Meta:
        model = OfferDate
        fields = ["starts_on", "ends_on", "place"]
        labels = {"starts_on": "Erster Tag", "ends_on": "Letzter Tag"}
        help_texts = {
            "ends_on": "Leer: ein einziger Tag.",
            "place": "Zum Beispiel: Kreishaus, Saal 2, 9 bis 16 Uhr.",
        }
        widgets = {"starts_on": date_input(), "ends_on": date_input()}

    def clean(self):
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide Tage.")


class SuitabilityForm(ReadFields, forms.Form):
    """For which competencies a format suits, one by one, and on what ground; empty: as its categories say."""

    CHOICES = {
        "paper": (True, Suitability.Ground.PAPER),
        "own": (True, Suitability.Ground.OWN),
        "not": (False, Suitability.Ground.OWN),
    }

    def __init__(self, data=None, *, format_, stored):
        """``stored`` are the Suitabilities that there are, held while something is sent."""
        super().__init__(data, use_required_attribute=False)
        suits = {category.pk for category in format_.suits.all()}
        for competency in Competency.objects.select_related("category"):
            word = "geeignet" if competency.category_id in suits else "nicht besonders geeignet"
            choices = [
                ("", f"wie {competency.category.name}: {word}"),
                ("paper", "geeignet (Papier)"),
                ("own", "geeignet (eigene Einschätzung)"),
                ("not", "nicht geeignet (eigene Einschätzung)"),
            ]
            self.fields[f"k{competency.pk}"] = forms.ChoiceField(label=competency.name, choices=choices, required=False)
        said = {value: key for key, value in self.CHOICES.items()}
        self.initial = dict.fromkeys(self.fields, "") | {
            f"k{one.competency_id}": said.get((one.fits, one.ground), "not") for one in stored
        }

    @property
    def said(self):
        """{competency id: (whether it fits, on what ground)} of those of which something is said."""
        return {int(name[1:]): self.CHOICES[key] for name, key in self.cleaned_data.items() if key}


class OfferListForm(ListFileForm):
    """A list of offers; cleaned, ``offers`` is what was read of it."""

    label, help_text = "Liste der Angebote", "Excel, Calc oder CSV, höchstens 10 MB und 2.000 Zeilen."
    format = forms.ModelChoiceField(
        LearningFormat.objects.all(),
        label="Lernformat, wo die Liste keines nennt",
        required=False,
        empty_label="steht in jeder Zeile",
    )
    field_order = ["format", "file"]  # read before the file is

    def take(self, content):
        usual = self.cleaned_data.get("format")
        self.offers = read_offers(content, usual and usual.pk)


class BudgetForm(ReadForm):
    """A budget of a year: for one unit, or for all others."""

    unit_name = forms.CharField(
        label="Organisationseinheit",
        max_length=150,
        required=False,
        help_text="Nummer oder Name. Leer: für alle Einheiten, die kein eigenes Budget haben.",
    )
    amount = euros_field("Budget in Euro", max_digits=11, required=True)

    class Meta:
        model = TrainingBudget
        fields = ["year", "amount"]
        error_messages = {"year": {"invalid": "Bitte geben Sie ein Jahr mit vier Ziffern ein."}}

    field_order = ["year", "unit_name", "amount"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["unit_name"] = str(self.instance.unit or "")
        if self.instance.pk:
            del self.fields["unit_name"]
            self.fields["year"].disabled = True

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year not in YEARS:
            raise ValidationError(f"Bitte geben Sie ein Jahr von {YEARS[0]} bis {YEARS[-1]} ein.")
        return year

    def clean_unit_name(self):
        name = self.cleaned_data["unit_name"].strip()
        self.instance.unit = Unit.objects.named(name) if name else None
        if name and self.instance.unit is None:
            raise ValidationError(
                "Eine Einheit, die so heißt, gibt es nicht, oder mehrere heißen so. Die Nummer ist eindeutig."
            )
        return name

    def clean(self):
        super().clean()
        year = self.cleaned_data.get("year")
        if year and not self.instance.pk and TrainingBudget.objects.of(year).filter(unit=self.instance.unit).exists():
            self.add_error("unit_name", f"Für {year} hat sie schon ein Budget. Ändern Sie dort den Betrag.")


def by_category():
    """The competencies as choices, grouped by category; one query."""
    groups = {}
    for competency in Competency.objects.select_related("category"):
        groups.setdefault(competency.category.name, []).append((competency.pk, competency.name))
    return list(groups.items())
