"""Learning plans: one page for the plan, small forms for goals, measures and reviews."""

from django.urls import path

from . import views

app_name = "learningplans"
urlpatterns = [
    path("neu/<int:participation>/", views.draw_up, name="draw_up"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/ziele/", views.choose_goals, name="choose_goals"),
    path("<int:pk>/ziele/<int:goal>/", views.edit_goal, name="goal"),
    path("<int:pk>/ziele/<int:goal>/entfernen/", views.remove_goal, name="goal_remove"),
    path("<int:pk>/massnahmen/neu/", views.add_measure, name="measure_add"),
    path("<int:pk>/massnahmen/<int:measure>/", views.edit_measure, name="measure"),
    path("<int:pk>/massnahmen/<int:measure>/stand/", views.measure_state, name="measure_state"),
    path("<int:pk>/massnahmen/<int:measure>/entfernen/", views.remove_measure, name="measure_remove"),
    path("<int:pk>/reviews/neu/", views.add_review, name="review_add"),
    path("<int:pk>/reviews/<int:review>/", views.edit_review, name="review"),
    path("<int:pk>/reviews/<int:review>/entfernen/", views.remove_review, name="review_remove"),
    path("<int:pk>/vereinbaren/", views.agree, name="agree"),
    path("<int:pk>/wieder-oeffnen/", views.reopen, name="reopen"),
    path("<int:pk>/rad.svg", views.wheel, name="wheel"),
    path("<int:pk>/lernplan.pdf", views.pdf, name="pdf"),
]
