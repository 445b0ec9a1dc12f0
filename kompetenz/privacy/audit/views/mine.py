"""The access log as the person reads it: all of their own."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kompetenz.lists import page_of
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.audit.in_words import by_day_and_reader


@require_GET
def accesses(request):
    """Who has read, changed or taken along what of mine, the last day first; narrowed to one kind of thing."""
    mine, asked = Access.objects.about(request.user), request.GET.get("was", "")
    kinds = [(kind, Access.What(kind).label) for kind in mine.kinds()]
    asked = asked if asked in dict(kinds) else ""
    page = page_of(request, mine.of_kind(asked).by_day_and_reader().with_names())
    context = {
        "page": page,
        "days": by_day_and_reader(list(page)),
        "kinds": sorted(kinds, key=lambda kind: kind[1]),
        "asked": asked,
        "kept": settings.RETENTION_DAYS["log"],
        "query": urlencode({"was": asked}) if asked else "",
    }
    return render(request, "audit/mine.html", context)
