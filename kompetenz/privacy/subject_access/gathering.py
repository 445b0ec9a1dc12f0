"""Everything that is stored about one person and that they may read, from the same list of fields by which it is erased (rules.py)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Assessment, Round
from kompetenz import hooks
from kompetenz.catalogue.models import Level
from kompetenz.privacy.erasure.relations import about, relations_of_others, rows_of
from kompetenz.privacy.retention.wording import in_words
from kompetenz.privacy.rules import FROM_THE_OTHER_SIDE, RULES, TABLES

from .readable import NOT_YET, READABLE, hidden_fields, standings

LEVELS = {"level", "profile_level", "adjusted_from", "old_level", "new_level", "from_level", "to_level"}
LEVELS |= {"self_level", "manager_level", "agreed_level"}
ABOUT_OTHERS = (
    "Was Sie über andere geschrieben, unterschrieben oder gelesen haben, gehört zu deren Angaben; es sind {} Stellen."
)
DAYS_ALONE = (
    "Uhrzeiten",
    "Wo mehr als eine Person schreibt, steht der Tag ohne Uhrzeit: Die Uhrzeit sagt nur, wann jemand anderes gearbeitet hat.",
)


@dataclass(frozen=True)
class OneTable:
    """One table: its name, purpose and period, the rows as ``{word: value}``, and what is not handed out, with the reason."""

    name: str
    purpose: str
    stays: str
    rows: list
    withheld: dict
    note: str = ""

    @property
    def columns(self):
        """The words of which at least one row has a value, in order."""
        words = dict.fromkeys(word for row in self.rows for word in row)
        return [word for word in words if any(row.get(word) not in (None, "") for row in self.rows)]


@dataclass(frozen=True)
class Gathered:
    person: object
    on: date
    sections: list
    left_out: list
    notices: list  # (HTML, lines): purposes, recipients, sources and rights (Art. 15 (1) GDPR)

    @property
    def filled(self):
        return [section for section in self.sections if section.rows]

    @property
    def empty(self):
        return [section.name for section in self.sections if not section.rows]


def gather(person):
    """All of it; reads only. Some sixty queries, and two for each row that holds several people."""
    installed = [table for table in TABLES if table.model.split(".")[0] in apps.app_configs]
    tables = [*(table for table in installed if table.personal), *FROM_THE_OTHER_SIDE]
    names = dict(Level.objects.values_list("value", "name"))
    rounds = dict(Round.objects.values_list("pk", "title"))
    sections = [section_of(table, person, names, rounds) for table in tables if table.person]
    left_out = [(table.name, table.withheld_whole) for table in installed if table.withheld_whole]
    number = sum(rows_of(one, person).exclude(**about(one, person)).count() for one in relations_of_others())
    if number:
        left_out.append(("Unterlagen anderer", ABOUT_OTHERS.format(number)))
    left_out.append(DAYS_ALONE)
    return Gathered(person, timezone.localdate(), sections, left_out, hooks.ask("notices_to_employees"))


def section_of(table, person, names, rounds):
    model = apps.get_model(table.model)
    words = {name: word for name, word in {**table.personal, **table.signed}.items() if name not in table.withheld}
    rows = model._base_manager.filter(**{table.person: person.pk}).order_by("pk")  # noqa: SLF001
    if narrow := READABLE.get(table.model):
        rows = narrow(rows, person)
    related = [name for name in words if model._meta.get_field(name).is_relation]  # noqa: SLF001
    way = way_to_the_round(table.person)
    rows = list(rows.select_related(*related, *(["__".join([*way, "round"])] if way else [])))
    stand = standings(table.model, rows)
    found = [
        belongs_to(row, way)
        | said_by(row, words, table.model, person, names, rounds)
        | ({"Stand": stand[row.pk]} if row.pk in stand else {})
        for row in rows
    ]
    if table.signed:
        found = [{word: day_of(value) for word, value in row.items()} for row in found]
    withheld = {table.personal[name]: reason for name, reason in table.withheld.items()}
    return OneTable(
        table.name, table.purpose, in_words(RULES[table.rule]), found, withheld, NOT_YET.get(table.model, "")
    )


def way_to_the_round(path):
    """The steps from a row to its participation, none where it belongs to no round."""
    steps = path.split("__")
    return steps[: steps.index("participation") + 1] if "participation" in steps else []


def belongs_to(row, way):
    """Of which round a row is, and of which assessment: many have the same competencies."""
    said, found = {}, row
    for step in way:
        found = getattr(found, step)
        if isinstance(found, Assessment):
            said["Einschätzung"] = found.get_kind_display()
            if found.is_self and found.participation.self_is_entered:
                said["Einschätzung"] += ", vom Papier übertragen und noch nicht bestätigt"
    return {"Runde": found.round.title, **said} if way else {}


def said_by(row, words, model, person, names, rounds):
    """A row as ``{word: value}``; two fields of the same word are told apart by their place."""
    hidden, said = hidden_fields(model, row, person), {}
    for name, word in words.items():
        if name in hidden:
            continue
        value = plain(row, name, names, rounds)
        said[word if word not in said else f"{word} ({name})"] = value
    return said


def day_of(value):
    """Of a moment its day: in what others have signed it says when they were at work (measures.traces)."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def plain(row, name, names, rounds):
    """A value as JSON has it, in words where the database has a number for it."""
    field, value = row._meta.get_field(name), getattr(row, name)  # noqa: SLF001
    if value is None or isinstance(field, models.BinaryField):
        return None
    if field.is_relation or field.choices:
        return str(value if field.is_relation else getattr(row, f"get_{name}_display")())
    if name in LEVELS and value in names:
        return f"{value} ({names[value]})"
    return rounds.get(value, "") if name == "round_id" else value


# As JSON and for paper -----------------------------------------------------------------------------


def as_json(gathered):
    """A value that json.dumps takes, with days and moments as ISO 8601 has them."""
    return {
        "Auskunft über": str(gathered.person),
        "Stand": gathered.on.isoformat(),
        "Verantwortlich": settings.ORGANISATION,
        "Angaben": {
            section.name: {
                "wozu": section.purpose,
                "bleibt": section.stays,
                "Einträge": [{word: in_json(value) for word, value in row.items()} for row in section.rows],
                **({"nicht ausgehändigt": section.withheld} if section.withheld else {}),
                **({"Hinweis": section.note} if section.note else {}),
            }
            for section in gathered.sections
        },
        "nicht enthalten": dict(gathered.left_out),
        "Datenschutzhinweise": [line for _, lines in gathered.notices for line in lines],
    }


def in_json(value):
    if isinstance(value, date | time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def on_paper(value):
    """A value as Germans write it."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d.m.Y, H:i")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, list | dict):
        return "; ".join(flat(value))
    return "" if value is None else str(value)


def flat(value):
    """The texts within a JSON value, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for part in value for text in flat(part)]
    return [on_paper(value)] if value not in (None, "") else []
