"""Role profiles and holdings for repair work by superusers."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from kompetenz.catalogue.models import Level

from .models import Requirement, RoleHolding, RoleProfile


@admin.register(RoleProfile)
class RoleProfileAdmin(admin.ModelAdmin):
    list_display = ["name", "is_builtin", "retired_at"]
    search_fields = ["name"]


class RequirementRepair(forms.ModelForm):
    """One requirement; its level is one of today's scale."""

    def clean_level(self):
        level = self.cleaned_data["level"]
        if not Level.objects.filter(value=level).exists():
            raise ValidationError("Diese Stufe gibt es nicht.")
        return level


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    list_display = ["profile", "competency", "level", "necessity"]
    list_select_related = ["profile", "competency"]
    form = RequirementRepair
    raw_id_fields = ["profile", "competency"]
    search_fields = ["profile__name", "competency__name"]


@admin.register(RoleHolding)
class RoleHoldingAdmin(admin.ModelAdmin):
    list_display = ["person", "profile", "since", "until"]
    list_select_related = ["person", "profile"]
    raw_id_fields = ["person", "profile"]
    search_fields = ["person__sort_key", "profile__name"]
