"""A Lernpfad in German: periods, hours, and the whole as the text of its picture."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kompetenz import amounts

from .load import Share, are_nearest
from .model import FORMS, STATES, Mark, Stretch, Timeline


def day_text(day: date) -> str:
    """A day as the tables write it."""
    return f"{day:%d.%m.}{day.year}"


def period(stretch: Stretch) -> str:
    """From when to when, or until when."""
    until = f"bis {day_text(stretch.ends)}"
    return until if stretch.begins is None else f"{day_text(stretch.begins)} {until}"


def hours_text(hours: Decimal | None) -> str:
    """Hours as one reads them, e.g. ``1.234,5 Stunden``."""
    if hours is None:
        return "Stunden nicht angegeben"
    figure = amounts.hours(hours)
    return f"{figure} {'Stunde' if figure == '1' else 'Stunden'}"


def served_goals(stretch: Stretch) -> str:
    """The goals by their numbers, e.g. ``Ziel 1, 3``."""
    return f"Ziel {', '.join(map(str, stretch.goals))}" if stretch.goals else ""


def share_texts(shares: Sequence[Share]) -> list[str]:
    """What each Lernform has of the measures and of their hours; with percents where these are the nearest ones."""
    by_count, by_hours = are_nearest([one.count for one in shares]), are_nearest([one.hours for one in shares])
    total = sum(one.count for one in shares)
    return [share_text(one, total, by_count=by_count, by_hours=by_hours) for one in shares]


def share_text(share: Share, total: int, *, by_count: bool = True, by_hours: bool = True) -> str:
    """What one Lernform has of ``total`` measures and of their hours, with their percents if asked for."""
    if not share.count:
        return f"{share.form_name}: keine Maßnahme"
    measures = "Maßnahme" if total == 1 else "Maßnahmen"
    of_count = f" ({share.percent_of_count}\N{NO-BREAK SPACE}%)" if by_count else ""
    of_hours = f" ({share.percent_of_hours}\N{NO-BREAK SPACE}%)" if by_hours else ""
    told = [f"{share.count} von {total} {measures}{of_count}"]
    if share.count > share.without_hours:
        told.append(f"{hours_text(share.hours)}{of_hours}")
    if share.without_hours:
        told.append(f"{share.without_hours} ohne Angabe zu Stunden")
    return f"{share.form_name}: {', '.join(told)}"


def mark_text(mark: Mark) -> str:
    """A talk with its day, and whether it was held."""
    return f"{mark.title} am {day_text(mark.day)}{' (geführt)' if mark.is_held else ''}"


def summary(timeline: Timeline) -> str:
    """The picture in words: how many measures of which kind and state, and every talk."""
    told = [f"Lernpfad: {_measures(timeline)}."]
    if timeline.stretches:
        names = {stretch.form: stretch.form_name for stretch in timeline.stretches}
        told.append(f"{_counted([one.form for one in timeline.stretches], FORMS, names)}.")
        told.append(f"Davon {_counted([one.state for one in timeline.stretches], STATES, STATES)}.")
    if timeline.marks:
        told.append(f"{', '.join(mark_text(mark) for mark in timeline.dates)}.")
    return " ".join([*told, "Die Werte stehen in der Tabelle."])


def _measures(timeline: Timeline) -> str:
    count = len(timeline.stretches)
    if not count:
        return "noch keine Maßnahmen"
    first, last = min(one.first_day for one in timeline.stretches), max(one.ends for one in timeline.stretches)
    when = f"bis {day_text(last)}" if first == last else f"{day_text(first)} bis {day_text(last)}"
    return f"{count} {'Maßnahme' if count == 1 else 'Maßnahmen'}, {when}"


def _counted(found: Iterable[str], keys: Iterable[str], names: Mapping[str, str]) -> str:
    counts = Counter(found)
    return ", ".join(f"{names[key]} {counts[key]}" for key in keys if counts[key])
