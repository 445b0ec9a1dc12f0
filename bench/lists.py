"""Staff lists as the benches and tests take them in, without a page that asks what their columns are.

``python -m bench.lists`` reads each list of tests/kompetenz/people/staff/foreign_lists.py into an empty database and prints what becomes of
it beside what a clerk expects; ``python -m bench.lists FOLDER`` does so with the files in a folder, of which nobody expects anything.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


def read_table(content):
    """The list in a file as it is guessed to be read; raises Refused where there is none."""
    from kompetenz.people.staff.choosing import Choices, table_as
    from kompetenz.people.staff.mapping import guess
    from kompetenz.people.staff.raw_lists import read_raw

    raw = read_raw(content)
    return table_as(raw, Choices(raw.likeliest, raw.charset, guess(raw.sheets[raw.likeliest])))


@dataclass
class Outcome:
    """What becomes of a list: the rows read, those that have to be mended, whether somebody is asked first; or why it is refused."""

    rows: int = 0
    errors: int = 0
    is_asked: bool = False
    refused: str = ""
    seconds: float = 0
    preview: object = None

    @property
    def words(self):
        if self.refused:
            return f"refused: {self.refused}"
        return f"{self.rows} rows, {self.errors} to mend{', asked first' if self.is_asked else ''}"

    def told(self, carries, units):
        """``{number: (name, what the list carries of them)}`` of everybody who would be new."""
        return {
            one.number: (one.listed_as, *(self.field(one, field, units) for field in carries))
            for one in self.preview.new
        }

    def field(self, one, field, units):
        said = one.entry.said
        if field == "unit":
            name = self.preview.names.of("unit_number", said.get("unit_number"))
            return next((unit for unit in units if unit in name), name)
        if field == "until":
            return f"{said['leaving_date']:%d.%m.%Y}" if said.get("leaving_date") else ""
        return said.get({"mail": "email", "boss": "manager"}[field]) or ""


def outcome_of(content):
    from kompetenz.people.staff.choosing import first_choices, has_doubts, table_as
    from kompetenz.people.staff.comparing import compare
    from kompetenz.people.staff.raw_lists import read_raw
    from kompetenz.people.staff.withholding import NOTHING
    from kompetenz.refusals import Refused

    began = time.perf_counter()
    try:
        raw = read_raw(content)
        choices = first_choices(raw)
        asked = has_doubts(raw, choices)
        preview = compare(table_as(raw, choices), None, NOTHING)
    except Refused as reason:
        return Outcome(refused=str(reason), seconds=time.perf_counter() - began)
    wrong = {problem.row for problem in preview.problems}
    return Outcome(len(preview.table.rows), len(wrong), asked, "", time.perf_counter() - began, preview)


def difference(found, expected):
    """How what became of a list differs from what a clerk expects, in a few words; "" if it does not."""
    if expected.refused or found.refused:
        return "" if expected.refused and expected.refused in found.refused else found.words
    told = found.told(expected.carries, {one.unit for one in expected.people})
    is_so = told == expected.told()
    other = [f"{number}: {told.get(number)}" for number, one in expected.told().items() if told.get(number) != one]
    more = sorted(told.keys() - expected.told().keys())
    if is_so and found.errors == expected.errors:
        return ""
    return f"{found.words}; {'; '.join([*other[:1], *more[:1]])}"


def lines(folder=None):
    if folder:
        for path in sorted(Path(folder).iterdir()):
            found = outcome_of(path.read_bytes())
            yield f"| {path.name} | {found.words} | {found.seconds:.2f} |"
        return
    from tests.kompetenz.people.staff.clerks_lists import LISTS

    for name, (make, expected) in LISTS.items():
        content = make()
        found = outcome_of(content)
        right = "" if expected is None else difference(found, expected) or "as expected"
        yield f"| {name} | {found.words if right in {'', 'as expected'} else ''} | {right} | {found.seconds:.2f} |"


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{directory}/lists.sqlite3"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kompetenz.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("loaddata", "catalogue", "roles", verbosity=0)
        print(*lines(*sys.argv[1:2]), sep="\n")


if __name__ == "__main__":
    main()
