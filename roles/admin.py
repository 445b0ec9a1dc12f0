"""Role profiles and holdings for repair work by superusers."""

from django.contrib import admin

from .models import Requirement, RoleHolding, RoleProfile


@admin.register(RoleProfile)
class RoleProfileAdmin(admin.ModelAdmin):
    list_display = ["name", "is_builtin", "retired_at"]
    search_fields = ["name"]


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    list_display = ["profile", "competency", "level", "necessity"]
    list_select_related = ["profile", "competency"]
    raw_id_fields = ["profile", "competency"]
    search_fields = ["profile__name", "competency__name"]


@admin.register(RoleHolding)
class RoleHoldingAdmin(admin.ModelAdmin):
    list_display = ["person", "profile", "since", "until"]
    list_select_related = ["person", "profile"]
    raw_id_fields = ["person", "profile"]
    search_fields = ["person__sort_key", "profile__name"]
