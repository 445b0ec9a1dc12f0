"""People and units for repair work by superusers."""

from django.contrib import admin
from django.db import transaction

from kompetenz.forms.repair import RepairAdmin, RepairForm
from kompetenz.privacy.access_log.models import Access

from .models import Person, Unit
from .names import SOMEBODY_ELSE, is_somebody_else
from .own_reach import OwnReach, objections_to_own
from .renaming import note_changes, note_units
from .rights import Hand, Through


class PersonRepair(RepairForm):
    """A person's row; not even a superuser (``by``) lets themselves in."""

    by = None

    def _post_clean(self):
        before = Person.objects.filter(pk=self.instance.pk).first()
        super()._post_clean()
        refused = objections_to_own(by=self.by, before=before, after=self.instance)
        refused["manager"] = OwnReach(self.by).objection_to(manager=self.instance.manager, person=before)
        new = {field: getattr(self.instance, field) for field in ("first_name", "last_name", "email")}
        if before and is_somebody_else(before, **new):
            refused["last_name"] = SOMEBODY_ELSE.format(before)
        for field, objection in refused.items():
            if objection and field in self.fields and field not in self.errors:
                self.add_error(field, objection)


@admin.register(Person)
class PersonAdmin(RepairAdmin):
    list_display = ["listed_as", "email", "personnel_number", "is_active"]
    search_fields = ["sort_key", "email", "personnel_number"]
    form = PersonRepair
    tells_of = Access.What.MASTER_DATA
    raw_id_fields = ["unit", "manager"]
    exclude = ["password", "groups", "user_permissions", "last_login"]

    def person_of(self, row):
        return row.pk

    def get_form(self, request, obj=None, **kwargs):
        return type("PersonRepair", (super().get_form(request, obj, **kwargs),), {"by": request.user})

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        before = list(Person.objects.filter(pk=obj.pk))
        obj.hand = Hand(Through.ADMIN, request.user)
        super().save_model(request, obj, form, change)
        note_changes([(one, obj) for one in before])

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django passes them
        # Erasing a person takes their assessments and plans with them and follows a procedure of its own.
        return False


@admin.register(Unit)
class UnitAdmin(RepairAdmin):
    list_display = ["number", "name", "parent"]
    search_fields = ["number", "name"]
    raw_id_fields = ["parent"]

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        note_units([obj])
