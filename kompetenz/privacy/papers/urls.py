"""What an introduction needs on paper."""

from django.urls import path

from . import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="papers"),
    path("runden/<int:pk>/steckbrief/", views.fact_sheet, name="fact_sheet"),
    path("runden/<int:pk>/steckbrief.pdf", views.fact_sheet_pdf, name="fact_sheet_pdf"),
    path("runden/<int:pk>/steckbrief/zeigen/", views.fact_sheet_show, name="fact_sheet_show"),
    path("runden/<int:pk>/steckbrief/stellungnahme/", views.fact_sheet_comment, name="fact_sheet_comment"),
    path("<slug:slug>/", views.paper, name="paper"),
    path("<slug:slug>/unterlage.pdf", views.paper_pdf, name="paper_pdf"),
    path("<slug:slug>/unterlage.docx", views.paper_text, name="paper_text"),
    path("<slug:slug>/fassungen/", views.paper_versions, name="paper_versions"),
]
