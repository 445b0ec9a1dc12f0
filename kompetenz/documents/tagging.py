"""What WeasyPrint 70 leaves out of the tags of a PDF/UA document, added before it is written.

* Running heads and feet must be pagination artifacts; WeasyPrint tags them, outside the structure tree.
* Cells name their headers by identifier, so the tree needs an index of identifiers; header cells
  also get the scope that most screen readers ask for.
* Where a row has several pairs of a name and a value, WeasyPrint gives each value the names of all.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from pydyf import PDF, Array, Dictionary

POINTS_PER_PIXEL = 0.75

Reference = bytes
Tagged = tuple[Dictionary, tuple[str, ...]]  # a structure element, and the names of those around it
Content = tuple[Reference, int]  # a page, and the number (MCID) of something painted on it


def complete_tags(document: object, pdf: PDF) -> None:
    """Make running heads and feet artifacts, and index the header cells; WeasyPrint calls it as its finisher."""
    root = object_at(pdf.catalog["StructTreeRoot"], pdf)
    elements = list(walk(root, pdf, parents=()))
    mark_margins(root, pdf, marked_content(elements))
    index_header_cells(root, elements)
    for element, _ in elements:
        if element["S"] == "/TR":
            name_own_header([object_at(cell, pdf) for cell in element["K"]])


def object_at(reference: Reference, pdf: PDF) -> Any:
    """The object that a reference (``b"12 0 R"``) means."""
    return pdf.objects[int(reference.split()[0])]


def walk(element: Dictionary, pdf: PDF, parents: tuple[str, ...]) -> Iterator[Tagged]:
    """Yield every structure element below ``element`` with the names of the elements around it."""
    for reference in element["K"]:
        kid = {} if isinstance(reference, int) else object_at(reference, pdf)
        if "S" in kid:
            yield kid, parents
            yield from walk(kid, pdf, (*parents, kid["S"]))


def marked_content(elements: Iterable[Tagged]) -> set[Content]:
    """Return (page, MCID) of everything painted that belongs to the structure tree."""
    return {(element["Pg"], kid) for element, _ in elements for kid in element["K"] if isinstance(kid, int)}


def mark_margins(root: Dictionary, pdf: PDF, tagged: set[Content]) -> None:
    """Rewrite marked content outside the structure tree as header or footer artifacts."""
    numbers = object_at(root["ParentTree"], pdf)["Nums"]
    parents_of_page = dict(zip(*[iter(numbers)] * 2, strict=True))
    for number, reference in enumerate(pdf.page_references):
        page = object_at(reference, pdf)
        operators = object_at(page["Contents"], pdf).stream
        for index, operator in enumerate(operators):
            if operator != b"BDC" or (reference, operators[index - 1]["MCID"]) in tagged:
                continue
            parents_of_page[number][operators[index - 1]["MCID"]] = "null"
            kind = "/Header" if is_in_upper_half(operators[index:], page["MediaBox"]) else "/Footer"
            operators[index - 2 : index] = "/Artifact", Dictionary({"Type": "/Pagination", "Subtype": kind})


def is_in_upper_half(operators: Sequence[Any], media_box: Sequence[float]) -> bool:
    """Tell where the next text stands; text is placed in CSS pixels from the top of the page."""
    matrix = next(each for each in operators if isinstance(each, bytes) and each.endswith(b" Tm"))
    return float(matrix.split()[5]) * POINTS_PER_PIXEL < media_box[3] / 2


def name_own_header(cells: Sequence[Dictionary]) -> None:
    """Of several headers of its row a cell keeps the one before it."""
    headers = {cell["ID"].data for cell in cells if cell["S"] == "/TH" and cell["A"]["Scope"] == "/Row"}
    if len(headers) < 2:  # noqa: PLR2004 - one is a row's only header
        return
    own = None
    for cell in cells:
        if cell["S"] == "/TH":
            own = cell["ID"].data
        else:
            kept = [name for name in cell["A"]["Headers"] if name.data == own or name.data not in headers]
            cell["A"]["Headers"] = Array(kept)


def index_header_cells(root: Dictionary, elements: Iterable[Tagged]) -> None:
    """List header cells by identifier; say of each whether it heads a column (in the table's head) or a row."""
    named = []
    for element, parents in elements:
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if parents[-2] == "/THead" else "/Row"
        if "ID" in element:
            named.append((element["ID"].data, element.reference))
    if named:
        root["IDTree"] = Dictionary({"Names": Array(chain.from_iterable(sorted(named)))})
