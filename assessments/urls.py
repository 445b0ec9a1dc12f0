"""Rounds (HR), team (managers), assessments, comparison and talk."""

from django.urls import path

from .views import answering, comparing, printing, rounds, talking, team

app_name = "assessments"
urlpatterns = [
    path("runden/", rounds.rounds, name="rounds"),
    path("runden/neu/", rounds.create, name="round_create"),
    path("runden/<int:pk>/", rounds.detail, name="round"),
    path("runden/<int:pk>/bearbeiten/", rounds.edit, name="round_edit"),
    path("runden/<int:pk>/fristen/", rounds.deadlines, name="round_deadlines"),
    path("runden/<int:pk>/oeffnen/", rounds.open_, name="round_open"),
    path("runden/<int:pk>/beenden/", rounds.close, name="round_close"),
    path("runden/<int:pk>/boegen/<int:participation>.pdf", printing.handed_out_form, name="round_form_pdf"),
    path("runden/<int:pk>/loeschen/", rounds.delete, name="round_delete"),
    path("team/", team.team, name="team"),
    path("einschaetzungen/<int:pk>/", answering.assessment, name="assessment"),
    path("einschaetzungen/<int:pk>/kompetenzen/<int:competency>/", answering.rate, name="rate"),
    path("einschaetzungen/<int:pk>/bemerkungen/<int:competency>/", answering.remark, name="remark"),
    path("einschaetzungen/<int:pk>/pruefen/", answering.check, name="check"),
    path("einschaetzungen/<int:pk>/freigeben/", answering.release, name="release"),
    path("einschaetzungen/<int:pk>/zuruecknehmen/", answering.take_back, name="take_back"),
    path("einschaetzungen/<int:pk>/rad.svg", answering.wheel, name="assessment_wheel"),
    path("teilnahmen/<int:pk>/", comparing.participation, name="participation"),
    path("teilnahmen/<int:pk>/rad.svg", comparing.wheel, name="participation_wheel"),
    path("teilnahmen/<int:pk>/vergleich.pdf", printing.comparison, name="participation_pdf"),
    path("teilnahmen/<int:pk>/formular.pdf", printing.own_form, name="form_pdf"),
    path("teilnahmen/<int:pk>/soll/", comparing.targets, name="targets"),
    path("teilnahmen/<int:pk>/gespraech/", talking.talk, name="talk"),
    path("teilnahmen/<int:pk>/gespraech/uebernehmen/", talking.adopt, name="talk_adopt"),
    path("teilnahmen/<int:pk>/gespraech/festhalten/", talking.record, name="talk_record"),
    path("teilnahmen/<int:pk>/gespraech/wieder-oeffnen/", talking.reopen, name="talk_reopen"),
    path("teilnahmen/<int:pk>/gespraech/stellungnahme/", talking.statement, name="talk_statement"),
    path("teilnahmen/<int:pk>/gespraech/kenntnisnahme/", talking.acknowledge, name="talk_acknowledge"),
]
