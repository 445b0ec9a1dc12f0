"""What many agreed levels say, and nobody's in particular."""

from django.urls import path

from . import pdf, views

app_name = "results"
urlpatterns = [
    path("", views.publications, name="publications"),
    path("runden/<int:pk>/", views.publish, name="publish"),
    path("<int:pk>/", views.publication, name="publication"),
    path("<int:pk>/kompetenzen/<int:competency>/", views.competency, name="competency"),
    path("<int:pk>/auswertung.xlsx", views.workbook, name="workbook"),
    path("<int:pk>/auswertung.pdf", pdf.of_tables, name="pdf"),
    path("<int:pk>/auswertung.json", views.as_json, name="json"),
    path("<int:pk>/bericht/", views.introduce, name="report"),
    path("<int:pk>/bericht.pdf", pdf.report, name="report_pdf"),
]
