"""Role profiles and who holds which role."""

from django.urls import path

from . import views

app_name = "roles"
urlpatterns = [
    path("", views.profiles, name="list"),
    path("neu/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/rad.svg", views.wheel, name="wheel"),
    path("<int:pk>/kopieren/", views.copy, name="copy"),
    path("<int:pk>/bearbeiten/", views.edit, name="edit"),
    path("<int:pk>/anforderungen/<int:competency>/", views.require, name="require"),
    path("<int:pk>/zurueckziehen/", views.retire, name="retire"),
    path("<int:pk>/wieder-verwenden/", views.restore, name="restore"),
    path("<int:pk>/personen/", views.holders, name="holders"),
    path("personen/<int:person>/", views.person_roles, name="person"),
]
