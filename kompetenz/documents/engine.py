"""WeasyPrint as we use it. Imported by pdf.load_engine alone, since it needs Pango."""

import gc
import logging
import re
from base64 import b64encode
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from weasyprint import CSS, HTML, draw
from weasyprint import document as rendering
from weasyprint.draw.border import SIDES, draw_border
from weasyprint.draw.color import get_color
from weasyprint.svg import Node
from weasyprint.text import line_break
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from kompetenz.documents.refusals import ContentRefused
from kompetenz.documents.tagging import complete_tags

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # else seven lines for every document

# The fonts below are shared by all documents of a process, and Pango's font map is not made for two threads.
printing = Lock()


class Line(str):
    """A text that is set as a whole: it has itself as its only letter."""

    __slots__ = ()

    def __iter__(self):
        yield str(self)


def in_lines(text_of):
    """What a property of texts gives, to be set as a whole."""

    def line(node):
        text = text_of.fget(node)
        return text and Line(text)

    return property(line)


# WeasyPrint 70 sets the text of a picture letter by letter: without kerning, and it takes longer than the rest of a wheel.
Node.text = in_lines(Node.text)


class KeptLayout(Layout):
    """A line of text as it was measured, kept until it is drawn: WeasyPrint forgets it in between and shapes each text twice."""

    def deactivate(self):
        pango.pango_layout_set_width(self.layout, -1)  # a line is not broken again

    def reactivate(self, style):
        if self.justification_spacing or style is not self.style:
            super().reactivate(style)


line_break.Layout = KeptLayout


def draw_lines(stream, box):
    """The borders of a box. WeasyPrint clips the page and fills a ring for each side of each cell of a table: a fifth of a document
    of tables. A plain line is a rectangle.
    """
    drawn = [(side, width) for side in SIDES if (width := getattr(box, f"border_{side}_width"))]
    if not drawn:
        return
    plain = {box.style[f"border_{side}_style"] for side, _ in drawn} == {"solid"} and len(drawn) < len(SIDES)
    x, y, box_width, box_height, *corners = box.rounded_border_box()
    if not plain or any(map(any, corners)) or box.style["visibility"] != "visible":
        draw_border(stream, box)
        return
    places = {
        "top": (x, y, box_width, box.border_top_width),
        "bottom": (x, y + box_height - box.border_bottom_width, box_width, box.border_bottom_width),
        "left": (x, y, box.border_left_width, box_height),
        "right": (x + box_width - box.border_right_width, y, box.border_right_width, box_height),
    }
    with stream.artifact(), stream.stacked():
        for side, _ in drawn:
            stream.set_color(get_color(box.style, f"border_{side}_color"))
            stream.rectangle(*places[side])
            stream.fill()


draw.draw_border = draw_lines


styles = []  # of the document that is being laid out
computed = rendering.get_all_computed_styles


def noted_styles(*args):
    styles.append(computed(*args))
    return styles[-1]


rendering.get_all_computed_styles = noted_styles


def let_styles_go():
    """They know each other by the layout that lines keep: looking for them as garbage took a tenth of a document.

    What is laid out knows its own; kept until all papers are written, those of a pile took nearly a quarter of its memory.
    """
    for one in styles:
        one._cascaded_styles.clear()  # noqa: SLF001
        one._computed_styles.clear()  # noqa: SLF001
    styles.clear()


DRAWING = re.compile("<svg .*?<title>(.*?)</title>.*?</svg>", re.DOTALL)


def as_image(drawing):
    """A drawing in the document as an image with the same words: its hundreds of elements need no style of the page's."""
    content = b64encode(drawing[0].encode()).decode()
    return f'<img alt="{drawing[1]}" src="data:image/svg+xml;base64,{content}">'


EMPTY = '<html lang="de"><body class="empty"></body></html>'  # a page


class OwnFiles(URLFetcher):
    """Fetches files inside ``folders`` and images written into the document itself, nothing else.

    A document holds what people typed; no text of theirs makes the server read another file or
    call an address. A refused address ends the document instead of leaving a hole in it.
    """

    def __init__(self, folders):
        super().__init__(allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True)
        self.folders = [Path(folder).resolve() for folder in folders]

    def fetch(self, url, headers=None):
        """Return what ``url`` holds, or raise ValueError."""
        if url.lower().startswith("data:image/"):
            return super().fetch(url, headers)
        address = urlsplit(url)
        path = Path(url2pathname(address.path)).resolve()
        if address.scheme != "file" or address.netloc or not any(map(path.is_relative_to, self.folders)):
            raise ValueError("not one of our own files")
        return super().fetch(path.as_uri(), headers)


@cache
def print_shop():
    """Return fetcher, fonts and stylesheets, set up once: a new set of fonts per document leaks memory."""
    fetcher = OwnFiles(settings.STATICFILES_DIRS)
    fonts = FontConfiguration()
    paths = [
        settings.ASSETS_DIR / "css" / "fonts-pdf.css",
        settings.BASE_DIR / "static" / "css" / "print-document.css",
    ]
    stylesheets = [CSS(filename=path, url_fetcher=fetcher, font_config=fonts) for path in paths]
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and no document's garbage is looked for in it
    return fetcher, fonts, stylesheets


@contextmanager
def no_search_for_garbage():
    """What a document consists of is needed until it is written; looked through once, afterwards, it is all garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def write_pdf(*papers):
    """Return these HTML texts as one PDF/UA-1 with the title of the first, each from the front of a sheet on.

    Addresses in them are relative to the folder of static files.
    """
    try:
        with printing, no_search_for_garbage():
            return written(papers)
    except FatalURLFetchingError as error:  # not an Exception: it would end the server's thread
        raise ContentRefused(str(error)) from error


def written(papers):
    """The bytes; what they were made of is let go with the end of this, and found when garbage is looked for again."""
    documents = [laid_out(html) for html in papers[:1]]
    for html in papers[1:]:
        gc.collect()  # what laying out has left behind is as large as what it has come to
        documents.append(laid_out(html))
    pages = chain.from_iterable(map(of_whole_sheets, documents)) if documents[1:] else documents[0].pages
    return documents[0].copy(pages).write_pdf(pdf_variant="pdf/ua-1", finisher=complete_tags)


def laid_out(html):
    fetcher, fonts, stylesheets = print_shop()
    base_url = (settings.BASE_DIR / "static").as_uri() + "/"
    document = HTML(string=DRAWING.sub(as_image, html), base_url=base_url, url_fetcher=fetcher)
    try:
        return document.render(stylesheets=stylesheets, font_config=fonts, pdf_variant="pdf/ua-1")
    finally:
        let_styles_go()


def of_whole_sheets(document):
    """Its pages, and an empty one where the back of the last sheet would else be the front of the next paper."""
    return [*document.pages, *laid_out(EMPTY).pages] if len(document.pages) % 2 else document.pages
