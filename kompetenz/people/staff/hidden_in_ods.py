"""Which rows and columns of a Calc workbook are not shown: calamine does not say, and nobody would know that they are read."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from .cells import MAX_COLUMNS, MAX_ROWS
from .sheet_cells import PartReader


def not_shown_in_calc(content: bytes) -> dict[str, tuple[list[int], list[int]]]:
    """By the names of the sheets the rows, by number, and the columns, by place, that are hidden or filtered away; its parts have been
    looked through by check_parts.
    """
    with ZipFile(BytesIO(content)) as archive, archive.open("content.xml") as stream:
        reader = NotShownInCalc()
        reader.read(stream)
    return reader.found


class NotShownInCalc(PartReader):
    """The rows and columns that are not shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[list[int], list[int]]] = {}
        self.rows, self.columns = list[int](), list[int]()
        self.row = self.column = 0

    def begins(self, name: str, attributes: Mapping[str, str], /) -> None:
        is_hidden = attributes.get("table:visibility", "visible") != "visible"
        if name == "table:table":
            self.row = self.column = 0
            self.rows, self.columns = self.found.setdefault(attributes.get("table:name", ""), ([], []))
        elif name == "table:table-column":
            many = int(attributes.get("table:number-columns-repeated", 1))
            if is_hidden:
                self.columns.extend(range(self.column, min(self.column + many, MAX_COLUMNS)))
            self.column += many
        elif name == "table:table-row":
            many = int(attributes.get("table:number-rows-repeated", 1))
            if is_hidden:
                self.rows.extend(range(self.row + 1, self.row + 1 + min(many, MAX_ROWS - min(self.row, MAX_ROWS))))
            self.row += many

    def ends(self, name: str) -> None:
        pass
