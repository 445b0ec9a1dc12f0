"""From every page to the article about it, and back."""

from functools import cache, partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kompetenz.help.articles import FIRST, article_for

BACK = "von"  # the name under which the page somebody came from is sent
OWN = ("help", "help_article")


def on_every_page(request):
    """Context processor: where this page's link "Hilfe" leads. Called only by a page that shows it."""
    return {"help_address": partial(address_for, request)}


def address_for(request):
    """The article about this page, with the way back; the help itself leads to its first page.

    Who is not signed in gets no way back: the address of their page may hold a secret of theirs.
    """
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in OWN:
        return reverse("help")
    leads_back = request.method == "GET" and request.user.is_authenticated and name
    return address_of(name) + (f"?{urlencode({BACK: request.path})}" if leads_back else "")


@cache
def address_of(page):
    return reverse("help_article", args=[(article_for(page) or FIRST).word])


def way_back(request):
    """The page of ours that somebody came from, or ""."""
    back = request.GET.get(BACK, "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/") else ""
