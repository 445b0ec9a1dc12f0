"""A publication on paper: all its tables, and the report for those who decide."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kompetenz.documents import file_name, printed, render_pdf
from kompetenz.jobs.batches import ALL, JobKind, handed_out, keep_file, say_that_it_is_there
from kompetenz.refusals import Refused
from learningplans.models import GroupPlace

from . import outputs, tables
from .models import Publication, PublishedGroup

SIDE_BY_SIDE = 6  # groups beside the whole, in one table of a page
LARGEST = 6  # units, and roles, in the report; all are in the tables
BELOW, WITHOUT = (list(tables.VIEWS).index(view) for view in ("unter", "ohne"))
MOST_LINES = 40  # of the response: else it ends with the last level of the tree that has no more
NAMED, MOST_NAMED = 3, 5  # competencies in a sentence; of the same share


# The tables ---------------------------------------------------------------------------------------


def make_tables(job, groups):
    publication = Publication.objects.defer("memberships").select_related("round").get(pk=job.options["publication"])
    name = file_name("Auswertung", publication.round.title, timezone.localdate(publication.at))
    return name, tables_pdf(publication, list(PublishedGroup.objects.of(publication).filter(pk__in=groups)))


TABLES = JobKind(
    "tables of results on paper",
    make=make_tables,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=outputs.page_of_publications,
    size=ALL,
    at_once=2 * SIDE_BY_SIDE,
    may_have=outputs.may_have,
)


def tables_pdf(publication, groups):
    """What the workbook has, in the order of the page: one table for each view and level, so many groups side by side."""
    context = {"title": "Auswertung", "pages": list(of_all_views(publication, groups))}
    return render_pdf("documents/results.html", head(publication) | context)


def head(publication):
    return {
        "publication": publication,
        "subtitle": publication.round.title,
        "stand": timezone.localdate(publication.at),
    }


def of_all_views(publication, groups):
    """(heading, groups side by side, categories) of each table."""
    catalogue = publication.round.catalogue
    headings = [*tables.VIEWS.values(), *(f"vereinbartes Ist: {level.name}" for level in catalogue.levels)]
    untold = set(tables.VIEWS.values()) - set(tables.views_of(groups).values())
    for columns in side_by_side(groups):
        for place, heading in enumerate(headings):
            if heading not in untold:
                yield heading, columns, tables.heat_map(catalogue, columns, place, {})


def side_by_side(groups):
    """So many at a time, each time beside the whole if it is among them."""
    whole, parts = [one for one in groups if one.is_whole], [one for one in groups if not one.is_whole]
    if not parts:
        return [whole]
    return [whole + parts[start : start + SIDE_BY_SIDE] for start in range(0, len(parts), SIDE_BY_SIDE)]


# The report ---------------------------------------------------------------------------------------


def report_pdf(publication, user):
    """For who decides what is trained and paid: needs in words and pictures, response, effort, comparison, method."""
    groups = PublishedGroup.objects.visible_to(user).of(publication)
    whole = groups.whole().get()
    context = {
        "title": "Bericht",
        "introduction": [text for text in publication.introduction.split("\n\n") if text.strip()],
        "whole": whole,
        **needs_of(publication, whole, *publication_before(publication, user)),
        "parts": [
            (heading, [whole, *found], tables.heat_map(publication.round.catalogue, [whole, *found], BELOW, {}))
            for heading, kind in (("Organisationseinheiten", "unit"), ("Rollen", "role"))
            if (found := groups.largest(kind, LARGEST))
        ],
        **response_of(publication),
        "number_of_parts": groups.parts().count(),
        "in_groups": people_in_groups(publication.k),
        "totals": [sum(row[at] for row in publication.effort) for at in (1, 2, 3)],
        "k": publication.k,
    }
    return render_pdf("documents/report.html", head(publication) | context)


def response_of(publication):
    """The lines of the response down to the level that the report has room for, and how many units beneath have none."""
    deepest = max((depth for _, depth, _ in publication.response), default=0)
    while deepest and len([row for row in publication.response if row[1] <= deepest]) > MOST_LINES:
        deepest -= 1
    lines = [row for row in publication.response if row[1] <= deepest]
    return {"response": lines, "beneath": len(publication.response) - len(lines)}


def needs_of(publication, whole, earlier, then):
    """What of the whole is told in words, bars and numbers, beside what was told of it in an ``earlier`` publication."""
    catalogue = publication.round.catalogue
    incomparable = earlier and tables.incomparable(catalogue, earlier.round.catalogue)
    if then is not None and then.steps != whole.steps:
        incomparable = incomparable or tables.OTHER_STEPS
    then = None if incomparable else then
    return {
        "needed": [*in_sentences(tables.most_needed(catalogue, whole, BELOW))],
        "unmet": [*in_sentences(tables.most_needed(catalogue, whole, WITHOUT))],
        "bars": tables.bars(catalogue, whole, BELOW, then),
        "earlier": earlier,
        "is_compared": then is not None,
        "incomparable": incomparable,
    }


def people_in_groups(k):
    """How many people at least have said yes to a group until today, in steps of k, or two days would tell of one; 0 for fewer."""
    places = GroupPlace.objects.accepted().order_by()
    people = places.values("goal__plan__participation__person").distinct().count()
    return people - people % k


def publication_before(publication, user):
    """The last publication of another round before it, or None, and what the whole was in it; as far as ``user`` may read."""
    rows = Publication.objects.visible_to(user).before(publication).defer("memberships").select_related("round")
    found = rows.first()
    return found, found and PublishedGroup.objects.visible_to(user).of(found).whole().first()


def in_sentences(shares):
    """(share, names) of the largest shares, until three competencies are named; of more with the same share, how many they are."""
    named = 0
    for share, names in shares:
        if named < NAMED:
            more = len(names) - MOST_NAMED
            told = [*names[:MOST_NAMED], f"{more} weiteren"] if more > 0 else names
            yield share, " und ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
            named += len(names)


# Handed out ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def of_tables(request, pk):
    """The tables with the groups that the user may read; of many groups they are made in the background."""
    found = get_object_or_404(Publication.objects.visible_to(request.user).select_related("round"), pk=pk)
    groups = PublishedGroup.objects.visible_to(request.user).of(found)
    about = {
        "subject": f"{pk} for {request.user.pk}",
        "title": f"Auswertung als PDF: {found.round}",
        "items": list(groups.values_list("pk", flat=True)),
        "for_hr": False,
        "publication": pk,
    }
    try:
        return handed_out(request, TABLES, **about)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect(found)


@require_GET
def report(request, pk):
    rows = Publication.objects.told_whole_to(request.user).select_related("round", "introduction_by")
    found = get_object_or_404(rows.defer("memberships"), pk=pk)
    about = found.round.title, timezone.localdate(found.at)
    return printed(request, partial(report_pdf, found, request.user), "Bericht", *about, back=found)
