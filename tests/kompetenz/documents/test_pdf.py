"""Documents on paper: tags, type, what they refuse to fetch, and what happens without Pango."""

import gc
import os
import shutil
import threading
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.checks import Warning as CheckWarning
from django.template import engines
from pikepdf import Pdf, parse_content_stream
from pydyf import PDF
from pypdf import PdfReader
from weasyprint.css import ComputedStyle

from kompetenz.documents import ContentRefused, PdfUnavailable, available, file_name, pdf_response, printed, render_pdf
from kompetenz.documents.checks import libraries_for_pdf
from kompetenz.documents.engine import write_pdf
from kompetenz.documents.letterhead import Letterhead
from kompetenz.documents.tagging import is_in_upper_half, marked_content, walk
from tests.pdf_pixels import EM, letters_on_pages
from tests.pdf_ua import problems, structure

PARTS = """
{% extends "documents/base.html" %}
{% block content %}
  <table class="facts"><tbody><tr><th scope="row">Person</th><td>Anna Şahin-Žižek</td></tr></tbody></table>
  <div class="wheel"><svg viewBox="0 0 10 4"><title>Kompetenzrad</title><path d="M1 1h8v2z"/></svg></div>
  <p class="note">Die Stufen sind gemeinsam vereinbart.</p>
  <h2>Ziele</h2>
  <section class="goal">
    <h3>Rechtliche Grundlagen</h3>
    <table class="measures">
      <caption>Maßnahmen</caption>
      <thead><tr><th scope="col">Maßnahme</th><th scope="col" class="number">Stunden</th></tr></thead>
      <tbody><tr><td>Seminar</td><td class="number">16</td></tr></tbody>
    </table>
  </section>
  <ul><li>Review am 15.02.2027</li></ul>
  <table class="gaps">
    <caption>Vergleich</caption>
    <thead><tr><th scope="col">Kompetenz</th><th scope="col">Soll</th></tr></thead>
    <tbody>
      {% for row in rows %}<tr><th scope="row">Kompetenz {{ row }}</th><td>3 Experte</td></tr>{% endfor %}
    </tbody>
  </table>
  <table class="choices">
    <thead><tr><th scope="col">Kompetenz</th><th scope="col" class="choice">keine</th></tr></thead>
    <tbody><tr><th scope="row">Datenschutz</th><td class="choice"><span class="box"></span></td></tr></tbody>
  </table>
  {% include "documents/_parts/signatures.html" %}
{% endblock %}
"""


@pytest.fixture
def lernplan():
    head = Letterhead("Landkreis Musterland", "Kreishausplatz 1, 00000 Musterstadt", "pe@example.org", "Vertraulich.")
    return {
        "letterhead": head,
        "title": "Lernplan",
        "person": "Anna Şahin-Žižek",
        "subtitle": "Kompetenzrunde 2026",
        "stand": date(2026, 11, 22),
        "rows": range(60),
        "signers": [("Anna Şahin-Žižek", "Digitallotsin"), ("Bernd Weißmüller", "Führungskraft")],
        "agreed": "Wir haben diesen Lernplan gemeinsam vereinbart.",
    }


@pytest.fixture
def document(lernplan):
    """A document with every part that documents/base.html describes, its longest table on three pages."""
    return write_pdf(html_of_parts(lernplan))


def html_of_parts(context):
    return engines["django"].from_string(PARTS.strip()).render(context)


def texts(document):
    return [page.extract_text() for page in PdfReader(BytesIO(document)).pages]


def test_a_document_with_every_part_breaks_no_rule_of_pdf_ua(document):
    assert problems(document) == []


@pytest.mark.django_db
def test_the_base_template_alone_is_a_whole_document(lernplan):
    assert problems(render_pdf("documents/base.html", lernplan)) == []


def test_without_our_completion_weasyprint_breaks_rules(lernplan, monkeypatch):
    monkeypatch.setattr("kompetenz.documents.engine.complete_tags", lambda document, pdf: None)

    untouched = write_pdf(html_of_parts(lernplan))

    assert {
        "page 1: tagged content outside the structure tree",
        "page 1: running head and foot are []",
        "index of identifiers and header cells differ",
        "header cell without scope",
    } <= set(problems(untouched))


def test_what_stands_in_another_place_than_it_is_read_is_noticed(lernplan):
    moved = "<p>Zuerst.</p><p>Danach.</p><p style='position: absolute; top: 3cm'>Am Ende gelesen, in der Mitte zu sehen.</p>"
    html = html_of_parts(lernplan).replace("</body>", f"{moved}</body>")

    assert [problem.partition(": ")[2][:8] for problem in problems(write_pdf(html))] == ["the text"]


def test_the_same_document_is_written_to_the_same_file(document, lernplan):
    assert write_pdf(html_of_parts(lernplan)) == document


def test_a_structure_without_content_has_no_elements():
    assert list(walk({"K": []}, PDF(), ())) == []
    assert marked_content([({"K": []}, ())]) == set()


@pytest.mark.parametrize(
    ("pixels_from_top", "upper"), [(10, True), (399, True), (400, False), (401, False), (790, False)]
)
def test_a_text_belongs_to_the_half_of_the_page_it_stands_in(pixels_from_top, upper):
    text = f"1 0 0 1 50 {pixels_from_top} Tm".encode()

    # 600 points are 800 pixels
    assert is_in_upper_half([b"BT", text], [0, 0, 400, 600]) is upper


def test_a_drawing_has_its_title_as_words(lernplan):
    title = "Rad von O'Neill & „Ça\" <b>"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{escape(title)}</title></svg>'

    printed = write_pdf(html_of_parts(lernplan).replace("<h2>Ziele</h2>", drawing))

    with Pdf.open(BytesIO(printed)) as pdf:
        figures = [element for element, path in structure(pdf.Root.StructTreeRoot, ("Root",)) if path[-1] == "Figure"]
        assert [str(figure.Alt) for figure in figures] == ["Kompetenzrad", title]


def test_every_page_says_what_it_is_and_is_numbered(document):
    pages = texts(document)

    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "Lernplan · Anna Şahin-Žižek · Kompetenzrunde 2026" in text
        assert "Stand 22.11.2026 · Vertraulich." in text
        assert "Landkreis Musterland" in text
        assert f"Seite {number} von {len(pages)}" in text


def test_the_text_of_a_picture_is_set_as_a_whole(lernplan):
    text = '<text y="8" text-anchor="middle">Verwaltungsrecht</text>'
    picture = f'<svg viewBox="0 0 80 10"><title>Rad</title>{text}</svg>'
    html = html_of_parts(lernplan).replace("<h2>Ziele</h2>", picture)

    with Pdf.open(BytesIO(write_pdf(html))) as pdf:
        (drawn,) = pdf.pages[0].Resources.XObject.values()
        operators = [str(each.operator) for each in parse_content_stream(drawn)]

    assert operators.count("TJ") == 1


def test_what_is_loaded_is_not_searched_for_the_garbage_of_documents(document):
    assert gc.get_freeze_count() > 0


def test_garbage_is_not_looked_for_while_a_document_is_made_and_is_after_a_failure_too(lernplan, monkeypatch):
    searched = []

    def fail(document, pdf):
        searched.append(gc.isenabled())
        raise ValueError

    monkeypatch.setattr("kompetenz.documents.engine.complete_tags", fail)
    with pytest.raises(ValueError):
        write_pdf(html_of_parts(lernplan))

    assert [*searched, gc.isenabled()] == [False, True]


def test_the_styles_of_a_document_are_gone_before_garbage_is_looked_for(lernplan, monkeypatch):
    """They know each other, thousands of them, and took a tenth of a document to be found."""
    html, left, enable = html_of_parts(lernplan), [], gc.enable
    write_pdf(html)
    gc.collect()

    def count_and_enable():
        left.append(sum(issubclass(type(one), ComputedStyle) for one in gc.get_objects()))
        enable()

    monkeypatch.setattr(gc, "enable", count_and_enable)
    write_pdf(html)

    assert left[0] < html.count("</")


def test_a_table_over_a_page_break_repeats_its_head(document):
    with_rows = [text for text in texts(document) if "3 Experte" in text]

    assert len(with_rows) > 1
    assert all("Soll" in text for text in with_rows)


# --- type -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    shutil.which("pdftoppm") is None and "CI" not in os.environ,
    reason="printed letters are looked at with pdftoppm (Debian package poppler-utils)",
)
@pytest.mark.parametrize("name", ["Şahin-Žižek", "Łukasz", "Ğüneş", "Größe"])
def test_rare_letters_of_names_stand_on_paper_as_themselves(name):
    style = f"@page {{ size: 120px; margin: 10px }} p {{ margin: 0; font-size: {EM}px; break-after: page }}"
    letters = "".join(f"<p>{letter}</p>" for letter in name)

    printed = write_pdf(f"<html lang=de><title>Name</title><style>{style}</style>{letters}")

    assert letters_on_pages(printed) == name


def test_what_people_type_is_printed_in_our_fonts_and_those_we_ask_for(lernplan):
    """Greek, Cyrillic, arrows, signs, emoji of several parts; the fonts are embedded and the text can be copied."""
    typed = "Ψ αβγ Кириллица → ✓ ≥ ☐ 👍 🤔 👩‍💻 ❤️ 🇩🇪"

    printed = write_pdf(html_of_parts(lernplan | {"agreed": typed}))

    text = " ".join(texts(printed))
    assert problems(printed) == []
    assert [sign for sign in "Ψαβγл→✓≥👍🤔" if sign not in text] == []


# --- what a document may fetch --------------------------------------------------------------------------------


@pytest.fixture
def trap():
    """A web server that nobody must call; its address, and the paths that were asked for."""
    calls = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


CARRIERS = {
    "picture": '<img alt="x" src="{}">',
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "import": '<style>@import "{}"</style>',
    "background": '<p style="background: url({})">x</p>',
    "content": '<style>p::before {{ content: url("{}") }}</style><p>x</p>',
    "font": '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>x</p>',
    "object": '<object data="{}"></object>',
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    "address",
    [
        "{trap}/x.png",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "../manage.py",
        "css/%2e%2e/%2e%2e/manage.py",
        "ftp://127.0.0.1/x",
        "data:text/css,p{{}}",
    ],
)
def test_a_document_fetches_nothing_but_our_own_files(carrier, address, trap):
    trap_address, calls = trap
    html = CARRIERS[carrier].format(address.format(trap=trap_address))

    with pytest.raises(ContentRefused):
        write_pdf(f"<html lang=de><title>x</title>{html}")

    assert calls == []


def test_a_picture_inside_a_drawing_calls_nobody(trap):
    trap_address, calls = trap

    write_pdf(
        "<html lang=de><title>x</title>"
        f'<svg viewBox="0 0 9 9"><title>x</title><image href="{trap_address}/x.png" width="9" height="9"/></svg>'
    )

    assert calls == []


def test_our_own_files_and_pictures_in_the_document_are_fetched():
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="

    printed = write_pdf(
        "<html lang=de><title>Wappen</title><link rel=stylesheet href='css/print-document.css'>"
        f'<h1>Wappen</h1><p><img alt="Wappen" src="data:image/png;base64,{pixel}"></p>'
    )

    assert problems(printed) == []
    assert len(PdfReader(BytesIO(printed)).pages[0].images) == 1


# --- without Pango --------------------------------------------------------------------------------------------


def test_without_pango_a_pdf_says_so_in_german(monkeypatch, lernplan):
    def fail(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("kompetenz.documents.pdf.importlib.import_module", fail)

    with pytest.raises(PdfUnavailable, match="PDFs können auf diesem Server zurzeit nicht erstellt werden"):
        render_pdf("documents/base.html", lernplan)


def test_the_check_at_start_names_exactly_the_missing_packages(monkeypatch):
    monkeypatch.setattr("kompetenz.documents.pdf.loadable", lambda library: library != "libpangoft2-1.0.so.0")

    assert available() is False
    assert libraries_for_pdf(None) == [
        CheckWarning(
            "PDFs können auf diesem Rechner nicht erstellt werden.",
            hint="apt-get install --no-install-recommends libpangoft2-1.0-0",
            id="kompetenz.W003",
        )
    ]


def test_the_check_at_start_names_the_fonts_that_are_missing(monkeypatch):
    monkeypatch.setattr("kompetenz.documents.pdf.FONTS", {"/nowhere/DejaVuSans.ttf": "fonts-dejavu-core"})

    assert available() is True
    assert libraries_for_pdf(None) == [
        CheckWarning(
            "Griechische Buchstaben, Pfeile und Emojis fehlen in PDFs.",
            hint="apt-get install --no-install-recommends fonts-dejavu-core",
            id="kompetenz.W005",
        )
    ]


def test_where_every_library_is_found_nothing_is_reported():
    assert available() is True
    assert libraries_for_pdf(None) == []


# --- to the browser -------------------------------------------------------------------------------------------


def test_where_no_pdf_can_be_made_the_page_it_was_asked_from_says_so(rf):
    request = rf.get("/")
    request._messages = CookieStorage(request)

    response = printed(request, unavailable, "Lernplan", "Ärmel, Anna", back="/zurueck/")

    assert (response.status_code, response.headers["Location"]) == (302, "/zurueck/")
    assert [str(said) for said in request._messages] == [str(PdfUnavailable())]


def test_a_printed_document_is_named_after_itself_person_and_round(rf):
    response = printed(rf.get("/"), lambda: b"%PDF", "Lernplan", "Ärmel, Anna", "Runde 2026", back="/")

    assert response.headers["Content-Disposition"] == 'inline; filename="Lernplan-Aermel-Anna-Runde-2026.pdf"'


def unavailable():
    raise PdfUnavailable


def test_a_pdf_is_shown_in_the_browser_and_kept_in_no_cache():
    response = pdf_response(b"%PDF", "Lernplan Şahin-Žižek.pdf")

    assert response.content == b"%PDF"
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "inline; filename*=utf-8''Lernplan%20%C5%9Eahin-%C5%BDi%C5%BEek.pdf",
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (["Lernplan", "Özgür", "Runde 2026"], "Lernplan-Oezguer-Runde-2026.pdf"),
        (["Lernplan", "O\u0308zgu\u0308r"], "Lernplan-Oezguer.pdf"),  # the same letters, written as two signs each
        (
            ["Lernplan", "Weiß-Łukaszewicz", "Herbst/Winter: 1. Halbjahr"],
            "Lernplan-Weiss-Lukaszewicz-Herbst-Winter-1-Halbjahr.pdf",
        ),
        (["Lernplan", "Şahin-Žižek", ""], "Lernplan-Sahin-Zizek.pdf"),
        (["../etc", 'a"; x\n'], "etc-a-x.pdf"),
        (["Kompetenzvergleich", "Ärmel, Anna", "Runde 2026"], "Kompetenzvergleich-Aermel-Anna-Runde-2026.pdf"),
        (["Entwicklung", "李", date(2026, 2, 28)], "Entwicklung-2026-02-28.pdf"),
        (["Lernplan", "Ü" * 80, "Ö" * 80], f"Lernplan-{'Ue' * 22}U-{'Oe' * 22}O.pdf"),
    ],
)
def test_a_file_name_is_plain_ascii_and_keeps_every_letter(parts, name):
    assert file_name(*parts) == name
