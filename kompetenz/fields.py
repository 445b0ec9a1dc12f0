"""Numbers and days as Germans write them."""

import re

from django import forms
from django.utils import timezone

THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


class GermanDecimalField(forms.DecimalField):
    """A number as Germans write it: "1,5", "1.250,50", with or without "€"."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        number = re.sub(r"[\s€]", "", value or "")
        if "," in number or THOUSANDS.fullmatch(number):
            number = number.replace(".", "").replace(",", ".")
        return super().to_python(number)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else str(value).replace(".", ",").removesuffix(",0")


def date_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def refuse_past(form, name):
    """Refuse a newly entered day before today; one that stood there before may stay."""
    day = form.cleaned_data.get(name)
    if day and name in form.changed_data and day < timezone.localdate():
        form.add_error(name, "Dieser Tag liegt in der Vergangenheit.")
