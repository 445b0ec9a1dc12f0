"""A sheet of a staff list before anybody has said what its columns mean."""

from dataclasses import dataclass, field
from itertools import islice

from .cells import Cells, Merged


@dataclass
class RawSheet:
    """One sheet from its header row on. ``rows`` are (number as Excel shows it, cells by place); ``hidden`` those not shown."""

    name: str
    header_row: int
    headings: list[str]
    known: int  # how many of the headings mean something
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)  # by place
    hides_unseen: bool = False  # whether the file does not tell which rows and columns are hidden
    merged: list[Merged] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)  # rows of a text that have more fields than the header
    parts: list[str] = field(default_factory=list)  # names of the sheets of which it is made, if it is of several
    is_1904: bool = False

    def column(self, place: int, most: int | None = None) -> list[str]:
        """The texts of a column, those that are empty left out."""
        cells = (row[place] for _, row in self.rows if place < len(row))
        return [cell.text for cell in islice(filter(None, cells), most)]
