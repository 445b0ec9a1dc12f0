"""The catalogue for repair work by superusers; editions never change and are not here."""

from django.contrib import admin

from kompetenz.forms.repair import RepairAdmin

from .models import Category, Competency, Level, LevelAnchor


class KeptForever(RepairAdmin):
    """Rows whose words may change and which never go: rounds and profiles rest on them."""

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django passes them
        return False


@admin.register(Category)
class CategoryAdmin(KeptForever):
    list_display = ["order", "name"]
    search_fields = ["name"]


@admin.register(Competency)
class CompetencyAdmin(KeptForever):
    list_display = ["order", "name", "category"]
    list_select_related = ["category"]
    search_fields = ["name", "key"]


@admin.register(Level)
class LevelAdmin(KeptForever):
    list_display = ["value", "name", "definition"]
    search_fields = ["name"]


@admin.register(LevelAnchor)
class LevelAnchorAdmin(KeptForever):
    list_display = ["competency", "level", "text"]
    list_select_related = ["competency"]
    raw_id_fields = ["competency"]
    search_fields = ["competency__name", "text"]
