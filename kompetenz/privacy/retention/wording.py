"""Periods in German words, as this installation has set them."""

from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format

from kompetenz.people.attempts import KEPT, LOCK_KEPT
from kompetenz.privacy.rules import RULES

from .due import of_person

HOUR = timedelta(hours=1)
OF_EVERYBODY = ["left", "deputies", "letters", "jobs", "imports", "repairs", "access", "sessions"]


def number(count, one, many):
    return f"1 {one}" if count == 1 else f"{count} {many}"


def period_of(rule, *, dative=False):
    """How long the period of ``rule`` is, in words; "" where there is none."""
    if rule.period in settings.RETENTION_DAYS:
        return number(settings.RETENTION_DAYS[rule.period], "Tag", "Tagen" if dative else "Tage")
    if rule.period in settings.RETENTION_MONTHS:
        return number(settings.RETENTION_MONTHS[rule.period], "Monat", "Monaten" if dative else "Monate")
    return fixed_periods().get(rule.key, "")


def fixed_periods():
    """Those that no setting changes, as the code has them."""
    hours, days = KEPT // HOUR, LOCK_KEPT.days
    return {
        "attempts": f"Versuche {number(hours, 'Stunde', 'Stunden')}, Sperren {number(days, 'Tag', 'Tage')}",
        "sessions": number(settings.SESSION_COOKIE_AGE // HOUR.seconds, "Stunde", "Stunden"),
    }


def for_everybody():
    """(kind, until when) of what is kept of everybody beside their rounds."""
    rules = [RULES[key] for key in OF_EVERYBODY]
    return [(rule.name, in_words(rule)) for rule in rules]


def in_words(rule):
    period = period_of(rule)
    return f"{period} (Beginn: {rule.begins})" if period else f"bis {rule.begins}"


def with_ends(person, participations):
    """The ``participations`` of ``person``, each with ``stays``: until when what of it is kept, in words; three queries."""
    found, ends = list(participations), of_person(person)
    for row in found:
        row.stays = stays(row, ends.get(row.pk, {}))
    return found


def stays(participation, last_days):
    """In words until when what of this participation is kept; ``last_days`` by rule, none while its round runs."""
    if not last_days:
        return [f"bis die Runde beendet ist, danach höchstens {period_of(RULES['records'])}"]
    if "declined" in last_days:
        return [f"bis {until(last_days['declined'])}"]
    found = [f"alles bis {until(last_days['records'])}"]
    is_sooner = last_days["assessments"] < last_days["records"]
    if is_sooner and participation.assessments_erased_on is None:
        found = [
            f"Einschätzungen bis {until(last_days['assessments'])}",
            f"das Übrige bis {until(last_days['records'])}",
        ]
    return found


def until(day):
    return date_format(day)
