"""Timelines the tests look at: a plan as it is agreed in a district, and others of any size."""

from datetime import date, timedelta
from decimal import Decimal

from learningplans.timeline import FORMS, Mark, Stretch, Timeline

FORM_NAMES = {
    "challenge": "Lernen aus Herausforderungen",
    "interaction": "Lernen aus Interaktion",
    "classic": "klassische Weiterbildung",
}
LONG_TITLE = (
    "Datenschutz-Folgenabschätzung für das Fachverfahren der Kraftfahrzeugzulassungsbehörde gemeinsam mit der "
    "behördlichen Datenschutzbeauftragten erstellen"
)


def stretch(number, begins, ends, form="challenge", state="planned", hours="8", title=None, goals=()):
    return Stretch(
        number,
        title or f"Maßnahme {number}",
        begins,
        ends,
        form,
        FORM_NAMES[form],
        state,
        None if hours is None else Decimal(hours),
        goals,
    )


def agreed_plan():
    """Four measures and three talks, one of them held."""
    return Timeline(
        (
            stretch(1, date(2027, 1, 11), date(2027, 4, 30), hours="40", title="Fachverfahren im eigenen Amt einführen", goals=(1,)),
            stretch(2, date(2027, 2, 1), date(2027, 11, 30), "interaction", hours="12.5", title="Mentoring durch die Stabsstelle Digitalisierung", goals=(1, 3)),
            stretch(3, date(2027, 3, 8), date(2027, 3, 10), "classic", "done", "24", title="Seminar Prozessmodellierung mit BPMN"),
            stretch(4, None, date(2027, 9, 15), "challenge", "planned", None, title=LONG_TITLE),
        ),
        (
            Mark(date(2027, 4, 15), "Review-Gespräch", is_final=False, is_held=True),
            Mark(date(2027, 8, 19), "Review-Gespräch", is_final=False, is_held=False),
            Mark(date(2027, 12, 9), "Abschlussgespräch", is_final=True, is_held=False),
        ),
        date(2027, 5, 20),
    )  # fmt: skip


def long_plan(count=12, days=1095):
    """So many measures over so many days, of every form and state, some with a very long title."""
    first = date(2026, 11, 3)
    stretches = []
    for n in range(count):
        begins = first + timedelta(days * n // (count + 2))
        ends = min(begins + timedelta(n * 37 % 200), first + timedelta(days - 1))
        stretches.append(
            stretch(
                n + 1,
                None if n % 5 == 4 else begins,
                ends,
                FORMS[n % 3],
                ("planned", "done", "planned", "dropped")[n % 4],
                None if n % 7 == 6 else str(n * 2.5),
                LONG_TITLE if n % 4 == 1 else f"Fallbesprechung mit dem Nachbarkreis, {n + 1}. Reihe",
            )
        )
    marks = tuple(
        Mark(first + timedelta(days * n // 6), "Review-Gespräch", is_final=False, is_held=n < 3) for n in range(1, 6)
    )
    final = Mark(first + timedelta(days - 1), "Abschlussgespräch", is_final=True, is_held=False)
    return Timeline(tuple(stretches), (*marks, final), first + timedelta(days // 2))


def one_day():
    """Everything on one day: three measures, four talks."""
    day = date(2027, 6, 30)
    marks = tuple(Mark(day, "Review-Gespräch", is_final=False, is_held=held) for held in (True, False, False))
    final = Mark(day, "Abschlussgespräch", is_final=True, is_held=True)
    return Timeline(
        tuple(stretch(n, day if n else None, day, FORMS[n]) for n in range(3)),
        (*marks, final),
        day,
    )


def empty():
    return Timeline((), (), date(2027, 1, 4))


LOOKED_AT = {
    "agreed": agreed_plan(),
    "empty": empty(),
    "one": Timeline((stretch(1, date(2027, 2, 1), date(2027, 2, 19)),), (), date(2027, 2, 9)),
    "three weeks": long_plan(4, 21),
    "three years": long_plan(12, 1095),
    "one day": one_day(),
    "only talks": Timeline((), agreed_plan().marks, date(2027, 5, 20)),
}
