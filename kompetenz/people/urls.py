"""HR's pages about people."""

from django.urls import path

from . import letterhead, views
from .deputies import views as deputies
from .staff import records
from .staff import views as staff
from .succession import views as succession
from .way_in import views as way_in

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("vorschlaege/", views.find_person, name="find_person"),
    path("neu/", views.create, name="create"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/einladung/", way_in.invite, name="invite"),
    path("<int:pk>/sperre-aufheben/", way_in.lift, name="lift"),
    path("einladen/", way_in.invite_found, name="invite_found"),
    path("anmeldesperren/", way_in.locks, name="locks"),
    path("<int:pk>/deaktivieren/", views.deactivate, name="deactivate"),
    path("<int:pk>/aktivieren/", views.activate, name="activate"),
    path("nachfolge/", succession.vacancies, name="vacancies"),
    path("<int:pk>/nachfolge/", succession.successor, name="successor"),
    path("<int:pk>/laufendes-uebergeben/", succession.pass_on_running, name="pass_on_running"),
    path("import/", staff.upload, name="staff_import"),
    path("import/spalten/", staff.mapping, name="staff_mapping"),
    path("import/vorschau/", staff.preview, name="staff_preview"),
    path("import/entscheiden/", staff.decide, name="staff_decide"),
    path("import/fehler.xlsx", staff.errors, name="staff_errors"),
    path("import/verlauf/", records.history, name="staff_history"),
    path("import/verlauf/<int:pk>.xlsx", records.difference, name="staff_difference"),
    path("import/verlauf/<int:pk>/zuruecknehmen/", records.take_back, name="staff_take_back"),
    path("personalliste.xlsx", records.export, name="staff_export"),
    path("import/verwerfen/", staff.discard, name="staff_discard"),
    path("import/vorlage.xlsx", staff.download_template, {"kind": "xlsx"}, name="staff_template"),
    path("import/vorlage.csv", staff.download_template, {"kind": "csv"}, name="staff_template_csv"),
    path("vertretungen/", deputies.deputies, name="deputies"),
    path("vertretungen/neu/", deputies.create, name="deputy_create"),
    path("vertretungen/<int:pk>/beenden/", deputies.end, name="deputy_end"),
    path("briefkopf/", letterhead.letterhead, name="letterhead"),
    path("briefkopf/bild-entfernen/", letterhead.remove_emblem, name="emblem_remove"),
    path("einheiten/", views.units, name="units"),
    path("einheiten/vorschlaege/", views.find_unit, name="find_unit"),
    path("einheiten/neu/", views.create_unit, name="unit_create"),
    path("einheiten/<int:pk>/", views.edit_unit, name="unit_edit"),
]
