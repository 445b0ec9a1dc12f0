"""Retention, erasure and Auskunft."""

from django.urls import path

from .erasure import views as erasure
from .retention import views as retention
from .subject_access import views as subject_access

app_name = "privacy"
urlpatterns = [
    path("aufbewahrung/", retention.retention, name="retention"),
    path("meine-daten/auskunft/", subject_access.subject_access, name="subject_access"),
    path("personen/<int:pk>/loeschen/", erasure.erase, name="erase"),
    path("personen/<int:pk>/loeschen/bestaetigen/", erasure.confirm, name="erase_confirm"),
]
