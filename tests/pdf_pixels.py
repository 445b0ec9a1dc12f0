"""Reads printed letters by their shape: what stands on paper, not what a search in the PDF finds."""

import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, ImageStat

EM = 60  # pixels, in print and in the reference
CANVAS = (100, 100)


def letters_on_pages(pdf_bytes):
    """Return the letter printed on each page: the one whose picture in the browser's fonts is nearest."""
    with TemporaryDirectory() as folder:
        # 96 dpi: a CSS pixel of the document is a pixel of the picture
        command = ["pdftoppm", "-r", "96", "-gray", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf_bytes, check=True)
        pictures = [Image.open(path) for path in sorted(Path(folder).iterdir())]
        return "".join(nearest(on_canvas(picture)) for picture in pictures)


def on_canvas(picture):
    """Return the ink of a picture, black on white, in the corner of a canvas of one size for all."""
    canvas = Image.new("L", CANVAS, 255)
    ink = ImageOps.invert(picture.convert("L")).getbbox()
    canvas.paste(picture.crop(ink), (0, 0))
    return canvas


def nearest(picture):
    """Return the character that differs least from ``picture``."""
    return min(reference(), key=lambda character: difference(picture, reference()[character]))


def difference(one, other):
    """Return how much two pictures differ, 0 for the same."""
    return ImageStat.Stat(ImageChops.difference(one, other)).rms[0]


@cache
def reference():
    """Return a picture of every letter and sign of German and of names, in the browser's font, which was never merged.

    Only one of the characters that look the same is kept, the first of the alphabet.
    """
    pictures = {}
    font = TTFont(settings.ASSETS_DIR / "fonts/web/fira-sans-400-usual.woff2")
    font.flavor = None
    plain = BytesIO()
    font.save(plain)
    plain.seek(0)
    face = ImageFont.truetype(plain, EM)
    for character in map(chr, sorted(font.getBestCmap())):
        if character.isalnum() or character in "-×·":
            pictures[character] = drawn(character, face)
    return pictures


def drawn(character, face):
    """Return the picture of one character."""
    picture = Image.new("L", CANVAS, 255)
    ImageDraw.Draw(picture).text((5, 5), character, fill=0, font=face)
    return on_canvas(picture)
