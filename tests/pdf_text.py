"""The words of a PDF, as a search finds them, in the order in which they are written."""

import re
import subprocess


def pages_of(pdf, *, order="-raw"):
    """The text of each page in one line; poppler reads it in a tenth of the time of a library in Python.

    As it was written into the file; with ``order="-layout"`` from top to bottom.
    """
    read = subprocess.run(["pdftotext", order, "-enc", "UTF-8", "-", "-"], input=pdf, check=True, capture_output=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


def in_the_margin(pdf, margin):
    """The words that reach into the last ``margin`` points at the right of their page, or beyond it."""
    read = subprocess.run(["pdftotext", "-bbox", "-enc", "UTF-8", "-", "-"], input=pdf, check=True, capture_output=True)
    found, width = [], 0.0
    for page, right, word in re.findall(r'<page width="([\d.]+)"|xMax="([\d.]+)"[^>]*>([^<]*)<', read.stdout.decode()):
        width = float(page or width)
        if right and float(right) > width - margin:
            found.append(word)
    return found


def text_of(pdf):
    """All of it in one line."""
    return " ".join(pages_of(pdf))
