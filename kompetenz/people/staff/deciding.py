"""What HR decides about a list in its preview: one answer for all rows that have the same problem."""

from django.db import transaction

from kompetenz.people.models import StaffFile
from kompetenz.refusals import Refused

from .answered_before import ask_again, note, note_for_the_next
from .causes import INSTEAD, cause_of
from .comparing import compare
from .previews import keep_rows, kept_values
from .table import StaffList
from .withholding import NOTHING


def decide(uploaded, *, key, title, how, value="", instead=""):
    """Note the answer to all problems with this cause; returns for how many rows it holds, and the table with the answer.

    What counts ``instead`` holds for those of them where ``value`` stands. Raises Refused if that is wrong, too.
    """
    table = StaffList.unpacked(bytes(uploaded.content))
    problems = compare(table, uploaded.uploaded_by, NOTHING).problems
    chosen = [one for one in problems if cause_of(one) == (key, title) and how in one.answers]
    if how == INSTEAD:
        chosen = [one for one in chosen if one.value == value]
    for problem in chosen:
        note(table.decided, problem, how, instead)
        note_for_the_next(table.decided, problem, how, instead)
    if chosen and how == INSTEAD:
        refuse_what_is_wrong_too(table, uploaded.uploaded_by, key, {one.row for one in chosen}, instead)
    return len(chosen), table


def ask_anew(uploaded):
    """The table without what was answered for a list before."""
    table = StaffList.unpacked(bytes(uploaded.content))
    ask_again(table.decided)
    return table


def refuse_what_is_wrong_too(table, by, key, rows, instead):
    if not instead:
        raise Refused("Bitte geben Sie an, was stattdessen gilt.")
    for problem in compare(table, by, NOTHING).problems:
        if problem.key == key and problem.row in rows:
            raise Refused(f"„{instead}“ passt auch nicht. {problem.reason}")


def keep_decided(uploaded, table):
    """Keep what the preview shows from then on."""
    values, rows = kept_values(table, uploaded.uploaded_by)
    with transaction.atomic():  # only now, for comparing takes seconds
        same = StaffFile.objects.filter(pk=uploaded.pk, uploaded_at=uploaded.uploaded_at)
        if same.update(**values, content=table.packed()):
            keep_rows(uploaded, rows)
