"""Lists on pages: one page of them at a time, and the rows that a form or an address names."""

from django.core.paginator import Paginator

PER_PAGE = 50
LONGEST_ID = 18  # digits; more is no id and fits in no database


def page_of(request, rows, *, count=None, size=PER_PAGE, read=None):
    """The page of ``rows`` that the address asks for (``?seite=``); a ``count`` made already spares a query.

    ``read`` is all that could be on it, in the same order, with what is shown of them: where many are found these are sorted by their
    ids alone, and only what is on the page is read as a whole.
    """
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    page = paginator.get_page(request.GET.get("seite"))
    if read is not None:
        page.object_list = read.filter(pk__in=page.object_list.select_related(None).values("pk"))
    return page


def id_in(text):
    """The number that ``text`` is; None if it cannot be one of a row."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None
