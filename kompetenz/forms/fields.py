"""Numbers and days as Germans write them."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kompetenz.refusals import Refused
from kompetenz.text import objection_to_text, tidy

EARLIEST, LATEST = 1950, 2100  # years of days that anybody enters
THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def as_decimal(typed):
    """A number as Germans write it, with or without "€", as Decimal reads it; what is none stays none.

    In 1,250.50 the comma cannot be theirs.
    """
    number = re.sub(r"[\s€]", "", typed)
    if "," in number and number.rfind(".") > number.rfind(","):
        return number.replace(",", "")
    if "," in number or THOUSANDS.fullmatch(number):
        number = number.replace(".", "").replace(",", ".")
    return number


class GermanDecimalField(forms.DecimalField):
    """A number as Germans write it: "1,5", "1.250,50", with or without "€"."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        return super().to_python(as_decimal(value or ""))

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return f"{value:,}".translate(str.maketrans(",.", ".,")).removesuffix(",0")


def hours_field(label, *, max_digits=6, required=False, **options):
    """Hours of work, to a tenth; none is below zero."""
    about = {"label": label, "max_digits": max_digits, "decimal_places": 1, "required": required}
    return GermanDecimalField(min_value=0, **about, **options)


def euros_field(label, *, max_digits=9, required=False, **options):
    """An amount in euros, to the cent; none is below zero."""
    about = {"label": label, "max_digits": max_digits, "decimal_places": 2, "required": required}
    return GermanDecimalField(min_value=0, **about, **options)


def date_input():
    """The browser's own calendar; it reads and sends days as ISO 8601 writes them."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(label, **options):
    return forms.DateField(label=label, widget=date_input(), **options)


def refuse_strange_year(day):
    """The validator of every day that a form takes, see incoming."""
    if not EARLIEST <= day.year <= LATEST:
        raise ValidationError("Dieses Jahr kann nicht stimmen.", "strange_year")


def refuse_unprinted(text):
    """The validator of every text that a form takes, see incoming."""
    if objection := objection_to_text(text):
        raise ValidationError(objection, "unprinted")


class Unprinted(Refused):
    """A text that is saved without a form cannot be printed."""


def check_printed(texts):
    """Raise Unprinted for the first of texts that no form has looked at."""
    for objection in filter(None, map(objection_to_text, texts)):
        raise Unprinted(objection)


def refuse_past(form, name):
    """Refuse a newly entered day before today; one that stood there before may stay."""
    day = form.cleaned_data.get(name)
    if day and name in form.changed_data and day < timezone.localdate():
        form.add_error(name, "Dieser Tag liegt in der Vergangenheit.")


def written(post, name):
    """What somebody wrote into a text field without a form, cleaned as forms do; a line end is one character."""
    return tidy(post.get(name, "")).strip()
