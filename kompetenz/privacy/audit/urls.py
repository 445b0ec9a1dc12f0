"""Who has had to do with my data; the pages of the auditor."""

from django.urls import path

from .views import mine

app_name = "audit"
urlpatterns = [
    path("meine-daten/zugriffe/", mine.accesses, name="mine"),
]
