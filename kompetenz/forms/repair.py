"""What superusers repair in Django's admin, guarded like every other form: what was entered meanwhile is not overwritten."""

from django import forms
from django.contrib import admin

from .stamp import ReadForm


class Unlabelled(forms.HiddenInput):
    """Hidden, where Django's admin would write a label for it."""

    def id_for_label(self, _):
        return ""


class RepairForm(ReadForm):
    """A row as the page has shown it; saved later than somebody else's change it says so, and what is stored now."""

    read = forms.CharField(required=False, widget=Unlabelled)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = self.stored

    guarded = property(lambda self: [name for name in self._meta.fields if name != "read"])

    def clean(self):
        cleaned = super().clean()
        if self.is_outdated():
            self.data = self.data.copy()
            self.data["read"] = self.stored  # saved again it counts
        return cleaned


class RepairAdmin(admin.ModelAdmin):
    """Pages that make a RepairForm of a row that is held while something is sent."""

    form = RepairForm

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        return self.model.objects.select_for_update(of=("self",), no_key=True).filter(pk=found.pk).first()
