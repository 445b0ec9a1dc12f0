"""What many agreed levels say, and nobody's in particular."""

from django.urls import path

from . import views

app_name = "results"
urlpatterns = [
    path("", views.publications, name="publications"),
    path("runden/<int:pk>/", views.publish, name="publish"),
    path("<int:pk>/", views.publication, name="publication"),
    path("<int:pk>/kompetenzen/<int:competency>/", views.competency, name="competency"),
    path("<int:pk>/auswertung.xlsx", views.workbook, name="workbook"),
    path("<int:pk>/auswertung.json", views.as_json, name="json"),
]
