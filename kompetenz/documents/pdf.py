"""From a template to a PDF."""

import ctypes
import importlib
import sys
from pathlib import Path

from django.template.loader import render_to_string

from kompetenz.documents.letterhead import letterhead
from kompetenz.documents.refusals import PdfUnavailable

DEBIAN_PACKAGES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


FONTS = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf": "fonts-noto-color-emoji",
}


def available():
    """Tell whether this machine can make PDFs, without loading WeasyPrint (a second, 40 MB)."""
    return not missing_packages()


def missing_packages():
    """Return the Debian packages this machine lacks; known on Linux only, elsewhere the first PDF tells."""
    if sys.platform != "linux":
        return []
    return [package for library, package in DEBIAN_PACKAGES.items() if not loadable(library)]


def missing_fonts():
    """Return the Debian packages of fonts that this machine lacks: what Fira Sans has not is printed in theirs."""
    if sys.platform != "linux":
        return []
    return [package for path, package in FONTS.items() if not Path(path).exists()]


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
    return render_together([(template_name, context)])


def render_together(papers):
    """One PDF of several papers, each a template and its context, as if each were printed alone.

    Each begins on the front of a sheet and counts its own pages. All are in memory at once: some 6 MB for a form of six pages.
    """
    engine, head = load_engine(), letterhead()
    return engine.write_pdf(
        *(render_to_string(template, {"letterhead": head, **context}) for template, context in papers)
    )


def load_engine():
    """Import WeasyPrint now; it links against Pango and fails with OSError without it."""
    try:
        return importlib.import_module("kompetenz.documents.engine")
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
