from django.contrib import admin

from .models import LearningFormat


@admin.register(LearningFormat)
class LearningFormatAdmin(admin.ModelAdmin):
    list_display = ["name", "job", "learning_form"]
    filter_horizontal = ["suits"]
