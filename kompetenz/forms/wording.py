"""What a form says where something is missing, too long or too large: in our own words, and with the field's name.

Only what Django would say by itself is said here; a field that has words of its own keeps them.
"""

from copy import copy

from django import forms
from django.core import validators

from kompetenz.text import quoted

# What is asked for where nothing was given, by the kind of field; the first that fits.
MISSING = (
    (forms.BooleanField, "Bitte kreuzen Sie {} an."),
    ((forms.MultipleChoiceField, forms.ModelMultipleChoiceField), "Bitte wählen Sie bei {} mindestens eines aus."),
    ((forms.ChoiceField, forms.ModelChoiceField), "Bitte wählen Sie bei {} etwas aus."),
    (forms.FileField, "Bitte wählen Sie bei {} eine Datei aus."),
    (forms.DateField, "Bitte geben Sie bei {} einen Tag an."),
    (forms.TimeField, "Bitte geben Sie bei {} eine Uhrzeit an."),
    (forms.IntegerField, "Bitte geben Sie bei {} eine Zahl an."),
    (forms.Field, "Bitte füllen Sie {} aus."),
)
QUESTION = "Bitte beantworten Sie {}"
LIMITS = {
    validators.MaxLengthValidator: "Das ist zu lang: Möglich sind höchstens %(limit_value)d Zeichen, es sind %(show_value)d.",
}


def in_our_words(field, label):
    """Give a field, which is one form's alone, our words instead of Django's."""
    if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = missing(field, label)
    field.validators = [in_ours(one) for one in field.validators]


def missing(field, label):
    """That nothing was given, and for what."""
    if label.endswith("?"):
        return QUESTION.format(quoted(label))
    return next(words for kind, words in MISSING if isinstance(field, kind)).format(quoted(label))


def in_ours(validator):
    if type(validator) not in LIMITS or validator.message is not type(validator).message:
        return validator
    ours = copy(validator)
    ours.message = LIMITS[type(validator)]
    return ours
