"""How a list is to be read: which sheet, in which encoding, its columns as what, with or without the rows that are not shown.

Guessed at first, remembered for the next list of the same shape, and asked where something is in doubt.
"""

from dataclasses import asdict, dataclass, field

from django.utils import timezone

from kompetenz.people.models import ListShape

from .between_rows import outlined_places
from .mapping import by_heading, fingerprint, guess, is_ignored, missing, said_twice
from .table import table_of

READ, LEFT_OUT = "read", "left_out"  # the rows that are not shown


@dataclass
class Choices:
    """``keys`` as in mapping.py; ``hidden`` is "" as long as nobody has said what becomes of the rows that are not shown."""

    sheet: int
    charset: str
    keys: list[str] = field(default_factory=list)
    hidden: str = ""
    is_remembered: bool = False

    def as_values(self):
        return asdict(self)


def first_choices(raw):
    """What was remembered of a list of this shape, else what is likeliest."""
    shapes = ListShape.objects.in_bulk([fingerprint(sheet.headings) for sheet in raw.sheets], field_name="fingerprint")
    known = [place for place, sheet in enumerate(raw.sheets) if is_known(sheet, shapes)]
    place = known[0] if len(known) == 1 else raw.likeliest
    return of_sheet(raw, place, shapes)


def is_known(sheet, shapes):
    shape = shapes.get(fingerprint(sheet.headings))
    return shape is not None and shape.sheet == sheet.name


def of_sheet(raw, place, shapes=None):
    """The choices for one sheet, its columns as remembered or guessed."""
    sheet = raw.sheets[place]
    print_ = fingerprint(sheet.headings)
    shape = shapes.get(print_) if shapes is not None else ListShape.objects.filter(fingerprint=print_).first()
    if shape is None:
        return Choices(place, raw.charset, guess(sheet))
    return Choices(place, raw.charset, shape.keys, is_remembered=shape.sheet == sheet.name or len(raw.sheets) == 1)


def has_doubts(raw, choices):
    """Whether somebody has to look before the list is read so."""
    sheet = raw.sheets[choices.sheet]
    asked = raw.in_doubt or (sheet.hidden and not choices.hidden) or missing(choices.keys) or said_twice(choices.keys)
    if asked or choices.is_remembered:
        return bool(asked)
    return (
        len(raw.sheets) > 1
        or bool(outlined_places(sheet, choices.keys))
        or any(is_unclear(sheet, place, key) for place, key in enumerate(choices.keys))
    )


def is_unclear(sheet, place, key):
    """Whether a column is read as something, or not at all, though its heading does not say so."""
    heading = sheet.headings[place]
    if key:
        return by_heading(heading) != key
    return not is_ignored(heading) and any(sheet.column(place, 1))


def table_as(raw, choices):
    """The list read so; raises Refused where that is none."""
    table = table_of(raw.sheets[choices.sheet], choices.keys, hidden_are_read=choices.hidden != LEFT_OUT)
    sheet = raw.sheets[choices.sheet]
    others = [
        other.name for other in raw.sheets if other is not sheet and not other.parts and other.name not in sheet.parts
    ]
    table.other_sheets = [*raw.other_sheets, *others]
    said, guessed = choices.keys, guess(sheet)
    table.manager_is_only_said = "manager" in said and guessed[said.index("manager")] != "manager"
    return table


def remember(raw, choices):
    """Keep the mapping for the next list with these headings."""
    sheet = raw.sheets[choices.sheet]
    said = {"headings": sheet.headings, "sheet": sheet.name, "keys": choices.keys, "said_at": timezone.now()}
    ListShape.objects.update_or_create(fingerprint=fingerprint(sheet.headings), defaults=said)
