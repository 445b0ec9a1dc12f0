"""The help: articles for each reader, found by words; open to everybody, for it holds nothing of anybody."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.peers import asking
from kompetenz import text
from kompetenz.documents import printed, render_pdf
from kompetenz.help.articles import BY_WORD, by_reader
from kompetenz.help.finding import found, plain
from kompetenz.help.leading import way_back
from kompetenz.people import crowd
from kompetenz.people.access import for_hr
from kompetenz.people.models.right_changes import NEW
from learningplans.drafting import examples
from learningplans.models import TIME_TO_ANSWER

LONGEST = 100  # letters that somebody may type


@login_not_required
@require_safe
def index(request):
    """All articles by reader; with words those found, also as a part for HTMX."""
    typed = text.line(request.GET.get("suche", ""))[:LONGEST]
    context = {
        "readers": by_reader(),
        "typed": typed,
        "found": found(text.words(typed), texts()) if typed else [],
        "back": way_back(request),
    }
    template = "help/index.html#found" if request.htmx.wants_part else "help/index.html"
    return render(request, template, context)


@login_not_required
@require_safe
def article(request, word):
    """One article, with the way back to the page it was asked for from."""
    if word not in BY_WORD:
        raise Http404
    context = {"article": BY_WORD[word], "back": way_back(request), **said()}
    return render(request, "help/article.html", context)


@require_safe
@for_hr
def slide(request):
    """One page for a meeting of the staff: what it is, who sees it, how long it takes; with the administration's name on it."""
    context = {"title": "Das Kompetenzrad", "stand": timezone.localdate(), "minimum": crowd.minimum()}
    return printed(request, lambda: render_pdf("documents/slide.html", context), "Folie Kompetenzrad", back="help")


@require_POST
def introduction(request):
    """Put the cards for newcomers away, or back on Meine Aufgaben."""
    if (wanted := request.POST.get("karten")) in {"zeigen", "weg"}:
        request.user.wants_introduction = wanted == "zeigen"
        request.user.save(update_fields=["wants_introduction"])
    return redirect("start")


def said():
    """What texts of articles take from elsewhere."""
    return {
        "example_goals": examples.BY_CATEGORY,
        "days_to_answer": TIME_TO_ANSWER.days,
        "minimum": crowd.minimum(),
        "peer_minimum": asking.minimum(),
        "notice_days": settings.RETENTION_DAYS["notice"],
        "new_days": NEW.days,
        "left_months": settings.RETENTION_MONTHS["left"],
    }


@cache
def texts():
    """What every article says, by its word, for the search; made once in a process."""
    return {word: plain(render_to_string(one.template, said())) for word, one in BY_WORD.items()}
