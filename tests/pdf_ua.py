"""What of PDF/UA-1 a machine can look up: ``problems(pdf)`` lists every breach in words.

Not a certificate: whether reading order and texts make sense is for people to judge, and a full check needs
veraPDF or PAC. The names in brackets are clauses of ISO 14289-1.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import itemgetter

from pikepdf import Array, Dictionary, Name, Pdf, String, parse_content_stream

PAINTING = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"}
ALLOWED_PARENTS = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
}
STANDARD_TYPES = {
    *ALLOWED_PARENTS,
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "P", "H1", "H2", "H3", "H4", "H5", "H6"),
    *("L", "Table", "Caption", "Span", "Link", "Figure", "Form", "NonStruct"),
}
OUR_FONTS = re.compile(r"/[A-Z]{6}\+(Fira-Sans(-Italic|-Semi-Bold)?|DejaVu-Sans(-Bold|-Oblique)?|Noto-Color-Emoji)")


def problems(pdf_bytes, firsts=(1,), empty=()):
    """Return one sentence for each breach found; an empty list is as good as a machine can tell.

    ``firsts`` are the pages on which a paper begins, with the letterhead; on the ``empty`` ones nothing stands.
    """
    with Pdf.open(BytesIO(pdf_bytes)) as pdf:
        elements = list(structure(pdf.Root.StructTreeRoot, ("Root",)))
        return [
            *about_document(pdf),
            *about_structure(elements),
            *about_headings(elements),
            *about_table_headers(pdf, elements),
            *about_pairs(elements),
            *about_content(pdf, elements, {page: ["/Footer"] for page in firsts} | {page: [] for page in empty}),
            *about_order(pdf, elements),
            *about_links(pdf),
            *about_fonts(pdf),
        ]


def structure(element, path):
    """Yield (element, types from the root down to it) in reading order."""
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            here = (*path, str(kid.S)[1:])
            yield kid, here
            yield from structure(kid, here)


def kids(element):
    """Return /K as a list, whichever of its three forms it has."""
    kid = element.get("/K")
    return [] if kid is None else list(kid) if isinstance(kid, Array) else [kid]


def about_document(pdf):
    """Language, title and the claim to be PDF/UA (5, 7.1, 7.2)."""
    metadata = pdf.Root.Metadata.read_bytes().decode()
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked"):
        yield "document is not marked as tagged"
    if not str(pdf.Root.get("/Lang", "")).startswith("de"):
        yield "document language is not German"
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "viewers show the file name instead of the title"
    if not re.search(r"<dc:title>.*?<rdf:li[^>]*>[^<\s]", metadata, re.DOTALL):
        yield "title is empty"
    if not re.search(r"pdfuaid:part(>|=\")1", metadata):
        yield "metadata do not name PDF/UA-1"


def about_structure(elements):
    """Known types, properly nested; pictures with words (7.1, 7.3)."""
    for element, path in elements:
        kind, parent = path[-1], path[-2]
        if kind not in STANDARD_TYPES:
            yield f"unknown type {kind}"
        if parent not in ALLOWED_PARENTS.get(kind, {parent}):
            yield f"{kind} inside {parent}"
        if kind == "Figure" and not str(element.get("/Alt", "")).strip():
            yield "picture without words"


def about_headings(elements):
    """Levels begin with 1 and never skip one (7.4.2)."""
    before = 0
    for _, path in elements:
        if re.fullmatch("H[1-6]", path[-1]):
            level = int(path[-1][1])
            if level > before + 1:
                yield f"heading of level {level} after level {before}"
            before = level
    if not before:
        yield "no heading"


def about_table_headers(pdf, elements):
    """Every header a cell names exists and is indexed; header cells say what they head (7.5)."""
    cells = [(path, element) for element, path in elements if path[-1] in {"TH", "TD"}]
    headers = {bytes(element.ID) for path, element in cells if path[-1] == "TH" and "/ID" in element}
    index = pdf.Root.StructTreeRoot.get("/IDTree", {}).get("/Names", [])
    if {bytes(name) for name in list(index)[::2]} != headers:
        yield "index of identifiers and header cells differ"
    if list(index)[::2] != sorted(list(index)[::2], key=bytes):
        yield "index of identifiers is not in order"
    for path, element in cells:
        kind, attributes = path[-1], element.get("/A", {})
        if kind == "TH" and attributes.get("/Scope") not in {Name.Row, Name.Column}:
            yield "header cell without scope"
        elif kind == "TH" and attributes.Scope != (Name.Column if "THead" in path else Name.Row):
            yield "header cell with the scope of another place"
        if kind == "TD" and not headers.issuperset(bytes(name) for name in attributes.get("/Headers", [])):
            yield "cell names a header that does not exist"
        if kind == "TD" and not list(attributes.get("/Headers", [])):
            yield "cell without any header"


def about_pairs(elements):
    """A value beside its name has that name alone, however many pairs stand in the row (7.5)."""
    for row in (element for element, path in elements if path[-1] == "TR"):
        in_row = {bytes(cell.ID) for cell in kids(row) if cell.S == Name.TH and "/ID" in cell}
        for cell in kids(row):
            if cell.S == Name.TD and len(in_row.intersection(bytes(name) for name in cell.A.Headers)) > 1:
                yield "cell with the headers of its neighbours"


def about_content(pdf, elements, margins):
    """All that is painted is either part of the structure or an artifact, never both (7.1, 7.8); ``margins`` of pages unlike the others."""
    in_structure = {(e.Pg.objgen, int(kid)) for e, _ in elements for kid in kids(e) if isinstance(kid, int)}
    for number, page in enumerate(pdf.pages, 1):
        painted = marks_around_paint(page)
        for marks in painted:
            tagged = [each for each in marks if isinstance(each, int)]
            if not marks:
                yield f"page {number}: content neither tagged nor an artifact"
            if 0 < len(tagged) < len(marks):
                yield f"page {number}: artifact inside tagged content or the other way round"
            if any((page.obj.objgen, mcid) not in in_structure for mcid in tagged):
                yield f"page {number}: tagged content outside the structure tree"
        running = sorted({each for marks in painted for each in marks if each in {"/Header", "/Footer"}})
        if running != margins.get(number, ["/Footer", "/Header"]):
            yield f"page {number}: running head and foot are {running}"


def marks_around_paint(page):
    """Return, without repetition, the marks around each operator that paints, outermost first."""
    marks, painted = [], set()
    for instruction in parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in {"BDC", "BMC"}:
            marks.append(mark(instruction.operands))
        elif operator == "EMC":
            marks.pop()
        elif operator in PAINTING:
            painted.add(tuple(each for each in marks if each is not None))
    return painted


def mark(operands):
    """Return what marked content is: its number, "artifact", the kind of running artifact, or None for neither."""
    properties = operands[1] if len(operands) > 1 and isinstance(operands[1], Dictionary) else {}
    if operands[0] == Name.Artifact:
        is_running = properties.get("/Type") == Name.Pagination
        return str(properties.get("/Subtype", "artifact")) if is_running else "artifact"
    return int(properties["/MCID"]) if "/MCID" in properties else None


def about_order(pdf, elements):
    """What is read stands in this order on paper (7.2): each line below, or beside and right of, all read on its page before; once."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    lines = {number: lines_of(page) for number, page in enumerate(pdf.pages, 1)}
    told = [
        (pages[element.Pg.objgen], int(kid))
        for element, path in elements
        for kid in kids(element)
        if isinstance(kid, int) and "Figure" not in path
    ]
    if len(set(told)) < len(told):
        yield "something is read twice"
    if [page for page, _ in told] != sorted(page for page, _ in told):
        yield "reading goes back to an earlier page"
    for page, on_page in groupby(told, key=itemgetter(0)):
        read = [lines[page][mcid] for _, mcid in on_page if mcid in lines[page]]
        for at, line in enumerate(read):
            if any(is_out_of_order(before, line) for before in read[:at]):
                yield f"page {page}: the text {line.left:.0f} px from the left and {line.base:.0f} px from the top is read too late"


@dataclass(frozen=True)
class Line:
    """Where one line of a text stands, in CSS pixels from the left and the top of its page."""

    left: float
    right: float
    base: float


SLACK = 3  # pixels: an index number stands higher, a letter may lean out


def is_out_of_order(before, line):
    """Whether this line of the same page is read too late, or ``before`` too early: below it, or in its row and further right."""
    if before.base > line.base + SLACK:
        return before.right > line.left + SLACK
    return abs(before.base - line.base) <= SLACK and before.left > line.left + SLACK


def lines_of(page):
    """Where each tagged text of the page stands, by its number; WeasyPrint writes each line for itself."""
    widths = {name: widths_of(font) for name, font in page.Resources.get("/Font", {}).items()}
    found, number, size, font, place = {}, None, 0.0, None, None
    for instruction in parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "BDC":
            number = mark(operands)
        elif operator == "Tm":
            place = float(operands[4]), float(operands[5])
        elif operator == "Tf":
            font, size = str(operands[0]), float(operands[1])
        elif operator == "TJ" and isinstance(number, int):
            width = width_of(operands[0], widths[font]) * size / 1000
            found[number] = Line(left=place[0], right=place[0] + width, base=place[1])
    return found


def width_of(shown, widths):
    """How wide the letters of a TJ are, in thousandths of their size."""
    width = 0.0
    for part in shown:
        if isinstance(part, String):
            glyphs = bytes(part)
            width += sum(widths.get(int.from_bytes(glyphs[at : at + 2]), 0) for at in range(0, len(glyphs), 2))
        else:
            width -= float(part)
    return width


def widths_of(font):
    """How wide each letter of a font is: /W is [first [width, width, ...] first [...] ...]."""
    listed = font.DescendantFonts[0].W
    pairs = zip(*[iter(listed)] * 2, strict=True)
    return {int(first) + at: float(width) for first, some in pairs for at, width in enumerate(some)}


def about_links(pdf):
    """Links belong to the structure and say in words where they lead (7.18.1, 7.18.5)."""
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.get("/Annots", []):
            if "/StructParent" not in annotation or not str(annotation.get("/Contents", "")):
                yield f"page {number}: link outside the structure or without words"


def about_fonts(pdf):
    """Fonts are embedded, can be copied as text and are ours (7.21)."""
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
    for font in fonts.values():
        descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"font {font.BaseFont} is not embedded"
        if "/ToUnicode" not in font:
            yield f"text in {font.BaseFont} cannot be copied"
        if not OUR_FONTS.fullmatch(str(font.BaseFont)):
            yield f"foreign font {font.BaseFont}"
