"""Who has had to do with my data; the pages of the auditor."""

from django.urls import path

from .views import auditing, mine, rounds

app_name = "audit"
urlpatterns = [
    path("meine-daten/zugriffe/", mine.accesses, name="mine"),
    path("pruefung/", auditing.overview, name="overview"),
    path("pruefung/zugriffe/", auditing.accesses, name="accesses"),
    path("pruefung/zugriffe/<int:pk>.xlsx", auditing.workbook, name="workbook"),
    path("pruefung/runden/", rounds.rounds, name="rounds"),
    path("pruefung/runden/<int:pk>/", rounds.round_, name="round"),
    path("pruefung/listen/<slug:which>.xlsx", auditing.listed, name="listed"),
    path("pruefung/rechte/", auditing.rights, name="rights"),
    path("pruefung/rechte/verlauf/", auditing.right_changes, name="right_changes"),
    path("pruefung/vertretungen/", auditing.deputies, name="deputies"),
    path("pruefung/uebergaben/", auditing.hand_overs, name="hand_overs"),
]
