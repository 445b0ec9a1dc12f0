"""How full printed pages are: what stands between head and foot of each page, in ink."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageOps

# Of an A4 page's height: where the head of a page ends and its foot begins (print-document.css).
HEAD, FOOT = 2.0 / 29.7, (29.7 - 2.4) / 29.7
A_THIRD = 1 / 3


def fill_of_pages(pdf):
    """For each page how far down what stands on it reaches, from 0 to 1, between head and foot."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", "30", "-gray", "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True)
        return [fill_of(Image.open(path)) for path in sorted(Path(folder).iterdir())]


def fill_of(picture):
    width, height = picture.size
    top, bottom = round(height * HEAD) + 1, round(height * FOOT)
    ink = ImageOps.invert(picture.convert("L").crop((0, top, width, bottom))).point(lambda grey: 255 * (grey > 60))
    box = ink.getbbox()
    return box[3] / (bottom - top) if box else 0


def too_empty(pdf):
    """The numbers of the pages less than a third full, the last page aside, with how full they are."""
    return [(page, round(fill, 2)) for page, fill in enumerate(fill_of_pages(pdf)[:-1], 1) if fill < A_THIRD]
