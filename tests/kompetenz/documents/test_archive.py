"""A ZIP that is put together while it is sent."""

import io
import tracemalloc
from datetime import datetime
from zipfile import ZipFile

from kompetenz.documents.archive import zip_stream

AT = datetime(2026, 11, 22, 14, 30, 8)  # noqa: DTZ001 - a ZIP knows no time zones


def test_every_file_is_in_it_with_its_name_time_and_content():
    files = [("Lernplan Özgür Łukaszewicz.pdf", AT, b"%PDF-1.7" * 9), ("leer.txt", AT, b"")]

    archive = ZipFile(io.BytesIO(b"".join(zip_stream(files))))

    assert archive.testzip() is None
    assert [(info.filename, info.date_time) for info in archive.infolist()] == [
        ("Lernplan Özgür Łukaszewicz.pdf", (2026, 11, 22, 14, 30, 8)),
        ("leer.txt", (2026, 11, 22, 14, 30, 8)),
    ]
    assert [archive.read(name) for name, *_ in files] == [b"%PDF-1.7" * 9, b""]
    assert archive.infolist()[0].flag_bits & 0x800  # the name is UTF-8, and says so


def test_without_files_it_is_an_empty_zip():
    assert ZipFile(io.BytesIO(b"".join(zip_stream([])))).namelist() == []


def test_it_never_holds_more_than_one_file():
    size = 1_000_000

    def many():
        for n in range(40):
            yield f"{n}.pdf", AT, bytes([n]) * size

    tracemalloc.start()
    for piece in zip_stream(many()):
        assert len(piece) < size
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * size
