from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kompetenz.people.staff.answered_before import answer_again
from kompetenz.people.staff.choosing import LEFT_OUT, READ, first_choices, has_doubts, table_as
from kompetenz.people.staff.comparing import compare, part_without_problems
from kompetenz.people.staff.raw_lists import read_raw
from kompetenz.people.staff.reading import MAX_BYTES, TOO_LARGE
from kompetenz.people.staff.taking_over import Leavers, take_over
from kompetenz.people.staff.withholding import KINDS, NOTHING
from kompetenz.refusals import Faster, Refused


class Command(BaseCommand):
    """The same import as the page's, for an installation that does it by night.

    Columns are read as HR has confirmed it on the page for a list with the same headings.
    """

    help = "Zeigt, was eine Personalliste (Excel, Calc oder CSV) ändern würde, und übernimmt sie mit --apply."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="übernehmen, wenn die Liste ohne Fehler ist")
        parser.add_argument(
            "--only-good",
            action="store_true",
            help="mit --apply: Zeilen mit Fehlern auslassen und die anderen übernehmen",
        )
        parser.add_argument(
            "--allow",
            nargs="+",
            default=[],
            choices=list(KINDS),
            help="was die Liste auch leeren oder verschieben darf; sonst bleibt es, wie es ist",
        )
        parser.add_argument(
            "--leavers",
            type=date.fromisoformat,
            metavar="JJJJ-MM-TT",
            help="mit --apply: Wer in der Liste fehlt, ist ausgeschieden; dies ist der letzte Arbeitstag",
        )

        parser.add_argument(
            "--hidden", choices=[READ, LEFT_OUT], help="ausgeblendete Zeilen lesen (read) oder weglassen (left_out)"
        )

    def handle(self, *, file, apply, leavers, hidden, allow, only_good, **options):  # noqa: ARG002 - Django passes more
        table = table_in(file, hidden)
        answer_again(table, None)
        preview = compare(table, None, NOTHING)
        for line in lines_of(preview, allow):
            self.stdout.write(line)
        wrong = len(preview.problems)
        if wrong and not only_good:
            raise CommandError(f"{wrong} Fehler. Es ist nichts übernommen.")
        if not apply:
            self.stdout.write("Es ist nichts übernommen. Mit --apply wird die Liste übernommen.")
            return
        if wrong:
            table, preview = part_without_problems(table, None, preview)
            if table is None:
                raise CommandError("Keine Zeile ist ohne Fehler. Es ist nichts übernommen.")
        # Who is in a row with an error is not missing.
        gone = Leavers(leavers, all_missing=True) if leavers and not wrong else None
        try:
            taken = take_over(table=table, read=preview.stamp, leavers=gone, allowed=frozenset(allow), name=file.name)
        except Faster as problem:
            raise CommandError(
                "Die Daten haben sich gerade geändert. Es ist nichts übernommen; bitte wiederholen."
            ) from problem
        except Refused as reason:
            raise CommandError(f"{reason} Es ist nichts übernommen.") from reason
        self.stdout.write(f"Übernommen: {taken}.")


DOUBTS = (
    "Es ist nicht sicher, was in den Spalten dieser Liste steht. Bitte laden Sie sie einmal auf der Seite "
    "„Personalliste einlesen“ hoch und bestätigen Sie die Spalten; danach wird jede Liste mit diesen Überschriften so "
    "gelesen."
)
HIDDEN = "{} Zeilen sind ausgeblendet, weggefiltert oder durchgestrichen. Bitte geben Sie mit --hidden an, was mit ihnen geschieht."


def table_in(file, hidden):
    try:
        if file.stat().st_size > MAX_BYTES:
            raise CommandError(TOO_LARGE)
        raw = read_raw(file.read_bytes())
        choices = first_choices(raw)
        choices.hidden = hidden or ""
        rows = raw.sheets[choices.sheet].hidden
        if rows and not hidden:
            raise CommandError(HIDDEN.format(len(rows)))
        if has_doubts(raw, choices):
            raise CommandError(DOUBTS)
        return table_as(raw, choices)
    except OSError as problem:
        raise CommandError(f"{file} lässt sich nicht lesen: {problem.strerror}.") from problem
    except Refused as reason:
        raise CommandError(str(reason)) from reason


def lines_of(preview, allow):
    """The preview in words, group by group; what is not ``allow``ed is said to stay."""
    table = preview.table
    sheet = f"Blatt „{table.sheet}“, " if table.sheet else ""
    yield f"{sheet}Kopfzeile in Zeile {table.header_row}, {len(table.rows)} Zeilen"
    for title, headings in (
        ("Bekannt, aber nicht gespeichert", table.not_kept),
        ("Gehört nicht hierher, nicht gelesen", table.never_read),
        ("Unbekannt, nicht gelesen", table.unknown),
    ):
        if headings:
            yield f"{title}: {', '.join(headings)}"
    yield from (f"Hinweis: {hint}" for hint in preview.hints)
    yield from group("Fehler", [f"{one.address} {one.who}: {one.reason}" for one in preview.problems])
    yield from group("Einheiten", [f"{one.number} {one.name}{what(one.changes)}" for one in preview.units])
    yield from group("Neu", [f"{one.number} {one.listed_as}" for one in preview.new])
    changed = [
        f"{one.number} {one.listed_as}{what((c.what, c.before, c.after) for c in one.changes)}"
        for one in preview.changed
    ]
    yield from group("Geändert", changed)
    for kind, title in KINDS.items():
        ones = [one for one in preview.withheld if one.kind == kind]
        if ones:
            is_allowed = "wird übernommen" if kind in allow else f"bleibt, wie es ist; sonst --allow {kind}"
            yield f"{title}: {len(ones)} ({is_allowed})"
            yield from (f"  {one.entry.said['number']} {one.entry.listed_as}" for one in ones)
    yield f"Unverändert: {preview.unchanged}"
    yield from group("In der Liste fehlen", [f"{one.personnel_number} {one.listed_as}" for one in preview.missing])


def what(changes):
    said = "; ".join(f"{name} {before or '(leer)'} → {after or '(leer)'}" for name, before, after in changes)
    return f": {said}" if said else " (neu)"


def group(title, lines):
    yield f"{title}: {len(lines)}"
    yield from (f"  {line}" for line in lines)
