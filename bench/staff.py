"""How long a staff list of 5,000 people takes: reading the file, the preview, taking it over.

Started as ``python -m bench.staff DATABASE_URL`` it fills that empty database and prints what it measured as JSON.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import stage

PEOPLE = 5_000
PROMISE = 10  # seconds for reading and preview
LISTS = {"new": "Erst", "changed": "Anders", "unchanged": "Anders"}  # what a list is to the database, and all surnames


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


def take_in(surname):
    """Seconds for reading, preview and taking over of one list."""
    from bench.lists import read_table
    from kompetenz.people.staff.comparing import compare
    from kompetenz.people.staff.taking_over import take_over

    table, reading = timed(read_table, content=workbook(surname))
    preview, comparing = timed(compare, table=table)
    _, writing = timed(take_over, table=table, read=preview.stamp)
    return {"reading": reading, "preview": comparing, "taking over": writing}


def inside():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("loaddata", "catalogue", "roles", verbosity=0)
    lists = {kind: take_in(surname) for kind, surname in LISTS.items()}
    return {"lists": lists, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure():
    """What a process of its own has measured: seconds by step for each list, and its peak memory in MiB."""
    with tempfile.TemporaryDirectory() as directory:
        env = stage.environment(Path(directory) / "staff.sqlite3", directory)
        command = [sys.executable, "-m", "bench.staff"]
        return json.loads(subprocess.run(command, cwd=stage.ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout)


def report(measured):
    """What to print, and every broken promise."""
    lists = measured["lists"]
    slowest = max(steps["reading"] + steps["preview"] for steps in lists.values())
    lines = [
        f"| {kind} | {steps['reading']:.1f} | {steps['preview']:.1f} | {steps['taking over']:.1f} |"
        for kind, steps in lists.items()
    ]
    text = (
        f"## A staff list of {PEOPLE:,} people from XLSX\n\n"
        f"| All people are | reading s | preview s | taking over s |\n| --- | ---: | ---: | ---: |\n"
        + "\n".join(lines)
        + f"\n\nReading and preview are to take less than {PROMISE} s together. "
        f"Most memory: {measured['memory']:.0f} MiB. Load {os.getloadavg()[0]:.1f} at the end.\n"
    )
    return text, [f"{slowest:.1f} s until the preview, promised {PROMISE} s"] if slowest >= PROMISE else []


if __name__ == "__main__":
    print(json.dumps(inside()))
