"""H, the yardstick: one view of a bare Django without middleware, served like the app."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="nothing-is-signed-here", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[]
)


def hello(request):
    return HttpResponse("Hallo")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
