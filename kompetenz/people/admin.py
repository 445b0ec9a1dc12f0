"""People and units for repair work by superusers."""

from django.contrib import admin

from .models import Person, Unit


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["listed_as", "email", "personnel_number", "is_active"]
    search_fields = ["sort_key", "email", "personnel_number"]
    raw_id_fields = ["unit", "manager"]
    exclude = ["password", "groups", "user_permissions"]
    readonly_fields = ["last_login"]

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django passes them
        # Erasing a person takes their assessments and plans with them and follows a procedure of its own.
        return False


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "parent"]
    search_fields = ["number", "name"]
    raw_id_fields = ["parent"]
