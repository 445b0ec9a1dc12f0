"""A paper as a text to edit (DOCX): headings, paragraphs, lists and tables, and nothing else."""

from io import BytesIO
from typing import Any

from lxml import html

LISTS = {"ul": "List Bullet", "ol": "List Number"}


def as_text_file(title: str, body: str) -> bytes:
    """The DOCX of plain HTML, in Word's own styles, so that the clerk's template can dress it."""
    from docx import Document  # only who asks for one needs its 5 MB

    document = Document()
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.language = "de-DE"
    document.add_heading(title, level=0)
    for block in html.fragments_fromstring(body, no_leading_text=False):
        if not isinstance(block, str):
            add(document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def add(document: Any, block: Any) -> None:
    """One element of the text; a container gives its parts."""
    if block.tag in {"h2", "h3"}:
        document.add_heading(words(block), level=int(block.tag[1]) - 1)
    elif block.tag in LISTS:
        for item in block:
            document.add_paragraph(words(item), style=LISTS[block.tag])
    elif block.tag == "table":
        add_table(document, block)
    elif block.tag == "p":
        document.add_paragraph(words(block))
    else:
        for part in block:
            add(document, part)


def add_table(document: Any, block: Any) -> None:
    rows = block.findall(".//tr")
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    table.style = "Table Grid"
    for row in rows:
        for cell, content in zip(table.add_row().cells, row, strict=False):
            cell.text = words(content)
            if content.tag == "th":
                for run in cell.paragraphs[0].runs:
                    run.bold = True


def words(element: Any) -> str:
    """Its text in one line for each paragraph in it."""
    paragraphs = element.findall(".//p") if element.tag != "p" else []
    return "\n".join(" ".join(one.text_content().replace("\xad", "").split()) for one in paragraphs or [element])


def lines(body: str) -> list[str]:
    """The same text as plain lines, to be compared with an earlier version."""
    found = []
    for block in html.fragment_fromstring(body, create_parent="div").iter("h2", "h3", "p", "li", "tr"):
        if block.tag == "tr":
            found.append(" | ".join(words(cell).replace("\n", " ") for cell in block))
        elif block.tag != "p" or not any(parent.tag in {"td", "th", "li"} for parent in block.iterancestors()):
            found.append(words(block))
    return [line for line in found if line]
