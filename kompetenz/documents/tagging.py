"""What WeasyPrint 70 leaves out of the tags of a PDF/UA document.

* Running heads and feet must be pagination artifacts; WeasyPrint tags them, outside the structure tree.
* Cells name their headers by identifier, so the tree needs an index of identifiers; header cells
  also get the scope that most screen readers ask for.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Page,
    Pdf,
    parse_content_stream,
    unparse_content_stream,
)

POINTS_PER_PIXEL = Decimal("0.75")

Tagged = tuple[Object, tuple[str, ...]]  # a structure element, and the names of those around it
Content = tuple[tuple[int, int], int]  # a page, and the number (MCID) of something painted on it
Instruction = ContentStreamInstruction | ContentStreamInlineImage


def complete_tags(pdf_bytes: bytes) -> bytes:
    """Return the document with running heads and feet as artifacts and its header cells indexed."""
    with Pdf.open(BytesIO(pdf_bytes)) as pdf:
        root = pdf.Root.StructTreeRoot
        elements = list(walk(root, parents=()))
        mark_margins(pdf, root, marked_content(elements))
        index_header_cells(pdf, root, elements)
        completed = BytesIO()
        pdf.save(completed, deterministic_id=True)
    return completed.getvalue()


def walk(element: Object, parents: tuple[str, ...]) -> Iterator[Tagged]:
    """Yield every structure element below ``element`` with the names of the elements around it."""
    for kid in element.get("/K", ()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid, parents
            yield from walk(kid, (*parents, str(kid.S)))


def marked_content(elements: Iterable[Tagged]) -> set[Content]:
    """Return (page, MCID) of everything painted that belongs to the structure tree."""
    return {
        (element.Pg.objgen, int(kid))
        for element, _ in elements
        for kid in element.get("/K", ())
        if isinstance(kid, int)
    }


def mark_margins(pdf: Pdf, root: Object, tagged: set[Content]) -> None:
    """Rewrite marked content outside the structure tree as header or footer artifacts."""
    parents_of_page = dict(zip(*[iter(root.ParentTree.Nums)] * 2, strict=True))
    for number, page in enumerate(pdf.pages):
        instructions = list(parse_content_stream(page))
        for index, instruction in enumerate(instructions):
            mcid = mcid_of(instruction)
            if mcid is None or (page.obj.objgen, mcid) in tagged:
                continue
            kind = Name.Header if is_in_upper_half(instructions[index:], page) else Name.Footer
            artifact = Dictionary(Type=Name.Pagination, Subtype=kind)
            instructions[index] = ContentStreamInstruction([Name.Artifact, artifact], Operator("BDC"))
            parents_of_page[number][mcid] = None
        page.Contents = pdf.make_stream(unparse_content_stream(instructions))


def mcid_of(instruction: Instruction) -> int | None:
    """Return the number under which an instruction marks content for the structure tree, or None."""
    if str(instruction.operator) != "BDC" or not isinstance(instruction.operands[1], Dictionary):
        return None
    mcid = instruction.operands[1].get("/MCID")
    return None if mcid is None else int(mcid)


def is_in_upper_half(instructions: Sequence[Instruction], page: Page) -> bool:
    """Tell where the next text stands; text is placed in CSS pixels from the top of the page."""
    baseline = next(each.operands[5] for each in instructions if str(each.operator) == "Tm")
    return bool(baseline * POINTS_PER_PIXEL < page.mediabox[3] / 2)


def index_header_cells(pdf: Pdf, root: Object, elements: Iterable[Tagged]) -> None:
    """List header cells by identifier; say of each whether it heads a column (in the table's head) or a row."""
    named = []
    for element, parents in elements:
        if element.S == Name.TH:
            element.A.Scope = Name.Column if parents[-2] == "/THead" else Name.Row
        if "/ID" in element:
            named.append((element.ID, element))
    if named:
        named.sort(key=lambda pair: bytes(pair[0]))
        names = Array([entry for pair in named for entry in pair])
        root.IDTree = pdf.make_indirect(Dictionary(Names=names))
