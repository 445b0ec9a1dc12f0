"""Rounds (HR), team (managers), assessments, comparison and talk."""

from django.urls import path

from kompetenz.people.deputies import views as deputies

from . import pdf
from .answering.views import paper_entry, rating, stock_taking
from .changes.views import changes, own
from .handing_out import views as handing_out
from .peers import views as peers
from .rounds.views import letters, monitoring, preparing, rounds, running, units
from .talk.views import answers, appointment, comparison, statement, talk
from .telling import views as telling

app_name = "assessments"
urlpatterns = [
    path("runden/", rounds.rounds, name="rounds"),
    path("runden/neu/", preparing.create, name="round_create"),
    path("runden/<int:pk>/", rounds.detail, name="round"),
    path("runden/<int:pk>/vorbereiten/zweck/", preparing.purpose, name="round_purpose"),
    path("runden/<int:pk>/vorbereiten/beteiligte/", preparing.people, name="round_people"),
    path("runden/<int:pk>/vorbereiten/fristen/", preparing.dates, name="round_dates"),
    path("runden/<int:pk>/vorbereiten/sichtbarkeit/", preparing.visibility, name="round_visibility"),
    path("runden/<int:pk>/vorbereiten/vorschau/", preparing.preview, name="round_preview"),
    path("runden/<int:pk>/einheiten/", units.by_unit, name="round_units"),
    path("runden/<int:pk>/einheiten.xlsx", units.spreadsheet, name="round_units_list"),
    path("runden/<int:pk>/personen/<int:participation>/", monitoring.one_person, name="round_person"),
    path("runden/<int:pk>/e-mails/", letters.letters, name="round_letters"),
    path("runden/<int:pk>/teilnahmeliste.xlsx", monitoring.spreadsheet, name="round_list"),
    path("runden/<int:pk>/erinnern/", running.remind, name="round_remind"),
    path("runden/<int:pk>/fristen-verlaengern/", running.extend, name="round_extend"),
    path("runden/<int:pk>/ruhen-lassen/", running.pause, name="round_pause"),
    path("runden/<int:pk>/wieder-aufnehmen/", running.resume, name="round_resume"),
    path("runden/<int:pk>/entfernen/", running.remove, name="round_remove"),
    path("runden/<int:pk>/aufnehmen/", running.admit, name="round_admit"),
    path("runden/<int:pk>/fristen/", rounds.deadlines, name="round_deadlines"),
    path("runden/<int:pk>/oeffnen/", preparing.open_, name="round_open"),
    path("runden/<int:pk>/aenderungen/", changes.changes, name="round_changes"),
    path("runden/<int:pk>/aenderungen/uebergeben/", changes.hand_over, name="round_hand_over"),
    path("runden/<int:pk>/aenderungen/soll/", changes.decide, name="round_decide"),
    path("runden/<int:pk>/doch-teilnehmen/<int:participation>/", changes.take_in_again, name="round_take_in"),
    path("runden/<int:pk>/beenden/", rounds.close, name="round_close"),
    path("runden/<int:pk>/boegen/", handing_out.forms, name="round_forms"),
    path("runden/<int:pk>/boegen/<int:participation>.pdf", pdf.handed_out_form, name="round_form_pdf"),
    path("runden/<int:pk>/loeschen/", preparing.delete, name="round_delete"),
    path("team/", telling.team, name="team"),
    path("team/vertretung/", deputies.own, name="deputies"),
    path("team/vertretung/<int:pk>/beenden/", deputies.end_own, name="deputy_end"),
    path("einschaetzungen/<int:pk>/", rating.assessment, name="assessment"),
    path("einschaetzungen/<int:pk>/kompetenzen/<int:competency>/", rating.rate, name="rate"),
    path("einschaetzungen/<int:pk>/bemerkungen/<int:competency>/", rating.remark, name="remark"),
    path("einschaetzungen/<int:pk>/pruefen/", rating.check, name="check"),
    path("einschaetzungen/<int:pk>/freigeben/", rating.release, name="release"),
    path("einschaetzungen/<int:pk>/zuruecknehmen/", rating.take_back, name="take_back"),
    path("einschaetzungen/<int:pk>/bestaetigen/", paper_entry.confirm, name="confirm_entry"),
    path("einschaetzungen/<int:pk>/zurueckweisen/", paper_entry.reject, name="reject_entry"),
    path("einschaetzungen/<int:pk>/ablehnen/", peers.decline, name="peer_decline"),
    path("kollegium/", peers.requests, name="peer_requests"),
    path("teilnahmen/<int:pk>/kollegium/", peers.colleagues, name="colleagues"),
    path("teilnahmen/<int:pk>/kollegium/suche/", peers.search, name="colleague_search"),
    path("teilnahmen/<int:pk>/kollegium/<int:nomination>/zuruecknehmen/", peers.withdraw, name="colleague_withdraw"),
    path("teilnahmen/<int:pk>/", comparison.participation, name="participation"),
    path("teilnahmen/<int:pk>/nicht-teilnehmen/", own.decline, name="decline"),
    path("teilnahmen/<int:pk>/doch-teilnehmen/", own.ask_back, name="ask_back"),
    path("teilnahmen/<int:pk>/uebergeben/", own.entrust, name="entrust"),
    path("fruehere-runden/", own.open_earlier_rounds, name="earlier_rounds"),
    path("teilnahmen/<int:pk>/vergleich.pdf", pdf.comparison, name="participation_pdf"),
    path("teilnahmen/<int:pk>/formular.pdf", pdf.own_form, name="form_pdf"),
    path("teilnahmen/<int:pk>/stellungnahme/", statement.statement, name="statement"),
    path("teilnahmen/<int:pk>/bestandsaufnahme/", stock_taking.stock_taking, name="stock_taking"),
    path("teilnahmen/<int:pk>/vom-papier/", paper_entry.enter, name="enter_from_paper"),
    path("teilnahmen/<int:pk>/vom-papier/pruefen/", paper_entry.check, name="check_paper"),
    path("teilnahmen/<int:pk>/soll/", comparison.targets, name="targets"),
    path("teilnahmen/<int:pk>/termin/", appointment.appointment, name="talk_date"),
    path("teilnahmen/<int:pk>/gespraech.ics", appointment.calendar, name="talk_calendar"),
    path("teilnahmen/<int:pk>/gespraech/", talk.talk, name="talk"),
    path("teilnahmen/<int:pk>/gespraech/uebernehmen/", talk.adopt, name="talk_adopt"),
    path("teilnahmen/<int:pk>/gespraech/festhalten/", talk.record, name="talk_record"),
    path("teilnahmen/<int:pk>/gespraech/wieder-oeffnen/", talk.reopen, name="talk_reopen"),
    path("teilnahmen/<int:pk>/gespraech/zurueckgeben/", answers.send_back, name="talk_send_back"),
    path("teilnahmen/<int:pk>/gespraech/stellungnahme/", answers.statement, name="talk_statement"),
    path("teilnahmen/<int:pk>/gespraech/kenntnisnahme/", answers.acknowledge, name="talk_acknowledge"),
]
