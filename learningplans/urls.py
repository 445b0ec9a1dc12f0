"""Learning plans: one page for the plan, small forms for goals, measures and reviews; all documents of a round."""

from django.urls import include, path

from .views import bundles, goals, measures, plans, reviews, workbooks

app_name = "learningplans"
of_plans = [
    path("neu/<int:participation>/", plans.draw_up, name="draw_up"),
    path("<int:pk>/", plans.detail, name="detail"),
    path("<int:pk>/ziele/", goals.choose_goals, name="choose_goals"),
    path("<int:pk>/ziele/<int:goal>/", goals.edit_goal, name="goal"),
    path("<int:pk>/ziele/<int:goal>/entfernen/", goals.remove_goal, name="goal_remove"),
    path("<int:pk>/massnahmen/neu/", measures.add_measure, name="measure_add"),
    path("<int:pk>/massnahmen/<int:measure>/", measures.edit_measure, name="measure"),
    path("<int:pk>/massnahmen/<int:measure>/stand/", measures.measure_state, name="measure_state"),
    path("<int:pk>/massnahmen/<int:measure>/entfernen/", measures.remove_measure, name="measure_remove"),
    path("<int:pk>/reviews/neu/", reviews.add_review, name="review_add"),
    path("<int:pk>/reviews/<int:review>/", reviews.edit_review, name="review"),
    path("<int:pk>/reviews/<int:review>.ics", reviews.review_calendar, name="review_calendar"),
    path("<int:pk>/reviews/<int:review>/entfernen/", reviews.remove_review, name="review_remove"),
    path("<int:pk>/vereinbaren/", plans.agree, name="agree"),
    path("<int:pk>/wieder-oeffnen/", plans.reopen, name="reopen"),
    path("<int:pk>/rad.svg", plans.wheel, name="wheel"),
    path("<int:pk>/lernplan.pdf", plans.pdf, name="pdf"),
]
of_rounds = [
    path("<int:pk>/dokumente/", bundles.bundle, name="round_documents"),
    path("<int:pk>/dokumente/<int:bundle>/loeschen/", bundles.discard, name="round_documents_discard"),
    path("<int:pk>/dokumente.zip", bundles.download, name="round_documents_zip"),
    path("<int:pk>/massnahmen.xlsx", workbooks.workbook, name="round_measures"),
]
urlpatterns = [path("lernplaene/", include(of_plans)), path("runden/", include(of_rounds))]
