"""Which rows of a Calc workbook are not shown: calamine does not say, and nobody would know that they are read."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from .cells import MAX_ROWS
from .sheet_cells import PartReader


def hidden_rows(content: bytes) -> dict[str, list[int]]:
    """By the names of the sheets the rows that are hidden or filtered away; its parts have been looked through by check_parts."""
    with ZipFile(BytesIO(content)) as archive, archive.open("content.xml") as stream:
        reader = RowsOfCalc()
        reader.read(stream)
    return reader.hidden


class RowsOfCalc(PartReader):
    """The numbers of rows that are not shown."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, list[int]] = {}
        self.rows: list[int] = []
        self.row = 0

    def begins(self, name: str, attributes: Mapping[str, str], /) -> None:
        if name == "table:table":
            self.row, self.rows = 0, self.hidden.setdefault(attributes.get("table:name", ""), [])
        elif name == "table:table-row":
            many = int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility", "visible") != "visible":
                self.rows.extend(range(self.row + 1, self.row + 1 + min(many, MAX_ROWS - min(self.row, MAX_ROWS))))
            self.row += many

    def ends(self, name: str) -> None:
        pass
