"""H, the yardstick: one view of a bare Django without middleware, served by the server that serves the app."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from kompetenz.serving.gateway import Gateway
from kompetenz.serving.lanes import Lanes

settings.configure(
    SECRET_KEY="nothing-is-signed-here", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[]
)


def hello(request):
    return HttpResponse("Hallo")


urlpatterns = [path("", hello)]
application = Gateway(get_wsgi_application(), Lanes(2), {})
