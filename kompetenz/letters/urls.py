"""What waits to be sent, and who wants no mail."""

from django.urls import path

from . import views

app_name = "letters"
urlpatterns = [
    path("post/", views.waiting, name="waiting"),
    path("post/senden/", views.send_now, name="send_now"),
    path("post/noch-einmal/", views.send_again, name="send_again"),
    path("post/verwerfen/", views.discard, name="discard"),
    path("meine-daten/e-mails/", views.mute, name="mute"),
]
