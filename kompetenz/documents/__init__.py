"""What is handed out: an HTML template becomes a tagged PDF (PDF/UA), dates a calendar file, lists a workbook.

Knows no other part of Kompetenzrad. The only importer of WeasyPrint and pydyf, and a late one: without Pango
everything but printing works.
"""

from kompetenz.documents.calendar import Event
from kompetenz.documents.facts import lines_in, side_by_side, takes_room
from kompetenz.documents.names import file_name
from kompetenz.documents.pdf import available, render_pdf, render_together
from kompetenz.documents.refusals import ContentRefused, PdfUnavailable
from kompetenz.documents.responses import calendar_response, pdf_response, printed, subscription_response, zip_response
from kompetenz.documents.spreadsheet import (
    CONFIDENTIAL,
    INTERNAL,
    Bold,
    Column,
    Pages,
    Table,
    spreadsheet_response,
    workbook,
)

__all__ = [
    "CONFIDENTIAL",
    "INTERNAL",
    "Bold",
    "Column",
    "ContentRefused",
    "Event",
    "Pages",
    "PdfUnavailable",
    "Table",
    "available",
    "calendar_response",
    "file_name",
    "lines_in",
    "pdf_response",
    "printed",
    "render_pdf",
    "render_together",
    "side_by_side",
    "spreadsheet_response",
    "subscription_response",
    "takes_room",
    "workbook",
    "zip_response",
]
