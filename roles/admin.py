"""Role profiles and holdings for repair work by superusers."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from kompetenz.catalogue.models import Level
from kompetenz.forms.repair import RepairAdmin, RepairForm
from kompetenz.privacy.access_log.models import Access

from .models import Requirement, RoleHolding, RoleProfile


@admin.register(RoleProfile)
class RoleProfileAdmin(RepairAdmin):
    list_display = ["name", "is_builtin", "retired_at"]
    search_fields = ["name"]


class RequirementRepair(RepairForm):
    """One requirement; its level is one of today's scale."""

    def clean_level(self):
        level = self.cleaned_data["level"]
        if not Level.objects.filter(value=level).exists():
            raise ValidationError("Diese Stufe gibt es nicht.")
        return level


@admin.register(Requirement)
class RequirementAdmin(RepairAdmin):
    list_display = ["profile", "competency", "level", "necessity"]
    list_select_related = ["profile", "competency"]
    form = RequirementRepair
    raw_id_fields = ["profile", "competency"]
    search_fields = ["profile__name", "competency__name"]


@admin.register(RoleHolding)
class RoleHoldingAdmin(RepairAdmin):
    tells_of = Access.What.ROLES
    list_display = ["person", "profile", "since", "until"]
    list_select_related = ["person", "profile"]
    raw_id_fields = ["person", "profile"]
    search_fields = ["person__sort_key", "profile__name"]
