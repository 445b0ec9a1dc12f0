"""What two people may have open at once: what was stored when a page was made, and what is stored now.

A page sends the stamp of what it shows back as ``read``. The write makes the stamp anew, under its locks, and raises Faster
where it is another. Forms do so with ReadForm: where one is sent, it is made of the row that is ``held``.
"""

import hashlib
import re
from datetime import date, time
from functools import wraps

from django import forms

from kompetenz.forms.fields import written
from kompetenz.refusals import FASTER
from kompetenz.text import quoted
from kompetenz.whole import whole

NOTHING = "nichts"
WAS = re.compile(r"((?:\w+-)?)was-(.+)")


def stamp(*values):
    """A short text that differs as soon as one of the values does."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def was_read(request, stored, name="read"):
    """Whether what is sent comes from a page that has shown what is ``stored``, by its stamp.

    One of our pages (they all send ``once``) that has lost it has shown nothing.
    """
    return request.POST.get(name, "" if "once" in request.POST else stored) == stored


def seen_in(post):
    """What a page has shown that saves field by field: hidden fields say of ``level-7`` ``level-was-7``, of ``place`` ``was-place``."""
    found = {name: WAS.fullmatch(name) for name in post}
    return {"".join(match.groups()): written(post, name) for name, match in found.items() if match}


def overtaken(*, stored, new, seen):
    """What is stored, of what is neither what the page has ``seen`` nor the ``new``; all by the names of its fields, as texts."""
    return {
        name: stored.get(name, "")
        for name, text in new.items()
        if name in seen and stored.get(name, "") not in (seen[name], text)
    }


def held(request, rows):
    """``rows``, locked while something is sent: what a form of them finds stored stays so until the view is done."""
    return rows.select_for_update(of=("self",), no_key=True) if request.method == "POST" else rows


def holds(view):
    """A view that is one transaction while something is sent; within it rows can be ``held``."""
    sent = whole(view)

    @wraps(view)
    def page(request, *args, **kwargs):
        return (sent if request.method == "POST" else view)(request, *args, **kwargs)

    return page


class ReadFields:
    """A form that knows what was ``read``: the stamp of what is stored (its initial values) as the form is made.

    The page sends it back as ``read``; a form made of what was saved in between has another. Nobody else may store
    anything between its making and its saving: it is made of rows that are ``held``.
    """

    told = False  # whether the page that shows this form says what is stored now

    @property
    def stored(self):
        return stamp([(name, str(self.initial.get(name))) for name in self.guarded])

    @property
    def guarded(self):
        """The names of the fields whose values are stored."""
        return list(self.fields)

    @property
    def read(self):
        """What the page sends along: a form that comes back for another reason keeps what its page has shown.

        One of our pages (they all send ``once``) that has lost its stamp has shown nothing.
        """
        lost = "" if "once" in self.data else self.stored
        return self.stored if self.told else self.data.get(self.add_prefix("read"), lost)

    def is_outdated(self):
        """Whether something else was saved since the page was opened; then the valid form says so and is so no more."""
        if self.read == self.stored or not self.has_changed():
            return False
        self.add_error(None, FASTER)
        self.tell_what_is_stored()
        return True

    def tell_what_is_stored(self):
        """Beside each field that differs, what is stored now."""
        self.told = True
        for name in self.changed_data:
            if name in self.guarded and name in self.fields:
                self.add_error(name, f"Jetzt gespeichert: {self.stored_in_words(name)}.")

    def stored_in_words(self, name):
        return value_in_words(self.fields[name], self.initial.get(name))


def tell_beside(form, stored):
    """Beside each field of a valid ``form`` that differs, what the same form as it begins now, ``stored``, has there."""
    for name in form.fields.keys() & stored.initial.keys():
        now, typed = stored.initial[name], form.cleaned_data.get(name)
        if now != typed and {now, typed} != {None, ""}:
            form.add_error(name, f"Jetzt gespeichert: {value_in_words(form.fields[name], now)}.")


def value_in_words(field, value):
    if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
        return str(field.queryset.filter(pk=value).first() or NOTHING)
    if isinstance(field, (forms.ChoiceField, forms.ModelMultipleChoiceField)):
        chosen = {str(getattr(one, "pk", one)) for one in (value if isinstance(value, list) else [value])}
        return ", ".join(str(label) for key, label in flat(field.choices) if str(key) in chosen) or NOTHING
    return in_words(value, field)


def in_words(value, field):
    """A value that is no choice, as Germans write it."""
    if isinstance(value, bool):
        return "angekreuzt" if value else "nicht angekreuzt"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M} Uhr"
    return str(NOTHING if value in (None, "") else quoted(field.prepare_value(value)))


def flat(choices):
    """Choices without their groups."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


class ReadForm(ReadFields, forms.ModelForm):
    """A ModelForm that knows what was ``read``; one that makes something new has read nothing."""

    stored = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Now, for subclasses go on to fill in what is not stored.
        self.stored = stamp([(name, str(self.initial.get(name))) for name in self.guarded])

    @property
    def guarded(self):
        return self._meta.fields

    def is_saved(self):
        """Note that what was entered is stored now, for a page that goes on with it."""
        self.stored, self.told = stamp([(name, str(self.cleaned_data.get(name))) for name in self.guarded]), True

    def is_outdated(self):
        return bool(self.instance.pk) and super().is_outdated()

    def tell_what_is_stored(self):
        if self.instance.pk:
            super().tell_what_is_stored()
