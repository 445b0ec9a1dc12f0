"""HR's pages about people."""

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("neu/", views.create, name="create"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/passwort/", views.set_password, name="set_password"),
    path("<int:pk>/deaktivieren/", views.deactivate, name="deactivate"),
    path("<int:pk>/aktivieren/", views.activate, name="activate"),
    path("einheiten/", views.units, name="units"),
    path("einheiten/neu/", views.create_unit, name="unit_create"),
    path("einheiten/<int:pk>/", views.edit_unit, name="unit_edit"),
]
