"""Many files as one ZIP that is never held as a whole: not in memory, not on a disk."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ONLY_ITS_OWNER = 0o600 << 16  # as Unix rights of an unpacked file
QUICKLY = 1  # a PDF is compressed already


class Outlet:
    """What ZipFile writes into; ``taken()`` gives what has come since and forgets it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here; ZipFile asks all the same."""

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def zip_stream(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """Yield the ZIP of ``files`` piece by piece; each is (name, time with zone or without, content)."""
    outlet = Outlet()
    with ZipFile(cast("IO[bytes]", outlet), "w") as archive:  # it asks for no more than write and flush
        for name, modified, content in files:
            entry = ZipInfo(name, modified.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = ONLY_ITS_OWNER
            archive.writestr(entry, content, compresslevel=QUICKLY)
            yield outlet.taken()
    yield outlet.taken()
