"""The catalogue as everybody may read it."""

from django.urls import path

from . import views

app_name = "catalogue"
urlpatterns = [
    path("", views.catalogue, name="list"),
    path("auffrischen/", views.refreshing, name="refreshing"),
    path("stufen/", views.names_of_levels, name="level_names"),
]
