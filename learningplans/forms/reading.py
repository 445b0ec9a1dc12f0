"""Forms that two people may have open at once: what was stored when one was opened, and what is stored now."""

from datetime import date

from django import forms

from learningplans.reviewing import stamp

NOTHING = "nichts"
FASTER = (
    "Nicht gespeichert: Inzwischen hat jemand hier etwas anderes gespeichert. Was Sie eingegeben haben, steht noch da; "
    "bei jeder Angabe, die abweicht, lesen Sie, was jetzt gespeichert ist. Speichern Sie noch einmal, dann gilt Ihre Fassung."
)


class ReadForm(forms.ModelForm):
    """A ModelForm that knows what was ``read``: the stamp of what is stored as the form is made.

    The page sends it back as ``read``; a form made of a row that was saved in between has another.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.read = stamp([(name, str(self.initial.get(name))) for name in self._meta.fields])

    def is_outdated(self):
        """Whether something else was saved since the page was opened; then the valid form says so and is so no more."""
        if not self.instance.pk or self.data.get("read", self.read) == self.read or not self.has_changed():
            return False
        self.add_error(None, FASTER)
        self.tell_what_is_stored()
        return True

    def tell_what_is_stored(self):
        """Beside each field that differs, what is stored now."""
        for name in self.changed_data if self.instance.pk else []:
            if name in self._meta.fields:
                self.add_error(name, f"Jetzt gespeichert: {self.stored_in_words(name)}.")

    def stored_in_words(self, name):
        field, value = self.fields[name], self.initial.get(name)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(label for pk, label in field.choices if pk in {one.pk for one in value}) or NOTHING
        if isinstance(field, forms.ModelChoiceField):
            return str(field.queryset.filter(pk=value).first() or NOTHING)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, NOTHING))
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}"
        return str(NOTHING if value in (None, "") else f"„{field.prepare_value(value)}“")
