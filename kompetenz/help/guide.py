"""A page of docs/ as the help shows it: as much of Markdown as these pages are written in. No Django in here.

Headings of two sizes, paragraphs, lists, tables, quotations; in them links, bold type and code. Everything else stands as it was typed.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ITEM = re.compile(r"(?:-|\d+\.) ")
INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\[(?P<text>[^]]+)\]\((?P<to>[^)\s]+)\)")


@dataclass(frozen=True)
class Passage:
    """One of a page: its ``kind`` (h2, h3, p, ul, ol, table, blockquote), its texts in HTML; what a table has besides."""

    kind: str
    texts: list[str] = field(default_factory=list)
    anchor: str = ""
    heads: list[str] = field(default_factory=list)
    numeric: list[bool] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """Each row of a table as (what its column is called, text, whether it is a number)."""
        return [list(zip(self.heads, row, self.numeric, strict=True)) for row in self.rows]


def blocks(page: str, leads: Mapping[str, str]) -> Iterator[Passage]:
    """What a page says below its title; ``leads`` is where its links to other pages lead in the app.

    KeyError for one that leads nowhere.
    """
    for part in re.split(r"\n\s*\n", page.strip()):
        lines = part.splitlines()
        if lines[0].startswith("# "):
            continue
        if lines[0].startswith("#"):
            marks, _, title = lines[0].partition(" ")
            yield Passage(f"h{len(marks)}", [said(title, leads)], anchor=anchor_of(title))
        elif lines[0].startswith("|"):
            yield table(lines, leads)
        elif lines[0].startswith("> "):
            yield Passage("blockquote", [said(line, leads) for line in quoted(lines)])
        elif ITEM.match(lines[0]):
            yield Passage("ul" if lines[0].startswith("-") else "ol", [said(item, leads) for item in items(lines)])
        else:
            yield Passage("p", [said(" ".join(lines), leads)])


def table(lines: list[str], leads: Mapping[str, str]) -> Passage:
    heads, marks, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return Passage(
        "table",
        heads=[html.escape(head) for head in heads],
        numeric=[mark.endswith(":") for mark in marks],
        rows=[[said(cell, leads) for cell in row] for row in rows],
    )


def items(lines: list[str]) -> list[str]:
    """Those of a list; what is indented below one belongs to it."""
    found: list[str] = []
    for line in lines:
        if ITEM.match(line):
            found.append(ITEM.sub("", line, count=1))
        else:
            found[-1] += f" {line.strip()}"
    return found


def quoted(lines: list[str]) -> list[str]:
    """The paragraphs of a quotation; one in bold type is a heading and stands alone."""
    heading, *rest = [line.removeprefix("> ") for line in lines]
    return [heading, " ".join(rest)] if heading.startswith("**") else [" ".join([heading, *rest])]


def said(text: str, leads: Mapping[str, str]) -> str:
    """One line with its links, bold type and code, as HTML."""
    parts, end = [], 0
    for match in INLINE.finditer(text):
        parts += [html.escape(text[end : match.start()]), marked(match, leads)]
        end = match.end()
    return "".join([*parts, html.escape(text[end:])])


def marked(match: re.Match[str], leads: Mapping[str, str]) -> str:
    if bold := match["bold"]:
        return f"<strong>{said(bold, leads)}</strong>"
    if code := match["code"]:
        return f"<code>{html.escape(code)}</code>"
    to = match["to"]
    return f'<a href="{html.escape(to if to.startswith("#") else leads[to])}">{said(match["text"], leads)}</a>'


def anchor_of(title: str) -> str:
    """The name of a heading in an address, as the pages themselves link to it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
