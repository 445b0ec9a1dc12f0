"""What superusers repair in Django's admin, guarded like every other form: what was entered meanwhile is not overwritten."""

from django import forms
from django.contrib import admin

from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access

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
    tells_of = None  # of what of somebody a row tells, for the access log (Access.What); of a model about people

    def person_of(self, row):
        """The id of the person whom the row is about."""
        return row.person_id

    def note(self, request, row, how):
        if self.tells_of:
            accesses.note(request.user, self.tells_of, how, [self.person_of(row)], role=Access.Role.ADMIN)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.note(request, obj, Access.How.CHANGED)

    def delete_model(self, request, obj):
        self.note(request, obj, Access.How.CHANGED)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            self.note(request, row, Access.How.CHANGED)
        super().delete_queryset(request, queryset)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        self.note(request, found, Access.How.READ)
        if request.method != "POST":
            return found
        return self.model.objects.select_for_update(of=("self",), no_key=True).filter(pk=found.pk).first()
