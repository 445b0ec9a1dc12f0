"""A list as it was sent, with what is wrong with each row beside it: to be mended in Excel and sent again."""

from django.urls import reverse

from kompetenz.documents import Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.people.models import StaffFile
from kompetenz.refusals import Refused

from .cells import DATE, WRONG
from .columns import ERROR_COLUMN
from .comparing import compare
from .table import StaffList
from .uploading import raw_of
from .values import german
from .withholding import NOTHING

GONE = "Diese Liste wartet nicht mehr auf eine Bestätigung."
WIDTH, WIDE = 18, 60


def make(job, items):
    """(name, content) of the workbook: the columns of the file, but for those that are never read, and one with the errors."""
    uploaded = StaffFile.objects.filter(pk=job.subject, uploaded_by=job.asked_by, content__isnull=False).first()
    if uploaded is None or uploaded.raw is None:
        raise Refused(GONE)
    raw, choices = raw_of(uploaded)
    sheet = raw.sheets[choices.sheet]
    reasons = {}
    for problem in compare(StaffList.unpacked(bytes(uploaded.content)), job.asked_by, NOTHING).problems:
        reasons.setdefault(problem.row, []).append(problem.reason)
    places = [place for place, heading in enumerate(sheet.headings) if heading and any(sheet.column(place, 1))]
    columns = [Column(ERROR_COLUMN, WIDE), *(Column(sheet.headings[place], WIDTH, is_text=True) for place in places)]
    rows = (
        [" ".join(reasons.get(number, [])) or None, *(text_at(cells, place) for place in places)]
        for number, cells in sheet.rows
    )
    content = workbook(Table("Personalliste", [], columns, rows))
    return file_name("Personalliste", "mit-Fehlern", suffix=".xlsx"), content


def text_at(cells, place):
    cell = cells[place] if place < len(cells) else None
    if cell is None or cell.kind == WRONG:
        return None
    return german(cell.text) if cell.kind == DATE else cell.text


def may_have(job, user):
    """Everybody stands in it: whoever is of HR no more does not get it any more."""
    return user.is_hr


def page_of_preview(job):
    return reverse("people:staff_preview")


WITH_ERRORS = JobKind(
    "a staff list with its errors",
    make=make,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_preview,
    size=ALL,
    may_have=may_have,
)
