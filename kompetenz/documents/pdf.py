"""From a template to a PDF, and to the browser."""

import ctypes
import importlib
import re
import sys
import unicodedata

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

DEBIAN_PACKAGES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


LONGEST_NAME = 120  # characters; with the folders around it Windows takes 260
SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
    | {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"}
)


class PdfUnavailable(Exception):
    """The machine lacks the libraries that set type; the message may be shown to anyone."""

    def __init__(self):
        super().__init__(
            "PDFs können auf diesem Server zurzeit nicht erstellt werden, weil ein Programm zum Schriftsatz fehlt. "
            "Bitte geben Sie Ihrer IT Bescheid. Ihre Angaben sind gespeichert."
        )


class ContentRefused(Exception):
    """A document asked for a file or an address outside the folders of static files."""


def available():
    """Tell whether this machine can make PDFs, without loading WeasyPrint (a second, 40 MB)."""
    return not missing_packages()


def missing_packages():
    """Return the Debian packages this machine lacks; known on Linux only, elsewhere the first PDF tells."""
    if sys.platform != "linux":
        return []
    return [package for library, package in DEBIAN_PACKAGES.items() if not loadable(library)]


def loadable(library):
    """Tell whether the dynamic linker finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def render_pdf(template_name, context):
    """Return the PDF of a template that extends documents/base.html.

    Takes about half a second for three pages; one document at a time in a process.
    Raises PdfUnavailable, or ContentRefused for a picture from anywhere but our static files.
    """
    engine = load_engine()
    return engine.write_pdf(render_to_string(template_name, context))


def load_engine():
    """Import WeasyPrint now; it links against Pango and fails with OSError without it."""
    try:
        return importlib.import_module("kompetenz.documents.engine")
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error


def file_name(*parts, suffix=".pdf"):
    """A name that every system takes: "Lernplan", "Özgür" and "Runde 2026" give "Lernplan-Oezguer-Runde-2026.pdf"."""
    spelled_out = unicodedata.normalize("NFC", " ".join(parts)).translate(SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", spelled_out).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", plain))[:LONGEST_NAME].rstrip("-") + suffix


def pdf_response(pdf, filename):
    """Answer with a PDF shown in the browser, saved as ``filename``, kept in no cache."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=False, filename=filename),
        "Cache-Control": "no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
