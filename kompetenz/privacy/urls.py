"""Retention, erasure and Auskunft."""

from django.urls import path

from .retention import views as retention

app_name = "privacy"
urlpatterns = [
    path("aufbewahrung/", retention.retention, name="retention"),
]
