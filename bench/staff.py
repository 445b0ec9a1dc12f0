"""How long a staff list of 5,000 people takes: reading the file, the preview, taking it over.

    .venv/bin/python -m bench.staff [DATABASE_URL]

Uses an empty database of its own (SQLite in a directory that vanishes) unless an address is given, and fills it. Exits
with 1 if reading and preview together take 10 s or more.
"""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

PEOPLE = 5_000
PROMISED = 10.0  # seconds for reading and preview


def set_up(directory):
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kompetenz.settings",
        "SECRET_KEY": "only-for-this-measurement",
        "READ_DOT_ENV": "0",
        "EMAIL_URL": "memorymail://",
        "DATABASE_URL": sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{directory}/staff.sqlite3",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("loaddata", "catalogue", "roles", verbosity=0)


def workbook(surname):
    """All columns filled, 200 units below 20, a manager for every 12 people."""
    from openpyxl import Workbook

    from kompetenz.people.staff.columns import columns

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Personal")
    keys = [column.key for column in columns()]
    sheet.append([column.title for column in columns()])
    for n in range(PEOPLE):
        unit = n % 200
        row = {
            "number": f"{n:06}",
            "last_name": f"{surname}-Şahin{n}",
            "first_name": "Ärmelinde",
            "email": f"{surname}.{n}@musterland.example".lower(),
            "unit_number": f"{unit}" if unit < 20 else f"{unit % 20}.{unit}",
            "unit_name": f"Organisationseinheit {unit}",
            "unit_parent": "" if unit < 20 else f"{unit % 20}",
            "manager": "" if n == 0 else f"{n // 12:06}",
            "leaving_date": "",
            "role": "Digitallotse" if n % 2 else "",
        }
        sheet.append([row[key] or None for key in keys])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def timed(work, **arguments):
    began = time.perf_counter()
    result = work(**arguments)
    return result, time.perf_counter() - began


def measure(surname):
    """Seconds for reading, preview and taking over of one list."""
    from kompetenz.people.staff.comparing import compare
    from kompetenz.people.staff.table import read_table
    from kompetenz.people.staff.taking_over import take_over

    table, reading = timed(read_table, content=workbook(surname))
    preview, comparing = timed(compare, table=table)
    taken, writing = timed(take_over, table=table, fingerprint=preview.fingerprint)
    print(f"reading {reading:.2f} s, preview {comparing:.2f} s, taking over {writing:.2f} s ({taken})")
    return reading + comparing


def main():
    with tempfile.TemporaryDirectory() as directory:
        set_up(Path(directory))
        slowest = max(measure(surname) for surname in ("Erst", "Anders", "Anders"))
    print(f"{PEOPLE:,} people, peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    if slowest >= PROMISED:
        sys.exit(f"Reading and preview took {slowest:.1f} s, promised are {PROMISED:.0f} s.")


if __name__ == "__main__":
    main()
