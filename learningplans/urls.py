"""Learning plans: one page for the plan, small forms for goals, measures and reviews; all documents of a round."""

from django.urls import include, path

from . import pdf
from .drafting.views import companions, frame, goals, measures, plans
from .following.views import changes, reviews
from .looking_back import views as looking_back
from .round_documents.views import bundles, workbooks
from .synergies import views as synergies
from .training.views import booking, budget, offer_lists, offering, outputs, refreshes
from .training.views import plan as training

app_name = "learningplans"
of_plans = [
    path("neu/<int:participation>/", plans.draw_up, name="draw_up"),
    path("<int:pk>/", plans.detail, name="detail"),
    path("<int:pk>/rahmen/", frame.frame, name="frame"),
    path("<int:pk>/ziele/", goals.choose_goals, name="choose_goals"),
    path("<int:pk>/ziele/<int:goal>/", goals.edit_goal, name="goal"),
    path("<int:pk>/ziele/<int:goal>/entfernen/", goals.remove_goal, name="goal_remove"),
    path("<int:pk>/ziele/<int:goal>/gemeinsam/", companions.seek, name="seek_companions"),
    path("<int:pk>/massnahmen/neu/", measures.add_measure, name="measure_add"),
    path("<int:pk>/massnahmen/<int:measure>/", measures.edit_measure, name="measure"),
    path("<int:pk>/massnahmen/<int:measure>/stand/", measures.measure_state, name="measure_state"),
    path("<int:pk>/massnahmen/<int:measure>/entfernen/", measures.remove_measure, name="measure_remove"),
    path("<int:pk>/reviews/neu/", reviews.add_review, name="review_add"),
    path("<int:pk>/reviews/<int:review>/", reviews.edit_review, name="review"),
    path("<int:pk>/reviews/<int:review>/verschieben/", changes.move_review, name="review_move"),
    path("<int:pk>/reviews/<int:review>/antwort/", reviews.answer_review, name="review_answer"),
    path("<int:pk>/reviews/<int:review>/zuruecknehmen/", reviews.withdraw_review, name="review_withdraw"),
    path("<int:pk>/reviews/<int:review>.ics", reviews.review_calendar, name="review_calendar"),
    path("<int:pk>/reviews/<int:review>/vorbereiten/", reviews.prepare, name="review_prepare"),
    path("<int:pk>/reviews/<int:review>/vorbereiten/zuruecknehmen/", reviews.take_back, name="review_take_back"),
    path("<int:pk>/reviews/<int:review>/ergebnis/", reviews.result, name="review_result"),
    path("<int:pk>/reviews/<int:review>/protokoll.pdf", reviews.pdf, name="review_pdf"),
    path("<int:pk>/reviews/<int:review>/entfernen/", reviews.remove_review, name="review_remove"),
    path("<int:pk>/vereinbaren/", plans.agree, name="agree"),
    path("<int:pk>/aendern/massnahmen/neu/", changes.add_measure, name="add_measure_later"),
    path("<int:pk>/aendern/massnahmen/<int:measure>/", changes.change_measure, name="change_measure"),
    path("<int:pk>/aendern/ziele/<int:goal>/", changes.change_goal, name="change_goal"),
    path("<int:pk>/aendern/ziele/<int:goal>/beenden/", changes.end_goal, name="end_goal"),
    path("<int:pk>/aendern/ziele/neu/", changes.add_goal, name="add_goal_later"),
    path("<int:pk>/aendern/rahmen/", changes.change_frame, name="change_frame"),
    path("<int:pk>/aenderungen/<int:change>/", changes.change, name="plan_change"),
    path("<int:pk>/aenderungen/<int:change>/antwort/", changes.answer_change, name="answer_change"),
    path("<int:pk>/aenderungen/<int:change>/zuruecknehmen/", changes.withdraw_change, name="withdraw_change"),
    path("<int:pk>/wieder-oeffnen/", changes.reopen, name="reopen"),
    path("<int:pk>/lernplan.pdf", pdf.plan, name="pdf"),
    path("<int:pk>/zusammenfassung.pdf", pdf.summary, name="summary_pdf"),
    path("<int:pk>/qualifizierungsbedarf.pdf", pdf.needs, name="needs_pdf"),
]
of_rounds = [
    path("<int:pk>/dokumente/", bundles.bundle, name="round_documents"),
    path("<int:pk>/dokumente/<int:bundle>/loeschen/", bundles.discard, name="round_documents_discard"),
    path("<int:pk>/dokumente.zip", bundles.download, name="round_documents_zip"),
    path("<int:pk>/massnahmen.xlsx", workbooks.workbook, name="round_measures"),
]
of_formats = [
    path("", offering.formats, name="formats"),
    path("<int:pk>/", offering.edit_format, name="format"),
    path("<int:pk>/eignung/", offering.suitability, name="suitability"),
    path("angebote/neu/", offering.create_offer, name="offer_create"),
    path("angebote/<int:pk>/", offering.edit_offer, name="offer"),
    path("angebote/<int:pk>/entfernen/", offering.delete_offer, name="offer_delete"),
]
of_training = [
    path("", training.plan, name="training"),
    path("buchen/", booking.move, name="training_move"),
    path("massnahmen.xlsx", workbooks.of_a_year, {"kind": "xlsx"}, name="training_workbook"),
    path("massnahmen.csv", workbooks.of_a_year, {"kind": "csv"}, name="training_csv"),
    path("haushalt.xlsx", outputs.budget, name="training_budget_workbook"),
    path("angebote/<int:pk>/teilnahmeliste.xlsx", outputs.guests, name="training_guests"),
    path("auffrischen/", refreshes.refreshes, name="refreshes"),
    path("auffrischen/rechnen/", refreshes.reckon, name="reckon_refreshes"),
    path("auffrischungen.xlsx", refreshes.workbook, name="refreshes_workbook"),
    path("angebote/einlesen/", offer_lists.upload, name="offer_list"),
    path("angebote/einlesen/vorschau/", offer_lists.preview, name="offer_list_preview"),
    path("angebote/einlesen/verwerfen/", offer_lists.discard, name="offer_list_discard"),
    path("budget/", budget.budgets, name="training_budgets"),
    path("budget/neu/", budget.add_budget, name="training_budget_add"),
    path("budget/<int:pk>/", budget.edit_budget, name="training_budget"),
    path("budget/<int:pk>/entfernen/", budget.remove_budget, name="training_budget_remove"),
    path("angebote/<int:pk>/", booking.offer, name="training_offer"),
    path("angebote/<int:pk>/termine/neu/", booking.add_date, name="training_date_add"),
    path("angebote/<int:pk>/termine/<int:date>/", booking.edit_date, name="training_date"),
    path("angebote/<int:pk>/termine/<int:date>/entfernen/", booking.remove_date, name="training_date_remove"),
]
of_people = [
    path("", looking_back.own, name="growth"),
    path("<int:person>/", looking_back.about, name="growth_of"),
    path("gespraeche/<int:participation>.svg", looking_back.talk_wheel, name="growth_talk_wheel"),
    path("reviews/<int:review>.svg", looking_back.review_wheel, name="growth_review_wheel"),
    path("meine-entwicklung.xlsx", looking_back.workbook, name="growth_workbook"),
    path("meine-entwicklung.pdf", looking_back.pdf, name="growth_pdf"),
    path("begleiten/", companions.mentoring, name="mentoring"),
]
of_groups = [
    path("", synergies.shared_goals, name="shared_goals"),
    path("zaehlen/", synergies.take_stock, name="take_stock"),
    path("<int:competency>/<int:low>/<int:high>/", synergies.propose, name="propose_group"),
    path("gruppen/<int:pk>/", synergies.group, name="group"),
    path("gruppen/<int:pk>/beenden/", synergies.end_group, name="end_group"),
    path("anfragen/<int:pk>/", synergies.group_place, name="group_place"),
]
urlpatterns = [
    path("lernformate/", include(of_formats)),
    path("fortbildung/", include(of_training)),
    path("lernplaene/", include(of_plans)),
    path("runden/", include(of_rounds)),
    path("entwicklung/", include(of_people)),
    path("gemeinsame-ziele/", include(of_groups)),
    path("team/bedarf/", looking_back.team_needs, name="team_needs"),
]
