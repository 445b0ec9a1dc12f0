"""Every form of the app, Django's and allauth's among them, takes text as kompetenz.text makes it, none that our papers
cannot print, and no day of a strange year.

What is missing it says with the field's name (wording).
Settings name ``Renderer``, and Django makes the fields of all forms by it: no form has to ask for this, and none can
forget it. What a view reads without a form has been through the middleware ``tidy_requests``.
"""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList

from kompetenz import text
from kompetenz.forms.drawing import INPUTS, drawn_input
from kompetenz.forms.fields import refuse_strange_year, refuse_unprinted
from kompetenz.forms.wording import in_our_words
from kompetenz.lists import LONGEST_ID


class TidyField(forms.BoundField):
    """A field whose ``data`` are cleaned before they are looked at, shown again or stored; passwords are left alone."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if isinstance(field, forms.DateField) and refuse_strange_year not in field.validators:
            field.validators.append(refuse_strange_year)
        if form.is_bound:
            in_our_words(field, str(self.label))
            if getattr(form, "is_printed", True) and is_text(field):
                field.validators.append(refuse_unprinted)

    @property
    def data(self):
        found = super().data
        if isinstance(self.field.widget, forms.PasswordInput):
            return found
        clean = self.clean
        if isinstance(found, str):
            return clean(found)
        if isinstance(found, list):
            return [clean(one) if isinstance(one, str) else one for one in found]
        return found

    @property
    def clean(self):
        if isinstance(self.field, forms.ModelChoiceField):
            return key
        return text.tidy if isinstance(self.field.widget, forms.Textarea) else text.line


def is_text(field):
    """Whether a paper may show what is typed here. Forms whose texts have rules of their own, or are only looked for, say
    ``is_printed = False``.
    """
    return type(field) is forms.CharField and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)


def key(sent):
    """The number of a row as it was sent; one that is too long for any database is no number to the field either."""
    return sent if len(sent) <= LONGEST_ID else "-"


class Renderer(TemplatesSetting):
    bound_field_class = TidyField

    def render(self, template_name, context, request=None):
        if template_name in INPUTS:
            return drawn_input(context["widget"])
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        return super().render(template_name, context, request)
