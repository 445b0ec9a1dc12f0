"""The catalogue for repair work by superusers; editions never change and are not here."""

from django.contrib import admin

from .models import Category, Competency, LevelAnchor


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["order", "name"]
    search_fields = ["name"]


@admin.register(Competency)
class CompetencyAdmin(admin.ModelAdmin):
    list_display = ["order", "name", "category"]
    list_select_related = ["category"]
    search_fields = ["name", "key"]


@admin.register(LevelAnchor)
class LevelAnchorAdmin(admin.ModelAdmin):
    list_display = ["competency", "level", "text"]
    list_select_related = ["competency"]
    raw_id_fields = ["competency"]
    search_fields = ["competency__name", "text"]
