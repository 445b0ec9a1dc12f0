"""What HR decides about a list in its preview: one answer for all rows that have the same problem."""

from django.db import transaction

from kompetenz.people.models import StaffFile

from .causes import OTHER, SAME, UNTOLD, cause_of
from .comparing import compare
from .previews import keep_rows, kept_values
from .table import StaffList
from .withholding import NOTHING


def decide(uploaded, *, key, title, how):
    """Note the answer to all problems with this cause, and what the preview shows from then on; returns for how many rows it holds."""
    table = StaffList.unpacked(bytes(uploaded.content))
    problems = compare(table, uploaded.uploaded_by, NOTHING).problems
    chosen = [one for one in problems if cause_of(one) == (key, title) and how in one.answers]
    for problem in chosen:
        note(table.decided, problem, how)
    if chosen:
        keep_decided(uploaded, table)
    return len(chosen)


def note(decided, problem, how):
    if how == UNTOLD:
        decided.untold.setdefault(problem.key, []).append(problem.row)
    elif how == SAME:
        decided.same[problem.number] = problem.person
    elif how == OTHER:
        decided.others.append(problem.number)
    else:
        decided.seconds[problem.number] = problem.other_number


def keep_decided(uploaded, table):
    values, rows = kept_values(table, uploaded.uploaded_by)
    with transaction.atomic():  # only now, for comparing takes seconds
        same = StaffFile.objects.filter(pk=uploaded.pk, uploaded_at=uploaded.uploaded_at)
        if same.update(**values, content=table.packed()):
            keep_rows(uploaded, rows)
