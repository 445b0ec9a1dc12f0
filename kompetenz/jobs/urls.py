"""What goes on in the background, and what came of it."""

from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/datei/", views.download, name="download"),
    path("<int:pk>/anhalten/", views.stop, name="stop"),
    path("<int:pk>/fortsetzen/", views.go_on, name="go_on"),
    path("<int:pk>/abbrechen/", views.give_up, name="give_up"),
]
